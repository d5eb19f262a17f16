"""No depth: composites and masks alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.store import Store
from fgbg_studio.core.interfaces.depth import Depth, Meaning, Scene


@dataclass(frozen=True)
class Without(Depth):
    """The dataset has no depth maps."""

    name: ClassVar[str] = "none"
    title: ClassVar[str] = "No depth"
    summary: ClassVar[str] = "no depth maps"
    makes_depth: ClassVar[bool] = False

    @override
    def open(self, scene: Scene, cache: Store) -> None:
        pass

    @override
    def meaning(self, scene: Scene, cache: Store) -> Meaning:
        return Meaning("none", "no depth maps were made")
