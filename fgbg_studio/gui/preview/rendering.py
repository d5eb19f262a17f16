"""Composite, mask and depth of one sample for a person who waits for them; for worker threads.

They are made by the run's own code; what is added is memory: prepared pictures and networks stay when settings
change that do not concern them.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from cachetools import LRUCache

from fgbg_studio.core.base.arrays import DepthMap, Pixels
from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.sample import Composite, Sample
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.imaging.colour_maps import depth_range
from fgbg_studio.core.interfaces.depth import DepthMaker
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.gui.preview.cache_folder import cache_folder
from fgbg_studio.gui.preview.ghosts import ghosts
from fgbg_studio.gui.preview.preview_cache import CachedPictures, PreviewCache
from fgbg_studio.gui.preview.sample_jobs import hides

_MAKERS = 8


@dataclass(frozen=True)
class RenderedDepth:
    """The depth of one sample.

    Attributes:
        map: (h, w) float32, larger = farther.
        contact: depth at which the first object stands, or about which it lies where the way knows no stand.
        stands: whether it is the first.
        low: nearest depth of a colour scale that stays as it is while the object moves.
        high: farthest likewise.
        metric: metres, else relative 0..1.
    """

    map: DepthMap
    contact: float
    stands: bool
    low: float
    high: float
    metric: bool


@dataclass(frozen=True)
class RenderedSample:
    """What a sample becomes.

    Attributes:
        sample: which, its objects in the order in which they are laid down.
        settled: the same where the dataset has it.
        background: (S, S[, 3]) uint8, prepared.
        cutouts: (h, w, 4) uint8 RGBA of each object, at its size.
        image: (S, S[, 3]) uint8, the composite.
        mask: (S, S) uint8, 0 or 255.
        depth: None where there is none, or none yet.
        ghosts: (S, S, 4) uint8 RGBA, straight alpha, what of the objects is hidden; None where nothing is.
        whole: whether the cutouts pasted on the background would look much different.
        planned: the sample as the plan has it, of which ``settled`` came.
        hides: whether what stands behind things of the background is hidden by now, None where nothing would be.
    """

    sample: Sample
    settled: Sample
    background: Pixels
    cutouts: tuple[Pixels, ...]
    image: Pixels
    mask: Pixels
    depth: RenderedDepth | None
    ghosts: Pixels | None = None
    hides: bool | None = None
    whole: bool = False
    planned: Sample | None = None


Move = Callable[[Sample], Sample]
"""Takes objects of a settled sample elsewhere."""


class Renderer:
    """Makes them for one project; two threads may use it, one for `quick`, one for `slow`.

    Args:
        project: the project's folder.
        memory: what others prepare of it too.
    """

    def __init__(self, project: Path, memory: PreviewCache) -> None:
        self._project, self._memory = project, memory
        self._makers: LRUCache[str, tuple[DepthMaker, Path]] = LRUCache(_MAKERS)
        self._lock = threading.Lock()
        self._last: tuple[Composer, tuple[DepthMaker | None, Path]] | None = None

    def is_quick(self, recipe: Recipe) -> bool:
        """Whether `quick` makes all that there will be."""
        way = recipe.settings.depth.way
        with self._lock:
            return not way.needs_network or (not way.sees_composites and _key(recipe) in self._makers)

    def quick(self, recipe: Recipe, sample: Sample, move: Move | None = None) -> RenderedSample:
        """Composite and mask at once, and depth where no network has to be waited for.

        ``sample`` is as it is planned. What ``move`` takes elsewhere stays in it, whatever covers it there.

        Raises:
            PictureError: a picture that cannot be read.
        """
        way = recipe.settings.depth.way
        if self._last is None or self._last[0].pictures.recipe is not recipe:
            composer = self._composer(recipe)
            self._last = composer, (None if way.needs_network else composer.open_depth(LocalStore(Path())), Path())
        composer, opened = self._last
        if way.needs_network and not way.sees_composites:
            with self._lock:
                opened = self._makers.get(_key(recipe), opened)
        if opened[0] is not None:
            composer.settle_by(opened[0])
        planned, settled = sample, composer.settled(sample)
        sample = settled if move is None else composer.settled.in_order(move(settled))
        composite = composer(sample)
        depth = _seen(composer, opened, sample, composite)
        cutouts = tuple(composer.sized(one.foreground, one.mirrored, one.width, one.height) for one in sample.objects)
        return RenderedSample(
            sample, settled, composer.background(sample.background), cutouts, composite.image, composite.mask, depth,
            ghosts(composer.patches(sample), composite, cutouts), hides(recipe.settings, known=opened[0] is not None),
            len(sample.objects) > 1 or recipe.settings.appearance.shadows or recipe.settings.scene.front.hides,
            planned,
        )  # fmt: skip

    def slow(self, recipe: Recipe, sample: Sample, move: Move | None = None) -> RenderedDepth | None:
        """The depth of ``sample`` by a network, None where there is none; from then on `quick` may know it too.

        Raises:
            FgbgError: the network cannot be used.
        """
        key, composer = _key(recipe), self._composer(recipe)
        with self._lock:
            opened: tuple[DepthMaker | None, Path] | None = self._makers.get(key)
        maker, cache = opened = opened or self._open(composer)
        composer.settle_by(maker)
        sample = composer.settled(sample)
        sample = sample if move is None else composer.settled.in_order(move(sample))
        seen = _seen(composer, opened, sample, composer(sample))
        if maker is not None:
            with self._lock:
                self._makers[key] = maker, cache
        return seen

    def _open(self, composer: Composer) -> tuple[DepthMaker | None, Path]:
        """What makes depth, and where it has its network's record: made for the grid already, or made now."""
        way, cache = composer.settings.depth.way, cache_folder(self._project, composer.pictures.recipe)
        if way.sees_composites or not _is_prepared(composer, cache):
            for _ in self._memory.prepare(composer, cache):
                pass
        return composer.open_depth(LocalStore(cache)), cache

    def _composer(self, recipe: Recipe) -> Composer:
        return Composer(CachedPictures(recipe, self._project, self._memory))


def _is_prepared(composer: Composer, cache: Path) -> bool:
    maker = composer.settings.depth.way.open(composer, LocalStore(cache))
    try:
        return maker is not None and maker.base(0) is not None
    except DatasetError:
        return False


def _seen(
    composer: Composer, opened: tuple[DepthMaker | None, Path], sample: Sample, composite: Composite
) -> RenderedDepth | None:
    maker, cache = opened
    if maker is None:
        return None
    made = maker([sample], [composite])[0]
    base = maker.base(sample.background)
    low, high = depth_range([made.map if base is None else base])
    metric = composer.settings.depth.way.meaning(composer, LocalStore(cache)).kind == "metric"
    stands = not math.isnan(made.contact)
    contact = made.contact if stands else _middle(made.map, composite)
    return RenderedDepth(made.map, contact, stands, low, high, metric)


def _middle(depth: DepthMap, composite: Composite) -> float:
    """The median depth of the objects' solid pixels; NaN where there are none."""
    size = len(composite.image)
    whole = depth if depth.shape == (size, size) else cv2.resize(depth, (size, size), interpolation=cv2.INTER_NEAREST)
    inside = whole[composite.mask > 0]
    return float(np.median(inside)) if len(inside) else math.nan


def _background(recipe: Recipe, number: int) -> str:
    source, settings = recipe.backgrounds[number], recipe.settings
    return repr((source.sha256, source.crop, settings.background, settings.size, settings.grayscale))


def _key(recipe: Recipe) -> str:
    """What a maker of depth by a network is good for."""
    depth = recipe.settings.depth
    sees = depth.way.sees_composites
    backgrounds = [] if sees else [_background(recipe, i) for i in range(len(recipe.backgrounds))]
    return repr(
        (depth.way, depth.model, depth.network, depth.runtime, depth.precision, recipe.settings.size, backgrounds)
    )
