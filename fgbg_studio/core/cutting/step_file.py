"""The undo of a photo on the disk: one record a step, only ever appended, so that a save costs what the change costs.

A step names the one before it, and ``NAME.strokes.json`` says which one was done last and which one redo reaches: undo
and redo change nothing here, and steps that were dropped are merely no longer reached, until `trim` writes the file
anew. A record has a checksum that is made with the photo's own word. What is damaged, cut off or another photo's is
passed over, and costs the steps behind it, never the work.

A record: ``STEP``, the length and the CRC-32 of what follows, each four bytes, little-endian; the length of a
`StepHead` as JSON, the JSON, then the changes of the pixels as `pixel_history` makes them.
"""

from __future__ import annotations

import json
import os
import secrets
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.errors import ProjectError, cannot_write
from fgbg_studio.core.base.files import append_to, write_file
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.base.outside import open_file, read_file
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.seeds import Seed, Seeds
from fgbg_studio.core.cutting.work import HISTORY, SavedWork, beside

STEPS, FEWEST, BYTES = 500, 100, 64 << 20
"""Steps that are kept at most; of those, the oldest go first where the file has more bytes, but so many stay."""
_SLACK = 4 << 20  # bytes of steps that are no longer reached
_MAGIC, _SIZES, _LENGTH = b"STEP", struct.Struct("<II"), struct.Struct("<I")

Plane = Literal["alpha", "painted"]
_Record = tuple["StepHead", int, int]  # where it ends in the file, and its bytes


class PlaneChange(FrozenModel):
    """What a step did to one plane: inside ``box``, as ``size`` bytes with the checksum ``crc``."""

    plane: Plane
    box: Box
    size: int
    crc: int


class StepHead(FrozenModel):
    """One step.

    Attributes:
        step: its number; ``parent``: that of the one before, 0 for none.
        text: what undo calls it.
        common: how many of the first seeds are the same before and after; ``before`` and ``after``: the others.
        finish: before and after.
        planes: what it did to the pixels.
        note: what whoever made it wants to know again; nothing here reads it.
    """

    step: int
    parent: int
    text: str
    common: int
    before: Seeds
    after: Seeds
    finish: tuple[Refinement, Refinement]
    planes: tuple[PlaneChange, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Place:
    """Where a change of pixels lies in a file."""

    path: Path
    start: int
    size: int
    crc: int

    def read(self) -> bytes:
        """The bytes.

        Raises:
            ProjectError: they are no longer there.
        """
        try:
            with open_file(self.path) as file:
                file.seek(self.start)
                data = file.read(self.size)
        except OSError as error:
            raise ProjectError(f"{self.path} cannot be read ({error.strerror})") from error
        if zlib.crc32(data) != self.crc:
            raise ProjectError(f"{self.path} is damaged: what was done before cannot be undone")
        return data


@dataclass(frozen=True)
class SavedStep:
    """A step as it is found: its head, the seeds before and after it, where its changes lie, bytes of its record."""

    head: StepHead
    before: tuple[Seed, ...]
    after: tuple[Seed, ...]
    places: tuple[Place, ...]
    size: int


def new_word() -> str:
    """By which the records of one photo are known."""
    return secrets.token_hex(8)


def differing(before: Seeds, after: Seeds) -> int:
    """How many of the first seeds are the same."""
    same = 0
    for one, other in zip(before, after, strict=False):
        if one is not other and one != other:
            break
        same += 1
    return same


def append(photo: Path, word: str, steps: Sequence[tuple[StepHead, Sequence[bytes]]]) -> dict[int, tuple[Place, ...]]:
    """Append steps and the bytes of their changes to the photo's file, down to the disk; where those lie now.

    Raises:
        ProjectError: the disk is full or refuses.
    """
    path = beside(photo, HISTORY)
    places: dict[int, tuple[Place, ...]] = {}
    try:
        with append_to(path) as file:
            end = file.seek(0, os.SEEK_END)
            for head, changes in steps:
                record = _record(word, head, changes)
                places[head.step] = tuple(_places(path, head, end + len(record)))
                end += len(record)
                file.write(record)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise cannot_write(error, path) from error
    return places


def steps_of(photo: Path, saved: SavedWork, shape: tuple[int, ...]) -> tuple[list[SavedStep], int]:
    """The steps that undo and redo reach from the work as it was saved, oldest first, and how many of them are done.

    Args:
        photo: its file.
        saved: what was done to it.
        shape: (H, W) of the photo.
    """
    path = beside(photo, HISTORY)
    known = {found[0].step: found for found in _records(path, saved.history)} if saved.history else {}
    done, undone = _line(known, saved.step), _line(known, saved.newest, saved.step)
    if not undone or known[undone[0]][0].parent != saved.step:
        undone = []
    numbers = [*done, *undone]
    heads = [known[number][0] for number in numbers]
    heads = [head for head in heads if all(_inside(change.box, shape) for change in head.planes)]
    if [head.step for head in heads] != numbers:
        return [], 0
    found, index = _with_seeds(heads, len(done), saved)
    return [
        SavedStep(head, before, after, tuple(_places(path, *known[head.step][:2])), known[head.step][2])
        for head, before, after in found
    ], index  # fmt: skip


def trim(photo: Path, word: str, steps: Sequence[SavedStep], index: int) -> bool:
    """Write the file anew where much of it is no longer reached or it has grown too large; whether it was.

    Args:
        photo: its file.
        word: by which its records are known.
        steps: as `steps_of` gives them.
        index: likewise.
    """
    path, kept, undone = beside(photo, HISTORY), list(steps), len(steps) - index
    total = sum(step.size for step in kept)
    while len(kept) > max(FEWEST, undone) and (len(kept) > STEPS or total > BYTES):
        total -= kept.pop(0).size
    if len(kept) == len(steps) and path.stat().st_size <= 2 * total + _SLACK:
        return False
    write_file(path, b"".join(_record(word, step.head, [place.read() for place in step.places]) for step in kept))
    return True


def _record(word: str, head: StepHead, changes: Sequence[bytes]) -> bytes:
    text = json.dumps(head.model_dump(mode="json"), separators=(",", ":")).encode()
    data = b"".join((_LENGTH.pack(len(text)), text, *changes))
    return b"".join((_MAGIC, _SIZES.pack(len(data), _sum(word, data)), data))


def _sum(word: str, data: bytes | memoryview) -> int:
    return zlib.crc32(data, zlib.crc32(word.encode()))


def _places(path: Path, head: StepHead, end: int) -> Iterator[Place]:
    """Where the changes of a record lie that ends at ``end``."""
    start = end - sum(change.size for change in head.planes)
    for change in head.planes:
        yield Place(path, start, change.size, change.crc)
        start += change.size


def _records(path: Path, word: str) -> Iterator[_Record]:
    """The whole records of a file; what is no record is searched for the next one."""
    try:
        data = read_file(path)
    except OSError:
        return
    view, at = memoryview(data), data.find(_MAGIC)
    while at >= 0:
        start = at + len(_MAGIC) + _SIZES.size
        head = None
        if start <= len(data):
            length, crc = _SIZES.unpack_from(data, at + len(_MAGIC))
            body = view[start : start + length]
            if len(body) == length and _sum(word, body) == crc:
                head = _head(body)
        if head:
            at = start + length
            yield head, at, at - start
            at = data.find(_MAGIC, at)
        else:
            at = data.find(_MAGIC, at + 1)


def _head(body: memoryview) -> StepHead | None:
    try:
        (length,) = _LENGTH.unpack_from(body)
        head = StepHead.model_validate_json(bytes(body[_LENGTH.size : _LENGTH.size + length]))
    except (struct.error, ValidationError):
        return None
    whole = _LENGTH.size + length + sum(change.size for change in head.planes)
    return head if len(body) == whole else None


def _line(known: dict[int, _Record], newest: int, after: int = 0) -> list[int]:
    """The numbers of the steps to ``newest``: from the one after ``after``, or the oldest that is known."""
    line: list[int] = []
    number = newest
    while number in known and number > after and (not line or number < line[-1]):
        line.append(number)
        number = known[number][0].parent
    return line[::-1]


def _inside(box: Box, shape: tuple[int, ...]) -> bool:
    x, y, width, height = box
    return x >= 0 and y >= 0 and width > 0 and height > 0 and x + width <= shape[1] and y + height <= shape[0]


Around = tuple[StepHead, tuple[Seed, ...], tuple[Seed, ...]]


def _with_seeds(heads: Sequence[StepHead], done: int, saved: SavedWork) -> tuple[list[Around], int]:
    """The steps that fit the work, with the seeds before and after each; and how many of them are done."""
    before: list[Around] = []
    seeds, finish = saved.seeds, saved.finish
    for head in reversed(heads[:done]):
        earlier = seeds[: head.common] + head.before
        if len(seeds) < head.common or seeds[head.common :] != head.after or finish != head.finish[1]:
            break
        before.append((head, earlier, seeds))
        seeds, finish = earlier, head.finish[0]
    later: list[Around] = []
    seeds, finish = saved.seeds, saved.finish
    for head in heads[done:]:
        after = seeds[: head.common] + head.after
        if len(seeds) < head.common or seeds[head.common :] != head.before or finish != head.finish[0]:
            break
        later.append((head, seeds, after))
        seeds, finish = after, head.finish[1]
    return [*reversed(before), *later], len(before)
