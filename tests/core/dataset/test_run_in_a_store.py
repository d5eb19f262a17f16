"""A run in a store that is no folder makes the same bytes: nothing goes around the seam."""

from __future__ import annotations

import hashlib
import importlib.util
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typing_extensions import override

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.dataset.record import HIDDEN, marker_name, open_dataset
from fgbg_studio.core.dataset.run import Options, generate
from tests.helpers import tiny_onnx
from tests.helpers.datasets import last, make, small, tree
from tests.helpers.memory_store import MemoryStore

MakeProject = Callable[..., Path]
needs_onnxruntime = pytest.mark.skipif(importlib.util.find_spec("onnxruntime") is None, reason="needs onnxruntime")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a name would come to lie that somebody took for a path."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def hashes(store: MemoryStore) -> dict[str, str]:
    """As `tree` of a folder."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(store.files.items())}


def run(project: Path, store: MemoryStore, control: EventControl | None = None, **options: object) -> None:
    """A whole run, or one until it is cancelled after its first shard."""
    for step in generate(project, store, Options(engine="inline", **options), control):  # type: ignore[arg-type]
        if control and step.phase == "making samples" and step.newest:
            control.cancel()


@pytest.mark.parametrize("writer", ["folders", "zip", "tar", "sets"])
@pytest.mark.parametrize("preset", ["classroom-192", "street-224"])
def test_the_same_bytes(preset: str, writer: str, make_project: MakeProject, tmp_path: Path, elsewhere: Path) -> None:
    project, store = make_project(tmp_path, preset, changes=small(preset)), MemoryStore()
    make(project, tmp_path / "out", writer=writer)
    run(project, store, writer=writer)
    assert hashes(store) == tree(tmp_path / "out")
    assert list(elsewhere.iterdir()) == []


@needs_onnxruntime
@pytest.mark.parametrize("way", ["inserted", "network"])
def test_the_same_bytes_by_a_network(way: str, make_project: MakeProject, tmp_path: Path, elsewhere: Path) -> None:
    file = tiny_onnx.write(tmp_path / "tiny.onnx", np.array([0.2, 0.3, 0.5], np.float32), (1, 3, 32, 32))
    described = '{"meaning": "metres", "width": 32, "height": 32, "layout": "nchw"}'
    changes = small("studio-256", f"depth.model={file}", f"depth.network={described}")
    project, store = make_project(tmp_path, changes=changes), MemoryStore()
    make(project, tmp_path / "out", depth=way, limit=7)
    run(project, store, depth=way, limit=7)
    assert hashes(store) == tree(tmp_path / "out")
    assert [name for name in store.inside(HIDDEN).names("depth") if name == "network.json"]
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("writer", ["folders", "zip"])
def test_cancelled_and_continued(writer: str, make_project: MakeProject, tmp_path: Path) -> None:
    project, store = make_project(tmp_path, changes=small("studio-256")), MemoryStore()
    make(project, tmp_path / "out", writer=writer)
    run(project, store, EventControl(), writer=writer)
    assert not open_dataset(store).complete
    run(project, store, writer=writer)
    assert open_dataset(store).complete
    assert hashes(store) == tree(tmp_path / "out")


def test_a_second_run_waits_outside(make_project: MakeProject, tmp_path: Path) -> None:
    project, store = make_project(tmp_path, changes=small("studio-256")), MemoryStore()
    steps = generate(project, store, Options(engine="inline"))
    next(steps)
    with pytest.raises(DatasetError, match="memory: is being written by another run"):
        run(project, store)
    assert last(steps).finished


def test_other_files_are_left_alone(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, changes=small("studio-256"))
    with pytest.raises(DatasetError, match="memory: is not empty"):
        run(project, MemoryStore({"letters/one.txt": b"mine"}))


def test_only_a_folder_can_be_looked_into(make_project: MakeProject, tmp_path: Path) -> None:
    store = MemoryStore()
    run(make_project(tmp_path, changes=small("studio-256")), store)
    with pytest.raises(DatasetError, match="memory: is not on this computer"):
        _ = open_dataset(store).root


class _CountingStore(MemoryStore):
    """It knows how often each file was read as a whole."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: Counter[str] = Counter()

    @override
    def read(self, name: str) -> bytes:
        data = super().read(name)
        self.reads[name] += 1
        return data

    @override
    def part(self, name: str, start: int, size: int) -> bytes:
        return super().read(name)[start : start + size]


def test_markers_are_read_a_few_times_and_not_for_each_thing_that_they_say(
    make_project: MakeProject, tmp_path: Path
) -> None:
    """Once when the shard is done, then for figures, rows and manifest: they are most of what a run's end computes."""
    store = _CountingStore()
    run(make_project(tmp_path, changes=small("studio-256")), store, writer="zip")
    names = [marker_name(shard.number) for shard in open_dataset(store).shards]
    assert {store.reads[name] for name in names} == {4}
