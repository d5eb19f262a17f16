"""The card's section on a network that was trained on the dataset: what a trial has put into the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

RECORD = "trial"
"""Where it is in the record."""
PICTURE = "card/trial.jpg"
_TITLES = {"iou": "IoU of masks", "abs_rel": "AbsRel of depth"}


class TrialTold(TypedDict):
    """Sentences, and a figure by who was measured and by the part of the dataset."""

    figure: str
    findings: list[str]
    header: list[str]
    rows: list[list[str]]


def trial_lines(record: Mapping[str, Any], plain: Callable[[str], str], *, picture: bool) -> list[str]:
    """The section, none where no network was trained; ``plain`` makes Markdown of words, which may be anybody's."""
    try:
        told = TypeAdapter(TrialTold).validate_python(record[RECORD])
    except (KeyError, ValidationError):
        return []
    header = [_TITLES.get(told["figure"], ""), *map(plain, told["header"])]
    lines = ["## Trial", "", *(f"- {plain(one)}" for one in told["findings"]), ""]
    lines += [f"| {' | '.join(header)} |", f"|---|{'--:|' * (len(header) - 1)}"]
    lines += [f"| {' | '.join(map(plain, row))} |" for row in told["rows"]]
    return [*lines, "", "What it did worst:", "", f"![the worst of the trial]({PICTURE})"] if picture else lines
