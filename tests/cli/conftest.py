"""What the command line's tests share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fgbg_studio.cli import main
from tests.helpers.datasets import make, small


class Result(NamedTuple):
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Its standard output, which must be JSON and nothing else."""
        return json.loads(self.out)


Fgbg = Callable[..., Result]


@pytest.fixture
def fgbg(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fgbg:
    """Run the program in this process: all of it but the start of the interpreter."""

    def run(*arguments: str | Path) -> Result:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["fgbg-studio", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            main.run()
        said = capsys.readouterr()
        assert isinstance(caught.value.code, int)
        return Result(caught.value.code, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def project(make_project: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 16 samples; not to be changed."""
    return make_project(tmp_path_factory.mktemp("cli-project"), changes=small("studio-256"))


@pytest.fixture(scope="session")
def dataset(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its dataset; not to be changed."""
    out = tmp_path_factory.mktemp("cli-dataset") / "out"
    make(project, out)
    return out
