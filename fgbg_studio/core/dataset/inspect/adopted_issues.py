"""What is wrong with an adopted dataset beyond its files: names, missing placements, labels, what was completed.

Which samples there should be nobody wrote down; so each pair of pictures is held against what most pairs have.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.outside import lines_of
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.adopted_contents import AdoptedContents, adopted_contents
from fgbg_studio.core.dataset.inspect.adoption import completed_pictures
from fgbg_studio.core.dataset.inspect.archives import Archive, is_archive
from fgbg_studio.core.imaging.finding import ending
from fgbg_studio.core.interfaces.layout import SAMPLE_KINDS, stem

Labels = dict[str, tuple[int, int]]
"""Name of a composite without folders and suffix → where its foreground's upper left corner is, in pixels."""


def adopted_issues(folder: Path) -> Iterator[Progress | Issue]:
    """Everything that names and labels of an adopted dataset say is wrong; yields progress, too.

    Raises:
        DatasetError: the description is damaged, or an archive.
    """
    contents = yield from adopted_contents(folder)
    for kind in SAMPLE_KINDS:
        if not contents.counts.get(kind):
            yield Issue("error", "no-kind", f"there is no {kind} of any sample", contents.title)
    yield from _names(contents)
    yield from _pictures(contents)
    yield from _numbers(contents)
    yield from _labels(contents)
    yield from _completed(folder)


def _names(contents: AdoptedContents) -> Iterator[Issue]:
    for number in range(contents.samples):
        if contents.told(number) is None:
            name = next(name for kind in contents.sample_kinds if (name := contents.name(kind, number)))
            yield Issue("error", "name", f"the name is none of the shape of {contents.adoption.preset}", name)


def _pictures(contents: AdoptedContents) -> Iterator[Issue]:
    """Backgrounds and foregrounds that are named and whose picture is not there."""
    for axis, titles, kind in (("bg", contents.backgrounds, "background"), ("fg", contents.foregrounds, "foreground")):
        if contents.counts.get(axis):
            for number, title in enumerate(titles):
                if contents.picture_of(axis, number) is None:
                    yield Issue("error", "source", f"the picture of a {kind} is missing", title)


def _numbers(contents: AdoptedContents) -> Iterator[Issue]:
    """Pairs with fewer samples than most: plain and mirrored each by themselves."""
    pairs = Counter[tuple[int, int, bool]]()
    for number in range(contents.samples):
        if told := contents.told(number):
            pairs[told.background, told.foreground, told.mirrored] += 1
    if not pairs:
        return
    ((usual, _),) = Counter(pairs.values()).most_common(1)
    for b in sorted({pair[0] for pair in pairs}):
        for f in sorted({pair[1] for pair in pairs}):
            for mirrored in sorted({pair[2] for pair in pairs}):
                there = pairs[b, f, mirrored]
                if there != usual:
                    which = f"background {b}, foreground {f}{' mirrored' if mirrored else ''}: {there:,}"
                    how = f"{'fewer' if there < usual else 'more'} than the {usual:,} samples that most have"
                    yield Issue("error", "placements", how, which)


def _labels(contents: AdoptedContents) -> Iterator[Issue]:
    labels = read_labels(contents)
    if not labels:
        return
    for number in range(contents.samples):
        name = contents.name("fg_bg", number) if contents.counts.get("fg_bg") else ""
        if name and labels.pop(stem(name), None) is None:
            yield Issue("error", "label", "no label file has its place", name)
    for name in sorted(labels):
        yield Issue("error", "label", "a label file has the place of a composite that is not there", name)


def _completed(folder: Path) -> Iterator[Issue]:
    last = {(one.kind, one.name): one for one in completed_pictures(folder)}
    for one in last.values():
        if not one.way:
            yield Issue("error", "not-completed", f"its {one.kind} could not be made well enough", one.name)
        elif one.sure == "rough":
            how = f"its {one.kind} was made by {one.way}, which is rough"
            yield Issue("error", "rough", how, one.name)


def read_labels(contents: AdoptedContents) -> Labels:
    """The places that label files say: lines of a composite's name, other names, x and y, with tabs between.

    They lie in folders or archives called ``labels``. Lines that are no such line are passed over.
    """
    found: Labels = {}
    for line in _label_lines(contents):
        cells = line.split("\t")
        if len(cells) >= 3:
            try:
                found[stem(cells[0])] = int(cells[-2]), int(cells[-1])
            except ValueError:
                continue
    return found


def _label_lines(contents: AdoptedContents) -> Iterator[str]:
    source = contents.adoption.source(contents.path)
    beside = [] if source.is_file() else [item for item in sorted(source.iterdir()) if is_archive(item)]
    for path in [source] if source.is_file() else [item for item in beside if item.stem.lower() == "labels"]:
        with contextlib.suppress(DatasetError):  # said already
            yield from _lines_inside(Archive(path))
    for path in sorted(source.rglob("*.txt")) if source.is_dir() else ():
        if _in_labels(path.relative_to(source).as_posix()) and path.is_file():
            yield from lines_of(path)


def _lines_inside(archive: Archive) -> Iterator[str]:
    named = archive.path.stem.lower() == "labels"
    for number, name in enumerate(archive.names):
        if ending(name) == ".txt" and (named or _in_labels(name)):
            yield from archive.read(number).decode("utf-8", "replace").splitlines()


def _in_labels(name: str) -> bool:
    return "labels" in name.lower().split("/")[:-1]
