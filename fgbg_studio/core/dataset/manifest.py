"""The manifest: the SHA-256 of every file of a finished dataset, in the form of the program ``sha256sum``.

Hashes of pictures and archives are noted while those are written, in the markers, which are sealed; the manifest puts
them together. Its own hash stands in ``dataset.json``, with those of the card, which may be written anew later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.hashing_store import HashingStore, hash_line, line_hash
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.dataset.joined import FILE as JOINED
from fgbg_studio.core.dataset.joined import JoinedArchives
from fgbg_studio.core.dataset.prepared import FILE as PREPARED
from fgbg_studio.core.dataset.record import HIDDEN, SHARDS, Dataset, marker_name, of_each, put_record
from fgbg_studio.core.dataset.sources import SOURCES

FILE = f"{HIDDEN}/manifest.sha256"
_PIECE = 1 << 20


def write_manifest(dataset: Dataset, tables: Iterable[str]) -> str:
    """Write the manifest of a dataset whose files are all there, ``tables`` among them; its own SHA-256."""
    noted = HashingStore(dataset.store)
    file = noted.create(FILE)
    try:
        for line in manifest_lines(dataset, tables):
            file.write(f"{line}\n".encode())
        file.publish()
    except BaseException:
        file.discard()
        raise
    return noted.hashes[FILE]


def manifest_lines(dataset: Dataset, tables: Iterable[str] = ()) -> Iterator[str]:
    """The lines of all files but record and card.

    Raises:
        OSError: a file of the program's own is missing.
        ValueError: one is damaged.
    """
    for lines in of_each(dataset.store, lambda part: part(), manifest_parts(dataset, tables)):
        yield from lines


def manifest_parts(dataset: Dataset, tables: Iterable[str] = ()) -> Iterator[Callable[[], list[str]]]:
    """What gives the lines, one part after another: each fails alone where what it comes from is damaged."""
    store, joined = dataset.store, JoinedArchives(dataset.store)
    for name in (*tables, PREPARED, *([JOINED] if joined.names else [])):
        yield partial(_lines, {name: ""}, store)
    yield partial(_lines, dataset.prepared.hashes)
    yield partial(_lines, joined.hashes)
    there = set(store.names(SHARDS))
    markers = [marker_name(shard.number) for shard in dataset.shards]
    for name in (SOURCES, *(name for name in markers if dataset.complete or name.rpartition("/")[2] in there)):
        yield partial(_noted_lines, dataset, name, joined)


def _lines(hashes: Mapping[str, str], store: Store | None = None) -> list[str]:
    return [hash_line(name, hash_of(store, name) if store else hashes[name]) for name in sorted(hashes)]


def _noted_lines(dataset: Dataset, name: str, joined: JoinedArchives) -> list[str]:
    """Of a marker and what it speaks of, but for archives that were joined to others since."""
    note = dataset.note(name)
    gone = {archive for archive in note["archives"] if joined.holders(archive) and not dataset.store.exists(archive)}
    lines = [line for line in note["files"] if not gone or line_hash(line)[0] not in gone]
    return [hash_line(name, hash_of(dataset.store, name)), *lines]


def hashes_of(store: Store, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 by name."""
    return {name: hash_of(store, name) for name in names}


def hash_of(store: Store, name: str) -> str:
    """SHA-256 of a file, which is read a piece at a time."""
    made, at = hashlib.sha256(), 0
    while piece := store.part(name, at, _PIECE):
        made.update(piece)
        at += len(piece)
    return made.hexdigest()


def put_hashes(dataset: Dataset, names: Iterable[str]) -> None:
    """Note in the record that these files of the card were written anew."""
    known = dataset.record.get("hashes", {})
    fresh = hashes_of(dataset.store, names) if known else {}
    if any(known.get(name) != sha256 for name, sha256 in fresh.items()):
        put_record(dataset.store, {**dataset.record, "hashes": known | fresh})


def has_manifest(dataset: Dataset) -> bool:
    """Whether hashes of all its files are known."""
    return bool(dataset.record.get("hashes"))


def read_manifest(dataset: Dataset) -> dict[str, str]:
    """SHA-256 by path of every file but ``dataset.json`` and the manifest itself.

    Raises:
        DatasetError: the manifest is missing or damaged.
    """
    known: dict[str, str] = dataset.record["hashes"]
    where = dataset.store.where(FILE)
    try:
        data = dataset.store.read(FILE)
    except OSError as error:
        raise DatasetError(f"{where} cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != known.get(FILE):
        raise DatasetError(f"{where} is damaged")
    try:
        found = dict(map(line_hash, data.decode().splitlines()))
    except ValueError as error:
        raise DatasetError(f"{where} is damaged") from error
    return found | {name: sha256 for name, sha256 in known.items() if name != FILE}
