"""Adding pictures: each is judged by itself, the good ones are copied, and nothing that was there is lost."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from fgbg_studio.core.base.errors import PictureError, ProjectError
from fgbg_studio.core.base.remedies import CutOut, NameWhite
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.project import importing, storage
from fgbg_studio.core.project.importing import (
    add_backgrounds,
    add_foregrounds,
    judge_and_store,
    pictures_to_add,
    store,
)
from fgbg_studio.core.project.judging import Reading, Verdict, judge_backgrounds, judge_cutout
from fgbg_studio.core.project.model import Background
from fgbg_studio.core.project.settings import BackgroundRule
from tests.conftest import as_nobody, draw_background, draw_cutout, full_disk, write_oddly_named, write_picture
from tests.helpers.bad_pictures import bomb
from tests.helpers.datasets import tree


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


def rejected(verdicts: list[Verdict]) -> dict[str, str]:
    return {verdict.path.name: verdict.reason for verdict in verdicts if verdict.picture is None}


def files(project: Path, kind: str) -> list[str]:
    return sorted(f"{kind}/{p.name}" for p in (project / kind).iterdir()) if (project / kind).exists() else []


class TestBackgrounds:
    def test_good_ones_are_copied_unchanged_and_numbered_in_natural_order(self, project: Path, photos: Path) -> None:
        for name, seed in (("b10.png", 1), ("b2.png", 2), ("b1.jpg", 3)):
            codec = Codec("jpeg", 90) if name.endswith("jpg") else None
            write_picture(photos / name, draw_background(seed), codec)
        before = {p.name: p.read_bytes() for p in photos.iterdir()}
        verdicts = list(add_backgrounds(project, [photos]))
        loaded = storage.load(project)
        assert [b.file for b in loaded.backgrounds] == [
            "backgrounds/b1.jpg",
            "backgrounds/b2.png",
            "backgrounds/b10.png",
        ]
        assert [v.path.name for v in verdicts] == ["b1.jpg", "b2.png", "b10.png"]
        for background in loaded.backgrounds:
            data = (project / background.file).read_bytes()
            assert data == before[Path(background.file).name]
            assert background.sha256 == hashlib.sha256(data).hexdigest()
            assert (background.width, background.height) == (160, 140)
            assert background.status == "good"
        assert {p.name: p.read_bytes() for p in photos.iterdir()} == before

    def test_what_was_told_is_recorded_as_it_goes(
        self, project: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Who is killed while pictures are added keeps those that were added until then."""
        monkeypatch.setattr(importing, "SAVED_AFTER", 0)
        monkeypatch.setattr(importing.time, "monotonic", lambda: 0.0)
        for number in range(3):
            write_picture(photos / f"{number}.png", draw_background(number))
        told = 0
        for verdict in add_backgrounds(project, [photos]):
            assert verdict.picture
            told += 1
            assert len(storage.load(project).backgrounds) == told
        assert told == 3

    def test_saving_takes_a_tenth_of_the_time_at_most(
        self, project: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(12):
            write_picture(photos / f"{number}.png", draw_background(number))
        now, saved = [0.0], []

        def save(*_: object) -> None:
            saved.append(now[0])
            now[0] += 1

        monkeypatch.setattr(importing.time, "monotonic", lambda: now[0])
        monkeypatch.setattr(storage, "save", save)
        for _ in add_backgrounds(project, [photos]):
            now[0] += 2
        assert len(saved) in {3, 4}  # in 24 seconds of adding, and at the end

    def test_each_bad_file_is_listed_with_its_reason_and_stops_no_other(self, project: Path, photos: Path) -> None:
        write_picture(photos / "a_good.png", draw_background(1))
        (photos / "b_empty.png").touch()
        (photos / "c_cut.png").write_bytes((photos / "a_good.png").read_bytes()[:2000])
        (photos / "d_text.jpg").write_text("dear sir")
        (photos / "f_bomb.png").write_bytes(bomb(20_000, 20_000))
        write_picture(photos / "g_small.png", draw_background(2, 300, 127))
        shutil.copy(photos / "a_good.png", photos / "h_again.png")
        write_picture(photos / "z_good.png", draw_background(3))
        reasons = rejected(list(add_backgrounds(project, [photos])))
        for name, words in {
            "b_empty.png": "0 bytes",
            "c_cut.png": "damaged",
            "d_text.jpg": "not a picture",
            "f_bomb.png": "pixels",
            "g_small.png": "300 × 127 pixels, its shorter side is under 128",
            "h_again.png": "already in the project as backgrounds/a_good.png",
        }.items():
            assert words in reasons.pop(name)
        assert reasons == {}
        assert files(project, "backgrounds") == ["backgrounds/a_good.png", "backgrounds/z_good.png"]
        assert [b.file for b in storage.load(project).backgrounds] == files(project, "backgrounds")

    @pytest.mark.parametrize(
        ("size", "good"),
        [((300, 300), True), ((301, 200), False), ((200, 301), False), ((128, 128), True), ((127, 200), False)],
    )
    def test_resolution_limits_belong_to_the_good(
        self, tmp_path: Path, photos: Path, size: tuple[int, int], good: bool
    ) -> None:
        """classroom-192 skips what has a side over 300 px."""
        storage.create(tmp_path / "classroom", "classroom-192")
        path = write_picture(photos / "a.png", draw_background(1, *size))
        (verdict,) = add_backgrounds(tmp_path / "classroom", [path])
        assert (verdict.picture is not None) == good
        assert good or f"{size[0]} × {size[1]} pixels" in verdict.reason

    @pytest.mark.parametrize("kind", ["alpha", "palette"])
    def test_transparent_areas_are_refused_or_filled(self, project: Path, photos: Path, kind: str) -> None:
        rgba = np.dstack([draw_background(1), np.full((140, 160), 255, np.uint8)])
        rgba[:, 80:] = (255, 0, 255, 0)
        image = Image.fromarray(rgba)
        (image if kind == "alpha" else image.quantize(64)).save(photos / "half.png")
        hidden = np.asarray(image.quantize(64).convert("RGB"))[:, :80] if kind == "palette" else rgba[:, :80, :3]
        reasons = rejected(list(add_backgrounds(project, [photos])))
        assert "half.png is transparent in 50% of it" in reasons["half.png"]
        (verdict,) = add_backgrounds(project, [photos], reading=Reading(fill=(10, 20, 30)))
        assert isinstance(verdict.picture, Background)
        found = read_rgba(project / "backgrounds" / "half.png")
        assert (found[:, 80:] == (10, 20, 30, 255)).all()
        assert np.array_equal(found[:, :80, :3], hidden)
        stored = (project / "backgrounds" / "half.png").read_bytes()
        assert verdict.picture.sha256 == hashlib.sha256(stored).hexdigest()
        (again,) = add_backgrounds(project, [photos], reading=Reading(fill=(10, 20, 30)))
        assert again.reason == "already in the project as backgrounds/half.png"

    def test_a_wholly_transparent_one_is_refused_even_filled(self, project: Path, photos: Path) -> None:
        write_picture(photos / "none.png", np.dstack([draw_background(1), np.zeros((140, 160), np.uint8)]))
        reasons = rejected(list(add_backgrounds(project, [photos], reading=Reading(fill=(255, 255, 255)))))
        assert "none.png is fully transparent" in reasons["none.png"]

    @pytest.mark.parametrize("colour", [False, True])
    def test_twelve_bits_in_sixteen_are_asked_about(self, project: Path, photos: Path, colour: bool) -> None:
        values = (np.linspace(0, 4095, 140 * 160 * 3).reshape(140, 160, 3)).astype(np.uint16)
        stored = values if colour else values[..., 0]
        assert cv2.imwrite(str(photos / "raw.png"), stored[..., ::-1] if colour else stored)
        (verdict,) = add_backgrounds(project, [photos])
        assert "raw.png has values up to 409" in verdict.reason
        assert verdict.error
        assert verdict.error.remedies == (NameWhite((4095, 16383, 65535)),)
        (verdict,) = add_backgrounds(project, [photos], reading=Reading(white=4095))
        assert verdict.picture
        expected = np.floor(stored / 4095 * 255 + 0.5)
        assert np.array_equal(
            read_rgba(project / verdict.picture.file)[..., 0], expected[..., 0] if colour else expected
        )

    def test_an_almost_black_one_is_taken_with_a_word(self, project: Path, photos: Path) -> None:
        write_picture(photos / "night.png", draw_background(1) // 40)
        (verdict,) = add_backgrounds(project, [photos])
        assert isinstance(verdict.picture, Background)
        assert verdict.note.startswith("almost black: its mean is ")
        assert verdict.picture.mean is not None
        assert verdict.picture.mean < 8

    def test_sizes_are_those_of_the_upright_picture(self, project: Path, photos: Path) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        Image.fromarray(draw_background(1, 200, 150)).save(photos / "turned.jpg", exif=exif)
        (verdict,) = add_backgrounds(project, [photos])
        assert isinstance(verdict.picture, Background)
        assert (verdict.picture.width, verdict.picture.height) == (150, 200)

    def test_nothing_is_added_twice_by_another_call(self, project: Path, photos: Path) -> None:
        write_picture(photos / "a.png", draw_background(1))
        list(add_backgrounds(project, [photos]))
        shutil.copy(photos / "a.png", photos / "renamed.png")
        verdicts = list(add_backgrounds(project, [photos, photos / "a.png"]))
        assert [v.reason for v in verdicts] == ["already in the project as backgrounds/a.png"] * 3
        assert files(project, "backgrounds") == ["backgrounds/a.png"]

    def test_two_of_one_name_are_both_kept(self, project: Path, photos: Path) -> None:
        paths = [write_picture(photos / str(i) / "a.png", draw_background(i)) for i in range(3)]
        list(add_backgrounds(project, paths))
        assert files(project, "backgrounds") == ["backgrounds/a-2.png", "backgrounds/a-3.png", "backgrounds/a.png"]
        assert len({b.sha256 for b in storage.load(project).backgrounds}) == 3

    def test_names_that_are_no_text_do_not_lose_the_others(self, project: Path, photos: Path) -> None:
        """Old archives leave names whose bytes are no UTF-8, which JSON cannot hold."""
        write_picture(photos / "a.png", draw_background(1))
        write_oddly_named(photos / "b\udce4.png", draw_background(2))
        assert rejected(list(add_backgrounds(project, [photos]))) == {}
        assert [b.file for b in storage.load(project).backgrounds] == ["backgrounds/a.png", "backgrounds/b_.png"]

    @pytest.mark.parametrize("name", ["[1] (2) {3}.png", "ä ö 部屋.png", "a.b.c.png", "-x.png", "a'b,c.png"])
    def test_odd_names(self, project: Path, photos: Path, name: str) -> None:
        write_oddly_named(photos / name, draw_background(1))
        assert rejected(list(add_backgrounds(project, [photos]))) == {}
        assert storage.load(project).backgrounds[0].file == f"backgrounds/{name}"

    def test_licence_and_origin_are_kept(self, project: Path, photos: Path) -> None:
        write_picture(photos / "a.png", draw_background(1))
        list(add_backgrounds(project, [photos], licence="CC0", origin="my camera"))
        (background,) = storage.load(project).backgrounds
        assert (background.licence, background.origin) == ("CC0", "my camera")


class TestTrouble:
    def test_a_missing_path(self, project: Path) -> None:
        with pytest.raises(PictureError, match="gone does not exist"):
            list(add_backgrounds(project, [project / "gone"]))

    def test_no_picture_at_all(self, project: Path, photos: Path) -> None:
        (photos / "notes.txt").touch()
        with pytest.raises(PictureError, match=r"no picture in .*photos"):
            list(add_backgrounds(project, [photos]))

    def test_no_project(self, tmp_path: Path, photos: Path) -> None:
        with pytest.raises(ProjectError, match="does not exist"):
            list(add_backgrounds(tmp_path / "gone", [photos]))
        with pytest.raises(ProjectError, match="holds no project"):
            list(add_backgrounds(photos, [photos]))

    def test_a_project_in_use(self, project: Path, photos: Path) -> None:
        write_picture(photos / "a.png", draw_background(1))
        with storage.locked(project), pytest.raises(ProjectError, match="in use"):
            list(add_backgrounds(project, [photos]))
        assert storage.load(project).backgrounds == ()

    def test_what_was_added_before_the_caller_stopped_is_kept(self, project: Path, photos: Path) -> None:
        for i in range(3):
            write_picture(photos / f"{i}.png", draw_background(i))
        steps = add_backgrounds(project, [photos])
        next(steps)
        next(steps)
        steps.close()  # type: ignore[attr-defined]
        assert [b.file for b in storage.load(project).backgrounds] == ["backgrounds/0.png", "backgrounds/1.png"]
        with storage.locked(project):
            pass

    def test_a_disk_that_is_full_is_said_once_and_loses_nothing(self, project: Path, photos: Path) -> None:
        for i in range(4):
            write_picture(photos / f"{i}.png", draw_background(i))
        full_disk(project / "backgrounds" / "2.png")
        with pytest.raises(ProjectError, match=r"2\.png cannot be written \(No space left"):
            list(add_backgrounds(project, [photos]))
        assert [b.file for b in storage.load(project).backgrounds] == ["backgrounds/0.png", "backgrounds/1.png"]

    def test_a_file_and_a_folder_that_may_not_be_read(self, project: Path, photos: Path, tmp_path: Path) -> None:
        mine = write_picture(photos / "mine.png", draw_background(1))
        shut = photos / "shut"
        write_picture(shut / "a.png", draw_background(2))
        above = [folder for folder in tmp_path.parents if Path(tempfile.gettempdir()) in folder.parents]
        for folder in (project, *project.rglob("*"), photos, tmp_path, *above):
            folder.chmod(0o777)
        mine.chmod(0)
        shut.chmod(0)
        try:
            with as_nobody():
                (verdict,) = add_backgrounds(project, [mine])
                assert "mine.png" in verdict.reason
                assert "ermission" in verdict.reason
                (inside,) = add_backgrounds(project, [shut / "a.png"])
                assert "a.png" in inside.reason
                # Passing it over in silence would look as if it had been empty.
                with pytest.raises(PictureError, match="shut cannot be read"):
                    list(add_backgrounds(project, [photos]))
        finally:
            shut.chmod(0o755)


class TestForegrounds:
    def test_a_cutout_is_kept_as_it_is_with_its_boxes(self, project: Path, photos: Path) -> None:
        cutout = draw_cutout(1, 60, 100, margin=8)
        path = write_picture(photos / "person.png", cutout)
        list(add_foregrounds(project, [photos]))
        (foreground,) = storage.load(project).foregrounds
        assert (project / foreground.file).read_bytes() == path.read_bytes()
        x, y, width, height = foreground.box
        seen = cutout[..., 3] >= 8
        assert seen[y : y + height, x : x + width].sum() == seen.sum()
        for line in (seen[y], seen[y + height - 1], seen[:, x], seen[:, x + width - 1]):
            assert line.any()
        assert (foreground.width, foreground.height) == (60, 100)
        assert foreground.contour[2] <= width
        assert foreground.contour[3] <= height

    def test_haze_widens_the_alphas_box_but_not_the_contours(self, project: Path, photos: Path) -> None:
        cutout = draw_cutout(1, 60, 100, margin=10)
        cutout[..., 3] = np.maximum(cutout[..., 3], 30)
        write_picture(photos / "hazy.png", cutout)
        list(add_foregrounds(project, [photos]))
        (foreground,) = storage.load(project).foregrounds
        assert foreground.box == (0, 0, 60, 100)
        assert foreground.contour[0] >= 9
        assert foreground.contour[2] <= 42

    def test_specks_that_nobody_sees_do_not_widen_the_box(self, project: Path, photos: Path) -> None:
        cutout = draw_cutout(1, 60, 100, margin=10)
        write_picture(photos / "clean.png", cutout)
        cutout[0, 0, 3] = cutout[99, 59, 3] = 3
        write_picture(photos / "specks.png", cutout)
        list(add_foregrounds(project, [photos]))
        clean, specks = storage.load(project).foregrounds
        assert clean.box == specks.box

    @pytest.mark.parametrize(("alpha", "words"), [(0, "fully transparent"), (255, "no transparent pixel")])
    def test_an_empty_and_a_full_alpha_are_refused(self, project: Path, photos: Path, alpha: int, words: str) -> None:
        cutout = draw_cutout(1)
        cutout[..., 3] = alpha
        write_picture(photos / "a.png", cutout)
        reasons = rejected(list(add_foregrounds(project, [photos])))
        assert words in reasons["a.png"]
        assert files(project, "foregrounds") == []

    def test_a_photo_without_alpha_is_told_about_masks(self, project: Path, photos: Path) -> None:
        write_picture(photos / "photo.jpg", draw_background(1), Codec("jpeg", 90))
        (verdict,) = (v for v in add_foregrounds(project, [photos]) if v.path.name == "photo.jpg")
        assert verdict.error
        assert verdict.error.remedies == (CutOut(),)

    def test_a_cutout_in_which_nothing_is_solid_is_refused(self, project: Path, photos: Path) -> None:
        cutout = draw_cutout(1)
        cutout[..., 3] = cutout[..., 3] // 85  # at most 3
        write_picture(photos / "faint.png", cutout)
        reasons = rejected(list(add_foregrounds(project, [photos])))
        assert "nothing in faint.png is solid: its alpha reaches only 3 of 255" in reasons["faint.png"]

    @pytest.mark.parametrize("value", [1, 128])
    def test_an_alpha_of_two_values_is_solid(self, project: Path, photos: Path, value: int) -> None:
        cutout = draw_cutout(1)
        inside = cutout[..., 3] >= 128
        cutout[..., 3] = inside * value
        write_picture(photos / "ones.png", cutout)
        (verdict,) = add_foregrounds(project, [photos])
        assert verdict.note == f"its alpha is 0 and {value}: taken for 0 and 255"
        found = read_rgba(project / "foregrounds" / "ones.png")
        assert np.array_equal(found[..., 3], np.where(inside, 255, 0))
        assert np.array_equal(found[..., :3], cutout[..., :3])


class TestMasks:
    @pytest.fixture
    def masks(self, tmp_path: Path) -> Path:
        (tmp_path / "masks").mkdir()
        return tmp_path / "masks"

    def test_picture_and_mask_become_one_cutout(self, project: Path, photos: Path, masks: Path) -> None:
        cutout = draw_cutout(1)
        write_picture(photos / "p.jpg", np.ascontiguousarray(cutout[..., :3]), Codec("jpeg", 95))
        write_picture(masks / "p.png", np.ascontiguousarray(cutout[..., 3]))
        list(add_foregrounds(project, [photos], masks))
        (foreground,) = storage.load(project).foregrounds
        assert foreground.file == "foregrounds/p.png"
        found = read_rgba(project / foreground.file)
        assert np.array_equal(found[..., 3], cutout[..., 3])
        assert np.array_equal(found[..., :3], read_rgba(photos / "p.jpg")[..., :3])
        assert foreground.sha256 == hashlib.sha256((project / foreground.file).read_bytes()).hexdigest()

    def test_a_pictures_own_transparency_is_not_filled(self, project: Path, photos: Path, masks: Path) -> None:
        cutout = draw_cutout(1)
        write_picture(photos / "p.png", cutout)
        mask = np.full(cutout.shape[:2], 255, np.uint8)
        mask[:50] = 0
        write_picture(masks / "p.png", mask)
        list(add_foregrounds(project, [photos], masks))
        found = read_rgba(project / "foregrounds" / "p.png")
        assert np.array_equal(found[..., 3], np.minimum(mask, cutout[..., 3]))

    @pytest.mark.parametrize("name", ["person [1]", "p*q", "p?", "äö"])
    def test_odd_names_find_their_masks(self, project: Path, photos: Path, masks: Path, name: str) -> None:
        cutout = draw_cutout(1)
        write_oddly_named(photos / f"{name}.png", np.ascontiguousarray(cutout[..., :3]))
        write_picture(masks / f"{name}.png", np.ascontiguousarray(cutout[..., 3]))
        assert rejected(list(add_foregrounds(project, [photos], masks))) == {}

    def test_the_mask_of_a_longer_name_is_anothers(self, project: Path, photos: Path, masks: Path) -> None:
        cutout = draw_cutout(1)
        write_picture(photos / "p.png", np.ascontiguousarray(cutout[..., :3]))
        write_picture(masks / "p.old.png", np.ascontiguousarray(cutout[..., 3]))
        reasons = rejected(list(add_foregrounds(project, [photos], masks)))
        assert "no mask of the same name" in reasons["p.png"]

    def test_masks_beside_the_pictures(self, project: Path, photos: Path) -> None:
        """A picture is not its own mask."""
        cutout = draw_cutout(1)
        photo = write_picture(photos / "p.jpg", np.ascontiguousarray(cutout[..., :3]), Codec("jpeg", 95))
        write_picture(photos / "p.png", np.ascontiguousarray(cutout[..., 3]))
        assert rejected(list(add_foregrounds(project, [photo], photos))) == {}
        assert np.array_equal(read_rgba(project / "foregrounds" / "p.png")[..., 3], cutout[..., 3])

    def test_a_mask_of_another_size_is_refused_with_both_sizes(self, project: Path, photos: Path, masks: Path) -> None:
        write_picture(photos / "p.png", np.ascontiguousarray(draw_cutout(1)[..., :3]))
        write_picture(masks / "p.png", np.zeros((50, 40), np.uint8))
        reasons = rejected(list(add_foregrounds(project, [photos], masks)))
        assert "40 × 50" in reasons["p.png"]
        assert "60 × 100" in reasons["p.png"]

    def test_a_missing_folder_of_masks(self, project: Path, photos: Path) -> None:
        write_picture(photos / "p.png", np.ascontiguousarray(draw_cutout(1)[..., :3]))
        with pytest.raises(PictureError, match="gone is no folder of masks"):
            list(add_foregrounds(project, [photos], photos / "gone"))

    def test_nothing_is_added_twice_and_nothing_is_left_behind(self, project: Path, photos: Path, masks: Path) -> None:
        cutout = draw_cutout(1)
        write_picture(photos / "p.png", np.ascontiguousarray(cutout[..., :3]))
        write_picture(masks / "p.png", np.ascontiguousarray(cutout[..., 3]))
        for _ in range(2):
            verdicts = list(add_foregrounds(project, [photos], masks))
        assert "already in the project as foregrounds/p.png" in verdicts[0].reason
        assert files(project, "foregrounds") == ["foregrounds/p.png"]
        assert len(storage.load(project).foregrounds) == 1


class TestStoring:
    """What is accepted gets a name of its own in the project's folder."""

    @pytest.fixture
    def accepted(self, photos: Path) -> Verdict:
        (verdict,) = judge_backgrounds([write_picture(photos / "a.png", draw_background(1))], {}, BackgroundRule())
        return verdict

    def test_a_refusal_stores_nothing(self, project: Path) -> None:
        before = tree(project)
        refused = Verdict(Path("a.png"), None, "too small")
        assert store(project, refused) is refused
        assert tree(project) == before

    @pytest.mark.parametrize("place", ["backgrounds", ".bin/backgrounds"])
    def test_a_name_that_is_taken_stays_its_owners(self, project: Path, accepted: Verdict, place: str) -> None:
        other = write_picture(project / place / "a.png", draw_background(2))
        before = other.read_bytes()
        stored = store(project, accepted)
        assert stored.picture
        assert stored.picture.file == "backgrounds/a-2.png"
        assert (project / "backgrounds" / "a-2.png").read_bytes() == accepted.path.read_bytes()
        assert other.read_bytes() == before

    def test_a_copy_that_was_left_is_used_again(self, project: Path, accepted: Verdict) -> None:
        assert store(project, accepted) == store(project, accepted)
        assert files(project, "backgrounds") == ["backgrounds/a.png"]

    def test_a_copy_that_was_left_under_a_counted_name_is_used_again(self, project: Path, accepted: Verdict) -> None:
        write_picture(project / "backgrounds" / "a.png", draw_background(2))
        for name in ("a-2.png", "b.png"):
            shutil.copy(accepted.path, project / "backgrounds" / name)
        stored = store(project, accepted)
        assert stored.picture
        assert stored.picture.file == "backgrounds/a-2.png"

    @pytest.mark.timing
    def test_equal_names_take_hardly_longer_than_others(self, project: Path, photos: Path) -> None:
        seconds = []
        for kind in ("plain", "equal"):
            paths = [photos / kind / str(i) / f"{i if kind == 'plain' else 'a'}.png" for i in range(300)]
            for number, path in enumerate(paths):
                small = np.full((2, 2, 3), number % 256, np.uint8)
                small[0, 0] = number // 256, kind == "plain", 0
                write_picture(path, small)
            start = time.process_time()
            verdicts = list(
                judge_and_store(project, paths, [], partial(judge_backgrounds, rule=BackgroundRule(min_side=1)))
            )
            seconds.append(time.process_time() - start)
            assert len({v.picture.file for v in verdicts if v.picture}) == 300
        assert seconds[1] < 1.5 * seconds[0] + 0.3

    def test_a_folder_of_that_name_is_left_alone(self, project: Path, accepted: Verdict) -> None:
        (project / "backgrounds" / "a.png").mkdir(parents=True)
        stored = store(project, accepted)
        assert stored.picture
        assert stored.picture.file == "backgrounds/a-2.png"

    def test_bytes_that_come_with_the_verdict_are_let_go(self, project: Path) -> None:
        stored = store(project, judge_cutout(draw_cutout(1), Path("toy.jpg"), {}))
        assert stored.picture
        assert stored.data == b""
        assert hashlib.sha256((project / "foregrounds" / "toy.png").read_bytes()).hexdigest() == stored.picture.sha256

    def test_two_at_a_time_never_take_one_name(self, project: Path, photos: Path) -> None:
        paths = [write_picture(photos / str(i) / "a.png", draw_background(i)) for i in range(12)]
        verdicts = list(judge_backgrounds(paths, {}, BackgroundRule()))
        with ThreadPoolExecutor(4) as pool:
            stored = list(pool.map(partial(store, project), verdicts))
        for verdict in stored:
            assert verdict.picture
            assert (project / verdict.picture.file).read_bytes() == verdict.path.read_bytes()
        assert len(files(project, "backgrounds")) == 12

    def test_a_full_disk_leaves_nothing(self, project: Path, accepted: Verdict) -> None:
        full_disk(project / "backgrounds" / "a.png")
        with pytest.raises(ProjectError, match=r"a\.png cannot be written"):
            store(project, accepted)
        assert files(project, "backgrounds") == []

    def test_judging_and_storing_leaves_the_project_itself_alone(self, project: Path, photos: Path) -> None:
        paths = [write_picture(photos / str(i) / "a.png", draw_background(i)) for i in (1, 2, 2)]
        before = (project / storage.FILE).read_bytes()
        with storage.locked(project):  # the caller may hold it
            judge = partial(judge_backgrounds, rule=BackgroundRule())
            verdicts = list(judge_and_store(project, pictures_to_add(paths), [], judge))
        assert [v.picture.file if v.picture else v.reason for v in verdicts] == [
            "backgrounds/a.png", "backgrounds/a-2.png", "already in the project as backgrounds/a-2.png",
        ]  # fmt: skip
        assert (project / storage.FILE).read_bytes() == before


def test_the_real_scenes_are_all_taken(shared: Path, tmp_path: Path) -> None:
    storage.create(tmp_path / "p", "street-224")
    scenes = shared / "data" / "scenes"
    verdicts = [*add_backgrounds(tmp_path / "p", [scenes / "bg"]), *add_foregrounds(tmp_path / "p", [scenes / "fg"])]
    assert rejected(verdicts) == {}
    assert len(verdicts) == sum(1 for _ in scenes.rglob("*.*g"))
    assert len(files(tmp_path / "p", "backgrounds") + files(tmp_path / "p", "foregrounds")) == len(verdicts)
