"""No depth: composites and masks alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fgbg_studio.core.base.store import Store
from fgbg_studio.core.interfaces.depth import Depth, Meaning, Scene


@dataclass(frozen=True)
class Without(Depth):
    """The dataset has no depth maps."""

    name: ClassVar[str] = "none"
    summary: ClassVar[str] = "no depth maps"
    makes_depth: ClassVar[bool] = False

    def open(self, scene: Scene, cache: Store) -> None:
        """See `Depth.open`."""

    def meaning(self, scene: Scene, cache: Store) -> Meaning:  # noqa: ARG002
        """See `Depth.meaning`."""
        return Meaning("none", "no depth maps were made")
