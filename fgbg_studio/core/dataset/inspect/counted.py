"""Pictures read from files and counted: parts that processes count add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.base.cores import allowed_cores
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.dataset.inspect.files import FileEntry
from fgbg_studio.core.dataset.statistics import KindStatistics, stored_as
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.layout import ALL_KINDS

# Under these starting processes takes longer than reading.
_FEW_PICTURES, _FEW_BYTES = 2000, 64 << 20


def processes_for(pictures: int, size: int) -> int:
    """How many processes are best for reading so many pictures of ``size`` bytes together."""
    return 1 if pictures < _FEW_PICTURES and size < _FEW_BYTES else allowed_cores()


_MOST_NAMES = 50_000
"""Pictures of one sort whose names are kept: where more are alike, it is how the dataset was made."""


@dataclass
class Counted:
    """What was counted of a number of pictures: (kind, type of numbers that are not 8 or 16 bits) → statistics.

    Attributes:
        kinds: the statistics.
        damaged: files that cannot be read.
        pictures: how many.
        names: (kind, what they have in common) → files: a shape, or one of the codes of `implausible`.
    """

    kinds: dict[tuple[str, str], KindStatistics] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)
    pictures: int = 0
    names: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, entry: FileEntry) -> None:
        """Read and count one picture."""
        self.pictures += 1
        try:
            pixels = decode(entry.read(), entry.name)
        except (PictureError, OSError):
            self.damaged.append(entry.where)
            return
        part = self.kinds.get((entry.kind, stored_as(pixels)), KindStatistics())
        before = part.blank, part.flat, part.between
        self.take(entry.kind, pixels, entry.size)
        part = self.kinds[entry.kind, stored_as(pixels)]
        found = [" × ".join(map(str, pixels.shape))]
        if part.blank > before[0]:
            found.append("blank")
        elif part.flat > before[1]:
            found.append("flat")
        if part.between > before[2]:
            found.append("mask-not-binary")
        for what in found:
            self.names.setdefault((entry.kind, what), []).append(entry.where)

    def take(self, kind: str, pixels: AnyPixels, size: int) -> None:
        """Count one picture that was read from ``size`` bytes."""
        self.kinds.setdefault((kind, stored_as(pixels)), KindStatistics()).add(pixels, size)

    def add_size(self, kind: str, size: int) -> None:
        """Count the bytes of one whose pixels are counted elsewhere."""
        self.kinds.setdefault((kind, ""), KindStatistics()).bytes += size

    def merge_kind(self, kind: str, part: KindStatistics) -> None:
        """Take in what was counted of a kind."""
        if part.count:
            self.kinds.setdefault((kind, part.stored_as), KindStatistics()).merge(part)

    def merge(self, other: Counted) -> None:
        """Take in what another has counted."""
        for key, part in other.kinds.items():
            self.kinds.setdefault(key, KindStatistics()).merge(part)
        self.damaged += other.damaged
        for what, names in other.names.items():
            known = self.names.setdefault(what, [])
            known += names[: _MOST_NAMES - len(known)]
        self.pictures += other.pictures

    def named(self) -> dict[tuple[str, str], list[str]]:
        """(kind, code of `implausible`) → the files of which it is said; those of another shape than most."""
        codes, shapes = dict[tuple[str, str], list[str]](), dict[str, list[list[str]]]()
        for (kind, what), names in self.names.items():
            if "×" in what:
                shapes.setdefault(kind, []).append(names)
            else:
                codes[kind, what] = sorted(names)
        for kind, parts in shapes.items():
            *few, _ = sorted(parts, key=len)
            codes[kind, "shapes"] = sorted(name for names in few for name in names)
        return codes

    def by_kind(self) -> dict[str, KindStatistics]:
        """In the order of kinds; one whose pictures do not all have the same sort of numbers is given in parts."""
        made: dict[str, KindStatistics] = {}
        for kind in [*ALL_KINDS, *sorted({kind for kind, _ in self.kinds} - set(ALL_KINDS))]:
            parts = {stored: part for (one, stored), part in sorted(self.kinds.items()) if one == kind}
            for number, (stored, part) in enumerate(parts.items()):
                made[f"{kind} ({stored})" if number else kind] = part
        return made
