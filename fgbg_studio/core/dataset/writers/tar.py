"""One tar a shard with all its kinds: for loaders that stream, named as WebDataset groups them.

WebDataset takes what is before the first dot of a member's name for the sample, and what is behind it for the field:
``bg_007_fg_012_m_03.fg_bg.jpg``, ``….mask.png``, ``….depth.png``. Backgrounds and foregrounds, which are no samples,
lie in an archive of their own under their layout's paths.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.remedies import ChooseWriter
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.interfaces.layout import Layout
from fgbg_studio.core.interfaces.writer import DAY, Location, ShardWriter, Writer

_BLOCK = 512
# A day later, as clocks west of Greenwich are behind: unpacked there, files must not be older than a ZIP can say.
_TIME = calendar.timegm((DAY + timedelta(days=1)).timetuple())


@dataclass(frozen=True)
class Tar(Writer):
    """POSIX ustar archives; every member has the same time, so that the same pictures make the same archive."""

    name: ClassVar[str] = "tar"
    summary: ClassVar[str] = "one tar file per shard, all kinds together"

    @override
    def open(self, store: Store, shard: str, layout: Layout) -> TarShard:
        return TarShard(store, _archive(shard))

    @override
    def locate(self, kind: str, path: str, shard: str, layout: Layout, sample: str = "") -> Location:
        return Location(_archive(shard), _member(kind, path, sample))


def _member(kind: str, path: str, sample: str) -> str:
    return f"{sample}.{kind}.{path.rpartition('.')[2]}" if sample else path


def _archive(shard: str) -> str:
    return f"shard-{shard}.tar" if shard else "sources.tar"


class TarShard(ShardWriter):
    """One archive, written front to back."""

    def __init__(self, store: Store, name: str) -> None:
        self._name, self._file = name, store.create(name)

    @override
    def add(self, kind: str, path: str, data: bytes, sample: str = "") -> None:
        self._file.write(header(_member(kind, path, sample), len(data)))
        self._file.write(data)
        self._file.write(bytes(-len(data) % _BLOCK))

    @override
    def finish(self) -> list[str]:
        self._file.write(bytes(2 * _BLOCK))
        self._file.publish()
        return [self._name]

    @override
    def discard(self) -> None:
        self._file.discard()


def header(path: str, size: int) -> bytes:
    """A ustar header (POSIX.1-1988, section 10.1.1) of a regular file.

    Raises:
        DatasetError: a path that is longer than the format's 100 bytes.
    """
    name = path.encode()
    if len(name) > 100:
        raise DatasetError(f"{path} is too long a name for a tar", ChooseWriter("zip"))
    fields = (
        name.ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0%011o\0" % (size, _TIME)
        + b" " * 8 + b"0" + bytes(100) + b"ustar\00000" + bytes(32 + 32) + b"0000000\0" * 2
    )  # fmt: skip
    check = sum(fields)
    return (fields[:148] + b"%06o\0 " % check + fields[156:]).ljust(_BLOCK, b"\0")
