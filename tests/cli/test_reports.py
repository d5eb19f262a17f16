"""What each command prints, for people and for programs."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgbg_studio.cli import console
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.words import duration
from fgbg_studio.core.dataset.check import check_before_run
from fgbg_studio.core.dataset.inspect.survey import survey
from fgbg_studio.core.dataset.inspect.verify import quick_verify, verify
from fgbg_studio.core.dataset.run import Options
from fgbg_studio.core.interfaces.blend import Blend
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.interfaces.engine import Engine
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.core.interfaces.layout import Layout
from fgbg_studio.core.interfaces.placement import Placement
from fgbg_studio.core.interfaces.writer import Writer
from fgbg_studio.core.project import presets, storage
from tests.cli.conftest import Fgbg
from tests.helpers.datasets import command, copy, differing, environment, haze, run, tree

FAMILIES = {
    "placements": Placement, "blends": Blend, "layouts": Layout, "writers": Writer, "depth": Depth, "engines": Engine,
    "exports": Export,
}  # fmt: skip


class TestReports:
    def test_check(self, project: Path, fgbg: Fgbg) -> None:
        found = fgbg("check", project, "--json").json()
        assert found["errors"] == 0
        assert {"severity", "code", "message", "file"} <= set(found["objections"][0])
        for one in found["objections"]:
            assert one["message"] in fgbg("check", project).out
        assert f"The stored depth is {found['depth']['degree']}: " in fgbg("check", project).out

    def test_check_counts_and_is_strict_where_asked(self, project: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        found = fgbg("check", project, "--json")
        warnings = found.json()["warnings"]
        assert warnings == len(found.json()["objections"]) > 0
        assert found.code == 0
        assert fgbg("check", project).out.splitlines()[-1] == f"{warnings} warning{'s' if warnings > 1 else ''}"
        assert fgbg("check", project, "--strict").code == fgbg("check", project, "--strict", "--json").code == 1
        fgbg("new", tmp_path / "p")
        assert fgbg("check", tmp_path / "p").out.splitlines()[-1] == "1 error"
        assert "--strict" in fgbg("check", "--help").out
        assert "exit code is 1" in fgbg("check", "--help").out

    def test_check_fails_where_nothing_can_be_made(self, fgbg: Fgbg, tmp_path: Path) -> None:
        fgbg("new", tmp_path / "p")
        result = fgbg("check", tmp_path / "p")
        assert result.code == 1
        assert "no good background" in result.out

    def test_what_is_implausible_in_depth_is_said_before_and_after(
        self, project: Path, fgbg: Fgbg, tmp_path: Path
    ) -> None:
        """Sizes of the preset's own beside a camera at knee height."""
        project = copy(project, tmp_path / "project")
        fgbg("set", project, "placement=uniform", "foreground.sizing.pixels=30", "camera.height=0.1")
        words = "the object's size and depth do not fit"
        assert words in fgbg("check", project).out
        assert words in fgbg("plan", project).out
        made = fgbg("generate", project, "--out", project.parent / "out")
        assert words in made.out
        again = fgbg("generate", project, "--out", project.parent / "out", "--json").json()
        assert "depth-height" in {one["code"] for one in again["objections"]}

    def test_plan(self, project: Path, fgbg: Fgbg) -> None:
        said = fgbg("plan", project, "--json", "--workers", "3").json()
        assert said["counts"] == {"backgrounds": 2, "foregrounds": 2, "mirrored": 2, "placements": 2}
        assert (said["samples"], said["shards"], said["workers"], said["fits"]) == (16, 4, 3, True)
        assert set(said["bytes"]) == {"fg_bg", "mask", "depth"}
        assert said["total_bytes"] == sum(said["bytes"].values())
        assert said["seconds"] > 0
        assert said["free"] > 0
        text = fgbg("plan", project, "--limit", "7").out
        assert "= 16 samples; 7 to make in 2 shards" in text
        assert "free" in text

    @pytest.mark.parametrize("name", ["sheet.png", "sheet.jpg"])
    def test_preview(self, name: str, project: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        assert fgbg("preview", project, "--count", "7", "--out", tmp_path / name).code == 0
        with Image.open(tmp_path / name) as picture:
            picture.load()
            assert min(picture.size) > 500
        assert fgbg("preview", project, "--out", tmp_path / "sheet.gif").code == 2

    def test_a_sheet_names_its_samples_and_says_once_what_its_rows_are(
        self, project: Path, fgbg: Fgbg, tmp_path: Path
    ) -> None:
        assert fgbg("preview", project, "--count", "12", "--out", tmp_path / "sheet.png").code == 0
        with Image.open(tmp_path / "sheet.png") as picture:
            page = np.array(picture.convert("L"))
        # Composites, masks and depth, twice; three lines over the first rows, names under two of them.
        assert len(page) == 6 * 200 + 8 + 3 * 22 + 2 * 16
        for top in (8 + 22 + 192, 8 + 3 * 222 + 16 + 192):
            assert (page[top + 2 : top + 14, 8:200] < 160).any()

    def test_a_long_reading_says_how_much_there_is(self, dataset: Path, tmp_path: Path) -> None:
        root = copy(dataset, tmp_path / "out")
        for job in (survey, verify, quick_verify):
            steps = [step for step in job(root) if isinstance(step, Progress)]
            assert steps
            assert all(step.total >= step.done > 0 for step in steps)

    def test_generate(self, project: Path, dataset: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        result = fgbg("generate", project, "--out", tmp_path / "out", "--workers", "1", "--json")
        assert result.code == 0
        report = result.json()
        assert report["samples"] == 16
        assert report["kinds"] == json.loads((tmp_path / "out" / "dataset.json").read_bytes())["statistics"]
        assert "making samples" in result.err
        assert differing(dataset, tmp_path / "out") == []

    def test_stats(self, dataset: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        dataset = copy(dataset, tmp_path / "measured")
        report = fgbg("stats", dataset, "--json").json()
        assert set(report) == {"kinds", "warnings"}
        assert list(report["kinds"]) == ["bg", "fg", "fg_mask", "fg_bg", "mask", "depth"]
        for part in report["kinds"].values():
            assert set(part) - {"metres"} == {"count", "bytes", "shape", "mean", "std", "of"}
            assert all(0 <= value <= 1 for value in (*part["mean"], *part["std"]))
        assert report["kinds"]["fg_bg"]["shape"] == [64, 64, 3]
        text = fgbg("stats", dataset).out
        assert all(f"\n{kind} " in text for kind in report["kinds"])

    def test_stats_warns_and_fails_where_pictures_cannot_be_read(
        self, dataset: Path, fgbg: Fgbg, tmp_path: Path
    ) -> None:
        root = copy(dataset, tmp_path / "out")
        victim = min((root / "mask").rglob("*.png"))
        victim.write_bytes(b"")
        result = fgbg("stats", root)
        assert result.code == 1
        assert f"warning: {victim.relative_to(root).as_posix()} cannot be read" in result.out
        assert "15 mask" in result.out

    def test_verify(self, dataset: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        root = copy(dataset, tmp_path / "clean")
        clean = fgbg("verify", root, "--json")
        assert clean.code == 0
        assert clean.json() == {"files": 54, "clean": True, "faults": [], "warnings": []}
        assert "nothing wrong" in fgbg("verify", root).out
        root = copy(dataset, tmp_path / "out")
        victim = min((root / "mask").rglob("*.png"))
        victim.unlink()
        found = fgbg("verify", root, "--json")
        assert found.code == 1
        name = victim.relative_to(root).as_posix()
        assert {"fault": "mask is missing", "count": 1, "examples": [name], "files": [name]} in found.json()["faults"]
        assert f"1 × mask is missing: {name}" in fgbg("verify", root).out

    def test_sample(self, dataset: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        name = "bg_001_fg_000_m_01"
        assert fgbg("sample", dataset, name, "--out", tmp_path).code == 0
        made = tree(tmp_path)
        assert sorted(made) == [
            f"depth/bg_001/{name}.png", f"fg_bg/bg_001/{name}.jpg", f"mask/bg_001/{name}.png",
        ]  # fmt: skip
        assert made.items() <= tree(dataset).items()
        unknown = fgbg("sample", dataset, "bg_9", "--out", tmp_path)
        assert unknown.code == 2
        assert "samples.csv" in unknown.err

    @pytest.mark.parametrize("family", FAMILIES)
    def test_list(self, family: str, fgbg: Fgbg) -> None:
        rows = fgbg("list", family, "--json").json()
        assert [row["name"] for row in rows] == [n for n, one in FAMILIES[family].known().items() if one.offered]
        assert all(row["summary"] for row in rows)
        assert all(row["summary"] in fgbg("list", family).out for row in rows)

    def test_list_presets(self, fgbg: Fgbg) -> None:
        assert [row["name"] for row in fgbg("list", "presets", "--json").json()] == presets.names()
        assert presets.names()[0] == "studio-256"
        assert len(presets.names()) == 7


class TestModels:
    def test_a_download_says_where_from(self, fgbg: Fgbg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "file").write_bytes(b"")
        monkeypatch.setenv("FGBG_STUDIO_CACHE", str(tmp_path / "file"))  # so that nothing is fetched
        told = fgbg("models", "download", "midas-v2.1-small")
        assert told.code == 1
        assert "licence MIT\nfrom https://github.com/isl-org/MiDaS/" in told.err

    def test_what_is_published_nowhere_comes_from_nowhere(
        self, fgbg: Fgbg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FGBG_STUDIO_CACHE", str(tmp_path))
        told = fgbg("models", "download", "fastdepth")
        assert told.code == 1
        assert told.err.startswith("error: the network fastdepth cannot be downloaded")

    def test_what_is_here_is_not_fetched(
        self, fgbg: Fgbg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: Path
    ) -> None:
        monkeypatch.setenv("FGBG_STUDIO_CACHE", str(tmp_path))
        fgbg("models", "add", shared / "models" / "fast_depth_224.tflite")
        told = fgbg("models", "download", "fastdepth")
        assert (told.code, told.err.count("\n")) == (0, 1)
        assert "is on this computer already" in told.err


class TestSet:
    def test_settings_are_changed_and_kept(self, fgbg: Fgbg, tmp_path: Path) -> None:
        fgbg("new", tmp_path / "p")
        assert fgbg("set", tmp_path / "p", "placements=3", "seed=9").code == 0
        changed = storage.load(tmp_path / "p")
        assert (changed.settings.placements, changed.seed) == (3, 9)
        wrong = fgbg("set", tmp_path / "p", "placements=4", "plcements=5")
        assert wrong.code == 2
        assert storage.load(tmp_path / "p") == changed


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (89.6, "90 s"), (100, "2 min"), (5399, "90 min"), (11_100, "3 h 05 min")]
)
def test_durations_are_told_as_people_say_them(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_at_a_terminal_there_is_a_bar_with_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    steps = [
        Progress("preparing pictures", 4, 4),
        Progress("making samples", 1200, 3600, 34.2, 70.1),
        Progress("making samples", 3600, 3600, 2.5, 0.0),
        Progress("finished", 3600, 3600, finished=True),
    ]
    assert console.follow(steps) is steps[-1]
    said = capsys.readouterr()
    assert said.out == ""
    for words in ("preparing pictures", "4 / 4", "making samples", "3,600 / 3,600", "2.5 a second", "0 s left"):
        assert words in said.err


def test_in_a_log_there_are_few_lines_and_none_twice(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [Progress("making samples", done, 40, 5.0, 2.0) for done in range(41)]
    console.follow([Progress("preparing pictures", 1, 1), *steps, steps[-1], Progress("finishing", 0, 1)])
    assert capsys.readouterr().err.splitlines() == [
        "preparing pictures: 1 / 1",
        "making samples: 40 / 40  5.0 a second  2 s left",
        "finishing: 0 / 1",
    ]


def test_in_a_log_a_long_phase_says_a_line_every_few_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = itertools.count(0.0, 0.5)
    monkeypatch.setattr(console.time, "monotonic", lambda: next(clock))
    console.follow([Progress("making samples", done, 40) for done in range(41)])
    assert [line.split()[2] for line in capsys.readouterr().err.splitlines()] == ["0", "10", "20", "30", "40"]


def test_at_a_terminal_all_phases_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        phases = ("preparing pictures", "depth of backgrounds", "making samples", "finishing")
        console.follow(Progress(phase, done, 20) for phase in phases for done in (0, 20))
        said = b""
        while b"\n" not in said:  # the one that ends the line
            said += os.read(ours, 1 << 16)
    os.close(ours)
    assert all(phase.encode() in said for phase in phases)


def test_python_m_is_the_same_program(dataset: Path) -> None:
    result = run("verify", dataset, "--json")
    assert result.returncode == 0
    assert json.loads(result.stdout)["clean"] is True
    assert "Traceback" not in result.stderr


def test_a_report_may_be_cut_short_by_a_pipe(dataset: Path) -> None:
    """``fgbg-studio stats … | head -1``."""
    process = subprocess.Popen(
        command("stats", dataset, "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    process.wait()
    assert "Traceback" not in said
    assert "error in the program" not in said


class TestErrorsStandOnTheRoad:
    @pytest.fixture
    def hazy(self, project: Path, tmp_path: Path) -> Path:
        made = copy(project, tmp_path / "hazy")
        self.file = haze(made)
        return made

    def test_a_dataset_that_would_be_wrong_is_not_begun(self, hazy: Path, tmp_path: Path, fgbg: Fgbg) -> None:
        told = fgbg("generate", hazy, "--out", tmp_path / "out")
        assert told.code == 1
        assert not (tmp_path / "out").exists()
        assert f"error: {self.file}: nothing in it is solid: alpha reaches only 90 of 255" in told.err
        assert "warning:" not in told.err
        assert "--anyway" in told.err

    def test_a_program_reads_why(self, hazy: Path, tmp_path: Path, fgbg: Fgbg) -> None:
        told = fgbg("generate", hazy, "--out", tmp_path / "out", "--json")
        assert told.code == 1
        assert told.json()["errors"] == 1
        found = fgbg("check", hazy, "--json").json()
        assert found.pop("depth")["degree"] == "metric"
        assert found.pop("excluded") == 0
        assert told.json() == found

    def test_anyway_it_is_made_and_goes_on_without_asking_again(self, hazy: Path, tmp_path: Path, fgbg: Fgbg) -> None:
        part = fgbg("generate", hazy, "--out", tmp_path / "out", "--limit", "5", "--anyway")
        assert part.code == 0
        whole = fgbg("generate", hazy, "--out", tmp_path / "out", "--json")
        assert whole.json()["samples"] == 16
        wrong = f"{self.file}: nothing in it is solid: alpha reaches only 90 of 255"
        assert json.loads((tmp_path / "out" / "dataset.json").read_bytes())["overridden"] == [wrong]
        assert f"- Made although the check found an error: {wrong}." in (tmp_path / "out" / "README.md").read_text()

    def test_the_run_s_own_depth_way_is_what_is_checked(self, project: Path, tmp_path: Path, fgbg: Fgbg) -> None:
        changes = {"depth.way": "none", "depth.encoding": "uint8-linear", "codecs.depth.format": "jpeg"}
        jpeg = storage.changed(storage.load(project), changes)
        found = [
            check_before_run(project, jpeg, tmp_path / "out", Options(depth=depth)) for depth in ("geometry", None)
        ]
        assert ["depth-jpeg" in {issue.code for issue in issues} for issues in found] == [True, False]
