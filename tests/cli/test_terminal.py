"""Whatever files are called and others wrote: the terminal gets letters to show, and no commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fgbg_studio.core.base.words import is_shown
from tests.cli.conftest import Fgbg
from tests.conftest import draw_background, draw_cutout, write_oddly_named

NAMES = ["a\x1b[31m\x1b]0;title\x07.png", "b\u202egnp.png", "c\nerror: all is lost.png", "d\x9b2J.png", "e\x7f\x08.png"]


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    for number, name in enumerate(NAMES):
        write_oddly_named(tmp_path / "odd" / name, draw_background(number, 600, 600))
        write_oddly_named(tmp_path / "odd" / f"bad {name}", draw_background(number, 20, 20))
    return tmp_path / "odd"


def plain(text: str) -> bool:
    return all(is_shown(letter) or letter == "\n" for letter in text)


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_names_reach_the_terminal_written_out(fgbg: Fgbg, tmp_path: Path, odd: Path, options: list[str]) -> None:
    fgbg("new", tmp_path / "p")
    done = fgbg("add-backgrounds", tmp_path / "p", odd, *options)
    assert done.code == 0
    assert plain(done.out)
    assert plain(done.err)
    assert not [line for line in done.out.splitlines() if line.startswith("error: all")]
    if options:
        assert {Path(one["path"]).name for one in json.loads(done.out)["rejected"]} == {f"bad {name}" for name in NAMES}


def test_errors_and_wrong_usage_do_so_too(fgbg: Fgbg, tmp_path: Path, odd: Path) -> None:
    fgbg("new", tmp_path / "p")
    lists = [
        ["check", odd / NAMES[0]],
        ["verify", odd / NAMES[2]],
        ["list", "\x1b[31m"],
        ["add-backgrounds", NAMES[1], "x"],
    ]
    for arguments in lists:
        done = fgbg(*arguments)
        assert done.code
        assert done.err
        assert plain(done.err)


def test_words_in_a_project_do_so_too(fgbg: Fgbg, tmp_path: Path) -> None:
    fgbg("new", tmp_path / "p")
    write_oddly_named(tmp_path / "in" / "a.png", draw_cutout(1))
    fgbg("add-foregrounds", tmp_path / "p", tmp_path / "in")
    path = tmp_path / "p" / "project.json"
    data = json.loads(path.read_bytes())
    data["preset"], data["name"] = "\x1b[31mred", "\u202ename"
    data["foregrounds"][0]["file"] = "foregrounds/\x1b[2J\nb.png"
    path.write_text(json.dumps(data))
    for command in (["check"], ["plan"]):
        done = fgbg(*command, tmp_path / "p")
        assert plain(done.out + done.err)
