"""Photos that are added: copied, told from cutouts, over the limit asked about, and doubled for another object."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.remedies import ReducePhoto
from fgbg_studio.core.cutting.work import Work, save_work
from fgbg_studio.core.imaging import reading, reducing
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.imaging.reading import read_rgba, upright_size
from fgbg_studio.core.imaging.reducing import LARGEST
from fgbg_studio.core.project import photo_files, recycle_bin
from fgbg_studio.core.project.photo_files import Arrival, Reduction, add_photos, another, too_large
from fgbg_studio.core.project.photos import find_photos, open_photo
from fgbg_studio.core.project.properties import Properties, load_properties
from fgbg_studio.core.project.renaming import Renaming
from tests.conftest import MakeProject, draw_background, draw_cutout, write_picture
from tests.helpers.datasets import tree


@pytest.fixture
def folder(tmp_path: Path, make_project: MakeProject) -> Path:
    return make_project(tmp_path)


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> int:
    """A limit that small pictures are over."""
    monkeypatch.setattr(reducing, "LARGEST", 10_000)
    monkeypatch.setattr(photo_files, "LARGEST", 10_000)
    return 10_000


def photo_at(path: Path, seed: int = 5, width: int = 120, height: int = 90) -> Path:
    return write_picture(path, draw_background(seed, width, height), Codec("jpeg", 95))


def names(arrivals: list[Arrival]) -> list[str]:
    return [arrival.photo.name for arrival in arrivals if arrival.photo]


class TestAdding:
    def test_photos_are_copied_cutouts_and_what_is_no_picture_told_apart(self, folder: Path, tmp_path: Path) -> None:
        one, two = photo_at(tmp_path / "a" / "toy.jpg"), photo_at(tmp_path / "b" / "toy.jpg", 6)
        cutout = write_picture(tmp_path / "cut.png", draw_cutout(1))
        broken = tmp_path / "broken.png"
        broken.write_bytes(b"no picture")
        arrivals = list(add_photos(folder, [one, cutout, broken, two]))
        assert names(arrivals) == ["toy.jpg", "toy-2.jpg"]
        assert [arrival.photo.read_bytes() for arrival in arrivals if arrival.photo] == [
            one.read_bytes(), two.read_bytes(),
        ]  # fmt: skip
        assert [arrival.cutout for arrival in arrivals] == [False, True, False, False]
        assert "broken.png" in str(arrivals[2].error)

    def test_the_very_same_photo_is_refused_by_its_name_in_the_project(self, folder: Path, tmp_path: Path) -> None:
        one = photo_at(tmp_path / "toy.jpg")
        same = tmp_path / "other name.jpg"
        same.write_bytes(one.read_bytes())
        assert names(list(add_photos(folder, [one]))) == ["toy.jpg"]
        (again,) = add_photos(folder, [same])
        assert again.photo is None
        assert "other name.jpg is among the photos already, as toy.jpg" in str(again.error)

    def test_they_are_listed_in_the_order_in_which_they_came(self, folder: Path, tmp_path: Path) -> None:
        for seed, name in enumerate(("m.jpg", "z.jpg", "a.jpg")):
            list(add_photos(folder, [photo_at(tmp_path / name, seed)]))
        assert [photo.path.name for photo in find_photos(folder)] == ["m.jpg", "z.jpg", "a.jpg"]

    def test_that_order_is_a_copys_too_whatever_times_its_files_have(self, folder: Path, tmp_path: Path) -> None:
        toy, later = (photo_at(folder / "photos" / name, seed) for seed, name in enumerate(("toy.jpg", "b.jpg")))
        os.utime(toy, (1e9, 1e9))  # of a project that has no order noted
        for seed, name in enumerate(("z.jpg", "a.jpg"), 2):
            list(add_photos(folder, [photo_at(tmp_path / name, seed)]))
        another(folder, later, Properties())
        another(folder, toy, Properties())
        Renaming(folder, folder / "photos" / "z.jpg", None, "chair").forth()
        recycle_bin.throw_away(folder, ["photos/b.jpg"])
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy, copy_function=shutil.copyfile)
        recycle_bin.bring_back(copy, ["photos/b.jpg"])
        wanted = ["toy.jpg", "toy-2.jpg", "b.jpg", "b-2.jpg", "chair.jpg", "a.jpg"]
        for number, name in enumerate(reversed(wanted)):
            os.utime(copy / "photos" / name, (1e9 + number, 1e9 + number))
        assert [photo.path.name for photo in find_photos(copy)] == wanted
        photo_at(copy / "photos" / "by hand.jpg", 9)
        assert [photo.path.name for photo in find_photos(copy)] == [*wanted, "by hand.jpg"]


class TestLimit:
    def test_one_over_it_is_asked_about_by_its_head_alone(
        self, folder: Path, tmp_path: Path, limit: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        large, small = photo_at(tmp_path / "large.jpg"), photo_at(tmp_path / "small.jpg", 1, 100, 100)
        decoded: list[object] = []
        decode = reading._decode
        monkeypatch.setattr(reading, "_decode", lambda image, enough: decoded.append(image) or decode(image, enough))
        first, second = add_photos(folder, [large, small])
        assert (first.too_large, first.size, first.photo) == (True, (120, 90), None)
        assert second.photo
        assert len(decoded) == 1

    def test_reduced_it_comes_in_under_its_name_and_the_original_stays(
        self, folder: Path, tmp_path: Path, limit: int
    ) -> None:
        large = photo_at(tmp_path / "large.jpg")
        before = large.read_bytes()
        (arrival,) = add_photos(folder, [large], reduce=True)
        assert arrival.photo == folder / "photos" / "large.jpg"
        assert arrival.size == (120, 90)
        assert upright_size(arrival.photo) == (115, 86)
        assert large.read_bytes() == before
        assert open_photo(arrival.photo).pixels.shape == (86, 115, 3)

    def test_one_that_is_in_the_project_already_says_so_and_is_reduced_in_its_place(
        self, folder: Path, limit: int
    ) -> None:
        large = write_picture(folder / "photos" / "large.tif.png", draw_background(1, 120, 90))
        photo_at(folder / "photos" / "later.jpg", 2, 50, 50)
        with pytest.raises(PictureError, match="megapixels, more than the") as raised:
            open_photo(large)
        assert raised.value.remedies == (ReducePhoto(),)
        before, reduction = tree(folder), Reduction(folder, large)
        for _ in range(2):
            reduction.forth()
            assert reduction.said == "120 × 90 to 115 × 86 pixels"
            assert open_photo(reduction.reduced).pixels.shape == (86, 115, 3)
            assert [photo.path.stem for photo in find_photos(folder)] == ["large.tif", "later"]
            reduction.back()
            assert find_photos(folder)[0].path == large
            assert {path: data for path, data in tree(folder).items() if not path.startswith(".bin")} == before

    @pytest.mark.parametrize(("width", "height", "over"), [(8660, 6495, True), (8000, 6000, False)])
    def test_the_true_limit(self, width: int, height: int, over: bool, folder: Path, tmp_path: Path) -> None:
        path = tmp_path / "camera.jpg"
        exif = Image.Exif()
        exif[0x0112] = 6
        Image.new("RGB", (width, height), (90, 120, 150)).save(path, exif=exif)
        (arrival,) = add_photos(folder, [path])
        assert arrival.too_large is over
        if over:
            assert too_large(path, (6495, 8660)) == (
                "camera.jpg has 56.2 megapixels, more than the 50 that can be cut: reduced, it has 50.0 megapixels"
            )
            (arrival,) = add_photos(folder, [path], reduce=True)
            assert arrival.photo
            wide, high = upright_size(arrival.photo)
            assert 0.999 * LARGEST < wide * high <= LARGEST
            assert wide < high  # turned as its tag says
            assert np.abs(read_rgba(arrival.photo, 500).mean((0, 1)) - (90, 120, 150, 255)).max() < 2


class TestAnother:
    def test_it_is_the_next_in_the_list_and_untouched(self, folder: Path) -> None:
        toy = photo_at(folder / "photos" / "toy.jpg")
        photo_at(folder / "photos" / "a later one.jpg", 6)
        alpha = np.zeros((90, 120), np.uint8)
        alpha[9:50, 9:50] = 255
        save_work(toy, Work(foreground="a" * 64), alpha, alpha)
        said = Properties(category="cup", licence="CC0", origin="example.org", real_height=0.1)
        second = another(folder, toy, said)
        third = another(folder, second, said)
        listed = [photo.path.name for photo in find_photos(folder)]
        assert listed == ["toy.jpg", "toy-2.jpg", "toy-3.jpg", "a later one.jpg"]
        assert second.read_bytes() == toy.read_bytes()
        assert second.samefile(toy)
        opened = open_photo(third)
        assert (opened.planes, opened.work) == (None, Work())
        assert load_properties(second) == Properties(licence="CC0", origin="example.org")
        toy.unlink()
        assert open_photo(second).pixels.shape == (90, 120, 3)

    def test_it_is_copied_where_the_system_has_no_links(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_self: Path, _target: Path) -> None:
            raise OSError

        toy = photo_at(folder / "photos" / "toy.jpg")
        photo_at(folder / "photos" / "later.jpg", 6)
        monkeypatch.setattr(Path, "hardlink_to", refuse)
        second = another(folder, toy, Properties())
        assert not second.samefile(toy)
        assert second.read_bytes() == toy.read_bytes()
        assert [photo.path.name for photo in find_photos(folder)] == ["toy.jpg", "toy-2.jpg", "later.jpg"]

    def test_a_number_of_its_own_stays_in_its_name(self, folder: Path) -> None:
        photo_at(folder / "photos" / "img.jpg", 6)
        assert another(folder, photo_at(folder / "photos" / "img-7.jpg"), Properties()).name == "img-7-2.jpg"
