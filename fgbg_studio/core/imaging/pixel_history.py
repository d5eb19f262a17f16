"""Undo for pixels: what changed in a picture, as the difference inside a box, compressed.

The difference is the exclusive or of before and after, so that one record serves undo and redo. It is nearly
all zeros where little changed, and such bytes compress to almost nothing. Over the memory limit, records that lie
on the disk too are let go of, and read again where they are wanted: the depth of undo does not end with the memory.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, clipped, part_of, union

LIMIT = 64 << 20
_TILE = 256  # side of what `Before` copies at once
_BAND = 1 << 18  # pixels that are compared at a time: as many as the processor has at hand
_LEVEL = 1  # of zlib: the fastest; zeros compress well at any


@dataclass(frozen=True)
class Delta:
    """One change of a picture: where it is, and the number under which `History` keeps its bytes."""

    number: int
    box: Box
    shape: tuple[int, ...]


class History:
    """Keeps the changes of pictures of one size; the order of undo and redo is its caller's.

    Args:
        limit: bytes of compressed records kept in memory, beside those that lie nowhere else.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._stored: dict[int, Callable[[], bytes]] = {}
        self._bytes = 0
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._kept.keys() | self._stored.keys())

    @property
    def in_memory(self) -> int:
        """Bytes of records."""
        return self._bytes

    def stored(self, box: Box, shape: tuple[int, ...], read: Callable[[], bytes]) -> Delta:
        """A change that was recorded before: ``read`` brings what `data` gave then."""
        delta = Delta(next(self._numbers), box, shape)
        self._stored[delta.number] = read
        return delta

    def note_stored(self, delta: Delta, read: Callable[[], bytes]) -> None:
        """The bytes of a change lie on the disk now, from where ``read`` brings them."""
        if delta.number in self._kept:
            self._stored[delta.number] = read
            self._make_room()

    def data(self, delta: Delta) -> bytes:
        """The bytes of a change, compressed."""
        return self._kept[delta.number] if delta.number in self._kept else self._stored[delta.number]()

    def record(self, before: Pixels, after: Pixels, within: Box | None = None) -> Delta | None:
        """Remember how ``before`` became ``after``; None where nothing changed.

        Args:
            before: (H, W).
            after: the same shape.
            within: (x, y, width, height) outside of which nothing changed; makes it faster.
        """
        box = differing_box(before, after, within)
        if not box[2]:
            return None
        return self.record_change(box, np.bitwise_xor(before[part_of(box)], after[part_of(box)]), before.shape)

    def record_change(self, box: Box, change: Pixels, shape: tuple[int, ...]) -> Delta:
        """Remember that in a box of a picture of ``shape`` exclusive-or with ``change`` (h, w) was made."""
        data = zlib.compress(change.data, _LEVEL)
        delta = Delta(next(self._numbers), box, shape)
        self._kept[delta.number] = data
        self._bytes += len(data)
        self._make_room()
        return delta

    def apply(self, delta: Delta, pixels: Pixels) -> Box:
        """Undo or redo one change in ``pixels`` itself; the box (x, y, width, height) where it did.

        Applied to the picture as it was after the change it gives the one before, and the other way round.

        Raises:
            FgbgError: what lay on the disk cannot be read; ``pixels`` are as they were.
        """
        assert pixels.shape == delta.shape
        x, y, width, height = delta.box
        part = pixels[y : y + height, x : x + width]
        change = np.frombuffer(zlib.decompress(self.data(delta)), np.uint8).reshape(part.shape)
        np.bitwise_xor(part, change, out=part)
        return delta.box

    def forget(self, deltas: Sequence[Delta]) -> None:
        """Let go of changes that can no longer be undone or redone."""
        for delta in deltas:
            self._bytes -= len(self._kept.pop(delta.number, b""))
            self._stored.pop(delta.number, None)

    def _make_room(self) -> None:
        for number in [number for number in self._kept if number in self._stored]:
            if self._bytes <= self.limit:
                return
            self._bytes -= len(self._kept.pop(number))


class Before:
    """What pictures (H, W) of one size are before they change; only the tiles are copied that are about to.

    Attributes:
        kept: the pictures as they were, one for each; only where `keep` was told of are they of use.
    """

    def __init__(self, *pictures: Pixels) -> None:
        self._pictures = pictures
        self.kept = tuple(np.empty_like(picture) for picture in pictures)  # memory is taken where it is written to
        height, width = pictures[0].shape
        self._copied = np.zeros((-(-height // _TILE), -(-width // _TILE)), np.bool_)

    def keep(self, box: Box) -> None:
        """What lies in the box (x, y, width, height), or next to it, is about to change or to be asked for."""
        x, y, width, height = clipped(box, self._pictures[0].shape)
        rows, columns = slice(y // _TILE, -(-(y + height) // _TILE)), slice(x // _TILE, -(-(x + width) // _TILE))
        for number in np.argwhere(~self._copied[rows, columns]):
            row, column = number[0] + rows.start, number[1] + columns.start
            tile = np.s_[row * _TILE : (row + 1) * _TILE, column * _TILE : (column + 1) * _TILE]
            for kept, picture in zip(self.kept, self._pictures, strict=True):
                kept[tile] = picture[tile]
        self._copied[rows, columns] = True

    def put_back(self, box: Box) -> None:
        """Make the pictures what they were, inside the box."""
        self.keep(box)
        for kept, picture in zip(self.kept, self._pictures, strict=True):
            picture[part_of(box)] = kept[part_of(box)]


def differing_box(one: Pixels, other: Pixels, within: Box | None = None) -> Box:
    """The box (x, y, width, height) around all pixels that differ in two pictures (H, W); all 0 where none do.

    ``within`` is a box outside of which none do, and makes it faster.
    """
    x, y, width, height = within or (0, 0, one.shape[1], one.shape[0])
    if not width or not height:
        return 0, 0, 0, 0
    rows = max(_BAND // width, 1)
    differs, boxes = np.empty((min(rows, height), width), np.uint8), list[Box]()
    for top in range(y, y + height, rows):
        part = slice(top, min(top + rows, y + height)), slice(x, x + width)
        band = differs[: part[0].stop - top]
        np.bitwise_xor(one[part], other[part], out=band)
        left, above, wide, high = map(int, cv2.boundingRect(band))
        boxes.append((x + left, top + above, wide, high))
    return union(*boxes)
