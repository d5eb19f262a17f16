"""The dataset's page as one file for a browser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from fgbg_studio.core.card_page import write_page
from fgbg_studio.core.dataset import disk_trouble
from fgbg_studio.core.exports import Export
from fgbg_studio.core.exports.card import write_own_card


@dataclass(frozen=True)
class CardPage(Export):
    """``card.html``: the card with its pictures inside, to be sent or put on a server as it is."""

    name: ClassVar[str] = "card-page"
    summary: ClassVar[str] = "card.html: the same page as one self-contained file"

    def write(self, root: Path, out: Path | None = None) -> list[Path]:
        """See `Export.write`."""
        with disk_trouble(out or root):
            write_own_card(root)
            return [write_page(root, out or root)]
