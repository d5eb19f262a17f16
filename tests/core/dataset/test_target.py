"""What is found in a dataset's folder, and that a run refuses what was said to be refused."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.record import FILE, HIDDEN
from fgbg_studio.core.dataset.target import LOCK, Found, free_folder, look_at
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.model import Project
from tests.helpers.datasets import differing, make, small, tree

MakeProject = Callable[..., Path]


@pytest.fixture
def folder(make_project: MakeProject, tmp_path: Path) -> Path:
    return make_project(tmp_path, changes=small("studio-256"))


def with_licence(project: Project) -> Project:
    """The project with something else said of a background: its pictures are the same."""
    first = project.backgrounds[0].model_copy(update={"licence": "CC0"})
    return project.model_copy(update={"backgrounds": (first, *project.backgrounds[1:])})


def test_from_nothing_to_finished_and_beyond(folder: Path, tmp_path: Path) -> None:
    out, project = tmp_path / "out", storage.load(folder)
    assert look_at(project, out).found is Found.NEW
    out.mkdir()
    assert look_at(project, out).found is Found.NEW
    make(folder, out, limit=10)
    finished = look_at(project, out, limit=10)
    assert (finished.found, finished.done, finished.total) == (Found.FINISHED, 10, 10)
    begun = look_at(project, out)
    assert (begun.found, begun.done, begun.total) == (Found.UNFINISHED, 10, 16)
    larger = look_at(project, out, limit=5)
    assert (larger.found, larger.done, larger.free) == (Found.LARGER, 10, tmp_path / "out-2")
    other = look_at(project.model_copy(update={"seed": 7}), out)
    assert other.found is Found.OTHER
    assert other.error is not None
    assert "(seed)" in other.error.problem


def test_other_files_and_no_samples(folder: Path, tmp_path: Path) -> None:
    project = storage.load(folder)
    assert look_at(project, folder).found is Found.TAKEN
    assert look_at(project, folder / "project.json").found is Found.TAKEN
    nothing = look_at(project.model_copy(update={"backgrounds": ()}), tmp_path / "out")
    assert nothing.found is Found.NOTHING
    assert not nothing.can_go_on
    assert nothing.error is not None
    assert "no good backgrounds" in nothing.error.problem


def test_a_damaged_record_takes_the_folder(folder: Path, tmp_path: Path) -> None:
    make(folder, tmp_path / "out", limit=3)
    (tmp_path / "out" / FILE).write_text("{")
    state = look_at(storage.load(folder), tmp_path / "out", limit=3)
    assert state.found is Found.TAKEN
    assert state.error is not None
    assert "dataset.json is damaged" in state.error.problem


def test_what_is_said_of_a_picture_is_told_anew(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    make(folder, out, limit=10)
    storage.save(folder, with_licence(storage.load(folder)))
    assert look_at(storage.load(folder), out, limit=10).found is Found.UNFINISHED
    make(folder, out, limit=10)
    assert "CC0" in (out / "README.md").read_text(encoding="utf-8")
    assert look_at(storage.load(folder), out, limit=10).found is Found.FINISHED


@pytest.mark.parametrize("said_anew", [False, True])
def test_fewer_samples_than_there_are_are_refused_by_the_run_too(said_anew: bool, folder: Path, tmp_path: Path) -> None:
    """Their shards are cut otherwise: the larger ones that are there would be written over."""
    out = tmp_path / "out"
    make(folder, out, limit=10)
    if said_anew:
        storage.save(folder, with_licence(storage.load(folder)))
    before, state = tree(out), look_at(storage.load(folder), out, limit=7)
    assert state.found is Found.LARGER
    with pytest.raises(DatasetError) as caught:
        make(folder, out, limit=7)
    assert str(caught.value) == str(state.error)
    assert tree(out) == before


def test_a_dataset_without_its_hidden_folder_is_one(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    make(folder, out)
    shutil.copytree(out, tmp_path / "whole")
    shutil.rmtree(out / HIDDEN)
    assert look_at(storage.load(folder), out).found is Found.FINISHED
    make(folder, out)
    assert differing(out, tmp_path / "whole") == []


def test_a_free_name_counts_on(tmp_path: Path) -> None:
    (tmp_path / "a-2").mkdir()
    assert free_folder(tmp_path / "a").name == "a-3"
    assert free_folder(tmp_path / "a-2").name == "a-3"


def test_what_another_run_writes_or_nobody_may_is_said_before(folder: Path, tmp_path: Path) -> None:
    out, project = tmp_path / "out", storage.load(folder)
    make(folder, out, limit=10)
    with LocalStore(out).lock(LOCK):
        held = look_at(project, out)
        assert (held.found, held.can_go_on) == (Found.TAKEN, False)
        assert "is being written by another run" in str(held.error)
    assert look_at(project, out).found is Found.UNFINISHED
    if os.name == "posix" and os.geteuid():  # root may write anywhere
        (tmp_path / "shut").mkdir(0o500)
        assert "cannot be written to" in str(look_at(project, tmp_path / "shut" / "out").error)


def test_a_limit_says_how_many_pictures_it_covers(folder: Path, tmp_path: Path) -> None:
    project, out = storage.load(folder), tmp_path / "out"
    covered = [look_at(project, out, limit).covered for limit in (1, 2, 5, None)]
    assert covered == [(1, 1), (2, 2), (2, 2), (2, 2)]
