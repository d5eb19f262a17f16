"""The presets' files: sizes, channels, qualities, and what is stored beside the samples."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.record import FORMAT, Dataset
from fgbg_studio.core.dataset.sources import stored_foreground, write_sources
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import presets, storage
from tests.conftest import MakeProject, draw_cutout

every_preset = pytest.mark.parametrize("name", presets.names())


@dataclass
class Made:
    """Some samples of a small project as files, and the pictures that the layout stores beside them."""

    plan: Plan
    composer: Composer
    files: dict[str, list[bytes]]
    root: Path

    def images(self, kind: str) -> list[Image.Image]:
        return [Image.open(io.BytesIO(data)) for data in self.files[kind]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, make_project: MakeProject) -> dict[str, Made]:
    found = {}
    for name in presets.names():
        folder = tmp_path_factory.mktemp(name)
        project = make_project(folder, name, 2, 2, ["writer=folders"])
        recipe = make_recipe(storage.load(project))
        plan, composer = Plan(recipe), Composer(Pictures(recipe, None, project))
        maker = recipe.settings.depth.way.open(composer, LocalStore(folder))
        assert maker is not None
        encoder, files = SampleEncoder(composer, maker), {}
        samples = [plan[0], plan[len(plan) // 2 + 1], plan[-2]]
        composites = [composer(sample) for sample in samples]
        depths = maker(samples, composites)
        files["fg_bg"] = [encoder.composite(s, c) for s, c in zip(samples, composites, strict=True)]
        files["mask"] = [encoder.mask(composite) for composite in composites]
        files["depth"] = [data for _, data in encoder.depths(samples, depths)]
        write_sources(Dataset(LocalStore(folder / "out"), recipe, 3, {"format": FORMAT}), composer)
        found[name] = Made(plan, composer, files, folder / "out")
    return found


def tables(quality: int, *, colour: bool) -> Any:
    """The quantisation tables of OpenCV's JPEG at a quality: they are what 'quality 65' is in a file."""
    blank = np.zeros((16, 16, 3) if colour else (16, 16), np.uint8)
    _, data = cv2.imencode(".jpg", blank, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return Image.open(io.BytesIO(data.tobytes())).quantization  # type: ignore[attr-defined]


SIDE = {
    "studio-256": 256,
    "scenes-384": 384,
    "classroom-192": 192,
    "street-224": 224,
    "office-224": 224,
    "layers-150": 150,
    "course-200": 200,
}
JPEG = {  # (composite, mask, depth), None for PNG
    "studio-256": (95, None, None),
    "scenes-384": (95, None, None),
    "classroom-192": (95, 95, 95),
    "street-224": (65, 65, 75),
    "office-224": (75, 95, 75),
    "layers-150": (95, 95, 95),
    "course-200": (30, 30, None),
}


class TestFiles:
    @every_preset
    def test_composites_are_square_and_in_colour(self, made: dict[str, Made], name: str) -> None:
        for image in made[name].images("fg_bg"):
            assert (image.size, image.mode, image.format) == ((SIDE[name],) * 2, "RGB", "JPEG")

    @every_preset
    def test_masks_and_depth_have_one_channel(self, made: dict[str, Made], name: str) -> None:
        depth_side = 240 if name == "classroom-192" else SIDE[name]
        deep = "I;16" if name in {"studio-256", "scenes-384"} else "L"
        for image in made[name].images("mask"):
            assert (image.size, image.mode) == ((SIDE[name],) * 2, "L")
        for image in made[name].images("depth"):
            assert (image.size, image.mode) == ((depth_side,) * 2, deep)

    @every_preset
    def test_qualities(self, made: dict[str, Made], name: str) -> None:
        for kind, quality in zip(("fg_bg", "mask", "depth"), JPEG[name], strict=True):
            for image in made[name].images(kind):
                if quality is None:
                    assert image.format == "PNG"
                else:
                    assert image.quantization == tables(quality, colour=kind == "fg_bg")  # type: ignore[attr-defined]

    @pytest.mark.parametrize("name", ["street-224", "course-200"])
    def test_optimised_files_are_as_small_as_can_be(self, made: dict[str, Made], name: str) -> None:
        codecs = presets.get(name).settings.codecs
        assert (codecs.fg_bg.optimise, codecs.mask.optimise) == (True, True)
        for data in made[name].files["fg_bg"] + made[name].files["mask"]:
            pixels = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED))
            quality = JPEG[name][0] or 0
            _, plain = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
            assert len(data) < len(plain)

    def test_lossless_masks_are_black_and_white_and_nothing_else(self, made: dict[str, Made]) -> None:
        for data in made["studio-256"].files["mask"]:
            pixels = decode(data, "mask")
            assert set(np.unique(pixels).tolist()) == {0, 255}
            # No other spread is possible for black and white: the check of every published table.
            mean = pixels.mean()
            assert pixels.std() == pytest.approx(np.sqrt(mean * (255 - mean)))

    def test_classroom_depth_is_stretched_and_inverted(self, made: dict[str, Made]) -> None:
        recipe = made["classroom-192"].plan.recipe
        assert recipe.settings.depth.encoding.name == "uint8-stretched-inverted"
        for data in made["classroom-192"].files["depth"]:
            pixels = decode(data, "depth").astype(int)
            assert pixels[-1].mean() > pixels[0].mean() + 50  # near is bright
            assert pixels.min() <= 4
            assert pixels.max() >= 251

    def test_street_depth_is_stretched_and_not_inverted(self, made: dict[str, Made]) -> None:
        assert made["street-224"].plan.recipe.settings.depth.encoding.name == "uint8-stretched"
        for data in made["street-224"].files["depth"]:
            pixels = decode(data, "depth").astype(int)
            assert pixels[0].mean() > pixels[-1].mean() + 50  # far is bright
            assert pixels.min() <= 6
            assert pixels.max() >= 249

    def test_studio_depth_is_in_millimetres(self, made: dict[str, Made]) -> None:
        for data in made["studio-256"].files["depth"]:
            pixels = decode(data, "depth")
            assert pixels.dtype == np.uint16
            assert pixels[0, 0] == 10_000  # the wall
            assert (pixels > 0).all()


def stored(made: Made, folder: str) -> dict[str, Image.Image]:
    paths = sorted((made.root / folder).iterdir())
    return {path.name: Image.open(io.BytesIO(path.read_bytes())) for path in paths}


class TestStoredPictures:
    def test_classroom_foregrounds_are_jpegs_on_white(self, made: dict[str, Made]) -> None:
        m = made["classroom-192"]
        papers, masks = stored(m, "fg_images"), stored(m, "fg_mask_images")
        assert list(papers) == list(masks) == ["img_001.jpg", "img_002.jpg"]
        for name, paper in papers.items():
            assert (paper.format, paper.mode) == ("JPEG", "RGB")
            pixels, mask = np.asarray(paper).astype(int), np.asarray(masks[name])
            assert masks[name].mode == "L"
            assert masks[name].size == paper.size
            assert (pixels[:4, :4] > 225).all()  # a corner beside the head
            assert mask[:4, :4].max() < 10
            assert (pixels[mask > 250].mean(axis=0) < 245).all()
            assert (pixels != (255, 0, 255)).any(axis=2).all()
        assert list(stored(m, "bg_images")) == ["img_001.jpg", "img_002.jpg"]

    @pytest.mark.parametrize(
        ("name", "folders", "fg", "mask", "height"),
        [
            ("street-224", "fg|fg_mask", "fg_00.png fg_01.png", "fg_00.jpg fg_01.jpg", 105),
            (
                "office-224",
                "FG|FG Masks",
                "fg001.png fg001_01.png fg002.png fg002_01.png",
                "frg001.png frg001_01.png frg002.png frg002_01.png",
                110,
            ),
            (
                "layers-150",
                "fg150|fg150_mask",
                "fg_1.png fg_2.png flip_fg_1.png flip_fg_2.png",
                "mask_fg_1.jpg mask_fg_2.jpg mask_flip_fg_1.jpg mask_flip_fg_2.jpg",
                150,
            ),
            ("studio-256", "fg|fg_mask", "fg_000.png fg_001.png", "fg_000.png fg_001.png", 128),
        ],
    )
    def test_cutouts_keep_their_alpha(
        self, made: dict[str, Made], name: str, folders: str, fg: str, mask: str, height: int
    ) -> None:
        cutouts, masks = (stored(made[name], folder) for folder in folders.split("|"))
        assert list(cutouts) == fg.split()
        assert list(masks) == mask.split()
        for one, two in zip(cutouts.values(), masks.values(), strict=True):
            assert (one.mode, two.mode) == ("RGBA", "L")
            assert one.size == two.size
            assert one.height == height
            solid = np.asarray(one)[..., 3] >= 128
            assert ((np.asarray(two) >= 128) == solid).mean() > 0.995

    @pytest.mark.parametrize(("name", "folder", "plain", "mirrored"), [
        ("office-224", "FG", "fg001.png", "fg001_01.png"), ("layers-150", "fg150", "fg_1.png", "flip_fg_1.png"),
    ])  # fmt: skip
    def test_mirrors_are_mirrors_to_the_bit(
        self, made: dict[str, Made], name: str, folder: str, plain: str, mirrored: str
    ) -> None:
        cutouts = stored(made[name], folder)
        assert np.array_equal(np.asarray(cutouts[mirrored]), np.asarray(cutouts[plain])[:, ::-1])

    @pytest.mark.parametrize("name", [name for name in presets.names() if name != "classroom-192"])
    def test_backgrounds_are_the_centre_square(self, made: dict[str, Made], name: str) -> None:
        suffix = {"studio-256": ".png", "scenes-384": ".png", "office-224": ".jpeg"}.get(name, ".jpg")
        folder = {"layers-150": "bg150", "office-224": "BG"}.get(name, "bg")
        for path, image in stored(made[name], folder).items():
            assert path.endswith(suffix)
            assert image.size == (SIDE[name],) * 2

    def test_course_stores_what_it_pastes(self, made: dict[str, Made]) -> None:
        m = made["course-200"]
        cutouts, masks = stored(m, "fg"), stored(m, "fg_mask")
        assert (list(cutouts), list(masks)) == (["000.png", "001.png"], ["000.jpg", "001.jpg"])
        for number, (cutout, mask) in enumerate(zip(cutouts.values(), masks.values(), strict=True)):
            sizes = {s.first[4:6] for s in m.plan if s.first.foreground == number}
            assert sizes == {cutout.size} == {mask.size}
            assert mask.quantization == tables(30, colour=False)  # type: ignore[attr-defined]
        for image in stored(m, "bg").values():
            assert image.quantization == tables(60, colour=True)  # type: ignore[attr-defined]

    def test_course_masks_are_the_cutout_itself_shrunk(self, made: dict[str, Made]) -> None:
        m = made["course-200"]
        for number in range(2):
            x, y, wide, high = m.plan.recipe.foregrounds[number].box
            alpha = draw_cutout(number, 56 + 4 * number)[y : y + high, x : x + wide, 3]
            size = m.plan.stored_size(number)
            covered = cv2.resize(np.where(alpha > 0, np.uint8(255), np.uint8(0)), size, interpolation=cv2.INTER_AREA)
            for mirrored in (False, True):
                patch = m.composer.patch(number, mirrored, *size)
                wanted = covered[:, ::-1] if mirrored else covered
                assert np.array_equal(patch.mask, np.where(wanted >= 128, 255, 0))
                assert np.array_equal(patch.mask > 0, patch.solid)

    def test_classroom_paper_is_white_wherever_the_mask_is_black(self) -> None:
        rgba = np.zeros((1, 4, 4), np.uint8)
        rgba[0, :, 3] = (0, 1, 254, 255)
        rgba[0, :, :3] = 9
        shown = stored_foreground(presets.get("classroom-192").settings, rgba)
        assert shown[0, :, 0].tolist() == [255, 255, 255, 9]
