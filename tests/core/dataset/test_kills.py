"""``kill -9`` of all, of the program or of one worker, at any moment: nothing is left running, and nothing is lost.

Each sort of moment in turn, of the processes' own steps (`tests/helpers/doomed`), and some by the clock. Seeded:
``FGBG_SOAK=1`` (`make soak`) kills as often as ``FGBG_TRIALS`` says (200) with the seed ``FGBG_SEED``, over all writers
and ways to depth, and says at what; else three of the moments are tried.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from fgbg_studio.cli.main import main
from tests.conftest import SOAK, MakeProject, longer
from tests.helpers import tiny_onnx
from tests.helpers.datasets import ROOT, command, differing, environment, quick, run, small, tree
from tests.helpers.processes import session

TRIALS = longer(3, int(os.environ.get("FGBG_TRIALS", "200")))
SEED = int(os.environ.get("FGBG_SEED", "1"))
VICTIMS = ["all", "program", "worker"]
WAYS = longer(["geometry"], ["none", "geometry", "inserted"])
WRITERS = longer(["zip"], ["folders", "zip", "tar", "sets"])
MOMENTS = longer(
    ["encoding", "marker", "by the clock"],
    ["preparing", "composing", "encoding", "writing", "renaming", "marker", "merging", "finishing", "by the clock"],
)
DOOMED = ROOT / "tests" / "helpers" / "doomed"
GONE = longer(30.0, 5.0)
"""Seconds after which no process may be left; more where other tests run beside this one."""

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted by /proc"),
    pytest.mark.skipif(importlib.util.find_spec("onnxruntime") is None, reason="needs onnxruntime"),
]


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def project(
    make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory, monkeypatch_module: pytest.MonkeyPatch
) -> Path:
    folder = tmp_path_factory.mktemp("project")
    file = tiny_onnx.write(folder / "tiny.onnx", np.array([0.2, 0.3, 0.5], np.float32), (1, 3, 32, 32))
    described = '{"meaning": "metres", "width": 32, "height": 32, "layout": "nchw"}'
    monkeypatch_module.setenv("FGBG_STUDIO_CACHE", str(folder / "cache" / "models"))
    assert run("models", "allow", file).returncode == 0
    changes = [
        *small("studio-256"),
        "layout=classroom",
        "placements=12",
        "shard=8",
        f"depth.model={file}",
        f"depth.network={described}",
    ]
    return make_project(folder, changes=changes)


def arguments(project: Path, out: Path, writer: str, way: str) -> list[str]:
    sets = ["--set-size", "20"] if writer == "sets" else []
    return command(
        "generate", project, "--out", out, "--writer", writer, "--depth", way, "--workers", "2", "--anyway", *sets
    )


def is_tracker(pid: int) -> bool:
    """Whether it is Python's own, which clears away after the others and is no worker."""
    try:
        return b"resource_tracker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def by_the_clock(process: subprocess.Popen[str], who: str, seconds: float, dice: random.Random) -> None:
    """Kill whatever a run is at, at some time of what a whole one takes."""
    time.sleep(dice.uniform(0.1, 1.1) * seconds)
    living = session(process.pid)
    workers = [pid for pid in living if pid != process.pid and not is_tracker(pid)]
    killed = living if who == "all" else [dice.choice(workers)] if who == "worker" and workers else [process.pid]
    for pid in killed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def possible(moment: str, writer: str) -> bool:
    """Whether a run by this writer has such a moment."""
    return {"renaming": writer != "folders", "merging": writer in {"zip", "sets"}}.get(moment, True)


def doom(moment: str, who: str, dice: random.Random) -> dict[str, str]:
    """What kills a run at the n-th of such moments, or up to 5 ms later."""
    most = {"preparing": 10, "composing": 30, "encoding": 30, "renaming": 12, "writing": 12, "marker": 4}.get(moment, 5)
    later = dice.choice([0, dice.uniform(0, 0.005)])
    return {
        "FGBG_DOOM": json.dumps([moment, dice.randint(1, most), who, later]),
        "PYTHONPATH": f"{DOOMED}{os.pathsep}{ROOT}",
    }


def again(command: list[str]) -> int:
    """Give a command once more; in the long form in this process, as to start another takes longer than the run."""
    if not SOAK:
        return run(*command).returncode
    done = CliRunner().invoke(main, [*command, "--engine", "inline"])
    return done.exit_code


def test_killed_at_any_moment(project: Path, tmp_path: Path) -> None:
    dice, fell = random.Random(SEED), Counter[str]()
    wholes: dict[tuple[str, str], tuple[Path, float]] = {}
    for trial in range(TRIALS):
        moment, who = MOMENTS[trial % len(MOMENTS)], dice.choice(VICTIMS) if SOAK else VICTIMS[trial % len(VICTIMS)]
        writer = dice.choice([writer for writer in WRITERS if possible(moment, writer)])
        way, out = dice.choice(WAYS), tmp_path / "out"
        if (writer, way) not in wholes:
            began, whole = time.monotonic(), tmp_path / f"{writer}-{way}"
            subprocess.run(arguments(project, whole, writer, way), env=environment(), check=True, capture_output=True)
            wholes[writer, way] = whole, time.monotonic() - began
        whole, seconds = wholes[writer, way]
        said = f"seed {SEED}, trial {trial}: {moment}, {writer}, {way}, {who}"
        clock = moment == "by the clock"
        process = subprocess.Popen(
            arguments(project, out, writer, way), env=environment() | ({} if clock else doom(moment, who, dice)),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        if clock:
            by_the_clock(process, who, seconds, dice)
        process.wait(timeout=120)  # of a killed worker's it goes on, or says one sentence
        until = time.monotonic() + GONE
        while (left := session(process.pid)) and time.monotonic() < until:
            time.sleep(0.02)
        assert not left, f"{said}: {len(left)} processes are left after {GONE:g} s"
        _, errors = process.communicate(timeout=60)
        assert not any(word in errors for word in ("semaphore", "resource_tracker", "Traceback")), f"{said}: {errors}"
        fell[f"{moment}, {'after its end' if process.returncode == 0 else who}"] += 1
        before = tree(out) if out.exists() else {}
        archives = {name: sha for name, sha in before.items() if name.endswith((".zip", ".tar"))}
        assert all(sha == tree(whole).get(name, sha) for name, sha in archives.items()), said
        assert again(arguments(project, out, writer, way)[3:]) == 0, said
        assert differing(whole, out) == [], said
        assert quick(out).clean, said
        shutil.rmtree(out)
        if SOAK and (trial + 1 == TRIALS or trial % 10 == 9):
            sys.stdout.write(f"\n{trial + 1} of {TRIALS} kills, seed {SEED}: {dict(sorted(fell.items()))}\n")
            sys.stdout.flush()
    assert fell.total() == TRIALS
    assert SOAK or fell["marker, program"] == 1, "the run was not killed where it should be"
