"""The project's bin: what was removed, when and from where, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QDialog, QTableWidget, QTableWidgetItem, QWidget

from fgbg_studio.core.project import recycle_bin
from fgbg_studio.core.project.judging import Verdict
from fgbg_studio.core.project.model import LISTS, Picture, Project
from fgbg_studio.core.project.removed import BinnedPicture, judged_again, removed
from fgbg_studio.gui.lib.basics import button, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import moment
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.tables import dress_table
from fgbg_studio.gui.lib.theme import GROUP, UNIT
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session

KEY = "bin"


class BinDialog(QDialog):
    """A line for each picture, the last one that was removed first; what is selected comes back as one step of undo."""

    def __init__(self, session: Session, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.notices = session, notices
        self.setWindowTitle(self.tr("The project's bin"))
        self.setModal(True)
        self.found: list[BinnedPicture] = []
        self.table = self._make_table()
        self.back = button(self.tr("Bring back"), Icon.RESTORE, "primary")
        self.back.clicked.connect(self.bring_back)
        close = button(self.tr("Close"))
        close.clicked.connect(self.accept)
        column = vbox(self, 2 * UNIT, margins=(GROUP, GROUP, GROUP, GROUP))
        text = self.tr("Backgrounds and foregrounds are judged again: licence, class and verdict are set anew.")
        column.addWidget(label(text, "quiet", wrap=True))
        column.addWidget(self.table, 1)
        row = hbox(spacing=2 * UNIT)
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(self.back)
        column.addLayout(row)
        self.resize(620, 420)
        session.files_moved.connect(self.fill)
        session.closed.connect(self.reject)
        self.fill()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setHorizontalHeaderLabels([self.tr("Name"), self.tr("Removed"), self.tr("From")])
        table.setAccessibleName(self.tr("Removed pictures"))
        dress_table(table)
        table.setSelectionMode(QTableWidget.SelectionMode.ExtendedSelection)
        table.setColumnWidth(0, 320)
        table.setColumnWidth(1, 130)
        table.horizontalHeader().setStretchLastSection(True)
        table.itemSelectionChanged.connect(self._enable)
        return table

    def fill(self) -> None:
        """List what is in the bin by now."""
        places = {
            "backgrounds": self.tr("Backgrounds"),
            "foregrounds": self.tr("Foregrounds"),
            "photos": self.tr("Photos to cut"),
        }
        self.found = removed(self.session.folder) if self.session.is_open else []
        self.table.clearContents()
        self.table.setRowCount(len(self.found))
        for row, one in enumerate(self.found):
            for column, text in enumerate((one.name, moment(one.when), places[one.kind])):
                item = QTableWidgetItem(text)
                item.setToolTip(one.files[0])
                self.table.setItem(row, column, item)
        self._enable()

    def chosen(self) -> list[BinnedPicture]:
        """What is selected."""
        return [self.found[index.row()] for index in self.table.selectionModel().selectedRows()]

    def _enable(self) -> None:
        self.back.setEnabled(bool(self.chosen()))

    def bring_back(self) -> None:
        """Bring back what is selected, once it is judged."""
        wanted, session = self.chosen(), self.session
        verdicts: list[Verdict] = []
        self.back.setEnabled(False)
        worker = session.jobs.run(
            self.tr("judging pictures"),
            partial(judged_again, session.folder, session.project, wanted),
            produced=verdicts.extend,
            visible=True,
        )
        worker.finished.connect(partial(_take_back, session, self.notices, session.folder, wanted, verdicts))


def _take_back(
    session: Session,
    notices: Notices,
    folder: Path,
    wanted: Sequence[BinnedPicture],
    verdicts: Sequence[Verdict],
    _: Worker,
) -> None:
    if not session.is_open or session.folder != folder:
        return
    taken = {verdict.picture.file: verdict.picture for verdict in verdicts if verdict.picture}
    files = [file for one in wanted if one.kind == "photos" or one.files[0] in taken for file in one.files]
    if files:
        session.change_files(
            notices.tr("bring back from the bin"),
            partial(_with_pictures, taken=taken),
            partial(recycle_bin.bring_back, session.folder, files),
            partial(recycle_bin.throw_away, session.folder, files),
        )
    refused = [f"{verdict.path.name}: {verdict.reason}" for verdict in verdicts if not verdict.picture]
    if refused:
        notices.warn(notices.tr("Not brought back: {0}.").format("; ".join(refused)), key=KEY)


def _with_pictures(project: Project, taken: dict[str, Picture]) -> Project:
    for kind in LISTS:
        project = project.with_pictures(kind, [one for file, one in taken.items() if file.startswith(f"{kind}/")])
    return project
