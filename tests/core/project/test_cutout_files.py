"""Files of cutouts follow the project, and are put right where a state of it was not saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import ProjectError
from fgbg_studio.core.base.files import file_hash
from fgbg_studio.core.project import cutout_files, recovery, storage
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.photos import with_foreground
from tests.conftest import MakeProject


@pytest.fixture
def folder(tmp_path: Path, make_project: MakeProject) -> Path:
    return make_project(tmp_path)


def arrived(folder: Path, project: Project, content: bytes) -> Foreground:
    """Another cutout in the place of the first one."""
    path = folder / "foregrounds" / "new.png"
    path.write_bytes(content)
    return project.foregrounds[0].model_copy(update={"file": "foregrounds/new.png", "sha256": file_hash(path)})


def replaced(folder: Path, content: bytes) -> tuple[Project, Project]:
    before = storage.load(folder)
    kept = arrived(folder, before, content)
    after = with_foreground(before, kept, before.foregrounds[0].sha256)
    cutout_files.swap(folder, before, after, {kept.sha256: folder / kept.file})
    return before, after


def fits(folder: Path, project: Project) -> bool:
    """Every cutout has its own file, and there is no other."""
    there = {path.name: file_hash(path) for path in (folder / "foregrounds").iterdir()}
    return there == {Path(f.file).name: f.sha256 for f in project.foregrounds}


def test_files_follow_the_project_and_nothing_is_lost(folder: Path) -> None:
    before, after = replaced(folder, b"second")
    assert after.foregrounds[0].file == before.foregrounds[0].file
    for _ in range(2):
        assert fits(folder, after)
        cutout_files.swap(folder, after, before)
        assert fits(folder, before)
        cutout_files.swap(folder, before, after)
    last = Project.model_validate({**dict(after), "foregrounds": after.foregrounds[1:]})
    cutout_files.swap(folder, after, last)
    assert fits(folder, last)
    cutout_files.swap(folder, last, before)
    assert fits(folder, before)
    assert after.foregrounds[0].sha256[:12] in cutout_files.laid_aside(folder)


def test_a_state_that_was_not_saved_is_put_right_when_the_project_is_opened(folder: Path) -> None:
    before, after = replaced(folder, b"second")
    assert recovery.open_project(folder).saved.project == before
    assert fits(folder, before)
    recovery.write(folder, after)
    assert recovery.open_project(folder).unsaved
    assert fits(folder, before)
    storage.save(folder, after)
    assert recovery.open_project(folder).unsaved is None
    assert fits(folder, after)


def test_where_a_file_cannot_be_moved_all_are_as_they_were(folder: Path) -> None:
    before = storage.load(folder)
    kept = arrived(folder, before, b"second")
    (folder / before.foregrounds[0].file).with_name("other.png").write_bytes(b"somebody's")
    elsewhere = kept.model_copy(update={"file": "foregrounds/other.png"})
    after = before.model_copy(update={"foregrounds": (elsewhere, *before.foregrounds[1:])})
    with pytest.raises(ProjectError, match="cannot be moved"):
        cutout_files.swap(folder, before, after, {kept.sha256: folder / kept.file})
    assert file_hash(folder / before.foregrounds[0].file) == before.foregrounds[0].sha256
    assert (folder / kept.file).read_bytes() == b"second"
