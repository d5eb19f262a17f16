"""The pictures of a dataset held against its recipe, up to what their codecs change."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

import cv2
import numpy as np
from cachetools import LRUCache

from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.sample import Composite, Sample
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder
from fgbg_studio.core.dataset.inspect.files import FileEntry
from fgbg_studio.core.dataset.record import Dataset
from fgbg_studio.core.dataset.shards import shard_at, shards_of
from fgbg_studio.core.dataset.sources import source_pictures
from fgbg_studio.core.imaging.codecs import Codec, bytes_behind, decode, encode
from fgbg_studio.core.interfaces.depth import DepthMaker
from fgbg_studio.core.interfaces.layout import Layout, Paths, file_name, stem
from fgbg_studio.core.interfaces.writer import Location

# Other builds of codec or resampling round otherwise: a value that was to be coded by one grey level, and so
# now and then a coefficient by one step, which moves a block of 8 × 8 by up to 17 levels at quality 30.
SAME = 2
_BLOCK, _BLOCK_LEVELS = 8, 20.0


def coded(pixels: AnyPixels, codec: Codec) -> AnyPixels:
    """``pixels`` as they come back from a file."""
    return pixels if codec.lossless else decode(encode(pixels, codec), "a picture coded on trial")


def alike(found: AnyPixels, wanted: AnyPixels, codec: Codec) -> bool:
    """Whether ``found`` is ``wanted``, both as read from a file: wholly where lossless, else block by block."""
    if found.shape != wanted.shape or found.dtype != wanted.dtype:
        return False
    if codec.lossless:
        return np.array_equal(found, wanted)
    difference = cv2.absdiff(found, wanted)
    return int(difference.max()) <= SAME or float(cv2.blur(difference, (_BLOCK, _BLOCK)).max()) <= _BLOCK_LEVELS


def _damage(kind: str, code: str, how: str, path: str) -> Issue:
    """A file that making it again would mend."""
    return Issue("error", code, f"{kind} {how}", path, mendable=True)


def verify_sources(dataset: Dataset, files: Mapping[str, FileEntry], expected: set[str]) -> Iterator[Issue]:
    """Everything that is wrong with these pictures; their keys in ``files`` are added to ``expected``."""
    writer, layout = dataset.recipe.settings.writer, dataset.recipe.settings.layout
    for kind, path, pixels, codec in source_pictures(dataset.composer()):
        key = f"{kind}:{file_name(path)}"
        expected.add(key)
        entry = files.get(key)
        if entry is None:
            yield _damage(kind, "missing", "is missing", path)
            continue
        yield from misplaced(kind, path, writer.locate(kind, path, "", layout), layout, entry)
        try:
            data = entry.read()
            found = decode(data, path)
        except (PictureError, OSError):
            yield _damage(kind, "unreadable", "cannot be read", entry.where)
            continue
        if not alike(found, coded(pixels, codec), codec):
            yield _damage(kind, "differs", "differs from what the recipe makes", entry.where)
        elif bytes_behind(data):
            yield _damage(kind, "behind", "has bytes behind its end", entry.where)


def misplaced(kind: str, path: str, located: Location, layout: Layout, entry: FileEntry) -> Iterator[Issue]:
    """A picture that lies in another folder than layout and writer give it; archives made by hand may have none.

    It is not mendable: made again, it would be there twice.
    """
    if entry.name not in {path, layout.member(path), located.member}:
        yield Issue("error", "misplaced", f"{kind} lies in another folder", entry.where)


# A JPEG block codes 8 × 8 pixels, twice that of the colours in 4:2:0, and decoders smooth colours over one
# pixel more: farther than this from the object, a composite decodes as its background alone does.
_REACH = 17
_RIGHT = 256  # backgrounds whose files a thread knows again
_FLIPPED = 64  # grey levels: more than rounding does to the edge of a mask, less than a pixel that is another


class SampleVerifier:
    """Finds the faults of samples; may be called from several threads."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._settings, self._plan = dataset.recipe.settings, dataset.plan()
        self._writer = self._settings.writer
        self._has_depth = self._settings.depth.way.makes_depth
        self._shards = shards_of(dataset.samples, self._settings.shard)
        self._local = threading.local()
        self.expected: set[str] = set()
        """Keys of all files that belong to samples seen so far."""

    def __call__(self, sample: Sample, paths: Paths, files: Mapping[str, FileEntry]) -> Iterator[Issue]:
        """Everything that is wrong with one sample's files."""
        pixels: dict[str, AnyPixels] = {}
        wanted = {"fg_bg": paths.fg_bg, "mask": paths.mask} | ({"depth": paths.depth} if self._has_depth else {})
        shard, name = shard_at(self._shards, sample.number).name, stem(paths.fg_bg)
        called = paths._asdict()  # as what there is is called
        for kind, path in wanted.items():
            located = self._writer.locate(kind, path, shard, self._settings.layout, name)
            key, other = f"{kind}:{file_name(located.member or path)}", f"{kind}:{file_name(path)}"
            key = key if key in files else other  # as older versions called it, or a person who unpacked it
            self.expected.add(key)
            entry = files.get(key)
            if entry is None:
                yield _damage(
                    kind, "missing", "is missing", f"{located.file}/{located.member}" if located.member else path
                )
                continue
            yield from misplaced(kind, path, located, self._settings.layout, entry)
            called[kind] = entry.where
            try:
                data = entry.read()
                pixels[kind] = decode(data, path)
            except (PictureError, OSError):
                yield _damage(kind, "unreadable", "cannot be read", entry.where)
                continue
            if bytes_behind(data):
                yield _damage(kind, "behind", "has bytes behind its end", entry.where)
        yield from self._judge(sample, Paths(**called), pixels)
        if self._settings.writer.repeats_backgrounds:
            yield from self._beside(sample, self._plan.beside(paths), files)

    def _beside(self, sample: Sample, path: str, files: Mapping[str, FileEntry]) -> Iterator[Issue]:
        """The copy of its background that stands beside a sample."""
        key = f"bg:{file_name(path)}"
        self.expected.add(key)
        entry = files.get(key)
        if entry is None:
            yield _damage("bg", "missing", "is missing", path)
            return
        shard, layout = shard_at(self._shards, sample.number).name, self._settings.layout
        yield from misplaced("bg", path, self._writer.locate("bg", path, shard, layout), layout, entry)
        try:
            if not self._is_background(sample.background, entry.read(), path):
                yield _damage("bg", "differs", "differs from what the recipe makes", entry.where)
        except (PictureError, OSError):
            yield _damage("bg", "unreadable", "cannot be read", entry.where)

    def _is_background(self, number: int, data: bytes, path: str) -> bool:
        """Whether a file shows this background; one that was found right is known again by its bytes."""
        if not hasattr(self._local, "right"):
            self._local.right = LRUCache(_RIGHT)
        if self._local.right.get(number) != data:
            codec = self._settings.codecs.bg
            if not alike(decode(data, path), coded(self._composer().background(number), codec), codec):
                return False
            self._local.right[number] = data
        return True

    def _judge(self, sample: Sample, paths: Paths, pixels: dict[str, AnyPixels]) -> Iterator[Issue]:
        composite = self._composer()(sample)
        if "fg_bg" in pixels:
            yield from self._composite(sample, composite, pixels["fg_bg"], paths.fg_bg)
        if "mask" in pixels:
            yield from self._mask(composite, pixels["mask"], paths.mask)
        if "depth" in pixels:
            yield from self._depth(sample, composite, pixels["depth"], paths.depth)

    def _composite(self, sample: Sample, composite: Composite, pixels: AnyPixels, path: str) -> Iterator[Issue]:
        if pixels.shape != composite.image.shape or pixels.dtype != np.uint8:
            yield _damage("fg_bg", "shape", "has another shape or type", path)
            return
        codec = self._settings.codecs.fg_bg
        wanted = coded(composite.image, codec)
        difference = cv2.absdiff(pixels, wanted)
        reach = 0 if codec.lossless else _REACH
        for x, y, width, height in sample.boxes:
            difference[max(y - reach, 0) : y + height + reach, max(x - reach, 0) : x + width + reach] = 0
        if difference.max() > (0 if codec.lossless else SAME):
            yield _damage("fg_bg", "differs", "differs from its background outside the object", path)
        elif not alike(pixels, wanted, codec):
            yield _damage("fg_bg", "differs", "differs from what the recipe makes", path)

    def _mask(self, composite: Composite, pixels: AnyPixels, path: str) -> Iterator[Issue]:
        if pixels.shape != composite.mask.shape or pixels.dtype != np.uint8:
            yield _damage("mask", "shape", "has another shape or type", path)
        elif self._settings.codecs.mask.lossless:
            if not np.isin(pixels, (0, 255)).all():
                yield _damage("mask", "not-binary", "is not binary", path)
            elif not np.array_equal(pixels, composite.mask):
                yield _damage("mask", "differs", "differs from what the recipe makes", path)
        elif cv2.absdiff(pixels, coded(composite.mask, self._settings.codecs.mask)).max() > _FLIPPED:
            yield _damage("mask", "differs", "differs from what the recipe makes", path)

    def _depth(self, sample: Sample, composite: Composite, pixels: AnyPixels, path: str) -> Iterator[Issue]:
        size, bits = self._settings.depth_size, self._settings.depth.encoding.bits
        if pixels.shape != (size, size) or pixels.dtype != (np.uint16 if bits == 16 else np.uint8):
            yield _damage("depth", "shape", "has another shape or type", path)
            return
        if self._settings.depth.way.needs_network and pixels.min() == pixels.max():
            yield _damage("depth", "flat", "is the same everywhere", path)
        maker, encoder = self._depth_tools()
        if maker is None or maker.base(sample.background) is None:
            return  # a network would have to see the composite again
        codec = self._settings.codecs.depth
        wanted = coded(encoder.stored_depth(maker([sample], [composite])[0].map), codec)
        if self._dataset.record["format"] < 2:  # which stored a network's smallest depth as 0, too
            pixels, wanted = np.maximum(pixels, 1), np.maximum(wanted, 1)
        if not alike(pixels, wanted, codec):
            yield _damage("depth", "differs", "differs from what the recipe makes", path)

    def _depth_tools(self) -> tuple[DepthMaker | None, SampleEncoder]:
        if not hasattr(self._local, "depth"):
            way, composer = self._settings.depth.way, self._composer()
            maker = None if way.sees_composites else way.open(composer, self._dataset.depth)
            self._local.depth = maker, SampleEncoder(composer, maker)
        tools: tuple[DepthMaker | None, SampleEncoder] = self._local.depth
        return tools

    def _composer(self) -> Composer:
        if not hasattr(self._local, "composer"):
            self._local.composer = self._dataset.composer()
        composer: Composer = self._local.composer
        return composer
