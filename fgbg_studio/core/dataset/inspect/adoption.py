"""What describes a dataset that somebody made by hand: ``adopted.json``, beside its files or in a folder of its own.

It says of which shape the dataset is (one of the presets that repeat hand-made datasets), so that names say who stands
where and depth has a meaning. Nothing of the dataset itself is changed by it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, ValidationError

import fgbg_studio
from fgbg_studio.core.base.errors import DatasetError, FgbgError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.base.outside import lines_of, parsed, read_file, reason_of
from fgbg_studio.core.base.paths import writable
from fgbg_studio.core.base.strategy import describe_validation
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.interfaces.layout import Layout

ADOPTED = "adopted.json"
COMPLETED = "completed.csv"
"""How each picture was made that was completed, a row each; of two rows of one picture the later one counts."""
OWN_FILES = frozenset({ADOPTED, COMPLETED, "completing.lock", "croissant.json"})
COLUMNS = ("kind", "name", "way", "sure", "difference", "next", "x", "y")
_MOST = 1 << 20  # bytes of a description
Sure = Literal["sure", "likely", "rough"]


class Adoption(FrozenModel):
    """See the module.

    Attributes:
        data: where the pictures are: a folder or an archive, relative to the description's folder; a dot for that.
        preset: whose shape it has.
        layout: by which its names are read.
        encoding: of its depth maps, as data of the strategy.
        metric: whether depth is in metres.
        title: what it is called; empty for the name of its folder.
        licence, origin: of its pictures, as the user said.
        completed: kind → how what was missing of it was made, in words.
    """

    format: Literal[1] = 1
    program: str = ""
    data: str = "."
    preset: str
    layout: str
    encoding: dict[str, Any]
    metric: bool = False
    title: Annotated[str, Field(max_length=500)] = ""
    licence: Annotated[str, Field(max_length=500)] = ""
    origin: Annotated[str, Field(max_length=500)] = ""
    completed: dict[str, str] = Field(default_factory=dict)

    @property
    def names(self) -> Layout:
        """What reads its names."""
        return Layout.get(self.layout)()

    @property
    def depth_encoding(self) -> Encoding:
        """How its depth is stored."""
        return Encoding.from_dict(self.encoding)

    def source(self, folder: Path) -> Path:
        """Where its pictures are, by where it lies itself."""
        return folder / self.data if self.data != "." else folder


class CompletedPicture(NamedTuple):
    """How a picture was made that was missing.

    Attributes:
        kind: mask or depth.
        name: of its composite, without folders and suffix.
        way: how, in a few words; empty where it could not be made well enough, and was not.
        sure: how sure the program is of it.
        difference: of a mask, how far the object's pixels in the composite are from its foreground's (0..255).
        next: the same of the next best place; 0 where there is none.
        x, y: of a mask, where the foreground's upper left corner is; -1 where nobody knows.
    """

    kind: str
    name: str
    way: str
    sure: str
    difference: float = 0.0
    next: float = 0.0
    x: int = -1
    y: int = -1


def is_adopted(folder: Path) -> bool:
    """Whether a description lies in the folder."""
    return (folder / ADOPTED).is_file()


def read_adoption(folder: Path) -> Adoption:
    """The description in a folder.

    Raises:
        DatasetError: it is damaged, or of a newer version; or what it describes is not there.
    """
    path = folder / ADOPTED
    try:
        data = parsed(read_file(path, _MOST))
        found = Adoption.model_validate(data)
        known = found.names.told and found.depth_encoding
    except ValidationError as error:
        raise DatasetError(f"{path} is damaged: {describe_validation(error)}", _REMOVE) from error
    except FgbgError as error:
        raise DatasetError(f"{path}: {error.problem}", _REMOVE) from error
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path} is damaged ({reason_of(error)})", _REMOVE) from error
    if not known:
        raise DatasetError(f"{path} is damaged: {found.layout} is no layout of hand-made datasets", _REMOVE)
    if not found.source(folder).exists():
        raise DatasetError(f"{found.source(folder)}, which {path} describes, is not there", "Put it back")
    return found


_REMOVE = "remove it, and adopt the dataset again"


def write_adoption(folder: Path, adoption: Adoption) -> None:
    """Put the description into a folder, whole or not at all."""
    program = f"FGBG Studio {fgbg_studio.__version__}"
    data = adoption.model_copy(update={"program": program}).model_dump(mode="json")
    write_file(writable(folder, ADOPTED), f"{json.dumps(data, indent=1, ensure_ascii=False)}\n".encode())


def completed_pictures(folder: Path) -> Iterator[CompletedPicture]:
    """What was noted of pictures that were completed, in the order in which it was."""
    path = folder / COMPLETED
    if not path.is_file():
        return
    try:
        rows = csv.reader(line.replace("\0", "") for line in lines_of(path))
        for row in rows:
            if len(row) == len(COLUMNS) and row[0] != COLUMNS[0]:
                try:
                    numbers = float(row[4]), float(row[5]), int(row[6]), int(row[7])
                except ValueError:  # a row that was cut short by a failure of power
                    continue
                yield CompletedPicture(row[0], row[1], row[2], row[3], *numbers)
    except (OSError, csv.Error) as error:
        raise DatasetError(f"{path} is damaged ({reason_of(error)})", "Restore it from a backup") from error


def as_rows(pictures: list[CompletedPicture], *, head: bool) -> bytes:
    """Their rows, to be appended to ``completed.csv``; with the columns' names where ``head``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS] if head else [])
    for one in pictures:
        writer.writerow([*one[:4], f"{one.difference:.2f}", f"{one.next:.2f}", one.x, one.y])
    return text.getvalue().encode()
