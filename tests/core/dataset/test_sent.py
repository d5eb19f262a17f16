"""A run that is left to a cluster: sent, watched, taken back; with commands that do what Slurm's do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.base.remote_store import store_at
from fgbg_studio.core.dataset import sent
from fgbg_studio.core.dataset.engines import slurm
from fgbg_studio.core.dataset.record import SHARDS
from fgbg_studio.core.dataset.run import Options, finish
from fgbg_studio.core.dataset.sent import SentRun, SentWatch, named, send
from tests.core.dataset.test_slurm import commands, project
from tests.helpers.datasets import last, make, tree

__all__ = ["commands", "project"]  # fixtures
pytestmark = pytest.mark.skipif(os.name == "nt", reason="shell scripts")


def test_sent_watched_and_finished(project: Path, commands: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    steps = list(send(project, SentRun(str(out), {"name": "slurm", "tasks": 2}), Options(), EventControl()))
    handed = steps[-1]
    assert isinstance(handed, SentRun)
    assert handed.jobs == ("7", "8")
    watch = SentWatch(handed)
    looks = [watch.look() for _ in range(sent.QUIET)]
    assert [one.ended for one in looks] == [False] * (sent.QUIET - 1) + [True]  # nobody finished it here
    assert looks[-1].dataset.phase == "finishing"
    assert looks[-1].missing == ()
    last(finish(out))
    assert [watch.look().dataset.finished, watch.look().ended] == [True, False]
    make(project, tmp_path / "whole")
    assert tree(out) == tree(tmp_path / "whole")


def test_shards_that_are_missing_are_named_once_it_has_ended(
    project: Path, commands: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_LOSES", "2")
    out = tmp_path / "out"
    handed = list(send(project, SentRun(str(out), {"name": "slurm"}), Options(), EventControl()))[-1]
    assert isinstance(handed, SentRun)
    (commands / "squeue").write_text("#!/bin/sh\necho RUNNING\n")
    watch = SentWatch(handed)
    assert not any(watch.look().ended for _ in range(2 * sent.QUIET))
    (commands / "squeue").write_text("#!/bin/sh\n")
    status = [watch.look() for _ in range(sent.QUIET)][-1]
    assert status.ended
    assert status.missing == (1, 4, 7)
    (commands / "scancel").write_text(f"#!/bin/sh\necho $* > {tmp_path}/cancelled\n")
    kept = len(list((out / SHARDS).iterdir()))
    assert watch.withdraw().missing == (1, 4, 7)
    assert (tmp_path / "cancelled").read_text() == "7 8\n"
    assert len(list((out / SHARDS).iterdir())) == kept


def test_an_address(project: Path, commands: Path) -> None:
    """The markers are asked there; the cluster's machines would write to it."""
    where = "memory://sent/rooms"
    for step in sent.prepare(project, store_at(where)):
        assert step.phase
    status = SentWatch(SentRun(where, {"name": "slurm"}, ("7",))).look()
    assert (status.dataset.done, status.dataset.where) == (0, where)
    assert SentRun(where, {}).folder is None


def test_refusals_come_before_anything_is_made(
    project: Path, commands: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    def sending(engine: dict[str, object], where: str = str(out)) -> None:
        list(send(project, SentRun(where, engine), Options(), EventControl()))

    with pytest.raises(UsageError, match="has a password in it"):
        sending({"name": "slurm"}, "s3://me:secret@bucket/rooms")
    with pytest.raises(UsageError, match="works only while this program runs"):
        sending({"name": "local"})
    (commands / "scontrol").write_text("#!/bin/sh\necho 'Slurmctld(primary) at here is DOWN'; exit 1\n")
    with pytest.raises(DatasetError, match=r"Slurm's scontrol refuses: .* is DOWN"):
        sending({"name": "slurm"})
    monkeypatch.setattr(slurm.shutil, "which", lambda _: None)
    with pytest.raises(UsageError, match="there is no 'sbatch' on this computer"):
        sending({"name": "slurm"})
    assert not out.exists()


@pytest.mark.parametrize(
    ("shards", "text"),
    [((), ""), ((3,), "3"), ((3, 4, 5, 9), "3-5, 9"), (tuple(range(0, 20, 2)), "0, 2, 4, 6, 8 and 5 more")],
)
def test_shards_are_named_in_runs(shards: tuple[int, ...], text: str) -> None:
    assert named(shards) == text
