"""Composites against arithmetic without rounding, masks against the alpha, mirrors to the bit."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.sample import Composite, PlacedObject, Sample
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.plan.recipe import Recipe
from tests.conftest import draw_background, draw_cutout, drawn_recipe

SIZE = 40


class Given(Pictures):
    """Pictures that a test made itself, as if prepared."""

    def __init__(self, recipe: Recipe, background: Pixels, foreground: Pixels) -> None:
        super().__init__(recipe, None)
        self.given = background, foreground

    def background(self, number: int) -> Pixels:
        return self.given[0]

    def foreground(self, number: int) -> Pixels:
        return self.given[1]


def composer(background: Pixels, foreground: Pixels, *changes: str) -> Composer:
    size = len(background)
    recipe = drawn_recipe("studio-256", 1, 1, [f"size={size}", *changes])
    return Composer(Given(recipe, background, foreground))


def sample(x: int, y: int, width: int, height: int, *, mirrored: bool = False) -> Sample:
    return Sample(0, 0, 0, (PlacedObject(0, mirrored, x, y, width, height, -1, 1.0),))


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Pixels, Pixels, Sample]:
    """Arbitrary pixels and alpha, and a place for the foreground at its own size: edges and corners too."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    kind = draw(st.sampled_from(["any", "extreme", "soft"]))
    width, height = (draw(st.one_of(st.sampled_from([1, 2, SIZE]), st.integers(1, SIZE))) for _ in range(2))
    x, y = draw(st.integers(0, SIZE - width)), draw(st.integers(0, SIZE - height))
    values = rng.choice([0, 1, 127, 128, 254, 255], 20) if kind == "extreme" else np.arange(256)
    background = rng.choice(values, (SIZE, SIZE, 3)).astype(np.uint8)
    foreground = rng.choice(values, (height, width, 4)).astype(np.uint8)
    if kind == "soft":
        foreground[..., 3] = rng.integers(0, 3, (height, width))
    return background, foreground, sample(x, y, width, height, mirrored=draw(st.booleans()))


def exact(background: Pixels, foreground: Pixels, s: Sample) -> Any:
    """The operator *over* in float64, without rounding."""
    rgba = (foreground[:, ::-1] if s.first.mirrored else foreground).astype(np.float64)
    alpha = rgba[..., 3:] / 255
    out = background.astype(np.float64)
    box = out[place(s)]
    box[:] = rgba[..., :3] * alpha + box * (1 - alpha)
    return out


def place(s: Sample) -> tuple[slice, slice]:
    x, y, width, height = s.box
    return np.s_[y : y + height, x : x + width]


def outside(s: Sample) -> Any:
    mask = np.ones((SIZE, SIZE), bool)
    mask[place(s)] = False
    return mask


class TestAlpha:
    @given(scenes())
    def test_within_one_grey_level_of_exact_arithmetic(self, scene: tuple[Pixels, Pixels, Sample]) -> None:
        background, foreground, s = scene
        made = composer(background, foreground)(s)
        assert made.image.dtype == np.uint8
        assert np.abs(made.image - exact(background, foreground, s)).max() <= 1 + 1e-9

    @given(scenes())
    def test_outside_the_box_nothing_is_touched(self, scene: tuple[Pixels, Pixels, Sample]) -> None:
        background, foreground, s = scene
        for mode in ("alpha", "binary"):
            made = composer(background, foreground, f"compositing.mode={mode}")(s)
            assert np.array_equal(made.image[outside(s)], background[outside(s)])
            assert not made.mask[outside(s)].any()

    @given(scenes())
    def test_no_alpha_changes_nothing_and_full_alpha_replaces(self, scene: tuple[Pixels, Pixels, Sample]) -> None:
        background, foreground, s = scene
        foreground[..., 3] = 0
        assert np.array_equal(composer(background, foreground)(s).image, background)
        foreground[..., 3] = 255
        box = composer(background, foreground)(s).image[place(s)]
        assert np.array_equal(box[:, ::-1] if s.first.mirrored else box, foreground[..., :3])

    def test_what_is_hidden_under_no_alpha_never_shows(self) -> None:
        """The cutout's transparent pixels are magenta; at every size none of it may bleed in."""
        cutout = draw_cutout(3)
        cutout[cutout[..., 3] > 0, :3] = (30, 120, 40)
        background = np.full((200, 200, 3), (30, 120, 40), np.uint8)
        made = composer(background, cutout)
        for width, height in ((60, 100), (30, 50), (17, 31), (90, 150), (119, 199), (6, 10), (1, 2)):
            image = made(sample(0, 0, width, height)).image
            assert np.abs(image.astype(int) - (30, 120, 40)).max() <= 2

    def test_shrunk_by_two_it_is_the_mean_of_four(self) -> None:
        rng = np.random.default_rng(1)
        foreground = rng.integers(0, 256, (40, 40, 4)).astype(np.uint8)
        background = rng.integers(0, 256, (SIZE, SIZE, 3)).astype(np.uint8)
        made = composer(background, foreground)(sample(5, 7, 20, 20)).image[7:27, 5:25]
        full = foreground.astype(np.float64)
        full[..., :3] *= full[..., 3:] / 255
        blocks = full.reshape(20, 2, 20, 2, 4).mean(axis=(1, 3))
        expected = blocks[..., :3] + background[7:27, 5:25] * (1 - blocks[..., 3:] / 255)
        assert np.abs(made - expected).max() <= 2  # alpha, colour and both products are rounded


class TestBinary:
    @given(scenes(), st.sampled_from([1, 128, 240, 255]))
    def test_every_pixel_is_one_or_the_other(self, scene: tuple[Pixels, Pixels, Sample], threshold: int) -> None:
        background, foreground, s = scene
        made = composer(background, foreground, "compositing.mode=binary", f"compositing.mask_threshold={threshold}")(s)
        seen = foreground[:, ::-1] if s.first.mirrored else foreground
        expected = background.copy()
        box = expected[place(s)]
        solid = seen[..., 3] >= threshold
        box[solid] = seen[solid, :3]
        assert np.array_equal(made.image, expected)

    def test_half_transparent_pixels_are_left_out_by_classrooms_rule(self) -> None:
        foreground = np.full((1, 3, 4), 200, np.uint8)
        foreground[0, :, 3] = (254, 255, 1)
        background = np.zeros((SIZE, SIZE, 3), np.uint8)
        made = composer(background, foreground, "compositing.mode=binary", "compositing.mask_threshold=255")
        composite = made(sample(0, 0, 3, 1))
        assert composite.image[0, :4, 0].tolist() == [0, 200, 0, 0]
        assert composite.mask[0, :4].tolist() == [0, 255, 0, 0]


class TestMask:
    @given(scenes(), st.integers(1, 255), st.sampled_from(["alpha", "binary"]))
    def test_is_the_alpha_over_the_threshold_and_black_and_white_only(
        self, scene: tuple[Pixels, Pixels, Sample], threshold: int, mode: str
    ) -> None:
        background, foreground, s = scene
        changes = [f"compositing.mask_threshold={threshold}", f"compositing.mode={mode}"]
        made = composer(background, foreground, *changes)(s)
        alpha = foreground[:, ::-1, 3] if s.first.mirrored else foreground[..., 3]
        expected = np.zeros((SIZE, SIZE), np.uint8)
        expected[place(s)] = np.where(alpha >= threshold, 255, 0)
        assert np.array_equal(made.mask, expected)
        assert made.white == (expected == 255).sum()
        mean = made.mask.mean()
        assert made.mask.std() == pytest.approx(np.sqrt(mean * (255 - mean)))

    def test_an_object_of_the_backgrounds_colour_is_in_the_mask(self) -> None:
        """Masks made by subtracting the background from the composite lose such an object."""
        background = np.full((SIZE, SIZE, 3), 77, np.uint8)
        foreground = np.full((10, 10, 4), 77, np.uint8)
        foreground[..., 3] = 255
        made = composer(background, foreground)(sample(4, 5, 10, 10))
        assert np.array_equal(made.image, background)
        assert (made.mask[5:15, 4:14] == 255).all()

    def test_dark_clothes_make_no_holes(self) -> None:
        cutout = draw_cutout(1)
        dark = cutout.copy()
        dark[..., :3] = 0
        background = draw_background(1, 120, 120)
        one, two = (composer(background, c)(sample(10, 10, 60, 100)).mask for c in (cutout, dark))
        assert np.array_equal(one, two)


class TestMirrored:
    @given(scenes(), st.sampled_from(["alpha", "binary"]), st.sampled_from([0, 2.5]))
    def test_a_mirrored_sample_is_the_mirror_of_the_plain_one(
        self, scene: tuple[Pixels, Pixels, Sample], mode: str, feather: float
    ) -> None:
        background, foreground, s = scene
        changes = [f"compositing.mode={mode}", f"foreground.feather={feather}"]
        x, y, width, height = s.box
        plain = composer(background, foreground, *changes)(sample(x, y, width, height))
        turned = np.ascontiguousarray(background[:, ::-1])
        flipped = sample(SIZE - x - width, y, width, height, mirrored=True)
        mirrored = composer(turned, foreground, *changes)(flipped)
        assert np.array_equal(mirrored.image, plain.image[:, ::-1])
        assert np.array_equal(mirrored.mask, plain.mask[:, ::-1])

    def test_at_another_size_too(self) -> None:
        made = composer(draw_background(1, SIZE, SIZE), draw_cutout(2))
        for width, height in ((13, 22), (25, 39), (38, 40)):
            one, two = (made.sized(0, mirrored, width, height) for mirrored in (False, True))
            assert np.array_equal(two, one[:, ::-1])


class TestFeather:
    def test_softens_the_edge_and_leaves_the_inside(self) -> None:
        foreground = np.full((100, 100, 4), 200, np.uint8)
        foreground[..., 3] = 0
        foreground[30:70, 30:70, 3] = 255
        background = np.zeros((100, 100, 3), np.uint8)
        sharp, soft = (
            composer(background, foreground, f"foreground.feather={radius}").sized(0, False, 100, 100)[..., 3]
            for radius in (0, 4)
        )
        assert set(np.unique(sharp).tolist()) == {0, 255}
        assert (soft[37:63, 37:63] == 255).all()
        row = soft[50, 20:40].astype(int)
        assert (np.diff(row) >= 0).all()
        assert ((row > 0) & (row < 255)).sum() >= 4

    def test_shows_no_rim_of_another_colour(self) -> None:
        """The pixels that become visible outside the object had no colour of their own."""
        white = np.full((SIZE, SIZE, 3), 250, np.uint8)
        foreground = np.zeros((30, 30, 4), np.uint8)
        foreground[8:22, 8:22] = 250
        foreground[8:22, 8:22, 3] = 255
        for radius in (1, 3, 6.5):
            made = composer(white, foreground, f"foreground.feather={radius}")
            image = made(sample(2, 3, 30, 30)).image
            assert np.abs(image.astype(int) - 250).max() <= 2

    def test_a_cutout_without_any_alpha_stays_without(self) -> None:
        foreground = np.zeros((10, 10, 4), np.uint8)
        background = draw_background(1, SIZE, SIZE)
        made = composer(background, foreground, "foreground.feather=3")
        assert np.array_equal(made(sample(1, 1, 10, 10)).image, background)


class TestGrayscale:
    @given(scenes(), st.sampled_from(["alpha", "binary"]))
    def test_one_channel_and_the_same_mask(self, scene: tuple[Pixels, Pixels, Sample], mode: str) -> None:
        background, foreground, s = scene
        grey = np.asarray(cv2.cvtColor(background, cv2.COLOR_RGB2GRAY), np.uint8)
        made = composer(grey, foreground, "grayscale=true", f"compositing.mode={mode}")(s)
        colour = composer(background, foreground, f"compositing.mode={mode}")(s)
        assert made.image.shape == (SIZE, SIZE)
        assert np.array_equal(made.mask, colour.mask)
        assert np.array_equal(made.image[outside(s)], grey[outside(s)])
        expected = colour.image @ np.array([0.299, 0.587, 0.114])
        assert np.abs(made.image - expected).max() <= 2.5


class TestKeeping:
    def test_the_same_sample_again_is_the_same_to_the_bit(self) -> None:
        background, cutout = draw_background(1, 200, 200), draw_cutout(1)
        made, other = composer(background, cutout), composer(background, cutout)
        for s in (sample(3, 4, 50, 90), sample(100, 90, 60, 100, mirrored=True), sample(3, 4, 50, 90)):
            one, two = made(s), other(s)
            assert np.array_equal(one.image, two.image)
            assert np.array_equal(one.mask, two.mask)

    def test_backgrounds_are_never_written_to(self) -> None:
        background = draw_background(1, 120, 120)
        before = background.copy()
        made = composer(background, draw_cutout(1))
        first = made(sample(3, 4, 50, 90)).image
        kept = first.copy()
        made(sample(30, 14, 50, 90))
        assert np.array_equal(background, before)
        assert np.array_equal(first, kept)

    def test_a_buffer_is_filled_wholly(self) -> None:
        background = draw_background(1, 120, 120)
        made = composer(background, draw_cutout(1))
        buffer = np.full_like(background, 99)
        s = sample(30, 14, 50, 90)
        into: Composite = made(s, buffer)
        assert into.image is buffer
        assert np.array_equal(buffer, made(s).image)
