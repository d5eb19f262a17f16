"""Archives of shards joined to sets, or to one a kind: what is in them, and that no interruption is seen in them."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.large_file import LocalFile
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.dataset.target import Found, look_at
from fgbg_studio.core.interfaces.layout import SAMPLE_KINDS
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import storage
from tests.conftest import MakeProject, longer
from tests.helpers.datasets import (
    command,
    counts,
    differing,
    environment,
    examples,
    find,
    last,
    look,
    make,
    opened,
    small,
    tree,
)
from tests.helpers.disks import small_disk

SETS = ["writer.name=sets", "writer.size=7"]
"""16 samples in shards of 5, 5, 5 and 1: sets of 7, 7 and 2, two shards in two sets."""
PRESETS = ["studio-256", "classroom-192", "street-224", "office-224", "layers-150", "course-200"]


def members(*archives: Path) -> dict[str, bytes]:
    """Member → bytes over all of them, in their order, read by Python's own reader."""
    found: dict[str, bytes] = {}
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
            assert len(set(archive.namelist())) == len(archive.namelist())
            assert not found.keys() & set(archive.namelist())
            found |= {info.filename: archive.read(info) for info in archive.infolist()}
    return found


def archives(root: Path) -> list[str]:
    return sorted(path.name for path in root.glob("*.zip"))


def made_of(project: Path) -> Plan:
    return Plan(make_recipe(storage.load(project)))


class TestSets:
    @pytest.mark.parametrize("preset", PRESETS)
    def test_every_layout_has_its_kinds_in_folders_and_a_background_for_each_composite(
        self, preset: str, make_project: MakeProject, tmp_path: Path, datasets: Callable[..., Path]
    ) -> None:
        project = make_project(tmp_path, preset, changes=small(preset, *SETS))
        out, plain = tmp_path / "out", datasets(preset)
        make(project, out)
        plan = made_of(project)
        sets = [(start, min(start + 7, len(plan))) for start in range(0, len(plan), 7)]
        assert archives(out) == [*(f"set-{number:03}.zip" for number in range(1, len(sets) + 1)), "sources.zip"]
        suffix = plan.layout.suffix(plan.recipe.settings.codecs.bg)
        for number, (start, stop) in enumerate(sets, 1):
            found, samples = members(out / f"set-{number:03}.zip"), plan[start:stop]
            rows = [(plan.beside(paths), *paths) for paths in map(plan.paths, samples)]
            assert list(found) == [name for column in zip(*rows, strict=True) for name in column]
            for sample, (beside, *paths) in zip(samples, rows, strict=True):
                background = plan.layout.background(sample.background) + suffix
                assert found[beside] == (plain / background).read_bytes()
                assert all(found[name] == (plain / name).read_bytes() for name in paths)
            for column in zip(*sorted(rows, key=lambda row: row[1]), strict=True):
                assert list(column) == sorted(column), "sorted by name, the four folders do not line up"

    def test_the_other_pictures_lie_apart(self, make_project: MakeProject, tmp_path: Path) -> None:
        """Unpacked beside a set they must not come between its files."""
        project = make_project(tmp_path, "office-224", changes=small("office-224", *SETS))
        make(project, tmp_path / "out")
        sources = members(tmp_path / "out" / "sources.zip")
        assert len(sources) == 2 + 4 + 4
        assert {name.partition("/")[0] for name in sources} == {"sources"}

    def test_backgrounds_are_counted_as_the_files_they_are(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project(tmp_path, "studio-256", changes=small("studio-256", *SETS))
        done, out = make(project, tmp_path / "out"), tmp_path / "out"
        survey, contents = look(out), opened(out)
        assert survey.kinds["bg"].count == 2 + 16
        assert survey.kinds["bg"].report() == done.statistics["bg"].report()  # type: ignore[attr-defined]
        assert contents.reports["bg"]["count"] == 18
        assert contents.counts == {"bg": 2, "fg": 2, "fg_mask": 2, "fg_bg": 16, "mask": 16, "depth": 16}
        assert {contents.files[kind] for kind in SAMPLE_KINDS} == {"3 ZIP"}
        assert survey.warnings() == []
        alone = look(out / "set-003.zip")
        assert {kind: part.count for kind, part in alone.kinds.items()} == {"bg": 2, "fg_bg": 2, "mask": 2, "depth": 2}
        assert find(out / "set-003.zip").clean

    def test_what_is_wrong_beside_a_sample_is_found(self, make_project: MakeProject, tmp_path: Path) -> None:
        project, out = make_project(tmp_path, changes=small("studio-256", *SETS)), tmp_path / "out"
        make(project, out)
        assert find(out).report()["faults"] == []
        files = members(out / "set-002.zip")
        beside = [name for name in files if name.startswith("bg/")]
        other = next(data for name, data in members(out / "set-001.zip").items() if name.startswith("bg/bg_000"))
        with zipfile.ZipFile(out / "set-002.zip", "w") as archive:
            for name, data in files.items():
                if name == beside[-1]:
                    archive.writestr(name, other)
                elif name != beside[0]:
                    archive.writestr(name, data)
        found = counts(find(out))
        assert found.pop("dataset.json says 18 bg, there are 17") == 1
        assert found == {"bg is missing": 1, "bg differs from what the recipe makes": 1}

    def test_a_set_of_all(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project(tmp_path, changes=small("studio-256"))
        make(project, tmp_path / "out", set_size=50_000)
        assert archives(tmp_path / "out") == ["set-001.zip", "sources.zip"]
        assert len(members(tmp_path / "out" / "set-001.zip")) == 4 * 16

    def test_without_depth_there_are_three_folders(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project(tmp_path, changes=small("studio-256", *SETS))
        make(project, tmp_path / "out", depth="none")
        found = members(tmp_path / "out" / "set-001.zip")
        assert {name.partition("/")[0] for name in found} == {"bg", "fg_bg", "mask"}
        assert find(tmp_path / "out").report()["faults"] == []


class TestOneArchiveAKind:
    def test_classroom_has_what_its_notebooks_open(
        self, make_project: MakeProject, tmp_path: Path, datasets: Callable[..., Path]
    ) -> None:
        plain, out = datasets("classroom-192"), datasets("classroom-192", "zip")
        kinds = ["bg_images", "fg_images", "fg_mask_images", "fg_bg_images", "fg_bg_mask_images", "fg_bg_depth_images"]
        assert archives(out) == sorted(f"{kind}.zip" for kind in kinds)
        for kind in kinds:
            files = {path.name: path.read_bytes() for path in (plain / kind).iterdir()}
            assert members(out / f"{kind}.zip") == files
        assert opened(out).files == dict.fromkeys(("bg", "fg", "fg_mask", *SAMPLE_KINDS), "1 ZIP")

    def test_members_are_in_the_order_of_the_plan(self, datasets: Callable[..., Path]) -> None:
        out = datasets("classroom-192", "zip")
        plan = opened(out).plan  # type: ignore[attr-defined]
        wanted = [plan.paths(sample).fg_bg.rpartition("/")[2] for sample in plan]
        assert list(members(out / "fg_bg_images.zip")) == wanted

    def test_an_unfinished_one_has_an_archive_a_shard(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project(tmp_path, "classroom-192", changes=small("classroom-192", "writer=zip"))
        begun(project, tmp_path / "out", "making samples", 10)
        assert "fg_bg_images-00001.zip" in archives(tmp_path / "out")
        assert "fg_bg_images.zip" not in archives(tmp_path / "out")
        contents = opened(tmp_path / "out")
        assert contents.read("mask", 7) == members(tmp_path / "out" / "fg_bg_mask_images-00001.zip")[
            contents.name("mask", 7).rpartition("/")[2]
        ]  # fmt: skip

    def test_one_of_an_earlier_version_is_read_and_verified(
        self, make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It has an archive a shard although it is finished."""
        project = make_project(tmp_path, "classroom-192", changes=small("classroom-192", "writer=zip"))
        with monkeypatch.context() as patched:
            patched.setattr("fgbg_studio.core.dataset.writers.zip.Zip.joined", lambda *_: [])
            make(project, tmp_path / "old")
        make(project, tmp_path / "new")
        old, new = opened(tmp_path / "old"), opened(tmp_path / "new")
        assert "fg_bg_images-00003.zip" in archives(tmp_path / "old")
        assert old.files["fg_bg"] == "4 ZIP"
        assert [old.read("depth", n) for n in range(16)] == [new.read("depth", n) for n in range(16)]
        assert find(tmp_path / "old").report()["faults"] == []


def begun(project: Path, out: Path, phase: str, done: int, **options: Any) -> None:
    """A run that is cancelled once it is so far."""
    control = EventControl()
    for step in generate(project, out, Options(engine="inline", **options), control):
        if step.phase == phase and step.done >= done:
            control.cancel()
    assert not step.finished


@pytest.fixture(scope="module", params=["classroom-192 zip", "studio-256 sets"])
def case(request: pytest.FixtureRequest, make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose writer joins; beside it its datasets "whole", made at one go, and "shards", not joined yet."""
    preset, writer = str(request.param).split()
    folder = tmp_path_factory.mktemp("case")
    changes = small(preset, *(SETS if writer == "sets" else ["writer=zip"]))
    project = make_project(folder, preset, changes=changes)
    make(project, folder / "whole")
    begun(project, folder / "shards", "joining archives", 0)
    return project


def whole(project: Path) -> Path:
    return project.parent / "whole"


class TestInterrupted:
    """Whatever happens, the same command goes on, and the bytes are those of one that was left alone."""

    @pytest.mark.parametrize("samples", [[3, 16], longer([7, 8, 14, 16], [5, 6, 7, 8, 14, 15, 16])])
    def test_the_limit_is_raised(self, samples: list[int], case: Path, tmp_path: Path) -> None:
        """What earlier, smaller archives hold goes into the new ones; which sample is in which set may be another."""
        out = tmp_path / "out"
        for limit in samples:
            make(case, out, limit=limit)
            assert find(out).report()["faults"] == []
            assert not list(out.glob("*-000*.zip"))
        assert archives(out) == archives(whole(case))
        for kind in ("set-*.zip",) if "set-001.zip" in archives(out) else archives(out):
            assert members(*sorted(out.glob(kind))) == members(*sorted(whole(case).glob(kind)))

    @pytest.mark.parametrize("done", longer([0, 12, 30], [0, 1, 12, 20, 30]))
    def test_it_is_cancelled_while_joining(self, done: int, case: Path, tmp_path: Path) -> None:
        begun(case, tmp_path / "out", "joining archives", done)
        assert not list((tmp_path / "out").glob(".*.part"))
        assert find(tmp_path / "out").groups.keys() <= {"the run was not finished"}
        make(case, tmp_path / "out")
        assert differing(tmp_path / "out", whole(case)) == []

    def test_a_finished_one_is_left_as_it_is(self, case: Path, tmp_path: Path) -> None:
        make(case, tmp_path / "out")
        times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.zip")}
        assert look_at(storage.load(case), tmp_path / "out").found is Found.FINISHED
        make(case, tmp_path / "out")
        assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.zip")} == times
        assert differing(tmp_path / "out", whole(case)) == []

    def test_each_archive_is_got_back(self, case: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        make(case, out)
        for name in archives(out):
            (out / name).unlink()
            make(case, out)
            assert differing(out, whole(case)) == []

    def test_every_step_of_joining_may_be_the_last(
        self, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The power fails before one thing that the run does on the disk, then before the next, and so on."""
        steps = 0
        while not self._fails_at(steps, case, tmp_path / f"out-{steps}", monkeypatch):
            make(case, tmp_path / f"out-{steps}")
            assert differing(tmp_path / f"out-{steps}", whole(case)) == [], f"step {steps}"
            steps += longer(3, 1)
        assert steps > 20

    def _fails_at(self, number: int, case: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
        """Run until what joining does for the ``number``-th time; whether it came to its end before."""
        shutil.copytree(case.parent / "shards", out)
        joining, left = False, number

        def until(real: Callable[..., Any]) -> Callable[..., Any]:
            def step(*arguments: Any) -> Any:
                nonlocal left
                left -= joining
                if left < 0:
                    raise PowerFailure
                return real(*arguments)

            return step

        with monkeypatch.context() as patched:
            for owner, names in ((LocalFile, ("write", "publish")), (LocalStore, ("create", "put", "remove"))):
                for name in names:
                    patched.setattr(owner, name, until(getattr(owner, name)))
            patched.setattr(LocalFile, "discard", lambda _: None)  # nobody is left to clear up
            try:
                for progress in generate(case, out, Options(engine="inline")):
                    joining = joining or progress.phase == "making samples"  # there is none to be made
                    if progress.phase == "finishing":
                        return True
            except PowerFailure:
                return False
        raise AssertionError("the run did not finish")

    @pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"set-001.zip": 5}', b'{"fg_bg_images.zip": [["a"]]}'])
    def test_what_is_known_of_joined_archives_is_damaged(self, damage: bytes, case: Path, tmp_path: Path) -> None:
        """Then nobody knows what they have: it is named, and made again."""
        out = tmp_path / "out"
        make(case, out)
        (out / ".fgbg" / "joined.json").write_bytes(damage)
        assert examples(find(out)) == {"file is not as it was written": [".fgbg/joined.json"]}
        make(case, out)
        assert find(out).clean
        wanted = shutil.copytree(whole(case), tmp_path / "whole")
        assert find(wanted).clean  # which puts into it what it measures
        assert differing(out, wanted) == []

    def test_a_damaged_shard_is_said_and_not_carried_over(self, case: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        shutil.copytree(case.parent / "shards", out)
        shard = min(out.glob("*-00002.zip"))
        data = bytearray(shard.read_bytes())
        data[len(data) // 3] ^= 1
        shard.write_bytes(data)
        with pytest.raises(DatasetError, match=f"{shard.name} is damaged") as caught:
            make(case, out)
        assert "remove it" in str(caught.value.remedies[0])
        shard.unlink()
        make(case, out)
        assert differing(out, whole(case)) == []

    def test_the_disk_is_full(self, case: Path, tmp_path: Path) -> None:
        """It holds the shards, but not one joined archive more."""
        files = (path for path in (case.parent / "shards").rglob("*") if path.is_file())
        taken = sum(-(-path.stat().st_size // 4096) * 4 for path in files)
        with small_disk(tmp_path / "disk", taken + 20) as disk:
            out = disk / "out"
            with pytest.raises(DatasetError, match="disk is full"):
                make(case, out)
            assert not list(out.glob(".*.part"))
            before = {path: path.stat().st_mtime_ns for path in (out / ".fgbg" / "shards").glob("*.json")}
            assert len(before) == 4
            subprocess.run(["mount", "-o", "remount,size=9000k", str(disk)], check=True)
            make(case, out)
            assert {path: path.stat().st_mtime_ns for path in before} == before
            assert differing(out, whole(case)) == []


class PowerFailure(BaseException):
    """The computer is off."""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("preset", longer(["office-224"], ["classroom-192", "office-224"]))
def test_killed_again_and_again_and_continued(preset: str, make_project: MakeProject, tmp_path: Path) -> None:
    """``kill -9`` while shards are made and while they are joined."""
    changes = [*small(preset), "placements=60", "shard=25"]
    changes += ["writer.name=sets", "writer.size=90"] if preset == "office-224" else ["writer=zip"]
    project, out, moments = make_project(tmp_path, preset, changes=changes), tmp_path / "out", random.Random(preset)
    make(project, tmp_path / "whole")
    shards = out / ".fgbg" / "shards"
    signs: list[Callable[[], bool]] = [
        lambda: len(list(shards.glob("*.json"))) >= 9,
        lambda: len(list(shards.glob("*.json"))) >= 20,
        lambda: any(out.glob(".*.zip.part")) and len(list(shards.glob("*.json"))) == 20,
        (out / ".fgbg" / "joined.json").exists,
        (out / ".fgbg" / "joined.json").exists,
    ]
    for sign in signs:
        arguments = command("generate", project, "--out", out, "--workers", "2")
        process = subprocess.Popen(arguments, env=environment(), stderr=subprocess.DEVNULL, start_new_session=True)
        until = time.monotonic() + 300
        while not sign() and process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.0005)
        time.sleep(moments.uniform(0, 0.01))
        process.kill()
        process.wait()
        time.sleep(1)  # its workers notice by themselves
        for name in archives(out):
            with zipfile.ZipFile(out / name) as archive:
                assert archive.testzip() is None
    make(project, out)
    assert differing(out, tmp_path / "whole") == []
    assert find(out).report()["faults"] == []


def test_nothing_else_joins(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, changes=small("studio-256"))
    for writer in ("folders", "zip", "tar"):
        phases = {step.phase for step in generate(project, tmp_path / writer, Options(engine="inline", writer=writer))}
        assert "joining archives" not in phases
        assert not (tmp_path / writer / ".fgbg" / "joined.json").exists()


def test_the_last_word_of_a_run_that_joins(case: Path, tmp_path: Path) -> None:
    done = last(generate(case, tmp_path / "out", Options(engine="inline")))
    assert (done.done, done.total, done.finished) == (16, 16, True)
    assert tree(tmp_path / "out") == tree(whole(case))
