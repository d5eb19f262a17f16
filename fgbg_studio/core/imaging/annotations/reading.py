"""Files of annotations found, told apart by what is in them, and read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.outside import parsed, read_file, reason_of
from fgbg_studio.core.base.strategy import describe_validation
from fgbg_studio.core.imaging.annotations import AnnotatedPhoto, coco, damaged, isat, labelme, yolo

_JSON = (coco, labelme, isat)
_ENDINGS = (".json", ".txt")
_LOOKED_AT = 50  # photos that files say something of, or files that say nothing


def annotation_files(path: Path) -> list[Path]:
    """The file itself, or those of a folder and the folders in it that may be annotations by their names.

    Raises:
        PictureError: there is none.
    """
    if path.is_file():
        return [path]
    if not path.exists():
        raise PictureError(f"{path} does not exist", "Check the path")
    found = [Path(place, name) for place, _, names in os.walk(path) for name in names if _may_be(name)]
    if not found:
        raise PictureError(
            f"there are no annotations in {path}", "Give a .json file, or a folder of .json or .txt files"
        )
    return sorted(found)


def _may_be(name: str) -> bool:
    return name.lower().endswith(_ENDINGS) and not name.startswith(".") and name != yolo.CLASSES


def read_annotations(path: Path) -> Iterator[AnnotatedPhoto | PictureError]:
    """What is said of photos in a file, or in all files of a folder; what is wrong with a file that says nothing.

    Raises:
        PictureError: there is no file.
    """
    names = yolo.ClassNames()
    for source in annotation_files(path):
        try:
            yield from _read(source, names)
        except PictureError as error:
            yield error
        except ValidationError as error:
            yield damaged(source, describe_validation(error))
        except (OSError, ValueError) as error:
            yield damaged(source, reason_of(error))


def may_be_annotations(path: Path) -> bool:
    """Whether a file may be annotations by its name."""
    return _may_be(path.name)


def has_outlines(path: Path) -> bool:
    """Whether a file, or one of the first files of a folder that may be, outlines anything."""
    try:
        return any(
            isinstance(said, AnnotatedPhoto) and said.objects for said in islice(read_annotations(path), _LOOKED_AT)
        )
    except PictureError:
        return False


def _read(source: Path, names: yolo.ClassNames) -> Iterator[AnnotatedPhoto]:
    data = read_file(source)
    if source.suffix.lower() == ".txt":
        yield yolo.read(source, data.decode("utf-8-sig"), names.of(source))
        return
    value = parsed(data)
    reader = next((one for one in _JSON if one.fits(value)), None)
    if reader is None:
        raise ValueError("it is none of COCO, labelme, X-AnyLabeling and ISAT")
    yield from reader.read(source, value)
