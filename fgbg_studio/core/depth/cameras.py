"""The camera of each background, as it is published with a dataset's depth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from fgbg_studio.core.base.camera import field_of_view
from fgbg_studio.core.interfaces.depth import view_of
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.plan.recipe import Recipe

_LEVEL = (
    "a level pinhole camera with square pixels: the ground at depth z is seen in the row cy + f × height / z; f, cx and"
    " cy are in pixels of the composites, from the frame's upper left corner, a pixel's centre being at a half"
)

_PITCHED = (
    "a camera with a pitch (degrees) looks down by it: its focal length is focal, its f is focal / cos pitch, so that"
    " the same holds of the ground's depth along its axis, which is seen focal × tan pitch under the row cy"
)


def cameras(recipe: Recipe) -> dict[str, Any]:
    """What ``dataset.json`` says under ``cameras``.

    ``said`` is a clause for a reader; ``backgrounds`` has for each its name, its source's file, f, cx, cy (the
    horizon's row), height (metres over the ground), field_of_view (degrees across) and wall (metres; null where
    there is none), and is empty where no camera belongs to the depth.
    """
    settings = recipe.settings
    way = settings.depth.way
    if not way.uses_camera:
        return {"said": _without(recipe), "backgrounds": []}
    size, said = settings.size, _LEVEL
    if settings.depth_size != size:
        factor = settings.depth_size / size
        said += f"; in a depth map of {settings.depth_size} px all three are {factor:g} times as large"
    each = []
    for number, source in enumerate(recipe.backgrounds):
        view = view_of(source, settings.camera, size, settings.foreground.real_height)
        across = settings.camera.field_of_view if source.lens is None else field_of_view(size, view.focal)
        one = {
            "background": stem(settings.layout.background(number)),
            "file": source.file,
            "f": round(view.ground / view.camera_height, 4),
            "cx": size / 2,
            "cy": round(view.horizon, 4),
            "height": view.camera_height,
            "field_of_view": across,
            "wall": view.wall if math.isfinite(view.wall) else None,
        }
        if view.axis is not None:
            one |= {"pitch": round(math.degrees(math.atan(view.slope)), 4), "focal": round(view.focal, 4)}
        each.append(one)
    if any("pitch" in one for one in each):
        said += f"; {_PITCHED}"
    return {"said": said, "backgrounds": each}


def cameras_text(published: dict[str, Any]) -> str:
    """The cameras of all backgrounds in a sentence or two."""
    each = published["backgrounds"]
    if not each:
        return f"Camera: {published['said']}."
    walls = [camera["wall"] for camera in each if camera["wall"] is not None]
    open_air = len(each) - len(walls)
    wall = f", a wall at {_range(walls)} m" if walls else ""
    sky = f", {open_air:,} of {len(each):,} backgrounds outdoors, without a wall" if open_air else ""
    values = {key: _range([camera[key] for camera in each]) for key in ("f", "cx", "cy", "height", "field_of_view")}
    return (
        f"Camera: f {values['f']} px, cx {values['cx']} px, cy {values['cy']} px (the horizon's row), height"
        f" {values['height']} m, field of view {values['field_of_view']}°{wall}{sky}; {published['said']}."
        " Each background's is in `dataset.json` under `cameras`."
    )


def _range(values: Sequence[float]) -> str:
    low, high = f"{min(values):.5g}", f"{max(values):.5g}"
    return low if low == high else f"{low} to {high}"


def _without(recipe: Recipe) -> str:
    settings = recipe.settings
    if not settings.depth.way.makes_depth:
        return "none, for there are no depth maps"
    said = "none: the network's depth comes from pictures whose focal length and tilt nobody knows"
    return f"{said}; the camera of the settings decided sizes only" if settings.placement.uses_camera else said
