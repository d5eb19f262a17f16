"""Shadows of foregrounds on the ground: a soft one where they stand, and one that the background's light casts.

The cast shadow is the silhouette laid on the ground that the camera sees, as `core.compose.lights` says. It grows
softer and fainter with its distance from the feet, and ends where the ground ends: at the camera's wall, and, where the
depth of the background is known, at whatever stands on the ground or before it. What ends at the waist has no shadow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Floats, Pixels
from fgbg_studio.core.base.boxes import Box, apart, clipped, part_of
from fgbg_studio.core.base.camera import GroundView
from fgbg_studio.core.base.sample import Patch, PlacedPatch, Sample
from fgbg_studio.core.compose.grounds import Floor, KnownGround
from fgbg_studio.core.compose.lights import Footing, Light, light_of
from fgbg_studio.core.imaging.matte import HALF
from fgbg_studio.core.imaging.regions import extent, straight_cut
from fgbg_studio.core.interfaces.depth import view_of
from fgbg_studio.core.plan.own_draws import OwnDraws
from fgbg_studio.core.plan.recipe import Recipe

_GRID = 48  # rows of the silhouette that is laid down: a shadow's edge is softer than that
_THIN = 0.07  # of its height: a shadow that runs along the rows is as thick as the object is deep
_SOFTEST = 0.09  # of its height: σ where it is farthest and light softest
_FAINTER = 0.55  # of its darkness is lost at its far end
_CONTACT = 0.06  # of the height: what of the object is on the ground
_FEET = 0.1  # of the height: how far above the lower edge of its box an object may end, and stand there
_SPREAD = 0.04  # of the height: σ of the shadow at the feet across
_CUT, _CUT_WIDE, _CUT_HIGH = (
    0.05,
    0.35,
    0.15,
)  # a straight lower edge: each run and all of them by its width; by its height


class Shadows:
    """Of one recipe's objects.

    Args:
        recipe: whose settings say what is done.
        draws: of the recipe.
        foreground: gives (h, w, 4), the cutout before it is sized.
    """

    def __init__(self, recipe: Recipe, draws: OwnDraws, foreground: Callable[[int], Pixels]) -> None:
        self._recipe, self._draws, self._foreground = recipe, draws, foreground
        self._lights: dict[int, tuple[Light, GroundView]] = {}
        self._stands: dict[int, bool] = {}

    def light(self, background: int) -> Light:
        """Of a background, the same for all its samples."""
        return self._seen(background)[0]

    def stands(self, foreground: int) -> bool:
        """Whether a foreground ends where it meets the ground, and not at a straight cut through it."""
        found = self._stands.get(foreground)
        if found is None:
            inside = self._foreground(foreground)[..., 3] >= HALF
            x, y, width, height = extent(inside)
            cut = straight_cut(inside[y : y + height, x : x + width][::-1], _CUT) if width else 0
            found = self._stands[foreground] = cut < max(_CUT_WIDE * width, _CUT_HIGH * height)
        return found

    def lay(
        self, image: Pixels, sample: Sample, patches: Sequence[PlacedPatch], draws: Sequence[float],
        ground: KnownGround | None = None,
    ) -> list[Box]:  # fmt: skip
        """Darken ``image`` where no patch's mask is white.

        Args:
            image: (S, S[, 3]) uint8; written to.
            sample: of which ``patches`` are the objects.
            patches: what is seen of them.
            draws: two, uniform in [0, 1).
            ground: None where the depth of the background is not known.

        Returns:
            Boxes around all that may be darker, of which no two have a pixel in common.
        """
        look = self._recipe.settings.appearance
        contact, cast = (
            low + draw * (high - low)
            for (low, high), draw in zip((look.contact_shadow, look.cast_shadow), draws, strict=True)
        )
        light, view = self._seen(sample.background)
        dark: Pixels = np.zeros(image.shape[:2], np.uint8)
        boxes = []
        for number, (one, placed) in enumerate(zip(sample.objects, patches, strict=True)):
            whole = placed.patch.uncut or placed  # what the frame cuts off casts a shadow, too
            feet_known = one.y + one.height <= view.frame or whole is not placed
            if not (feet_known and _feet_seen(whole.patch) and self.stands(one.foreground)):
                continue
            stood = _Standing.of(whole, view)
            known = (
                None
                if ground is None
                else Floor(ground, ground.contacts[number], whole.y + len(whole.patch.mask), stood.footing)
            )
            if cast:
                boxes.append(_put(dark, _cast(stood, light, view, known), cast))
            if contact:
                boxes.append(_put(dark, _contact(stood, view, known), contact))
        for placed in patches:
            place = dark[part_of(placed.box)]
            cv2.subtract(place, placed.patch.mask, dst=place)
        darker = []
        for box in apart(boxes):
            left, top, width, height = cv2.boundingRect(dark[part_of(box)])
            if not width:
                continue
            darker.append(tight := (box[0] + left, box[1] + top, width, height))
            rest, place = 255 - dark[part_of(tight)], image[part_of(tight)]
            spread = rest if image.ndim == 2 else np.asarray(cv2.cvtColor(rest, cv2.COLOR_GRAY2RGB), np.uint8)
            cv2.multiply(place, spread, dst=place, scale=1 / 255)
        return darker

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
    """The silhouette (h, w), 0 or 255, where it is in the frame or partly beyond its edge."""

    mask: Pixels
    x: int
    y: int
    footing: Footing

    @classmethod
    def of(cls, placed: PlacedPatch, view: GroundView) -> _Standing:
        """Of a patch that has solid pixels."""
        left, top, width, height = placed.patch.tight
        mask = placed.patch.mask[top : top + height, left : left + width]
        return cls(mask, placed.x + left, placed.y + top, Footing.of(placed.y + top + height, view))


class _Shade(NamedTuple):
    """A shadow of full darkness, (h, w) uint8, and where its upper left corner is in the frame, perhaps outside."""

    pixels: Pixels
    x: int
    y: int

    def within(self, frame: int) -> _Shade:
        """What of it is in a frame with sides of so many pixels."""
        height, width = self.pixels.shape
        x, y, wide, high = clipped((self.x, self.y, width, height), (frame, frame))
        part = self.pixels[y - self.y : y - self.y + high, x - self.x : x - self.x + wide]
        return _Shade(part, x, y)


def _cast(stood: _Standing, light: Light, view: GroundView, floor: Floor | None) -> _Shade:
    height, footing = len(stood.mask), stood.footing
    step = -(-height // _GRID)
    slope = _slope(light, footing, height)
    ends = np.minimum(np.arange(0, height + step, step), float(height))  # rows above the feet
    if slope < 0:
        ends = ends[1 + slope * ends > footing.below / (view.frame - footing.horizon + 3 * step)]
        if not len(ends):  # of who stands below the frame, towards the camera
            return _Shade(np.zeros((1, 1), np.uint8), 0, 0)
        ends = np.append(ends, min(ends[-1] + step, height)) if len(ends) == 1 else ends
    horizon = footing.horizon
    seen = horizon + footing.below / np.maximum(1 + slope * ends, _LEAST)  # rows of the frame
    lean = math.sin(light.direction) * light.length
    far = max(light.softness * _SOFTEST * height / step, 0.8)
    margin = math.ceil(3 * far)
    first, last = math.floor(min(seen[0], seen[-1])), math.ceil(max(seen[0], seen[-1]))
    rows = max(-(-(last - first) // step), 1)
    y = footing.row - rows * step if slope > 0 else footing.row
    middles = (ends[:-1] + ends[1:]) / 2
    ratios = np.maximum(1 + slope * middles, _LEAST)
    sides = _columns(stood, footing, lean, middles, ratios)
    x = max(math.floor(sides[0]), -margin * step)
    columns = max(math.ceil((min(sides[1], view.frame + margin * step) - x) / step), 1)
    flat = _weights(seen, y, rows, step) @ _sheared(stood, lean, step, x, columns, middles, ratios)
    flat *= np.float32(1 / _WHOLE)
    laid = np.zeros((rows + 2 * margin, columns + 2 * margin), np.uint8)
    laid[margin : margin + rows, margin : margin + columns] = np.rint(flat, out=flat)
    y, x = y - margin * step, x - margin * step
    at = y + (np.arange(len(laid)) + 0.5) * step
    away = (footing.below / np.maximum(at - horizon, 1e-3) - 1) / slope
    part = np.minimum(np.maximum(away / height, 0), 1).astype(np.float32)[:, None]  # of the way to its end
    fainter = 1 - np.float32(_FAINTER) * part
    wall = view.wall_row
    if footing.row > wall:
        fainter[at < wall] = 0
    near, mixed = (_blurred(laid, sigma, sigma).astype(np.float32) for sigma in (max(far / 4, 0.8), far))
    mixed -= near
    mixed *= part
    mixed += near
    mixed *= fainter
    made = np.rint(mixed, out=mixed).astype(np.uint8)
    if floor is not None:
        made = np.asarray(cv2.multiply(made, floor.share(x, y, made.shape, step), scale=1 / 255), np.uint8)
    if step > 1:
        size = made.shape[1] * step, made.shape[0] * step
        made = np.asarray(cv2.resize(made, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    return _Shade(made, x, y)


def _slope(light: Light, footing: Footing, height: int) -> float:
    """By what part farther away than the feet one row more has its shadow; never so little that it is a line."""
    slope = math.cos(light.direction) * light.length / footing.focal
    thin = min(_THIN * height, footing.below / 2)
    least = (footing.below / (footing.below - math.copysign(thin, slope)) - 1) / height
    return math.copysign(max(abs(slope), abs(least)), slope)


def _columns(stood: _Standing, footing: Footing, lean: float, middles: Floats, ratios: Floats) -> tuple[float, float]:
    """The first and the last column of the frame that the shadow may have."""
    moved = stood.x - footing.middle - lean * middles
    left, right = moved / ratios, (moved + stood.mask.shape[1]) / ratios
    return footing.middle + min(left.tolist()), footing.middle + max(right.tolist())


_LEAST = 0.05  # times as far away as the feet: what is nearer is never in the frame
_WHOLE = 256  # of what a row's weights are parts: sums of them times grey levels are exact in float32


def _weights(ends: Floats, y: int, rows: int, step: int) -> NDArray[np.float32]:
    """(rows, n): how much of each row of the shadow, ``step`` tall, each of the n strips between ``ends`` covers."""
    top = np.arange(float(y), y + rows * step, step)[:, None]
    inside = np.minimum(np.maximum(ends, top), top + step)
    part = inside[:, 1:] - inside[:, :-1]
    np.abs(part, out=part)
    part *= _WHOLE / step
    return np.asarray(np.rint(part, out=part), np.float32)


def _sheared(
    stood: _Standing, lean: float, step: int, x: int, columns: int, middles: Floats, ratios: Floats
) -> NDArray[np.float32]:
    """(n, columns) 0 or 255: the silhouette in n rows above the feet, each where its shadow is.

    The first column is the frame's column ``x``, and each is ``step`` wide.
    """
    height, width = stood.mask.shape
    source = np.maximum(height - 1 - middles.astype(np.int64), 0)
    middle = stood.footing.middle
    start = (x + 0.5 * step - middle) * ratios + (middle + lean * middles - stood.x + 1)
    # With nothing at both sides, every column that is wanted is one of the silhouette's, or one beside it.
    beside = np.zeros((height, width + 2), np.float32)
    beside[:, 1:-1] = stood.mask
    across = np.arange(columns) * (step * ratios)[:, None]
    across += start[:, None]
    np.maximum(across, 0, out=across)
    np.minimum(across, width + 1, out=across)
    at = across.astype(np.int64)
    at += (source * (width + 2))[:, None]
    return beside.ravel().take(at)


def _contact(stood: _Standing, view: GroundView, floor: Floor | None) -> _Shade:
    """The shadow under what is on the ground."""
    height, footing = len(stood.mask), stood.footing
    band = max(round(_CONTACT * height), 2)
    across = max(_SPREAD * height, 1.0)
    down = max(across * footing.below / footing.focal * 1.5, 0.8)
    wide, high = math.ceil(3 * across), math.ceil(3 * down)
    touching = cv2.copyMakeBorder(stood.mask[-band:], high, high, wide, wide, cv2.BORDER_CONSTANT, value=0)
    shade = _Shade(
        _blurred(np.asarray(touching, np.uint8), across, down), stood.x - wide, footing.row - min(band, height) - high
    )
    made, x, y = shade.within(view.frame)
    made = np.asarray(cv2.convertScaleAbs(made, alpha=2.5), np.uint8)
    if floor is not None:
        made = np.asarray(cv2.multiply(made, floor.share(x, y, made.shape, 1), scale=1 / 255), np.uint8)
    return _Shade(made, x, y)


def _blurred(pixels: Pixels, across: float, down: float) -> Pixels:
    """By two means over boxes with these σ: σ² of one is (side² − 1)/12, and it takes a tenth of a Gaussian's time."""
    sides = [2 * round((math.sqrt(6 * sigma * sigma + 1) - 1) / 2) + 1 for sigma in (across, down)]
    for _ in range(2):
        pixels = np.asarray(cv2.blur(pixels, sides, borderType=cv2.BORDER_CONSTANT), np.uint8)
    return pixels


def _put(dark: Pixels, shade: _Shade, darkness: float) -> Box:
    """Put what of a shadow is in the frame onto ``dark``, (S, S); where that is."""
    seen, x, y = shade.within(len(dark))
    box = x, y, seen.shape[1], seen.shape[0]
    if seen.size:
        place = dark[part_of(box)]
        cv2.max(place, cv2.convertScaleAbs(seen, alpha=darkness), dst=place)
    return box
