"""The pictures of a dataset held against its recipe, up to what their codecs change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from cachetools import LRUCache

from fgbg_studio.core.base.arrays import AnyPixels, Ints, Pixels
from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.sample import Composite, Sample
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder, StoredInsertion
from fgbg_studio.core.dataset.inspect.counted import Counted
from fgbg_studio.core.dataset.inspect.files import FileEntry
from fgbg_studio.core.dataset.objects import FILE as OBJECTS
from fgbg_studio.core.dataset.objects import ObjectLines
from fgbg_studio.core.dataset.record import Dataset
from fgbg_studio.core.dataset.sources import source_pictures
from fgbg_studio.core.dataset.statistics import InsertionHistogram, KindStatistics
from fgbg_studio.core.imaging.codecs import Codec, bytes_behind, decode, encode
from fgbg_studio.core.interfaces.depth import BATCH, DepthMaker, contacts_of
from fgbg_studio.core.interfaces.layout import PER_SAMPLE, Layout, Paths, file_name, stem
from fgbg_studio.core.interfaces.writer import Location
from fgbg_studio.core.plan.plan import Plan

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


def _unjudged(kind: str, path: str, error: DatasetError) -> Issue:
    """A file that may well be right, but what it is made of is damaged or missing itself."""
    message = f"{kind} cannot be held against the recipe ({error.problem})"
    return Issue("error", "unjudged", message, path, error.remedies)


def verify_sources(dataset: Dataset, files: dict[str, FileEntry], counted: Counted) -> Iterator[Issue]:
    """Everything that is wrong with these pictures; they are counted, and taken out of ``files``."""
    writer, layout = dataset.recipe.settings.writer, dataset.recipe.settings.layout
    for kind, path, picture, codec in source_pictures(dataset.composer()):
        entry = files.pop(key(kind, path), None)
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
        counted.take(kind, found, entry.size)
        try:
            pixels = picture()
        except DatasetError as error:
            yield _unjudged(kind, entry.where, error)
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


class Part(NamedTuple):
    """The samples of these numbers, (n,) int64, and which files of each there are, by kind.

    ``objects`` are the lines of each in the table of objects, None where the dataset has none or is not finished.
    """

    numbers: Ints
    files: list[dict[str, FileEntry]]
    objects: list[str] | None = None


class Verified(NamedTuple):
    """What was found of a `Part`."""

    samples: int
    issues: list[Issue]
    counted: Counted


def key(kind: str, path: str) -> str:
    """By what a file is found: its own name is unique within its kind, whatever folder or archive it lies in."""
    return f"{kind}:{file_name(path)}"


class SampleFiles:
    """Which files a sample has, and where: its background is one where a copy stands beside it."""

    def __init__(self, dataset: Dataset) -> None:
        settings = dataset.recipe.settings
        self._plan, self._writer, self._layout = dataset.plan(), settings.writer, settings.layout
        self._dataset, self._kinds = dataset, settings.sample_kinds

    def __call__(self, sample: Sample, paths: Paths) -> Iterator[tuple[str, str, Location]]:
        """(kind, path by the layout, where the writer puts it)."""
        shard, name = self._dataset.shard_of(sample.number).name, stem(paths.fg_bg)
        for kind in self._kinds:
            path = self._plan.path(kind, paths)
            yield kind, path, self._writer.locate(kind, path, shard, self._layout, name)
        if self._writer.repeats_backgrounds:
            path = self._plan.beside(paths)
            yield "bg", path, self._writer.locate("bg", path, shard, self._layout)

    def taken(self, sample: Sample, paths: Paths, files: dict[str, FileEntry]) -> dict[str, FileEntry]:
        """Those there are by kind, taken out of ``files``, which has them by `key`."""
        found = {}
        for kind, path, located in self(sample, paths):
            entry = files.pop(key(kind, located.member or path), None)
            if entry is None and located.member:  # as older versions called it, or a person who unpacked it
                entry = files.pop(key(kind, path), None)
            if entry is not None:
                found[kind] = entry
        return found


class SampleVerifier:
    """Finds the faults of samples, and counts what their files show; for one thread, can be sent to a process.

    A file that is byte for byte what the recipe makes is right: nothing of it need be compared, and of masks and depth
    maps that lose nothing in coding the pixels are known without decoding. Any other is decoded and compared.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._settings = dataset.recipe.settings

    def __call__(self, part: Part) -> Verified:
        """Everything that is wrong with the files of these samples."""
        found, insertions = Verified(len(part.numbers), [], Counted()), InsertionHistogram()
        samples, batch = self._plan.table_of(part.numbers).samples(), len(self._canvases)
        for begin in range(0, len(samples), batch):
            made = self._made(samples[begin : begin + batch])
            for number, (one, files) in enumerate(zip(made, part.files[begin : begin + batch], strict=True), begin):
                # What cannot be made is said of its pictures.
                if part.objects is not None and not one.errors and part.objects[number] != one.objects:
                    how = f"{OBJECTS} differs from the recipe"
                    found.issues.append(Issue("error", "objects", how, stem(one.paths.fg_bg)))
                for kind, path, located in self._files(one.sample, one.paths):
                    entry = files.get(kind)
                    if entry is None:
                        where = f"{located.file}/{located.member}" if located.member else path
                        found.issues.append(_damage(kind, "missing", "is missing", where))
                        continue
                    found.issues.extend(misplaced(kind, path, located, self._settings.layout, entry))
                    found.issues.extend(self._file(one, kind, entry, found.counted, insertions))
        found.counted.merge_kind("depth", insertions.statistics())
        return found

    def _file(
        self, made: _Made, kind: str, entry: FileEntry, counted: Counted, same: InsertionHistogram
    ) -> Iterator[Issue]:
        try:
            data = entry.read()
            if kind == "bg":
                yield from self._background(made.sample.background, data, entry.where, counted)
                return
            if data == made.files.get(kind):
                self._count_same(made, kind, entry.where, data, counted, same)
                return
            pixels = decode(data, entry.name)
        except (PictureError, OSError):
            yield _damage(kind, "unreadable", "cannot be read", entry.where)
            return
        except DatasetError as error:
            yield _unjudged(kind, entry.where, error)
            return
        counted.take(kind, pixels, len(data))
        if bytes_behind(data):
            yield _damage(kind, "behind", "has bytes behind its end", entry.where)
        if kind in made.errors:
            yield _unjudged(kind, entry.where, made.errors[kind])
            return
        judge = {
            "fg_bg": self._composite, "mask": self._mask, "depth": self._depth, "instances": self._instances,
        }[kind]  # fmt: skip
        yield from judge(made, pixels, entry.where)

    def _background(self, number: int, data: bytes, path: str, counted: Counted) -> Iterator[Issue]:
        """The copy of its background that stands beside a sample; a right one is known again by its bytes."""
        right = self._right.get(number)
        if right and right[0] == data:
            counted.merge_kind("bg", right[1])
            return
        pixels, one, codec = decode(data, path), KindStatistics(), self._settings.codecs.bg
        one.add(pixels, len(data))
        counted.merge_kind("bg", one)
        if alike(pixels, coded(self._composer.background(number), codec), codec):
            self._right[number] = data, one
        else:
            yield _damage("bg", "differs", "differs from what the recipe makes", path)

    def _count_same(
        self, made: _Made, kind: str, path: str, data: bytes, counted: Counted, same: InsertionHistogram
    ) -> None:
        """Count a file whose bytes are those that the recipe makes."""
        if kind == "depth" and isinstance(made.depth, StoredInsertion) and self._settings.codecs.depth.lossless:
            same.add(made.depth.base, made.depth.objects)
            counted.add_size(kind, len(data))
        elif kind == "mask" and self._settings.codecs.mask.lossless and made.composite:
            counted.take(kind, made.composite.mask, len(data))
        else:
            counted.take(kind, decode(data, path), len(data))

    def _made(self, samples: Sequence[Sample]) -> Iterator[_Made]:
        """What the recipe makes of these."""
        (maker, no_depth), encoder = self._maker, self._encoder
        composites: list[Composite | None] = []
        errors: list[dict[str, DatasetError]] = []
        settled: list[Sample] = []
        for planned, into in zip(samples, self._canvases, strict=False):
            sample, composite, unmade = planned, None, {"depth": no_depth} if no_depth else {}
            try:
                if no_depth and self._by_depth:
                    raise no_depth
                sample = self._composer.settled(planned)
                composite = self._composer(sample, into)
            except DatasetError as error:
                unmade = dict.fromkeys(PER_SAMPLE, error)
            settled.append(sample)
            composites.append(composite)
            errors.append(unmade)
        depths = self._depths(maker, settled, composites, errors) if maker else {}
        for number, (sample, composite) in enumerate(zip(settled, composites, strict=True)):
            files = (
                {"fg_bg": encoder.composite(sample, composite), "mask": encoder.mask(composite)} if composite else {}
            )
            depth, data, contacts = depths.get(number, (None, None, contacts_of(sample)))
            files |= {"depth": data} if data is not None else {}
            objects = ""
            if composite and self._settings.scene.instances:
                files["instances"] = encoder.instances(sample, composite)
                notes = self._lines.notes(sample, composite, contacts)
                objects = self._lines.lines(notes)
            yield _Made(sample, self._plan.paths(sample), composite, depth, files, errors[number], objects)

    def _depths(
        self,
        maker: DepthMaker,
        samples: Sequence[Sample],
        composites: Sequence[Composite | None],
        errors: Sequence[dict[str, DatasetError]],
    ) -> dict[int, tuple[AnyPixels | StoredInsertion, bytes, tuple[float, ...]]]:
        """Those that can be made without showing a network the composites again, by their places in ``samples``.

        Each as it is stored, its file, and the objects' contacts.
        """
        known: list[tuple[int, Sample, Composite]] = []
        for number, (sample, composite) in enumerate(zip(samples, composites, strict=True)):
            try:
                if composite and maker.base(sample.background) is not None:
                    known.append((number, sample, composite))
            except DatasetError as error:
                errors[number]["depth"] = error
        if not known:
            return {}
        numbers, chosen, seen = zip(*known, strict=True)
        made = maker(chosen, seen)
        contacts = map(contacts_of, chosen, made)
        both = zip(self._encoder.depths(chosen, made), contacts, strict=True)
        return {number: (*stored, found) for number, (stored, found) in zip(numbers, both, strict=True)}

    def _composite(self, made: _Made, pixels: AnyPixels, path: str) -> Iterator[Issue]:
        composite = made.composite
        assert composite is not None  # what cannot be made is not judged
        if pixels.shape != composite.image.shape or pixels.dtype != np.uint8:
            yield _damage("fg_bg", "shape", "has another shape or type", path)
            return
        codec = self._settings.codecs.fg_bg
        wanted = coded(composite.image, codec)
        difference = cv2.absdiff(pixels, wanted)
        reach = 0 if codec.lossless else _REACH
        for x, y, width, height in composite.touched:
            difference[max(y - reach, 0) : y + height + reach, max(x - reach, 0) : x + width + reach] = 0
        if difference.max() > (0 if codec.lossless else SAME):
            yield _damage("fg_bg", "differs", "differs from its background outside the object", path)
        elif not alike(pixels, wanted, codec):
            yield _damage("fg_bg", "differs", "differs from what the recipe makes", path)

    def _mask(self, made: _Made, pixels: AnyPixels, path: str) -> Iterator[Issue]:
        composite = made.composite
        assert composite is not None
        if pixels.shape != composite.mask.shape or pixels.dtype != np.uint8:
            yield _damage("mask", "shape", "has another shape or type", path)
        elif self._settings.codecs.mask.lossless:
            if not np.isin(pixels, (0, 255)).all():
                yield _damage("mask", "not-binary", "is not binary", path)
            elif not np.array_equal(pixels, composite.mask):
                yield _damage("mask", "differs", "differs from what the recipe makes", path)
        elif cv2.absdiff(pixels, coded(composite.mask, self._settings.codecs.mask)).max() > _FLIPPED:
            yield _damage("mask", "differs", "differs from what the recipe makes", path)

    def _instances(self, made: _Made, pixels: AnyPixels, path: str) -> Iterator[Issue]:
        if pixels.shape != (self._settings.size,) * 2 or pixels.dtype != np.uint8:
            yield _damage("instances", "shape", "has another shape or type", path)
        elif not np.array_equal(pixels, decode(made.files["instances"], "an index map made again")):
            yield _damage("instances", "differs", "differs from what the recipe makes", path)

    def _depth(self, made: _Made, pixels: AnyPixels, path: str) -> Iterator[Issue]:
        size, bits = self._settings.depth_size, self._settings.depth.encoding.bits
        if pixels.shape != (size, size) or pixels.dtype != (np.uint16 if bits == 16 else np.uint8):
            yield _damage("depth", "shape", "has another shape or type", path)
            return
        if self._settings.depth.way.needs_network and pixels.min() == pixels.max():
            yield _damage("depth", "flat", "is the same everywhere", path)
        if made.depth is None:
            return
        codec = self._settings.codecs.depth
        wanted = coded(made.depth.pixels if isinstance(made.depth, StoredInsertion) else made.depth, codec)
        if self._dataset.record["format"] < 2:  # which stored a network's smallest depth as 0, too
            pixels, wanted = np.maximum(pixels, 1), np.maximum(wanted, 1)
        if not alike(pixels, wanted, codec):
            yield _damage("depth", "differs", "differs from what the recipe makes", path)

    @property
    def _by_depth(self) -> bool:
        """Whether the depth decides what is seen of the objects."""
        scene = self._settings.scene
        return scene.front.hides or scene.objects.most > 1

    # Opened where they are first used: a process makes its own.

    @cached_property
    def _files(self) -> SampleFiles:
        return SampleFiles(self._dataset)

    @cached_property
    def _plan(self) -> Plan:
        return self._dataset.plan()

    @cached_property
    def _composer(self) -> Composer:
        return self._dataset.composer()

    @cached_property
    def _maker(self) -> tuple[DepthMaker | None, DatasetError | None]:
        """What makes depth that can be made again; or why it cannot."""
        way = self._settings.depth.way
        try:
            return None if way.sees_composites else self._composer.open_depth(self._dataset.depth), None
        except DatasetError as error:
            return None, error

    @cached_property
    def _lines(self) -> ObjectLines:
        return ObjectLines(self._plan)

    @cached_property
    def _encoder(self) -> SampleEncoder:
        return SampleEncoder(self._composer, self._maker[0])

    @cached_property
    def _right(self) -> LRUCache[int, tuple[bytes, KindStatistics]]:
        return LRUCache(_RIGHT)

    @cached_property
    def _canvases(self) -> list[Pixels]:
        maker, size = self._maker[0], self._settings.size
        shape = (size, size) if self._settings.grayscale else (size, size, 3)
        return [np.empty(shape, np.uint8) for _ in range(maker.batch if maker else BATCH)]


class _Made(NamedTuple):
    """A sample as the recipe makes it; ``depth`` and its file only where no network must see the composite.

    ``errors`` say by kind what could not be made, as something that it is made of is damaged. ``objects`` are the
    lines of its objects.
    """

    sample: Sample
    paths: Paths
    composite: Composite | None
    depth: AnyPixels | StoredInsertion | None
    files: dict[str, bytes]
    errors: dict[str, DatasetError]
    objects: str
