"""What is drawn, in pixels: as wide as it is said to be, where it is said to be, and the same in pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.cutting.raster import (
    BACKGROUND,
    OBJECT,
    draw_way,
    lasso_trimap,
    painted_way,
    rectangle_trimap,
)
from fgbg_studio.core.cutting.seeds import Eraser, Rectangle, Stroke, marks_of


def test_strokes_cover_and_are_erased() -> None:
    seeds = (
        Rectangle(box=(0, 0, 30, 30)),
        Stroke(points=((5, 15), (25, 15)), radius=3, object=True),
        Stroke(points=((15.5, 15.5),), radius=3, object=False),
        Eraser(points=((24, 15),), radius=4),
    )
    marks = marks_of(seeds, (30, 30))
    assert marks[15, 8] == OBJECT
    assert marks[15, 15] == BACKGROUND
    assert marks[15, 24] == 0
    assert marks[25, 15] == 0


@pytest.mark.parametrize("radius", [0.5, 1, 2, 7.3, 40])
def test_a_dab_is_as_wide_as_the_brush(radius: float) -> None:
    pixels = np.zeros((120, 120), np.uint8)
    draw_way(pixels, ((60.5, 60.5),), radius, 9)
    for line in (pixels[60], pixels[:, 60]):
        assert abs(int(np.count_nonzero(line)) - 2 * radius) <= 1.01
    assert pixels[60, 60] == 9


@given(st.lists(st.tuples(st.floats(-20, 90), st.floats(-20, 70)), min_size=1, max_size=5), st.floats(0.5, 30))
def test_a_way_stays_in_the_box_it_tells(points: list[tuple[float, float]], radius: float) -> None:
    pixels = np.zeros((50, 70), np.uint8)
    x, y, width, height = draw_way(pixels, tuple(points), radius, 1)
    pixels[y : y + height, x : x + width] = 0
    assert not pixels.any()


def test_hard_brushes() -> None:
    before = np.zeros((40, 40), np.uint8)
    before[:, 20:] = 255
    alpha, painted = before.copy(), np.zeros_like(before)
    painted_way(alpha, before, painted, ((10.5, 10.5),), 3, "add")
    painted_way(alpha, before, painted, ((30.5, 10.5),), 3, "remove")
    painted_way(alpha, before, painted, ((20, 30),), 6, "soften")
    assert (alpha[10, 10], alpha[10, 30]) == (255, 0)
    assert 0 < alpha[30, 19] < alpha[30, 20] < 255
    assert (painted[10, 10], painted[10, 30], painted[30, 20], painted[20, 5]) == (255, 255, 255, 0)
    assert np.array_equal(alpha[painted == 0], before[painted == 0])


@given(st.lists(st.tuples(st.floats(0, 70), st.floats(0, 50)), min_size=2, max_size=6), st.floats(0.3, 30))
def test_a_way_drawn_piece_by_piece_is_the_whole_way(points: list[tuple[float, float]], radius: float) -> None:
    """While the mouse moves the pieces are shown; what is cut by is the whole."""
    whole, pieces = np.zeros((50, 70), np.uint8), np.zeros((50, 70), np.uint8)
    draw_way(whole, tuple(points), radius, 1)
    draw_way(pieces, (points[0],), radius, 1)
    for i in range(1, len(points)):
        draw_way(pieces, tuple(points[i - 1 : i + 1]), radius, 1)
    assert np.array_equal(whole, pieces)


def test_a_lasso_leaves_its_inside_undecided() -> None:
    trimap = lasso_trimap(((2, 2), (8, 2), (8, 8), (2, 8)), (12, 12))
    assert set(np.unique(trimap)) == {0, 128}
    assert trimap[5, 5] == 128
    assert trimap[0, 0] == trimap[11, 11] == 0


def test_a_rectangle_is_undecided_where_it_lies_on_the_photo() -> None:
    trimap = rectangle_trimap((-3, 2, 8, 20), (12, 10))
    assert (trimap[2:, :5] == 128).all()
    assert np.count_nonzero(trimap) == 10 * 5
    with pytest.raises(UsageError, match="outside the photo of 10 × 12"):
        rectangle_trimap((10, 0, 5, 5), (12, 10))
