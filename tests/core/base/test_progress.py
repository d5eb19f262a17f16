"""A control, by threads' events and by those of processes: pause, resume, cancel, and who waits for them."""

from __future__ import annotations

import multiprocessing
import threading
from multiprocessing.connection import Connection

import pytest

from fgbg_studio.core.base.progress import Control
from fgbg_studio.core.interfaces.engine import Engine


def wait(control: Control, told: Connection) -> None:
    """Say when the waiting is over, and whether to go on."""
    told.send("waiting")
    told.send(control.wait())


@pytest.mark.parametrize("engine", Engine.known())
class TestControls:
    def test_it_begins_neither_paused_nor_cancelled(self, engine: str) -> None:
        control = Engine.from_dict(engine).control()
        assert (control.paused, control.cancelled, control.wait()) == (False, False, True)

    def test_pause_and_resume(self, engine: str) -> None:
        control = Engine.from_dict(engine).control()
        control.pause()
        assert control.paused
        control.resume()
        assert (control.paused, control.wait()) == (False, True)

    def test_cancelling_lets_go_who_waits(self, engine: str) -> None:
        control, said = Engine.from_dict(engine).control(), list[bool]()
        control.pause()
        waiting = threading.Thread(target=lambda: said.append(control.wait()))
        waiting.start()
        control.cancel()
        waiting.join(60)
        assert said == [False]
        assert control.cancelled

    def test_each_run_has_its_own(self, engine: str) -> None:
        one, two = Engine.from_dict(engine).control(), Engine.from_dict(engine).control()
        one.cancel()
        assert not two.cancelled


def test_the_local_engines_reaches_another_process() -> None:
    context = multiprocessing.get_context("spawn")
    control, (here, there) = Engine.from_dict("local").control(), context.Pipe()
    control.pause()
    process = context.Process(target=wait, args=(control, there))
    process.start()
    assert here.recv() == "waiting"
    assert not here.poll(0.2)
    control.cancel()
    assert here.recv() is False
    process.join()
