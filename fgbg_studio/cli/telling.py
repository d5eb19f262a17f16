"""What several commands say alike: issues, and the table of figures."""

from __future__ import annotations

from typing import Any

from fgbg_studio.cli import console, remedies
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.words import one_line


def counted(found: list[Issue]) -> str:
    """'2 errors, 23 warnings'."""
    errors = sum(issue.severity == "error" for issue in found)
    counts = (("error", errors), ("warning", len(found) - errors))
    said = [f"{count:,} {name}{'s' if count != 1 else ''}" for name, count in counts if count]
    return ", ".join(said) or "no issues found"


def objections(found: list[Issue]) -> dict[str, Any]:
    """Issues as the JSON of a report."""
    found_ones = [
        {"severity": issue.severity, "code": issue.code, "message": issue.said(remedies.words), "file": issue.file}
        for issue in found
    ]
    errors = sum(issue.severity == "error" for issue in found)
    return {"objections": found_ones, "errors": errors, "warnings": len(found) - errors}


def line(issue: Issue) -> str:
    """An issue in a line."""
    return one_line(f"{issue.severity}: {issue.said(remedies.words)}")


def figures_text(reports: dict[str, dict[str, Any]]) -> str:
    """The table of figures, and under it what must be said of them."""
    from fgbg_studio.core.dataset.figures import figures_table, remarks

    header = ("kind", "pictures", "size", "shape", "mean", "σ", "of")
    table = console.table(header, figures_table(reports), right=(1, 2))
    return "\n".join([table, *remarks(reports)])
