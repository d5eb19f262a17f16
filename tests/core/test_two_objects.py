"""Two objects in a sample, which no plan makes yet: all that is made of them against a plain reference."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.arrays import DepthMap, Pixels
from fgbg_studio.core.base.boxes import Box, union
from fgbg_studio.core.base.sample import Composite, PlacedObject, Sample, visible
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder, StoredInsertion
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.shard import Rows, Tally
from fgbg_studio.core.dataset.statistics import COVERAGES, KindStatistics
from fgbg_studio.core.depth.geometry import Geometry
from fgbg_studio.core.depth.inserted import contact_depth
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.interfaces.depth import DepthMaker, Insertion
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from tests.conftest import drawn_recipe
from tests.core.depth.test_geometry import ground_depth

SIZE = 96


class Drawn(Pictures):
    """Two backgrounds and two foregrounds of noise, the same at each call."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe, None)
        rng = np.random.default_rng(7)
        shape = (SIZE, SIZE) if recipe.settings.grayscale else (SIZE, SIZE, 3)
        self.grounds = [rng.integers(0, 256, shape, np.uint8) for _ in range(2)]
        self.cutouts = [rng.integers(0, 256, (high, wide, 4), np.uint8) for high, wide in ((60, 40), (50, 30))]
        for cutout in self.cutouts:
            cutout[..., 3] = cv2.GaussianBlur(cutout[..., 3], (0, 0), 3) // 120 * 120 + cutout[..., 3] % 16

    def background(self, number: int) -> Pixels:
        return self.grounds[number]

    def foreground(self, number: int) -> Pixels:
        return self.cutouts[number]


def composer(*changes: str) -> Composer:
    recipe = drawn_recipe("studio-256", 2, 2, [f"size={SIZE}", *changes])
    return Composer(Drawn(recipe))


def placed(foreground: int, box: Box, *, mirrored: bool = False) -> PlacedObject:
    return PlacedObject(foreground, mirrored, *box, -1, 1.0)


def pair(one: Box, two: Box, *, background: int = 0, mirrored: bool = False) -> Sample:
    return Sample(0, background, 0, (placed(0, one), placed(1, two, mirrored=mirrored)))


APART = pair((3, 10, 30, 40), (50, 30, 35, 60))
OVER = pair((20, 10, 40, 60), (35, 25, 30, 50), mirrored=True)
HIDDEN = Sample(0, 1, 0, (placed(0, (30, 30, 10, 15)), placed(0, (10, 5, 80, 90))))
TOUCHING = pair((10, 20, 20, 30), (30, 20, 20, 30))
SAME = pair((10, 20, 40, 60), (10, 20, 40, 60))
THREE = Sample(0, 0, 0, (*OVER.objects, placed(0, (5, 50, 30, 40), mirrored=True)))
ALL = [APART, OVER, HIDDEN, TOUCHING, SAME, THREE]
every_pair = pytest.mark.parametrize("sample", ALL, ids=["apart", "over", "hidden", "touching", "same", "three"])


class Reference(NamedTuple):
    """A sample by plain arithmetic: (S, S[, 3]) float64, (S, S) bool, and which object is uppermost, -1 for none."""

    image: Any
    mask: Any
    uppermost: Any


def reference(made: Composer, sample: Sample) -> Reference:
    """One object after the other by *over*, in float64, each wholly over what is there already."""
    threshold = made.settings.compositing.mask_threshold
    image = made.background(sample.background).astype(np.float64)
    uppermost = np.full((SIZE, SIZE), -1)
    for number, one in enumerate(sample.objects):
        rgba = made.sized(one.foreground, one.mirrored, one.width, one.height).astype(np.float64)
        whole = np.zeros((SIZE, SIZE, 4))
        whole[one.y : one.y + one.height, one.x : one.x + one.width] = rgba
        solid = whole[..., 3] >= threshold
        alpha = whole[..., 3] / 255 if not made.settings.compositing.mode.hard else solid.astype(np.float64)
        colour = whole[..., :3]
        if made.settings.grayscale:
            colour = colour @ np.array([0.299, 0.587, 0.114])
        else:
            alpha = alpha[..., None]
        image = colour * alpha + image * (1 - alpha)
        uppermost[solid] = number
    return Reference(image, uppermost >= 0, uppermost)


def maker_of(made: Composer) -> DepthMaker:
    return Geometry().open(made, Path())


def contact(made: Composer, sample: Sample, number: int) -> float:
    """The ground's depth at an object's lower edge."""
    source, one = made.backgrounds[sample.background], sample.objects[number]
    foot = np.array([float(one.y + one.height)])
    return float(ground_depth(foot, SIZE, made.camera, source.horizon, source.camera_height)[0])


def depth_map(made: Composer, sample: Sample) -> DepthMap:
    """The background's depth with each object's own where it is uppermost."""
    base = maker_of(made).base(sample.background)
    assert base is not None
    wanted, uppermost = base.copy(), reference(made, sample).uppermost
    for number in range(len(sample.objects)):
        wanted[uppermost == number] = np.float32(contact(made, sample, number))
    return wanted


@every_pair
class TestComposite:
    @pytest.mark.parametrize("changes", [(), ("compositing.mode=binary",), ("grayscale=true",)], ids=str)
    def test_is_one_over_the_other(self, sample: Sample, changes: tuple[str, ...]) -> None:
        made = composer(*changes)
        composite, wanted = made(sample), reference(made, sample)
        off = np.abs(composite.image - wanted.image)
        assert off.max() <= len(sample.objects) * (2.5 if made.settings.grayscale else 1)
        if changes == ("compositing.mode=binary",):
            assert off.max() == 0

    def test_the_mask_is_the_union(self, sample: Sample) -> None:
        made = composer()
        composite, wanted = made(sample), reference(made, sample)
        assert composite.mask.dtype == np.uint8
        assert np.array_equal(composite.mask, wanted.mask * np.uint8(255))
        assert composite.white == wanted.mask.sum()

    def test_outside_the_box_it_is_the_background(self, sample: Sample) -> None:
        made = composer()
        x, y, width, height = sample.box
        outside = np.ones((SIZE, SIZE), np.bool_)
        outside[y : y + height, x : x + width] = False
        assert np.array_equal(made(sample).image[outside], made.background(sample.background)[outside])
        assert (x, y) == (min(one.x for one in sample.objects), min(one.y for one in sample.objects))
        assert x + width == max(one.x + one.width for one in sample.objects)
        assert y + height == max(one.y + one.height for one in sample.objects)

    def test_visible_pixels_are_those_of_the_uppermost(self, sample: Sample) -> None:
        made = composer()
        composite, uppermost = made(sample), reference(made, sample).uppermost
        for number, (seen, (_, x, y)) in enumerate(zip(visible(composite.patches), composite.patches, strict=True)):
            whole = np.zeros((SIZE, SIZE), np.bool_)
            whole[y : y + len(seen), x : x + seen.shape[1]] = seen
            assert np.array_equal(whole, uppermost == number)


@every_pair
class TestFiles:
    @pytest.mark.parametrize("changes", [(), ("grayscale=true",)], ids=str)
    def test_the_spliced_jpeg_has_the_pixels_of_a_whole_one(self, sample: Sample, changes: tuple[str, ...]) -> None:
        made = composer(*changes)
        composite, codec = made(sample), made.settings.codecs.fg_bg
        assert codec.splice
        data = SampleEncoder(made, None).composite(sample, composite)
        whole = encode(composite.image, Codec("jpeg", codec.quality, splice=False))
        assert np.array_equal(decode(data, "spliced"), decode(whole, "whole"))

    @pytest.mark.parametrize("codec", ['{"format":"png"}', '{"format":"jpeg","quality":90}'])
    def test_the_masks_file(self, sample: Sample, codec: str) -> None:
        made = composer(f"codecs.mask={codec}")
        wanted = reference(made, sample).mask * np.uint8(255)
        data = SampleEncoder(made, None).mask(made(sample))
        assert np.array_equal(decode(data, "mask"), decode(encode(wanted, made.settings.codecs.mask), "whole"))

    @pytest.mark.parametrize(
        "encoding", ["uint16-millimetres", "uint16-relative", "uint8-linear", "uint8-stretched-inverted"]
    )
    def test_the_depth_maps_file(self, sample: Sample, encoding: str) -> None:
        made = composer(f"depth.encoding={encoding}")
        maker = maker_of(made)
        ((stored, data),) = SampleEncoder(made, maker).depths([sample], maker([sample], [made(sample)]))
        wanted = made.settings.depth.encoding.encode(depth_map(made, sample))
        assert np.array_equal(decode(data, "depth"), wanted)
        assert np.array_equal(stored.pixels if isinstance(stored, StoredInsertion) else stored, wanted)
        assert isinstance(stored, StoredInsertion) == made.settings.depth.encoding.pointwise


@every_pair
class TestDepth:
    def test_each_object_stands_at_its_own_contact(self, sample: Sample) -> None:
        made = composer()
        (depth,) = maker_of(made)([sample], [made(sample)])
        assert isinstance(depth, Insertion)
        assert depth.contacts == tuple(contact(made, sample, number) for number in range(len(sample.objects)))
        assert depth.contact == depth.contacts[0]
        assert np.array_equal(depth.map, depth_map(made, sample))

    def test_a_networks_contact_is_looked_for_under_each(self, sample: Sample) -> None:
        made = composer()
        base = np.random.default_rng(1).uniform(1, 9, (SIZE, SIZE)).astype(np.float32)
        found = [contact_depth(base, one) for one in made(sample).patches]
        for number, one in enumerate(sample.objects):
            (alone,) = made(sample._replace(objects=(one,))).patches
            assert found[number] == contact_depth(base, alone)


def counted(made: Composer, samples: Sequence[Sample]) -> Tally:
    """What a worker counts of ``samples``."""
    tally, maker = Tally(made), maker_of(made)
    composites: list[Composite] = []
    for sample in samples:
        composites.append(made(sample))
        tally.add(sample, composites[-1])
    for stored, _ in SampleEncoder(made, maker).depths(samples, maker(samples, composites)):
        tally.add_depth(stored)
    return tally


def whole(made: Composer, samples: Sequence[Sample]) -> dict[str, KindStatistics]:
    """The same counted from every pixel of the whole pictures."""
    kinds = {"fg_bg": KindStatistics(), "mask": KindStatistics(), "depth": KindStatistics()}
    for sample in samples:
        kinds["fg_bg"].add(made(sample).image, 0)
        kinds["mask"].add(reference(made, sample).mask * np.uint8(255), 0)
        kinds["depth"].add(made.settings.depth.encoding.encode(depth_map(made, sample)), 0)
    return kinds


class TestStatistics:
    @pytest.mark.parametrize("changes", [(), ("grayscale=true",), ("depth.encoding=uint8-linear",)], ids=str)
    def test_are_those_of_every_pixel(self, changes: tuple[str, ...]) -> None:
        made = composer(*changes)
        tally, wanted = counted(made, ALL), whole(made, ALL)
        assert {kind: part.to_dict() for kind, part in tally.statistics().items()} == {
            kind: part.to_dict() for kind, part in wanted.items()
        }
        covered = [int(reference(made, sample).mask.sum()) * COVERAGES // SIZE**2 for sample in ALL]
        assert tally.coverage().tolist() == np.bincount(covered, minlength=COVERAGES).tolist()


class TestNames:
    def test_the_first_object_names_the_sample(self) -> None:
        made = composer()
        plan = Plan(made.pictures.recipe)
        alone = OVER._replace(objects=OVER.objects[:1])
        assert plan.ids(OVER) == plan.ids(alone)
        assert plan.paths(OVER) == plan.paths(alone)
        rows = Rows(plan)
        assert rows(OVER, plan.paths(OVER)) == rows(alone, plan.paths(alone))
        assert OVER.identity == (0, 0, False, 0)


@st.composite
def anywhere(draw: st.DrawFn) -> Sample:
    """One to four objects, each wherever it likes."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        width, height = draw(st.integers(1, SIZE)), draw(st.integers(1, SIZE))
        box = draw(st.integers(0, SIZE - width)), draw(st.integers(0, SIZE - height)), width, height
        found.append(placed(draw(st.integers(0, 1)), box, mirrored=draw(st.booleans())))
    return Sample(0, draw(st.integers(0, 1)), 0, tuple(found))


@given(st.lists(anywhere(), min_size=1, max_size=3))
def test_any_number_anywhere(samples: list[Sample]) -> None:
    made = composer()
    encoder, maker = SampleEncoder(made, maker_of(made)), maker_of(made)
    composites = [made(sample) for sample in samples]
    files = encoder.depths(samples, maker(samples, composites))
    for sample, composite, (_, depth) in zip(samples, composites, files, strict=True):
        wanted = reference(made, sample)
        assert np.abs(composite.image - wanted.image).max() <= len(sample.objects)
        assert np.array_equal(decode(encoder.mask(composite), "mask") > 0, wanted.mask)
        whole_file = encode(composite.image, Codec("jpeg", made.settings.codecs.fg_bg.quality, splice=False))
        spliced = encoder.composite(sample, composite)
        assert np.array_equal(decode(spliced, "spliced"), decode(whole_file, "whole"))
        assert np.array_equal(decode(depth, "depth"), made.settings.depth.encoding.encode(depth_map(made, sample)))
    tally = counted(made, samples).statistics()
    assert {k: part.to_dict() for k, part in tally.items()} == {k: p.to_dict() for k, p in whole(made, samples).items()}


def test_the_least_box_around_boxes() -> None:
    assert union((3, 4, 5, 6)) == (3, 4, 5, 6)
    assert union((3, 4, 5, 6), (1, 9, 2, 30), (7, 5, 1, 1)) == (1, 4, 7, 35)
