"""What is offered where a guess needs a network that is not there: it is downloaded, or its file chosen."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.words import about_bytes
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.gui.foregrounds.assistance import OFFERED, CutAssistance
from fgbg_studio.gui.lib.dialogs import ask_file
from fgbg_studio.gui.lib.notices import Choice, Notices
from fgbg_studio.gui.session.session import Session


class GuessOffers(QObject):
    """Says why a guess failed, with what can be done."""

    def __init__(self, session: Session, assistance: CutAssistance, notices: Notices, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._assistance, self._notices, self._window = session, assistance, notices, window
        assistance.guess_failed.connect(self._offer)

    def _offer(self, error: FgbgError) -> None:
        choices: list[Choice] = [(self.tr("Choose a file…"), self._choose_network)]
        if not model_cache.path_of(OFFERED).exists():
            entry = CATALOGUE[OFFERED]
            text = self.tr("Download ({0}, {1})").format(about_bytes(entry.bytes or 0), entry.licence)
            choices.insert(0, (text, self._assistance.fetch_and_guess))
        self._notices.error(error, choices, key="cut")

    def _choose_network(self) -> None:
        kinds = self.tr("Networks (*.tflite *.onnx *.keras *.h5)")
        title = self.tr("Choose a network that finds objects")
        file = ask_file(self._window, self._session.settings, "networks", title, kinds)
        if file:
            self._assistance.guess(str(file))
