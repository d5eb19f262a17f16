"""Mean and σ of what is trained with: measured on the files, shown, and copied as lines for a library."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QComboBox, QWidget

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.normalisation import LIBRARIES, Normalisation, normalise
from fgbg_studio.core.dataset.split_files import NAMES, NONE
from fgbg_studio.gui.dataset.jobs import last_of, with_totals
from fgbg_studio.gui.dataset.splitting import KeptSplits
from fgbg_studio.gui.lib.basics import action_button, label, vbox
from fgbg_studio.gui.lib.facts import Facts
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session

_NOT_YET = "–"
_TITLES = {"torchvision": "torchvision v2", "albumentations": "Albumentations", "keras": "Keras"}


class TrainingLinesView(QWidget):
    """The figures, the choice of a library, and the two buttons."""

    def __init__(self, actions: dict[str, QAction]) -> None:
        super().__init__()
        self.splits, self.figures = label("", "quiet", wrap=True), Facts()
        self.library = QComboBox()
        self.library.setAccessibleName(self.tr("Library whose lines are copied"))
        for name in LIBRARIES:
            self.library.addItem(_TITLES[name], name)
        column = vbox(self, 2 * UNIT)
        column.addWidget(self.splits)
        column.addWidget(action_button(actions["dataset.splits"]))
        column.addWidget(self.figures)
        column.addWidget(action_button(actions["dataset.normalise"]))
        column.addWidget(self.library)
        column.addWidget(action_button(actions["dataset.copy_lines"]))

    def show_figures(self, found: Normalisation | None, said: str = "") -> None:
        """The figures; ``said`` stands for of what they are. The lines are there always, so that nothing moves."""
        of, mean, std, depth = said or _NOT_YET, _NOT_YET, _NOT_YET, _NOT_YET
        if found:
            mean, std = (" ".join(f"{one:.4f}" for one in values) for values in found.image[:2])
            part = self.tr("all samples") if found.split == "all" else found.split
            of = self.tr("{0} samples ({1})").format(number(found.samples), part)
            unit = f" {found.unit}" if found.unit else ""
            depth = f"{found.depth.mean[0]:.3f}{unit}, σ {found.depth.std[0]:.3f}{unit}" if found.depth else _NOT_YET
        titles = self.tr("Measured"), self.tr("Mean"), "σ", self.tr("Depth")
        self.figures.show_facts(list(zip(titles, (of, mean, std, depth), strict=True)))

    def show_splits(self, known: KeptSplits | None) -> None:
        """How the dataset is split, or what a split at random would leak."""
        if known is None or known.splits is None:
            text = f"{known.leak}." if known and known.leak else self.tr("This dataset is not split.")
        else:
            counts = known.splits.counts
            words = self.tr("Split: {0} samples to train with, {1} to judge by")
            judged = sum(counts[name] for name in NAMES[1:])
            text = words.format(number(counts[NAMES[0]]), number(judged))
            if counts[NONE]:
                text = self.tr("{0}, {1} in none").format(text, number(counts[NONE]))
        self.splits.setText(text)


class TrainingLines(QObject):
    """See the module.

    Signals:
        changed: other figures are known, or they are being measured.
        copied: what was copied, in words.
    """

    changed = Signal()
    copied = Signal(str)

    def __init__(self, session: Session, view: TrainingLinesView, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self.view, self._notices = session, view, notices
        self._contents: Contents | None = None
        self.found: Normalisation | None = None
        self.worker: Worker | None = None

    def open(self, contents: Contents | None) -> None:
        """Be about this dataset, or none."""
        if self.worker:
            self.worker.cancel()
        self._contents, self.found, self.worker = contents, None, None
        self.view.show_splits(None)
        self._show()

    @Slot(object)
    def take_known(self, known: KeptSplits) -> None:
        """What is kept in the dataset, also after it was split anew."""
        if self.worker:
            self.worker.cancel()  # it measures what was trained with before
        self.found = known.normalisation
        self.view.show_splits(known)
        self._show()

    def measure(self) -> None:
        """Read the files of what is trained with, on a worker."""
        contents = self._contents
        if contents is None or self.worker:
            return
        self.worker = self._session.jobs.run(
            self.tr("measuring what is trained with"),
            lambda: last_of(with_totals(normalise(contents.path)), Normalisation),
            visible=True,
            done=partial(self._take, contents),
            failed=self._notices.error,
            progress=self._tell,
        )
        self.worker.finished.connect(self._ended)
        self.changed.emit()

    def _tell(self, step: Progress) -> None:
        if self.worker and not self.worker.cancelled:
            self.view.show_figures(None, self.tr("{0} of {1}").format(number(step.done), number(step.total)))

    def _take(self, contents: Contents, found: Normalisation) -> None:
        if contents is self._contents:
            self.found = found

    @Slot(object)
    def _ended(self, worker: Worker) -> None:
        if worker is self.worker:
            self.worker = None
            self._show()

    def _show(self) -> None:
        self.view.show_figures(self.found)
        self.changed.emit()

    def copy(self) -> None:
        """Copy the lines of the chosen library."""
        if self.found:
            library = str(self.view.library.currentData())
            QGuiApplication.clipboard().setText(f"{self.found.lines(library)}\n")
            self.copied.emit(self.tr("Copied the lines for {0}").format(_TITLES[library]))
