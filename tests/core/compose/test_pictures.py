"""Backgrounds and foregrounds as they are prepared, kept, and found to be the ones that were chosen."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.pictures import Pictures, prepare_background, prepare_foreground, prepare_mask
from fgbg_studio.core.imaging.reading import picture_hash
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from tests.conftest import MakeProject, draw_background, draw_cutout, drawn_recipe, write_picture

RECIPE = drawn_recipe("studio-256", 1, 1)


class TestBackgrounds:
    @pytest.mark.parametrize(("width", "height"), [(300, 200), (200, 300), (256, 256), (300, 301)])
    def test_the_centre_square_by_default(self, width: int, height: int) -> None:
        picture = draw_background(1, width, height)
        made = prepare_background(picture, RECIPE.backgrounds[0], RECIPE.settings)
        side = min(width, height)
        x, y = (width - side) // 2, (height - side) // 2
        square = Image.fromarray(picture[y : y + side, x : x + side])
        expected = square if side == 256 else square.resize((256, 256), Image.Resampling.LANCZOS)
        assert np.array_equal(made, np.asarray(expected))

    def test_a_stored_square(self) -> None:
        picture = draw_background(1, 600, 400)
        source = RECIPE.backgrounds[0].model_copy(update={"crop": (40, 90, 256)})
        made = prepare_background(picture, source, RECIPE.settings)
        assert np.array_equal(made, picture[90 : 90 + 256, 40 : 40 + 256])

    def test_classroom_resizes_without_a_crop(self) -> None:
        settings = drawn_recipe("classroom-192", 1, 1).settings
        picture = np.zeros((150, 300, 3), np.uint8)
        picture[:, :30] = (255, 0, 0)
        picture[:, 270:] = (0, 0, 255)
        made = prepare_background(picture, RECIPE.backgrounds[0], settings)
        assert made.shape == (192, 192, 3)
        assert (made[:, :15] == (255, 0, 0)).all()
        assert (made[:, -15:] == (0, 0, 255)).all()

    @pytest.mark.parametrize("name", ["nearest", "bilinear", "bicubic", "lanczos", "box"])
    def test_every_resampling_is_the_one_it_says(self, name: str) -> None:
        settings = drawn_recipe("studio-256", 1, 1, [f"background.resampling={name}"]).settings
        picture = draw_background(2, 400, 400)
        made = prepare_background(picture, RECIPE.backgrounds[0], settings)
        expected = Image.fromarray(picture).resize((256, 256), Image.Resampling[name.upper()])
        assert np.array_equal(made, np.asarray(expected))

    def test_grayscale(self) -> None:
        settings = drawn_recipe("studio-256", 1, 1, ["grayscale=true"]).settings
        made = prepare_background(draw_background(2, 300, 300), RECIPE.backgrounds[0], settings)
        assert made.shape == (256, 256)


class TestForegrounds:
    def test_trimmed_to_its_box(self) -> None:
        cutout = draw_cutout(1, 60, 100, margin=10)
        source = RECIPE.foregrounds[0].model_copy(update={"box": (10, 12, 40, 70)})
        settings = drawn_recipe("street-224", 1, 1).settings
        assert np.array_equal(prepare_foreground(cutout, source, settings), cutout[12:82, 10:50])

    def test_squared_with_its_feet_on_the_lower_edge(self) -> None:
        cutout = draw_cutout(1, 41, 100, margin=3)
        changes = ["foreground.sizing=fixed-square", "foreground.decontaminate=false"]
        settings = drawn_recipe(changes=changes).settings
        source = RECIPE.foregrounds[0].model_copy(update={"box": (3, 3, 35, 94)})
        made = prepare_foreground(cutout, source, settings)
        assert made.shape == (94, 94, 4)
        assert np.array_equal(made[:, 29 : 29 + 35], cutout[3:97, 3:38])
        assert not made[:, :29, 3].any()
        assert not made[:, 64:, 3].any()
        assert made[-1, :, 3].any()

    def test_a_wide_one_stands_on_the_lower_edge_too(self) -> None:
        cutout = np.full((40, 100, 4), 200, np.uint8)
        source = RECIPE.foregrounds[0].model_copy(update={"box": (0, 0, 100, 40)})
        made = prepare_foreground(cutout, source, drawn_recipe(changes=["foreground.sizing=fixed-square"]).settings)
        assert made.shape == (100, 100, 4)
        assert (made[60:, :, 3] == 200).all()
        assert not made[:60, :, 3].any()

    def test_no_larger_than_twice_the_frame(self) -> None:
        cutout = np.asarray(cv2.resize(draw_cutout(1), (900, 1500)), np.uint8)
        source = RECIPE.foregrounds[0].model_copy(update={"box": (0, 0, 900, 1500)})
        made = prepare_foreground(cutout, source, drawn_recipe("street-224", 1, 1).settings)
        assert made.shape == (448, 269, 4)

    def test_the_old_surroundings_are_taken_out_of_the_edge_where_asked(self) -> None:
        cutout = np.zeros((60, 60, 4), np.uint8)
        cutout[..., :3] = (0, 255, 0)  # cut from a meadow
        cutout[20:40, 20:40] = (200, 50, 50, 255)
        cutout[19, 20:40, 3] = cutout[40, 20:40, 3] = 128
        source = RECIPE.foregrounds[0].model_copy(update={"box": (20, 19, 20, 22)})
        for wanted, colour in (("true", (200, 50, 50)), ("false", (0, 255, 0))):
            settings = drawn_recipe("studio-256", 1, 1, [f"foreground.decontaminate={wanted}"]).settings
            made = prepare_foreground(cutout, source, settings)
            assert (made[0, :, :3] == colour).all()
            assert (made[0, :, 3] == 128).all()

    def test_classroom_trims_by_the_contour_and_the_others_by_alpha(self, tmp_path: Path) -> None:
        cutout = draw_cutout(1, 80, 120, margin=15)
        cutout[5:8, 5:8] = (9, 9, 9, 255)  # a speck apart
        path = write_picture(tmp_path / "f.png", cutout)
        boxes = {}
        for name in ("classroom-192", "street-224"):
            storage.create(tmp_path / name, name)
            list(add_backgrounds(tmp_path / name, [write_picture(tmp_path / "b.png", draw_background(1))]))
            list(add_foregrounds(tmp_path / name, [path]))
            boxes[name] = make_recipe(storage.load(tmp_path / name)).foregrounds[0].box
        assert boxes["street-224"][:2] == (5, 5)
        assert min(boxes["classroom-192"][:2]) >= 14


class TestMaskOfTheCutout:
    """Masks that are the cutout's own, shrunk: as sharp as the cutout, however large it is."""

    SETTINGS = drawn_recipe("course-200", 1, 1).settings

    def test_every_trace_of_the_object_counts_and_nothing_else(self) -> None:
        cutout = draw_cutout(1, 60, 100, margin=10)
        source = RECIPE.foregrounds[0].model_copy(update={"box": (10, 12, 40, 70)})
        made = prepare_mask(cutout, source, self.SETTINGS)
        assert np.array_equal(made, np.where(cutout[12:82, 10:50, 3] > 0, 255, 0))

    def test_a_large_one_is_shrunk_with_its_cutout_and_does_not_grow(self) -> None:
        cutout = np.zeros((1200, 1200, 4), np.uint8)
        cutout[100:1100, 301:900, 3] = 1  # a trace that an average over nine pixels would round away or smear
        source = RECIPE.foregrounds[0].model_copy(update={"box": (0, 0, 1200, 1200)})
        made = prepare_mask(cutout, source, self.SETTINGS)
        assert made.shape == prepare_foreground(cutout, source, self.SETTINGS).shape[:2] == (400, 400)
        exact = (cutout[..., 3].reshape(400, 3, 400, 3) > 0).mean(axis=(1, 3)) * 255
        assert np.abs(made - exact).max() <= 0.5
        assert made.mean() == pytest.approx(1000 * 599 / 1200**2 * 255, abs=0.1)

    def test_it_is_kept_in_the_store_where_it_is_wanted(self, tmp_path: Path, make_project: MakeProject) -> None:
        project = make_project(tmp_path, "course-200", 1, 2)
        recipe, store = make_recipe(storage.load(project)), LocalStore(tmp_path / "store")
        list(Pictures(recipe, store, project).prepare())
        shutil.rmtree(project)
        alone = Pictures(recipe, store)
        for number in range(2):
            assert alone.mask(number).shape == alone.foreground(number).shape[:2]
            assert np.array_equal(alone.mask(number) > 0, alone.foreground(number)[..., 3] > 0)


class TestStore:
    @pytest.mark.parametrize("preset", ["studio-256", "classroom-192", "layers-150"])
    @pytest.mark.parametrize("grayscale", ["true", "false"])
    def test_what_is_kept_is_what_was_prepared(
        self, tmp_path: Path, make_project: MakeProject, preset: str, grayscale: str
    ) -> None:
        project = make_project(tmp_path, preset, 2, 2, [f"grayscale={grayscale}"])
        recipe = make_recipe(storage.load(project))
        fresh, kept = Pictures(recipe, None, project), Pictures(recipe, LocalStore(tmp_path / "store"), project)
        assert list(kept.prepare()) == [(1, 4), (2, 4), (3, 4), (4, 4)]
        shutil.rmtree(project)  # a dataset does not need its project any more
        alone = Pictures(recipe, LocalStore(tmp_path / "store"))
        assert list(alone.prepare()) == [(1, 4), (2, 4), (3, 4), (4, 4)]
        shutil.copytree(tmp_path / "project-pictures", project)  # only so that nothing is found there
        with pytest.raises(PictureError):
            fresh.background(0)
        for number in range(2):
            assert alone.background(number).shape == (recipe.settings.size,) * 2 + (() if grayscale == "true" else (3,))
            assert alone.foreground(number).shape[2] == 4

    def test_to_the_bit(self, tmp_path: Path, make_project: MakeProject) -> None:
        project = make_project(tmp_path)
        recipe = make_recipe(storage.load(project))
        fresh, kept = Pictures(recipe, None, project), Pictures(recipe, LocalStore(tmp_path / "store"), project)
        for _ in kept.prepare():
            pass
        for number in range(2):
            assert np.array_equal(fresh.background(number), kept.background(number))
            assert np.array_equal(fresh.foreground(number), kept.foreground(number))

    def test_without_project_and_store_the_way_out_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(DatasetError, match=r"bg_0000\.png is missing") as caught:
            Pictures(RECIPE, LocalStore(tmp_path / "store")).background(0)
        assert caught.value.remedies == (GenerateAgain(then="it will be prepared again"),)

    @pytest.mark.parametrize("kind", ["backgrounds", "foregrounds"])
    def test_a_picture_that_was_changed_or_lost_is_not_used(
        self, tmp_path: Path, make_project: MakeProject, kind: str
    ) -> None:
        project = make_project(tmp_path)
        recipe = make_recipe(storage.load(project))
        pictures = Pictures(recipe, None, project)
        get = pictures.background if kind == "backgrounds" else pictures.foreground
        path = project / getattr(recipe, kind)[0].file
        path.write_bytes(path.read_bytes() + b"\0")
        with pytest.raises(PictureError, match=f"{path.name} was changed since it was added"):
            get(0)
        path.unlink()
        with pytest.raises(PictureError, match=f"{path.name} is missing"):
            get(0)


def test_a_hash_is_of_the_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert picture_hash(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    with pytest.raises(PictureError, match="gone"):
        picture_hash(tmp_path / "gone")
    with pytest.raises(PictureError, match="is a folder"):
        picture_hash(tmp_path)


def test_the_recipe_goes_through_json(tmp_path: Path, make_project: MakeProject) -> None:
    recipe = make_recipe(storage.load(make_project(tmp_path)))
    assert type(recipe).model_validate(json.loads(recipe.model_dump_json())) == recipe
