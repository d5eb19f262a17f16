"""What happens to a dataset's disk while a run writes to it: moved, removed, replaced, read-only, without inodes.

Whatever it is, the run ends well or with one sentence, and the same command makes the bytes of an undisturbed one.
"""

from __future__ import annotations

import itertools
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import DatasetError, ProjectError
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.project import recycle_bin, storage
from tests.conftest import MakeProject, longer
from tests.helpers.datasets import differing, last, make, quick, small
from tests.helpers.disks import small_disk
from tests.helpers.faulty_store import FaultyStore, Trouble

WRITERS = longer(["zip"], ["folders", "zip", "tar"])


@pytest.fixture(scope="module")
def project(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("project"), changes=[*small("studio-256"), "shard=6"])


@pytest.fixture(scope="module")
def wholes(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    made: dict[str, Path] = {}

    def whole(writer: str) -> Path:
        if writer not in made:
            made[writer] = tmp_path_factory.mktemp("whole") / writer
            make(project, made[writer], writer=writer)
        return made[writer]

    return whole


def disturbed(project: Path, out: Path, writer: str, at: int, disturb: Callable[[], object]) -> str:
    """What a run says that is disturbed at its ``at``-th word of progress; empty where it ends well."""
    try:
        for number, _ in enumerate(generate(project, out, Options(engine="inline", writer=writer))):
            if number == at:
                disturb()
    except DatasetError as error:
        return error.problem
    return ""


def unfinished(out: Path) -> bool:
    """Whether something is still to be written to it."""
    return out.exists() and not ((out / "dataset.json").exists() and open_dataset(out).complete)


def removed(out: Path) -> None:
    shutil.rmtree(out)


def moved(out: Path) -> None:
    out.rename(out.with_name("elsewhere"))


def replaced_by_an_empty_folder(out: Path) -> None:
    moved(out)
    out.mkdir()


def replaced_by_a_file(out: Path) -> None:
    moved(out)
    out.write_text("a file")


def replaced_by_a_link(out: Path) -> None:
    """To where it lies now, as people do who have moved it to a larger disk."""
    moved(out)
    out.symlink_to(out.with_name("elsewhere"))


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(
    "disturb", [removed, moved, replaced_by_an_empty_folder, replaced_by_a_file, replaced_by_a_link]
)
def test_the_folder_goes_while_a_run_writes_to_it(
    disturb: Callable[[Path], None], writer: str, project: Path, wholes: Callable[[str], Path], tmp_path: Path
) -> None:
    whole = wholes(writer)
    for at in longer((6,), range(14)):
        place = tmp_path / f"{at}"
        out, elsewhere = place / "out", place / "elsewhere"
        said = disturbed(project, out, writer, at, lambda out=out: unfinished(out) and disturb(out))
        assert not said or str(out) in said, (at, said)
        if not said and out.is_dir() and not out.is_symlink():
            assert differing(whole, out) == [], at
        if out.is_file():
            out.unlink()
        make(project, out, writer=writer)
        assert differing(whole, out) == [], (at, said)
        if elsewhere.is_dir() and not out.is_symlink():  # what was moved away is a run that goes on, too
            make(project, elsewhere, writer=writer)
            assert differing(whole, elsewhere) == [], at


@pytest.mark.parametrize("writer", WRITERS)
def test_a_disk_becomes_read_only_and_writable_again(
    writer: str, project: Path, wholes: Callable[[str], Path], tmp_path: Path
) -> None:
    """As Linux does when a disk has errors."""
    with small_disk(tmp_path / "disk", 9000) as disk:
        for at in longer((9,), range(1, 14)):
            out = disk / f"{at}"
            said = disturbed(project, out, writer, at, lambda: remount(disk, "ro"))
            assert not said or (str(out) in said and "Read-only" in said), said
            remount(disk, "rw")
            make(project, out, writer=writer)
            assert differing(wholes(writer), out) == [], at


def remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=False, capture_output=True)  # busy: as it is


@pytest.mark.parametrize("writer", WRITERS)
def test_a_disk_without_inodes(writer: str, project: Path, wholes: Callable[[str], Path], tmp_path: Path) -> None:
    for inodes in longer((22,), range(4, 26, 3)):
        with small_disk(tmp_path / "disk", 9000, f",nr_inodes={inodes}") as disk:
            out = disk / "out"
            said = disturbed(project, out, writer, -1, lambda: None)
            assert "the disk is full" in said, (inodes, said)
            remount(disk, "nr_inodes=0")
            make(project, out, writer=writer)
            assert differing(wholes(writer), out) == [], inodes


def test_the_clock_is_set_back_again_and_again(
    project: Path, wholes: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a day at each look at it, and in the middle the files are from the future."""
    days = itertools.count()
    monkeypatch.setattr(time, "time", lambda: 1e9 - 86400 * next(days))
    monkeypatch.setattr(time, "time_ns", lambda: 10**18 - 86400 * 10**9 * next(days))
    out = tmp_path / "out"
    disturbed(project, out, "zip", 9, lambda: subprocess.run(["touch", "-d", "2070-01-01", *out.iterdir()], check=True))
    make(project, out, writer="zip")
    assert differing(wholes("zip"), out) == []
    assert quick(out).clean


def test_a_part_of_it_lies_on_another_disk(project: Path, wholes: Callable[[str], Path], tmp_path: Path) -> None:
    """No file can be renamed from one to the other."""
    out = tmp_path / "out"
    with small_disk(out / ".fgbg", 9000):
        make(project, out, writer="zip")
        assert differing(wholes("zip"), out) == []
    copied = shutil.copytree(project, tmp_path / "project")
    with small_disk(copied / recycle_bin.BIN, 9000):
        files = [picture.file for picture in storage.load(copied).backgrounds]
        with pytest.raises(ProjectError, match="cannot be moved"):
            recycle_bin.throw_away(copied, files)
        assert all((copied / file).exists() for file in files)


class Slow(Trouble):
    """Each step takes some milliseconds."""

    def step(self, name: str, path: Path | str) -> None:
        """See `Trouble.step`."""
        time.sleep(longer(0.001, 0.05))
        super().step(name, path)


def test_a_slow_disk(project: Path, wholes: Callable[[str], Path], tmp_path: Path) -> None:
    last(generate(project, FaultyStore(tmp_path / "out", Slow()), Options(engine="inline", writer="zip")))
    assert differing(wholes("zip"), tmp_path / "out") == []


@pytest.mark.parametrize("done", longer([6], [0, 6]))
def test_workers_do_not_make_a_folder_anew_that_is_moved_away(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], done: int
) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    problem = ""
    try:
        for step in generate(project, out, Options(engine="local", workers=2, writer="folders")):
            if step.phase == "making samples" and step.done >= done and not elsewhere.exists():
                out.rename(elsewhere)
    except DatasetError as error:
        problem = error.problem
    assert str(out) in problem
    assert not out.exists()
    assert "Traceback" not in capfd.readouterr().err
    make(project, elsewhere, writer="folders")
    make(project, tmp_path / "whole", writer="folders")
    assert differing(tmp_path / "whole", elsewhere) == []
