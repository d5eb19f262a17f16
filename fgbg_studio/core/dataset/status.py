"""How far a dataset is, wherever it lies and whoever makes it: read from its markers, and nothing is written."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fgbg_studio.core.base.processes import TICK
from fgbg_studio.core.base.progress import Control, EventControl, Progress
from fgbg_studio.core.base.store import Store, store_of
from fgbg_studio.core.dataset.record import SHARDS, Dataset, disk_trouble, marker_name, open_dataset
from fgbg_studio.core.dataset.shard import CLAIMS
from fgbg_studio.core.dataset.shards import Extent
from fgbg_studio.core.dataset.sources import sources_done
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.layout import PER_SAMPLE
from fgbg_studio.core.plan.selection import spread

EVERY = 5.0
"""Seconds from one look at the markers to the next."""
_LATELY, _FEWEST = 600.0, 10  # the rate is that of the last seconds, and of so many shards at least
_READ = 8  # markers that are read to tell how large samples are


@dataclass(frozen=True)
class DatasetStatus(Progress):
    """How far a dataset is; ``done`` of ``total`` are samples in shards that are done.

    ``phase`` is ``preparing``, ``making samples``, ``finishing`` (all shards are done, nobody has merged them yet) or
    ``finished``, ``rate`` that of the last ten minutes.

    Attributes:
        where: the folder's path, or the address.
        shards: how many are done, by their markers' names: a damaged marker is found by the next step of the run.
        of: how many there are.
        bytes: of the samples' files, reckoned from a few markers: their mean, for all that are done.
        since: when the first marker was written, in seconds since the epoch; None where there is none or nobody says.
        latest: likewise the last one.
        making: numbers of the shards that processes hold just now, on a disk that machines share; none at addresses.
        left: likewise of those that a process began which ended before they were done: it failed, or was stopped.
    """

    where: str = ""
    shards: int = 0
    of: int = 0
    bytes: int = 0
    since: float | None = None
    latest: float | None = None
    making: tuple[int, ...] = ()
    left: tuple[int, ...] = ()


class DatasetWatch:
    """Looks at the markers of a dataset's folder or store as often as it is asked.

    A look is one list of names, whatever they hold; a few markers are read once.
    """

    def __init__(self, place: Path | Store) -> None:
        self._store = store_of(place)
        self._sizes: dict[int, float] = {}  # bytes a sample of the shards whose markers were read
        self._cut: tuple[Extent, list[Shard]] | None = None

    def look(self) -> DatasetStatus:
        """How far it is now.

        Raises:
            DatasetError: there is no dataset, its record is damaged, or its storage cannot be reached.
        """
        with disk_trouble(self._store, "read"):
            dataset = open_dataset(self._store)
            times = self._store.times(SHARDS)
            shards = self._shards(dataset)
            done = [one for one in shards if _file_of(one) in times]
            samples = sum(one.stop - one.start for one in done)
            written = sorted((times[_file_of(one)], one.stop - one.start) for one in done)
            making, left = self._claims(shards, times)
            told = (samples, dataset.samples, *_pace(written, dataset.samples - samples))
            known = [one for one, _ in written if math.isfinite(one)]
            return DatasetStatus(
                self._phase(dataset, len(done) == len(shards)), *told, dataset.complete and len(done) == len(shards),
                self._store.where(), len(done), len(shards), round(samples * self._size_of(dataset, done)),
                known[0] if known else None, known[-1] if known else None, making, left,
            )  # fmt: skip

    def _shards(self, dataset: Dataset) -> list[Shard]:
        if self._cut is None or self._cut[0] != dataset.extent:
            self._cut = (dataset.extent, dataset.shards)
        return self._cut[1]

    def _phase(self, dataset: Dataset, made: bool) -> str:
        if made:
            return "finished" if dataset.complete else "finishing"
        return "making samples" if self._sizes or sources_done(dataset) else "preparing"

    def _size_of(self, dataset: Dataset, done: Sequence[Shard]) -> float:
        """Bytes of a sample's files, by up to `_READ` markers from all over those that are done."""
        for at in spread(len(done), _READ) if len(self._sizes) < _READ else ():
            shard = done[at]
            if shard.number not in self._sizes and len(self._sizes) < _READ:
                with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                    kinds = dataset.note(marker_name(shard.number))["statistics"]
                    size = sum(kinds[kind]["bytes"] for kind in PER_SAMPLE if kind in kinds)
                    self._sizes[shard.number] = size / (shard.stop - shard.start)
        return sum(self._sizes.values()) / len(self._sizes) if self._sizes else 0.0

    def _claims(self, shards: Sequence[Shard], times: dict[str, float]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Shards without a marker that are claimed, and that were."""
        claimed = set(self._store.names(CLAIMS))
        open_ones = [one for one in shards if one.name in claimed and _file_of(one) not in times] if claimed else []
        held = {one.number for one in open_ones if self._store.is_claimed(f"{CLAIMS}/{one.name}")}
        return (
            tuple(one.number for one in open_ones if one.number in held),
            tuple(one.number for one in open_ones if one.number not in held),
        )


def status_of(place: Path | Store) -> DatasetStatus:
    """How far the dataset in a folder or store is; see `DatasetWatch.look`."""
    return DatasetWatch(place).look()


def watch(place: Path | Store, every: float = EVERY, control: Control | None = None) -> Iterator[DatasetStatus]:
    """How far a dataset is, again and again until it is finished or ``control`` is cancelled.

    Args:
        place: its folder or store.
        every: seconds from one look to the next.
        control: ends the watch alone; who makes the dataset goes on.

    Yields:
        DatasetStatus, the last one with ``finished`` set unless it was cancelled; between two looks the same again a
        few times a second, so that who drives this can stop.

    Raises:
        DatasetError: as `DatasetWatch.look`.
    """
    control, watched = control or EventControl(), DatasetWatch(place)
    while not control.cancelled:
        status = watched.look()
        yield status
        if status.finished:
            return
        end = time.monotonic() + every
        while (left := end - time.monotonic()) > 0 and not control.cancelled:
            time.sleep(min(TICK, left))
            yield status


def _file_of(shard: Shard) -> str:
    return marker_name(shard.number).rpartition("/")[2]


def _pace(written: Sequence[tuple[float, int]], missing: int) -> tuple[float, float | None]:
    """(samples a second, seconds left) by (when, samples) of each shard that is done, ascending."""
    known = [one for one in written if math.isfinite(one[0])]
    if len(known) < 2:
        return 0.0, None
    now = time.time()
    begun = max(min(now - _LATELY, known[-min(_FEWEST, len(known))][0]), known[0][0])
    made = sum(samples for when, samples in known if when > begun)
    rate = made / (now - begun) if now > begun else 0.0
    return rate, missing / rate if rate and missing else None
