"""The backgrounds, foregrounds and their masks of a dataset held against its recipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fgbg_studio.core.dataset import Dataset
from fgbg_studio.core.errors import PictureError
from fgbg_studio.core.images import decode
from fgbg_studio.core.layouts import file_name
from fgbg_studio.core.reader import Entry
from fgbg_studio.core.sources import source_pictures
from fgbg_studio.core.verify_pixels import alike, coded


def verify_sources(dataset: Dataset, files: Mapping[str, Entry], expected: set[str]) -> Iterator[tuple[str, str]]:
    """(fault, name) of everything wrong with these pictures; their keys in ``files`` are added to ``expected``."""
    for kind, path, pixels, codec in source_pictures(dataset.composer()):
        key = f"{kind}:{file_name(path)}"
        expected.add(key)
        entry = files.get(key)
        if entry is None:
            yield f"{kind} is missing", path
            continue
        yield from misplaced(dataset, kind, path, entry)
        try:
            found = decode(entry.read(), path)
        except (PictureError, OSError):
            yield f"{kind} cannot be read", path
            continue
        if not alike(found, coded(pixels, codec), codec):
            yield f"{kind} differs from what the recipe makes", path


def misplaced(dataset: Dataset, kind: str, path: str, entry: Entry) -> Iterator[tuple[str, str]]:
    """A picture that lies in another folder than the layout gives it; in an archive it may be without one."""
    if entry.name not in {path, dataset.recipe.settings.layout.member(path)}:
        yield f"{kind} lies in another folder", entry.name
