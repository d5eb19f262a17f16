"""Which depth network: one of the catalogue, or a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget
from typing_extensions import override

from fgbg_studio.core.base.confinement import lacking
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.words import about_bytes
from fgbg_studio.core.networks import consent, model_cache
from fgbg_studio.core.networks.catalogue import CATALOGUE, CatalogueEntry
from fgbg_studio.gui.lib.basics import button, label, vbox
from fgbg_studio.gui.lib.dialogs import ask_file
from fgbg_studio.gui.lib.formatting import capital
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.session.session import Session

_FILE = "\0file"


class NetworkChoice(QWidget):
    """A choice, and the download of what is not on this computer yet.

    It is looked for again whenever this is shown and its window comes to the front: a file may be put in its place by
    hand, or fetched in another place of the window.

    Signals:
        chosen: a name of the catalogue, or the path of a file.
        fetched: the chosen one is on this computer now.
        failed: the `FgbgError` of the download, which is also said here.
    """

    chosen = Signal(str)
    fetched = Signal()
    failed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._settings, self._jobs, self._model = session.settings, session.jobs, ""
        self._trouble, self._missing = "", False
        self.fetch = button(self.tr("Download"), Icon.DOWNLOAD)
        self.fetch.clicked.connect(self._fetch)
        self.combo = QComboBox()
        self.combo.setAccessibleName(self.tr("Depth network"))
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(10)
        self.note = label("", "caption", wrap=True)
        self.combo.activated.connect(lambda row: self._take(str(self.combo.itemData(row))))
        column = vbox(self, UNIT)
        column.addWidget(label(self.tr("Network"), "quiet"))
        column.addWidget(self.combo)
        column.addWidget(self.note)
        column.addWidget(self.fetch, 0, Qt.AlignmentFlag.AlignLeft)

    def show_model(self, model: str | None) -> None:
        """Show which one is set; those at hand come first."""
        if model != self._model:
            self._model, self._trouble = model or "", ""
        names = [name for name, entry in CATALOGUE.items() if entry.gives == "depth"]
        names.sort(key=lambda name: not model_cache.path_of(name).exists())
        if self._model and self._model not in names:
            names.insert(0, self._model)
        self.combo.clear()
        for name in names:
            self.combo.addItem(Path(name).name, name)
        self.combo.addItem(self.tr("A file…"), _FILE)
        self.combo.setCurrentIndex(self.combo.findData(self._model) if self._model else -1)
        entry = CATALOGUE.get(self._model)
        missing = self._missing = entry is not None and not model_cache.path_of(entry.name).exists()
        self.note.setText(self._note_text(entry, missing=missing))
        self.fetch.setVisible(missing and entry is not None and bool(entry.address))

    @override
    def event(self, event: QEvent) -> bool:
        """See the class."""
        if event.type() in {QEvent.Type.Show, QEvent.Type.WindowActivate}:
            self._look_again()
        return super().event(event)

    def _look_again(self) -> None:
        if self._missing and model_cache.path_of(self._model).exists():
            self.show_model(self._model)
            self.fetched.emit()

    def mark(self, wrong: bool) -> None:
        """Show, or no longer, that nothing can be made before another is chosen or this one is here."""
        for part in (self.combo, self.note):
            if part.property("wrong") is not wrong:
                part.setProperty("wrong", wrong)
                part.style().polish(part)

    def choose_file(self) -> None:
        """Ask for a network's file."""
        self._take(_FILE)

    def _note_text(self, entry: CatalogueEntry | None, *, missing: bool) -> str:
        if entry is None:
            return self._of_file() if self._model else self.tr("No network is chosen yet.")
        parts = [capital(entry.note), self.tr("Its licence is {0}").format(entry.licence)]
        parts += [self.tr("It comes from {0}").format(entry.origin)] if entry.origin else []
        if missing and self._trouble:
            return self._trouble
        if missing:
            parts.append(self.tr("It is not on this computer yet"))
            parts += [self.tr("Its size is {0}").format(about_bytes(entry.bytes))] if entry.bytes else []
        return ". ".join(parts) + "."

    def _of_file(self) -> str:
        """Where a file is that is not the catalogue's, and where nothing confines it what it could do."""
        if not lacking():
            return self._model
        return self.tr("{0}. It is not confined here: use files of people whom you trust.").format(self._model)

    def _fetch(self) -> None:
        model, title = self._model, self.tr("downloading {0}").format(self._model)
        self.fetch.setEnabled(False)
        self._trouble = ""
        worker = self._jobs.run(
            title, lambda: fetch(model), done=lambda _: self.fetched.emit(), failed=self._fail, visible=True
        )
        worker.finished.connect(self._end)

    @Slot(object)
    def _fail(self, error: FgbgError) -> None:
        self._trouble = said(error)
        self.failed.emit(error)

    @Slot()
    def _end(self) -> None:
        self.fetch.setEnabled(True)
        self.show_model(self._model)

    def _take(self, model: str) -> None:
        if model == _FILE:
            model = self._ask_file()
        if model:
            consent.remember(model)
        if model and model != self._model:
            self.chosen.emit(model)
        else:
            self.show_model(self._model)

    def _ask_file(self) -> str:
        kinds = self.tr("Networks (*.tflite *.onnx *.keras *.h5);;All files (*)")
        return str(ask_file(self, self._settings, "networks", self.tr("Choose a depth network"), kinds) or "")


def fetch(model: str) -> Iterator[Progress]:
    """Download all files of a network of the catalogue, for a job that is shown and can be stopped; see `download`."""
    from fgbg_studio.core.networks.download import download

    parts = model_cache.files_of(model)
    sizes = [CATALOGUE[part].bytes for part in parts]
    whole, before = sum(filter(None, sizes)) if None not in sizes and len(parts) > 1 else 0, 0
    for part in parts:
        done = 0
        for step in download(part):
            done = step.done
            yield Progress("downloading", before + done, whole or step.total or 0)
        before += done if whole else 0
