"""The guide's own lines read the splits of a dataset."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from fgbg_studio.core.dataset.normalisation import normalise
from fgbg_studio.core.dataset.splits import SplitSettings, make_splits
from tests.conftest import MakeProject
from tests.helpers.datasets import ROOT, last, make, small


def test_they_run(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = small("studio-256")
    make(make_project(tmp_path, n_bg=3, n_fg=3, changes=changes), tmp_path / "rooms-dataset")
    last(make_splits(tmp_path / "rooms-dataset", SplitSettings()))
    last(normalise(tmp_path / "rooms-dataset"))
    page = (ROOT / "docs" / "splits.md").read_text(encoding="utf-8")
    blocks = [block for block in re.findall(r"(?:^(?:    .*)?\n)+", page, re.MULTILINE) if "import" in block]
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(re.sub(r"^    ", "", block, flags=re.MULTILINE), names)
    said = capsys.readouterr().out
    assert "'train': 12" in said
    assert " train\n(0." in said
