"""No depth: composites and masks alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from fgbg_studio.core.interfaces.depth import Depth, Meaning

if TYPE_CHECKING:
    from fgbg_studio.core.compose.composer import Composer


@dataclass(frozen=True)
class Without(Depth):
    """The dataset has no depth maps."""

    name: ClassVar[str] = "none"
    summary: ClassVar[str] = "no depth maps"

    def open(self, composer: Composer, cache: Path) -> None:
        """See `Depth.open`."""

    def meaning(self, composer: Composer, cache: Path) -> Meaning:  # noqa: ARG002
        """See `Depth.meaning`."""
        return Meaning("none", "no depth maps were made")
