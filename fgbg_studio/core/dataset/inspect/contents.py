"""A dataset to look through, whoever made it: what it has of each kind, who stands on what, pictures one by one.

Nothing is listed that can be computed: of this program's datasets the plan knows every name
(`own_contents.py`); the files of others are listed once and grouped by their names (`found_contents.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap, Ints, Pixels
from fgbg_studio.core.base.sample import PlacedObject
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.figures import Reports
from fgbg_studio.core.dataset.inspect.adoption import Adoption
from fgbg_studio.core.dataset.record import Dataset
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.imaging.colour_maps import depth_colours
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.interfaces.layout import PER_SAMPLE


@dataclass(frozen=True)
class DepthReading:
    """How stored depth is read: by its encoding, or as bare values where nobody says what they are."""

    encoding: Encoding | None = None
    metric: bool = False

    @property
    def unit(self) -> str:
        """'m' for metres, empty for depth without a unit."""
        return "m" if self.encoding and self.metric and self.encoding.needs_metres else ""

    def depth(self, stored: AnyPixels) -> DepthMap:
        """(H, W) float32, larger = farther; of unknown encodings it is taken that bright is near."""
        plane = stored if stored.ndim == 2 else stored[..., 0]
        if self.encoding is None:
            return -plane.astype(np.float32)
        return self.encoding.restore(plane)

    def words(self, value: int) -> str:
        """One stored value as a person reads it: '3.42 m', 'depth 0.31', 'value 97'."""
        if self.encoding is None:
            return f"value {value:,}"
        depth = float(self.encoding.restore(np.array([[value]]))[0, 0])
        if math.isnan(depth):
            return "no value"
        return f"{depth:.2f} m" if self.unit else f"depth {depth:.3f}"

    def colours(self, stored: AnyPixels) -> Pixels:
        """(H, W, 3) RGB: near is bright and warm, stretched over this map."""
        return depth_colours(self.depth(stored))


class Triple(NamedTuple):
    """One sample in words.

    ``background`` and ``foreground`` are numbers in the dataset's lists, -1 where the names do not say.
    """

    number: int
    name: str
    background: int
    foreground: int
    facts: tuple[tuple[str, str], ...]


class StoredFiles(NamedTuple):
    """One sample as it is stored.

    ``background`` and ``foreground`` are as in `Triple`. ``files`` has, by kind, the name of a picture and its file's
    bytes, of those kinds that the sample has. ``placed`` is empty where nobody says where its objects are;
    ``indices`` are the values of these in the index map, where the dataset has such maps.
    """

    number: int
    name: str
    background: int
    foreground: int
    files: dict[str, tuple[str, bytes]]
    placed: tuple[PlacedObject, ...] = ()
    indices: tuple[int, ...] = ()


class DecodedFiles(NamedTuple):
    """As `StoredFiles`, with the pixels of its ``pictures``, (H, W[, C]), by kind; not to be written to.

    Where ``depth`` is known already, as `DepthReading` gives it, it stands here instead of its picture.
    """

    number: int
    name: str
    background: int
    foreground: int
    pictures: dict[str, AnyPixels]
    placed: tuple[PlacedObject, ...] = ()
    indices: tuple[int, ...] = ()
    depth: DepthMap | None = None


class WhoStandsWhere(NamedTuple):
    """Who stands on what in n samples: (n,) int64 the backgrounds, and the first objects' foregrounds.

    ``further`` are, for each further object, the rows of the samples that have it, and its foregrounds there.
    """

    background: Ints
    first: Ints
    further: tuple[tuple[Ints, Ints], ...] = ()


class Contents:
    """What a dataset has; reading may be done on several threads.

    Attributes:
        path: folder or archive.
        title: what it is called.
        counts: pictures by kind, in the order of `ALL_KINDS`.
        files: kind → number of files, where it is not one a picture.
        samples: how many composites there are.
        backgrounds: names in their order; empty where the samples' names do not say who stands on what.
        foregrounds: likewise.
        reading: how its depth is read.
        dataset: the record, where it is this program's.
        adoption: what describes it, where it was made by hand and adopted.
        reports: statistics by kind where the record has them, else empty.
        missing: kind → pictures that are not there, where somebody has looked.
        unsaid: names of samples that do not say who stands on what, where others do and are not believed for that.
        notes: what should be known of it: that it is not finished, that its record is missing.
    """

    def __init__(self, path: Path, title: str) -> None:
        self.path, self.title = path, title
        self.counts: dict[str, int] = {}
        self.files: dict[str, str] = {}
        self.samples = 0
        self.backgrounds: tuple[str, ...] = ()
        self.foregrounds: tuple[str, ...] = ()
        self.reading = DepthReading()
        self.dataset: Dataset | None = None
        self.adoption: Adoption | None = None
        self.reports: Reports = {}
        self.unsaid: list[str] = []
        self.notes: list[str] = []
        self.missing: dict[str, list[str]] = {}

    @property
    def sample_kinds(self) -> list[str]:
        """Which of composite, mask and depth there are."""
        return [kind for kind in PER_SAMPLE if self.counts.get(kind)]

    def length(self, kind: str) -> int:
        """How many numbers `name` and `read` take: samples for the kinds of a sample, else pictures."""
        return self.samples if kind in PER_SAMPLE else self.counts.get(kind, 0)

    def name(self, kind: str, number: int) -> str:
        """The path of a picture inside the dataset; empty where the sample has none of this kind."""
        raise NotImplementedError

    def read(self, kind: str, number: int) -> bytes:
        """The bytes of a picture's file.

        Raises:
            PictureError: it is missing or damaged; the file is named.
            OSError: the disk refuses.
        """
        raise NotImplementedError

    def stored(self, numbers: Sequence[int], kinds: Sequence[str]) -> Iterator[StoredFiles]:
        """The samples of these numbers, in this order, each with its files of ``kinds`` that it has.

        Raises:
            PictureError: one is missing or damaged; the file is named.
            OSError: the disk refuses.
        """
        for number in numbers:
            about = self.triple(number)
            names = {kind: name for kind in kinds if kind in self.counts and (name := self.name(kind, number))}
            files = {kind: (name, self.read(kind, number)) for kind, name in names.items()}
            yield StoredFiles(number, about.name, about.background, about.foreground, files)

    def decoded(self, numbers: Sequence[int], kinds: Sequence[str]) -> Iterator[DecodedFiles]:
        """As `stored`, with the pixels of each picture instead of its file."""
        for one in self.stored(numbers, kinds):
            pictures = {kind: decode(data, name) for kind, (name, data) in one.files.items()}
            yield DecodedFiles(*one[:4], pictures, one.placed, one.indices)

    def pixels(self, kind: str, number: int) -> AnyPixels:
        """A picture as it is stored: (H, W), (H, W, 3) or (H, W, 4), uint8 or uint16.

        Raises:
            PictureError: it is missing or damaged; the file is named.
        """
        return decode(self.read(kind, number), self.name(kind, number))

    def numbers(self, background: int | None = None, foreground: int | None = None) -> Sequence[int]:
        """The samples of one background, one foreground, or both, in order; all by default."""
        raise NotImplementedError

    def triple(self, number: int) -> Triple:
        """What there is to say of a sample."""
        raise NotImplementedError

    def standing(self, numbers: Ints) -> WhoStandsWhere:
        """Who stands on what in the samples of these numbers; only where there are `backgrounds`."""
        raise NotImplementedError

    def names(self, numbers: Sequence[int] | Ints) -> Iterator[str]:
        """The names of these samples, as `triple` has them."""
        raise NotImplementedError

    def beside(self, name: str) -> bytes | None:
        """A file of the dataset that is no picture, by its path in it; None where there is none.

        Raises:
            OSError: the disk refuses.
            PictureError: it is damaged in its archive.
        """
        store = LocalStore(self.path)
        return store.read(name) if store.exists(name) else None

    def picture_of(self, axis: str, number: int) -> int | None:
        """The number among the pictures of kind ``axis`` (bg or fg) of a background or foreground."""
        raise NotImplementedError

    def matching(self, text: str) -> Ints:
        """(n,) int64, ascending: the samples of that number, or of whose file or source pictures ``text`` is a part.

        Capitals and small letters are alike. Where several words are given a sample has all of them.
        """
        raise NotImplementedError

    def incomplete(self) -> dict[str, list[str]]:
        """Kind → the names of samples that have no picture of it, though others have; see `presence` for plans."""
        return {}

    def find(self, text: str) -> int | None:
        """The sample of that number or name, or None; a part of a name finds the first."""
        raise NotImplementedError
