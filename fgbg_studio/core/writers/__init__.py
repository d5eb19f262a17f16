"""How the bytes of a shard reach the disk: one strategy a file.

A shard's files are complete and on the disk when `ShardWriter.finish` returns; the caller then writes the
shard's marker, which is what makes it done. A shard that was interrupted is simply written again.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from fgbg_studio.core.layouts import Layout
from fgbg_studio.core.strategy import Strategy


class ShardWriter(Protocol):
    """Takes the files of one shard."""

    def add(self, kind: str, path: str, data: bytes) -> None:
        """Take one file: its kind, its path by the layout, its bytes."""

    def finish(self) -> list[str]:
        """Everything on the disk under its final name; the archives' names, relative to the dataset."""

    def discard(self) -> None:
        """Leave nothing half-written open; called instead of `finish` when the shard is given up."""


@dataclass(frozen=True)
class Writer(Strategy, family="writer"):
    """Base of the writers."""

    keeps: ClassVar[bool] = True
    """Whether anything is written at all."""

    def open(self, root: Path, shard: str, layout: Layout) -> ShardWriter:
        """A writer for the shard named ``shard`` of the dataset in ``root``."""
        raise NotImplementedError


def sync_folder(folder: Path) -> None:
    """Make the folder's own entries durable; Windows does so by itself and cannot open folders."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class ArchiveFile:
    """An archive under a temporary name that gets its final one when it is whole."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.partial = path.with_name(f".{path.name}.part")
        self.file = self.partial.open("wb", buffering=1 << 20)

    def publish(self) -> None:
        """Synced and renamed."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.partial.replace(self.path)
        sync_folder(self.path.parent)

    def discard(self) -> None:
        """Closed and removed, also where a full disk refuses what was still to be written."""
        with contextlib.suppress(OSError):
            self.file.close()
        self.partial.unlink(missing_ok=True)
