"""Standard streams that are missing, or in an encoding that lacks a character."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import MakeProject, longer, write_picture
from tests.helpers.datasets import environment, find, make, small, tree

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell closes the streams")


def closed(streams: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The program without these streams, ``2>&-`` and the like."""
    command = shlex.join([sys.executable, "-m", "fgbg_studio", *map(str, arguments)])
    return subprocess.run(
        ["sh", "-c", f"{command} {streams}"], capture_output=True, text=True, env=environment(), check=False
    )


@pytest.mark.parametrize("streams", longer(["<&- >&- 2>&-"], ["2>&-", "<&- 2>&-", "<&- >&- 2>&-"]))
def test_a_run_without_streams_makes_what_it_makes_with_them(
    streams: str, tmp_path: Path, make_project: MakeProject
) -> None:
    project = make_project(tmp_path, changes=small("studio-256"))
    make(project, tmp_path / "right")
    assert find(tmp_path / "right").clean  # which puts into it what it measures
    for command in (
        ("check", project),
        ("generate", project, "--out", tmp_path / "set", "--workers", "2", "--anyway"),
        ("stats", tmp_path / "set"),
        ("verify", tmp_path / "set"),
    ):
        assert closed(streams, *command).returncode == 0
    assert tree(tmp_path / "set") == tree(tmp_path / "right")


def test_without_standard_error_an_error_is_still_the_exit_code(tmp_path: Path) -> None:
    assert closed("2>&-", "verify", tmp_path / "none").returncode == 1


@pytest.mark.parametrize("encoding", longer(["cp1252", "ascii"], ["cp1252", "cp437", "cp932", "ascii", "utf-8"]))
def test_any_encoding_takes_every_report(encoding: str, tmp_path: Path, make_project: MakeProject) -> None:
    project, name = make_project(tmp_path, changes=small("studio-256")), "教室 σ é.png"
    make(project, tmp_path / "set")
    write_picture(tmp_path / name, np.zeros((4, 4, 3), np.uint8))
    env = {**environment(), "PYTHONIOENCODING": encoding}
    program = [sys.executable, "-m", "fgbg_studio"]
    stats = subprocess.run([*program, "stats", tmp_path / "set"], capture_output=True, env=env, check=False)
    assert stats.returncode == 0, stats.stderr
    assert b"fg_bg" in stats.stdout
    add = [*program, "add-backgrounds", project, tmp_path / name]
    told = subprocess.run([*add, "--json"], capture_output=True, env=env, check=False)
    assert told.returncode == 1, told.stderr
    assert Path(json.loads(told.stdout.decode(encoding))["rejected"][0]["path"]).name == name
    plain = subprocess.run(add, capture_output=True, env=env, check=False)
    assert plain.returncode == 1
    assert b"error in the program" not in plain.stderr


def test_a_network_s_library_that_begins_says_nothing() -> None:
    """TensorFlow Lite tells of its delegate past Python, in each process that begins it."""
    program = (
        "import sys, fgbg_studio, numpy\n"
        "from pathlib import Path\n"
        "from fgbg_studio.selftest.networks import FOLDER\n"
        "from fgbg_studio.core.networks.description import Description\n"
        "from fgbg_studio.core.networks.network import open_network\n"
        "network = open_network(FOLDER / 'tiny.tflite', Description('metres', 32, 32))\n"
        "network(numpy.zeros((1, 32, 32, 3), numpy.uint8))\n"
        "print('heard', file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment(), check=True)
    assert done.stderr.split() == [b"heard"]
