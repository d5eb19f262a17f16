"""A trial as it runs and what came out: curves, what the network makes of a few samples, figures by split."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from typing_extensions import override

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.split_files import NAMES
from fgbg_studio.core.imaging.contact_sheet import SheetColours
from fgbg_studio.core.trial.progress import CurvePoint, Look, TrialProgress
from fgbg_studio.core.trial.report import TITLES, WORDS, findings, look_sheet, rows_of
from fgbg_studio.core.trial.results import TrialResult
from fgbg_studio.gui.dataset.trial_curves import TrialCurves
from fgbg_studio.gui.lib.basics import button, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import capital, number, time_left
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.tables import LEFT, RIGHT, ROW, dress_table
from fgbg_studio.gui.lib.theme import PAD, UNIT, theme

_FULL = 1000  # of the bar
_FIGURES = ("iou", "boundary_f", "delta1", "abs_rel", "object_abs_rel")


class _Looks(QLabel):
    """The sheet of the fixed samples, as wide as there is room, and no wider than it is."""

    def __init__(self) -> None:
        super().__init__()
        self._whole, self._looks = QPixmap(), tuple[Look, ...]()
        theme.changed.connect(self._draw)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    def show_sheet(self, looks: Sequence[Look]) -> None:
        self._looks = tuple(looks)
        self._draw()

    @Slot()
    def _draw(self) -> None:
        """In the window's colours."""
        window, quiet = (theme.colours.colour(name) for name in ("window", "quiet"))
        paper, ink = ((one.red(), one.green(), one.blue()) for one in (window, quiet))
        drawn = look_sheet(self._looks, SheetColours(paper, ink)) if self._looks else None
        self._whole = QPixmap() if drawn is None else QPixmap.fromImage(to_image(drawn))
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def _fit(self) -> None:
        if self._whole.isNull():
            self.clear()
            return
        wide = min(self.width(), self._whole.width())
        shown = self._whole.scaledToWidth(max(wide, 1), Qt.TransformationMode.SmoothTransformation)
        self.setFixedHeight(shown.height())
        self.setPixmap(shown)


class TrialView(QScrollArea):
    """See the module.

    Signals:
        report_wanted, folder_wanted: to be opened outside.
        depth_wanted, guesses_wanted: the network of one input is to be used so in the program.
        left: back to the samples.
    """

    report_wanted = Signal()
    folder_wanted = Signal()
    depth_wanted = Signal()
    guesses_wanted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self.column = vbox(inside, PAD, (PAD, PAD, PAD, PAD))
        self.title, self.said = label("", "heading", wrap=True), label("", "quiet", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(2 * UNIT)
        self.bar.setAccessibleName(self.tr("Progress of the trial"))
        self.findings = label("", wrap=True)
        self.findings.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.curves, self.looks, self.table = TrialCurves(), _Looks(), QTableWidget()
        self.looks.setAccessibleName(self.tr("Composites, truth and what the network makes of them"))
        self.table.setAccessibleName(self.tr("Figures by split"))
        dress_table(self.table)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.report = button(self.tr("Open the report"))
        self.folder = button(self.tr("Show folder"), Icon.FOLDER)
        self.for_depth = button(self.tr("Use for depth"))
        self.for_guesses = button(self.tr("Use for first guesses"))
        self.for_depth.setToolTip(
            self.tr("The network that sees the composite alone becomes the project's one for depth")
        )
        self.for_guesses.setToolTip(self.tr("The network that sees the composite alone guesses objects in Foregrounds"))
        self.buttons = QWidget()
        row = hbox(self.buttons, 2 * UNIT)
        for made, signal in (
            (self.report, self.report_wanted), (self.folder, self.folder_wanted), (self.for_depth, self.depth_wanted),
            (self.for_guesses, self.guesses_wanted),
        ):  # fmt: skip
            made.clicked.connect(signal)
            row.addWidget(made)
        row.addStretch(1)
        for part in (
            self.title, self.said, self.bar, self.findings, self.buttons, self.table, self.curves, self.looks,
        ):  # fmt: skip
            self.column.addWidget(part)
        self.column.addStretch(1)
        self.setWidget(inside)
        self.clear()

    def clear(self) -> None:
        """Nothing was tried yet."""
        self.title.setText(self.tr("Does this dataset teach?"))
        self.said.setText(
            self.tr(
                "A trial trains a small network on it, in minutes, and measures what it learned on pictures that it"
                " never saw, beside what would have scored without learning. Its settings are at the right."
            )
        )
        self.show_points(())
        self.looks.show_sheet(())
        for part in (self.bar, self.findings, self.buttons, self.table, self.curves):
            part.hide()

    def show_points(self, points: Sequence[CurvePoint]) -> None:
        """The curves; none where there are no points."""
        self.curves.show_points(points)
        self.curves.setVisible(bool(points))

    def begin(self) -> None:
        """One begins: what an earlier one said goes."""
        self.clear()
        self.title.setText(self.tr("Trial"))
        self.said.setText(self.tr("Starting …"))
        self.bar.setRange(0, 0)
        self.bar.show()

    def show_progress(self, step: Progress) -> None:
        """How far it is, and all that it has to show."""
        self.title.setText(self.tr("Trial"))
        self.bar.show()
        self.bar.setRange(0, _FULL)
        self.bar.setValue(round(_FULL * step.share))
        parts = [capital(step.phase)]
        if isinstance(step, TrialProgress) and step.run and not step.phase.startswith("training"):
            parts.append(WORDS[step.run])
        if step.total:
            parts.append(self.tr("{0} of {1}").format(number(step.done), number(step.total)))
        if step.rate:
            parts.append(self.tr("{0} samples a second").format(number(round(step.rate))))
        if step.seconds_left:
            parts.append(time_left(step.seconds_left))
        self.said.setText(" · ".join(parts))
        if isinstance(step, TrialProgress):
            self.show_points(step.points)
            self.looks.show_sheet(step.looks)
            if step.result:
                self.show_result(step.result)

    def show_stopped(self) -> None:
        """It was stopped, and goes on when it is begun again."""
        self.bar.hide()
        self.said.setText(self.tr("Stopped. It goes on from there when it is begun again with the same settings."))

    def show_failed(self) -> None:
        """It ended in an error, which is said elsewhere."""
        self.clear()

    def show_result(self, result: TrialResult) -> None:
        """What came out."""
        self.bar.hide()
        self.title.setText(self.tr("What {0} taught").format(result.title))
        trained = self.tr("Trained on {0} samples; pictures of {1} px, maps of {2} px")
        self.said.setText(trained.format(number(result.trained_on), number(result.side), number(result.out)))
        self.findings.setText("\n".join(f"•  {sentence}" for sentence in findings(result)))
        self.findings.show()
        self.buttons.show()
        one = result.network("one")
        for made in (self.for_depth, self.for_guesses):
            made.setVisible(one is not None and bool(one.files))
        self._fill(result)

    def _fill(self, result: TrialResult) -> None:
        rows = [
            (name, figure, scores)
            for figure in _FIGURES
            for name, scores in rows_of(result)
            if any(not math.isnan(getattr(one, figure)) for one in scores.values())
        ]
        parts = [name for name in NAMES if any(name in scores for _, _, scores in rows)]
        table = self.table
        table.clear()
        table.setRowCount(len(rows))
        table.setColumnCount(2 + len(parts))
        table.setHorizontalHeaderLabels([self.tr("Figure"), self.tr("Of"), *parts])
        for at, (name, figure, scores) in enumerate(rows):
            cells = [TITLES[figure] if at == 0 or rows[at - 1][1] != figure else "", name]
            values = [getattr(scores[part], figure) if part in scores else math.nan for part in parts]
            cells += ["–" if math.isnan(value) else f"{value:.3f}" for value in values]
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setTextAlignment(LEFT if column < 2 else RIGHT)
                table.setItem(at, column, item)
        for column in range(2, table.columnCount()):
            if head := table.horizontalHeaderItem(column):
                head.setTextAlignment(RIGHT)
        table.resizeColumnsToContents()
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.setFixedHeight((len(rows) + 1) * ROW + 2 * UNIT)
        table.setVisible(bool(rows))
