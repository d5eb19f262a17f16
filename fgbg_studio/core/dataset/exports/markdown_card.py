"""The dataset's card as ``README.md``."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outputs import refuse_folder_of_others
from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.base.paths import inside
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.dataset.card import write_card
from fgbg_studio.core.dataset.finalize import summary
from fgbg_studio.core.dataset.manifest import put_hashes
from fgbg_studio.core.dataset.record import CARD, HIDDEN, disk_trouble, open_dataset
from fgbg_studio.core.dataset.remeasure import stored_figures
from fgbg_studio.core.depth.plausibility import Plausibility
from fgbg_studio.core.interfaces.export import Export, ExportProgress


@dataclass(frozen=True)
class MarkdownCard(Export):
    """``README.md`` with tables and picture grids, written by every run and again on demand."""

    name: ClassVar[str] = "card"
    summary: ClassVar[str] = "README.md with tables, picture grids, sources and licences"

    is_card: ClassVar[bool] = True

    @override
    def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
        out = out or root
        if out.resolve() != root.resolve():
            refuse_folder_of_others(out, ("README.md", CARD), f"{CARD}/fg_bg.jpg")
        yield ExportProgress("writing the card", 0, 1)
        with disk_trouble(out):
            write_own_card(root)
            if out.resolve() != root.resolve():
                shutil.rmtree(out / CARD, ignore_errors=True)
                for picture in sorted((root / CARD).iterdir()):
                    write_file(out / CARD / picture.name, read_file(inside(root, f"{CARD}/{picture.name}")))
                write_file(out / "README.md", read_file(inside(root, "README.md")))
            files = (out / "README.md", *sorted((out / CARD).iterdir()))
        yield ExportProgress("writing the card", 1, 1, finished=True, files=files)


def write_own_card(root: Path) -> None:
    """Write the card anew into the finished dataset in ``root``.

    Raises:
        DatasetError: it is not finished, or not this program's.
    """
    dataset = open_dataset(root)
    if not dataset.complete:
        raise DatasetError(f"{root} is not finished", GenerateAgain())
    meaning = dataset.recipe.settings.depth.way.meaning(dataset.composer(), dataset.depth)
    found = Plausibility.of(dataset.record.get("plausibility"))
    with disk_trouble(dataset.store), dataset.store.lock(f"{HIDDEN}/lock"):
        card = write_card(dataset, summary(dataset), stored_figures(dataset), meaning, found)
        put_hashes(dataset, card)
