"""The window's log: what went wrong, in a file, since a program from a menu has no terminal."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import platformdirs

_LARGEST = 1_000_000  # bytes, of the file and of the one before it

log = logging.getLogger(__name__)


def log_file() -> Path:
    """Where it lies."""
    return platformdirs.user_log_path("fgbg-studio", appauthor=False) / "window.log"


def start_log() -> None:
    """Write warnings and uncaught exceptions to the file too; without a folder to write in there is none."""
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_file(), maxBytes=_LARGEST, backupCount=1, encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    sys.excepthook = _tell


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Exceptions that nobody caught, those of Qt's slots among them, also go to the terminal as ever."""
    if not issubclass(kind, KeyboardInterrupt):
        log.error("uncaught", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)
