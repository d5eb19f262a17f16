"""No command writes over what it was given to read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Fgbg
from tests.conftest import write_picture
from tests.helpers.datasets import copy, tree


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 60, (90, 120, 3)).astype(np.uint8)
    pixels[20:70, 30:90] += 150
    return write_picture(tmp_path / "photo.png", pixels)


@pytest.fixture
def trimap(tmp_path: Path) -> Path:
    values = np.zeros((90, 120), np.uint8)
    values[15:75, 25:95] = 128
    values[30:60, 40:80] = 255
    return write_picture(tmp_path / "trimap.png", values)


def test_cut_replaces_neither_photo_nor_trimap(photo: Path, trimap: Path, fgbg: Fgbg) -> None:
    (photo.parent / "link.png").symlink_to(photo)
    before = tree(photo.parent)
    for out in (photo, trimap, photo.parent / "link.png"):
        result = fgbg("cut", photo, "--trimap", trimap, "--out", out)
        assert result.code == 2
        assert "would be replaced" in result.err
    assert tree(photo.parent) == before


def test_cut_replaces_no_picture_of_a_project_but_its_own_result(
    photo: Path, trimap: Path, project: Path, tmp_path: Path, fgbg: Fgbg
) -> None:
    mine = copy(project, tmp_path / "mine")
    before = tree(mine)
    for name in ("foregrounds/fg_0.png", "backgrounds/bg_1.png"):
        assert fgbg("cut", photo, "--trimap", trimap, "--out", mine / name).code == 2
    assert tree(mine) == before
    for _ in range(2):
        assert fgbg("cut", photo, "--trimap", trimap, "--out", tmp_path / "cutouts" / "a.png").code == 0


def test_preview_replaces_no_picture_of_the_project_but_its_own_sheet(
    project: Path, tmp_path: Path, fgbg: Fgbg
) -> None:
    mine = copy(project, tmp_path / "mine")
    before = tree(mine)
    assert fgbg("preview", mine, "--count", "2", "--out", mine / "backgrounds" / "bg_0.png").code == 2
    assert tree(mine) == before
    for _ in range(2):
        assert fgbg("preview", mine, "--count", "2", "--out", mine / "sheet.png").code == 0


def test_pages_replace_no_page_of_somebody_else(project: Path, dataset: Path, tmp_path: Path, fgbg: Fgbg) -> None:
    for name, text in (("README.md", "mine"), ("card/notes.txt", "mine"), ("card.html", "<p>mine</p>")):
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_text(text)
    before = tree(tmp_path / "site")
    for arguments in (
        ("export", dataset, "card"),
        ("export", dataset, "card-page"),
        ("compare-depth", project, "--ways", "geometry", "geometry", "--count", "2"),
    ):
        result = fgbg(*arguments, "--out", tmp_path / "site")
        assert result.code == 2
        assert "is not of this program" in result.err
    assert tree(tmp_path / "site") == before
    for _ in range(2):
        assert fgbg("export", dataset, "card", "--out", tmp_path / "new").code == 0
        assert fgbg("export", dataset, "card-page", "--out", tmp_path / "new").code == 0


def test_a_sample_made_again_replaces_no_other_picture(dataset: Path, tmp_path: Path, fgbg: Fgbg) -> None:
    name = min((dataset / "mask").rglob("*.png")).stem
    for _ in range(2):
        assert fgbg("sample", dataset, name, "--out", tmp_path / "one").code == 0
    made = next((tmp_path / "one" / "mask").rglob("*.png"))
    made.write_bytes(b"mine")
    assert fgbg("sample", dataset, name, "--out", tmp_path / "one").code == 2
    assert made.read_bytes() == b"mine"
