"""``kill -9`` at any moment, then the same command: the same bytes as an uninterrupted run."""

from __future__ import annotations

import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fgbg_studio.core.base.large_file import LocalFile
from tests.conftest import longer
from tests.helpers.datasets import command, differing, environment, find, make, small, tree
from tests.helpers.processes import wait_until_gone

MakeProject = Callable[..., Path]
CHANGES = [*small("street-224"), "placements=30", "shard=10"]
"""2 × 2 × 2 × 30 = 240 samples in 24 shards, with label files."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


@pytest.fixture(scope="module")
def project(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("project"), "street-224", changes=CHANGES)


@pytest.fixture(scope="module", params=["folders", "zip", "tar"])
def reference(request: pytest.FixtureRequest, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An uninterrupted run by each writer; the folder is called as the writer."""
    out = tmp_path_factory.mktemp("reference") / str(request.param)
    make(project, out, writer=request.param)
    return out


def begin(project: Path, out: Path, writer: str, workers: int = 2) -> subprocess.Popen[bytes]:
    """Begin the command in a session of its own, so that nothing but itself is killed with it."""
    arguments = command("generate", project, "--out", out, "--writer", writer, "--workers", str(workers))
    return subprocess.Popen(arguments, env=environment(), stderr=subprocess.DEVNULL, start_new_session=True)


def signs(out: Path) -> Iterator[bool]:
    """Moments of a run, by what it has left on the disk by then."""
    shards = out / ".fgbg" / "shards"
    yield (out / "dataset.json").exists()
    yield (out / ".fgbg" / "pictures").exists()
    yield (out / ".fgbg" / "sources.json").exists()
    yield shards.exists()
    for number in (1, 5, 12, 23, 24):
        yield shards.exists() and len(list(shards.glob("*.json"))) >= number
    yield (out / "samples.csv").exists()
    yield (out / "README.md").exists()


KILLS = longer(
    {"folders": (4,), "zip": (2, 9), "tar": (6,)}, {"folders": (0, 4, 8, 10), "zip": (2, 3, 5, 9), "tar": (1, 6, 7)}
)
"""Of `signs`; all of them in the long form."""


def kill_at(process: subprocess.Popen[bytes], out: Path, moment: int, delay: float) -> None:
    """Kill the program alone (its workers must notice by themselves) ``delay`` seconds after the moment."""
    until = time.monotonic() + 300
    while not list(signs(out))[moment] and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.001)
    time.sleep(delay)
    process.kill()
    process.wait()


def test_killed_again_and_again_and_continued_is_as_uninterrupted(
    project: Path, reference: Path, tmp_path: Path
) -> None:
    writer, out, moments = reference.name, tmp_path / "out", random.Random(reference.name)
    for moment in KILLS[writer]:
        process = begin(project, out, writer)
        kill_at(process, out, moment, moments.uniform(0, 0.02))
        wait_until_gone(process.pid)
        names = {name: sha for name, sha in tree(out).items() if name.endswith((".zip", ".tar"))}
        assert names.items() <= tree(reference).items(), "an archive had its name before it was whole"
    make(project, out, writer=writer)
    assert differing(reference, out) == []
    assert find(out).report()["faults"] == []


def test_no_archive_is_ever_without_its_end(project: Path, tmp_path: Path) -> None:
    """What the hand-made ZIPs were after an interruption: no central directory, unreadable."""
    out = tmp_path / "out"
    process = begin(project, out, "zip")
    seen = 0
    while process.poll() is None:
        for path in out.glob("*.zip"):
            assert zipfile.is_zipfile(path)
            seen += 1
    assert process.returncode == 0
    assert seen > 0


def test_workers_go_when_their_parent_is_killed(project: Path, tmp_path: Path) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("processes are counted by /proc")
    process = begin(project, tmp_path / "out", "folders")
    kill_at(process, tmp_path / "out", 4, 0)
    wait_until_gone(process.pid)


@pytest.mark.parametrize("writer", ["zip", "tar"])
def test_the_marker_comes_last(writer: str, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While an archive has no name yet, nothing may say that its shard is done."""
    marked: list[bool] = []
    publish = LocalFile.publish

    def watched(archive: LocalFile) -> None:
        number = archive.path.stem.rpartition("-")[2]
        if archive.path.suffix == f".{writer}":
            marked.append((tmp_path / "out" / ".fgbg" / "shards" / f"{number}.json").exists())
        publish(archive)

    monkeypatch.setattr(LocalFile, "publish", watched)
    make(project, tmp_path / "out", writer=writer, limit=30)
    assert len(marked) == {"zip": 3 + 3 * 3, "tar": 1 + 3}[writer]
    assert not any(marked)


def test_leftovers_of_a_killed_run_are_cleared_away(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    make(project, out, writer="zip", limit=10)
    for path in (out / ".fg_bg-00023.zip.part", out / ".fgbg" / "pictures" / ".bg_0000.png.part"):
        path.write_bytes(b"half of it")
    make(project, out, writer="zip", limit=20)
    assert list(out.rglob("*.part")) == []
