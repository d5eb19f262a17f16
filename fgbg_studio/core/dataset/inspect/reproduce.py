"""Samples and source pictures of a dataset made again from its recipe, byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.compose.encoder import SampleEncoder
from fgbg_studio.core.dataset.manifest import has_manifest, read_manifest
from fgbg_studio.core.dataset.record import Dataset, disk_trouble, open_dataset
from fgbg_studio.core.interfaces.layout import INSTANCES, stem


class Reproducer:
    """Makes files of a dataset again; for one thread."""

    def __init__(self, dataset: Dataset) -> None:
        self._plan, self._composer = dataset.plan(), dataset.composer()
        self._maker = self._composer.open_depth(dataset.depth)
        self._encoder = SampleEncoder(self._composer, self._maker)

    def sample(self, sample: Sample) -> list[tuple[str, str, bytes]]:
        """(kind, path by the layout, bytes) of composite, mask and, where there are, depth map and index map."""
        encoder, paths, sample = self._encoder, self._plan.paths(sample), self._composer.settled(sample)
        composite = self._composer(sample)
        files = [
            ("fg_bg", paths.fg_bg, encoder.composite(sample, composite)),
            ("mask", paths.mask, encoder.mask(composite)),
        ]
        if self._maker is not None:
            files.append(("depth", paths.depth, encoder.depths([sample], self._maker([sample], [composite]))[0][1]))
        if self._composer.settings.scene.instances:
            path = self._plan.path(INSTANCES, paths)
            files.append((INSTANCES, path, encoder.instances(sample, composite)))
        return files


def remake(root: Path, name: str, out: Path) -> list[Path]:
    """Write composite, mask and depth of the sample called ``name`` into the folder ``out``.

    The files are byte for byte those of the dataset. ``name`` is that of the composite, the mask or the depth
    map, with or without folders and suffix.

    Raises:
        UsageError: the dataset has no such sample, or another file stands where one of its pictures would be.
        DatasetError: it is none of this program.
    """
    dataset = open_dataset(root)
    return _write(dataset, find(dataset, name), out)


def write_again(dataset: Dataset, sample: Sample, out: Path) -> list[Path]:
    """Write composite, mask and depth of ``sample`` into the folder ``out``; the files that were written.

    Raises:
        UsageError: another file stands where one of them would be.
        DatasetError: the folder cannot be written to, or a prepared picture is missing.
    """
    with disk_trouble(out):
        return _write(dataset, sample, out)


def _write(dataset: Dataset, sample: Sample, out: Path) -> list[Path]:
    # The layouts give the pictures of a sample the same name in several folders: the folders are kept.
    files = {out / path: data for _, path, data in Reproducer(dataset).sample(sample)}
    known = read_manifest(dataset) if has_manifest(dataset) and out.resolve() == dataset.root.resolve() else {}
    for path, data in files.items():
        mends = known.get(path.relative_to(out).as_posix()) == hashlib.sha256(data).hexdigest()
        if not mends and path.exists() and read_file(path) != data:
            raise UsageError(f"{path} is another picture, and would be replaced", "Choose another folder")
    for path, data in files.items():
        write_file(path, data)
    return list(files)


def find(dataset: Dataset, name: str) -> Sample:
    """The sample whose composite, mask or depth map is called ``name``.

    Raises:
        UsageError: there is none.
    """
    wanted, plan = stem(name), dataset.plan()
    for numbers in dataset.numbers():
        for sample in plan.table_of(numbers).samples():
            if wanted in {stem(path) for path in plan.paths(sample)}:
                return sample
    raise UsageError(f"{dataset.root} has no sample called {name!r}", "The names are in samples.csv")
