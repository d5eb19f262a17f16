"""What the canvas composes: the same pixels in parts and as a whole, coarse and fine, here and after a change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.gui.foregrounds.canvas_render import CanvasLook, CutoutView, Pyramid, ViewTransform, compose, nearest

RNG = np.random.default_rng(5)
PHOTO = RNG.integers(0, 256, (600, 700, 4), np.uint8)
ALPHA = np.where(np.hypot(*(np.mgrid[0:600, 0:700] - np.array([300, 350])[:, None, None])) < 200, 255, 0).astype(
    np.uint8
)


def make_look(view: CutoutView) -> CanvasLook:
    scene = (Pyramid(PHOTO[:300, :300].copy()), (100, 50, 500, 500))
    marks = np.zeros((600, 700), np.uint8)
    marks[100:120, 100:400] = 1
    return CanvasLook(Pyramid(PHOTO.copy()), Pyramid(ALPHA.copy()), marks=marks, view=view, scene=scene)


@pytest.mark.parametrize("view", list(CutoutView))
@pytest.mark.parametrize(
    "camera", [ViewTransform(0.31, -40.5, 12), ViewTransform(1.7, 90.2, 80), ViewTransform(9, 300, 290)]
)
def test_parts_make_the_whole(view: CutoutView, camera: ViewTransform) -> None:
    look, size = make_look(view), (320, 240)
    whole = compose(look, camera, (0, 0, *size), size)
    part = compose(look, camera, (70, 50, 130, 90), size)
    inner = np.abs(part[3:-3, 3:-3].astype(int) - whole[53:137, 73:197].astype(int))
    assert inner[..., :3].max() <= 2


def test_an_updated_pyramid_is_a_new_one() -> None:
    pyramid, changed = Pyramid(ALPHA.copy()), ALPHA.copy()
    changed[133:260, 77:301] = 99
    pyramid.update((77, 133, 224, 127), changed)
    for known, wanted in zip(pyramid.levels, Pyramid(changed).levels, strict=True):
        assert np.array_equal(known, wanted)


def test_only_what_is_recoloured_has_other_colours() -> None:
    plain, before = Pyramid(PHOTO.copy()), (0, 0, 0, 0)
    shown = plain.copy()
    for box in [
        (20, 30, 300, 200),
        (10, 20, 400, 300),
        (500, 400, 60, 70),
        (0, 0, 0, 0),
        (0, 0, 700, 600),
        (9, 9, 1, 1),
    ]:
        x, y, width, height = box
        rgb = RNG.integers(0, 256, (height, width, 3), np.uint8)
        wanted = PHOTO.copy()
        wanted[y : y + height, x : x + width, :3] = rgb[..., ::-1]
        shown.recolour(plain, before, box, rgb)
        before = box
        assert all(np.array_equal(known, new) for known, new in zip(shown.levels, Pyramid(wanted).levels, strict=True))


def test_single_pixels_are_squares() -> None:
    shown = Pyramid(PHOTO).sample(ViewTransform(16, 20, 30), (0, 0, 64, 48))
    blocks = shown.reshape(3, 16, 4, 16, 4)
    assert np.array_equal(blocks.max(axis=(1, 3)), blocks.min(axis=(1, 3)))
    assert np.array_equal(blocks[:, 0, :, 0], PHOTO[30:33, 20:24])
    assert np.array_equal(nearest(ALPHA, ViewTransform(1, 5, 7), (0, 0, 30, 20)), ALPHA[7:27, 5:35])


def test_the_views_show_what_they_say() -> None:
    camera, size, middle = ViewTransform(1, 0, 0), (700, 600), (300, 350)
    for view, value in ((CutoutView.WHITE, 255), (CutoutView.BLACK, 0)):
        look = make_look(view)
        look.marks = None
        shown = compose(look, camera, (0, 0, *size), size)
        assert np.array_equal(shown[middle], PHOTO[middle])
        assert (shown[5, 5, :3] == value).all()


@pytest.mark.parametrize("side", [0, 40])
def test_on_a_background_nothing_of_the_object_lies_beside_the_photo(side: int) -> None:
    scene = Pyramid(np.full((50, 50, 4), 200, np.uint8))
    full = Pyramid(np.full((600, 700), 255, np.uint8))
    look = CanvasLook(
        Pyramid(PHOTO.copy()), full, view=CutoutView.SCENE, scene=(scene, (600, 500, 200, 200)), side=side
    )
    shown = compose(look, ViewTransform(1, 590, 490), (0, 0, 220, 220), (220, 220))
    assert (shown[150:200, 150:200, 0] == 200).all()
    assert not (shown[20:100, 20:100] == 200).all()


@given(st.floats(0.05, 60), st.floats(-500, 500), st.floats(-500, 500), st.floats(0.2, 5))
def test_zooming_keeps_the_place(scale: float, x: float, y: float, factor: float) -> None:
    camera = ViewTransform(scale, x, y)
    before, after = camera.to_photo(123, 45), camera.zoomed(factor, 123, 45, 0.01).to_photo(123, 45)
    assert after == pytest.approx(before, abs=1e-6)


def test_a_copy_of_a_pyramid_is_its_own() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (300, 500, 4), dtype=np.uint8)
    pyramid = Pyramid(pixels)
    pyramid.prepare_copy()
    for _ in range(2):  # the prepared one, then one made on the spot
        copy = pyramid.copy()
        assert all(np.array_equal(one, two) for one, two in zip(copy.levels, pyramid.levels, strict=True))
        copy.update((0, 0, 40, 40), np.zeros_like(pixels))
        assert not copy.levels[0][:40, :40].any()
        assert pyramid.levels[0][:40, :40].any()
        assert copy.levels[1][:20, :20].max() == 0
