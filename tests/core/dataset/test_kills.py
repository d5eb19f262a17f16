"""``kill -9`` of all, of the program or of one worker, at any moment: nothing is left running, and nothing is lost.

Seeded: ``FGBG_SOAK=1`` (`make soak`) tries as many moments as ``FGBG_TRIALS`` says (200) with the seed ``FGBG_SEED``,
over all writers and ways to depth, and says what they fell into; else one of each victim is tried.
"""

from __future__ import annotations

import importlib.util
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

from fgbg_studio.core.dataset.record import open_dataset
from tests.conftest import SOAK, MakeProject, longer
from tests.helpers import tiny_onnx
from tests.helpers.datasets import command, differing, environment, quick, run, small, tree
from tests.helpers.processes import session

TRIALS = longer(3, int(os.environ.get("FGBG_TRIALS", "200")))
SEED = int(os.environ.get("FGBG_SEED", "1"))
VICTIMS = ["all", "program", "worker"]
WAYS = longer(["geometry"], ["none", "geometry", "inserted"])
WRITERS = longer(["zip"], ["folders", "zip", "tar", "sets"])
SHARDS = 12
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
    changes = [*small("studio-256"), "placements=12", "shard=8", f"depth.model={file}", f"depth.network={described}"]
    return make_project(folder, changes=changes)


def arguments(project: Path, out: Path, writer: str, way: str) -> list[str]:
    sets = ["--set-size", "20"] if writer == "sets" else []
    return command(
        "generate", project, "--out", out, "--writer", writer, "--depth", way, "--workers", "2", "--anyway", *sets
    )


def phase(out: Path) -> str:
    """What a run was at, by what it left."""
    if not (out / "dataset.json").exists():
        return "before the record"
    marked = len(list((out / ".fgbg" / "shards").glob("*.json")))
    if not marked:
        return "preparing"
    if marked < SHARDS:
        return "making shards"
    return "finishing" if not open_dataset(out).complete else "after the end"


def is_tracker(pid: int) -> bool:
    """Whether it is Python's own, which clears away after the others and is no worker."""
    try:
        return b"resource_tracker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def wait_for_the_moment(process: subprocess.Popen[str], out: Path, seconds: float, dice: random.Random) -> None:
    """By the clock; or when some shards are done, archives joined, tables written, and a little later."""
    signs = [*range(1, SHARDS), ".fgbg/joined.json", "samples.csv", ".fgbg/manifest.sha256"]
    sign, later = dice.choice(signs), dice.uniform(0, 0.05)
    if dice.random() < 0.4:
        time.sleep(dice.uniform(0.1, 1.1) * seconds)
        return
    marked, until = out / ".fgbg" / "shards", time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until:
        if len(list(marked.glob("*.json"))) >= sign if isinstance(sign, int) else (out / sign).exists():
            time.sleep(later)
            return
        time.sleep(0.001)


def victims(process: subprocess.Popen[str], who: str, dice: random.Random) -> list[int]:
    living = session(process.pid)
    if who == "all":
        return living
    workers = [pid for pid in living if pid != process.pid and not is_tracker(pid)]
    return [process.pid] if who == "program" or not workers else [dice.choice(workers)]


def test_killed_at_any_moment(project: Path, tmp_path: Path) -> None:
    dice, fell = random.Random(SEED), Counter[str]()
    wholes: dict[tuple[str, str], tuple[Path, float]] = {}
    for trial in range(TRIALS):
        writer, way, who = dice.choice(WRITERS), dice.choice(WAYS), VICTIMS[trial % len(VICTIMS)]
        if (writer, way) not in wholes:
            began, whole = time.monotonic(), tmp_path / f"{writer}-{way}"
            subprocess.run(arguments(project, whole, writer, way), env=environment(), check=True, capture_output=True)
            wholes[writer, way] = whole, time.monotonic() - began
        whole, seconds = wholes[writer, way]
        out, said = tmp_path / "out", f"seed {SEED}, trial {trial}: {writer}, {way}, {who}"
        process = subprocess.Popen(
            arguments(project, out, writer, way), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip
        wait_for_the_moment(process, out, seconds, dice)
        killed = victims(process, who, dice)
        for pid in killed:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                killed = []
        if who == "worker" and killed and killed != [process.pid]:
            process.wait(timeout=120)  # goes on, or says one sentence
        until = time.monotonic() + GONE
        while (left := session(process.pid)) and time.monotonic() < until:
            time.sleep(0.02)
        assert not left, f"{said}: {len(left)} processes are left after {GONE:g} s"
        _, errors = process.communicate(timeout=60)
        assert not any(word in errors for word in ("semaphore", "resource_tracker", "Traceback")), f"{said}: {errors}"
        fell[f"{who}, {phase(out)}"] += 1
        before = tree(out) if out.exists() else {}
        archives = {name: sha for name, sha in before.items() if name.endswith((".zip", ".tar"))}
        assert all(sha == tree(whole).get(name, sha) for name, sha in archives.items()), said
        done = run(*arguments(project, out, writer, way)[3:])
        assert done.returncode == 0, f"{said}: {done.stderr}"
        assert differing(whole, out) == [], said
        assert quick(out).clean, said
        shutil.rmtree(out)
        if SOAK and (trial + 1 == TRIALS or trial % 10 == 9):
            sys.stdout.write(f"\n{trial + 1} of {TRIALS} kills, seed {SEED}: {dict(sorted(fell.items()))}\n")
            sys.stdout.flush()
    assert fell.total() == TRIALS
