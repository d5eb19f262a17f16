"""How tall foregrounds are likely: by class, by shape, and never decided by the program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.dataset.check import check
from fgbg_studio.core.plan.fitting_heights import fitting_heights, with_fitting_heights
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.heights import (
    SuggestedHeight,
    doubtful,
    height_of_class,
    suggested_height,
    with_height,
    with_likelier_heights,
    without_height,
)
from fgbg_studio.core.project.model import Foreground
from tests.conftest import content_hash


def cutout(width: int, height: int, category: str = "", name: str = "a") -> Foreground:
    box = (0, 0, width, height)
    return Foreground(
        file=f"foregrounds/{name}.png", sha256=content_hash("a", 0), width=width, height=height, box=box, contour=box,
        category=category,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("category", "metres"),
    [
        ("person", 1.7), ("Child", 1.1), ("dog", 0.6), ("car", 1.5), ("chair", 0.9), ("office chair", 0.9),
        ("dogs", 0.6), ("hot dog", 0.06), ("Teddy_Bear", 0.35), ("banana1", 0.15),
        ("parked_car", 1.5), ("zeppelin", None), ("", None), ("carpet", None),
    ],
)  # fmt: skip
def test_a_class_has_its_usual_height(category: str, metres: float | None) -> None:
    assert height_of_class(category) == metres


@pytest.mark.parametrize(
    ("foreground", "likely"),
    [
        (cutout(40, 110), SuggestedHeight(1.7)),
        (cutout(80, 100), SuggestedHeight(1.25, "sitting")),
        (cutout(200, 60), SuggestedHeight(0.51, "lying")),
        (cutout(200, 60, "person"), SuggestedHeight(0.51, "lying")),
        (cutout(200, 60, "dog"), SuggestedHeight(0.6, "dog")),
        (cutout(200, 100, "car"), SuggestedHeight(1.5, "car")),
        (cutout(60, 100, "chair"), SuggestedHeight(0.9, "chair")),
        (cutout(200, 150, name="dog-01"), SuggestedHeight(0.6, "by its name")),
        (cutout(200, 60, name="person-01"), SuggestedHeight(0.51, "lying")),
        (cutout(60, 100, "chair", "dog-01"), SuggestedHeight(0.9, "chair")),
        (cutout(40, 110, "child"), SuggestedHeight(1.1, "child")),
    ],
)
def test_who_lies_or_sits_is_not_as_tall_as_who_stands(foreground: Foreground, likely: SuggestedHeight) -> None:
    assert suggested_height(foreground) == likely


def test_what_is_assumed_is_said_and_only_a_person_sets_it(make_project: Callable[..., Path], tmp_path: Path) -> None:
    folder = make_project(tmp_path, n_fg=2)
    project = storage.load(folder)
    chair = project.foregrounds[1].model_copy(update={"category": "chair"})
    project = project.model_copy(update={"foregrounds": (project.foregrounds[0], chair)})
    assert without_height(project) == list(project.foregrounds)
    assert [one.file for one, _ in doubtful(project)] == [chair.file]
    assert [source.real_height for source in make_recipe(project).foregrounds] == [1.7, 1.7]
    (said,) = [issue for issue in check(folder, project) if issue.code == "height-assumed"]
    assert "1 of 2 foregrounds have no real height of their own and are taken as 1.7 m tall" in said.message
    assert f"{chair.file} 0.9 m" in said.message
    decided = with_likelier_heights(project)
    assert [source.real_height for source in make_recipe(decided).foregrounds] == [1.7, 0.9]
    assert not doubtful(decided)
    assert "height-assumed" not in {issue.code for issue in check(folder, decided)}
    assert with_height(decided, chair.sha256, None) == project


def test_a_height_with_which_it_fits_no_frame_is_not_set_but_said(
    make_project: Callable[..., Path], tmp_path: Path
) -> None:
    """'Set these heights' made a banana 0.15 m tall, and then nothing could be generated."""
    folder = make_project(tmp_path, n_fg=3, changes=["placement=perspective", "placement.smallest=0.3"])
    project = storage.load(folder)
    banana = project.foregrounds[1].model_copy(update={"category": "banana"})
    chair = project.foregrounds[2].model_copy(update={"category": "chair"})
    project = project.model_copy(update={"foregrounds": (project.foregrounds[0], banana, chair)})
    Plan(make_recipe(project)).check()
    with pytest.raises(PlanError):
        Plan(make_recipe(with_likelier_heights(project))).check()
    fitting, misfits = fitting_heights(project)
    assert ([one.file for one, _ in fitting], [one.file for one, _ in misfits]) == ([chair.file], [banana.file])
    decided = with_fitting_heights(project)
    assert [one.real_height for one in decided.foregrounds] == [None, None, 0.9]
    Plan(make_recipe(decided)).check()
    (said,) = [issue for issue in check(folder, project) if issue.code == "height-misfit"]
    assert f"{banana.file} {suggested_height(banana).metres:g} m" in said.message
    (said,) = [issue for issue in check(folder, project) if issue.code == "height-assumed"]
    assert banana.file not in said.message
    assert with_fitting_heights(decided) == decided
