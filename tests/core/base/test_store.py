"""What every store promises; and a folder's own promises: nothing half, nothing left over."""

from __future__ import annotations

import math
import pickle
import time
from pathlib import Path

import pytest

from fgbg_studio.core.base.store import LocalStore, Store, store_of
from tests.conftest import full_disk
from tests.helpers.memory_store import MemoryStore


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty one of each; the folder is not there yet."""
    return LocalStore(tmp_path / "store") if request.param == "folder" else MemoryStore()


class TestEveryStore:
    def test_an_empty_one_has_nothing(self, store: Store) -> None:
        assert store.names() == store.names("a") == []
        assert not store.exists("a")
        with pytest.raises(FileNotFoundError):
            store.read("a")
        store.remove("a")
        store.tidy()

    def test_what_was_put_or_written_is_read(self, store: Store) -> None:
        store.put("a/b.json", b"one")
        store.put("a/b.json", memoryview(b"two"))
        for name in ("a/c/d.png", "a/c/e.png", "f.png"):
            store.write(name, name.encode())
        store.sync()
        assert store.read("a/b.json") == b"two"
        assert store.read("a/c/e.png") == b"a/c/e.png"
        assert store.exists("a/c/d.png")
        assert store.exists("a/c")
        assert not store.exists("a/c/d")

    def test_names_are_those_of_one_folder(self, store: Store) -> None:
        for name in ("b/two", "b/one", "a", "c/d/e"):
            store.put(name, b"")
        assert store.names() == ["a", "b", "c"]
        assert store.names("b") == ["one", "two"]
        assert store.names("c") == ["d"]

    def test_a_large_file_is_there_once_it_is_published(self, store: Store) -> None:
        file = store.create("a/large")
        for _ in range(3):
            file.write(bytes(700_000))
        assert not store.exists("a/large")
        file.publish()
        file.discard()
        assert store.read("a/large") == bytes(2_100_000)

    def test_a_discarded_one_leaves_what_was_there(self, store: Store) -> None:
        store.put("large", b"old")
        file = store.create("large")
        file.write(b"new")
        file.discard()
        file.discard()
        assert store.read("large") == b"old"
        assert store.names() == ["large"]

    def test_inside_a_folder(self, store: Store) -> None:
        inner = store.inside("a/b")
        inner.put("c", b"one")
        inner.inside("d").write("e", b"two")
        assert store.read("a/b/c") == inner.read("c") == b"one"
        assert inner.names() == ["c", "d"]
        assert store.where("a/b/c") == inner.where("c")
        assert store.inside("").names() == ["a"]

    def test_remove_takes_a_file_or_a_folder(self, store: Store) -> None:
        for name in ("a/b", "a/c/d", "ab"):
            store.put(name, b"")
        store.remove("a/b")
        assert store.names("a") == ["c"]
        store.remove("a")
        assert store.names() == ["ab"]

    def test_it_is_held_by_one(self, store: Store) -> None:
        with store.lock("hidden/lock"), pytest.raises(TimeoutError), store.lock("hidden/lock"):
            pass
        with store.lock("hidden/lock"):
            pass

    def test_when_files_were_written(self, store: Store) -> None:
        assert store.times("a") == {}
        for name in ("a/one", "a/two", "a/b/three", "four"):
            store.put(name, b"")
        times = store.times("a")
        assert sorted(times) == ["one", "two"]
        assert all(math.isnan(one) or abs(one - time.time()) < 3600 for one in times.values())

    def test_nobody_holds_what_nobody_claimed(self, store: Store) -> None:
        assert not store.is_claimed("making/1")


class TestFolder:
    def test_who_holds_a_claim_is_known_while_he_does(self, tmp_path: Path) -> None:
        store = LocalStore(tmp_path)
        with store.claim("making/1") as ours:
            assert ours
            assert store.is_claimed("making/1")
        assert not store.is_claimed("making/1")

    def test_it_goes_to_other_processes(self, tmp_path: Path) -> None:
        LocalStore(tmp_path).put("a", b"one")
        assert pickle.loads(pickle.dumps(LocalStore(tmp_path))).read("a") == b"one"

    def test_a_folder_stands_for_its_store(self, tmp_path: Path) -> None:
        memory = MemoryStore()
        assert store_of(memory) is memory
        assert store_of(tmp_path).where("a/b") == str(tmp_path / "a" / "b")

    def test_tidying_removes_what_a_killed_process_left(self, tmp_path: Path) -> None:
        store = LocalStore(tmp_path)
        store.put("a/whole", b"")
        LocalStore(tmp_path).create("a/half").write(b"half")
        assert len(list((tmp_path / "a").iterdir())) == 2
        store.inside("a").tidy()
        assert store.names("a") == ["whole"]

    def test_a_file_is_no_folder(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(NotADirectoryError):
            LocalStore(tmp_path / "file").names()

    def test_a_full_disk_leaves_the_old_file_and_says_where(self, tmp_path: Path) -> None:
        store = LocalStore(tmp_path)
        store.put("a/b", b"old")
        full_disk(tmp_path / "a" / "b")
        with pytest.raises(OSError, match="No space left") as caught:
            store.put("a/b", b"new")
        assert caught.value.filename == store.where("a/b")
        assert (store.read("a/b"), store.names("a")) == (b"old", ["b"])
