"""The bin inside a project: moved whole, brought back whole, its names kept free."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgbg_studio.core import bin as bins
from fgbg_studio.core import project as projects
from fgbg_studio.core.adding import add_backgrounds
from fgbg_studio.core.errors import ProjectError
from tests.conftest import MakeProject, as_nobody, draw_background, write_picture
from tests.helpers.datasets import tree


@pytest.fixture
def folder(tmp_path: Path, make_project: MakeProject) -> Path:
    return make_project(tmp_path)


def test_files_go_and_come_back(folder: Path) -> None:
    before = tree(folder)
    files = ["backgrounds/bg_0.png", "foregrounds/fg_1.png", "backgrounds/missing.png"]
    bins.throw_away(folder, files)
    assert not (folder / files[0]).exists()
    assert bins.filled(folder)
    assert bins.in_bin(folder) == sorted(files[:2])
    assert bins.size(folder) == sum((folder / bins.BIN / file).stat().st_size for file in files[:2])
    bins.bring_back(folder, files)
    assert tree(folder) == before
    assert not bins.filled(folder)


def test_a_folder_without_a_bin(folder: Path) -> None:
    assert bins.in_bin(folder) == []
    assert not bins.filled(folder)
    bins.empty(folder)
    assert bins.bring_back_missing(folder, projects.load(folder)) == []


def test_what_is_emptied_is_gone(folder: Path) -> None:
    bins.throw_away(folder, ["backgrounds/bg_0.png"])
    bins.empty(folder)
    bins.bring_back(folder, ["backgrounds/bg_0.png"])
    assert not (folder / "backgrounds/bg_0.png").exists()
    assert not (folder / bins.BIN).exists()


def test_a_project_that_was_not_saved_gets_its_files_back(folder: Path) -> None:
    project = projects.load(folder)
    files = [picture.file for picture in project.backgrounds]
    bins.throw_away(folder, files)
    assert bins.bring_back_missing(folder, project) == files
    assert all((folder / file).is_file() for file in files)


def test_names_in_the_bin_are_taken(folder: Path, tmp_path: Path) -> None:
    bins.throw_away(folder, ["backgrounds/bg_0.png"])
    project = projects.load(folder)
    projects.save(folder, project.model_copy(update={"backgrounds": project.backgrounds[1:]}))
    other = write_picture(tmp_path / "more" / "bg_0.png", draw_background(7))
    (verdict,) = add_backgrounds(folder, [other])
    assert verdict.picture
    assert verdict.picture.file == "backgrounds/bg_0-2.png"
    bins.bring_back(folder, ["backgrounds/bg_0.png"])
    assert (folder / "backgrounds/bg_0.png").read_bytes() != other.read_bytes()


def test_all_or_none(folder: Path) -> None:
    (folder / "foregrounds").chmod(0o555)
    try:
        with as_nobody(), pytest.raises(ProjectError, match="cannot be moved"):
            bins.throw_away(folder, ["backgrounds/bg_0.png", "foregrounds/fg_0.png"])
    finally:
        (folder / "foregrounds").chmod(0o755)
    assert (folder / "backgrounds/bg_0.png").is_file()
    assert (folder / "foregrounds/fg_0.png").is_file()
