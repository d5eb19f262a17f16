"""Which samples a recipe excludes, by their numbers, and how many a project does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.plan.axes import PlanAxes, counts_of
from fgbg_studio.core.plan.recipe import BackgroundSource, ForegroundSource, Recipe, make_recipe
from fgbg_studio.core.project.model import Project


def axes_of(recipe: Recipe) -> PlanAxes:
    """The axes of the recipe's plan."""
    return PlanAxes(recipe.settings, counts_of(recipe.settings, len(recipe.backgrounds), len(recipe.foregrounds)))


def count_excluded(project: Project) -> tuple[int, int]:
    """How many samples of a project are excluded, and of how many."""
    counts = counts_of(project.settings, len(project.good_backgrounds()), len(project.good_foregrounds()))
    if not (project.excluded and counts.samples):
        return 0, counts.samples
    recipe = make_recipe(project)
    return len(ExcludedNumbers(recipe, axes_of(recipe)).every), counts.samples


class ExcludedNumbers:
    """The samples that ``recipe`` excludes; ``axes`` are those of its plan."""

    def __init__(self, recipe: Recipe, axes: PlanAxes) -> None:
        self._recipe, self._axes = recipe, axes

    @cached_property
    def every(self) -> Ints:
        """(n,) int64, ascending: all of them."""
        if not self._recipe.excluded:
            return np.zeros(0, np.int64)  # numpy loads some 50 ms of itself for the first set of numbers
        return np.unique(np.concatenate([self.of_pictures, self.singly]))

    @cached_property
    def of_pictures(self) -> Ints:
        """Those of which the background or the foreground is excluded as a whole."""
        found: list[Ints] = [np.zeros(0, np.int64)]
        lengths = self._axes.lengths
        for axis, kept in zip(("background", "foreground"), self.kept_pictures, strict=True):
            gone = np.setdiff1d(np.arange(getattr(self._axes.counts, axis)), kept)
            if len(gone):
                places = {other: gone if other == axis else np.arange(number) for other, number in lengths.items()}
                found.append(self._axes.numbers(dict(zip(places, np.ix_(*places.values()), strict=True))).ravel())
        return np.concatenate(found)

    @cached_property
    def singly(self) -> Ints:
        """Those that are excluded by themselves or with their pair."""
        across, down = self._by_hash
        excluded, counts, found = self._recipe.excluded, self._axes.counts, [np.zeros(0, np.int64)]
        if self.pairs:
            b, f = (column[:, None, None] for column in np.array(self.pairs).T)
            sides, places = np.ix_(np.arange(counts.mirrored), np.arange(counts.placement))
            numbers = self._axes.numbers({"background": b, "foreground": f, "mirrored": sides, "placement": places})
            found.append(numbers.ravel())
        singly = [
            (b, f, self._axes.side(mirrored), k)
            for background, foreground, mirrored, k in excluded.items()
            if mirrored is not None and k < counts.placement and mirrored < counts.mirrored
            for b in across.get(background, ())
            for f in down.get(foreground, ())
        ]
        if singly:
            b, f, side, k = np.array(singly).T
            found.append(self._axes.numbers({"background": b, "foreground": f, "mirrored": side, "placement": k}))
        return np.concatenate(found)

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Backgrounds with foregrounds that are excluded together, by their numbers."""
        across, down = self._by_hash
        return [
            (b, f) for one, two in self._recipe.excluded.pairs for b in across.get(one, ()) for f in down.get(two, ())
        ]

    @cached_property
    def _by_hash(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        return _by_hash(self._recipe.backgrounds), _by_hash(self._recipe.foregrounds)

    @cached_property
    def kept_pictures(self) -> tuple[Ints, Ints]:
        """The numbers of the backgrounds and of the foregrounds that are not excluded as a whole, ascending."""
        recipe, excluded = self._recipe, self._recipe.excluded
        return _kept(recipe.backgrounds, excluded.backgrounds), _kept(recipe.foregrounds, excluded.foregrounds)


def _kept(sources: Sequence[BackgroundSource | ForegroundSource], gone: Sequence[str]) -> Ints:
    out = frozenset(gone)
    return np.array([number for number, source in enumerate(sources) if source.sha256 not in out], np.int64)


def _by_hash(sources: Sequence[BackgroundSource | ForegroundSource]) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    for number, source in enumerate(sources):
        numbers.setdefault(source.sha256, []).append(number)
    return numbers
