"""Anything that a person may give by mistake: one clear sentence, a way out, and nothing lost or mixed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.project import storage
from tests.cli.conftest import Fgbg, Result
from tests.conftest import draw_background, draw_cutout, write_picture
from tests.helpers.bad_pictures import bomb
from tests.helpers.datasets import command, copy, differing, environment, find, last, make, small, tree
from tests.helpers.disks import small_disk

MakeProject = Callable[..., Path]


def one_sentence(result: Result, *said: str | Path, code: int = 1) -> None:
    """The command failed with what was said, in one line, with a way out and no traceback."""
    assert result.code == code, result.err
    lines = [line for line in result.err.splitlines() if line.startswith("error")]
    assert len(lines) == 1, result.err
    assert lines[0].startswith("error: "), result.err
    assert lines[0].endswith(".")
    assert lines[0].count(". ") >= 1, "no way out"
    for words in said:
        assert str(words) in lines[0]
    assert "Traceback" not in result.err


def bad_pictures(folder: Path) -> dict[str, str]:
    """Files that are no good, and a word of the reason for each."""
    folder.mkdir(parents=True)
    jpeg = encode(draw_background(0), Codec("jpeg", 90))
    png = encode(draw_background(0), Codec())
    contents = {
        "empty.jpg": (b"", "0 bytes"),
        "truncated.jpg": (jpeg[: len(jpeg) // 2], "damaged"),
        "truncated.png": (png[: len(png) // 2], "damaged"),
        "header_only.png": (png[:33], "picture"),
        "text.png": (b"Dear reader, this is no picture.", "not a picture"),
        "web_page.jpg": (b"<!DOCTYPE html><html><body>404</body></html>", "not a picture"),
        "zeros.jpg": (bytes(5000), "not a picture"),
        "bomb.png": (bomb(60_000, 60_000), "too many pixels"),
        "smaller_bomb.png": (bomb(12_000, 12_000), "megapixels"),
        "tiny.png": (encode(draw_background(0, 8, 8), Codec()), "8 × 8"),
    }
    for name, (data, _) in contents.items():
        (folder / name).write_bytes(data)
    return {name: reason for name, (_, reason) in contents.items()}


class TestPictures:
    @pytest.mark.parametrize("kind", ["backgrounds", "foregrounds"])
    def test_each_is_named_with_its_reason_and_good_ones_go_in(self, kind: str, fgbg: Fgbg, tmp_path: Path) -> None:
        bad = bad_pictures(tmp_path / "pictures")
        if kind == "foregrounds":
            bad["tiny.png"] = "not cut out"
        good = draw_background(1) if kind == "backgrounds" else draw_cutout(1)
        write_picture(tmp_path / "pictures" / "good.png", good)
        fgbg("new", tmp_path / "p")
        result = fgbg(f"add-{kind}", tmp_path / "p", tmp_path / "pictures", "--json")
        assert result.code == 0
        assert result.json()["added"] == [f"{kind}/good.png"]
        rejected = {Path(one["path"]).name: one["reason"] for one in result.json()["rejected"]}
        assert set(rejected) == set(bad)
        for name, word in bad.items():
            assert name in rejected[name]
            assert word in rejected[name]
        assert {path.name for path in (tmp_path / "p" / kind).iterdir()} == {"good.png"}

    def test_one_given_by_its_name(self, fgbg: Fgbg, tmp_path: Path) -> None:
        for name in bad_pictures(tmp_path / "pictures"):
            fgbg("new", tmp_path / f"p-{name}")
            result = fgbg("add-backgrounds", tmp_path / f"p-{name}", tmp_path / "pictures" / name)
            assert result.code == 1
            assert name in result.out
            assert "Traceback" not in result.err

    def test_what_is_passed_over_is_said(self, fgbg: Fgbg, tmp_path: Path) -> None:
        folder = tmp_path / "pictures"
        write_picture(folder / "good.png", draw_background(1))
        for name in ("a.txt", "b.txt", "c.mp4", ".hidden.png", "Thumbs.db"):
            (folder / name).touch()
        fgbg("new", tmp_path / "p")
        said = fgbg("add-backgrounds", tmp_path / "p", folder)
        assert said.code == 0
        assert said.out.splitlines() == [
            "1 background added, 0 rejected",
            "5 files passed over: 3 no picture by name (.txt, .mp4), 1 hidden, 1 left behind by a system (Thumbs.db)",
        ]
        fgbg("new", tmp_path / "q")
        passed = fgbg("add-backgrounds", tmp_path / "q", folder, "--json").json()["passed_over"]
        assert passed["count"] == 5
        assert {one["reason"]: one["count"] for one in passed["reasons"]} == {"name": 3, "hidden": 1, "system": 1}
        assert passed["reasons"][0]["endings"] == {".txt": 2, ".mp4": 1}

    def test_names_of_files_send_nothing_to_the_terminal(self, fgbg: Fgbg, tmp_path: Path) -> None:
        path = tmp_path / "pictures" / "a\x1b[2J\nb.png"
        path.parent.mkdir()
        path.write_bytes(b"no picture")
        fgbg("new", tmp_path / "p")
        result = fgbg("add-backgrounds", tmp_path / "p", path.parent)
        assert len(result.out.splitlines()) == 2
        assert "\x1b" not in result.out
        assert "a\\x1b[2J\\nb.png" in result.out

    def test_cutouts_that_are_none(self, fgbg: Fgbg, tmp_path: Path) -> None:
        clear, full = draw_cutout(0), draw_cutout(1)
        clear[..., 3], full[..., 3] = 0, 255
        write_picture(tmp_path / "fg" / "clear.png", clear)
        write_picture(tmp_path / "fg" / "full.png", full)
        fgbg("new", tmp_path / "p")
        result = fgbg("add-foregrounds", tmp_path / "p", tmp_path / "fg", "--json")
        assert result.code == 1
        reasons = {Path(one["path"]).name: one["reason"] for one in result.json()["rejected"]}
        assert "fully transparent" in reasons["clear.png"]
        assert "not cut out" in reasons["full.png"]

    def test_one_twice(self, fgbg: Fgbg, tmp_path: Path) -> None:
        """One duplicate background is 4,000 redundant triples."""
        write_picture(tmp_path / "bg" / "one.png", draw_background(0))
        write_picture(tmp_path / "bg" / "same.png", draw_background(0))
        fgbg("new", tmp_path / "p")
        result = fgbg("add-backgrounds", tmp_path / "p", tmp_path / "bg", "--json")
        assert result.json()["rejected"][0]["reason"] == "already in the project as backgrounds/one.png"

    def test_a_path_that_does_not_exist_stops_before_anything_is_added(self, fgbg: Fgbg, tmp_path: Path) -> None:
        write_picture(tmp_path / "bg" / "one.png", draw_background(0))
        fgbg("new", tmp_path / "p")
        one_sentence(
            fgbg("add-backgrounds", tmp_path / "p", tmp_path / "bg", tmp_path / "nowhere"), tmp_path / "nowhere"
        )
        assert storage.load(tmp_path / "p").backgrounds == ()

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
    def test_one_that_may_not_be_read(self, tmp_path: Path) -> None:
        """As somebody without any rights, since root may read everything."""
        picture = write_picture(tmp_path / "secret.png", draw_background(0))
        picture.chmod(0o600)
        script = (
            "import os, sys; from pathlib import Path\n"
            "from fgbg_studio.core.imaging.reading import read_rgba; os.seteuid(65534)\n"
            "try: read_rgba(Path(sys.argv[1]))\nexcept Exception as error: print(type(error).__name__, error)"
        )
        for folder in (tmp_path, *list(tmp_path.parents)[:3]):
            if not folder.stat().st_mode & 0o001:
                folder.chmod(0o755)
        said = subprocess.run(
            [sys.executable, "-c", script, str(picture)], capture_output=True, text=True, env=environment(), check=True
        ).stdout
        assert said == f"PictureError {picture} cannot be read: permission denied. Change its permissions.\n"


class TestProject:
    def test_missing(self, fgbg: Fgbg, tmp_path: Path) -> None:
        for arguments in (("check",), ("plan",), ("generate", "--out", tmp_path / "o"), ("preview", "--out", "s.png")):
            result = fgbg(arguments[0], tmp_path / "nowhere", *arguments[1:])
            one_sentence(result, tmp_path / "nowhere", "fgbg-studio new")
        assert list(tmp_path.iterdir()) == []

    def test_empty(self, fgbg: Fgbg, tmp_path: Path) -> None:
        fgbg("new", tmp_path / "p")
        for arguments in (("plan",), ("generate", "--out", tmp_path / "o"), ("preview", "--out", tmp_path / "s.png")):
            one_sentence(fgbg(arguments[0], tmp_path / "p", *arguments[1:]), "no good background", "add-backgrounds")
        assert [path.name for path in tmp_path.iterdir()] == ["p"]

    @pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"format": "one"}', '{"format": 1}', "\x00"])
    def test_damaged(self, text: str, fgbg: Fgbg, tmp_path: Path) -> None:
        (tmp_path / "project.json").write_text(text)
        one_sentence(fgbg("check", tmp_path), tmp_path / "project.json")
        assert (tmp_path / "project.json").read_text() == text

    def test_from_a_newer_version(self, fgbg: Fgbg, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path)
        data = json.loads((made / "project.json").read_bytes())
        (made / "project.json").write_text(json.dumps({**data, "format": 99, "shiny": True}))
        before = {name: sha for name, sha in tree(made).items() if name != ".lock"}
        write_picture(tmp_path / "bg.png", draw_background(7))
        for arguments in (("check",), ("add-backgrounds", tmp_path / "bg.png"), ("set", "seed=1")):
            one_sentence(fgbg(arguments[0], made, *arguments[1:]), "project.json", "newer version", "format 99")
        assert {name: sha for name, sha in tree(made).items() if name != ".lock"} == before

    def test_with_an_unknown_key(self, fgbg: Fgbg, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path)
        data = json.loads((made / "project.json").read_bytes())
        data["settings"]["horses"] = 3
        (made / "project.json").write_text(json.dumps(data))
        one_sentence(fgbg("check", made), "project.json", "horses")

    def test_in_use(self, fgbg: Fgbg, make_project: MakeProject, tmp_path: Path) -> None:
        """Two programs at once: the second says so and changes nothing."""
        made = make_project(tmp_path)
        before = (made / "project.json").read_bytes()
        write_picture(tmp_path / "bg.png", draw_background(7))
        holder = (
            "import sys, time; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire();"
            "print('held', flush=True); time.sleep(600)"
        )
        other = subprocess.Popen([sys.executable, "-c", holder, str(made / ".lock")], stdout=subprocess.PIPE)
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        try:
            one_sentence(fgbg("add-backgrounds", made, tmp_path / "bg.png"), made, "in use by another program")
            one_sentence(fgbg("set", made, "seed=1"), made, "in use by another program")
            assert (made / "project.json").read_bytes() == before
        finally:
            other.kill()
            other.wait()
            other.stdout.close()
        assert fgbg("add-backgrounds", made, tmp_path / "bg.png").code == 0, "a dead program holds no lock"

    def test_new_where_there_is_something(self, fgbg: Fgbg, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path)
        before = tree(tmp_path)
        one_sentence(fgbg("new", made), made, "holds a project already")
        one_sentence(fgbg("new", tmp_path), tmp_path, "not an empty folder")
        one_sentence(fgbg("new", made / "project.json"), made / "project.json")
        one_sentence(fgbg("new", made / "project.json" / "p"), made / "project.json")
        assert tree(tmp_path) == before

    def test_a_foreground_that_cannot_fit(self, fgbg: Fgbg, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path, "street-224", changes=["size=64"])
        for arguments in (("plan",), ("generate", "--out", tmp_path / "o"), ("preview", "--out", tmp_path / "s.png")):
            one_sentence(fgbg(arguments[0], made, *arguments[1:]), "foregrounds/fg_0.png", "64 px", "foreground.sizing")
        result = fgbg("check", made)
        assert result.code == 1
        assert "foregrounds/fg_0.png" in result.out
        assert not (tmp_path / "o").exists()

    def test_a_network_that_is_missing(self, fgbg: Fgbg, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path, changes=small("studio-256"))
        one_sentence(fgbg("generate", made, "--out", tmp_path / "o", "--depth", "inserted"), "network", code=2)
        fgbg("set", made, f"depth.model={tmp_path / 'nowhere.tflite'}")
        one_sentence(fgbg("generate", made, "--out", tmp_path / "o", "--depth", "inserted"), "nowhere.tflite")
        assert fgbg("generate", made, "--out", tmp_path / "o", "--workers", "1").code == 0


class TestOutput:
    def test_an_output_folder_that_is_not_ours(
        self, fgbg: Fgbg, project: Path, dataset: Path, make_project: MakeProject, tmp_path: Path
    ) -> None:
        holiday = tmp_path / "holiday"
        holiday.mkdir()
        (holiday / "beach.jpg").write_bytes(b"precious")
        other = copy(dataset, tmp_path / "other")
        mine = make_project(tmp_path, changes=[*small("studio-256"), "seed=5"], name="mine")
        before = tree(tmp_path)
        one_sentence(fgbg("generate", project, "--out", holiday), holiday, "new folder")
        one_sentence(fgbg("generate", mine, "--out", other), other, "other pictures or settings", "new output folder")
        one_sentence(fgbg("generate", project, "--out", holiday / "beach.jpg"), holiday / "beach.jpg")
        one_sentence(fgbg("generate", project, "--out", holiday / "beach.jpg" / "out"), "beach.jpg")
        assert tree(tmp_path) == before

    def test_two_runs_at_once(self, fgbg: Fgbg, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path, changes=small("studio-256"))
        first = generate(made, tmp_path / "o", Options(engine="inline"))
        while next(first).phase != "making samples":
            pass
        one_sentence(fgbg("generate", made, "--out", tmp_path / "o"), tmp_path / "o", "being written by another run")
        assert last(first).finished

    def test_a_lock_that_somebody_left_is_no_lock(
        self, fgbg: Fgbg, project: Path, dataset: Path, tmp_path: Path
    ) -> None:
        root = copy(dataset, tmp_path / "o")
        (root / ".fgbg" / "lock").write_text("left behind")
        assert fgbg("generate", project, "--out", root).code == 0
        assert differing(dataset, root) == []

    @pytest.mark.parametrize("name", ["stats", "verify", "sample"])
    def test_a_dataset_that_is_none(self, name: str, fgbg: Fgbg, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("nothing here")
        more = ("bg_000_fg_000_p_00", "--out", tmp_path / "one") if name == "sample" else ()
        one_sentence(fgbg(name, tmp_path, *more), tmp_path)
        one_sentence(fgbg(name, tmp_path / "nowhere", *more), tmp_path / "nowhere")
        one_sentence(fgbg(name, tmp_path / "notes.txt", *more), "notes.txt")

    @pytest.mark.parametrize(
        ("arguments", "out"),
        [
            (("preview", "PROJECT", "--out"), "sheet.png"),
            (("sample", "DATASET", "bg_000_fg_000_p_00", "--out"), "one"),
        ],
        ids=["preview", "sample"],
    )
    def test_a_place_that_cannot_be_written(
        self, arguments: tuple[str, ...], out: str, fgbg: Fgbg, project: Path, dataset: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("a file, no folder")
        known = {"PROJECT": project, "DATASET": dataset}
        result = fgbg(*(known.get(word, word) for word in arguments), tmp_path / "file" / out)
        one_sentence(result, tmp_path / "file")


class TestFullDisk:
    """What is finished is kept, and the same command goes on once there is room."""

    @pytest.mark.parametrize("writer", ["folders", "zip", "tar"])
    def test_while_generating(self, writer: str, fgbg: Fgbg, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path, changes=[*small("studio-256"), "placements=40", "shard=40"])
        with small_disk(tmp_path / "disk", 900) as disk:
            ballast = disk / "ballast"
            ballast.write_bytes(bytes(300_000))
            out = disk / "out"
            run = ("generate", made, "--out", out, "--writer", writer, "--limit", "120")
            one_sentence(fgbg(*run, "--workers", "1"), "disk is full", out, "same command again")
            assert not list(out.glob("*.part"))
            subprocess.run(["mount", "-o", "remount,size=9000k", str(disk)], check=True)
            done = {path: path.stat().st_mtime_ns for path in (out / ".fgbg" / "shards").glob("*.json")}
            assert fgbg(*run, "--workers", "1").code == 0
            assert {path: path.stat().st_mtime_ns for path in done} == done
            make(made, tmp_path / "whole", writer=writer, limit=120)
            assert differing(tmp_path / "whole", out) == []
            assert find(out).report()["faults"] == []

    def test_with_workers(self, fgbg: Fgbg, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path, changes=[*small("studio-256"), "placements=100", "shard=100"])
        with small_disk(tmp_path / "disk", 900) as disk:
            one_sentence(fgbg("generate", made, "--out", disk / "out", "--workers", "2"), "disk is full")

    def test_before_the_first_sample(self, fgbg: Fgbg, project: Path, tmp_path: Path) -> None:
        with small_disk(tmp_path / "disk", 16) as disk:
            one_sentence(fgbg("generate", project, "--out", disk / "out"), "disk is full", disk / "out")

    def test_while_adding(self, fgbg: Fgbg, tmp_path: Path) -> None:
        """What was added before is still in the project, and no half of a picture is."""
        for number in range(8):
            write_picture(tmp_path / "bg" / f"bg_{number}.png", draw_background(number))
        with small_disk(tmp_path / "disk", 200) as disk:
            fgbg("new", disk / "p")
            one_sentence(fgbg("add-backgrounds", disk / "p", tmp_path / "bg"), "No space left", "Make room")
            known = {picture.file for picture in storage.load(disk / "p").backgrounds}
            files = {f"backgrounds/{path.name}" for path in (disk / "p" / "backgrounds").iterdir()}
            assert known <= files
            assert 0 < len(files) < 8
            subprocess.run(["mount", "-o", "remount,size=900k", str(disk)], check=True)
            assert fgbg("add-backgrounds", disk / "p", tmp_path / "bg").code == 0
            known = {picture.file for picture in storage.load(disk / "p").backgrounds}
            assert known == {f"backgrounds/bg_{number}.png" for number in range(8)}
            assert known == {f"backgrounds/{path.name}" for path in (disk / "p" / "backgrounds").iterdir()}

    @pytest.mark.parametrize("name", ["preview", "sample"])
    def test_while_writing_a_single_file(
        self, name: str, fgbg: Fgbg, project: Path, dataset: Path, tmp_path: Path
    ) -> None:
        with small_disk(tmp_path / "disk", 12) as disk:
            (disk / "ballast").write_bytes(bytes(4096))
            if name == "preview":
                result = fgbg("preview", project, "--out", disk / "sheet.png")
            else:
                (disk / "more").write_bytes(bytes(4096))
                result = fgbg("sample", dataset, "bg_000_fg_000_p_00", "--out", disk)
            one_sentence(result, disk, "No space left")
            assert not list(disk.rglob("*.part"))

    def test_a_file_that_may_not_grow(self, project: Path, tmp_path: Path) -> None:
        """Another way in which a write fails: a limit on the size of files."""
        pytest.importorskip("resource", reason="Windows has no such limit")
        script = (
            "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000));"
            "sys.argv = ['fgbg-studio', *sys.argv[1:]]; runpy.run_module('fgbg_studio', run_name='__main__')"
        )
        arguments = command("generate", project, "--out", tmp_path / "out", "--writer", "tar")[3:]
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments], capture_output=True, text=True, env=environment(), check=False
        )
        one_sentence(Result(done.returncode, done.stdout, done.stderr), "too large")
