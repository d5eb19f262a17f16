"""Exports of many small files and one list: the list is written in parts, each once its samples' files are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from fgbg_studio.core.base.progress import Rate
from fgbg_studio.core.dataset.export_folder import ExportFolder, reading
from fgbg_studio.core.dataset.export_splits import ExportedSplit, ExportedSplits
from fgbg_studio.core.dataset.export_tables import safe_name
from fgbg_studio.core.dataset.inspect.contents import Contents, StoredFiles
from fgbg_studio.core.interfaces.export import ExportProgress

_AT_ONCE = 2000  # samples whose files are made again after an interruption, at most
_STEP = 50
T = TypeVar("T")


def write_lines(
    folder: ExportFolder,
    contents: Contents,
    split: ExportedSplit,
    read: Callable[[Sequence[int]], Iterable[T]],
    line: Callable[[T], str],
) -> Iterator[ExportProgress]:
    """Write parts of a split's list with what ``line`` says of each sample, whose files it writes; see `lines_of`.

    ``read`` gives the samples of these numbers.
    """
    numbers, rate, done = split.numbers, Rate(0), 0
    phase = f"exporting samples, {split.name}"
    for start in range(0, len(numbers), _AT_ONCE):
        stop = min(start + _AT_ONCE, len(numbers))
        name = _part(split, start)
        part = folder.finished(name)
        if part is None:
            with folder.part(name) as file, reading(contents):
                for sample in read(numbers[start:stop]):
                    file.write(line(sample).encode())
                    done += 1
                    if done % _STEP == 0:
                        yield ExportProgress(phase, done, len(numbers), *rate.update(done, len(numbers)))
                folder.sync()
                file.stop = stop
        else:
            rate = Rate(stop)
        done = stop
        yield ExportProgress(phase, done, len(numbers))


def write_composite(folder: ExportFolder, sample: StoredFiles) -> str:
    """Write a sample's composite into ``images`` as it is stored; its path in the export."""
    path, data = sample.files["fg_bg"]
    image = f"images/{safe_name(sample.name)}.{path.rpartition('.')[2].lower()}"
    folder.write(image, data)
    return image


def lines_of(folder: ExportFolder, split: ExportedSplit) -> Iterator[str]:
    """The lines of all parts of a split in their order."""
    for start in range(0, len(split.numbers), _AT_ONCE):
        yield from folder.read(_part(split, start)).decode().splitlines(keepends=True)


def drop_lines(folder: ExportFolder, splits: ExportedSplits) -> None:
    """Remove the parts of all splits, once what they were for is written."""
    for split in splits.parts:
        for start in range(0, len(split.numbers), _AT_ONCE):
            folder.drop(_part(split, start))
    folder.drop(_FOLDER)


_FOLDER = "parts"


def _part(split: ExportedSplit, start: int) -> str:
    return f"{_FOLDER}/{split.name}-{start:010}.txt"
