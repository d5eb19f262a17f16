"""Where datasets at addresses are seen as folders of this computer, so that all who read paths read them, too.

In ``files`` each object has a file of its name and size, with nothing in it; what was read of it is in ``blocks``.
Whoever opens files by `outside` gets the object's bytes; to anybody else they are closed, so that nobody takes them
for empty.
"""

from __future__ import annotations

import errno
import os
from functools import cache
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "FGBG_STUDIO_CACHE"
"""The folder for all that the program keeps to have it at hand; the user's own one where it is not set."""
SIZE_VARIABLE = "FGBG_STUDIO_CACHE_GB"
"""How much of datasets at addresses is kept at most, in GB."""
_USUAL_GB = 20.0


def most_kept() -> int:
    """Bytes of blocks that are kept at most."""
    try:
        return int(float(os.environ.get(SIZE_VARIABLE, _USUAL_GB)) * 1e9)
    except (ValueError, OverflowError):
        return int(_USUAL_GB * 1e9)


@cache
def mirrors_folder() -> Path:
    """Where all of it is; asked once in a process, as it is for every file that is opened."""
    chosen = os.environ.get(CACHE_VARIABLE)
    root = Path(chosen) if chosen else platformdirs.user_cache_path("fgbg-studio", appauthor=False)
    return root.resolve() / "addresses"


@cache
def _prefix() -> str:
    return f"{mirrors_folder() / 'files'}{os.sep}"


def is_mirrored(path: Path | str) -> bool:
    """Whether a path is that of something at an address."""
    return str(path).startswith(_prefix())


def mirror_path(address: str) -> Path:
    """Where an address is seen."""
    scheme, _, rest = address.partition("://")
    return Path(_prefix(), scheme.replace(":", "_"), *(part for part in rest.split("/") if part))


def address_of(path: Path | str) -> str:
    """The address of what is seen at a path."""
    scheme, *parts = str(path).removeprefix(_prefix()).split(os.sep)  # noqa: PTH206 - no path any more
    return f"{scheme.replace('_', ':')}://{'/'.join(parts)}"


def blocks_folder(path: Path | str) -> Path:
    """Where the blocks are that were read of what is seen at a path."""
    return mirrors_folder() / "blocks" / str(path).removeprefix(_prefix())


def refuse_writing(path: Path | str) -> None:
    """See that a path is none at an address.

    Raises:
        OSError: it is.
    """
    if is_mirrored(path):
        raise OSError(errno.EROFS, "datasets at addresses are only read; copy it here to change it", address_of(path))
