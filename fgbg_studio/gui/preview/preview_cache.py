"""What is prepared and kept from one look at a project to the next, by the grid and the large composition alike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path

from cachetools import LRUCache
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.plan.recipe import Recipe

_BYTES = 160 << 20


class PreviewCache:
    """Prepared pictures by what decides their pixels; may be used on several threads."""

    def __init__(self) -> None:
        self._lock, self._preparing = threading.Lock(), threading.Lock()
        self._kept: LRUCache[Hashable, Pixels] = LRUCache(_BYTES, lambda pixels: pixels.nbytes)

    def get(self, key: Hashable, make: Callable[[], Pixels]) -> Pixels:
        """What is kept under ``key``; made, without keeping others waiting, where it is not there."""
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = make()
            if found.nbytes <= _BYTES:
                with self._lock:
                    self._kept[key] = found
        return found

    def prepare(self, composer: Composer, cache: Path) -> Iterator[tuple[int, int]]:
        """See `Depth.prepare`; one step at a time, for two threads would write the same files at once."""
        steps = composer.settings.depth.way.prepare(composer, LocalStore(cache))
        while True:
            with self._preparing:
                step = next(steps, None)
            if step is None:
                return
            yield step

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()


class CachedPictures(Pictures):
    """A recipe's pictures from the project, by way of a `PreviewCache`; the pixels are those of `Pictures`."""

    def __init__(self, recipe: Recipe, project: Path, memory: PreviewCache) -> None:
        super().__init__(recipe, None, project)
        self._memory, self._folder = memory, project

    @override
    def background(self, number: int) -> Pixels:
        source, settings = self.recipe.backgrounds[number], self.recipe.settings
        how = (settings.background, settings.size, settings.grayscale)
        key = ("background", self._folder, source.sha256, source.crop, how)
        return self._memory.get(key, lambda: super(CachedPictures, self).background(number))

    @override
    def foreground(self, number: int) -> Pixels:
        key = ("foreground", *self._cutout(number), self.recipe.settings.foreground.decontaminate)
        return self._memory.get(key, lambda: super(CachedPictures, self).foreground(number))

    @override
    def mask(self, number: int) -> Pixels:
        key = ("mask", *self._cutout(number), self.recipe.settings.compositing.mask_threshold)
        return self._memory.get(key, lambda: super(CachedPictures, self).mask(number))

    def _cutout(self, number: int) -> tuple[Hashable, ...]:
        source, settings = self.recipe.foregrounds[number], self.recipe.settings
        return self._folder, source.sha256, source.box, settings.foreground.sizing.square, settings.size
