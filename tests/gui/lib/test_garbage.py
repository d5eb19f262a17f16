"""Where widgets in cycles are destroyed."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.lib.garbage import GarbageCollector


class Parted(QWidget):
    """Refers to itself, as windows whose parts call them do."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def allocate() -> None:
    """Enough of what a collector counts for it to run many times."""
    for _ in range(20):
        assert len([[] for _ in range(10_000)]) == 10_000


def test_a_widget_in_a_cycle_is_destroyed_on_the_interface_s_thread(qtbot: QtBot) -> None:
    gc.collect()
    threads = list[int]()
    weakref.finalize(Parted(), lambda: threads.append(threading.get_ident()))
    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert threads == []
    gathered = [[] for _ in range(10_000)]
    qtbot.waitUntil(lambda: threads != [])
    assert threads == [threading.get_ident()]
    assert gathered


def test_nothing_is_collected_while_the_collector_itself_is_destroyed(qtbot: QtBot) -> None:
    """In Qt's destructor a lock is held that what is collected may need: the program would stand still."""
    made, seen = GarbageCollector(), list[str]()
    piled = [[] for _ in range(10_000)]
    made.stop()
    gc.callbacks.append(watch := lambda phase, _: seen.append(phase))
    del made
    gc.callbacks.remove(watch)
    gc.disable()  # another one is at work in tests
    assert seen == []
    assert piled
