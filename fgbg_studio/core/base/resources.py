"""What ships with the program and is no code: sample pictures, icons, the guide."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def resource(name: str) -> Path:
    """The file or folder ``name`` of the resources.

    They lie inside the package where the program is installed or frozen, beside it in a checkout.
    """
    inside = _PACKAGE / "resources"
    return (inside if inside.is_dir() else _PACKAGE.parent / "resources") / name


def guide() -> Path:
    """The folder of the guide's pages (Markdown) and of their pictures, where these were made; it lies likewise."""
    inside = _PACKAGE / "docs"
    return inside if inside.is_dir() else _PACKAGE.parent / "docs"
