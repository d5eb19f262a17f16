"""Where a card makes the depth, the next batch is under way while one is encoded; the bytes are the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.compose.encoder import SampleEncoder
from fgbg_studio.core.dataset.record import DEPTH
from fgbg_studio.core.dataset.shard import open_maker
from fgbg_studio.core.depth.network import NetworkMaker
from fgbg_studio.core.interfaces.engine import Shard
from tests.helpers import tiny_onnx
from tests.helpers.datasets import differing, make, small

METRES = '{"meaning": "metres", "width": 32, "height": 32, "layout": "nchw", "factor": 5.0}'


@pytest.fixture
def project(make_project: Callable[..., Path], tmp_path: Path) -> Path:
    file = tiny_onnx.write(tmp_path / "sum.onnx", np.array([0.3, 0.3, 0.4], np.float32), (1, 3, 32, 32))
    return make_project(tmp_path, changes=small("studio-256", f"depth.model={file}", f"depth.network={METRES}"))


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A network that says it is on a card; what happens in which order is noted."""
    notes: list[str] = []
    begin, call, encode = NetworkMaker.__init__, NetworkMaker.__call__, SampleEncoder.depths

    def init(self: Any, network: Any) -> None:
        begin(self, network)
        self.runs_ahead = True

    def run(self: Any, samples: Any, composites: Any) -> Any:
        if threading.current_thread() is not threading.main_thread():  # the card's pictures are made there
            notes.append("network")
        return call(self, samples, composites)

    def depths(self: Any, samples: Any, made: Any) -> Any:
        notes.append("encode")
        return encode(self, samples, made)

    monkeypatch.setattr(NetworkMaker, "__init__", init)
    monkeypatch.setattr(NetworkMaker, "batch", 2)
    monkeypatch.setattr(NetworkMaker, "__call__", run)
    monkeypatch.setattr(SampleEncoder, "depths", depths)
    return notes


def test_the_same_bytes(project: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    make(project, tmp_path / "one", depth="network", limit=13)
    notes = request.getfixturevalue("ahead")
    make(project, tmp_path / "two", depth="network", limit=13)
    assert differing(tmp_path / "one", tmp_path / "two") == []
    assert notes.count("network") == notes.count("encode") == 3 + 3 + 2
    assert notes[0] == "network"


def test_cancelled_between_two_batches(project: Path, tmp_path: Path, ahead: list[str]) -> None:
    out = tmp_path / "out"
    make(project, out, depth="network", limit=5)
    ahead.clear()
    maker = open_maker(out)
    control, others = EventControl(), set(threading.enumerate())
    assert maker.make(Shard(7, 5, 15), control, lambda _: control.cancel()) is None
    assert ahead.count("encode") == 1
    assert set(threading.enumerate()) <= others
    assert (out / DEPTH).exists()


def test_an_error_of_the_network_is_the_shards(
    project: Path, tmp_path: Path, ahead: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    make(project, out, depth="network", limit=5)

    def fail(*_: Any) -> Any:
        raise ValueError("no")

    monkeypatch.setattr(NetworkMaker, "__call__", fail)
    with pytest.raises(ValueError, match="no"):
        open_maker(out).make(Shard(7, 5, 15), EventControl(), lambda _: None)
