"""What is odd in samples is computed from the plan, by what is written down of it."""

from __future__ import annotations

import numpy as np
import pytest

from fgbg_studio.core.base.arrays import Floats
from fgbg_studio.core.base.sample import PlacedObject
from fgbg_studio.core.plan.oddities import ODDITIES, depths
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.selection import SampleSelection, selected
from fgbg_studio.core.plan.table import ObjectColumns, SampleTable
from tests.conftest import drawn_recipe


def scores(plan: Plan, name: str, *objects: PlacedObject) -> Floats:
    columns = ObjectColumns(*(np.array(column) for column in zip(*objects, strict=True)))
    zeros = np.zeros(len(objects), np.int64)
    return ODDITIES[name](plan, SampleTable(zeros, zeros, zeros, (columns,)))


def standing(x: int, y: int, width: int, height: int) -> PlacedObject:
    return PlacedObject(0, False, x, y, width, height, -1, 1.0)


def test_who_stands_on_the_ground_does_not_float_and_who_hangs_does() -> None:
    plan = Plan(drawn_recipe("studio-256", 3, 3))
    assert not ODDITIES["floating"](plan, plan.table(0, len(plan))).any()
    # Horizon at 115.2, camera at 1.6 m: 85 px of 1.7 m stand at row 195.2; the wall begins at 150.7.
    air = scores(plan, "floating", standing(9, 110, 40, 85), standing(9, 70, 40, 85), standing(9, 90, 5, 10))
    assert air[0] == 0
    assert air[1] == pytest.approx((195.2 - 155 - 1) / 256, abs=1e-6)
    assert air[2] > (150 - 100 - 1) / 256
    assert scores(plan, "floating", standing(9, 109, 40, 85))[0] == 0  # 1.2 rows: one of rounding, the rest is not seen


def test_cut_is_what_lies_on_the_frames_edge() -> None:
    plan = Plan(drawn_recipe("studio-256", 1, 1))
    boxes = standing(0, 90, 40, 100), standing(50, 0, 40, 100), standing(50, 156, 40, 100), standing(216, 0, 40, 100)
    assert scores(plan, "cut", *boxes).tolist() == pytest.approx([100 / 240, 40 / 240, 0, 140 / 240])


def test_tiny_is_the_smallest_box() -> None:
    plan = Plan(drawn_recipe("studio-256", 1, 1))
    assert np.argsort(-scores(plan, "tiny", standing(1, 1, 50, 90), standing(1, 1, 4, 9))).tolist() == [1, 0]


def test_the_same_depth_is_that_of_the_wall_behind() -> None:
    plan = Plan(drawn_recipe("studio-256", 1, 1))  # ground at 9.6 m: before the wall at 10 m by under 5 %
    far, near = scores(plan, "merged", standing(50, 114, 20, 38), standing(50, 60, 80, 180))
    assert (far, near < 0.1) == (1, True)
    network = Plan(drawn_recipe("studio-256", 1, 1, ["depth.way=network"]))
    assert not scores(network, "merged", standing(50, 114, 20, 38)).any()


@pytest.mark.parametrize("order", list(ODDITIES))
@pytest.mark.parametrize("preset", ["street-224", "layers-150"])
def test_the_oddest_come_first(order: str, preset: str) -> None:
    plan = Plan(drawn_recipe(preset, 4, 4))
    numbers = selected(plan, SampleSelection(order=order))
    found = ODDITIES[order](plan, plan.table_of(np.array(numbers)))
    every = ODDITIES[order](plan, plan.table(0, len(plan)))
    assert np.array_equal(found, np.sort(every)[::-1][: len(found)])
    back = selected(plan, SampleSelection(order=order, backwards=True))
    assert ODDITIES[order](plan, plan.table_of(np.array(back))).max() <= np.sort(every)[: len(back)].max()


def test_filters_by_layer_height_and_distance() -> None:
    plan = Plan(drawn_recipe("layers-150", 4, 4))
    some = plan.table_of(np.array(selected(plan, SampleSelection(layer=2))))
    assert set(some.objects[0].layer.tolist()) == {2}
    some = plan.table_of(np.array(selected(plan, SampleSelection(heights=(0.3, 0.45)))))
    assert ((some.objects[0].height >= 45) & (some.objects[0].height <= 67.5)).all()
    away = depths(plan, plan.table(0, len(plan)))
    low, high = np.quantile(away, [0.4, 0.6]).tolist()
    some = plan.table_of(np.array(selected(plan, SampleSelection(depths=(low, high)))))
    assert len(some)
    assert ((depths(plan, some) >= low) & (depths(plan, some) <= high)).all()
    assert selected(plan, SampleSelection(heights=(0.99, 1.0))) == []
