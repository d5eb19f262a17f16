"""Pause, cancel and progress of a run: between batches, and nothing of it shows in the bytes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.dataset.engines.local import Local
from fgbg_studio.core.dataset.inspect.files import entries
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.engine import Engine
from fgbg_studio.core.plan.statistics import PlanStatistics
from tests.helpers.datasets import differing, find, last, make, small

MakeProject = Callable[..., Path]


@pytest.fixture(scope="module")
def project(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the default preset: 2 × 2 × 2 × 2 = 16 samples in 4 shards."""
    return make_project(tmp_path_factory.mktemp("project"), changes=small("studio-256"))


@pytest.fixture(scope="module")
def reference(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That project's dataset, made in one go in this process."""
    out = tmp_path_factory.mktemp("reference") / "out"
    make(project, out)
    return out


class TestControl:
    @pytest.mark.parametrize("engine", ["inline", "local"])
    def test_cancelled_anywhere_and_continued_is_as_uninterrupted(
        self, engine: str, project: Path, reference: Path, tmp_path: Path
    ) -> None:
        steps = list(generate(project, tmp_path / "count", Options(engine="inline")))
        stops = range(1, len(steps), 2) if engine == "inline" else [8]
        for stop in stops:
            control, out = Engine.from_dict(engine).control(), tmp_path / f"{engine}-{stop}"
            seen = []
            for step in generate(project, out, Options(engine=engine, workers=1), control):
                seen.append(step)
                if len(seen) == stop:
                    control.cancel()
            assert not any(step.finished for step in seen) or stop >= len(steps) - 1
            make(project, out)
            assert differing(reference, out) == []

    @pytest.mark.parametrize("writer", ["zip", "tar", "folders"])
    def test_a_generator_that_is_dropped_leaves_no_worker_and_can_be_continued(
        self, writer: str, project: Path, tmp_path: Path
    ) -> None:
        before = {*multiprocessing.active_children()}  # of tests before, which keep one for the next
        running = generate(project, tmp_path / "out", Options(engine="local", workers=1, writer=writer))
        while next(running).phase != "making samples":
            pass
        next(running)
        assert {*multiprocessing.active_children()} - before
        running.close()  # type: ignore[attr-defined]
        assert not {*multiprocessing.active_children()} - before
        make(project, tmp_path / "out", writer=writer)
        make(project, tmp_path / "whole", writer=writer)
        assert differing(tmp_path / "whole", tmp_path / "out") == []

    def test_cancelled_before_it_begins_makes_no_sample(self, project: Path, tmp_path: Path) -> None:
        control = EventControl()
        control.cancel()
        steps = list(generate(project, tmp_path / "out", Options(engine="inline"), control))
        assert not any(step.finished for step in steps)
        assert not (tmp_path / "out" / "fg_bg").exists()

    def test_paused_workers_rest_and_go_on(self, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path, changes=[*small("studio-256"), "placements=40", "shard=40"])
        control = Local().control()
        running = generate(made, tmp_path / "out", Options(engine="local", workers=1), control)
        for step in running:
            if step.phase == "making samples":
                control.pause()
                assert control.paused
                break
        still = [next(running).done for _ in range(8)]  # a step every tenth of a second
        assert still[-3:] == [still[-1]] * 3
        assert still[-1] < 320
        control.resume()
        done = last(running)
        assert done.finished
        assert done.done == 320
        assert find(tmp_path / "out").report()["faults"] == []

    def test_an_inline_run_waits_too(self, project: Path, reference: Path, tmp_path: Path) -> None:
        control = EventControl()
        control.pause()
        finished = threading.Event()

        def go() -> None:
            last(generate(project, tmp_path / "out", Options(engine="inline"), control))
            finished.set()

        thread = threading.Thread(target=go)
        thread.start()
        assert not finished.wait(0.5)
        control.resume()
        assert finished.wait(120)
        thread.join()
        assert differing(reference, tmp_path / "out") == []


class TestProgress:
    def test_progress_counts_up_to_the_end(self, project: Path, tmp_path: Path) -> None:
        steps = list(generate(project, tmp_path / "out", Options(engine="local", workers=2)))
        making = [step for step in steps if step.phase == "making samples"]
        assert [step.done for step in making] == sorted(step.done for step in making)
        assert making[0].done == 0
        assert making[-1].done == making[-1].total == 16
        assert making[-1].newest
        assert sorted(number // 5 for number in making[-1].newest) == [0, 1, 2, 3]
        assert sum(making[-1].shares.values()) == pytest.approx(1)
        assert set(making[-1].shares) == {"compose", "depth", "encode", "write", "sync"}
        assert making[-1].statistics["mask"].count == 16
        assert [step.finished for step in steps] == [False] * (len(steps) - 1) + [True]

    def test_a_continued_run_begins_where_it_stopped(self, project: Path, tmp_path: Path) -> None:
        make(project, tmp_path / "out", limit=10)
        steps = list(generate(project, tmp_path / "out", Options(engine="inline")))
        making = [step for step in steps if step.phase == "making samples"]
        assert making[0].done == 10
        assert making[0].statistics["fg_bg"].count == 10
        assert making[-1].statistics["fg_bg"].count == 16


def test_a_dead_worker_is_one_sentence_and_the_run_can_go_on(make_project: MakeProject, tmp_path: Path) -> None:
    made = make_project(tmp_path, changes=[*small("studio-256"), "placements=100", "shard=100"])

    def kill_a_worker() -> None:
        for step in generate(made, tmp_path / "out", Options(engine="local", workers=2)):
            if step.phase == "making samples" and multiprocessing.active_children():
                os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)

    with pytest.raises(DatasetError, match="worker process ended unexpectedly") as caught:
        kill_a_worker()
    assert caught.value.remedies == (GenerateAgain(workers=1),)
    make(made, tmp_path / "out")
    make(made, tmp_path / "whole")
    assert differing(tmp_path / "whole", tmp_path / "out") == []


def test_a_continued_run_tells_of_all_its_shards(project: Path, tmp_path: Path) -> None:
    """Coverage and places are those of the whole plan, also of shards that an earlier run made."""
    out, control = tmp_path / "out", EventControl()
    for step in generate(project, out, Options(engine="inline"), control):
        if step.phase == "making samples" and step.newest:
            control.cancel()
    assert 0 < step.coverage.sum() < 16
    done = last(generate(project, out, Options(engine="inline")))
    dataset = open_dataset(out)
    whole = PlanStatistics()
    whole.add(dataset.plan().table(0, 16), dataset.recipe.settings.size)
    assert done.placed is not None
    assert (done.placed.count, done.placed.feet.tolist()) == (whole.count, whole.feet.tolist())
    masks = [decode(entry.read(), entry.name) for entry in entries(out) if entry.kind == "mask"]
    parts = np.array([(mask > 127).mean() for mask in masks])
    assert done.coverage.tolist() == np.histogram(parts, np.arange(101) / 100)[0].tolist()


def test_a_system_without_shared_memory_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare container has no /dev/shm, where Python keeps what processes share."""

    def refused(_self: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(multiprocessing.get_context("spawn")), "Event", refused)
    with pytest.raises(DatasetError, match=r"cannot share memory here.*Mount /dev/shm"):
        Local().control()
