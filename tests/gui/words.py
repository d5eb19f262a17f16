"""Whether words have the room that they need, wherever they stand in a window."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QStyle, QStyleOptionComboBox, QWidget

from fgbg_studio.gui.app.rail import RailButton
from fgbg_studio.gui.lib.label import Label

FEW = 4  # letters that say what it is


def cut_words(window: QWidget) -> list[str]:
    """What is seen of a window and has less room than its words, without an ellipsis that says so."""
    seen = (w for w in window.findChildren(QWidget) if w.isVisible() and not w.visibleRegion().isEmpty())
    return [f"{type(widget).__name__}: {trouble}" for widget in seen if (trouble := _trouble(widget))]


def _trouble(widget: QWidget) -> str:
    if isinstance(widget, QLabel):
        return _of_label(widget)
    if isinstance(widget, QAbstractButton) and widget.text():
        return _of_button(widget)
    if isinstance(widget, QComboBox):
        return _of_combo(widget)
    return ""


def _of_label(label: QLabel) -> str:
    text = label.shown() if isinstance(label, Label) else label.text()
    metrics, room = label.fontMetrics(), label.contentsRect()
    if not text:
        return ""
    words = text.split() if label.wordWrap() else text.split("\n")
    widest = max(metrics.horizontalAdvance(word) for word in words)
    if widest > room.width() + 1:
        return f"{text!r} is {widest} wide, and has {room.width()}"
    if room.height() < metrics.ascent():
        return f"{text!r} has a height of {room.height()}"
    return ""


def _of_button(button: QAbstractButton) -> str:
    """The style ends words in an ellipsis; a few letters must be left of them."""
    if isinstance(button, RailButton):
        return ""  # whose font is chosen by its words
    text, has = button.text(), button.width()
    few = button.minimumSizeHint().width() - button.fontMetrics().horizontalAdvance(text[FEW:])
    return f"{text!r} has {has}, and a few letters need {few}" if has < few else ""


def _of_combo(combo: QComboBox) -> str:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, combo).width()
    few = combo.fontMetrics().horizontalAdvance(combo.currentText()[:FEW])
    return f"{combo.currentText()!r} has {room}, and a few letters need {few}" if room < few else ""


def outside(window: QWidget) -> list[str]:
    """What is seen of a window and lies partly beyond the edge of what holds it."""
    found = []
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        if isinstance(widget, (QLabel, QAbstractButton, QComboBox)) and widget.isVisible() and parent is not None:
            place = widget.geometry()
            if place.right() > parent.rect().right() + 1 or place.left() < 0:
                found.append(f"{type(widget).__name__} {widget.accessibleName()!r}: {place} in {parent.size()}")
    return found
