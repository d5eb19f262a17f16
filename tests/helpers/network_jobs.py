"""Work of the window that a network does, or that brings one: see `tests.helpers.window_jobs`."""

from __future__ import annotations

import dataclasses
import hashlib
import http.server
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar
from unittest import mock

import numpy as np
from typing_extensions import override

from fgbg_studio.core.cutting.work import load_work
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.foregrounds.panel import ForegroundsPanel
from fgbg_studio.gui.preview.panel import PreviewPanel
from tests.conftest import MakeProject, write_picture
from tests.helpers import tiny_onnx
from tests.helpers.datasets import small
from tests.helpers.window_jobs import WindowJob, panel_of

_PIECE, _REST = 64 << 10, 0.01  # bytes, and seconds after each


@contextmanager
def published(name: str, data: bytes, address: str) -> Iterator[None]:
    """These bytes in the place of a network of the catalogue."""
    about = {"address": address, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    with mock.patch.dict(CATALOGUE, {name: dataclasses.replace(CATALOGUE[name], **about)}):
        yield


@contextmanager
def slow_server(data: bytes) -> Iterator[str]:
    """The address of a server of this machine that gives these bytes slowly, from where it is asked to."""

    class Slow(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            begin = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
            self.send_response(206 if begin else 200)
            self.send_header("Content-Length", str(len(data) - begin))
            self.end_headers()
            with suppress(OSError):  # whoever asked has gone
                for start in range(begin, len(data), _PIECE):
                    self.wfile.write(data[start : start + _PIECE])
                    time.sleep(_REST)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/net.onnx"
        server.shutdown()
        thread.join()


class Guess(WindowJob):
    """First guesses at photos, by a network that sees what is bright."""

    entry: ClassVar[str] = "u2netp"

    @override
    @contextmanager
    def around(self, folder: Path) -> Iterator[None]:
        folder.mkdir()
        weights = np.full((1, 3, 1, 1), 1 / 3, np.float32)
        self.data = tiny_onnx.write(folder / "net.onnx", weights, (1, 3, 320, 320)).read_bytes()
        with published(self.entry, self.data, "http://127.0.0.1:9/net.onnx"):
            yield

    @override
    def lay_out(self, home: Path, make_project: MakeProject) -> None:
        super().lay_out(home, make_project)
        for number in range(6):
            rows, columns = np.mgrid[0:300, 0:360]
            disc = np.hypot(rows - 150, columns - 180) < 60 + 4 * number
            pixels = np.where(disc[..., None], (230, 220, 210), (40, 60, 50)).astype(np.uint8)
            write_picture(home / "project" / "photos" / f"p{number}.png", pixels)

    @override
    def begin(self, window: MainWindow, home: Path) -> None:
        panel = panel_of(window, "foregrounds")
        model_cache.path_of(self.entry).parent.mkdir(parents=True, exist_ok=True)
        model_cache.path_of(self.entry).write_bytes(self.data)
        panel.act["foregrounds.guess-all"].trigger()

    @override
    def ended(self, window: MainWindow) -> bool:
        panel = next(panel for panel in window.panels if isinstance(panel, ForegroundsPanel))
        return super().ended(window) and not panel.first_guesses.running

    @override
    def outcome(self, home: Path) -> dict[str, str]:
        photos = sorted((home / "project" / "photos").glob("p?.png"))
        return {path.name: f"{load_work(path).seeds} {load_work(path).alpha}" for path in photos}


class Download(WindowJob):
    """A network for depth, fetched from a server that takes its time."""

    entry: ClassVar[str] = "midas-v2.1-small"
    changes: ClassVar[list[str]] = [*small("studio-256"), f"depth.model={entry}"]

    @override
    @contextmanager
    def around(self, folder: Path) -> Iterator[None]:
        data = np.random.default_rng(0).bytes(4 << 20)
        with slow_server(data) as address, published(self.entry, data, address):
            yield

    @override
    def begin(self, window: MainWindow, home: Path) -> None:
        panel = panel_of(window, "preview")
        assert isinstance(panel, PreviewPanel)
        panel.act["preview.compare"].trigger()
        panel.comparison.network.fetch.click()

    @override
    def outcome(self, home: Path) -> dict[str, str]:
        return {"network": hashlib.sha256(model_cache.path_of(self.entry).read_bytes()).hexdigest()}


class Compare(WindowJob):
    """Two ways to depth compared, one of them a network's."""

    described = '{"meaning": "metres", "width": 32, "height": 32, "layout": "nchw", "factor": 5.0}'

    @override
    @contextmanager
    def around(self, folder: Path) -> Iterator[None]:
        folder.mkdir()
        self.temporary = folder
        with mock.patch.object(tempfile, "tempdir", str(folder)):
            yield

    @override
    def lay_out(self, home: Path, make_project: MakeProject) -> None:
        weights = np.array([0.3, 0.3, 0.4], np.float32)
        home.mkdir(parents=True)
        file = tiny_onnx.write(home / "sum.onnx", weights, (1, 3, 32, 32))
        changes = [*self.changes, "placements=20", f"depth.model={file}", f"depth.network={self.described}"]
        make_project(home, n_bg=2, n_fg=2, changes=changes)

    @override
    def begin(self, window: MainWindow, home: Path) -> None:
        panel = panel_of(window, "preview")
        assert isinstance(panel, PreviewPanel)
        panel.act["preview.compare"].trigger()
        panel.comparison.count.setValue(80)
        panel.comparison.compare.click()

    @override
    def ended(self, window: MainWindow) -> bool:
        panel = next(panel for panel in window.panels if isinstance(panel, PreviewPanel))
        self.found = panel.comparison.summary.text()
        return super().ended(window) and bool(self.found)

    @override
    def outcome(self, home: Path) -> dict[str, str]:
        """What was found; the folder for its maps is gone with it."""
        assert list(self.temporary.iterdir()) == []
        return {"found": self.found}


NETWORK_JOBS: dict[str, WindowJob] = {"guessing": Guess(), "downloading": Download(), "comparing": Compare()}
