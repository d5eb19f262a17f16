"""What follows a change of a cutout: the refined alpha first, then colours and check of the same."""

from __future__ import annotations

import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.refine import Refinement, refined_alpha
from fgbg_studio.core.cutting.refine_and_check import EdgeColours, mend_finished, refine_and_check

PHOTO = np.random.default_rng(2).integers(0, 256, (120, 160, 3), np.uint8)


def disc_and_speck() -> Pixels:
    rows, columns = np.mgrid[0:120, 0:160]
    alpha = np.where(np.hypot(rows - 60, columns - 70) < 30, np.uint8(255), np.uint8(0))
    alpha[10:12, 150:152] = 255
    return alpha


def test_alpha_then_colours_then_issues() -> None:
    alpha, finish = disc_and_speck(), Refinement(holes=3)
    final, colours, issues = refine_and_check(PHOTO, alpha, finish)
    assert np.array_equal(final, refined_alpha(alpha, finish))
    assert isinstance(colours, EdgeColours)
    x, y, width, height = colours.box
    assert colours.rgb.shape == (height, width, 3)
    assert isinstance(issues, list)
    (speck,) = issues
    assert speck.code == "islands"
    assert speck.box == (150, 10, 2, 2)  # in the photo, not in the part that was looked at
    assert (x, y) != (0, 0)


def test_nothing_cut_has_no_issues() -> None:
    *_, issues = refine_and_check(PHOTO, np.zeros((120, 160), np.uint8), Refinement())
    assert issues == []


def test_mending_changes_the_alpha_before_it_is_refined() -> None:
    alpha = disc_and_speck()
    mended = mend_finished(PHOTO, alpha, Refinement(), "islands")
    assert not mended[10:12, 150:152].any()
    assert np.array_equal(mended[20:], alpha[20:])


def test_one_place_is_mended_in_the_photo_s_own_pixels() -> None:
    alpha = disc_and_speck()
    alpha[100:102, 20:22] = 255
    *_, issues = refine_and_check(PHOTO, alpha, Refinement())
    assert isinstance(issues, list)
    (specks,) = issues
    assert set(specks.places) == {(150, 10, 2, 2), (20, 100, 2, 2)}
    mended = mend_finished(PHOTO, alpha, Refinement(), "islands", (20, 100, 2, 2))
    assert not mended[100:102, 20:22].any()
    assert mended[10:12, 150:152].all()
