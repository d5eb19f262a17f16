"""Painting beside and across the photo's border, at any zoom and on photos of any shape, is harmless and exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.boxes import Box, clipped, part_of
from fgbg_studio.core.cutting.raster import draw_way, painted_way
from fgbg_studio.core.cutting.seeds import marks_of
from fgbg_studio.core.cutting.work import Work
from fgbg_studio.gui.foregrounds.canvas_render import CanvasLook, CutoutView, Pyramid, ViewTransform, compose
from fgbg_studio.gui.foregrounds.canvas_tools import Tool, begin
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.lib.worker import Jobs

SIDES = st.one_of(st.integers(1, 9), st.integers(250, 600))
PLACES = st.one_of(st.floats(-60, 660), st.floats(-1e5, 1e5))
BOXES = st.tuples(st.integers(-700, 700), st.integers(-700, 700), st.integers(0, 900), st.integers(0, 900))
WAYS = st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=4)
RADII = st.sampled_from([0.5, 0.76, 1.0, 12.0, 100.0, 600.0])
CAMERAS = st.builds(ViewTransform, st.floats(0.01, 64), st.floats(-1000, 1000), st.floats(-1000, 1000))


@given(SIDES, SIDES, st.lists(BOXES, min_size=1, max_size=4), st.integers(0, 255))
def test_a_pyramid_takes_any_box(height: int, width: int, boxes: list[Box], value: int) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (height, width), np.uint8)
    pyramid = Pyramid(pixels.copy())
    for box in boxes:
        pixels[part_of(clipped(box, pixels.shape))] = value
        pyramid.update(box, pixels)
    for known, wanted in zip(pyramid.levels, Pyramid(pixels).levels, strict=True):
        assert np.array_equal(known, wanted)


@given(SIDES, SIDES, WAYS, RADII, st.sampled_from(["add", "remove", "soften"]))
def test_brushes_change_nothing_outside_of_what_they_tell(
    height: int, width: int, way: list[tuple[float, float]], radius: float, brush: str
) -> None:
    before = np.random.default_rng(1).integers(0, 256, (height, width), np.uint8)
    alpha, painted, marks = before.copy(), np.zeros_like(before), np.zeros_like(before)
    box = painted_way(alpha, before, painted, tuple(way), radius, brush)
    assert box == draw_way(marks, tuple(way), radius, 1) == clipped(box, before.shape)
    outside = np.ones(before.shape, np.bool_)
    outside[part_of(box)] = False
    assert not (marks[outside].any())
    assert not (painted[outside].any())
    assert np.array_equal(painted > 0, marks > 0)
    assert np.array_equal(alpha[marks == 0], before[marks == 0])


@given(SIDES, SIDES, CAMERAS, st.sampled_from(list(CutoutView)), WAYS)
def test_every_view_composes_every_place_of_every_photo(
    height: int, width: int, camera: ViewTransform, view: CutoutView, way: list[tuple[float, float]]
) -> None:
    alpha, marks = np.full((height, width), 128, np.uint8), np.zeros((height, width), np.uint8)
    draw_way(marks, tuple(way), 12.0, 1)
    photo = Pyramid(np.full((height, width, 4), 90, np.uint8))
    scene = (Pyramid(np.full((50, 50, 4), 200, np.uint8)), (-20, 3, 40, 40))
    look = CanvasLook(photo, Pyramid(alpha), marks=marks, view=view, scene=scene)
    assert compose(look, camera, (3, 5, 61, 47), (64, 52)).shape == (47, 61, 4)


@pytest.mark.parametrize("shape", [(1, 48_000), (48_000, 1), (1, 1), (1000, 48_000)])
@pytest.mark.parametrize("scale", [0.001, 0.02, 0.26, 1.0, 64.0])
def test_photos_longer_than_opencv_warps(shape: tuple[int, int], scale: float) -> None:
    alpha, marks = np.full(shape, 255, np.uint8), np.ones(shape, np.uint8)
    look = CanvasLook(Pyramid(np.full((*shape, 4), 90, np.uint8)), Pyramid(alpha), marks=marks)
    far = ViewTransform(scale, shape[1] - 20 / scale, shape[0] - 20 / scale)
    shown = compose(look, far, (0, 0, 40, 40), (40, 40))
    assert min(shape) * scale < 20 or shown[19, 19].any()
    assert not shown[-1, -1].any()


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (500, 300)])
@pytest.mark.parametrize(
    "tool", [Tool.MARK, Tool.ERASER, Tool.ADD, Tool.REMOVE, Tool.SOFTEN, Tool.RECTANGLE, Tool.LASSO]
)
@pytest.mark.parametrize("way", [
    ((5.0, 5000.0), (300.0, 5000.0)), ((-80.0, 2.0), (-80.0, 300.0)), ((-50.0, -50.0), (600.0, 700.0), (-50.0, 2.0)),
])  # fmt: skip
def test_every_tool_may_leave_the_photo(
    qtbot: QtBot, tmp_path: Path, shape: tuple[int, int], tool: Tool, way: tuple[tuple[float, float], ...]
) -> None:
    jobs, alpha = Jobs(), np.full(shape, 200, np.uint8)
    planes = alpha, np.zeros_like(alpha)
    document = CutDocument(jobs, tmp_path / "a.png", np.full((*shape, 3), 9, np.uint8), Work(), planes)
    document.automatic = False
    shown = Pyramid(alpha.copy())
    document.shown_changed.connect(lambda box: shown.update(box, document.shown))
    for radius in (0.5, 12.0, 600.0):
        gesture = begin(tool, document, way[0], 0.3, radius, object_=True, other=False)
        for place in way[1:]:
            gesture.move(place)
        gesture.end()
    assert np.array_equal(document.marks, marks_of(document.work.seeds, shape))
    for known, wanted in zip(shown.levels, Pyramid(document.shown).levels, strict=True):
        assert np.array_equal(known, wanted)
    document.close()
    qtbot.waitUntil(lambda: not jobs.busy)
