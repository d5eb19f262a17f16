"""A dataset's store: where things lie in it, and its record ``dataset.json``.

Beside the layout's folders and ``dataset.json`` it has a hidden folder ``.fgbg``: the prepared pictures and
background depths that make it independent of the project, and a marker for each finished shard.
"""

from __future__ import annotations

import contextlib
import errno
import json
import platform
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

import fgbg_studio
from fgbg_studio.core.base.ahead import done_ahead
from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.errors import DatasetError, FgbgError
from fgbg_studio.core.base.outside import parsed, reason_of
from fgbg_studio.core.base.paths import OwnPath
from fgbg_studio.core.base.remedies import TryAgain, Update
from fgbg_studio.core.base.seal import sealed, unsealed
from fgbg_studio.core.base.store import LocalStore, Store, store_of
from fgbg_studio.core.base.strategy import describe_validation
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.joined import JoinedArchives
from fgbg_studio.core.dataset.notes import Count, Value, checked
from fgbg_studio.core.dataset.prepared import FILE as PREPARED
from fgbg_studio.core.dataset.prepared import Prepared
from fgbg_studio.core.dataset.shards import Extent, shard_at
from fgbg_studio.core.depth.plausibility import Plausibility
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.plan.order import Order, PlanOrder, SpreadOrder
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.plan.selection import spread
from fgbg_studio.core.project.earlier import with_earlier_names, with_earlier_rules

T = TypeVar("T")
R = TypeVar("R")

_AT_ONCE = 16  # notes at an address that are asked for at the same time

FILE = "dataset.json"
RECIPE = "recipe.json"
"""The same record where samples are not stored, but made when they are read: see `inspect/made_contents.py`."""
FORMAT = 3
"""Datasets of format 1 have fewer columns in ``samples.csv``; a part of a plan is its beginning in them. Those before
format 3 know no hashes of their files, and what the program notes for itself is not sealed in them."""
SEALED = 3
"""From this format on `core.base.seal` is on all that the program notes for itself."""
HIDDEN = ".fgbg"
PICTURES = f"{HIDDEN}/pictures"
"""Where prepared backgrounds and foregrounds are."""
DEPTH = f"{HIDDEN}/depth"
"""Where depths of backgrounds are."""
SHARDS = f"{HIDDEN}/shards"
"""Where the markers of shards are."""
ROWS = "samples.csv"
CROISSANT = "croissant.json"
"""What the export of that name puts beside the files: it is no part of the dataset."""
REPAIRS = f"{HIDDEN}/repair"
"""What a repair keeps until it is done."""
CARD = "card"
"""Where the card's own pictures are, which are no part of the dataset."""


def marker_name(number: int) -> str:
    """The file whose presence says that a shard is done: its statistics and its part of ``samples.csv``."""
    return f"{SHARDS}/{number:05}.json"


@dataclass(frozen=True)
class Dataset:
    """A dataset of this program, opened by `open_dataset`.

    Attributes:
        store: its files.
        recipe: what it is made from.
        samples: how many of the plan's samples it is to have.
        record: the whole of ``dataset.json``.
    """

    store: Store
    recipe: Recipe
    samples: int
    record: dict[str, Any]

    @property
    def root(self) -> Path:
        """Its folder on this computer, for those who look into its files.

        Raises:
            DatasetError: it lies elsewhere.
        """
        if not isinstance(self.store, LocalStore):
            raise DatasetError(f"{self.store.where()} is not on this computer", "Copy it here")
        return self.store.root

    @cached_property
    def prepared(self) -> Prepared:
        """The files that its samples are made of."""
        return Prepared(self.store)

    def _inside(self, folder: str) -> Store:
        checked = self.format >= SEALED or self.store.exists(PREPARED)
        return self.prepared.inside(folder) if checked else self.store.inside(folder)

    @property
    def depth(self) -> Store:
        """What its way to depth keeps."""
        return self._inside(DEPTH)

    def note(self, name: str) -> dict[str, Any]:
        """What the program noted for itself in a file: a marker, say.

        Raises:
            OSError: it is missing.
            ValueError: it is damaged.
        """
        data = self.store.read(name)
        sealed_ones = self.format >= SEALED
        found = unsealed(data) if sealed_ones else parsed(data)
        return checked(found, marker=name.startswith(f"{SHARDS}/"), files=sealed_ones)

    def put_note(self, name: str, data: dict[str, Any]) -> None:
        """Note ``data`` in a file."""
        text = json.dumps(data)
        self.store.put(name, sealed(text) if self.format >= SEALED else text.encode())

    @property
    def complete(self) -> bool:
        """Whether every sample was made and everything was counted."""
        return bool(self.record.get("complete"))

    def continued(self, recipe: Recipe) -> Recipe:
        """``recipe`` by the rules of earlier versions where this dataset was begun by them, else as it is."""
        earlier = Recipe.model_validate(with_earlier_rules(recipe.model_dump(mode="json")))
        return earlier if earlier.silent() == self.recipe.silent() else recipe

    @property
    def overridden(self) -> tuple[str, ...]:
        """The errors of the check in spite of which it was begun."""
        return tuple(self.record.get("overridden", ()))

    @property
    def format(self) -> int:
        """Of its record and its files; what is continued keeps its own."""
        return int(self.record.get("format", FORMAT))

    @property
    def extent(self) -> Extent:
        """What part of its plan it has."""
        record = self.record
        return Extent(self.samples, record.get("order", "plan"), tuple(record.get("limits", ())))

    @cached_property
    def order(self) -> Order:
        """In which its samples are made: the first `samples` of it are in the dataset."""
        return SpreadOrder(self.plan()) if self.extent.order == "spread" else PlanOrder(self.plan())

    @cached_property
    def shards(self) -> list[Shard]:
        """What it is made in, by positions in its order."""
        return self.extent.shards(self.recipe.settings.shard)

    def shard_of(self, number: int) -> Shard:
        """The shard that has the sample of this number."""
        return shard_at(self.shards, int(self.order.positions(np.array([number]))[0]))

    def has(self, numbers: Ints) -> NDArray[np.bool_]:
        """(n,) bool: which samples of these numbers, of its plan, are to be in it."""
        return self.order.positions(numbers) < self.samples

    def numbers(self, step: int = 4000) -> Iterator[Ints]:
        """The numbers of its samples, ascending, at most ``step`` at a time."""
        if self.extent.order == "plan":
            for start in range(0, self.samples, step):
                yield self.order.numbers(start, min(start + step, self.samples))
        else:
            every = self.order.numbers(0, self.samples)
            for start in range(0, self.samples, step):
                yield every[start : start + step]

    def some(self, count: int) -> list[int]:
        """The numbers of ``count`` of its samples, ascending, from all over its plan; of all where there are fewer."""
        return sorted(int(self.order.numbers(one, one + 1)[0]) for one in spread(self.samples, count))

    def plan(self) -> Plan:
        """The plan whose samples, or a part of them, it has."""
        return Plan(self.recipe)

    def composer(self, project: Path | None = None) -> Composer:
        """What makes its composites, from the prepared pictures; missing ones from the project."""
        return Composer(Pictures(self.recipe, self._inside(PICTURES), project))


def open_dataset(place: Path | Store) -> Dataset:
    """The dataset in a folder or store.

    Raises:
        DatasetError: there is none of this program, or its record is damaged or newer.
    """
    return _opened(store_of(place), FILE)


def open_recipe(place: Path | Store) -> Dataset:
    """The dataset whose samples the folder or store can make; as `open_dataset`."""
    return _opened(store_of(place), RECIPE)


def _opened(store: Store, name: str) -> Dataset:
    try:
        data = store.read(name)
    except (FileNotFoundError, NotADirectoryError) as error:
        if name == FILE and store.exists(RECIPE):
            problem = f"{store.where()} is a recipe: it has no samples of its own"
            raise DatasetError(problem, "Give the dataset itself") from error
        problem = f"{store.where()} is not a dataset of this program ({name} is missing)"
        raise DatasetError(problem, "Check the path") from error
    except OSError as error:
        raise DatasetError(
            f"{store.where(name)} is damaged ({reason_of(error)})", "Restore it from a backup"
        ) from error
    return read_record(store, store.where(name), data)


def read_record(store: Store, path: str, data: bytes) -> Dataset:
    """The dataset in ``store`` whose ``dataset.json``, called ``path`` in messages, has the bytes ``data``.

    Raises:
        DatasetError: the record is damaged or newer.
    """
    try:
        record = parsed(data)
        _refuse_newer(path, record["format"])
        if record["format"] >= SEALED or "hashes" in record:
            record = unsealed(data)
        recipe = record["recipe"]
        if record["format"] < 2:
            recipe = with_earlier_rules(with_earlier_names(recipe))
        said = _Said.model_validate(record)
        return _sound(Dataset(store, Recipe.model_validate(recipe), said.samples, record))
    except DatasetError:
        raise
    except ValidationError as error:
        raise DatasetError(f"{path} is damaged: {describe_validation(error)}", "Restore it from a backup") from error
    except KeyError as error:
        raise DatasetError(f"{path} is damaged ({error} is missing)", "Restore it from a backup") from error
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise DatasetError(f"{path} is damaged ({error})", "Restore it from a backup") from error
    except FgbgError as error:
        raise DatasetError(f"{path}: {error.problem}", error.remedies) from error


def _sound(dataset: Dataset) -> Dataset:
    """The dataset, once its pictures' hashes are some, and its plan has its samples.

    Raises:
        ValueError: they are none, or it has not.
    """
    recipe = dataset.recipe
    for sha256 in (*(one.sha256 for one in recipe.backgrounds), *(one.sha256 for one in recipe.foregrounds)):
        int(sha256, 16)
    if dataset.samples > (made := dataset.plan().made):
        raise ValueError(f"it says {dataset.samples:,} samples, and its recipe makes {made:,}")
    if any(limit >= dataset.samples for limit in dataset.extent.limits):
        raise ValueError("it was begun with more samples than it has")
    return dataset


class _InMetres(BaseModel):
    mean: Value
    std: Value
    no_value: Value = 0.0


class _Figures(BaseModel):
    """What a record says of one kind, as far as it is read back."""

    count: Count
    bytes: Count
    shape: list[Count] | None
    mean: list[Value]
    std: list[Value]
    metres: _InMetres | None = None


class _Said(BaseModel):
    """What a record says beside its recipe, as far as it is read back."""

    samples: Annotated[Count, Field(ge=1)]
    format: Annotated[int, Field(strict=True, ge=1)]
    order: Literal["plan", "spread"] = "plan"
    limits: tuple[Count, ...] = ()
    overridden: tuple[str, ...] = ()
    statistics: dict[str, _Figures] = {}
    depth: dict[str, Any] = {}
    plausibility: Plausibility | None = None
    hashes: dict[OwnPath, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = {}


def _refuse_newer(path: str, number: int) -> None:
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError("its format is no number")
    if number > FORMAT:
        raise DatasetError(f"{path} was written by a newer version (format {number})", Update())


def write_record(store: Store, recipe: Recipe, extent: Extent, number: int = FORMAT, **more: Any) -> None:
    """Write ``dataset.json`` atomically, in the format ``number``."""
    order = (
        {"order": extent.order, "limits": extent.limits}
        if number > 1 or extent.limits or extent.order != "plan"
        else {}
    )
    record = {
        "format": number,
        "program": f"FGBG Studio {fgbg_studio.__version__}",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "opencv": cv2.__version__},
        "samples": extent.samples,
        **order,
        **more,
        "recipe": recipe.model_dump(mode="json"),
    }
    put_record(store, record)


def put_record(store: Store, record: Mapping[str, Any]) -> None:
    """Write all of ``dataset.json`` atomically."""
    text = f"{json.dumps(record, indent=1, ensure_ascii=False)}\n"
    store.put(FILE, sealed(text) if record["format"] >= SEALED or "hashes" in record else text.encode())


def done_shards(dataset: Dataset, shards: Sequence[tuple[int, int, int]] | None = None) -> dict[int, dict[str, Any]]:
    """What `done_markers` gives, by number; all in memory, so of some shards alone where there may be very many."""
    return dict(done_markers(dataset, shards))


def done_markers(
    dataset: Dataset, shards: Sequence[tuple[int, int, int]] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number, marker) of the dataset's shards, or of these (number, start, stop), that are done; without lists.

    A shard whose marker is damaged, or whose archive was removed because it was, is not; one whose archives were
    joined to larger ones is while those are there.
    """
    store, shards = dataset.store, dataset.shards if shards is None else shards
    many = len(shards) > 1 and not isinstance(store, LocalStore)
    listed = frozenset(store.names()) if many else frozenset()
    joined = cache(lambda: JoinedArchives(store))

    def is_there(name: str) -> bool:
        return name in listed if many and "/" not in name else store.exists(name)

    def look(shard: tuple[int, int, int]) -> dict[str, Any] | None:
        number, start, stop = shard
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            marker = dataset.note(marker_name(number))
            if (marker["start"], marker["stop"]) == (start, stop) and all(
                is_there(name) or joined().hold(name, start, stop) for name in marker["archives"]
            ):
                return {key: part for key, part in marker.items() if key not in {"rows", "objects", "files"}}
        return None

    with contextlib.closing(of_each(store, look, shards)) as looks:
        for (number, _, _), marker in zip(shards, looks, strict=True):
            if marker is not None:
                yield number, marker


def of_each(store: Store, work: Callable[[T], R], parts: Sequence[T] | Iterable[T]) -> Generator[R, None, None]:
    """``work`` of each of ``parts``, in their order, that reads in ``store``.

    At an address each would wait for answers of the storage, so that some are at work at the same time; on a disk one
    after another.
    """
    yield from map(work, parts) if isinstance(store, LocalStore) else done_ahead(work, parts, _AT_ONCE, 2 * _AT_ONCE)


@contextlib.contextmanager
def disk_trouble(place: Path | Store, done: str = "written") -> Iterator[None]:
    """Turn what the system says of the disk that a folder or store is on into one sentence; ``done`` what cannot be.

    Raises:
        DatasetError: instead of any OSError inside.
    """
    where = store_of(place).where()
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DatasetError(
                f"the disk is full while writing to {where}",
                TryAgain("make room", "what is finished is kept"),
            ) from error
        name = error.filename or where
        raise DatasetError(f"{name} cannot be {done} ({error.strerror})", TryAgain("check the folder")) from error
