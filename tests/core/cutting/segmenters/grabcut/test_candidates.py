"""Which of several first answers is kept."""

from __future__ import annotations

import functools

import cv2
import numpy as np
import pytest

from fgbg_studio.core.cutting.segmenters.grabcut.candidates import Figures, best_candidate, ellipse_in, figures_of
from fgbg_studio.core.cutting.segmenters.grabcut.session import GrabCutSession

GOOD = Figures(box=0.9, area=0.5, parted=0.6)


@pytest.mark.parametrize(
    ("first", "unmoved", "whole", "rounded", "kept"),
    [
        (GOOD, GOOD._replace(parted=0.65), GOOD, GOOD, "first"),
        (GOOD, GOOD._replace(parted=0.8, area=0.3), GOOD, GOOD, "unmoved"),
        (GOOD, GOOD._replace(parted=0.9, area=0.2), GOOD, GOOD, "first"),
        (GOOD, GOOD._replace(parted=0.9, box=0.6), GOOD, GOOD, "first"),
        (GOOD, GOOD._replace(parted=0.9, area=0.95), GOOD, GOOD, "first"),
        (GOOD, GOOD, GOOD._replace(parted=0.8, area=0.8), GOOD, "whole"),
        (GOOD, GOOD._replace(parted=0.8), GOOD._replace(parted=0.85), GOOD, "unmoved"),
        (GOOD._replace(box=0.2), GOOD, GOOD, GOOD, "rounded"),
        (GOOD._replace(area=0.95), GOOD, GOOD, GOOD, "rounded"),
        (GOOD._replace(box=0.2), GOOD, GOOD, GOOD._replace(box=0.3), "first"),
        (GOOD._replace(box=0.2, parted=0.97), GOOD._replace(parted=0.98), GOOD, GOOD, "first"),
    ],
    ids=[
        "alike",
        "clearer",
        "lost most",
        "lost its extent",
        "everything",
        "the whole area's is clearer",
        "no clearer than the second",
        "shrunk",
        "nothing removed",
        "neither fits",
        "small and distinct",
    ],
)
def test_what_is_kept(first: Figures, unmoved: Figures, whole: Figures, rounded: Figures, kept: str) -> None:
    figures = {"first": first, "unmoved": unmoved, "whole": whole, "rounded": rounded}
    makers = [functools.partial(str, name) for name in figures]
    assert best_candidate(*makers, figures.__getitem__) == kept


def test_where_nothing_can_be_clearer_nothing_else_is_tried() -> None:
    def never() -> str:
        raise AssertionError

    clear = GOOD._replace(parted=0.92)
    assert best_candidate(lambda: "first", never, never, never, lambda _: clear) == "first"


def test_figures() -> None:
    marked, found = np.zeros((100, 120), np.bool_), np.zeros((100, 120), np.bool_)
    marked[10:90, 10:110] = True
    found[30:70, 30:80] = True
    found[12, 12] = True  # a crumb
    lab = np.where(found[..., None], np.uint8(200), np.uint8(30)).repeat(3, axis=2)
    box, area, parted = figures_of(lab, found, marked)
    assert (box, area) == pytest.approx((0.25, 0.25))
    assert parted > 0.99
    assert figures_of(np.full_like(lab, 80), found, marked).parted == pytest.approx(0)
    nothing = figures_of(lab, np.zeros_like(found), marked)
    assert not nothing.fit


def test_ellipse_touches_the_sides_of_what_is_marked() -> None:
    marked = np.zeros((50, 60), np.bool_)
    marked[10:40, 5:55] = True
    assert cv2.boundingRect(ellipse_in(marked).astype(np.uint8)) == (5, 10, 50, 30)
    assert ellipse_in(marked).sum() == pytest.approx(np.pi * 25 * 15, rel=0.02)


def test_a_small_thing_marked_loosely_is_kept() -> None:
    """It fills a tenth of the rectangle, and no colour of it is the ground's."""
    y, x = np.mgrid[:160, :200]
    truth = np.hypot(x - 100, y - 80) < 26
    rng = np.random.default_rng(4)
    rgb = np.where(truth[..., None], (200, 60, 50), (60, 140, 70)) + rng.normal(0, 8, (160, 200, 3))
    session = GrabCutSession(rgb.clip(0, 255).astype(np.uint8))
    session.set_rectangle((10, 8, 180, 144))
    session.run()
    assert np.count_nonzero((session.mask > 0) != truth) < 0.05 * np.count_nonzero(truth)
