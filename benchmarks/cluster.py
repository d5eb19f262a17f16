"""What a cluster costs beside the samples: a part of its own against a whole run, and what reads very many markers.

    python -m benchmarks.cluster parts --samples 4000 --rounds 3      # --shards against a whole run, processor time
    python -m benchmarks.cluster markers --shards 100000 --merged 2500

Markers are real files: one real marker, with as many rows as a shard has samples, under other names and places. A
project of the pictures that ship has under three million samples, so that of many shards each stands for fewer of them.
"""

from __future__ import annotations

import argparse
import json
import resource
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
    """Shards one after another in this process: all as one part, and each as one of its own, in turns."""
    project = _project(folder, ("placements", -(-8 * said.samples // 96)), ("shard", said.samples), ("size", said.size))
    out = folder / "out"
    _all(prepare(project, out, Options(writer="zip", workers=1)))
    dataset = open_dataset(out)
    # The first shards of a dataset are smaller.
    whole = [shard.number for shard in dataset.shards if shard.stop - shard.start == said.samples][:4]
    seconds = {"one part": 0.0, "a part for each shard": 0.0}
    ways = {
        "one part": [f"{whole[0]}-{whole[-1]}"],
        "a part for each shard": [str(number) for number in whole],
    }
    for turn in range(said.rounds):
        for name in sorted(ways, reverse=bool(turn % 2)):
            for number in whole:
                (out / marker_name(number)).unlink(missing_ok=True)
            begun = time.process_time()
            for text in ways[name]:
                _all(make_part(out, text, engine="inline"))
            seconds[name] += time.process_time() - begun
    for name, spent in seconds.items():
        print(f"{name}: {spent / said.rounds / len(whole):.3f} s a shard of {said.samples:,}, processor time")
    more = seconds["a part for each shard"] / seconds["one part"] - 1
    print(f"overhead of a part of its own: {more:+.1%} ({4 * said.samples:,} samples, {said.rounds} rounds)")


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
