"""The tables and markers of a dataset held against its recipe and its files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from fgbg_studio.core.dataset import FILE, ROWS, Dataset
from fgbg_studio.core.finish import label_lines
from fgbg_studio.core.layouts import stem
from fgbg_studio.core.reader import Entry
from fgbg_studio.core.shard import COLUMNS, Rows

_CONTACT = re.compile(r"(\d+\.\d{4})?")  # empty where the way of depth knows none


def verify_tables(dataset: Dataset, files: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    """(fault, name) of everything that record, rows and labels say and the recipe or the files do not."""
    if dataset.complete:
        yield from _counts(dataset, files)
        yield from _rows(dataset)
        yield from _labels(dataset)


def _counts(dataset: Dataset, files: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    found = Counter(entry.kind for entry in files.values())
    for kind, said in dataset.record.get("statistics", {}).items():
        if said["count"] != found[kind]:
            yield f"{FILE} says {said['count']:,} {kind}, there are {found[kind]:,}", FILE


def _rows(dataset: Dataset) -> Iterator[tuple[str, str]]:
    path, plan = dataset.root / ROWS, dataset.plan()
    if not path.exists():
        yield f"{ROWS} is missing", ROWS
        return
    start_of_row = Rows(plan)
    with path.open(encoding="utf-8", errors="replace") as rows:
        if next(rows, "") != COLUMNS:
            yield f"{ROWS} has other columns", ROWS
            return
        step, count = 4000, 0
        for start in range(0, dataset.samples, step):
            for sample in plan.table(start, min(start + step, dataset.samples)).samples():
                row, paths = next(rows, "").rstrip("\n"), plan.paths(sample)
                count += bool(row)
                wanted = start_of_row(sample, paths)
                if row and not (row.startswith(wanted) and _CONTACT.fullmatch(row, len(wanted))):
                    yield f"{ROWS} differs from the recipe", stem(paths.fg_bg)
        extra = sum(1 for _ in rows)
    if count + extra != dataset.samples:
        yield f"{ROWS} has {count + extra:,} rows, not {dataset.samples:,}", ROWS


def _labels(dataset: Dataset) -> Iterator[tuple[str, str]]:
    wanted: dict[str, list[str]] = {}
    for path, line in label_lines(dataset.plan(), dataset.samples):
        wanted.setdefault(path, []).append(line)
    for path, lines in wanted.items():
        file = dataset.root / path
        if not file.exists():
            yield "label file is missing", path
        elif file.read_text(encoding="utf-8", errors="replace").splitlines() != lines:
            yield "label file differs from the recipe", path
