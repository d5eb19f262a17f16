"""Figures of masks and depth against cases that are worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fgbg_studio.core.trial.metrics import (
    Scores,
    abs_rel,
    boundary_f,
    delta1,
    depth_figures,
    dice,
    mask_iou,
    mean_scores,
    outline,
    rmse,
    scores_from,
    ssim,
)

EMPTY = np.zeros((5, 5), np.bool_)
BLOCK, SHIFTED = EMPTY.copy(), EMPTY.copy()
BLOCK[1:4, 1:4] = SHIFTED[1:4, 2:5] = True
TRUTH = np.array([[1, 2, 4, np.nan]], np.float32)
DEPTH = np.array([[1.2, 2.6, 3.9, 5]], np.float32)


def test_masks() -> None:
    assert mask_iou(SHIFTED, BLOCK) == 6 / 12
    assert dice(SHIFTED, BLOCK) == 2 * 6 / 18
    assert mask_iou(EMPTY, EMPTY) == dice(EMPTY, EMPTY) == 1
    assert mask_iou(BLOCK, EMPTY) == dice(EMPTY, BLOCK) == 0


def test_what_is_not_known_of_a_truth_is_left_out() -> None:
    known = np.ones((5, 5), np.bool_)
    known[:, 4] = False  # of the shifted block's nine pixels three
    assert mask_iou(SHIFTED, BLOCK, known) == 6 / 9
    assert dice(SHIFTED, BLOCK, known) == 2 * 6 / 15


def test_outlines() -> None:
    assert outline(BLOCK).sum() == 8  # all but the middle
    assert outline(SHIFTED).sum() == 7  # the frame is no outside: the pixel at it is inner, too
    assert not outline(np.ones((4, 4), np.bool_)).any()


def test_boundaries() -> None:
    # Four pixels of both outlines are the same: of 7 and of 8.
    assert boundary_f(SHIFTED, BLOCK, tolerance=0) == pytest.approx(8 / 15)
    assert boundary_f(SHIFTED, BLOCK, tolerance=1) == 1
    assert boundary_f(EMPTY, EMPTY) == 1
    assert boundary_f(EMPTY, BLOCK) == boundary_f(BLOCK, EMPTY) == 0


def test_the_tolerance_grows_with_the_picture() -> None:
    truth = np.zeros((400, 400), np.bool_)
    truth[100:300, 100:300] = True
    near, far = np.roll(truth, 4, axis=1), np.roll(truth, 30, axis=1)
    assert boundary_f(near, truth) == 1  # 0.75 % of 566 px
    assert boundary_f(far, truth) < 0.9


def test_depth() -> None:
    assert delta1(DEPTH, TRUTH) == pytest.approx(2 / 3)  # 1.2, 1.3 and 1.026
    assert abs_rel(DEPTH, TRUTH) == pytest.approx((0.2 + 0.3 + 0.025) / 3)
    assert rmse(DEPTH, TRUTH) == pytest.approx(math.sqrt((0.04 + 0.36 + 0.01) / 3))
    nowhere = np.full_like(TRUTH, np.nan)
    assert all(math.isnan(figure(DEPTH, nowhere)) for figure in (delta1, abs_rel, rmse))
    assert math.isnan(ssim(DEPTH, nowhere, 1.0))


def test_similarity() -> None:
    a, b, c1 = np.full((32, 32), 2.0, np.float32), np.full((32, 32), 3.0, np.float32), 0.01**2
    assert ssim(a, a, 1.0) == pytest.approx(1)
    assert ssim(a, b, 1.0) == pytest.approx((2 * 2 * 3 + c1) / (4 + 9 + c1))  # of flat maps the means alone differ
    ramp = np.linspace(1, 2, 32, dtype=np.float32)[None].repeat(32, 0)
    assert ssim(3 - ramp, ramp, 1.0) < 0.5  # the slope goes the other way
    holed = ramp.copy()
    holed[5:9, 5:9] = np.nan
    assert ssim(np.where(np.isnan(holed), np.float32(50), ramp), holed, 1.0) == pytest.approx(1)


def test_objects_are_measured_by_themselves() -> None:
    truth, depth = np.full((16, 16), 4.0, np.float32), np.full((16, 16), 4.0, np.float32)
    objects = np.zeros((16, 16), np.bool_)
    objects[4:8, 4:8] = True
    truth[objects] = 2
    found = depth_figures(depth, truth, 4.0, objects)
    assert found["object_abs_rel"] == pytest.approx(1)
    assert found["abs_rel"] == pytest.approx(16 / 256)


def test_means_leave_out_what_is_not_there() -> None:
    scores = mean_scores([{"iou": 0.5, "delta1": math.nan}, {"iou": 1.0, "delta1": 0.25}])
    assert (scores.samples, scores.iou, scores.delta1) == (2, 0.75, 0.25)
    assert math.isnan(scores.rmse)
    assert scores_from(scores.to_dict()) == pytest.approx(scores, nan_ok=True)
    assert Scores().to_dict()["iou"] is None
