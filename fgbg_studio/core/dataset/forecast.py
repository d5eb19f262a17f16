"""What a run will take, measured on a short pilot: bytes, minutes, and whether the disk holds it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fgbg_studio.core.base.cores import allowed_cores
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.base.store import ScratchStore
from fgbg_studio.core.dataset.finalize import issues_of_counts
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.joining import joined_archives, joining_room, sample_kinds
from fgbg_studio.core.dataset.record import Dataset, marker_name, open_dataset, write_record
from fgbg_studio.core.dataset.shard import open_maker
from fgbg_studio.core.dataset.shards import Extent, shards_of
from fgbg_studio.core.dataset.statistics import COVERAGES, from_json, merged
from fgbg_studio.core.depth.flaws import refuse_misfit
from fgbg_studio.core.depth.plausibility import MOST, Plausibility, plausibility
from fgbg_studio.core.interfaces.depth import BATCH
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.plan.selection import some_of, thinned
from fgbg_studio.core.plan.statistics import PlanStatistics
from fgbg_studio.core.project.settings import Settings

_SAMPLES, _SECONDS = 24 * BATCH, 8.0
_PICTURES = 100  # backgrounds that a pilot prepares at most, and foregrounds: a person waits for it
_BLOCK = 4096  # bytes that a small file takes on the usual file systems


@dataclass(frozen=True)
class Forecast:
    """``bytes`` by kind for all samples, ``seconds`` for all on ``workers`` processes, ``free`` bytes of disk.

    ``files`` says whether every picture is a file of its own, ``joining`` how many bytes more the disk must hold for
    a while at the end, when archives are joined to larger ones: one of these beside what it is made of.
    ``plausibility`` is what was seen of the objects in their depth; None where nothing could be. ``issues`` are what
    the pilot's samples show is wrong, ``seen`` is what they say in a run's plots.
    """

    samples: int
    counts: dict[str, int]
    shards: int
    bytes: dict[str, int]
    seconds: float
    workers: int
    free: int
    pilot: int
    files: bool
    joining: int = 0
    plausibility: Plausibility | None = None
    issues: tuple[Issue, ...] = ()
    seen: RunProgress | None = field(default=None, compare=False, repr=False)

    @property
    def total_bytes(self) -> int:
        """Of all kinds."""
        return sum(self.bytes.values())

    @property
    def disk_bytes(self) -> int:
        """Of the disk: where each picture is a file, whole blocks."""
        if not self.files or not self.samples:
            return self.total_bytes
        blocks = (-(-size // self.samples // _BLOCK) for size in self.bytes.values())
        return sum(blocks) * _BLOCK * self.samples

    @property
    def fits(self) -> bool:
        """Whether the disk has room, with a tenth to spare."""
        return (self.disk_bytes + self.joining) * 1.1 < self.free


def forecast(recipe: Recipe, project: Path, where: Path, samples: int, workers: int | None = None) -> Forecast:
    """Make a few samples from all over the plan in a temporary folder, and multiply.

    Args:
        recipe: of the run.
        project: the project's folder.
        where: an existing folder on the disk that the dataset would be on.
        samples: how many the run would make.
        workers: processes of the run; None: one a core.
    """
    workers, plan, few = workers or allowed_cores(), Plan(recipe), thinned(recipe, _PICTURES)
    some = Plan(few).made
    with tempfile.TemporaryDirectory(prefix="fgbg-pilot-") as temporary:
        store = ScratchStore(Path(temporary))
        write_record(store, few, Extent(some, "spread"))
        dataset = open_dataset(store)
        composer = dataset.composer(project)
        for _ in composer.pictures.prepare():
            pass
        way = recipe.settings.depth.way
        for _ in way.prepare(composer, dataset.depth):
            pass
        dataset.prepared.save()
        refuse_misfit(way.meaning(composer, dataset.depth), recipe.settings)
        trial = _pilot(dataset, some)
        plausible = plausibility(composer, dataset.depth, some_of(Plan(few), MOST), samples)
    statistics = trial.seen.statistics
    pilot = statistics["fg_bg"].count
    known = {kind: statistics[kind].bytes / pilot for kind in sample_kinds(recipe.settings) if kind in statistics}
    sizes = {kind: round(size * samples) for kind, size in known.items()}
    counts = dict(zip(("backgrounds", "foregrounds", "mirrored", "placements"), plan.counts, strict=True))
    free = shutil.disk_usage(where).free
    shards, files = shards_of(samples, recipe.settings.shard), recipe.settings.writer.in_place
    return Forecast(
        samples, counts, len(shards), sizes, trial.seconds * samples / workers, workers, free, pilot, files,
        room_to_join(recipe.settings, samples, sizes), plausible,
        issues_of_counts(trial.counts, statistics, recipe.settings), trial.seen,
    )  # fmt: skip


def room_to_join(settings: Settings, samples: int, sizes: Mapping[str, int]) -> int:
    """`Forecast.joining` of so many samples, whose pictures have ``sizes`` bytes by kind together."""
    archives = joined_archives(settings, shards_of(samples, settings.shard))
    return round(joining_room(archives, {kind: size / samples for kind, size in sizes.items()}))


class _Trial(NamedTuple):
    """What some samples showed, what was counted of them, and the seconds that one takes."""

    seen: RunProgress
    counts: Counter[str]
    seconds: float


def _pilot(dataset: Dataset, samples: int) -> _Trial:
    """Small shards of the dataset, which is spread: of every picture, size and side as many as in the whole.

    The first half of them fills the caches and is not timed.
    """
    maker, control = open_maker(dataset.store), EventControl()
    parts, counts, spent, coverage = [], Counter[str](), list[tuple[int, dict[str, float]]](), np.zeros(COVERAGES, int)
    plan, placed = dataset.plan(), PlanStatistics()
    begun = time.monotonic()
    for number, start in enumerate(range(0, min(samples, _SAMPLES), BATCH)):
        stop = min(start + BATCH, samples)
        took = maker.make(Shard(number, start, stop), control, lambda _: None)
        assert took is not None  # nobody stops it
        spent.append((stop - start, took))
        marker = dataset.note(marker_name(number))
        parts.append(from_json(marker["statistics"]))
        counts.update(marker["counts"])
        coverage += np.array(marker["coverage"])
        placed.add(plan.table_of(dataset.order.numbers(start, stop)), dataset.recipe.settings.size)
        if len(spent) > 1 and time.monotonic() - begun > _SECONDS:
            break
    timed, seconds = spent[len(spent) // 2 :], Counter[str]()
    for _, phases in timed:
        # A shard is synced once for thousands of samples, here once for a few: that would mislead.
        seconds.update({phase: 0.0 if phase == "sync" else part for phase, part in phases.items()})
    whole, statistics = sum(seconds.values()), merged(parts)
    shares = {phase: part / whole for phase, part in seconds.items()} if whole else {}
    made = statistics["fg_bg"].count
    seen = RunProgress("trial", made, made, shares=shares, statistics=statistics, coverage=coverage, placed=placed)
    return _Trial(seen, counts, whole / sum(count for count, _ in timed))
