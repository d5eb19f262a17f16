"""Statistics of a dataset from its files, whoever made it, and what about them cannot be true."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.errors import DatasetError, FgbgError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.processes import in_processes
from fgbg_studio.core.base.progress import Progress, Rate
from fgbg_studio.core.dataset.figures import Reports, figures
from fgbg_studio.core.dataset.implausible import implausible
from fgbg_studio.core.dataset.inspect.counted import Counted, processes_for
from fgbg_studio.core.dataset.inspect.files import FileEntry, entries
from fgbg_studio.core.dataset.record import FILE, Dataset, open_dataset
from fgbg_studio.core.dataset.remeasure import measured_figures, put_measured
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.core.imaging.finding import PassedOver

_CHUNK_PICTURES, _CHUNK_BYTES = 256, 4 << 20
_LISTED = 5000


@dataclass
class Survey:
    """The statistics of every kind, and the names of unreadable pictures.

    Attributes:
        kinds: by kind.
        damaged: files that cannot be read.
        dataset: the record, where it is a folder of this program's.
        passed: what else lies among the pictures.
        names: (kind, code of an issue) → the files of which it is said.
        note: why the figures could not be written into that dataset, as a clause; empty where they were, or need not.
    """

    kinds: dict[str, KindStatistics] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)
    passed: PassedOver = field(default_factory=PassedOver)
    names: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    dataset: Dataset | None = None
    note: str = ""

    def figures(self) -> Reports:
        """What is said of each kind."""
        return measured_figures(self.dataset, self.kinds) if self.dataset else figures(self.kinds, 0.0)

    def report(self) -> dict[str, Any]:
        """What ``stats --json`` prints: ``kinds``, ``warnings`` and, where something was, ``passed_over``."""
        passed = {"passed_over": self.passed.report()} if self.passed.total else {}
        return {"kinds": self.figures(), "warnings": self.warnings(), **passed}

    def issues(self) -> list[Issue]:
        """What cannot be true, or is not what a training set should be."""
        return implausible(self.kinds, self.names)

    def warnings(self) -> list[str]:
        """The unreadable pictures and the issues, in words."""
        found = [f"{name} cannot be read" for name in self.damaged]
        return found + [issue.message for issue in self.issues()]


def survey(root: Path, damaged_archives: list[DatasetError] | None = None) -> Iterator[Progress | Survey]:
    """Read every picture of the dataset in ``root``, on all cores; yields progress, and at last the `Survey`.

    Of a finished dataset of this program whose pictures are all there and can be read, mean and σ go into its record.

    Raises:
        DatasetError: there is no picture, or an archive is damaged and there is no list that takes its error.
    """
    total, size, passed = 0, 0, PassedOver()
    for entry in entries(root, damaged_archives, passed):
        total, size = total + 1, size + entry.size
        if total % _LISTED == 0:
            yield Progress("listing pictures", total, 0)
    if not total:
        said = f" ({passed.said()})" if passed.total else ""
        problem = f"{root} contains no pictures of a dataset{said}"
        raise DatasetError(problem, "Give the dataset's folder or one of its archives")
    whole, rate, again = Counted(), Rate(0), entries(root, None if damaged_archives is None else [])
    for part in in_processes(_count, _chunks(again), processes_for(total, size)):
        if part is not None:
            whole.merge(part)
        done = min(whole.pictures, total)
        yield Progress("reading pictures", done, total, *rate.update(done, total))
    found = Survey(whole.by_kind(), sorted(whole.damaged), passed, whole.named())
    with contextlib.suppress(FgbgError):  # a record that is damaged is nothing to the figures
        found.dataset = open_dataset(root) if (root / FILE).exists() else None
    if found.dataset and not found.damaged and not damaged_archives:
        found.note = put_measured(found.dataset, found.kinds)
    yield found


def _count(chunk: list[FileEntry]) -> Counted:
    made = Counted()
    for entry in chunk:
        made.add(entry)
    return made


def _chunks(source: Iterable[FileEntry]) -> Iterator[list[FileEntry]]:
    """As many pictures as are read in a moment."""
    chunk: list[FileEntry] = []
    size = 0
    for entry in source:
        chunk.append(entry)
        size += entry.size
        if len(chunk) >= _CHUNK_PICTURES or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
