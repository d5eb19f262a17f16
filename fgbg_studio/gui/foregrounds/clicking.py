"""Networks that answer to clicks: which one, looking at photos ahead, offered where there is none."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.base.errors import FgbgError, NetworkError
from fgbg_studio.core.base.words import about_bytes
from fgbg_studio.core.cutting.seeds import Click, Point, Seeds
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.networks import consent, model_cache
from fgbg_studio.core.networks.catalogue import PROMPTED
from fgbg_studio.gui.foregrounds.canvas import MaskCanvas
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.lib.dialogs import ask_file
from fgbg_studio.gui.lib.notices import Choice, Notices
from fgbg_studio.gui.session.network_choice import fetch
from fgbg_studio.gui.session.session import Session

_NETWORK = "foregrounds/click-network"
_OFFERED = "slimsam", "mobile-sam"


class Clicking(QObject):
    """Keeps the canvas's clicks in step with the networks that there are.

    Args:
        session: whose settings remember the network that was chosen.
        canvas: that is clicked on.
        notices: where a network is offered.
        window: above it the dialog appears.
    """

    def __init__(self, session: Session, canvas: MaskCanvas, notices: Notices, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._canvas, self._notices, self._window = session, canvas, notices, window
        self._ready: tuple[CutDocument | None, str] | None = None  # for what it was made ready last
        canvas.clicks.lacking.connect(self._miss)
        canvas.clicks.rested.connect(self._preview)

    def get_ready(self) -> None:
        """Let the network look at the photo that is open, where clicking is in the hand."""
        document, clicks = self._canvas.document, self._canvas.clicks
        if self._canvas.tool is not Tool.CLICK:
            clicks.leave()
            self._ready = None
            return
        clicks.network = self._network()
        if self._ready == (document, clicks.network):
            return
        self._ready = document, clicks.network
        if not clicks.network:
            self._miss()
        elif document:
            document.look_ahead(Click(point=(0, 0), object=True, network=clicks.network), self._fail)

    def _network(self) -> str:
        chosen = str(self._session.settings.value(_NETWORK, ""))
        there = model_cache.is_here(chosen) if chosen in PROMPTED else bool(chosen) and Path(chosen).exists()
        return chosen if there else model_cache.installed_prompted() or ""

    def _preview(self, place: Point) -> None:
        document = self._canvas.document
        if document is None or document.cutting:
            return
        click = Click(point=place, object=self._canvas.means_object, network=self._canvas.clicks.network)
        document.preview((*document.work.seeds, click), partial(self._show, document, place))

    def _show(self, document: CutDocument, place: Point, result: tuple[Seeds, Region | None]) -> None:
        if document is self._canvas.document and result[0][:-1] == document.work.seeds:
            self._canvas.clicks.show_preview(place, result[1])

    # Where there is none

    def _miss(self) -> None:
        self._offer(
            NetworkError(
                "Clicking needs a network that answers to clicks, and there is none on this computer yet",
                "Download one once, or choose files that you have",
            )
        )

    def _fail(self, error: FgbgError) -> None:
        self._offer(error)

    def _offer(self, error: FgbgError) -> None:
        choices: list[Choice] = [
            (self._download_text(name), partial(self._fetch, name))
            for name in _OFFERED
            if not model_cache.is_here(name)
        ]
        self._notices.error(error, [*choices, (self.tr("Choose a file…"), self._choose)], key="click")

    def _download_text(self, name: str) -> str:
        entry = PROMPTED[name]
        return self.tr("Download {0} ({1}, {2})").format(name, about_bytes(entry.bytes or 0), entry.licence)

    def _fetch(self, name: str) -> None:
        self._session.jobs.run(
            self.tr("downloading {0}").format(name), lambda: fetch(name), done=lambda _: self._take(name),
            failed=self._fail, visible=True,
        )  # fmt: skip

    def _choose(self) -> None:
        kinds = self.tr("Networks (*.onnx *.tflite *.zip)")
        title = self.tr("Choose a network that answers to clicks, or one of its two files")
        file = ask_file(self._window, self._session.settings, "networks", title, kinds)
        if file:
            self._take(str(chosen_network(file)))

    def _take(self, network: str) -> None:
        """Use a network from now on, if it is one that answers."""

        def work() -> str:
            from fgbg_studio.core.cutting.segmenters.clicks import opened

            opened(network)
            return network

        consent.remember(network)
        self._session.jobs.run(self.tr("opening the network"), work, done=self._use, failed=self._fail)

    def _use(self, network: str) -> None:
        self._session.settings.set_value(_NETWORK, network)
        self._notices.clear("click")
        self.get_ready()


def chosen_network(file: Path) -> Path:
    """What a file that was chosen stands for: the folder, where it is one of the two files of an export."""
    halves = [one for one in ("encoder", "decoder") if one in file.name.lower()]
    return file.parent if halves and file.suffix.lower() != ".zip" else file
