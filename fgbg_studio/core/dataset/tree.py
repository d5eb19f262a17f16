"""The files of a finished dataset as a tree of a few lines, for its card."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from posixpath import dirname
from typing import NamedTuple

import numpy as np

from fgbg_studio.core.base.words import human_bytes, one_line
from fgbg_studio.core.dataset.objects import FILE as OBJECTS
from fgbg_studio.core.dataset.record import CARD, FILE, HIDDEN, ROWS, Dataset
from fgbg_studio.core.dataset.split_files import FILE as SPLITS
from fgbg_studio.core.dataset.split_files import FOLDER
from fgbg_studio.core.dataset.statistics import KindStatistics

_ARCHIVES = (".zip", ".tar")


class _Line(NamedTuple):
    name: str
    number: str = ""
    size: str = ""
    what: str = ""


def tree(dataset: Dataset, statistics: Mapping[str, KindStatistics]) -> list[str]:
    """A line a folder or archive with its number of files and its size; folders and archives that are alike share one.

    Counts come from the plan and sizes from the statistics: no folder with a million files is listed. Of files that
    are written later, as the record is when figures are measured, only what they are for is said.
    """
    settings = dataset.recipe.settings
    if not settings.writer.keeps:
        return []
    pictures = _folders(dataset, statistics) if settings.writer.in_place else _archives(dataset)
    lines = [*pictures, *_tables(dataset)]
    lines.append(_Line(FILE, what="settings, sources, cameras and statistics, for programs"))
    if dataset.store.exists(f"{FOLDER}/{SPLITS}"):
        lines.append(_Line(f"{FOLDER}/", what="lists of what to train with and what to judge by"))
    lines.append(_Line(f"{CARD}/", what="this page's pictures"))
    lines.append(_Line(f"{HIDDEN}/", what="what is needed to make any sample again"))
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return [
        one_line(f"{name:<{widths[0]}}  {number:>{widths[1]}}  {size:>{widths[2]}}  {what}".rstrip().replace("`", "'"))
        for name, number, size, what in lines
    ]


def _folders(dataset: Dataset, statistics: Mapping[str, KindStatistics]) -> Iterator[_Line]:
    for kind, folders in _counts(dataset, statistics).items():
        size, total = statistics[kind].bytes, sum(folders.values())
        groups = [list(group) for _, group in groupby(folders.items(), lambda item: (dirname(item[0]), item[1]))]
        for group in groups:
            (first, count), (last, _) = group[0], group[-1]
            each = " each" if len(group) > 1 else ""
            name = f"{first}/ … {last}/" if each else f"{first}/"
            share = human_bytes(size) if count * len(group) == total else ""
            yield _Line(name, f"{count:,} files{each}", share + (" together" if share and each else ""))


def _counts(dataset: Dataset, statistics: Mapping[str, KindStatistics]) -> dict[str, dict[str, int]]:
    """Kind → folder → how many files it has, in the order of the kinds and of the backgrounds."""
    plan, settings = dataset.plan(), dataset.recipe.settings
    layout = settings.layout
    sources = {
        "bg": layout.background(0), "fg": layout.foreground(0, False), "fg_mask": layout.fg_mask(0, False),
    }  # fmt: skip
    made = np.zeros(plan.counts.background, np.int64)
    for numbers in dataset.numbers():
        made += np.bincount(plan.places(numbers)["background"], minlength=len(made))
    counts = {kind: {dirname(path): statistics[kind].count} for kind, path in sources.items() if kind in statistics}
    there = np.flatnonzero(made)
    firsts = plan.numbers({"background": there, "foreground": 0, "mirrored": 0, "placement": 0})
    for sample in plan.table_of(firsts).samples():
        paths = plan.paths(sample)
        for kind in settings.sample_kinds:
            if kind in statistics:
                path = plan.path(kind, paths)
                folders = counts.setdefault(kind, {})
                folders[dirname(path)] = folders.get(dirname(path), 0) + int(made[sample.background])
    return counts


def _archives(dataset: Dataset) -> Iterator[_Line]:
    names = sorted(name for name in dataset.store.names() if name.endswith(_ARCHIVES))
    for _, group in groupby(names, lambda name: re.sub(r"\d+(?=\.\w+$)", "#", name)):
        yield _of_archives(dataset, list(group))


def _of_archives(dataset: Dataset, names: Sequence[str]) -> _Line:
    size = human_bytes(sum(dataset.store.size(name) for name in names))
    if len(names) == 1:
        return _Line(names[0], "", size)
    return _Line(f"{names[0]} … {names[-1]}", f"{len(names):,} archives", f"{size} together")


def _tables(dataset: Dataset) -> Iterator[_Line]:
    yield _Line(ROWS, "", human_bytes(dataset.store.size(ROWS)), "a row a sample")
    if dataset.recipe.settings.scene.instances:
        yield _Line(OBJECTS, "", human_bytes(dataset.store.size(OBJECTS)), "a line an object")
    plan = dataset.plan()
    sample = plan[int(next(iter(dataset.numbers(1)))[0])]
    label = plan.layout.label(plan.ids(sample), plan.paths(sample), sample.first.x, sample.first.y)
    if label is None:
        return
    folder, what = dirname(label[0]), "where the objects stand"
    if folder:
        files = dataset.store.names(folder)
        yield _Line(f"{folder}/", f"{len(files):,} file{'s' if len(files) != 1 else ''}", "", what)
    else:
        yield _Line(label[0], "", human_bytes(dataset.store.size(label[0])), what)
