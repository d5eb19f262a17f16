"""What the card says of a dataset's splits, and of mean and σ of what is trained with."""

from __future__ import annotations

import contextlib
import re

from fgbg_studio.core.base.seal import unsealed
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.dataset.finalize import counted
from fgbg_studio.core.dataset.manifest import put_hashes
from fgbg_studio.core.dataset.record import FILE as RECORD
from fgbg_studio.core.dataset.record import Dataset, open_dataset
from fgbg_studio.core.dataset.split_files import FILE, FOLDER, NAMES, NONE, NORMALISATION, SplitsNote, read_note
from fgbg_studio.core.dataset.tree import tree

TITLE = "## Splits"
_CARD = "README.md"
_MEANINGS = {
    "train": "to train with",
    "seen": "pictures that are trained with, in pairs that are not",
    "new-background": "backgrounds that are not trained with",
    "new-foreground": "foregrounds that are not trained with",
    "both-new": "neither is trained with",
    NONE: "would mix these; not to be used",
}


def splits_section(dataset: Dataset) -> list[str]:
    """The lines of the section; none where the dataset is not split."""
    note = _note(dataset)
    if note is None:
        return []
    lines = [TITLE, "", "| split | samples | of |", "|---|--:|---|"]
    lines += [f"| `{name}` | {note.counts.get(name, 0):,} | {_MEANINGS[name]} |" for name in (*NAMES, NONE)]
    held = (
        f"{sum(one.new for one in pictures):,} of {len(pictures):,} {kind}"
        for kind, pictures in (("backgrounds", note.backgrounds), ("foregrounds", note.foregrounds))
    )
    lines += ["", f"Held out are {' and '.join(held)}, each with all that is nearly the same, by the seed "]
    lines[-1] += f"{note.settings.seed}. The lists are in `{FOLDER}`. A random split by sample would leak."
    return [*lines, *_measured(dataset)]


def _note(dataset: Dataset) -> SplitsNote | None:
    with contextlib.suppress(OSError, ValueError):
        return read_note(dataset.store.read(f"{FOLDER}/{FILE}"))
    return None


def _measured(dataset: Dataset) -> list[str]:
    """Mean and σ of what is trained with, where they were measured."""
    try:
        note = unsealed(dataset.store.read(f"{FOLDER}/{NORMALISATION}"))
        mean, std = (" ".join(f"{float(one):.4f}" for one in note["image"][key]) for key in ("mean", "std"))
        said = f"Of {int(note['samples']):,} samples to train with: composites mean {mean}, σ {std}"
        if note["depth"]:
            unit = " m" if note["unit"] == "m" else ""  # nothing else that somebody wrote gets onto the page
            middle, spread = (float(note["depth"][key][0]) for key in ("mean", "std"))
            said += f"; depth mean {middle:.4f}{unit}, σ {spread:.4f}{unit}"
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return []
    return ["", f"{said}."]


def put_on_card(store: Store) -> None:
    """Write what is known of the splits now into the card of a finished dataset, and nothing else of it anew.

    A recipe alone has no such card. Whoever calls it holds the dataset.

    Raises:
        DatasetError: its record is damaged.
        OSError: the disk refuses.
    """
    if not (store.exists(RECORD) and store.exists(_CARD)):
        return
    dataset = open_dataset(store)
    card = store.read(_CARD).decode("utf-8", "surrogateescape")
    card = _section(TITLE).sub("", card, count=1)
    lines = splits_section(dataset)
    before = _section("## Seams").search(card) or _section("## Statistics").search(card)
    if lines and before:
        text = "\n".join(lines)
        card = f"{card[: before.end()]}{text}\n\n{card[before.end() :]}"
    files = tree(dataset, counted(dataset))
    if files:
        text = "\n".join(["## Files", "", "```text", *files, "```"])
        card = _section("## Files").sub(lambda _: f"{text}\n\n", card, count=1)
    store.put(_CARD, card.encode("utf-8", "surrogateescape"))
    put_hashes(dataset, [_CARD])


def _section(title: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(title)}$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
