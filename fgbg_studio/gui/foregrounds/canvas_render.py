"""What the mask canvas shows of a photo and its alpha, composed part by part in screen pixels.

Photo and alpha are kept in ever smaller copies, so that composing costs what the screen is large, not what the
photo is. Arrays here are BGRX, (H, W, 4): the order in which the screen wants them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, clipped, part_of, union
from fgbg_studio.core.cutting.raster import BACKGROUND, HAIR, OBJECT

MOST = 64.0  # device pixels for a pixel of the photo
_BLOCKS = 4.0  # from this zoom on, pixels are shown as squares
_LEAST_SIDE = 256
_MOST_SIDE = 32_000  # pixels of a side that OpenCV's warping takes, with room to spare
_TILE = 128
_STROKE, _BAND = 0.5, 0.3  # opacity of strokes; of a band, in which every hair is to be seen


class CutoutView(StrEnum):
    """Ways of looking at an alpha."""

    TINT = "tint"
    CHECKER = "checker"
    WHITE = "white"
    BLACK = "black"
    SCENE = "scene"
    OUTLINE = "outline"
    COMPARE = "compare"

    @property
    def cut_out(self) -> bool:
        """Whether the object is shown without its surroundings, in its finished colours."""
        return self not in {CutoutView.TINT, CutoutView.OUTLINE}


@dataclass(frozen=True)
class ViewTransform:
    """Which part of the photo the screen shows: device pixels for a pixel of it, and what lies at the corner."""

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_photo(self, x: float, y: float) -> tuple[float, float]:
        """A place on the screen (device pixels) in the photo."""
        return self.x + x / self.scale, self.y + y / self.scale

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """A place in the photo on the screen."""
        return (x - self.x) * self.scale, (y - self.y) * self.scale

    def zoomed(self, factor: float, x: float, y: float, least: float) -> ViewTransform:
        """Nearer or farther, with what lies at (x, y) of the screen staying there."""
        scale = min(max(self.scale * factor, least), MOST)
        at = self.to_photo(x, y)
        return ViewTransform(scale, at[0] - x / scale, at[1] - y / scale)

    def moved(self, x: float, y: float) -> ViewTransform:
        """The photo dragged by so many device pixels, whole ones, so that what is drawn can be reused."""
        return replace(self, x=self.x - round(x) / self.scale, y=self.y - round(y) / self.scale)

    def kept_on(self, photo: tuple[int, int], size: tuple[int, int]) -> ViewTransform:
        """The same nearness, moved so that no room beside a photo (width, height) is shown that could show it.

        Where the photo is smaller than the screen's ``size``, it lies in the middle.
        """
        corner = []
        for start, length, screen in zip((self.x, self.y), photo, size, strict=True):
            room = length - screen / self.scale
            corner.append(room / 2 if room < 0 else min(max(start, 0.0), room))
        return ViewTransform(self.scale, *corner)

    def screen_box(self, box: Box, size: tuple[int, int]) -> Box:
        """The device pixels, inside the screen's ``size``, that a box of the photo reaches."""
        left, top = self.to_screen(box[0], box[1])
        right, bottom = self.to_screen(box[0] + box[2], box[1] + box[3])
        edge = 2 + math.ceil(self.scale)
        x, y = max(math.floor(left) - edge, 0), max(math.floor(top) - edge, 0)
        return x, y, min(math.ceil(right) + edge, size[0]) - x, min(math.ceil(bottom) + edge, size[1]) - y

    @classmethod
    def fitting(cls, box: Box, size: tuple[int, int], margin: float = 0.0, most: float = MOST) -> ViewTransform:
        """A box of the photo as large as the screen holds, in its middle."""
        wide, high = (max(side - 2 * margin, 1) for side in size)
        scale = min(wide / max(box[2], 1), high / max(box[3], 1), most)
        return cls(scale, box[0] + box[2] / 2 - size[0] / 2 / scale, box[1] + box[3] / 2 - size[1] / 2 / scale)


class Pyramid:
    """A picture and copies of half, a quarter, … its size, kept up to date part by part."""

    def __init__(self, pixels: Pixels) -> None:
        self.levels = [pixels]
        while max(self.levels[-1].shape[:2]) > _LEAST_SIDE:
            self.levels.append(_half(self.levels[-1]))
        self._prepared: Pyramid | None = None

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return sum(level.nbytes for level in self.levels) + (self._prepared.nbytes if self._prepared else 0)

    @classmethod
    def of(cls, pixels: Pixels) -> Pyramid:
        """Of a picture as it is read: (H, W, 3) RGB or (H, W, 4) RGBA."""
        order = cv2.COLOR_RGB2BGRA if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
        return cls(np.asarray(cv2.cvtColor(pixels, order), np.uint8))

    def prepare_copy(self) -> None:
        """Make on a worker what `copy` gives at once: for a large photo it takes longer than a window may wait."""
        self._prepared = self.copy()

    def copy(self) -> Pyramid:
        """Another one of the same pixels; one that was prepared is given away once."""
        made, self._prepared = self._prepared, None
        if made is None:
            made = copy(self)
            made.levels = [level.copy() for level in self.levels]
        return made

    def update(self, box: Box, pixels: Pixels) -> None:
        """Take ``pixels``, the whole picture, where it changed inside the box; what of it lies beside is nothing."""
        x, y, width, height = clipped(box, pixels.shape)
        if not width:
            return
        right, bottom = x + width, y + height
        if self.levels[0] is not pixels:
            self.levels[0][y:bottom, x:right] = pixels[y:bottom, x:right]
        for finer, coarser in zip(self.levels, self.levels[1:], strict=False):
            x, y, right, bottom = x // 2, y // 2, (right + 1) // 2, (bottom + 1) // 2
            part = _half(finer[2 * y : 2 * bottom, 2 * x : 2 * right])
            coarser[y : y + part.shape[0], x : x + part.shape[1]] = part

    def recolour(self, plain: Pyramid, before: Box, box: Box, rgb: Pixels) -> None:
        """Have other colours (h, w, 3) inside ``box`` than ``plain``, and no more those that were inside ``before``."""
        whole = union(before, box)
        if whole != box:
            self.levels[0][part_of(before)] = plain.levels[0][part_of(before)]
        if box[2]:
            cv2.mixChannels([rgb], [self.levels[0][part_of(box)]], [0, 2, 1, 1, 2, 0])
        self.update(whole, self.levels[0])

    def sample(self, camera: ViewTransform, box: Box, *, border: int | None = None) -> Pixels:
        """The picture in the device pixels of ``box``; outside of it its edge, or the value ``border``."""
        level = min(max(math.floor(-math.log2(camera.scale)), 0), len(self.levels) - 1)
        flags = cv2.INTER_NEAREST if camera.scale >= _BLOCKS else cv2.INTER_LINEAR
        return _warped(self.levels[level], 2.0**level, camera, box, flags, border)


def nearest(pixels: Pixels, camera: ViewTransform, box: Box) -> Pixels:
    """(height, width) of the device pixels of ``box`` without mixing values; 0 outside of the picture."""
    step = -(-max(pixels.shape) // _MOST_SIDE) if camera.scale < 0.25 else 1
    return _warped(pixels[::step, ::step], step, camera, box, cv2.INTER_NEAREST, 0)


def _warped(pixels: Pixels, step: float, camera: ViewTransform, box: Box, flags: int, border: int | None) -> Pixels:
    x, y, width, height = box
    zoom = 1 / (camera.scale * step)
    # A pixel's middle lies at half a pixel, on the screen as in the photo.
    left, top = camera.x / step + (x + 0.5) * zoom - 0.5, camera.y / step + (y + 0.5) * zoom - 0.5
    # Only what is asked for is handed over: OpenCV takes nothing that is longer than `_MOST_SIDE`.
    columns = _span(left, left + width * zoom, pixels.shape[1])
    rows = _span(top, top + height * zoom, pixels.shape[0])
    matrix = np.array([[zoom, 0, left - columns.start], [0, zoom, top - rows.start]])
    mode = cv2.BORDER_REPLICATE if border is None else cv2.BORDER_CONSTANT
    warped = cv2.warpAffine(
        pixels[rows, columns], matrix, (width, height), flags=flags | cv2.WARP_INVERSE_MAP, borderMode=mode,
        borderValue=border or 0,
    )  # fmt: skip
    return np.asarray(warped, np.uint8)


def _span(first: float, last: float, length: int) -> slice:
    """Where from and to a picture of this length is read, with room to mix; one pixel of it where it lies elsewhere."""
    start = min(max(math.floor(first) - 2, 0), length - 1)
    return slice(start, max(min(math.ceil(last) + 3, length), start + 1))


def _half(pixels: Pixels) -> Pixels:
    """Half the size; odd sides are rounded up, their last pixels repeated."""
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        edge = (0, height % 2, 0, width % 2)
        pixels = np.asarray(cv2.copyMakeBorder(pixels, *edge, cv2.BORDER_REPLICATE), np.uint8)
    half = cv2.resize(pixels, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(half, np.uint8)


@dataclass
class CanvasLook:
    """What is shown how.

    Attributes:
        photo: the photo; ``clean`` the same in the finished cutout's colours, where there is one.
        alpha: of the finished cutout; None before anything is cut.
        marks: (H, W) strokes; None where they are hidden.
        view: which view.
        native: the alpha that a cutout came with: where it is transparent there is nothing to see.
        scene: a background (h, w, 4) and the square of the photo that it fills; for the view of that name.
        side: pixels of that square's side in the dataset; from one device pixel for each on they are shown as squares.
        square: side of the checkerboard's squares, in device pixels.
        divider: the share of the screen's width left of which ``compare`` shows the photo as it was.
        surround: colour beside the photo; ``tint`` over the background; ``checker`` of transparency;
            ``strokes`` of object, background and hair; ``line`` of the outline. All BGRX.
    """

    photo: Pyramid
    alpha: Pyramid | None = None
    clean: Pyramid | None = None
    native: Pyramid | None = None
    marks: Pixels | None = None
    view: CutoutView = CutoutView.TINT
    scene: tuple[Pyramid, Box] | None = None
    side: int = 0
    divider: float = 0.5
    square: int = 8
    surround: tuple[int, int, int, int] = (0, 0, 0, 0)
    tint: tuple[int, int, int, int] = (150, 80, 10, 0)
    checker: tuple[tuple[int, int, int, int], tuple[int, int, int, int]] = ((255,) * 4, (238,) * 4)
    strokes: tuple[tuple[int, int, int, int], ...] = ((90, 190, 60, 0), (60, 60, 235, 0), (40, 170, 250, 0))
    line: tuple[int, int, int, int] = (255, 255, 255, 0)


def compose(look: CanvasLook, camera: ViewTransform, box: Box, size: tuple[int, int]) -> Pixels:
    """The device pixels (h, w, 4) of ``box`` (x, y, w, h) on a screen of this ``size``."""
    cut_out = look.view.cut_out and look.alpha is not None
    done = (look.clean if cut_out and look.clean else look.photo).sample(camera, box)
    if look.native is not None and not cut_out:
        done = _over(done, _checker(look, box), look.native.sample(camera, box))
    if look.alpha is not None:
        done = _VIEWS[look.view](look, camera, box, size, done)
    if look.marks is not None:
        done = _marked(done, nearest(look.marks, camera, box), look)
    return _framed(done, look, camera, box)


_Viewer = Callable[[CanvasLook, ViewTransform, Box, tuple[int, int], Pixels], Pixels]


def _tint(look: CanvasLook, camera: ViewTransform, box: Box, _size: tuple[int, int], photo: Pixels) -> Pixels:
    assert look.alpha is not None
    alpha = look.alpha.sample(camera, box)
    return _over(photo, _even(look.tint, photo), np.asarray(cv2.LUT(alpha, _VEIL), np.uint8))


def _on_colour(value: int) -> _Viewer:
    def view(look: CanvasLook, camera: ViewTransform, box: Box, _size: tuple[int, int], photo: Pixels) -> Pixels:
        assert look.alpha is not None
        return _over(photo, np.full_like(photo, value), look.alpha.sample(camera, box))

    return view


def _on_checker(look: CanvasLook, camera: ViewTransform, box: Box, _size: tuple[int, int], photo: Pixels) -> Pixels:
    assert look.alpha is not None
    return _over(photo, _checker(look, box), look.alpha.sample(camera, box))


def _on_scene(look: CanvasLook, camera: ViewTransform, box: Box, size: tuple[int, int], photo: Pixels) -> Pixels:
    if look.scene is None or look.alpha is None:
        return _on_checker(look, camera, box, size, photo)
    scene, (x, y, width, height) = look.scene
    if look.side and camera.scale * width > 1.001 * look.side:
        return _as_in_dataset(look, camera, box, size)
    zoom = width / scene.levels[0].shape[1]
    there = ViewTransform(camera.scale * zoom, (camera.x - x) / zoom, (camera.y - y) / zoom)
    behind = scene.sample(there, box)
    left, top, right, bottom = _inside(camera, box, (x, y, width, height))
    shown = _even(look.surround, photo)
    part = (slice(top, bottom), slice(left, right))
    alpha = look.alpha.sample(camera, box, border=0)  # beside the photo there is nothing of the object
    shown[part] = _over(photo[part], behind[part], alpha[part])
    return shown


def _as_in_dataset(look: CanvasLook, camera: ViewTransform, box: Box, size: tuple[int, int]) -> Pixels:
    """The pixels of the dataset, enlarged as squares."""
    assert look.scene is not None
    x, y, side, _ = look.scene[1]
    own = ViewTransform(look.side / side, x, y)  # a device pixel for each
    grain = camera.scale / own.scale
    columns, rows = (
        np.floor((np.arange(length) + first + 0.5 - place) / grain).astype(np.intp)
        for length, first, place in zip(box[2:], box[:2], camera.to_screen(x, y), strict=True)
    )
    part = int(columns[0]), int(rows[0]), int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1
    photo = (look.clean or look.photo).sample(own, part)
    small = _on_scene(look, own, part, size, photo)
    return np.ascontiguousarray(small[rows - rows[0]][:, columns - columns[0]])


def _outlined(look: CanvasLook, camera: ViewTransform, box: Box, _size: tuple[int, int], photo: Pixels) -> Pixels:
    assert look.alpha is not None
    x, y, width, height = box
    wide = (x - 2, y - 2, width + 4, height + 4)
    inside = (look.alpha.sample(camera, wide, border=0) >= 128).astype(np.uint8)
    rim = cv2.dilate(inside, _CROSS) - inside
    dark = cv2.dilate(rim, _CROSS)[2:-2, 2:-2] > 0
    photo[dark] = (20, 20, 20, 0)
    photo[rim[2:-2, 2:-2] > 0] = look.line
    return photo


def _compared(look: CanvasLook, camera: ViewTransform, box: Box, size: tuple[int, int], photo: Pixels) -> Pixels:
    after = _on_checker(look, camera, box, size, photo)
    edge = min(max(round(look.divider * size[0]) - box[0], 0), box[2])
    before = look.photo.sample(camera, box)
    if look.native is not None:
        before = _over(before, _checker(look, box), look.native.sample(camera, box))
    after[:, :edge] = before[:, :edge]
    return after


_VIEWS: dict[CutoutView, _Viewer] = {
    CutoutView.TINT: _tint,
    CutoutView.CHECKER: _on_checker,
    CutoutView.WHITE: _on_colour(255),
    CutoutView.BLACK: _on_colour(0),
    CutoutView.SCENE: _on_scene,
    CutoutView.OUTLINE: _outlined,
    CutoutView.COMPARE: _compared,
}
_VEIL = np.array([round(110 + 145 * a / 255) for a in range(256)], np.uint8)
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def _over(front: Pixels, back: Pixels, alpha: Pixels) -> Pixels:
    """``front`` over ``back``; most of a mask is even, and there mixing is cheap."""
    done = np.empty_like(front)
    for top in range(0, alpha.shape[0], _TILE):
        for left in range(0, alpha.shape[1], _TILE):
            part = np.s_[top : top + _TILE, left : left + _TILE]
            least, most, _, _ = cv2.minMaxLoc(alpha[part])
            if least == most == 255:
                done[part] = front[part]
            elif least == most:
                done[part] = cv2.addWeighted(front[part], most / 255, back[part], 1 - most / 255, 0)
            else:
                weight = cv2.merge([alpha[part]] * 4)
                kept, behind = cv2.multiply(front[part], weight, scale=1 / 255), cv2.bitwise_not(weight)
                done[part] = cv2.add(kept, cv2.multiply(back[part], behind, scale=1 / 255))
    return done


def _even(colour: tuple[int, ...], like: Pixels) -> Pixels:
    made = np.empty_like(like)
    made[:] = colour
    return made


def _checker(look: CanvasLook, box: Box) -> Pixels:
    x, y, width, height = box
    period, place = 2 * look.square, np.arange(2 * look.square) // look.square
    odd = np.add.outer(place, place) % 2
    pattern = np.array(look.checker, np.uint8)[odd]
    down, right = y % period, x % period
    tiled = np.tile(pattern, (-(-(height + down) // period), -(-(width + right) // period), 1))
    return tiled[down : down + height, right : right + width]


def _marked(photo: Pixels, marks: Pixels, look: CanvasLook) -> Pixels:
    if not marks.any():
        return photo
    kinds = ((OBJECT, _STROKE), (BACKGROUND, _STROKE), (HAIR, _BAND))
    for (value, opacity), colour in zip(kinds, look.strokes, strict=True):
        inside = cv2.blur(np.where(marks == value, np.uint8(255), np.uint8(0)), (3, 3))
        if inside.any():
            weight = np.asarray(cv2.convertScaleAbs(inside, alpha=opacity), np.uint8)
            photo = _over(photo, _even(colour, photo), 255 - weight)
    return photo


def _inside(camera: ViewTransform, box: Box, photo: Box) -> tuple[int, int, int, int]:
    """Columns and rows of ``box``, from and to, that a box of the photo covers."""
    left, top = camera.to_screen(photo[0], photo[1])
    right, bottom = camera.to_screen(photo[0] + photo[2], photo[1] + photo[3])
    x, y, width, height = box
    columns = [min(max(round(edge) - x, 0), width) for edge in (left, right)]
    rows = [min(max(round(edge) - y, 0), height) for edge in (top, bottom)]
    return columns[0], rows[0], columns[1], rows[1]


def _framed(photo: Pixels, look: CanvasLook, camera: ViewTransform, box: Box) -> Pixels:
    """The surroundings' colour where the photo ends."""
    if look.view is CutoutView.SCENE and look.scene and look.alpha is not None:
        return photo
    height, width = look.photo.levels[0].shape[:2]
    left, top, right, bottom = _inside(camera, box, (0, 0, width, height))
    if (left, top, right, bottom) == (0, 0, box[2], box[3]):
        return photo
    framed = _even(look.surround, photo)
    framed[top:bottom, left:right] = photo[top:bottom, left:right]
    return framed
