"""The splits of a dataset as exports write them: each its own files, and what mixes them left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.remedies import MakeSplits
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.splits import NAMES, NONE, leak_of_random, read_splits

TRAIN = NAMES[0]


class ExportedSplit(NamedTuple):
    """A split, of `NAMES`, and the numbers of its samples, of which there are some."""

    name: str
    numbers: Sequence[int]


@dataclass(frozen=True)
class ExportedSplits:
    """All of a dataset that is exported.

    Attributes:
        parts: those that have samples, in the order of `NAMES`.
        digest: what changes with the split of any sample; empty where the dataset has none.
        notes: sentences for a person: what is left out, or that a random split would leak.
    """

    parts: tuple[ExportedSplit, ...]
    digest: str = ""
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many samples there are in all of them."""
        return sum(len(part.numbers) for part in self.parts)


def exported_splits(contents: Contents) -> ExportedSplits:
    """The splits of a dataset; where it has none, all is to train with.

    Raises:
        DatasetError: its splits are damaged or of other samples, or no sample is in one.
    """
    splits = read_splits(contents)
    if splits is None:
        leak = leak_of_random(contents)
        said = f"There are no splits: all is '{TRAIN}'. {leak}. Split the dataset before it is exported."
        return ExportedSplits((ExportedSplit(TRAIN, contents.numbers()),), notes=(said,) if leak else ())
    parts = tuple(ExportedSplit(name, splits.numbers(name).tolist()) for name in NAMES if splits.counts[name])
    if not parts:
        raise DatasetError(f"no sample of {contents.path} is in a split", MakeSplits())
    mixed = splits.counts[NONE]
    notes = (f"{mixed:,} samples that mix what is trained with and what is held out are left out.",) if mixed else ()
    return ExportedSplits(parts, splits.digest, notes)
