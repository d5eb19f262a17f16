"""What is odd in samples, as numbers that the plan alone tells, without a picture: the larger, the odder.

- ``floating``: by how much of the frame's height the feet are over the ground. On the ground an object of a real height
  that is so many pixels tall stands at a row that follows from the camera (`core.base.camera`). Feet above that row, or
  above the row in which the ground ends at a wall, hang in the air.
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
from fgbg_studio.core.base.camera import NEAR, rows_below
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.table import SampleTable

_ROWS = 16  # of an object that are looked at


def floating(plan: Plan, table: SampleTable) -> Floats:
    """(n,), see the module."""
    one, frame = table.objects[0], plan.recipe.settings.size
    horizon, camera, wall, tilt = (column[table.background] for column in plan.cameras)
    tall = one.height.astype(np.float64)
    stands: Floats = horizon + rows_below(plan.real_heights[one.foreground] / camera, tall, tilt)
    foot = one.y + one.height
    # Rows are whole numbers: half a row up or down is no air under the feet, and what is under a row is not seen.
    air: Floats = np.maximum(stands, wall) - foot - 1
    return np.where(air >= 1, air, 0) / frame


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
    if not plan.recipe.settings.depth.way.by_camera:
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
    place, views = settings.placement, plan.views
    one, heights = table.objects[0], plan.real_heights.tolist()
    columns: tuple[Ints, ...] = (table.background, one.y + one.height, one.height, one.layer, one.foreground)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return np.array([place.depth(views[b], foot, high, layer, heights[f]) for b, foot, high, layer, f in rows])


def _ground(plan: Plan, backgrounds: Ints, rows: Floats) -> Floats:
    """(n, m) depths of what is seen in ``rows`` (n, m) of (n,) backgrounds; see `GroundView.depth`."""
    views = [(view.horizon, view.ground, view.wall) for view in plan.views]
    horizon, once, wall = (column[backgrounds][:, None] for column in np.array(views).T)
    ground: Floats = np.minimum(once / np.maximum(rows - horizon, 1e-6), wall)
    return ground


ODDITIES: dict[str, Callable[[Plan, SampleTable], Floats]] = {
    "floating": floating, "cut": cut, "tiny": tiny, "merged": merged,
}  # fmt: skip
"""Name → what makes (n,) numbers of n samples."""
