"""What samples are made of and judged by, prepared pictures and depths of backgrounds, with their hashes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time

from fgbg_studio.core.base.hashing_store import CheckedStore
from fgbg_studio.core.base.seal import sealed, unsealed
from fgbg_studio.core.base.store import Store

FILE = ".fgbg/prepared.json"
_SECONDS = 5.0  # how much work at most is done again after an interruption


class Prepared:
    """Files of the dataset by their hashes; what nobody noted, or is not as it was noted, is not believed.

    Attributes:
        hashes: SHA-256 by path in the dataset.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._saved, self._text = 0.0, ""
        self.hashes: dict[str, str] = {}
        # A damaged list is as none: all is prepared again.
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            self.hashes.update(unsealed(store.read(FILE))["files"])

    def inside(self, folder: str) -> CheckedStore:
        """The files of a folder: what is written there is noted, what is read was checked."""
        return CheckedStore(self._store.inside(folder), self.hashes, f"{folder}/")

    def save(self, *, now: bool = True) -> None:
        """Write the list; without ``now`` only where some seconds have passed."""
        if (now or time.monotonic() - self._saved >= _SECONDS) and (text := listed(self.hashes)) != self._text:
            self._store.put(FILE, sealed(text))
            self._saved, self._text = time.monotonic(), text

    def sweep(self, *folders: str) -> dict[str, str]:
        """Remove what is not as it was noted, or was not; the hashes of what was noted and is gone by that."""
        there = {f"{folder}/{name}" for folder in folders for name in self._store.names(folder)}
        lost: dict[str, str] = {}
        for name in sorted(there | self.hashes.keys()):
            wanted = self.hashes.get(name)
            if wanted is None or name not in there or self._hash(name) != wanted:
                self._store.remove(name)
                lost |= {name: self.hashes.pop(name)} if wanted else {}
        return lost

    def _hash(self, name: str) -> str:
        try:
            return hashlib.sha256(self._store.read(name)).hexdigest()
        except OSError:
            return ""


def listed(hashes: dict[str, str]) -> str:
    """The text of the list, before it is sealed."""
    return json.dumps({"files": dict(sorted(hashes.items()))})
