"""Hand-made datasets to adopt: each made once, and copied."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.handmade import HandMade, hand_made


@pytest.fixture(scope="session")
def made_by_hand(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path], HandMade]:
    """(preset, folder) → a copy of that hand-made dataset in the folder."""
    known: dict[str, HandMade] = {}

    def copied(preset: str, to: Path) -> HandMade:
        if preset not in known:
            known[preset] = hand_made(tmp_path_factory.mktemp("hand") / preset, preset)
        shutil.copytree(known[preset].root, to)
        return HandMade(to, known[preset].truth)

    return copied


def files_of(root: Path) -> dict[str, str]:
    """Path → hash, of all files."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }
