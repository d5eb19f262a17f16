"""Which samples stand for a plan: the same for the same seed, and of the same pictures when settings change."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.interfaces.layout import Axis
from fgbg_studio.core.plan.oddities import ODDITIES, depths
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe

COUNT = 60
"""Samples that a window shows; fewer, for a sheet, are the first of them."""

_LOOKED_AT = 20_000
"""Samples of which a choice is made by what becomes of them, at some 2 µs each."""

_AXES: tuple[Axis, ...] = ("background", "foreground", "mirrored", "placement")


@dataclass(frozen=True)
class SampleSelection:
    """What a person asked for; ``background`` and ``foreground`` are hashes, empty for all.

    ``excluded`` says whether only excluded samples are meant, or only those that are made; None for both. ``layer`` is
    a depth layer, -1 for all; ``heights`` are least and greatest height of the object as parts of the frame's,
    ``depths`` how far away it is in metres by the camera, None for any. ``order`` names an oddity
    (`core.plan.oddities`) by which they are ordered, the oddest first, or ``backwards``; empty for as they are drawn.
    """

    seed: int = 1
    background: str = ""
    foreground: str = ""
    count: int = COUNT
    excluded: bool | None = None
    layer: int = -1
    heights: tuple[float, float] = (0.0, 1.0)
    depths: tuple[float, float] | None = None
    order: str = ""
    backwards: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether samples are chosen by what becomes of them."""
        return self.layer >= 0 or self.heights != (0.0, 1.0) or self.depths is not None or bool(self.order)


class Selected(NamedTuple):
    """Samples that stand for all that are as wanted: their ``numbers``, and of how many they are some.

    ``fitting`` is ``exact``, or taken from the share among those that were looked at.
    """

    numbers: list[int]
    fitting: int
    exact: bool = True


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
    kept = zip((recipe.backgrounds, recipe.foregrounds), Plan(recipe).exclusions.kept_pictures, strict=True)
    backgrounds, foregrounds = (
        tuple(sources[numbers[i]] for i in spread(len(numbers), most)) for sources, numbers in kept
    )
    return recipe.model_copy(update={"backgrounds": backgrounds, "foregrounds": foregrounds})


def selected(plan: Plan, choice: SampleSelection) -> list[int]:
    """The numbers of `chosen`."""
    return chosen(plan, choice).numbers


def chosen(plan: Plan, choice: SampleSelection) -> Selected:
    """Different samples from all over the plan, or of all there are where there are few.

    The first of a larger ``count`` are those of a smaller one. Each number is drawn as a fraction of every axis,
    so that a placement with fewer places, or one more foreground, shows the same pictures again wherever that is
    possible.
    """
    fixed = _fixed(plan, choice)
    free = tuple(1 if axis in fixed else count for axis, count in zip(_AXES, plan.counts.along(_AXES), strict=True))
    total = math.prod(free)
    rng = np.random.default_rng(choice.seed)
    if choice.narrowed:
        return _narrowed(plan, choice, fixed, free, rng)
    gone = _excluded(plan, fixed)
    if choice.excluded:
        found: list[int] = rng.permutation(gone)[: choice.count].tolist()
        return Selected(found, len(gone))
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
    fitting = total if choice.excluded is None else total - len(gone)
    return Selected(list(dict.fromkeys(numbers.tolist()))[: choice.count], fitting)


def _excluded(plan: Plan, fixed: Mapping[Axis, int]) -> NDArray[np.int64]:
    """The numbers of the excluded samples of these pictures."""
    if not (fixed and len(plan.excluded)):
        return plan.excluded
    at = plan.places(plan.excluded)
    few = np.ones(len(plan.excluded), np.bool_)
    for axis, place in fixed.items():
        few &= at[axis] == place
    return plan.excluded[few]


def _narrowed(
    plan: Plan, choice: SampleSelection, fixed: Mapping[Axis, int], free: tuple[int, ...], rng: np.random.Generator
) -> Selected:
    """Those of at most `_LOOKED_AT` samples from all over the plan that are as wanted, in the order that is wanted."""
    total = math.prod(free)
    drawn = rng.permutation(total) if total <= _LOOKED_AT else rng.integers(0, total, _LOOKED_AT)
    places = dict(zip(_AXES, np.unravel_index(drawn, free), strict=True))
    numbers = plan.numbers(
        {axis: np.full_like(at, fixed[axis]) if axis in fixed else at for axis, at in places.items()}
    )
    numbers = numbers[np.sort(np.unique(numbers, return_index=True)[1])]
    looked_at = len(numbers)
    if choice.excluded is not None:
        numbers = numbers[np.isin(numbers, plan.excluded) == choice.excluded]
    table, size = plan.table_of(numbers), plan.recipe.settings.size
    one, (low, high) = table.objects[0], choice.heights
    wanted = (one.height >= low * size) & (one.height <= high * size)
    if choice.layer >= 0:
        wanted &= one.layer == choice.layer
    if choice.depths is not None:
        away = depths(plan, table)
        wanted &= (away >= choice.depths[0]) & (away <= choice.depths[1])
    found = np.flatnonzero(wanted)
    if choice.order:
        score = ODDITIES[choice.order](plan, table)[found]
        found = found[np.argsort(score if choice.backwards else -score, kind="stable")]
    kept: list[int] = numbers[found][: choice.count].tolist()
    return Selected(kept, round(total * len(found) / looked_at), exact=len(found) == looked_at or looked_at == total)


def _fixed(plan: Plan, choice: SampleSelection) -> dict[Axis, int]:
    fixed: dict[Axis, int] = {}
    for number, background in enumerate(plan.recipe.backgrounds):
        if background.sha256 == choice.background:
            fixed["background"] = number
    for number, foreground in enumerate(plan.recipe.foregrounds):
        if foreground.sha256 == choice.foreground:
            fixed["foreground"] = number
    return fixed
