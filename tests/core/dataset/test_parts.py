"""A run in steps and parts makes the dataset of a run of one machine, whoever makes which part when and how often."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.finished import Finished
from fgbg_studio.core.dataset.record import Dataset, done_markers, marker_name, open_dataset
from fgbg_studio.core.dataset.run import Options, finish, make_part, prepare
from fgbg_studio.core.dataset.shard import CLAIMS
from fgbg_studio.core.dataset.shards import part_of, said_shards, shards_of
from tests.helpers.datasets import last, make, small, tree
from tests.helpers.memory_store import MemoryStore

MakeProject = Callable[..., Path]


@pytest.fixture
def project(make_project: MakeProject, tmp_path: Path) -> Path:
    return make_project(tmp_path, "studio-256", 2, 3, small("studio-256", "placements=60", "shard=60"))


def part(out: Path, text: str) -> int:
    """Make one in this process; the samples that are in it."""
    return last(make_part(out, text, engine="inline")).done


def prepared(project: Path, out: Path, writer: str = "zip") -> None:
    assert last(prepare(project, out, Options(writer=writer, workers=1))).phase == "prepared"


@given(st.integers(1, 5000), st.integers(100, 400), st.integers(1, 40))
def test_parts_are_all_shards_and_none_twice(samples: int, size: int, of: int) -> None:
    shards = shards_of(samples, size)
    parts = [part_of(shards, f"{i}/{of}") for i in range(1, of + 1)]
    assert sorted(shard for part in parts for shard in part) == shards
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize("text", ["", "0/3", "4/3", "3", "2-1", "0-3", "-1", "1/", "a", "1/2/3", "1.5", " 1", "1/0"])
def test_no_part(text: str) -> None:
    with pytest.raises(UsageError, match="there is no part"):
        part_of(shards_of(300, 100), text)


def test_shards_by_their_numbers() -> None:
    shards = shards_of(1000, 100)
    assert part_of(shards, "2") == shards[2:3]
    assert part_of(shards, said_shards(shards[3:7])) == shards[3:7]
    assert said_shards([shards[1], shards[4]]) == "1"


@pytest.mark.parametrize("writer", ["folders", "zip", "tar", "sets"])
def test_in_parts_as_in_one(writer: str, project: Path, tmp_path: Path) -> None:
    make(project, tmp_path / "whole", writer=writer)
    out = tmp_path / "parts"
    prepared(project, out, writer)
    made = [part(out, text) for text in ("3/3", "1/3", "0", "3/3", "2/3")]
    assert made[0] + made[1] + made[4] == open_dataset(out).samples
    assert last(finish(out)).finished
    assert tree(out) == tree(tmp_path / "whole")
    assert last(finish(out)).finished  # again, and nothing changes
    prepared(project, out, writer)
    assert tree(out) == tree(tmp_path / "whole")


def test_nothing_is_asked_of_the_project_after_the_first_step(project: Path, tmp_path: Path) -> None:
    make(project, tmp_path / "whole")
    store = MemoryStore()
    last(prepare(project, store))
    project.rename(tmp_path / "gone")
    last(make_part(store, "1/1", engine="inline"))
    last(finish(store))
    assert {name: len(data) for name, data in store.files.items()} == {
        path.relative_to(tmp_path / "whole").as_posix(): path.stat().st_size
        for path in (tmp_path / "whole").rglob("*")
        if path.is_file() and path.name != "lock"
    }


def test_what_is_missing_is_said(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(DatasetError, match="is not a dataset"):
        part(out, "1/2")
    prepared(project, out)
    part(out, "1/2")
    with pytest.raises(DatasetError, match=r"shards of .* are not made yet, the first is 1. Make its shards 1\b"):
        last(finish(out))
    part(out, "2/2")
    assert last(finish(out)).finished


def test_not_prepared(project: Path, tmp_path: Path) -> None:
    steps = prepare(project, tmp_path / "out", Options(workers=1))
    next(steps)  # the record is there, and the first picture
    with pytest.raises(DatasetError, match="is not prepared yet"):
        part(tmp_path / "out", "1/1")
    last(steps)


def test_another_project_is_refused(project: Path, make_project: MakeProject, tmp_path: Path) -> None:
    prepared(project, tmp_path / "out")
    part(tmp_path / "out", "0")
    other = make_project(tmp_path / "other", "studio-256", 2, 3, small("studio-256", "placements=61", "shard=60"))
    with pytest.raises(DatasetError, match="holds a dataset of other pictures or settings"):
        prepared(other, tmp_path / "out")


def test_a_cancelled_part_keeps_its_shards(project: Path, tmp_path: Path) -> None:
    out, control = tmp_path / "out", EventControl()
    prepared(project, out)
    for step in make_part(out, "1/1", control=control, engine="inline"):
        if step.newest:
            control.cancel()
    assert 0 < step.kept < open_dataset(out).samples
    assert not step.finished
    part(out, "1/1")
    assert last(finish(out)).finished


def _at(project: Path, out: Path, text: str) -> None:
    last(prepare(project, out, Options(workers=1)))
    last(make_part(out, text, engine="inline"))


def test_at_once_and_overlapping(project: Path, tmp_path: Path) -> None:
    """Four processes of which each prepares what is not prepared, and two make the same shards."""
    make(project, tmp_path / "whole")
    out, context = tmp_path / "out", multiprocessing.get_context("spawn")
    processes = [context.Process(target=_at, args=(project, out, text)) for text in ("1/2", "1/1", "2/2", "1/1")]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 4
    last(finish(out))
    assert tree(out) == tree(tmp_path / "whole")


def test_a_shard_is_left_to_who_is_at_it(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    prepared(project, out)
    held = LocalStore(out).claim(f"{CLAIMS}/00000")
    assert held.__enter__()
    control = EventControl()
    steps = make_part(out, "0", control=control, engine="inline")
    next(steps)
    import threading

    threading.Timer(0.5, lambda: held.__exit__(None, None, None)).start()  # as if it had ended
    assert list(steps)[-1].finished
    assert (out / marker_name(0)).exists()


def test_markers_are_merged_one_after_another(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever finishes 100,000 shards does not hold what all of them say at once."""
    out = tmp_path / "out"
    prepared(project, out)
    part(out, "1/1")
    read, merged_ones, add = list[int](), list[int](), Finished.add
    note = Dataset.note
    monkeypatch.setattr(Dataset, "note", lambda self, name: read.append(1) or note(self, name))  # type: ignore[func-returns-value]

    def one_more(self: Finished, marker: dict[str, Any]) -> None:
        merged_ones.append(len(read))
        add(self, marker)

    monkeypatch.setattr(Finished, "add", one_more)
    assert last(finish(out)).finished
    shards = len(open_dataset(out).shards)
    assert shards > 3
    assert merged_ones == list(range(1, shards + 1))  # each is taken in before the next one is read


def test_archives_at_an_address_are_looked_for_in_one_list(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request for each of three archives of each of 100,000 shards would take longer than the samples."""
    pytest.importorskip("fsspec")
    from fgbg_studio.core.base.remote_store import RemoteStore

    store = RemoteStore(f"memory://listed-{tmp_path.name}")
    last(prepare(project, store, Options(writer="zip", workers=1)))
    last(make_part(store, "1/1", engine="inline"))
    asked = list[str]()
    exists = RemoteStore.exists
    monkeypatch.setattr(RemoteStore, "exists", lambda self, name: asked.append(name) or exists(self, name))  # type: ignore[func-returns-value]
    dataset = open_dataset(store)
    assert [number for number, _ in done_markers(dataset)] == [shard.number for shard in dataset.shards]
    assert [name for name in asked if name.endswith(".zip")] == []
    store.remove("mask-00001.zip")
    assert 1 not in dict(done_markers(dataset))
