"""Plain files in the layout's folders."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from fgbg_studio.core.dataset.writers.archive_file import WRITING, write_all
from fgbg_studio.core.interfaces.layout import Layout
from fgbg_studio.core.interfaces.writer import Location, Writer


@dataclass(frozen=True)
class Folders(Writer):
    """One file a picture."""

    name: ClassVar[str] = "folders"
    summary: ClassVar[str] = "plain files in the layout's folders"
    in_place: ClassVar[bool] = True

    def open(self, root: Path, shard: str, layout: Layout) -> FolderShard:  # noqa: ARG002
        """See `Writer.open`."""
        return FolderShard(root)

    def locate(self, kind: str, path: str, shard: str, layout: Layout) -> Location:  # noqa: ARG002
        """See `Writer.locate`."""
        return Location(path)


class FolderShard:
    """Writes each file at once, with three system calls."""

    def __init__(self, root: Path) -> None:
        self._root = f"{root}{os.sep}"
        self._folders: set[str] = set()

    def add(self, kind: str, path: str, data: bytes) -> None:  # noqa: ARG002
        """See `ShardWriter.add`."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            Path(self._root, folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        handle = os.open(self._root + path, WRITING, 0o644)
        try:
            write_all(handle, data)
        finally:
            os.close(handle)

    def finish(self) -> list[str]:
        """See `ShardWriter.finish`; one sync for the whole shard instead of one for each small file."""
        if self._folders and hasattr(os, "sync"):
            os.sync()
        return []

    def discard(self) -> None:
        """See `ShardWriter.discard`: every file is closed; the shard is made again over what is there."""
