"""Work that threads do before it is asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def done_ahead(work: Callable[[T], R], parts: Iterable[T], threads: int, most: int) -> Iterator[R]:
    """``work`` of every part, in their order: while one is taken, so many ``threads`` are at up to ``most`` more.

    It pays where ``work`` is done by libraries that let other threads run meanwhile. Closed early, what is not begun
    is never done, and what is at work is waited for.
    """
    with ThreadPoolExecutor(threads, "ahead") as pool:
        waiting: deque[Future[R]] = deque()
        try:
            for part in parts:
                waiting.append(pool.submit(work, part))
                if len(waiting) > most:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
