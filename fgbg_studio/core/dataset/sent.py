"""A run that is left to a cluster: sent, watched by its markers, taken back; whoever sent it may be gone meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.progress import Control
from fgbg_studio.core.base.remote_files import is_address
from fgbg_studio.core.base.remote_store import store_at
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.record import SHARDS, marker_name, open_dataset
from fgbg_studio.core.dataset.run import Options, prepare, submit
from fgbg_studio.core.dataset.status import DatasetStatus, DatasetWatch
from fgbg_studio.core.interfaces.engine import Engine

QUIET = 3
"""Looks without a job in the cluster's queue before it is taken for ended: lists of files may lag behind."""


@dataclass(frozen=True)
class SentRun:
    """What was sent, JSON-ready but for its class.

    Attributes:
        where: the dataset's folder or address.
        engine: with its settings, as `Engine.to_dict`.
        jobs: by which the cluster knows it.
    """

    where: str
    engine: Mapping[str, Any]
    jobs: tuple[str, ...] = ()

    @property
    def folder(self) -> Path | None:
        """Where it is a folder of this computer."""
        return None if is_address(self.where) else Path(self.where)

    def place(self) -> Path | Store:
        """The folder or the store.

        Raises:
            UsageError: an address that cannot be used.
        """
        return self.folder or store_at(self.where)


@dataclass(frozen=True)
class SentStatus:
    """How far it is.

    Attributes:
        dataset: by its markers.
        ended: the cluster has nothing of it any more, and the dataset is not finished.
        missing: numbers of the shards that are not made, once it has ended.
    """

    dataset: DatasetStatus
    ended: bool = False
    missing: tuple[int, ...] = ()


def send(folder: Path, sent: SentRun, options: Options, control: Control) -> Iterator[RunProgress | SentRun]:
    """Prepare the dataset of the project in ``folder`` where it is to be, and hand its shards to the cluster.

    The engine is asked first: what is prepared for a cluster that nobody reaches from here would be for nothing.

    Yields:
        RunProgress, and at last ``sent`` with its jobs, unless it was cancelled.

    Raises:
        FgbgError: as `prepare` and `submit`.
    """
    engine = Engine.from_dict(dict(sent.engine))
    engine.reach()
    place = sent.place()
    yield from prepare(folder, place, options, control)
    if not control.cancelled:
        yield replace(sent, jobs=tuple(submit(place, engine)))


class SentWatch:
    """Looks at a run that was sent, as often as it is asked."""

    def __init__(self, sent: SentRun) -> None:
        self._engine, self._jobs, self._place = Engine.from_dict(dict(sent.engine)), sent.jobs, sent.place()
        self._watch, self._quiet = DatasetWatch(self._place), 0

    def look(self) -> SentStatus:
        """How far it is now.

        Raises:
            FgbgError: as `DatasetWatch.look` and `Engine.is_at`.
        """
        at_work = self._engine.is_at(self._jobs)  # before the markers: what is made meanwhile is not missing
        dataset = self._watch.look()
        self._quiet = 0 if at_work else self._quiet + 1
        if dataset.finished or self._quiet < QUIET:
            return SentStatus(dataset)
        return SentStatus(dataset, ended=True, missing=self._missing())

    def withdraw(self) -> SentStatus:
        """Take it out of the cluster; how far it came.

        Raises:
            FgbgError: as `look` and `Engine.withdraw`.
        """
        self._engine.withdraw(self._jobs)
        dataset = self._watch.look()
        return SentStatus(dataset, not dataset.finished, self._missing())

    def _missing(self) -> tuple[int, ...]:
        dataset = open_dataset(self._place)
        there = set(dataset.store.names(SHARDS))
        return tuple(
            shard.number for shard in dataset.shards if marker_name(shard.number).rpartition("/")[2] not in there
        )


def named(shards: Sequence[int], most: int = 5) -> str:
    """Shards by their numbers, runs of them together: ``3, 7-12 and 40 more``; at most so many parts are named."""
    runs: list[list[int]] = []
    for shard in shards:
        if runs and shard == runs[-1][-1] + 1:
            runs[-1][1:] = [shard]
        else:
            runs.append([shard])
    text = ", ".join("-".join(map(str, dict.fromkeys(run))) for run in runs[:most])
    left = sum(run[-1] - run[0] + 1 for run in runs[most:])
    return f"{text} and {left:,} more" if left else text
