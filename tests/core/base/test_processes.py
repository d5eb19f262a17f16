"""Parts of a job in processes: in order, ended at once, and never silent."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.processes import in_processes
from tests.helpers.datasets import environment


@dataclass(frozen=True)
class Sleeping:
    """Waits so many seconds as the part says, and leaves a mark that it began."""

    marks: Path

    def __call__(self, seconds: float) -> float:
        (self.marks / f"{seconds}").touch()
        time.sleep(seconds)
        return seconds


def dying(part: int) -> int:
    import os

    os._exit(part)


def failing(part: int) -> int:
    raise ValueError(part)


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_their_parts(processes: int, tmp_path: Path) -> None:
    parts = [0.3, 0.0, 0.1, 0.05, 0.2, 0.01, 0.02, 0.03]
    assert [r for r in in_processes(Sleeping(tmp_path), iter(parts), processes) if r is not None] == parts


def test_there_is_word_while_nothing_is_ready(tmp_path: Path) -> None:
    assert list(in_processes(Sleeping(tmp_path), [0.5], 2)).count(None) >= 2


def test_closing_does_not_wait_for_what_is_at_hand(tmp_path: Path) -> None:
    steps = in_processes(Sleeping(tmp_path), [30.0, 31.0, 32.0], 2)
    while not (tmp_path / "30.0").exists():
        assert next(steps) is None
    begun = time.monotonic()
    steps.close()  # type: ignore[attr-defined]
    assert (
        time.monotonic() - begun < 25
    )  # a fraction of a second, where the machine is not busy; what is at hand takes thirty


def test_a_process_that_died_is_one_sentence() -> None:
    with pytest.raises(DatasetError, match="worker process ended unexpectedly"):
        list(in_processes(dying, [3, 3], 2))


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_in_a_part_is_the_callers(processes: int) -> None:
    with pytest.raises(ValueError, match="7"):
        list(in_processes(failing, [7], processes))


_STARTS_ONE = """
import os, signal, sys, time
from fgbg_studio.core.base.processes import spawning

class Told:
    def __reduce__(self):
        return eval, (sys.argv[1], {})

if __name__ == "__main__":
    child = spawning().Process(target=print, args=(Told(),))
    child.start()
    child.join()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot kill like that")
def test_a_process_says_nothing_when_its_parent_dies_while_it_is_being_born(tmp_path: Path) -> None:
    """What it reads of its parent ends there; with a parent that lives, the same is an error that is shown."""
    (tmp_path / "starts.py").write_text(_STARTS_ONE)
    fails = "__import__('pickle').loads(b'')"
    kills = "__import__('os').kill(__import__('os').getppid(), 9)"
    for told, heard in ((f"{kills} or {fails}", False), (fails, True)):
        done = subprocess.run(
            [sys.executable, tmp_path / "starts.py", told], env=environment(), capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        assert ("EOFError" in done.stderr) == heard, told
        assert bool(done.stderr) == heard, told
