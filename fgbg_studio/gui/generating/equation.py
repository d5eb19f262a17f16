"""The number of samples as a multiplication, a name under each factor."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from fgbg_studio.core.project import Project
from fgbg_studio.gui.generating.choices import samples_of
from fgbg_studio.gui.theme import GROUP
from fgbg_studio.gui.widgets.basics import label
from fgbg_studio.gui.words import factors, number


class Equation(QWidget):
    """'100 × 100 × 2 × 20 = 400,000'."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GROUP)
        grid.setVerticalSpacing(0)
        self.numbers: list[QLabel] = []
        self.names: list[QLabel] = []
        for place in range(5):
            if place:
                sign = label("×" if place < 4 else "=", "title")
                grid.addWidget(sign, 0, 2 * place - 1, Qt.AlignmentFlag.AlignHCenter)
            value, name = label("", "title"), label("", "caption")
            grid.addWidget(value, 0, 2 * place)
            grid.addWidget(name, 1, 2 * place)
            self.numbers.append(value)
            self.names.append(name)
        grid.setColumnStretch(9, 1)

    def show_project(self, project: Project, limit: int | None) -> None:
        """Multiply what the project has; ``limit`` of its samples are made."""
        parts, total = factors(project), samples_of(project)
        words = [
            self.tr("background") if parts[0] == 1 else self.tr("backgrounds"),
            self.tr("foreground") if parts[1] == 1 else self.tr("foregrounds"),
            self.tr("as cut, mirrored") if parts[2] == 2 else self.tr("not mirrored"),
            self.tr("placement of each") if parts[3] == 1 else self.tr("placements of each"),
            self.tr("samples"),
        ]
        if limit and limit < total:
            words[4] = self.tr("samples; the first {0} are made").format(number(limit))
        for line, value in zip(self.numbers, (*parts, total), strict=True):
            line.setText(number(value))
        for line, text in zip(self.names, words, strict=True):
            line.setText(text)
