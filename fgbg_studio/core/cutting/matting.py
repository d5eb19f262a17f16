"""The alpha in a band of a photo, from its surroundings whose alpha is known: closed-form matting.

In every window of 3 × 3 pixels the alpha is taken for a·colour + b, which holds wherever object and background each lie
on a line of colours there; all windows together give a quadratic form in the alpha, the matting Laplacian (Levin,
Lischinski and Weiss, 'A closed-form solution to natural image matting', PAMI 2008). Its matrix is never made: it is
multiplied by box sums (He, Sun and Tang, 'Fast matting using large kernel matting Laplacian matrices', CVPR 2010), tile
by tile where the band is. Conjugate gradients solve it from coarse to fine, each level beginning with what the a and b
of the coarser one make of its own colours.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.planes import Planes, resampled
from fgbg_studio.core.imaging.regions import Region

SMOOTHNESS = 1e-6  # Levin's epsilon, of colours 0..1
MOST = 700_000  # unknown pixels that are solved for; of more, a coarser level's a and b are all there is
_SMALL = 96  # pixels of the shorter side, from which on a level is halved once more
_FINE, _COARSE, _COARSEST = 8, 40, 300  # turns
_SETTLED = 1e-4  # of the mean error that a turn still takes away
_NEARLY = np.float32(0.03)  # from 0 or 1: such a haze is the noise of the photo
_SIDE = 160  # of a tile
_WINDOW = 9  # pixels
_EDGE = 2  # pixels around the photo, so that each pixel has all of its windows


def solved(rgb: Pixels, alpha: Pixels, unknown: Region) -> Pixels:
    """``alpha`` with what is ``unknown`` of it made by the rest and the colours.

    Args:
        rgb: (H, W, 3).
        alpha: (H, W) uint8, 0..255; whatever it is where it is unknown.
        unknown: (H, W) bool.

    Returns:
        (H, W) uint8, a new array.
    """
    levels = [_Level(rgb, np.where(unknown, np.uint8(0), alpha), unknown)]
    while min(levels[-1].unknown.shape) > _SMALL:
        levels.append(_halved(levels[-1]))
    coarser: _Fit | None = None
    for level in reversed(levels):
        fit = _Fit(level)
        if len(fit.places):
            found = np.full(len(fit.places), 0.5, np.float32) if coarser is None else fit.begun(coarser)
            if level is levels[-1]:
                fit.solve(found, _COARSEST)
            elif len(fit.places) <= MOST:
                fit.solve(found, _FINE if level is levels[0] else _COARSE)
            else:
                fit.put(found)
            if level is levels[0]:
                return fit.alpha()
        coarser = fit
    return alpha.copy()


@dataclass(frozen=True, eq=False)
class _Level:
    """The photo (h, w, 3), the known alpha and where it is not, at one size."""

    rgb: Pixels
    alpha: Pixels
    unknown: Region


def _halved(level: _Level) -> _Level:
    height, width = level.unknown.shape
    size = (width + 1) // 2, (height + 1) // 2
    rgb = np.asarray(cv2.resize(level.rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    alpha = np.asarray(cv2.resize(level.alpha, size, interpolation=cv2.INTER_AREA), np.uint8)
    share = cv2.resize(level.unknown.view(np.uint8) * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    unknown = np.asarray(share > 0, np.bool_)
    return _Level(rgb, np.where(unknown, np.uint8(0), alpha), unknown)


@dataclass(frozen=True, eq=False)
class _Tile:
    """A part of a level with unknown pixels in it, h × w pixels without its rim.

    Attributes:
        inner: rows and columns of it in the level's planes; ``outer``: with two pixels more on each side.
        colours: (3, h + 4, w + 4), -0.5..0.5.
        mean: (3, h + 2, w + 2) of each window's colours.
        inverse: (6, h + 2, w + 2) of each window's covariance, its upper triangle; 0 for windows that the photo's
            edge cuts.
        whole: (h + 2, w + 2), 1 for a window that it does not.
        windows: (h, w), how many each pixel lies in.
    """

    inner: tuple[slice, slice]
    outer: tuple[slice, slice]
    colours: Planes
    mean: Planes
    inverse: Planes
    whole: Planes
    windows: Planes

    def line(self, alpha: Planes) -> Planes:
        """(4, h + 2, w + 2): a for red, green and blue, and b, of each window, for this alpha (h + 4, w + 4)."""
        both = np.empty((4, *alpha.shape), np.float32)
        both[0] = alpha
        np.multiply(self.colours, alpha, out=both[1:])
        fitted = _sums(both)
        fitted *= np.float32(1 / _WINDOW)
        fitted[1:] -= self.mean * fitted[0]
        level, slope = fitted[0] * self.whole, _times(self.inverse, fitted[1:])
        fitted[:3] = slope
        slope *= self.mean
        np.subtract(level, _added(slope), out=fitted[3])
        return fitted

    def apart(self, alpha: Planes) -> Planes:
        """(h, w): the Laplacian times this alpha (h + 4, w + 4)."""
        fitted = _sums(self.line(alpha))
        fitted[:3] *= self.colours[:, 2:-2, 2:-2]
        return np.asarray(self.windows * alpha[2:-2, 2:-2] - _added(fitted), np.float32)

    def diagonal(self) -> Planes:
        """(h, w): the Laplacian's own."""
        shifted = _times(self.inverse, self.mean)
        own, inverse = self.colours[:, 2:-2, 2:-2], _sums(self.inverse)
        spread = (own * _times(inverse, own)).sum(axis=0) - 2 * (own * _sums(shifted)).sum(axis=0)
        spread += _sums((shifted * self.mean).sum(axis=0))
        return np.asarray(self.windows - (self.windows + spread) / _WINDOW, np.float32)


class _Fit:
    """A level's tiles, and its alpha while it is solved for.

    Attributes:
        places: of the n unknown pixels, in a plane with an edge around it.
    """

    def __init__(self, level: _Level) -> None:
        self._level = level
        height, width = level.unknown.shape
        shape = height + 2 * _EDGE, width + 2 * _EDGE
        rgb = cv2.copyMakeBorder(level.rgb, _EDGE, _EDGE, _EDGE, _EDGE, cv2.BORDER_REPLICATE)
        unknown = np.pad(level.unknown, _EDGE)
        whole = np.zeros(shape, np.float32)
        whole[_EDGE + 1 : -_EDGE - 1, _EDGE + 1 : -_EDGE - 1] = 1
        self.places = np.flatnonzero(unknown)
        self._tiles = [_tile(np.asarray(rgb, np.uint8), whole, part) for part in _parts(unknown)]
        self._plane, self._out = np.zeros(shape, np.float32), np.zeros(shape, np.float32)

    def solve(self, found: Planes, turns: int) -> None:
        """Let the alpha be what the Laplacian says, beginning with ``found`` (n,), after so many turns at the most."""
        known = np.pad(self._level.alpha, _EDGE)
        for tile in self._tiles:
            self._plane[tile.outer] = known[tile.outer] * np.float32(1 / 255)
        wanted = -self._apart()
        for tile in self._tiles:
            self._plane[tile.outer] = 0
            self._out[tile.inner] = tile.diagonal()
        diagonal = np.maximum(self._out.reshape(-1)[self.places], np.float32(1e-3))
        left = wanted - self._times(found)
        eased = np.asarray(left / diagonal, np.float32)
        way, worth = eased, float(left @ eased)
        for _ in range(turns):
            if worth <= _SETTLED**2 * len(found):
                break
            along = self._times(way)
            bent = float(way @ along)
            if bent <= 0:
                break
            found = found + np.float32(worth / bent) * way
            left = left - np.float32(worth / bent) * along
            eased = np.asarray(left / diagonal, np.float32)
            before, worth = worth, float(left @ eased)
            way = eased + np.float32(worth / before) * way
        self.put(found)

    def put(self, found: Planes) -> None:
        """Let the unknown alpha be this (n,), 0..1."""
        known = np.pad(self._level.alpha, _EDGE)
        for tile in self._tiles:
            self._plane[tile.outer] = known[tile.outer] * np.float32(1 / 255)
        self._plane.reshape(-1)[self.places] = np.nan_to_num(found, nan=0.5).clip(0, 1)

    def alpha(self) -> Pixels:
        """(h, w) uint8: all of it."""
        found = self._plane.reshape(-1)[self.places]
        found = ((found - _NEARLY) / (1 - 2 * _NEARLY)).clip(0, 1)
        done = np.pad(self._level.alpha, _EDGE)
        done.reshape(-1)[self.places] = np.rint(found * 255)
        return np.ascontiguousarray(done[_EDGE:-_EDGE, _EDGE:-_EDGE])

    def begun(self, coarser: _Fit) -> Planes:
        """(n,): what a coarser level's a and b make of this one's colours."""
        lines, weights = coarser._lines()
        scales = [small / large for small, large in zip(weights.shape, self._level.unknown.shape, strict=True)]
        for tile in self._tiles:
            there = np.zeros((2, 3))
            corner, size = [axis.start - _EDGE for axis in tile.inner], [axis.stop - axis.start for axis in tile.inner]
            first = [max(int(at * scale) - 1, 0) for at, scale in zip(corner, scales, strict=True)]
            small = tuple(
                slice(low, int((at + length) * scale) + 3)
                for low, at, length, scale in zip(first, corner, size, scales, strict=True)
            )
            for row, axis in ((0, 1), (1, 0)):  # OpenCV counts from the middle of the first pixel
                there[row, row] = scales[axis]
                there[row, 2] = (corner[axis] + 0.5) * scales[axis] - 0.5 - first[axis]
            line = resampled(lines[small], there, (size[1], size[0]))
            weight = np.maximum(resampled(weights[small], there, (size[1], size[0])), np.float32(1e-6))
            own = tile.colours[:, 2:-2, 2:-2]
            value = sum(own[i] * line[..., i] for i in range(3)) + line[..., 3]
            self._out[tile.inner] = np.clip(value / weight, 0, 1)
        return np.asarray(self._out.reshape(-1)[self.places], np.float32)

    def _lines(self) -> tuple[Planes, Planes]:
        """(h, w, 4): the mean a and b of the windows that each pixel lies in, times what is 1 where there are any."""
        height, width = self._level.unknown.shape
        lines, weights = np.zeros((height, width, 4), np.float32), np.zeros((height, width), np.float32)
        for tile in self._tiles:
            rows, columns = (slice(axis.start - _EDGE, axis.stop - _EDGE) for axis in tile.inner)
            fitted = _sums(tile.line(self._plane[tile.outer])) / np.maximum(tile.windows, 1)
            lines[rows, columns] = fitted.transpose(1, 2, 0)
            weights[rows, columns] = tile.windows > 0
        return lines, weights

    def _times(self, values: Planes) -> Planes:
        self._plane.reshape(-1)[self.places] = values
        return self._apart()

    def _apart(self) -> Planes:
        for tile in self._tiles:
            self._out[tile.inner] = tile.apart(self._plane[tile.outer])
        return np.asarray(self._out.reshape(-1)[self.places], np.float32)


def _parts(unknown: Region) -> list[tuple[slice, slice]]:
    """Where the tiles lie, each close about what is unknown in it."""
    found = []
    for top in range(_EDGE, unknown.shape[0] - _EDGE, _SIDE):
        for left in range(_EDGE, unknown.shape[1] - _EDGE, _SIDE):
            rows, columns = (unknown[top : top + _SIDE, left : left + _SIDE].any(axis=axis) for axis in (1, 0))
            if rows.any():
                across, down = np.flatnonzero(columns), np.flatnonzero(rows)
                found.append((slice(top + down[0], top + down[-1] + 1), slice(left + across[0], left + across[-1] + 1)))
    return found


def _tile(rgb: Pixels, whole: Planes, inner: tuple[slice, slice]) -> _Tile:
    outer, middle = (
        (slice(inner[0].start - n, inner[0].stop + n), slice(inner[1].start - n, inner[1].stop + n)) for n in (2, 1)
    )
    # Whole numbers of at most 128: their sums of products are exact, and so is the covariance.
    colours = np.ascontiguousarray(rgb[outer].transpose(2, 0, 1)).astype(np.float32) - np.float32(128)
    sums, pairs = _sums(colours), ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    squares = _sums(np.stack([colours[i] * colours[j] for i, j in pairs]))
    covariance = np.stack([_WINDOW * squares[k] - sums[i] * sums[j] for k, (i, j) in enumerate(pairs)])
    rr, rg, rb, gg, gb, bb = covariance.astype(np.float64) / (_WINDOW * 255) ** 2
    rr, gg, bb = (spread + SMOOTHNESS / _WINDOW for spread in (rr, gg, bb))
    # The symmetric 3 × 3 matrices are inverted by their cofactors, all at once.
    cofactors = np.stack([
        gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb, rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
    ])  # fmt: skip
    determinant = rr * cofactors[0] + rg * cofactors[1] + rb * cofactors[2]
    inverse = (cofactors / determinant).astype(np.float32) * whole[middle]
    mean = sums / np.float32(_WINDOW * 255)
    return _Tile(inner, outer, colours / np.float32(255), mean, inverse, whole[middle], _sums(whole[middle]))


def _times(matrix: Planes, vector: Planes) -> Planes:
    """Symmetric 3 × 3 matrices (6, h, w) times vectors (3, h, w)."""
    rr, rg, rb, gg, gb, bb = matrix
    r, g, b = vector
    return np.stack([rr * r + rg * g + rb * b, rg * r + gg * g + gb * b, rb * r + gb * g + bb * b])


def _added(planes: Planes) -> Planes:
    """(h, w): the sum of planes (n, h, w), which is faster than numpy's own over so few."""
    total = planes[0] + planes[1]
    for plane in planes[2:]:
        total += plane
    return np.asarray(total, np.float32)


def _sums(planes: Planes) -> Planes:
    """(…, h - 2, w - 2): the sums over windows of 3 × 3 pixels."""
    down = planes[..., :-2, :] + planes[..., 1:-1, :]
    down += planes[..., 2:, :]
    across = down[..., :-2] + down[..., 1:-1]
    across += down[..., 2:]
    return np.asarray(across, np.float32)
