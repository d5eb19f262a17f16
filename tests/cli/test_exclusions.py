"""Samples excluded and included by names and by lists of names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fgbg_studio.core.project import storage
from tests.cli.conftest import Fgbg


@pytest.fixture
def own(project: Path, tmp_path: Path) -> Path:
    """The project, to be changed."""
    return Path(shutil.copytree(project, tmp_path / "own"))


def test_names_and_lists_go_in_and_come_out_again(fgbg: Fgbg, own: Path, tmp_path: Path) -> None:
    assert fgbg("exclude", own).out == "\n"
    done = fgbg("exclude", own, "bg_000_fg_001_m_01.jpg", "bg_001 fg_000", "--json").json()
    assert done == {"excluded": 5, "samples": 16, "made": 11}
    text = fgbg("exclude", own).out
    assert text.splitlines() == [
        "bg_001 fg_000  # bg_1.png, fg_0.png", "bg_000_fg_001_m_01  # bg_0.png, fg_1.png",
    ]  # fmt: skip
    (tmp_path / "list.txt").write_text(text, encoding="utf-8")
    before = storage.load(own)
    assert fgbg("include", own, "--all").out.endswith("0 of 16 samples are excluded, 16 are made\n")
    assert fgbg("exclude", own, "--list", tmp_path / "list.txt").code == 0
    assert storage.load(own) == before
    assert fgbg("include", own, "bg_001 fg_000").out.endswith("1 of 16 samples are excluded, 15 are made\n")


def test_plan_and_check_say_how_many(fgbg: Fgbg, own: Path) -> None:
    fgbg("exclude", own, "fg_1.png")
    assert "16 samples, 8 of them excluded; 8 to make" in fgbg("plan", own).out
    assert fgbg("plan", own, "--json").json()["excluded"] == 8
    assert "8 of 16 samples are excluded" in fgbg("check", own).out
    assert fgbg("check", own, "--json").json()["excluded"] == 8


def test_names_of_a_dataset_mean_what_it_was_made_of(fgbg: Fgbg, own: Path, dataset: Path) -> None:
    known = storage.load(own)
    storage.save(own, known.model_copy(update={"backgrounds": known.backgrounds[::-1]}))
    fgbg("exclude", own, "bg_000", "--of", dataset)
    assert storage.load(own).excluded.backgrounds == (known.backgrounds[0].sha256,)


def test_what_cannot_be_is_said(fgbg: Fgbg, own: Path, tmp_path: Path) -> None:
    wrong = fgbg("exclude", own, "bg_000_fg_001_p_99")
    assert wrong.code == 2
    assert "nothing called 'bg_000_fg_001_p_99'" in wrong.err
    fgbg("exclude", own, "bg_000")
    part = fgbg("include", own, "bg_000_fg_001_m_01")
    assert part.code == 2
    assert "excluded as a part of 'bg_000'" in part.err
    fgbg("exclude", own, "bg_001")
    none = fgbg("generate", own, "--out", tmp_path / "out")
    assert none.code == 1
    assert "all 16 samples" in none.err
    assert "fgbg-studio include" in none.err
    (tmp_path / "list").write_bytes(b"\xff\xfe\x00")
    assert "is no list of names" in fgbg("exclude", own, "--list", tmp_path / "list").err
