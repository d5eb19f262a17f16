"""What the place Dataset does on workers, without a widget."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.outside import reason_of
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.words import one_line
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.measures import Measures, from_files, from_rows
from fgbg_studio.core.dataset.inspect.presence import Missing, missing_files
from fgbg_studio.core.dataset.inspect.repair import RepairReport, repair
from fgbg_studio.core.dataset.inspect.survey import Survey, survey
from fgbg_studio.core.dataset.inspect.verify import VerifyReport, verify
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.core.project.exclusions import Exclusion

_STEP = 4000


def counting(contents: Contents) -> Callable[[], Generator[Progress, None, Survey]]:
    """Read every picture; progress says of how many."""
    return lambda: last_of(with_totals(survey(contents.path), sum(contents.counts.values())), Survey)


def verifying(contents: Contents) -> Callable[[], Generator[Progress, None, VerifyReport]]:
    """Verify; progress says of how many."""
    return lambda: last_of(with_totals(verify(contents.path), sum(contents.counts.values())), VerifyReport)


def reading_measures(contents: Contents) -> Callable[[], Generator[Progress, None, Measures]]:
    """What the rows say of every sample."""
    return lambda: last_of(with_totals(from_rows(contents)), Measures)


def looking(contents: Contents) -> Callable[[], Generator[Progress, None, Missing]]:
    """Which files are not there."""

    def look() -> Generator[Progress, None, Missing]:
        found: Missing = {}
        for step in missing_files(contents):
            if step is not None:
                found = step
            yield Progress("looking for files", 0, 0)
        return found

    return look


def measuring(contents: Contents, measures: Measures) -> Callable[[], Generator[Progress, None, Any]]:
    """Measure on the files what the rows do not say, into the arrays of ``measures``."""
    return lambda: last_of(with_totals(from_files(contents, measures)), Measures)


def write_names(contents: Contents, numbers: Sequence[int], path: Path) -> None:
    """Write the names of these samples' composites, one a line.

    Raises:
        DatasetError: the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{one_line(contents.triple(number).name)}\n" for number in numbers)
    except OSError as error:
        raise DatasetError(f"{path} cannot be written ({reason_of(error)})", "Choose another folder") from error


def exclusions_of(contents: Contents, numbers: Sequence[int]) -> list[Exclusion]:
    """What a project excludes to be without these samples of a dataset of this program."""
    assert contents.dataset
    plan = contents.dataset.plan()
    starts = range(0, len(numbers), _STEP)
    return [plan.exclusion(one) for at in starts for one in plan.table_of(np.array(numbers[at : at + _STEP])).samples()]


def repairing(
    contents: Contents, project: Path | None, only: set[str] | None
) -> Callable[[], Generator[Progress, None, RepairReport]]:
    """Repair; progress says of how many."""
    return lambda: last_of(with_totals(repair(contents.path, project, only)), RepairReport)


def exporting(
    contents: Contents, folder: Path, exports: Sequence[Export]
) -> Callable[[], Generator[Progress, None, tuple[list[Path], list[str]]]]:
    """Write these one after the other into a folder; returns the files, and what should be known of them."""

    def export_all() -> Generator[Progress, None, tuple[list[Path], list[str]]]:
        files, notes = list[Path](), list[str]()
        for export in exports:
            for step in export.run(contents.path, folder):
                files += step.files
                notes += step.notes
                yield step
        return files, notes

    return export_all


def last_of(steps: Iterator[Any], kind: type[Any]) -> Generator[Progress, None, Any]:
    """Drive a job of the core's to its result, which is of this kind."""
    result = None
    for step in steps:
        if isinstance(step, kind):
            result = step
        else:
            yield step
    return result


def with_totals(steps: Iterator[Any], total: int = 0) -> Iterator[Any]:
    """Let progress that knows no end say this one, or as much as is done."""
    for step in steps:
        yield replace(step, total=step.total or max(total, step.done)) if isinstance(step, Progress) else step
