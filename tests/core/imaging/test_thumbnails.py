"""The cache of thumbnails and measures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.quality import brightness, sharpness
from fgbg_studio.core.imaging.reading import read_rgb
from fgbg_studio.core.imaging.thumbnails import SIDE, ThumbnailStore, reduced
from fgbg_studio.core.project import storage
from tests.conftest import MakeProject, draw_background, write_picture


@pytest.fixture
def folder(tmp_path: Path, make_project: MakeProject) -> Path:
    return make_project(tmp_path, n_bg=2, n_fg=1)


def test_a_thumbnail_and_its_measures_are_kept_by_content(folder: Path) -> None:
    picture = storage.load(folder).backgrounds[0]
    pixels, metrics = ThumbnailStore(folder).get(picture.file, picture.sha256)
    rgb = read_rgb(folder / picture.file)
    assert (metrics.sharpness, metrics.brightness) == (sharpness(rgb), brightness(rgb))
    assert np.abs(pixels.astype(int) - rgb).mean() < 4
    (folder / picture.file).unlink()
    again = ThumbnailStore(folder)
    assert again.known(picture.sha256) == metrics
    assert again.get(picture.file, picture.sha256)[0].shape == pixels.shape


def test_a_cutout_keeps_its_transparency(folder: Path) -> None:
    picture = storage.load(folder).foregrounds[0]
    store = ThumbnailStore(folder)
    assert store.get(picture.file, picture.sha256)[0].shape[2] == 4
    assert store.get(picture.file, picture.sha256)[0][..., 3].min() == 0


def test_a_damaged_cache_is_made_anew(folder: Path) -> None:
    picture = storage.load(folder).backgrounds[0]
    whole, _ = ThumbnailStore(folder).get(picture.file, picture.sha256)
    (stored,) = (folder / ".cache" / "thumbnails").rglob("*.jpg")
    stored.write_bytes(stored.read_bytes()[:100])
    metrics = folder / ".cache" / "metrics.jsonl"
    metrics.write_text('{"sha256": "x", "sharp\n' + metrics.read_text())
    store = ThumbnailStore(folder)
    assert store.known(picture.sha256) is not None
    assert np.array_equal(store.get(picture.file, picture.sha256)[0], whole)


def test_a_missing_picture_is_named(folder: Path) -> None:
    with pytest.raises(PictureError, match=r"gone\.png"):
        ThumbnailStore(folder).get("backgrounds/gone.png", "f" * 64)


def test_a_cache_that_cannot_be_written_does_no_harm(folder: Path) -> None:
    picture = storage.load(folder).backgrounds[0]
    (folder / ".cache").write_text("a file where the cache would be")
    assert ThumbnailStore(folder).get(picture.file, picture.sha256)[0].size


def test_thumbnails_keep_their_aspect_and_small_pictures_their_size(tmp_path: Path) -> None:
    assert reduced(draw_background(0, 900, 300), SIDE).shape == (107, 320, 3)
    small = draw_background(0, 100, 50)
    assert reduced(small, SIDE) is small
    write_picture(tmp_path / "wide.png", draw_background(0, 2000, 2))
    assert ThumbnailStore(tmp_path).get("wide.png", "a" * 64)[0].shape == (1, 320, 3)


def test_a_large_photo_has_the_measures_of_the_whole(tmp_path: Path) -> None:
    rgb = draw_background(0, 2400, 1800)
    (tmp_path / "large.jpg").write_bytes(encode(rgb, Codec("jpeg", 95)))
    pixels, metrics = ThumbnailStore(tmp_path).get("large.jpg", "a" * 64)
    whole = read_rgb(tmp_path / "large.jpg")
    assert metrics.sharpness == pytest.approx(sharpness(whole), rel=0.15)
    assert metrics.brightness == pytest.approx(brightness(whole), abs=0.005)
    assert np.abs(pixels.astype(int) - reduced(whole, SIDE)).mean() < 2
