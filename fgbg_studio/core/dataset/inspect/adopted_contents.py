"""The contents of a hand-made dataset that was adopted: its names say who stands where, its depth has a meaning."""

from __future__ import annotations

import re
from collections.abc import Generator
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.adoption import Adoption, completed_pictures, read_adoption
from fgbg_studio.core.dataset.inspect.archives import Archive, is_archive
from fgbg_studio.core.dataset.inspect.contents import DepthReading, Triple
from fgbg_studio.core.dataset.inspect.found_contents import FoundContents
from fgbg_studio.core.interfaces.layout import Layout, ToldName, stem

_KIND_WORDS = re.compile(r"(?:^|_)(?:mask|depth)(?=_)|_depth_map_\d+$|^(?:mask|depth)_")


class AdoptedContents(FoundContents):
    """See the module; made by `adopted_contents`."""

    takes_odd_names: ClassVar[bool] = True

    def __init__(self, path: Path, adoption: Adoption) -> None:
        super().__init__(path)
        self.adoption: Adoption = adoption
        self.title = adoption.title or self.title
        self.reading = DepthReading(adoption.depth_encoding, adoption.metric)
        self._layout = adoption.names

    def told(self, number: int) -> ToldName | None:
        """What the name of a sample says of it."""
        names = (stem(name) for kind in self.sample_kinds if (name := self.name(kind, number)))
        return next((told for name in names if (told := told_by(self._layout, name))), None)

    @override
    def numbers_of(self, number: int) -> tuple[int, int] | None:
        told = self.told(number)
        return (told.background, told.foreground) if told else None

    @override
    def triple(self, number: int) -> Triple:
        found, told = super().triple(number), self.told(number)
        facts = [("Mirrored", "yes" if told.mirrored else "no"), ("Placement", told.placement)] if told else []
        made = {kind: self._completed.get((kind, found.name)) for kind in ("mask", "depth")}
        facts += [(f"Completed {kind}", f"{how[0]} ({how[1]})") for kind, how in made.items() if how]
        return found._replace(facts=(*found.facts, *facts))

    @cached_property
    def _completed(self) -> dict[tuple[str, str], tuple[str, str]]:
        """(kind, name) → how it was made, and how sure that is."""
        rows, known = {}, dict[tuple[str, str], tuple[str, str]]()
        for one in completed_pictures(self.path):
            how = one.way, one.sure
            rows[one.kind, one.name] = known.setdefault(how, how)
        return {row: how for row, how in rows.items() if how[0]}


def told_by(layout: Layout, name: str) -> ToldName | None:
    """What the name of a composite, mask or depth map, without folders and suffix, says of its sample."""
    return layout.tell(name) or layout.tell(_KIND_WORDS.sub("", name))


def adopted_contents(path: Path) -> Generator[Progress, None, AdoptedContents]:
    """The contents of the dataset that the description in the folder ``path`` is of; yields progress.

    Raises:
        DatasetError: the description is damaged, or there is no picture.
    """
    adoption = read_adoption(path)
    contents = AdoptedContents(path, adoption)
    source = adoption.source(path)
    if source != path:
        if source.resolve().parent != path.resolve().parent:
            contents.notes.append(f"its pictures are read from {source}")
        if is_archive(source):
            Archive(source)  # a damaged one is said at once: there is nothing else
    yield from contents.fill()
    return contents
