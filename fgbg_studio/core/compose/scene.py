"""Which of a planned sample's objects are laid down, and in which order: what only their pixels and depths tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from cachetools import LRUCache

from fgbg_studio.core.base.sample import PlacedPatch, Sample, seen_of
from fgbg_studio.core.compose.hiding import Hider
from fgbg_studio.core.interfaces.depth import BATCH, DepthMaker, InsertingMaker
from fgbg_studio.core.project.settings import SceneRule

_LOST = 0.6  # of an object's pixels beyond the frame: nobody could tell what it is
_KEPT = 2 * BATCH  # samples that are settled before they are laid down, and as many again


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


class Scenes:
    """Settles samples; one for each composer.

    Args:
        rule: of the scene.
        patches: gives the objects of a sample in their places.
        maker: makes the depth. Where it inserts objects, the nearer by it are laid over the farther, else the nearer
            by the plan.
        hider: hides what stands behind things of the background, by the maker's depth.
    """

    def __init__(
        self, rule: SceneRule, patches: Callable[[Sample], tuple[PlacedPatch, ...]],
        maker: DepthMaker | None = None, hider: Hider | None = None,
    ) -> None:  # fmt: skip
        self._rule, self._patches = rule, patches
        self._maker = maker if isinstance(maker, InsertingMaker) else None
        self._hider = hider if rule.front.hides and self._maker else None
        self._settled: LRUCache[Sample, SeenObjects] = LRUCache(_KEPT)

    def __call__(self, sample: Sample) -> Sample:
        """The sample with its objects far to near, without those that would cover, or show, too little.

        The first object stays; of the others each, far to near, of which enough is seen and that leaves all that stay
        `overlap` uncovered.
        """
        if len(sample.objects) == 1:
            return sample
        seen, named = self._seen(sample), sample.named
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
