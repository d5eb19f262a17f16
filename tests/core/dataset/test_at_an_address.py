"""A dataset at an address is read as one on this computer: the same words, pictures, exports; nothing is written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import fgbg_studio
from fgbg_studio.cli.main import main
from fgbg_studio.core.base import mirrored_file, mirrors, remote_files
from fgbg_studio.core.base.errors import DatasetError, StorageError, UsageError
from fgbg_studio.core.base.mirror import mirrored
from fgbg_studio.core.base.mirrored_file import BLOCK
from fgbg_studio.core.base.outside import open_file, read_file
from fgbg_studio.core.base.remote_store import RemoteStore
from fgbg_studio.core.dataset.inspect.told_objects import objects_of
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.interfaces.export import Export
from tests.helpers.datasets import differing, find, last, look, make, quick, small, tree

pytest.importorskip("s3fs")
pytest.importorskip("moto")
from tests.helpers.s3_server import BUSY, FaultyServer, faulty_server

MakeProject = Callable[..., Path]


@pytest.fixture(scope="module")
def running() -> Iterator[FaultyServer]:
    with faulty_server("rooms") as server:
        yield server


@pytest.fixture
def server(running: FaultyServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FaultyServer]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": running.address, mirrors.CACHE_VARIABLE: str(tmp_path / "cache"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(remote_files, "_FIRST_WAIT", 0.01)
    _forget()
    running.fault, running.requests, running.failed = lambda number, method: "", 0, 0
    yield running
    running.fault = lambda number, method: ""
    _forget()


def _forget() -> None:
    """What a process knows of the user's folders, as a new one would."""
    mirrors.mirrors_folder.cache_clear()
    mirrors._prefix.cache_clear()
    mirrored_file._remote.cache_clear()


def send(folder: Path, address: str) -> None:
    """A folder's files to an address, as ``aws s3 sync`` does."""
    store = RemoteStore(address)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "lock":
            store.write(path.relative_to(folder).as_posix(), path.read_bytes())
    store.sync()


@pytest.mark.parametrize(("writer", "placements"), [("folders", 5), ("zip", 25), ("tar", 25)])
def test_the_same_as_here(
    writer: str, placements: int, make_project: MakeProject, tmp_path: Path, server: FaultyServer
) -> None:
    """While some requests are refused for now."""
    project = make_project(tmp_path, "studio-256", 2, 2, small("studio-256", f"placements={placements}", "shard=100"))
    out, address = tmp_path / "out", f"s3://rooms/same-{writer}"
    make(project, out, writer=writer)
    send(out, address)
    server.fault = lambda number, method: BUSY if number % (40 if writer == "folders" else 9) == 0 else ""
    place = mirrored(address)
    assert find(place).report() == find(out).report()
    assert quick(place).report() == quick(out).report()
    assert look(place).report() == look(out).report()
    assert server.failed >= 2
    here, there = fgbg_studio.open(out), fgbg_studio.open(address)
    assert len(here) == len(there) == placements * 8
    for one, other in zip(here[:30], there[:30], strict=True):
        assert one.name == other.name
        assert all(np.array_equal(getattr(one, kind), getattr(other, kind)) for kind in ("image", "mask", "depth"))
    for root, to in ((out, tmp_path / "one"), (place, tmp_path / "two")):
        last(Export.from_dict("webdataset").run(root, to))
    assert differing(tmp_path / "one", tmp_path / "two") == []


def test_objects_of_scenes(make_project: MakeProject, tmp_path: Path, server: FaultyServer) -> None:
    project = make_project(tmp_path, "scenes-384", 1, 2, small("scenes-384", "shard=100"))
    make(project, tmp_path / "out", writer="zip")
    send(tmp_path / "out", "s3://rooms/scenes")
    place = mirrored("s3://rooms/scenes")
    assert find(place).report() == find(tmp_path / "out").report()
    name = fgbg_studio.open(place)[0].name
    assert objects_of(open_dataset(place), name) == objects_of(open_dataset(tmp_path / "out"), name) != []


def test_only_what_is_wanted_is_read(make_project: MakeProject, tmp_path: Path, server: FaultyServer) -> None:
    """One sample of an archive is some blocks of it; and nothing is asked for twice."""
    data = os.urandom(40 * BLOCK)
    store = RemoteStore("s3://rooms/ranges")
    store.put("large", data)
    path = mirrored(store.address) / "large"
    assert path.stat().st_size == len(data)
    server.requests = 0
    with open_file(path) as file:
        file.seek(20 * BLOCK + 7)
        assert file.read(100) == data[20 * BLOCK + 7 :][:100]
    blocks = sum(one.stat().st_size for one in mirrors.blocks_folder(path).iterdir())
    assert blocks <= 2 * BLOCK
    asked = server.requests
    with open_file(path) as file:
        file.seek(20 * BLOCK + 7)
        file.read(100)
    assert server.requests == asked
    assert read_file(path) == data
    assert server.requests - asked < 10  # what is read in a row comes in long pieces


def test_no_more_is_kept_than_may_be(tmp_path: Path, server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(mirrors.SIZE_VARIABLE, str(8 * BLOCK / 1e9))
    data, store = os.urandom(30 * BLOCK), RemoteStore("s3://rooms/bounded")
    store.put("large", data)
    path = mirrored(store.address) / "large"
    with open_file(path) as file:
        for place in (*range(30), 3, 17, 3):
            file.seek(place * BLOCK)
            assert file.read(BLOCK) == data[place * BLOCK :][:BLOCK]
    mirrored_file.trim()
    kept = sum(one.stat().st_size for one in mirrors.blocks_folder(path).iterdir())
    assert 0 < kept <= 8 * BLOCK


def test_what_changed_there_is_read_anew(server: FaultyServer) -> None:
    store = RemoteStore("s3://rooms/changing")
    for name in ("same", "other", "gone"):
        store.put(name, b"old")
    place = mirrored(store.address)
    assert [read_file(place / name) for name in ("same", "other", "gone")] == [b"old"] * 3
    store.put("other", b"newer")
    store.put("new/one", b"new")
    store.remove("gone")
    server.requests = 0
    seen = mirrored(store.address).rglob("*")
    assert sorted(path.name for path in seen if path.is_file()) == ["one", "other", "same"]
    assert (read_file(place / "other"), read_file(place / "new/one")) == (b"newer", b"new")
    asked = server.requests
    assert read_file(place / "same") == b"old"
    assert server.requests == asked


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="it may read everything")
def test_who_opens_the_file_itself_finds_it_closed(server: FaultyServer) -> None:
    RemoteStore("s3://rooms/closed").put("a", b"data")
    with pytest.raises(PermissionError):
        (mirrored("s3://rooms/closed") / "a").read_bytes()


def test_nothing_is_written_there(make_project: MakeProject, tmp_path: Path, server: FaultyServer) -> None:
    project = make_project(tmp_path, "studio-256", 1, 1, small("studio-256"))
    make(project, tmp_path / "out")
    send(tmp_path / "out", "s3://rooms/kept")
    run = CliRunner()
    assert run.invoke(main, ["verify", "s3://rooms/kept"]).exit_code == 0
    assert run.invoke(main, ["stats", "s3://rooms/kept", "--json"]).exit_code == 0
    with pytest.raises(DatasetError, match="only read"):
        run.invoke(main, ["repair", "s3://rooms/kept"], catch_exceptions=False)
    with pytest.raises(DatasetError, match="only read"):
        run.invoke(main, ["export", "s3://rooms/kept", "card"], catch_exceptions=False)
    copy = tmp_path / "copy"
    store = RemoteStore("s3://rooms/kept")
    for name in tree(tmp_path / "out"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(store.read(name))
    assert differing(copy, tmp_path / "out") == []


def test_one_archive_at_an_address(make_project: MakeProject, tmp_path: Path, server: FaultyServer) -> None:
    project = make_project(tmp_path, "studio-256", 1, 2, small("studio-256"))
    make(project, tmp_path / "out")
    archive = shutil.make_archive(str(tmp_path / "whole"), "zip", tmp_path / "out")
    RemoteStore("s3://rooms/archives").put("whole.zip", Path(archive).read_bytes())
    here, there = fgbg_studio.open(archive), fgbg_studio.open("s3://rooms/archives/whole.zip")
    assert len(here) == len(there)
    assert [np.array_equal(one.image, two.image) for one, two in zip(here, there, strict=True)] == [True] * len(here)


def test_a_bucket_that_is_not_there(server: FaultyServer) -> None:
    for job in (mirrored, lambda address: RemoteStore(address).put("a", b"b")):
        with pytest.raises((StorageError, DatasetError), match=r"there is no(thing at)? s3://nowhere"):
            job("s3://nowhere/rooms")
    with pytest.raises(DatasetError, match="there is nothing at s3://rooms/empty"):
        mirrored("s3://rooms/empty")


def test_nobody_says_who_he_is(server: FaultyServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(StorageError, match="lets nobody in who does not say who he is"):
        mirrored("s3://rooms/same-zip")
    assert server.requests == 0  # and it is not tried seven times
    s3fs.S3FileSystem.clear_instance_cache()


def test_a_package_that_is_missing() -> None:
    with pytest.raises(UsageError, match="nothing that is installed knows nowhere://"):
        fgbg_studio.open("nowhere://rooms/a")
