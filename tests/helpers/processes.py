"""Which processes a program has left running, where the system can say it."""

from __future__ import annotations

import time
from pathlib import Path


def session(leader: int) -> list[int]:
    """The processes that still live in the session of ``leader``, which may be dead itself."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, owner = (path / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(owner) == leader and state != "Z":
            found.append(int(path.name))
    return found


def wait_until_gone(leader: int) -> None:
    """Wait for the workers of a killed program; none may outlive it by a minute."""
    if not Path("/proc/self/stat").exists():
        time.sleep(2)
        return
    until = time.monotonic() + 60
    while session(leader):
        assert time.monotonic() < until, f"left behind: {session(leader)}"
        time.sleep(0.02)
