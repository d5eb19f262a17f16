"""What is imported when: `core` knows no window and no command line, and heavy packages wait until they are used."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT

WINDOWS = {"PySide6", "PyQt5", "PyQt6", "qtawesome", "pyqtgraph", "matplotlib"}
NETWORKS = {"tensorflow", "keras", "h5py", "ai_edge_litert", "onnxruntime", "torch", "openvino", "ray"}

ALL_OF_CORE = """
import importlib, pkgutil
import fgbg_studio.core
for found in pkgutil.walk_packages(fgbg_studio.core.__path__, "fgbg_studio.core."):
    importlib.import_module(found.name)
"""


def loaded(code: str) -> set[str]:
    """The top-level packages that a fresh interpreter has after running ``code``, and the program's own modules."""
    tail = "\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code + tail], check=True, capture_output=True, text=True, cwd=ROOT)
    names = json.loads(done.stdout.splitlines()[-1])
    return {name.partition(".")[0] for name in names} | {name for name in names if name.startswith("fgbg_studio")}


@pytest.fixture(scope="module")
def core() -> set[str]:
    return loaded(ALL_OF_CORE)


def test_core_knows_no_window(core: set[str]) -> None:
    assert not core & WINDOWS
    assert not [name for name in core if name.startswith("fgbg_studio.gui")]


def test_core_knows_no_command_line(core: set[str]) -> None:
    assert not core & {"click", "rich"}
    assert not core & {"fgbg_studio.cli.main", "fgbg_studio.cli.console"}


def test_core_loads_no_network_runtime(core: set[str]) -> None:
    assert not core & NETWORKS


def test_core_was_imported_wholly(core: set[str]) -> None:
    folder = ROOT / "fgbg_studio" / "core"
    for path in folder.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        assert name in core


def test_the_command_line_waits_with_everything_heavy() -> None:
    found = loaded("import fgbg_studio.cli.main")
    assert "click" in found
    assert not found & (WINDOWS | NETWORKS)
    assert "rich" not in found  # a progress bar is not needed for --help
    assert not [name for name in found if name.startswith("fgbg_studio.gui")]


@pytest.mark.parametrize("command", [["--help"], ["list", "presets"], ["generate", "--help"]])
def test_help_and_lists_load_nothing_heavy(command: list[str]) -> None:
    code = (
        "import sys; from fgbg_studio.cli import main\n"
        f"sys.argv = ['fgbg-studio', *{command}]\n"
        "try:\n    main.run()\nexcept SystemExit as leaving:\n    assert not leaving.code, leaving.code"
    )
    assert not loaded(code) & (WINDOWS | NETWORKS | {"rich"})


def test_making_samples_with_geometry_depth_loads_no_network_runtime() -> None:
    code = (
        "from pathlib import Path\n"
        "from tests.conftest import drawn_recipe\n"
        "from fgbg_studio.core.plan.plan import Plan\n"
        "from fgbg_studio.core.interfaces.depth import Depth\n"
        "Plan(drawn_recipe('studio-256', 2, 2))[3]\n"
        "assert {'geometry', 'inserted', 'network', 'none'} <= set(Depth.known())"
    )
    assert not loaded(code) & NETWORKS


def test_a_worker_of_a_run_loads_what_it_works_with_and_no_more() -> None:
    """Each of them is a process that loads all of it anew: this was half a second of a processor at a run's start."""
    found = loaded(
        "import fgbg_studio.core.dataset.engines.local, fgbg_studio.core.interfaces.depth as depth; depth.Depth.known()"
    )
    assert "fgbg_studio.core.depth.geometry" in found
    unneeded = {"core.networks.confined", "core.networks.serving", "core.project.judging", "core.project.storage"}
    assert not found & {"filelock", *(f"fgbg_studio.{name}" for name in unneeded)}


@pytest.mark.parametrize(
    "module", ["fgbg_studio", "fgbg_studio.core.project.settings", "fgbg_studio.core.dataset.layouts.street"]
)
def test_any_module_can_be_the_first(module: str) -> None:
    assert module in loaded(f"import {module}")
