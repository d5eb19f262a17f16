"""The tables and markers of a dataset held against its recipe and its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from fgbg_studio.core.dataset import FILE, ROWS, Dataset
from fgbg_studio.core.finish import label_lines
from fgbg_studio.core.layouts import stem
from fgbg_studio.core.reader import Entry
from fgbg_studio.core.shard import COLUMNS


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
    with path.open(encoding="utf-8") as rows:
        if next(rows, "") != COLUMNS:
            yield f"{ROWS} has other columns", ROWS
            return
        step, count = 4000, 0
        for start in range(0, dataset.samples, step):
            for sample in plan.table(start, min(start + step, dataset.samples)).samples():
                fields = next(rows, "").rstrip("\n").split(",")
                count += bool(fields[0])
                name = stem(plan.paths(sample).fg_bg)
                box = [str(sample.x), str(sample.y), str(sample.width), str(sample.height)]
                if fields[0] and (fields[0] != name or fields[5:9] != box):
                    yield f"{ROWS} differs from the recipe", name
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
        elif file.read_text(encoding="utf-8").splitlines() != lines:
            yield "label file differs from the recipe", path
