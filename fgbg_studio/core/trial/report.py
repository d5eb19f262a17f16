"""The page of a trial, ``trial.md`` and ``trial.html``: what the dataset taught, and what it did not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.words import duration
from fgbg_studio.core.dataset.card import plain
from fgbg_studio.core.dataset.exports.html_card import card_page
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.colour_maps import depth_colours, depth_range
from fgbg_studio.core.imaging.contact_sheet import LIGHT_SHEET, SheetColours, sheet
from fgbg_studio.core.trial.metrics import DEPTH_FIGURES, MASK_FIGURES, Scores
from fgbg_studio.core.trial.progress import Look
from fgbg_studio.core.trial.results import NetworkResult, TrialResult

PAGES = "trial.md", "trial.html"
PARTS = ("train", "seen", "new-background", "new-foreground", "both-new")
TITLES = {
    "iou": "IoU", "dice": "Dice", "boundary_f": "boundary F", "delta1": "δ1", "abs_rel": "AbsRel", "rmse": "RMSE",
    "ssim": "SSIM", "object_abs_rel": "AbsRel on objects",
}  # fmt: skip
WORDS = {"two": "two inputs", "one": "the composite alone"}
_MEMORY = 0.05  # of IoU: what is lost from seen to new pictures, from which on it is said
_LEANS = (
    ". It relies on a background that equals the composite in its finest detail, and fails without; what can be "
    "learned without it is said by a trial with background_noise=fresh."
)
_LEARNED = 0.5  # of IoU: under it there is little to remember or to carry over
_CELL = 132

Rows = list[tuple[str, Mapping[str, Scores]]]


def write_report(result: TrialResult) -> tuple[Path, ...]:
    """Write the pages into the trial's folder, where its pictures are."""
    text = "\n".join(report_lines(result)) + "\n"
    pages = tuple(result.folder / name for name in PAGES)
    write_file(pages[0], text.encode())
    write_file(pages[1], card_page(text, result.folder).encode())
    return pages


def report_lines(result: TrialResult) -> list[str]:
    """The page in Markdown."""
    return [
        f"# Trial of {plain(result.title)}", "", *(f"- {sentence}" for sentence in findings(result)),
        *_figures(result), *_real(result), *_curves(result), *_pictures(result), *_how(result), *_files(result),
    ]  # fmt: skip


def rows_of(result: TrialResult) -> Rows:
    """Who is measured, and the scores by part: networks first, then what costs nothing."""
    rows: Rows = []
    for one in result.networks:
        rows.append((WORDS[one.inputs], one.scores))
        if one.afresh:
            rows.append((f"{WORDS[one.inputs]}, background coded afresh", one.afresh))
    return [*rows, *((f"baseline: {one.name}", one.scores) for one in result.baselines)]


def findings(result: TrialResult) -> list[str]:
    """What came out, in sentences: the best and the worst news alike."""
    found = [sentence for one in result.networks for sentence in _of_network(one, result)]
    return [*found, *(plain(note) for note in result.notes)]


def _of_network(one: NetworkResult, result: TrialResult) -> list[str]:
    words = WORDS[one.inputs].capitalize()
    scores, found = one.scores, []
    seen, new = scores.get("seen", Scores()), scores.get("both-new", Scores())
    if not math.isnan(seen.iou):
        found.append(f"{words}: mask IoU {seen.iou:.3f} on pictures that were trained with, in pairs that were not.")
        if not math.isnan(new.iou) and seen.iou >= _LEARNED:
            lost = seen.iou - new.iou
            how = "it remembers pictures" if lost > _MEMORY else "what it learned holds for new pictures"
            found.append(f"{words}: {new.iou:.3f} where background and foreground are both new: {how}.")
    if not math.isnan(seen.abs_rel):
        of_new = "" if math.isnan(new.abs_rel) else f", {new.abs_rel:.3f} where both are new"
        found.append(f"{words}: depth AbsRel {seen.abs_rel:.3f} on the former{of_new}.")
    afresh = one.afresh.get("seen")
    if afresh is not None and not math.isnan(afresh.iou) and result.settings.background_noise != "fresh":
        found.append(
            f"{words}: {afresh.iou:.3f} with the background coded afresh, as another photo of the place would be"
            f"{_LEANS if seen.iou - afresh.iou > _MEMORY else ': it does without the composite’s own noise.'}"
        )
    for baseline in result.baselines:
        score = baseline.scores.get("seen", Scores())
        if not math.isnan(score.iou) and not math.isnan(seen.iou) and score.iou >= seen.iou:
            sees = ", which sees the background, too" if one.inputs == "one" else ""
            found.append(f"{words}: no better than {baseline.name} (IoU {score.iou:.3f}){sees}.")
        if not math.isnan(score.abs_rel) and not math.isnan(seen.abs_rel) and score.abs_rel <= seen.abs_rel:
            found.append(f"{words}: depth is no better than {baseline.name} (AbsRel {score.abs_rel:.3f}).")
    return found


def _figures(result: TrialResult) -> list[str]:
    rows, lines = rows_of(result), ["", "## Figures", ""]
    counts = {part: result.parts.get(part, 0) for part in PARTS}
    shown = [part for part in PARTS if any(part in scores for _, scores in rows)]
    measured = max((score.samples for _, scores in rows for score in scores.values()), default=0)
    lines.append(
        f"Parts: {', '.join(f'{part} {counts[part]:,}' for part in PARTS)} samples; they are {plain(result.origin)}. "
        f"Trained on {result.trained_on:,}; measured on up to {measured:,} of each part, at {result.out} × "
        f"{result.out} px."
    )
    for name in (*MASK_FIGURES, *DEPTH_FIGURES):
        table = figure_table(rows, shown, name)
        if table:
            unit = f" ({result.unit})" if name == "rmse" and result.unit else ""
            lines += ["", f"### {TITLES[name]}{unit}", "", *table]
    return lines


def figure_table(rows: Rows, parts: Sequence[str], name: str) -> list[str]:
    """A figure as a table of Markdown, by who and part; none where nobody has it."""
    body = []
    for who, scores in rows:
        values = [getattr(scores.get(part, Scores()), name) for part in parts]
        if not all(math.isnan(value) for value in values):
            body.append(f"| {plain(who)} | {' | '.join(map(said, values))} |")
    if not body:
        return []
    return [f"| | {' | '.join(parts)} |", f"|---|{'--:|' * len(parts)}", *body]


def said(value: float) -> str:
    """A figure for a table: '0.913', '–' where there is none."""
    return "–" if math.isnan(value) else f"{value:.3f}"


def _real(result: TrialResult) -> list[str]:
    found = {name: scores for one in result.networks for name, scores in one.real.items()}
    if not found:
        return []
    lines = ["", "## Real photos", "", "By the network that sees the composite alone.", ""]
    names = [name for name in (*MASK_FIGURES, *DEPTH_FIGURES[:-1]) if _has(found, name)]
    lines += [f"| | pictures | {' | '.join(TITLES[name] for name in names)} |", f"|---|--:|{'--:|' * len(names)}"]
    for what, scores in found.items():
        values = " | ".join(said(getattr(scores, name)) for name in names)
        lines.append(f"| {what} | {scores.samples} | {values} |")
    return lines


def _has(found: Mapping[str, Scores], name: str) -> bool:
    return any(not math.isnan(getattr(scores, name)) for scores in found.values())


def _curves(result: TrialResult) -> list[str]:
    lines = []
    for one in result.networks:
        picture = result.pictures.get(f"curves-{one.inputs}")
        if picture:
            lines += ["", f"### {WORDS[one.inputs].capitalize()}", "", f"![curves]({picture})"]
    return ["", "## Curves", *lines] if lines else []


def _pictures(result: TrialResult) -> list[str]:
    lines = []
    for one in result.networks:
        for which in ("best", "worst"):
            picture = result.pictures.get(f"{which}-{one.inputs}")
            if picture:
                lines += ["", f"### {which.capitalize()}, {WORDS[one.inputs]}", "", f"![{which}]({picture})"]
    return ["", "## The best and the worst", *lines] if lines else []


def _how(result: TrialResult) -> list[str]:
    lines = ["", "## How it was made", ""]
    lines += [
        (
            f"- {WORDS[one.inputs].capitalize()}: {one.parameters:,} weights, {result.side} × {result.side} px in, "
            f"{result.out} × {result.out} px out; {one.steps:,} steps in {duration(one.seconds)}, {one.rate:,.0f} "
            f"samples a second; {one.waited:.1%} of that time it waited for samples (the reader alone, on one thread, "
            f"gives {result.loader_rate:,.0f} a second)."
        )
        for one in result.networks
    ]
    given = result.settings.to_dict()
    for key in ("real", "real_unit", "card"):
        given.pop(key)
    lines += ["", "| setting | value |", "|---|---|", *(f"| {key} | {plain(_value(v))} |" for key, v in given.items())]
    return lines


def _value(value: object) -> str:
    if isinstance(value, dict):
        name, *rest = value.values()
        keys = list(value)[1:]
        inner = ", ".join(f"{key} {one}" for key, one in zip(keys, rest, strict=True))
        return f"{name} ({inner})" if inner else str(name)
    return str(value)


def _files(result: TrialResult) -> list[str]:
    lines = []
    for one in result.networks:
        lines += [f"- {WORDS[one.inputs].capitalize()}: {', '.join(f'`{name}`' for name in one.files.values())}."]
        lines += [f"- No {kind}: {plain(why)}." for kind, why in one.missing.items()]
    return ["", "## Files", "", *lines] if lines else []


def look_sheet(looks: Sequence[Look], colours: SheetColours = LIGHT_SHEET) -> Pixels:
    """(H, W, 3): a column for each sample: what went in, and truth above prediction."""
    masks = all(look.mask is not None for look in looks)
    depths = all(look.depth is not None for look in looks)
    rows, labels = [[look.composite for look in looks]], ["composites"]
    if masks:
        rows += [[_grey(look.true_mask) for look in looks], [_grey(look.mask) for look in looks]]
        labels += ["masks", "predicted"]
    if depths:
        maps = [look.true_depth for look in looks if look.true_depth is not None]
        low, high = depth_range(maps)
        rows += [
            [depth_colours(one, low, high) for one in (look.true_depth for look in looks) if one is not None],
            [depth_colours(one, low, high) for one in (look.depth for look in looks) if one is not None],
        ]
        labels += ["depth", "predicted"]
    captions: list[list[str]] = [[] for _ in rows[:-1]]
    captions.append([f"{look.part} {look.name}" for look in looks])
    return sheet(rows, labels, _CELL, captions, colours)


def _grey(mask: NDArray[np.bool_] | NDArray[np.float32] | None) -> Pixels:
    assert mask is not None
    return np.asarray(np.rint(mask.astype(np.float32) * 255), np.uint8)


def write_sheet(path: Path, looks: Sequence[Look]) -> None:
    """Write `look_sheet` as a JPEG."""
    write_file(path, encode(look_sheet(looks), Codec("jpeg", 90)))
