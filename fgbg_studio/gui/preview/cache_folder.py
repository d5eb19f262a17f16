"""Where the depths are kept that networks gave of backgrounds."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from fgbg_studio.core.plan.recipe import Recipe

_FOLDERS = 4


def cache_folder(project: Path, recipe: Recipe) -> Path:
    """Where the depths are kept that the recipe's network gave of backgrounds; room is made for a new network."""
    depth = recipe.settings.depth
    said = {**depth.model_dump(mode="json", exclude={"encoding"}), "frame": recipe.settings.size}
    name = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
    cache = project / ".cache" / "depth" / name
    if not cache.exists():
        _prune(cache.parent)
    return cache


def _prune(root: Path) -> None:
    """Keep the newest folders only: each network that was tried has one."""
    try:
        folders = sorted(root.iterdir(), key=lambda path: path.stat().st_mtime)
    except OSError:
        return
    for folder in folders[: 1 - _FOLDERS]:
        shutil.rmtree(folder, ignore_errors=True)
