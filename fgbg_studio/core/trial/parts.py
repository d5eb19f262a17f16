"""Which samples of a dataset a trial trains on, and which it judges by."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.splits import NAMES, Splits, SplitSettings, compared, drawn, read_splits

TRAIN, *JUDGED = NAMES
_HELD_OUT = 10  # every so many, of a dataset whose names say nothing of its pictures


@dataclass(frozen=True)
class Parts:
    """The samples of a dataset by their split.

    Attributes:
        numbers: by the name of the split, ascending.
        origin: what the splits are by, as a clause: the dataset's own, drawn for the trial, or by sample alone.
    """

    numbers: dict[str, Ints]
    origin: str

    def __getitem__(self, name: str) -> Ints:
        return self.numbers[name]

    @property
    def train(self) -> Ints:
        """Those that are trained on."""
        return self.numbers[TRAIN]

    @property
    def judged(self) -> dict[str, Ints]:
        """Those that are not, where there are some."""
        return {name: self.numbers[name] for name in JUDGED if len(self.numbers[name])}


def parts_of(contents: Contents, seed: int) -> Generator[Progress, None, Parts]:
    """The dataset's own splits; where it has none they are drawn as `split` would by default, and not written.

    A dataset whose names do not say who stands on what is split by sample: then ``seen`` is all there is, and it says
    little.

    Raises:
        DatasetError: its splits are damaged, or it is not finished.
        UsageError: there is nothing to train on.
    """
    if not contents.backgrounds:
        numbers = np.asarray(contents.numbers(), np.int64)
        held = np.random.default_rng(seed).permutation(len(numbers)) % _HELD_OUT == 0
        found = {TRAIN: numbers[~held], "seen": numbers[held]}
        whence = "by sample alone: its names do not say who stands on what, and samples of one picture are in both"
        return _trainable(contents, {name: found.get(name, numbers[:0]) for name in NAMES}, whence)
    splits, whence = read_splits(contents), "the dataset's own"
    if splits is None:
        pictured = yield from compared(contents)
        splits = yield from drawn(pictured, SplitSettings(seed=seed))
        whence = "drawn for this trial: the dataset has none of its own"
    return _trainable(contents, by_name(splits), whence)


def by_name(splits: Splits) -> dict[str, Ints]:
    """The numbers of each split."""
    return {name: splits.numbers(name) for name in NAMES}


def _trainable(contents: Contents, numbers: dict[str, Ints], origin: str) -> Parts:
    if not len(numbers[TRAIN]):
        raise UsageError(f"{contents.path} has no samples to train on", "Hold out less of its pictures")
    return Parts(numbers, origin)


def evenly(numbers: Ints, count: int) -> Ints:
    """At most ``count`` of them, evenly from all; 0 gives all."""
    if not count or count >= len(numbers):
        return numbers
    places = np.linspace(0, len(numbers) - 1, count).round().astype(np.int64)
    return numbers[places]
