"""What is odd in samples, as numbers that the plan alone tells, without a picture: the larger, the odder.

- ``floating``: by how much of the frame's height the feet are over the ground. On the ground an object of real height
  h that is p pixels tall stands at the row y_h + p·H/h (y_h the horizon's row, H the camera's height; see
  `core.placement.perspective`). Feet above that row, or above the row in which the ground ends at a wall, hang in the
  air.
- ``cut``: how much of the left, the right and the upper side of the object's box lies on the frame's edge, 0..1: there
  an object looks cut off. At the lower edge things may well stand.
- ``tiny``: 1 less the part of the frame that the object's box covers.
- ``merged``: how much of the object's height has behind it a depth within 5 % of its own, 0..1, so that it cannot be
  told from it; only by the camera's depth, as what a network says of a background is not known to the plan.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.camera import NEAR, GroundView, focal_length
from fgbg_studio.core.interfaces.depth import wall_of
from fgbg_studio.core.plan.plan import Plan, SampleTable

_ROWS = 16  # of an object that are looked at


def floating(plan: Plan, table: SampleTable) -> Floats:
    """(n,), see the module."""
    one, frame = table.objects[0], plan.recipe.settings.size
    horizon, camera, wall = plan.cameras
    b = table.background
    stands = horizon[b] + one.height * camera[b] / plan.real_heights[one.foreground]
    foot = one.y + one.height
    # Rows are whole numbers: half a row up or down is no air under the feet.
    air: Floats = np.maximum(np.maximum(stands, wall[b]) - foot - 1, 0) / frame
    return air


def cut(plan: Plan, table: SampleTable) -> Floats:
    """(n,), see the module."""
    one, frame = table.objects[0], plan.recipe.settings.size
    left, right, top = one.x <= 0, one.x + one.width >= frame, one.y <= 0
    touching = (left.astype(np.int64) + right) * one.height + top * one.width
    share: Floats = touching / (2 * one.height + one.width)
    return share


def tiny(plan: Plan, table: SampleTable) -> Floats:
    """(n,), see the module."""
    one = table.objects[0]
    return np.asarray(1 - one.width * one.height / plan.recipe.settings.size**2, np.float64)


def merged(plan: Plan, table: SampleTable) -> Floats:
    """(n,), see the module; 0 where depth is not the camera's."""
    if not plan.recipe.settings.depth.way.uses_camera:
        return np.zeros(len(table))
    one, own = table.objects[0], depths(plan, table)
    steps = (np.arange(_ROWS) + 0.5) / _ROWS
    rows = one.y[:, None] + one.height[:, None] * steps
    under = _ground(plan, table.background, rows)
    share: Floats = (np.abs(under - own[:, None]) <= NEAR * under).mean(axis=1)
    return share


def depths(plan: Plan, table: SampleTable) -> Floats:
    """(n,) how far away the objects are by the camera of their backgrounds, in metres."""
    settings = plan.recipe.settings
    focal, place = focal_length(settings.size, settings.camera.field_of_view), settings.placement
    horizon, camera, _ = plan.cameras
    walls = _walls(plan)
    views = [
        GroundView(settings.size, focal, *each, settings.foreground.real_height)
        for each in zip(horizon.tolist(), camera.tolist(), walls.tolist(), strict=True)
    ]
    one, heights = table.objects[0], plan.real_heights.tolist()
    columns: tuple[Ints, ...] = (table.background, one.y + one.height, one.height, one.layer, one.foreground)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return np.array([place.depth(views[b], foot, high, layer, heights[f]) for b, foot, high, layer, f in rows])


def _walls(plan: Plan) -> Floats:
    recipe = plan.recipe
    return np.array([wall_of(source, recipe.settings.camera) for source in recipe.backgrounds])


def _ground(plan: Plan, backgrounds: Ints, rows: Floats) -> Floats:
    """(n, m) depths of what is seen in ``rows`` (n, m) of (n,) backgrounds; see `GroundView.depth`."""
    settings = plan.recipe.settings
    focal = focal_length(settings.size, settings.camera.field_of_view)
    horizon, camera, _ = (column[backgrounds][:, None] for column in plan.cameras)
    ground = focal * camera / np.maximum(rows - horizon, 1e-6)
    return np.minimum(ground, _walls(plan)[backgrounds][:, None])


ODDITIES: dict[str, Callable[[Plan, SampleTable], Floats]] = {
    "floating": floating, "cut": cut, "tiny": tiny, "merged": merged,
}  # fmt: skip
"""Name → what makes (n,) numbers of n samples."""
