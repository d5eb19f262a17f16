"""What of the place Generate is about clusters: where a run goes, whether it can, and what became of it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.dataset.run import Options
from fgbg_studio.core.dataset.sent import SentRun
from fgbg_studio.gui.generate.cluster_form import ClusterForm
from fgbg_studio.gui.generate.cluster_run import ClusterRun, SentState
from fgbg_studio.gui.generate.cluster_strip import ClusterStrip
from fgbg_studio.gui.generate.notifier import Notifier
from fgbg_studio.gui.session.clusters import Cluster
from fgbg_studio.gui.session.run_options import RunOptions
from fgbg_studio.gui.session.session import Session


class Sending(QObject):
    """See the module; ``run`` is what was sent, ``strip`` says how far it is.

    Signals:
        changed: what can be done is another thing.
        turned: what was sent is at work, has ended, is finished, or is forgotten.
        again_wanted: what was sent is to be sent once more.
    """

    changed = Signal()
    turned = Signal()
    again_wanted = Signal()

    def __init__(self, session: Session, form: ClusterForm, notifier: Notifier, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._form, self._notifier = session, form, notifier
        self.run = ClusterRun(session, self)
        self.strip = ClusterStrip(self.run)
        self._before = self.run.state
        self.run.changed.connect(self._follow)
        self.strip.again.clicked.connect(self.again_wanted)
        self.strip.open.clicked.connect(self._open)

    @property
    def cluster(self) -> Cluster | None:
        """The one that is to make it; None for this computer."""
        return self._form.cluster

    @property
    def sent(self) -> bool:
        """Whether a cluster is to make it, and one is at work already."""
        return self.cluster is not None and self.run.state.alive

    def refusal(self) -> str:
        """Why nothing can be sent, as far as that is known here; empty where it can, or is made on this computer."""
        try:
            if self.cluster:
                self.cluster.check()
        except FgbgError as error:
            return self.tr("It can't be sent: {0}.").format(error.problem)
        return ""

    def place(self, choices: RunOptions) -> str:
        """Where it is made, in words."""
        return self.cluster.place(choices.out.name) if self.cluster else choices.out.name

    def aimed(self, choices: RunOptions) -> RunOptions:
        """The choices with the folder that the dataset gets: a cluster's, where this computer has it, too."""
        if self.cluster is None:
            return choices
        folder = SentRun(self.place(choices), {}).folder if self.cluster.address else None
        # What is at an address is found out when it is sent; until then nothing is taken to be there.
        return replace(choices, out=folder or choices.out.with_name(f".{choices.out.name}-elsewhere"))

    def send(self, choices: RunOptions, overridden: tuple[str, ...], *, again: bool = False) -> None:
        """Send the saved project, to where it is to be made or, ``again``, to where it was sent."""
        to, sent = self.run.to, replace(self.run.sent, jobs=())
        if not again:
            assert self.cluster
            to, sent = self.cluster.name, SentRun(self.place(choices), self.cluster.engine)
        self.run.send(self._session.folder, to, sent, Options(limit=choices.limit, overridden=overridden))

    @Slot()
    def _open(self) -> None:
        self._session.dataset_wanted.emit(self.run.sent.folder or self.run.sent.where)

    @Slot()
    def _follow(self) -> None:
        state, before = self.run.state, self._before
        self._before = state
        self.changed.emit()
        if state is before:
            return
        if state is SentState.FINISHED and (folder := self.run.sent.folder):
            self._session.dataset_made.emit(folder)
        if state in {SentState.FINISHED, SentState.ENDED}:
            text = f"{self._session.project.name}: {self.strip.figures.text()}"
            self._notifier.tell(self.strip.heading.text(), text)
        self.turned.emit()
