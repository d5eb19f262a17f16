"""How easily pasted borders are told from real edges: soft backgrounds give sharp cutouts away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.card import seam_section
from fgbg_studio.core.dataset.inspect.seams import SeamReport, seams_in, seams_of
from fgbg_studio.core.dataset.record import PICTURES, SEALED, Dataset
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import storage
from tests.conftest import MakeProject, draw_background, draw_cutout, drawn_recipe
from tests.helpers.datasets import last

Make = Callable[..., Dataset]


@pytest.fixture
def prepared(tmp_path: Path) -> Make:
    """A dataset without files, of four backgrounds, softened by σ, and three cutouts."""

    def make(*changes: str, sigma: float = 0.0, backgrounds: int = 4) -> Dataset:
        recipe = drawn_recipe("studio-256", backgrounds, 3, ["size=128", "placements=4", *changes])
        root = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        store = LocalStore(root / PICTURES)
        for number in range(backgrounds):
            picture = draw_background(number, 128, 128)
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8) if sigma else picture
            store.put(f"bg_{number:04}.png", encode(picture, Codec()))
        for number in range(3):
            store.put(f"fg_{number:04}.png", encode(draw_cutout(number), Codec()))
        return Dataset(LocalStore(root), recipe, 24 * backgrounds, {"format": SEALED - 1})

    return make


def look(dataset: Dataset, count: int = 96) -> SeamReport:
    found = last(seams_of(dataset, count))
    assert isinstance(found, SeamReport)
    return found


def test_sharp_cutouts_on_soft_backgrounds_are_told_and_fewer_when_they_are_softened(prepared: Make) -> None:
    sharp = look(prepared("compositing.mode=binary", sigma=1.5))
    softened = look(prepared("appearance.sharpness=[1, 1]", sigma=1.5))
    assert sharp.whole.chance > 0.85
    assert softened.whole.chance < sharp.whole.chance - 0.02
    assert sharp.samples == 96


def test_each_blend_and_cutout_is_named_and_the_best_told_come_first(prepared: Make) -> None:
    dataset = prepared("compositing.mode=mixed")
    found = look(dataset)
    assert set(found.blends) == {"alpha", "binary", "gaussian", "multiband"}
    assert set(found.foregrounds) == {one.file for one in dataset.recipe.foregrounds}
    for parts in (found.blends, found.foregrounds):
        chances = [told.chance for told in parts.values()]
        assert chances == sorted(chances, reverse=True)
        assert sum(told.pieces for told in parts.values()) == found.whole.pieces
    assert look(dataset, 20) == look(dataset, 20)
    assert found.report()["blends"]["binary"]["pieces"] == found.blends["binary"].pieces


def test_one_background_is_too_few(prepared: Make) -> None:
    with pytest.raises(DatasetError, match="too few edges"):
        look(prepared(backgrounds=1))


def test_samples_that_are_not_made_can_be_looked_at(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, "studio-256", 4, 3, ["size=128", "placements=4"])
    recipe = make_recipe(storage.load(project))
    plan, composer = Plan(recipe), Composer(Pictures(recipe, None, project))
    steps = list(seams_in(composer, plan, range(0, 96, 3)))
    report = steps[-1]
    assert isinstance(report, SeamReport)
    assert report.samples == 32
    assert {type(step) for step in steps[:-1]} == {Progress}


@pytest.mark.parametrize("said", ["x", {"samples": 3}, {"samples": -1, "chance": 5, "pieces": 1, "blends": {}}])
def test_what_somebody_else_wrote_of_seams_is_no_section(said: object) -> None:
    assert seam_section({"seams": said}) == []
