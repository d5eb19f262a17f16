"""What ships with the program and is no code: sample pictures, icons."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def resource(name: str) -> Path:
    """The file or folder ``name`` of the resources.

    They lie inside the package where the program is installed or frozen, beside it in a checkout.
    """
    inside = _PACKAGE / "resources"
    return (inside if inside.is_dir() else _PACKAGE.parent / "resources") / name
