"""A background and a foreground tried in the frame, and what the lines change in the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.interfaces.placement import Guide
from fgbg_studio.core.placement.region_mask import CELLS, pack
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.plan.what_if import WhatIf, has_camera, with_guide, without_camera
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.model import Project

MakeProject = Callable[..., Path]


@pytest.fixture(scope="module", params=["layers-150", "studio-256", "classroom-192", "course-200"])
def project(
    request: pytest.FixtureRequest, make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory
) -> Project:
    return storage.load(make_project(tmp_path_factory.mktemp("trial"), preset=request.param))


def test_the_two_have_the_samples_of_the_whole_plan(project: Project) -> None:
    plan = Plan(make_recipe(project))
    for b, background in enumerate(project.backgrounds):
        for f, foreground in enumerate(project.foregrounds):
            trial = WhatIf(project, background, foreground)
            for mirrored in (False, True):
                for k in (0, 3, 7):
                    whole = plan[plan.number(b, f, mirrored, k)]
                    assert whole.identity == (b, f, mirrored, k)
                    tried = trial.sample(mirrored, k)
                    assert (tried.k, tried.first[1:]) == (whole.k, whole.first[1:])


def test_taken_to_where_it_stands_nothing_changes(project: Project) -> None:
    trial = WhatIf(project, project.backgrounds[0], project.foregrounds[1])
    for k in range(10):
        sample = trial.sample(True, k)
        assert trial.at(sample, sample.first.x + sample.first.width / 2, sample.first.y + sample.first.height) == sample


def test_places_are_the_feet_of_one_side(project: Project) -> None:
    trial = WhatIf(project, project.backgrounds[0], project.foregrounds[0])
    places = trial.places(False)
    assert len(places) == trial.per_pair
    sample = trial.sample(False, 4)
    assert (sample.first.x + sample.first.width / 2, sample.first.y + sample.first.height) in places


def test_fewer_placements_and_sides_have_the_next_sample(make_project: MakeProject, tmp_path: Path) -> None:
    small = storage.load(make_project(tmp_path, changes=["placements=3", "mirrored=false"]))
    trial = WhatIf(small, small.backgrounds[0], small.foregrounds[0])
    sample = trial.sample(True, 19)
    assert (sample.first.mirrored, sample.k) == (False, 2)


def test_no_place_is_said_with_the_foregrounds_name(make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project(tmp_path, preset="layers-150", changes=["placement.sizes=[400]"])
    project = storage.load(folder)
    trial = WhatIf(project, project.backgrounds[0], project.foregrounds[0])
    with pytest.raises(PlanError, match=r"fg_0\.png|0001|foregrounds/"):
        trial.at(trial.unplaced(False, 0), 75, 150)
    assert trial.guides(trial.unplaced(False, 0), 140), "the lines must stay, so that they can be moved back"


def test_the_region_where_objects_may_stand(make_project: MakeProject, tmp_path: Path) -> None:
    project = storage.load(make_project(tmp_path, preset="street-224"))
    first, foreground = project.backgrounds[0], project.foregrounds[0]
    whole = WhatIf(project, first, foreground)
    assert whole.ground() is None
    assert whole.on_ground(whole.sample(False, 0))
    cells = np.zeros((CELLS, CELLS), np.bool_)
    cells[100:, :64] = True
    painted = WhatIf(project, first.model_copy(update={"standing": pack(cells)}), foreground)
    ground = painted.ground()
    assert ground is not None
    assert ground.shape == (224, 224)
    sample = painted.sample(False, 0)
    for x in range(30, 200, 7):
        for foot in (120, 170, 180, 224):
            there = painted.at(sample, x, foot)
            one = there.first
            feet = ground[one.y + one.height - 1, one.x + (one.width - 1) // 2]
            assert painted.on_ground(there) == feet
    assert painted.on_ground(sample)


class TestGuides:
    @pytest.fixture
    def studio(self, make_project: MakeProject, tmp_path: Path) -> Project:
        """Nothing of its backgrounds' cameras is their own."""
        made = storage.load(make_project(tmp_path))
        plain = tuple(background.model_copy(update={"horizon": None}) for background in made.backgrounds)
        return made.model_copy(update={"backgrounds": plain})

    def guide(self, project: Project, name: str, background: int = 0) -> Guide:
        trial = WhatIf(project, project.backgrounds[background], project.foregrounds[0])
        return next(g for g in trial.guides(trial.sample(False, 0), 240) if g.name == name)

    def test_alone_changes_this_background_only(self, studio: Project) -> None:
        sha = studio.backgrounds[0].sha256
        changed = with_guide(studio, sha, self.guide(studio, "horizon"), 30, alone=True)
        assert [b.horizon for b in changed.backgrounds] == [0.3, None]
        assert changed.settings == studio.settings
        assert self.guide(changed, "horizon").row == pytest.approx(0.3 * 256)
        assert self.guide(changed, "horizon", 1).row == pytest.approx(0.45 * 256)
        higher = with_guide(changed, sha, self.guide(changed, "camera"), 2.5, alone=True)
        assert higher.backgrounds[0].camera_height == 2.5
        assert has_camera(higher.backgrounds[0])
        assert without_camera(higher, sha).backgrounds == studio.backgrounds

    def test_for_all_changes_the_settings_and_this_background_follows(self, studio: Project) -> None:
        sha, other = (b.sha256 for b in studio.backgrounds)
        own = with_guide(studio, sha, self.guide(studio, "horizon"), 30, alone=True)
        own = with_guide(own, other, self.guide(own, "horizon"), 60, alone=True)
        changed = with_guide(own, sha, self.guide(own, "horizon"), 50, alone=False)
        assert changed.settings.camera.horizon == 0.5
        assert [b.horizon for b in changed.backgrounds] == [None, 0.6]

    def test_a_placements_value_is_always_the_projects(self, studio: Project) -> None:
        sha = studio.backgrounds[0].sha256
        changed = with_guide(studio, sha, self.guide(studio, "smallest"), 22, alone=True)
        assert changed.settings.placement.smallest == 0.22  # type: ignore[attr-defined]
        assert changed.backgrounds == studio.backgrounds

    def test_depth_by_geometry_brings_the_camera_to_every_placement(
        self, make_project: MakeProject, tmp_path: Path
    ) -> None:
        project = storage.load(make_project(tmp_path, preset="street-224"))
        assert self.guide(project, "horizon").row == pytest.approx(0.45 * 224)
        assert self.guide(project, "camera").row is None
        without = storage.changed(project, {"depth.way": "none"})
        trial = WhatIf(without, without.backgrounds[0], without.foregrounds[0])
        assert trial.guides(trial.sample(False, 0), 200) == ()
