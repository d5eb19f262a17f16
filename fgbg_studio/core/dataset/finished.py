"""What a run says of itself, and what its finished shards say together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fgbg_studio.core.base.arrays import Histogram
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.record import Dataset, done_shards, marker_name, open_dataset
from fgbg_studio.core.dataset.statistics import COVERAGES, KindStatistics, from_json, merged
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.plan.statistics import PlanStatistics

_ODD = 2654435761  # Knuth's multiplicative hash
_NEWEST, _UNDERWAY = 24, 6


@dataclass(frozen=True)
class RunProgress(Progress):
    """One step of a run.

    Attributes:
        shares: part of the working time spent on compose, depth, encode, write and sync, 0..1 each.
        statistics: of the finished shards, by kind.
        coverage: (100,) int64, how many masks of the finished shards are white on i to i + 1 hundredths of the frame.
        placed: where the objects of the finished shards stand; None before the first samples.
        newest: numbers of one sample of each of the last finished shards, newest last.
        underway: likewise of shards that are not finished yet, while few are.
        kept: samples in finished shards: what stays if the run ends now.
        issues: at the end, what its own counts, its statistics and a look at its depth say is wrong with the dataset.
    """

    shares: dict[str, float] = field(default_factory=dict)
    statistics: dict[str, KindStatistics] = field(default_factory=dict)
    coverage: Histogram = field(default_factory=lambda: np.zeros(COVERAGES, np.int64), compare=False)
    placed: PlanStatistics | None = field(default=None, compare=False)
    newest: tuple[int, ...] = ()
    underway: tuple[int, ...] = ()
    kept: int = 0
    issues: tuple[Issue, ...] = ()


class Finished:
    """What the finished shards say together."""

    def __init__(self, dataset: Dataset) -> None:
        self._plan, self._order = dataset.plan(), dataset.order
        self.samples = 0
        self.statistics: dict[str, KindStatistics] = {}
        self.coverage: Histogram = np.zeros(COVERAGES, np.int64)
        self.placed = PlanStatistics()
        self.newest: tuple[int, ...] = ()
        self.underway: tuple[int, ...] = ()

    def add(self, marker: dict[str, Any]) -> None:
        """Take in the shard of ``marker``."""
        start, stop = marker["start"], marker["stop"]
        self.samples += stop - start
        # Made anew at each step: who was told of the last one may still be reading it.
        self.statistics = merged([self.statistics, from_json(marker["statistics"])])
        self.coverage = self.coverage + np.array(marker["coverage"])
        placed = PlanStatistics()
        placed.merge(self.placed)
        placed.add(self._plan.table_of(self._order.numbers(start, stop)), self._plan.recipe.settings.size)
        self.placed = placed

    def add_newest(self, shard: Shard) -> None:
        """It was finished just now."""
        numbers = self._order.numbers(shard.start, shard.stop)
        # Another place in each: the last samples of all shards would be too much alike.
        self.newest = (*self.newest[1 - _NEWEST :], int(numbers[shard.number * _ODD % len(numbers)]))

    def add_underway(self, shard: Shard, made: int) -> None:
        """So many of its samples were made just now: something to show until there are finished shards."""
        if not made or len(self.newest) >= _UNDERWAY:
            self.underway = ()
            return
        numbers = self._order.numbers(shard.start, shard.stop)
        self.underway = (*self.underway[1 - _UNDERWAY :], int(numbers[(shard.number + made) * _ODD % made]))

    def progress(self) -> dict[str, Any]:
        """The fields of `RunProgress` that it fills."""
        return {
            "statistics": self.statistics, "coverage": self.coverage, "placed": self.placed, "newest": self.newest,
            "underway": self.underway, "kept": self.samples,
        }  # fmt: skip


def recorded(root: Path) -> Iterator[tuple[float, RunProgress]]:
    """What the finished shards of the dataset in ``root`` say of the run that made them, as that told it.

    Yields:
        (when, step): when each marker was written, in seconds since the epoch, and how it stood then; in that order.

    Raises:
        FgbgError: there is no dataset that can be read.
    """
    dataset = open_dataset(root)
    finished, total = Finished(dataset), dataset.samples
    done = done_shards(dataset)
    shards = {shard.number: shard for shard in dataset.shards}
    times = {number: (root / marker_name(number)).stat().st_mtime for number in done}
    for number in sorted(done, key=lambda one: (times[one], one)):
        finished.add(done[number])
        finished.add_newest(shards[number])
        yield times[number], RunProgress("making samples", finished.samples, total, **finished.progress())
