"""Samples and source pictures of a dataset made again from its recipe, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from cachetools import LRUCache

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.base.sample import Composite, Sample
from fgbg_studio.core.compose.encoder import SampleEncoder, StoredInsertion
from fgbg_studio.core.compose.lossy import LossyPixels
from fgbg_studio.core.dataset.manifest import has_manifest, read_manifest
from fgbg_studio.core.dataset.record import Dataset, disk_trouble, open_dataset
from fgbg_studio.core.imaging.codecs import decode, encode
from fgbg_studio.core.interfaces.layout import INSTANCES, stem

_CACHE = 128 << 20  # bytes of what is kept of each background


class Reproducer:
    """Makes files of a dataset again; for one thread."""

    def __init__(self, dataset: Dataset) -> None:
        self._plan, self._composer = dataset.plan(), dataset.composer()
        self._maker = self._composer.open_depth(dataset.depth)
        self._encoder = SampleEncoder(self._composer, self._maker)

    def settled(self, sample: Sample) -> Sample:
        """The sample with its objects as they are laid down."""
        return self._composer.settled(sample)

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


class MadePixels(NamedTuple):
    """A sample as it is laid down, its pictures (H, W[, C]) by kind, as stored, and its depth where that is known."""

    sample: Sample
    pictures: dict[str, AnyPixels]
    depth: DepthMap | None = None


class PixelMaker:
    """Makes the pixels of samples again, through no file where that changes none; for one thread."""

    def __init__(self, dataset: Dataset) -> None:
        self._composer = dataset.composer()
        settings = self._composer.settings
        self._codecs, self._encoding = settings.codecs, settings.depth.encoding
        self._maker = self._composer.open_depth(dataset.depth)
        self._encoder = SampleEncoder(self._composer, self._maker, files=False)
        self._lossy: LRUCache[int, LossyPixels] = LRUCache(max(_CACHE // (3 * settings.size**2), 1))
        self._grounds: LRUCache[int, DepthMap] = LRUCache(max(_CACHE // (4 * settings.depth_size**2), 1))

    def __call__(self, planned: Sequence[Sample], kinds: Collection[str], *, exact: bool = True) -> list[MadePixels]:
        """The pictures of these kinds of samples.

        With ``exact`` those that are stored as JPEG are as that leaves them, else as they were before. Depth is
        given instead of its picture, ``depth``, where every pixel is stored by itself, and nothing is lost by that.
        """
        samples = [self._composer.settled(one) for one in planned]
        composites = [self._composer(one) for one in samples]
        made = [
            MadePixels(sample, {kind: self._picture(kind, sample, one, exact) for kind in kinds if kind != "depth"})
            for sample, one in zip(samples, composites, strict=True)
        ]
        return self._with_depth(made, composites, exact) if "depth" in kinds else made

    def _picture(self, kind: str, sample: Sample, composite: Composite, exact: bool) -> AnyPixels:
        if kind == "fg_bg":
            return self._image(sample, composite) if exact and not self._codecs.fg_bg.lossless else composite.image
        if kind == INSTANCES:
            return composite.indices(sample.indices)
        lossy = exact and not self._codecs.mask.lossless
        return decode(self._encoder.mask(composite), kind) if lossy else composite.mask

    def _image(self, sample: Sample, composite: Composite) -> AnyPixels:
        lossy = self._lossy.get(sample.background)
        if lossy is None:
            background = self._composer.background(sample.background)
            lossy = self._lossy[sample.background] = LossyPixels(background, self._codecs.fg_bg.quality)
        return lossy(composite.image, composite.box)

    def _with_depth(self, made: list[MadePixels], composites: list[Composite], exact: bool) -> list[MadePixels]:
        assert self._maker is not None
        samples, codec = [one.sample for one in made], self._codecs.depth
        found = []
        for one, stored in zip(made, self._encoder.stored(samples, self._maker(samples, composites)), strict=True):
            lossy = exact and not codec.lossless
            if isinstance(stored, StoredInsertion) and not lossy:
                found.append(one._replace(depth=self._inserted(one.sample.background, stored)))
                continue
            pixels = stored.pixels if isinstance(stored, StoredInsertion) else stored
            one.pictures["depth"] = decode(encode(pixels, codec), "depth") if lossy else pixels
            found.append(one)
        return found

    def _inserted(self, background: int, stored: StoredInsertion) -> DepthMap:
        """What the encoding restores of ``stored``, without looking at every pixel."""
        ground = self._grounds.get(background)
        if ground is None:
            ground = self._grounds[background] = self._encoding.restore(stored.base.pixels)
        depth = ground.copy()
        values = np.array([[one.value for one in stored.objects]], stored.base.pixels.dtype)
        for (solid, x, y, _), value in zip(stored.objects, self._encoding.restore(values)[0], strict=True):
            height, width = solid.shape
            np.copyto(depth[y : y + height, x : x + width], value, where=solid)
        return depth


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
