"""Undo of pixels: any order back and forth, its memory, and what lies on the disk."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, clipped, part_of, union
from fgbg_studio.core.cutting.raster import draw_way
from fgbg_studio.core.imaging.pixel_history import Before, Delta, History, differing_box


def test_one_record_undoes_and_redoes() -> None:
    history, before = History(), np.zeros((40, 60), np.uint8)
    after = before.copy()
    after[10:20, 30:45] = 200
    delta = history.record(before, after)
    assert delta is not None
    assert delta.box == (30, 10, 15, 10)
    pixels = after.copy()
    assert history.apply(delta, pixels) == (30, 10, 15, 10)
    assert np.array_equal(pixels, before)
    history.apply(delta, pixels)
    assert np.array_equal(pixels, after)


def test_nothing_changed_is_no_record() -> None:
    history, pixels = History(), np.full((8, 8), 7, np.uint8)
    assert history.record(pixels, pixels.copy()) is None
    assert history.record(pixels, pixels.copy(), (2, 2, 0, 0)) is None
    assert len(history) == 0
    assert history._bytes == 0


def test_what_is_said_to_have_changed_is_looked_at_alone() -> None:
    history, before = History(), np.zeros((30, 30), np.uint8)
    after = before.copy()
    after[5, 6] = 1
    delta = history.record(before, after, (4, 4, 10, 10))
    assert delta is not None
    assert delta.box == (6, 5, 1, 1)


@pytest.mark.parametrize("shape", [(5, 4), (0, 4), (4, 0), (1200, 900), (3, 300_000)])
def test_the_box_of_what_differs(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(5).integers(0, 256, shape, np.uint8)
    assert differing_box(pixels, pixels.copy()) == (0, 0, 0, 0)
    rows, columns = sorted({2, shape[0] - 2, shape[0] // 2}), sorted({1, shape[1] - 1})
    other = pixels.copy()
    if other.size:
        other[rows[0], columns[0]] ^= 1
        other[rows[-1], columns[-1]] ^= 128
        box = columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1
        assert differing_box(pixels, other) == differing_box(pixels, other, box) == box
        assert differing_box(pixels, other, (0, 0, columns[-1], shape[0])) == (columns[0], rows[0], 1, 1)
        assert differing_box(pixels, other, (0, 0, 0, 0)) == (0, 0, 0, 0)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Pixels], int]:
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    states = [np.zeros((height, width), np.uint8)]
    for _ in range(draw(st.integers(1, 8))):
        pixels = states[-1].copy()
        x, y = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
        pixels[y : y + draw(st.integers(1, 12)), x : x + draw(st.integers(1, 12))] = draw(st.integers(0, 255))
        states.append(pixels)
    return states, draw(st.sampled_from([0, 20, 1 << 20]))


@given(stories())
def test_every_state_comes_back_whatever_the_limit(story: tuple[list[Pixels], int]) -> None:
    states, limit = story
    history = History(limit)
    deltas = [history.record(one, two) for one, two in pairwise(states)]
    pixels = states[-1].copy()
    for delta, state in zip(deltas[::-1], states[-2::-1], strict=True):
        if delta:
            history.apply(delta, pixels)
        assert np.array_equal(pixels, state)
    for delta, state in zip(deltas, states[1:], strict=True):
        if delta:
            history.apply(delta, pixels)
        assert np.array_equal(pixels, state)


def test_what_lies_on_the_disk_is_let_go_of_and_read_again() -> None:
    history, disk = History(limit=1), dict[int, bytes]()
    pixels = first = np.zeros((50, 50), np.uint8)
    kept = []
    for value in range(1, 5):
        after = np.full_like(pixels, value)
        delta = history.record(pixels, after)
        assert delta
        kept.append(delta)
        pixels = after
    assert history.in_memory > 1  # it lies nowhere else
    for delta in kept:
        disk[delta.number] = history.data(delta)
        history.note_stored(delta, lambda number=delta.number: disk[number])  # type: ignore[misc]
    assert history.in_memory == 0
    for delta in kept[::-1]:
        history.apply(delta, pixels)
    assert np.array_equal(pixels, first)
    later = History()
    again = [later.stored(delta.box, delta.shape, lambda n=delta.number: disk[n]) for delta in kept]  # type: ignore[misc]
    for delta in again:
        later.apply(delta, pixels)
    assert (pixels == 4).all()
    history.forget(kept)
    assert (len(history), history.in_memory) == (0, 0)


def test_a_hundred_and_fifty_strokes_on_twelve_megapixels() -> None:
    """Strokes of a brush and the soft borders that move with each; all undone, in little memory."""
    rng = np.random.default_rng(3)
    alpha = np.zeros((3000, 4000), np.uint8)
    cv2.ellipse(alpha, (2000, 1500), (900, 1200), 0, 0, 360, 255, -1)
    first, history = alpha.copy(), History()
    deltas: list[Delta] = []
    before = alpha.copy()
    for number in range(150):
        way = np.clip(rng.normal(0, 120, (6, 2)).cumsum(0) + np.array([2000, 1500]), 0, 2999)
        box = draw_way(alpha, tuple(map(tuple, way)), 60, 0 if number % 2 else 255)
        x, y, width, height = box
        part = np.s_[y : y + height, x : x + width]
        alpha[part] = cv2.GaussianBlur(alpha[part], (0, 0), 2)
        delta = history.record(before, alpha, box)
        before[part] = alpha[part]
        if delta:
            deltas.append(delta)
    assert len(deltas) > 140
    assert 0 < history.in_memory < 64 << 20
    for delta in deltas[::-1]:
        history.apply(delta, alpha)
    assert np.array_equal(alpha, first)


PARTS = st.tuples(st.integers(-40, 640), st.integers(-40, 340), st.integers(0, 300), st.integers(0, 200))


@given(st.integers(1, 300), st.integers(1, 600), st.lists(PARTS, max_size=6))
def test_what_pictures_were_is_known_wherever_they_were_changed(height: int, width: int, parts: list[Box]) -> None:
    first = np.random.default_rng(3).integers(0, 256, (2, height, width), np.uint8)
    one, two = first.copy()
    before, whole = Before(one, two), (0, 0, 0, 0)
    for number, wide in enumerate(parts):
        part = clipped(wide, one.shape)
        before.keep(wide)
        one[part_of(part)], two[part_of(part)] = number, 255 - number
        whole = union(whole, part)
    before.keep(whole)
    assert np.array_equal(before.kept[1][part_of(whole)], first[1][part_of(whole)])
    before.put_back(whole)
    assert np.array_equal(one, first[0])
    assert np.array_equal(two, first[1])
