"""A network's first guess as a trimap that is kept with the strokes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fgbg_studio.core.cutting.saliency import guess_object, look_at, saliency_map, trimap_of
from fgbg_studio.core.cutting.seeds import packed, unpacked_trimap
from fgbg_studio.core.cutting.segmenters import Segmenter
from fgbg_studio.core.imaging.reading import read_rgb
from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.networks.network import Network
from tests.conftest import SHARED


def test_sure_places_are_apart_from_the_edge() -> None:
    rows, columns = np.mgrid[0:200, 0:240]
    seen = np.clip(60 - np.hypot(rows - 100, columns - 120), 0, 10).astype(np.float32) / 10
    trimap = trimap_of(seen)
    assert (trimap[100, 120], trimap[2, 2], trimap[100, 120 + 55]) == (255, 0, 128)
    assert set(np.unique(trimap)) == {0, 128, 255}


def test_a_thing_too_thin_to_be_sure_of_is_kept() -> None:
    seen = np.zeros((100, 100), np.float32)
    seen[50, 10:90] = 1
    assert (trimap_of(seen)[50, 10:90] == 255).all()


def test_of_two_things_apart_the_weightier_is_sure() -> None:
    matte = np.zeros((200, 240), np.float32)
    matte[40:160, 20:100], matte[60:120, 150:200] = 1, 1
    matte[40:160, 103:110] = 1  # a gap as narrow as this is within one thing
    trimap = trimap_of(matte)
    assert (trimap[100, 60], trimap[100, 106], trimap[90, 175], trimap[190, 230]) == (255, 255, 128, 0)


def bright(width: int, height: int) -> Network:
    """A network that sees bright things: in the negative it sees the ground, but faintly."""

    def run(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(pictures.mean(axis=3) ** 4, np.float32)

    description = Description("saliency", width, height)
    return Network("bright", Path("bright.onnx"), "", description, 1, "none", "float32", False, run)


def test_looks_that_see_nothing_say_little() -> None:
    photo = np.full((60, 90, 3), 150, np.uint8)
    photo[20:40, 30:50] = 255
    matte = saliency_map(bright(90, 60), photo)
    assert matte.shape == photo.shape[:2]
    assert matte.min() == 0
    assert matte.max() == 1
    assert matte[25:35, 35:45].min() > 0.9
    assert matte[5:15, 5:85].max() < 0.2


def test_a_look_at_an_area_sees_what_lies_in_it() -> None:
    """Outside of it something brighter stands, which does not count; the faint thing inside is what is surest there."""
    photo = np.full((120, 200, 3), 60, np.uint8)
    photo[30:70, 40:80], photo[30:70, 110:190] = 190, 255
    trimap = np.zeros((120, 200), np.uint8)
    trimap[20:90, 30:105] = 128
    seen = look_at(bright(96, 96), photo, trimap)
    assert seen.box == (30, 20, 75, 70)
    on = seen.on((0, 0, 200, 120), (200, 120))
    assert on[35:65, 45:75].min() > 0.85
    assert on[:28].max() < 0.15
    assert not on[:, 106:].any()


def test_a_trimap_comes_back() -> None:
    small = np.zeros((40, 60), np.uint8)
    small[10:30, 10:50], small[15:25, 20:40] = 128, 255
    assert np.array_equal(unpacked_trimap(packed(small), (40, 60)), small)
    wide = unpacked_trimap(packed(small), (400, 600))
    assert wide.shape == (400, 600)
    assert set(np.unique(wide)) == {0, 128, 255}
    assert wide[200, 300] == 255


def test_the_real_network_finds_the_astronaut() -> None:
    model, photo = SHARED / "models" / "u2netp_float16.tflite", SHARED / "data" / "photos" / "astronaut.png"
    if not (model.exists() and photo.exists()):
        pytest.skip(f"{model} and {photo} lie beside the repository; they are not there")
    pytest.importorskip("ai_edge_litert")
    rgb = read_rgb(photo)
    seed = guess_object(rgb, model)
    alpha = Segmenter.default().prepare(rgb).cut((seed,))
    assert alpha[100, 220] == alpha[400, 150] == 255
    assert alpha[30, 30] == alpha[60, 420] == 0
