"""The first page: a new project from a preset, or one that is there already."""

from __future__ import annotations

import re
from itertools import chain, count
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QAction, QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QWidget,
)
from typing_extensions import override

from fgbg_studio.core.base.resources import resource
from fgbg_studio.core.project import presets
from fgbg_studio.gui.lib.basics import action_button, button, frame, hbox, label, vbox
from fgbg_studio.gui.lib.facts import Facts
from fgbg_studio.gui.lib.formatting import job_text, settings_facts
from fgbg_studio.gui.lib.icons import app_icon
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.theme import GROUP, PAD, UNIT
from fgbg_studio.gui.session.session import Session
from fgbg_studio.gui.start.preset_card import PresetCard
from fgbg_studio.gui.start.recent_list import RecentList

SIDE_WIDTH, WIDEST, COLUMNS_FROM = 300, 1320, 840


class AsHighAsNeeded(QScrollArea):
    """Scrolls where there is too little room, and takes no more than its content needs."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setWidgetResizable(True)
        self.setWidget(inside)
        self._inside = inside
        inside.installEventFilter(self)

    @override
    def sizeHint(self) -> QSize:
        """As high as what is inside, at the width that there is."""
        wide = self._inside.sizeHint().width()
        return QSize(wide, max(self._inside.heightForWidth(self.viewport().width()), 1))

    @override
    def minimumSizeHint(self) -> QSize:
        """Room for one row of cards."""
        return QSize(0, 2 * GROUP)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is inside needs another height."""
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class StartPage(QWidget):
    """Says what is wanted; the window does it.

    Signals:
        open_wanted: a project's folder.
        create_wanted: (folder, preset, name).
    """

    open_wanted = Signal(object)
    create_wanted = Signal(object, str, str)

    def __init__(self, session: Session, actions: dict[str, QAction]) -> None:
        super().__init__()
        self.session = session
        self.cards: dict[str, PresetCard] = {}
        self._chosen_folder: Path | None = None
        self._suggested = ""
        self._columns = 0
        whole = hbox(self)
        whole.addWidget(self._make_side(actions))
        right = vbox()
        offered = self._make_presets()
        self.notices = Notices(over=offered)
        right.addWidget(offered, 1)
        right.addWidget(self._make_form())
        right.addStretch()
        whole.addLayout(right, 1)
        self.cards[presets.DEFAULT].setChecked(True)
        session.jobs.changed.connect(self._show_job)
        self._suggest()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard begins where a new project does."""
        super().showEvent(event)
        self.recent.refresh()
        if self.where.text() == self._suggested:
            self._suggest()  # a project may have been made there
        self.take_keyboard()

    def take_keyboard(self) -> None:
        """Put the keyboard at the chosen preset."""
        self.cards[self.preset].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def preset(self) -> str:
        """The chosen one."""
        return next((name for name, card in self.cards.items() if card.isChecked()), presets.DEFAULT)

    @property
    def folder(self) -> Path:
        """Where the project would be made."""
        return Path(self.where.text()).expanduser()

    def _make_side(self, actions: dict[str, QAction]) -> QWidget:
        side = frame("rail")
        side.setFixedWidth(SIDE_WIDTH)
        column = vbox(side, 2 * UNIT, margins=(GROUP, 2 * GROUP, GROUP, GROUP))
        head = hbox(spacing=PAD)
        mark = QLabel()
        mark.setPixmap(app_icon().pixmap(40, 40))
        head.addWidget(mark)
        head.addWidget(label("FGBG Studio", "title"))
        head.addStretch(1)
        column.addLayout(head)
        saying = self.tr("Training sets for depth and segmentation, from backgrounds and cutouts.")
        column.addWidget(label(saying, "quiet", wrap=True))
        column.addSpacing(GROUP)
        for name in ("file.open", "file.demo"):
            column.addWidget(action_button(actions[name]))
        self.job = label("", "caption", wrap=True)
        self.job.hide()
        column.addWidget(self.job)
        column.addSpacing(GROUP)
        column.addWidget(label(self.tr("Recent projects"), "heading"))
        self.recent = RecentList(self.session)
        self.recent.chosen.connect(self.open_wanted)
        column.addWidget(self.recent, 1)
        column.addWidget(
            label(self.tr("A project's folder can be dropped anywhere in this window."), "caption", wrap=True)
        )
        return side

    def _make_presets(self) -> QWidget:
        inside, middle = _in_the_middle(QWidget())
        column = vbox(middle, UNIT, margins=(2 * GROUP, 2 * GROUP + 2 * UNIT, 2 * GROUP, GROUP))
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(label(self.tr("New project"), "title"))
        words = self.tr(
            "A preset decides the size, where objects stand, how depth is made and how files are named. "
            "Each picture shows a composite, its mask and its depth."
        )
        column.addWidget(label(words, "quiet", wrap=True))
        column.addSpacing(PAD)
        self._grid = QGridLayout()
        self._grid.setSpacing(PAD)
        group = QButtonGroup(self)
        summaries = {name: presets.get(name).summary for name in presets.names()}
        for name in summaries:
            picture = QImage(str(resource(f"presets/{name}.png")))
            card = PresetCard(name, summaries, picture)
            group.addButton(card)
            self.cards[name] = card
        column.addLayout(self._grid)
        group.buttonToggled.connect(self._describe)
        column.addSpacing(GROUP)
        self.facts_title, self.facts = label("", "heading"), Facts()
        column.addWidget(self.facts_title)
        column.addWidget(self.facts)
        return AsHighAsNeeded(inside)

    def _make_form(self) -> QWidget:
        form, middle = _in_the_middle(QWidget())
        card = frame("card")
        vbox(middle, margins=(2 * GROUP, PAD, 2 * GROUP, PAD)).addWidget(card)
        row = hbox(card, 2 * UNIT, margins=(PAD, PAD, PAD, PAD))
        self.name = QLineEdit(self.tr("My project"))
        self.name.setAccessibleName(self.tr("Name of the project"))
        self.name.setMinimumWidth(100)
        self.where = QLineEdit()
        self.where.setAccessibleName(self.tr("Folder of the project"))
        self.where.setMinimumWidth(120)
        choose = button(self.tr("Choose…"))
        choose.setAccessibleName(self.tr("Choose the project's folder"))
        self.make = button(self.tr("Create project"), None, "primary")
        for words, field in ((self.tr("Name"), self.name), (self.tr("Folder"), self.where)):
            title = label(words)
            title.setBuddy(field)
            row.addWidget(title)
            row.addWidget(field, 3 if field is self.where else 1)
            if field is self.name:
                row.addSpacing(UNIT)
        row.addWidget(choose)
        row.addSpacing(UNIT)
        row.addWidget(self.make)
        self.name.textChanged.connect(self._suggest)
        self.where.textEdited.connect(self._take_folder)
        choose.clicked.connect(self._choose_folder)
        for signal in (self.make.clicked, self.name.returnPressed, self.where.returnPressed):
            signal.connect(self._create)
        return form

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Three cards side by side where there is room, else two."""
        columns = 3 if self.width() - SIDE_WIDTH >= COLUMNS_FROM else 2
        if columns != self._columns:
            self._columns = columns
            for number, card in enumerate(self.cards.values()):
                self._grid.addWidget(card, number // columns, number % columns)
        super().resizeEvent(event)

    @Slot()
    def _describe(self) -> None:
        self.facts_title.setText(self.tr("What {0} makes").format(self.preset))
        self.facts.show_facts(settings_facts(presets.get(self.preset).settings))

    @Slot()
    def _show_job(self) -> None:
        # What has no progress to tell, such as opening a project, is over in a blink.
        running = [worker for worker in self.session.jobs.visible if worker.newest]
        self.job.setVisible(bool(running))
        if running:
            self.job.setText(f"{job_text(running[0])} …")

    @Slot()
    def _suggest(self) -> None:
        """A folder named as the project, and such as there is none yet, until the person has chosen one."""
        parent = self._chosen_folder or projects_folder()
        name = re.sub(r"[^\w.-]+", "-", self.name.text().strip().lower()).strip("-.") or "project"
        counted = (f"{name}-{number}" for number in count(2))
        self._suggested = str(next(path for one in chain([name], counted) if not (path := parent / one).exists()))
        self.where.setText(self._suggested)
        self._enable()

    @Slot(str)
    def _take_folder(self, text: str) -> None:
        self._chosen_folder = Path(text).parent
        self._enable()

    def _enable(self) -> None:
        self.make.setEnabled(bool(self.name.text().strip() and self.where.text().strip()))

    @Slot()
    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Choose where the project's folder is created"), str(projects_folder())
        )
        if chosen:
            self._chosen_folder = Path(chosen)
            self._suggest()

    @Slot()
    def _create(self) -> None:
        if self.make.isEnabled():
            self.notices.clear()
            self.create_wanted.emit(self.folder, self.preset, self.name.text().strip())


def _in_the_middle(whole: QWidget) -> tuple[QWidget, QWidget]:
    """(whole, a column in its middle that grows to `WIDEST`)."""
    row = hbox(whole)
    middle = QWidget()
    middle.setMaximumWidth(WIDEST)
    row.addStretch(1)
    row.addWidget(middle, 1000)
    row.addStretch(1)
    return whole, middle


def projects_folder() -> Path:
    """Where projects are made unless the person says otherwise."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents or Path.home()) / "FGBG Studio"


def demo_folder() -> Path:
    """Where the demo project is."""
    return projects_folder() / "demo"
