"""The archives of shards joined to those that the dataset is to have, once all shards are done.

Members are copied as they are, none is coded or packed again. A joined archive is written under a temporary name,
synced, renamed, and noted; only then the shards' archives that are wholly in such ones go. So hardly more than one
joined archive at a time takes room beside what there is (`joining_room`), and whatever an interruption leaves is
finished by the next run.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.hashing_store import HashingStore
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.dataset.joined import JoinedArchives
from fgbg_studio.core.dataset.record import SEALED, Dataset
from fgbg_studio.core.dataset.stored_zip import StoredZip, ZipDirectory
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.writer import JoinedArchive, JoinedPart
from fgbg_studio.core.project.settings import Settings


def joined_archives(settings: Settings, shards: Sequence[Shard]) -> list[JoinedArchive]:
    """What the archives of all shards of a dataset are to become; nothing for most writers."""
    writer = settings.writer
    return writer.joined(settings.layout, shards, sample_kinds(settings)) if shards else []


def sample_kinds(settings: Settings) -> list[str]:
    """The kinds of pictures that each sample has, its own background first where it has one."""
    kinds = ["bg"] if settings.writer.repeats_backgrounds else []
    return [*kinds, *settings.sample_kinds]


def _sample_paths(dataset: Dataset, part: JoinedPart) -> Iterator[str]:
    """The paths by the layout of the pictures of a part, as they were written one after the other."""
    plan, shard, kind = dataset.plan(), part.shard, part.kind
    numbers = dataset.order.numbers(shard.start, shard.stop)[part.start - shard.start : part.stop - shard.start]
    for sample in plan.table_of(numbers).samples():
        yield plan.path(kind, plan.paths(sample))


def joining_room(wanted: Sequence[JoinedArchive], sizes: Mapping[str, float]) -> float:
    """The bytes that joining needs at most beside what there is; ``sizes`` are those of a sample's picture by kind."""
    last_use, held, most = _last_use(wanted), 0.0, 0.0
    for number, archive in enumerate(wanted):
        held += sum((part.stop - part.start) * sizes.get(part.kind, 0.0) for part in archive.parts)
        most = max(most, held)
        for part in archive.parts:
            if last_use[part.archive] == number:
                held -= (part.shard.stop - part.shard.start) * sizes.get(part.kind, 0.0)
    return most


def _last_use(wanted: Sequence[JoinedArchive]) -> dict[str, int]:
    """Of each shard's archive the number of the last joined one that needs it: after that it may go."""
    return {part.archive: number for number, archive in enumerate(wanted) for part in archive.parts}


def join(dataset: Dataset) -> Generator[tuple[int, int], None, None]:
    """Join what is to be joined; yields (done, total) pictures, and may be left between two of them.

    Raises:
        DatasetError: a shard's archive is damaged.
    """
    store, wanted = dataset.store, joined_archives(dataset.recipe.settings, dataset.shards)
    joined, last_use = JoinedArchives(store), _last_use(wanted)
    done, total = 0, sum(part.stop - part.start for archive in wanted for part in archive.parts)
    for number, archive in enumerate(wanted):
        if not joined.has(archive):
            noted = HashingStore(store)
            for copied in make_joined(dataset, joined, archive, noted):
                yield done + copied, total
            joined.add(archive, noted.hashes[archive.name] if dataset.format >= SEALED else "")
        done += sum(part.stop - part.start for part in archive.parts)
        if not_needed := [part.archive for part in archive.parts if last_use[part.archive] <= number]:
            joined.keep()
            for name in not_needed:
                store.remove(name)
        yield done, total


def make_joined(dataset: Dataset, joined: JoinedArchives, archive: JoinedArchive, into: Store) -> Iterator[int]:
    """Write one archive ``into`` a store; yields how many of its pictures are copied."""
    made, copied = StoredZip(archive.name, into.create(archive.name)), 0
    try:
        for part in archive.parts:
            for source, start, stop in _pieces(dataset, joined, part):
                for number in made.copy(source, start, stop):
                    copied += number
                    yield copied
        made.finish()
    except BaseException:
        made.file.discard()
        raise


Piece = tuple[ZipDirectory, int, int]
"""Members start..stop of an archive."""


def _pieces(dataset: Dataset, joined: JoinedArchives, part: JoinedPart) -> Iterator[Piece]:
    """Where the members of a part are."""
    store = dataset.store
    if not store.exists(part.archive):
        yield from _earlier_pieces(dataset, joined, part)
        return
    source, first = ZipDirectory(store, part.archive), part.shard.start
    if len(source.names) != part.shard.stop - first:
        raise _incomplete(store, part.archive)
    yield source, part.start - first, part.stop - first


def _earlier_pieces(dataset: Dataset, joined: JoinedArchives, part: JoinedPart) -> Iterator[Piece]:
    """The members of a part that archives joined of fewer samples hold, found by their names."""
    settings, store = dataset.recipe.settings, dataset.store
    holders = dict.fromkeys(name for name, *_ in joined.holders(part.archive))
    sources = [ZipDirectory(store, name) for name in holders]
    piece: Piece | None = None
    for path in _sample_paths(dataset, part):
        member = settings.writer.locate(part.kind, path, part.shard.name, settings.layout).member.encode()
        found = ((source, number) for source in sources if (number := source.find(member)) is not None)
        source, number = next(found, (None, 0))
        if source is None:
            raise _incomplete(store, next(iter(holders), part.archive))
        if piece and piece[0] is source and piece[2] == number:
            piece = (source, piece[1], number + 1)
            continue
        if piece:
            yield piece
        piece = (source, number, number + 1)
    if piece:
        yield piece


def _incomplete(store: Store, name: str) -> DatasetError:
    again = GenerateAgain("remove it", "its samples are made again")
    return DatasetError(f"{store.where(name)} lacks some of its pictures", again)
