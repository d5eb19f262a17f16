"""The guide's own code splits a limited run into two parts that both have samples."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.datasets import ROOT, make, small


def code(page: str, heading: str) -> str:
    """The indented lines below a heading, as one program."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return "\n".join(line[4:] for line in text.splitlines() if re.match(r" {4}|$", line))


@pytest.mark.parametrize("limit", [20, 60, None])
def test_train_and_test_share_no_background(
    limit: int | None, make_project: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    make(make_project(tmp_path, n_bg=7, n_fg=3, changes=small("studio-256")), out, limit=limit)
    program = code("using.md", "Read it in Python") + "\n" + code("using.md", "Training set and test set")
    names: dict[str, Any] = {}
    exec(program.replace("rooms-dataset", out.as_posix()), names)
    train, test = names["train"], names["test"]
    assert len(train) + len(test) == (limit or 84)
    assert {row["background"] for row in train.rows}.isdisjoint(row["background"] for row in test.rows)
    assert 0.1 * len(train) < len(test) < len(train)
    assert test[0][0].shape == (3, 64, 64)
