"""The bin inside a project: moved whole, brought back whole, its names kept free."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import ProjectError
from fgbg_studio.core.project import recycle_bin, storage
from fgbg_studio.core.project.importing import add_backgrounds
from tests.conftest import MakeProject, as_nobody, draw_background, write_picture
from tests.helpers.datasets import tree


@pytest.fixture
def folder(tmp_path: Path, make_project: MakeProject) -> Path:
    return make_project(tmp_path)


def test_files_go_and_come_back(folder: Path) -> None:
    before = tree(folder)
    files = ["backgrounds/bg_0.png", "foregrounds/fg_1.png", "backgrounds/missing.png"]
    recycle_bin.throw_away(folder, files)
    assert not (folder / files[0]).exists()
    assert recycle_bin.filled(folder)
    assert recycle_bin.in_bin(folder) == sorted(files[:2])
    assert recycle_bin.size(folder) == sum((folder / recycle_bin.BIN / file).stat().st_size for file in files[:2])
    recycle_bin.bring_back(folder, files)
    assert tree(folder) == before
    assert not recycle_bin.filled(folder)


def test_a_folder_without_a_bin(folder: Path) -> None:
    assert recycle_bin.in_bin(folder) == []
    assert not recycle_bin.filled(folder)
    recycle_bin.empty(folder)
    assert recycle_bin.bring_back_missing(folder, storage.load(folder)) == []


def test_what_is_emptied_is_gone(folder: Path) -> None:
    recycle_bin.throw_away(folder, ["backgrounds/bg_0.png"])
    recycle_bin.empty(folder)
    recycle_bin.bring_back(folder, ["backgrounds/bg_0.png"])
    assert not (folder / "backgrounds/bg_0.png").exists()
    assert not (folder / recycle_bin.BIN).exists()


def test_no_other_file_of_the_same_name_is_ever_overwritten(folder: Path) -> None:
    files = ["backgrounds/bg_1.png", "backgrounds/bg_0.png"]
    recycle_bin.throw_away(folder, files)
    (folder / files[1]).write_bytes(b"another")
    before = tree(folder)
    for move in (recycle_bin.bring_back, recycle_bin.throw_away):
        with pytest.raises(ProjectError, match=r"bg_0\.png cannot be moved \(there is another file of that name"):
            move(folder, files)
        assert tree(folder) == before


def test_a_project_that_was_not_saved_gets_its_files_back(folder: Path) -> None:
    project = storage.load(folder)
    files = [picture.file for picture in project.backgrounds]
    recycle_bin.throw_away(folder, files)
    assert recycle_bin.bring_back_missing(folder, project) == files
    assert all((folder / file).is_file() for file in files)


def test_names_in_the_bin_are_taken(folder: Path, tmp_path: Path) -> None:
    recycle_bin.throw_away(folder, ["backgrounds/bg_0.png"])
    project = storage.load(folder)
    storage.save(folder, project.model_copy(update={"backgrounds": project.backgrounds[1:]}))
    other = write_picture(tmp_path / "more" / "bg_0.png", draw_background(7))
    (verdict,) = add_backgrounds(folder, [other])
    assert verdict.picture
    assert verdict.picture.file == "backgrounds/bg_0-2.png"
    recycle_bin.bring_back(folder, ["backgrounds/bg_0.png"])
    assert (folder / "backgrounds/bg_0.png").read_bytes() != other.read_bytes()


def test_all_or_none(folder: Path) -> None:
    (folder / "foregrounds").chmod(0o555)
    try:
        with as_nobody(), pytest.raises(ProjectError, match="cannot be moved"):
            recycle_bin.throw_away(folder, ["backgrounds/bg_0.png", "foregrounds/fg_0.png"])
    finally:
        (folder / "foregrounds").chmod(0o755)
    assert (folder / "backgrounds/bg_0.png").is_file()
    assert (folder / "foregrounds/fg_0.png").is_file()
