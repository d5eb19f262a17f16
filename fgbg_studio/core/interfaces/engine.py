"""The family of engines: where shards run.

An engine is given the dataset's store and the shards to make, nothing else: a worker finds recipe and pictures in the
store and leaves its shards' markers there, so it may be a process here or a machine elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.progress import Control, EventControl
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.base.strategy import Strategy


class Shard(NamedTuple):
    """The samples at the positions start..stop of the dataset's order."""

    number: int
    start: int
    stop: int

    @property
    def name(self) -> str:
        """What its files are called by."""
        return f"{self.number:05}"


class Step(NamedTuple):
    """News of a shard: samples done so far; ``seconds`` by phase once it is finished."""

    shard: Shard
    done: int
    seconds: dict[str, float] | None = None


@dataclass(frozen=True)
class Engine(Strategy, family="engine", members="fgbg_studio.core.dataset.engines"):
    """Base of the engines.

    Attributes:
        leaves: whether a cluster takes the work over by `submit`, and this program may end.
    """

    leaves: ClassVar[bool] = False

    @property
    def prints(self) -> bool:
        """Whether it only says what a cluster is to be told: see `manifest`."""
        return type(self).manifest is not Engine.manifest

    def manifest(self, store: Store) -> str:
        """What a cluster is to be told so that it makes the dataset in ``store``, for a person to hand over.

        Raises:
            UsageError: this engine needs none, or its cluster could not reach the store.
        """
        raise UsageError(f"the engine {self.name!r} has no manifest", f"Let it make {store.where()} itself")

    def control(self) -> Control:
        """What pauses and cancels one run of this engine, wherever its workers are.

        Raises:
            DatasetError: there is no way to reach them.
        """
        return EventControl()  # heard in this process

    def run(self, store: Store, shards: Sequence[Shard], workers: int, control: Control) -> Iterator[Step | None]:
        """Make the shards; yields news, or None a few times a second when there is none.

        Ends early, without an error, once ``control``, which `control` made, is cancelled.
        """
        raise NotImplementedError

    def submit(self, store: Store, shards: Sequence[Shard]) -> list[str]:  # noqa: ARG002
        """Hand the shards of a prepared dataset to a cluster, with what finishes it after them, and leave them to it.

        Returns:
            By what the cluster knows them.

        Raises:
            UsageError: this engine's work ends with the program.
            DatasetError: the cluster refuses.
        """
        raise UsageError(f"the engine {self.name!r} works only while this program runs", "Let it run to its end here")

    def reach(self) -> None:
        """Find out whether the cluster can be asked from here.

        Raises:
            FgbgError: it cannot, and why; or this engine's work ends with the program.
        """
        raise UsageError(f"the engine {self.name!r} works only while this program runs", "Let it run to its end here")

    def is_at(self, jobs: Sequence[str]) -> bool:  # noqa: ARG002
        """Whether the cluster has still to do something of what `submit` returned.

        Raises:
            FgbgError: the cluster cannot be asked from here.
        """
        return False

    def withdraw(self, jobs: Sequence[str]) -> None:
        """Take what `submit` returned out of the cluster, at work or not; finished shards stay.

        Raises:
            FgbgError: the cluster cannot be told from here.
        """
