"""What is written when all shards are there: the tables of samples and objects, and the layout's label files."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.remedies import GenerateAgain, as_remedies
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.dataset.objects import FILE as OBJECTS
from fgbg_studio.core.dataset.objects import FIRST_HIDDEN, ObjectLines
from fgbg_studio.core.dataset.record import ROWS, Dataset, marker_name, of_each
from fgbg_studio.core.dataset.shard import class_cells, columns
from fgbg_studio.core.dataset.sources import SOURCES
from fgbg_studio.core.dataset.statistics import KindStatistics, from_json
from fgbg_studio.core.depth.flaws import depth_issues
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.layout import ALL_KINDS
from fgbg_studio.core.project.settings import Settings

_AT_ONCE = 500_000  # rows of ``samples.csv``: some 70 MB


class Summary(NamedTuple):
    """What the markers of a dataset say together whose shards are all done.

    ``statistics`` are by kind; ``counts`` what a run has counted of its own quality, by name; ``archives`` the names of
    those that were written, of which some may have been joined to others since.
    """

    statistics: dict[str, KindStatistics]
    counts: Counter[str]
    archives: list[str]


def summary(dataset: Dataset) -> Summary:
    """Read every marker of a dataset whose shards are all done, once.

    Raises:
        DatasetError: a marker is damaged or missing.
    """
    found = Summary(from_json(_note(dataset, SOURCES)["statistics"]), Counter(), [])
    for marker in _markers(dataset):
        for kind, part in from_json(marker["statistics"]).items():
            found.statistics.setdefault(kind, KindStatistics()).merge(part)
        found.counts.update(marker.get("counts", {}))
        found.archives.extend(marker["archives"])
    return found._replace(statistics={kind: found.statistics[kind] for kind in ALL_KINDS if kind in found.statistics})


def counted(dataset: Dataset) -> dict[str, KindStatistics]:
    """The statistics of a dataset whose shards are all done: see `summary`."""
    return summary(dataset).statistics


def _markers(dataset: Dataset) -> Iterator[dict[str, Any]]:
    return of_each(dataset.store, lambda shard: _note(dataset, marker_name(shard.number)), dataset.shards)


def _note(dataset: Dataset, name: str) -> dict[str, Any]:
    try:
        return dataset.note(name)
    except (OSError, ValueError) as error:
        problem = f"{dataset.store.where(name)} is damaged ({error})"
        raise DatasetError(problem, GenerateAgain(then="its samples are made again")) from error


def issues_of_counts(
    counts: Mapping[str, int], statistics: Mapping[str, KindStatistics], settings: Settings
) -> tuple[Issue, ...]:
    """What a run's counts say is wrong with what it made."""
    if "depth" not in statistics:
        return ()
    depth = statistics["depth"]
    found = list(depth_issues(counts, sum(part.number for part in depth.sums), depth.count, settings))
    if hidden := counts.get(FIRST_HIDDEN):
        seen = f"{settings.scene.front.min_visible:.0%} of its first object"
        message = f"in {hidden:,} of {depth.count:,} samples things in front leave less than {seen} to be seen"
        way_out = as_remedies(["exclude them", "paint in the backgrounds where objects may stand"])
        found.append(Issue("warning", FIRST_HIDDEN, message, remedies=way_out))
    return tuple(found)


def write_tables(dataset: Dataset) -> list[str]:
    """Write ``samples.csv`` and ``objects.jsonl`` from the shards' markers, label files from the plan; their names."""
    plan = dataset.plan()
    classes = class_cells(plan)
    rows = (_with_classes(part, classes).encode() for part in _rows(dataset, "rows"))
    head = columns(dataset.format, classes=bool(classes)).encode()
    _put_parts(dataset.store, ROWS, itertools.chain([head], rows))
    objects = [OBJECTS] if dataset.recipe.settings.scene.instances else []
    if objects:
        told = ObjectLines(plan)
        _put_parts(dataset.store, OBJECTS, (told.lines(part).encode() for part in _rows(dataset, "objects")))
    labels: dict[str, list[str]] = {}
    for path, line in label_lines(dataset):
        labels.setdefault(path, []).append(line)
    for path, lines in labels.items():
        dataset.store.put(path, "".join(f"{line}\n" for line in lines).encode())
    return [ROWS, *objects, *labels]


def table_paths(dataset: Dataset) -> list[str]:
    """The names of the files that `write_tables` writes."""
    objects = [OBJECTS] if dataset.recipe.settings.scene.instances else []
    return [ROWS, *objects, *label_paths(dataset)]


def _with_classes(rows: str, classes: Mapping[str, str]) -> str:
    """Rows with the class of the foreground that is in the third cell of each."""
    if not classes or not rows:
        return rows
    return "".join([f"{row},{classes.get((*row.split(',', 3), '', '')[2], '')}\n" for row in _split(rows)])


def _split(rows: str) -> list[str]:
    """The rows without their ends."""
    return _ROW.findall(rows) if '"' in rows else rows.removesuffix("\n").split("\n")


_ROW = re.compile(r'((?:[^"\n]|"[^"]*")+)\n')  # a file's name may have a line break, in quotes


def _rows(dataset: Dataset, table: str) -> Iterator[str]:
    """The rows of all samples in the plan's order, some at a time, of the ``table`` that markers call so.

    Every shard of a spread dataset has samples from everywhere in the plan: all markers are read for each of the parts
    into which the plan's numbers are cut, so that not all rows need be in memory at once.
    """
    if dataset.extent.order == "plan":
        yield from of_each(dataset.store, lambda shard: "".join(_marked_rows(dataset, shard, table)), dataset.shards)
        return
    for numbers in dataset.numbers(_AT_ONCE):
        found: list[tuple[int, str]] = []
        for shard in dataset.shards:
            own = dataset.order.numbers(shard.start, shard.stop)
            first, last = np.searchsorted(own, (numbers[0], numbers[-1] + 1)).tolist()
            found += zip(own[first:last].tolist(), _marked_rows(dataset, shard, table)[first:last], strict=True)
        yield "".join([row for _, row in sorted(found)])


def _marked_rows(dataset: Dataset, shard: Shard, table: str) -> list[str]:
    rows: list[str] | str = _note(dataset, marker_name(shard.number)).get(table, [])
    found = [f"{row}\n" for row in _split(rows)] if isinstance(rows, str) else rows  # of an earlier version
    if len(found) != shard.stop - shard.start:
        problem = f"{dataset.store.where(marker_name(shard.number))} is damaged: it has not the rows of its samples"
        raise DatasetError(problem, GenerateAgain(then="its samples are made again"))
    return found


def label_lines(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """(label file, line) of every sample, in the plan's order; nothing where the layout has no labels."""
    if next(_labels(dataset, _as_planned), None) is not None:
        yield from _labels(dataset, settling(dataset))


def label_paths(dataset: Dataset) -> list[str]:
    """The names of the layout's label files."""
    return list(dict.fromkeys(path for path, _ in _labels(dataset, _as_planned)))


def settling(dataset: Dataset) -> Callable[[Sample], Sample]:
    """What says where a planned sample's objects stand, which the pixels decide where things in front may hide them."""
    if not dataset.recipe.settings.scene.front.hides:
        return _as_planned
    composer = dataset.composer()
    composer.open_depth(dataset.depth)
    return composer.settled


def _as_planned(sample: Sample) -> Sample:
    return sample


def _labels(dataset: Dataset, settled: Callable[[Sample], Sample]) -> Iterator[tuple[str, str]]:
    plan = dataset.plan()
    for numbers in dataset.numbers():
        for sample in map(settled, plan.table_of(numbers).samples()):
            label = plan.layout.label(plan.ids(sample), plan.paths(sample), sample.first.x, sample.first.y)
            if label is None:
                return
            yield label


def _put_parts(store: Store, name: str, parts: Iterable[bytes]) -> None:
    """Put a file without holding it all."""
    file = store.create(name)
    try:
        for part in parts:
            file.write(part)
        file.publish()
    except BaseException:
        file.discard()
        raise
