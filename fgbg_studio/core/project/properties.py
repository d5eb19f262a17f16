"""What is said of a foreground beside its pixels: what it is, whose it is, how tall it is in the world.

Of a photo that no foreground was kept of yet it lies beside the photo, in ``NAME.about.json``, and goes to the
foreground when one is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationError

from fgbg_studio.core.base.errors import ProjectError, UsageError, cannot_write
from fgbg_studio.core.base.files import natural_key, write_file
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.base.strategy import closest, describe_validation
from fgbg_studio.core.cutting.work import ABOUT, beside, read_stored
from fgbg_studio.core.project.model import Foreground, Metres


def _one_line(text: str) -> str:
    return " ".join(text.split())


Words = Annotated[str, AfterValidator(_one_line)]


class Properties(FrozenModel):
    """What a person may say of a foreground.

    Attributes:
        category: what the object is: 'chair'; empty where nobody said, as the next two.
        licence: of the photo.
        origin: where the photo is from.
        real_height: of the object in metres; None as the project's settings say.
    """

    category: Words = ""
    licence: Words = ""
    origin: Words = ""
    real_height: Metres | None = None


NAMES = tuple(Properties.model_fields)


def properties_of(foreground: Foreground) -> Properties:
    """What is said of a foreground."""
    return Properties(**{name: getattr(foreground, name) for name in NAMES})


def changed(properties: Properties, values: Mapping[str, object]) -> Properties:
    """With other values of some of `NAMES`.

    Raises:
        UsageError: an unknown name, or a value that does not fit.
    """
    for name in values:
        if name not in NAMES:
            raise UsageError(f"a foreground has no {name!r} to be set", closest(name, list(NAMES)))
    try:
        return Properties.model_validate({**dict(properties), **values})
    except ValidationError as error:
        raise UsageError(describe_validation(error), "Give another value") from error


def with_properties(foreground: Foreground, values: Mapping[str, object]) -> Foreground:
    """The foreground with other values; see `changed`."""
    new = changed(properties_of(foreground), values)
    return foreground.model_copy(update={name: getattr(new, name) for name in values})


def categories(foregrounds: Iterable[Foreground]) -> list[str]:
    """The classes that there are, in natural order."""
    return sorted({foreground.category for foreground in foregrounds} - {""}, key=natural_key)


def load_properties(photo: Path) -> Properties:
    """What was said of a photo; nothing where there is no file of it.

    Raises:
        ProjectError: the file is damaged.
    """
    path = beside(photo, ABOUT)

    def damaged(reason: str) -> ProjectError:
        return ProjectError(f"{path} is damaged ({reason})", "Delete it")

    return read_stored(path, Properties, damaged) or Properties()


def save_properties(photo: Path, properties: Properties) -> None:
    """Write what is said of a photo beside it, whole or not at all; nothing said is no file.

    Raises:
        ProjectError: the disk is full or refuses.
    """
    path = beside(photo, ABOUT)
    try:
        if properties == Properties():
            path.unlink(missing_ok=True)
        else:
            write_file(path, json.dumps(properties.model_dump(mode="json")).encode())
    except OSError as error:
        raise cannot_write(error) from error
