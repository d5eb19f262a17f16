"""The dataset's page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from fgbg_studio.core.card import write_card
from fgbg_studio.core.dataset import depth_folder, open_dataset
from fgbg_studio.core.errors import DatasetError
from fgbg_studio.core.exports import Export
from fgbg_studio.core.finish import counted
from fgbg_studio.core.reader import CARD


@dataclass(frozen=True)
class Card(Export):
    """``README.md`` with tables and picture grids, written by every run and again on demand."""

    name: ClassVar[str] = "card"
    summary: ClassVar[str] = "README.md with tables, picture grids, sources and licences"

    def write(self, root: Path) -> list[Path]:
        """See `Export.write`."""
        dataset = open_dataset(root)
        if not dataset.complete:
            raise DatasetError(f"{root} is not finished", "Run the same 'generate' again")
        meaning = dataset.recipe.settings.depth.way.meaning(dataset.composer(), depth_folder(root))
        write_card(dataset, counted(dataset), meaning)
        return [root / "README.md", *sorted((root / CARD).iterdir())]
