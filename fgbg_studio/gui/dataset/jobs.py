"""What the place Dataset does on workers, without a widget."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.exports.html_card import HtmlCard
from fgbg_studio.core.dataset.exports.markdown_card import MarkdownCard
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.survey import Survey, survey
from fgbg_studio.core.dataset.inspect.verify import Findings, verify


def counting(contents: Contents) -> Callable[[], Generator[Progress, None, Survey]]:
    """Read every picture; progress says of how many."""
    return lambda: _last(survey(contents.path), sum(contents.counts.values()), Survey)


def verifying(contents: Contents) -> Callable[[], Generator[Progress, None, Findings]]:
    """Verify; progress says of how many."""
    return lambda: _last(verify(contents.path), sum(contents.counts.values()), Findings)


def exporting(contents: Contents, folder: Path) -> Callable[[], list[Path]]:
    """Write the card and its page into a folder of the dataset's name."""
    return lambda: [*MarkdownCard().write(contents.path, folder), *HtmlCard().write(contents.path, folder)]


def _last(steps: Iterator[Any], total: int, kind: type[Any]) -> Generator[Progress, None, Any]:
    result = None
    for step in steps:
        if isinstance(step, kind):
            result = step
        else:
            yield replace(step, total=step.total or max(total, step.done))
    return result
