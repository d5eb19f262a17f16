"""Batches of samples as numpy arrays: read ahead by threads, in a drawn order if one is wanted.

What takes time, reading and decoding, is done by libraries that let other threads run meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.ahead import done_ahead
from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.plan.keyed import mix
from fgbg_studio.loaders.samples import LoadedSample, LoadedSamples, open_samples

USUAL = ("image", "mask", "depth")
"""The pictures that are read where nobody says which."""


class LoadedBatch(NamedTuple):
    """B samples; what the dataset has not, or nobody asked for, is None.

    Attributes:
        names: of the samples.
        image: (B, H, W, 3) uint8; of grey composites (B, H, W, 1).
        mask: (B, H, W) bool.
        depth: (B, h, w) float32, as `LoadedSample.depth`, but 0 where there is no value.
        valid: (B, h, w) bool, where depth has a value.
        instances: (B, H, W) uint8.
        intrinsics: (B, 3, 3) float32.
        backgrounds: the names of their backgrounds, empty where they are not known.
        foregrounds: of their first objects' pictures, likewise.
    """

    names: tuple[str, ...]
    image: NDArray[Any] | None
    mask: NDArray[np.bool_] | None
    depth: NDArray[np.float32] | None
    valid: NDArray[np.bool_] | None
    instances: NDArray[np.uint8] | None
    intrinsics: NDArray[np.float32] | None
    backgrounds: tuple[str, ...]
    foregrounds: tuple[str, ...]


class LoadedBatches(Iterable[LoadedBatch]):
    """The samples of a dataset in batches; made by `batches`. Each walk is one epoch, the first the epoch 0.

    Attributes:
        samples: of which they are.
        size: samples a batch; the last may have fewer.
    """

    def __init__(
        self, samples: LoadedSamples, size: int, seed: int | None, threads: int, ahead: int, *, whole: bool
    ) -> None:
        if size < 1 or threads < 1 or ahead < 1:
            raise UsageError("a batch has at least one sample, and at least one thread reads ahead", "Give 1 or more")
        self.samples, self.size = samples, size
        self._seed, self._threads, self._ahead, self._whole = seed, threads, ahead, whole
        self._epoch = 0

    def __len__(self) -> int:
        """How many batches an epoch has."""
        count = len(self.samples)
        return count // self.size if self._whole else -(-count // self.size)

    @override
    def __iter__(self) -> Iterator[LoadedBatch]:
        epoch, self._epoch = self._epoch, self._epoch + 1
        return self.epoch(epoch)

    def epoch(self, number: int) -> Iterator[LoadedBatch]:
        """The batches of one epoch, which are the same each time.

        Raises:
            PictureError: a file is missing or damaged.
            UsageError: the samples of a batch differ in size, or one has not what others have.
        """
        order = drawn_order(len(self.samples), self._seed, number)
        parts = (order[at * self.size : (at + 1) * self.size] for at in range(len(self)))
        return done_ahead(self.read, parts, self._threads, self._ahead)

    def read(self, indices: Sequence[int] | Ints) -> LoadedBatch:
        """The batch of these samples, at once."""
        return stacked(list(self.samples.some(indices)))


def batches(
    path: Path | str, size: int = 32, *, split: str | None = None, seed: int | None = None,
    kinds: Sequence[str] = USUAL, threads: int = 2, ahead: int = 4, whole: bool = False,
    exact: bool = True,
) -> LoadedBatches:  # fmt: skip
    """The samples of a dataset in batches of numpy arrays, to be walked once an epoch.

    Args:
        path: of the dataset.
        size: samples a batch.
        split: as for `open_samples`.
        seed: of the order, another one in each epoch; None for the dataset's own order.
        kinds: which pictures are read, as for `open_samples`.
        threads: that read at the same time.
        ahead: batches that are read before they are asked for.
        whole: whether a last batch of fewer samples is left out.
        exact: as for `open_samples`.

    Raises:
        DatasetError: there is no dataset, or it is damaged.
        UsageError: there is no such split or kind.
    """
    return LoadedBatches(open_samples(path, split, kinds, exact), size, seed, threads, ahead, whole=whole)


def drawn_order(count: int, seed: int | None, epoch: int) -> Ints:
    """(count,) int64: the numbers below ``count`` as they follow each other in an epoch."""
    places = np.arange(count, dtype=np.uint64)
    if seed is None:
        return places.astype(np.int64)
    start = mix(mix(np.array([seed], np.uint64)) + np.uint64(epoch))
    return np.argsort(mix(places + start), kind="stable")


def stacked(samples: Sequence[LoadedSample]) -> LoadedBatch:
    """These samples, at least one, as a batch.

    Raises:
        UsageError: they differ in size, or one has not what others have.
    """
    depths = [one.depth for one in samples]
    return LoadedBatch(
        tuple([one.name for one in samples]),
        _stack(samples, "image", lambda one: one if one.ndim == 3 else one[..., None]),
        _stack(samples, "mask"),
        None if depths[0] is None else np.nan_to_num(_whole(_stack(samples, "depth")), copy=False, nan=0.0),
        _stack(samples, "valid"),
        _stack(samples, "instances"),
        None if samples[0].intrinsics is None else _whole(_stack(samples, "intrinsics")).astype(np.float32),
        tuple([one.background for one in samples]),
        tuple([one.foreground for one in samples]),
    )


def _stack(samples: Sequence[LoadedSample], field: str, shaped: Callable[[Any], Any] = lambda one: one) -> Any:
    parts = [getattr(one, field) for one in samples]
    if all(part is None for part in parts):
        return None
    for sample, part in zip(samples, parts, strict=True):
        if part is None:
            raise UsageError(f"the sample {sample.name} has no {field}, as others have", "Say which 'kinds' are wanted")
    parts = [shaped(part) for part in parts]
    odd = next((at for at, part in enumerate(parts) if part.shape != parts[0].shape), None)
    if odd is not None:
        shapes = f"{parts[odd].shape}, and not {parts[0].shape} as that of {samples[0].name}"
        raise UsageError(f"the {field} of {samples[odd].name} is {shapes}", "Read batches of one sample")
    return np.stack(parts)


def _whole(array: Floats | None) -> Any:
    assert array is not None
    return array
