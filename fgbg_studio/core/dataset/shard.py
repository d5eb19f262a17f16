"""A shard: samples that follow one another in the dataset's order made, written and counted by one worker.

The fast path, which is the only one: a background is decoded and coded once for all its samples, a
foreground is resized once for each size, compositing touches the box alone, statistics are counted by boxes,
and bytes go to the writer as the encoder made them. What is left is encoding.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fgbg_studio.core.base.arrays import AnyPixels, Histogram, Pixels
from fgbg_studio.core.base.hashing_store import HashingStore
from fgbg_studio.core.base.processes import TICK
from fgbg_studio.core.base.progress import Control
from fgbg_studio.core.base.sample import Composite, Sample, box_seen
from fgbg_studio.core.base.stopping import Stopped, stop_asked, stoppable, take_over
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.base.words import csv_cell
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder, StoredInsertion
from fgbg_studio.core.dataset.objects import FIRST_HIDDEN, ObjectLines
from fgbg_studio.core.dataset.record import (
    FORMAT,
    HIDDEN,
    SEALED,
    Dataset,
    disk_trouble,
    done_shards,
    marker_name,
    open_dataset,
)
from fgbg_studio.core.dataset.sources import BackgroundFiles
from fgbg_studio.core.dataset.statistics import COVERAGES, CompositeSums, InsertionHistogram, KindStatistics, to_json
from fgbg_studio.core.depth.cameras import cameras
from fgbg_studio.core.interfaces.depth import BATCH, DepthSample, Insertion, contacts_of
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.layout import INSTANCES, PER_SAMPLE, Paths, stem
from fgbg_studio.core.interfaces.writer import ShardWriter
from fgbg_studio.core.plan.plan import Plan

CLAIMS = f"{HIDDEN}/making"
"""By a file of its name in here a shard is held by the process that makes it."""
PHASES = ("compose", "depth", "encode", "write", "sync")
_COLUMNS = "name,background,foreground,mirrored,k,x,y,width,height,layer,scale,contact_depth"
_MORE = "background_file,foreground_file,object_x,object_y,object_width,object_height,visible"
_CAMERA = "horizon,focal_length,camera_height"


def columns(number: int, *, classes: bool = False) -> str:
    """The first line of ``samples.csv`` in a dataset of the format ``number``; see `class_cells` for the classes."""
    names = _COLUMNS if number < 2 else f"{_COLUMNS},{_MORE},{_CAMERA}"
    return f"{names},class\n" if classes else f"{names}\n"


def class_cells(plan: Plan) -> dict[str, str]:
    """The last cell of a row by the foreground that it names; none where no foreground has a class.

    A class is only said of a foreground, and may be said after shards were made: markers' rows are without it.
    """
    sources = plan.recipe.foregrounds
    if not any(source.category for source in sources):
        return {}
    return {stem(plan.layout.foreground(f, False)): csv_cell(source.category) for f, source in enumerate(sources)}


class ShardMaker:
    """Makes shards of one dataset; one a worker, kept from shard to shard for its caches."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset, self._store = dataset, dataset.store
        self._composer, self._plan = dataset.composer(), dataset.plan()
        self._order = dataset.order
        composer = self._composer
        settings = composer.settings
        self._settings = settings
        self._depth = composer.open_depth(dataset.depth)
        self._ahead = self._depth is not None and self._depth.runs_ahead
        self._canvases: list[Pixels] = []
        self._encoder = SampleEncoder(composer, self._depth)
        self._rows = Rows(self._plan, dataset.format)
        self._objects = ObjectLines(self._plan) if settings.scene.instances else None
        self._repeated = BackgroundFiles(composer) if settings.writer.repeats_backgrounds else None

    def make(self, shard: Shard, control: Control, report: Callable[[int], None]) -> dict[str, float] | None:
        """Make the samples of ``shard``.

        ``report`` is called with how many samples are done, after each batch.

        Returns:
            Seconds spent by phase, or None where it was cancelled.

        Raises:
            DatasetError: the disk is full or refuses.
        """
        waited = False
        while True:
            with disk_trouble(self._store), self._store.claim(f"{CLAIMS}/{shard.name}") as ours:
                if ours and waited and done_shards(self._dataset, [shard]):
                    return dict.fromkeys(PHASES, 0.0)  # another process made it
                if ours:
                    return self._made_by_us(shard, control, report)
            waited = True
            time.sleep(TICK)
            if not control.wait():
                return None

    def _made_by_us(self, shard: Shard, control: Control, report: Callable[[int], None]) -> dict[str, float] | None:
        noted = HashingStore(self._store)
        writer = self._settings.writer.open(noted, shard.name, self._settings.layout)
        try:
            with disk_trouble(self._store), stoppable(lambda: control.cancelled):
                tally = self._fill(writer, shard, control, report)
                if tally is None:
                    writer.discard()
                    return None
                begun = time.perf_counter()
                self._mark(shard, tally, writer.finish(), noted)
                tally.seconds["sync"] += time.perf_counter() - begun
        except Stopped:  # in the middle of a network's batch
            writer.discard()
            return None
        except BaseException:
            writer.discard()
            raise
        return tally.seconds

    def _fill(self, writer: ShardWriter, shard: Shard, control: Control, report: Callable[[int], None]) -> Tally | None:
        tally = Tally(self._composer)
        # In the plan's order, whatever the dataset's is: the samples of a background come together.
        samples = self._plan.table_of(self._order.numbers(shard.start, shard.stop)).samples()
        size = self._batch_size()
        batches = [samples[i : i + size] for i in range(0, len(samples), size)]
        with contextlib.closing(self._made(batches, tally)) as steps:
            for step in steps:
                if not control.wait():
                    return None
                self._encode(step, writer, tally)
                report(len(tally.rows))
        return tally

    def _batch_size(self) -> int:
        """How many samples are made at once, which a network may tell only after its first; there are canvases then."""
        size = self._depth.batch if self._depth else BATCH
        # Made in the same memory batch after batch: fresh pages would cost more than the compositing.
        while len(self._canvases) < (2 * size if self._ahead else size):
            self._canvases.append(np.empty_like(self._composer.background(0)))
        return size

    def _made(self, batches: list[list[Sample]], tally: Tally) -> Generator[_Batch, None, None]:
        """Composites with their depth, batch by batch; one batch ahead of the encoding where a card makes the depth."""
        if not self._ahead:
            for batch in map(self._settled, batches):
                composites = self._composites(batch, 0, tally)
                begun = time.perf_counter()
                depths = self._depth(batch, composites) if self._depth else []
                tally.seconds["depth"] += time.perf_counter() - begun
                yield _Batch(batch, composites, depths)
            return
        assert self._depth is not None
        with ThreadPoolExecutor(1, initializer=take_over, initargs=(stop_asked(),)) as thread:
            before: tuple[list[Sample], list[Composite], Future[Sequence[DepthSample | Insertion]]] | None = None
            for number, batch in enumerate(map(self._settled, [*batches, []])):
                composites = self._composites(batch, number % 2 * len(batches[0]), tally)
                future = thread.submit(self._depth, batch, composites) if batch else None
                if before is not None:
                    begun = time.perf_counter()
                    depths = before[2].result()
                    tally.seconds["depth"] += time.perf_counter() - begun
                    yield _Batch(before[0], before[1], depths)
                before = (batch, composites, future) if future else None

    def _settled(self, samples: list[Sample]) -> list[Sample]:
        return [self._composer.settled(sample) for sample in samples]

    def _composites(self, samples: list[Sample], canvas: int, tally: Tally) -> list[Composite]:
        begun = time.perf_counter()
        canvases = self._canvases[canvas : canvas + len(samples)]
        made = []
        for sample, into in zip(samples, canvases, strict=True):
            composite = self._composer(sample, into)
            tally.add(sample, composite)  # at once: its pixels are in the processor's cache
            made.append(composite)
        tally.seconds["compose"] += time.perf_counter() - begun
        return made

    def _encode(self, made: _Batch, writer: ShardWriter, tally: Tally) -> None:
        samples, composites, depths = made
        clock = time.perf_counter
        now = clock()
        maps = self._encoder.depths(samples, depths) if depths else []
        tally.counts.update(self._encoder.counts)
        self._encoder.counts.clear()
        for number, (sample, composite) in enumerate(zip(samples, composites, strict=True)):
            paths = self._plan.paths(sample)
            image = self._encoder.composite(sample, composite)
            mask = self._encoder.mask(composite)
            files, contact = [("fg_bg", paths.fg_bg, image), ("mask", paths.mask, mask)], ""
            if self._repeated is not None:
                files.append(("bg", self._plan.beside(paths), self._repeated(sample.background)))
                tally.repeated[sample.background] += 1
            if depths:
                stored, data = maps[number]
                tally.add_depth(stored)
                files.append(("depth", paths.depth, data))
                # A way that knows no contact leaves the field empty.
                contact = "" if math.isnan(depths[number].contact) else f"{depths[number].contact:.4f}"
            if self._objects is not None:
                contacts = contacts_of(sample, depths[number]) if depths else contacts_of(sample)
                note = self._objects.notes(sample, composite, contacts)
                tally.objects.append(note)
                indices = self._encoder.instances(sample, composite)
                files.append((INSTANCES, self._plan.path(INSTANCES, paths), indices))
                tally.add_instances(sample, composite)
            tally.counts[FIRST_HIDDEN] += self._hides_first(sample, composite)
            tally.rows.append(f"{self._rows(sample, paths)}{contact}{self._rows.end(sample, composite)}\n")
            encoded = clock()
            name = stem(paths.fg_bg)
            for kind, path, data in files:
                writer.add(kind, path, data, name)
                tally.bytes[kind] += len(data)
            tally.seconds["encode"] += encoded - now
            now = clock()
            tally.seconds["write"] += now - encoded

    def _hides_first(self, sample: Sample, composite: Composite) -> bool:
        """Whether things in front leave too little of the first object."""
        front = self._settings.scene.front
        if not front.hides or not composite.contacts:
            return False
        whole = composite.whole[sample.named].patch.white
        return composite.patches[sample.named].patch.white < front.min_visible * whole

    def _mark(self, shard: Shard, tally: Tally, archives: list[str], noted: HashingStore) -> None:
        statistics = tally.statistics()
        if self._repeated is not None:
            statistics["bg"] = self._repeated.statistics(tally.repeated)
        marker = {
            "start": shard.start,
            "stop": shard.stop,
            "archives": archives,
            "statistics": to_json(statistics),
            "coverage": tally.coverage().tolist(),
            "counts": tally.whole_counts(),
            "rows": tally.rows,
        }
        marker |= {"objects": tally.objects} if self._objects is not None else {}
        marker |= {"files": noted.lines()} if self._dataset.format >= SEALED else {}
        self._dataset.put_note(marker_name(shard.number), marker)


class _Batch(NamedTuple):
    """A batch that waits for its files."""

    samples: list[Sample]
    composites: list[Composite]
    depths: Sequence[DepthSample | Insertion]


def open_maker(place: Path | Store) -> ShardMaker:
    """A maker for the dataset in a folder or store, from what the dataset itself holds."""
    # glibc gives arrays over 128 kB pages of their own and takes them back, until a larger one was freed once:
    # a resize then costs 97 µs instead of 255. Elsewhere this does nothing.
    np.empty(16 << 20, np.uint8)
    return ShardMaker(open_dataset(place))


class Rows:
    """Rows of ``samples.csv`` up to the contact depth, which only the depth's maker knows, and behind it.

    ``number`` is the dataset's format.
    """

    def __init__(self, plan: Plan, number: int = FORMAT) -> None:
        self._long = number >= 2
        layout, recipe = plan.layout, plan.recipe
        self._backgrounds = [stem(layout.background(b)) for b in range(len(recipe.backgrounds))]
        self._foregrounds = [stem(layout.foreground(f, False)) for f in range(len(recipe.foregrounds))]
        self._background_files = [csv_cell(source.file) for source in recipe.backgrounds]
        self._foreground_files = [csv_cell(source.file) for source in recipe.foregrounds]
        known = [f"{one['cy']:g},{one['f']:g},{one['height']:g}" for one in cameras(recipe)["backgrounds"]]
        self._cameras = known or [",,"] * len(recipe.backgrounds)

    def __call__(self, sample: Sample, paths: Paths) -> str:
        """The row of ``sample``, which is its first object's, ending with a comma."""
        background, k = sample.background, sample.k
        foreground, mirrored, x, y, width, height, layer, scale = sample.first
        who = f"{stem(paths.fg_bg)},{self._backgrounds[background]},{self._foregrounds[foreground]}"
        return f"{who},{mirrored:d},{k},{x},{y},{width},{height},{layer},{scale:.6g},"

    def end(self, sample: Sample, composite: Composite) -> str:
        """What stands behind the contact depth, beginning with a comma; nothing in format 1."""
        if not self._long:
            return ""
        x, y, width, height, white = _first_seen(sample, composite)
        background, camera = self.background(sample.background)
        foreground = self._foreground_files[sample.first.foreground]
        return f",{background},{foreground},{x},{y},{width},{height},{white},{camera}"

    def background(self, number: int) -> tuple[str, str]:
        """A background's file, and its camera: horizon and focal length in pixels, height in metres, as cells."""
        return self._background_files[number], self._cameras[number]


def _first_seen(sample: Sample, composite: Composite) -> tuple[int, int, int, int, int]:
    """The least box around what is seen of the first object, and how many pixels that is."""
    if len(sample.objects) == 1:
        return *composite.tight, composite.white
    patches, named = composite.patches, sample.named
    return *box_seen(composite.seen[named], patches[named]), composite.areas[named]


class Tally:
    """What is counted while a shard is made.

    Attributes:
        counts: what the run says of its own quality, by name.
    """

    def __init__(self, composer: Composer) -> None:
        self.rows: list[str] = []
        self.objects: list[str] = []
        self.counts: Counter[str] = Counter()
        self.seconds = dict.fromkeys(PHASES, 0.0)
        self.bytes: Counter[str] = Counter()
        self.repeated: Counter[int] = Counter()
        """How often each background was written beside its samples."""
        self._depth, self._insertions = KindStatistics(), InsertionHistogram()
        self._instances, self._maps = KindStatistics(), 0
        self._indexed: Histogram = np.zeros(256, np.int64)
        self._size = composer.settings.size
        self._shape = (self._size, self._size) if composer.settings.grayscale else (self._size, self._size, 3)
        self._composites, self._grey = CompositeSums(self._shape, composer.background), KindStatistics()
        self._white: list[int] = []

    def add(self, sample: Sample, composite: Composite) -> None:
        """Count one composite and its mask."""
        if len(self._shape) == 2:
            self._grey.add(composite.image, 0)
        else:
            self._composites.add(composite.image, sample.background, *composite.boxes)
        self._white.append(composite.white)

    def add_depth(self, stored: AnyPixels | StoredInsertion) -> None:
        """Count one depth map."""
        if isinstance(stored, StoredInsertion):
            self._insertions.add(stored.base, stored.objects)
        else:
            self._depth.add(stored, 0)

    def add_instances(self, sample: Sample, composite: Composite) -> None:
        """Count one index map."""
        areas, pixels = composite.areas, self._size**2
        for index, area in zip(sample.indices, areas, strict=True):
            self._indexed[index] += area
        self._indexed[0] += pixels - sum(areas)
        self._instances.flat += not any(areas) or max(areas) == pixels
        self._instances.blank += not any(areas)
        self._maps += 1

    def whole_counts(self) -> dict[str, int]:
        """`counts` and what only all samples together tell, by name; nothing that is 0."""
        return {name: number for name, number in sorted((self.counts + self._insertions.flaws()).items()) if number}

    def coverage(self) -> Histogram:
        """(COVERAGES,) masks by the part of the frame that is white."""
        parts = np.array(self._white) * COVERAGES // self._size**2
        return np.bincount(np.minimum(parts, COVERAGES - 1), minlength=COVERAGES)

    def statistics(self) -> dict[str, KindStatistics]:
        """By kind."""
        number = len(self._white)
        image, mask = self._grey, KindStatistics()
        if len(self._shape) == 3 and number:
            image.add_sums(self._composites.sums(), self._shape, 0, number)
        values: Histogram = np.zeros(256, np.int64)
        values[255] = white = sum(self._white)
        values[0] = number * self._size**2 - white
        mask.add_counted(values, self._shape[:2], 0, number)
        mask.blank = self._white.count(0)
        mask.flat = mask.blank + self._white.count(self._size**2)
        self._depth.merge(self._insertions.statistics())
        if self._maps:
            self._instances.add_counted(self._indexed, self._shape[:2], 0, self._maps)
        kinds = dict(zip(PER_SAMPLE, (image, mask, self._depth, self._instances), strict=True))
        for kind, part in kinds.items():
            part.bytes = self.bytes[kind]
        return {kind: part for kind, part in kinds.items() if part.count}
