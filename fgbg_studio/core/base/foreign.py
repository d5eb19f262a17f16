"""Where code of others reads bytes of others: whatever it raises there says something of the bytes.

Decoders of pictures, colour profiles and archives raise far more than what their authors thought of (Python's `zipfile`
alone a dozen kinds), others in each version; a list of them is never whole. What is called within `foreign` is theirs.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.outside import UnfitFileError

_THEIRS = {
    None,
    errno.EINVAL,
}  # of their own making; and a place in a file where there can be none, asked of the system


class UnreadableError(Exception):
    """What code of others could make nothing of.

    Attributes:
        cause: what it raised.
    """

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


@contextmanager
def foreign() -> Iterator[None]:
    """Code of others is called here, with bytes of others.

    Raises:
        UnreadableError: instead of whatever they raise.
        FgbgError: as it is, and so is an `OSError` of the system's: the disk's fault is not the file's.
    """
    try:
        yield
    except FgbgError:
        raise
    except Exception as error:  # theirs to raise, of kinds that nobody knows: the one place of this
        if isinstance(error, UnfitFileError) or (isinstance(error, OSError) and error.errno not in _THEIRS):
            raise
        raise UnreadableError(error) from error
