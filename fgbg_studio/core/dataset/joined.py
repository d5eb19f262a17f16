"""What is known of archives that were joined: of which shards' archives each holds which samples."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from fgbg_studio.core.base.outside import parsed
from fgbg_studio.core.base.seal import sealed, unsealed
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.interfaces.writer import JoinedArchive

FILE = ".fgbg/joined.json"

Span = tuple[str, int, int]
"""A shard's archive, and of its samples those from start to stop: its first one is called as `Shard.start`."""


class JoinedArchives:
    """The joined archives of a dataset that are there, in the order in which they were made.

    An archive that was removed is none, and so the shards that are nowhere else are to be made again. An entry is
    written after its archive; until then it says what the archive of that name had before, which it still has.

    Attributes:
        hashes: SHA-256 of each by its name; empty in datasets of earlier versions.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._spans: dict[str, list[Span]] = {}
        self._changed = False
        self.hashes: dict[str, str] = {}
        # One that is damaged is as none: what it spoke of is made again.
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            spans_of, hashes = _read(store.read(FILE))
            there = {
                name: [(archive, start, stop) for archive, start, stop in spans] for name, spans in spans_of.items()
            }
            self._spans = {name: spans for name, spans in there.items() if store.exists(name)}
            self.hashes = {name: str(hashes[name]) for name in self._spans if hashes}

    @property
    def names(self) -> list[str]:
        """Of all of them."""
        return list(self._spans)

    def add(self, joined: JoinedArchive, sha256: str) -> None:
        """This one is whole and safe; see `keep`. Without a hash in datasets of earlier versions."""
        self._spans[joined.name], self._changed = _spans(joined), True
        if sha256:
            self.hashes[joined.name] = sha256
        self.__dict__.pop("_holders", None)

    def keep(self) -> None:
        """Note what was added, which must be before anything goes that it was made of."""
        if self._changed:
            noted = {"archives": self._spans, "hashes": self.hashes} if self.hashes else self._spans
            text = json.dumps(noted, sort_keys=True)
            self._store.put(FILE, sealed(text) if self.hashes else text.encode())
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

    def before(self, joined: str, sample: int) -> tuple[int, int]:
        """How many samples come before one in a joined archive, and how many it has; 0 and 0 where it is none."""
        spans = self._spans.get(joined, ())
        sizes = [stop - start for _, start, stop in spans]
        at = next((at for at, (_, start, stop) in enumerate(spans) if start <= sample < stop), 0)
        return (sum(sizes[:at]) + sample - spans[at][1], sum(sizes)) if spans else (0, 0)

    def hold(self, archive: str, start: int, stop: int) -> bool:
        """Whether all samples start..stop of a shard's archive are in joined ones."""
        for _, first, last in sorted(self.holders(archive), key=lambda holder: holder[1]):
            if first <= start:
                start = max(start, last)
        return start >= stop


def _read(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Spans and hashes by the archives' names; an earlier version noted the spans alone."""
    if b'"hashes"' not in data:
        return parsed(data), {}
    noted = unsealed(data)
    return noted["archives"], noted["hashes"]


def _spans(joined: JoinedArchive) -> list[Span]:
    return [(part.archive, part.start, part.stop) for part in joined.parts]
