"""The contents of a dataset of this program: the plan knows every name, so that nothing is listed."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import AnyPixels, Ints
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.compose import own_png
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.dataset.figures import counted_of, figures, metres_a_step
from fgbg_studio.core.dataset.inspect.archive_store import ArchiveStore
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.inspect.contents import (
    Contents,
    DecodedFiles,
    DepthReading,
    StoredFiles,
    Triple,
    WhoStandsWhere,
)
from fgbg_studio.core.dataset.inspect.picture_sources import ArchivedPictures, PicturesOnDisk, PictureSource
from fgbg_studio.core.dataset.places import Places
from fgbg_studio.core.dataset.record import Dataset, done_shards
from fgbg_studio.core.dataset.remeasure import stored_figures
from fgbg_studio.core.dataset.sources import SOURCES
from fgbg_studio.core.dataset.statistics import from_json, merged
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.layout import ALL_KINDS, PER_SAMPLE, stem
from fgbg_studio.core.plan.names import likely_pairs

_SEARCHED = 4000
_AT_ONCE = 1000
_KEPT_FOR_ALL = 1_500_000  # while all samples are read in whatever order, when each would open another archive anew


class OwnContents(Contents):
    """See the module.

    Args:
        dataset: the record; its ``root`` is the folder, or the archive that holds the whole dataset.
        archive: that archive.
        inside: the folder of the dataset in it, with its slash.
    """

    def __init__(self, dataset: Dataset, archive: Archive | None = None, inside: str = "") -> None:
        super().__init__(dataset.root, dataset.recipe.project)
        self.dataset, self.samples = dataset, dataset.samples
        self._own, self._one = dataset, threading.Lock()
        self._making = replace(dataset, store=ArchiveStore(archive, inside)) if archive else dataset
        self.plan = dataset.plan()
        settings, layout = dataset.recipe.settings, dataset.recipe.settings.layout
        self._settings, self._layout = settings, layout
        self._mirrored_files = 2 if layout.stores_mirrored and settings.mirrored else 1
        self._suffixes = {kind: layout.suffix(getattr(settings.codecs, kind)) for kind in ALL_KINDS}
        self._files: PictureSource = ArchivedPictures(archive, inside) if archive else PicturesOnDisk(dataset)
        self.backgrounds = tuple(stem(layout.background(b)) for b in range(len(dataset.recipe.backgrounds)))
        self.foregrounds = tuple(stem(layout.foreground(f, False)) for f in range(len(dataset.recipe.foregrounds)))
        depth = dataset.record.get("depth", {})
        self.reading = DepthReading(settings.depth.encoding, depth.get("kind", "metric") == "metric")
        self._shards = dataset.shards
        self._undone: set[int] = set()  # their numbers
        self.reports = stored_figures(dataset)
        if archive is None and not dataset.complete:
            self._take_unfinished(dataset)
        self.counts = self._count()
        self.files = self._count_files(dataset) if archive is None else {}

    @override
    def name(self, kind: str, number: int) -> str:
        if kind in PER_SAMPLE:
            return self._path(kind, self.plan[number])
        if kind == "bg":
            return self._layout.background(number) + self._suffixes[kind]
        picture, side = divmod(number, self._mirrored_files)
        path = self._layout.foreground if kind == "fg" else self._layout.fg_mask
        return path(picture, bool(side)) + self._suffixes[kind]

    @override
    def read(self, kind: str, number: int) -> bytes:
        shard = self._own.shard_of(number) if kind in PER_SAMPLE else None
        name = stem(self.name("fg_bg", number)) if shard else ""
        if shard and shard.number in self._undone:
            again = GenerateAgain(then="it goes on with this dataset")
            raise PictureError(f"{self.name(kind, number)} is not made yet", again)
        return self._files.read(kind, self.name(kind, number), number if shard else None, name)

    @override
    def stored(self, numbers: Sequence[int], kinds: Sequence[str]) -> Iterator[StoredFiles]:
        """See `Contents.stored`; many places at once cost little more than one."""
        there = [kind for kind in kinds if kind in self.counts]
        self._files.kept = _KEPT_FOR_ALL
        for start in range(0, len(numbers), _AT_ONCE):
            some = np.asarray(numbers[start : start + _AT_ONCE], np.int64)
            shards = self._files.shards(some)
            for sample, shard in zip(self.plan.table_of(some).samples(), shards, strict=True):
                paths = self.plan.paths(sample)
                name, files = stem(paths.fg_bg), {}
                for kind in there:
                    path = self.plan.path(kind, paths)
                    files[kind] = path, self._files.read(kind, path, sample.number, name, shard)
                who, laid = (sample.background, sample.first.foreground), self._laid(sample)
                yield StoredFiles(sample.number, name, *who, files, laid.objects, laid.indices)

    @override
    def decoded(self, numbers: Sequence[int], kinds: Sequence[str]) -> Iterator[DecodedFiles]:
        """See `Contents.decoded`; grey PNGs are read as this program makes them, if they are such."""
        for one in self.stored(numbers, kinds):
            pictures: dict[str, AnyPixels] = {}
            for kind, (name, data) in one.files.items():
                known = own_png.decoded(data)
                pictures[kind] = decode(data, name) if known is None else known
            yield DecodedFiles(*one[:4], pictures, one.placed, one.indices)

    @override
    def numbers(self, background: int | None = None, foreground: int | None = None) -> Sequence[int]:
        """See `Contents.numbers`; samples of shards that are not done are left out."""
        if background is None and foreground is None and not self._undone:
            return self._all()
        order, fixed = self._layout.axes, {"background": background, "foreground": foreground}
        places = [
            np.arange(count) if fixed.get(axis) is None else np.array([fixed[axis]])
            for axis, count in zip(order, self.plan.counts.along(order), strict=True)
        ]
        numbers = np.sort(self.plan.numbers(dict(zip(order, np.ix_(*places), strict=True))).ravel())
        positions = self._own.order.positions(numbers)
        there = positions < self.samples
        if self._undone:
            starts = [shard.start for shard in self._shards]
            there &= ~np.isin(np.searchsorted(starts, positions, "right") - 1, list(self._undone))
        numbers = numbers[there]
        kept: list[int] = numbers.tolist()
        return kept

    @override
    def triple(self, number: int) -> Triple:
        sample = self.plan[number]
        recipe = self.plan.recipe
        facts = [("Background", recipe.backgrounds[sample.background].file.rpartition("/")[2])]
        several = len(sample.objects) > 1
        if not several:
            facts.append(("Foreground", recipe.foregrounds[sample.first.foreground].file.rpartition("/")[2]))
            facts.append(("Mirrored", "yes" if sample.first.mirrored else "no"))
        facts.append(("Placement", f"{sample.k + 1} of {self.plan.counts.placement}"))
        blend = recipe.settings.compositing.mode
        if blend.times > 1:
            facts.append(("Blend", blend.chosen(0.0, sample.k).name))
        for index, one in sorted(zip(sample.indices, sample.objects, strict=True), key=lambda pair: pair[0]):
            place = f"{one.width} × {one.height} px at {one.x}, {one.y}"
            if several:  # by number and name as the index map and the table of objects have them
                mirrored = " · mirrored" if one.mirrored else ""
                file = recipe.foregrounds[one.foreground].file.rpartition("/")[2]
                place = f"{self.foregrounds[one.foreground]} ({file}){mirrored} · {place}"
            facts.append((f"Object {index}" if several else "Object", place))
            if one.layer >= 0:
                facts.append(("Depth layer", f"{one.layer + 1} from the front"))
        name = stem(self._path("fg_bg", sample))
        return Triple(number, name, sample.background, sample.first.foreground, tuple(facts))

    @override
    def standing(self, numbers: Ints) -> WhoStandsWhere:
        if self._settings.scene.objects.most == 1:
            at = self.plan.places(numbers)
            return WhoStandsWhere(at["background"], at["foreground"])
        table = self.plan.table_of(numbers)
        first, *others = (one.foreground for one in table.objects)
        return WhoStandsWhere(table.background, first, tuple(zip(table.further, others, strict=True)))

    @override
    def names(self, numbers: Sequence[int] | Ints) -> Iterator[str]:
        for start in range(0, len(numbers), _SEARCHED):
            some = np.asarray(numbers[start : start + _SEARCHED], np.int64)
            for sample in self.plan.table_of(some).samples():
                yield stem(self._path("fg_bg", sample))

    @override
    def beside(self, name: str) -> bytes | None:
        return self._files.beside(name)

    @override
    def picture_of(self, axis: str, number: int) -> int | None:
        return number if axis == "bg" else number * self._mirrored_files

    @override
    def matching(self, text: str) -> Ints:
        there = np.sort(np.asarray(self.numbers(), np.int64))
        for word in text.lower().split():
            there = there[self._with(word, there)]
        return there

    def _with(self, word: str, numbers: Ints) -> NDArray[np.bool_]:
        """Which of these samples have ``word``: pictures and pairs are looked at before any sample's own name."""
        recipe, at = self.plan.recipe, self.plan.places(numbers)
        files = [one.file for one in recipe.backgrounds], [one.file for one in recipe.foregrounds]
        across, down = (
            np.array([word in f"{file} {name}".lower() for file, name in zip(known, names, strict=True)], np.bool_)
            for known, names in zip(files, (self.backgrounds, self.foregrounds), strict=True)
        )
        fits = np.asarray(across[at["background"]] | down[at["foreground"]], np.bool_)
        if word.isdecimal():
            return np.asarray(fits | (numbers == int(word)), np.bool_)
        if fits.any():
            return fits
        wanted = stem(word)
        likely = [s.number for s in self._likely(wanted) if any(wanted in name.lower() for name in self._stems(s))]
        if likely:
            return np.isin(numbers, likely)
        found = [
            sample.number
            for start in range(0, len(numbers), _SEARCHED)
            for sample in self.plan.table_of(numbers[start : start + _SEARCHED]).samples()
            if wanted and any(wanted in name.lower() for name in self._stems(sample))
        ]
        return np.isin(numbers, found)

    @override
    def find(self, text: str) -> int | None:
        """See `Contents.find`; by the numbers in a name first, else by a look at every name."""
        text = text.strip()
        if text.isdecimal():
            number = int(text)
            return number if number < len(self.plan) and self._own.has(np.array([number]))[0] else None
        wanted = stem(text)
        if not wanted:
            return None
        likely = next((s.number for s in self._likely(wanted) if wanted in self._stems(s)), None)
        return self._first_with(wanted) if likely is None else likely

    def _laid(self, sample: Sample) -> Sample:
        """The sample with its objects as they were laid down, of which pixels and depths decide where there are more.

        Raises:
            DatasetError: what they are made of is missing.
        """
        if len(sample.objects) == 1 and not self.plan.recipe.settings.scene.front.hides:
            return sample
        with self._one:  # a composer is for one thread
            return self._composer.settled(sample)

    @cached_property
    def _composer(self) -> Composer:
        composer = self._making.composer()
        composer.open_depth(self._making.depth)
        return composer

    def _all(self) -> Sequence[int]:
        if self._own.extent.order == "plan" and not len(self.plan.excluded):
            return range(self.samples)
        every: list[int] = self._own.order.numbers(0, self.samples).tolist()
        return every

    def _likely(self, name: str) -> list[Sample]:
        """The samples that a name speaks of whose numbers count from 0 or from 1."""
        pairs = likely_pairs(name, self.plan.counts)
        return [self.plan[number] for pair in pairs for number in self.numbers(*pair)]

    def _first_with(self, text: str) -> int | None:
        for numbers in self._own.numbers():
            for sample in self.plan.table_of(numbers).samples():
                if any(text in name for name in self._stems(sample)):
                    return sample.number
        return None

    def _stems(self, sample: Sample) -> list[str]:
        return [stem(path) for path in self.plan.paths(sample)]

    def _path(self, kind: str, sample: Sample) -> str:
        return self.plan.path(kind, self.plan.paths(sample))

    def _count(self) -> dict[str, int]:
        sources = len(self.foregrounds) * self._mirrored_files
        counts = {"bg": len(self.backgrounds), "fg": sources, "fg_mask": sources}
        samples = len(self.numbers())
        return counts | dict.fromkeys(self._settings.sample_kinds, samples)

    def _count_files(self, dataset: Dataset) -> dict[str, str]:
        place = self._settings.writer.locate("bg", self.name("bg", 0), "", self._layout)
        if not place.member:
            return {}
        done, sort = len(self._shards) - len(self._undone), PurePath(place.file).suffix.removeprefix(".").upper()
        places = Places(dataset)
        files = {kind: places.archives(kind) or done if kind in PER_SAMPLE else 1 for kind in self.counts}
        return {kind: f"{number} {sort}" for kind, number in files.items()}

    def _take_unfinished(self, dataset: Dataset) -> None:
        """What the markers of the finished shards say of a run that was stopped."""
        done = done_shards(dataset, self._shards)
        self._undone = {shard.number for shard in self._shards if shard.number not in done}
        parts = [from_json(marker["statistics"]) for marker in done.values()]
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            parts.insert(0, from_json(dataset.note(SOURCES)["statistics"]))
        whole = merged(parts)
        metres = metres_a_step(self._settings.depth.encoding, "metric" if self.reading.metric else "relative")
        counted = {kind: whole[kind] for kind in ALL_KINDS if kind in whole}
        self.reports = figures(counted, metres, counted_of(self._settings))
        made = sum(shard.stop - shard.start for shard in self._shards if shard.number in done)
        self.notes.append(f"{made:,} of {dataset.samples:,} samples are made; Generate makes the others")
