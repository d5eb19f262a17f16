"""Counts over a plan's boxes: against counting them one by one, and against themselves in parts."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.statistics import CELLS, HEIGHTS, PlanStatistics, plan_statistics
from fgbg_studio.core.plan.table import ObjectColumns, SampleTable
from tests.conftest import drawn_recipe

Box = tuple[int, int, int, int]
FRAME = 60


def table(boxes: list[Box], mirrored: list[bool] | None = None, layers: list[int] | None = None) -> SampleTable:
    n = len(boxes)
    zeros = np.zeros(n, np.int64)
    x, y, width, height = np.array(boxes, np.int64).reshape(n, 4).T
    flip = np.array(mirrored or [False] * n)
    layer = np.array(layers or [-1] * n, np.int64)
    return SampleTable(0, zeros, zeros, (ObjectColumns(zeros, flip, x, y, width, height, layer, np.ones(n)),))


def counted(boxes: list[Box], **columns: Any) -> PlanStatistics:
    made = PlanStatistics()
    made.add(table(boxes, **columns), FRAME)
    return made


@st.composite
def one_box(draw: st.DrawFn) -> Box:
    x, y = draw(st.integers(0, FRAME - 1)), draw(st.integers(0, FRAME - 1))
    return x, y, draw(st.integers(1, FRAME - x)), draw(st.integers(1, FRAME - y))


BOXES = st.lists(one_box(), min_size=1, max_size=12)


@given(BOXES)
def test_every_cell_counts_the_boxes_over_its_centre(boxes: list[Box]) -> None:
    centres = [(cell + 0.5) * FRAME / CELLS for cell in range(CELLS)]
    expected = [[sum(x <= cx < x + w and y <= cy < y + h for x, y, w, h in boxes) for cx in centres] for cy in centres]
    assert counted(boxes).covered.tolist() == expected


@given(BOXES)
def test_every_foot_is_counted_once_where_it_stands(boxes: list[Box]) -> None:
    feet = np.zeros((CELLS, CELLS), np.int64)
    for x, y, width, height in boxes:
        row = min(int(np.ceil((y + height) * CELLS / FRAME)) - 1, CELLS - 1)
        feet[row, int((x + width / 2) * CELLS / FRAME)] += 1
    made = counted(boxes)
    assert np.array_equal(made.feet, feet)
    assert made.feet.sum() == made.heights.sum() == made.count == len(boxes)


@given(BOXES, BOXES)
def test_parts_merge_to_the_whole(one: list[Box], two: list[Box]) -> None:
    whole, merged = counted(one + two), counted(one)
    merged.merge(counted(two))
    for name in ("feet", "covered", "heights"):
        assert np.array_equal(getattr(merged, name), getattr(whole, name))
    assert (merged.count, merged.mirrored, merged.layers) == (whole.count, whole.mirrored, whole.layers)


def test_heights_layers_and_mirrored_are_counted() -> None:
    boxes = [(0, 0, 5, 60), (0, 0, 5, 30), (0, 0, 5, 1), (0, 0, 5, 1)]
    made = counted(boxes, mirrored=[True, False, True, True], layers=[0, 2, 2, 2])
    assert made.mirrored == 3
    assert made.layers == Counter({2: 3, 0: 1})
    assert {i: n for i, n in enumerate(made.heights.tolist()) if n} == {49: 1, 25: 1, 0: 2}
    assert made.heights.shape == (HEIGHTS,)


def test_a_box_over_the_whole_frame_covers_all_of_it() -> None:
    made = counted([(0, 0, FRAME, FRAME)])
    assert made.box_coverage == made.reached == 1.0
    assert PlanStatistics().box_coverage == 0.0


@pytest.mark.parametrize("placement", ["uniform", "perspective", "layers"])
def test_a_plan_is_counted_chunk_by_chunk(placement: str) -> None:
    plan = Plan(drawn_recipe(n_bg=3, n_fg=2, changes=[f"placement={placement}"]))
    *steps, made = plan_statistics(plan, chunk=7)
    assert isinstance(made, PlanStatistics)
    assert all(isinstance(step, Progress) for step in steps)
    assert [step.done for step in steps if isinstance(step, Progress)][-1] == len(plan) == made.count
    samples = list(plan)
    assert made.mirrored == sum(sample.first.mirrored for sample in samples)
    assert made.layers == Counter(sample.first.layer for sample in samples)
    assert made.box_coverage == pytest.approx(
        sum(s.first.width * s.first.height for s in samples) / len(plan) / 256**2, rel=0.1
    )


def test_what_does_not_fit_is_said() -> None:
    plan = Plan(drawn_recipe(changes=["placement=uniform", "foreground.sizing=height", "foreground.sizing.pixels=500"]))
    with pytest.raises(PlanError, match="does not fit into"):
        list(plan_statistics(plan))


@pytest.mark.timing
def test_counting_costs_no_more_than_the_planning() -> None:
    plan = Plan(drawn_recipe())
    columns = plan.table(0, 40_000)
    made = PlanStatistics()
    best = 1.0
    for _ in range(5):
        begun = time.process_time()
        made.add(columns, 256)
        best = min(best, time.process_time() - begun)
    assert best / len(columns) < 1e-6
