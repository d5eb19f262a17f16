"""What is said when pictures go to the project's bin, and the question before the bin is emptied."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.project import recycle_bin
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.question import Question
from fgbg_studio.gui.session.session import Session

translate = QCoreApplication.translate
KEY = "deleted"


def notify_deleted(
    notices: Notices, session: Session, kind: Literal["backgrounds", "foregrounds", "photos"], count: int
) -> None:
    """Say that so many pictures (0: none) are in the bin, and offer to bring them back."""
    if not count:
        return
    words = {
        "backgrounds": (translate("deleting", "1 background"), translate("deleting", "{0} backgrounds")),
        "foregrounds": (translate("deleting", "1 foreground"), translate("deleting", "{0} foregrounds")),
        "photos": (translate("deleting", "1 photo"), translate("deleting", "{0} photos")),
    }
    text = translate("deleting", "Moved to the project's bin: {0}.").format(
        words[kind][count > 1].format(number(count))
    )
    step = session.undo_stack.index()

    def bring_back() -> None:
        if session.undo_stack.index() == step:
            session.undo_stack.undo()

    notices.tell(text, [(translate("deleting", "Restore"), bring_back)], key=KEY)

    def forget() -> None:
        if session.undo_stack.index() != step:
            session.undo_stack.indexChanged.disconnect(forget)
            notices.clear(KEY)

    session.undo_stack.indexChanged.connect(forget)


def ask_to_empty(parent: QWidget, session: Session) -> bool:
    """Whether the project's bin is to be emptied."""
    return question(parent, session).ask() == "empty"


def question(parent: QWidget, session: Session) -> Question:
    """How much is in the bin, and that it is lost."""
    count = len(recycle_bin.in_bin(session.folder))
    size = max(recycle_bin.size(session.folder) / 1e6, 0.1)
    title = translate("deleting", "Permanently delete what is in the bin?")
    files = translate("deleting", "1 file") if count == 1 else translate("deleting", "{0} files").format(number(count))
    sentences = [
        translate(
            "deleting", "{0}, {1} MB. This can't be undone, and earlier steps can't be undone afterwards."
        ).format(files, f"{size:,.1f}")
    ]
    answers = [("stay", translate("deleting", "Keep the files")), ("empty", translate("deleting", "Empty the bin"))]
    return Question(title, sentences, answers, parent)
