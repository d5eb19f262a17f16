"""Sharpness and grain of a foreground, made those of its background.

How soft edges are is found by blurring them twice: in the middle of an edge of the softness σ, the gradient falls by
the ratio √((σ² + b²)/(σ² + a²)) from a blur of a to one of b (after Zhuo and Sim, 'Defocus map estimation from a single
image', Pattern Recognition 2011). Shading and round things have soft edges in the sharpest picture: the mean is of 1/σ,
in which sharp ones count more. Noise is what Immerkær's operator leaves ('Fast noise variance estimation', Computer
Vision and Image Understanding 1996) where a picture has least of anything else.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import AnyPixels, Floats, Pixels
from fgbg_studio.core.base.boxes import widened
from fgbg_studio.core.base.sample import PlacedObject
from fgbg_studio.core.compose.blends.alpha import spread_over, weighted
from fgbg_studio.core.imaging.matte import HALF
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.interfaces.blend import Layer
from fgbg_studio.core.plan.keyed import GOLDEN, mix
from fgbg_studio.core.project.settings import Settings

_FIRST, _SECOND = 1.0, 2.0  # σ of the two blurs
_EDGE = 8.0  # grey levels a pixel: a gradient under the first blur that is an edge, and not noise
_EDGES = 24  # pixels of edges: fewer say nothing
_SHARPEST = 0.5  # σ in pixels: of an edge between two pixels
_AROUND = 0.5  # of the longer side: how far beyond its box an object's surroundings reach
_LEAST_BLUR, _MOST_BLUR = 0.4, 2.0  # σ in pixels: less is not seen, more would be a guess
_NOISE_BLOCK = 12
_LEAST_NOISE, _MOST_NOISE = 0.4, 8.0  # σ in grey levels
_TILE = 512
_UNIT = 32  # of the tile's values: their σ
_KEPT = 64 << 20
_OPERATOR = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


class Texture(NamedTuple):
    """Of one picture: σ of its edges in its pixels, σ of its noise in grey levels."""

    soft: float
    noise: float


class TextureMatcher:
    """Of one recipe's pictures; see `core.compose.looks.Looks` for the arguments."""

    def __init__(
        self, settings: Settings, background: Callable[[int], Pixels], foreground: Callable[[int], Pixels]
    ) -> None:
        self._look = settings.appearance
        self._background, self._foreground = background, foreground
        self._own: dict[int, tuple[Texture, int]] = {}
        self._noise: dict[int, float] = {}
        self._edges: LRUCache[int, AnyPixels] = LRUCache(_KEPT, lambda pixels: pixels.nbytes)

    def blur(self, background: int, one: PlacedObject, draw: float) -> float:
        """σ in pixels by which an object is softened; 0 where it is as soft as what is around it."""
        low, high = self._look.sharpness
        strength = low + draw * (high - low)
        if not strength:
            return 0.0
        texture, rows = self._texture(one.foreground)
        own, around = texture.soft * one.height / rows, self._soft(background, one)
        sigma = strength * math.sqrt(max(around**2 - own**2, 0.0))
        return min(sigma, _MOST_BLUR) if sigma >= _LEAST_BLUR else 0.0

    def matched(self, layer: Layer, background: int, one: PlacedObject, blur: float, draw: float) -> Layer:
        """``layer`` softened by ``blur``, with grain; its mask is as it was."""
        if blur:
            layer = _softened(layer, blur)
        low, high = self._look.grain
        strength = low + draw * (high - low)
        if not strength:
            return layer
        texture, rows = self._texture(one.foreground)
        own = texture.noise * min(one.height / rows, 1)  # as many pixels become one
        sigma = strength * math.sqrt(max(self._noise_of(background) ** 2 - own**2, 0.0))
        return layer if sigma < _LEAST_NOISE else layer._replace(colour=_grained(layer.colour, sigma, draw))

    def _texture(self, foreground: int) -> tuple[Texture, int]:
        """Of a foreground in the size in which it is kept, and the rows of that."""
        found = self._own.get(foreground)
        if found is None:
            rgba = self._foreground(foreground)
            solid = (rgba[..., 3] >= HALF).astype(np.uint8)
            inner = cv2.erode(solid, np.ones((7, 7), np.uint8), borderValue=0) > 0
            grey = _grey(np.ascontiguousarray(rgba[..., :3]))
            sums = _sharpness(grey)[inner].sum(0)
            found = Texture(_softness(*sums.tolist()), noise_of(grey, inner)), len(grey)
            self._own[foreground] = found
        return found

    def _soft(self, background: int, one: PlacedObject) -> float:
        sums = self._edges.get(background)
        if sums is None:
            sharpness = _sharpness(_grey(self._background(background)))
            sums = self._edges[background] = np.asarray(cv2.integral(sharpness))
        side = sums.shape[0] - 1
        x, y, width, height = widened(one.box, max(round(_AROUND * max(one.width, one.height)), 8), (side, side))
        found = sums[y + height, x + width] - sums[y, x + width] - sums[y + height, x] + sums[y, x]
        return _softness(*found.tolist())

    def _noise_of(self, background: int) -> float:
        if background not in self._noise:
            self._noise[background] = noise_of(_grey(self._background(background)))
        return self._noise[background]


def noise_of(grey: Pixels, inside: Region | None = None) -> float:
    """σ of the noise of (h, w) uint8 in grey levels, at most 8; 0 where too little of it is seen ``inside``."""
    left = np.abs(cv2.filter2D(grey, cv2.CV_32F, _OPERATOR))
    height, width = (side // _NOISE_BLOCK * _NOISE_BLOCK for side in grey.shape)
    if not height or not width:
        return 0.0
    shape = height // _NOISE_BLOCK, _NOISE_BLOCK, width // _NOISE_BLOCK, _NOISE_BLOCK
    blocks = left[:height, :width].reshape(shape).mean((1, 3), dtype=np.float64)
    # What is blown out or wholly black has no noise, and says nothing of the rest.
    levels = grey[:height, :width].reshape(shape).mean((1, 3), dtype=np.float64)
    known = (levels > 8) & (levels < 247)
    if inside is not None:
        known &= inside[:height, :width].reshape(shape).all((1, 3))
    if np.count_nonzero(known) < 4:
        return 0.0
    calm: Floats = np.sort(blocks[known])
    return min(float(calm[len(calm) // 5]) * math.sqrt(math.pi / 2) / 6, _MOST_NOISE)


def _grey(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _sharpness(grey: Pixels) -> Floats:
    """(h, w, 2): whether there is the middle of an edge, 1 or 0, and there 1/σ."""
    lengths = []
    for sigma in (_FIRST, _SECOND):
        soft = cv2.GaussianBlur(grey.astype(np.int16) << 6, (13, 13), sigma).astype(np.float64) / 64
        across, down = cv2.Sobel(soft, cv2.CV_64F, 1, 0) / 8, cv2.Sobel(soft, cv2.CV_64F, 0, 1) / 8
        lengths.append(np.sqrt(across * across + down * down))
        if len(lengths) == 1:
            upright = np.abs(across) >= np.abs(down)
    first, second = lengths
    beside, above = np.ones((1, 3), np.uint8), np.ones((3, 1), np.uint8)
    highest = np.where(upright, cv2.dilate(first, beside), cv2.dilate(first, above))
    middles = (first > _EDGE) & (first >= highest)
    ratio = np.maximum((first[middles] / np.maximum(second[middles], 1e-9)) ** 2, 1 + 1e-9)
    square = np.maximum((_SECOND**2 - ratio * _FIRST**2) / (ratio - 1), _SHARPEST**2)
    found: Floats = np.zeros((*grey.shape, 2))
    found[middles, 0], found[middles, 1] = 1, 1 / np.sqrt(square)
    return found


def _softness(edges: float, sharpness: float) -> float:
    """σ of so many pixels of edges whose 1/σ add up to that; as sharp as can be where there are too few."""
    return _SHARPEST if edges < _EDGES else edges / sharpness


def _softened(layer: Layer, sigma: float) -> Layer:
    side = 2 * math.ceil(3 * sigma) + 1
    alpha = np.asarray(cv2.GaussianBlur(layer.alpha, (side, side), sigma), np.uint8)
    colours = weighted(layer.colour, spread_over(layer.alpha, layer.colour))
    colours = np.asarray(cv2.GaussianBlur(colours, (side, side), sigma), np.uint8)
    straight = np.asarray(cv2.divide(colours, spread_over(alpha, colours), scale=255), np.uint8)
    return layer._replace(colour=straight, alpha=alpha)


def _grained(colour: Pixels, sigma: float, draw: float) -> Pixels:
    height, width = colour.shape[:2]
    tile = _tile()
    at = int(draw * 2**52)
    down, across = at % (_TILE - height % _TILE), (at >> 20) % (_TILE - width % _TILE)
    grain = tile[down : down + height, across : across + width]
    if grain.shape != (height, width):
        grain = np.tile(tile, (-(-height // _TILE) + 1, -(-width // _TILE) + 1))
        grain = grain[down : down + height, across : across + width]
    grain = np.rint(grain * (sigma / _UNIT)).astype(np.int16)
    spread = grain if colour.ndim == 2 else cv2.merge([grain, grain, grain])
    return np.asarray(cv2.add(colour, spread, dtype=cv2.CV_8U), np.uint8)


@cache
def _tile() -> NDArray[np.int16]:
    """(T, T) nearly normal, of the standard deviation `_UNIT`: sums of eight bytes, the same on every machine."""
    count = _TILE * _TILE
    keys = mix(np.arange(1, count + 1, dtype=np.uint64) * GOLDEN)
    sums = keys.view(np.uint8).reshape(count, 8).sum(1, dtype=np.int64)
    # The sum of eight bytes has the variance 8 · (256² − 1)/12.
    middle, deviation = 8 * 255 / 2, math.sqrt(8 * (256**2 - 1) / 12)
    tile: NDArray[np.int16] = np.rint((sums - middle) * (_UNIT / deviation)).astype(np.int16)
    return tile.reshape(_TILE, _TILE)
