"""The inspector of the place Generate: what is made, in words, and what may be chosen for a run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from fgbg_studio.core.base.cores import allowed_cores
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.dataset.check import NO_NETWORK
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.interfaces.writer import Writer
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.generate.cluster_form import ClusterForm
from fgbg_studio.gui.lib.basics import action_button, hbox, label, tool_button, vbox
from fgbg_studio.gui.lib.facts import Facts
from fgbg_studio.gui.lib.formatting import excluded_samples, factors, settings_facts
from fgbg_studio.gui.lib.inspector import Inspector
from fgbg_studio.gui.lib.strategy_form import StrategyForm
from fgbg_studio.gui.lib.theme import UNIT, tabular
from fgbg_studio.gui.lib.typed import keeping_typed
from fgbg_studio.gui.session.network_choice import NetworkChoice
from fgbg_studio.gui.session.run_options import RunOptions
from fgbg_studio.gui.session.session import Session

MOST = 100_000_000
"""Samples, as a limit."""

_SHOWN_FACTS = (0, 1, 4)  # of the settings in words: frame, placement, formats


class RunForm(QObject):
    """Fills the inspector.

    Signals:
        depth_changed: a `Depth` way; ``writer_changed`` a `Writer`; ``model_changed`` a network's name or path.
        limit_changed: samples, or None for all; ``workers_changed`` likewise.
    """

    depth_changed = Signal(object)
    writer_changed = Signal(object)
    model_changed = Signal(str)
    limit_changed = Signal(object)
    workers_changed = Signal(object)

    def __init__(
        self,
        inspector: Inspector,
        choose: QAction,
        beside: QAction,
        session: Session,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.facts, self.folder = Facts(), label()
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.limit, self.workers = _number(MOST), _number(max(allowed_cores(), 2) * 4)
        self.depth, self.writer, self.network = StrategyForm(Depth), StrategyForm(Writer), NetworkChoice(session)
        self.cluster = ClusterForm(session.settings)
        self._parts: list[QWidget] = []
        inspector.group(self.tr("Runs on")).addWidget(self.cluster)
        inspector.group(self.tr("Output folder")).addLayout(self._folder_row(choose, beside))
        run = inspector.group(self.tr("This run"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * UNIT)
        grid.setVerticalSpacing(2 * UNIT)
        grid.setColumnStretch(1, 1)
        run.addLayout(grid)
        for row, (title, box, tip) in enumerate(
            (
                (self.tr("Samples"), self.limit, self.tr("How many to make; a smaller number is spread evenly")),
                (self.tr("Processes"), self.workers, self.tr("How many processes run at the same time")),
            )
        ):
            box.setAccessibleName(title)
            box.setToolTip(tip)
            grid.addWidget(label(title, "quiet"), row, 0)
            grid.addWidget(box, row, 1)
        depth = inspector.group(self.tr("Depth"))
        depth.addWidget(self.depth)
        depth.addWidget(self.network)
        inspector.group(self.tr("Writer")).addWidget(self.writer)
        inspector.group(self.tr("Dataset")).addWidget(self.facts)
        self._parts += [self.cluster, self.limit, self.workers, self.depth, self.writer, self.network]
        self._connect()

    def _connect(self) -> None:
        self.depth.changed.connect(self.depth_changed)
        self.writer.changed.connect(self.writer_changed)
        self.network.chosen.connect(self.model_changed)
        self.limit.valueChanged.connect(lambda value: self.limit_changed.emit(value or None))
        self.workers.valueChanged.connect(lambda value: self.workers_changed.emit(value or None))

    def _folder_row(self, choose: QAction, beside: QAction) -> QVBoxLayout:
        column = vbox(spacing=2 * UNIT)
        column.addWidget(self.folder)
        self.where = label("", "caption", wrap=True)
        column.addWidget(self.where)
        row = hbox(spacing=2 * UNIT)
        row.addWidget(action_button(choose))
        row.addWidget(tool_button(beside))
        row.addStretch(1)
        column.addLayout(row)
        return column

    def show_project(self, project: Project) -> None:
        """Show the project's settings."""
        self.depth.show_strategy(project.settings.depth.way)
        self.writer.show_strategy(project.settings.writer)
        self.network.setVisible(project.settings.depth.way.needs_network)
        self.network.show_model(project.settings.depth.model)
        # Depth and files have forms of their own above.
        words = [fact for number, fact in enumerate(settings_facts(project.settings)) if number in _SHOWN_FACTS]
        layout = (self.tr("Layout"), f"{project.settings.layout.name}: {project.settings.layout.summary}")
        self.facts.show_facts([(self.tr("Preset"), project.preset), layout, *words])
        total = factors(project).samples - excluded_samples(project)
        every = self.tr("all {0}").format(f"{total:,}") if total else self.tr("all")
        cores = self.tr("one per core ({0})").format(allowed_cores())
        for box, none in ((self.limit, every), (self.workers, cores)):
            with keeping_typed(box):
                box.setSpecialValueText(none)

    def show_choices(self, choices: RunOptions) -> None:
        """Show what the run may choose."""
        self.folder.setText(_elided(self.folder, choices.out.name))
        self.folder.setToolTip(str(choices.out))
        cluster = self.cluster.cluster
        if cluster is None:
            self.where.setText(self.tr("in {0}").format(_short(choices.out.parent)))
        else:
            self.folder.setToolTip(cluster.place(choices.out.name))
            self.where.setText(self.tr("on {0}, in {1}").format(cluster.name, cluster.address or "…"))
        for box, value in ((self.limit, choices.limit), (self.workers, choices.workers)):
            with keeping_typed(box):
                box.setValue(value or 0)

    def mark(self, obstacle: Issue | None) -> None:
        """Show at which field it is that nothing can be generated."""
        self.network.mark(obstacle is not None and obstacle.code == NO_NETWORK)

    def set_enabled(self, enabled: bool) -> None:
        """While a run is on, what it was started with stays."""
        for part in self._parts:
            part.setEnabled(enabled)
        self.workers.setEnabled(enabled and self.cluster.cluster is None)  # a cluster has its own setting for them


def _number(most: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(0, most)
    box.setGroupSeparatorShown(True)
    box.setKeyboardTracking(False)
    box.setMinimumHeight(28)
    box.setFont(tabular(box.font()))
    return box


def _elided(line: QLabel, text: str) -> str:
    return line.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 260)


def _short(folder: Path) -> str:
    """The folder with ~ for the home folder."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)
