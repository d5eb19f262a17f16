"""The contents of a recipe: a folder with what makes a dataset's samples, and none of them.

It has the dataset's record under another name, so that nobody takes it for a damaged dataset, its prepared pictures and
background depths. Whatever is asked for is made: files byte for byte as the dataset has them, pixels without
the way through a file where that changes none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from threading import Lock
from typing import TypeVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import Ints, Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.inspect.contents import DecodedFiles, StoredFiles
from fgbg_studio.core.dataset.inspect.own_contents import OwnContents
from fgbg_studio.core.dataset.inspect.picture_sources import PictureSource
from fgbg_studio.core.dataset.inspect.reproduce import PixelMaker, Reproducer
from fgbg_studio.core.dataset.record import Dataset
from fgbg_studio.core.dataset.sources import source_pictures
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.layout import stem

_AT_ONCE = 1000
_BATCH = 4  # whose pixels lie in the processor's cache
T = TypeVar("T")


class MadeContents(OwnContents):
    """See the module.

    Args:
        dataset: the record; its ``root`` is the folder.

    Attributes:
        exact: whether pixels that the dataset stores as JPEG are given as that leaves them, which takes longer; else
            as they were before.
    """

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(dataset)
        self.exact, self.files = True, {}
        self._files = _Sources(dataset)
        # Makers keep what many samples share and are for one thread each: as many as there are threads at it.
        self._pixels, self._bytes = list[PixelMaker](), list[Reproducer]()

    @override
    def read(self, kind: str, number: int) -> bytes:
        if kind not in self._settings.sample_kinds:
            return super().read(kind, number)
        (one,) = self.stored([number], [kind])
        return one.files[kind][1]

    @override
    def stored(self, numbers: Sequence[int], kinds: Sequence[str]) -> Iterator[StoredFiles]:
        with _lent(self._bytes, lambda: Reproducer(self._own)) as maker:
            for planned in self._planned(numbers):
                sample, made = maker.settled(planned), maker.sample(planned)
                files = {kind: (path, data) for kind, path, data in made if kind in kinds}
                who = sample.background, sample.first.foreground
                yield StoredFiles(sample.number, stem(made[0][1]), *who, files, sample.objects, sample.indices)

    @override
    def decoded(self, numbers: Sequence[int], kinds: Sequence[str]) -> Iterator[DecodedFiles]:
        there = [kind for kind in kinds if kind in self.counts]
        with _lent(self._pixels, lambda: PixelMaker(self._own)) as maker:
            planned = self._planned(numbers)
            while some := list(islice(planned, _BATCH)):
                for sample, pictures, depth in maker(some, there, exact=self.exact):
                    name, who = stem(self._path("fg_bg", sample)), (sample.background, sample.first.foreground)
                    yield DecodedFiles(sample.number, name, *who, pictures, sample.objects, sample.indices, depth)

    def _planned(self, numbers: Sequence[int]) -> Iterator[Sample]:
        for start in range(0, len(numbers), _AT_ONCE):
            yield from self.plan.table_of(np.asarray(numbers[start : start + _AT_ONCE], np.int64)).samples()


@contextmanager
def _lent(kept: list[T], new: Callable[[], T]) -> Iterator[T]:
    """One of these makers, or a new one, which is kept for others afterwards."""
    try:
        maker = kept.pop()
    except IndexError:
        maker = new()
    try:
        yield maker
    finally:
        kept.append(maker)


class _Sources(PictureSource):
    """The files of backgrounds, foregrounds and their masks, made when they are asked for, and those beside them."""

    kept = 0

    def __init__(self, dataset: Dataset) -> None:
        self._dataset, self._lock = dataset, Lock()

    @cached_property
    def _pictures(self) -> dict[str, tuple[Callable[[], Pixels], Codec]]:
        return {path: (picture, codec) for _, path, picture, codec in source_pictures(self._dataset.composer())}

    @override
    def read(self, kind: str, path: str, sample: int | None, name: str, shard: Shard | None = None) -> bytes:
        with self._lock:  # its composer is for one thread
            if path not in self._pictures:
                raise PictureError(f"{path} is no picture of {self._dataset.root}", "Check the path")
            picture, codec = self._pictures[path]
            return encode(picture(), codec)

    @override
    def shards(self, numbers: Ints) -> Sequence[Shard | None]:
        return [None] * len(numbers)

    @override
    def beside(self, name: str) -> bytes | None:
        store = LocalStore(self._dataset.root)
        return store.read(name) if store.exists(name) else None
