"""What the place Dataset says in words: kinds, tables, tuples for a training script, faults."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.base.words import human_bytes, one_line
from fgbg_studio.core.dataset.figures import OF_FILES, OF_PIXELS, Reports
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
        "instances": translate("dataset", "Index maps"),
    }
    return titles.get(kind, kind)


def one_of(kind: str) -> str:
    """'Composite' of ``fg_bg``: one picture of a kind."""
    titles = {
        "bg": translate("dataset", "Background"),
        "fg": translate("dataset", "Foreground"),
        "fg_mask": translate("dataset", "Foreground mask"),
        "fg_bg": translate("dataset", "Composite"),
        "mask": translate("dataset", "Mask"),
        "depth": translate("dataset", "Depth map"),
        "instances": translate("dataset", "Objects"),
    }
    return titles.get(kind, kind)


class TableCell(NamedTuple):
    """One cell of the table of kinds; quiet are figures of what was given to the encoder, a warning what is missing."""

    text: str
    tip: str = ""
    look: str = "text"


def table_row(
    contents: Contents, kind: str, report: Report | None, recorded: Report | None, places: int
) -> list[TableCell]:
    """Kind, pictures, files, size, shape, mean, σ in so many decimal places; what is not counted yet is left empty."""
    missing = contents.missing.get(kind, []) if contents.dataset else []
    count = contents.counts.get(kind, 0) - len(missing)
    files = contents.files.get(kind, number(count))
    if report is not None and report.get("of") == OF_FILES and not missing:
        count = int(report["count"])  # one that cannot be read is a file, and no picture
    pictures = translate("dataset", "{0} pictures, files: {1}").format(number(count), files)
    if missing:
        pictures = translate("dataset", "{0} are missing: {1}").format(number(len(missing)), names_of(missing))
    row = [
        TableCell(kind_title(kind), kind),
        TableCell(number(count), pictures, "warn" if missing else "text"),
        TableCell(files),
    ]
    if report is None:
        return [*row, *[TableCell("")] * 4]
    shape = " × ".join(map(str, report["shape"])) if report["shape"] else translate("dataset", "varies")
    return [*row, TableCell(human_bytes(report["bytes"])), TableCell(shape), *_figures(report, recorded, places)]


def _figures(report: Report, recorded: Report | None, places: int) -> list[TableCell]:
    metres, found = report.get("metres"), []
    if not report["mean"]:
        return [TableCell("")] * 2
    for name in ("mean", "std"):
        text = f"{metres[name]:.3f} m" if metres else _values(report[name], places)
        lines = [f"{text}: {_values(report[name], 6)}" if metres else _values(report[name], 6)]
        lines[0] += f" ({of_what(report)})"
        if recorded and differs(report, recorded):
            lines.append(f"{_values(recorded[name], 6)} ({of_what(recorded)})")
        found.append(TableCell(text, "\n".join(lines), "quiet" if report.get("of") == OF_PIXELS else "text"))
    return found


def names_of(names: Sequence[str]) -> str:
    """The first three, and how many more."""
    more = translate("dataset", " and {0} more").format(number(len(names) - 3)) if len(names) > 3 else ""
    return ", ".join(map(one_line, names[:3])) + more


def missing_words(missing: Mapping[str, Sequence[str]]) -> str:
    """'Masks: 1 missing (mask/a.png)', kind by kind."""
    text = translate("dataset", "{0}: {1} missing ({2})")
    return "; ".join(text.format(kind_title(kind), number(len(one)), names_of(one)) for kind, one in missing.items())


def of_what(report: Report) -> str:
    """What mean and σ are of."""
    before = report.get("of") == OF_PIXELS
    return translate("dataset", "before encoding") if before else translate("dataset", "files")


def differs(report: Report, recorded: Report) -> bool:
    """Whether the files' figures are others than those of what was encoded, as far as they are shown."""
    both = ((report[name], recorded[name]) for name in ("mean", "std"))
    return of_what(report) != of_what(recorded) and any(_values(one, 4) != _values(two, 4) for one, two in both)


def figures_note(reports: Reports, recorded: Reports) -> str:
    """What belongs under the table: what its figures are of, and where the files differ from what was encoded."""
    if not reports:
        return translate("dataset", "Sizes, shapes, means and σ are not computed yet.")
    metres = any("metres" in report for report in reports.values())
    unit = translate("dataset", "; depth in metres") if metres else ""
    said = [translate("dataset", "Mean and σ of all pixels, 0..1{0}.").format(unit)]
    before = [kind_title(kind) for kind, report in reports.items() if report.get("of") == OF_PIXELS]
    if before:
        text = translate("dataset", "Of {0} as before encoding: Verify measures the files.")
        said.append(text.format(", ".join(before)))
    for kind, report in reports.items():
        if kind in recorded and differs(report, recorded[kind]):
            mean, deviation = (_values(recorded[kind][name], 4) for name in ("mean", "std"))
            text = translate("dataset", "{0} before encoding: mean {1}, σ {2}.")
            said.append(text.format(kind_title(kind), mean, deviation))
    share = reports.get("depth", {}).get("metres", {}).get("no_value", 0.0)
    if share:
        said.append(translate("dataset", "{0} of the depth maps' pixels have no value.").format(f"{share:.2%}"))
    return " ".join(said)


def _values(values: Sequence[float], places: int) -> str:
    return " ".join(f"{value:.{places}f}" for value in values)


def python_tuples(report: Report) -> str:
    """``mean, std = (0.4812, 0.46, 0.4), (0.26, …)`` on 0..1, as a training script takes them."""
    text = f"mean, std = {_tuple(report['mean'])}, {_tuple(report['std'])}"
    metres = report.get("metres")
    return f"{text}  # in metres: {metres['mean']:.6g}, {metres['std']:.6g}" if metres else text


def dataset_facts(contents: Contents) -> list[Fact]:
    """What a person would ask of the dataset."""
    facts: list[Fact] = [(translate("dataset", "Samples"), number(contents.samples))]
    if contents.missing:
        counted = ", ".join(f"{kind_title(kind)}: {number(len(one))}" for kind, one in contents.missing.items())
        facts.append((translate("dataset", "Missing"), counted))
    dataset = contents.dataset
    if dataset is None:
        made = translate("dataset", "by another program: files are grouped by name")
        if contents.adoption:
            made = translate("dataset", "by hand, in the shape of {0}").format(contents.adoption.preset)
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


_KIND = re.compile(
    r"(?:(?<=\d )|(?<![^\s(]))(fg_bg|fg_mask|bg|fg)(?![^\s,:;)])|(?<=\d )(mask|depth)(?= |,)|^(depth)(?= )"
)


def in_words(clause: str) -> str:
    """What a check of a dataset says, with the place's names for kinds of pictures: 'composite differs'."""

    def title(found: re.Match[str]) -> str:
        several = clause[max(found.start() - 2, 0) : found.start() - 1].isdigit()
        return (kind_title if several else one_of)(found[0]).lower()

    return _KIND.sub(title, clause)


def sentence(text: str) -> str:
    """`in_words`, with a capital, unless it begins with the name of a file."""
    said = in_words(text)
    return capital(said) if said.partition(" ")[0].isalpha() else said


def _tuple(values: Sequence[float]) -> str:
    inside = ", ".join(f"{value:.6g}" for value in values)
    return f"({inside},)" if len(values) == 1 else f"({inside})"
