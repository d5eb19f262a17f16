"""How easily pasted borders are told from the edges of the backgrounds themselves.

Small pieces of composites are looked at, each across an edge: at the borders of masks, and at edges of the backgrounds
elsewhere. A logistic regression, in which edges of all strengths weigh as much on both sides, learns the difference
from the samples of half of the backgrounds and judges those of the other half, and the other way round. What so little
can tell a network can learn, instead of objects.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Floats, Ints, Pixels
from fgbg_studio.core.base.errors import DatasetError, PlanError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.sample import Composite, Sample
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.dataset.record import Dataset, open_dataset
from fgbg_studio.core.plan.own_draws import OwnDraws
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe

SAMPLES = 600
_EACH = 24  # pieces of each sample, of either side
_ALONG, _ACROSS = 2, 5  # pixels that a piece reaches from its middle
_WEAKEST = 6.0  # grey levels a pixel: an edge
_BINS = 8  # of strength
_STRENGTH = 3.0  # of what keeps the regression's weights small
_LEAST = 2 * 50  # pieces of both sides
_TOLD = 20  # pieces of a foreground: fewer say nothing of it

Flags = NDArray[np.bool_]


class Told(NamedTuple):
    """How well borders are told: the chance that one looks more pasted than a background's own edge does.

    A half is not at all, 1 is always. ``pieces`` is of how many borders.
    """

    chance: float
    pieces: int


@dataclass(frozen=True)
class SeamReport:
    """What `seams` finds.

    Attributes:
        whole: of all borders.
        blends: by the name of the blend, the best told first.
        foregrounds: by the project's name of a cutout, that of the sample's first object, the best told first.
        samples: how many were looked at.
    """

    whole: Told
    blends: Mapping[str, Told]
    foregrounds: Mapping[str, Told]
    samples: int

    def report(self) -> dict[str, Any]:
        """JSON-ready."""
        named = {
            name: {one: told._asdict() for one, told in parts.items()}
            for name, parts in (("blends", self.blends), ("foregrounds", self.foregrounds))
        }
        return {"samples": self.samples, **self.whole._asdict(), **named}


class _Pieces(NamedTuple):
    """Of one side: (n, F) features, (n,) strengths of the edges, and (n,) of which sample each is."""

    features: Floats
    strength: Floats
    sample: Ints


def seams(root: Path, count: int = SAMPLES) -> Iterator[Progress | SeamReport]:
    """Look at ``count`` samples of a dataset of this program; yields progress, and at last the `SeamReport`.

    The same answer whenever it is asked.

    Raises:
        DatasetError: it is no such dataset, one of its prepared pictures is missing, or it has too few edges.
    """
    yield from seams_of(open_dataset(root), count)


def seams_of(dataset: Dataset, count: int = SAMPLES) -> Iterator[Progress | SeamReport]:
    """As `seams`."""
    composer = dataset.composer()
    if not dataset.recipe.settings.depth.way.sees_composites:
        composer.open_depth(dataset.depth)  # what is hidden, and by what, is as the run had it
    yield from seams_in(composer, dataset.plan(), dataset.some(count), dataset.store.where())


def seams_in(
    composer: Composer, plan: Plan, numbers: Sequence[int], where: str = "what was looked at"
) -> Iterator[Progress | SeamReport]:
    """Look at samples of a plan, made or not; yields progress, and at last the `SeamReport`.

    Args:
        composer: of the plan's recipe, with its depth opened where that hides objects.
        plan: of the samples.
        numbers: of at least two backgrounds; some 120 name the worst cutouts, 600 are sure of it. Those that cannot be
            placed are passed over.
        where: what errors call it.

    Raises:
        DatasetError: there are too few edges.
        FgbgError: a picture is missing.
    """
    samples = [composer.settled(sample) for sample in _placed(plan, numbers)]
    pasted: list[_Pieces] = []
    own: list[_Pieces] = []
    for number, sample in enumerate(samples):
        one, two = _pieces_of(composer, sample, number)
        pasted += one
        own += two
        if number % 10 == 9:
            yield Progress("looking at edges", number + 1, len(samples))
    few = DatasetError(f"{where} has too few edges to judge seams by", "Look at more samples, of more backgrounds")
    backgrounds = np.array([sample.background for sample in samples])
    halves = np.unique(backgrounds, return_inverse=True)[1] % 2
    if not halves.any() or min(sum(len(one.features) for one in side) for side in (pasted, own)) < _LEAST:
        raise few
    yield _report(plan.recipe, samples, _judged(_joined(pasted), _joined(own), halves), _joined(pasted).sample)


def _placed(plan: Plan, numbers: Sequence[int]) -> Iterator[Sample]:
    for number in numbers:
        with contextlib.suppress(PlanError):
            yield plan[number]


def _joined(parts: Sequence[_Pieces]) -> _Pieces:
    return _Pieces(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _report(recipe: Recipe, samples: Sequence[Sample], judged: tuple[Floats, Floats], of: Ints) -> SeamReport:
    """From the scores of both sides; ``of`` is (n,) of which sample each border is."""
    scores, baseline = judged
    order: Floats = np.sort(baseline)

    def told(which: Flags) -> Told:
        chance = float(np.searchsorted(order, scores[which]).mean()) / len(order) if which.any() else 0.5
        return Told(round(chance, 4), int(np.count_nonzero(which)))

    draws, blend = OwnDraws(recipe), recipe.settings.compositing.mode
    blends = np.array([blend.chosen(draws.of_sample(sample, 1)[0], sample.k).name for sample in samples])[of]
    files = np.array([recipe.foregrounds[sample.first.foreground].file for sample in samples])[of]
    return SeamReport(
        told(np.ones(len(scores), np.bool_)),
        _sorted({name: told(blends == name) for name in np.unique(blends).tolist()}),
        _sorted({name: told(files == name) for name in np.unique(files).tolist()}),
        len(samples),
    )


def _sorted(parts: dict[str, Told]) -> dict[str, Told]:
    known = [(name, told) for name, told in parts.items() if told.pieces >= _TOLD]
    return dict(sorted(known, key=lambda part: -part[1].chance))


def _pieces_of(composer: Composer, sample: Sample, number: int) -> tuple[list[_Pieces], list[_Pieces]]:
    """Pieces at the borders of the mask, and at edges of the background outside what was changed."""
    composite = composer(sample)
    background = composer.background(sample.background)
    rng = np.random.default_rng([number, sample.number])
    one, two = (
        _pieces(pixels, where, rng, number)
        for pixels, where in zip((composite.image, background), _places(composite), strict=True)
    )
    return one, two


def _places(composite: Composite) -> tuple[Flags, Flags]:
    """(S, S) each: where borders of masks are, and where the background is as it was."""
    mask = composite.mask
    square = np.ones((3, 3), np.uint8)
    border = cv2.dilate(mask, square) != cv2.erode(mask, square)
    free = np.ones(mask.shape, np.bool_)
    x, y, width, height = composite.box
    free[max(y - _ACROSS, 0) : y + height + _ACROSS, max(x - _ACROSS, 0) : x + width + _ACROSS] = False
    return border, free


def _pieces(pixels: Pixels, where: Flags, rng: np.random.Generator, number: int) -> list[_Pieces]:
    """None where there are no edges."""
    colour = pixels if pixels.ndim == 3 else cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)
    lab = np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2LAB), np.float32)
    soft = cv2.GaussianBlur(lab[..., 0], (5, 5), 1.0)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(soft, cv2.CV_32F, 0, 1) / 8
    strength = np.hypot(across, down)
    upright = np.abs(across) >= np.abs(down)
    highest = np.where(
        upright, cv2.dilate(strength, np.ones((1, 3), np.uint8)), cv2.dilate(strength, np.ones((3, 1), np.uint8))
    )
    edges = where & (strength >= highest) & (strength > _WEAKEST)
    margin = _ACROSS + 1
    edges[:margin] = edges[-margin:] = edges[:, :margin] = edges[:, -margin:] = False
    y, x = np.nonzero(edges)
    if len(y) > _EACH:
        chosen = np.sort(rng.choice(len(y), _EACH, replace=False))
        y, x = y[chosen], x[chosen]
    if not len(y):
        return []
    lengths = np.maximum(strength[y, x], 1e-6)
    features = _features(lab, x, y, across[y, x] / lengths, down[y, x] / lengths)
    return [_Pieces(features, lengths.astype(np.float64), np.full(len(y), number))]


def _features(lab: NDArray[np.float32], x: Ints, y: Ints, right: Any, below: Any) -> Floats:
    """(n, F) of pieces around (x, y) that are turned so that it grows brighter in the direction (right, below)."""
    t, s = np.arange(-_ACROSS, _ACROSS + 1), np.arange(-_ALONG, _ALONG + 1)
    columns = x[:, None, None] + t[:, None] * right[:, None, None] - s * below[:, None, None]
    rows = y[:, None, None] + t[:, None] * below[:, None, None] + s * right[:, None, None]
    shape = len(x), len(t), len(s)
    flat = (len(x), len(t) * len(s))
    seen = np.asarray(
        cv2.remap(
            lab, columns.reshape(flat).astype(np.float32), rows.reshape(flat).astype(np.float32), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float64,
    ).reshape(*shape, 3)  # fmt: skip
    light, tint = seen[..., 0], seen[..., 1:]
    profile, noise = light.mean(2), light.std(2)
    low, high = profile[:, :2].mean(1), profile[:, -2:].mean(1)
    contrast = np.maximum(np.abs(high - low), 4.0)[:, None]
    tints = tint.mean(2)
    difference = tints[:, -2:].mean(1) - tints[:, :2].mean(1)
    hue = np.linalg.norm(difference, axis=1)
    along = ((tints - tints[:, :2].mean(1)[:, None]) * difference[:, None]).sum(2) / np.maximum(hue**2, 16.0)[:, None]
    sides = np.stack([noise[:, :4].mean(1), noise[:, -4:].mean(1)], 1)
    return np.hstack([
        (profile - (low + high)[:, None] / 2) / contrast, np.log(noise + 0.5), np.log(hue + 1)[:, None], along,
        np.log(sides + 0.5), np.log(np.abs(np.diff(profile, 2, axis=1)) + 0.5), np.log(contrast),
    ])  # fmt: skip


def _judged(pasted: _Pieces, own: _Pieces, halves: Ints) -> tuple[Floats, Floats]:
    """(n,) and (m,) how pasted each piece looks to what learnt from the other half."""
    features = np.concatenate([pasted.features, own.features])
    mean, deviation = features.mean(0), np.maximum(features.std(0), 1e-6)
    scaled = np.clip((features - mean) / deviation, -4, 4)
    inputs = np.hstack([scaled, scaled**2, np.ones((len(scaled), 1))])
    truth = np.arange(len(inputs)) < len(pasted.features)
    half = halves[np.concatenate([pasted.sample, own.sample])]
    weight = _weights(np.concatenate([pasted.strength, own.strength]), truth)
    scores = np.zeros(len(inputs))
    for side in (0, 1):
        learnt = _learnt(inputs[half != side], truth[half != side], weight[half != side])
        scores[half == side] = inputs[half == side] @ learnt
    return scores[truth], scores[~truth]


def _weights(strength: Floats, truth: Flags) -> Floats:
    """(n,): within each bin of strength both sides weigh as much."""
    bounds = np.quantile(strength, np.linspace(0, 1, _BINS + 1)[1:-1])
    bins = np.searchsorted(bounds, strength)
    weight = np.zeros(len(strength))
    for number in range(_BINS):
        inside = bins == number
        for side in (truth, ~truth):
            chosen = inside & side
            weight[chosen] = int(np.count_nonzero(inside)) / max(2 * int(np.count_nonzero(chosen)), 1)
    return weight


def _learnt(inputs: Floats, truth: Flags, weight: Floats) -> Floats:
    """(F,) weights of a logistic regression, by Newton's steps."""
    weights = np.zeros(inputs.shape[1])
    kept = _STRENGTH * np.eye(inputs.shape[1])
    kept[-1, -1] = 1e-6
    for _ in range(12):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (weight * (truth - chance)) - kept @ weights
        curve = (inputs.T * (weight * chance * (1 - chance))) @ inputs + kept
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-5:
            break
    return weights
