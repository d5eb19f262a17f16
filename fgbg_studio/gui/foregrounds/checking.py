"""What the check says of the open photo, and what follows from it: looked at on the canvas, mended."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.gui.foregrounds.assistance import CutAssistance
from fgbg_studio.gui.foregrounds.canvas import MaskCanvas
from fgbg_studio.gui.foregrounds.controller import CutController
from fgbg_studio.gui.foregrounds.issue_list import IssueList, IssueStep
from fgbg_studio.gui.lib.actions import connect


class Checking(QObject):
    """Fills the list of what the check finds, and connects it with the canvas.

    Args:
        controller: of the photo that is open.
        assistance: mends.
        canvas: is pointed at what was found.
        issues: the list.
        act: the place's actions.
        parent: the place.

    Signals:
        changed: something else is said.
    """

    changed = Signal()

    def __init__(
        self, controller: CutController, assistance: CutAssistance, canvas: MaskCanvas, issues: IssueList,
        act: Mapping[str, QAction], parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._controller, self._assistance, self._issues, self._act = controller, assistance, issues, act
        self._was_cut, self._canvas = False, canvas
        self._mending = self._mended = ""  # the kind being mended; that of which one place just was
        connect(act, "foregrounds.", {
            "next-issue": lambda: issues.show_next(pointed=canvas.pointed), "mend": issues.mend,
        })  # fmt: skip
        controller.opened.connect(self._follow_photo)
        controller.shown_changed.connect(self._follow_cut)
        controller.checked.connect(self._show_found)
        issues.stepped.connect(self.changed)
        issues.show_wanted.connect(lambda issue, place: canvas.point_at(place, issue.places))
        issues.mend_wanted.connect(self._mend)
        assistance.mended.connect(self._take_mended)

    def _mend(self, issue: Issue, place: Box | None) -> None:
        self._mending = issue.code
        self._assistance.mend(issue, place)

    def _take_mended(self, whole: bool) -> None:
        if whole:
            self._canvas.look_back()
        else:
            self._canvas.point_at(None)
            self._mended = self._mending

    def _follow_photo(self) -> None:
        self._mended = ""
        self._say_unchecked()

    def _say_unchecked(self) -> None:
        """What is to be seen already is checked a moment later: nothing else may be said of it meanwhile."""
        document = self._controller.document
        if document:
            self._was_cut = document.has_cut
            before = self._issues.current
            self._issues.say(self.tr("Checking…") if document.has_cut else self.tr("Nothing is cut yet."))
            self._look_away(before)
            self.changed.emit()

    def _follow_cut(self) -> None:
        document = self._controller.document
        if document and document.has_cut and not self._was_cut:
            self._say_unchecked()

    def _show_found(self, found: list[Issue]) -> None:
        document = self._controller.document
        if document and document.has_cut:
            before = self._issues.current
            self._issues.show_issues(found)
            self._look_away(before)
            # What is left of a kind may be too little to be reported: then one place mended was the last.
            mended, self._mended = self._mended, ""
            if mended and all(issue.code != mended for issue in found):
                self._canvas.look_back()
            self.changed.emit()
        else:
            self._say_unchecked()

    def _look_away(self, before: IssueStep | None) -> None:
        """What is pointed at on the canvas is what is said, or nothing."""
        if before and not before.is_at(self._issues.current):
            self._canvas.point_at(None)

    def show_enabled(self) -> None:
        """Offer what is possible with what is said now."""
        step = self._issues.current
        self._act["foregrounds.next-issue"].setEnabled(step is not None)
        self._act["foregrounds.mend"].setEnabled(step is not None and step.issue.mendable)
        self._issues.setEnabled(self._controller.document is not None)
