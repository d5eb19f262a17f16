"""Composites and masks a second: the plain loop, this program by writer and cores, and the two limits.

    python benchmarks/compose.py [--scenes FOLDER] [--size 192 224] [--samples 8000] [--rounds 5] [--json FILE]

Every row is measured in one run, round by round, so that a machine whose speed drifts slows all rows alike;
the table gives medians and ratios. Rows:

- ``plain loop``: what a notebook does: read both pictures, paste bit by bit, ``imwrite`` two JPEGs;
- ``ours``: `generate` without depth, statistics, table of samples and sync of every shard included, JPEGs
  spliced from their background's; ``whole`` the same with every JPEG coded as a whole;
- ``encoding only``: the same composites and masks encoded in that way, nothing else done;
- ``writing only``: as many files or archives of the same bytes written, nothing encoded.

The last line says what a sample's parts take on one process. Nothing is deleted before the end, as ext4 makes files
ten times slower for a while after a mass deletion: wait some minutes before another run.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.run import Options, chosen_recipe, generate
from fgbg_studio.core.dataset.shard import Rows, Tally
from fgbg_studio.core.interfaces.writer import Writer
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds

QUALITY = 90
cv2.setNumThreads(1)  # as in the program's workers


def naive(arguments: tuple[list[Path], list[Path], Path, int, int, int]) -> int:
    """The plain loop over samples start..stop: as the hand-made datasets were made."""
    backgrounds, foregrounds, out, size, start, stop = arguments
    rng = np.random.default_rng(start)
    flags = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    for number in range(start, stop):
        background = cv2.imread(str(backgrounds[number // 40 % len(backgrounds)]))
        cutout = cv2.imread(str(foregrounds[number % len(foregrounds)]), cv2.IMREAD_UNCHANGED)
        height, width = cutout.shape[:2]
        x, y = int(rng.integers(size - width + 1)), int(rng.integers(size - height + 1))
        mask = cv2.threshold(cutout[..., 3], 127, 255, cv2.THRESH_BINARY)[1]
        place = background[y : y + height, x : x + width]
        kept = cv2.bitwise_and(place, place, mask=cv2.bitwise_not(mask))
        background[y : y + height, x : x + width] = cv2.add(
            kept, cv2.bitwise_and(cutout[..., :3], cutout[..., :3], mask=mask)
        )
        whole = np.zeros((size, size), np.uint8)
        whole[y : y + height, x : x + width] = mask
        cv2.imwrite(str(out / f"fg_bg_{number}.jpg"), background, flags)
        cv2.imwrite(str(out / f"mask_{number}.jpg"), whole, flags)
    return stop - start


def encode_only(arguments: tuple[Path, Path, int, int]) -> float:
    """Seconds to encode the composites and masks start..stop of the project, which are made beforehand."""
    project, store, start, stop = arguments
    recipe = chosen_recipe(storage.load(project), Options(depth="none"))
    plan, composer = Plan(recipe), Composer(Pictures(recipe, LocalStore(store), project))
    encoder, seconds = SampleEncoder(composer, None), 0.0
    for begin in range(start, stop, 64):
        samples = plan[begin : min(begin + 64, stop)]
        made = [(sample, composer(sample)) for sample in samples]
        clock = time.perf_counter()
        for sample, composite in made:
            encoder.composite(sample, composite)
            encoder.mask(composite)
        seconds += time.perf_counter() - clock
    return seconds


def write_only(arguments: tuple[Path, str, list[tuple[int, int]], str, int, int]) -> None:
    """Write files of these sizes by a writer, in shards of two thousand as a run does."""
    out, writer_name, sizes, layout_name, start, stop = arguments
    from fgbg_studio.core.interfaces.layout import Layout

    layout, writer, zeros = Layout.from_dict(layout_name), Writer.from_dict(writer_name), os.urandom(1 << 18)
    for begin in range(start, stop, 2000):
        shard = writer.open(LocalStore(out), f"{begin // 2000:05}", layout)
        for number in range(begin, min(begin + 2000, stop)):
            image, mask = sizes[number % len(sizes)]
            folder = f"bg_{number // 2000:03}"
            shard.add("fg_bg", f"fg_bg/{folder}/{number:06}.jpg", zeros[:image])
            shard.add("mask", f"mask/{folder}/{number:06}.png", zeros[:mask])
        shard.finish()


class Bench:
    """The rows over one project and one folder for what they write."""

    def __init__(self, scenes: Path, size: int, samples: int, work: Path) -> None:
        self.size, self.samples, self.work = size, samples, work
        self.cores, self.count = os.cpu_count() or 1, 0
        self.project, self.whole = work / "project", work / "whole"
        changes = {"size": size, "placement": "uniform", "foreground.sizing.pixels": round(size * 105 / 192),
                   "foreground.decontaminate": False, "codecs.fg_bg.quality": QUALITY, "name": "bench"}  # fmt: skip
        for folder, splice in ((self.project, True), (self.whole, False)):
            storage.create(folder, "studio-256", {**changes, "codecs.fg_bg.splice": splice})
            pictures = (*add_backgrounds(folder, [scenes / "bg"]), *add_foregrounds(folder, [scenes / "fg"]))
            assert all(verdict.picture for verdict in pictures)
            self._drop_wide(folder)
        self.backgrounds, self.foregrounds = self._sources()
        self.sizes: list[tuple[int, int]] = []

    def fresh(self, name: str) -> Path:
        """A folder of its own for each row and round."""
        self.count += 1
        return self.work / f"{self.count:03}-{name}"

    def naive(self, workers: int) -> float:
        """Seconds of the plain loop on so many processes."""
        out = self.fresh("plain")
        out.mkdir()
        edges = np.linspace(0, self.samples, workers + 1).astype(int)
        parts = [(self.backgrounds, self.foregrounds, out, self.size, a, b) for a, b in itertools.pairwise(edges)]
        return self._timed(naive, parts, workers)

    def ours(self, writer: str, workers: int, *, whole: bool = False) -> float:
        """Seconds of the making of samples, without the start of the processes and the card at the end."""
        out = self.fresh(writer)
        options = Options(self.samples, workers, "none", writer)
        begun = None
        for step in generate(self.whole if whole else self.project, out, options):
            if begun is None and step.phase == "making samples" and step.done:
                begun, before = time.perf_counter(), step.done
            if step.phase == "making samples":
                ended = time.perf_counter()
        assert begun is not None
        if not self.sizes:
            found = step.statistics
            self.sizes = [(found["fg_bg"].bytes // self.samples, found["mask"].bytes // self.samples)]
        return (ended - begun) * self.samples / (self.samples - before)

    def encoding(self, workers: int, *, whole: bool = False) -> float:
        """Seconds of encoding alone, the slowest process's."""
        edges = np.linspace(0, self.samples, workers + 1).astype(int)
        store = self.work / "store"
        project = self.whole if whole else self.project
        parts = [(project, store, int(a), int(b)) for a, b in itertools.pairwise(edges)]
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            return max(pool.map(encode_only, parts))

    def writing(self, writer: str, workers: int) -> float:
        """Seconds of writing alone."""
        out = self.fresh(f"write-{writer}")
        out.mkdir()
        step = -(-self.samples // workers // 2000) * 2000
        parts = [
            (out, writer, self.sizes, "studio", a, min(a + step, self.samples)) for a in range(0, self.samples, step)
        ]
        return self._timed(write_only, parts, workers)

    def _timed(self, work: Callable[..., object], parts: list[tuple[object, ...]], workers: int) -> float:
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            pool.map(int, range(workers * 4))  # the processes' start is not what is measured
            begun = time.perf_counter()
            pool.map(work, parts, chunksize=1)
            return time.perf_counter() - begun

    def _drop_wide(self, folder: Path) -> None:
        """Reject cutouts that are wider than the frame at their height."""
        project = storage.load(folder)
        pixels = round(self.size * 105 / 192)
        kept = tuple(f for f in project.foregrounds if f.box[2] / f.box[3] * pixels < self.size - 1)
        storage.save(folder, project.model_copy(update={"foregrounds": kept}))

    def _sources(self) -> tuple[list[Path], list[Path]]:
        """Prepared pictures as files: what the plain loop reads."""
        recipe = chosen_recipe(storage.load(self.project), Options(depth="none"))
        composer = Composer(Pictures(recipe, LocalStore(self.work / "store"), self.project))
        list(composer.pictures.prepare())
        folder = self.work / "plain-sources"
        folder.mkdir()
        backgrounds, foregrounds = [], []
        for number in range(len(recipe.backgrounds)):
            backgrounds.append(folder / f"bg{number}.jpg")
            cv2.imwrite(str(backgrounds[-1]), composer.background(number)[..., ::-1])
        for sample in Plan(recipe)[: len(recipe.foregrounds) * 40 : 40]:
            one = sample.first
            foregrounds.append(folder / f"fg{one.foreground}.png")
            rgba = composer.sized(one.foreground, False, one.width, one.height)
            cv2.imwrite(str(foregrounds[-1]), rgba[..., [2, 1, 0, 3]])
        return backgrounds, foregrounds

    def parts(self) -> dict[str, float]:
        """Microseconds a sample of each part of the work but writing, on one process."""
        recipe = chosen_recipe(storage.load(self.project), Options(depth="none"))
        plan, composer = Plan(recipe), Composer(Pictures(recipe, LocalStore(self.work / "store"), self.project))
        encoder, rows, clock = SampleEncoder(composer, None), Rows(plan), time.perf_counter
        for _ in range(2):  # the first time fills the caches
            seconds = dict.fromkeys(("compose", "statistics", "JPEG", "mask", "names and rows"), 0.0)
            tally = Tally(composer)
            for sample in plan[: self.samples]:
                times = [clock()]
                composite = composer(sample)
                times.append(clock())
                tally.add(sample, composite)
                times.append(clock())
                encoder.composite(sample, composite)
                times.append(clock())
                encoder.mask(composite)
                times.append(clock())
                tally.rows.append(rows(sample, plan.paths(sample)))
                times.append(clock())
                for part, (start, stop) in zip(seconds, itertools.pairwise(times), strict=True):
                    seconds[part] += stop - start
            start = clock()
            tally.statistics()
            seconds["statistics"] += clock() - start
        return {part: value / self.samples * 1e6 for part, value in seconds.items()}


def main() -> None:
    """Measure, print a table for each size, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = Path(__file__).resolve().parents[1]
    parser.add_argument("--scenes", type=Path, default=here.parent / "shared" / "data" / "scenes")
    parser.add_argument("--size", type=int, nargs="+", default=[192, 224])
    parser.add_argument("--samples", type=int, default=8000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    work, data = Path(tempfile.mkdtemp(prefix="fgbg-bench-")), []
    for size in arguments.size:
        folder = work / str(size)
        folder.mkdir()
        bench = Bench(arguments.scenes, size, arguments.samples, folder)
        data.append(report(measured(bench, arguments.rounds), bench, arguments.rounds))
    if arguments.json:
        arguments.json.write_text(json.dumps(data, indent=1))
    shutil.rmtree(work, ignore_errors=True)


def measured(bench: Bench, rounds: int) -> dict[str, list[float]]:
    """Seconds of every row in every round."""
    bench.ours("null", 1)  # warms up, and tells the files' sizes for the row of writing only
    rows: dict[str, Callable[[], float]] = {}
    for cores in sorted({1, bench.cores}):
        rows[f"plain loop, {cores} process"] = lambda n=cores: bench.naive(n)
        for writer in ("folders", "zip", "tar", "null"):
            rows[f"ours, {writer}, {cores} process"] = lambda w=writer, n=cores: bench.ours(w, n)
        rows[f"ours, zip, whole, {cores} process"] = lambda n=cores: bench.ours("zip", n, whole=True)
        rows[f"encoding only, {cores} process"] = lambda n=cores: bench.encoding(n)
        rows[f"encoding only, whole, {cores} process"] = lambda n=cores: bench.encoding(n, whole=True)
        for writer in ("folders", "zip"):
            rows[f"writing only, {writer}, {cores} process"] = lambda w=writer, n=cores: bench.writing(w, n)
    seconds: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, row in rows.items():
            seconds[name].append(row())
    return seconds


def report(seconds: dict[str, list[float]], bench: Bench, rounds: int) -> dict[str, object]:
    """Print medians and ratios, the reference being the plain loop on all cores; all of it as data."""
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    plain, parts = medians[f"plain loop, {bench.cores} process"], bench.parts()
    print(f"{bench.samples:,} samples of {bench.size} × {bench.size} px, JPEG {QUALITY}, PNG masks, "
          f"{bench.cores} cores, medians of {rounds}")  # fmt: skip
    print(f"{'row':<36}{'a second':>10}{'× plain':>10}{'of encoding whole':>19}{'of encoding':>13}")
    for name, value in medians.items():
        process = name.rpartition(", ")[2]
        limits = [medians[f"encoding only, {way}{process}"] for way in ("whole, ", "")]
        shares = "".join(f"{limit / value:>{wide}.2f}" for limit, wide in zip(limits, (19, 13), strict=True))
        print(f"{name:<36}{bench.samples / value:>10,.0f}{plain / value:>10.2f}{shares}")
    print("µs a sample, 1 process: " + ", ".join(f"{part} {value:.1f}" for part, value in parts.items()) + "\n")
    data = {"size": bench.size, "samples": bench.samples, "cores": bench.cores}
    return {**data, "seconds": seconds, "parts": parts}


if __name__ == "__main__":
    sys.exit(main())
