"""Which of a planned sample's objects are laid down, and in which order: what only their pixels and depths tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from fgbg_studio.core.base.sample import PlacedPatch, Sample, seen_of
from fgbg_studio.core.compose.hiding import Hider
from fgbg_studio.core.interfaces.depth import DepthMaker, InsertingMaker
from fgbg_studio.core.project.settings import SceneRule


class SeenObjects(NamedTuple):
    """What is seen of objects where only the background hides them, and where they stand, if that had to be known."""

    patches: tuple[PlacedPatch, ...]
    contacts: tuple[float, ...] = ()


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

    def __call__(self, sample: Sample) -> Sample:
        """The sample with its objects far to near, without those that would cover, or show, too little.

        The first object stays; of the others each, far to near, of which enough is seen and that leaves all that stay
        `overlap` uncovered.
        """
        if len(sample.objects) == 1:
            return sample
        sample = self.in_order(sample)
        areas = [one.patch.white for one in self._patches(sample)]
        patches, kept = self.shown(sample).patches, [sample.named]
        for at in range(len(patches)):
            if at != sample.named and self._leaves_all(patches, areas, sorted([*kept, at]), sample.named):
                kept.append(at)
        kept.sort()
        return sample._replace(objects=tuple([sample.objects[at] for at in kept]), named=kept.index(sample.named))

    def shown(self, sample: Sample) -> SeenObjects:
        """What the background lets see of the objects of a settled sample."""
        patches = self._patches(sample)
        if self._hider is None or self._maker is None:
            return SeenObjects(patches)
        contacts, base = self._maker.insert(sample, patches).contacts, self._maker.base(sample.background)
        seen = [
            self._hider(sample.background, base, one, contact) for one, contact in zip(patches, contacts, strict=True)
        ]
        return SeenObjects(tuple(seen), contacts)

    def in_order(self, sample: Sample) -> Sample:
        """The sample with its objects far to near by the maker's depth; as it is where that inserts none."""
        if self._maker is None:
            return sample
        contacts = self._maker.insert(sample, self._patches(sample)).contacts
        order = sorted(range(len(contacts)), key=lambda at: -contacts[at])
        objects = tuple([sample.objects[at] for at in order])
        return sample._replace(objects=objects, named=order.index(sample.named))

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


def covered(one: PlacedPatch, nearer: Sequence[PlacedPatch]) -> int:
    """How many of an object's solid pixels nearer ones' solid pixels hide."""
    seen = seen_of(one, nearer)
    return 0 if seen is one.patch.solid else one.patch.white - int(np.count_nonzero(seen))
