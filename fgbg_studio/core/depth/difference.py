"""Figures of two depth maps of the same sample: how far apart, how sharp, and whether the object is in both."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.sample import Composite

_NO_DEPTH = 1e-3  # networks and sensors say 0 where they know nothing
UNSEEN = 0.7
"""From this score on a sample is flagged."""


@dataclass(frozen=True)
class Difference:
    """One sample by two ways, the first (a) held against the second (b).

    Attributes:
        name: of the sample.
        abs_rel: mean of |a − b| / b over the pixels in which b is not 0.
        rmse: root of the mean of (a − b)², in the maps' unit.
        correlation: Pearson's, -1..1; 0 where one of the maps is flat.
        sharpness: for a and b, the median step of depth across the mask's edge, in the maps' unit.
        unseen: 0..1, how little the network's map changes inside the mask compared with the step from
            background to foreground; None where the foreground stands where its background is anyway, or
            where it is not a network's way against one that inserts into the same network's backgrounds.
    """

    name: str
    abs_rel: float
    rmse: float
    correlation: float
    sharpness: tuple[float, float]
    unseen: float | None

    @property
    def flagged(self) -> bool:
        """Whether the network did not see the object."""
        return self.unseen is not None and self.unseen >= UNSEEN


@dataclass(frozen=True)
class Comparison:
    """All samples' differences, the ways' names, and the maps' unit: ``m``, or empty for relative depth."""

    ways: tuple[str, str]
    samples: list[Difference]
    unit: str = ""

    def flagged(self) -> list[Difference]:
        """Those in which the network did not see the object, the worst first."""
        return sorted((d for d in self.samples if d.flagged), key=lambda d: -(d.unseen or 0.0))

    def worth_a_look(self) -> list[Difference]:
        """All samples: the flagged ones first, then those that differ most."""
        rest = [d for d in self.samples if not d.flagged]
        return self.flagged() + sorted(rest, key=lambda d: -d.abs_rel)

    def judged(self) -> int:
        """Of how many samples it can be said whether the network saw the object."""
        return sum(d.unseen is not None for d in self.samples)

    def report(self) -> dict[str, Any]:
        """Means over the samples, and the flagged ones."""
        rows = self.samples
        sharp = np.array([d.sharpness for d in rows])
        return {
            "ways": list(self.ways),
            "samples": len(rows),
            "unit": self.unit,
            "abs_rel": float(np.mean([d.abs_rel for d in rows])),
            "rmse": math.sqrt(float(np.mean([d.rmse**2 for d in rows]))),
            "correlation": float(np.mean([d.correlation for d in rows])),
            "sharpness": {way: float(np.median(sharp[:, i])) for i, way in enumerate(self.ways)},
            "judged": self.judged(),
            "flagged": [dataclasses.asdict(d) for d in self.flagged()],
        }


def difference(name: str, a: DepthMap, b: DepthMap, composite: Composite, score: float | None) -> Difference:
    """The figures of one sample; ``a`` and ``b`` are (S, S) float32 of one size, ``score`` is `unseen`'s.

    Pixels that have no value in one of them do not count.
    """
    both = ~(np.isnan(a) | np.isnan(b))
    seen_a, seen_b = a[both], b[both]
    delta = seen_a.astype(np.float64) - seen_b
    known = seen_b > _NO_DEPTH
    flat = not both.any() or seen_a.std() < 1e-9 or seen_b.std() < 1e-9
    return Difference(
        name,
        abs_rel=float(np.mean(np.abs(delta[known]) / seen_b[known])) if known.any() else 0.0,
        rmse=float(np.sqrt(np.mean(delta**2))) if both.any() else 0.0,
        correlation=0.0 if flat else float(np.corrcoef(seen_a, seen_b)[0, 1]),
        sharpness=(border_step(a, composite), border_step(b, composite)),
        unseen=score,
    )


def border_step(depth: DepthMap, composite: Composite) -> float:
    """The median over the mask's edge of the range of depth within one pixel: how sharp the border is.

    Where the object stands before what has no value there is no step.
    """
    kernel = np.ones((3, 3), np.uint8)
    edge = cv2.morphologyEx(composite.mask, cv2.MORPH_GRADIENT, kernel) > 0
    if not edge.any():
        return 0.0
    missing = np.isnan(depth)
    steps = cv2.dilate(np.where(missing, -np.inf, depth), kernel) - cv2.erode(np.where(missing, np.inf, depth), kernel)
    edge &= cv2.dilate(missing.view(np.uint8), kernel) == 0
    return float(np.median(steps[edge])) if edge.any() else 0.0


def unseen(maps: Sequence[DepthMap], bases: Sequence[DepthMap | None], composite: Composite) -> float | None:
    """How little of the objects a network's map shows, 0..1; see `Difference`.

    At each pixel of the objects, the way that inserts steps from the background's depth to the contact's; the
    network steps too, where it sees something, nearer or farther. One less the median ratio is the score.

    Args:
        maps: the two ways', (S, S) float32.
        bases: the two ways' maps of the background alone, (S, S), None for a network that sees composites.
        composite: whose solid pixels count.
    """
    inserted = next((i for i, base in enumerate(bases) if base is not None), None)
    if inserted is None or bases[1 - inserted] is not None:
        return None
    base = bases[inserted]
    assert base is not None
    solid = composite.mask > 0
    step, made = (base[solid] - maps[number][solid] for number in (inserted, 1 - inserted))
    clear = np.abs(step) > 0.1 * maps[inserted][solid]
    if clear.sum() < max(0.2 * solid.sum(), 1):
        return None
    return float(np.clip(1 - np.median(np.abs(made[clear] / step[clear])), 0, 1))


def fitted(depth: DepthMap, size: int) -> DepthMap:
    """A map of any size as (size, size) float32."""
    if depth.shape == (size, size):
        return depth
    return np.asarray(cv2.resize(depth, (size, size), interpolation=cv2.INTER_LINEAR), np.float32)
