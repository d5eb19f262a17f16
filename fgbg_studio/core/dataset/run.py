"""Generating a dataset: a generator of `RunProgress`, resumable at every shard.

The order is what makes it survive: the record first, then prepared pictures, then shards (each with its
marker last), then archives joined of theirs, then the merged statistics, labels and card. Whatever was
interrupted is done again; whatever has its marker is not. The bytes do not depend on workers, order or interruptions.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fgbg_studio import without_ipp
from fgbg_studio.core.base.cores import allowed_cores
from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.processes import TICK
from fgbg_studio.core.base.progress import Control, EventControl, Rate
from fgbg_studio.core.base.remedies import ChooseWriter, MakeShards, TryAgain
from fgbg_studio.core.base.store import Store, store_of
from fgbg_studio.core.dataset.card import write_card
from fgbg_studio.core.dataset.figures import OF_FILES, counted_of, figures, metres_a_step
from fgbg_studio.core.dataset.finalize import issues_of_counts, summary, write_tables
from fgbg_studio.core.dataset.finished import Finished, RunProgress
from fgbg_studio.core.dataset.implausible import implausible
from fgbg_studio.core.dataset.joined import JoinedArchives
from fgbg_studio.core.dataset.joining import join
from fgbg_studio.core.dataset.licence import licence_issues
from fgbg_studio.core.dataset.manifest import FILE as MANIFEST
from fgbg_studio.core.dataset.manifest import hashes_of, write_manifest
from fgbg_studio.core.dataset.preparing import begin, held, is_prepared, prepare_all, prepared_dataset, tidy
from fgbg_studio.core.dataset.record import (
    SEALED,
    Dataset,
    disk_trouble,
    done_markers,
    done_shards,
    open_dataset,
    write_record,
)
from fgbg_studio.core.dataset.recorded_seams import KEY as SEAMS
from fgbg_studio.core.dataset.remeasure import stored_figures
from fgbg_studio.core.dataset.shard import PHASES
from fgbg_studio.core.dataset.shards import Extent, part_of, said_shards
from fgbg_studio.core.dataset.splits import split_at_end
from fgbg_studio.core.dataset.target import StoreHeldError
from fgbg_studio.core.dataset.writers.sets import Sets
from fgbg_studio.core.depth.cameras import cameras
from fgbg_studio.core.depth.invariance import invariance
from fgbg_studio.core.depth.plausibility import MOST, plausibility
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.interfaces.engine import Engine, Shard
from fgbg_studio.core.interfaces.writer import Writer
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, make_recipe
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.model import Project


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
    engine: str | Mapping[str, Any] = "local"
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
    """Make, or go on making, the dataset of the project in ``folder``: `prepare`, all shards, and `finish`.

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
    recipe, extent = _wanted(folder, options)
    store = store_of(out)
    with disk_trouble(store), held(store):
        begin(store, recipe, extent, options.overridden)
        dataset = open_dataset(store)
        if not (yield from prepare_all(dataset, folder, control)):
            return
        finished = yield from _make(dataset, dataset.shards, _workers(dataset, options.workers), engine, control)
        if not control.cancelled:
            yield from _finished(dataset, finished, control)


def prepare(
    folder: Path, out: Path | Store, options: Options | None = None, control: Control | None = None
) -> Iterator[RunProgress]:
    """The first step of a run by itself: the record, the pictures that samples are made of, depths of backgrounds.

    After it the dataset carries all that its samples are made of: no machine that makes some needs the project. Where
    it was done it has nothing to do, also while shards are made.

    Args, Yields, Raises: as `generate`.
    """
    without_ipp()
    store, options, control = store_of(out), options or Options(), control or EventControl()
    recipe, extent = _wanted(folder, options)
    with disk_trouble(store):
        while not is_prepared(store, recipe, extent):
            try:
                with held(store):
                    begin(store, recipe, extent, options.overridden)
                    if not (yield from prepare_all(open_dataset(store), folder, control)):
                        return
            except StoreHeldError:  # perhaps by one that was told the same
                yield RunProgress("waiting for another run", 0, 0)
                time.sleep(TICK)
                if not control.wait():
                    return
    yield RunProgress("prepared", 1, 1, finished=True)


def make_part(
    out: Path | Store,
    part: str,
    workers: int | None = None,
    control: Control | None = None,
    engine: str | Mapping[str, Any] = "local",
) -> Iterator[RunProgress]:
    """The second step: the shards of a prepared dataset that ``part`` says, see `part_of`; done ones are passed over.

    Any number of parts may be made at once, on whatever machines: nothing is between them but the shards' markers. A
    shard that another process is just making is waited for, and made where that one ends before it is done.

    Args:
        out: the dataset's folder or store.
        part: ``i/n`` or ``a-b``.
        workers: processes; None one a core, or what the depth way says.
        control: as for `generate`.
        engine: where this part's shards run.

    Yields:
        RunProgress of this part.

    Raises:
        FgbgError: as `generate`; also where the dataset was not prepared.
    """
    without_ipp()
    runs = Engine.from_dict(engine)
    control, store = control or runs.control(), store_of(out)
    with disk_trouble(store):
        dataset = prepared_dataset(store)
        shards = part_of(dataset.shards, part)
        finished = yield from _make(dataset, shards, _workers(dataset, workers), runs, control)
        if not control.cancelled:
            samples = finished.samples
            yield RunProgress("part made", samples, samples, finished=True, **finished.progress())


def submit(out: Path | Store, engine: Engine) -> list[str]:
    """Leave the shards of a prepared dataset that are not made yet, and its end, to a cluster; see `Engine.submit`.

    Raises:
        DatasetError: it is not prepared, or the cluster refuses.
        UsageError: the engine's work would end with this program.
    """
    store = store_of(out)
    with disk_trouble(store):
        # All of them: the cluster's parts are of all, and what is done is passed over there.
        return engine.submit(store, prepared_dataset(store).shards)


def finish(out: Path | Store, control: Control | None = None) -> Iterator[RunProgress]:
    """The third step: archives joined, tables, card and the completed record of a dataset whose shards are all made.

    Args, Yields: as `generate`.

    Raises:
        FgbgError: as `generate`; also where shards are missing.
    """
    without_ipp()
    store, control = store_of(out), control or EventControl()
    with disk_trouble(store), held(store):
        dataset = open_dataset(store)
        finished, done = Finished(dataset), set[int]()
        for number, marker in done_markers(dataset):
            done.add(number)
            finished.add(marker)
        if missing := [shard for shard in dataset.shards if shard.number not in done]:
            raise DatasetError(
                f"{len(missing):,} of {len(dataset.shards):,} shards of {store.where()} are not made yet, the first is"
                f" {missing[0].number}",
                MakeShards(said_shards(missing)),
            )
        yield from _finished(dataset, finished, control)


def _workers(dataset: Dataset, asked: int | None) -> int:
    return asked or dataset.recipe.settings.depth.way.workers(dataset.depth) or allowed_cores()


def _wanted(folder: Path, options: Options) -> tuple[Recipe, Extent]:
    """What a run of the project is to make, as a new dataset."""
    recipe = chosen_recipe(storage.load(folder), options)
    plan = Plan(recipe).made
    return recipe, Extent.of(min(plan, options.limit or plan), plan)


def _finished(dataset: Dataset, finished: Finished, control: Control) -> Iterator[RunProgress]:
    if not (yield from _join(dataset, finished, control)):
        return
    yield RunProgress("finishing", 0, 1)
    told = finished.progress() | _finish(dataset)
    with contextlib.closing(split_at_end(open_dataset(dataset.store))) as steps:
        for step in steps:
            yield RunProgress(step.phase, step.done, step.total, **finished.progress())
            if not control.wait():
                return
    tidy(dataset.store)
    yield RunProgress("finished", dataset.samples, dataset.samples, finished=True, **told)


def _make(
    dataset: Dataset, shards: Sequence[Shard], workers: int, engine: Engine, control: Control
) -> Generator[RunProgress, None, Finished]:
    store = dataset.store
    done, finished = set[int](), Finished(dataset)
    for number, marker in done_markers(dataset, shards):
        done.add(number)
        finished.add(marker)
    samples = sum(shard.stop - shard.start for shard in shards)
    left = [shard for shard in shards if shard.number not in done]
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


def _join(dataset: Dataset, finished: Finished, control: Control) -> Generator[RunProgress, None, bool]:
    """Archives of shards to larger ones, where the writer asks for that; False once cancelled."""
    with contextlib.closing(join(dataset)) as steps:
        for done, total in steps:
            yield RunProgress("joining archives", done, total, **finished.progress())
            if not control.wait():
                return False
    return True


def _finish(dataset: Dataset) -> dict[str, Any]:
    """Merge what the markers say, write rows, labels, card and the completed record; returns what is told of it."""
    store, settings, composer = dataset.store, dataset.recipe.settings, dataset.composer()
    meaning = settings.depth.way.meaning(composer, dataset.depth)
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
    found = plausibility(composer, dataset.depth, dataset.some(MOST), dataset.samples)
    card = write_card(dataset, said, report, meaning, found)
    more = {
        "depth": depth, "cameras": cameras(dataset.recipe), "statistics": report, "counts": dict(counts),
        "archives": archives,
    }  # fmt: skip
    more |= {"plausibility": dataclasses.asdict(found)} if found else {}
    more |= {SEAMS: dataset.record[SEAMS]} if dataset.complete and SEAMS in dataset.record else {}
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
