"""Another name for a photo and its foreground: everywhere, taken back whole, and only one that every system takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import ProjectError, UsageError
from fgbg_studio.core.cutting.work import Work, save_work
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.project import photos, recovery, recycle_bin, storage
from fgbg_studio.core.project.renaming import Renaming
from tests.conftest import MakeProject, draw_background, write_picture
from tests.helpers.datasets import tree

ALPHA = np.zeros((90, 120), np.uint8)
ALPHA[20:70, 30:80] = 255


@pytest.fixture
def folder(tmp_path: Path, make_project: MakeProject) -> Path:
    return make_project(tmp_path)


@pytest.fixture
def photo(folder: Path) -> Path:
    path = write_picture(folder / "photos" / "toy.jpg", draw_background(5, 120, 90), Codec("jpeg", 95))
    save_work(path, Work(foreground=storage.load(folder).foregrounds[0].sha256), ALPHA, ALPHA)
    return path


def files(folder: Path) -> set[str]:
    return {name for name in tree(folder) if name.startswith(("photos", "foregrounds"))}


def test_all_its_files_get_the_name_and_the_old_one_back(folder: Path, photo: Path) -> None:
    before = files(folder)
    foreground = storage.load(folder).foregrounds[0]
    renaming = Renaming(folder, photo, foreground, " Grandma's chäir ")
    assert renaming.file == "foregrounds/Grandma's chäir.png"
    renaming.forth()
    name = "Grandma's chäir"
    beside = {f"photos/{name}{ending}" for ending in (".jpg", ".strokes.json", ".alpha.png", ".painted.png")}
    assert files(folder) == {*beside, f"foregrounds/{name}.png", "foregrounds/fg_1.png"}
    assert renaming.photo
    assert photos.open_photo(renaming.photo).work.foreground == foreground.sha256
    save_work(renaming.photo, Work(), np.zeros_like(ALPHA), ALPHA)  # what lies beside it is another by now
    renaming.back()
    assert files(folder) == before - {"photos/toy.alpha.png"}
    renaming.forth()
    renaming.back()
    assert files(folder) == before - {"photos/toy.alpha.png"}


def test_a_project_that_was_not_saved_has_its_foreground(folder: Path, photo: Path) -> None:
    project = storage.load(folder)
    Renaming(folder, photo, project.foregrounds[0], "chair").forth()
    recovery.open_project(folder)
    assert all((folder / foreground.file).exists() for foreground in project.foregrounds)


def test_back_to_a_name_of_its_own_by_typing_it(folder: Path, photo: Path) -> None:
    foreground = storage.load(folder).foregrounds[0]
    first = Renaming(folder, photo, foreground, "chair")
    first.forth()
    second = Renaming(folder, first.photo, foreground.model_copy(update={"file": first.file}), "fg_0")
    second.forth()
    assert {"foregrounds/fg_0.png", "photos/fg_0.jpg"} <= files(folder)
    second.back()
    first.back()
    assert {"foregrounds/fg_0.png", "photos/toy.jpg"} <= files(folder)


@pytest.mark.parametrize(
    "name", ["", "  ", "a/b", "a\\b", "con", "what?", "a:b", "a.b", "x" * 130, "é" * 128, "a\nb", ".", "end."]
)
def test_names_that_some_system_refuses(name: str, folder: Path, photo: Path) -> None:
    before = tree(folder)
    with pytest.raises(UsageError):
        Renaming(folder, photo, None, name)
    assert tree(folder) == before


def test_names_that_are_taken_also_by_what_is_deleted(folder: Path, photo: Path) -> None:
    write_picture(folder / "photos" / "cup.png", draw_background(1))
    write_picture(folder / "photos" / "gone.png", draw_background(2))
    recycle_bin.throw_away(folder, ["photos/gone.png"])
    foreground = storage.load(folder).foregrounds[0]
    for name in ("cup", "CUP", "gone", "fg_1"):
        with pytest.raises(UsageError, match="has that name"):
            Renaming(folder, photo, foreground, name)
    Renaming(folder, photo, foreground, "TOY").forth()
    assert "photos/TOY.jpg" in files(folder)


def test_where_a_file_cannot_be_renamed_all_stay(folder: Path, photo: Path) -> None:
    renaming = Renaming(folder, photo, storage.load(folder).foregrounds[0], "chair")
    (folder / recycle_bin.BIN).touch()  # a file where the bin should be
    before = files(folder)
    with pytest.raises(ProjectError, match="cannot be"):
        renaming.forth()
    assert files(folder) - {"foregrounds/chair.png"} == before
