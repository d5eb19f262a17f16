"""Two ways to depth on the same samples: where they agree, and where a network did not see the object."""

from __future__ import annotations

import dataclasses
import math
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fgbg_studio.core.compose import Composer, Composite
from fgbg_studio.core.depth import Depth, DepthMaker
from fgbg_studio.core.encodings import DepthMap
from fgbg_studio.core.errors import UsageError
from fgbg_studio.core.images import Codec, Pixels, encode, write_file
from fgbg_studio.core.layouts import stem
from fgbg_studio.core.pictures import Pictures
from fgbg_studio.core.plan import Plan, Sample
from fgbg_studio.core.progress import Progress
from fgbg_studio.core.recipe import Recipe
from fgbg_studio.core.sheet import depth_colours, depth_range, sheet, spread

_BATCH = 16
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
        correlation: Pearson's, -1..1.
        sharpness: for a and b, the median step of depth across the mask's edge, in the maps' unit.
        unseen: 0..1, how little the network's map changes inside the mask compared with the step from
            background to foreground; None where the foreground stands where its background is anyway, or
            where it is not one network's way against one that inserts.
    """

    name: str
    abs_rel: float
    rmse: float
    correlation: float
    sharpness: tuple[float, float]
    unseen: float | None


@dataclass(frozen=True)
class Comparison:
    """All samples' differences, and the ways' names."""

    ways: tuple[str, str]
    samples: list[Difference]

    def flagged(self) -> list[Difference]:
        """Those in which the network did not see the object, the worst first."""
        seen = [d for d in self.samples if d.unseen is not None and d.unseen >= UNSEEN]
        return sorted(seen, key=lambda d: -(d.unseen or 0.0))

    def report(self) -> dict[str, Any]:
        """Means over the samples, and the flagged ones."""
        rows = self.samples
        sharp = np.array([d.sharpness for d in rows])
        return {
            "ways": list(self.ways),
            "samples": len(rows),
            "abs_rel": float(np.mean([d.abs_rel for d in rows])),
            "rmse": math.sqrt(float(np.mean([d.rmse**2 for d in rows]))),
            "correlation": float(np.mean([d.correlation for d in rows])),
            "sharpness": {way: float(np.median(sharp[:, i])) for i, way in enumerate(self.ways)},
            "flagged": [dataclasses.asdict(d) for d in self.flagged()],
        }


def compare(
    recipe: Recipe, project: Path, ways: tuple[str, str], count: int, page: Path | None = None
) -> Iterator[Progress | Comparison]:
    """Make the depth of ``count`` samples by both ways; yields progress, and at last the `Comparison`.

    Args:
        recipe: of the project.
        project: its folder.
        ways: names of two depth ways.
        count: samples, from all over the plan.
        page: a folder for a page with the pictures of the flagged (else the most different) samples.

    Raises:
        UsageError: one way twice, or a way without depth.
    """
    if ways[0] == ways[1] or "none" in ways:
        raise UsageError(f"{ways[0]!r} and {ways[1]!r} cannot be compared", "Give two different ways that make depth")
    plan = Plan(recipe)
    numbers = spread(len(plan), count, recipe.seed)
    with tempfile.TemporaryDirectory(prefix="fgbg-compare-") as cache:
        composer = Composer(Pictures(recipe, Path(cache), project))
        makers: list[DepthMaker] = []
        for way in ways:
            for done, total in (strategy := Depth.from_dict(way)).prepare(composer, Path(cache)):
                yield Progress(f"preparing {way}", done, total)
            maker = strategy.open(composer, Path(cache))
            assert maker is not None
            makers.append(maker)
        found: list[Difference] = []
        for begin in range(0, len(numbers), _BATCH):
            samples = [plan[number] for number in numbers[begin : begin + _BATCH]]
            found += _batch(plan, composer, makers, samples)
            yield Progress("comparing", len(found), len(numbers))
        result = Comparison(ways, found)
        if page is not None:
            _write_page(page, result, plan, composer, makers, numbers)
    yield result


def _batch(plan: Plan, composer: Composer, makers: list[DepthMaker], samples: list[Sample]) -> list[Difference]:
    composites = [composer(sample) for sample in samples]
    both = [maker(samples, composites) for maker in makers]
    found = []
    for sample, composite, a, b in zip(samples, composites, *both, strict=True):
        bases = [maker.base(sample.background) for maker in makers]
        maps = [_fitted(depth.map, len(composite.image)) for depth in (a, b)]
        name = stem(plan.paths(sample).fg_bg)
        found.append(difference(name, maps[0], maps[1], composite, unseen(maps, bases, sample, composite)))
    return found


def difference(name: str, a: DepthMap, b: DepthMap, composite: Composite, score: float | None) -> Difference:
    """The figures of one sample; ``a`` and ``b`` are (S, S) float32 of one size."""
    delta = a.astype(np.float64) - b
    known = b > _NO_DEPTH
    flat = a.std() < 1e-9 or b.std() < 1e-9
    return Difference(
        name,
        abs_rel=float(np.mean(np.abs(delta[known]) / b[known])) if known.any() else 0.0,
        rmse=float(np.sqrt(np.mean(delta**2))),
        correlation=0.0 if flat else float(np.corrcoef(a.ravel(), b.ravel())[0, 1]),
        sharpness=(border_step(a, composite), border_step(b, composite)),
        unseen=score,
    )


def border_step(depth: DepthMap, composite: Composite) -> float:
    """The median over the mask's edge of the range of depth within one pixel: how sharp the border is."""
    mask = composite.mask
    kernel = np.ones((3, 3), np.uint8)
    edge = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, kernel) > 0
    if not edge.any():
        return 0.0
    steps = cv2.dilate(depth, kernel) - cv2.erode(depth, kernel)
    return float(np.median(steps[edge]))


def unseen(maps: list[DepthMap], bases: list[DepthMap | None], sample: Sample, composite: Composite) -> float | None:
    """How little of the object a network's map shows, 0..1; see `Difference`.

    At each pixel of the object, the way that inserts steps from the background's depth to the contact's; the
    network steps too, where it sees something, nearer or farther. One less the median ratio is the score.
    """
    inserted = next((i for i, base in enumerate(bases) if base is not None), None)
    if inserted is None or bases[1 - inserted] is not None:
        return None
    base = bases[inserted]
    assert base is not None
    place = np.s_[sample.y : sample.y + sample.height, sample.x : sample.x + sample.width]
    solid = composite.patch.solid
    step = (base[place] - maps[inserted][place])[solid]
    made = (base[place] - maps[1 - inserted][place])[solid]
    clear = np.abs(step) > 0.1 * maps[inserted][place][solid]
    if clear.sum() < max(0.2 * solid.sum(), 1):
        return None
    return float(np.clip(1 - np.median(np.abs(made[clear] / step[clear])), 0, 1))


def _fitted(depth: DepthMap, size: int) -> DepthMap:
    if depth.shape == (size, size):
        return depth
    return np.asarray(cv2.resize(depth, (size, size), interpolation=cv2.INTER_LINEAR), np.float32)


def _write_page(
    page: Path, result: Comparison, plan: Plan, composer: Composer, makers: list[DepthMaker], numbers: list[int]
) -> None:
    """``README.md`` and a sheet: composite, then both ways, of the samples worth a look."""
    by_name = {d.name: number for d, number in zip(result.samples, numbers, strict=True)}
    worst = result.flagged() or sorted(result.samples, key=lambda d: -d.abs_rel)
    shown = worst[:8]
    rows: list[list[Pixels]] = [[], [], []]
    for one in shown:
        sample = plan[by_name[one.name]]
        composite = composer(sample)
        maps = [maker([sample], [composite])[0].map for maker in makers]
        fitted = [_fitted(depth, len(composite.image)) for depth in maps]
        low, high = depth_range(fitted)
        for row, picture in zip(rows, (composite.image, *(depth_colours(d, low, high) for d in fitted)), strict=True):
            row.append(picture)
    labels = ["composites", *(f"depth by {way}" for way in result.ways)]
    write_file(page / "comparison.jpg", encode(sheet(rows, labels), Codec("jpeg", 90)))
    write_file(page / "README.md", f"{_page_text(result, shown)}\n".encode())


def _page_text(result: Comparison, shown: list[Difference]) -> str:
    said, (one, two) = result.report(), result.ways
    what = "the network did not see the object" if result.flagged() else "the two ways differ most"
    rows = "\n".join(
        f"| {d.name} | {d.abs_rel:.3f} | {d.rmse:.2f} | {'–' if d.unseen is None else f'{d.unseen:.2f}'} |"
        for d in (result.flagged() or shown)
    )
    return f"""\
# {one} and {two}, {said["samples"]:,} samples

AbsRel {said["abs_rel"]:.3f}, RMSE {said["rmse"]:.2f}, correlation {said["correlation"]:.3f};
step of depth across the object's border: {one} {said["sharpness"][one]:.2f}, {two} {said["sharpness"][two]:.2f}.
Flagged, because the network did not see the object: {len(result.flagged()):,}.

![Samples in which {what}](comparison.jpg)

Samples in which {what}, from the left:

| sample | AbsRel | RMSE | unseen |
|---|--:|--:|--:|
{rows}
"""
