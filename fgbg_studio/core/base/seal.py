"""The program's own notes, sealed: a JSON object whose first entry is the SHA-256 of all that follows it.

What was damaged, cut off or added to is not believed. A seal proves no origin, only that nothing happened to it.
"""

from __future__ import annotations

import hashlib
from typing import Any

from fgbg_studio.core.base.outside import parsed

_BEGIN, _END = b'{"sha256": "', b'",'
_DIGITS = 64


def sealed(text: str) -> bytes:
    """The text of a JSON object that is not empty, as `json.dumps` writes it, with its seal."""
    rest = text[1:].encode()
    return _BEGIN + hashlib.sha256(rest).hexdigest().encode() + _END + rest


def unsealed(data: bytes) -> dict[str, Any]:
    """The object, without its seal.

    Raises:
        ValueError: there is none, or the seal is not that of what follows.
    """
    start = len(_BEGIN) + _DIGITS
    rest = data[start + len(_END) :]
    whole = data.startswith(_BEGIN) and data[start : start + len(_END)] == _END
    if not whole or hashlib.sha256(rest).hexdigest().encode() != data[len(_BEGIN) : start]:
        raise ValueError("its contents are not those that were written")
    found: dict[str, Any] = parsed(b"{" + rest)
    return found
