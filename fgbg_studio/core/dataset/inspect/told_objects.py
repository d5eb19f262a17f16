"""What a dataset's table of objects tells, read sample by sample."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import TextIO

from fgbg_studio.core.base.outside import open_file
from fgbg_studio.core.dataset.objects import FILE
from fgbg_studio.core.dataset.record import Dataset

_AHEAD = 8  # samples whose lines may be lost or wrong before those of all others are, too


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


def _name(line: str) -> str:
    start, _, rest = line.partition('":"')
    return rest.partition('"')[0] if start == '{"sample' else ""
