"""Boxes taken apart cover the same pixels, and none of them twice."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.boxes import Box, apart, part_of

BOXES = st.lists(st.tuples(*[st.integers(0, 15)] * 4), max_size=6)


def painted(boxes: list[Box]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    often = np.zeros((30, 30), np.int64)
    for box in boxes:
        often[part_of(box)] += 1
    return often


@given(BOXES, st.sampled_from([0, 5, 1000]))
def test_no_pixel_is_in_two_and_none_is_lost(boxes: list[Box], worth: int) -> None:
    found = apart(boxes, worth)
    assert painted(found).max() <= 1
    assert (painted(found) >= (painted(boxes) > 0)).all()
    assert len(found) <= len(boxes)


def test_boxes_are_one_where_that_is_worth_it() -> None:
    near: list[Box] = [(0, 0, 4, 4), (5, 0, 4, 4)]
    assert apart(near) == near
    assert apart(near, 4) == [(0, 0, 9, 4)]
    assert apart([(0, 0, 9, 1), (4, 0, 1, 9), (20, 20, 0, 3)]) == [(0, 0, 9, 9)]
    chain: list[Box] = [(0, 0, 4, 4), (10, 0, 4, 4), (3, 0, 8, 4)]
    assert apart(chain) == [(0, 0, 14, 4)]
