"""Shards in an array job of a Slurm cluster; what is done is told by their markers, and Slurm only places the work."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.progress import Control
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.store import Store, anywhere
from fgbg_studio.core.dataset.record import SHARDS, marker_name
from fgbg_studio.core.dataset.shard import PHASES
from fgbg_studio.core.interfaces.engine import Engine, Shard, Step

_LOOK = 2.0  # seconds between two looks at markers and queue
_QUIET = 3  # looks without the job in the queue before it is taken for ended: lists of files may lag behind
_LARGEST = 1001  # Slurm's own MaxArraySize where it does not say another


@dataclass(frozen=True)
class Slurm(Engine):
    """An array job whose tasks each make a part of the shards; every machine needs the program and sees the dataset."""

    name: ClassVar[str] = "slurm"
    summary: ClassVar[str] = "an array job of a Slurm cluster, watched by its markers"
    leaves: ClassVar[bool] = True
    tasks: Annotated[int, about("tasks of the array", tip="0: one a shard, as far as the cluster allows", ge=0)] = 0
    at_once: Annotated[int, about("tasks at once", tip="0: as many as there is room for", ge=0)] = 0
    cpus: Annotated[int, about("cores of a task", ge=1)] = 1
    options: Annotated[str, about("further options of sbatch", tip="--partition=short --time=1:00:00 --mem=4G")] = ""
    program: Annotated[str, about("the program on a node", tip="how it is called there; empty: as here")] = ""

    @override
    def run(self, store: Store, shards: Sequence[Shard], workers: int, control: Control) -> Iterator[Step | None]:
        """See `Engine.run`; cancelled it takes the array out of the queue.

        Raises:
            DatasetError: Slurm refuses the job, or it ended and shards are missing.
        """
        (job, end_job), left, quiet = self.submit(store, shards), {shard.number: shard for shard in shards}, 0
        try:
            while left and not control.cancelled:
                there = set(store.names(SHARDS))
                for shard in [one for one in left.values() if marker_name(one.number).rpartition("/")[2] in there]:
                    del left[shard.number]
                    yield Step(shard, shard.stop - shard.start, dict.fromkeys(PHASES, 0.0))
                quiet = 0 if self._is_queued(job) else quiet + 1
                if left and quiet > _QUIET:
                    problem = f"the Slurm job {job} ended, and {len(left):,} of its {len(shards):,} shards are not made"
                    raise DatasetError(problem, GenerateAgain(f"see its files slurm-{job}_*.out"))
                end = time.monotonic() + _LOOK
                while left and time.monotonic() < end and not control.cancelled:
                    time.sleep(0.1)
                    yield None
        finally:  # what is still queued has nothing left to do, and this run comes to the end itself
            _said("scancel", job, end_job, refused=False)

    @override
    def submit(self, store: Store, shards: Sequence[Shard]) -> list[str]:
        """See `Engine.submit`; the second is the job that finishes once the array is done."""
        tasks = min(self.tasks or len(shards), len(shards), self._most_tasks())
        at_once = f"%{self.at_once}" if self.at_once else ""
        make = f"--shards ${{SLURM_ARRAY_TASK_ID}}/{tasks} --workers {self.cpus}"
        array = self._sent(store, make, f"--array=1-{tasks}{at_once}", "--requeue", f"--cpus-per-task={self.cpus}")
        return [array, self._sent(store, "--finish", f"--dependency=afterok:{array}", "--kill-on-invalid-dep=yes")]

    @override
    def reach(self) -> None:
        for command in ("sbatch", "squeue"):
            _found(command)
        _said("scontrol", "ping")

    @override
    def is_at(self, jobs: Sequence[str]) -> bool:
        return any(self._is_queued(job) for job in jobs)

    @override
    def withdraw(self, jobs: Sequence[str]) -> None:
        _said("scancel", *jobs, refused=False)

    def _sent(self, store: Store, what: str, *options: str) -> str:
        """Send a job; its number."""
        program = self.program or f"{shlex.quote(sys.executable)} -m fgbg_studio"
        script = f"#!/bin/sh\nexec {program} generate --out {shlex.quote(anywhere(store).where())} {what}\n"
        own = ("--parsable", "--job-name=fgbg-studio", *options, *shlex.split(self.options))
        return _said("sbatch", *own, script=script).partition(";")[0].strip()

    def _most_tasks(self) -> int:
        found = [line.split("=")[1].strip() for line in _said("scontrol", "show", "config").splitlines()
                 if line.startswith("MaxArraySize")]  # fmt: skip
        return max((int(found[0]) if found and found[0].isdecimal() else _LARGEST) - 1, 1)

    @staticmethod
    def _is_queued(job: str) -> bool:
        return bool(_said("squeue", "--noheader", "--jobs", job, "--format=%T", refused=False).strip())


def _said(command: str, *arguments: str, script: str = "", refused: bool = True) -> str:
    """What one of Slurm's commands says.

    Raises:
        UsageError: there is none.
        DatasetError: it fails, unless that may be (not ``refused``).
    """
    done = subprocess.run([_found(command), *arguments], input=script, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode and refused:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise DatasetError(f"Slurm's {command} refuses: {said[-1] if said else done.returncode}", "See its own log")
    return done.stdout


def _found(command: str) -> str:
    """The path of one of Slurm's commands.

    Raises:
        UsageError: there is none.
    """
    path = shutil.which(command)
    if path is None:
        raise UsageError(f"there is no {command!r} on this computer", "Log in to a machine of the cluster")
    return path
