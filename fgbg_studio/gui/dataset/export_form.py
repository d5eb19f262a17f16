"""The form of an export: which format, its settings, the folder it goes to, how far it is, stop and continue."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import Signal
from typing_extensions import override

from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.dataset.export_folder import NOTE
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.gui.dataset.job_form import JobForm
from fgbg_studio.gui.dataset.offered_exports import other_exports, takes
from fgbg_studio.gui.lib.basics import button, label, vbox
from fgbg_studio.gui.lib.formatting import broken
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.strategy_form import StrategyForm
from fgbg_studio.gui.lib.theme import UNIT

_MOST_NOTE = 64 << 20  # bytes


class ExportForm(JobForm):
    """See the module; the work is somebody else's.

    Signals:
        folder_wanted: a folder is to be asked for.
        begun: (`Export`, folder) to write.
    """

    folder_wanted = Signal()
    begun = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.bar.setAccessibleName(self.tr("Progress of the export"))
        self.form = StrategyForm(Export, lambda member: not member.is_card)
        self.export: Export | None = None
        self.folder: Path | None = None
        self._contents: Contents | None = None
        self.place = label("", "caption", wrap=True)
        self.choose = button(self.tr("Choose folder…"), Icon.FOLDER)
        column = vbox(self, 2 * UNIT)
        for part in (self.form, self.place, self.choose, *self.parts):
            column.addWidget(part)
        self.form.changed.connect(self._take)
        self.choose.clicked.connect(self.folder_wanted)
        self.begin.clicked.connect(self._begin)
        names = list(other_exports())
        if names:
            self.show_export(names[0])
        self.show_ended("")

    def open(self, contents: Contents | None) -> None:
        """Be about this dataset, or none."""
        self._contents, self.folder = contents, None
        self.said.hide()
        self._show()

    def show_export(self, name: str) -> None:
        """Choose a format, with the settings that it has by itself."""
        if self.export is None or self.export.name != name:
            self._take(other_exports()[name]())
            assert self.export
            self.form.show_strategy(self.export)

    def show_folder(self, folder: Path) -> None:
        """The folder that it goes to."""
        self.folder = folder
        self.said.hide()
        self._show()

    def _take(self, export: Export) -> None:
        self.export = export
        self._show()

    @property
    def target(self) -> Path | None:
        """The folder that was chosen, or the dataset's own where the export belongs there."""
        if self.export is None or not self.export.in_place or self._contents is None:
            return self.folder
        path = self._contents.path
        return path if path.is_dir() else path.parent

    def _begin(self) -> None:
        if self.export and self.target and not self._running:
            self.begun.emit(self.export, self.target)
        elif not self._running:
            self.folder_wanted.emit()

    @override
    def _show(self) -> None:
        super()._show()
        there = self.export is not None and takes(type(self.export), self._contents)
        target, own = self.target, self.export is not None and self.export.in_place
        self.place.setText(broken(str(target)) if target else self.tr("It goes to a folder of its own."))
        self.choose.setHidden(own)
        self.begin.setText(self.tr("Continue") if self._begun_before() else self.tr("Export"))
        for part in (self.form, self.choose):
            part.setEnabled(there and not self._running)
        self.form.choice.setEnabled(self._contents is not None and not self._running)
        self.form.setEnabled(self._contents is not None and not self._running)
        self.begin.setEnabled(there and not self._running and target is not None)

    def _begun_before(self) -> bool:
        """Whether the folder holds an export that was stopped, with these very settings."""
        if self.folder is None or self.export is None or self.export.in_place:
            return False
        try:
            note = json.loads(read_file(self.folder / NOTE, _MOST_NOTE))
            return note["complete"] is False and note["export"] == self.export.to_dict()
        except (OSError, ValueError, KeyError, TypeError):
            return False
