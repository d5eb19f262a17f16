"""Samples as columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.sample import PlacedObject, Sample

Flags = NDArray[np.bool_]


class ObjectColumns(NamedTuple):
    """One object of each of several samples: (n,) arrays, as `PlacedObject`'s fields."""

    foreground: Ints
    mirrored: Flags
    x: Ints
    y: Ints
    width: Ints
    height: Ints
    layer: Ints
    scale: Floats

    def of(self, rows: Ints) -> ObjectColumns:
        """Those of these rows."""
        f, flip, x, y, width, height, layer, scale = self
        box = x[rows], y[rows], width[rows], height[rows]
        return ObjectColumns(f[rows], flip[rows], *box, layer[rows], scale[rows])

    def joined(self, others: Iterable[ObjectColumns]) -> ObjectColumns:
        """These and then the others'."""
        f, flip, x, y, width, height, layer, scale = map(np.concatenate, zip(self, *others, strict=True))
        return ObjectColumns(f, flip, x, y, width, height, layer, scale)


@dataclass(frozen=True)
class SampleTable:
    """Samples as columns: (n,) arrays as `Sample`'s fields.

    ``objects`` has a set of columns for each object: the first of every sample, then further ones of those samples that
    have them, whose rows are in ``further``, ascending. ``depths`` say how far away the objects are, each as its
    columns, in metres by the camera; empty where every sample has one object.
    """

    number: Ints
    background: Ints
    k: Ints
    objects: tuple[ObjectColumns, ...]
    further: tuple[Ints, ...] = ()
    depths: tuple[Floats, ...] = ()

    def __len__(self) -> int:
        return len(self.background)

    def samples(self) -> list[Sample]:
        """The rows, each with its objects far to near; of two as far away the one whose feet are lower is nearer."""
        placed = [list(map(PlacedObject, *(column.tolist() for column in one))) for one in self.objects]
        columns = self.number.tolist(), self.background.tolist(), self.k.tolist()
        if not self.further:
            return list(map(Sample, *columns, zip(*placed, strict=True)))
        found = [
            [(-depth, one.y + one.height, 0, one)]
            for depth, one in zip(self.depths[0].tolist(), placed[0], strict=True)
        ]
        for number, (rows, depths, ones) in enumerate(zip(self.further, self.depths[1:], placed[1:], strict=True), 1):
            for row, depth, one in zip(rows.tolist(), depths.tolist(), ones, strict=True):
                found[row].append((-depth, one.y + one.height, number, one))
        samples = zip(*columns, found, strict=True)
        return [Sample(number, b, k, *_far_to_near(objects)) for number, b, k, objects in samples]


def _far_to_near(objects: list[tuple[float, int, int, PlacedObject]]) -> tuple[tuple[PlacedObject, ...], int]:
    """The objects of a sample in order, and the place of the one with the number 0."""
    objects.sort()
    return tuple([one for *_, one in objects]), [number for _, _, number, _ in objects].index(0)
