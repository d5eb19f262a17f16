"""Time and memory of what is long and large: a million samples, a plan of ten million pairs, a window of many pictures.

    python benchmarks/large.py samples [--samples 100000 1000000] [--size 32] [--workers 2] [--keep FOLDER]
    python benchmarks/large.py plan [--backgrounds 2000] [--foregrounds 5000]
    python benchmarks/large.py window [--backgrounds 20000] [--foregrounds 10000] [--seconds 60]

Each makes its project of drawn pictures (64 × 48 pixels and less, every one another file) in a temporary folder, and
runs the program's own commands in processes of their own. Memory is looked at every half second, as Linux counts it:
the greatest resident set of the parent, of any worker, and of all together, pages that processes share counted once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.model import Background, Foreground

MEGABYTE = 1 << 20


@dataclass
class Memory:
    """The greatest figures of a process and those that it started, in bytes."""

    parent: int = 0
    worker: int = 0
    together: int = 0
    last: dict[str, int] = field(default_factory=dict)

    def look(self, process: int) -> None:
        """Take what holds at this moment."""
        below = [int(one) for one in _read(f"/proc/{process}/task/{process}/children").split()]
        shared = [_kilobytes(f"/proc/{one}/smaps_rollup", "Pss") for one in (process, *below)]
        own = [_kilobytes(f"/proc/{one}/status", "VmRSS") for one in (process, *below)]
        self.last = {"parent": own[0], "worker": max(own[1:], default=0)}
        self.parent, self.worker = max(self.parent, own[0]), max(self.worker, *own[1:], 0)
        self.together = max(self.together, sum(shared))

    def said(self) -> str:
        """One line."""
        parts = {"parent": self.parent, "largest worker": self.worker, "all together": self.together}
        return ", ".join(f"{name} {value / MEGABYTE:,.0f} MB" for name, value in parts.items())


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError:  # it has ended
        return ""


def _kilobytes(file: str, name: str) -> int:
    lines = (line.split() for line in _read(file).splitlines())
    return next((int(words[1]) * 1024 for words in lines if words and words[0] == f"{name}:"), 0)


def run(command: Sequence[str | Path], name: str) -> str:
    """Run a command of the program's, say what it took, and give what it said."""
    memory, begun = Memory(), time.monotonic()
    before = os.times()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = subprocess.Popen([sys.executable, *map(str, command)], stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            memory.look(process.pid)
            time.sleep(0.5 if time.monotonic() - begun > 5 else 0.05)
        output.seek(0)
        words = output.read()
    seconds, after = time.monotonic() - begun, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"{name}: {seconds:,.1f} s, {used:,.1f} s of processor time; {memory.said()}", flush=True)
    if process.returncode:
        sys.exit(f"{words}\n{name} ended with {process.returncode}")
    return words


def drawn(number: int, width: int, height: int) -> Pixels:
    """(height, width, 3): a picture that no other number has."""
    rng = np.random.default_rng(number)
    rows, columns = np.mgrid[0:height, 0:width] / max(width, height)
    slope, base = rng.uniform(-90, 90, (2, 3)), rng.uniform(90, 160, 3)
    picture = base + rows[..., None] * slope[0] + columns[..., None] * slope[1]
    picture[: height // 3] += 30
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def make_project(folder: Path, backgrounds: int, foregrounds: int, changes: dict[str, object]) -> None:
    """A project of so many drawn pictures, each stored as adding it would; judging them is left out."""
    storage.create(folder, "studio-256", {"background.min_side": 8, "background.max_side": None, **changes})
    made: list[Background] = []
    for number in range(backgrounds):
        file, sha256 = _stored(folder, f"backgrounds/bg_{number}.png", drawn(number, 64, 48))
        made.append(
            Background(file=file, sha256=sha256, width=64, height=48, fingerprint=number * 2654435761 % 2**64, mean=120)
        )
    cut: list[Foreground] = []
    for number in range(foregrounds):
        rgba = np.dstack([drawn(number, 12, 20), np.zeros((20, 12), np.uint8)])
        rgba[2:18, 2:10, 3] = 255
        file, sha256 = _stored(folder, f"foregrounds/fg_{number}.png", rgba)
        box = (2, 2, 8, 16)
        cut.append(Foreground(file=file, sha256=sha256, width=12, height=20, box=box, contour=box))
    project = storage.load(folder)
    storage.save(folder, project.model_copy(update={"backgrounds": tuple(made), "foregrounds": tuple(cut)}))


def _stored(folder: Path, file: str, pixels: Pixels) -> tuple[str, str]:
    data = encode(pixels, Codec())
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_bytes(data)
    return file, hashlib.sha256(data).hexdigest()


PROGRAM = ("-m", "fgbg_studio")


def samples(work: Path, arguments: argparse.Namespace) -> None:
    """Datasets of so many samples in ZIPs, each then read as the window and `verify --quick` read it."""
    for count in arguments.samples:
        project, out = work / f"project-{count}", work / f"dataset-{count}"
        changes: dict[str, object] = {
            "size": arguments.size, "depth.size": arguments.size, "placements": -(-count // (100 * 100 * 2)),
            "foreground.sizing.pixels": arguments.size // 2, "writer": "zip",
        }  # fmt: skip
        make_project(project, 100, 100, changes)
        limit = ("--limit", str(count))
        run([*PROGRAM, "generate", project, "--out", out, "--workers", str(arguments.workers), *limit, "--anyway"],
            f"{count:,} samples of {arguments.size} px")  # fmt: skip
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
        print(f"  {size / 1e9:.2f} GB in {sum(path.is_file() for path in out.rglob('*')):,} files")
        run([*PROGRAM, "verify", "--quick", out], "  verify --quick")
        print(f"  {run(['-c', OPEN, out], '  its contents and statistics, as the window reads them').strip()}")


OPEN = """
import sys, time
from pathlib import Path
from fgbg_studio.core.dataset.inspect.open_contents import open_contents

begun = time.monotonic()
steps = open_contents(Path(sys.argv[1]))
while True:
    try:
        next(steps)
    except StopIteration as end:
        contents = end.value
        break
opened = time.monotonic()
every = contents.numbers()
numbers = every[:: max(len(every) // 200, 1)]
for number in numbers:
    for kind in contents.sample_kinds:
        contents.pixels(kind, number)
    contents.triple(number)
read = time.monotonic()
of_one = [len(contents.numbers(background=0)), len(contents.numbers(foreground=0)), len(contents.numbers(3, 4))]
last = contents.find(contents.name("fg_bg", every[-1]))
print(f"opened in {opened - begun:.2f} s, {len(numbers)} samples read in {read - opened:.2f} s, "
      f"{of_one} of one and the last found in {time.monotonic() - read:.2f} s; the last is {last:,}")
"""


def plan(work: Path, arguments: argparse.Namespace) -> None:
    """What `plan` and `check` take for a project of many pictures."""
    make_project(work / "project", arguments.backgrounds, arguments.foregrounds, {})
    for command in ("plan", "check"):
        name = f"{command} of {arguments.backgrounds:,} × {arguments.foregrounds:,}"
        try:
            run([*PROGRAM, command, work / "project"], name)
        except SystemExit as end:  # `check` has something to say of drawn pictures
            if "Traceback" in str(end):
                raise


def window(work: Path, arguments: argparse.Namespace) -> None:
    """How long the window takes to open a project of many pictures and to show each of its places once."""
    if not (work / "project").exists():
        make_project(work / "project", arguments.backgrounds, arguments.foregrounds, {})
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    name = f"window with {arguments.backgrounds:,} backgrounds and {arguments.foregrounds:,} foregrounds"
    print(run(["-c", SHOW, str(work / "project"), str(work), str(arguments.seconds)], name))


SHOW = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QEventLoop, QSettings
from PySide6.QtWidgets import QApplication
from fgbg_studio.gui.app.main_window import PLACES, MainWindow
from fgbg_studio.gui.app.start_window import take_down
from fgbg_studio.gui.lib.memory import keep_less
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.session.session import Session

def memory():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS")) // 1024

turns = []

def settle(condition, most=float(sys.argv[3])):
    begun = time.monotonic()
    while not condition() and time.monotonic() - begun < most:
        busy = time.thread_time()
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
        turns.append(1000 * (time.thread_time() - busy))
        time.sleep(0.002)
    return time.monotonic() - begun

def longest():
    three = ", ".join(f"{turn:.0f}" for turn in sorted(turns)[:-4:-1])
    turns.clear()
    return f"the longest turns took {three} ms of processor time"

keep_less()
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, sys.argv[2] + "/settings")
app = QApplication(sys.argv[:1])
theme.start(app, "dark")
window = MainWindow(Session())
window.resize(1280, 800)
window.show()
begun = time.monotonic()
window.open_project(Path(sys.argv[1]))
settle(lambda: window.session.is_open)
print(f"open after {time.monotonic() - begun:.1f} s, {memory()} MB; {longest()}")
for place in PLACES:
    busy = time.thread_time()
    window.workspace.show_place(place.place)
    turns.append(1000 * (time.thread_time() - busy))
    waited = settle(lambda: not window.session.jobs.busy)
    rest = f"at work after {waited:.0f} s" if window.session.jobs.busy else f"at rest in {waited:.1f} s"
    print(f"{place.place}: {memory()} MB, {rest}; {longest()}", flush=True)
window.session.jobs.stop()
window.session.close()
window.close()
take_down(app, window)
"""


@contextmanager
def folder_of(kept: Path | None) -> Iterator[Path]:
    """Where it is tried: ``kept``, or a folder that goes at the end."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="a folder that stays, instead of a temporary one")
    kinds = parser.add_subparsers(required=True)
    made: dict[str, tuple[Callable[[Path, argparse.Namespace], None], int, int]] = {
        "samples": (samples, 0, 0), "plan": (plan, 2000, 5000), "window": (window, 20_000, 10_000),
    }  # fmt: skip
    for name, (measure, backgrounds, foregrounds) in made.items():
        kind = kinds.add_parser(name)
        kind.set_defaults(measure=measure)
        if name == "samples":
            kind.add_argument("--samples", type=int, nargs="+", default=[100_000, 1_000_000])
            kind.add_argument("--size", type=int, default=32)
            kind.add_argument("--workers", type=int, default=2)
        else:
            kind.add_argument("--backgrounds", type=int, default=backgrounds)
            kind.add_argument("--foregrounds", type=int, default=foregrounds)
            kind.add_argument("--seconds", type=float, default=60, help="in each place of the window, at most")
    arguments = parser.parse_args()
    with folder_of(arguments.keep) as work:
        arguments.measure(work, arguments)


if __name__ == "__main__":
    main()
