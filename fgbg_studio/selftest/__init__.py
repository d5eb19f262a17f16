"""`fgbg-studio --self-test`: whether every part of this installation works, in under a minute.

It is for installers and for people whose program does not start: everything that a package can lose on its way
(a strategy's file, a plugin of Qt, a font, a library that opens networks, the start of worker processes) is used
once, on pictures that ship with the program, in a temporary folder. Nothing of the user's is read or written.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import fgbg_studio
from fgbg_studio.core.base.mirrors import CACHE_VARIABLE
from fgbg_studio.selftest.outcome import LeftOut


@dataclass(frozen=True)
class Result:
    """What one check found: ``state`` is ok, failed or left out."""

    name: str
    state: str
    found: str
    seconds: float
    trace: str = ""


def run(arguments: list[str]) -> int:
    """Run every check and print what was found; ``--json`` prints it for programs. 0 where all is well, else 1."""
    from fgbg_studio.selftest import engine, networks, window

    as_json = "--json" in arguments
    installed = getattr(sys, "frozen", False) or find_spec("PySide6")
    of_window = window.CHECKS if installed else dict.fromkeys(window.CHECKS, _without_window)
    checks = {**engine.CHECKS, **networks.CHECKS, **of_window}
    if not as_json:
        _say(f"FGBG Studio {fgbg_studio.__version__}, {_edition()}, on {platform.platform()}")
    begun = time.monotonic()
    with _own_folder() as folder:
        results = [_run(name, check, folder, quiet=as_json) for name, check in checks.items()]
    good = all(result.state != "failed" for result in results)
    if as_json:
        report = {"version": fgbg_studio.__version__, "edition": _edition(), "good": good, "strategies": engine.names()}
        _say(json.dumps({**report, "checks": [vars(result) for result in results]}, indent=1, ensure_ascii=False))
    else:
        last = "everything works" if good else "something is missing or broken: see above"
        _say(f"{last} ({time.monotonic() - begun:.0f} s)")
    return 0 if good else 1


def _without_window(_folder: Path) -> str:
    raise LeftOut('the window is not installed: pip install "fgbg-studio[gui]"')


def _run(name: str, check: Callable[[Path], str], folder: Path, *, quiet: bool) -> Result:
    begun, state, trace = time.monotonic(), "ok", ""
    own = folder / name.replace(" ", "-")
    own.mkdir()
    try:
        found = check(own)
    except LeftOut as reason:
        state, found = "left out", str(reason)
    except Exception as error:  # noqa: BLE001 - whatever happens is what the test is there to find
        state, found, trace = "failed", f"{type(error).__name__}: {error}", traceback.format_exc()
    result = Result(name, state, found, round(time.monotonic() - begun, 2), trace)
    if not quiet:
        _say(f"{result.state:8}  {result.name:18}  {result.found}  ({result.seconds:.1f} s)")
        if trace:
            _say(trace)
    return result


@contextlib.contextmanager
def _own_folder() -> Iterator[Path]:
    """A folder that goes away afterwards, where caches are for so long."""
    with tempfile.TemporaryDirectory(prefix="fgbg-self-test-", ignore_cleanup_errors=True) as name:
        before = dict(os.environ)
        os.environ.update({CACHE_VARIABLE: name, "KERAS_HOME": name})  # Keras writes its settings at import
        try:
            yield Path(name)
        finally:
            os.environ.clear()
            os.environ.update(before)


def _edition() -> str:
    if not getattr(sys, "frozen", False):
        return "from source"
    bundle: Any = vars(sys).get("_MEIPASS", "")
    return f"installed in {Path(bundle).parent}"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
