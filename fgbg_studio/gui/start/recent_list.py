"""The last projects: what each holds and when it was changed; opened by a click, or taken off the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.imaging.matte import resize_rgba
from fgbg_studio.core.imaging.thumbnails import ThumbnailStore
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.basics import clear, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import moment, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.theme import CORNER, TOOL_ICON, UNIT, theme
from fgbg_studio.gui.session.session import Session

_SIDE, _LINE = 48, 64  # of the picture, of a line: pixels
_EACH = 2  # backgrounds, and foregrounds, in the picture


@dataclass(frozen=True)
class Outline:
    """What is told of a project that is not open; ``pictures`` are (height, width, 4) squares of some of its own."""

    folder: Path
    name: str
    changed: datetime | None = None
    backgrounds: int = 0
    foregrounds: int = 0
    pictures: tuple[QImage, ...] = ()
    trouble: str = ""


def outlines(folders: Sequence[Path]) -> Iterator[Outline]:
    """Each project in short; one that is gone or cannot be read says so."""
    for folder in folders:
        file = folder / storage.FILE
        if not file.is_file():
            yield Outline(folder, folder.name, trouble="gone")
            continue
        try:
            project, changed = storage.load(folder), datetime.fromtimestamp(file.stat().st_mtime).astimezone()
        except (FgbgError, OSError):
            yield Outline(folder, folder.name, trouble="damaged")
            continue
        backgrounds, foregrounds = len(project.good_backgrounds()), len(project.good_foregrounds())
        yield Outline(folder, project.name, changed, backgrounds, foregrounds, tuple(_pictures(folder, project)))


def _pictures(folder: Path, project: Project) -> Iterator[QImage]:
    """Squares out of the middle of some pictures, from the project's own thumbnails."""
    store = ThumbnailStore(folder)
    for picture in [*project.good_backgrounds()[:_EACH], *project.good_foregrounds()[:_EACH]]:
        try:
            pixels, _ = store.get(picture.file, picture.sha256)
        except (FgbgError, OSError):
            continue  # whoever opens the project is told
        yield to_image(_squared(pixels))


def _squared(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    part = pixels[top : top + side, left : left + side]
    if part.shape[2] == 3:
        part = np.dstack([part, np.full((side, side), 255, np.uint8)])
    return resize_rgba(part, _SIDE, _SIDE)


class Mosaic(QWidget):
    """Up to four pictures of a project in a square."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: tuple[QImage, ...] = ()
        self.setFixedSize(_SIDE, _SIDE)

    def show_pictures(self, pictures: tuple[QImage, ...]) -> None:
        """Show these."""
        self.pictures = pictures
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """The pictures, or a folder's sign."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(theme.colours.colour("line"), 1))
        painter.setBrush(theme.colours.colour("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        if not self.pictures:
            edge = (_SIDE - TOOL_ICON) // 2
            Icon.FOLDER.paint(painter, self.rect().adjusted(edge, edge, -edge, -edge), "quiet")
        cells = 1 if len(self.pictures) == 1 else 2
        side = (_SIDE - 4) / cells
        for place, picture in enumerate(self.pictures):
            left, top = 2 + place % cells * side, 2 + place // cells * side
            painter.drawImage(QRectF(left, top, side - 1, side - 1), picture)


class RecentLine(QWidget):
    """One project: a button that opens it, and one that takes it off the list."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.open = QPushButton()
        self.open.setProperty("look", "line")
        self.setFixedHeight(_LINE)
        self.open.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.open.setToolTip(str(folder))
        self.open.setAccessibleName(self.tr("Open {0}").format(folder))
        self.mosaic, self.name = Mosaic(), label()
        self.holds, self.when = label("", "caption"), label("", "caption")
        inside = hbox(self.open, 2 * UNIT, margins=(UNIT, 0, UNIT, 0))
        inside.addWidget(self.mosaic)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        for part in (self.name, self.holds, self.when):
            words.addWidget(part)
        words.addStretch(1)
        inside.addLayout(words, 1)
        self.forget = QToolButton()
        self.forget.setIcon(Icon.CLOSE.icon("quiet"))
        self.forget.setToolTip(self.tr("Take it off this list; the project itself stays where it is"))
        self.forget.setAccessibleName(self.tr("Take {0} off the list").format(folder.name))
        self.forget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = hbox(self)
        row.addWidget(self.open, 1)
        row.addWidget(self.forget)
        self.name.setText(folder.name)

    def show_outline(self, outline: Outline) -> None:
        """Show what was read of the project."""
        self.name.setText(outline.name)
        self.mosaic.show_pictures(outline.pictures)
        self.open.setEnabled(outline.trouble != "gone")
        if outline.trouble:
            words = {"gone": self.tr("The folder is not there any more"), "damaged": self.tr("It cannot be read")}
            self.holds.setText(words[outline.trouble])
            self.when.setText(str(outline.folder))
            return
        self.holds.setText(self.tr("{0} pictures").format(number(outline.backgrounds + outline.foregrounds)))
        counts = self.tr("{0} backgrounds, {1} foregrounds")
        self.holds.setToolTip(counts.format(number(outline.backgrounds), number(outline.foregrounds)))
        self.when.setText(moment(outline.changed) if outline.changed else "")
        self.open.setAccessibleDescription(f"{outline.name}: {self.holds.text()}")


class RecentList(QScrollArea):
    """``chosen`` brings a project's folder."""

    chosen = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setProperty("look", "panel")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("look", "panel")
        self._column = vbox(inside)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(inside)
        self.lines: dict[Path, RecentLine] = {}
        session.settings.recent_changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Read the settings again, and then each project, which may take a moment."""
        clear(self._column)
        self.lines = {folder: RecentLine(folder) for folder in self._session.settings.recent}
        for folder, line in self.lines.items():
            line.open.clicked.connect(lambda _=False, f=folder: self.chosen.emit(f))
            line.forget.clicked.connect(lambda _=False, f=folder: self._session.settings.forget(f))
            self._column.addWidget(line)
        if not self.lines:
            self._column.addWidget(label(self.tr("None yet."), "caption"))
            return
        folders = list(self.lines)
        self._session.jobs.run(self.tr("reading the projects"), lambda: outlines(folders), produced=self._show)

    def _show(self, read: list[Outline]) -> None:
        for outline in read:
            if outline.folder in self.lines:
                self.lines[outline.folder].show_outline(outline)
