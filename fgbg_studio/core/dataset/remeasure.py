"""What was measured on the files put into ``dataset.json`` and the card, and nothing else of them changed."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.mirrors import is_mirrored
from fgbg_studio.core.dataset.card import seam_section, statistics_section
from fgbg_studio.core.dataset.figures import OF_FILES, OF_PIXELS, Reports, counted_of, figures, metres_a_step
from fgbg_studio.core.dataset.finalize import counted
from fgbg_studio.core.dataset.manifest import hashes_of
from fgbg_studio.core.dataset.record import FILE, HIDDEN, Dataset, open_dataset, put_record
from fgbg_studio.core.dataset.recorded_seams import KEY, to_record
from fgbg_studio.core.dataset.statistics import KindStatistics

_SECTION = re.compile(r"^## Statistics$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_SEAMS = re.compile(r"^## Seams$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def stored_figures(dataset: Dataset) -> Reports:
    """What the record says of each kind, and of what that is; older versions did not write the latter."""
    of = counted_of(dataset.recipe.settings)
    said = dataset.record.get("statistics", {})
    return {kind: {**report, "of": report.get("of", of.get(kind, OF_FILES))} for kind, report in said.items()}


def measured_figures(dataset: Dataset, kinds: Mapping[str, KindStatistics]) -> Reports:
    """What was read from the files of this program's dataset, by kind."""
    kind = dataset.record.get("depth", {}).get("kind", "none")
    return figures(kinds, metres_a_step(dataset.recipe.settings.depth.encoding, kind))


def put_measured(dataset: Dataset, kinds: Mapping[str, KindStatistics]) -> str:
    """Write what was measured of those kinds that were not yet, where the dataset is whole.

    Call it where nothing is wrong with the dataset; one at an address stays as it is. The card changes in its section
    of statistics alone, the record in its statistics.

    Returns:
        Why it could not be written, as a clause; empty where it was, or need not be.
    """
    before, measured = stored_figures(dataset), measured_figures(dataset, kinds)
    fresh = {
        kind: measured[kind]
        for kind, said in before.items()
        if said["of"] == OF_PIXELS and kind in measured and measured[kind]["count"] == said["count"]
    }
    if not dataset.complete or not fresh or is_mirrored(dataset.store.where()):
        return ""
    after = before | fresh

    def said(card: str) -> str:
        section = "\n".join(statistics_section(after, counted(dataset)))
        return _SECTION.sub(lambda _: f"{section}\n\n", card, count=1)

    why = _put(dataset, {"statistics": after}, said)
    return f"mean and σ of the files could not be written into {FILE} ({why})" if why else ""


def put_seams(dataset: Dataset, report: Mapping[str, Any]) -> str:
    """Write how easily seams are told, a `SeamReport`'s report, into the record and the card of a finished dataset.

    Returns:
        Why it could not be written, as a clause; empty where it was.
    """
    if not dataset.complete:
        return f"how seams are told could not be written into {FILE} (the dataset is not finished)"
    known = {KEY: to_record(report)}

    def said(card: str) -> str:
        section = "\n".join(seam_section(known))
        return _SECTION.sub(lambda found: f"{found[0]}{section}\n\n", _SEAMS.sub("", card), count=1)

    why = _put(dataset, known, said)
    return f"how seams are told could not be written into {FILE} ({why})" if why else ""


def _put(dataset: Dataset, known: Mapping[str, Any], said: Callable[[str], str]) -> str:
    """Put what is known into the record, and what is said of it into the card; why not, as a clause."""
    store = dataset.store
    try:
        with store.lock(f"{HIDDEN}/lock"):
            if open_dataset(store).record != dataset.record:
                return "the dataset was changed meanwhile"
            with contextlib.suppress(FileNotFoundError):
                card = said(store.read("README.md").decode("utf-8", "surrogateescape"))
                store.put("README.md", card.encode("utf-8", "surrogateescape"))
            record = _beside(dataset.record, known)
            if "hashes" in record:
                record["hashes"] = record["hashes"] | hashes_of(store, ["README.md"])
            put_record(store, record)
    except (OSError, ValueError, KeyError, DatasetError) as error:  # a lock that another holds, too
        return _why(error)
    return ""


def _beside(record: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The record with what is known, the recipe last as before."""
    others = dict(record)
    recipe = others.pop("recipe")
    return {**others, **known, "recipe": recipe}


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "another run is at it"
    return (error.strerror if isinstance(error, OSError) else "") or str(error)
