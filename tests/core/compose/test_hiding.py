"""Objects behind things of their backgrounds."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.sample import PlacedObject, PlacedPatch, Sample, visible
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder
from fgbg_studio.core.compose.scene import Scenes
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.depth import InsertingMaker, Insertion
from tests.core.test_two_objects import SIZE, composer

CONTACT = 3.0
ALONE = Sample(0, 0, 0, (PlacedObject(0, False, 20, 10, 50, 75, -1, 1.0),))


class Shelf(InsertingMaker):
    """A board 1 m away across a room of 5 m, and above it a patch without a value; objects stand at 3 m."""

    def __init__(self) -> None:
        self.map: DepthMap = np.full((SIZE, SIZE), 5, np.float32)
        self.map[50:64] = 1
        self.map[20:30, 40:50] = np.nan

    @override
    def base(self, background: int) -> DepthMap:
        return self.map

    @override
    def insert(self, sample: Sample, patches: tuple[PlacedPatch, ...]) -> Insertion:
        return Insertion(self.map, patches, tuple([CONTACT + one.x / 1000 for one in sample.objects]), sample.named)


def hiding(*changes: str) -> Composer:
    made = composer("scene.front.hides=true", *changes)
    made.settle_by(Shelf())
    return made


def near(margin: float = 0.05) -> np.ndarray:
    return Shelf().map < CONTACT * (1 - margin)


@pytest.mark.parametrize(
    "changes", [(), ("compositing.mode=binary",), ("grayscale=true",), ("compositing.mode=gaussian",)], ids=str
)
class TestOneObject:
    def test_is_hidden_to_the_pixel_where_the_edge_is_hard(self, changes: tuple[str, ...]) -> None:
        made, whole = hiding("scene.front.soft=0", *changes), composer(*changes)
        found, plain = made(ALONE), whole(ALONE)
        assert np.array_equal(found.mask > 0, (plain.mask > 0) & ~near())
        if changes != ("compositing.mode=gaussian",):  # which softens the new edge as any
            assert np.array_equal(found.image[near()], made.background(0)[near()])
            assert np.array_equal(found.image[~near()], plain.image[~near()])

    def test_follows_the_depth_test_but_for_the_soft_edge(self, changes: tuple[str, ...]) -> None:
        found, plain = hiding("scene.front.soft=2", *changes)(ALONE), composer(*changes)(ALONE)
        edge = cv2.dilate(near().astype(np.uint8), np.ones((5, 5))) != cv2.erode(
            near().astype(np.uint8), np.ones((5, 5))
        )
        wanted = (plain.mask > 0) & ~near()
        assert np.array_equal((found.mask > 0)[~edge], wanted[~edge])

    def test_its_depth_is_that_of_what_is_seen(self, changes: tuple[str, ...]) -> None:
        made, maker = hiding("depth.encoding=uint16-millimetres", *changes), Shelf()
        composite = made(ALONE)
        ((_, data),) = SampleEncoder(made, maker).depths([ALONE], maker([ALONE], [composite]))
        stored = decode(data, "depth")
        assert (stored[composite.mask > 0] == round((CONTACT + 0.02) * 1000)).all()
        assert np.array_equal(stored[composite.mask == 0], np.nan_to_num(maker.map * 1000)[composite.mask == 0])


def test_the_edge_follows_the_picture() -> None:
    made = hiding("scene.front.soft=3")
    picture = np.full((SIZE, SIZE, 3), 40, np.uint8)
    picture[52:62] = 200  # the board as the picture has it: two pixels less on either side
    made.pictures.grounds[0] = picture  # type: ignore[attr-defined]
    solid = composer()(ALONE).mask > 0
    hidden = solid & (made(ALONE).mask == 0)
    assert hidden[54:60].sum() == solid[54:60].sum()
    assert hidden[52:62].sum() > 0.9 * solid[52:62].sum()
    assert hidden[50:52].sum() + hidden[62:64].sum() < 0.5 * (solid[50:52].sum() + solid[62:64].sum())


@pytest.mark.parametrize("soft", [1, 3, 16])
def test_the_edge_is_the_guided_filters_to_the_bit(soft: int) -> None:
    made, side = hiding(f"scene.front.soft={soft}", "grayscale=true"), 2 * soft + 1
    picture = np.random.default_rng(soft).integers(0, 256, (SIZE, SIZE), np.uint8)
    made.pictures.grounds[0] = picture  # type: ignore[attr-defined]

    def mean(values: np.ndarray) -> np.ndarray:
        return cv2.boxFilter(values.astype(np.float64), cv2.CV_64F, (side, side), normalize=False) / side**2

    hidden = near(0.05) * 255.0
    level, share = mean(picture), mean(hidden)
    slope = (mean(picture * near(0.05)) * 255 - level * share) / (mean(picture.astype(float) ** 2) - level**2 + 64)
    slopes, offsets = (mean(np.rint(one * 65536)) for one in (slope, (share - slope * level) / 256))
    followed = np.clip(np.rint(slopes / 65536 * picture + offsets / 256), 0, 255)
    border = (share > 0) & (share < 255)
    wanted = np.where(border, followed, hidden)
    solid = composer("grayscale=true")(ALONE).mask > 0
    assert np.array_equal(made(ALONE).mask > 0, solid & (255 - wanted >= 128))


def test_nothing_is_hidden_by_itself_or_by_what_is_hardly_nearer() -> None:
    assert np.array_equal(hiding("scene.front.margin=0.7")(ALONE).image, composer()(ALONE).image)
    off = composer()
    off.settle_by(Shelf())
    assert np.array_equal(off(ALONE).image, composer()(ALONE).image)


class TestSeveral:
    PAIR = Sample(
        0, 0, 0, (PlacedObject(0, False, 20, 10, 50, 75, -1, 1.0), PlacedObject(1, False, 5, 46, 20, 20, -1, 1.0))
    )

    def test_who_is_hidden_too_much_stands_elsewhere(self) -> None:
        settled = hiding("scene.front.min_visible=0.5").settled(self.PAIR)
        assert len(settled.objects) == 2
        assert self.PAIR.first in settled.objects
        assert self.PAIR.objects[1] not in settled.objects
        assert set(hiding("scene.front.min_visible=0").settled(self.PAIR).objects) == set(self.PAIR.objects)

    def test_who_finds_no_other_place_is_left_out(self) -> None:
        made = hiding("scene.front.min_visible=0.5")
        nowhere = Scenes(made.settings.scene, made.patches, Shelf(), made._hider, lambda *_: None)
        assert nowhere(self.PAIR).objects == (self.PAIR.first,)

    def test_the_first_stays_however_little_is_seen(self) -> None:
        second, made = self.PAIR._replace(named=1), hiding("scene.front.min_visible=0.9")
        nowhere = Scenes(made.settings.scene, made.patches, Shelf(), made._hider, lambda *_: None)
        assert nowhere(second).objects == (second.first,)

    def test_visible_is_part_of_the_whole_and_maps_agree(self) -> None:
        made = hiding("scene.front.min_visible=0")
        settled = made.settled(self.PAIR)
        composite = made(settled)
        indices = composite.indices(settled.indices)
        assert np.array_equal(indices > 0, composite.mask > 0)
        for seen, whole in zip(visible(composite.patches), made.patches(settled), strict=True):
            assert not (seen & ~whole.patch.solid).any()
        assert len(composite.contacts) == 2


def test_a_way_without_depth_of_its_background_hides_nothing() -> None:
    made = composer("scene.front.hides=true", "depth.way=none")
    assert made.open_depth(Path()) is None  # type: ignore[arg-type]
    assert np.array_equal(made(ALONE).image, composer()(ALONE).image)
