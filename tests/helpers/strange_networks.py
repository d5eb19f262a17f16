"""Processes of networks that do what no network should; each stands for `serving.begin`, and nothing here is heavy."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from fgbg_studio.core.networks import serving

Run = Callable[[Any], Any]


def _begin(run: Run, pipe: Connection, order: serving.NetworkOrder, *process: Any) -> None:
    serving.opened = lambda _: (run, {"on_gpu": False, "batch": 1})
    serving.begin(pipe, order, *process)


def bright(batch: Any) -> Any:
    """A network without a fault: (n, 2, 2), the mean of the whole picture."""
    return batch.mean(axis=(1, 2, 3)).repeat(4).reshape(-1, 2, 2)


def good(*process: Any) -> None:
    _begin(bright, *process)


def crashing(*process: Any) -> None:
    def run(batch: Any) -> Any:
        ctypes.string_at(0)  # a fault of memory, as in a library that believes a file

    _begin(run, *process)


def crashing_at_white(*process: Any) -> None:
    def run(batch: Any) -> Any:
        if batch.min() == 255:
            os.abort()
        return bright(batch)

    _begin(run, *process)


def endless(*process: Any) -> None:
    """In a library that keeps Python's lock: no thread of the process gets on."""

    def run(batch: Any) -> Any:
        re.match("(a+)+$", "a" * 64 + "b")

    _begin(run, *process)


def endless_at_opening(pipe: Connection, *process: Any) -> None:
    serving.opened = lambda _: re.match("(a+)+$", "a" * 64 + "b")
    serving.begin(pipe, *process)


def greedy(*process: Any) -> None:
    """It takes memory as long as it gets some: 64 MB a time."""

    def run(batch: Any) -> Any:
        held = []
        while True:
            held.append(bytearray(1 << 26))

    _begin(run, *process)


def answering(answer: bytes, pipe: Connection, *process: Any) -> None:
    """Instead of numbers it says ``answer`` to a batch."""
    pipe.send_bytes(b'{"on_gpu": false, "batch": 1}')
    *_, laid = pipe.recv()
    if not laid:
        pipe.recv_bytes()
    pipe.send_bytes(answer)
    pipe.recv()


ATTEMPTS = (
    "write beside", "cut short", "delete", "change rights", "change times", "link", "read", "look into the program",
    "connect", "listen to the machine", "start a program", "fork", "end the program", "limit the program", "write /tmp",
)  # fmt: skip


def reaching_out(*process: Any) -> None:
    """It tries all `ATTEMPTS` on the file ``victim`` beside its own; 1 for each that went well, in a map of one row."""
    import numpy as np

    victim = process[1].path.with_suffix(".victim")
    program = os.getppid()

    tries: tuple[Callable[[], object], ...] = (
        lambda: victim.with_suffix(".new").write_text(""),
        lambda: os.truncate(victim, 0),
        victim.unlink,
        lambda: victim.chmod(0o777),
        lambda: os.utime(victim, (1, 1)),
        lambda: victim.with_suffix(".link").hardlink_to(victim),
        victim.read_bytes,
        lambda: Path(f"/proc/{program}/environ").read_bytes(),
        lambda: socket.create_connection(("127.0.0.1", process[1].threads), 1),
        lambda: socket.socket(socket.AF_UNIX),
        lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
        lambda: os._exit(0) if os.fork() == 0 else None,
        lambda: os.kill(program, signal.SIGCONT),
        lambda: __import__("resource").prlimit(program, 7),
        lambda: Path("/tmp/fgbg-strange-network").write_text(""),
    )

    def run(batch: Any) -> Any:
        found = []
        for attempt in tries:
            try:
                attempt()
                found.append(1.0)
            except OSError:
                found.append(0.0)
        return np.array(found, np.float32).reshape(1, 1, -1)

    _begin(run, *process)
