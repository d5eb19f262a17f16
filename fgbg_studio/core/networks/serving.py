"""The process that runs one network's file for another: it shuts itself in, opens the file, and answers batches.

What it is asked comes as pickles from the program; what it answers is JSON and numbers, because the program must not
believe it. This module imports nothing that starts threads, which would stay outside.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fgbg_studio.core.base import confinement
from fgbg_studio.core.base.parent import die_with_starter, follow_parent

if TYPE_CHECKING:
    from fgbg_studio.core.networks.board import SharedBoard
    from fgbg_studio.core.networks.runtimes import NetworkSession

_MOST_WORDS = 2000
_CALM = 15


@dataclass(frozen=True)
class NetworkOrder:
    """Which file is to be run, and how; of plain values, so that reading it imports nothing.

    Attributes:
        path: of the file.
        description: its `Description` as a mapping; None where the file is asked for arrays by their names.
        runtime: the name of what runs it.
        threads: as for `open_network`, and so ``batch``, ``precision`` and ``calm``.
    """

    path: Path
    description: dict[str, Any] | None
    runtime: str
    threads: int
    batch: int | None
    precision: str
    calm: bool = False


def begin(
    pipe: Connection,
    order: NetworkOrder,
    bounds: confinement.Bounds | None,
    scratch: str,
    board: SharedBoard | None = None,
) -> None:
    """Serve until the pipe is closed: the whole life of the process.

    Args:
        pipe: to the program.
        order: what to run.
        bounds: of the process; None leaves it free, as where the system knows no confinement.
        scratch: the folder for files of its own; empty where it has none.
        board: where batches and maps lie that have room there; all go through the pipe where it is None.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program alone decides what Ctrl-C means
    die_with_starter()
    if order.calm and os.name == "posix":
        os.nice(_CALM)
    _leave(pipe)
    sys.dont_write_bytecode = True
    if scratch:
        os.environ.update(TMPDIR=scratch, TEMP=scratch, TMP=scratch)
    if bounds is not None:
        confinement.confine(bounds)
    follow_parent()
    with contextlib.suppress(EOFError, BrokenPipeError):  # the program needs it no more
        (_serve if order.description is not None else _serve_arrays)(pipe, order, board)
    os._exit(0)  # nothing of the network's runs at the end


def _leave(pipe: Connection) -> None:
    """Let go of the terminal and of all files but the pipe."""
    if os.name != "posix":
        return
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    parent = parent_process()
    kept = sorted({pipe.fileno(), *([parent.sentinel] if parent else [])})
    for below, above in zip([2, *kept], [*kept, os.sysconf("SC_OPEN_MAX")], strict=True):
        os.closerange(below + 1, above)


def _serve(pipe: Connection, order: NetworkOrder, board: SharedBoard | None) -> None:
    import numpy as np

    found = _answered(pipe, lambda: opened(order), order)
    if found is None:
        return
    run, about = found
    _say(pipe, about)
    while True:
        shape, dtype, laid = pipe.recv()
        if board and laid:
            batch = board.numbers(shape, dtype)
        else:
            batch = np.empty(shape, dtype)
            pipe.recv_bytes_into(batch.data.cast("B"))
        maps = _answered(pipe, functools.partial(run, batch), order)
        if maps is not None:
            maps = np.ascontiguousarray(maps, np.float32)
            laid = board is not None and board.write(maps)
            _say(pipe, {"shape": maps.shape})
            if not laid:
                pipe.send_bytes(maps.data.cast("B"))


def _serve_arrays(pipe: Connection, order: NetworkOrder, board: SharedBoard | None) -> None:
    """Answer with all of a file's outputs to all of its inputs, by their names."""
    import numpy as np

    from fgbg_studio.core.networks.arrays_by_name import laid_out, send_arrays, take_arrays

    session = _answered(pipe, lambda: _session(order), order)
    if session is None:
        return
    ends = {"inputs": session.inputs, "outputs": session.outputs}
    _say(pipe, {end: [(one.name, one.shape, one.dtype.str) for one in tensors] for end, tensors in ends.items()})
    while True:
        given = take_arrays(pipe, board, *pipe.recv())
        made = _answered(pipe, functools.partial(session.run, given), order)
        if made is not None:
            numbers = {name: np.ascontiguousarray(values, np.float32) for name, values in made.items()}
            heads, laid = laid_out(board, numbers)
            _say(pipe, {"arrays": heads, "laid": laid})
            if not laid:
                send_arrays(pipe, numbers)


def _session(order: NetworkOrder) -> NetworkSession:
    import cv2

    from fgbg_studio.core.networks.runtimes import Runtime, muted

    cv2.setNumThreads(1)
    member = Runtime.from_dict({"name": order.runtime, "threads": order.threads})
    with muted():
        return member.session(order.path)


def opened(order: NetworkOrder) -> tuple[Callable[[Any], Any], dict[str, Any]]:
    """The file opened in this very process: what runs prepared batches, and what there is to say of it.

    Raises:
        NetworkError: the file is damaged or does not fit its description.
        MissingPackageError: what runs it is not installed.
    """
    import cv2
    import numpy as np

    from fgbg_studio.core.networks.batching import best_batch, one_by_one
    from fgbg_studio.core.networks.description import description_from
    from fgbg_studio.core.networks.runtimes import Runtime

    cv2.setNumThreads(1)
    assert order.description is not None
    description = description_from(order.description)
    member = Runtime.from_dict(
        {"name": order.runtime, "threads": order.threads, "batch": order.batch or 1, "precision": order.precision}
    )
    run = member.open(order.path, description)
    on_gpu, batch = member.on_gpu(), order.batch or 1
    if on_gpu and order.batch is None:
        plain = np.zeros((1, description.height, description.width, 3), np.uint8)
        batch = best_batch(run, description.prepare(plain))
    if batch == 1 and not on_gpu:  # several may be sent together
        run = one_by_one(run)
    return run, {"on_gpu": on_gpu, "batch": batch}


def _answered(pipe: Connection, work: Callable[[], Any], order: NetworkOrder) -> Any:
    """What ``work`` gives; None where it fails, and that is said."""
    from fgbg_studio.core.base.errors import FgbgError, MissingPackageError
    from fgbg_studio.core.base.remedies import Set

    try:
        return work()
    except MissingPackageError as error:
        _say(pipe, {"error": {"missing": error.__reduce__()[1]}})
    except FgbgError as error:
        ways = [
            {"set": dict(one.settings), "aim": one.aim} if isinstance(one, Set) else {"words": str(one)}
            for one in error.remedies
        ]
        _say(pipe, {"error": {"problem": error.problem[:_MOST_WORDS], "remedies": ways}})
    except Exception as error:  # noqa: BLE001 - whatever a library raises is a sentence about the file
        reason = f"{type(error).__name__}: {error}".strip().split("\n")[0][:300]
        _say(pipe, {"error": {"problem": f"{order.path} failed ({reason})", "remedies": []}})
    return None


def _say(pipe: Connection, said: dict[str, Any]) -> None:
    pipe.send_bytes(json.dumps(said).encode())
