"""What every sample of a dataset measures: read from ``samples.csv`` where there is one, the rest from the files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.cores import allowed_cores
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.outside import lines_of
from fgbg_studio.core.base.processes import in_processes
from fgbg_studio.core.base.progress import Progress, Rate
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.open_contents import MANY, opened
from fgbg_studio.core.dataset.record import ROWS, Dataset
from fgbg_studio.core.imaging.codecs import small_grey

_STEP = 4000
_FILES = 64
_WHITE = 127
_ROW_NAMES = ("visible", "contact_depth", "object_x", "object_y", "object_width", "object_height", "layer")


class Quantity(NamedTuple):
    """What is measured: its name, and its unit (%, m, px or none)."""

    name: str
    unit: str = ""


COVERAGE, HEIGHT = Quantity("coverage", "%"), Quantity("height", "px")
ACROSS, FEET = Quantity("across", "px"), Quantity("feet", "px")
BRIGHTNESS, LAYER = Quantity("brightness", "%"), Quantity("layer")


@dataclass
class Measures:
    """One value of each quantity for each sample.

    Attributes:
        numbers: (n,) int64, the samples.
        values: quantity → (n,) float32; NaN where it is not known, or not measured yet.
        left: what only the files tell, and is measured by `from_files`.
    """

    numbers: Ints
    values: dict[Quantity, NDArray[np.float32]] = field(default_factory=dict)
    left: tuple[Quantity, ...] = ()


def depth_of(contents: Contents) -> Quantity:
    """The object's depth in the dataset's unit: metres, 0..1, or stored values where nobody says what they are."""
    return Quantity("depth", contents.reading.unit) if contents.reading.encoding else Quantity("stored depth")


def from_rows(contents: Contents) -> Iterator[Progress | Measures]:
    """What ``samples.csv`` says of a dataset of this program; of others, and of unfinished ones, nothing is known yet.

    Coverage is the visible pixels in percent of the frame; height, across (the middle) and feet (the lowest row) are of
    the object's own box in pixels; depth is where it touches the ground. 400,000 rows take 10 MB.

    Yields progress, and at last the `Measures`.
    """
    numbers = np.asarray(contents.numbers(), np.int64)
    made = Measures(numbers)
    dataset = contents.dataset
    there = dataset is not None and dataset.complete and contents.path.is_dir() and (contents.path / ROWS).is_file()
    if dataset is not None and there and len(numbers) == dataset.samples:
        made.numbers = np.concatenate(list(dataset.numbers()))
        yield from _read(contents, dataset, made)
    depth = (depth_of(contents),) if "depth" in contents.sample_kinds else ()
    of_mask = (COVERAGE, *depth, HEIGHT, ACROSS, FEET) if "mask" in contents.sample_kinds else ()
    of_image = (BRIGHTNESS,) if "fg_bg" in contents.sample_kinds else ()
    made.left = of_image if COVERAGE in made.values else (*of_mask, *of_image)
    for quantity in made.left:
        made.values[quantity] = np.full(len(made.numbers), np.nan, np.float32)
    yield made


def _read(contents: Contents, dataset: Dataset, made: Measures) -> Iterator[Progress]:
    count = len(made.numbers)
    with closing(lines_of(contents.path / ROWS)) as lines:
        rows = csv.reader(lines)
        head = next(rows, [])
        if not set(_ROW_NAMES) <= set(head):  # of an earlier version
            return
        places = [head.index(name) for name in _ROW_NAMES]
        table = np.full((count, len(places)), np.nan, np.float32)
        for number, row in enumerate(rows):
            if number < count and len(row) > max(places):
                table[number] = [_number(row[place]) for place in places]
            if number % _STEP == 0:
                yield Progress("reading rows", number, count)
    visible, depth, x, y, width, height, layer = table.T
    seen = height > 0
    found: dict[Quantity, NDArray[Any]] = {
        COVERAGE: 100 * visible / dataset.recipe.settings.size**2,
        depth_of(contents): depth,
        HEIGHT: np.where(seen, height, np.nan),
        ACROSS: np.where(seen, x + width / 2, np.nan),
        FEET: np.where(seen, y + height, np.nan),
        LAYER: np.where(layer >= 0, layer + 1, np.nan),
    }
    made.values = {name: values.astype(np.float32) for name, values in found.items() if not np.isnan(values).all()}


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan


def from_files(contents: Contents, made: Measures) -> Iterator[Progress]:
    """Measure what is `Measures.left`, sample by sample, into the arrays that are there; yields progress.

    Depth is the middle one of the object's pixels, brightness the mean of the composite in percent of white. What
    cannot be read stays NaN. Many are measured by other processes: beside a window a thread would take its turns.
    """
    rate, count, done = Rate(0), len(made.numbers), 0
    measurer, processes = FileMeasurer(contents.path, made.left), allowed_cores() if count >= MANY else 1
    if processes == 1:
        measurer.contents = contents
    parts = (made.numbers[start : start + _FILES] for start in range(0, count, _FILES))
    for found in in_processes(measurer, parts, processes):
        if found is None:
            continue
        rows = slice(done, done + found.shape[1])
        for quantity, values in zip(made.left, found, strict=True):
            made.values[quantity][rows] = values
        done = rows.stop
        yield Progress("measuring", done, count, *rate.update(done, count))
    yield Progress("measuring", count, count)


class FileMeasurer:
    """Measures samples of a dataset on their files; sent to a process, it opens the dataset there."""

    def __init__(self, path: Path, left: tuple[Quantity, ...]) -> None:
        self._path, self._left = path, left

    @cached_property
    def contents(self) -> Contents:
        """The dataset."""
        return opened(self._path)

    def __call__(self, numbers: Ints) -> NDArray[np.float32]:
        """Of these samples: (quantities, samples), NaN where something cannot be read."""
        made = np.full((len(self._left), len(numbers)), np.nan, np.float32)
        depth = depth_of(self.contents)
        for column, number in enumerate(numbers.tolist()):
            found = {BRIGHTNESS: _brightness(self.contents, number)} if BRIGHTNESS in self._left else {}
            if COVERAGE in self._left:
                found |= _object(self.contents, number, depth)
            for row, quantity in enumerate(self._left):
                made[row, column] = found.get(quantity, np.nan)
        return made


def _brightness(contents: Contents, number: int) -> float:
    try:
        return float(small_grey(contents.read("fg_bg", number), contents.name("fg_bg", number)).mean()) / 2.55
    except (FgbgError, OSError):
        return np.nan


def _object(contents: Contents, number: int, depth: Quantity) -> dict[Quantity, float]:
    try:
        mask = contents.pixels("mask", number)
        plane = mask if mask.ndim == 2 else mask[..., 0]
        white = (plane > (_WHITE if plane.dtype == np.uint8 else _WHITE * 257)).astype(np.uint8)
        x, y, width, height = cv2.boundingRect(white)
        found = {COVERAGE: 100 * float(white.mean())}
        if not height:
            return found
        found |= {HEIGHT: float(height), ACROSS: x + width / 2, FEET: float(y + height)}
        if "depth" in contents.sample_kinds:
            picture = contents.pixels("depth", number)
            stored = picture if picture.ndim == 2 else picture[..., 0]
            if stored.shape != white.shape:
                white = np.asarray(cv2.resize(white, stored.shape[1::-1], interpolation=cv2.INTER_NEAREST), np.uint8)
            values = contents.reading.encoding.restore(stored) if contents.reading.encoding else stored
            inside = values[white > 0]
            found[depth] = float(np.nanmedian(inside)) if inside.size and not np.isnan(inside).all() else np.nan
    except (FgbgError, OSError):
        return {}
    return found
