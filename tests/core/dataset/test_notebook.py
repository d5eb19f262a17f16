"""The notebook of the guide runs from its first cell to its last."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fgbg_studio.cli.main import main
from fgbg_studio.core.dataset.splits import SplitSettings, make_splits
from tests.helpers.datasets import ROOT, copy, last


def cells() -> list[str]:
    notebook = json.loads((ROOT / "docs" / "train.ipynb").read_text(encoding="utf-8"))
    assert notebook["nbformat"] == 4
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_its_commands_are_the_program_s() -> None:
    commands = [shlex.split(cell[1:]) for cell in cells() if cell.startswith("!")]
    assert [words[:2] for words in commands] == [["fgbg-studio", "demo"], ["fgbg-studio", "split"]]
    for _, name, *arguments in commands:
        main.commands[name].make_context(name, arguments)


def test_its_cells_run(
    datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("keras")
    monkeypatch.chdir(tmp_path)
    root = copy(datasets(), tmp_path / "demo" / "dataset")
    last(make_splits(root, SplitSettings(background=0.34, foreground=0.34)))
    names: dict[str, Any] = {}
    for cell in cells():
        if cell[0] not in "!%":
            exec(cell, names)
    assert capsys.readouterr().out.startswith("16 bg_000_fg_000_p_00 (64, 64, 3) bg_000 fg_000\n")
    assert names["sheet"](names["sample"]).size == (192, 64)
    assert len(names["history"].history["loss"]) == 2
