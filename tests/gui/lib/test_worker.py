"""Functions and generators on threads."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.errors import FgbgError, PictureError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.gui.lib.worker import INTERVAL, Jobs, Latest, Worker


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    assert made.stop()
    qtbot.waitUntil(lambda: not made.busy)


def finish(qtbot: QtBot, worker: Worker) -> None:
    qtbot.waitUntil(lambda: not worker.running)


def test_a_function_runs_elsewhere_and_answers_here(jobs: Jobs, qtbot: QtBot) -> None:
    where: list[Any] = []
    worker = jobs.run(
        "count",
        lambda: where.append(threading.get_ident()) or 7,
        done=lambda result: where.append((result, threading.get_ident())),
    )
    finish(qtbot, worker)
    assert where[0] != threading.get_ident()
    assert where[1] == (7, threading.get_ident())
    assert not jobs.busy


def test_errors_arrive_in_words(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[FgbgError] = []

    def fail() -> None:
        raise PictureError("a.png is damaged", "Copy it again")

    finish(qtbot, jobs.run("read", fail, failed=heard.append))
    assert str(heard[0]) == "a.png is damaged. Copy it again."


@pytest.mark.logs
def test_errors_of_the_program_are_put_into_words(jobs: Jobs, qtbot: QtBot, caplog: Any) -> None:
    with qtbot.waitSignal(jobs.failed) as failed:
        jobs.run("divide", lambda: 1 // 0)
    assert failed.args[0] == "divide"
    assert "ZeroDivisionError" in str(failed.args[1])
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.logs
def test_an_error_that_is_shown_elsewhere_is_not_shown_twice(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[FgbgError] = []
    with qtbot.assertNotEmitted(jobs.failed):
        finish(qtbot, jobs.run("divide", lambda: 1 // 0, failed=heard.append))
    assert len(heard) == 1


def test_a_generator_tells_at_most_ten_times_a_second(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[Progress] = []
    made: list[int] = []
    result: list[str] = []

    def steps() -> Iterator[Any]:
        for number in range(300):
            QThread.msleep(1)
            yield Progress("counting", number, 300)
            yield number
        return "end"

    begun = time.monotonic()
    worker = jobs.run("count", steps, progress=told.append, produced=made.extend, done=result.append)
    finish(qtbot, worker)
    assert made == list(range(300))
    assert told[-1].done == 299
    assert len(told) <= (time.monotonic() - begun) / INTERVAL + 2
    assert result == ["end"]


def test_cancel_stops_at_the_next_step(jobs: Jobs, qtbot: QtBot) -> None:
    closed = threading.Event()

    def endless() -> Iterator[Progress]:
        try:
            while True:
                QThread.msleep(1)
                yield Progress("running", 1, 2)
        finally:
            closed.set()

    with qtbot.assertNotEmitted(jobs.failed):
        worker = jobs.run("run", endless, visible=True)
        qtbot.waitUntil(lambda: worker.newest is not None)
        assert jobs.visible == [worker]
        worker.cancel()
        finish(qtbot, worker)
    assert closed.is_set()
    assert jobs.visible == []


def test_a_job_with_a_control_ends_itself(jobs: Jobs, qtbot: QtBot) -> None:
    class Control:
        cancelled = False

        def pause(self) -> None: ...
        def resume(self) -> None: ...
        def cancel(self) -> None:
            self.cancelled = True

    control, ended = Control(), threading.Event()

    def polite() -> Iterator[Progress]:
        while not control.cancelled:
            QThread.msleep(1)
            yield Progress("running", 1, 2)
        yield Progress("tidying up", 1, 1)
        ended.set()

    worker = jobs.run("run", polite, control=control, visible=True)
    qtbot.waitUntil(lambda: worker.newest is not None)
    worker.cancel()
    finish(qtbot, worker)
    assert ended.is_set()


def test_only_the_newest_request_is_answered(jobs: Jobs, qtbot: QtBot) -> None:
    latest, heard = Latest(jobs, "guess"), list[int]()
    latest.returned.connect(heard.append)
    go = threading.Event()
    latest.submit(lambda: go.wait(60) and 1)
    for number in (2, 3, 4):
        latest.submit(lambda n=number: n)
    go.set()
    qtbot.waitUntil(lambda: not latest.running)
    assert heard == [4]


def test_a_cancelled_request_is_not_answered(jobs: Jobs, qtbot: QtBot) -> None:
    latest, heard = Latest(jobs, "guess"), list[object]()
    for signal in (latest.returned, latest.failed, latest.produced):
        signal.connect(heard.append)
    go = threading.Event()

    def work() -> Iterator[int]:
        go.wait(60)
        yield 1
        raise PictureError("too late")

    latest.submit(work)
    latest.cancel()
    go.set()
    qtbot.waitUntil(lambda: not latest.running)
    assert heard == []


@pytest.mark.parametrize("visible", [False, True])
def test_what_is_begun_after_the_end_is_never_run(jobs: Jobs, qtbot: QtBot, visible: bool) -> None:
    """Its thread would wait for the interpreter, and who lets go of the jobs for the thread."""
    assert jobs.stop()
    ran = list[int]()
    worker = jobs.run("late", lambda: ran.append(1), visible=visible)
    finish(qtbot, worker)
    assert ran == []
    assert jobs.visible == []
    finish(qtbot, jobs.run("tidying up", lambda: ran.append(2), visible=visible, tidies=True))
    assert ran == [2], "what removes files is done, here and now"


def test_workers_are_destroyed_on_this_thread(jobs: Jobs, qtbot: QtBot) -> None:
    """Beside it, a thread of the pool would destroy what is still being told that it has ended."""
    where: list[int] = []
    ended: list[object] = []

    def begin(result: object = None) -> None:
        ended.append(result)
        if len(ended) <= 1000:
            worker = jobs.run("nothing", lambda: None, done=begin)
            weakref.finalize(worker, lambda: where.append(threading.get_ident()))

    for _ in range(3):
        begin()
    qtbot.waitUntil(lambda: len(ended) > 1000 and not jobs.busy)
    assert len(where) > 900
    assert set(where) == {threading.get_ident()}
