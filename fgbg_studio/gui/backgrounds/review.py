"""Going through backgrounds: each is picked, rejected or put back, and the next one comes by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.project.model import Background
from fgbg_studio.gui.backgrounds.list_filter import Tab, state_of


def reasons() -> tuple[str, ...]:
    """Why people reject backgrounds, as they stand on the picture afterwards."""
    tr = QCoreApplication.translate
    return (
        tr("backgrounds", "wrong kind of scene"),
        tr("backgrounds", "people in it"),
        tr("backgrounds", "text or a logo in it"),
        tr("backgrounds", "blurred"),
        tr("backgrounds", "too dark or too bright"),
        tr("backgrounds", "too like another"),
        tr("backgrounds", "no room for objects"),
    )


def next_to_review(keys: Sequence[str], judged: str, background: Callable[[str], Background | None]) -> str:
    """The picture that comes after one was judged: the next that is to look at, else the next; else it itself.

    Args:
        keys: what is shown, in its order.
        judged: the one that was judged.
        background: gives each by its key.
    """
    if judged not in keys:
        return judged
    after = keys[keys.index(judged) + 1 :]
    open_ones = (key for key in after if (b := background(key)) is not None and state_of(b) is Tab.REVIEW)
    return next(open_ones, after[0] if after else judged)
