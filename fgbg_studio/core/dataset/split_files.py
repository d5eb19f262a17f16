"""Which samples of a dataset are to train with and which to judge by, as it lies in the dataset: its folder ``splits``.

``splits.json`` is sealed and says all of it: the settings, which pictures are held out, the split of each sample as
run lengths, and the hashes of the lists beside it. Those are for other programs: ``splits.csv`` with a row a sample,
and a list of names for each split. Beside a dataset that is one archive the folder is called as that, with ``.splits``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

import fgbg_studio
from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.hashing_store import HashingStore
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.seal import sealed, unsealed
from fgbg_studio.core.base.store import LocalStore, Store
from fgbg_studio.core.base.strategy import describe_validation
from fgbg_studio.core.base.words import csv_cell, one_line
from fgbg_studio.core.dataset.record import Dataset
from fgbg_studio.core.project.split_rule import SplitRule

FOLDER = "splits"
FILE = "splits.json"
TABLE = "splits.csv"
NAMES = ("train", "seen", "new-background", "new-foreground", "both-new")
NONE = "none"
"""Of samples that would mix what is trained with and what is held out."""
FORMAT = 1
_MOST, _AT_ONCE = 1 << 53, 20_000

Codes = NDArray[np.int8]
"""(n,) places in `NAMES`; -1 is `NONE`."""


def list_of(split: str) -> str:
    """The list of a split's samples."""
    return f"{split}.txt"


LISTS = frozenset({TABLE, *map(list_of, NAMES)})
NORMALISATION = "normalisation.json"
"""What was measured of the samples to train with; see `normalisation.py`."""
FILES = frozenset(f"{FOLDER}/{name}" for name in LISTS | {FILE, NORMALISATION})
"""All that is the program's own, by its path in the dataset."""


def store_of_splits(dataset: Path) -> LocalStore:
    """Where the splits of the dataset at this path are: in its folder, or beside its archive."""
    if dataset.is_file():
        return LocalStore(dataset.parent).inside(f"{dataset.name}.{FOLDER}")
    return LocalStore(dataset).inside(FOLDER)


class SplitSettings(SplitRule):
    """How a dataset is split.

    Pictures named here are held out, or trained with, whatever is drawn; the rest is drawn by the seed.
    """

    new_backgrounds: tuple[str, ...] = ()
    new_foregrounds: tuple[str, ...] = ()
    trained_backgrounds: tuple[str, ...] = ()
    trained_foregrounds: tuple[str, ...] = ()


class SplitPicture(FrozenModel):
    """A background or a foreground: those of one ``identity`` are the same or nearly so, and are split together."""

    name: str
    identity: Annotated[int, Field(ge=0)]
    new: bool


@dataclass(frozen=True)
class Splits:
    """The splits of a dataset.

    Attributes:
        settings: by which they were made.
        backgrounds: all of the dataset, in its order.
        foregrounds: likewise.
        samples: their numbers, ascending, as `Contents.numbers` gives them.
        codes: the split of each.
    """

    settings: SplitSettings
    backgrounds: tuple[SplitPicture, ...]
    foregrounds: tuple[SplitPicture, ...]
    samples: Sequence[int] | Ints
    codes: Codes

    def column(self, numbers: Sequence[int] | Ints) -> Codes:
        """(n,) int8: of each sample of these numbers the place of its split in `NAMES`, -1 for `NONE`.

        Raises:
            IndexError: the dataset has no sample of one of these numbers.
        """
        wanted = np.asarray(numbers, np.int64)
        if isinstance(self.samples, range):
            places = (wanted - self.samples.start) // self.samples.step
        else:
            places = np.searchsorted(self._numbers, wanted)
        fits = (places >= 0) & (places < len(self.codes))
        if not fits.all() or (self._numbers[places] != wanted).any():
            raise IndexError("the dataset has no such sample")
        found: Codes = self.codes[places]
        return found

    def of(self, sample: int | Sample) -> str:
        """The split of one sample, or of that number: of `NAMES`, or `NONE`."""
        return name_of(int(self.column([sample.number if isinstance(sample, Sample) else sample])[0]))

    def numbers(self, split: str) -> Ints:
        """(n,) int64, ascending: the samples of one split.

        Raises:
            ValueError: there is no such split.
        """
        found: Ints = self._numbers[self.codes == code_of(split)]
        return found

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many samples each split has, in the order of `NAMES`, and at last those of `NONE`."""
        found = np.bincount(self.codes.astype(np.int64) + 1, minlength=len(NAMES) + 1).tolist()
        return dict(zip((*NAMES, NONE), (*found[1:], found[0]), strict=True))

    @cached_property
    def digest(self) -> str:
        """What changes with the split of any sample."""
        return hashlib.sha256(self.codes.tobytes()).hexdigest()

    @cached_property
    def _numbers(self) -> Ints:
        return np.asarray(self.samples, np.int64)

    def note(self, dataset: str, hashes: dict[str, str]) -> bytes:
        """``splits.json``, of the dataset that is known by ``dataset``, with SHA-256 of the lists by their names."""
        starts = np.flatnonzero(np.diff(self.codes, prepend=np.int8(len(NAMES))))
        runs = np.stack([self.codes[starts], np.diff(starts, append=len(self.codes))], 1)
        said = {
            "format": FORMAT,
            "program": f"FGBG Studio {fgbg_studio.__version__}",
            "settings": self.settings.model_dump(mode="json"),
            "counts": self.counts,
            "backgrounds": [one.model_dump() for one in self.backgrounds],
            "foregrounds": [one.model_dump() for one in self.foregrounds],
            "dataset": dataset,
            "lists": dict(sorted(hashes.items())),
            "names": NAMES,
            "runs": " ".join(map(str, runs.ravel().tolist())),
        }
        return sealed(f"{json.dumps(said, indent=1, ensure_ascii=False)}\n")


def name_of(code: int) -> str:
    """The name of a split by its place in `NAMES`."""
    return NAMES[code] if code >= 0 else NONE


def code_of(split: str) -> int:
    """The place of a split in `NAMES`, -1 for `NONE`.

    Raises:
        ValueError: there is no such split.
    """
    if split == NONE:
        return -1
    if split not in NAMES:
        raise ValueError(f"there is no split {split!r}, but {', '.join((*NAMES, NONE))}")
    return NAMES.index(split)


class SplitsNote(FrozenModel):
    """``splits.json`` as it is read back."""

    format: Literal[1]
    program: str
    settings: SplitSettings
    counts: dict[str, int]
    backgrounds: tuple[SplitPicture, ...]
    foregrounds: tuple[SplitPicture, ...]
    dataset: str
    lists: dict[str, str]
    names: tuple[str, ...]
    runs: str

    def splits(self, samples: Sequence[int] | Ints) -> Splits:
        """The splits, of the dataset with samples of these numbers.

        Raises:
            ValueError: it has others.
        """
        try:
            runs = np.array(self.runs.split(), np.int64).reshape(-1, 2)
        except OverflowError as error:
            raise ValueError("its runs are none") from error
        codes, counts = runs[:, 0], runs[:, 1]
        if not ((codes >= -1) & (codes < len(NAMES)) & (counts > 0) & (counts <= _MOST)).all():
            raise ValueError("its runs are none")
        if sum(counts.tolist()) != len(samples):
            raise ValueError("it is of other samples")
        found = np.repeat(codes.astype(np.int8), counts)
        return Splits(self.settings, self.backgrounds, self.foregrounds, samples, found)


def read_note(data: bytes) -> SplitsNote:
    """What ``splits.json`` says.

    Raises:
        ValueError: it is damaged, or of a newer version.
    """
    found: dict[str, Any] = unsealed(data)
    if isinstance(found.get("format"), int) and found["format"] > FORMAT:
        raise ValueError(f"it was written by a newer version (format {found['format']})")
    try:
        note = SplitsNote.model_validate(found)
    except ValidationError as error:
        raise ValueError(describe_validation(error)) from error
    if note.names != NAMES or not note.lists.keys() <= LISTS:
        raise ValueError("its names are not those of splits")
    return note


def key_of_own(dataset: Dataset) -> str:
    """By what a dataset of this program is known to its splits: all that decides who stands where in it."""
    said = [str(dataset.samples), dataset.extent.order, dataset.recipe.silent().model_dump_json()]
    return key_of(said)


def key_of(parts: Iterable[str]) -> str:
    """SHA-256 of these words."""
    known = hashlib.sha256()
    for part in parts:
        known.update(f"{part}\n".encode("utf-8", "surrogateescape"))
    return known.hexdigest()


def write_lists(store: Store, splits: Splits, names: Iterable[str]) -> Generator[int, None, dict[str, str]]:
    """Write what is for other programs into the folder of the splits: ``names`` are those of all samples, in order.

    Yields how many samples are written, and returns SHA-256 of each list by its name.
    """
    noted = HashingStore(store)
    files = [noted.create(name) for name in (TABLE, *map(list_of, NAMES))]
    try:
        files[0].write(b"name,split\n")
        pairs = iter(zip(names, splits.codes.tolist(), strict=True))
        done = 0
        while part := list(islice(pairs, _AT_ONCE)):
            rows = [f"{csv_cell(name)},{name_of(code)}\n" for name, code in part]
            files[0].write("".join(rows).encode("utf-8", "surrogateescape"))
            for place, file in enumerate(files[1:]):
                lines = [f"{one_line(name)}\n" for name, code in part if code == place]
                file.write("".join(lines).encode("utf-8", "surrogateescape"))
            done += len(part)
            yield done
        for file in files:
            file.publish()
    except BaseException:
        for file in files:
            file.discard()
        raise
    return dict(noted.hashes)
