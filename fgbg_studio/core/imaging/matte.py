"""Operations on cutouts: RGBA uint8 arrays with straight alpha, and their alpha alone.

Whatever lies outside the array counts as transparent. No function changes its argument.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import AnyPixels, Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.imaging.regions import Openings, Region, extent, small_parts, with_rim

# From here on a pixel counts as the object's own: cutouts from image editors rarely reach 255 everywhere.
SOLID = 240
# From here on it lies inside the object's outline.
HALF = 128


def trim(rgba: Pixels, threshold: int = 1) -> tuple[Pixels, Box]:
    """Cut the rows and columns off in which alpha never reaches ``threshold``.

    Args:
        rgba: (H, W, 4).
        threshold: 1..255.

    Returns:
        The part inside the box (a view), and the box (x, y, width, height) in pixels. Where no pixel
        reaches the threshold both are empty: an array of 0 × 0 pixels and (0, 0, 0, 0).
    """
    x, y, width, height = extent(rgba[..., 3] >= threshold)
    return rgba[y : y + height, x : x + width], (x, y, width, height)


def outer_contour_box(alpha: Pixels, threshold: int = 240, closing: int = 11) -> Box:
    """The box (x, y, width, height) of the largest outer contour of ``alpha >= threshold`` after a closing.

    The trimming rule of classroom-192: the closing, with an ellipse of ``closing`` × ``closing`` pixels, joins
    what is nearly joined; what then remains apart is left out. Where nothing reaches the threshold it is the
    box of all that is not transparent.

    Args:
        alpha: (H, W).
        threshold: 1..255.
        closing: the ellipse's diameter in pixels, odd.
    """
    solid = (alpha >= threshold).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (closing, closing))
    closed = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, kernel)
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return extent(alpha > 0)
    x, y, width, height = cv2.boundingRect(max(contours, key=cv2.contourArea))
    return int(x), int(y), int(width), int(height)


def feather(alpha: Pixels, radius: float) -> Pixels:
    """``alpha`` (H, W) with its edges softened: a hard edge becomes a ramp from ``radius`` px inside to as far outside.

    The ramp is a Gaussian's of σ = radius / 2, integrated over pixels so that fractions of one count too. What
    would lie outside the array is cut off: an object that touches the array's edge is softened there inwards.

    Args:
        alpha: (H, W).
        radius: in pixels, may be fractional; 0 or less changes nothing.
    """
    if radius <= 0:
        return alpha.copy()
    reach = math.ceil(1.5 * radius)
    edges = [math.erf((i - 0.5) / (radius / 2) / math.sqrt(2)) for i in range(-reach, reach + 2)]
    # In whole 65536ths, whose products and sums float64 holds exactly: the same in whatever order they are added up.
    weights = np.rint(np.diff(edges) / (edges[-1] - edges[0]) * 65536)
    weights[reach] += 65536 - weights.sum()
    softened = cv2.sepFilter2D(alpha, cv2.CV_64F, weights, weights, borderType=cv2.BORDER_CONSTANT)
    return np.rint(np.asarray(softened) / 65536**2).astype(np.uint8)


def grow(alpha: Pixels, pixels: float) -> Pixels:
    """``alpha`` (H, W) with its edges moved outwards by ``pixels``, inwards where negative; as soft as before.

    An edge is where alpha passes the half. Each pixel gains what a straight ramp of the nearest edge's place and
    softness gains there by being moved; so fractions of a pixel move an edge too, and more never gives less. The
    array's own edge is none: an object that is cut off by it keeps its cut when shrunk.

    Args:
        alpha: (H, W).
        pixels: may be fractional; 0 changes nothing.
    """
    if pixels < 0:
        return 255 - grow(255 - alpha, -pixels)
    edge = _edge(alpha)
    if not pixels or not edge.any():
        return alpha.copy()
    grown = alpha.copy()
    level = np.asarray(alpha / 255, np.float32)
    near = cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, 5) < pixels + _SOFTEST / 2
    wanted = np.asarray((alpha < 255) & near, np.bool_)
    away, soft = _to_edge(level, edge, wanted)
    # Where an edge is moved past its own softness, nothing is left of it at its old place, whatever its shape was.
    moved = np.asarray(away - pixels, np.float32)
    gained = alpha[wanted] + 255 * (_ramp(moved, soft) - _ramp(away, soft))
    passed = 255 * _ramp(np.asarray(moved + soft / 2, np.float32), soft)
    grown[wanted] = np.rint(np.maximum(gained, passed)).clip(0, 255)
    return grown


_SOFTEST = 48  # pixels: the widest ramp that counts as one edge
_SOFT = 6  # pixels: the slope of a wider one is measured with its grain smoothed away
GROWTH_SEES = _SOFTEST // 2 + 8
"""How many pixels farther than it moves edges `grow` looks."""


def _edge(alpha: Pixels) -> Region:
    """Those pixels beside one on the other side of the half that are not farther from it than that one is."""
    offset = alpha.astype(np.int16) * 2 - 255
    edge = np.zeros(alpha.shape, np.bool_)
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        crossed = (offset[one] > 0) != (offset[other] > 0)
        first = abs(offset[one]) <= abs(offset[other])
        edge[one] |= crossed & first
        edge[other] |= crossed & (~first | (abs(offset[one]) == abs(offset[other])))
    return edge


def _ramp(away: NDArray[np.float32], soft: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.clip(0.5 - away / soft, 0, 1), np.float32)


def _softness(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W): how many pixels wide a straight ramp as steep as here is."""
    framed = np.pad(level, 1, mode="edge")
    down, right = abs(np.diff(framed[:, 1:-1], axis=0)), abs(np.diff(framed[1:-1], axis=1))
    steepest = np.hypot(np.maximum(down[:-1], down[1:]), np.maximum(right[:, :-1], right[:, 1:]))
    return np.asarray(np.clip(1 / np.maximum(steepest, 1e-6), 1, _SOFTEST), np.float32)


def _to_edge(
    level: NDArray[np.float32], edge: Region, wanted: Region
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How far outside the nearest edge each of the n wanted pixels lies, and how soft that edge is: (n,) each.

    The edge is taken for straight at its pixel (as in Gustavson and Strand, 'Anti-aliased Euclidean distance
    transform', Pattern Recognition Letters 2011), but for those pixels that lie aside of it: at corners.
    """
    smooth = cv2.GaussianBlur(level, (0, 0), 1)
    out = -np.stack([cv2.Sobel(smooth, cv2.CV_32F, *axis, ksize=3) for axis in ((0, 1), (1, 0))])
    slope = np.maximum(np.hypot(*out), 1e-6)
    out = np.asarray(out / slope, np.float32)
    soft = _softness(level)
    soft = np.where((soft > _SOFT / 2) & (8 / slope > _SOFT), np.minimum(8 / slope, _SOFTEST), soft)
    rows, columns = _nearest(edge, wanted)
    from_it = np.stack(np.nonzero(wanted)).astype(np.float32) - np.stack([rows, columns])
    normal, own = out[:, rows, columns], ((0.5 - level) * soft)[rows, columns]
    straight = (from_it * normal).sum(axis=0) + own
    # Less than all of the way, as the nearest pixel of a straight edge may lie a little aside too.
    aside = np.maximum(0.85 * np.hypot(*(from_it + own * normal)) - 0.3, 0) * np.where(level[wanted] > 0.5, -1, 1)
    away = np.where(abs(aside) > abs(straight), aside, straight)
    return away.astype(np.float32), soft[rows, columns].astype(np.float32)


def drop_islands(alpha: Pixels, min_area: int) -> Pixels:
    """``alpha`` (H, W) without its separate parts of fewer than ``min_area`` pixels; the largest always stays.

    Parts are what touches, diagonally too, with alpha over 0.
    """
    return np.where(small_parts(alpha > 0, min_area), np.uint8(0), alpha)


def fill_holes(alpha: Pixels, max_area: int) -> Pixels:
    """``alpha`` (H, W) with its holes of at most ``max_area`` pixels made solid (255).

    A hole is a place under half alpha that the object encloses wholly; its soft rim is filled too.
    The colours in it are whatever they were: `cutout_check.mend` paints them.
    """
    openings = Openings.of(alpha >= HALF)
    holes = openings.where(openings.small(max_area))
    return np.where(with_rim(holes, alpha >= HALF), np.uint8(255), alpha)


def decontaminate(rgba: Pixels) -> Pixels:
    """``rgba`` (H, W, 4) with the old surroundings' colour taken out of its soft edge; alpha is untouched.

    A soft pixel (alpha between 0 and 240) gets the mean colour of the solid pixels among the nine around the
    solid pixel nearest to it. Solid and wholly transparent pixels keep theirs, and so does all of a cutout
    without a solid pixel.
    """
    alpha, clean = rgba[..., 3], rgba.copy()
    solid = alpha >= SOLID
    soft = (alpha > 0) & ~solid
    if soft.any() and solid.any():
        clean[soft, :3] = nearest_colours(rgba, solid, soft)
    return clean


def nearest_colours(rgba: Pixels, known: Region, wanted: Region) -> Pixels:
    """For each of the n ``wanted`` pixels the mean of the ``known`` ones around the known pixel nearest to it.

    Args:
        rgba: (H, W, 4) or (H, W, 3).
        known: (H, W) bool, not empty.
        wanted: (H, W) bool.

    Returns:
        (n, 3) uint8, in the order of ``rgba[wanted]``.
    """
    rows, columns = _nearest(known, wanted)
    total = np.zeros((len(rows), 3), np.uint16)
    count = np.zeros((len(rows), 1), np.uint16)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            y = np.clip(rows + down, 0, known.shape[0] - 1)
            x = np.clip(columns + right, 0, known.shape[1] - 1)
            counts = known[y, x][:, None]
            total += rgba[y, x, :3] * counts
            count += counts
    return ((total + count // 2) // count).astype(np.uint8)


def _nearest(known: Region, wanted: Region) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the known pixel nearest to each wanted one."""
    _, labels = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    places = np.zeros(int(labels.max()) + 1, np.intp)
    flat = np.flatnonzero(known)
    places[labels.reshape(-1)[flat]] = flat
    rows, columns = np.divmod(places[labels[wanted]], known.shape[1])
    return rows, columns


def resize_rgba(rgba: Pixels, width: int, height: int) -> Pixels:
    """``rgba`` (H, W, 4) resized to (height, width, 4), straight alpha; transparent pixels' colour bleeds nowhere.

    Colours are multiplied by alpha before and divided by it after (Porter and Duff, 'Compositing digital
    images', SIGGRAPH 1984), in 16 bits: within one grey level of exact arithmetic wherever alpha is 2 or more.
    An axis that shrinks is averaged over areas, one that grows interpolated linearly: both only mix what is
    there, so no colour and no alpha appears that lies outside the range of its surroundings. Wholly
    transparent pixels come out black.

    Args:
        rgba: (H, W, 4).
        width: in pixels, at least 1.
        height: likewise.
    """
    return resize_multiplied(multiplied(rgba), width, height)


def multiplied(rgba: Pixels) -> NDArray[np.uint16]:
    """``rgba`` (H, W, 4) with colours times alpha and alpha times 255: (H, W, 4), 0..65025."""
    spread = cv2.cvtColor(rgba[..., 3], cv2.COLOR_GRAY2RGBA)  # (a, a, a, 255), so that alpha becomes 255·a
    return np.multiply(rgba, spread, dtype=np.uint16)


def resize_multiplied(mixed: NDArray[np.uint16], width: int, height: int) -> Pixels:
    """What `resize_rgba` gives, of a cutout that `multiplied` prepared: for many sizes of one."""
    mixed = resized(mixed, width, height)
    alpha = cv2.extractChannel(mixed, 3)
    divisor = cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255 * 255)])
    return cv2.divide(mixed, divisor, scale=255).astype(np.uint8)


def resized(pixels: AnyPixels, width: int, height: int) -> AnyPixels:
    """``pixels`` (H, W[, C]) as (height, width[, C]): averaged over areas where it shrinks, linear where it grows."""
    rows, columns = pixels.shape[:2]
    if width < columns or height < rows:
        smaller = min(width, columns), min(height, rows)
        pixels = np.asarray(cv2.resize(pixels, smaller, interpolation=cv2.INTER_AREA), pixels.dtype)
    if width > columns or height > rows:
        pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR), pixels.dtype)
    return pixels
