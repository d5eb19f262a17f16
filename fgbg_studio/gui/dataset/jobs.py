"""What the place Dataset does on workers, without a widget."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.repair import RepairReport, repair
from fgbg_studio.core.dataset.inspect.survey import Survey, survey
from fgbg_studio.core.dataset.inspect.verify import VerifyReport, verify
from fgbg_studio.core.interfaces.export import Export


def counting(contents: Contents) -> Callable[[], Generator[Progress, None, Survey]]:
    """Read every picture; progress says of how many."""
    return lambda: _last(survey(contents.path), sum(contents.counts.values()), Survey)


def verifying(contents: Contents) -> Callable[[], Generator[Progress, None, VerifyReport]]:
    """Verify; progress says of how many."""
    return lambda: _last(verify(contents.path), sum(contents.counts.values()), VerifyReport)


def repairing(
    contents: Contents, project: Path | None, only: set[str] | None
) -> Callable[[], Generator[Progress, None, RepairReport]]:
    """Repair; progress says of how many."""
    return lambda: _last(repair(contents.path, project, only), 0, RepairReport)


def exporting(
    contents: Contents, folder: Path, exports: Sequence[Export]
) -> Callable[[], Generator[Progress, None, list[Path]]]:
    """Write these one after the other into a folder; returns the files."""

    def export_all() -> Generator[Progress, None, list[Path]]:
        files: list[Path] = []
        for export in exports:
            for step in export.run(contents.path, folder):
                files += step.files
                yield step
        return files

    return export_all


def _last(steps: Iterator[Any], total: int, kind: type[Any]) -> Generator[Progress, None, Any]:
    result = None
    for step in steps:
        if isinstance(step, kind):
            result = step
        else:
            yield replace(step, total=step.total or max(total, step.done))
    return result
