"""Which of a planned sample's objects are laid down, and in which order."""

from __future__ import annotations

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.sample import PlacedObject, PlacedPatch, Sample, visible
from fgbg_studio.core.compose.scene import Scenes, covered
from fgbg_studio.core.interfaces.depth import InsertingMaker, Insertion
from fgbg_studio.core.project.settings import SceneRule
from tests.core.test_two_objects import ALL, composer


class Near(InsertingMaker):
    """Says how far away each object is by the order in which the plan has them."""

    def __init__(self, *contacts: float) -> None:
        self._contacts = contacts

    @override
    def base(self, background: int) -> DepthMap:
        return np.ones((96, 96), np.float32)

    @override
    def insert(self, sample: Sample, patches: tuple[PlacedPatch, ...]) -> Insertion:
        return Insertion(self.base(0), patches, self._contacts, sample.named)


def scene(*boxes: tuple[int, int, int, int], named: int = 0) -> Sample:
    return Sample(0, 0, 0, tuple(PlacedObject(0, False, *box, -1, 1.0) for box in boxes), named)


LEFT, OVER, RIGHT = (5, 5, 30, 40), (8, 5, 30, 40), (60, 40, 30, 40)


def test_the_nearer_by_the_maker_comes_last() -> None:
    sample = scene(LEFT, RIGHT, OVER, named=2)
    settled = Scenes(SceneRule(overlap=1), composer().patches, Near(2, 5, 3))(sample)
    assert [one.box for one in settled.objects] == [RIGHT, OVER, LEFT]
    assert settled.first == sample.first


def test_who_would_hide_too_much_is_left_out() -> None:
    for named in (0, 1):
        sample = scene(LEFT, OVER, RIGHT, named=named)
        settled = Scenes(SceneRule(overlap=0.2), composer().patches)(sample)
        assert [one.box for one in settled.objects] == [(LEFT, OVER)[named], RIGHT]
        assert settled.first == sample.first
    assert Scenes(SceneRule(overlap=1), composer().patches)(scene(LEFT, OVER)) == scene(LEFT, OVER)


def test_what_is_covered_is_what_is_not_visible() -> None:
    made = composer()
    for sample in ALL:
        patches = made.patches(sample)
        for at, (one, seen) in enumerate(zip(patches, visible(patches), strict=True)):
            assert covered(one, patches[at + 1 :]) == one.patch.white - np.count_nonzero(seen)
