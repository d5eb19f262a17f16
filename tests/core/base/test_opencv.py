"""What the program asks of OpenCV: the same pixels however one comes in, and a notebook's threads left alone."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import cv2
import pytest

from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.engines.local import Local, _start
from tests.core.base.test_imports import ALL_OF_CORE
from tests.helpers.datasets import ROOT, differing, environment, make, small

USED = "import cv2, numpy; cv2.setNumThreads(4); cv2.resize(numpy.zeros((9, 9), numpy.uint8), (5, 5))\n"


def notebook(code: str) -> str:
    """What ``code`` prints in an interpreter of its own, from the source tree."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=environment(), check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("before", ["", "import cv2\n", USED], ids=["not yet", "imported", "used"])
def test_ipp_is_off_whoever_imports_core(before: str) -> None:
    assert notebook(f"{before}{ALL_OF_CORE}\nimport cv2; print(cv2.ipp.useIPP())") == "False"


def test_a_notebooks_threads_are_its_own() -> None:
    assert notebook(f"{USED}{ALL_OF_CORE}\nprint(cv2.getNumThreads())") == "4"


def test_a_notebook_makes_the_same_bytes(make_project: Callable[..., Path], tmp_path: Path) -> None:
    """With OpenCV used before, in frames so large that its threads share them."""
    project = make_project(tmp_path, changes=[*small("studio-256"), "size=400", "depth.size=400"])
    make(project, tmp_path / "one", limit=4)
    notebook(
        f"{USED}from pathlib import Path\n"
        "from fgbg_studio.core.dataset.run import Options, generate\n"
        f"list(generate(Path({str(project)!r}), Path({str(tmp_path / 'two')!r}), Options(limit=4, engine='inline')))"
    )
    assert differing(tmp_path / "one", tmp_path / "two") == []


def begin(root: Path, told: Connection) -> None:
    """Start as a worker does, and say how OpenCV is set."""
    context = multiprocessing.get_context("spawn")
    cv2.setNumThreads(4)
    _start(LocalStore(root), Local().control(), context.SimpleQueue())
    told.send((cv2.getNumThreads(), cv2.ipp.useIPP()))


def test_a_worker_has_one_thread(datasets: Callable[..., Path]) -> None:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=begin, args=(datasets(), there))
    process.start()
    assert here.recv() == (1, False)
    process.join()
