"""What belongs to a run and not to the dataset's recipe: where it goes, how much of it, on how many processes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fgbg_studio.gui.lib.window_settings import WindowSettings


@dataclass(frozen=True)
class RunOptions:
    """``out`` is the dataset's folder; ``limit`` how many samples to make and ``workers`` None for all of them.

    ``cluster`` is the name of the one that makes it, under the folder's name, empty for this computer.
    """

    out: Path
    limit: int | None = None
    workers: int | None = None
    cluster: str = ""


def default_folder(project: Path) -> Path:
    """Beside the project: NAME-dataset."""
    return project.with_name(f"{project.name}-dataset")


def recall(settings: WindowSettings, project: Path) -> RunOptions:
    """What was chosen last for the project in the folder ``project``."""
    key = key_of(project)
    out = settings.value(f"{key}/out")
    return RunOptions(
        Path(out) if out else default_folder(project),
        _number(settings.value(f"{key}/limit")),
        _number(settings.value(f"{key}/workers")),
        settings.value(f"{key}/cluster"),
    )


def remember(settings: WindowSettings, project: Path, choices: RunOptions) -> None:
    """Keep them for the next time."""
    key = key_of(project)
    settings.set_value(f"{key}/out", "" if choices.out == default_folder(project) else str(choices.out))
    settings.set_value(f"{key}/limit", str(choices.limit or ""))
    settings.set_value(f"{key}/workers", str(choices.workers or ""))
    settings.set_value(f"{key}/cluster", choices.cluster)


def key_of(project: Path) -> str:
    """The group of settings of the project in a folder."""
    # A path has separators, which settings would take for groups of their own.
    return f"generate-{hashlib.sha256(str(project).encode()).hexdigest()[:16]}"


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and int(text) > 0 else None
