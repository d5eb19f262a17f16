"""The family of exports: other forms of a finished dataset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.strategy import Strategy


@dataclass(frozen=True)
class ExportProgress(Progress):
    """One step of an export; the last, which is ``finished``, tells the ``files``, and ``notes`` for a person."""

    files: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Export(Strategy, family="export", members="fgbg_studio.core.dataset.exports"):
    """Base of the exports; their fields are what may be chosen of them."""

    is_card: ClassVar[bool] = False
    """Whether it is the dataset's page in some form: a window offers all of these as one."""

    takes_any: ClassVar[bool] = False
    """Whether it takes every dataset that can be looked through, whoever made it, also in a ZIP or tar."""

    in_place: ClassVar[bool] = False
    """Whether it goes into the dataset's own folder, whose files it speaks of."""

    def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
        """Write the export of the dataset in ``root`` into the folder ``out``; cards by default into its own.

        Yields:
            How far it is, often enough for a person who may want to stop it; at last the files.

        Raises:
            DatasetError: the dataset is not finished, or not this program's where it must be; or the disk refuses.
            UsageError: the folder holds what would be replaced, or is not said.
        """
        raise NotImplementedError
