"""What is implausible in depth is counted: objects that are not in it, behind what they cover, or of a wrong height."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base.remedies import Adjust, Set
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.check import check
from fgbg_studio.core.dataset.forecast import forecast
from fgbg_studio.core.depth.plausibility import MOST, Plausibility, plausibility
from fgbg_studio.core.interfaces.depth import Insertion
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.plan.selection import spread
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from tests.conftest import MakeProject, drawn_recipe
from tests.core.depth.test_geometry import composer
from tests.core.depth.test_inserted import needs_onnxruntime, tiny
from tests.helpers.datasets import make, small


def looked_at(preset: str, *changes: str, wall: Literal["none"] | None = None) -> Plausibility:
    """Of a drawn project, by geometry; ``wall`` is that of each background."""
    recipe = drawn_recipe(preset, 3, 4, changes)
    own = tuple(one.model_copy(update={"wall": wall}) for one in recipe.backgrounds)
    made = composer(recipe.model_copy(update={"backgrounds": own}) if wall else recipe)
    count = len(Plan(made.pictures.recipe))
    found = plausibility(made, LocalStore(Path()), spread(count, 200), count)
    assert found is not None
    return found


_CODES = {"depth-unseen", "depth-occluded", "depth-height", "row-on-wall"}


def codes(folder: Path) -> dict[str, str]:
    """What the check says of depth: code → message."""
    found = check(folder, storage.load(folder))
    return {issue.code: issue.said() for issue in found if issue.code in _CODES}


class TestGeometry:
    def test_the_presets_are_plausible(self) -> None:
        for preset in ("street-224", "office-224", "layers-150", "course-200", "classroom-192"):
            found = looked_at(preset)
            assert (found.looked_at, found.unseen, found.occluded, found.outsized) == (200, 0, 0, 0), preset
            assert found.heights is not None
            assert 0.5 < found.heights[0] <= found.heights[2] <= 1.001
            assert list(found.issues()) == []

    def test_from_high_above_nobody_is_nearer_than_the_ground(self) -> None:
        found = looked_at("studio-256", 'camera={"height":40,"horizon":-0.5,"wall":60}', "placement.smallest=0.01")
        assert found.unseen == found.looked_at
        assert found.outsized == 0
        (issue,) = found.issues()
        assert (issue.severity, issue.code) == ("warning", "depth-unseen")
        assert issue.message.startswith("in 200 (100%) of 200 samples looked at, the object cannot be seen")
        assert Adjust("camera.wall", "set a wall farther away") in issue.remedies

    def test_a_camera_near_the_ground_does_not_fit_sizes_that_are_not_its_own(self) -> None:
        found = looked_at("street-224", "camera.height=0.3")
        assert found.outsized > 0.5 * found.looked_at
        assert found.unseen == 0
        (issue,) = found.issues()
        assert issue.code == "depth-height"
        assert issue.remedies[-1] == Set({"placement": "perspective"}, "let the camera decide sizes")

    def test_a_few_are_no_issue(self) -> None:
        """One sample of two hundred is counted, and bothers nobody; from one of a hundred on it is said."""
        found = Plausibility(1000, 200, 1, 1, 1, (0.9, 1.0, 1.1), two_cameras=False)
        assert list(found.issues()) == []
        more = dataclasses.replace(found, unseen=2, occluded=2, outsized=2, merged=2)
        assert [issue.code for issue in more.issues()] == [
            "depth-unseen", "depth-occluded", "depth-height", "depth-merged",
        ]  # fmt: skip
        assert next(more.issues()).message.startswith("in 2 (1.0%) of 200 samples looked at, ")

    def test_what_a_stretched_file_does_not_tell_apart(self) -> None:
        """Millimetres tell objects from ground that goes to the horizon; two grey values are metres there."""
        assert looked_at("studio-256", wall="none").merged == 0
        found = looked_at("studio-256", "depth.encoding=uint8-stretched", wall="none")
        assert found.merged > 0.05 * found.looked_at
        (issue,) = (one for one in found.issues() if one.code == "depth-merged")
        assert issue.message.startswith(f"in {found.merged} (")
        assert f"in {found.merged} (" in found.sentence()

    def test_the_same_samples_are_looked_at_again(self) -> None:
        assert looked_at("studio-256") == looked_at("studio-256")


class TestCheck:
    def test_settings_that_cannot_be_are_told_without_a_file_or_a_network(
        self, tmp_path: Path, make_project: MakeProject
    ) -> None:
        folder = make_project(tmp_path, "street-224")
        assert codes(folder) == {}
        before = sorted(folder.rglob("*"))
        storage.save(folder, storage.changed(storage.load(folder), parsed(["camera.height=0.3"])))
        told = codes(folder)
        assert set(told) == {"depth-height"}
        assert "of 160 samples looked at" in told["depth-height"]
        assert sorted(folder.rglob("*")) == before

    def test_rows_before_the_wall(self, tmp_path: Path, make_project: MakeProject) -> None:
        folder = make_project(tmp_path, "layers-150")
        assert "row-on-wall" not in codes(folder)
        project = storage.load(folder)
        first = project.backgrounds[0].model_copy(update={"horizon": 0.62})
        storage.save(folder, project.model_copy(update={"backgrounds": (first, *project.backgrounds[1:])}))
        assert (
            "1 of 4 rows of places are above the line where the floor ends, in 1 of 2" in codes(folder)["row-on-wall"]
        )

    def test_what_needs_a_network_is_left_to_the_pilot(self, tmp_path: Path, make_project: MakeProject) -> None:
        folder = make_project(tmp_path, changes=["depth.way=inserted", "depth.model=nowhere.onnx"])
        assert codes(folder) == {}  # but for that it is not measured; see the tests of the check


class TestNetwork:
    @needs_onnxruntime
    def test_a_network_that_sees_one_distance_hides_every_object(
        self, tmp_path: Path, make_project: MakeProject
    ) -> None:
        changes = ["depth.way=inserted", *tiny(tmp_path, (0.0, 0.0, 0.0), "metres")]
        folder = make_project(tmp_path, changes=small("studio-256", *changes))
        recipe = make_recipe(storage.load(folder))
        seen = forecast(recipe, folder, folder, 16).plausibility
        assert seen is not None
        assert (seen.samples, seen.looked_at, seen.unseen, seen.two_cameras) == (16, 16, 16, True)
        assert "depth-unseen" in {issue.code for issue in seen.issues()}
        assert (
            forecast(recipe.model_copy(update={"settings": recipe.settings}), folder, folder, 16).plausibility == seen
        )

    def test_two_cameras_show(self, shared: Path, tmp_path: Path) -> None:
        """A network's metres beside sizes by an assumed camera: counted as the maps themselves say it."""
        folder, scenes = tmp_path / "p", shared / "data" / "scenes"
        model = (shared / "models" / "fast_depth_224.tflite").resolve()
        storage.create(folder, "studio-256", {"depth.way": "inserted", "depth.model": str(model)})
        list(add_backgrounds(folder, sorted((scenes / "bg").iterdir())[:48:8]))
        list(add_foregrounds(folder, sorted((scenes / "fg").iterdir())[:48:8]))
        made = Composer(Pictures(make_recipe(storage.load(folder)), None, folder))
        cache, way = LocalStore(tmp_path / "cache"), made.settings.depth.way
        for _ in way.prepare(made, cache):
            pass
        plan = Plan(made.pictures.recipe)
        numbers = spread(len(plan), 150)
        found = plausibility(made, cache, numbers, len(plan))
        assert found is not None
        assert (found.unseen, found.occluded, found.outsized) == recounted(made, cache, numbers)
        assert found.occluded > 0.1 * found.looked_at
        assert found.outsized > 0.1 * found.looked_at
        assert found.heights is not None
        assert found.heights[1] == pytest.approx(0.62, abs=0.06)
        assert {"depth-occluded", "depth-height"} <= {issue.code for issue in found.issues()}


def recounted(made: Composer, cache: LocalStore, numbers: Sequence[int]) -> tuple[int, int, int]:
    """Unseen, occluded and of a wrong height, from whole maps and masks."""
    maker = made.settings.depth.way.open(made, cache)
    assert maker is not None
    counts = np.zeros(3, int)
    for number in numbers:
        sample = Plan(made.pictures.recipe)[number]
        composite = made(sample)
        (depth,), base = maker([sample], [composite]), maker.base(sample.background)
        assert isinstance(depth, Insertion)
        assert base is not None
        solid = composite.mask > 0
        contact, under = depth.map[solid], base[solid]
        ratio = sample.first.height * depth.contact / (128 / np.tan(np.pi / 6)) / 1.7
        counts += [
            np.mean(np.abs(under - contact) <= 0.05 * under) >= 0.95,
            np.mean(under < 0.95 * contact) > 0.2,
            not 0.5 <= ratio <= 2,
        ]
    return int(counts[0]), int(counts[1]), int(counts[2])


def test_a_run_says_it_in_its_record_and_on_its_card(tmp_path: Path, make_project: MakeProject) -> None:
    make(make_project(tmp_path, changes=small("studio-256")), tmp_path / "out")
    record = json.loads((tmp_path / "out" / "dataset.json").read_text(encoding="utf-8"))
    found = Plausibility.of(record["plausibility"])
    assert found is not None
    assert (found.samples, found.looked_at, found.outsized) == (16, 16, 0)
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert f"- **objects in depth**: {found.sentence()}." in card
    assert "of 16 samples 16 were looked at" in card
    assert "objects are at the depth of the ground at their feet" in card
    assert "objects are at the depth of the ground at their feet" in record["depth"]["how"]


def test_without_depth_there_is_nothing_to_look_at(tmp_path: Path, make_project: MakeProject) -> None:
    make(make_project(tmp_path, changes=small("studio-256")), tmp_path / "out", depth="none")
    assert "plausibility" not in json.loads((tmp_path / "out" / "dataset.json").read_text(encoding="utf-8"))
    assert "objects in depth" not in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_a_large_plan_costs_no_more_than_its_samples_that_are_looked_at(
    tmp_path: Path, make_project: MakeProject
) -> None:
    folder = make_project(tmp_path, changes=["placements=2000"])
    made = Composer(Pictures(make_recipe(storage.load(folder)), None, folder))
    count = len(Plan(made.pictures.recipe))
    found = plausibility(made, LocalStore(folder), spread(count, MOST), count)
    assert found is not None
    assert (found.samples, found.looked_at) == (16_000, MOST)
