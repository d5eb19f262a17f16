"""The files of a dataset held against the hashes that its manifest knows: as fast as the disk gives them."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from fgbg_studio.core.base.cores import allowed_cores
from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.hashing_store import hash_line, line_hash
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.progress import Progress, Rate
from fgbg_studio.core.base.remedies import AddHashes, GenerateAgain
from fgbg_studio.core.dataset.finalize import label_paths
from fgbg_studio.core.dataset.manifest import FILE as MANIFEST
from fgbg_studio.core.dataset.manifest import has_manifest, hashes_of, manifest_parts, read_manifest
from fgbg_studio.core.dataset.prepared import FILE as PREPARED
from fgbg_studio.core.dataset.prepared import Prepared
from fgbg_studio.core.dataset.record import (
    CARD,
    DEPTH,
    FILE,
    HIDDEN,
    PICTURES,
    REPAIRS,
    ROWS,
    SEALED,
    Dataset,
    put_record,
)
from fgbg_studio.core.imaging.finding import Reason, why_not, why_not_folder

_PIECE = 1 << 20
_FILES, _BYTES = 256, 8 << 20  # of a part of the work
_OWN = {FILE, MANIFEST, f"{HIDDEN}/lock"}
"""What has no hash in the manifest, and is no stray either."""


@dataclass
class HashesFound:
    """How the files are that the manifest knows, and what lies beside them.

    Attributes:
        known: SHA-256 by path, as they were written.
        wrong: those that are not so: SHA-256 of what is there, empty where nothing can be read.
        missing: of these, those that are not there.
        stray: files that belong to nothing.
        beside: files in the dataset's own folder that are no pictures: a person may have put them there.
        issues: what is wrong with the manifest itself.
    """

    known: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    stray: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def all_issues(self) -> Iterator[Issue]:
        """Everything that is wrong, each file by its name."""
        yield from self.issues
        others = set(self.known.values()) if self.wrong else set()
        for name, sha256 in self.wrong.items():
            if name in self.missing:
                yield Issue("error", "missing", "file is missing", name, mendable=True)
            elif not sha256:
                yield Issue("error", "unreadable", "file cannot be read", name, mendable=True)
            elif sha256 in others:
                yield Issue("error", "exchanged", "file is another one of the dataset", name, mendable=True)
            else:
                yield Issue("error", "hash", "file is not as it was written", name, mendable=True)
        for name in self.stray:
            yield Issue("error", "stray", "stray file that belongs to nothing", name)


def check_hashes(dataset: Dataset) -> Iterator[Progress | HashesFound]:
    """Read every file of the dataset; yields progress in files, and at last what was found.

    Of a dataset that is not finished only what its finished shards have is looked at.

    Raises:
        DatasetError: no hashes are known, as it was made by an earlier version, or it lies elsewhere.
    """
    found = HashesFound()
    found.known = _known(dataset, found.issues)
    there = dict(_files(dataset.root))
    found.missing = found.known.keys() - there.keys()
    found.wrong = dict.fromkeys(sorted(found.missing), "")
    for name in there.keys() - found.known.keys() - _OWN if dataset.complete else ():
        _take_other(found, name)
    found.stray.sort()
    done, total, rate = 0, len(found.known) - len(found.missing), Rate(0)
    with ThreadPoolExecutor(allowed_cores()) as pool:
        parts = _parts({name: size for name, size in there.items() if name in found.known})
        work = [pool.submit(_hashes, dataset.root, names) for names in parts]
        try:
            for part in as_completed(work):
                for name, sha256 in part.result():
                    done += 1
                    if sha256 != found.known[name]:
                        found.wrong[name] = sha256
                yield Progress("checking hashes", done, total, *rate.update(done, total))
        finally:
            pool.shutdown(cancel_futures=True)
    found.wrong = dict(sorted(found.wrong.items()))
    yield found


def note_hashes(dataset: Dataset) -> None:
    """Note the hashes of all files of a dataset that an earlier version made, as they are now: it was verified."""
    names = sorted(
        {name for name in dict(_files(dataset.root)).keys() - _OWN if _belongs(name)} | {*label_paths(dataset)}
    )
    prepared = Prepared(dataset.store)
    prepared.hashes = hashes_of(dataset.store, [name for name in names if name.startswith((PICTURES, DEPTH))])
    prepared.save()
    card = [name for name in names if name == "README.md" or name.startswith(f"{CARD}/")]
    others = hashes_of(dataset.store, sorted({*names, PREPARED} - {*card}))
    lines = "".join(f"{hash_line(name, sha256)}\n" for name, sha256 in others.items())
    dataset.store.put(MANIFEST, lines.encode())
    put_record(dataset.store, {**dataset.record, "hashes": hashes_of(dataset.store, [MANIFEST, *card])})


def _known(dataset: Dataset, issues: list[Issue]) -> dict[str, str]:
    """SHA-256 by path; where the manifest is damaged, from what it was made of."""
    if not has_manifest(dataset):
        if dataset.complete or dataset.format < SEALED:
            problem = f"{dataset.root} was made by an earlier version: no hashes of its files are known"
            raise DatasetError(problem, AddHashes())
        issues.append(Issue("error", "unfinished", "the run was not finished", str(dataset.root), (GenerateAgain(),)))
        return dict(map(line_hash, _whole_lines(dataset, ())))
    try:
        return read_manifest(dataset)
    except DatasetError:
        issues.append(Issue("error", "manifest", "manifest is damaged", MANIFEST, mendable=True))
    lines = _whole_lines(dataset, (ROWS, *label_paths(dataset)))
    card = {name: sha256 for name, sha256 in dataset.record["hashes"].items() if name != MANIFEST}
    return dict(map(line_hash, lines)) | card


def _whole_lines(dataset: Dataset, tables: tuple[str, ...]) -> Iterator[str]:
    """The manifest's lines as far as the notes that they come from are whole."""
    for part in manifest_parts(dataset, tables):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            yield from part()


def _files(root: Path, inside: str = "") -> Iterator[tuple[str, int]]:
    """(path, bytes) of all regular files below a folder, but for what a repair has left; -1 bytes of what is none."""
    with os.scandir(root / inside) as entries:
        for entry in entries:
            name = f"{inside}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _files(root, f"{name}/") if name != REPAIRS else ()
            elif not entry.name.endswith(".part") or not entry.name.startswith("."):
                yield name, entry.stat(follow_symlinks=False).st_size if entry.is_file(follow_symlinks=False) else -1


def _take_other(found: HashesFound, name: str) -> None:
    """A file that the manifest does not know; what systems leave behind is passed over."""
    if name.startswith(f"{HIDDEN}/") or not why_not_folder(name):
        (found.stray if _belongs(name) else found.beside).append(name)


def is_picture_or_archive(name: str) -> bool:
    """Whether a file is one of those for which a dataset is made."""
    return not name.startswith((f"{HIDDEN}/", f"{CARD}/")) and why_not(name) in {None, Reason.ARCHIVE}


def _belongs(name: str) -> bool:
    """Whether a file is where, and of a sort, that only the dataset's own are."""
    if name.startswith(f"{HIDDEN}/"):
        return True
    return (name in {ROWS, "README.md"} or "/" in name or is_picture_or_archive(name)) and not why_not_folder(name)


def _parts(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Names, as many as are read in a moment, in the order in which they lie there."""
    part: list[str] = []
    size = 0
    for name, own in sizes.items():
        part.append(name)
        size += own
        if len(part) >= _FILES or size >= _BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


_thread = threading.local()


def _hashes(root: Path, names: list[str]) -> list[tuple[str, str]]:
    """(name, SHA-256) of these files; empty where one cannot be read."""
    buffer = _thread.__dict__.setdefault("buffer", bytearray(_PIECE))
    return [(name, _hash(f"{root}{os.sep}{name}", buffer)) for name in names]


def _hash(path: str, buffer: bytearray) -> str:
    """SHA-256 of a file; `hashlib` and the system's calls let other threads work meanwhile."""
    made, view = hashlib.sha256(), memoryview(buffer)
    try:
        with io.FileIO(path, opener=_open_regular) as file:
            while size := file.readinto(buffer):
                made.update(view[:size])
    except OSError:
        return ""
    return made.hexdigest()


def _open_regular(path: str, flags: int) -> int:
    """Not through a link, and never waiting for what is a pipe by now."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
