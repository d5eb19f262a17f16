"""How controls behave everywhere in the window, those too that are made later.

- The wheel changes no control that has not the keyboard; what it lies on scrolls instead.
- Undo and redo are a field's own only while a person edits its text; else they are the window's.
- After an action the keyboard is back in the picture: a mouse's click gives it to nothing but text, Enter and Esc in
  a field give it back, and so does whatever is hidden or disabled while it has it.
- Shift+F10 asks for the context menu of what has the keyboard, also on systems where Qt knows the Menu key alone.

`Style` sees every widget before it is first shown; nothing has to be done where one is made. A window says where its
picture is by `Homely`; others, such as dialogs, keep Qt's ways.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPalette,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProxyStyle,
    QScrollBar,
    QSpinBox,
    QTabBar,
    QTextEdit,
    QWidget,
)
from typing_extensions import override

from fgbg_studio.gui.lib.typed import KEPT, is_edited, line_of

_WHEELED = (QAbstractSpinBox, QComboBox, QAbstractSlider, QTabBar)
_TYPED = (QLineEdit, QAbstractSpinBox, QComboBox, QTextEdit, QPlainTextEdit)
_PUSHED = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QTabBar, QLabel)
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ASK_BY_THEMSELVES = {"windows", "cocoa"}  # systems on which Shift+F10 needs no help
_SHOWN, _HIDDEN = Qt.TextFlag.TextShowMnemonic.value, Qt.TextFlag.TextHideMnemonic.value
_WHOLE = Qt.TextFlag.TextWordWrap.value | Qt.TextFlag.TextDontClip.value  # a menu bar's, by a pixel, needs more room


@runtime_checkable
class Homely(Protocol):
    """A window with a picture."""

    def take_keyboard(self) -> None:
        """Put the keyboard into the picture."""


class Manners(QObject):
    """See the module. There is one, `manners`."""

    _unsettled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._owed = self._keyed = self._undone = False
        self._unsettled.connect(self._settle, Qt.ConnectionType.QueuedConnection)

    def start(self, app: QApplication) -> None:
        """Look after an application's focus from now on."""
        app.focusChanged.connect(self._follow)

    def look_after(self, widget: QWidget) -> None:
        """Teach a widget; twice is as once."""
        if widget.focusPolicy() == Qt.FocusPolicy.WheelFocus:
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if isinstance(widget, QAbstractButton) and widget.focusPolicy() == Qt.FocusPolicy.StrongFocus:
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse
        if isinstance(widget, QLabel):
            wanted = bool(widget.textInteractionFlags() & selectable)
        else:
            wanted = isinstance(widget, (*_WHEELED, *_TYPED, *_PUSHED)) and not isinstance(widget, QScrollBar)
        if wanted or (widget.isWindow() and isinstance(widget, Homely)):  # to ask a protocol takes long
            widget.installEventFilter(self)

    def come_home(self) -> None:
        """Put the keyboard into the picture of the window that is in front, as before every action of the person.

        Not where a button has it that was pressed by a key: whoever came there by Tab may want to press it again.
        """
        window = QApplication.activeWindow()
        if isinstance(window, Homely) and not self._keyed:
            window.take_keyboard()

    def hand(self, widget: QWidget) -> None:
        """Give the keyboard to a control because a person asked for it; nothing takes it away again."""
        widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._owed = False

    def watch(self, action: QAction) -> None:
        """Bring the keyboard back whenever ``action`` is triggered, before it does anything."""
        action.triggered.connect(self.come_home)

    # Where the keyboard goes by itself

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        """What is hidden or disabled gives the keyboard to its neighbour in Qt, wherever that may be."""
        gone = old is not None and not (old.isVisible() and old.isEnabled())
        if gone or new is None:
            self._owed = True
            self._unsettled.emit()
        if gone and new is not None:
            self._send_home(new)

    def _settle(self) -> None:
        owed, self._owed, self._keyed = self._owed, False, False
        window = QApplication.activeWindow()
        if owed and isinstance(window, Homely) and QApplication.activePopupWidget() is None:
            window.take_keyboard()

    def _send_home(self, widget: QWidget) -> None:
        window = widget.window()
        if isinstance(window, Homely):
            window.take_keyboard()

    def _send_home_soon(self, widget: QWidget) -> None:
        """Once what happens now has happened."""
        if isinstance(widget.window(), Homely):
            self._owed = True
            self._unsettled.emit()

    # What happens to controls

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if not isinstance(watched, QWidget):
            return False
        if kind == QEvent.Type.Wheel:
            return self._refuse_wheel(watched, event)
        if kind in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}:
            return isinstance(event, QKeyEvent) and self._take_key(watched, event)
        if kind in {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick}:
            self._press(watched)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._release(watched)
        elif kind == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            self._enter(watched, event.reason())
        return False

    def _refuse_wheel(self, watched: QWidget, event: QEvent) -> bool:
        if isinstance(watched, _WHEELED) and not watched.hasFocus():
            event.ignore()
            return True
        return False

    def _press(self, watched: QWidget) -> None:
        """A button takes the keyboard from a field, whose text is thereby finished, but not for itself."""
        if isinstance(watched, QAbstractButton):
            if isinstance(watched.window(), Homely):
                self._send_home(watched)
            elif watched.focusPolicy() & Qt.FocusPolicy.TabFocus:
                watched.setFocus(Qt.FocusReason.MouseFocusReason)

    def _release(self, watched: QWidget) -> None:
        """Not from text: a spin box is clicked itself only where its arrows are."""
        if isinstance(watched, QLabel) and watched.hasSelectedText():
            return
        if isinstance(watched, _PUSHED) and not isinstance(watched, QAbstractButton):
            self._send_home_soon(watched)

    def _enter(self, watched: QWidget, reason: Qt.FocusReason) -> None:
        if reason == Qt.FocusReason.PopupFocusReason:
            if isinstance(watched, QComboBox):
                self._send_home_soon(watched)
            return  # a text's own menu was closed
        line = line_of(watched)
        if line is not None:
            line.setProperty(KEPT, line.text())
            self._undone = False

    def _take_key(self, watched: QWidget, event: QKeyEvent) -> bool:
        if isinstance(watched, _TYPED) and _means_undo(event):
            return self._pass_undo(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
            ends = event.key() == Qt.Key.Key_Escape or (event.key() in _ENDS and plain)
            if ends and isinstance(watched, _TYPED) and self._at_home(watched):
                event.accept()  # or an action of that key would take it
                return True
            return False
        if isinstance(watched, QAbstractButton) and event.key() in {*_ENDS, Qt.Key.Key_Space}:
            self._keyed = True
            self._unsettled.emit()
        elif isinstance(watched, (QLineEdit, QAbstractSpinBox)) and event.key() in _ENDS and self._at_home(watched):
            self._finish(watched)
        elif isinstance(watched, Homely) and event.key() == Qt.Key.Key_Escape:
            return self._escape()
        elif isinstance(watched, Homely) and _asks_for_menu(event):
            return _ask_for_menu()
        return False

    @staticmethod
    def _at_home(widget: QWidget) -> bool:
        return isinstance(widget.window(), Homely)

    def _finish(self, field: QWidget) -> None:
        line = line_of(field)
        if line is not None:
            line.setProperty(KEPT, line.text())
        self._undone = False
        self._send_home_soon(field)

    def _escape(self) -> bool:
        """Esc that no field took for itself: its text is as it was before."""
        field = QApplication.focusWidget()
        if not isinstance(field, _TYPED):
            return False
        line = line_of(field)
        if line is not None and is_edited(line):
            line.setText(str(line.property(KEPT)))
        if isinstance(field, (QSpinBox, QDoubleSpinBox)):
            field.setValue(field.value())  # type: ignore[arg-type]
        self._send_home(field)
        return True

    def _pass_undo(self, field: QWidget, event: QKeyEvent) -> bool:
        """Whether undo is not the field's: then nobody but an action takes it."""
        line = line_of(field)
        if line is not None:
            own = is_edited(line) or (self._undone and line.isRedoAvailable())
        elif isinstance(field, (QTextEdit, QPlainTextEdit)):
            own = not field.isReadOnly() and field.document().isModified()
        else:
            own = False
        if own:
            self._undone = True
            return False
        event.ignore()
        return True


def _means_undo(event: QKeyEvent) -> bool:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() == Qt.Key.Key_Z:
        return held in {control, control | shift}
    return event.key() == Qt.Key.Key_Y and held == control


class Style(QProxyStyle):
    """Qt's Fusion, which shows every widget to `manners` once it is dressed, and cuts no words without saying so."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    @override
    def polish(self, thing: QWidget | QApplication | QPalette) -> None:  # type: ignore[override]
        super().polish(thing)
        if isinstance(thing, QWidget):
            manners.look_after(thing)

    @override
    def drawItemText(
        self,
        painter: QPainter,
        rect: QRect,
        flags: int,
        palette: QPalette | Qt.GlobalColor | QColor,
        enabled: bool,
        text: str,
        role: QPalette.ColorRole = QPalette.ColorRole.NoRole,
    ) -> None:
        """Words of one line that have too little room, on whatever control, end in an ellipsis."""
        if not flags & _WHOLE and "\n" not in text:
            measured = flags | _SHOWN if flags & _HIDDEN else flags  # a letter's mark takes no room, underlined or not
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width(), measured)
        super().drawItemText(painter, rect, flags, palette, enabled, text, role)


manners = Manners()


def _asks_for_menu(event: QKeyEvent) -> bool:
    known = event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
    return known and QGuiApplication.platformName() not in _ASK_BY_THEMSELVES


def _ask_for_menu() -> bool:
    """As the Menu key does: of what has the keyboard, where its cursor is."""
    widget = QApplication.focusWidget()
    if widget is None:
        return False
    middle = widget.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, widget.mapToGlobal(middle))
    return QApplication.sendEvent(widget, event)
