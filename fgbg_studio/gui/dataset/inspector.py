"""The inspector of the place Dataset: the dataset, what verifying found, the sample, figures and card to take away."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from fgbg_studio.core.base.mirrors import address_of, is_mirrored
from fgbg_studio.core.dataset.figures import Reports
from fgbg_studio.core.dataset.inspect.contents import Contents, Triple
from fgbg_studio.gui.dataset.export_form import ExportForm
from fgbg_studio.gui.dataset.issues_view import FaultsView
from fgbg_studio.gui.dataset.split_view import SplitView
from fgbg_studio.gui.dataset.training_lines import TrainingLinesView
from fgbg_studio.gui.dataset.trial_form import TrialForm
from fgbg_studio.gui.dataset.wording import dataset_facts, kind_title
from fgbg_studio.gui.lib.basics import action_button, hbox, label, vbox
from fgbg_studio.gui.lib.facts import Facts
from fgbg_studio.gui.lib.formatting import broken
from fgbg_studio.gui.lib.inspector import Inspector
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.lib.window_settings import WindowSettings

_CONFIRMED = 2500  # milliseconds that a confirmation stays


class DatasetInspector(QObject):
    """Fills a place's inspector."""

    def __init__(
        self, inspector: Inspector, actions: dict[str, QAction], settings: WindowSettings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.title, self.path, self.facts = label("", "heading", wrap=True), label("", "caption", wrap=True), Facts()
        self.splits, self.lines, self.export = SplitView(actions), TrainingLinesView(actions), ExportForm()
        self.trial = TrialForm(settings)
        self.faults = FaultsView(actions["dataset.repair"], actions["dataset.faults"])
        self.sample, self.sample_facts = QWidget(), Facts()
        self.sample_title = label("", "quiet", wrap=True)
        self._ours: list[QWidget] = []
        self.kind, self.copied = QComboBox(), label("", "caption", wrap=True)
        self.kind.setAccessibleName(self.tr("Kind whose mean and σ are copied"))
        self._forget = QTimer(self, singleShot=True, interval=_CONFIRMED)
        self._forget.timeout.connect(self.copied.hide)
        self._fill(inspector, actions)
        inspector.set_primary(actions["dataset.verify"])

    def _fill(self, inspector: Inspector, act: dict[str, QAction]) -> None:
        top = vbox(spacing=2 * UNIT)
        top.addWidget(self.title)
        top.addWidget(self.path)
        top.addWidget(self.facts)
        top.addLayout(_row(act["dataset.open"], act["dataset.show_folder"]))
        inspector.body.addLayout(top)
        inspector.body.addWidget(self.splits)
        self.splits.hide()
        inspector.group(self.tr("Verified")).addWidget(self.faults)
        column = vbox(self.sample, 2 * UNIT)
        column.addWidget(label(self.tr("Sample"), "heading"))
        column.addWidget(self.sample_title)
        column.addWidget(self.sample_facts)
        self._ours = [action_button(act["dataset.make_again"]), action_button(act["dataset.mend"])]
        for part in self._ours:
            column.addWidget(part)
        inspector.body.addWidget(self.sample)
        figures = inspector.group(self.tr("For a training script"))
        figures.addWidget(self.lines)
        figures.addWidget(label(self.tr("Of all samples"), "caption"))
        figures.addWidget(self.kind)
        figures.addWidget(action_button(act["dataset.copy"]))
        figures.addWidget(self.copied)
        self.copied.hide()
        card = QWidget()
        inside = vbox(card, 2 * UNIT)
        inside.addWidget(label(self.tr("Card"), "heading"))
        inside.addWidget(action_button(act["dataset.export_card"]))
        inspector.body.addWidget(card)
        self._ours.append(card)
        self.completion = QWidget()
        self.completing = vbox(self.completion, 2 * UNIT)
        self.completing.addWidget(label(self.tr("What is missing"), "heading"))
        inspector.body.addWidget(self.completion)
        self._add_trial(inspector, act["dataset.try"])
        inspector.group(self.tr("Other formats")).addWidget(self.export)

    def _add_trial(self, inspector: Inspector, action: QAction) -> None:
        """A trial is begun where the dataset is exported: either puts it to use."""
        self.trying, self.way_in = QWidget(), QWidget()
        column, inside = vbox(self.trying, 2 * UNIT), vbox(self.way_in, 2 * UNIT)
        column.addWidget(label(self.tr("Does it teach?"), "heading"))
        inside.addWidget(label(self.tr("A small network is trained on it, in minutes."), "caption", wrap=True))
        inside.addWidget(action_button(action))
        column.addWidget(self.way_in)
        column.addWidget(self.trial)
        self.trial.hide()
        inspector.body.addWidget(self.trying)

    def show_trial(self, on: bool) -> None:
        """What a trial is to be like, or the way to it."""
        self.trial.setVisible(on)
        self.way_in.setHidden(on)

    def show_contents(self, contents: Contents) -> None:
        """Name, place and facts of a dataset."""
        self.title.setText(contents.title)
        far = is_mirrored(contents.path)
        self.path.setText(broken(address_of(contents.path) if far else contents.path))
        self.facts.show_facts(dataset_facts(contents))
        self.completion.setVisible(contents.adoption is not None)
        for part in self._ours:
            part.setVisible(contents.dataset is not None and contents.path.is_dir() and not far)

    def show_reports(self, reports: Reports) -> None:
        """The kinds whose figures are known; composites first."""
        chosen = str(self.kind.currentData() or "fg_bg")
        self.kind.clear()
        for kind in reports:
            self.kind.addItem(kind_title(kind), kind)
        self.kind.setCurrentIndex(max(self.kind.findData(chosen), 0))

    def show_sample(self, triple: Triple | None) -> None:
        """Facts of one sample, or none."""
        self.sample.setVisible(triple is not None)
        if triple is not None:
            self.sample_title.setText(triple.name)
            self.sample_facts.show_facts(list(triple.facts))

    def confirm(self, text: str) -> None:
        """Say quietly what is on the clipboard."""
        self.copied.setText(text)
        self.copied.show()
        self._forget.start()


def _row(*actions: QAction) -> QHBoxLayout:
    row = hbox(spacing=2 * UNIT)
    for action in actions:
        made = action_button(action)
        made.setIcon(QIcon())  # two with icons are wider than the inspector beside its scroll bar
        row.addWidget(made, 1)
    return row
