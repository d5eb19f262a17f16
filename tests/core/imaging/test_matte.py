"""Cutouts keep their colours and their shape through every operation, however soft their edges are."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging import matte

SIDES = st.integers(1, 40)


@st.composite
def cutouts(draw: st.DrawFn) -> Pixels:
    """A cutout of noise whose alpha is anything: binary, soft, full, nearly empty."""
    height, width = draw(SIDES), draw(SIDES)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    rgba = rng.integers(0, 256, (height, width, 4), dtype=np.uint8)
    alpha = rng.normal(draw(st.integers(-300, 400)), draw(st.sampled_from([0, 60, 300])), (height, width))
    rgba[..., 3] = alpha.clip(0, 255).astype(np.uint8)
    return rgba


def disc(side: int = 100, radius: float = 40, softness: float = 1.5) -> Pixels:
    """Alpha of a disc in the middle of a square, soft over ``softness`` pixels."""
    y, x = np.mgrid[:side, :side] + 0.5 - side / 2
    alpha: Pixels = np.clip((radius - np.hypot(x, y)) / softness * 255 + 128, 0, 255).astype(np.uint8)
    return alpha


def coloured(alpha: Pixels, colour: tuple[int, int, int], around: tuple[int, int, int]) -> Pixels:
    """A cutout as careless cutting leaves it: its soft pixels are mixed with what was around the object."""
    share = alpha[..., None] / 255
    mixed = share * np.array(colour) + (1 - share) * np.array(around)
    return np.dstack([mixed.round().astype(np.uint8), alpha])


def exact_resize(rgba: Pixels, width: int, height: int) -> NDArray[np.float64]:
    """Premultiplied area averaging in float64: each new pixel is the mean of the area that it covers."""
    pixels = rgba.astype(np.float64)
    pixels[..., :3] *= pixels[..., 3:] / 255
    rows, columns = area_weights(rgba.shape[0], height), area_weights(rgba.shape[1], width)
    mixed = np.einsum("ij,jkc,lk->ilc", rows, pixels, columns)
    alpha = mixed[..., 3:]
    mixed[..., :3] *= np.divide(255, alpha, out=np.zeros_like(alpha), where=alpha > 0)
    return np.asarray(mixed)


def area_weights(old: int, new: int) -> NDArray[np.float64]:
    edges = np.arange(new + 1)[:, None] * old / new
    covered = np.minimum(edges[1:], np.arange(1, old + 1)) - np.maximum(edges[:-1], np.arange(old))
    return np.asarray(covered.clip(0) * new / old)


class TestTrim:
    @given(cutouts(), st.integers(1, 255))
    def test_pasting_back_gives_the_same_above_the_threshold(self, rgba: Pixels, threshold: int) -> None:
        cut, (x, y, width, height) = matte.trim(rgba, threshold)
        assert cut.shape == (height, width, 4)
        back = np.zeros_like(rgba)
        back[y : y + height, x : x + width] = cut
        kept = rgba[..., 3] >= threshold
        assert np.array_equal(back[kept], rgba[kept])

    @given(cutouts(), st.integers(1, 255))
    def test_every_side_of_the_box_touches_the_object(self, rgba: Pixels, threshold: int) -> None:
        cut, _ = matte.trim(rgba, threshold)
        inside = cut[..., 3] >= threshold
        assert inside.size == 0 or all(side.any() for side in (inside[0], inside[-1], inside[:, 0], inside[:, -1]))

    def test_nothing_gives_an_empty_box_of_plain_numbers(self) -> None:
        cut, box = matte.trim(np.zeros((5, 7, 4), np.uint8))
        assert (cut.shape, box) == ((0, 0, 4), (0, 0, 0, 0))
        assert {type(value) for value in box} == {int}


class TestOuterContour:
    def test_takes_the_largest_object_and_not_its_haze(self) -> None:
        alpha = np.zeros((80, 100), np.uint8)
        alpha[10:60, 20:50] = 255
        alpha[70:75, 80:90] = 255
        alpha[0:5] = 100
        assert matte.outer_contour_box(alpha) == (20, 10, 30, 50)

    def test_the_closing_joins_what_lies_ten_pixels_apart(self) -> None:
        alpha = np.zeros((60, 60), np.uint8)
        alpha[15:30, 20:40] = alpha[40:50, 20:40] = 255
        assert matte.outer_contour_box(alpha) == (20, 15, 20, 35)
        assert matte.outer_contour_box(alpha, closing=3) == (20, 15, 20, 15)

    def test_falls_back_to_all_that_is_visible(self) -> None:
        alpha = np.zeros((30, 30), np.uint8)
        alpha[5:9, 6:16] = 200
        assert matte.outer_contour_box(alpha) == (6, 5, 10, 4)


class TestFeather:
    @given(cutouts(), st.floats(-1, 0))
    def test_no_radius_changes_nothing(self, rgba: Pixels, radius: float) -> None:
        assert np.array_equal(matte.feather(rgba[..., 3], radius), rgba[..., 3])

    @pytest.mark.parametrize("radius", [0.5, 1, 2.5, 6])
    def test_the_ramp_is_as_wide_as_asked_on_both_sides(self, radius: float) -> None:
        alpha = np.zeros((41, 60), np.uint8)
        alpha[:, 30:] = 255
        row = matte.feather(alpha, radius)[20].astype(int)
        distance = np.arange(60) + 0.5 - 30
        assert np.all(np.diff(row[:-15]) >= 0)
        assert np.all(row[distance < -1.5 * radius - 1] == 0)
        assert np.all(row[(distance > 1.5 * radius + 1) & (distance < 20)] == 255)
        assert row[29] > 0
        assert row[30] < 255
        assert abs(int(row[29]) + int(row[30]) - 255) <= 2

    def test_outside_the_picture_is_transparent(self) -> None:
        softened = matte.feather(np.full((20, 20), 255, np.uint8), 3)
        assert softened[10, 10] == 255
        assert 100 < softened[0, 10] < 200


def soft_disc(radius: float) -> Pixels:
    """(121, 121): a disc about the middle, its edge a ramp of two pixels."""
    y, x = np.mgrid[:121, :121] - 60
    return np.rint(np.clip((radius - np.hypot(x, y)) / 2 + 0.5, 0, 1) * 255).astype(np.uint8)


def half_way(alpha: Pixels, start: NDArray[np.float64], across: NDArray[np.float64]) -> float:
    """How far from ``start`` (x, y) along ``across`` alpha falls below its half, to a fiftieth of a pixel."""
    ways = np.arange(-14, 60, 0.02)
    x, y = (start + ways[:, None] * across).astype(np.float32).T[:, None]
    levels = cv2.remap(alpha.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
    return float(ways[np.flatnonzero(levels >= 127.5)[-1]] + 0.01)


class TestGrow:
    @given(cutouts(), st.integers(0, 5))
    def test_growing_never_takes_and_shrinking_never_gives(self, rgba: Pixels, pixels: int) -> None:
        alpha = rgba[..., 3]
        assert np.all(matte.grow(alpha, pixels) >= alpha)
        assert np.all(matte.grow(alpha, -pixels) <= alpha)

    @settings(deadline=None)
    @given(cutouts(), st.lists(st.floats(-20, 20), min_size=2, max_size=4))
    def test_more_never_gives_less(self, rgba: Pixels, lengths: list[float]) -> None:
        grown = [matte.grow(rgba[..., 3], pixels) for pixels in sorted(lengths)]
        assert all(np.all(more >= less) for less, more in pairwise(grown))

    @given(cutouts())
    def test_nothing_changes_nothing(self, rgba: Pixels) -> None:
        for nothing in (0, 0.0, -0.0):
            assert np.array_equal(matte.grow(rgba[..., 3], nothing), rgba[..., 3])

    @pytest.mark.parametrize("pixels", [-5, -3.3, -1, -0.5, -0.1, 0.1, 0.3, 0.5, 1, 1.7, 2.5, 4.9, 5])
    @pytest.mark.parametrize("soft", [2, 4, 9])
    def test_straight_edges_move_by_fractions_at_any_angle(self, pixels: float, soft: float) -> None:
        for degrees in (0, 11, 22.5, 30, 45, 60, 78, 90, 130):
            across = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
            y, x = np.mgrid[:91, :91] - 45
            alpha = np.rint(np.clip(0.5 - (x * across[0] + y * across[1]) / soft, 0, 1) * 255).astype(np.uint8)
            for aside in (-7, -2.5, 0, 4):
                middle = np.array([45, 45]) + aside * across[::-1] * (1, -1)
                assert half_way(matte.grow(alpha, pixels), middle, across) == pytest.approx(pixels, abs=0.1)

    @pytest.mark.parametrize("pixels", [-5, -1.3, -0.3, 0.1, 0.3, 1, 2.5, 5])
    @pytest.mark.parametrize("radius", [12, 20, 40])
    def test_round_edges_move_by_fractions_and_back(self, pixels: float, radius: float) -> None:
        alpha = soft_disc(radius)
        moved = matte.grow(alpha, pixels)
        back = matte.grow(moved, -pixels)
        for angle in np.arange(24) * np.pi / 12:
            across = np.array([np.cos(angle), np.sin(angle)])
            assert half_way(moved, np.array([60, 60]), across) == pytest.approx(radius + pixels, abs=0.1)
            assert half_way(back, np.array([60, 60]), across) == pytest.approx(radius, abs=0.1)
        assert abs(back.astype(int) - alpha).mean() < 0.5
        assert abs(back.astype(int) - alpha).max() < 32

    def test_a_hard_edge_has_one_soft_pixel_in_between(self) -> None:
        alpha = np.zeros((9, 20), np.uint8)
        alpha[:, :10] = 255
        assert matte.grow(alpha, 0.3)[4, 8:12].tolist() == [255, 255, 76, 0]
        assert matte.grow(alpha, -0.3)[4, 8:12].tolist() == [255, 179, 0, 0]
        assert matte.grow(matte.grow(alpha, 0.5), -0.5)[4, 8:12].tolist() == [255, 192, 64, 0]
        assert np.array_equal(matte.grow(matte.grow(alpha, 2), -2), alpha)

    def test_a_thin_line_grows_to_both_sides_and_shrinks_to_nothing(self) -> None:
        alpha = np.zeros((20, 21), np.uint8)
        alpha[:, 10] = 255
        assert matte.grow(alpha, 2)[10].tolist() == [0] * 8 + [255] * 5 + [0] * 8
        assert not matte.grow(alpha, -1).any()

    def test_moves_a_disc_by_the_pixels_asked(self) -> None:
        for pixels in (-7, -1, 3, 9):
            area = np.count_nonzero(matte.grow(disc(), pixels) >= 128)
            assert (area / np.pi) ** 0.5 == pytest.approx(40 + pixels, abs=0.6)


class TestIslandsAndHoles:
    def test_small_parts_go_and_the_largest_stays(self) -> None:
        alpha = np.zeros((20, 20), np.uint8)
        alpha[2:6, 2:6] = 255
        alpha[10, 10] = alpha[11, 11] = 9
        alpha[15:18, 15:18] = 200
        assert np.count_nonzero(matte.drop_islands(alpha, 3)) == 16 + 9
        assert np.count_nonzero(matte.drop_islands(alpha, 1000)) == 16
        assert np.array_equal(matte.drop_islands(alpha, 2), alpha)

    def test_small_holes_are_filled_with_their_rims(self) -> None:
        alpha = disc(100, 45)
        holed = np.minimum(alpha, 255 - disc(100, 5, 2))
        assert np.array_equal(matte.fill_holes(holed, 200), alpha)
        assert np.array_equal(matte.fill_holes(holed, 20), holed)

    def test_a_bay_is_no_hole_and_a_corner_does_not_open_one(self) -> None:
        alpha = np.full((9, 9), 255, np.uint8)
        alpha[4, :5] = 0
        assert np.array_equal(matte.fill_holes(alpha, 99), alpha)
        corner = np.zeros((4, 4), np.uint8)
        corner[0, 1] = corner[1, 0] = corner[1, 2] = corner[2, 1] = 255
        filled = matte.fill_holes(corner, 1)
        assert (filled[1, 1], filled[0, 0], filled[2, 2]) == (255, 0, 0)

    @given(cutouts(), st.integers(0, 30))
    def test_both_are_settled_after_once(self, rgba: Pixels, area: int) -> None:
        alpha = rgba[..., 3]
        dropped, filled = matte.drop_islands(alpha, area), matte.fill_holes(alpha, area)
        assert np.array_equal(matte.drop_islands(dropped, area), dropped)
        assert np.array_equal(matte.fill_holes(filled, area), filled)
        assert np.all(dropped <= alpha)
        assert np.all(filled >= alpha)


class TestDecontaminate:
    def test_takes_the_halo_out_of_a_soft_edge(self) -> None:
        rgba = coloured(disc(softness=8), (200, 30, 40), around=(0, 255, 0))
        clean = matte.decontaminate(rgba)
        edge = (rgba[..., 3] > 0) & (rgba[..., 3] < matte.SOLID)
        assert rgba[edge, 1].max() > 200
        assert clean[edge, 1].max() <= 30 + 16
        assert np.array_equal(clean[..., 3], rgba[..., 3])

    @given(cutouts())
    def test_touches_soft_pixels_only_and_invents_no_colour(self, rgba: Pixels) -> None:
        clean = matte.decontaminate(rgba)
        alpha = rgba[..., 3]
        soft, solid = (alpha > 0) & (alpha < matte.SOLID), alpha >= matte.SOLID
        assert np.array_equal(clean[~soft], rgba[~soft])
        assert np.array_equal(clean[..., 3], alpha)
        if soft.any() and solid.any():
            assert np.all(clean[soft, :3] >= rgba[solid, :3].min(axis=0))
            assert np.all(clean[soft, :3] <= rgba[solid, :3].max(axis=0))
        else:
            assert np.array_equal(clean, rgba)

    def test_takes_the_nearest_side_s_colour(self) -> None:
        rgba = np.full((5, 20, 4), 100, np.uint8)
        rgba[:, :4] = (255, 0, 0, 255)
        rgba[:, -4:] = (0, 0, 255, 255)
        clean = matte.decontaminate(rgba)
        assert np.all(clean[:, :10, :3] == (255, 0, 0))
        assert np.all(clean[:, 10:, :3] == (0, 0, 255))


class TestResize:
    @given(cutouts(), st.data())
    def test_shrinks_within_one_level_of_exact_arithmetic(self, rgba: Pixels, data: st.DataObject) -> None:
        width = data.draw(st.integers(1, rgba.shape[1]))
        height = data.draw(st.integers(1, rgba.shape[0]))
        exact, made = exact_resize(rgba, width, height), matte.resize_rgba(rgba, width, height)
        assert made.shape == (height, width, 4)
        visible = exact[..., 3] >= 2
        assert np.abs(made[..., 3] - exact[..., 3]).max() <= 0.51
        assert np.abs(made[visible] - exact[visible]).max(initial=0) <= 1.01

    @given(cutouts(), SIDES, SIDES)
    def test_never_invents_colour_or_alpha(self, rgba: Pixels, width: int, height: int) -> None:
        made = matte.resize_rgba(rgba, width, height)
        seen, shown = rgba[rgba[..., 3] > 0], made[made[..., 3] > 0]
        assert made[..., 3].max() <= rgba[..., 3].max()
        assert made[..., 3].min() >= rgba[..., 3].min()
        if len(shown):
            rounding = np.where(shown[:, 3:] > 1, 1, 2)
            assert np.all(shown[:, :3] >= seen[:, :3].min(axis=0).astype(int) - rounding)
            assert np.all(shown[:, :3] <= seen[:, :3].max(axis=0).astype(int) + rounding)

    def test_hidden_colours_bleed_nowhere(self) -> None:
        rgba = np.dstack([np.full((100, 100, 3), (0, 255, 0), np.uint8), disc()])
        rgba[rgba[..., 3] > 0, :3] = (200, 30, 40)
        for side in (33, 50, 70, 150, 260):
            made = matte.resize_rgba(rgba, side, side)
            assert np.all(np.abs(made[made[..., 3] > 0, :3].astype(int) - (200, 30, 40)) <= 1)

    def test_enlarges_a_ramp_evenly(self) -> None:
        ramp = np.full((2, 16, 4), 255, np.uint8)
        ramp[..., 0] = np.arange(16) * 16
        row = matte.resize_rgba(ramp, 64, 8)[3, :, 0].astype(int)
        assert np.all(np.abs(np.diff(row[2:-2]) - 4) <= 1)

    def test_one_axis_may_shrink_while_the_other_grows(self) -> None:
        rgba = coloured(disc(), (10, 120, 240), around=(10, 120, 240))
        made = matte.resize_rgba(rgba, 25, 300)
        assert made.shape == (300, 25, 4)
        assert np.all(made[150, 6:19] == (10, 120, 240, 255))
        assert np.count_nonzero(made[..., 3] >= 128) == pytest.approx(np.pi * 10 * 120, rel=0.02)

    @given(cutouts())
    def test_the_same_size_is_the_same_picture(self, rgba: Pixels) -> None:
        made = matte.resize_rgba(rgba, rgba.shape[1], rgba.shape[0])
        visible = rgba[..., 3] > 0
        assert np.array_equal(made[visible], rgba[visible])
        assert not made[~visible].any()


@given(cutouts())
def test_no_operation_changes_its_argument(rgba: Pixels) -> None:
    before = rgba.copy()
    alpha = rgba[..., 3]
    matte.resize_rgba(rgba, 5, 5)
    for made in (matte.decontaminate(rgba), matte.feather(alpha, 1), matte.grow(alpha, 1), matte.grow(alpha, 0)):
        assert not np.shares_memory(made, rgba)
    matte.fill_holes(alpha, 9)
    matte.drop_islands(alpha, 9)
    matte.outer_contour_box(alpha)
    assert np.array_equal(rgba, before)
