"""The family of exports: other forms of a finished dataset."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fgbg_studio.core.base.strategy import Strategy


@dataclass(frozen=True)
class Export(Strategy, family="export", members="fgbg_studio.core.dataset.exports"):
    """Base of the exports."""

    def write(self, root: Path, out: Path | None = None) -> list[Path]:
        """Write the export of the dataset in ``root`` into the folder ``out``, by default the dataset's own.

        Returns:
            The files that were written.

        Raises:
            DatasetError: the dataset is not finished, or not this program's.
        """
        raise NotImplementedError
