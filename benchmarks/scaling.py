"""Time per sample and memory of a worker, by the number of samples.

    python benchmarks/scaling.py [--counts 4000 40000 400000] [--writer null] [--depth none] [--rounds 3]

The counts are run in turn, round after round, so that a machine whose speed drifts slows all alike. Time is that
of making samples, without the start of the processes; memory the largest resident set of any worker.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fgbg_studio.core import project as projects
from fgbg_studio.core.adding import add_backgrounds, add_foregrounds
from fgbg_studio.core.generate import Options, generate


def make_project(folder: Path, scenes: Path, samples: int, changes: list[str]) -> None:
    """A project of all scenes with as many placements as the largest count needs."""
    projects.create(folder, "studio-256", ["placements=1", *changes])
    added = [*add_backgrounds(folder, [scenes / "bg"]), *add_foregrounds(folder, [scenes / "fg"])]
    project = projects.load(folder)
    pairs = len(project.backgrounds) * len(project.foregrounds) * 2
    assert all(verdict.picture for verdict in added)
    projects.save(folder, projects.changed(project, [f"placements={-(-samples // pairs)}"]))


def measure(folder: Path, out: Path, options: Options) -> tuple[float, float]:
    """(microseconds a sample, megabytes of the largest worker) of one run."""
    begun, before, ended, done = 0.0, 0, 0.0, 0
    for step in generate(folder, out, options):
        if step.phase == "making samples" and step.done:
            if not begun:
                begun, before = time.perf_counter(), step.done
            ended, done = time.perf_counter(), step.done
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return (ended - begun) / max(done - before, 1) * 1e6, peak


def main() -> None:
    """Run the counts, each in a process of its own, and print medians."""
    here = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=Path, default=here.parent / "shared" / "data" / "scenes")
    parser.add_argument("--counts", type=int, nargs="+", default=[4000, 40_000, 400_000])
    parser.add_argument("--writer", default="null")
    parser.add_argument("--depth", default="none")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--set", dest="changes", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        folder, out, count = arguments.one
        options = Options(int(count), arguments.workers, arguments.depth, arguments.writer)
        print(json.dumps(measure(Path(folder), Path(out), options)))
        return
    work = Path(tempfile.mkdtemp(prefix="fgbg-scaling-"))
    make_project(work / "project", arguments.scenes, max(arguments.counts), arguments.changes)
    found: dict[int, list[tuple[float, float]]] = {count: [] for count in arguments.counts}
    for number in range(arguments.rounds):
        for count in arguments.counts:
            one = ["--one", str(work / "project"), str(work / f"{number}-{count}"), str(count)]
            printed = subprocess.run([sys.executable, *sys.argv, *one], check=True, capture_output=True, text=True)
            found[count].append(tuple(json.loads(printed.stdout)))
    print(f"writer {arguments.writer}, depth {arguments.depth}, medians of {arguments.rounds}")
    print(f"{'samples':>9}{'µs a sample':>14}{'µs a further one':>18}{'worker, MB':>13}")
    known, spent = 0, 0.0
    for count, values in found.items():
        time_each = statistics.median(v[0] for v in values)
        # What a longer run takes more than the one before it: without the first decoding of every picture.
        further = (time_each * count - spent) / (count - known)
        known, spent = count, time_each * count
        print(f"{count:>9,}{time_each:>14.1f}{further:>18.1f}{max(v[1] for v in values):>13.0f}")
    shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
