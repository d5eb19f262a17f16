"""What stands in a dataset's folder already, and so what a run does there: the run and who asks first decide alike."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from fgbg_studio.core.base.errors import DatasetError, FgbgError
from fgbg_studio.core.base.remedies import ChooseFolder, MoreSamples, Remedies
from fgbg_studio.core.base.store import LocalStore, Store
from fgbg_studio.core.dataset.record import FILE, HIDDEN, Dataset, disk_trouble, done_markers, open_dataset
from fgbg_studio.core.plan.order import PlanOrder, SpreadOrder
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, make_recipe
from fgbg_studio.core.project.model import Project

LOCK = f"{HIDDEN}/lock"
"""The file by which a run holds a dataset."""


class Found(StrEnum):
    """What is in the folder."""

    NEW = "new"
    """Nothing, or what a run left that failed before it made anything: the dataset is made."""
    UNFINISHED = "unfinished"
    """A dataset of this recipe that is not finished, or says something else of its pictures: it is continued."""
    FINISHED = "finished"
    """A dataset of this very recipe with as many samples."""
    LARGER = "larger"
    """A dataset of this recipe that was started with more samples than the limit."""
    OTHER = "other"
    """A dataset of other pictures or settings."""
    TAKEN = "taken"
    """Other files, a damaged dataset, or a file where the folder should be."""
    NOTHING = "nothing"
    """The project makes no sample."""


@dataclass(frozen=True)
class TargetState:
    """What a run would find.

    Attributes:
        found: in the folder.
        total: samples that the run is to make.
        done: of them are there; of a dataset that is refused, all that it has.
        free: a folder's name like this one that is not taken.
        covered: of how many backgrounds and of how many foregrounds the run has samples.
        recipe: of the run, None where the project makes no sample.
        error: why there can be no run, None where there can.
    """

    found: Found
    total: int
    done: int
    free: Path
    recipe: Recipe | None = None
    error: FgbgError | None = None
    covered: tuple[int, int] = (0, 0)

    @property
    def can_go_on(self) -> bool:
        """Whether a run would begin or go on, or there is a finished dataset to open."""
        return self.error is None


def look_at(project: Project, out: Path, limit: int | None = None) -> TargetState:
    """What a run of ``project`` into the folder ``out`` would find; looks at every pair of pictures."""
    try:
        recipe, plan = _planned(project)
    except FgbgError as error:
        return TargetState(Found.NOTHING, 0, 0, free_folder(out), error=error)
    samples = min(plan.made, limit or plan.made)
    store = LocalStore(out)
    found, done, refusal = found_in(store, recipe, samples)
    if refusal is None and found is not Found.FINISHED:
        refusal = _closed(store)
        found = Found.TAKEN if refusal else found
    begun = found is Found.UNFINISHED and has_begun(store)
    covered = _covered(plan, samples, open_dataset(store).extent.order if begun else "spread")
    return TargetState(found, samples, done, free_folder(out), recipe, refusal, covered)


def would_begin(project: Project, store: Store, limit: int | None = None) -> bool:
    """Whether a run of ``project`` would begin a new dataset in ``store``."""
    try:
        recipe, plan = _planned(project)
    except FgbgError:
        return False
    return found_in(store, recipe, min(plan.made, limit or plan.made))[0] is Found.NEW


def _planned(project: Project) -> tuple[Recipe, Plan]:
    recipe = make_recipe(project)
    plan = Plan(recipe)
    plan.check()
    return recipe, plan


class StoreHeldError(DatasetError):
    """Another run holds the store."""

    def __init__(self, store: Store) -> None:
        way_out: Remedies = ["wait for it", ChooseFolder("choose another folder")]
        super().__init__(f"{store.where()} is being written by another run", way_out)


@contextmanager
def holding(store: Store) -> Iterator[None]:
    """Hold a dataset against runs and all who write into it.

    Raises:
        StoreHeldError: another one is at it.
    """
    with ExitStack() as hold:
        try:
            hold.enter_context(store.lock(LOCK))
        except TimeoutError as error:
            raise StoreHeldError(store) from error
        yield


def _closed(store: LocalStore) -> DatasetError | None:
    """Why nothing can be written there now: permissions, or another run."""
    there = next(folder for folder in (store.root, *store.root.absolute().parents) if folder.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return DatasetError(f"{there} cannot be written to", ChooseFolder("choose another folder"))
    if store.exists(LOCK):
        try:
            with holding(store):
                pass
        except StoreHeldError as error:
            return error
        except OSError:
            pass  # of a disk that refuses, the run says more
    return None


def _covered(plan: Plan, samples: int, order: str) -> tuple[int, int]:
    """Of how many backgrounds and foregrounds a run of so many samples has some."""
    backgrounds, foregrounds = plan.exclusions.kept_pictures
    if samples == plan.made:
        return len(backgrounds), len(foregrounds)
    chosen = SpreadOrder(plan) if order == "spread" else PlanOrder(plan)
    at = plan.places(chosen.numbers(0, samples))
    return len(np.unique(at["background"])), len(np.unique(at["foreground"]))


def found_in(store: Store, recipe: Recipe, samples: int) -> tuple[Found, int, DatasetError | None]:
    """What a run of ``recipe`` that is to make ``samples`` samples finds: ``found``, ``done`` and ``error``."""
    try:
        with disk_trouble(store):
            return _found(store, recipe, samples)
    except DatasetError as trouble:
        return Found.TAKEN, 0, trouble


def refuse_other_files(store: Store) -> None:
    """See that the store is a dataset's, or may become one.

    Raises:
        DatasetError: it is no folder, or holds other files.
    """
    try:
        ours = store.exists(HIDDEN) or store.exists(FILE) or not store.names()
    except NotADirectoryError as error:
        raise DatasetError(f"{store.where()} is a file", ChooseFolder("choose a folder for the dataset")) from error
    if not ours:
        problem = f"{store.where()} is not empty and holds no dataset of this program"
        raise DatasetError(problem, ChooseFolder("choose a new folder"))


def free_folder(out: Path) -> Path:
    """A name like ``out`` that is not taken: NAME-2, NAME-3 and so on."""
    stem, _, last = out.name.rpartition("-")
    base = stem if stem and last.isdecimal() else out.name
    return next(path for i in range(2, 10_000) if not (path := out.with_name(f"{base}-{i}")).exists())


def _found(store: Store, recipe: Recipe, samples: int) -> tuple[Found, int, DatasetError | None]:
    refuse_other_files(store)
    if not store.exists(FILE):
        return Found.NEW, 0, None
    known, where = open_dataset(store), store.where()
    recipe = known.continued(recipe)
    if known.recipe.silent() != recipe.silent():
        if not has_begun(store):
            return Found.NEW, 0, None
        problem = f"{where} holds a dataset of other pictures or settings ({_difference(known.recipe, recipe)})"
        return Found.OTHER, known.samples, DatasetError(problem, ChooseFolder())
    if known.samples > samples:
        problem = f"{where} was started with {known.samples:,} samples, more than {samples:,}"
        return Found.LARGER, known.samples, DatasetError(problem, MoreSamples())
    if known.complete and known.samples == samples and known.recipe == recipe:
        return Found.FINISHED, samples, None
    return Found.UNFINISHED, _made(known, samples), None


def has_begun(store: Store) -> bool:
    """Whether anything was made that could be mixed up: a beginning may fail, by a network that is missing, say."""
    return any(name != FILE and not name.startswith(".") for name in store.names())


def _made(dataset: Dataset, samples: int) -> int:
    """How many of the ``samples`` that it is to have are in finished shards."""
    shards = dataset.extent.raised(samples).shards(dataset.recipe.settings.shard)
    return sum(marker["stop"] - marker["start"] for _, marker in done_markers(dataset, shards))


def _difference(old: Recipe, new: Recipe) -> str:
    """Where two recipes first differ, as a dotted key."""
    one: Any = old.model_dump(mode="json")
    two: Any = new.model_dump(mode="json")
    path: list[str] = []
    while isinstance(one, dict) and isinstance(two, dict):
        key = next((k for k in {**one, **two} if one.get(k) != two.get(k)), None)
        if key is None:
            break
        path.append(key)
        one, two = one.get(key), two.get(key)
    return ".".join(path)
