"""What is known of archives that were joined: of which shards' archives each holds which samples."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from functools import cached_property

from fgbg_studio.core.base.store import Store
from fgbg_studio.core.interfaces.writer import JoinedArchive

FILE = ".fgbg/joined.json"

Span = tuple[str, int, int]
"""A shard's archive, and of its samples those from start to stop: its first one is called as `Shard.start`."""


class JoinedArchives:
    """The joined archives of a dataset that are there, in the order in which they were made.

    An archive that was removed is none, and so the shards that are nowhere else are to be made again. An entry is
    written after its archive; until then it says what the archive of that name had before, which it still has.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._spans: dict[str, list[Span]] = {}
        self._changed = False
        # One that is damaged is as none: what it spoke of is made again.
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            known = json.loads(store.read(FILE)).items()
            there = {name: [(archive, start, stop) for archive, start, stop in spans] for name, spans in known}
            self._spans = {name: spans for name, spans in there.items() if store.exists(name)}

    @property
    def names(self) -> list[str]:
        """Of all of them."""
        return list(self._spans)

    def add(self, joined: JoinedArchive) -> None:
        """This one is whole and safe; see `keep`."""
        self._spans[joined.name], self._changed = _spans(joined), True
        self.__dict__.pop("_holders", None)

    def keep(self) -> None:
        """Note what was added, which must be before anything goes that it was made of."""
        if self._changed:
            self._store.put(FILE, json.dumps(self._spans, sort_keys=True).encode())
        self._changed = False

    def has(self, joined: JoinedArchive) -> bool:
        """Whether this one is there with all that belongs in it."""
        return self._spans.get(joined.name) == _spans(joined)

    def holders(self, archive: str) -> Sequence[tuple[str, int, int]]:
        """The joined archives that hold samples of a shard's archive, each with which: start, stop."""
        return self._holders.get(archive, ())

    @cached_property
    def _holders(self) -> dict[str, list[tuple[str, int, int]]]:
        found: dict[str, list[tuple[str, int, int]]] = {}
        for name, spans in self._spans.items():
            for archive, start, stop in spans:
                found.setdefault(archive, []).append((name, start, stop))
        return found

    def holder(self, archive: str, sample: int) -> str | None:
        """The joined archive that holds the sample of a shard's archive, or None."""
        return next((name for name, start, stop in self.holders(archive) if start <= sample < stop), None)

    def hold(self, archive: str, start: int, stop: int) -> bool:
        """Whether all samples start..stop of a shard's archive are in joined ones."""
        for _, first, last in sorted(self.holders(archive), key=lambda holder: holder[1]):
            if first <= start:
                start = max(start, last)
        return start >= stop


def _spans(joined: JoinedArchive) -> list[Span]:
    return [(part.archive, part.start, part.stop) for part in joined.parts]
