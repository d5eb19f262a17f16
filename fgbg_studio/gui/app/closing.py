"""The question before unsaved work is left."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from fgbg_studio.gui.lib.question import Question
from fgbg_studio.gui.session.panel import Panel
from fgbg_studio.gui.session.session import Session

translate = QCoreApplication.translate


def ask_before_closing(parent: QWidget, session: Session, panels: Sequence[Panel]) -> bool:
    """Whether the project may be closed: nothing is unsaved, or the person saved it or gave it up."""
    unfinished = _unfinished(session, panels)
    if not session.dirty and not unfinished:
        return True
    asked = question(parent, session, unfinished)

    def renew() -> None:
        asked.say(_sentences(_unfinished(session, panels), dirty="save" in asked.buttons))

    session.jobs.changed.connect(renew)
    try:
        answer = asked.ask()
    finally:
        session.jobs.changed.disconnect(renew)
    if answer == "save":
        return session.save_now()
    return answer == "close"


def _unfinished(session: Session, panels: Sequence[Panel]) -> list[str]:
    """What runs now, in words."""
    unfinished = [text for text in (panel.unfinished() for panel in panels) if text]
    # A panel that says more of its job than the job's title says it alone.
    titles = [worker.title for worker in session.jobs.visible if not worker.humble]
    return unfinished + [title for title in titles if not any(text.startswith(title) for text in unfinished)]


def _sentences(unfinished: Sequence[str], *, dirty: bool) -> list[str]:
    running = translate("closing", "Not finished: {0}.").format("; ".join(unfinished)) if unfinished else ""
    lost = translate("closing", "If you close without saving, they are lost. This can't be undone.") if dirty else ""
    ended = "" if running or lost else translate("closing", "What ran has finished meanwhile.")
    return [sentence for sentence in (running, lost, ended) if sentence]


def question(parent: QWidget, session: Session, unfinished: list[str]) -> Question:
    """What would be lost, and the ways to go on."""
    sentences = _sentences(unfinished, dirty=session.dirty)
    answers = [("stay", translate("closing", "Keep working"))]
    if session.dirty:
        title = translate("closing", "“{0}” has changes that are not saved")
        answers.append(("close", translate("closing", "Close without saving")))
        answers.append(("save", translate("closing", "Save and close")))
    else:
        title = translate("closing", "Close “{0}” now?")
        answers.append(("close", translate("closing", "Close anyway")))
    primary = "stay" if unfinished else ""  # Enter, pressed by habit, ends nothing that runs
    return Question(title.format(session.project.name), sentences, answers, parent, primary)
