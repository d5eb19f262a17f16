"""Datasets of projects with excluded samples: whole, limited, continued, verified and read by names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.target import Found, look_at
from fgbg_studio.core.plan.names import Names
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.exclusions import Exclusions
from tests.helpers.datasets import find, make, opened, small, tree

MakeProject = Callable[..., Path]
GONE = ("bg_000_fg_001_m_01", "bg_001 fg_000")


@pytest.fixture(scope="module")
def made(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A project without `GONE`, the dataset of all of it, and that without them."""
    folder = tmp_path_factory.mktemp("excluded")
    project = make_project(folder, changes=small("studio-256"))
    make(project, folder / "whole")
    known = storage.load(project)
    names = Names(Plan(make_recipe(known)))
    storage.save(project, known.model_copy(update={"excluded": Exclusions.of(map(names.find, GONE))}))
    make(project, folder / "without")
    return project, folder / "whole", folder / "without"


def pictures(root: Path) -> dict[str, str]:
    kinds = ("bg/", "fg/", "fg_mask/", "fg_bg/", "mask/", "depth/")
    return {name: sha for name, sha in tree(root).items() if name.startswith(kinds)}


def test_the_others_have_the_same_names_and_bytes(made: tuple[Path, Path, Path]) -> None:
    _, whole, without = made
    gone = {name for name in pictures(whole) if GONE[0] in name or "bg_001_fg_000_" in name}
    assert len(gone) == 3 * 5
    assert pictures(without) == {name: sha for name, sha in pictures(whole).items() if name not in gone}
    rows = [list(csv.reader(io.StringIO((root / "samples.csv").read_text("utf-8")))) for root in (whole, without)]
    assert rows[1] == [row for row in rows[0] if not {GONE[0]} & set(row) and "bg_001_fg_000_" not in " ".join(row)]


def test_it_says_what_it_is_without_and_is_verified(made: tuple[Path, Path, Path]) -> None:
    project, _, without = made
    record = json.loads((without / "dataset.json").read_text(encoding="utf-8"))
    assert record["samples"] == 11
    assert [len(record["recipe"]["excluded"][kind]) for kind in ("pairs", "samples")] == [1, 1]
    assert find(without).clean
    assert "16, without 5 that are excluded 11." in (without / "README.md").read_text(encoding="utf-8")
    assert look_at(storage.load(project), without).found is Found.FINISHED


def test_it_is_read_by_the_names_that_are_there(made: tuple[Path, Path, Path]) -> None:
    contents = opened(made[2])
    assert contents.counts["fg_bg"] == len(contents.numbers()) == 11
    assert contents.find("bg_000_fg_001_m_01") is None
    number = contents.find("bg_001_fg_001_m_01")
    assert number == 15
    assert contents.triple(15).name == "bg_001_fg_001_m_01"
    assert contents.numbers(1, 0) == []
    assert contents.read("mask", 15)


def test_another_exclusion_is_another_dataset(made: tuple[Path, Path, Path]) -> None:
    project, whole, _ = made
    state = look_at(storage.load(project), whole)
    assert state.found is Found.OTHER
    assert "excluded" in str(state.error)


def test_a_limited_run_is_spread_over_what_is_left_and_goes_on(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    project, _, without = made
    make(project, tmp_path / "part", limit=6)
    part = open_dataset(tmp_path / "part")
    gone = set(part.plan().excluded.tolist())
    assert len(gone) == 5
    assert not gone & set(part.order.numbers(0, 6).tolist())
    assert set(pictures(tmp_path / "part").items()) <= set(pictures(without).items())
    assert find(tmp_path / "part").clean
    make(project, tmp_path / "part")
    assert pictures(tmp_path / "part") == pictures(without)
