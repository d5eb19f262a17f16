"""The square of a background that becomes the frame, and the horizon in it."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.strategy import closest, describe_validation
from fgbg_studio.core.project.appearance import LIGHT
from fgbg_studio.core.project.model import Background
from fgbg_studio.core.project.settings import Settings

Square = tuple[int, int, int]


def square_crop(width: int, height: int, box: Square | None = None) -> Square:
    """The square of a picture that becomes a background.

    Args:
        width: of the picture in pixels, at least 1.
        height: likewise.
        box: a stored square (x, y, side); None takes the largest one from the centre.

    Returns:
        (x, y, side) in pixels, wholly inside the picture: a stored square is made smaller where it must be,
        then moved.
    """
    most = min(width, height)
    if box is None:
        return (width - most) // 2, (height - most) // 2, most
    side = min(max(box[2], 1), most)
    return min(max(box[0], 0), width - side), min(max(box[1], 0), height - side), side


Frame = tuple[int, int, int, int]
OWN = ("horizon", "camera_height", "wall", "crop", *LIGHT, "status")
"""What a person sets of a background's own camera and light; None is as the settings say. ``status`` is never None."""
HIGHEST, LOWEST = -1.0, 2.0
"""How far above and below the square a horizon may lie, as fractions of its height."""


def frame_of(background: Background, settings: Settings) -> Frame:
    """(x, y, width, height) in pixels of what becomes the frame: the square, or all of a picture that is stretched."""
    if settings.background.fit == "stretch":
        return 0, 0, background.width, background.height
    x, y, side = square_crop(background.width, background.height, background.crop)
    return x, y, side, side


def horizon_of(background: Background, settings: Settings) -> float:
    """The horizon as a fraction of the frame's height: its own, else that of the settings' camera."""
    return settings.camera.horizon if background.horizon is None else background.horizon


def with_crop(background: Background, square: Square) -> Background:
    """The background with another square; a horizon that was set stays where it is in the picture."""
    _, old_y, old_side = square_crop(background.width, background.height, background.crop)
    x, y, side = square_crop(background.width, background.height, square)
    horizon = background.horizon
    if horizon is not None:
        horizon = clamped((old_y + horizon * old_side - y) / side)
    return background.model_copy(update={"crop": (x, y, side), "horizon": horizon})


def with_values(background: Background, values: Mapping[str, object]) -> Background:
    """The background with other values of `OWN`; a horizon is of the square that is given with it.

    Raises:
        UsageError: an unknown name, or a value that does not fit.
    """
    for name in values:
        if name not in OWN:
            raise UsageError(f"a background has no {name!r} to be set", closest(name, list(OWN)))
    try:
        checked = Background.model_validate({**dict(background), **values})
    except ValidationError as error:
        raise UsageError(describe_validation(error), "Give that key another value") from error
    if "crop" in values and checked.crop:
        background, values = with_crop(background, checked.crop), {**values}
        del values["crop"]
    return background.model_copy(update={name: getattr(checked, name) for name in values})


def clamped(horizon: float) -> float:
    """A horizon as far from the frame as a project may hold it."""
    return min(max(horizon, HIGHEST), LOWEST)
