"""Adopting a hand-made dataset: its shape is recognised and described; no file of it changes."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.files import make_folder
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.adopting.shapes import ShapeFit, fits
from fgbg_studio.core.dataset.inspect.adopted_contents import AdoptedContents
from fgbg_studio.core.dataset.inspect.adoption import ADOPTED, Adoption, is_adopted, read_adoption, write_adoption
from fgbg_studio.core.dataset.inspect.archives import Archive, is_archive
from fgbg_studio.core.dataset.inspect.found_contents import FoundContents
from fgbg_studio.core.dataset.record import FILE, disk_trouble
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.interfaces.layout import SAMPLE_KINDS
from fgbg_studio.core.project import presets

_SHOWN = 3  # names that are said as examples


@dataclass(frozen=True)
class AdoptionWords:
    """What a user says of a dataset beside its shape; None leaves what was said before."""

    title: str | None = None
    licence: str | None = None
    origin: str | None = None


@dataclass(frozen=True)
class Adopted:
    """What was found.

    Attributes:
        folder: where the description is, or would be.
        preset: whose shape it has.
        counts: pictures by kind.
        samples: how many.
        backgrounds: how many the names speak of.
        foregrounds: likewise.
        missing: kind → how many samples have none of it.
        odd: names of composites that do not fit the shape.
        depth: what its depth values are taken to mean; empty where it has none.
        notes: what was passed over or cannot be read.
        written: whether there is a description now.
    """

    folder: Path
    preset: str
    counts: dict[str, int]
    samples: int
    backgrounds: int
    foregrounds: int
    missing: dict[str, int]
    odd: list[str]
    depth: str
    notes: list[str]
    written: bool

    def report(self) -> dict[str, Any]:
        """For JSON."""
        return {**vars(self), "folder": str(self.folder)}

    def lines(self) -> list[str]:
        """In words, a line each."""
        counts = ", ".join(f"{number:,} {kind}" for kind, number in self.counts.items())
        lines = [
            f"{self.samples:,} samples of the shape of {self.preset}: {counts}",
            f"{self.backgrounds:,} backgrounds and {self.foregrounds:,} foregrounds are named",
        ]
        lines += [f"depth: {self.depth}"] if self.depth else []
        lines += [f"{number:,} samples have no {kind}" for kind, number in self.missing.items()]
        if self.odd:
            lines.append(f"{len(self.odd):,} names do not fit: {', '.join(self.odd[:_SHOWN])}")
        return [*lines, *self.notes]


def adopted_folder(path: Path) -> Path:
    """Where the description of a dataset goes: into its folder; of an archive into a folder beside it."""
    return path.with_name(f"{path.stem}-adopted") if path.is_file() else path


def adopt(
    path: Path,
    out: Path | None = None,
    preset: str | None = None,
    words: AdoptionWords | None = None,
    *,
    encoding: str | None = None,
    dry: bool = False,
) -> Iterator[Progress | Adopted]:
    """Look at a dataset and describe it; yields progress, and at last what was found.

    Args:
        path: of the dataset, a folder or an archive.
        out: the folder for the description and for what is completed; `adopted_folder` by default.
        preset: whose shape it has; recognised by its names where None.
        words: what is said of it.
        encoding: the name of the one by which its depth is stored; the preset's where None.
        dry: write nothing.

    Raises:
        DatasetError: there is none, it is this program's, or its names are of no shape that is known.
        UsageError: there is no such preset, or the folder holds something else or lies inside of the dataset.
    """
    if (path / FILE).exists():
        raise DatasetError(f"{path} was made by this program: there is nothing to adopt", "Open it as it is")
    if preset is not None:
        presets.get(preset)
    depth = Encoding.from_dict(encoding) if encoding is not None else None
    folder = out or adopted_folder(path)
    known = read_adoption(folder) if is_adopted(folder) else None
    if known and path.resolve() == folder.resolve():
        path = known.source(folder)  # said anew of one that was adopted
    _refuse(path, folder)
    contents = FoundContents(path)
    yield from _filled(contents, path)
    fit = _best(contents, preset)
    adoption = _adoption(fit, path, folder, known, words or AdoptionWords(), depth)
    if not dry:
        with disk_trouble(folder):
            make_folder(folder)
            write_adoption(folder, adoption)
    yield from _found(contents, folder, adoption, fit, written=not dry)


def _filled(contents: FoundContents, path: Path) -> Generator[Progress, None, None]:
    yield from contents.fill(Archive(path) if path.is_file() and is_archive(path) else None)


def _best(contents: FoundContents, preset: str | None) -> ShapeFit:
    if not contents.samples:
        raise DatasetError(f"{contents.path} has no composites, masks or depth maps", "Give the folder that has them")
    found = fits(contents, preset)
    if found:
        return found[0]
    example = next(filter(None, (contents.name(kind, 0) for kind in contents.sample_kinds)))
    shape = f"the shape of {preset}" if preset else "a shape that this program knows"
    raise DatasetError(
        f"the names in {contents.path} are not of {shape}: {example} is one of them",
        "It can be verified, looked at and exported as it is" if preset is None else "Leave the preset out",
    )


def _refuse(path: Path, folder: Path) -> None:
    if not path.exists():
        raise DatasetError(f"{path} does not exist", "Check the path")
    own, data = folder.resolve(), path.resolve()
    if own != data and own.is_relative_to(data):
        raise UsageError(f"{folder} lies inside of the dataset {path}", "Choose a folder beside it")
    if own != data and folder.exists() and not is_adopted(folder) and not _is_empty(folder):
        raise UsageError(f"{folder} holds something else", "Choose an empty folder")
    if own != data and is_adopted(path):
        raise UsageError(f"{path} is adopted already: its {ADOPTED} is in it", "Use that")


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and all(item.name.startswith(".") for item in folder.iterdir())


def _adoption(
    fit: ShapeFit, path: Path, folder: Path, known: Adoption | None, words: AdoptionWords, depth: Encoding | None
) -> Adoption:
    encoding = depth or presets.get(fit.shape.preset).settings.depth.encoding
    own, data = folder.resolve(), path.resolve()
    where = "." if own == data else f"../{data.name}" if own.parent == data.parent else os.fspath(data)
    base = known if known and known.preset == fit.shape.preset else None
    meant = {"encoding": encoding.to_dict(), "metric": encoding.needs_metres}
    said = {name: value for name, value in vars(words).items() if value is not None}
    return Adoption.model_validate({
        **meant, **(base.model_dump(mode="json") if base else {}), **(meant if depth else {}),
        "data": where, "preset": fit.shape.preset, "layout": fit.shape.layout, **said,
    })  # fmt: skip


def _found(
    contents: FoundContents, folder: Path, adoption: Adoption, fit: ShapeFit, *, written: bool
) -> Generator[Progress | Adopted, None, None]:
    read = AdoptedContents(contents.path, adoption)
    yield from _filled(read, contents.path)
    counts = {kind: read.counts.get(kind, 0) for kind in SAMPLE_KINDS}
    lacking = read.incomplete()
    missing = {kind: read.samples if not counts[kind] else len(lacking.get(kind, ())) for kind in SAMPLE_KINDS}
    yield Adopted(
        folder,
        adoption.preset,
        dict(read.counts),
        read.samples,
        len(read.backgrounds),
        len(read.foregrounds),
        {kind: number for kind, number in missing.items() if number},
        fit.odd,
        adoption.depth_encoding.meaning if counts["depth"] else "",
        read.notes,
        written,
    )
