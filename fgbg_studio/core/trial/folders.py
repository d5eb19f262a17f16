"""Where the trials of a dataset are: beside it, those of other settings in folders of their own."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from fgbg_studio.core.base.outside import parsed, read_file
from fgbg_studio.core.trial.settings import TrialSettings

BEGUN, MADE = "settings.json", "trial.json"
"""What a trial's folder has from its beginning on, and once it is finished."""
LATER = ("real", "real_unit", "card", "scored")
"""Settings that may change after training: it is measured again."""


def folder_for(dataset: Path, settings: TrialSettings) -> Path:
    """The folder beside a dataset for a trial with these settings: a new one, or one in which it was begun."""
    name = dataset.stem if dataset.is_file() else dataset.name
    for number in count(1):
        out = dataset.with_name(f"{name}-trial" if number == 1 else f"{name}-trial-{number}")
        if not out.exists() or (out.is_dir() and (not any(out.iterdir()) or _holds(out, settings))):
            return out
    raise AssertionError  # there is always one more


def is_stopped(out: Path) -> bool:
    """Whether a trial was begun there and is not finished."""
    return (out / BEGUN).exists() and not (out / MADE).exists()


def _holds(out: Path, settings: TrialSettings) -> bool:
    try:
        before, now = dict(parsed(read_file(out / BEGUN))["settings"]), settings.to_dict()
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return all(before.get(name) == value for name, value in now.items() if name not in LATER)
