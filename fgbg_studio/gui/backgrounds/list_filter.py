"""Which backgrounds are shown, in which order."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from fgbg_studio.core.base.files import natural_key
from fgbg_studio.core.imaging.thumbnails import Metrics
from fgbg_studio.core.project.model import Background


class Tab(StrEnum):
    """The parts of the list; of the three in the middle every background has one as its state."""

    ALL = "all"
    REVIEW = "review"
    PICKED = "picked"
    REJECTED = "rejected"
    DUPLICATES = "duplicates"


class SortKey(StrEnum):
    """What the list is sorted by."""

    ADDED = "added"
    NAME = "name"
    SIZE = "size"
    BRIGHTNESS = "brightness"
    SHARPNESS = "sharpness"
    REMARKS = "remarks"


MEASURES = (SortKey.SIZE, SortKey.BRIGHTNESS, SortKey.SHARPNESS)
Range = tuple[float, float]


@dataclass(frozen=True)
class ListFilter:
    """What a person chose of the list.

    ``ranges`` are (least, most) of the measures that are bounded; ``remarked`` leaves those out of which nothing is
    remarked.
    """

    tab: Tab = Tab.ALL
    order: SortKey = SortKey.ADDED
    reverse: bool = False
    text: str = ""
    ranges: tuple[tuple[SortKey, Range], ...] = ()
    remarked: bool = False


@dataclass(frozen=True)
class Known:
    """What is known of the backgrounds beside themselves, by their hashes.

    Attributes:
        metrics: what was measured.
        duplicates: the near-duplicates between which nobody has decided.
        remarks: how many remarks a background has.
    """

    metrics: Mapping[str, Metrics]
    duplicates: Collection[str]
    remarks: Callable[[Background], int]


def state_of(background: Background) -> Tab:
    """To look at, picked or rejected."""
    if background.status == "rejected":
        return Tab.REJECTED
    return Tab.PICKED if background.reviewed else Tab.REVIEW


def value_of(background: Background, measure: SortKey, metrics: Mapping[str, Metrics]) -> float | None:
    """Shorter side in pixels, brightness 0..1 or sharpness; None where it was not measured yet."""
    if measure is SortKey.SIZE:
        return float(min(background.width, background.height))
    measured = metrics.get(background.sha256)
    if measured is None:
        return None
    return measured.brightness if measure is SortKey.BRIGHTNESS else measured.sharpness


def chosen(
    backgrounds: Sequence[Background], choice: ListFilter, known: Known, staying: Collection[str] = ()
) -> list[str]:
    """The hashes of what is shown, in its order; what was not measured yet comes last and passes no range.

    Args:
        backgrounds: all of them.
        choice: what a person chose of them.
        known: see `Known`.
        staying: hashes of what is shown whatever was chosen: what is judged stays under the pointer.
    """
    found = [
        b for b in backgrounds if b.sha256 in staying or (_in_tab(b, choice.tab, known) and _fits(b, choice, known))
    ]
    if choice.order is not SortKey.ADDED:
        found.sort(key=_key(choice, known))
    if choice.reverse:
        found.reverse()
    if choice.order in MEASURES:
        found.sort(key=lambda b: value_of(b, choice.order, known.metrics) is None)
    return [b.sha256 for b in found]


def name_of(background: Background) -> str:
    """The file's name without its folder."""
    return PurePosixPath(background.file).name


def _in_tab(background: Background, tab: Tab, known: Known) -> bool:
    if tab is Tab.DUPLICATES:
        return background.sha256 in known.duplicates
    return tab is Tab.ALL or tab is state_of(background)


def _fits(background: Background, choice: ListFilter, known: Known) -> bool:
    if choice.text and choice.text.lower() not in f"{name_of(background)} {background.reason}".lower():
        return False
    if choice.remarked and not known.remarks(background):
        return False
    for measure, (least, most) in choice.ranges:
        value = value_of(background, measure, known.metrics)
        if value is None or not least * (1 - 1e-9) <= value <= most * (1 + 1e-9):
            return False
    return True


@functools.lru_cache(maxsize=50_000)
def _name_key(name: str) -> tuple[tuple[int, str], ...]:
    return tuple(natural_key(name))


def _key(choice: ListFilter, known: Known) -> Callable[[Background], Any]:
    if choice.order is SortKey.NAME:
        return lambda b: _name_key(name_of(b))
    if choice.order is SortKey.REMARKS:
        return lambda b: -known.remarks(b)
    return lambda b: value_of(b, choice.order, known.metrics) or 0.0
