"""Shards as tasks of a Ray cluster."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import DatasetError, MissingPackageError
from fgbg_studio.core.base.processes import TICK
from fgbg_studio.core.base.progress import Control, EventControl
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.store import Store, anywhere
from fgbg_studio.core.dataset.shard import ShardMaker, open_maker
from fgbg_studio.core.interfaces.engine import Engine, Shard, Step

_AHEAD = 2  # tasks a core that are handed over: one at work, one at hand


@dataclass(frozen=True)
class Ray(Engine):
    """Tasks that Ray places and tries again; a process keeps its pictures, and its network, from shard to shard.

    Every machine needs the program, and sees the dataset under the same path or address.
    """

    name: ClassVar[str] = "ray"
    summary: ClassVar[str] = "tasks of a Ray cluster"
    address: Annotated[str, about("of the cluster", tip="auto: that of which this computer is a part")] = "auto"
    gpus: Annotated[float, about("graphics cards of a task", tip="0.5: two tasks share one", ge=0)] = 0.0
    tries: Annotated[int, about("times that a shard is tried again where its machine goes", ge=0)] = 5

    @override
    def run(self, store: Store, shards: Sequence[Shard], workers: int, control: Control) -> Iterator[Step | None]:
        """See `Engine.run`; ``workers`` is not asked: there are as many as the cluster has room for.

        Raises:
            MissingPackageError: Ray is not installed.
            DatasetError: there is no such cluster, or a shard failed.
        """
        ray = _ray()
        try:
            ray.init(address=self.address, ignore_reinit_error=True, logging_level="error", log_to_driver=False)
        except (ConnectionError, ValueError, RuntimeError) as error:
            problem = f"there is no Ray cluster at {self.address!r} ({str(error).splitlines()[0]})"
            raise DatasetError(problem, "Start one there, or give its address") from error
        # Cards are given back to Ray only when a process ends, unless it may go on: it keeps its network so.
        task = ray.remote(num_cpus=1, num_gpus=self.gpus, max_retries=self.tries, max_calls=0)(_made)
        store, waiting, running = anywhere(store), list(reversed(shards)), dict[Any, Shard]()
        try:
            while running or (waiting and not control.cancelled):
                room = _AHEAD * max(int(ray.cluster_resources().get("CPU", 1)), 1)
                while waiting and len(running) < room and not control.cancelled and not control.paused:
                    shard = waiting.pop()
                    running[task.remote(store, shard)] = shard
                if control.cancelled:
                    return
                if not running:
                    time.sleep(TICK)
                done = ray.wait(list(running), timeout=TICK)[0] if running else []
                for one in done:
                    shard = running.pop(one)
                    yield Step(shard, shard.stop - shard.start, _answer(ray, one))
                yield None
        finally:
            for one in running:
                ray.cancel(one, force=True)  # a shard that is given up leaves nothing


def _answer(ray: Any, task: Any) -> dict[str, float]:
    try:
        seconds: dict[str, float] = ray.get(task)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, DatasetError):
            raise error.cause from error
        raise DatasetError(f"a shard failed on the cluster ({error.cause!r})", GenerateAgain()) from error
    except ray.exceptions.RayError as error:
        raise DatasetError(f"the cluster gave a shard up ({str(error).splitlines()[0]})", GenerateAgain()) from error
    return seconds


_makers: dict[str, ShardMaker] = {}
"""Of a worker process: what it has opened."""


def _made(store: Store, shard: Shard) -> dict[str, float]:
    where = store.where()
    if where not in _makers:
        _makers.clear()
        _makers[where] = open_maker(store)
    seconds = _makers[where].make(shard, EventControl(), lambda _: None)
    assert seconds is not None  # nobody cancels it but by ending the process
    return seconds


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise MissingPackageError("ray", "ray", "a Ray cluster") from error
    return ray
