"""Parts of a job in processes: in order, ended at once, and never silent."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.processes import in_processes


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
