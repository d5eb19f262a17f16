"""Small datasets for tests: every preset at 64 px, runs in one call, whole trees of bytes to compare."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.open_contents import open_contents
from fgbg_studio.core.dataset.inspect.repair import RepairReport, repair
from fgbg_studio.core.dataset.inspect.survey import Survey, survey
from fgbg_studio.core.dataset.inspect.verify import VerifyReport, quick_verify, verify
from fgbg_studio.core.dataset.record import open_dataset, put_record
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.interfaces.layout import KINDS
from fgbg_studio.core.project import storage

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]

SMALL: dict[str, list[str]] = {
    "studio-256": ["size=64"],
    "scenes-384": ["size=64"],
    "classroom-192": ["size=64", "foreground.sizing.high=24", "foreground.sizing.wide=24", "depth.size=80"],
    "street-224": ["size=64", "foreground.sizing.pixels=30"],
    "office-224": ["size=64", "foreground.sizing.pixels=30"],
    "layers-150": ["size=64", "placement.sizes=[38,30]", "placement.columns=2"],
    "course-200": ["size=64", "foreground.sizing.low=24", "foreground.sizing.high=36"],
}
"""What makes each preset quick: frames of 64 px and foregrounds that fit into them."""


def small(preset: str, *changes: str) -> list[str]:
    """The changes of `SMALL` with two placements and shards of five samples, then ``changes``."""
    return [*SMALL[preset], "placements=2", "shard=5", *changes]


def haze(project: Path) -> str:
    """Make the first foreground of a project one in which nothing is solid, an error of `check`; returns its file."""
    known = storage.load(project)
    first = known.foregrounds[0]
    pixels = np.zeros((first.height, first.width, 4), np.uint8)
    x, y, width, height = first.box
    pixels[y : y + height, x : x + width] = (200, 30, 30, 90)
    data = encode(pixels, Codec("png"))
    (project / first.file).write_bytes(data)
    hazy = first.model_copy(update={"sha256": hashlib.sha256(data).hexdigest()})
    storage.save(project, known.model_copy(update={"foregrounds": (hazy, *known.foregrounds[1:])}))
    return first.file


def last(steps: Iterable[T]) -> T:
    """The last of a long job's steps."""
    step = None
    for step in steps:  # noqa: B007 - only the last counts
        pass
    assert step is not None
    return step


def make(project: Path, out: Path, **options: Any) -> Progress:
    """A whole run in this process unless ``engine`` says otherwise."""
    done = last(generate(project, out, Options(**{"engine": "inline", **options})))
    assert done.finished
    return done


def find(root: Path) -> VerifyReport:
    """What `verify` finds."""
    found = last(verify(root))
    assert isinstance(found, VerifyReport)
    return found


def kinds_of(root: Path) -> list[str]:
    """The kinds of pictures that a dataset of this program has."""
    return [*KINDS[:3], *open_dataset(root).recipe.settings.sample_kinds]


def opened(path: Path) -> Contents:
    """What `open_contents` returns."""
    steps = open_contents(path)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            contents: Contents = end.value
            return contents


def counts(report: VerifyReport) -> dict[str, int]:
    """How many issues there are of each message."""
    return {message: group.count for message, group in report.groups.items()}


def examples(report: VerifyReport) -> dict[str, list[str]]:
    """The first few files of each message."""
    return {message: group.examples for message, group in report.groups.items()}


def change_record(root: Path, **values: Any) -> None:
    """Change ``dataset.json`` as if the program had written it so."""
    put_record(LocalStore(root), {**open_dataset(root).record, **values})


def as_earlier(root: Path, number: int, **values: Any) -> None:
    """Make the record one of an earlier format, which knew neither seals nor hashes."""
    record = {**open_dataset(root).record, **values, "format": number}
    put_record(LocalStore(root), {name: value for name, value in record.items() if name != "hashes"})


def mend(root: Path, project: Path | None = None) -> RepairReport:
    """What `repair` does."""
    done = last(repair(root, project))
    assert isinstance(done, RepairReport)
    return done


def quick(root: Path) -> VerifyReport:
    """What `quick_verify` finds."""
    found = last(quick_verify(root))
    assert isinstance(found, VerifyReport)
    return found


def look(root: Path) -> Survey:
    """What `survey` counts."""
    found = last(survey(root))
    assert isinstance(found, Survey)
    return found


def tree(root: Path) -> dict[str, str]:
    """Relative path → hash of every file below ``root``, hidden ones too, but for the lock."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and path.name != "lock")
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def differing(one: Path, two: Path) -> list[str]:
    """Names of the files in which two trees differ; empty where they are the same."""
    first, second = tree(one), tree(two)
    return sorted(name for name in {*first, *second} if first.get(name) != second.get(name))


def copy(dataset: Path, to: Path) -> Path:
    """A copy of a dataset, to be damaged."""
    shutil.copytree(dataset, to)
    return to


def command(*arguments: str | Path) -> list[str]:
    """The command line of the program itself."""
    return [sys.executable, "-m", "fgbg_studio", *map(str, arguments)]


def environment() -> dict[str, str]:
    """Of a process that runs the program from this source tree."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def run(*arguments: str | Path, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=timeout, env=environment(), check=False
    )
