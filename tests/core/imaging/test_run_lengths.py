"""Run lengths as pycocotools writes and reads them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.imaging.run_lengths import MovableRuns, run_lengths

coco = pytest.importorskip("pycocotools.mask")
# Its decoder knows no NumPy 2.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 30), st.sampled_from([0.02, 0.5, 0.98]))
def test_they_are_those_of_pycocotools(seed: int, height: int, width: int, share: float) -> None:
    solid = np.random.default_rng(seed).random((height, width)) < share
    check(solid)


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 12), st.integers(0, 3), st.integers(0, 3))
def test_a_shape_that_moves(seed: int, high: int, wide: int, x: int, y: int) -> None:
    """Also where it is as high as the frame, and runs go on from column to column."""
    shape = np.random.default_rng(seed).random((high, wide)) < 0.6
    for below in (0, 2):
        frame = np.zeros((y + high + below, x + wide + 1), np.bool_)
        frame[y : y + high, x : x + wide] = shape
        text = MovableRuns(shape, *frame.shape).at(x, y)
        assert text == coco.encode(np.asfortranarray(frame.view(np.uint8)))["counts"].decode()


@pytest.mark.parametrize("value", [False, True])
def test_all_or_nothing(value: bool) -> None:
    check(np.full((300, 200), value))


def test_a_large_disc_with_a_hole() -> None:
    rows, columns = np.mgrid[:1100, :900]
    away = np.hypot(rows - 700, columns - 300)
    check((away < 280) & (away > 90))
    check(away > 400)


def check(solid: np.ndarray) -> None:
    x, y, width, height = cv2.boundingRect(solid.view(np.uint8))
    text = run_lengths(solid, (x, y, width, height))
    assert text == coco.encode(np.asfortranarray(solid.view(np.uint8)))["counts"].decode()
    assert np.array_equal(coco.decode({"size": list(solid.shape), "counts": text}), solid)
