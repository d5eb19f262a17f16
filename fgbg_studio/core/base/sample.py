"""What passes along the road from plan to file: a sample, a foreground at one size, a composite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, apart, union

_WORTH = 1 << 12  # pixels: to count so many more costs no more than another box


class PlacedObject(NamedTuple):
    """One foreground of a composite to be: who, where, and how large.

    ``x``, ``y``, ``width`` and ``height`` are its box in pixels of the composite, of a further object perhaps partly
    beyond the frame, ``layer`` its depth layer (0 the nearest, -1 for none), ``scale`` its height over the cutout's
    own.
    """

    foreground: int
    mirrored: bool
    x: int
    y: int
    width: int
    height: int
    layer: int
    scale: float

    @property
    def box(self) -> Box:
        """Where it is, in pixels of the composite."""
        return self[2:6]


class Sample(NamedTuple):
    """One composite to be: its background, and on it at least one object.

    ``objects`` are in the order in which they are laid down: a later one hides those before it. ``named`` is the place
    among them of the one that the plan knows the sample by.
    """

    number: int
    background: int
    k: int
    objects: tuple[PlacedObject, ...]
    named: int = 0

    @property
    def first(self) -> PlacedObject:
        """The object that names the sample: its foreground and side are in names, rows and labels."""
        return self.objects[self.named]

    @property
    def indices(self) -> tuple[int, ...]:
        """Of each object its value in the index map: 1 for the first, from 2 on for the others, far to near."""
        named = self.named
        return tuple([1 if at == named else at + 2 if at < named else at + 1 for at in range(len(self.objects))])

    @property
    def identity(self) -> tuple[int, int, bool, int]:
        """Background, foreground, mirrored, k: what no other sample of the plan has."""
        first = self.first
        return self.background, first.foreground, first.mirrored, self.k

    @property
    def box(self) -> Box:
        """The least box around all objects; of the composite more may differ from its background: `Composite.box`."""
        objects = self.objects
        return objects[0].box if len(objects) == 1 else union(*(one.box for one in objects))

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Of each object."""
        return tuple(one.box for one in self.objects)


class Patch(NamedTuple):
    """A foreground at one size, ready to be laid down.

    ``colour`` is (h, w[, 3]) uint8, multiplied by alpha (plain with hard edges and for `core.compose.looks`); ``rest``
    its 255 − alpha on as many channels (there on one); ``mask`` (h, w) 0 or 255; ``solid`` mask as bool; ``white`` how
    many pixels that is, and ``tight`` the least box around them, empty where there are none. ``uncut`` is the
    whole, of which the frame cuts something off, in its place beyond the frame's edge; None of what it does not cut.
    """

    colour: Pixels
    rest: Pixels
    mask: Pixels
    solid: NDArray[np.bool_]
    white: int
    tight: Box = (0, 0, 0, 0)
    uncut: PlacedPatch | None = None

    @property
    def beyond(self) -> int:
        """How many pixels more are solid beyond the frame's edge."""
        return 0 if self.uncut is None else self.uncut.patch.white - self.white

    @property
    def size(self) -> int:
        """Bytes."""
        return self.colour.nbytes + self.rest.nbytes + self.mask.nbytes + self.solid.nbytes


class PlacedPatch(NamedTuple):
    """A patch with its upper left corner at (x, y), wholly inside the frame but for `Patch.uncut`."""

    patch: Patch
    x: int
    y: int

    @property
    def box(self) -> Box:
        """Where it is, in pixels of the composite."""
        height, width = self.patch.mask.shape
        return self.x, self.y, width, height

    @property
    def tight(self) -> Box:
        """The least box around its solid pixels, in pixels of the composite; all 0 where none is."""
        return _moved(self.patch.tight, self)


@dataclass(frozen=True, eq=False)
class Composite:
    """A sample as it was laid down; what is known of all its objects together is found once.

    Attributes:
        image: (S, S, 3) or (S, S) uint8.
        patches: what is seen of the objects where only the background hides them, laid down in this order; at least
            one.
        whole: the objects where nothing hides them.
        contacts: the depths at which they stand, where they had to be known to lay them down; else empty.
        around: boxes of what else of the image may differ from its background: shadows, edges softer than cut.
    """

    image: Pixels
    patches: tuple[PlacedPatch, ...]
    whole: tuple[PlacedPatch, ...] = ()
    contacts: tuple[float, ...] = ()
    around: tuple[Box, ...] = ()

    @property
    def touched(self) -> tuple[Box, ...]:
        """Boxes, of which some may overlap, around all that may differ from the background."""
        return (*[one.box for one in self.patches], *self.around)

    @cached_property
    def boxes(self) -> Sequence[Box]:
        """The same as boxes of which no two have a pixel in common, as few as are worth it."""
        touched = self.touched
        return touched if len(touched) == 1 else apart(touched, _WORTH)

    @property
    def box(self) -> Box:
        """The least box around all of that."""
        return union(*self.boxes)

    @cached_property
    def seen(self) -> Sequence[NDArray[np.bool_]]:
        """Of each object, (h, w) bool, its solid pixels that are seen; not to be written to."""
        return visible(self.patches)

    @cached_property
    def areas(self) -> Sequence[int]:
        """How many pixels are seen of each object."""
        both = zip(self.seen, self.patches, strict=True)
        return [one.patch.white if seen is one.patch.solid else int(np.count_nonzero(seen)) for seen, one in both]

    @property
    def mask(self) -> Pixels:
        """(S, S) uint8, 255 where an object is solid, 0 elsewhere; made at each call."""
        mask = np.zeros(self.image.shape[:2], np.uint8)
        cropped, x, y = self.cropped_mask
        height, width = cropped.shape
        mask[y : y + height, x : x + width] = cropped
        return mask

    def indices(self, values: Sequence[int]) -> Pixels:
        """(S, S) uint8, which object is seen where: the value of each, 0 for none; made at each call."""
        whole = np.zeros(self.image.shape[:2], np.uint8)
        part, x, y = index_map(self.patches, values)
        whole[y : y + part.shape[0], x : x + part.shape[1]] = part
        return whole

    @property
    def cropped_mask(self) -> tuple[Pixels, int, int]:
        """The mask in the least box around all objects, (h, w) uint8, and that box's x and y."""
        patches = self.patches
        if len(patches) == 1:
            patch, x, y = patches[0]
            return patch.mask, x, y
        left, top, width, height = union(*(one.box for one in patches))
        mask = np.zeros((height, width), np.uint8)
        for patch, x, y in patches:
            high, wide = patch.mask.shape
            mask[y - top : y - top + high, x - left : x - left + wide] |= patch.mask
        return mask, left, top

    @property
    def tight(self) -> Box:
        """The least box around all that is 255 in the mask, in pixels of the composite; without width where none is."""
        patches = self.patches
        return patches[0].tight if len(patches) == 1 else union(*[one.tight for one in patches])

    @property
    def white(self) -> int:
        """How many pixels of the mask are 255."""
        patches = self.patches
        return patches[0].patch.white if len(patches) == 1 else sum(self.areas)


def box_seen(seen: NDArray[np.bool_], placed: PlacedPatch) -> Box:
    """The least box around what is ``seen`` of an object, (h, w), in pixels of the composite; all 0 where none is."""
    if seen is placed.patch.solid:
        return placed.tight
    x, y, width, height = cv2.boundingRect(seen.view(np.uint8))
    return _moved((x, y, width, height), placed)


def _moved(box: Box, placed: PlacedPatch) -> Box:
    x, y, width, height = box
    return (placed.x + x, placed.y + y, width, height) if width else (0, 0, 0, 0)


def index_map(patches: Sequence[PlacedPatch], indices: Sequence[int]) -> tuple[Pixels, int, int]:
    """Which object is seen where, in the least box around all: (h, w) uint8, 0 for none, and that box's x and y.

    ``indices`` are the objects' values, 1 to 255.
    """
    left, top, width, height = union(*(one.box for one in patches))
    found = np.zeros((height, width), np.uint8)
    for (patch, x, y), index in zip(patches, indices, strict=True):
        high, wide = patch.solid.shape
        found[y - top : y - top + high, x - left : x - left + wide][patch.solid] = index
    return found, left, top


def visible(patches: Sequence[PlacedPatch]) -> list[NDArray[np.bool_]]:
    """Of each patch, (h, w) bool, the solid pixels that no later one's solid pixels hide; not to be written to."""
    return [seen_of(one, patches[at + 1 :]) for at, one in enumerate(patches)]


def seen_of(one: PlacedPatch, nearer: Sequence[PlacedPatch]) -> NDArray[np.bool_]:
    """As `visible`, of one patch alone."""
    solid, x, y = one.patch.solid, one.x, one.y
    height, width = solid.shape
    seen = solid
    for patch, left, top in nearer:
        high, wide = patch.solid.shape
        first, last = max(x, left), min(x + width, left + wide)
        above, below = max(y, top), min(y + height, top + high)
        if first < last and above < below:
            seen = seen.copy() if seen is solid else seen
            seen[above - y : below - y, first - x : last - x] &= ~patch.solid[
                above - top : below - top, first - left : last - left
            ]
    return seen
