"""Photos of a project: their names, how they were left, and the cutouts that are kept of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.cutting.refine import Refinement, refined_cutout
from fgbg_studio.core.cutting.seeds import Rectangle
from fgbg_studio.core.cutting.work import MASK, Work, beside, save_work
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.masks import read_mask
from fgbg_studio.core.project import judging, photos, recovery, recycle_bin, storage
from fgbg_studio.core.project.importing import add_foregrounds
from fgbg_studio.core.project.judging import by_hash
from fgbg_studio.core.project.model import Foreground
from fgbg_studio.core.project.photos import Photo
from tests.conftest import MakeProject, draw_background, write_picture
from tests.helpers.datasets import tree


@pytest.fixture
def folder(tmp_path: Path, make_project: MakeProject) -> Path:
    return make_project(tmp_path)


@pytest.fixture
def photo(folder: Path) -> Path:
    return write_picture(folder / "photos" / "toy.jpg", draw_background(5, 120, 90), Codec("jpeg", 95))


ALPHA = np.zeros((90, 120), np.uint8)
ALPHA[20:70, 30:80] = 255
ALPHA[20, 30:80] = 100


def keep(folder: Path, photo: Path, finish: Refinement = Refinement()) -> judging.Verdict:  # noqa: B008
    pixels = photos.open_photo(photo).pixels
    return photos.keep_cutout(folder, by_hash(storage.load(folder).foregrounds), photo, pixels, ALPHA, finish)


class TestKeeping:
    @pytest.mark.parametrize("finish", [Refinement(), Refinement(grow=2, feather=1.5), Refinement(clean=False)])
    def test_verdict_and_bytes_are_those_of_the_file_that_the_command_line_adds(
        self, folder: Path, photo: Path, tmp_path: Path, finish: Refinement
    ) -> None:
        rgba, _ = refined_cutout(photos.open_photo(photo).pixels, ALPHA, finish)
        cut = tmp_path / "toy.png"
        cut.write_bytes(encode(rgba, Codec()))
        storage.create(tmp_path / "other", "studio-256")
        (expected,) = add_foregrounds(tmp_path / "other", [cut])
        verdict = keep(folder, photo, finish)
        assert verdict.picture
        assert verdict.picture == expected.picture
        assert verdict.data == b""
        assert (folder / verdict.picture.file).read_bytes() == cut.read_bytes()

    def test_the_cutout_is_encoded_once_and_never_read_again(
        self, folder: Path, photo: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        encoded: list[tuple[int, ...]] = []
        monkeypatch.setattr(judging, "encode", lambda rgba, codec: encoded.append(rgba.shape) or encode(rgba, codec))
        monkeypatch.delattr(judging, "read_rgba")
        monkeypatch.delattr(judging, "picture_hash")
        assert keep(folder, photo).picture
        assert encoded == [(52, 52, 4)]

    def test_nothing_but_the_cutout_and_the_mask_is_written(self, folder: Path, photo: Path) -> None:
        before = tree(folder)
        keep(folder, photo)
        after = tree(folder)
        assert {path: after[path] for path in before} == before
        assert set(after) - set(before) == {"foregrounds/toy.png", "photos/toy.mask.png"}
        assert np.array_equal(read_mask(beside(photo, MASK)) == 255, ALPHA >= 128)

    def test_the_very_same_is_refused(self, folder: Path, photo: Path) -> None:
        kept = keep(folder, photo).picture
        assert isinstance(kept, Foreground)
        storage.save(folder, photos.with_foreground(storage.load(folder), kept, ""))
        before = tree(folder)
        assert keep(folder, photo).reason == "already in the project as foregrounds/toy.png"
        assert tree(folder) == before

    def test_nothing_cut_out_is_an_error(self, folder: Path, photo: Path) -> None:
        pixels = photos.open_photo(photo).pixels
        empty = np.zeros_like(ALPHA)
        with pytest.raises(PictureError, match=r"toy\.jpg has no object yet"):
            photos.keep_cutout(folder, by_hash(storage.load(folder).foregrounds), photo, pixels, empty, Refinement())

    def test_it_takes_the_place_of_the_one_before(self, folder: Path, photo: Path) -> None:
        project = storage.load(folder)
        first = project.foregrounds[0].model_copy(update={"licence": "CC0", "real_height": 1.5})
        project = project.model_copy(update={"foregrounds": (first, *project.foregrounds[1:])})
        kept = keep(folder, photo).picture
        assert isinstance(kept, Foreground)
        after = photos.with_foreground(project, kept, first.sha256)
        said = {"licence": "CC0", "real_height": 1.5, "file": first.file}
        assert after.foregrounds[0] == kept.model_copy(update=said)
        assert after.foregrounds[1:] == project.foregrounds[1:]
        assert photos.with_foreground(after, kept, "") is after


class TestNames:
    def test_one_stem_belongs_to_one_photo(self, folder: Path) -> None:
        free: Callable[[str], str] = lambda name: photos.free_photo(folder, name).name  # noqa: E731
        assert free("toy.jpg") == "toy.jpg"
        path = write_picture(folder / "photos" / "toy.png", draw_background(1))
        assert free("toy.jpg") == "toy-2.jpg"
        save_work(path, Work(), np.zeros((1, 1), np.uint8), np.zeros((1, 1), np.uint8))
        assert free("toy.strokes.jpg") == "toy_strokes.jpg"
        recycle_bin.throw_away(folder, ["photos/toy.png"])
        assert free("toy.jpg") == "toy-2.jpg"


def test_photos_are_found_with_what_was_done_to_them(folder: Path, photo: Path) -> None:
    two = write_picture(folder / "photos" / "toy 2.png", draw_background(1, 120, 90))
    ten = write_picture(folder / "photos" / "toy 10.png", draw_background(1))
    save_work(two, Work(seeds=(Rectangle(box=(1, 1, 9, 9)),), foreground="abc"), ALPHA, ALPHA)
    assert photos.find_photos(folder) == [Photo(photo), Photo(two, "abc", begun=True, touched=True), Photo(ten)]
    for path in (photo, two, ten):
        os.utime(path, (1e9, 1e9))
    assert photos.find_photos(folder) == [Photo(photo), Photo(two, "abc", begun=True, touched=True), Photo(ten)]
    assert {path.name for path in photos.files_of(two)} == {
        "toy 2.png", "toy 2.strokes.json", "toy 2.alpha.png", "toy 2.painted.png",
    }  # fmt: skip
    opened = photos.open_photo(two)
    assert opened.planes
    assert opened.work.foreground == "abc"
    assert np.array_equal(opened.planes[0], ALPHA)


def test_deleting_that_was_not_saved_is_undone_for_photos_too(folder: Path, photo: Path) -> None:
    kept = storage.load(folder).foregrounds[0]
    save_work(photo, Work(foreground=kept.sha256), ALPHA, ALPHA)
    other = write_picture(folder / "photos" / "other.png", draw_background(1))
    before = tree(folder)
    files = [path.relative_to(folder).as_posix() for path in (*photos.files_of(photo), other)]
    recycle_bin.throw_away(folder, [kept.file, *files])
    recovery.open_project(folder)
    before[".bin/photos/other.png"] = before.pop("photos/other.png")  # no project says that it is there
    assert tree(folder) == before


def test_a_cutout_that_is_opened_keeps_its_own_alpha(folder: Path) -> None:
    foreground = storage.load(folder).foregrounds[0]
    opened = photos.open_photo(folder / foreground.file, foreground.sha256)
    assert opened.planes
    assert opened.pixels.shape[2] == 4
    assert np.array_equal(opened.planes[0], opened.pixels[..., 3])
    assert (opened.work.foreground, opened.work.finish.clean) == (foreground.sha256, False)
