"""What stands in the chosen folder already, and so what a run would do there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fgbg_studio.core.base.errors import DatasetError, FgbgError
from fgbg_studio.core.dataset.record import FILE, HIDDEN, Dataset, done_shards, open_dataset
from fgbg_studio.core.dataset.shards import shards_of
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, make_recipe
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.session.run_options import RunOptions, free_folder


class Found(StrEnum):
    """What is in the folder."""

    NEW = "new"
    """Nothing: it is made."""
    UNFINISHED = "unfinished"
    """A dataset of this very recipe that is not finished: it is continued."""
    FINISHED = "finished"
    """A dataset of this very recipe with as many samples."""
    LARGER = "larger"
    """A dataset of this recipe that was begun with more samples than the limit."""
    OTHER = "other"
    """A dataset of other pictures or settings."""
    TAKEN = "taken"
    """Other files, or a file where the folder should be."""
    NOTHING = "nothing"
    """The project makes no sample; ``error`` says why."""


@dataclass(frozen=True)
class TargetState:
    """``done`` of ``total`` samples are there; ``free`` is a folder's name that is not taken.

    ``recipe`` is that of the run, None where the project makes no sample.
    """

    found: Found
    total: int
    done: int
    free: Path
    recipe: Recipe | None = None
    error: FgbgError | None = None

    @property
    def can_go_on(self) -> bool:
        """Whether a run would begin or go on, or there is a finished dataset to open."""
        return self.found in {Found.NEW, Found.UNFINISHED, Found.FINISHED}


def look_at(project: Project, choices: RunOptions) -> TargetState:
    """What a run of ``project`` would find; reads the folder and looks at every pair of pictures."""
    free = free_folder(choices.out)
    try:
        recipe = make_recipe(project)
        plan = Plan(recipe)
        plan.check()
    except FgbgError as error:
        return TargetState(Found.NOTHING, 0, 0, free, error=error)
    total = min(len(plan), choices.limit or len(plan))
    found, done = _found(choices.out, recipe, total)
    return TargetState(found, total, done, free, recipe)


def _found(out: Path, recipe: Recipe, total: int) -> tuple[Found, int]:
    try:
        if not out.exists() or (out.is_dir() and not any(out.iterdir())):
            return Found.NEW, 0
        if not (out / FILE).exists():
            return (Found.NEW if (out / HIDDEN).is_dir() else Found.TAKEN), 0
        return _known(open_dataset(out), recipe, total)
    except (DatasetError, OSError):
        return Found.TAKEN, 0


def _known(known: Dataset, recipe: Recipe, total: int) -> tuple[Found, int]:
    if known.recipe.silent() != recipe.silent():
        begun = any(path.name != FILE and not path.name.startswith(".") for path in known.root.iterdir())
        return (Found.OTHER, known.samples) if begun else (Found.NEW, 0)
    if known.samples > total:
        return Found.LARGER, known.samples
    if known.complete and known.samples == total and known.recipe == recipe:
        return Found.FINISHED, total
    return Found.UNFINISHED, made_of(known, total)


def made_of(dataset: Dataset, total: int) -> int:
    """How many of its first ``total`` samples are in finished shards."""
    shards = shards_of(total, dataset.recipe.settings.shard)
    done = done_shards(dataset.root, shards)
    return sum(shard.stop - shard.start for shard in shards if shard.number in done)
