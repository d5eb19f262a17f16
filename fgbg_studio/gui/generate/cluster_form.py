"""Where a run is made: on this computer or on a cluster, and what is known of that."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.interfaces.engine import Engine
from fgbg_studio.gui.lib.basics import button, label, vbox
from fgbg_studio.gui.lib.form import refusal
from fgbg_studio.gui.lib.formatting import capital
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.manners import manners
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.section import Section
from fgbg_studio.gui.lib.strategy_form import StrategyForm
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.lib.typed import keeping_typed
from fgbg_studio.gui.lib.window_settings import WindowSettings
from fgbg_studio.gui.session.clusters import Cluster, keep, known

_NEW = "\0new"


class ClusterForm(QWidget):
    """A choice, and the settings of the cluster that is chosen, which are kept as they are changed.

    Signals:
        chosen: the name of a cluster, empty for this computer.
        changed: what is known of the chosen one is another thing.
    """

    chosen = Signal(str)
    changed = Signal()

    def __init__(self, settings: WindowSettings) -> None:
        super().__init__()
        self._settings = settings
        self._clusters = known(settings)
        self._name = ""
        self.combo = QComboBox()
        self.combo.setAccessibleName(self.tr("Runs on"))
        self.combo.setToolTip(self.tr("Which computers make the samples"))
        self.combo.activated.connect(lambda row: self._choose(str(self.combo.itemData(row))))
        self.name, self.address = QLineEdit(), QLineEdit()
        self.engine = StrategyForm(Engine, lambda member: bool(member.leaves))
        self.trouble = refusal()
        self.remove = button(self.tr("Remove this cluster"), Icon.REMOVE, "flat")
        self.details = Section(self.tr("About the cluster"), "generate/cluster", settings, unfolded=False)
        self._lay_out()
        self.name.editingFinished.connect(self._rename)
        self.address.editingFinished.connect(self._take_address)
        self.engine.changed.connect(lambda engine: self._update(engine=engine.to_dict()))
        self.remove.clicked.connect(self._remove)
        self.show_chosen("")

    def _lay_out(self) -> None:
        whole, column = vbox(self, 2 * UNIT), self.details.column
        whole.addWidget(self.combo)
        whole.addWidget(self.details)
        for title, edit, tip in (
            (self.tr("Name"), self.name, self.tr("What you call the cluster")),
            (
                self.tr("Folder or address"),
                self.address,
                self.tr("In which its datasets are: a folder that it shares with this computer, or s3://bucket/folder"),
            ),
        ):
            edit.setAccessibleName(title)
            edit.setToolTip(tip)
            column.addWidget(label(title, "quiet"))
            column.addWidget(edit)
        self.address.setPlaceholderText(self.tr("/shared/datasets, s3://bucket/datasets"))
        column.addWidget(self.trouble)
        secrets = self.tr("No password is kept: the cluster's and the storage's own programs know who you are.")
        column.addWidget(label(secrets, "caption", wrap=True))
        column.addSpacing(UNIT)
        column.addWidget(label(self.tr("Engine"), "quiet"))
        column.addWidget(self.engine)
        column.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def cluster(self) -> Cluster | None:
        """The chosen one; None for this computer."""
        return next((one for one in self._clusters if one.name == self._name), None)

    def show_chosen(self, name: str) -> None:
        """Show which one is chosen; one that is not known any more is this computer."""
        self._name = name if any(one.name == name for one in self._clusters) else ""
        self.combo.clear()
        self.combo.addItem(self.tr("This computer"), "")
        for one in self._clusters:
            self.combo.addItem(one.name, one.name)
        self.combo.addItem(self.tr("Add a cluster…"), _NEW)
        self.combo.setCurrentIndex(self.combo.findData(self._name))
        cluster = self.cluster
        self.details.setVisible(cluster is not None)
        if cluster is None:
            return
        for edit, text in ((self.name, cluster.name), (self.address, cluster.address)):
            with keeping_typed(edit):
                edit.setText(text)
        self.engine.show_strategy(Engine.from_dict(dict(cluster.engine)))
        refused = self._refused(cluster) if cluster.address else ""
        self.trouble.setText(refused)
        self.trouble.setVisible(bool(refused))

    @staticmethod
    def _refused(cluster: Cluster) -> str:
        try:
            cluster.check()
        except UsageError as error:
            return capital(said(error))
        return ""

    def _choose(self, name: str) -> None:
        if name == _NEW:
            taken, number = {one.name for one in self._clusters}, 1
            while (name := self.tr("Cluster {0}").format(number)) in taken:
                number += 1
            self._keep([*self._clusters, Cluster(name, engine=_first_engine().to_dict())])
            self.show_chosen(name)
            self.details.header.setChecked(True)
            manners.hand(self.address)
        self.show_chosen(name)
        self.chosen.emit(name)

    def _rename(self) -> None:
        name = self.name.text().strip()
        if name and name not in {one.name for one in self._clusters}:
            self._update(name=name)
            self._name = name
            self.show_chosen(name)
            self.chosen.emit(name)
        else:
            self.show_chosen(self._name)

    def _take_address(self) -> None:
        self._update(address=self.address.text().strip())

    def _update(self, **changes: object) -> None:
        before = self.cluster
        if before is None:
            return
        after = replace(before, **changes)  # type: ignore[arg-type]
        if after != before:
            self._keep([after if one is before else one for one in self._clusters])
            self.show_chosen(after.name)
            self.changed.emit()

    def _remove(self) -> None:
        self._keep([one for one in self._clusters if one.name != self._name])
        self.show_chosen("")
        self.chosen.emit("")

    def _keep(self, clusters: list[Cluster]) -> None:
        self._clusters = clusters
        keep(self._settings, clusters)


def _first_engine() -> Engine:
    return Engine.from_dict(next(name for name, member in Engine.known().items() if member.leaves))
