"""The name that a network's bytes have: their SHA-256."""

from __future__ import annotations

import hashlib
from pathlib import Path


def hash_of(path: Path) -> str:
    """SHA-256 in hexadecimal digits: of a file's bytes; of a folder, of its files' names and hashes."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    whole = hashlib.sha256()
    for inner in sorted(p for p in path.rglob("*") if p.is_file()):
        whole.update(inner.relative_to(path).as_posix().encode() + b"\0" + bytes.fromhex(hash_of(inner)))
    return whole.hexdigest()
