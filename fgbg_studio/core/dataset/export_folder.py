"""The folder that an export goes to: what is finished in it is known, so that an export that was stopped goes on.

``export.json`` in it says of which dataset it is, by which export with which settings, and which of its parts are
finished. It is there before anything else is, so that a folder that was left at any moment is known again. A part is
written under another name until it is whole; the note of it follows.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from typing_extensions import Buffer, override

import fgbg_studio
from fgbg_studio.core.base.errors import DatasetError, FgbgError, UsageError
from fgbg_studio.core.base.outside import parsed, reason_of
from fgbg_studio.core.base.remedies import GenerateAgain, TryAgain
from fgbg_studio.core.base.store import LargeFile, LocalStore
from fgbg_studio.core.dataset.export_splits import ExportedSplits
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.open_contents import open_contents
from fgbg_studio.core.dataset.record import disk_trouble
from fgbg_studio.core.interfaces.export import Export, ExportProgress

NOTE = "export.json"
_LOCK = ".lock"
_FORMAT = 2
_EMPTY = "Choose an empty folder"


class FinishedPart(NamedTuple):
    """A finished file of an export: its bytes, and behind the last of the samples (or pictures) that are in it."""

    bytes: int
    stop: int


def opening(root: Path) -> Generator[ExportProgress, None, Contents]:
    """The contents of the dataset that is to be exported; yields progress.

    Raises:
        DatasetError: there is none, or it is not finished.
    """
    steps = open_contents(root)
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            contents: Contents = end.value
            break
        yield ExportProgress(step.phase, step.done, step.total)
    if contents.dataset is not None and not contents.dataset.complete:
        raise DatasetError(f"{root} is not finished", GenerateAgain())
    if not contents.samples:
        raise DatasetError(f"{root} has no composites, masks or depth maps", "Give the folder that has them")
    return contents


@contextmanager
def export_folder(
    contents: Contents, out: Path | None, export: Export, splits: ExportedSplits
) -> Iterator[ExportFolder]:
    """The folder of an export while it is written; nobody else may write to it meanwhile.

    Raises:
        UsageError: it is not said, lies in the dataset or around it, or holds something else.
        DatasetError: it cannot be written to, or another program is at it.
    """
    if out is None:
        raise UsageError(f"the export {export.name!r} of {contents.path} needs a folder of its own", "Name one for it")
    own, dataset = out.resolve(), contents.path.resolve()
    if own.is_relative_to(dataset) or dataset.is_relative_to(own):
        raise UsageError(f"{out} and the dataset {contents.path} lie in each other", "Choose a folder elsewhere")
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is no folder", _EMPTY)
    _refuse_others(out)
    store, made = LocalStore(out), not out.exists()
    with ExitStack() as held:
        with disk_trouble(out):
            try:
                held.enter_context(store.lock(_LOCK))
            except TimeoutError as error:
                raise DatasetError(f"another program writes to {out}", TryAgain("wait until it is done")) from error
        try:
            said = {"export": export.to_dict(), "dataset": fingerprint(contents), "splits": splits.digest}
            folder = ExportFolder(store, said)
            try:
                yield folder
            except FgbgError:
                folder.take_back()
                raise
        finally:
            held.close()  # Windows removes no file that is open
            with suppress(OSError):
                store.remove(_LOCK)
                if made and not any(out.iterdir()):
                    out.rmdir()


class ExportFolder:
    """See the module; made by `export_folder`.

    Args:
        store: its files.
        said: what the export is of, by which two are told from each other.

    Raises:
        UsageError: the folder holds the export of something else.
    """

    def __init__(self, store: LocalStore, said: dict[str, Any]) -> None:
        self._store, self._said = store, said
        self._parts: dict[str, FinishedPart] = {}
        self._begun = set[str]()  # what was written directly into it
        self._noted = store.exists(NOTE)
        if self._noted:
            self._take(store.where(NOTE), store.read(NOTE))

    def finished(self, name: str) -> FinishedPart | None:
        """What is known of a part that an earlier try has finished; None where it is to be written."""
        part = self._parts.get(name)
        try:
            return part if part and self._store.size(name) == part.bytes else None
        except OSError:
            return None

    @contextmanager
    def part(self, name: str) -> Iterator[PartFile]:
        """A part, to be written front to back; it is there, and known, once all went well."""
        with disk_trouble(self._store):
            self._begin(name)
            file = PartFile(self._store.create(name))
        try:
            yield file
            with disk_trouble(self._store):
                file.publish()
                self._parts[name] = FinishedPart(file.tell(), file.stop)
                self._note(complete=False)
        except BaseException:
            file.discard()
            raise

    def put(self, name: str, data: bytes) -> Path:
        """Write a small file; where it is."""
        with disk_trouble(self._store):
            self._begin(name)
            self._store.put(name, data)
        return self._store.root / name

    def write(self, name: str, data: bytes) -> None:
        """Write one of very many small files; it is safe once `sync` came."""
        with disk_trouble(self._store):
            self._begin(name)
            self._store.write(name, data)

    def sync(self) -> None:
        """Make safe what `write` wrote."""
        with disk_trouble(self._store):
            self._store.sync()

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        with disk_trouble(self._store):
            return self._store.read(name)

    def drop(self, name: str) -> None:
        """Remove a part that was only needed for others, or a folder of such."""
        with disk_trouble(self._store):
            self._parts.pop(name, None)
            self._store.remove(name)

    def finish(self) -> None:
        """Note that all is there."""
        with disk_trouble(self._store):
            self._note(complete=True)

    def paths(self) -> tuple[Path, ...]:
        """The parts."""
        return tuple(self._store.root / name for name in self._parts)

    def take_back(self) -> None:
        """Leave the folder as it was found, where an export is refused before a part of it was finished."""
        if not self._parts and self._begun:
            with suppress(OSError):
                for name in (*self._begun, NOTE):
                    self._store.remove(name)

    def _begin(self, name: str) -> None:
        """Say whose folder this is, before there is anything else in it."""
        if not self._noted:
            self._note(complete=False)
        self._begun.add(name.partition("/")[0])

    def _note(self, *, complete: bool) -> None:
        parts = {name: part._asdict() for name, part in sorted(self._parts.items())}
        program = f"FGBG Studio {fgbg_studio.__version__}"
        note = {"format": _FORMAT, "program": program, **self._said, "complete": complete, "parts": parts}
        self._store.put(NOTE, f"{json.dumps(note, indent=1)}\n".encode())
        self._noted = True

    def _take(self, where: str, data: bytes) -> None:
        try:
            note = parsed(data)
            same = note["format"] == _FORMAT and all(note[key] == value for key, value in self._said.items())
            parts = {
                str(name): FinishedPart(int(one["bytes"]), int(one["stop"])) for name, one in note["parts"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{where} is damaged, or not of this program", _EMPTY) from error
        if not same:
            raise UsageError(f"{where} is of another dataset, export or settings", _EMPTY)
        self._parts = parts


class PartFile(io.RawIOBase):
    """A part on its way, as a file that others can write to; see `ExportFolder.part`.

    Attributes:
        stop: behind the last of the samples that are in it: whoever writes says it.
    """

    def __init__(self, file: LargeFile) -> None:
        self._file, self._written, self.stop = file, 0, 0

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, data: Buffer, /) -> int:
        held = bytes(data)
        self._file.write(held)
        self._written += len(held)
        return len(held)

    @override
    def tell(self) -> int:
        return self._written

    def publish(self) -> None:
        """It is whole."""
        self._file.publish()

    def discard(self) -> None:
        """It is given up."""
        self._file.discard()


@contextmanager
def reading(contents: Contents) -> Iterator[None]:
    """Turn what the system says of the disk that a dataset is on into one sentence.

    Raises:
        DatasetError: instead of any OSError inside.
    """
    try:
        yield
    except OSError as error:
        problem = f"{error.filename or contents.path} cannot be read ({reason_of(error)})"
        raise DatasetError(problem, TryAgain("check the folder")) from error


def fingerprint(contents: Contents) -> str:
    """What a dataset is known by, without reading its pictures: its recipe, else the names of all its pictures."""
    known = hashlib.sha256()
    if contents.dataset is not None:
        extent = contents.dataset.extent
        known.update(json.dumps([extent.samples, extent.order]).encode())
        known.update(contents.dataset.recipe.model_dump_json().encode())
    else:
        for kind in contents.counts:
            known.update(f"{kind} {contents.length(kind)}\n".encode())
            for number in range(contents.length(kind)):
                known.update(f"{contents.name(kind, number)}\n".encode("utf-8", "surrogateescape"))
    return known.hexdigest()


def _refuse_others(out: Path) -> None:
    if out.is_dir() and not (out / NOTE).exists():
        there = next((item for item in out.iterdir() if not item.name.startswith(".")), None)
        if there:
            raise UsageError(f"{out} is not empty ({there.name})", _EMPTY)
