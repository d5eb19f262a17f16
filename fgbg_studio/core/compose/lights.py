"""The light of a background, and where in the frame the shadow of what stands there ends.

What is seen v rows above the feet of an upright thing has its shadow q = 1 + v·L·cos α/f times as far away as the feet,
for light from the direction α, L the cotangent of its height and the focal length f: on the ground at 1/q of their rows
below the horizon. Its column is v·L·sin α beside it, and then 1/q as far from the middle of the frame.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.camera import GroundView
from fgbg_studio.core.plan.own_draws import OwnDraws
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.project.appearance import LIGHT

_FLATTEST, _STEEPEST = 0.12, 0.7  # d/f: of what stands at the horizon, or above the camera
_LONGEST = 1.8  # times the object's height
_LOWEST, _HIGHEST = 10.0, 80.0  # degrees, as settings have them
_NEAREST, _FARTHEST = 4.0, 20.0  # times as near, or as far away, as the feet: where a shadow's end is looked for


class Light(NamedTuple):
    """Of one background: its direction and height in radians, how soft its shadows are, 0..1."""

    direction: float
    height: float
    softness: float

    @property
    def length(self) -> float:
        """Of shadows, times the height of what casts them."""
        return min(1 / math.tan(self.height), _LONGEST)


def light_of(recipe: Recipe, background: int, draws: OwnDraws) -> Light:
    """The light of a background: what was set for it, the rest as it is drawn."""
    look, source = recipe.settings.appearance, recipe.backgrounds[background]
    found = []
    for name, draw in zip(LIGHT, draws.of_background(background, len(LIGHT)), strict=True):
        low, high = getattr(look, name)
        own = getattr(source, name)
        found.append(low + draw * (high - low) if own is None else own)
    direction, height, softness = found
    return Light(math.radians(direction), math.radians(height), softness)


def as_set(light: Light) -> dict[str, float]:
    """By the names of `LIGHT`, in whole degrees and hundredths, as a person sets them."""
    direction, height, softness = light
    values = float(round(math.degrees(direction))), float(round(math.degrees(height))), round(softness, 2)
    return dict(zip(LIGHT, values, strict=True))


class Footing(NamedTuple):
    """Where an upright thing stands, as its camera sees it.

    Attributes:
        row: under its feet, in the frame.
        below: how many rows below the horizon that is.
        focal: length in pixels.
        middle: column of the camera's axis.
    """

    row: int
    below: float
    focal: float
    middle: float

    @classmethod
    def of(cls, row: int, view: GroundView) -> Footing:
        """Of what stands on the ground that is seen in this row; as on some ground where there is none."""
        flat = min(max((row - view.horizon) / view.focal, _FLATTEST), _STEEPEST)
        return cls(row, flat * view.focal, view.focal, view.frame / 2)

    @property
    def horizon(self) -> float:
        """Row of the horizon of that ground."""
        return self.row - self.below


def shadow_end(light: Light, view: GroundView, box: Box) -> tuple[float, float]:
    """(x, y) in the frame of the end of the shadow of what fills ``box``, of the middle of its upper edge."""
    left, top, width, height = box
    footing = Footing.of(top + height, view)
    ratio = max(1 + math.cos(light.direction) * light.length * height / footing.focal, 1 / _NEAREST)
    column = left + width / 2 - math.sin(light.direction) * light.length * height
    return footing.middle + (column - footing.middle) / ratio, footing.horizon + footing.below / ratio


def light_towards(view: GroundView, box: Box, x: float, y: float) -> tuple[float, float]:
    """Direction and height in degrees of the light by which the shadow of what fills ``box`` ends at (x, y).

    As near as light may be: it is as low as shadows are long, and no lower than they are shown.
    """
    left, top, width, height = box
    footing = Footing.of(top + height, view)
    ratio = footing.below / max(y - footing.horizon, footing.below / _FARTHEST)
    away = (ratio - 1) * footing.focal / height
    across = (footing.middle + (x - footing.middle) * ratio - left - width / 2) / height
    length = min(max(math.hypot(across, away), 1e-6), _LONGEST)
    high = math.degrees(math.atan(1 / length))
    return math.degrees(math.atan2(-across, away)), min(max(high, _LOWEST), _HIGHEST)
