"""Saying what came of adding pictures: how many are new, there already or refused; and asking for more."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fgbg_studio.gui.backgrounds.importer import Importer, ImportReport
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Choice, Notices
from fgbg_studio.gui.lib.refused_files import RefusedFiles

_FEW = 2  # notes that are said one by one
_KEY = "arrivals"


class Arrivals(QObject):
    """See the module.

    Signals:
        came: hashes of the pictures that are new.
    """

    came = Signal(list)

    def __init__(self, importer: Importer, notices: Notices, refusals: RefusedFiles) -> None:
        super().__init__(importer)
        self._importer, self._notices, self._refusals = importer, notices, refusals
        importer.ended.connect(self._tell)
        importer.failed.connect(notices.error)
        refusals.dismissed.connect(self._offer_list)

    def forget(self) -> None:
        """What was said of an earlier drop is not of this one."""
        self._notices.clear(_KEY)
        self._refusals.hide()

    def _tell(self, report: ImportReport) -> None:
        said = [self._counts(report)]
        if report.passed:
            said.append(f"{report.passed}.")
        if report.notes:
            more = self.tr(" and {0} more").format(number(len(report.notes) - _FEW))
            rest = more if len(report.notes) > _FEW else ""
            said.append(self.tr("Note: {0}.").format("; ".join(report.notes[:_FEW]) + rest))
        tell = self._notices.warn if report.refused or report.notes else self._notices.tell
        tell(" ".join(said), key=_KEY)
        if report.refused:
            title = self.tr("Not added: {0}").format(number(len(report.refused)))
            self._refusals.show_refused(title, report.refused, self._fillings(report))
        if report.added:
            self.came.emit(report.added)

    def _offer_list(self) -> None:
        """The list of what was refused lies there no more: its notice leads back to it."""
        self._notices.offer(_KEY, (self.tr("Show what was refused"), self._refusals.show_again))

    def _counts(self, report: ImportReport) -> str:
        parts = [self.tr("{0} added").format(number(len(report.added)))]
        if report.refused:
            parts.append(self.tr("{0} refused").format(number(len(report.refused))))
        if report.there:
            parts.append(self.tr("{0} there already").format(number(len(report.there))))
        return f"{', '.join(parts)}."

    def _fillings(self, report: ImportReport) -> list[Choice]:
        """Transparent areas have no colour of their own: the person says which one shows there."""
        if not report.clear:
            return []
        colours = {self.tr("Fill what is transparent with white"): (255, 255, 255), self.tr("With black"): (0, 0, 0)}
        return [(text, partial(self._fill, report.clear, colour)) for text, colour in colours.items()]

    def _fill(self, paths: list[Path], colour: tuple[int, int, int]) -> None:
        self.forget()
        self._importer.fill(paths, colour)
