"""Depth of chosen samples by the project's own way, and what is kept so that a small change costs little."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder
from fgbg_studio.core.depth.flaws import refuse_misfit
from fgbg_studio.core.imaging.colour_maps import depth_range
from fgbg_studio.core.interfaces.depth import DepthMaker, Meaning
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.gui.preview.cache_folder import cache_folder
from fgbg_studio.gui.preview.preview_cache import CachedPictures, PreviewCache
from fgbg_studio.gui.preview.sample_jobs import PreparedSample, prepared, shrunk

_BATCH = 4  # a network's slow answers should come a few at a time


@dataclass(frozen=True)
class DepthProgress:
    """`Progress` on its way to who shows it in words."""

    progress: Progress


@dataclass(frozen=True)
class DepthDescription:
    """What the depth maps that come mean."""

    meaning: Meaning
    bits: int


@dataclass(frozen=True)
class PreparedDepth:
    """The depth of the sample in one place of the grid.

    Attributes:
        place: in the grid.
        number: of the sample.
        map: (h, w) float32, larger is farther.
        stored: (h, w) uint8 or uint16, as the dataset's file has it.
        ends: nearest and farthest depth of nearly all pixels.
        stored_ends: least and greatest stored value.
        contact: the depth at which the first object stands, NaN where the way does not say.
    """

    place: int
    number: int
    map: DepthMap
    stored: AnyPixels
    ends: tuple[float, float]
    stored_ends: tuple[int, int]
    contact: float


class DepthService:
    """Makes depth for one project, one request at a time.

    Ways keep what they prepare by the contents of pictures and network, so that the backgrounds that are shown
    can be prepared without the others, in a folder of the project's cache for each network.
    """

    def __init__(self, folder: Path, memory: PreviewCache) -> None:
        self._folder, self._memory = folder, memory
        self._prepared: set[Hashable] = set()
        self._open: tuple[Hashable, DepthMaker | None] = (None, None)

    def depths(
        self, recipe: Recipe, made: list[PreparedSample]
    ) -> Iterator[DepthProgress | DepthDescription | PreparedSample | PreparedDepth]:
        """What the depth means, then the depth of each sample; the preparing of backgrounds is told.

        A sample that was made before its depth was known comes again before that: with it other objects may be seen.

        Raises:
            FgbgError: the network is missing or cannot be used.
        """
        composer = Composer(CachedPictures(recipe, self._folder, self._memory))
        cache = cache_folder(self._folder, recipe)
        samples = [(one, one.sample) for one in made if one.sample is not None and not one.error]
        yield from self._prepare(recipe, {sample.background for _, sample in samples}, cache)
        maker = self._maker(composer, cache)
        if maker is None:
            return
        meaning = recipe.settings.depth.way.meaning(composer, LocalStore(cache))
        encoding = recipe.settings.depth.encoding
        yield DepthDescription(meaning, encoding.bits)
        encoder = SampleEncoder(composer, maker)
        batch = max(min(maker.batch, _BATCH), 1)
        plan, again = Plan(recipe), self._comes_again(recipe)
        for start in range(0, len(samples), batch):
            some = samples[start : start + batch]
            if again:
                some = [(one, composer.settled(plan[one.number])) for one, _ in some]
                for one, sample in some:
                    yield prepared(recipe, one.place, one.number, sample, composer(sample), known=True)
            yield from _batch(some, composer, maker, encoder)
            yield DepthProgress(Progress("depth of samples", min(start + batch, len(samples)), len(samples)))
        refuse_misfit(meaning, recipe.settings)

    @staticmethod
    def _comes_again(recipe: Recipe) -> bool:
        """Whether samples differ once a network has seen the backgrounds."""
        way, scene = recipe.settings.depth.way, recipe.settings.scene
        return way.needs_network and not way.sees_composites and (scene.front.hides or scene.objects.most > 1)

    def _prepare(self, recipe: Recipe, numbers: set[int], cache: Path) -> Iterator[DepthProgress]:
        settings = recipe.settings
        look = (cache, settings.background, settings.size, settings.grayscale)
        missing = [
            (key, source)
            for number, source in enumerate(recipe.backgrounds)
            if number in numbers and (key := (*look, source.sha256, source.crop)) not in self._prepared
        ]
        if not missing:
            return
        part = recipe.model_copy(update={"backgrounds": tuple(source for _, source in missing)})
        composer = Composer(CachedPictures(part, self._folder, self._memory))
        if settings.depth.way.needs_network:
            yield DepthProgress(Progress("opening the network", 0, 0))
        for done, total in self._memory.prepare(composer, cache):
            yield DepthProgress(Progress("depth of backgrounds", done, total))
        self._prepared.update(key for key, _ in missing)

    def _maker(self, composer: Composer, cache: Path) -> DepthMaker | None:
        settings = composer.settings
        if not settings.depth.way.sees_composites:
            return composer.open_depth(LocalStore(cache))
        # Opening a network takes seconds, and one that sees composites knows nothing else of the recipe.
        key = (cache, settings.grayscale)
        if self._open[0] != key:
            self._open = key, settings.depth.way.open(composer, LocalStore(cache))
        return self._open[1]


def _batch(
    samples: list[tuple[PreparedSample, Sample]], composer: Composer, maker: DepthMaker, encoder: SampleEncoder
) -> Iterator[PreparedDepth]:
    composites = [composer(sample) for _, sample in samples]
    for (one, _), depth in zip(samples, maker([sample for _, sample in samples], composites), strict=True):
        ends = depth_range([depth.map])
        stored = shrunk(encoder.stored_depth(depth.map), crisp=True)
        small = shrunk(depth.map, crisp=True)
        values = stored[stored > 0] if composer.settings.depth.encoding.zero == "no value" else stored
        least, most = (int(values.min()), int(values.max())) if values.size else (0, 0)
        yield PreparedDepth(one.place, one.number, small, stored, ends, (least, most), depth.contact)
