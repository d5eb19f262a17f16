"""Mean and σ of what is trained with, and of nothing else: what a training script subtracts and divides by.

Every stored value is counted in a histogram, so that the sums are exact whatever the number of pictures, processes and
their order. Depth is restored from the values: in metres, and only where there is a value.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Histogram
from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.base.processes import in_processes
from fgbg_studio.core.base.progress import Progress, Rate
from fgbg_studio.core.base.seal import sealed, unsealed
from fgbg_studio.core.dataset.inspect.contents import Contents, DepthReading
from fgbg_studio.core.dataset.inspect.counted import processes_for
from fgbg_studio.core.dataset.inspect.open_contents import open_contents, opened
from fgbg_studio.core.dataset.notes import Count, Value
from fgbg_studio.core.dataset.record import disk_trouble
from fgbg_studio.core.dataset.split_card import put_on_card
from fgbg_studio.core.dataset.split_files import NORMALISATION, store_of_splits
from fgbg_studio.core.dataset.splits import NAMES, Splits, dataset_key, read_splits, stored_beside
from fgbg_studio.core.dataset.target import holding
from fgbg_studio.core.imaging.codecs import decode

_AT_ONCE = 256
LIBRARIES = ("torchvision", "albumentations", "keras")


class Moments(NamedTuple):
    """Of each channel, and how many pixels that is of."""

    mean: tuple[float, ...]
    std: tuple[float, ...]
    pixels: int


@dataclass(frozen=True)
class Normalisation:
    """What a training script needs.

    Attributes:
        split: what it is of: ``train``, or ``all`` of a dataset that is not split.
        samples: how many these are.
        image: of the composites, 0..1, by channel (R G B).
        depth: of the valid pixels; None where there is no depth.
        unit: of depth: 'm'; empty where it has none, as relative depth, and of other hands' depth, whose stored
            values are taken as 0..1.
    """

    split: str
    samples: int
    image: Moments
    depth: Moments | None
    unit: str

    def report(self) -> dict[str, Any]:
        """What ``normalise --json`` prints."""
        depth = None
        if self.depth is not None:
            (mean,), (std,), pixels = self.depth
            depth = {"mean": mean, "std": std, "unit": self.unit, "pixels": pixels}
        mean3, std3, pixels3 = self.image
        image = {"mean": mean3, "std": std3, "scale": "0..1", "pixels": pixels3}
        return {"of": self.split, "samples": self.samples, "fg_bg": image, "depth": depth}

    def said(self) -> str:
        """The figures in words."""
        of = "all samples, as the dataset is not split" if self.split == "all" else f"the split {self.split!r}"
        mean, std, _ = self.image
        text = f"of {self.samples:,} samples ({of})\ncomposites, 0..1: mean {_list(mean)}, σ {_list(std)}"
        if self.depth is None:
            return text
        unit = f" {self.unit}" if self.unit else ""
        (middle,), (spread,), _ = self.depth
        return f"{text}\ndepth, valid pixels: mean {middle:.6g}{unit}, σ {spread:.6g}{unit}"

    def lines(self, library: str) -> str:
        """Ready lines of Python for one of `LIBRARIES`."""
        mean, std, _ = self.image
        means, stds = _list(mean), _list(std)
        if library == "torchvision":
            text = f"""\
import torch
from torchvision.transforms import v2

transform = v2.Compose([
    v2.ToImage(), v2.ToDtype(torch.float32, scale=True),
    v2.Normalize(mean={means}, std={stds}),
])"""
        elif library == "albumentations":
            text = f"""\
import albumentations as A

transform = A.Normalize(mean={means}, std={stds}, max_pixel_value=255.0)"""
        else:
            variance = _list([one * one for one in std])
            text = f"""\
import keras

normalise = keras.Sequential([
    keras.layers.Rescaling(1 / 255),
    keras.layers.Normalization(axis=-1, mean={means}, variance={variance}),
])"""
        return text if self.depth is None else f"{text}\n\n\n{self._depth_lines()}"

    def _depth_lines(self) -> str:
        assert self.depth is not None
        (mean,), (std,), _ = self.depth
        said = "in metres; only where there is a value" if self.unit else "only where there is a value"
        return f"def normalised_depth(depth):  # {said}\n    return (depth - {mean:.6g}) / {std:.6g}"


def _list(values: Sequence[float]) -> str:
    return f"[{', '.join(f'{value:.6g}' for value in values)}]"


def normalise(path: Path) -> Iterator[Progress | Normalisation]:
    """Measure what is trained with in the dataset at ``path``: its split ``train``, or all where it is not split.

    It is kept in the dataset's folder ``splits`` until that is split anew: see `read_normalisation`.

    Yields:
        Progress, and at last the `Normalisation`.

    Raises:
        DatasetError: there is no dataset, it has no composites or nothing to train with; its splits are damaged.
        PictureError: a picture is missing or damaged.
    """
    contents = yield from open_contents(path)
    splits = read_splits(contents)
    numbers = np.asarray(contents.numbers() if splits is None else splits.numbers(NAMES[0]), np.int64)
    if not len(numbers) or "fg_bg" not in contents.counts:
        raise DatasetError(f"{path} has no composites to train with", "Give the dataset's folder")
    parts = [(path, numbers[at : at + _AT_ONCE].tolist()) for at in range(0, len(numbers), _AT_ONCE)]
    whole, done, rate = _Counts(), 0, Rate(0)
    for part in in_processes(_count, parts, processes_for(2 * len(numbers), 0)):
        if part is not None:
            whole.merge(part)
            done += part.samples
        yield Progress("measuring what is trained with", done, len(numbers), *rate.update(done, len(numbers)))
    found = whole.moments(contents, "all" if splits is None else NAMES[0])
    store = store_of_splits(contents.path)
    with disk_trouble(store):
        store.put(NORMALISATION, sealed(f"{json.dumps(_note(contents, splits, found), indent=1)}\n"))
        if contents.dataset is not None and contents.dataset.complete and contents.path.is_dir() and splits:
            with holding(contents.dataset.store):
                put_on_card(contents.dataset.store)
    yield found


def read_normalisation(contents: Contents, splits: Splits | None) -> Normalisation | None:
    """What was measured of a dataset with these splits; None where nothing was, or of other samples, or is damaged."""
    try:
        data = stored_beside(contents, NORMALISATION)
        note = None if data is None else _Note.model_validate(unsealed(data))
    except (OSError, ValueError, PictureError):
        return None
    if note is None or (note.dataset, note.digest) != _known_by(contents, splits):
        return None
    image, depth = note.image.moments(), note.depth.moments() if note.depth else None
    return Normalisation(note.of, note.samples, image, depth, note.unit)


def _known_by(contents: Contents, splits: Splits | None) -> tuple[str, str]:
    return dataset_key(contents), splits.digest if splits else ""


def _note(contents: Contents, splits: Splits | None, found: Normalisation) -> dict[str, Any]:
    dataset, digest = _known_by(contents, splits)
    return {
        "of": found.split, "samples": found.samples, "unit": found.unit, "image": found.image._asdict(),
        "depth": found.depth._asdict() if found.depth else None, "dataset": dataset, "digest": digest,
    }  # fmt: skip


class _MomentsNote(FrozenModel):
    mean: tuple[Value, ...]
    std: tuple[Value, ...]
    pixels: Count

    def moments(self) -> Moments:
        return Moments(self.mean, self.std, self.pixels)


class _Note(FrozenModel):
    """The file as it is read back."""

    of: str
    samples: Count
    unit: str
    image: _MomentsNote
    depth: _MomentsNote | None
    dataset: str
    digest: str


class _Counts:
    """How many pixels have which value: ``image`` by channel, of 8 bits, and ``depth``, of 8 or 16."""

    def __init__(self) -> None:
        self.samples, self.image = 0, list[Histogram]()
        self.depth: Histogram | None = None

    def add(self, image: NDArray[Any], depth: NDArray[Any] | None) -> None:
        """Count one sample as it is stored."""
        self.samples += 1
        if image.dtype != np.uint8 or (depth is not None and depth.dtype not in (np.uint8, np.uint16)):
            raise DatasetError("some pictures are not of 8 bits, or depth not of 8 or 16", "See 'stats' for which")
        planes = [image] if image.ndim == 2 else [image[..., channel] for channel in range(min(image.shape[2], 3))]
        counts = [np.bincount(plane.ravel(), minlength=256) for plane in planes]
        self._add_image(counts)
        if depth is not None:
            plane = depth if depth.ndim == 2 else depth[..., 0]
            self._add_depth(np.bincount(plane.ravel(), minlength=1 << 16 if plane.dtype == np.uint16 else 256))

    def merge(self, other: _Counts) -> None:
        """Take in what another process has counted."""
        self.samples += other.samples
        self._add_image(other.image)
        if other.depth is not None:
            self._add_depth(other.depth)

    def _add_image(self, counts: list[Histogram]) -> None:
        if self.image and len(self.image) != len(counts):
            raise DatasetError("some composites are in colour and others are not", "See 'stats' for which they are")
        self.image = [a + b for a, b in zip(self.image, counts, strict=True)] if self.image else list(counts)

    def _add_depth(self, counts: Histogram) -> None:
        if self.depth is not None and len(self.depth) != len(counts):
            raise DatasetError("some depth maps have 8 bits and others 16", "See 'stats' for which they are")
        self.depth = counts if self.depth is None else self.depth + counts

    def moments(self, contents: Contents, split: str) -> Normalisation:
        """What is said of all that was counted."""
        of = [_moments(np.arange(256) / 255, counts) for counts in self.image]
        image = Moments(tuple(mean for mean, _ in of), tuple(std for _, std in of), int(self.image[0].sum()))
        depth = None
        if self.depth is not None:
            values = _depths(contents.reading, len(self.depth))
            valid = np.isfinite(values)
            mean, std = _moments(values[valid], self.depth[valid])
            depth = Moments((mean,), (std,), int(self.depth[valid].sum()))
        return Normalisation(split, self.samples, image, depth, contents.reading.unit)


def _depths(reading: DepthReading, count: int) -> NDArray[np.float64]:
    """What each stored value says: (count,), NaN for no value."""
    if reading.encoding is None:
        return np.arange(count) / (count - 1)
    kind = np.uint16 if count > 256 else np.uint8
    restored = reading.encoding.restore(np.arange(count).astype(kind)[None])
    return np.asarray(restored[0], np.float64)


def _moments(values: NDArray[np.float64], counts: Histogram) -> tuple[float, float]:
    """Mean and σ of values that come so often."""
    total = int(counts.sum())
    if not total:
        return math.nan, math.nan
    mean = float((values * counts).sum() / total)
    return mean, math.sqrt(float(((values - mean) ** 2 * counts).sum() / total))


def _count(part: tuple[Path, list[int]]) -> _Counts:
    path, numbers = part
    contents, counts = _opened(path), _Counts()
    for sample in contents.stored(numbers, ("fg_bg", "depth")):
        pictures = {kind: decode(data, name) for kind, (name, data) in sample.files.items()}
        if "fg_bg" in pictures:
            counts.add(pictures["fg_bg"], pictures.get("depth"))
    return counts


@lru_cache(maxsize=1)
def _opened(path: Path) -> Contents:
    return opened(path)
