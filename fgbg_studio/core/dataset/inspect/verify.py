"""Reading a dataset back and saying what is wrong with it."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.finalize import label_lines
from fgbg_studio.core.dataset.inspect.files import FileEntry, entries
from fgbg_studio.core.dataset.inspect.survey import Survey, in_threads, survey
from fgbg_studio.core.dataset.inspect.verify_pictures import SampleVerifier, verify_sources
from fgbg_studio.core.dataset.record import FILE, ROWS, Dataset, open_dataset
from fgbg_studio.core.dataset.shard import COLUMNS, Rows
from fgbg_studio.core.interfaces.layout import SAMPLE_KINDS, file_name, stem

_STEP = 250
_EXAMPLES, _AFFECTED = 5, 10_000


@dataclass
class Findings:
    """What is wrong: for each sort of fault how many, and the first few names; empty where nothing is.

    ``affected`` has the first 10,000 names of each sort, for whoever wants to make them again.
    """

    files: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)
    affected: dict[str, list[str]] = field(default_factory=dict)

    def add(self, fault: str, name: str) -> None:
        """One more of this sort."""
        self.faults[fault] = self.faults.get(fault, 0) + 1
        known = self.examples.setdefault(fault, [])
        if len(known) < _EXAMPLES:
            known.append(name)
        everything = self.affected.setdefault(fault, [])
        if len(everything) < _AFFECTED:
            everything.append(name)

    def report(self) -> dict[str, Any]:
        """What ``verify --json`` prints."""
        faults = [{"fault": f, "count": n, "examples": self.examples[f]} for f, n in sorted(self.faults.items())]
        return {"files": self.files, "clean": not self.faults, "faults": faults}


def verify(root: Path) -> Iterator[Progress | Findings]:
    """Verify the dataset in ``root``; yields progress, and at last the `Findings`.

    Raises:
        DatasetError: there is no dataset, or its record is damaged.
    """
    if (root / FILE).exists():
        yield from _own(open_dataset(root))
    else:
        yield from _foreign(root)


def _own(dataset: Dataset) -> Iterator[Progress | Findings]:
    findings = Findings()
    if not dataset.recipe.settings.writer.keeps:
        raise DatasetError(f"{dataset.root} was made by the writer 'null': there are no files", "Nothing to do")
    files = _files(dataset.root, findings)
    if not dataset.complete:
        findings.add("the run was not finished: run the same 'generate' again", str(dataset.root))
    plan, verifier, lock = dataset.plan(), SampleVerifier(dataset), threading.Lock()
    for fault, name in (*verify_tables(dataset, files), *verify_sources(dataset, files, verifier.expected)):
        findings.add(fault, name)

    def check(start: int) -> int:
        samples = plan.table(start, min(start + _STEP, dataset.samples)).samples()
        found = [fault for sample in samples for fault in verifier(sample, plan.paths(sample), files)]
        with lock:
            for fault, name in found:
                findings.add(fault, name)
        return len(samples)

    done = 0
    for number in in_threads(check, range(0, dataset.samples, _STEP)):
        done += number
        yield Progress("verifying", done, dataset.samples)
    for name in files:
        if name not in verifier.expected:
            findings.add("stray file that belongs to no sample", name)
    yield findings


def _files(root: Path, findings: Findings) -> dict[str, FileEntry]:
    files: dict[str, FileEntry] = {}
    damaged: list[DatasetError] = []
    for entry in entries(root, damaged):
        # A file's own name is unique within its kind, whatever folder or archive it lies in.
        name = f"{entry.kind}:{file_name(entry.name)}"
        if name in files:
            findings.add("the same picture twice", entry.name)
        files[name] = entry
    for error in damaged:
        findings.add("unreadable archive", error.problem)
    findings.files = len(files)
    return files


def _foreign(root: Path) -> Iterator[Progress | Findings]:
    findings, names = Findings(), {kind: set[str]() for kind in SAMPLE_KINDS}
    result: Survey | None = None
    for entry in entries(root):
        findings.files += 1
        if entry.kind in names:
            names[entry.kind].add(essence(entry.name))
    present = {kind: found for kind, found in names.items() if found}
    if len(present) < 2:
        raise DatasetError(f"{root} has no two of the kinds {', '.join(SAMPLE_KINDS)} to compare", "Check the path")
    everything = set().union(*present.values())
    for kind, found in present.items():
        for name in sorted(everything - found):
            findings.add(f"{kind} is missing", name)
    for step in survey(root):
        if isinstance(step, Survey):
            result = step
        else:
            yield step
    for warning in result.warnings() if result else []:
        findings.add("statistics", warning)
    yield findings


def essence(name: str) -> str:
    """What composite, mask and depth of one sample have in common: the numbers and words of the name.

    The hand-made datasets put ``mask``, ``depth`` or ``depth_map`` somewhere into the name, and separate
    numbers from words or not.
    """
    words = re.findall(r"[a-zA-Z]+|\d+", stem(name))
    kept = [word for word in words if word.lower() not in {"mask", "depth", "map"}]
    if "map" in words:
        kept = kept[:-1]  # the placement's number stands there twice
    return "_".join(kept)


_CONTACT = re.compile(r"(\d+\.\d{4})?")  # empty where the way of depth knows none


def verify_tables(dataset: Dataset, files: Mapping[str, FileEntry]) -> Iterator[tuple[str, str]]:
    """(fault, name) of everything that record, rows and labels say and the recipe or the files do not."""
    if dataset.complete:
        yield from _counts(dataset, files)
        yield from _rows(dataset)
        yield from _labels(dataset)


def _counts(dataset: Dataset, files: Mapping[str, FileEntry]) -> Iterator[tuple[str, str]]:
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
