"""Samples and source pictures of a dataset made again from its recipe, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.compose.encoder import SampleEncoder
from fgbg_studio.core.dataset.record import Dataset, disk_trouble, open_dataset
from fgbg_studio.core.dataset.sources import source_pictures
from fgbg_studio.core.imaging.codecs import encode
from fgbg_studio.core.interfaces.layout import stem


class Reproducer:
    """Makes files of a dataset again; for one thread."""

    def __init__(self, dataset: Dataset) -> None:
        self._plan, self._composer = dataset.plan(), dataset.composer()
        self._maker = self._composer.settings.depth.way.open(self._composer, dataset.depth)
        self._encoder = SampleEncoder(self._composer, self._maker)

    def sample(self, sample: Sample) -> list[tuple[str, str, bytes]]:
        """(kind, path by the layout, bytes) of composite, mask and, where there is depth, depth map."""
        encoder, paths = self._encoder, self._plan.paths(sample)
        composite = self._composer(sample)
        files = [
            ("fg_bg", paths.fg_bg, encoder.composite(sample, composite)),
            ("mask", paths.mask, encoder.mask(composite)),
        ]
        if self._maker is not None:
            files.append(("depth", paths.depth, encoder.depths([sample], self._maker([sample], [composite]))[0][1]))
        return files

    def sources(self, paths: set[str]) -> Iterator[tuple[str, str, bytes]]:
        """(kind, path, bytes) of those of ``paths`` that are backgrounds, foregrounds or their masks."""
        if paths:
            for kind, path, pixels, codec in source_pictures(self._composer):
                if path in paths:
                    yield kind, path, encode(pixels, codec)


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
    if out.resolve() != dataset.root.resolve():  # there it mends what is damaged
        for path, data in files.items():
            if path.exists() and path.read_bytes() != data:
                raise UsageError(f"{path} is another picture, and would be replaced", "Choose another folder")
    for path, data in files.items():
        write_file(path, data)
    return list(files)


def repair(dataset: Dataset, samples: Iterable[Sample], sources: set[str]) -> Iterator[Progress | Path]:
    """Make files of a dataset of plain folders again where they belong, each replaced at once or not at all.

    Args:
        dataset: of a writer that is `in_place`.
        samples: whose pictures are to be made again; those that are right already are not touched.
        sources: paths of backgrounds, foregrounds and their masks that are to be.

    Yields:
        Progress, and the path of each file that was written.

    Raises:
        DatasetError: its files lie in archives, or cannot be written.
    """
    settings = dataset.recipe.settings
    if not settings.writer.in_place:
        raise DatasetError(
            f"the files of {dataset.root} lie in archives, which cannot be mended in place",
            GenerateAgain("remove the damaged archive", "only its samples are made"),
        )
    remaker, wanted, writer, layout = Reproducer(dataset), list(samples), settings.writer, settings.layout
    with disk_trouble(dataset.root):
        for kind, path, data in remaker.sources(sources):
            yield from _replace(dataset.root / writer.locate(kind, path, "", layout).file, data)
        for done, sample in enumerate(wanted, 1):
            shard = dataset.shard_of(sample.number).name
            for kind, path, data in remaker.sample(sample):
                yield from _replace(dataset.root / writer.locate(kind, path, shard, layout).file, data)
            yield Progress("making again", done, len(wanted))


def _replace(path: Path, data: bytes) -> Iterator[Path]:
    if not path.is_file() or path.read_bytes() != data:
        write_file(path, data)
        yield path


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
