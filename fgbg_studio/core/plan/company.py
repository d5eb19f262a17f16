"""The further objects of a sample: who stands beside the first, and where.

Each is a function of the sample's identity and of its own number alone. One whose box would cover, or be covered by,
nearer boxes by more than the scene's rule allows is drawn anew, and left out where it is not found a place so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.plan.keyed import GOLDEN, Keys, draws_of, mix
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.plan.table import Flags, ObjectColumns

ATTEMPTS = 12
"""How often an object is drawn before it is left out."""

_CUT = np.uint64(0x6375745F62795F66)  # keys the draws of which objects the frame cuts
_WHO, _WHERE = 3, 4  # draws: foreground, side and number of the place; what a placement takes

Draw = Callable[[Ints, int], Floats]
"""(rows, how often before) → (len(rows), 4) uniform in [0, 1)."""


class PlacingByPlan(NamedTuple):
    """What places objects as a plan does, (n,) of each.

    Attributes:
        stand: foregrounds, by their numbers, in backgrounds, as the placement does with its own numbers and sides.
        cut: objects in backgrounds, of which the frame cuts some by draws, (n, 3); see `core.plan.truncation`.
        away: how far away objects in backgrounds are, in metres by the camera and the placement.
        keys: by the identity of each sample (background, foreground, number of the place, side): of its random numbers.
    """

    stand: Callable[[Ints, Ints, Ints, Flags, Draw], ObjectColumns]
    away: Callable[[Ints, ObjectColumns], Floats]
    cut: Callable[[Ints, ObjectColumns, Floats], ObjectColumns]
    keys: Callable[[Ints, Ints, Ints, Flags], Keys]


class Company:
    """Gives the first objects of samples their company.

    Args:
        recipe: of the plan.
        placements: how many numbers its placement counts through.
        kept: the numbers of the foregrounds that are not excluded.
        standing: of the plan.
        apart: backgrounds with foregrounds, by their numbers, that are excluded together.
    """

    def __init__(
        self, recipe: Recipe, placements: int, kept: Ints, standing: PlacingByPlan, apart: Sequence[tuple[int, int]]
    ) -> None:
        self._rule, self._mirrored = recipe.settings.scene, recipe.settings.mirrored
        self._placements, self._standing = placements, standing
        self._allowed = np.zeros((len(recipe.backgrounds), len(recipe.foregrounds)), np.bool_)
        self._allowed[:, kept] = True
        for background, foreground in apart:
            self._allowed[background, foreground] = False
        names = [source.category for source in recipe.foregrounds]
        self._class: Ints = np.unique(names, return_inverse=True)[1].reshape(-1)
        if self._rule.classes == "any":
            self._class = np.zeros(len(names), np.int64)
        others = self._rule.classes == "other"
        self._candidates = [np.flatnonzero((self._class == one) != others) for one in range(self._class.max() + 1)]

    def __call__(
        self, b: Ints, k: Ints, first: ObjectColumns
    ) -> tuple[tuple[ObjectColumns, ...], tuple[Ints, ...], tuple[Floats, ...]]:
        """Objects, rows of the further ones and depths, as `SampleTable` has them, of samples with these first ones.

        Args:
            b: (n,) backgrounds.
            k: (n,) numbers of the first objects' places.
            first: (n,) each.
        """
        least, most = self._rule.objects.least, self._rule.objects.most
        keys = self._standing.keys(b, first.foreground, k, first.mirrored)
        wanted = least + np.floor(draws_of(mix(keys ^ GOLDEN), 1)[:, 0] * (most - least + 1)).astype(np.int64)
        crowd = _Crowd(len(b), most, self._rule.overlap)
        depths = [self._standing.away(b, first)]
        crowd.add(np.arange(len(b)), first, depths[0])
        objects, further = [first], list[Ints]()
        for number in range(1, most):
            own = mix(keys + np.array([number], np.uint64) * GOLDEN)
            rows, columns, away = self._number(np.flatnonzero(wanted > number), b, first.foreground, own, crowd)
            objects.append(columns)
            further.append(rows)
            depths.append(away)
        return tuple(objects), tuple(further), tuple(depths)

    def _number(
        self, rows: Ints, b: Ints, beside: Ints, keys: Keys, crowd: _Crowd
    ) -> tuple[Ints, ObjectColumns, Floats]:
        """One more object for each of these rows that has room for it; the rows that have, ascending."""
        parts = []
        for attempt in range(ATTEMPTS):
            drawn = draws_of(keys[rows], _WHO, attempt)
            f = self._foregrounds(b[rows], beside[rows], drawn[:, 0])
            flip = (drawn[:, 1] < 0.5) & self._mirrored
            k = np.floor(drawn[:, 2] * self._placements).astype(np.int64)
            there = np.flatnonzero(f >= 0)
            seeds = mix(keys[rows[there]] ^ (np.array([attempt + 1], np.uint64) * GOLDEN))
            columns = self._standing.stand(b[rows[there]], f[there], k[there], flip[there], _Draws(seeds))
            if self._rule.truncation:
                draws = draws_of(mix(seeds ^ _CUT), 3)
                columns = self._standing.cut(b[rows[there]], columns, draws)
            away = self._standing.away(b[rows[there]], columns)
            fits = np.flatnonzero(crowd.fits(rows[there], columns, away))
            taken = columns.of(fits)
            crowd.add(rows[there[fits]], taken, away[fits])
            parts.append((rows[there[fits]], taken, away[fits]))
            rows = np.delete(rows, there[fits])
            if not len(rows):
                break
        found = np.concatenate([part[0] for part in parts])
        order, (first, *others) = np.argsort(found), [part[1] for part in parts]
        return found[order], first.joined(others).of(order), np.concatenate([part[2] for part in parts])[order]

    def _foregrounds(self, b: Ints, beside: Ints, draw: Floats) -> Ints:
        """(n,) foregrounds by a draw each, -1 where there is none of the class or it is excluded.

        It may be so by itself, or with the background.
        """
        found = np.full(len(beside), -1)
        of = self._class[beside]
        for one in np.unique(of).tolist():
            candidates = self._candidates[one]
            if len(candidates):
                chosen = of == one
                found[chosen] = candidates[np.floor(draw[chosen] * len(candidates)).astype(np.int64)]
        return np.where(self._allowed[b, found], found, -1)


class _Draws:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def __call__(self, rows: Ints, again: int) -> Floats:
        return draws_of(self._keys[rows], _WHERE, again)


class _Crowd:
    """The objects that n samples have so far, and how much of each box nearer boxes cover."""

    def __init__(self, n: int, most: int, overlap: float) -> None:
        self._box: Ints = np.zeros((n, most, 4), np.int64)  # left, top, right, bottom
        self._depth: Floats = np.full((n, most), np.inf)
        self._covered: Ints = np.zeros((n, most), np.int64)
        self._count: Ints = np.zeros(n, np.int64)
        self._overlap = overlap

    def fits(self, rows: Ints, columns: ObjectColumns, away: Floats) -> Flags:
        """(m,) whether one more of each of these rows leaves every object what must be seen of it."""
        hidden, covered = self._with(rows, columns, away)
        box = self._box[rows]
        areas = (box[..., 2] - box[..., 0]) * (box[..., 3] - box[..., 1])
        seen = (covered <= self._overlap * areas).all(axis=1) & (
            hidden <= self._overlap * columns.width * columns.height
        )
        return np.asarray(seen, np.bool_)

    def add(self, rows: Ints, columns: ObjectColumns, away: Floats) -> None:
        """One more of each of these rows."""
        hidden, covered = self._with(rows, columns, away)
        self._covered[rows] = covered
        at = self._count[rows]
        x, y = columns.x, columns.y
        self._box[rows, at] = np.stack([x, y, x + columns.width, y + columns.height], axis=1)
        self._depth[rows, at], self._covered[rows, at] = away, hidden
        self._count[rows] += 1

    def _with(self, rows: Ints, columns: ObjectColumns, away: Floats) -> tuple[Ints, Ints]:
        """(m,) pixels of the new boxes that nearer ones cover, and (m, most) of those that there are."""
        box = self._box[rows]
        wide = np.minimum(box[..., 2], (columns.x + columns.width)[:, None]) - np.maximum(
            box[..., 0], columns.x[:, None]
        )
        foot = (columns.y + columns.height)[:, None]
        high = np.minimum(box[..., 3], foot) - np.maximum(box[..., 1], columns.y[:, None])
        shared = np.maximum(wide, 0) * np.maximum(high, 0)
        before = (self._depth[rows] < away[:, None]) | ((self._depth[rows] == away[:, None]) & (box[..., 3] > foot))
        return (shared * before).sum(axis=1), self._covered[rows] + shared * ~before
