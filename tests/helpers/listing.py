"""An export of another package, as a test makes it: a list of names, step by step, with a setting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.interfaces.export import Export, ExportProgress

NAME = "listing"


@contextmanager
def listing_known() -> Iterator[None]:
    """The registry knows it; nobody else's tests do."""

    @dataclass(frozen=True)
    class Listing(Export):
        """The composites' names, one a line."""

        name: ClassVar[str] = NAME
        summary: ClassVar[str] = "names of the composites"
        first: int = field(default=0, metadata={"help": "the first that is listed"})

        def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
            dataset, lines = open_dataset(root), []
            for sample in dataset.plan()[self.first : dataset.samples]:
                lines.append(dataset.plan().paths(sample).fg_bg)
                yield ExportProgress("listing", len(lines), dataset.samples - self.first)
            file = (out or root) / "names.txt"
            file.parent.mkdir(exist_ok=True)
            file.write_text("\n".join(lines))
            yield ExportProgress("listing", len(lines), len(lines), finished=True, files=(file,))

    try:
        yield
    finally:
        del Export._members[NAME]
