"""What is written never replaces what was given: by name, by a link, in a project, in a dataset."""

import os
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.outputs import OWN, refuse_folder_of_others, refuse_inputs
from fgbg_studio.core.dataset import record
from fgbg_studio.core.project import storage
from tests.conftest import MakeProject
from tests.helpers.datasets import make, small


def test_folders_of_the_program_are_known_by_the_files_that_it_writes(
    tmp_path: Path, make_project: MakeProject
) -> None:
    assert set(OWN) == {storage.FILE, record.FILE}
    folder = make_project(tmp_path, changes=small("studio-256"))
    make(folder, tmp_path / "set")
    for path in (next((folder / "backgrounds").iterdir()), next((tmp_path / "set" / "fg_bg").rglob("*.jpg"))):
        with pytest.raises(UsageError, match="would be replaced"):
            refuse_inputs(path, [])


def test_a_project_json_of_another_program_is_none(tmp_path: Path) -> None:
    (tmp_path / "project.json").write_text('{"targets": {}}')
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"x")
    refuse_inputs(tmp_path / "pictures" / "a.png", [])


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(b"mine")
    return path


def same(photo: Path) -> Path:
    return photo


def other_spelling(photo: Path) -> Path:
    return photo.parent / "x" / ".." / photo.name


def symbolic(photo: Path) -> Path:
    path = photo.with_name("link.png")
    path.symlink_to(photo)
    return path


def hard(photo: Path) -> Path:
    path = photo.with_name("hard.png")
    os.link(photo, path)
    return path


@pytest.mark.parametrize("name", [same, other_spelling, symbolic, hard])
def test_an_input_is_refused_by_whatever_name(photo: Path, name: object) -> None:
    (photo.parent / "x").mkdir()
    assert callable(name)
    with pytest.raises(UsageError, match="would be replaced"):
        refuse_inputs(name(photo), [photo.with_name("missing.png"), photo])


def test_what_is_not_there_yet_and_other_files_are_written(photo: Path) -> None:
    refuse_inputs(photo.with_name("new.png"), [photo])
    before = photo.with_name("result of before.png")
    before.write_bytes(b"old")
    refuse_inputs(before, [photo])


@pytest.mark.parametrize("mark", [*OWN])
def test_parts_of_a_project_or_dataset_are_refused_and_sheets_beside_them_not(tmp_path: Path, mark: str) -> None:
    inside = tmp_path / "pictures" / "deep" / "a.png"
    inside.parent.mkdir(parents=True)
    what, word = OWN[mark]
    for path in (tmp_path / mark, inside, tmp_path / "sheet.png"):
        path.write_bytes(word)
    for path in (tmp_path / mark, inside):
        with pytest.raises(UsageError, match=f"belongs to the {what}"):
            refuse_inputs(path, [])
    refuse_inputs(tmp_path / "sheet.png", [])


def test_a_folder_with_a_page_of_somebody_else_is_refused(tmp_path: Path) -> None:
    refuse_folder_of_others(tmp_path / "new", ("README.md",), "sheet.jpg")
    (tmp_path / "notes.txt").write_text("mine")
    refuse_folder_of_others(tmp_path, ("README.md",), "sheet.jpg")
    (tmp_path / "README.md").write_text("mine")
    with pytest.raises(UsageError, match=r"README\.md is not of this program"):
        refuse_folder_of_others(tmp_path, ("README.md",), "sheet.jpg")
    (tmp_path / "sheet.jpg").write_text("ours")
    refuse_folder_of_others(tmp_path, ("README.md",), "sheet.jpg")
