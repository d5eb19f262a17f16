"""Hair in a band: alpha and colours against composites that are known, and bands that make no sense."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting import matting
from fgbg_studio.core.cutting.hair import hair_matted
from fgbg_studio.core.cutting.refine import Refinement, refined_cutout
from fgbg_studio.core.cutting.refine_and_check import EdgeColours, refine_and_check
from fgbg_studio.core.cutting.seeds import (
    Eraser,
    Hair,
    Rectangle,
    Stroke,
    can_be_cut_by,
    hair_of,
    redrawn,
    without_hair,
)
from fgbg_studio.core.cutting.segmenters.grabcut.session import GrabCutSession
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.imaging.unmixing import unmixed

HIGH, WIDE = 150, 180
RED = (180, 60, 40)


def furry() -> tuple[Pixels, NDArray[np.float32], Region]:
    """A red ball with strands on a ground of greens and blues: the photo, its true alpha, and the band."""
    rng = np.random.default_rng(4)
    fine = np.zeros((HIGH * 4, WIDE * 4), np.uint8)
    cv2.circle(fine, (WIDE * 2, HIGH * 2), 130, 255, -1, cv2.LINE_AA)
    for angle in rng.uniform(0, 2 * np.pi, 220):
        ends = [
            (round(WIDE * 2 + far * np.cos(turn)), round(HIGH * 2 + far * np.sin(turn)))
            for far, turn in ((120, angle), (rng.uniform(150, 230), angle + rng.normal(0, 0.1)))
        ]
        cv2.line(fine, *ends, 255, 4, cv2.LINE_AA)
    alpha = cv2.resize(fine, (WIDE, HIGH), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    ground = cv2.resize(rng.integers(60, 200, (6, 8, 3), np.uint8), (WIDE, HIGH), interpolation=cv2.INTER_CUBIC)
    ground[..., 0] //= 3
    photo = alpha[..., None] * np.array(RED) + (1 - alpha[..., None]) * ground + rng.normal(0, 2, ground.shape)
    rows, columns = np.mgrid[:HIGH, :WIDE]
    far = np.hypot(rows - HIGH / 2, columns - WIDE / 2)
    return np.rint(photo.clip(0, 255)).astype(np.uint8), np.asarray(alpha, np.float32), (far > 27) & (far < 62)


PHOTO, ALPHA, BAND = furry()


@pytest.fixture(scope="module")
def today() -> Pixels:
    """What GrabCut and the guided filter make of it."""
    session = GrabCutSession(PHOTO)
    session.set_trimap(np.where(BAND, np.uint8(128), np.where(ALPHA > 0.5, np.uint8(255), np.uint8(0))))
    return session.run()


def off(alpha: Pixels) -> float:
    """The sum of absolute differences in the band."""
    return float(np.abs(alpha.astype(np.float32) / 255 - ALPHA)[BAND].sum())


def test_far_closer_than_the_guided_filter(today: Pixels) -> None:
    found = hair_matted(PHOTO, today, BAND)
    assert off(found) < 0.4 * off(today)
    assert np.array_equal(found[~BAND], today[~BAND])


def test_no_crumbs_lie_about(today: Pixels) -> None:
    found = hair_matted(PHOTO, today, BAND)
    _, _, figures, _ = cv2.connectedComponentsWithStats((found > 0).astype(np.uint8), connectivity=8)
    assert figures[:, cv2.CC_STAT_AREA].min() >= 12


def test_a_coarser_level_s_lines_alone_are_closer_too(today: Pixels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matting, "MOST", np.count_nonzero(BAND) // 2)
    assert off(hair_matted(PHOTO, today, BAND)) < 0.5 * off(today)


def test_no_colour_of_the_ground_is_left(today: Pixels) -> None:
    found = hair_matted(PHOTO, today, BAND)
    colours = unmixed(PHOTO, found, BAND)
    before, after = (
        float(np.average(np.abs(rgb[BAND] - np.array(RED, np.float32)).mean(axis=-1), weights=ALPHA[BAND]))
        for rgb in (PHOTO, colours)
    )
    assert after < 0.3 * before
    assert np.array_equal(colours[~BAND], PHOTO[~BAND])


def test_whatever_the_alpha_in_the_band_was() -> None:
    around = np.where(ALPHA > 0.5, np.uint8(255), np.uint8(0))
    answers = [hair_matted(PHOTO, np.where(BAND, np.uint8(value), around), BAND) for value in (0, 90, 255)]
    assert np.array_equal(answers[0], answers[1])
    assert np.array_equal(answers[0], answers[2])


def test_the_fourth_channel_of_a_cutout_does_not_matter(today: Pixels) -> None:
    rgba = np.dstack([PHOTO, today])
    assert np.array_equal(hair_matted(rgba, today, BAND), hair_matted(PHOTO, today, BAND))


def test_the_cutout_that_is_kept_has_its_own_colours(today: Pixels) -> None:
    found = hair_matted(PHOTO, today, BAND)
    (rgba, (x, y, width, height)), part = refined_cutout(PHOTO, found, Refinement(), BAND), unmixed(PHOTO, found, BAND)
    soft = BAND & (found > 0) & (found < 255)
    here = soft[y : y + height, x : x + width]
    assert np.array_equal(rgba[here][:, :3], part[soft])
    as_before = refined_cutout(PHOTO, found, Refinement())[0]
    assert np.array_equal(rgba[~BAND[y : y + height, x : x + width]], as_before[~BAND[y : y + height, x : x + width]])
    *_, colours, _ = refine_and_check(PHOTO, found, Refinement(), BAND)
    assert isinstance(colours, EdgeColours)
    left, top = x - colours.box[0], y - colours.box[1]
    assert np.array_equal(colours.rgb[top : top + height, left : left + width][here], rgba[here][:, :3])


def test_a_band_is_drawn_erased_and_covered() -> None:
    hair, shape = Hair(points=((20.0, 20.0), (60.0, 20.0)), radius=6), (40, 80)
    stroke = Stroke(points=((40.0, 20.0),), radius=8, object=True)
    whole, covered = hair_of([hair], shape), hair_of([hair, stroke], shape)
    assert whole is not None
    assert covered is not None
    assert whole[20, 40]
    assert not covered[20, 40]
    assert covered[20, 20]
    assert np.array_equal(hair_of([stroke, hair], shape), whole)
    assert hair_of([hair, Eraser(points=((20.0, 20.0), (60.0, 20.0)), radius=20)], shape) is None
    assert hair_of([stroke], shape) is None
    assert without_hair([stroke, hair]) == (stroke,)
    beside, over = (Eraser(points=((x, 20.0),), radius=3) for x in (10.0, 44.0))
    assert without_hair([stroke, hair, beside, over]) == (stroke, over)
    assert without_hair([stroke, beside]) == (stroke, beside)
    assert redrawn((hair,), Rectangle(box=(10, 10, 30, 20)), shape)[1:] == (hair,)
    assert [can_be_cut_by(seeds) for seeds in ([hair], [hair, stroke])] == [False, True]


class TestBandsWithoutSense:
    def test_none(self, today: Pixels) -> None:
        assert np.array_equal(hair_matted(PHOTO, today, np.zeros_like(BAND)), today)

    @pytest.mark.parametrize("value", [0, 255])
    def test_where_nothing_is_cut(self, value: int) -> None:
        even = np.full(ALPHA.shape, value, np.uint8)
        assert np.array_equal(hair_matted(PHOTO, even, BAND), even)
        assert np.array_equal(hair_matted(PHOTO, even, np.ones_like(BAND)), even)

    def test_all_of_the_object_is_painted_over(self, today: Pixels) -> None:
        found = hair_matted(PHOTO, today, BAND | (ALPHA > 0.5))
        assert off(found) < 0.6 * off(today)
        assert found[HIGH // 2, WIDE // 2] == 255

    def test_all_of_the_photo(self, today: Pixels) -> None:
        found = hair_matted(PHOTO, today, np.ones_like(BAND))
        assert found[HIGH // 2, WIDE // 2] == 255
        assert found[0, 0] == found[-1, -1] == 0

    @pytest.mark.parametrize("value", [0, 128, 255])
    def test_even_colours(self, value: int, today: Pixels) -> None:
        found = hair_matted(np.full_like(PHOTO, value), today, BAND)
        assert 0.3 < found[BAND].mean() / 255 < 0.7  # a ramp from one side to the other
        assert np.array_equal(unmixed(np.full_like(PHOTO, value), found, BAND), np.full_like(PHOTO, value))

    @pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 3), (3, 3), (4, 300)])
    def test_tiny_photos(self, shape: tuple[int, int]) -> None:
        rng = np.random.default_rng(1)
        photo, alpha = rng.integers(0, 256, (*shape, 3), np.uint8), rng.integers(0, 256, shape, np.uint8)
        for band in (rng.random(shape) < 0.5, np.ones(shape, np.bool_)):
            found = hair_matted(photo, alpha, band)
            assert np.array_equal(found[~band], alpha[~band])
            assert unmixed(photo, found, band).shape == photo.shape
