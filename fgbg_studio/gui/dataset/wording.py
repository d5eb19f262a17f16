"""What the place Dataset says in words: kinds, tables, tuples for a training script, faults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.base.words import human_bytes
from fgbg_studio.core.dataset.figures import OF_PIXELS, mean_and_deviation
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.gui.lib.facts import Fact
from fgbg_studio.gui.lib.formatting import capital, number

translate = QCoreApplication.translate
Report = dict[str, Any]
"""What `core.dataset.figures` says of one kind."""


def kind_title(kind: str) -> str:
    """'Composites' of ``fg_bg``; a kind of its own name is called that."""
    titles = {
        "bg": translate("dataset", "Backgrounds"),
        "fg": translate("dataset", "Foregrounds"),
        "fg_mask": translate("dataset", "Foreground masks"),
        "fg_bg": translate("dataset", "Composites"),
        "mask": translate("dataset", "Masks"),
        "depth": translate("dataset", "Depth maps"),
    }
    return titles.get(kind, kind)


def one_of(kind: str) -> str:
    """'Composite' of ``fg_bg``: a sample's own picture."""
    titles = {
        "fg_bg": translate("dataset", "Composite"),
        "mask": translate("dataset", "Mask"),
        "depth": translate("dataset", "Depth"),
    }
    return titles.get(kind, kind)


def table_row(contents: Contents, kind: str, report: Report | None) -> list[str]:
    """Kind, pictures, files, size, shape, mean, σ, of what; what is not counted yet is left empty."""
    count = contents.counts.get(kind, 0) if report is None else int(report["count"])
    row = [kind_title(kind), number(count), contents.files.get(kind, number(count))]
    if report is None:
        return [*row, "", "", "", "", ""]
    shape = " × ".join(map(str, report["shape"])) if report["shape"] else translate("dataset", "varies")
    return [*row, human_bytes(report["bytes"]), shape, *mean_and_deviation(report), _of(report)]


def _of(report: Report) -> str:
    """What mean and σ are of."""
    before = report.get("of") == OF_PIXELS
    return translate("dataset", "before JPEG; Verify measures the files") if before else translate("dataset", "files")


def python_tuples(report: Report) -> str:
    """``mean, std = (0.4812, 0.46, 0.4), (0.26, …)`` on 0..1, as a training script takes them."""
    text = f"mean, std = {_tuple(report['mean'])}, {_tuple(report['std'])}"
    metres = report.get("metres")
    return f"{text}  # in metres: {metres['mean']:.6g}, {metres['std']:.6g}" if metres else text


def dataset_facts(contents: Contents) -> list[Fact]:
    """What a person would ask of the dataset."""
    facts: list[Fact] = [(translate("dataset", "Samples"), number(contents.samples))]
    dataset = contents.dataset
    if dataset is None:
        made = translate("dataset", "by another program: files are grouped by name")
        return [*facts, (translate("dataset", "Made"), made)]
    settings, depth = dataset.recipe.settings, dataset.record.get("depth", {})
    facts += [
        (translate("dataset", "Preset"), dataset.recipe.preset),
        (translate("dataset", "Made by"), str(dataset.record.get("program", ""))),
        (translate("dataset", "Files"), settings.writer.summary),
    ]
    if depth.get("kind", "none") != "none":
        facts.append((translate("dataset", "Depth"), f"{depth.get('way', '')}: {depth.get('stored', '')}"))
    return facts


def sentence(text: str) -> str:
    """With a capital, unless it begins with the name of a kind or a file."""
    return capital(text) if text.partition(" ")[0].isalpha() else text


def _tuple(values: Sequence[float]) -> str:
    inside = ", ".join(f"{value:.6g}" for value in values)
    return f"({inside},)" if len(values) == 1 else f"({inside})"
