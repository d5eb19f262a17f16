"""The files of a dataset held against the hashes that its manifest knows: as fast as the disk gives them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from fgbg_studio.core.base.cores import allowed_cores
from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.hashing_store import hash_line, line_hash
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.mirrors import is_mirrored
from fgbg_studio.core.base.outside import open_file, reason_of
from fgbg_studio.core.base.processes import TICK
from fgbg_studio.core.base.progress import Progress, Rate
from fgbg_studio.core.base.remedies import AddHashes, GenerateAgain, MakeSplits
from fgbg_studio.core.dataset.finalize import table_paths
from fgbg_studio.core.dataset.manifest import FILE as MANIFEST
from fgbg_studio.core.dataset.manifest import has_manifest, hashes_of, manifest_parts, read_manifest
from fgbg_studio.core.dataset.objects import FILE as OBJECTS
from fgbg_studio.core.dataset.prepared import FILE as PREPARED
from fgbg_studio.core.dataset.prepared import Prepared
from fgbg_studio.core.dataset.record import (
    CARD,
    CROISSANT,
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
from fgbg_studio.core.dataset.split_files import FILE as SPLITS_FILE
from fgbg_studio.core.dataset.split_files import FILES as SPLITS
from fgbg_studio.core.dataset.split_files import FOLDER as SPLITS_FOLDER
from fgbg_studio.core.dataset.split_files import key_of_own, read_note
from fgbg_studio.core.imaging.finding import Reason, why_not, why_not_folder

_SMALL, _PIECE = 1 << 14, 1 << 20  # bytes that are read at first, and then
_FILES = 256  # of a part of the work, but for archives
_OWN = {FILE, MANIFEST, f"{HIDDEN}/lock", *SPLITS}
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
    found.known = _known(dataset, found.issues) | _lists_of_splits(dataset, found.issues)
    there = dict(_files(dataset.root))
    found.missing = found.known.keys() - there.keys()
    special = [name for name, regular in there.items() if not regular and name in found.known]
    found.wrong = dict.fromkeys([*found.missing, *special], "")
    for name in there.keys() - found.known.keys() - _OWN if dataset.complete else ():
        _take_other(found, name)
    found.stray.sort()
    done, total, rate = 0, len(found.known) - len(found.wrong), Rate(0)
    stop = threading.Event()
    with ThreadPoolExecutor(allowed_cores()) as pool:
        parts = _parts(name for name, regular in there.items() if regular and name in found.known)
        work = deque(pool.submit(_hashes, dataset.root, names, stop) for names in parts)
        try:
            while work:
                wait([work[0]], TICK)  # so that somebody who waits for a file without end can stop
                while work and work[0].done():
                    for name, sha256 in work.popleft().result():
                        done += 1
                        if sha256 != found.known[name]:
                            found.wrong[name] = sha256
                yield Progress("checking hashes", done, total, *rate.update(done, total))
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)
    found.wrong = dict(sorted(found.wrong.items()))
    yield found


def note_hashes(dataset: Dataset) -> None:
    """Note the hashes of all files of a dataset that an earlier version made, as they are now: it was verified."""
    names = sorted(
        {name for name in dict(_files(dataset.root)).keys() - _OWN if _belongs(name)} | {*table_paths(dataset)}
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
    lines = _whole_lines(dataset, tuple(table_paths(dataset)))
    card = {name: sha256 for name, sha256 in dataset.record["hashes"].items() if name != MANIFEST}
    return dict(map(line_hash, lines)) | card


def _lists_of_splits(dataset: Dataset, issues: list[Issue]) -> dict[str, str]:
    """SHA-256 by path of what is for other programs of its splits, which may be made anew at any time."""
    name = f"{SPLITS_FOLDER}/{SPLITS_FILE}"
    try:
        if not dataset.store.exists(name):
            return {}
        note = read_note(dataset.store.read(name))
    except (OSError, ValueError) as error:
        issues.append(Issue("error", "splits", f"splits cannot be used ({reason_of(error)})", name, (MakeSplits(),)))
        return {}
    if note.dataset != key_of_own(dataset):
        issues.append(Issue("error", "splits", "splits are of other samples", name, (MakeSplits(),)))
    return {f"{SPLITS_FOLDER}/{one}": sha256 for one, sha256 in note.lists.items()}


def _whole_lines(dataset: Dataset, tables: tuple[str, ...]) -> Iterator[str]:
    """The manifest's lines as far as the notes that they come from are whole."""
    for part in manifest_parts(dataset, tables):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            yield from part()


def _files(root: Path, inside: str = "") -> Iterator[tuple[str, bool]]:
    """Path of everything below a folder but what a repair has left, and whether it is a regular file."""
    with os.scandir(root / inside) as entries:
        for entry in entries:
            name = f"{inside}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _files(root, f"{name}/") if name != REPAIRS else ()
            elif not name.endswith(".part") or not entry.name.startswith("."):
                yield name, entry.is_file(follow_symlinks=False)


def _take_other(found: HashesFound, name: str) -> None:
    """A file that the manifest does not know; what systems leave behind is passed over."""
    if name != CROISSANT and (name.startswith(f"{HIDDEN}/") or not why_not_folder(name)):
        (found.stray if _belongs(name) else found.beside).append(name)


def is_picture_or_archive(name: str) -> bool:
    """Whether a file is one of those for which a dataset is made."""
    return not name.startswith((f"{HIDDEN}/", f"{CARD}/")) and why_not(name) in {None, Reason.ARCHIVE}


def _belongs(name: str) -> bool:
    """Whether a file is where, and of a sort, that only the dataset's own are."""
    if name.startswith(f"{HIDDEN}/"):
        return True
    return (name in {ROWS, OBJECTS, "README.md"} or "/" in name or is_picture_or_archive(name)) and not why_not_folder(
        name
    )


def _parts(names: Iterable[str]) -> Iterator[list[str]]:
    """Names, as many as are read in a moment, in the order in which they lie there; an archive is one by itself."""
    part: list[str] = []
    for name in names:
        if name.endswith((".zip", ".tar")):
            yield [name]
            continue
        part.append(name)
        if len(part) == _FILES:
            yield part
            part = []
    if part:
        yield part


def _hashes(root: Path, names: list[str], stop: threading.Event) -> list[tuple[str, str]]:
    """(name, SHA-256) of these files; empty where one cannot be read."""
    return [(name, _hash(f"{root}{os.sep}{name}", stop)) for name in names]


# Not through a link, and never waiting for what is a pipe by now.
_AS_FILE = (
    os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
)  # fmt: skip


def _hash(path: str, stop: threading.Event) -> str:
    """SHA-256 of a file, of which no more is asked than its bytes: many are small, and then each call counts."""
    if is_mirrored(path):
        return _hash_there(path, stop)
    try:
        file = os.open(path, _AS_FILE)
    except OSError:
        return ""
    try:
        data = os.read(file, _SMALL)
        made = hashlib.sha256(data)
        while data and not stop.is_set() and (data := os.read(file, _PIECE)):
            made.update(data)
        return made.hexdigest()
    except OSError:
        return ""
    finally:
        os.close(file)


def _hash_there(path: str, stop: threading.Event) -> str:
    """The same of what is at an address."""
    made = hashlib.sha256()
    try:
        with open_file(Path(path)) as file:
            while not stop.is_set() and (data := file.read(_PIECE)):
                made.update(data)
    except OSError:
        return ""
    return made.hexdigest()
