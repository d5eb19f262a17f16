"""Which samples stand for a plan: the same for the same seed, and of the same pictures when settings change."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fgbg_studio.core.interfaces.layout import Axis
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe

COUNT = 60
"""Samples that a window shows; fewer, for a sheet, are the first of them."""

_AXES: tuple[Axis, ...] = ("background", "foreground", "mirrored", "placement")


@dataclass(frozen=True)
class SampleSelection:
    """What a person asked for; ``background`` and ``foreground`` are hashes, empty for all.

    ``excluded`` says whether only excluded samples are meant, or only those that are made; None for both.
    """

    seed: int = 1
    background: str = ""
    foreground: str = ""
    count: int = COUNT
    excluded: bool | None = None


def spread(total: int, count: int, seed: int = 0) -> list[int]:
    """``count`` different numbers below ``total``, evenly spread and the same for the same seed, in order."""
    count = min(count, total)
    return sorted(int(i) for i in np.random.default_rng(seed).choice(total, count, replace=False))


def some_of(plan: Plan, count: int, seed: int = 0) -> list[int]:
    """The numbers of ``count`` of the samples of ``plan`` that are made, chosen as by `spread`, ascending."""
    places = np.array(spread(plan.made, count, seed), np.int64)
    gone = plan.excluded
    found: list[int] = (places + np.searchsorted(gone - np.arange(len(gone)), places, side="right")).tolist()
    return found


def thinned(recipe: Recipe, most: int) -> Recipe:
    """The recipe with at most so many backgrounds and as many foregrounds, evenly spread, for a look at large plans.

    A sample is the same in both, as it follows from its pictures and not from their numbers.
    """
    kept = zip((recipe.backgrounds, recipe.foregrounds), Plan(recipe).kept_pictures, strict=True)
    backgrounds, foregrounds = (
        tuple(sources[numbers[i]] for i in spread(len(numbers), most)) for sources, numbers in kept
    )
    return recipe.model_copy(update={"backgrounds": backgrounds, "foregrounds": foregrounds})


def selected(plan: Plan, choice: SampleSelection) -> list[int]:
    """Numbers of different samples from all over the plan, or of all there are where there are few.

    The first of a larger ``count`` are those of a smaller one. Each number is drawn as a fraction of every axis,
    so that a placement with fewer places, or one more foreground, shows the same pictures again wherever that is
    possible.
    """
    fixed = _fixed(plan, choice)
    free = tuple(1 if axis in fixed else count for axis, count in zip(_AXES, plan.counts.along(_AXES), strict=True))
    total = math.prod(free)
    rng = np.random.default_rng(choice.seed)
    if choice.excluded:
        at = plan.places(plan.excluded)
        few = np.ones(len(plan.excluded), np.bool_)
        for axis, place in fixed.items():
            few &= at[axis] == place
        found: list[int] = rng.permutation(plan.excluded[few])[: choice.count].tolist()
        return found
    if total <= 4 * max(choice.count, COUNT):
        places = np.unravel_index(rng.permutation(total), free)
    else:
        drawn = rng.random((4 * choice.count, len(_AXES)))
        places = tuple((drawn * free).astype(np.int64).T)
    columns = {
        axis: np.full_like(place, fixed[axis]) if axis in fixed else place
        for axis, place in zip(_AXES, places, strict=True)
    }
    numbers = plan.numbers(columns)
    if choice.excluded is False:
        numbers = numbers[~np.isin(numbers, plan.excluded)]
    return list(dict.fromkeys(numbers.tolist()))[: choice.count]


def _fixed(plan: Plan, choice: SampleSelection) -> dict[Axis, int]:
    fixed: dict[Axis, int] = {}
    for number, background in enumerate(plan.recipe.backgrounds):
        if background.sha256 == choice.background:
            fixed["background"] = number
    for number, foreground in enumerate(plan.recipe.foregrounds):
        if foreground.sha256 == choice.foreground:
            fixed["foreground"] = number
    return fixed
