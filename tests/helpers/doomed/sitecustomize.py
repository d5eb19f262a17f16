"""Put before the path of a run, this kills it at a moment of its own: Python imports it in each process at its start.

``FGBG_DOOM`` says at what (`MOMENTS`), for how manieth time in one process, who dies, and how many seconds later.
"""

from __future__ import annotations

import functools
import json
import os
import re
import signal
import sys
import threading
import time
from typing import Any

MOMENTS = {
    "preparing": (r"\.fgbg/(pictures|depth)/.*|\.fgbg/(sources|prepared)\.json|dataset\.json", {"os.rename"}, True),
    "composing": ("fgbg_studio.core.compose.composer.Composer.__call__", {"call"}, False),
    "encoding": ("fgbg_studio.core.compose.encoder.SampleEncoder.composite", {"call"}, False),
    "writing": (r"(?!\.fgbg/).*\.(jpg|png)|\.[0-9a-f]+\.part", {"open"}, False),
    "renaming": (r".*\.(zip|tar)", {"os.rename"}, False),
    "marker": (r"\.fgbg/shards/.*\.json", {"os.rename"}, False),
    "merging": (r".*\.zip|\.fgbg/joined\.json", {"os.rename", "os.remove"}, True),
    "finishing": (r"samples\.csv|\.fgbg/manifest\.sha256|README\.md|card/.*|dataset\.json", {"os.rename"}, True),
}
"""Of each a pattern of paths in ``out`` or a method, the events, and whether it is the program that does it."""


class Doom:
    """What is to happen in this process."""

    def __init__(self, moment: str, count: int, who: str, later: float) -> None:
        self.pattern, self.events, programs = MOMENTS[moment]
        self.who, self.later, self.left = who, later, count
        self.here = programs == (os.getpid() == os.getsid(0))
        self.method = self.pattern.rsplit(".", 2) if "call" in self.events else None
        if self.here:
            sys.addaudithook(self.look)

    def look(self, event: str, arguments: tuple[Any, ...]) -> None:
        """At what happens in this process; the first look that finds the method's module counts its calls from then."""
        if self.method and (module := sys.modules.get(self.method[0])) and hasattr(module, self.method[1]):
            owner, name = getattr(module, self.method[1]), self.method[2]
            self.method = None
            setattr(owner, name, self.counted(getattr(owner, name)))
        elif event in self.events:
            name = str(arguments[event == "os.rename"]).rpartition("/out/")[2]
            if name and re.fullmatch(self.pattern, name):
                self.strike()

    def counted(self, method: Any) -> Any:
        @functools.wraps(method)
        def call(*arguments: Any) -> Any:
            self.strike()
            return method(*arguments)

        return call

    def strike(self) -> None:
        """At the last of them; before it happens, or while or after it does."""
        self.left -= 1
        if self.left == 0:
            threading.Thread(target=self.kill, daemon=True).start() if self.later else self.kill()

    def kill(self) -> None:
        time.sleep(self.later)
        leader = os.getsid(0)
        if self.who == "all":
            os.killpg(leader, signal.SIGKILL)
        os.kill(leader if self.who == "program" else os.getpid(), signal.SIGKILL)


if doom := os.environ.get("FGBG_DOOM"):
    Doom(*json.loads(doom))
