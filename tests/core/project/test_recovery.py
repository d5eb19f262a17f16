"""What was not saved is found again, and an older state never goes over a newer one."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgbg_studio.core.project import recovery, recycle_bin, storage
from fgbg_studio.core.project.model import Project
from fgbg_studio.core.project.recovery import ProjectWriter
from tests.conftest import MakeProject


@pytest.fixture
def project_folder(tmp_path: Path, make_project: MakeProject) -> Path:
    return make_project(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 99}'])
def test_a_damaged_recovery_file_counts_as_none(text: str, project_folder: Path) -> None:
    (project_folder / recovery.FILE).write_text(text)
    assert recovery.read(project_folder) is None


def test_what_is_written_is_read(tmp_path: Path, project_folder: Path) -> None:
    project: Project = storage.load(project_folder)
    recovery.write(tmp_path, project)
    found = recovery.read(tmp_path)
    assert found
    assert found[0] == project


def test_an_older_state_never_goes_over_a_newer_one(tmp_path: Path, project_folder: Path) -> None:
    old = storage.load(project_folder)
    new = old.model_copy(update={"name": "new"})
    writer = ProjectWriter()
    first, second = writer.ask(), writer.ask()
    assert writer.save(tmp_path, new, second)
    assert not writer.save(tmp_path, old, first)
    assert storage.load(tmp_path) == new
    writer.keep(tmp_path, old, first)
    assert recovery.read(tmp_path) is None


def test_saving_an_older_state_keeps_the_newer_recovery(tmp_path: Path, project_folder: Path) -> None:
    old = storage.load(project_folder)
    new = old.model_copy(update={"name": "new"})
    writer = ProjectWriter()
    saving, keeping = writer.ask(), writer.ask()
    writer.keep(tmp_path, new, keeping)
    assert writer.save(tmp_path, old, saving)
    found = recovery.read(tmp_path)
    assert found
    assert found[0] == new
    writer.give_up(tmp_path)
    assert recovery.read(tmp_path) is None


def test_opening_brings_what_was_left(project_folder: Path) -> None:
    saved = storage.load(project_folder)
    assert recovery.open_project(project_folder).saved.project == saved
    assert recovery.open_project(project_folder).unsaved is None
    recovery.write(project_folder, saved.model_copy(update={"name": "unsaved", "backgrounds": ()}))
    files = [background.file for background in saved.backgrounds]
    recycle_bin.throw_away(project_folder, files)  # deleted, and not saved
    left = recovery.open_project(project_folder)
    assert left.saved.project == saved
    assert left.unsaved
    assert left.unsaved.project.name == "unsaved"
    assert all((project_folder / file).is_file() for file in files)
