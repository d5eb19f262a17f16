"""Time per sample and memory of a worker, by how many samples it has made.

    python benchmarks/scaling.py [--counts 4000 40000 400000] [--writer null] [--depth none]

Each count has a worker process of its own, which is replaced by a new one when it has made so many samples. The
workers take turns at the same shards, one after the other on one core: whatever the machine does, and however much
harder one background is to code than another, meets all counts alike. Time is that of making the samples, with the
first decoding of every picture; the start of the processes is not in it. Memory is the largest resident set of any
worker of the count.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cv2

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.dataset.shard import ShardMaker, open_maker
from fgbg_studio.core.dataset.shards import shards_of
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds

_makers: list[ShardMaker] = []
cv2.setNumThreads(1)  # as in the program's workers


def prepare(work: Path, scenes: Path, samples: int, options: Options, changes: list[str]) -> tuple[Path, list[Shard]]:
    """A dataset of all scenes with so many samples, of which none is made yet, and its shards."""
    folder, out = work / "project", work / "dataset"
    storage.create(folder, "studio-256", {"placements": 1, **parsed(changes)})
    added = [*add_backgrounds(folder, [scenes / "bg"]), *add_foregrounds(folder, [scenes / "fg"])]
    assert all(verdict.picture for verdict in added)
    project = storage.load(folder)
    pairs = len(project.backgrounds) * len(project.foregrounds) * 2
    storage.save(folder, storage.changed(project, {"placements": -(-samples // pairs)}))
    for step in generate(folder, out, options):
        if step.phase == "making samples":
            break
    return out, shards_of(samples, project.settings.shard)


def begin(out: Path) -> None:
    """Run once in a worker's process."""
    _makers.append(open_maker(out))


def make(shard: Shard) -> tuple[float, float]:
    """Seconds that a shard takes, and the largest resident set so far, in megabytes."""
    begun = time.perf_counter()
    _makers[0].make(shard, EventControl(), lambda _: None)
    return time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Worker:
    """The worker of one count."""

    def __init__(self, out: Path, count: int) -> None:
        self.count, self.seconds, self.samples, self.peak = count, 0.0, 0, 0.0
        self._out, self._made = out, 0
        self._pool: ProcessPoolExecutor | None = None

    def make(self, shard: Shard) -> None:
        """Make a shard, in a new process where the last one has made its count."""
        if self._pool is None or self._made >= self.count:
            self.close()
            spawn = multiprocessing.get_context("spawn")
            self._pool, self._made = ProcessPoolExecutor(1, spawn, begin, (self._out,)), 0
            self._pool.submit(int).result()
        seconds, peak = self._pool.submit(make, shard).result()
        self.seconds += seconds
        self.peak = max(self.peak, peak)
        self.samples += shard.stop - shard.start
        self._made += shard.stop - shard.start

    def close(self) -> None:
        """End its process."""
        if self._pool is not None:
            self._pool.shutdown()


def main() -> None:
    """Make all shards once for each count and print what a sample took."""
    here = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=Path, default=here.parent / "shared" / "data" / "scenes")
    parser.add_argument("--counts", type=int, nargs="+", default=[4000, 40_000, 400_000])
    parser.add_argument("--writer", default="null")
    parser.add_argument("--depth", default="none")
    parser.add_argument("--set", dest="changes", nargs="*", default=[])
    arguments = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="fgbg-scaling-"))
    total = max(arguments.counts)
    options = Options(total, 1, arguments.depth, arguments.writer)
    out, shards = prepare(work, arguments.scenes, total, options, arguments.changes)
    workers = [Worker(out, count) for count in arguments.counts]
    for number, shard in enumerate(shards):
        for worker in workers[number % len(workers) :] + workers[: number % len(workers)]:
            worker.make(shard)
    print(f"{total:,} samples for each count, writer {arguments.writer}, depth {arguments.depth}")
    print(f"{'samples of a worker':>20}{'µs a sample':>14}{'worker, MB':>13}")
    for worker in workers:
        worker.close()
        print(f"{worker.count:>20,}{worker.seconds / worker.samples * 1e6:>14.1f}{worker.peak:>13.0f}")
    shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
