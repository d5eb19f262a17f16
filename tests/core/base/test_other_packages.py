"""Strategies of other packages, installed as pip leaves them; the one of the guide's page is made from its text."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.base.strategy import GROUP
from tests.conftest import ROOT, MakeProject
from tests.helpers.datasets import command, environment, small

Program = Callable[..., subprocess.CompletedProcess[str]]
PAGE = (ROOT / "docs" / "strategies.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"```(\w+)\n(.*?)```", PAGE, flags=re.DOTALL))


def install(site: Path, package: str, module: str, code: str) -> None:
    """What an installer would leave in ``site`` of a package with one module that is an entry point."""
    info = site / f"{package.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (site / f"{module}.py").write_text(code)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{module} = {module}\n")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Runs the program with the packages that are in ``site``."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        known = environment() | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path / 'site'}"}
        return subprocess.run(
            command(*arguments), capture_output=True, text=True, timeout=300, env=known, cwd=tmp_path, check=False
        )

    return run


def placements(done: subprocess.CompletedProcess[str]) -> set[str]:
    assert done.returncode == 0, done.stderr
    return {entry["name"] for entry in json.loads(done.stdout)}


@pytest.fixture
def corner(tmp_path: Path) -> None:
    """The package of the page is installed."""
    project = tomllib.loads(BLOCKS["toml"])["project"]
    ((module, value),) = project["entry-points"][GROUP].items()
    assert module == value
    install(tmp_path / "site", project["name"], module, BLOCKS["python"])


@pytest.mark.usefixtures("corner")
def test_the_pages_placement_is_listed_set_and_used_by_workers(
    program: Program, make_project: MakeProject, tmp_path: Path
) -> None:
    listed = program("list", "placements", "--json")
    assert "corner" in placements(listed)
    assert listed.stderr == ""
    project = make_project(tmp_path, "street-224", changes=small("street-224"))
    assert program("set", project, "placement=corner", "placement.gap=3").returncode == 0
    refused = program("set", project, "placement.gap=-1")
    assert refused.returncode == 2
    assert "Give at least 0" in refused.stderr
    done = program("generate", project, "--out", tmp_path / "out", "--workers", "2")
    assert done.returncode == 0, done.stderr
    rows = (tmp_path / "out" / "samples.csv").read_text().splitlines()
    x, y, _, height = (rows[0].split(",").index(name) for name in ("x", "y", "width", "height"))
    for row in (line.split(",") for line in rows[1:]):
        assert int(row[x]) == 3
        assert int(row[y]) + int(row[height]) == 64 - 3


def test_a_package_that_cannot_be_imported_is_named_and_left_out(
    program: Program, make_project: MakeProject, tmp_path: Path
) -> None:
    install(tmp_path / "site", "fgbg-broken", "broken", "import there_is_no_such_module\n")
    listed = program("list", "placements", "--json")
    assert {"uniform", "perspective", "layers"} <= placements(listed)
    sentence = (
        "The strategies of the package 'fgbg-broken' cannot be used "
        "(ModuleNotFoundError: No module named 'there_is_no_such_module')"
    )
    assert listed.stderr.splitlines() == [sentence]
    project = make_project(tmp_path, changes=small("studio-256"))
    refused = program("set", project, "placement=brick")
    assert refused.returncode == 2
    assert "no placement called 'brick'" in refused.stderr
    assert sentence in refused.stderr


def test_no_package_takes_a_name_that_the_program_has(program: Program, tmp_path: Path) -> None:
    install(tmp_path / "site", "fgbg-thief", "thief", BLOCKS["python"].replace('"corner"', '"uniform"'))
    listed = program("list", "placements", "--json")
    assert "there is a placement 'uniform' already" in listed.stderr
    assert "'fgbg-thief'" in listed.stderr
    summaries = {entry["name"]: entry["summary"] for entry in json.loads(listed.stdout)}
    assert "corner" not in summaries["uniform"]
