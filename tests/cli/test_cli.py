"""Every command: its help, its exit code, what it says of wrong words; and the whole way through them."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import click
import numpy as np
import pytest

from fgbg_studio.cli import main
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.project import storage
from tests.cli.conftest import Fgbg
from tests.conftest import draw_background, draw_cutout, write_picture
from tests.helpers.datasets import small

ISSUE = (
    "new", "add-backgrounds", "add-foregrounds", "check", "plan", "preview", "generate", "stats", "verify", "sample",
    "cut", "list", "demo",
)  # fmt: skip


def commands(group: click.Group = main.main, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command as the words that call it."""
    found = []
    for name, command in sorted(group.commands.items()):
        found += commands(command, (*path, name)) if isinstance(command, click.Group) else [(*path, name)]
    return found


class TestHelp:
    def test_every_command_that_was_promised_is_there(self) -> None:
        assert set(ISSUE) <= {words[0] for words in commands()}

    @pytest.mark.parametrize("words", commands(), ids=" ".join)
    def test_every_command_has_help_with_an_example(self, words: tuple[str, ...], fgbg: Fgbg) -> None:
        result = fgbg(*words, "--help")
        assert result.code == 0
        assert f"Example:  fgbg-studio {' '.join(words)}" in result.out
        assert "Usage: fgbg-studio " in result.out

    @pytest.mark.parametrize("words", commands(), ids=" ".join)
    def test_every_example_is_understood(self, words: tuple[str, ...]) -> None:
        """Its flags and its number of arguments are those of the command."""
        command: click.Command = main.main
        for word in words:
            assert isinstance(command, click.Group)
            command = command.commands[word]
        example = (command.epilog or "").split()
        assert example[: 1 + len(words)] == ["fgbg-studio", *words]
        with command.make_context("fgbg-studio", example[1 + len(words) :]) as context:
            assert context.params

    def test_the_program_has_help_and_a_version(self, fgbg: Fgbg) -> None:
        assert all(name in fgbg("--help").out for name in ISSUE)
        assert fgbg("--version").out.startswith("fgbg-studio, version ")

    @pytest.mark.parametrize("flag", ["--limit", "--workers", "--depth", "--writer", "--set-size"])
    @pytest.mark.parametrize("command", ["plan", "generate"])
    def test_flags_of_a_run(self, command: str, flag: str, fgbg: Fgbg) -> None:
        assert flag in fgbg(command, "--help").out


class TestUsage:
    """Exit code 2 and not a word of Python."""

    @pytest.mark.parametrize(
        "arguments",
        [
            ("nonsense",), ("generate",), ("generate", "p"), ("generate", "p", "--out"), ("new",), ("list", "horses"),
            ("generate", "p", "--out", "o", "--limit", "0"), ("generate", "p", "--out", "o", "--workers", "none"),
            ("preview", "p", "--out", "x.png", "--count", "0"), ("stats", "--yaml", "d"), ("sample", "d"),
            ("cut", "p.jpg", "--out", "c.png"), ("cut", "p.jpg", "--out", "c.png", "--rect", "1,2,3"),
            ("cut", "p.jpg", "--out", "c.png", "--rect", "1,2,3,4", "--trimap", "t.png"),
        ],
        ids=" ".join,
    )  # fmt: skip
    def test_wrong_words(self, arguments: tuple[str, ...], fgbg: Fgbg) -> None:
        result = fgbg(*arguments)
        assert result.code == 2
        assert "Traceback" not in result.err
        assert result.err
        assert result.out == ""

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--preset", "studio-265"), "studio-256"),
            (("--set", "placments=3"), "placements"),
            (("--set", "foreground.sizing.pixel=3"), "Did you mean 'pixels'"),
            (("--set", "size=huge"), "size"),
            (("--set", "size"), "key=value"),
            (("--set", "writer=zipp"), "zip"),
            (("--set", "codecs.fg_bg.quality=101"), "quality"),
            (("--set", "seed=-1"), "seed"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
    )
    def test_unknown_presets_keys_and_values(
        self, arguments: tuple[str, ...], said: str, fgbg: Fgbg, tmp_path: Path
    ) -> None:
        result = fgbg("new", tmp_path / "p", *arguments)
        assert result.code == 2
        assert said in result.err
        assert not (tmp_path / "p").exists()

    @pytest.mark.parametrize("option", [("--depth", "guess"), ("--writer", "floppy"), ("--engine", "steam")])
    def test_unknown_strategies(self, option: tuple[str, str], project: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        result = fgbg("generate", project, "--out", tmp_path / "o", *option)
        assert result.code == 2
        assert "Known are" in result.err
        assert not (tmp_path / "o").exists()


class TestSets:
    def test_so_many_samples_a_zip(self, project: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        said = fgbg("plan", project, "--set-size", "6")
        assert said.code == 0
        assert "more while archives are joined" in said.out
        result = fgbg(
            "generate", project, "--out", tmp_path / "o", "--set-size", "6", "--limit", "10", "--workers", "1"
        )
        assert result.code == 0
        with ZipFile(tmp_path / "o" / "set-001.zip") as one, ZipFile(tmp_path / "o" / "set-002.zip") as two:
            assert (len(one.namelist()), len(two.namelist())) == (4 * 6, 4 * 4)
        assert fgbg("verify", tmp_path / "o").code == 0
        name = one.namelist()[6].rpartition("/")[2]
        assert fgbg("sample", tmp_path / "o", name, "--out", tmp_path / "s").code == 0
        with ZipFile(tmp_path / "o" / "set-001.zip") as one:
            found = next((tmp_path / "s").rglob(name)).read_bytes()
            assert found == one.read(one.namelist()[6])

    @pytest.mark.parametrize("options", [("--set-size", "0"), ("--set-size", "5", "--writer", "zip")])
    def test_refused(self, options: tuple[str, ...], project: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        result = fgbg("generate", project, "--out", tmp_path / "o", *options)
        assert result.code == 2
        assert not (tmp_path / "o").exists()
        assert "--writer sets" in result.err or "set-size" in result.err


class TestDebug:
    def test_no_traceback_without_it(self, fgbg: Fgbg, tmp_path: Path) -> None:
        result = fgbg("check", tmp_path / "nowhere")
        assert result.code == 1
        assert "Traceback" not in result.err
        assert result.err.count("\n") == 1

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_one_with_it_wherever_it_stands(self, place: int, fgbg: Fgbg, tmp_path: Path) -> None:
        arguments = ["check", str(tmp_path / "nowhere")]
        arguments.insert(place, "--debug")
        result = fgbg(*arguments)
        assert result.code == 1
        assert "Traceback" in result.err
        assert "ProjectError" in result.err
        assert result.err.splitlines()[-1].startswith("error: ")

    def test_a_fault_of_the_program_itself_says_how_to_see_it(
        self, fgbg: Fgbg, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        def break_down(folder: Path) -> None:
            raise RuntimeError("a bug")

        monkeypatch.setattr(storage, "load", break_down)
        result = fgbg("check", tmp_path)
        assert result.code == 1
        assert result.err == "error in the program: RuntimeError('a bug'). Run it again with --debug.\n"


class TestWholeWay:
    def test_from_pictures_to_a_dataset(self, fgbg: Fgbg, tmp_path: Path) -> None:
        """The commands one after another, as a person types them."""
        for number in range(3):
            write_picture(tmp_path / "rooms" / f"room_{number}.png", draw_background(number))
            write_picture(tmp_path / "people" / f"person_{number}.png", draw_cutout(number))
        (tmp_path / "rooms" / "broken.jpg").write_bytes(b"\xff\xd8 no more")
        project, out = tmp_path / "project", tmp_path / "out"
        sets = [word for change in small("street-224") for word in ("--set", change)]
        assert fgbg("new", project, "--preset", "street-224", *sets).code == 0
        added = fgbg("add-backgrounds", project, tmp_path / "rooms", "--licence", "CC0", "--origin", "drawn", "--json")
        assert added.code == 0
        assert added.json()["added"] == [f"backgrounds/room_{number}.png" for number in range(3)]
        assert [Path(one["path"]).name for one in added.json()["rejected"]] == ["broken.jpg"]
        assert "broken.jpg" in added.json()["rejected"][0]["reason"]
        assert fgbg("add-foregrounds", project, tmp_path / "people").code == 0
        assert "3 of 3 backgrounds have no horizon of their own" in fgbg("check", project).out
        assert fgbg("set-backgrounds", project, "room_1.png", "backgrounds/room_2.png", "horizon=0.4").code == 0
        assert fgbg("set-backgrounds", project, "room_0.png", "horizon=0.5", "wall=none").code == 0
        assert fgbg("set-backgrounds", project, "room_0.png", "light=-60", "elevation=40").code == 0
        assert fgbg("set-backgrounds", project, "room_0.png", "light=200").code == 2
        assert fgbg("set-foregrounds", project, "person_1.png", "--class", "man", "--real-height", "1.8").code == 0
        assert fgbg("set-foregrounds", project, "--all", "--licence", "CC BY 4.0").code == 0
        assert "error:" not in fgbg("check", project).out
        assert fgbg("plan", project).code == 0
        done = fgbg("generate", project, "--out", out, "--workers", "1")
        assert done.code == 0
        assert f"36 samples in {out}" in done.out
        assert "fg_bg" in done.out
        assert fgbg("verify", out).code == 0
        card = (out / "README.md").read_text(encoding="utf-8")
        assert "CC0" in card
        assert "| CC BY 4.0 | not stated | 3 |" in card
        assert "| man | 1 |" in card
        lit = storage.load(project).backgrounds[0]
        assert (lit.light, lit.elevation, lit.softness) == (-60, 40, None)
        man = storage.load(project).foregrounds[1]
        assert (man.category, man.real_height, man.licence) == ("man", 1.8, "CC BY 4.0")

    def test_what_foregrounds_cannot_be_told(self, project: Path, fgbg: Fgbg) -> None:
        before = storage.load(project)
        assert fgbg("set-foregrounds", project, "fg_0.png").code == 2
        assert fgbg("set-foregrounds", project, "--class", "man").code == 2
        assert fgbg("set-foregrounds", project, "--all", "fg_0.png", "--class", "man").code == 2
        unknown = fgbg("set-foregrounds", project, "fg_O.png", "--class", "man")
        assert (unknown.code, "fg_0.png" in unknown.err) == (2, True)
        tiny = fgbg("set-foregrounds", project, "--all", "--real-height", "0")
        assert (tiny.code, "real_height" in tiny.err) == (2, True)
        assert storage.load(project) == before

    def test_another_engine(self, project: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        done = fgbg("generate", project, "--out", tmp_path / "out", "--engine", "inline", "--limit", "3")
        assert done.code == 0
        assert f"3 samples in {tmp_path / 'out'}" in done.out

    def test_pictures_with_masks_beside_them(self, fgbg: Fgbg, tmp_path: Path) -> None:
        cutout = draw_cutout(1)
        write_picture(tmp_path / "photos" / "ann.jpg", cutout[..., :3].copy(), Codec("jpeg", 95))
        write_picture(tmp_path / "masks" / "ann.png", cutout[..., 3].copy())
        write_picture(tmp_path / "photos" / "bob.png", cutout[..., :3].copy())
        assert fgbg("new", tmp_path / "p").code == 0
        added = fgbg(
            "add-foregrounds", tmp_path / "p", tmp_path / "photos", "--masks", tmp_path / "masks", "--json"
        ).json()
        assert added["added"] == ["foregrounds/ann.png"]
        assert "no mask of the same name" in added["rejected"][0]["reason"]
        np.testing.assert_array_equal(read_rgba(tmp_path / "p" / "foregrounds" / "ann.png")[..., 3], cutout[..., 3])

    def test_what_files_do_not_say_is_said_by_options(self, fgbg: Fgbg, tmp_path: Path) -> None:
        photo, labels = draw_background(1), np.zeros((140, 160), np.uint8)
        labels[20:60, 20:90], labels[70:120, 30:90] = 1, 2
        write_picture(tmp_path / "photos" / "a.png", photo)
        write_picture(tmp_path / "masks" / "a.png", labels)
        write_picture(tmp_path / "clear.png", np.dstack([photo, np.where(labels, 0, 255).astype(np.uint8)]))
        project = tmp_path / "p"
        fgbg("new", project)
        masked = ("add-foregrounds", project, tmp_path / "photos", "--masks", tmp_path / "masks")
        asked = fgbg(*masked)
        assert asked.code == 1
        assert "(values: 0 in 74%, 1 in 12%, 2 in 13%)" in asked.out
        assert "--object" in asked.out
        assert fgbg(*masked, "--object", "2").code == 0
        assert np.array_equal(read_rgba(project / "foregrounds" / "a.png")[..., 3], np.where(labels == 2, 255, 0))
        assert fgbg(*masked, "--object", "red").code == 2
        refused = fgbg("add-backgrounds", project, tmp_path / "clear.png")
        assert refused.code == 1
        assert "--fill" in refused.out
        assert fgbg("add-backgrounds", project, tmp_path / "clear.png", "--fill", "red").code == 0
        assert (read_rgba(project / "backgrounds" / "clear.png")[labels > 0] == (255, 0, 0, 255)).all()

    def test_nothing_added_is_a_failure(self, fgbg: Fgbg, tmp_path: Path) -> None:
        fgbg("new", tmp_path / "p")
        (tmp_path / "x.png").write_bytes(b"")
        assert fgbg("add-backgrounds", tmp_path / "p", tmp_path / "x.png").code == 1
