"""In which file each picture of a dataset of this program lies.

Its writer says where it was written, and some of these archives were joined to larger ones since.
"""

from __future__ import annotations

import numpy as np

from fgbg_studio.core.dataset.joined import JoinedArchives
from fgbg_studio.core.dataset.joining import joined_archives
from fgbg_studio.core.dataset.record import Dataset
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.writer import Location


class Places:
    """See the module."""

    def __init__(self, dataset: Dataset) -> None:
        self._store, self._settings = dataset.store, dataset.recipe.settings
        self._dataset = dataset
        self._joined = JoinedArchives(dataset.store)
        self._last: tuple[int, Shard | None] = -1, None

    def locate(self, kind: str, path: str, sample: int | None = None, name: str = "") -> Location:
        """Where the picture is that the layout calls ``path``: of a sample, by its number and name, or a source."""
        shard = None if sample is None else self._shard_of(sample)
        place = self._settings.writer.locate(kind, path, shard.name if shard else "", self._settings.layout, name)
        if sample is None or shard is None or not place.member or self._store.exists(place.file):
            return place
        written = np.searchsorted(self._dataset.order.numbers(shard.start, shard.stop), sample)
        holder = self._joined.holder(place.file, shard.start + int(written))
        return Location(holder, place.member) if holder else place

    def _shard_of(self, sample: int) -> Shard:
        """The pictures of a sample are asked for one after the other."""
        last, shard = self._last
        if last != sample or shard is None:
            shard = self._dataset.shard_of(sample)
            self._last = sample, shard
        return shard

    def archives(self, kind: str) -> int | None:
        """How many joined archives hold the samples' pictures of ``kind``; None where shards have their own still."""
        wanted = joined_archives(self._settings, self._dataset.shards)
        wanted = [archive for archive in wanted if any(part.kind == kind for part in archive.parts)]
        return len(wanted) if wanted and all(map(self._joined.has, wanted)) else None
