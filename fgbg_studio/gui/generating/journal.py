"""The log of a run: what was done, skipped and why, with times; it can be saved as a text file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

MOST = 20_000
"""Lines that are kept."""

_INDENT = " " * 21


class Journal(QObject):
    """Lines with their times. ``added`` brings text as it is written, ``cleared`` that there is none any more."""

    added = Signal(str)
    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[str] = []

    def note(self, text: str, details: Iterable[str] = ()) -> None:
        """Write a line down now, and its details below it."""
        now = datetime.now().astimezone()
        lines = [f"{now:%Y-%m-%d %H:%M:%S}  {text}", *(_INDENT + detail for detail in details)]
        self.lines += lines
        del self.lines[:-MOST]
        self.added.emit("\n".join(lines))

    def text(self) -> str:
        """All of it, as a file."""
        return "".join(f"{line}\n" for line in self.lines)

    def clear(self) -> None:
        """Another project comes."""
        self.lines.clear()
        self.cleared.emit()
