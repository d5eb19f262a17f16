"""Likelier heights of foregrounds, and whether the plan has a place for them if they are so tall."""

from __future__ import annotations

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project.exclusions import Exclusions
from fgbg_studio.core.project.heights import SuggestedHeight, doubtful, with_height, with_likelier_heights
from fgbg_studio.core.project.model import Foreground, Project

Suggested = list[tuple[Foreground, SuggestedHeight]]


def fitting_heights(project: Project) -> tuple[Suggested, Suggested]:
    """The `doubtful` foregrounds with what is likelier: those that fit into the frame then, and those that do not.

    One that does not fit as it is taken now, either, is none of the second.
    """
    odd = doubtful(project)
    if not odd or not project.settings.placement.uses_camera or not project.good_backgrounds():
        return odd, []
    if _fits(with_likelier_heights(project)):
        return odd, []
    misfits = [
        (one, likely)
        for one, likely in odd
        if not _alone(project, one.model_copy(update={"real_height": likely.metres})) and _alone(project, one)
    ]
    return [pair for pair in odd if pair not in misfits], misfits


def with_fitting_heights(project: Project) -> Project:
    """The project with the likelier heights that fit."""
    for one, likely in fitting_heights(project)[0]:
        project = with_height(project, one.sha256, likely.metres)
    return project


def _alone(project: Project, foreground: Foreground) -> bool:
    return _fits(project.model_copy(update={"foregrounds": (foreground,), "excluded": Exclusions()}))


def _fits(project: Project) -> bool:
    try:
        Plan(make_recipe(project)).check()
    except FgbgError:
        return False
    return True
