"""What `verify --quick` takes beside `sha256sum` over the same files, in turns: all of them, the program's start too.

    python benchmarks/quick_verify.py [--samples 64000] [--turns 5]

It draws a project, makes a dataset of it in ZIPs and one in folders in a temporary folder (each 1.2 GB), and reads each
once before: the files are in the page cache, where there is room for them.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from large import make_project

PROGRAM = (sys.executable, "-m", "fgbg_studio")


def taken(command: Sequence[str | Path], folder: Path) -> tuple[float, float]:
    """Seconds by the clock and of processor time."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        list(map(str, command)), cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, busy


def compare(project: Path, out: Path, writer: str, arguments: argparse.Namespace) -> None:
    """Make a dataset by one writer, and read it by both programs."""
    subprocess.run(
        [*PROGRAM, "set", project, f"writer={writer}"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    limits = ("--limit", str(arguments.samples), "--anyway", "--workers", "2")
    subprocess.run(
        [*PROGRAM, "generate", project, "--out", out, *limits],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    manifest = out / ".fgbg/manifest.sha256"
    files = [out / line.split(maxsplit=1)[1] for line in manifest.read_text(encoding="utf-8").splitlines()]
    size = sum(path.stat().st_size for path in files)
    commands = ("sha256sum", "--check", "--quiet", manifest), (*PROGRAM, "verify", "--quick", ".")
    rounds = [[taken(command, out) for command in commands] for _ in range(arguments.turns + 1)][1:]
    start = [taken((*PROGRAM, "--version"), out) for _ in range(arguments.turns)]
    print(f"{writer}: {len(files):,} files, {size / 1e6:,.0f} MB")
    for column, name in enumerate(("by the clock", "of processor time")):
        theirs, ours = (statistics.median(one[program][column] for one in rounds) for program in (0, 1))
        begun = statistics.median(one[column] for one in start)
        # Of two neighbours in time: what else the machine does counts for both.
        ratio = statistics.median(one[1][column] / one[0][column] for one in rounds)
        said = f"sha256sum {theirs:.2f} s, verify --quick {ours:.2f} s, of which {begun:.2f} s its start"
        print(f"  {name}: {said}; ×{ratio:.2f}", flush=True)


def main() -> None:
    """Measure both writers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=64000)
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        placements = -(-arguments.samples // (40 * 40 * 2))
        changes: dict[str, object] = {"placements": placements, "codecs.fg_bg.quality": 100}
        make_project(project, 40, 40, changes)
        for writer in ("zip", "folders"):
            compare(project, Path(folder) / writer, writer, arguments)


if __name__ == "__main__":
    main()
