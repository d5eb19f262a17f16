"""The top line: the project's name and menu, undo, the place's counter, search, the inspector's switch."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QMenu, QPushButton, QWidget
from typing_extensions import override

from fgbg_studio.gui.lib.basics import hbox, tool_button
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.manners import manners
from fgbg_studio.gui.lib.theme import PAD, UNIT


class EscapableEdit(QLineEdit):
    """``escaped`` when Esc was pressed in it."""

    escaped = Signal()

    @override
    def event(self, event: QEvent) -> bool:
        """Esc is this field's own before it is any action's."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc is told; all else is text."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


SEARCH_DELAY = 150
_NAME = 200  # pixels: a longer name is shortened


class TopLine(QFrame):
    """See the module.

    Signals:
        searched: the search field's text, a moment after the last key.
        left: the keyboard goes back to the place.
        renamed: the project's new name.
    """

    searched = Signal(str)
    left = Signal()
    renamed = Signal(str)

    def __init__(self, actions: dict[str, QAction], menu: QMenu, counter: QWidget) -> None:
        super().__init__()
        self.setProperty("look", "top")
        self.setFixedHeight(48)
        self.name = QPushButton()
        self.name.setProperty("look", "flat")
        self.name.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the name
        self.name.setIcon(Icon.DOWN.icon("quiet"))
        self.name.setIconSize(QSize(16, 16))
        self.name.clicked.connect(lambda: menu.popup(self.name.mapToGlobal(self.name.rect().bottomLeft())))
        self.counter = counter
        self.search = EscapableEdit()
        self.search.escaped.connect(self._leave_search)
        self.search.setFixedWidth(200)
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search in this place"))
        self.search.setToolTip(actions["edit.search"].toolTip())
        self._timer = QTimer(self, singleShot=True, interval=SEARCH_DELAY)
        self._timer.timeout.connect(lambda: self.searched.emit(self.search.text()))
        self.search.textChanged.connect(self._restart)
        row = hbox(self, UNIT, margins=(PAD, 0, PAD, 0))
        row.addWidget(self.name)
        row.addWidget(self._make_editor())
        for name in ("file.save", "edit.undo", "edit.redo"):
            row.addWidget(tool_button(actions[name]))
        row.addStretch(1)
        row.addWidget(self.counter)
        row.addStretch(1)
        row.addWidget(self.search)
        row.addWidget(tool_button(actions["view.inspector"]))

    def edit_name(self, name: str) -> None:
        """Let the person write another name where the name stands; Enter takes it, Esc does not."""
        self.editor.setText(name)
        self.name.hide()
        self.editor.show()
        self.editor.selectAll()
        manners.hand(self.editor)

    def _make_editor(self) -> EscapableEdit:
        self.editor = EscapableEdit()
        self.editor.setFixedWidth(240)
        self.editor.setAccessibleName(self.tr("Name of the project"))
        self.editor.setToolTip(self.tr("Enter accepts the name, Esc keeps the old one"))
        self.editor.hide()
        self.editor.editingFinished.connect(self._take_name)
        self.editor.escaped.connect(self._keep_name)
        return self.editor

    def _take_name(self) -> None:
        if self.editor.isVisible():
            self.editor.hide()
            self.name.show()
            if self.editor.text().strip():
                self.renamed.emit(self.editor.text().strip())
            self.left.emit()

    def _leave_search(self) -> None:
        """Esc shows everything again, then leaves the field."""
        if self.search.text():
            self.search.clear()
        else:
            self.left.emit()

    def _keep_name(self) -> None:
        self.editor.clear()
        self._take_name()

    def _restart(self) -> None:
        self._timer.start()

    def show_name(self, name: str, dirty: bool) -> None:
        """Show the project's name, with a dot behind it while it is not saved."""
        short = self.name.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _NAME)
        self.name.setText(f"{short} •" if dirty else short)
        way = self.tr("Open, create, rename or close projects")
        self.name.setToolTip(way if short == name else f"{name}\n{way}")
        self.name.setAccessibleName(self.tr("Project {0}").format(name))

    def set_searchable(self, searchable: bool) -> None:
        """Whether the place can be searched; the field is emptied."""
        with QSignalBlocker(self.search):
            self.search.clear()
        self.search.setVisible(searchable)
