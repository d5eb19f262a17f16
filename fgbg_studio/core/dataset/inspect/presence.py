"""Which files of a dataset are not there: a look at the lists of its files, which opens none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.processes import in_processes
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.files import entries
from fgbg_studio.core.dataset.inspect.open_contents import MANY, opened
from fgbg_studio.core.dataset.inspect.verify_pictures import SampleFiles, key
from fgbg_studio.core.interfaces.layout import PER_SAMPLE

Missing = dict[str, list[str]]
"""Kind → the paths of pictures that should be there."""


def missing_files(contents: Contents) -> Iterator[Missing | None]:
    """Yields None for a while, and at last what is missing of a finished dataset of this program.

    Of other hands' nobody knows what there should be, but for samples without one of their pictures.
    """
    if contents.dataset is None or not contents.dataset.complete:
        yield contents.incomplete()
    elif contents.samples < MANY:
        yield _missing_of(contents)
    else:
        yield from in_processes(look, [contents.path], 2)


def look(path: Path) -> Missing:
    """What is missing of the dataset at ``path``, see `missing_files`."""
    return _missing_of(opened(path))


def _missing_of(contents: Contents) -> Missing:
    damaged: list[DatasetError] = []  # what cannot be listed is for verifying to say
    counts = Counter(entry.kind for entry in entries(contents.path, damaged))
    few = [kind for kind, count in contents.counts.items() if counts[kind] < count]
    if not few:  # no list of a million names is kept for nothing
        return {}
    files = {key(entry.kind, entry.name) for entry in entries(contents.path, damaged) if entry.kind in few}
    return {kind: names for kind in few if (names := list(_absent(contents, kind, files)))}


def _absent(contents: Contents, kind: str, files: set[str]) -> Iterator[str]:
    if kind not in PER_SAMPLE or contents.dataset is None:
        names = (contents.name(kind, number) for number in range(contents.length(kind)))
        yield from (name for name in names if key(kind, name) not in files)
        return
    plan, files_of = contents.dataset.plan(), SampleFiles(contents.dataset)
    for numbers in contents.dataset.numbers():
        for sample in plan.table_of(numbers).samples():
            for one, path, located in files_of(sample, plan.paths(sample)):
                called = (located.member or path, path)  # the second as a person unpacks them
                if one == kind and not any(key(kind, name) in files for name in called):
                    yield path
