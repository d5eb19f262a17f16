"""Shadows of foregrounds on the ground: a soft one where they stand, and one that the background's light casts.

The cast shadow is the silhouette laid flat as `core.compose.lights` says. It grows softer and fainter with its distance
from the feet. Where the ground ends at the camera's wall, so does the shadow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, clipped, part_of, union
from fgbg_studio.core.base.camera import GroundView
from fgbg_studio.core.base.sample import Patch, PlacedPatch
from fgbg_studio.core.compose.lights import Light, flatness, light_of
from fgbg_studio.core.interfaces.depth import view_of
from fgbg_studio.core.plan.own_draws import OwnDraws
from fgbg_studio.core.plan.recipe import Recipe

_GRID = 48  # rows of the silhouette that is laid flat: a shadow's edge is softer than that
_THIN = 0.07  # of its height: a shadow that runs along the rows is as thick as the object is deep
_SOFTEST = 0.09  # of its height: σ where it is farthest and light softest
_FAINTER = 0.55  # of its darkness is lost at its far end
_CONTACT = 0.06  # of the height: what of the object is on the ground
_FEET = 0.1  # of the height: how far above the lower edge of its box an object may end, and stand there
_SPREAD = 0.04  # of the height: σ of the shadow at the feet across


class Shadows:
    """Of one recipe's objects."""

    def __init__(self, recipe: Recipe, draws: OwnDraws) -> None:
        self._recipe, self._draws = recipe, draws
        self._lights: dict[int, tuple[Light, GroundView]] = {}

    def light(self, background: int) -> Light:
        """Of a background, the same for all its samples."""
        return self._seen(background)[0]

    def lay(self, image: Pixels, background: int, patches: Sequence[PlacedPatch], draws: Sequence[float]) -> Box:
        """Darken ``image`` where no patch's mask is white.

        Args:
            image: (S, S[, 3]) uint8; written to.
            background: its number.
            patches: what stands there.
            draws: two, uniform in [0, 1).

        Returns:
            The least box around all that may be darker.
        """
        look = self._recipe.settings.appearance
        contact, cast = (
            low + draw * (high - low)
            for (low, high), draw in zip((look.contact_shadow, look.cast_shadow), draws, strict=True)
        )
        light, view = self._seen(background)
        dark: Pixels = np.zeros(image.shape[:2], np.uint8)
        boxes = []
        for placed in patches:
            if not _feet_seen(placed.patch):
                continue
            stood = _Standing.of(placed, view)
            if cast:
                boxes.append(_put(dark, *_cast(stood, light, view), cast))
            if contact:
                boxes.append(_put(dark, *_contact(stood), contact))
        box = union(*boxes)
        if not box[2]:
            return box
        for placed in patches:
            place = dark[part_of(placed.box)]
            np.bitwise_and(place, ~placed.patch.mask, out=place)
        rest = 255 - dark[part_of(box)]
        place = image[part_of(box)]
        spread = rest if image.ndim == 2 else np.asarray(cv2.cvtColor(rest, cv2.COLOR_GRAY2RGB), np.uint8)
        cv2.multiply(place, spread, dst=place, scale=1 / 255)
        return box

    def _seen(self, background: int) -> tuple[Light, GroundView]:
        found = self._lights.get(background)
        if found is None:
            settings, light = self._recipe.settings, light_of(self._recipe, background, self._draws)
            source = self._recipe.backgrounds[background]
            view = view_of(source, settings.camera, settings.size, settings.foreground.real_height)
            found = self._lights[background] = light, view
        return found


def _feet_seen(patch: Patch) -> bool:
    """Whether something solid is where the object stands: things in front may hide it, and its shadow with it."""
    _, top, _, height = patch.tight
    return height > 0 and top + height > (1 - _FEET) * len(patch.mask)


class _Standing(NamedTuple):
    """The silhouette (h, w), 0 or 255, where it is in the frame, and how much flatter the ground is seen there."""

    mask: Pixels
    x: int
    y: int
    flat: float

    @classmethod
    def of(cls, placed: PlacedPatch, view: GroundView) -> _Standing:
        """Of a patch that has solid pixels."""
        left, top, width, height = placed.patch.tight
        mask = placed.patch.mask[top : top + height, left : left + width]
        return cls(mask, placed.x + left, placed.y + top, flatness(placed.y + top + height, view))

    @property
    def foot(self) -> int:
        """The row under its lowest pixel."""
        return self.y + len(self.mask)


def _cast(stood: _Standing, light: Light, view: GroundView) -> tuple[Pixels, int, int]:
    """The cast shadow, (h, w) uint8, and where its upper left corner is in the frame, perhaps outside."""
    height, width = stood.mask.shape
    length = light.length
    lean, rise = -math.sin(light.direction) * length, math.cos(light.direction) * length * stood.flat
    rise = math.copysign(max(abs(rise), _THIN), rise)
    step = -(-height // _GRID)
    far = max(light.softness * _SOFTEST * height / step, 0.8)
    margin = math.ceil(3 * far)
    left, right = min(lean * height, 0.0), max(lean * height, 0.0) + width
    columns, rows = math.ceil((right - left) / step), max(round(abs(rise) * height / step), 1)
    x, y = stood.x + math.floor(left), stood.foot - (rows * step if rise > 0 else 0)
    flat = _sheared(stood, lean, step, x, columns)
    flat = np.asarray(cv2.resize(flat if rise > 0 else flat[::-1], (columns, rows), interpolation=cv2.INTER_AREA))
    flat = np.asarray(cv2.copyMakeBorder(flat, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0), np.uint8)
    middles = y + (np.arange(-margin, rows + margin) + 0.5) * step
    part = np.clip((stood.foot - middles) / (rise * height), 0, 1).astype(np.float32)[:, None]  # of the way to its end
    fainter = 1 - np.float32(_FAINTER) * part
    if stood.foot > view.wall_row:
        fainter[middles < view.wall_row] = 0
    near, soft = (_blurred(flat, sigma).astype(np.float32) for sigma in (max(far / 4, 0.8), far))
    made = np.rint((near + (soft - near) * part) * fainter).astype(np.uint8)
    if step > 1:
        size = made.shape[1] * step, made.shape[0] * step
        made = np.asarray(cv2.resize(made, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    return made, x - margin * step, y - margin * step


def _sheared(stood: _Standing, lean: float, step: int, x: int, columns: int) -> Pixels:
    """(n, columns): every ``step``-th row and column of the silhouette, each row moved by its height times the lean.

    The first column is the frame's column ``x``.
    """
    height, width = stood.mask.shape
    source = np.arange(height - 1 - (height - 1) // step * step, height, step)
    start = np.floor(x - lean * (height - 0.5 - source) + 0.5 * step).astype(np.int64) - stood.x
    # With nothing at both sides, every column that is wanted is one of the silhouette's, or one beside it.
    beside = cv2.copyMakeBorder(stood.mask, 0, 0, 1, 1, cv2.BORDER_CONSTANT, value=0)
    across = (start + 1)[:, None] + np.arange(columns) * step
    np.clip(across, 0, width + 1, out=across)
    across += source[:, None] * (width + 2)
    return np.asarray(beside.ravel()[across], np.uint8)


def _contact(stood: _Standing) -> tuple[Pixels, int, int]:
    """The shadow under what is on the ground; as `_cast`."""
    height = len(stood.mask)
    band = max(round(_CONTACT * height), 2)
    across = max(_SPREAD * height, 1.0)
    down = max(across * stood.flat * 1.5, 0.8)
    wide, high = math.ceil(3 * across), math.ceil(3 * down)
    touching = cv2.copyMakeBorder(stood.mask[-band:], high, high, wide, wide, cv2.BORDER_CONSTANT, value=0)
    soft = cv2.GaussianBlur(touching, (2 * wide + 1, 2 * high + 1), across, sigmaY=down)
    return (
        np.asarray(cv2.convertScaleAbs(soft, alpha=2.5), np.uint8),
        stood.x - wide,
        stood.foot - min(band, len(stood.mask)) - high,
    )


def _blurred(pixels: Pixels, sigma: float) -> Pixels:
    """Two means over squares: σ² of one is (side² − 1)/12, and it takes a tenth of a Gaussian's time."""
    side = 2 * round((math.sqrt(6 * sigma * sigma + 1) - 1) / 2) + 1
    for _ in range(2):
        pixels = np.asarray(cv2.blur(pixels, (side, side), borderType=cv2.BORDER_CONSTANT), np.uint8)
    return pixels


def _put(dark: Pixels, shade: Pixels, x: int, y: int, darkness: float) -> Box:
    """Put what of a shadow is in the frame onto ``dark``, (S, S); where that is."""
    height, width = shade.shape
    box = clipped((x, y, width, height), dark.shape)
    seen = shade[box[1] - y : box[1] - y + box[3], box[0] - x : box[0] - x + box[2]]
    if not box[2]:
        return box
    place = dark[part_of(box)]
    np.maximum(place, cv2.convertScaleAbs(np.ascontiguousarray(seen), alpha=darkness), out=place)
    return box
