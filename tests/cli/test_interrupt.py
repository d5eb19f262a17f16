"""Ctrl-C stops a run gently at any moment, and the same command goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.cli import console
from fgbg_studio.core.base.progress import Control
from fgbg_studio.core.dataset.engines.local import Local
from tests.conftest import longer
from tests.helpers.datasets import command, differing, environment, find, make, small

MakeProject = Callable[..., Path]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to interrupt")


@pytest.fixture(scope="module")
def long_project(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2 × 2 × 2 × 1500 = 12,000 samples in 12 shards: long enough to be interrupted anywhere."""
    changes = [*small("studio-256"), "placements=1500", "shard=1000"]
    return make_project(tmp_path_factory.mktemp("long"), changes=changes)


def begin(project: Path, out: Path, *arguments: str) -> subprocess.Popen[str]:
    """Begin a run in a session of its own: it and its workers get Ctrl-C as they would from a terminal."""
    return subprocess.Popen(
        command("generate", project, "--out", out, "--writer", "zip", "--workers", "2", *arguments),
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def wait_for(sign: Path, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 300
    while not sign.exists() and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.005)


# Workers begin to import when the sources are there; what is heard while they do is what must be right.
@pytest.mark.parametrize(
    ("sign", "delay"),
    [("sources.json", delay) for delay in longer([0.2], [0.05, 0.1, 0.2, 0.3, 0.4])] + [("shards/00000.json", 0.0)],
)
def test_ctrl_c_stops_without_a_traceback_and_keeps_what_is_finished(
    sign: str, delay: float, long_project: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = begin(long_project, out)
    wait_for(out / ".fgbg" / sign, process)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGINT)
    said, complained = process.communicate(timeout=300)
    assert process.returncode == 1, complained
    assert said == ""
    assert "stopping" in complained
    assert complained.splitlines()[-1] == "stopped: what is finished is kept, the same command goes on"
    assert "Traceback" not in complained
    assert "ended unexpectedly" not in complained
    assert not list(out.rglob("*.part"))
    if sign.startswith("shards"):
        assert (out / "fg_bg-00000.zip").exists()


def test_the_same_command_goes_on(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, changes=[*small("studio-256"), "placements=60", "shard=40"])
    out = tmp_path / "out"
    process = begin(project, out)
    wait_for(out / ".fgbg" / "shards", process)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=300)
    assert process.returncode == 1
    process = begin(project, out)
    said, complained = process.communicate(timeout=300)
    assert process.returncode == 0, complained
    assert f"480 samples in {out}" in said
    make(project, tmp_path / "whole", writer="zip")
    assert differing(tmp_path / "whole", out) == []
    assert find(out).report()["faults"] == []


class TestInterruptible:
    """The first Ctrl-C is gentle, the second is not, and afterwards all is as it was."""

    def wait(self, control: Control) -> None:
        until = time.monotonic() + 60
        while not control.cancelled:
            assert time.monotonic() < until
            time.sleep(0.01)

    def test_once_and_twice(self) -> None:
        before = signal.getsignal(signal.SIGINT)
        control = Local().control()
        with console.interruptible(control):
            signal.raise_signal(signal.SIGINT)
            self.wait(control)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is before

    def test_it_may_come_while_the_controls_lock_is_held(self) -> None:
        """The main thread asks the control ten times a second, and a lock held there is not given up."""
        control = Local().control()
        failed = threading.Timer(120, os._exit, (1,))  # what is wrong here hangs for good
        failed.start()
        with console.interruptible(control):
            with control._cancelled._cond:  # type: ignore[attr-defined]
                signal.raise_signal(signal.SIGINT)
            self.wait(control)
        failed.cancel()
        assert control.cancelled

    def test_it_may_come_while_a_paused_job_waits(self) -> None:
        control = Local().control()
        control.pause()
        failed = threading.Timer(120, os._exit, (1,))
        failed.start()
        with console.interruptible(control):
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
            assert control.wait() is False
        failed.cancel()
