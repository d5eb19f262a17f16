"""Paths that were read from data stay in their folder, whatever they say and wherever links lead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.paths import StrayPathError, astray, inside, is_reserved, writable

OUT = [
    "../a",
    "a/../../b",
    "..",
    "/etc/passwd",
    "\\\\server\\a",
    "C:/a",
    "c:a",
    "a\\..\\..\\b",
    "",
    "a\0b",
    "a" * 256,
    "a/" * 600,
    "\ud800.png",
]


@pytest.mark.parametrize("name", OUT)
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    assert astray(name)
    for gate in (inside, writable):
        with pytest.raises(StrayPathError):
            gate(tmp_path, name)


@pytest.mark.parametrize("name", ["a.jpg", "backgrounds/a.jpg", "a/b/c", "a..b/..c", ".hidden", "a/./b", "ä/部屋.png"])
def test_a_path_of_the_folder_is_taken(tmp_path: Path, name: str) -> None:
    assert inside(tmp_path, name) == writable(tmp_path, name) == tmp_path / name


@given(st.text("./\\ab:C", max_size=12))
def test_whatever_is_taken_lies_inside(name: str) -> None:
    root = Path("/nowhere/folder")
    if not astray(name):
        assert Path(os.path.normpath(root / name)).is_relative_to(root)
        assert Path(os.path.normpath(root / name.replace("\\", "/"))).is_relative_to(root)


class TestLinks:
    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "a").write_bytes(b"theirs")
        root = tmp_path / "root"
        (root / "real").mkdir(parents=True)
        (root / "real" / "a").write_bytes(b"ours")
        (root / "out").symlink_to(tmp_path / "elsewhere")
        (root / "own").symlink_to(root / "real")
        (root / "file").symlink_to(tmp_path / "elsewhere" / "a")
        (root / "loop").symlink_to(root / "loop")
        return root

    @pytest.mark.parametrize("name", ["out/a", "out", "file", "loop", "loop/a", "out/new"])
    def test_what_a_link_leads_out_to_is_not_read(self, root: Path, name: str) -> None:
        with pytest.raises(StrayPathError, match="is a link"):
            inside(root, name)

    def test_a_link_within_the_folder_is_read(self, root: Path) -> None:
        assert inside(root, "own/a").read_bytes() == b"ours"

    @pytest.mark.parametrize("name", ["out/a", "own/a", "loop/a"])
    def test_nothing_is_written_through_a_linked_folder(self, root: Path, name: str) -> None:
        with pytest.raises(StrayPathError, match="nothing is written through it"):
            writable(root, name)

    def test_a_folder_that_is_a_link_itself_is_somebodys_choice(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "way").symlink_to(root)
        assert inside(tmp_path / "way", "real/a").read_bytes() == b"ours"
        assert writable(tmp_path / "way", "real/b")


@pytest.mark.parametrize("name", ["con", "CON.jpg", "nul.tar.gz", "com1", "lpt9.png", "aux .png", "COM²", "conin$"])
def test_names_of_devices_of_windows(name: str) -> None:
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["console", "com", "com10", "a.con", "contour.png"])
def test_names_that_only_look_like_them(name: str) -> None:
    assert not is_reserved(name)
