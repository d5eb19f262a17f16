"""What a cluster costs beside the samples: a process for each shard against the local pool, and very many markers.

    python -m benchmarks.cluster parts --samples 4000 --rounds 3      # --shards against the local pool, processor time
    python -m benchmarks.cluster markers --shards 100000 --merged 2500

Markers are real files: one real marker, with as many rows as a shard has samples, under other names and places. A
project of the pictures that ship has under three million samples, so that of many shards each stands for fewer of them.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fgbg_studio.core.base.seal import sealed, unsealed
from fgbg_studio.core.base.words import human_bytes
from fgbg_studio.core.dataset.finished import Finished
from fgbg_studio.core.dataset.record import done_markers, marker_name, open_dataset
from fgbg_studio.core.dataset.run import Options, make_part, prepare
from fgbg_studio.core.dataset.status import status_of
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.demo import make_demo

_MOST = 2_800_000  # samples of the demo's pictures, about


def main() -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("parts", "markers"))
    parser.add_argument("--samples", type=int, default=4000, help="of a shard")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parts", type=int, default=8, help="shards that are made each time")
    parser.add_argument("--shards", type=int, default=100_000, help="markers that are listed")
    parser.add_argument("--merged", type=int, default=2500, help="of them that are read")
    parser.add_argument("--size", type=int, default=256, help="pixels of a frame's side")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (parts if said.what == "parts" else markers)(Path(folder), said)


def _project(folder: Path, *changes: tuple[str, object]) -> Path:
    for _ in make_demo(folder / "project", "studio-256"):
        pass
    project = storage.load(folder / "project")
    storage.save(folder / "project", storage.changed(project, dict(changes)))
    return folder / "project"


def _all(steps: object) -> None:
    for _ in steps:  # type: ignore[attr-defined]
        pass


def parts(folder: Path, said: argparse.Namespace) -> None:
    """Shards in processes of the command line: by the local pool, in one process, and each in a process of its own."""
    project = _project(
        folder, ("placements", -(-12 * said.samples // 96)), ("shard", said.samples), ("size", said.size)
    )
    out = folder / "out"
    _all(prepare(project, out, Options(writer="zip", workers=1)))
    # The first shards of a dataset are smaller.
    shards = open_dataset(out).shards
    whole = [shard.number for shard in shards if shard.stop - shard.start == said.samples][: said.parts]
    every = f"{whole[0]}-{whole[-1]}"
    ways = {
        "the local pool of two": [(every, 2)],
        "one process": [(every, 1)],
        "a process for each shard": [(str(number), 1) for number in whole],
    }
    seconds = dict.fromkeys(ways, 0.0)
    for turn in range(said.rounds):
        for name in sorted(ways, reverse=bool(turn % 2)):
            for number in whole:
                (out / marker_name(number)).unlink(missing_ok=True)
            begun = _of_children()
            for text, workers in ways[name]:
                asked = ("generate", "--shards", text, "--out", str(out), "--workers", str(workers))
                subprocess.run([sys.executable, "-m", "fgbg_studio", *asked], check=True, capture_output=True)
            seconds[name] += _of_children() - begun
    pool = next(iter(seconds.values()))
    for name, spent in seconds.items():
        each = spent / said.rounds / len(whole)
        print(f"{name}: {each:.3f} s of processor a shard of {said.samples:,}, {spent / pool - 1:+.1%}")
    print(f"{len(whole)} shards, {said.rounds} rounds")


def _of_children() -> float:
    """Seconds of processor that the processes which ended took, with those that they had started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def markers(folder: Path, said: argparse.Namespace) -> None:
    """A dataset with so many markers: how long it takes to list and to merge them, and what memory that takes."""
    of = min(max(_MOST // said.shards, 1), said.samples)
    changes = ("placements", 10_000), ("shard", of), ("size", 64)
    project, out = _project(folder, *changes), folder / "out"
    _all(prepare(project, out, Options(writer="null", workers=1)))
    dataset = open_dataset(out)
    shards = [shard for shard in dataset.shards if shard.stop - shard.start == of]
    _all(make_part(out, str(shards[0].number), engine="inline"))
    marker = unsealed((out / marker_name(shards[0].number)).read_bytes())
    marker |= {key: (marker[key] * (said.samples // of + 1))[: said.samples] for key in ("rows", "files")}
    for shard in shards[: said.merged]:
        text = json.dumps({**marker, "start": shard.start, "stop": shard.stop})
        (out / marker_name(shard.number)).write_bytes(sealed(text))
    size = (out / marker_name(shards[0].number)).stat().st_size
    for shard in shards[said.merged : said.shards]:
        (out / marker_name(shard.number)).write_bytes(b"")
    print(f"{len(shards):,} shards; a marker with {said.samples:,} rows has {human_bytes(size)}; {_memory()} before")
    begun = time.process_time()
    found = status_of(out)
    print(f"status of {found.shards:,} markers: {time.process_time() - begun:.2f} s processor time, {_memory()}")
    begun, finished, count = time.process_time(), Finished(dataset), 0
    for _, one in done_markers(dataset, shards[: said.merged]):
        finished.add(one)
        count += 1
    spent = time.process_time() - begun
    each = spent / max(count, 1) * 1e3
    print(f"merging {count:,} markers: {spent:.1f} s processor time, {each:.1f} ms each, {_memory()}")


def _memory() -> str:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return f"{human_bytes(most)} at most"


if __name__ == "__main__":
    main()
