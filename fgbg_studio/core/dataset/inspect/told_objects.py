"""What a dataset's table of objects tells, read sample by sample."""

from __future__ import annotations

import io
import json
import math
import mmap
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, groupby, islice
from typing import NamedTuple, TextIO

from fgbg_studio.core.base.mirrors import is_mirrored
from fgbg_studio.core.base.outside import lines_of, open_file
from fgbg_studio.core.dataset.objects import FILE
from fgbg_studio.core.dataset.record import Dataset

_AHEAD = 8  # samples whose lines may be lost or wrong before those of all others are, too

_MOST, _LONGEST = 255, 1 << 22  # objects of a sample, bytes of a line


class ToldObjects:
    """The lines of one sample after another, in the plan's order."""

    def __init__(self, file: TextIO) -> None:
        self._groups = ((name, "".join(lines)) for name, lines in groupby(file, _name))
        self._ahead: deque[tuple[str, str]] = deque()

    def of(self, name: str) -> str:
        """The lines of this sample, none where it has none; what comes before them belongs to nothing."""
        for number in range(_AHEAD):
            if number == len(self._ahead):
                self._ahead.extend(self._more())
            if number < len(self._ahead) and self._ahead[number][0] == name:
                for _ in range(number):
                    self._ahead.popleft()
                return self._ahead.popleft()[1]
        return ""

    def _more(self) -> Iterator[tuple[str, str]]:
        found = next(self._groups, None)
        if found is not None:
            yield found


@contextmanager
def told_objects(dataset: Dataset) -> Iterator[ToldObjects | None]:
    """Of a finished dataset; None where it has no such table."""
    path = dataset.root / FILE
    if not dataset.complete or not dataset.recipe.settings.scene.instances or not path.exists():
        yield None
        return
    try:
        file = io.TextIOWrapper(open_file(path), encoding="utf-8", errors="replace", newline="")
    except OSError:
        yield ToldObjects(io.StringIO())  # every sample's lines are said to be wrong
        return
    with file:
        yield ToldObjects(file)


class ToldObject(NamedTuple):
    """What the table says of one object: its ``number`` in the index map, its class and its foreground's name.

    ``visible``, ``occluded`` and ``cut`` are shares of its whole area, 0..1; ``contact`` is the depth at which it
    stands, NaN where that is not known.
    """

    number: int
    category: str
    foreground: str
    visible: float
    occluded: float
    cut: float
    contact: float


def objects_of(dataset: Dataset, name: str) -> list[ToldObject]:
    """What the table says of the objects of the sample ``name``; lines that cannot be read are passed over.

    The file may be large and a stranger's: it is searched, and none of it but these lines is taken in.
    """
    path = dataset.root / FILE
    if not path.is_file() or not path.stat().st_size:
        return []
    start = f'{{"sample":{json.dumps(name, ensure_ascii=False)},'.encode()
    found: list[ToldObject] = []
    if is_mirrored(path):  # which has no bytes to be searched in
        lines = (line.encode() for line in lines_of(path))
        return sorted(chain.from_iterable(map(_told, islice((one for one in lines if one.startswith(start)), _MOST))))
    with open_file(path) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        at = whole.find(start)
        while at >= 0 and whole[at : at + len(start)] == start and len(found) < _MOST:
            end = whole.find(b"\n", at)
            end = len(whole) if end < 0 else end
            found += _told(whole[at : min(end, at + _LONGEST)])
            at = end + 1
    return sorted(found)


def _told(line: bytes) -> list[ToldObject]:
    try:
        said = json.loads(line)
        whole, contact = int(said["amodal_area"]), said["contact_depth"]
        share = int(said["visible_area"]) / whole if whole else 0.0
        words = str(said.get("class", "")), str(said["foreground"])
        shares = share, float(said["occluded"]), float(said["cut"])
        return [ToldObject(int(said["index"]), *words, *shares, math.nan if contact is None else float(contact))]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return []


def _name(line: str) -> str:
    start, _, rest = line.partition('":"')
    return rest.partition('"')[0] if start == '{"sample' else ""
