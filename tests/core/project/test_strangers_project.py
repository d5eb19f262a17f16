"""A project from a stranger: opening it, deleting, bringing back and saving touch nothing outside of its folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import FgbgError, ProjectError
from fgbg_studio.core.cutting.work import Work, beside, load_work, save_work
from fgbg_studio.core.project import recycle_bin, storage
from fgbg_studio.core.project.photo_files import add_photos
from fgbg_studio.core.project.photo_order import ORDER
from fgbg_studio.core.project.photos import find_photos
from fgbg_studio.core.project.recovery import open_project
from tests.conftest import MakeProject, draw_background, write_picture


@pytest.fixture
def project(make_project: MakeProject, tmp_path: Path) -> Path:
    return make_project(tmp_path / "in")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    write_picture(folder / "theirs.png", draw_background(7))
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def with_file(project: Path, file: str) -> None:
    """The project says that its first background lies at ``file``."""
    data = json.loads((project / "project.json").read_bytes())
    data["backgrounds"][0]["file"] = file
    (project / "project.json").write_text(json.dumps(data))


ESCAPES = [
    "../../outside/theirs.png",
    "..\\..\\outside\\theirs.png",
    "backgrounds/../../../outside/theirs.png",
    "C:\\a.png",
]


@pytest.mark.parametrize("file", [*ESCAPES, "{outside}/theirs.png", "{outside}/new.png", ""])
def test_a_path_that_leads_out_is_refused_and_nothing_moves(project: Path, outside: Path, file: str) -> None:
    file = file.format(outside=outside)
    bait = project / ".bin" / file
    if file and bait.resolve().is_relative_to(project.parent):
        bait.parent.mkdir(parents=True, exist_ok=True)
        bait.write_bytes(b"bait")
    with_file(project, file)
    before = everything(project.parent.parent)
    for call in (storage.load, open_project):
        with pytest.raises(ProjectError, match=r"project\.json is damaged: backgrounds\.0\.file"):
            call(project)
    assert everything(project.parent.parent) == before


@pytest.mark.parametrize("file", [*ESCAPES, "{outside}/theirs.png"])
def test_nothing_outside_is_deleted_or_brought_back(project: Path, outside: Path, file: str) -> None:
    before = everything(project.parent.parent)
    for move in (recycle_bin.throw_away, recycle_bin.bring_back):
        with pytest.raises(ProjectError, match="cannot be moved"):
            move(project, [file.format(outside=outside)])
    assert everything(project.parent.parent) == before


@pytest.mark.parametrize("place", ["backgrounds", "foregrounds", "photos", ".bin", ".bin/backgrounds", ".cache"])
def test_a_folder_that_is_a_link_is_refused(project: Path, outside: Path, place: str) -> None:
    if (project / place).exists():
        (project / place).rename(project.parent / "before")
    (project / place).parent.mkdir(exist_ok=True)
    (project / place).symlink_to(outside)
    before = everything(outside)
    with pytest.raises(ProjectError, match="is a link: nothing is written through it"):
        open_project(project)
    assert everything(outside) == before


def test_a_picture_that_is_a_link_out_is_refused(project: Path, outside: Path) -> None:
    file = storage.load(project).backgrounds[0].file
    (project / file).unlink()
    (project / file).symlink_to(outside / "theirs.png")
    with pytest.raises(ProjectError, match="is a link that leads out of its folder"):
        storage.load(project)


def test_a_link_in_the_bin_does_not_come_back(project: Path, outside: Path) -> None:
    file = storage.load(project).backgrounds[0].file
    (project / file).unlink()
    (project / ".bin" / "backgrounds").mkdir(parents=True)
    (project / ".bin" / file).symlink_to(outside / "theirs.png")
    with pytest.raises(ProjectError, match="is a link, not a file"):
        open_project(project)
    assert not (project / file).is_symlink()


def test_the_lock_empties_no_file_elsewhere(project: Path, outside: Path) -> None:
    (project / ".lock").unlink(missing_ok=True)
    (project / ".lock").symlink_to(outside / "theirs.png")
    before = everything(outside)
    with storage.locked(project):
        pass
    assert everything(outside) == before


def test_a_folder_that_is_no_project_gets_no_lock(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="holds no project"), storage.locked(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_links_among_the_photos_are_passed_over(project: Path, outside: Path) -> None:
    (project / "photos").mkdir(exist_ok=True)
    (project / "photos" / "a.png").symlink_to(outside / "theirs.png")
    write_picture(project / "photos" / "b.png", draw_background(1))
    assert [photo.path.name for photo in find_photos(project)] == ["b.png"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("trap", ["link", "hard link", "pipe"])
def test_the_order_of_photos_is_written_nowhere_else(project: Path, outside: Path, trap: str) -> None:
    victim, order = outside / "theirs.png", project / "photos" / ORDER
    order.parent.mkdir(exist_ok=True)
    order.unlink(missing_ok=True)
    if trap == "pipe":
        os.mkfifo(order)
    else:
        (order.symlink_to if trap == "link" else order.hardlink_to)(victim)
    before = everything(outside)
    assert [photo.path for photo in find_photos(project)] == []  # a pipe would be waited for
    list(add_photos(project, [write_picture(project.parent / "new.png", draw_background(1))]))
    assert everything(outside) == before


@pytest.mark.parametrize("ending", [".strokes.json", ".alpha.png"])
def test_saving_a_cut_writes_through_no_link(project: Path, outside: Path, ending: str) -> None:
    photo = write_picture(project / "photos" / "a.png", draw_background(1))
    beside(photo, ending).symlink_to(outside / "theirs.png")
    before = everything(outside)
    alpha = draw_background(2)[..., 0]
    save_work(photo, Work(), alpha, alpha)
    assert everything(outside) == before
    assert not beside(photo, ending).is_symlink()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 << 30)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


DEEP = "[" * 100_000
TRAPS: dict[str, Callable[[Path], object]] = {
    "pipe": _pipe, "sparse": _sparse, "device": _device, "folder": Path.mkdir,
    "deep": lambda path: path.write_text(DEEP), "huge": lambda path: path.write_text('{"format": ' + "9" * 9999 + "}"),
    "nan": lambda path: path.write_text('{"format": NaN}'), "null": lambda path: path.write_text("null"),
    "twice": lambda path: path.write_text('{"format": 4, "format": 4}'),
    "bytes": lambda path: path.write_bytes(b"\xff"),
}  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("trap", TRAPS)
def test_what_is_no_projects_file_is_a_sentence(project: Path, trap: str) -> None:
    photo = write_picture(project / "photos" / "a.png", draw_background(1))
    for path, read in (
        (project / "project.json", lambda: storage.load(project)),
        (beside(photo, ".strokes.json"), lambda: load_work(photo)),
    ):
        path.unlink(missing_ok=True)
        TRAPS[trap](path)
        with pytest.raises(FgbgError) as caught:
            read()
        assert path.name in str(caught.value)
        assert len(str(caught.value)) < 400
