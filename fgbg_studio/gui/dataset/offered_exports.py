"""Which exports are offered, and of which datasets."""

from __future__ import annotations

from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.interfaces.export import Export


def other_exports() -> dict[str, type[Export]]:
    """Those that are no card, by name: each is offered by itself."""
    return {name: member for name, member in Export.known().items() if member.offered and not member.is_card}


def takes(export: type[Export], contents: Contents | None) -> bool:
    """Whether a dataset can be exported so: what is not finished cannot."""
    if contents is None or (contents.dataset is not None and not contents.dataset.complete):
        return False
    return export.takes_any or (contents.dataset is not None and contents.path.is_dir())
