"""Where foregrounds are found in composites, and how sure the program is of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.dataset.adopting.locating import changed, locate
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from tests.conftest import draw_background, draw_cutout


def pasted(background: Pixels, rgba: Pixels, x: int, y: int, quality: int) -> Pixels:
    whole, (high, wide) = background.copy(), rgba.shape[:2]
    alpha = rgba[..., 3:].astype(np.float32) / 255
    place = whole[y : y + high, x : x + wide]
    place[:] = np.rint(rgba[..., :3] * alpha + place * (1 - alpha)).astype(np.uint8)
    return np.asarray(decode(encode(whole, Codec("jpeg", quality)), "a composite"), np.uint8)


@pytest.mark.parametrize("quality", [95, 75, 30])
@pytest.mark.parametrize(("x", "y"), [(0, 0), (47, 12), (99, 39)])
def test_it_is_found_to_the_pixel(x: int, y: int, quality: int) -> None:
    background, rgba = draw_background(3), draw_cutout(5, 61, 101)
    found = locate(pasted(background, rgba, x, y, quality), rgba, background)
    assert found
    assert (found.x, found.y, found.sure in {"sure", "likely"}) == (x, y, True)
    right = np.zeros(background.shape[:2], np.bool_)
    right[y : y + 101, x : x + 61] = rgba[..., 3] >= 128
    assert np.array_equal(found.mask, right)


def test_an_object_that_is_in_part_as_its_background_keeps_all_of_its_mask() -> None:
    background, rgba = draw_background(3), draw_cutout(5)
    rgba[40:60, :, :3] = background[52:72, 30:90]  # where it will stand
    composite = pasted(background, rgba, 30, 12, 90)
    found, rough = locate(composite, rgba, background), changed(composite, background)
    assert found
    assert rough
    assert found.mask[55:70, 55:65].all()
    assert rough.mask[55:70, 55:65].mean() < 0.6
    assert (found.sure in {"sure", "likely"}, rough.sure) == (True, "rough")


@pytest.mark.parametrize("case", ["another", "none", "too large", "transparent"])
def test_what_is_not_there_is_not_believed(case: str) -> None:
    background, rgba = draw_background(3), draw_cutout(5)
    composite = background if case == "none" else pasted(background, rgba, 30, 12, 75)
    wanted = {"another": draw_cutout(6), "too large": cv2.resize(rgba, (200, 300))}.get(case, rgba)
    if case == "transparent":
        wanted = np.zeros_like(rgba)
    found = locate(composite, np.asarray(wanted, np.uint8), background)
    assert found is None or found.sure is None
    assert changed(background, background) is None


def test_a_label_is_looked_at_first_and_not_believed_where_it_is_wrong() -> None:
    background, rgba = draw_background(3), draw_cutout(5)
    composite = pasted(background, rgba, 30, 12, 75)
    right, wrong = (locate(composite, rgba, background, at) for at in ((30, 12), (70, 30)))
    assert right
    assert wrong
    assert (right.x, right.y, right.way) == (30, 12, "the foreground's alpha at its label")
    assert (wrong.x, wrong.y, wrong.way) == (30, 12, "the foreground's alpha found in the composite")
