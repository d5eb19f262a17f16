"""Finishing a cutout, and the hard brushes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.check import check_cutout
from fgbg_studio.core.cutting.refine import Refinement, coloured, refined_alpha, refined_cutout, tiled
from fgbg_studio.core.cutting.refine_and_check import refine_and_check
from fgbg_studio.core.imaging import matte


def draw_alpha(height: int = 700, width: int = 620) -> Pixels:
    rows, columns = np.mgrid[0:height, 0:width]
    alpha = np.clip(200 - np.hypot(rows - 300, columns - 310), 0, 1) * 255
    alpha[290:296, 300:306] = 0
    alpha[650:654, 20:24] = 255
    return np.asarray(alpha, np.uint8)


@pytest.mark.parametrize(
    "finish", [Refinement(feather=3), Refinement(grow=4), Refinement(grow=-4.3), Refinement(grow=0.2, feather=0.7)]
)
def test_tiles_change_nothing(finish: Refinement) -> None:
    alpha = draw_alpha()
    whole = matte.feather(matte.grow(alpha, finish.grow), finish.feather)
    assert np.array_equal(refined_alpha(alpha, finish), whole)


@given(st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_tiles_change_nothing_at_any_edge(reach: int, seed: int) -> None:
    alpha = np.zeros((300, 290), np.uint8)
    rng = np.random.default_rng(seed)
    for _ in range(4):
        x, y = rng.integers(0, 280, 2)
        alpha[y : y + 40, x : x + 40] = rng.integers(0, 256)
    whole = matte.grow(alpha, reach)
    assert np.array_equal(tiled(alpha, reach + matte.GROWTH_SEES, lambda part: matte.grow(part, reach)), whole)


def test_nothing_to_do_is_the_same_alpha() -> None:
    alpha = draw_alpha()
    assert refined_alpha(alpha, Refinement()) is alpha
    empty = np.zeros((5, 5), np.uint8)
    assert refined_alpha(empty, Refinement(feather=2)) is empty


def test_islands_and_holes() -> None:
    alpha = draw_alpha()
    assert not refined_alpha(alpha, Refinement(islands=5))[650:654, 20:24].any()
    assert refined_alpha(alpha, Refinement(islands=4))[650:654, 20:24].all()
    assert refined_alpha(alpha, Refinement(holes=6))[290:296, 300:306].all()
    assert not refined_alpha(alpha, Refinement(holes=5))[290:296, 300:306].any()


def test_the_cutout_is_trimmed() -> None:
    alpha = np.zeros((40, 50), np.uint8)
    alpha[10:20, 5:25] = 255
    photo = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    rgba, box = refined_cutout(photo, alpha, Refinement())
    assert box == (4, 9, 22, 12)
    assert np.array_equal(rgba[..., :3], photo[9:21, 4:26])
    empty, none = refined_cutout(photo, np.zeros_like(alpha), Refinement())
    assert empty.size == 0
    assert none == (0, 0, 0, 0)


def test_a_straight_side_is_no_cut_but_where_the_photo_ends() -> None:
    photo = np.random.default_rng(0).integers(0, 256, (140, 150, 3), np.uint8)
    for left, cut in ((40, []), (0, ["cut-by-frame"])):
        alpha = np.zeros((140, 150), np.uint8)
        alpha[30:120, left : left + 80] = 255
        rgba, _ = refined_cutout(photo, alpha, Refinement())
        assert [issue.code for issue in check_cutout(rgba)] == cut
        assert [i.code for step in refine_and_check(photo, alpha, Refinement()) if isinstance(step, list)
                for i in step] == cut  # fmt: skip


def test_what_had_no_colour_gets_its_neighbours() -> None:
    photo = np.zeros((20, 20, 4), np.uint8)
    photo[:, :10] = (200, 100, 50, 255)
    alpha = np.zeros((20, 20), np.uint8)
    alpha[:, :14] = 255
    assert np.array_equal(coloured(photo, alpha)[5, 12], (200, 100, 50))
    assert np.array_equal(photo[5, 12], (0, 0, 0, 0))


def test_whole_pixels_of_older_files_are_read() -> None:
    assert Refinement.model_validate_json('{"islands": 3, "grow": -20, "feather": 1.5}').grow == -20
    assert Refinement(grow=0.1).keeps_alpha is False
