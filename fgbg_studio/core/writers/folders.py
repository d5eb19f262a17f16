"""Plain files in the layout's folders."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from fgbg_studio.core.layouts import Layout
from fgbg_studio.core.writers import WRITING, Writer, write_all

_BATCH, _WAITING = 64, 4  # files handed over at once, and how many such batches may wait


@dataclass(frozen=True)
class Folders(Writer):
    """One file a picture."""

    name: ClassVar[str] = "folders"
    summary: ClassVar[str] = "plain files in the layout's folders"

    def open(self, root: Path, shard: str, layout: Layout) -> FolderShard:  # noqa: ARG002
        """See `Writer.open`."""
        return FolderShard(root)


class FolderShard:
    """Writes the files on a thread: the file system lets its callers wait, and processors compute meanwhile."""

    def __init__(self, root: Path) -> None:
        self._root = f"{root}{os.sep}"
        self._folders: set[str] = set()
        self._batch: list[tuple[str, bytes]] = []
        self._thread = ThreadPoolExecutor(1)
        self._pending: deque[Future[None]] = deque()

    def add(self, kind: str, path: str, data: bytes) -> None:  # noqa: ARG002
        """See `ShardWriter.add`."""
        self._batch.append((path, data))
        if len(self._batch) == _BATCH:
            self._hand_over()

    def finish(self) -> list[str]:
        """See `ShardWriter.finish`; one sync for the whole shard instead of one for each small file."""
        self._hand_over()
        while self._pending:
            self._pending.popleft().result()
        self._thread.shutdown()
        if self._folders and hasattr(os, "sync"):
            os.sync()
        return []

    def discard(self) -> None:
        """See `ShardWriter.discard`: every file is closed; the shard is made again over what is there."""
        self._thread.shutdown(cancel_futures=True)

    def _hand_over(self) -> None:
        if len(self._pending) == _WAITING:
            self._pending.popleft().result()
        self._pending.append(self._thread.submit(self._write, self._batch))
        self._batch = []

    def _write(self, batch: list[tuple[str, bytes]]) -> None:
        for path, data in batch:
            folder = path.rpartition("/")[0]
            if folder not in self._folders:
                Path(self._root, folder).mkdir(parents=True, exist_ok=True)
                self._folders.add(folder)
            handle = os.open(self._root + path, WRITING, 0o644)
            try:
                write_all(handle, data)
            finally:
                os.close(handle)
