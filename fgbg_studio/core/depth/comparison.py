"""Two ways to depth on the same samples: where they agree, and where a network did not see the object."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import DepthMap, Pixels
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outputs import refuse_folder_of_others
from fgbg_studio.core.base.progress import Progress, Rate
from fgbg_studio.core.base.sample import Composite, Sample
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.depth.difference import Comparison, Difference, difference, fitted, unseen
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.colour_maps import NOWHERE, depth_colours, depth_range
from fgbg_studio.core.imaging.contact_sheet import sheet
from fgbg_studio.core.interfaces.depth import Depth, DepthMaker
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.plan.selection import some_of
from fgbg_studio.core.project.exclusions import Exclusion

_SHEET, _PAGE = "comparison.jpg", "README.md"
SHOWN = 8
"""Samples on the page."""


class ComparedSample(NamedTuple):
    """One sample to look at: the composite (S, S, 3) or (S, S) uint8, both depth maps (S, S) float32, the mask."""

    composite: Pixels
    a: DepthMap
    b: DepthMap
    mask: Pixels


class Comparer:
    """Compares, and stays open so that single samples can be looked at again; close it.

    Args:
        recipe: of the project.
        project: its folder.
        ways: names of two depth ways.
        count: samples, from all over the plan.

    Raises:
        UsageError: one way twice, or a way without depth.
    """

    def __init__(self, recipe: Recipe, project: Path, ways: tuple[str, str], count: int) -> None:
        self._strategies, self._ways = [Depth.from_dict(way) for way in ways], ways
        if ways[0] == ways[1] or not all(strategy.makes_depth for strategy in self._strategies):
            raise UsageError(
                f"{ways[0]!r} and {ways[1]!r} cannot be compared", "Give two different ways that make depth"
            )
        # Another ground than the network's own tells nothing of what the network saw on it.
        self._same_ground = all(strategy.needs_network for strategy in self._strategies)
        self._plan = Plan(recipe)
        self._numbers = some_of(self._plan, count, recipe.seed)
        self._cache = tempfile.TemporaryDirectory(prefix="fgbg-compare-")
        self._composer = Composer(Pictures(recipe, self._store, project))
        self._makers: list[DepthMaker] = []
        self._at: dict[str, int] = {}
        self._lock = threading.Lock()  # a network answers one question at a time

    @property
    def _store(self) -> LocalStore:
        return LocalStore(Path(self._cache.name))

    def rest(self) -> None:
        """Let go of the networks until something is looked at again; what was found and prepared stays."""
        with self._lock:
            self._makers.clear()

    def close(self) -> None:
        """Let go of the networks and of the temporary folder."""
        with self._lock:
            self._makers.clear()
            self._cache.cleanup()

    def run(self) -> Iterator[Progress | Comparison]:
        """Make the depth of the samples by both ways; yields progress, and at last the `Comparison`.

        Raises:
            UsageError: one way gives metres and the other depth without a unit, or the network is missing.
            NetworkError: the network cannot be used.
        """
        unit = yield from self._prepare()
        found: list[Difference] = []
        rate = Rate(0)
        # As few at once as the ways like: a person may stop it between two.
        step = min(maker.batch for maker in self._makers)
        yield Progress("comparing", 0, len(self._numbers))
        for begin in range(0, len(self._numbers), step):
            with self._lock:
                found += self._batch(self._numbers[begin : begin + step])
            total = len(self._numbers)
            yield Progress("comparing", len(found), total, *rate.update(len(found), total))
        yield Comparison(self._ways, found, unit)

    @property
    def plan(self) -> Plan:
        """Of which the samples are."""
        return self._plan

    def exclusion(self, name: str) -> Exclusion:
        """What to exclude to be without the sample of that name."""
        return self._plan.exclusion(self._plan[self._at[name]])

    def look(self, name: str) -> ComparedSample:
        """The pictures of one sample of the comparison, by its name; may be called on any thread."""
        with self._lock:
            self._makers = self._makers or [self._opened(strategy) for strategy in self._strategies]
            _, (composite,), maps = self._made([self._at[name]])
        a, b = (fitted(depth[0], len(composite.image)) for depth in maps)
        return ComparedSample(composite.image, a, b, composite.mask)

    def write_page(self, result: Comparison, folder: Path) -> None:
        """``README.md`` and a sheet into ``folder``: composite, then both ways, of the samples worth a look.

        Raises:
            UsageError: the folder has a page of somebody else's.
        """
        _refuse_other_page(folder)
        rows: list[list[Pixels]] = [[], [], []]
        looked = (result.flagged() or result.worth_a_look())[:SHOWN]
        for one in looked:
            seen = self.look(one.name)
            low, high = depth_range((seen.a, seen.b))
            coloured = (depth_colours(depth, low, high) for depth in (seen.a, seen.b))
            for row, picture in zip(rows, (seen.composite, *coloured), strict=True):
                row.append(picture)
        labels = ["composites", *(f"depth by {way}" for way in result.ways)]
        captions = [[one.name for one in looked], [], []]
        write_file(folder / _SHEET, encode(sheet(rows, labels, captions=captions), Codec("jpeg", 90)))
        write_file(folder / _PAGE, page_text(result).encode())

    def _prepare(self) -> Generator[Progress, None, str]:
        """Open both ways; returns the unit of their depth."""
        kinds = []
        for way, strategy in zip(self._ways, self._strategies, strict=True):
            phase = f"opening {way}" if strategy.sees_composites else f"preparing {way}"
            yield Progress(phase, 0, 1)
            for done, total in strategy.prepare(self._composer, self._store):
                yield Progress(phase, done, total)
            with self._lock:
                self._makers.append(self._opened(strategy))
            kinds.append(strategy.meaning(self._composer, self._store))
        if len({kind.kind for kind in kinds}) > 1:
            network = next(kind.network for kind in kinds if kind.kind == "relative")
            raise UsageError(
                f"the network {network} gives depth without a unit, which cannot be compared with metres",
                "Compare network with inserted, which both use it, or choose a network that gives metres",
            )
        return "m" if kinds[0].kind == "metric" else ""

    def _opened(self, strategy: Depth) -> DepthMaker:
        maker = strategy.open(self._composer, self._store)
        assert maker is not None
        return maker

    def _batch(self, numbers: list[int]) -> list[Difference]:
        samples, composites, both = self._made(numbers)
        found = []
        for number, sample, composite, *depths in zip(numbers, samples, composites, *both, strict=True):
            a, b = (fitted(depth, len(composite.image)) for depth in depths)
            bases = [maker.base(sample.background) for maker in self._makers]
            score = unseen((a, b), bases, composite) if self._same_ground else None
            name = stem(self._plan.paths(sample).fg_bg)
            self._at[name] = number
            found.append(difference(name, a, b, composite, score))
        return found

    def _made(self, numbers: list[int]) -> tuple[list[Sample], list[Composite], list[list[DepthMap]]]:
        samples = [self._composer.settled(self._plan[number]) for number in numbers]
        composites = [self._composer(sample) for sample in samples]
        maps = [[depth.map for depth in maker(samples, composites)] for maker in self._makers]
        return samples, composites, maps


def compare(
    recipe: Recipe, project: Path, ways: tuple[str, str], count: int, page: Path | None = None
) -> Iterator[Progress | Comparison]:
    """`Comparer.run` from beginning to end; ``page`` is a folder for `Comparer.write_page`."""
    if page is not None:
        _refuse_other_page(page)  # before the minutes that comparing takes
    with contextlib.closing(Comparer(recipe, project, ways, count)) as comparer:
        for step in comparer.run():
            if page is not None and isinstance(step, Comparison):
                comparer.write_page(step, page)
            yield step


def _refuse_other_page(folder: Path) -> None:
    refuse_folder_of_others(folder, (_PAGE,), _SHEET)


def difference_colours(delta: DepthMap, most: float) -> Pixels:
    """(H, W, 3) RGB of a difference (H, W): blue where negative, white at 0, red where positive, full at ``most``.

    Where one of the two has no value it is `NOWHERE`.
    """
    missing = np.isnan(delta)
    delta = np.where(missing, np.float32(0), delta)
    share = np.clip(delta / max(most, 1e-9), -1, 1)[..., None]
    blue, white, red = (np.array(colour, np.float32) for colour in ((33, 102, 172), (247, 247, 247), (178, 24, 43)))
    mixed = white + np.abs(share) * (np.where(share < 0, blue, red) - white)
    coloured = np.asarray(np.rint(mixed), np.uint8)
    coloured[missing] = NOWHERE
    return coloured


def outlined(picture: Pixels, mask: Pixels) -> Pixels:
    """(H, W, 3) of a picture with a line of one pixel around the mask: where the object should be."""
    made = np.array(picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2), np.uint8)
    edge = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > mask
    made[edge] = 255
    return made


def said_of_flagged(result: Comparison) -> str:
    """One clause: in how many samples the network did not see the object, as far as that can be said."""
    if not result.judged():
        return "Whether the network saw the objects shows in a comparison of network with inserted alone"
    return (
        f"In {len(result.flagged()):,} of {result.judged():,} samples the network did not see the object"
        f" ({len(result.samples) - result.judged():,} more stand too near their background to tell)"
    )


def page_text(result: Comparison) -> str:
    """The page's words in Markdown."""
    said, (one, two) = result.report(), result.ways
    what = "the network did not see the object" if result.flagged() else "the two ways differ most"
    unit = f" {result.unit}" if result.unit else ""
    steps = ", ".join(f"{way} {said['sharpness'][way]:.2f}{unit}" for way in (one, two))
    rows = "\n".join(
        f"| {d.name} | {d.abs_rel:.3f} | {d.rmse:.2f} | {'–' if d.unseen is None else f'{d.unseen:.2f}'} |"
        for d in (result.flagged() or result.worth_a_look()[:SHOWN])
    )
    return f"""\
# {one} and {two}, {said["samples"]:,} samples

AbsRel {said["abs_rel"]:.3f}, RMSE {said["rmse"]:.2f}{unit}, correlation {said["correlation"]:.3f};
step of depth across the object's border: {steps}.
{said_of_flagged(result)}.

![Samples in which {what}](comparison.jpg)

Samples in which {what}, from the left:

| sample | AbsRel | RMSE{f", {result.unit}" if result.unit else ""} | unseen |
|---|--:|--:|--:|
{rows}
"""
