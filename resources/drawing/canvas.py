"""An enlarged canvas that is reduced by area averaging: the antialiasing of every drawn picture.

With transparency the canvas holds premultiplied RGBA, in which blending and averaging are plain arithmetic;
straight alpha appears only when the picture is finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from drawing.shading import LIGHT_TINT, SHADOW_TINT, Array
from fgbg_studio.core.images import Pixels

SHIFT = 5  # bits behind the point in OpenCV's coordinates
TOWARDS_LIGHT = (-0.62, -0.78)  # in the picture: foregrounds are lit from the upper left
FAR = 1 << 20


@dataclass
class Patch:
    """Coverage of a shape: ``mask`` (h, w) uint8 whose upper left corner is at (``left``, ``top``)."""

    mask: Pixels
    left: int
    top: int


class Canvas:
    """A picture to draw on, in coordinates of the finished picture.

    Args:
        width: of the finished picture in pixels.
        height: of the finished picture in pixels.
        colour: (3,) to start from an opaque picture; without it the canvas is transparent.
        scale: how many times larger the canvas is than the finished picture.
    """

    def __init__(self, width: int, height: int, colour: Array | None = None, scale: int = 2) -> None:
        self.width, self.height, self.scale = width, height, scale
        channels = 3 if colour is not None else 4
        self.pixels = np.zeros((height * scale, width * scale, channels), np.uint8)
        if colour is not None:
            self.pixels[:] = np.round(colour).astype(np.uint8)

    def fixed(self, points: Array, left: int = 0, top: int = 0) -> Array:
        """Points (..., 2) as OpenCV's fixed-point coordinates on the canvas or on a part of it."""
        # OpenCV counts from the middle of the first pixel, the camera from its edge.
        moved = points * self.scale - 0.5 - np.array([left, top], np.float64)
        return np.rint(np.minimum(np.maximum(moved * (1 << SHIFT), -FAR), FAR)).astype(np.int32)

    def fill(self, polygons: Array, colour: Array) -> None:
        """Fill a polygon (N, 2), or several (K, N, 2) that do not overlap each other, with one colour."""
        if len(polygons):
            self.fill_fixed(self.fixed(polygons), np.minimum(colour, 255).tolist())

    def fill_fixed(self, shapes: Array, ink: Sequence[float]) -> None:
        """`fill` for points that are `fixed` already, and a colour of plain numbers."""
        outlines = [shapes] if shapes.ndim == 2 else list(shapes)
        cv2.fillPoly(self.pixels, outlines, (*ink, 255.0), cv2.LINE_AA, SHIFT)

    def stroke(self, points: Array, width: float, colour: Array) -> None:
        """A line through ``points`` (N, 2), ``width`` pixels wide, with round ends."""
        thickness = max(1, round(width * self.scale))
        ink = (*np.minimum(colour, 255).tolist(), 255.0)
        cv2.polylines(self.pixels, [self.fixed(points)], False, ink, thickness, cv2.LINE_AA, SHIFT)

    def cover(self, polygons: Sequence[Array], margin: float = 0) -> Patch | None:
        """How much of each canvas pixel the union of ``polygons`` covers; None where that is outside."""
        points = np.concatenate(polygons) * self.scale
        limits = np.array([self.pixels.shape[1], self.pixels.shape[0]])
        pad = margin * self.scale + 1
        left, top = np.clip(np.floor(points.min(0) - pad), 0, limits).astype(int)
        right, bottom = np.clip(np.ceil(points.max(0) + pad) + 1, 0, limits).astype(int)
        if right <= left or bottom <= top:
            return None
        mask = np.zeros((bottom - top, right - left), np.uint8)
        for polygon in polygons:
            cv2.fillPoly(mask, [self.fixed(polygon, left, top)], 255, cv2.LINE_AA, SHIFT)
        return Patch(mask, int(left), int(top))

    def region(self, patch: Patch) -> Pixels:
        """The part of the canvas under ``patch``, as a view."""
        height, width = patch.mask.shape
        return self.pixels[patch.top : patch.top + height, patch.left : patch.left + width]

    def blend(self, patch: Patch, colour: Array, opacity: float = 1.0) -> None:
        """Lay ``colour``, (3,) or one (h, w, 3) for every pixel, over the canvas under ``patch``."""
        region = self.region(patch)
        share = (patch.mask * np.float32(opacity / 255))[..., None]
        under = region.astype(np.float32)
        under[..., :3] += (np.asarray(colour, np.float32) - under[..., :3]) * share
        if region.shape[2] == 4:
            under[..., 3:] += (255 - under[..., 3:]) * share
        region[:] = np.clip(under + 0.5, 0, 255).astype(np.uint8)

    def ramp(self, polygon: Array, colours: Array) -> None:
        """Fill a polygon (N, 2) with the plane of colour that fits its corners' ``colours`` (N, 3) best."""
        patch = self.cover([polygon])
        if patch is None:
            return
        # The soft edge, one canvas pixel wide, has the mean colour: only what is covered wholly is graded.
        self.fill(polygon, colours.mean(0))
        if self.pixels.shape[2] == 4:
            colours = np.column_stack([colours, np.full(len(colours), 255.0)])
        height, width = patch.mask.shape
        # A plane loses nothing when it is sampled at the middles of coarse cells and drawn between them.
        cell = 8 if height * width > 4096 else 1
        columns = (np.arange(-(-width // cell)) + 0.5) * cell + patch.left
        rows = (np.arange(-(-height // cell)) + 0.5) * cell + patch.top
        base, across, down = _plane(polygon * self.scale, colours).astype(np.float32)
        paint = base + across * columns[None, :, None] + down * rows[:, None, None]
        paint = np.clip(paint, 0, 255).astype(np.uint8)
        if cell > 1:
            paint = cv2.resize(paint, (paint.shape[1] * cell, paint.shape[0] * cell))[:height, :width]
        inside = (patch.mask == 255).view(np.uint8)
        cv2.copyTo(paint, inside, self.region(patch))

    def solid(
        self,
        polygons: Sequence[Array],
        colour: Array,
        roundness: float,
        relief: float = 0.24,
        decor: Sequence[tuple[Array, Array]] = (),
        folds: Sequence[Array] = (),
        calm: tuple[Array, float] | None = None,
    ) -> None:
        """A part that looks rounded: lit from the upper left, and darkening what lies under it.

        The slope of the blurred shape stands for the slope of a surface that bulges towards the viewer.

        Args:
            polygons: the shape, as the union of polygons (N, 2).
            colour: (3,).
            roundness: in pixels, how far from the outline the surface curves.
            relief: 0..1, how strongly light and shade differ.
            decor: polygons (N, 2) with their colours, drawn on the part and shaded with it.
            folds: polygons (N, 2) that are darkened softly.
            calm: middle (2,) and radius in pixels of a joint where the part goes over into what lies under it.
        """
        patch = self.cover(polygons, 2.2 * roundness)
        if patch is None:
            return
        paint = np.empty((*patch.mask.shape, 3), np.uint8)
        paint[:] = np.round(np.clip(colour, 0, 255)).astype(np.uint8)
        for polygon, ink in decor:
            shape = self.fixed(polygon, patch.left, patch.top)
            cv2.fillPoly(paint, [shape], ink.tolist(), cv2.LINE_AA, SHIFT)
        soft, slope = bulge(patch.mask, roundness * self.scale)
        if calm is not None:
            away = self._fade(patch, *calm)
            soft *= away
            patch.mask = (patch.mask * away).astype(np.uint8)
        if folds:
            slope -= self._folds(patch, folds, 0.22 * roundness * self.scale)
        self._lay(patch, paint, soft * np.float32(1.3 * relief), slope * np.float32(relief))

    def _lay(self, patch: Patch, paint: Pixels, dim: Array, slope: Array) -> None:
        """Blend ``paint`` lit by ``slope`` (negative: shaded) over a canvas that is darkened by ``dim``, 0..1."""
        region = self.region(patch)
        share = patch.mask.astype(np.float32) / np.float32(255)
        dark, bright = np.minimum(slope, 0) * np.float32(1.9), np.maximum(slope, 0)
        kept = (1 - dim) * (1 - share)
        for channel in range(3):
            lit = paint[..., channel] * (1 + dark * np.float32(2 - SHADOW_TINT[channel]))
            lit += (np.float32(LIGHT_TINT[channel]) - lit) * bright
            region[..., channel] = region[..., channel] * kept + lit * share + np.float32(0.5)
        if region.shape[2] == 4:
            region[..., 3] = np.maximum(region[..., 3], 0) * (1 - share) + patch.mask + np.float32(0.5)

    def _fade(self, patch: Patch, centre: Array, radius: float) -> Array:
        """0 about ``centre``, 1 from ``radius`` pixels on; (h, w) float32."""
        height, width = patch.mask.shape
        x = (np.arange(width, dtype=np.float32) + patch.left) / self.scale - np.float32(centre[0])
        y = (np.arange(height, dtype=np.float32) + patch.top) / self.scale - np.float32(centre[1])
        distance = np.sqrt(x[None] ** 2 + y[:, None] ** 2) / np.float32(radius)
        return np.clip(distance * np.float32(1.7) - np.float32(0.7), 0, 1)

    def _folds(self, patch: Patch, folds: Sequence[Array], blur: float) -> Array:
        lines = np.zeros_like(patch.mask)
        for polygon in folds:
            cv2.fillPoly(lines, [self.fixed(polygon, patch.left, patch.top)], 85, cv2.LINE_AA, SHIFT)
        return cv2.GaussianBlur(lines, (0, 0), max(0.6, blur)).astype(np.float32) / np.float32(255)

    def reduced(self) -> Array:
        """The canvas at the finished size, (H, W, 3 or 4) float32, premultiplied."""
        size = (self.width, self.height)
        return cv2.resize(self.pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32)


def _plane(points: Array, colours: Array) -> Array:
    """The plane (3, k) of least squares through ``colours`` (N, k) at ``points`` (N, 2): base, across, down."""
    middle, mean = points.mean(0), colours.mean(0)
    away = points - middle
    # A sliver has no slope across itself; the small share of the identity keeps it level there.
    spread = away.T @ away + 1e-3 * np.eye(2)
    slope = np.linalg.solve(spread, away.T @ (colours - mean))
    return np.concatenate([(mean - middle @ slope)[None], slope])


def cutout(canvas: Canvas, height: int, margin: int) -> tuple[Pixels, int]:
    """What a transparent canvas holds, cut out and reduced, and how many canvas rows it takes.

    Args:
        canvas: premultiplied RGBA.
        height: of the cutout in pixels, with its margins.
        margin: transparent pixels around what was drawn.

    Returns:
        (height, W, 4) uint8 RGBA with straight alpha, and the number of rows.
    """
    left, top, width, rows = cv2.boundingRect((canvas.pixels[..., 3] > 127).astype(np.uint8))
    edge = 2  # the soft edge outside what is covered by half
    top, left = max(0, top - edge), max(0, left - edge)
    part = canvas.pixels[top : top + rows + 2 * edge, left : left + width + 2 * edge]
    inner = height - 2 * margin
    across = max(1, round(part.shape[1] * inner / part.shape[0]))
    small = cv2.resize(part, (across, inner), interpolation=cv2.INTER_AREA).astype(np.float32)
    small = np.pad(small, ((margin, margin), (margin, margin), (0, 0)))
    alpha = small[..., 3:]
    # Transparent pixels take the colour of what is near, so that scaling straight alpha leaves no dark rim.
    near = cv2.blur(small, (7, 7))
    straight = np.where(alpha > 0, small, near)
    straight[..., :3] *= 255 / np.maximum(straight[..., 3:], 1)
    straight[..., 3:] = np.where(alpha < 4, 0, np.where(alpha > 251, 255, alpha))
    return np.clip(straight + 0.5, 0, 255).astype(np.uint8), rows


def bulge(mask: Pixels, radius: float) -> tuple[Array, Array]:
    """The mask blurred (0..1), and the slope of that towards the light (-1..1), both (h, w) float32."""
    # A blur this wide holds nothing that a quarter of the resolution would lose.
    step = max(1, int(radius / 3))
    size = (max(1, mask.shape[1] // step), max(1, mask.shape[0] // step))
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    sigma = max(0.6, radius / step)
    soft = cv2.GaussianBlur(small, (0, 0), sigma)
    across = cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=0.125)
    down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=0.125)
    # The steepest slope of a blurred edge is 1 / (sigma * sqrt(2 pi)): scaled to 1.
    slope = -(across * TOWARDS_LIGHT[0] + down * TOWARDS_LIGHT[1]) * np.float32(2.5 * sigma)
    full = (mask.shape[1], mask.shape[0])
    return cv2.resize(soft, full), cv2.resize(np.clip(slope, -1, 1), full)
