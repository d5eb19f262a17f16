"""How good a kept cutout is, measured on it alone: what is wrong in a few words, and one figure to sort by.

What counts as a flaw, and from where on, is what `check.check_cutout` says: the same cutout is judged alike on
the canvas, in a list and before a run. Here are the figures beside it, small enough to be kept for thousands.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.files import append_to
from fgbg_studio.core.base.outside import parsed, read_file
from fgbg_studio.core.cutting.check import MeasuredAlpha, issues_of
from fgbg_studio.core.imaging.reading import picture_hash, read_rgba
from fgbg_studio.core.imaging.regions import extent

_ENLARGED = 1.5  # an object that is enlarged by more than half looks soft beside its surroundings
_VERSION = 1  # of what is measured: raise it when the check changes, so that what is kept is measured anew
_WEIGHTS = {
    "empty": 10, "full": 10, "faint": 6, "pieces": 3, "cut-by-frame": 2, "haze": 2, "holes": 1.5, "islands": 1,
    "tiny": 1,
}  # fmt: skip
"""What spoils every sample weighs most, then what shows at a glance, then what is hardly seen at the dataset's size."""


@dataclass(frozen=True)
class CutoutQuality:
    """The figures of one cutout.

    Attributes:
        codes: of the check's findings, each once.
        mendable: those of them that can be mended.
        pieces: the shares, 0..1, of its separate large pieces, the largest first; they sum to 1.
        cuts: the picture's edges that cut the object, and the shares of the object's extent along each.
        haze: area of the haze about the object, as a share of the object's own.
        size: width and height in pixels of what is solid.
    """

    codes: tuple[str, ...] = ()
    mendable: tuple[str, ...] = ()
    pieces: tuple[float, ...] = ()
    cuts: tuple[tuple[str, float], ...] = ()
    haze: float = 0.0
    size: tuple[int, int] = (0, 0)

    def flaws(self, pasted: float = 0) -> list[str]:
        """What is wrong, each in a few words, the worst first.

        Args:
            pasted: the longer side in pixels, at most, with which the object gets into the dataset; 0 for unknown.
        """
        found = {code: self._words(code) for code in self.codes}
        if self._enlarged(pasted) > _ENLARGED:
            found["tiny"] = f"small: enlarged {self._enlarged(pasted):.1f}×"
        return [found[code] for code in sorted(found, key=self._weight, reverse=True)]

    def badness(self, pasted: float = 0) -> float:
        """One figure to sort by: 0 without a flaw, larger is worse; ``pasted`` as in `flaws`."""
        small = max(self._enlarged(pasted) - _ENLARGED, 0)
        return sum(map(self._weight, self.codes)) + min(small, 3)

    def _enlarged(self, pasted: float) -> float:
        return pasted / max(self.size) if pasted and any(self.size) else 0

    def _weight(self, code: str) -> float:
        """A flaw's own weight, up to twice as much where there is more of it."""
        extents = {
            "pieces": 1 - self.pieces[0] if self.pieces else 0,
            "haze": min(self.haze, 1),
            "cut-by-frame": max((share for _, share in self.cuts), default=0),
        }
        return _WEIGHTS.get(code, 1) * (1 + extents.get(code, 0))

    def _words(self, code: str) -> str:
        if code == "pieces":
            return f"{len(self.pieces)} pieces"
        if code == "cut-by-frame":
            *first, last = [side for side, _ in self.cuts]
            return f"cut by the edge at the {' and '.join(filter(None, (', '.join(first), last)))}"
        return _SHORT.get(code, code)


_SHORT = {
    "empty": "empty", "full": "not cut out", "faint": "see-through", "haze": "haze", "holes": "holes",
    "islands": "specks", "tiny": "small",
}  # fmt: skip


def quality_of(rgba: Pixels) -> CutoutQuality:
    """Measure a cutout, (H, W, 4) uint8 with straight alpha."""
    measured = MeasuredAlpha(rgba[..., 3])
    issues = issues_of(measured)
    codes, mendable = _once([i.code for i in issues]), _once([i.code for i in issues if i.mendable])
    if measured.size in {0, measured.alpha.size}:
        return CutoutQuality(codes, mendable)
    _, _, width, height = extent(measured.inside)
    along = {"top": width, "bottom": width, "left": height, "right": height}
    return CutoutQuality(
        codes, mendable, tuple(round(share, 4) for share, _ in measured.pieces),
        tuple((side, round(length / along[side], 4)) for side, length in measured.cuts.items()),
        round(measured.haze_share, 4), (width, height),
    )  # fmt: skip


def _once(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


class QualityStore:
    """The qualities of a project's cutouts by content, kept under its ``.cache``; may be used from several threads.

    The cache may be deleted at any time; what it lacks, or holds damaged, is measured anew.

    Args:
        project: the project's folder.
    """

    def __init__(self, project: Path) -> None:
        self._project = project
        self._list = project / ".cache" / f"cutouts-{_VERSION}.jsonl"
        self._lock = threading.Lock()
        self._known: dict[str, CutoutQuality] | None = None

    def get(self, file: str, sha256: str) -> CutoutQuality:
        """The quality of the cutout in ``file``, relative to the project's folder, whose contents hash to ``sha256``.

        Raises:
            PictureError: it is not in the cache and cannot be read, or holds another cutout by now.
        """
        with self._lock:
            found = self._stored().get(sha256)
        if found is None:
            found = quality_of(read_rgba(self._project / file))
            if picture_hash(self._project / file) != sha256:  # another cutout of the photo has its name by now
                raise PictureError(f"{file} was changed", "Look at it again")
            self._keep(sha256, found)
        return found

    def _stored(self) -> dict[str, CutoutQuality]:
        if self._known is None:
            self._known = {}
            with contextlib.suppress(OSError, UnicodeDecodeError):
                for line in read_file(self._list).decode().splitlines():
                    with contextlib.suppress(ValueError, TypeError, KeyError):  # a line that was cut short
                        sha256, data = parsed(line)
                        self._known[str(sha256)] = _read(data)
        return self._known

    def _keep(self, sha256: str, quality: CutoutQuality) -> None:
        with self._lock, contextlib.suppress(OSError):  # a full or read-only disk: it is measured again next time
            self._stored()[sha256] = quality
            with append_to(self._list) as file:
                file.write(f"{json.dumps([sha256, asdict(quality)])}\n".encode())


def _read(data: dict[str, Any]) -> CutoutQuality:
    """What JSON made of it, lists for tuples."""
    return CutoutQuality(
        tuple(data["codes"]), tuple(data["mendable"]), tuple(data["pieces"]),
        tuple((str(side), float(share)) for side, share in data["cuts"]), float(data["haze"]),
        (int(data["size"][0]), int(data["size"][1])),
    )  # fmt: skip
