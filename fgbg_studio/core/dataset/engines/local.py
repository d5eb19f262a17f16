"""Shards in processes on this computer, one per core."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.files import at_home
from fgbg_studio.core.base.processes import TICK, deaf, settle, spawning
from fgbg_studio.core.base.progress import Control, EventControl
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.store import LocalStore, Store
from fgbg_studio.core.dataset.shard import ShardMaker, open_maker
from fgbg_studio.core.interfaces.engine import Engine, Shard, Step

_News = tuple[Shard, int]


@dataclass(frozen=True)
class Local(Engine):
    """A pool of spawned processes that is fed with shards."""

    name: ClassVar[str] = "local"
    summary: ClassVar[str] = "processes on this computer, one per core"

    @override
    def control(self) -> EventControl:
        """See `Engine.control`.

        Raises:
            DatasetError: the system has no memory to share between processes.
        """
        try:
            return EventControl(spawning().Event)
        except OSError as error:
            raise DatasetError(
                f"processes cannot share memory here ({error})",
                "Mount /dev/shm so that it can be written: in a container by its option for shared memory",
            ) from error

    @override
    def run(self, store: Store, shards: Sequence[Shard], workers: int, control: Control) -> Iterator[Step | None]:
        """See `Engine.run`.

        Raises:
            DatasetError: a worker died.
        """
        context = spawning()
        news: SimpleQueue[_News] = context.SimpleQueue()
        arguments = (store, control, news)
        pool = ProcessPoolExecutor(min(workers, len(shards)), context, _start, arguments)
        try:
            yield from self._feed(pool, shards, workers, control, news)
        except BrokenProcessPool as error:
            raise DatasetError(
                "a worker process ended unexpectedly, perhaps for lack of memory",
                GenerateAgain(workers=1),
            ) from error
        except BaseException:
            control.cancel()  # nobody is left to take what the others are still at
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    @staticmethod
    def _feed(
        pool: ProcessPoolExecutor, shards: Sequence[Shard], workers: int, control: Control, news: SimpleQueue[_News]
    ) -> Iterator[Step | None]:
        waiting = list(reversed(shards))
        running: dict[Future[dict[str, float] | None], Shard] = {}
        while running or (waiting and not control.cancelled):
            # Two for each worker: one at work, one at hand.
            while waiting and len(running) < 2 * workers and not control.cancelled:
                shard = waiting.pop()
                with deaf():
                    running[pool.submit(_make, shard)] = shard
            finished, _ = wait(running, TICK, FIRST_COMPLETED)
            while not news.empty():
                yield Step(*news.get())
            for future in finished:
                shard = running.pop(future)
                seconds = future.result()
                if seconds is not None:
                    yield Step(shard, shard.stop - shard.start, seconds)
            yield None


class _Worker:
    """What a worker process keeps from shard to shard."""

    store: Store
    maker: ShardMaker | None = None
    control: Control
    news: SimpleQueue[_News]
    home: AbstractContextManager[None]
    """For as long as the process lives: a dataset's folder that is moved away is not made anew by it."""


def _start(store: Store, control: Control, news: SimpleQueue[_News]) -> None:
    settle()
    if isinstance(store, LocalStore):
        _Worker.home = at_home(store.root)
        _Worker.home.__enter__()
    _Worker.store, _Worker.control, _Worker.news = store, control, news


def _make(shard: Shard) -> dict[str, float] | None:
    last = time.monotonic()

    def report(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= TICK:
            last = now
            _Worker.news.put((shard, done))

    if _Worker.maker is None:  # here, where what hinders it is told the parent
        _Worker.maker = open_maker(_Worker.store)
    return _Worker.maker.make(shard, _Worker.control, report)
