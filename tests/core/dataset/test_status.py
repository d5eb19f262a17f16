"""How far a dataset is, told by its markers alone: in a folder, in memory and at an address."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from fgbg_studio.cli.main import main
from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.base.store import LocalStore, Store
from fgbg_studio.core.dataset.record import SHARDS, marker_name, open_dataset
from fgbg_studio.core.dataset.run import Options, finish, make_part, prepare
from fgbg_studio.core.dataset.shard import CLAIMS
from fgbg_studio.core.dataset.status import DatasetWatch, status_of, watch
from tests.helpers.datasets import last, small, tree
from tests.helpers.memory_store import MemoryStore

MakeProject = Callable[..., Path]


@pytest.fixture
def project(make_project: MakeProject, tmp_path: Path) -> Path:
    return make_project(tmp_path, "studio-256", 2, 3, small("studio-256", "placements=50", "shard=100"))


@pytest.fixture(params=["folder", "memory", "address"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "address":
        pytest.importorskip("fsspec")
        from fgbg_studio.core.base.remote_store import RemoteStore

        return RemoteStore(f"memory://status-{tmp_path.name}")
    return LocalStore(tmp_path / "out") if request.param == "folder" else MemoryStore()


def test_from_its_beginning_to_its_end(project: Path, store: Store) -> None:
    with pytest.raises(DatasetError, match="is not a dataset"):
        status_of(store)
    last(prepare(project, store, Options(writer="zip", workers=1)))
    found = status_of(store)
    assert (found.phase, found.done, found.total, found.shards, found.of) == ("making samples", 0, 600, 0, 6)
    assert (found.bytes, found.since, found.finished) == (0, None, False)
    watched = DatasetWatch(store)
    last(make_part(store, "1/3", engine="inline"))
    found = watched.look()
    assert (found.done, found.shards, found.where) == (200, 2, store.where())
    last(make_part(store, "0-5", engine="inline"))
    found = watched.look()
    assert (found.phase, found.done, found.shards, found.finished) == ("finishing", 600, 6, False)
    written = sum(store.size(name) for name in store.names() if name.endswith(".zip") and name[-5].isdecimal())
    assert found.bytes == pytest.approx(written, rel=0.2)  # archives have headers, too
    assert found.bytes == status_of(store).bytes
    last(finish(store))
    assert [one.phase for one in watch(store, 0.1)] == ["finished"]


def test_when_and_how_fast(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    last(prepare(project, out, Options(workers=1)))
    last(make_part(out, "0-3", engine="inline"))
    now = time.time()
    for number, ago in enumerate((9000, 300, 200, 100)):  # one of the day before yesterday, as it were
        os.utime(out / marker_name(number), (now - ago, now - ago))
    found = status_of(out)
    assert (found.since, found.latest) == (pytest.approx(now - 9000), pytest.approx(now - 100))
    assert found.rate == pytest.approx(300 / 9000, rel=0.05)  # of fewer than ten shards: of all since the first
    assert found.seconds_left == pytest.approx(200 / found.rate)


def test_who_makes_and_who_left(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    last(prepare(project, out, Options(workers=1)))
    last(make_part(out, "0", engine="inline"))
    (out / CLAIMS / "00004").write_bytes(b"")  # by a process that is gone
    with LocalStore(out).claim(f"{CLAIMS}/00002"):
        before = tree(out)
        found = status_of(out)
        assert tree(out) == before  # nothing is written
    assert (found.making, found.left) == ((2,), (4,))


def test_a_watch_is_stopped_alone(project: Path, tmp_path: Path) -> None:
    last(prepare(project, tmp_path / "out", Options(workers=1)))
    control, seen = EventControl(), []
    for status in watch(tmp_path / "out", 60.0, control):
        seen.append(status.phase)
        if len(seen) == 3:
            control.cancel()
    assert set(seen) == {"making samples"}


def test_a_list_is_all_that_is_read_often(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Markers have all rows of their samples: who watches a large dataset must not read them again and again."""
    out = tmp_path / "out"
    last(prepare(project, out, Options(workers=1)))
    last(make_part(out, "0-4", engine="inline"))
    watched, read = DatasetWatch(out), list[str]()
    whole = LocalStore.read
    monkeypatch.setattr(LocalStore, "read", lambda self, name: read.append(name) or whole(self, name))  # type: ignore[func-returns-value]
    for _ in range(3):
        watched.look()
    assert sum(name.startswith(SHARDS) for name in read) == 5


def test_the_command(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    last(prepare(project, out, Options(workers=1)))
    last(make_part(out, "0-1", engine="inline"))
    (out / CLAIMS / "00003").write_bytes(b"")
    said = CliRunner().invoke(main, ["status", str(out)])
    assert f"200 of {open_dataset(out).samples:,} samples in 2 of 6 shards" in said.output
    assert "1 shards were begun and left (3)" in said.output
    known = json.loads(CliRunner().invoke(main, ["status", str(out), "--json"]).stdout)
    assert (known["done"], known["total"], known["shards"], known["of"], known["left"]) == (200, 600, 2, 6, [3])
    last(make_part(out, "0-5", engine="inline"))
    assert "generate --finish --out" in CliRunner().invoke(main, ["status", str(out)]).output
    last(finish(out))
    assert ": finished" in CliRunner().invoke(main, ["status", str(out), "--watch", "--every", "0.1"]).stdout
