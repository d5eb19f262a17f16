"""Which of a planned sample's objects are laid down, and in which order: what only their pixels and depths tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from cachetools import LRUCache

from fgbg_studio.core.base.sample import PlacedObject, PlacedPatch, Sample, seen_of
from fgbg_studio.core.compose.hiding import Hider
from fgbg_studio.core.interfaces.depth import BATCH, DepthMaker, InsertingMaker
from fgbg_studio.core.project.settings import SceneRule

_LOST = 0.6  # of an object's pixels beyond the frame: nobody could tell what it is
_TRIED = 12  # other places for who is hidden too much
_KEPT = 2 * BATCH  # samples that are settled before they are laid down, and as many again


Elsewhere = Callable[[Sample, int, int], PlacedObject | None]
"""Another place for an object of a planned sample, by its place among the objects and how often it was tried."""


class SeenObjects(NamedTuple):
    """A settled sample's objects as they are laid down.

    ``whole`` are the objects where nothing hides them, ``patches`` what is seen where only the background does, and
    ``contacts`` the depths at which they stand, empty where those did not have to be known.
    """

    whole: tuple[PlacedPatch, ...]
    patches: tuple[PlacedPatch, ...]
    contacts: tuple[float, ...] = ()

    def of(self, places: Sequence[int]) -> SeenObjects:
        """Those of these places."""
        contacts = tuple([self.contacts[at] for at in places]) if self.contacts else ()
        return SeenObjects(
            tuple([self.whole[at] for at in places]), tuple([self.patches[at] for at in places]), contacts
        )

    def with_one(self, at: int, other: SeenObjects) -> SeenObjects:
        """With the one of ``other`` in this place."""
        return SeenObjects(
            (*self.whole[:at], *other.whole, *self.whole[at + 1 :]),
            (*self.patches[:at], *other.patches, *self.patches[at + 1 :]),
            (*self.contacts[:at], *other.contacts, *self.contacts[at + 1 :]),
        )


class Scenes:
    """Settles samples; one for each composer.

    Args:
        rule: of the scene.
        patches: gives the objects of a sample in their places.
        maker: makes the depth. Where it inserts objects, the nearer by it are laid over the farther, else the nearer
            by the plan.
        hider: hides what stands behind things of the background, by the maker's depth.
        elsewhere: finds other places for objects of which that leaves too little.
    """

    def __init__(
        self, rule: SceneRule, patches: Callable[[Sample], tuple[PlacedPatch, ...]],
        maker: DepthMaker | None = None, hider: Hider | None = None, elsewhere: Elsewhere | None = None,
    ) -> None:  # fmt: skip
        self._rule, self._patches, self._elsewhere = rule, patches, elsewhere
        self._maker = maker if isinstance(maker, InsertingMaker) else None
        self._hider = hider if rule.front.hides and self._maker else None
        self._settled: LRUCache[Sample, SeenObjects] = LRUCache(_KEPT)

    def __call__(self, sample: Sample) -> Sample:
        """The sample with its objects far to near, without those that would cover too much, or show too little.

        Those of which things in front leave too little stand elsewhere, where they are found a place. The first object
        stays in any case; of the others each, far to near, of which enough is seen and that leaves all that stay
        `overlap` uncovered.
        """
        if len(sample.objects) == 1 and self._hider is None:
            return sample
        sample, seen = self._moved(sample, self._seen(sample))
        named = sample.named
        order = _far_to_near(len(sample.objects), seen.contacts)
        seen, named = seen.of(order), order.index(named)
        areas = [one.patch.white for one in seen.whole]
        kept = [named]
        for at in range(len(order)):
            beyond = seen.whole[at].patch.beyond
            lost = beyond > _LOST * (areas[at] + beyond)  # the part of its box that is inside may have little of it
            if at != named and not lost and self._leaves_all(seen.patches, areas, sorted([*kept, at]), named):
                kept.append(at)
        kept.sort()
        objects = tuple([sample.objects[order[at]] for at in kept])
        settled = sample._replace(objects=objects, named=kept.index(named))
        self._settled[settled] = seen.of(kept)
        return settled

    def _moved(self, sample: Sample, seen: SeenObjects) -> tuple[Sample, SeenObjects]:
        """With other places for those of whom things in front leave too little, where they find such."""
        if self._hider is None or self._elsewhere is None:
            return sample, seen
        planned, every = sample, range(len(sample.objects))
        for at in sorted(every, key=lambda at: at != planned.named):
            if self._is_seen(seen.whole[at], seen.patches[at].patch.white):
                continue
            for attempt in range(_TRIED):
                one = self._elsewhere(planned, at, attempt)
                if one is None:
                    continue
                there = self._seen(sample._replace(objects=(one,), named=0))
                if self._has_room(there, seen.of([other for other in every if other != at])):
                    objects = (*sample.objects[:at], one, *sample.objects[at + 1 :])
                    sample, seen = sample._replace(objects=objects), seen.with_one(at, there)
                    break
        return sample, seen

    def _is_seen(self, whole: PlacedPatch, seen: int) -> bool:
        """Whether so many pixels are enough of it."""
        return seen >= self._rule.front.min_visible * whole.patch.white

    def _has_room(self, there: SeenObjects, others: SeenObjects) -> bool:
        """Whether enough of one object is seen, and it leaves each of the others uncovered as far as must be."""
        (whole,), (one,), (contact,) = there
        nearer = []
        for other, patch, away in zip(*others, strict=True):
            if away < contact:
                nearer.append(patch)
            elif covered(patch, [one]) > self._rule.overlap * other.patch.white:
                return False
        hidden = covered(one, nearer)
        seen = one.patch.white - hidden
        return self._is_seen(whole, seen) and hidden <= self._rule.overlap * whole.patch.white

    def shown(self, sample: Sample) -> SeenObjects:
        """What the background lets see of the objects of a settled sample."""
        return self._settled.get(sample) or self._seen(sample)

    def in_order(self, sample: Sample) -> Sample:
        """The sample with its objects far to near by the maker's depth; as it is where that inserts none."""
        if self._maker is None:
            return sample
        contacts = self._maker.insert(sample, self._patches(sample)).contacts
        order = _far_to_near(len(contacts), contacts)
        objects = tuple([sample.objects[at] for at in order])
        return sample._replace(objects=objects, named=order.index(sample.named))

    def _seen(self, sample: Sample) -> SeenObjects:
        whole = self._patches(sample)
        if self._maker is None or (self._hider is None and len(whole) == 1):
            return SeenObjects(whole, whole)
        contacts = self._maker.insert(sample, whole).contacts
        if self._hider is None:
            return SeenObjects(whole, whole, contacts)
        hide, background, base = self._hider, sample.background, self._maker.base(sample.background)
        both = zip(whole, contacts, strict=True)
        return SeenObjects(whole, tuple([hide(background, base, one, contact) for one, contact in both]), contacts)

    def _leaves_all(
        self, patches: Sequence[PlacedPatch], areas: Sequence[int], kept: Sequence[int], named: int
    ) -> bool:
        """Whether of each of these enough is seen."""
        for number, at in enumerate(kept):
            hidden = covered(patches[at], [patches[nearer] for nearer in kept[number + 1 :]])
            seen = patches[at].patch.white - hidden
            if hidden > self._rule.overlap * areas[at]:
                return False
            if self._hider and at != named and seen < self._rule.front.min_visible * areas[at]:
                return False
        return True


def _far_to_near(number: int, contacts: Sequence[float]) -> list[int]:
    """The places of so many objects in order; as they are where it is not known how far away they are."""
    return sorted(range(number), key=lambda at: -contacts[at] if contacts else 0)


def covered(one: PlacedPatch, nearer: Sequence[PlacedPatch]) -> int:
    """How many of an object's solid pixels nearer ones' solid pixels hide."""
    seen = seen_of(one, nearer)
    return 0 if seen is one.patch.solid else one.patch.white - int(np.count_nonzero(seen))
