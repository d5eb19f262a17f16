"""Generating a dataset: a generator of `RunProgress`, resumable at every shard.

The order is what makes it survive: the record first, then prepared pictures, then shards (each with its
marker last), then archives joined of theirs, then the merged statistics, labels and card. Whatever was
interrupted is done again; whatever has its marker is not. The bytes do not depend on workers, order or interruptions.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fgbg_studio import without_ipp
from fgbg_studio.core.base.arrays import Histogram
from fgbg_studio.core.base.cores import allowed_cores
from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.progress import Control, Progress, Rate
from fgbg_studio.core.base.remedies import ChooseFolder, ChooseWriter, TryAgain
from fgbg_studio.core.base.store import Store, store_of
from fgbg_studio.core.dataset.card import write_card
from fgbg_studio.core.dataset.figures import OF_FILES, counted_of, figures, metres_a_step
from fgbg_studio.core.dataset.finalize import issues_of_counts, summary, write_tables
from fgbg_studio.core.dataset.implausible import implausible
from fgbg_studio.core.dataset.joined import JoinedArchives
from fgbg_studio.core.dataset.joining import join
from fgbg_studio.core.dataset.licence import licence_issues
from fgbg_studio.core.dataset.manifest import FILE as MANIFEST
from fgbg_studio.core.dataset.manifest import hashes_of, write_manifest
from fgbg_studio.core.dataset.prepared import FILE as PREPARED
from fgbg_studio.core.dataset.record import (
    DEPTH,
    FORMAT,
    HIDDEN,
    PICTURES,
    REPAIRS,
    SEALED,
    SHARDS,
    Dataset,
    disk_trouble,
    done_shards,
    marker_name,
    open_dataset,
    write_record,
)
from fgbg_studio.core.dataset.remeasure import stored_figures
from fgbg_studio.core.dataset.shard import PHASES
from fgbg_studio.core.dataset.shards import Extent
from fgbg_studio.core.dataset.sources import SOURCES, sources_done, write_sources
from fgbg_studio.core.dataset.statistics import COVERAGES, KindStatistics, from_json, merged
from fgbg_studio.core.dataset.target import LOCK, Found, found_in, has_begun, refuse_other_files, written_by_another
from fgbg_studio.core.dataset.writers.sets import Sets
from fgbg_studio.core.depth.cameras import cameras
from fgbg_studio.core.depth.flaws import refuse_misfit
from fgbg_studio.core.depth.invariance import invariance
from fgbg_studio.core.depth.plausibility import MOST, plausibility
from fgbg_studio.core.interfaces.depth import Depth, Meaning
from fgbg_studio.core.interfaces.engine import Engine, Shard
from fgbg_studio.core.interfaces.writer import Writer
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, make_recipe
from fgbg_studio.core.plan.statistics import PlanStatistics
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.model import Project

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


@dataclass(frozen=True)
class Options:
    """What a run may choose beside the project's settings; None takes the settings' own.

    ``limit`` is the number of samples, spread over the plan where that has more, ``workers`` the number of processes
    (None: one a core, or what the depth way says), ``depth`` and ``writer`` names of strategies, ``engine`` where
    shards run; ``set_size`` asks for the writer of sets, each of so many samples. ``overridden`` are the errors of the
    check in spite of which a dataset is begun: who gets it is told.
    """

    limit: int | None = None
    workers: int | None = None
    depth: str | None = None
    writer: str | None = None
    engine: str = "local"
    set_size: int | None = None
    overridden: tuple[str, ...] = ()


def chosen_project(project: Project, options: Options) -> Project:
    """The project with the run's depth way and writer.

    Raises:
        UsageError: an unknown name, or sets of a writer that makes none.
    """
    settings = project.settings
    if options.depth and options.depth != settings.depth.way.name:
        way = settings.depth.model_copy(update={"way": Depth.from_dict(options.depth)})
        settings = settings.model_copy(update={"depth": way})
    if options.set_size:
        if options.writer not in {None, Sets.name}:
            raise UsageError(f"the writer {options.writer!r} makes no sets", ChooseWriter(Sets.name))
        settings = settings.model_copy(update={"writer": Sets(options.set_size)})
    elif options.writer and options.writer != settings.writer.name:
        settings = settings.model_copy(update={"writer": Writer.from_dict(options.writer)})
    return project.model_copy(update={"settings": settings})


def chosen_recipe(project: Project, options: Options) -> Recipe:
    """The recipe of a run: the project's, with the run's depth way and writer.

    Raises:
        PlanError: nothing can be made from it.
        UsageError: an unknown name.
    """
    recipe = make_recipe(chosen_project(project, options))
    Plan(recipe).check()
    return recipe


def generate(
    folder: Path, out: Path | Store, options: Options | None = None, control: Control | None = None
) -> Iterator[RunProgress]:
    """Make, or go on making, the dataset of the project in ``folder``.

    Args:
        folder: the project's.
        out: the dataset's folder, made where it is missing, or its store.
        options: of the run.
        control: to pause and cancel, made by the engine's `Engine.control`; a cancelled run ends without an error
            and is continued by another call.

    Yields:
        RunProgress, the last one with ``finished`` set unless it was cancelled.

    Raises:
        FgbgError: see the ways in which it can fail in `core/base/errors.py`; what was finished is kept.
    """
    without_ipp()
    options = options or Options()
    engine = Engine.from_dict(options.engine)
    control = control or engine.control()
    recipe = chosen_recipe(storage.load(folder), options)
    plan = Plan(recipe).made
    samples = min(plan, options.limit or plan)
    store = store_of(out)
    with disk_trouble(store), held(store):
        _begin(store, recipe, Extent.of(samples, plan), options.overridden)
        dataset = open_dataset(store)
        meaning = yield from _prepare(dataset, folder, control)
        if meaning is None:
            return
        workers = options.workers or recipe.settings.depth.way.workers(dataset.depth) or allowed_cores()
        finished = yield from _make(dataset, workers, engine, control)
        if control.cancelled or not (yield from _join(dataset, finished, control)):
            return
        yield RunProgress("finishing", 0, 1)
        told = finished.progress() | _finish(dataset, meaning)
        yield RunProgress("finished", samples, samples, finished=True, **told)


@contextlib.contextmanager
def held(store: Store) -> Iterator[None]:
    """Hold the dataset's store for this run alone.

    Raises:
        DatasetError: it is no folder, holds other files, or another run is at it.
    """
    refuse_other_files(store)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(store.lock(LOCK))
        except TimeoutError as error:
            raise written_by_another(store) from error
        yield


def _begin(store: Store, recipe: Recipe, new: Extent, overridden: tuple[str, ...]) -> None:
    """Write the record of a ``new`` dataset, or go on with the one that is there, in its order and format.

    Raises:
        DatasetError: the store is refused, as `found_in` says.
    """
    found, _, error = found_in(store, recipe, new.samples)
    if error:
        raise error
    if found is Found.NEW:
        # A run of another recipe may have failed at its beginning and left its own.
        for name in (PICTURES, DEPTH, PREPARED, SOURCES):
            store.remove(name)
    extent, number = new, FORMAT
    if found is Found.UNFINISHED:
        known = open_dataset(store)
        recipe, overridden = known.continued(recipe), known.overridden
        if has_begun(store):
            extent, number = known.extent.raised(new.samples), known.format
    if found is not Found.FINISHED:
        said: dict[str, Any] = {"overridden": overridden} if overridden else {}
        write_record(store, recipe, extent, number, complete=False, **said)
    store.remove(REPAIRS)
    for folder in ("", HIDDEN, PICTURES, DEPTH, SHARDS):
        store.inside(folder).tidy()


def _prepare(dataset: Dataset, folder: Path, control: Control) -> Generator[RunProgress, None, Meaning | None]:
    """Prepared pictures, background depths, the pictures that the layout stores; returns the depth's meaning."""
    composer, prepared, sealed = dataset.composer(folder), dataset.prepared, dataset.format >= SEALED
    way, settings = dataset.recipe.settings.depth.way, dataset.recipe.settings
    lost = prepared.sweep(PICTURES, DEPTH) if sealed else {}
    for done, total in composer.pictures.prepare():
        prepared.save(now=done == total) if sealed else None
        yield RunProgress("preparing pictures", done, total)
        if control.cancelled:
            return None
    for done, total in way.prepare(composer, dataset.depth):
        prepared.save(now=done == total) if sealed else None
        yield RunProgress("depth of backgrounds", done, total)
        # Known after the first: a slow network need not see all the others for that.
        refuse_misfit(way.meaning(composer, dataset.depth), settings)
        if control.cancelled:
            return None
    meaning = way.meaning(composer, dataset.depth)
    refuse_misfit(meaning, settings)  # a way that prepares nothing
    _refuse_others(dataset, lost)
    if sealed:
        prepared.save()
    if not sources_done(dataset):
        write_sources(dataset, composer)
    return meaning


def _refuse_others(dataset: Dataset, lost: Mapping[str, str]) -> None:
    """See that what was lost and made again is what it was: half of the samples were made of that.

    Raises:
        DatasetError: it is another picture.
    """
    hashes, network = dataset.prepared.hashes, f"{DEPTH}/network.json"  # which says how it runs today, too
    others = [name for name, sha256 in lost.items() if hashes.get(name, sha256) != sha256 and name != network]
    if others and has_begun(dataset.store):
        hashes.update({name: lost[name] for name in others})
        dataset.prepared.save()
        problem = f"{dataset.store.where(others[0])} was damaged, and made again it is another one"
        raise DatasetError(problem, [ChooseFolder(), "restore it from a backup"])


class _Finished:
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


def _make(dataset: Dataset, workers: int, engine: Engine, control: Control) -> Generator[RunProgress, None, _Finished]:
    store, shards = dataset.store, dataset.shards
    done, finished = done_shards(dataset), _Finished(dataset)
    for marker in done.values():
        finished.add(marker)
    samples, left = shards[-1].stop, [shard for shard in shards if shard.number not in done]
    rate, seconds, current = Rate(finished.samples), dict.fromkeys(PHASES, 0.0), dict[int, int]()
    yield RunProgress("making samples", finished.samples, samples, **finished.progress())
    for step in engine.run(store, left, workers, control) if left else ():
        if step is not None:
            current[step.shard.number] = step.done
            finished.add_underway(step.shard, step.done)
        if step is not None and step.seconds is not None:
            del current[step.shard.number]
            marked = done_shards(dataset, [step.shard])
            if not marked:
                gone = f"{store.where()} was moved or emptied while samples were made"
                raise DatasetError(gone, TryAgain("put the dataset's folder back there"))
            finished.add(marked[step.shard.number])
            finished.add_newest(step.shard)
            seconds = {phase: seconds[phase] + step.seconds[phase] for phase in PHASES}
        made, busy = finished.samples + sum(current.values()), sum(seconds.values())
        shares = {phase: value / busy for phase, value in seconds.items()} if busy else {}
        told = rate.update(made, samples)
        yield RunProgress("making samples", made, samples, *told, shares=shares, **finished.progress())
    return finished


def recorded(root: Path) -> Iterator[tuple[float, RunProgress]]:
    """What the finished shards of the dataset in ``root`` say of the run that made them, as that told it.

    Yields:
        (when, step): when each marker was written, in seconds since the epoch, and how it stood then; in that order.

    Raises:
        FgbgError: there is no dataset that can be read.
    """
    dataset = open_dataset(root)
    finished, total = _Finished(dataset), dataset.samples
    done = done_shards(dataset)
    shards = {shard.number: shard for shard in dataset.shards}
    times = {number: (root / marker_name(number)).stat().st_mtime for number in done}
    for number in sorted(done, key=lambda one: (times[one], one)):
        finished.add(done[number])
        finished.add_newest(shards[number])
        yield times[number], RunProgress("making samples", finished.samples, total, **finished.progress())


def _join(dataset: Dataset, finished: _Finished, control: Control) -> Generator[RunProgress, None, bool]:
    """Archives of shards to larger ones, where the writer asks for that; False once cancelled."""
    with contextlib.closing(join(dataset)) as steps:
        for done, total in steps:
            yield RunProgress("joining archives", done, total, **finished.progress())
            if not control.wait():
                return False
    return True


def _finish(dataset: Dataset, meaning: Meaning) -> dict[str, Any]:
    """Merge what the markers say, write rows, labels, card and the completed record; returns what is told of it."""
    store, settings = dataset.store, dataset.recipe.settings
    said = summary(dataset)
    statistics, counts = said.statistics, said.counts
    tables = write_tables(dataset)
    depth = {
        **meaning._asdict(),
        "way": settings.depth.way.name,
        "encoding": settings.depth.encoding.name,
        "stored": settings.depth.encoding.meaning if meaning.kind != "none" else "",
        "zero": settings.depth.encoding.zero if meaning.kind != "none" else "",
        "invariance": known._asdict() if (known := invariance(meaning, settings)) else None,
    }
    metres = metres_a_step(settings.depth.encoding, meaning.kind)
    report = figures(statistics, metres, counted_of(settings))
    if dataset.complete:  # what verifying has measured meanwhile stays
        before = stored_figures(dataset).items()
        report |= {kind: one for kind, one in before if one["of"] == OF_FILES and one["count"] == report[kind]["count"]}
    archives = sorted({*JoinedArchives(store).names, *(name for name in said.archives if store.exists(name))})
    found = plausibility(dataset.composer(), dataset.depth, dataset.some(MOST), dataset.samples)
    card = write_card(dataset, said, report, meaning, found)
    more = {
        "depth": depth, "cameras": cameras(dataset.recipe), "statistics": report, "counts": dict(counts),
        "archives": archives,
    }  # fmt: skip
    more |= {"plausibility": dataclasses.asdict(found)} if found else {}
    more |= {"overridden": dataset.overridden} if dataset.overridden else {}
    if dataset.format >= SEALED:
        more["hashes"] = {MANIFEST: write_manifest(dataset, tables)} | hashes_of(store, card)
    write_record(store, dataset.recipe, dataset.extent, dataset.format, complete=True, **more)
    depth_issues = found.issues() if found else ()
    return {
        "statistics": statistics,
        "issues": (
            *issues_of_counts(counts, statistics, settings),
            *implausible(statistics),
            *depth_issues,
            *licence_issues(dataset.recipe),
        ),
    }
