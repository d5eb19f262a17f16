"""Name, class, licence and origin of the entries that are selected, in the inspector; and how tall they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QWidget

from fgbg_studio.core.project.heights import SuggestedHeight
from fgbg_studio.core.project.properties import Properties
from fgbg_studio.gui.lib.basics import button, hbox, keep_room, label, vbox
from fgbg_studio.gui.lib.formatting import height_offer, number
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.lib.typed import keeping_typed

_TALLEST = 1000.0


class PropertiesForm(QWidget):
    """What is typed is set for all that are selected; the name is one entry's alone.

    ``height_part`` is for another place, where it is seen also while the others are folded away: how tall an object is
    is asked of everyone.

    Signals:
        edited: (name of the property, its value).
        suggested_wanted: each of those whose height nobody has said is to have the one that is likely.
        renamed: the name that was typed.
    """

    edited = Signal(str, object)
    suggested_wanted = Signal()
    renamed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._column = vbox(self, UNIT)
        self.many = label("", "caption", wrap=True)
        self._column.addWidget(self.many)
        self.name, self.category = QLineEdit(), QComboBox()
        self.licence, self.origin = QLineEdit(), QLineEdit()
        self.height_field, self.suggested = QDoubleSpinBox(), button("", look="flat")
        self._titles: dict[QWidget, QLabel] = {}
        self._add(self.name, self.tr("Name"), self.tr("Of the photo, its cutout and their files (F2)"))
        self._add(self.category, self.tr("Class"), self.tr("What the object is, for training by classes"))
        self._add(self.licence, self.tr("Licence"), self.tr("Of the photo; goes on the dataset's card"))
        self._add(self.origin, self.tr("Origin"), self.tr("Where the photo is from; goes on the dataset's card"))
        self.category.setEditable(True)
        self.category.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.category.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.category.setMinimumContentsLength(8)
        self.height_field.setRange(0, _TALLEST)
        self.height_field.setDecimals(2)
        self.height_field.setSingleStep(0.05)
        self.height_field.setSuffix(" m")
        self.height_field.setKeyboardTracking(False)
        self.height_part = self._make_height()
        self._connect()

    def _make_height(self) -> QWidget:
        title, tip = self.tr("Real height"), self.tr("Of the object, for sizes by perspective and for its depth")
        self.height_field.setAccessibleName(title)
        self.height_field.setToolTip(tip)
        self.suggested.setToolTip(self.tr("What is likely by its class, its name and its shape"))
        keep_room(self.suggested)
        part = QWidget()
        column, row = vbox(part, UNIT), hbox(spacing=UNIT)
        row.addWidget(label(title, "quiet"), 1)
        row.addWidget(self.suggested)
        column.addLayout(row)
        column.addWidget(self.height_field)
        return part

    def _add(self, field: QWidget, title: str, tip: str) -> None:
        field.setAccessibleName(title)
        field.setToolTip(tip)
        self._titles[field] = label(title, "quiet")
        self._column.addWidget(self._titles[field])
        self._column.addWidget(field)

    def _connect(self) -> None:
        self.name.editingFinished.connect(self._tell_name)
        self.category.activated.connect(lambda _: self._tell("category", self.category.currentText()))
        line = self.category.lineEdit()
        assert line is not None
        for name, edit in (("category", line), ("licence", self.licence), ("origin", self.origin)):
            edit.editingFinished.connect(lambda n=name, e=edit: self._tell_text(n, e))
        self.height_field.valueChanged.connect(lambda metres: self._tell("real_height", metres or None))
        self.suggested.clicked.connect(self.suggested_wanted)

    def rename(self) -> None:
        """Put the keyboard into the name."""
        self.name.setFocus()
        self.name.selectAll()

    def show_chosen(
        self,
        names: Sequence[str],
        said: Sequence[Properties],
        classes: Sequence[str],
        height: float,
        likely: Sequence[SuggestedHeight],
    ) -> None:
        """Show what is said of the entries that are selected.

        Args:
            names: of each.
            said: likewise.
            classes: that the project has, to choose from.
            height: in metres, of an object of which none is said.
            likely: what is suggested for those of which none is said, as far as anything is.
        """
        self.setEnabled(bool(names))
        self.height_part.setEnabled(bool(names))
        self.many.setVisible(len(names) > 1)
        self.many.setText(self.tr("{0} selected: what you type applies to all").format(number(len(names))))
        self._show_text(self.name, names[0] if len(names) == 1 else "", several=len(names) > 1)
        self.name.setEnabled(len(names) == 1)
        line = self.category.lineEdit()
        assert line is not None
        if not _typed(line):
            with QSignalBlocker(self.category):
                self.category.clear()
                self.category.addItems(list(classes))
        for name, edit in (("category", line), ("licence", self.licence), ("origin", self.origin)):
            values = {str(getattr(one, name)) for one in said}
            self._show_text(edit, values.pop() if len(values) == 1 else "", several=len(values) > 0)
        self._show_height({one.real_height for one in said}, height)
        self.suggested.setVisible(bool(likely))
        if likely:
            alike = len(set(likely)) == 1
            several = self.tr("Set {0} likely ones").format(number(len(likely)))
            self.suggested.setText(height_offer(likely[0]) if alike else several)

    def _show_text(self, edit: QLineEdit, text: str, *, several: bool) -> None:
        if not _typed(edit) and edit.text() != text:
            edit.setText(text)
            edit.setCursorPosition(0)
        edit.setPlaceholderText(self.tr("multiple values") if several else "")

    def _show_height(self, heights: set[float | None], default: float) -> None:
        one = heights.pop() if len(heights) == 1 else None
        words = self.tr("multiple values") if heights else self.tr("not said: {0} m is assumed").format(f"{default:g}")
        with keeping_typed(self.height_field):
            self.height_field.setSpecialValueText(words)
            self.height_field.setValue(one or 0)

    def _tell_name(self) -> None:
        if self.name.isModified():
            self.name.setModified(False)
            self.renamed.emit(self.name.text())

    def _tell_text(self, name: str, edit: QLineEdit) -> None:
        if edit.isModified():
            edit.setModified(False)
            self._tell(name, edit.text())

    def _tell(self, name: str, value: object) -> None:
        self.edited.emit(name, value)


def _typed(edit: QLineEdit) -> bool:
    """Whether a person is typing in it."""
    return edit.hasFocus() and edit.isModified()
