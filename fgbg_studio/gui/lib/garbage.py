"""Garbage is collected on the interface's thread alone.

Python collects cycles on whatever thread allocates at that moment. Where one of them holds a widget, Qt would then
destroy it on a worker, beside the thread that paints it, and the program ends in a fault of memory.
"""

from __future__ import annotations

import gc
import itertools

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL = 100
"""Milliseconds between two looks at how much there may be."""

_OLDER = 10  # looks of the young objects for one of those that outlived it, as Python has it


class GarbageCollector(QObject):
    """Takes the place of Python's own while it lives; made on the interface's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._collections = itertools.count(1)
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        gc.disable()

    def stop(self) -> None:
        """Python's own is at work again.

        Not at once: what has piled up would be collected by the next allocation, which may be within the destructor of
        an object of Qt's, this one's first, and under a lock that another object needs to go.
        """
        self._timer.stop()
        gc.collect(0)
        gc.enable()

    @Slot()
    def _look(self) -> None:
        if gc.get_count()[0] > gc.get_threshold()[0]:
            number = next(self._collections)
            gc.collect((number % _OLDER == 0) + (number % _OLDER**2 == 0))
