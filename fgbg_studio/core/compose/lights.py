"""The light of a background, and where in the frame the shadow of what stands there ends.

What is seen v rows above the feet of an upright thing has its shadow at (−sin α · L·v) columns and (cos α · L·v · d/f)
rows from there, for light from the direction α, L the cotangent of its height, and ground that is seen d rows below the
horizon at the focal length f: there a metre away from the camera is d/f times as long as one across.
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


def flatness(foot: float, view: GroundView) -> float:
    """How many rows a length on the ground is seen as that has one column across, where feet are seen in this row."""
    return min(max((foot - view.horizon) / view.focal, _FLATTEST), _STEEPEST)


def shadow_end(light: Light, view: GroundView, box: Box) -> tuple[float, float]:
    """(x, y) in the frame of the end of the shadow of what fills ``box``, of the middle of its upper edge."""
    x, y, width, height = box
    foot = y + height
    return (
        x + width / 2 - math.sin(light.direction) * light.length * height,
        foot - math.cos(light.direction) * light.length * height * flatness(foot, view),
    )


def light_towards(view: GroundView, box: Box, x: float, y: float) -> tuple[float, float]:
    """Direction and height in degrees of the light by which the shadow of what fills ``box`` ends at (x, y).

    As near as light may be: it is as low as shadows are long, and no lower than they are shown.
    """
    left, top, width, height = box
    foot = top + height
    across = (x - left - width / 2) / height
    away = (foot - y) / (height * flatness(foot, view))
    length = max(math.hypot(across, away), 1e-6)
    high = math.degrees(math.atan(1 / min(length, _LONGEST)))
    return math.degrees(math.atan2(-across, away)), min(max(high, _LOWEST), _HIGHEST)
