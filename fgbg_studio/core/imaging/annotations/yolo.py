"""YOLO's segments: a text beside each photo, an object a line: the number of its class, then x and y as shares.

The classes' names stand in ``classes.txt``, one a line, or under ``names`` in a YAML file of the folder or one above.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import yaml

from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.imaging.annotations import AnnotatedObject, AnnotatedPhoto, Polygons, damaged

CLASSES = "classes.txt"
_MOST = 1 << 20  # bytes of a file of names
_UP = 3  # folders in which names are looked for: labels/train, labels, the dataset's own
_BOX = 5  # words of a line that says a box


def read(source: Path, text: str, names: dict[int, str]) -> AnnotatedPhoto:
    """The photo of a file, whose ending is not known.

    Raises:
        ValueError: the text is none of this format.
    """
    objects, boxes = [], 0
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words:
            continue
        try:
            category, values = int(words[0]), [float(word) for word in words[1:]]
        except ValueError:
            raise ValueError(f"line {number} has words that are no numbers") from None
        if not all(math.isfinite(value) and -1 <= value <= 2 for value in values):
            raise ValueError(f"line {number} has places outside of the photo")
        if len(words) < _BOX + 2:
            boxes += 1
            continue
        if len(values) % 2:
            raise ValueError(f"line {number} has a y too few")
        corners = tuple(zip(values[::2], values[1::2], strict=True))
        objects.append(AnnotatedObject(names.get(category, str(category)), Polygons((corners,), (1, 1))))
    return AnnotatedPhoto(source, source.stem, tuple(objects), boxes)


class ClassNames:
    """The classes' names, looked up once for each folder."""

    def __init__(self) -> None:
        self._known: dict[Path, dict[int, str]] = {}

    def of(self, source: Path) -> dict[int, str]:
        """The names for a file of segments; none where nothing says them.

        Raises:
            PictureError: a file of names cannot be read.
        """
        folder = source.parent
        if folder not in self._known:
            places = (folder, *folder.parents)[:_UP]
            self._known[folder] = next((names for place in places if (names := dict(_names(place)))), {})
        return self._known[folder]


def _names(folder: Path) -> Iterator[tuple[int, str]]:
    classes = folder / CLASSES
    if classes.is_file():
        yield from enumerate(line.strip() for line in _text(classes).splitlines())
        return
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
        try:
            said = yaml.load(_text(path), yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and dicts alone
        except (yaml.YAMLError, RecursionError):
            raise damaged(path, "it is no YAML") from None
        names = said.get("names") if isinstance(said, dict) else None
        if isinstance(names, list):
            names = dict(enumerate(names))
        if isinstance(names, dict):
            yield from (
                (int(key), name) for key, name in names.items() if isinstance(name, str) and str(key).isdecimal()
            )
            return


def _text(path: Path) -> str:
    try:
        return read_file(path, _MOST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise damaged(path, getattr(error, "strerror", "") or "it is no text") from error
