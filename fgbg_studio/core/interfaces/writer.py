"""The family of writers: as which files the pictures of a shard reach the dataset's store.

A shard's files are complete and safe in the store when `ShardWriter.finish` returns; the caller then writes the
shard's marker, which is what makes it done. A shard that was interrupted is simply written again. When all shards
are done, their archives may be joined to larger ones: `Writer.joined` says to which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple, Protocol

from fgbg_studio.core.base.store import Store
from fgbg_studio.core.base.strategy import Strategy
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.layout import Layout

DAY = date(1980, 1, 1)
"""The date of every file in an archive, so that the same pictures make the same archive: the first that a ZIP knows."""


class ShardWriter(Protocol):
    """Takes the files of one shard."""

    def add(self, kind: str, path: str, data: bytes, sample: str = "") -> None:
        """Take one file: its kind, its path by the layout, its bytes, and the name of its sample.

        A sample's name is that of its composite without folders and suffix; empty for backgrounds and foregrounds.
        The files of one sample come one after another.
        """

    def finish(self) -> list[str]:
        """Everything in the store under its final name; the archives' names, relative to the dataset."""

    def discard(self) -> None:
        """Leave nothing half-written open; called instead of `finish` when the shard is given up."""


class Location(NamedTuple):
    """Where a picture lies in a dataset: a file, relative to its folder, or the ``member`` of a ZIP or tar."""

    file: str
    member: str = ""


class JoinedPart(NamedTuple):
    """The members start..stop, counted as the samples are, of an archive that holds those of ``shard`` of one kind."""

    archive: str
    kind: str
    shard: Shard
    start: int
    stop: int


class JoinedArchive(NamedTuple):
    """An archive that is put together of shards' archives, each of them a ZIP of `stored_zip.StoredZip`."""

    name: str
    parts: tuple[JoinedPart, ...]


@dataclass(frozen=True)
class Writer(Strategy, family="writer", members="fgbg_studio.core.dataset.writers"):
    """Base of the writers."""

    keeps: ClassVar[bool] = True
    """Whether anything is written at all."""
    in_place: ClassVar[bool] = False
    """Whether every picture is a file of its own, which can be replaced without touching another."""

    repeats_backgrounds: ClassVar[bool] = False
    """Whether a shard has of each sample its background too, as `Layout.beside` calls it."""

    def open(self, store: Store, shard: str, layout: Layout) -> ShardWriter:
        """A writer for the shard named ``shard`` of the dataset in ``store``; the sources' has an empty name."""
        raise NotImplementedError

    def locate(self, kind: str, path: str, shard: str, layout: Layout, sample: str = "") -> Location:
        """Where the writer of that shard puts the picture of ``kind`` and ``sample`` that the layout calls ``path``.

        A member has a name by which a dataset is understood without its record.
        """
        raise NotImplementedError

    def joined(self, layout: Layout, shards: Sequence[Shard], kinds: Sequence[str]) -> list[JoinedArchive]:  # noqa: ARG002
        """What the archives of these shards, all there are, become once all are done; nothing by default.

        ``kinds`` are those that a sample has. More samples leave what an archive has where it is.
        """
        return []
