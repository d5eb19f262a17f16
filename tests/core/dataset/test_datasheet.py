"""The card's datasheet says what the record knows, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


def section(root: Path) -> str:
    return (root / "README.md").read_text("utf-8").partition("## Datasheet\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("preset", ["studio-256", "course-200"])
def test_it_answers_by_the_record(datasets: Callable[..., Path], preset: str) -> None:
    text = section(datasets(preset))
    headings = [line for line in text.splitlines() if line.startswith("### ")]
    parts = ("Composition", "Collection", "Preprocessing", "Uses", "Distribution", "Maintenance")
    assert headings == [f"### {part}" for part in parts]
    assert "*How many are there?* 16." in text
    assert "of 0 of these 4 pictures it is said where they are from" in text
    assert "monocular depth (metres)" in text
    assert "Of the whole it is not known" in text
    assert "Motivation" not in text
    assert "sample of a larger set" not in text
