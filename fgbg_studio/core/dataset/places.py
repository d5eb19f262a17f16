"""In which file each picture of a dataset of this program lies.

Its writer says where it was written, and some of these archives were joined to larger ones since.
"""

from __future__ import annotations

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.dataset.joined import JoinedArchives
from fgbg_studio.core.dataset.joining import joined_archives
from fgbg_studio.core.dataset.record import Dataset
from fgbg_studio.core.dataset.shards import shard_at
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.writer import Location

_KEPT = 200  # shards whose samples' numbers are kept: under 10 MB


class Places:
    """See the module."""

    def __init__(self, dataset: Dataset) -> None:
        self._store, self._settings = dataset.store, dataset.recipe.settings
        self._dataset = dataset
        self._joined = JoinedArchives(dataset.store)
        self._last: tuple[int, Shard | None] = -1, None
        self._before = -1, 0  # of which sample `written` was asked last, and what it said
        self._there: set[str] = set()
        self._numbers: dict[int, Ints] = {}

    def locate(
        self, kind: str, path: str, sample: int | None = None, name: str = "", shard: Shard | None = None
    ) -> Location:
        """Where the picture is that the layout calls ``path``: of a sample, by its number and name, or a source.

        Files that were found are taken to be there still; see `forget`. A sample's ``shard`` is looked up but where
        `shards` has told it already.
        """
        if shard is None and sample is not None:
            shard = self._shard_of(sample)
        place = self._settings.writer.locate(kind, path, shard.name if shard else "", self._settings.layout, name)
        if sample is None or shard is None or not place.member or self._is_there(place.file):
            return place
        holder = self._joined.holder(place.file, shard.start + self.written(sample, shard))
        return Location(holder, place.member) if holder else place

    def shards(self, numbers: Ints) -> list[Shard]:
        """Of each sample the shard that has it, for many at once."""
        return [shard_at(self._dataset.shards, place) for place in self._dataset.order.positions(numbers).tolist()]

    def written(self, sample: int, shard: Shard) -> int:
        """How many samples are written before this one in its shard."""
        last, before = self._before
        if last == sample:  # its pictures are asked for one after the other
            return before
        numbers = self._numbers.get(shard.number)
        if numbers is None:
            while len(self._numbers) >= _KEPT:
                self._numbers.pop(next(iter(self._numbers)), None)
            numbers = self._numbers[shard.number] = self._dataset.order.numbers(shard.start, shard.stop)
        before = int(numbers.searchsorted(sample))
        self._before = sample, before
        return before

    def where(self, file: str, sample: int, shard: Shard | None = None) -> float:
        """About how far from a file's begin to its end a sample lies that `locate` finds in it, from 0 to 1."""
        shard = shard or self._shard_of(sample)
        before, size = self._joined.before(file, shard.start + self.written(sample, shard))
        if not size:
            before, size = self.written(sample, shard), shard.stop - shard.start
        return before / size

    def forget(self) -> None:
        """Files may have moved: look for each anew."""
        self._there.clear()
        self._joined = JoinedArchives(self._store)

    def _is_there(self, file: str) -> bool:
        if file not in self._there:
            if not self._store.exists(file):
                return False
            self._there.add(file)
        return True

    def _shard_of(self, sample: int) -> Shard:
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
