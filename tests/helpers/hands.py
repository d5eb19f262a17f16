"""The hands of the monkey (see `tests.helpers.monkey`): how widgets are found again, and events brought to them."""

from __future__ import annotations

import subprocess
from typing import Any

import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

Target = QWindow | QWidget


# Where a step is done


def shown_windows() -> list[QWidget]:
    """The windows that take events: a menu, else a dialog that must be answered, else all there are."""
    for top in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if top is not None and top.isVisible():
            return [top]
    return [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.windowHandle() is not None]


def path_of(widget: QWidget) -> list[Any]:
    """How a widget is found again: the class of its window, and its number among its kind, from there down."""
    path: list[Any] = []
    while not widget.isWindow():
        parent = widget.parentWidget()
        kin = [child for child in parent.children() if type(child) is type(widget)]
        path.insert(0, [type(widget).__name__, kin.index(widget)])
        widget = parent
    return [type(widget).__name__, *path]


def widget_at(path: list[Any]) -> QWidget | None:
    """The widget of `path_of`, where it is seen and can be used."""
    found = next((one for one in shown_windows() if type(one).__name__ == path[0]), None)
    for name, number in path[1:]:
        if found is None:
            return None
        kin = [child for child in found.children() if type(child).__name__ == name]
        child = kin[number] if number < len(kin) else None
        found = child if isinstance(child, QWidget) else None
    return found if found is not None and found.isVisible() and found.isEnabled() else None


# What the hand does


class QtHand:
    """Events as Qt's own tests make them, sent to windows as the system would: none where a window is gone by then."""

    def click(self, window: Target, at: QPoint, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        """Press and let go."""
        self.drag(window, [at, at], button, keys)

    def double_click(self, window: Target, at: QPoint) -> None:
        """Twice, fast."""
        if there(window):
            QTest.mouseDClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    def drag(
        self, window: Target, points: list[QPoint], button: Qt.MouseButton,
        keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:  # fmt: skip
        """Press, move, let go, wherever that leads."""
        if there(window):
            QTest.mouseMove(window, points[0])
        if there(window):
            QTest.mousePress(window, button, keys, points[0])
        for point in points[1:]:
            if there(window):
                QTest.mouseMove(window, point)
        if there(window):
            QTest.mouseRelease(window, button, keys, points[-1])

    def wheel(self, window: Target, at: QPoint, notches: int, keys: Qt.KeyboardModifier) -> None:
        """Turn it."""
        if there(window):
            QTest.wheelEvent(window, QPointF(at), QPoint(0, 120 * notches), stateKey=keys)

    def keys(self, window: Target, keys: str) -> None:
        """One of the table of keys."""
        pressed = QKeySequence(keys)[0]
        if pressed.keyboardModifiers() & Qt.KeyboardModifier.AltModifier and there(window):
            QTest.keyClick(window, Qt.Key.Key_Alt)  # closes a menu, whose window Qt's test would go on with
        if there(window):
            QTest.keyPress(window, pressed.key(), pressed.keyboardModifiers())
        if there(window):
            QTest.keyRelease(window, pressed.key(), pressed.keyboardModifiers())

    def text(self, window: Target, text: str) -> None:
        """Write."""
        for letter in text:
            if letter.isascii() and there(window):
                QTest.keyPress(window, letter)
            if letter.isascii() and there(window):
                QTest.keyRelease(window, letter)


def window_of(top: QWidget) -> Target:
    """What takes the system's events for a window; where Python still knows one that is gone, the widget itself."""
    window = top.windowHandle()
    return window if window is not None and shiboken6.isValid(window) else top


def there(window: Target) -> bool:
    """Whether it still takes events; Python does not hear of the end of what it did not make."""
    alive = QGuiApplication.topLevelWindows() if isinstance(window, QWindow) else QApplication.topLevelWidgets()
    return shiboken6.isValid(window) and window in alive and window.isVisible()


BUTTONS = {Qt.MouseButton.LeftButton: 1, Qt.MouseButton.MiddleButton: 2, Qt.MouseButton.RightButton: 3}
NAMES = {
    "Ctrl": "ctrl", "Shift": "shift", "Alt": "alt", "Enter": "KP_Enter", ".": "period", "-": "minus", "=": "equal",
    "+": "plus", "[": "bracketleft", "]": "bracketright", "?": "question", "Space": "space", "Backspace": "BackSpace",
    "PgDown": "Next",
}  # fmt: skip
"""X's own numbers and names of buttons and keys."""


class DisplayHand(QtHand):
    """Real events of an X display, by ``xdotool``; they arrive when they arrive."""

    def _do(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], check=False, stderr=subprocess.DEVNULL)

    def _to(self, window: Target, at: QPoint) -> tuple[object, ...]:
        there = window.mapToGlobal(at)
        return "mousemove", there.x(), there.y()

    @override
    def click(self, window: Target, at: QPoint, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        """With a key held, where there is one."""
        held = {Qt.KeyboardModifier.ControlModifier: "ctrl", Qt.KeyboardModifier.ShiftModifier: "shift"}.get(keys)
        click = (*self._to(window, at), "click", BUTTONS[button])
        self._do(*(("keydown", held, *click, "keyup", held) if held else click))

    @override
    def double_click(self, window: Target, at: QPoint) -> None:
        """Twice, fast."""
        self._do(*self._to(window, at), "click", "--repeat", 2, "--delay", 30, 1)

    @override
    def drag(
        self, window: Target, points: list[QPoint], button: Qt.MouseButton,
        keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:  # fmt: skip
        """By way of all points."""
        way = [word for point in points[1:] for word in self._to(window, point)]
        which = BUTTONS[button]
        self._do(*self._to(window, points[0]), "mousedown", which, *way, "mouseup", which)

    @override
    def wheel(self, window: Target, at: QPoint, notches: int, keys: Qt.KeyboardModifier) -> None:
        """Buttons 4 and 5 are its two ways."""
        self._do(*self._to(window, at), "click", "--repeat", abs(notches), 4 if notches > 0 else 5)

    @override
    def keys(self, window: Target, keys: str) -> None:
        """To whatever has the keyboard."""
        words = keys.replace("++", "+plus").split("+") if keys != "+" else ["+"]
        self._do("key", "+".join(NAMES.get(word, word.lower() if len(word) == 1 else word) for word in words))

    @override
    def text(self, window: Target, text: str) -> None:
        """Likewise."""
        self._do("type", "--delay", 1, text)
