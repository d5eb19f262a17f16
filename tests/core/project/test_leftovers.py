"""What a killed run left is found, and nothing else is taken for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fgbg_studio.core.base.files import partial_of
from fgbg_studio.core.project import recovery, storage
from fgbg_studio.core.project.leftovers import UNPACKING, Leftovers
from tests.conftest import MakeProject


def put(path: Path, *, old: bool = True) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    if old:
        os.utime(path, (1e9, 1e9))
    return path


def test_opening_clears_what_is_half_and_names_what_is_not_listed(tmp_path: Path, make_project: MakeProject) -> None:
    folder = make_project(tmp_path)
    assert not recovery.open_project(folder).left
    halves = [put(partial_of(folder / place)) for place in ("backgrounds/a.jpg", "photos/b.jpg", "project.json")]
    unpacked = folder / f"{UNPACKING}x"
    put(unpacked / "c.jpg")
    os.utime(unpacked, (1e9, 1e9))
    young = put(partial_of(folder / "backgrounds/d.jpg"), old=False)  # perhaps this program's own
    others = [put(folder / name) for name in ("backgrounds/notes.txt", "backgrounds/.hidden.jpg", "photos/e.jpg")]
    unlisted = [put(folder / name) for name in ("backgrounds/z.JPG", "backgrounds/z2.jpg", "foregrounds/f.png")]
    left = recovery.open_project(folder).left
    assert left == Leftovers(tuple(path.relative_to(folder).as_posix() for path in unlisted), cleared=4)
    assert not any(path.exists() for path in (*halves, unpacked))
    assert all(path.exists() for path in (young, *others, *unlisted))


def test_what_was_not_saved_lists_its_pictures(tmp_path: Path, make_project: MakeProject) -> None:
    folder = make_project(tmp_path)
    project = storage.load(folder)
    first, *rest = project.backgrounds
    recovery.write(folder, project)
    storage.save(folder, project.model_copy(update={"backgrounds": tuple(rest)}))
    assert not recovery.open_project(folder).left
    recovery.remove(folder)
    assert recovery.open_project(folder).left.unlisted == (first.file,)


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_nothing_is_deleted_or_listed_through_a_link(tmp_path: Path, make_project: MakeProject) -> None:
    folder = make_project(tmp_path / "project")
    outside = put(partial_of(tmp_path / "elsewhere/a.jpg"))
    put(outside.parent / "mine.jpg")
    try:
        (folder / f"{UNPACKING}x").symlink_to(outside.parent, target_is_directory=True)
        (folder / "backgrounds/link.jpg").symlink_to(outside.parent / "mine.jpg")
    except OSError:
        pytest.skip("links are not allowed here")
    assert not recovery.open_project(folder).left
    assert outside.exists()
