"""What holds of every scene: of its objects what is seen, whole and cut, their order, lines and shadows."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fgbg_studio.core.base.arrays import DepthMap, Pixels
from fgbg_studio.core.base.sample import Composite, PlacedObject, Sample
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.compose.scene import Scenes
from fgbg_studio.core.dataset.objects import ObjectLines
from fgbg_studio.core.imaging.annotations.coco import RunLengths
from fgbg_studio.core.imaging.matte import HALF
from fgbg_studio.core.interfaces.depth import InsertingMaker, Insertion
from fgbg_studio.core.placement.region_mask import CELLS, pack
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import StandingRegion
from tests.conftest import draw_background, drawn_recipe
from tests.core.compose.test_looks import standing

SIZE = 96
BOARD = slice(52, 66)  # rows in which something stands before the background
SHADOWS = ["appearance.contact_shadow=[0.5, 0.5]", "appearance.cast_shadow=[0.6, 0.6]"]
CROWD = ["scene.objects.least=2", "scene.objects.most=4", "placements=3", f"size={SIZE}", "depth.size=null"]
FLOOR = np.arange(CELLS)[:, None].repeat(CELLS, axis=1) >= CELLS * 0.6


class Drawn(Pictures):
    """Backgrounds with a measured depth, and foregrounds, as if prepared."""

    def background(self, number: int) -> Pixels:
        return draw_background(number, SIZE, SIZE)

    def measured(self, number: int) -> DepthMap:
        depth = np.repeat(np.linspace(6, 2, SIZE, dtype=np.float32)[:, None], SIZE, axis=1)
        depth[BOARD, :60] = 1.0 + number
        return depth

    def foreground(self, number: int) -> Pixels:
        return standing(number)

    def mask(self, number: int) -> Pixels:
        return np.where(standing(number)[..., 3] >= HALF, np.uint8(255), np.uint8(0))


class Stage:
    """A recipe's plan and composer."""

    def __init__(self, folder: Path, *changes: str, seed: int = 0, floor: bool = False) -> None:
        recipe = drawn_recipe("studio-256", 2, 4, [*CROWD, *changes], seed)
        if floor:
            standing = StandingRegion.model_validate({"cells": pack(FLOOR), "shown": (0.0, 0.0, 1.0, 1.0)})
            painted = tuple(one.model_copy(update={"standing": standing}) for one in recipe.backgrounds)
            recipe = recipe.model_copy(update={"backgrounds": painted})
        self.plan, self.composer = Plan(recipe), Composer(Drawn(recipe, None))
        for _ in recipe.settings.depth.way.prepare(self.composer, LocalStore(folder)):
            pass
        maker = self.composer.open_depth(LocalStore(folder))
        assert isinstance(maker, InsertingMaker)
        self.maker = maker

    def made(self, number: int) -> tuple[Sample, Composite, Insertion]:
        sample = self.composer.settled(self.plan[number])
        composite = self.composer(sample)
        return sample, composite, self.maker([sample], [composite])[0]

    def lines(self, sample: Sample, composite: Composite, depth: Insertion) -> list[dict[str, Any]]:
        lines = ObjectLines(self.plan)
        return [json.loads(one) for one in lines.lines(lines.notes(sample, composite, depth.contacts)).splitlines()]

    def solid(self, one: PlacedObject) -> tuple[np.ndarray, int]:
        """An object in the frame, (S, S) bool, and how many of its pixels are beyond, apart from the program."""
        alpha = self.composer.sized(one.foreground, one.mirrored, one.width, one.height)[..., 3] >= HALF
        wide = np.zeros((5 * SIZE, 5 * SIZE), bool)
        top, left = one.y + 2 * SIZE, one.x + 2 * SIZE
        wide[top : top + one.height, left : left + one.width] = alpha
        inside = wide[2 * SIZE : 3 * SIZE, 2 * SIZE : 3 * SIZE]
        return inside, int(alpha.sum() - inside.sum())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the backgrounds' depth is prepared."""
    return tmp_path_factory.mktemp("depth")


def tight(where: np.ndarray) -> list[int]:
    rows, columns = np.flatnonzero(where.any(1)), np.flatnonzero(where.any(0))
    return [columns[0], rows[0], np.ptp(columns) + 1, np.ptp(rows) + 1] if len(rows) else [0, 0, 0, 0]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 1 << 30), cut=st.sampled_from([0, 0.5, 1]), overlap=st.sampled_from([0.2, 0.5, 0.9]),
    hides=st.booleans(), way=st.sampled_from(["measured", "geometry"]), floor=st.booleans(),
    placement=st.sampled_from(["perspective", "uniform"]),
)  # fmt: skip
def test_what_is_seen_of_all_objects(
    folder: Path, seed: int, cut: float, overlap: float, hides: bool, way: str, floor: bool, placement: str
) -> None:
    stage = Stage(
        folder, f"scene.truncation={cut}", f"scene.overlap={overlap}", f"scene.front.hides={str(hides).lower()}",
        f"depth.way={way}", f"placement={placement}", "foreground.sizing.pixels=60", seed=seed, floor=floor,
    )  # fmt: skip
    for number in range(0, len(stage.plan), 6):
        sample, composite, depth = stage.made(number)
        index, lines = composite.indices(sample.indices), stage.lines(sample, composite, depth)
        assert np.array_equal(index > 0, composite.mask > 0)  # the masks partition what is not background
        assert [line["index"] for line in lines] == list(range(1, len(sample.objects) + 1))
        assert set(np.unique(index)) - {0} == {line["index"] for line in lines if line["visible_area"]}
        assert list(depth.contacts) == sorted(depth.contacts, reverse=True)  # far to near
        contacts = dict(zip(sample.indices, depth.contacts, strict=True))
        whole = dict(zip(sample.indices, (stage.solid(one) for one in sample.objects), strict=True))
        for line in lines:
            at = line["index"]
            seen, (inside, beyond) = index == at, whole[at]
            assert not (seen & ~inside).any()  # visible is part of amodal
            assert np.array_equal(RunLengths(line["amodal"]["counts"], (SIZE, SIZE)).drawn((SIZE, SIZE)) > 0, inside)
            assert (line["visible_area"], line["amodal_area"]) == (seen.sum(), inside.sum())
            assert (line["box"], line["amodal_box"]) == (tight(seen), tight(inside))
            assert abs(line["cut"] * (inside.sum() + beyond) - beyond) < 1
            assert cut or not beyond
            assert (depth.map[seen] == np.float32(contacts[at])).all()
            nearer = [other for other, contact in contacts.items() if contact < contacts[at]]
            assert not any((whole[other][0] & seen & (index != other) & ~_behind(stage, sample, contacts[other])).any()
                           for other in nearer)  # fmt: skip


def _behind(stage: Stage, sample: Sample, contact: float) -> np.ndarray:
    """(S, S) where things of the background may hide what stands there, with the soft edge."""
    rule = stage.plan.recipe.settings.scene.front
    near = stage.maker.base(sample.background) < contact * (1 - rule.margin)
    if not rule.hides:
        return np.zeros_like(near)
    grown = np.zeros_like(near)
    for down, across in np.argwhere(near):
        reach = 3 * rule.soft
        grown[max(down - reach, 0) : down + reach + 1, max(across - reach, 0) : across + reach + 1] = True
    return grown


@pytest.mark.parametrize("hides", ["true", "false"])
@pytest.mark.parametrize("mode", ["alpha", "binary"])
def test_shadows_change_only_what_is_outside_of_all_masks(mode: str, hides: str, tmp_path: Path) -> None:
    changes = [f"compositing.mode={mode}", "scene.truncation=0.5", "depth.way=measured", f"scene.front.hides={hides}"]
    changes.append("appearance.warmth=[0.1, 0.1]")  # both are laid by the same steps, which round alike
    plain, shaded = Stage(tmp_path, *changes), Stage(tmp_path, *changes, *SHADOWS)
    darker = crowded = 0
    for number in range(0, len(plain.plan), 3):
        sample, without, depth = plain.made(number)
        same, shadowed, with_them = shaded.made(number)
        assert same == sample
        assert np.array_equal(without.mask, shadowed.mask)
        assert np.array_equal(without.indices(sample.indices), shadowed.indices(sample.indices))
        assert depth.contacts == with_them.contacts
        assert np.array_equal(depth.map, with_them.map)
        assert plain.lines(sample, without, depth) == shaded.lines(sample, shadowed, with_them)
        changed = (without.image != shadowed.image).any(axis=-1)
        assert not (changed & (without.mask > 0)).any()
        assert (shadowed.image.astype(int) <= without.image.astype(int) + 1).all()  # each product is rounded
        darker += int(changed.sum())
        crowded += len(sample.objects) > 1
    assert darker > 100
    assert crowded > 5


BEFORE = {  # SHA-256 of composites, masks, index maps and depth, as they were before the frame could cut objects
    "studio-256": "d857e83fd39893ba", "scenes-384": "03e4ee5c1e9e8a16",
}  # fmt: skip


@pytest.mark.parametrize("preset", BEFORE)
def test_where_the_frame_cuts_nothing_pictures_are_the_bytes_that_they_were(preset: str, tmp_path: Path) -> None:
    several = ["scene.objects.least=2", "scene.objects.most=4", "scene.front.hides=true"]
    for changes in ([], ["scene.truncation=0"]):
        recipe = drawn_recipe(preset, 2, 4, ["placements=2", f"size={SIZE}", *several, *changes])
        plan, composer = Plan(recipe), Composer(Drawn(recipe, None))
        maker, found = composer.open_depth(LocalStore(tmp_path)), hashlib.sha256()
        assert maker is not None
        for number in range(0, len(plan), 2):
            sample = composer.settled(plan[number])
            made = composer(sample)
            for pixels in (made.image, made.mask, made.indices(sample.indices), maker([sample], [made])[0].map):
                found.update(pixels.tobytes())
        assert found.hexdigest()[:16] == BEFORE[preset]


class TestHiddenTooMuch:
    """Who stands behind things of the background is moved before it is left out."""

    CHANGES = ("depth.way=measured", "placement=uniform", "foreground.sizing.pixels=24", "scene.front.hides=true",
               "scene.overlap=0.8", "scene.front.soft=0", "scene.front.min_visible=0.9")  # fmt: skip

    def test_fewer_are_left_out_and_fewer_first_ones_hidden(self, tmp_path: Path) -> None:
        stage = Stage(tmp_path, *self.CHANGES)
        rule = stage.plan.recipe.settings.scene
        without = Scenes(rule, stage.composer.patches, stage.maker, stage.composer._hider)
        objects, hidden, moved = [0, 0], [0, 0], 0
        for planned in stage.plan:
            for way, scenes in enumerate((without, stage.composer.settled)):
                sample = scenes(planned)
                whole, seen, _ = scenes.shown(sample)
                enough = [one.patch.white >= 0.9 * all_of.patch.white for one, all_of in zip(seen, whole, strict=True)]
                assert all(good for at, good in enumerate(enough) if at != sample.named)
                assert sample.identity == planned.identity
                objects[way] += len(sample.objects)
                hidden[way] += not enough[sample.named]
                moved += way and sample.first != planned.first
        assert objects[1] > objects[0] + 5
        assert hidden[0] > 5
        assert hidden[1] < hidden[0] / 2
        assert moved >= hidden[0] - hidden[1]

    def test_where_each_stands_is_a_function_of_the_sample(self, tmp_path: Path) -> None:
        one, other = Stage(tmp_path, *self.CHANGES), Stage(tmp_path, *self.CHANGES)
        forth = [one.composer.settled(sample) for sample in one.plan]
        back = [other.composer.settled(sample) for sample in reversed(list(other.plan))]
        assert forth == back[::-1]
        assert [one.composer.settled(sample) for sample in one.plan][:7] == forth[:7]

    def test_one_alone_is_moved_too(self, tmp_path: Path) -> None:
        changes = *self.CHANGES, "scene.objects.least=1", "scene.objects.most=1"
        stage = Stage(tmp_path, *changes)
        moved = [sample for sample in stage.plan if stage.composer.settled(sample) != sample]
        assert moved
        for sample in moved:
            settled, composite, _ = stage.made(sample.number)
            assert (settled.first.foreground, settled.first.mirrored) == (
                sample.first.foreground,
                sample.first.mirrored,
            )
            assert composite.patches[0].patch.white >= 0.9 * composite.whole[0].patch.white
