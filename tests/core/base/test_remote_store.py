"""A dataset's files at an address: an S3 server on loopback that fails in every way, and the memory of this process."""

from __future__ import annotations

import contextlib
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fgbg_studio.core.base import remote_files, remote_store
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.paths import StrayPathError
from fgbg_studio.core.base.remote_files import is_address
from fgbg_studio.core.base.remote_store import RemoteStore, store_at
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.run import Options, finish, generate, make_part, prepare
from tests.helpers.datasets import last, make, small

pytest.importorskip("s3fs")
pytest.importorskip("moto")
from tests.helpers.s3_server import BUSY, CUT, LOST, SLOW, FaultyServer, faulty_server

MakeProject = Callable[..., Path]


@pytest.fixture(scope="module")
def running() -> Iterator[FaultyServer]:
    with faulty_server("rooms") as server:
        yield server


@pytest.fixture
def server(running: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyServer]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": running.address,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(remote_files, "_FIRST_WAIT", 0.01)
    running.fault, running.requests, running.failed = lambda number, method: "", 0, 0
    yield running
    running.fault = lambda number, method: ""


def s3(test: str) -> RemoteStore:
    return RemoteStore(f"s3://rooms/{test}")


def every(step: int, kind: str) -> Callable[[int, str], str]:
    return lambda number, method: kind if number % step == 0 else ""


def test_the_contract(server: FaultyServer) -> None:
    store = s3("contract")
    assert store.names() == []
    assert not store.exists("a")
    store.put("a/b.txt", b"hello")
    store.put("a/c/d.txt", memoryview(b"there"))
    assert store.names() == ["a"]
    assert store.names("a") == ["b.txt", "c"]
    assert store.exists("a")
    assert store.exists("a/b.txt")
    assert not store.exists("a/b")
    assert store.read("a/b.txt") == b"hello"
    assert store.size("a/b.txt") == 5
    assert list(store.times("a")) == ["b.txt"]
    assert abs(store.times("a")["b.txt"] - time.time()) < 3600
    assert store.times("nowhere") == {}
    assert store.part("a/b.txt", 3, 100) == b"lo"
    assert store.part("a/b.txt", 5, 1) == b""
    assert store.inside("a").read("c/d.txt") == b"there"
    assert store.where("a/b.txt") == "s3://rooms/contract/a/b.txt"
    for missing in (lambda: store.read("x"), lambda: store.size("x"), lambda: store.part("x", 0, 1)):
        with pytest.raises(FileNotFoundError):
            missing()
    store.remove("a")
    store.remove("a")
    assert store.names() == []


def test_many_small_files_and_a_large_one(server: FaultyServer) -> None:
    store = s3("sizes")
    for number in range(200):
        store.write(f"many/{number:03}", bytes(number))
    store.sync()
    assert [store.size(f"many/{name}") for name in store.names("many")] == list(range(200))
    file = store.create("large")
    for number in range(12):
        file.write(bytes([number]) * (1 << 20))
    assert not store.exists("large")
    file.publish()
    assert store.size("large") == 12 << 20
    assert store.part("large", (5 << 20) - 1, 2) == b"\4\5"
    other = store.create("given-up")
    other.write(b"half")
    other.discard()
    assert not store.exists("given-up")


@pytest.mark.parametrize("kind", [BUSY, CUT, LOST, SLOW])
def test_what_fails_in_passing_is_tried_again(kind: str, server: FaultyServer) -> None:
    store = s3(f"faults-{kind}")
    server.fault = every(3, kind)
    for number in range(8):
        store.put(f"{number}", bytes([number]) * 1000)
        assert store.read(f"{number}") == bytes([number]) * 1000
    file = store.create("large")
    file.write(bytes(6 << 20))
    file.publish()
    assert store.size("large") == 6 << 20
    assert len(store.names()) == 9
    assert server.failed >= 5


def test_what_goes_on_failing_is_an_os_error(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_files, "_TRIES", 3)
    store, tries = RemoteStore("memory://failing"), []

    def fail(*_: object) -> None:
        tries.append(1)
        raise ConnectionResetError("it hung up")

    monkeypatch.setattr(store._system, "pipe_file", fail)
    with pytest.raises(OSError, match="it hung up"):
        store.put("a", b"b")
    assert len(tries) == 3


@pytest.mark.parametrize("kind", ["", BUSY, CUT, LOST])
def test_a_lock_is_one_holders(kind: str, server: FaultyServer) -> None:
    store, other = s3(f"lock-{kind or 'plain'}"), s3(f"lock-{kind or 'plain'}")
    server.fault = every(2, kind)
    with store.lock(".fgbg/lock"), pytest.raises(TimeoutError), other.lock(".fgbg/lock"):
        pass
    with other.lock(".fgbg/lock"):
        pass
    assert not store.exists(".fgbg/lock")


def test_the_lock_of_one_that_is_gone(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    store = s3("stale")
    store.put("lock", remote_store._lease("a machine that was switched off"))
    with pytest.raises(TimeoutError), store.lock("lock"):
        pass
    monkeypatch.setattr(remote_store, "_LEASE", 0.0)
    monkeypatch.setattr(remote_store, "_SETTLED", 0.0)
    with store.lock("lock"):
        pass


def test_of_two_who_find_the_lock_of_one_that_is_gone_one_gets_it(
    server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3("found").put("lock", b'{"holder": "a machine that was switched off", "renewed": 0}')
    both_found, first_holds, got = threading.Barrier(2), threading.Event(), list[bool]()

    def try_it(late: bool) -> None:
        store = s3("found")
        renewed = store._renewed

        def found(name: str) -> float:
            when = renewed(name)
            both_found.wait(60)
            if late:  # the other one is through with its taking, or waits until this one's is seen
                first_holds.wait(0.2)
            return when

        monkeypatch.setattr(store, "_renewed", found)
        with contextlib.suppress(TimeoutError), store.lock("lock"):
            got.append(late)
            first_holds.set()
            over.wait(10)
        over.set()

    over = threading.Event()
    threads = [threading.Thread(target=try_it, args=(late,)) for late in (False, True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(got) == 1


def test_a_lock_that_is_held_long_is_renewed(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_store, "_RENEWED", 0.05)
    store, renewed = s3("renewed"), threading.Event()
    with store.lock("lock"):
        begun, end = store._renewed("lock"), time.monotonic() + 60
        while not renewed.is_set() and time.monotonic() < end:
            if store._renewed("lock") > begun:
                renewed.set()
    assert renewed.is_set()
    assert not store.exists("lock")


def test_no_path_leads_out(server: FaultyServer) -> None:
    for name in ("../other/secret", "/etc/passwd", "a/../../b"):
        with pytest.raises(StrayPathError):
            s3("inside").read(name)


def test_secrets_are_not_in_addresses() -> None:
    with pytest.raises(UsageError, match="has a password in it") as error:
        RemoteStore("ftp://me:hunter2@host/rooms")
    assert "hunter2" not in str(error.value)


def test_an_unknown_scheme() -> None:
    with pytest.raises(UsageError, match="nothing that is installed knows nowhere://"):
        RemoteStore("nowhere://rooms")


@pytest.mark.parametrize(
    ("text", "remote"),
    [("s3://rooms/a", True), ("memory://a", True), ("/home/a", False), ("C:\\rooms", False), ("C:/rooms", False)],
)
def test_addresses_and_paths(text: str, remote: bool) -> None:
    assert is_address(text) == remote
    assert isinstance(store_at(text), RemoteStore if remote else LocalStore)


def test_it_goes_to_other_processes(server: FaultyServer) -> None:
    store = pickle.loads(pickle.dumps(s3("pickled")))
    store.put("a", b"b")
    assert s3("pickled").read("a") == b"b"


@pytest.mark.parametrize("writer", ["zip", "folders"])
def test_a_run_there_makes_the_same_bytes(
    writer: str, make_project: MakeProject, tmp_path: Path, server: FaultyServer
) -> None:
    """While requests fail in all ways: some on their way there, some on their way back."""
    project = make_project(tmp_path, "studio-256", 2, 2, small("studio-256", "shard=4"))
    make(project, tmp_path / "out", writer=writer)
    store, kinds = s3(f"run-{writer}"), (BUSY, CUT, LOST)
    server.fault = lambda number, method: kinds[number // 7 % 3] if number % 7 == 0 else ""
    if writer == "zip":
        assert last(generate(project, store, Options(engine="inline", writer=writer))).finished
    else:  # step by step, as many machines do
        last(prepare(project, store, Options(writer=writer)))
        for part in ("2/3", "1/3", "3/3"):
            last(make_part(RemoteStore(store.address), part, engine="inline"))
        assert last(finish(store)).finished
    assert server.failed > 10
    server.fault = lambda number, method: ""
    local = LocalStore(tmp_path / "out")
    names = [path.relative_to(local.root).as_posix() for path in local.root.rglob("*") if path.is_file()]
    assert [name for name in names if name != ".fgbg/lock" and store.read(name) != local.read(name)] == []
