"""The recovery file: the project as it is on the screen, beside the project as it was saved.

It is there only while there are unsaved changes, so one that is found when a project is opened was left by a
program that did not end well.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.project.model import Project
from fgbg_studio.core.project.storage import migrate

FILE = ".recovery.json"


def write(folder: Path, project: Project) -> None:
    """Write the recovery file of the project in ``folder``, atomically."""
    write_file(folder / FILE, project.model_dump_json().encode())


def read(folder: Path) -> tuple[Project, datetime] | None:
    """The project that was left unsaved and when, or None; a damaged file counts as none."""
    path = folder / FILE
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
        return Project.model_validate(migrate(json.loads(path.read_bytes()), path)), written
    except (OSError, ValueError, ValidationError, FgbgError):
        return None


def remove(folder: Path) -> None:
    """Take the recovery file away: everything is saved, or was given up by the person."""
    (folder / FILE).unlink(missing_ok=True)
