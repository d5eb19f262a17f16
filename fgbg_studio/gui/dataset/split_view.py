"""What the inspector shows while a dataset is split: fractions and seed, the figures of each split, and Save."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget
from typing_extensions import override

from fgbg_studio.core.base.declared import declared
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.dataset.split_files import NONE, SplitSettings
from fgbg_studio.gui.dataset.split_colours import ALL, colour_of, meaning_of
from fgbg_studio.gui.lib.basics import action_button, button, hbox, label, vbox
from fgbg_studio.gui.lib.fields import Setting
from fgbg_studio.gui.lib.form import Row
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.theme import GROUP, UNIT, theme

_SHOWN = ("background", "foreground", "pairs", "seed")
_SWATCH = 12  # pixels


class SplitView(QWidget):
    """See the module; it shows what it is told, and tells what a person wants.

    Signals:
        changed: a setting's name and its value.
        hold_wanted: 'bg' or 'fg': the chosen one is to be held out, or trained with.
        undo_wanted: what was held out or trained with last is to be as it was before.
    """

    changed = Signal(str, object)
    hold_wanted = Signal(str)
    undo_wanted = Signal()

    def __init__(self, actions: dict[str, QAction]) -> None:
        super().__init__()
        self.state = label("", "quiet", wrap=True)
        self.leak = label("", "caption", wrap=True)
        known = declared(SplitSettings)
        self.rows = {name: Row(Setting.of(name, known[name])) for name in _SHOWN}
        self.counts = {name: (label("", ""), label("", "quiet")) for name in ALL}
        self.hold = {"bg": button(""), "fg": button("")}
        self.hint = label(
            self.tr("Click a picture at the left or the top of the table to hold it out, or to train with it."),
            "caption",
            wrap=True,
        )
        self.told, self.undo = label("", "", wrap=True), button(self.tr("Undo"), None, "flat")
        self.undo.clicked.connect(self.undo_wanted)
        self._lay_out(actions)
        for row in self.rows.values():
            row.changed.connect(self.changed)
        for axis, one in self.hold.items():
            one.clicked.connect(lambda _=False, axis=axis: self.hold_wanted.emit(axis))
        self.show_chosen("", "", new=(False, False))

    def _lay_out(self, actions: dict[str, QAction]) -> None:
        column = vbox(self, 2 * UNIT)
        column.addWidget(label(self.tr("Splits"), "heading"))
        for row in self.rows.values():
            column.addWidget(row)
        grid = QGridLayout()
        grid.setContentsMargins(0, UNIT, 0, UNIT)
        grid.setHorizontalSpacing(2 * UNIT)
        grid.setVerticalSpacing(UNIT)
        grid.setColumnStretch(1, 1)
        for line, (name, (count, share)) in enumerate(self.counts.items()):
            title = label(name)
            for part in (title, count, share):
                part.setToolTip(meaning_of(name))
            grid.addWidget(_Swatch(name), line, 0)
            grid.addWidget(title, line, 1)
            grid.addWidget(count, line, 2, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(share, line, 3, Qt.AlignmentFlag.AlignRight)
        grid.setColumnMinimumWidth(3, 3 * GROUP)
        column.addLayout(grid)
        column.addWidget(self.hint)
        for one in self.hold.values():
            column.addWidget(one)
        column.addWidget(action_button(actions["dataset.save_splits"]))
        column.addWidget(action_button(actions["dataset.discard_splits"]))
        told = hbox(spacing=UNIT)
        told.addWidget(self.told, 1)
        told.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(told)
        self.tell("")
        column.addWidget(self.state)  # below what is pressed, which stays where it is when the words are others
        column.addWidget(self.leak)

    def show_settings(self, settings: SplitSettings) -> None:
        """Show these in the fields."""
        for name, row in self.rows.items():
            row.show_value(getattr(settings, name))

    def refuse(self, name: str, error: FgbgError) -> None:
        """Say why a value cannot be."""
        self.rows[name].refuse(error)

    def show_counts(self, counts: dict[str, int] | None) -> None:
        """How many samples each split has; None while they are being counted."""
        total = sum(counts.values()) if counts else 0
        for name, (count, share) in self.counts.items():
            value = counts[name] if counts else 0
            count.setText(number(value) if counts else "…")
            share.setText(f"{value / total:.1%}" if total else "")

    def show_state(self, text: str, leak: str) -> None:
        """What is saved, and what a random split would leak."""
        for part, words in ((self.state, text), (self.leak, leak)):
            part.setText(words)
            part.setVisible(bool(words))

    def tell(self, text: str) -> None:
        """Say what became of other pictures by what was held out or trained with just now, and offer to undo it."""
        self.told.setText(text)
        for part in (self.told, self.undo):
            part.setVisible(bool(text))

    def show_chosen(self, background: str, foreground: str, *, new: tuple[bool, bool]) -> None:
        """Which pictures the buttons hold out or train with: their names, empty for none."""
        chosen = (background, self.tr("background")), (foreground, self.tr("foreground"))
        for one, (name, kind), is_new in zip(self.hold.values(), chosen, new, strict=True):
            words = self.tr("Train with {0}") if is_new else self.tr("Hold out {0}")
            one.setText(words.format(name or self.tr("the chosen {0}").format(kind)))
            one.setEnabled(bool(name))


class _Swatch(QLabel):
    """The colour of a split."""

    def __init__(self, split: str) -> None:
        super().__init__()
        self._split = split
        self.setFixedSize(QSize(_SWATCH, _SWATCH))
        self.setToolTip(meaning_of(split))
        theme.changed.connect(self.update)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """A square with round corners; what is not used is only its outline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = colour_of(self._split)
        painter.setPen(colour)
        painter.setBrush(Qt.BrushStyle.NoBrush if self._split == NONE else colour)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)


def checked(settings: SplitSettings, name: str, value: Any) -> SplitSettings:
    """The settings with another value.

    Raises:
        ValueError: it cannot be that.
    """
    return SplitSettings.model_validate({**settings.model_dump(), name: value})
