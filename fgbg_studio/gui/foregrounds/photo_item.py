"""The entries of the cutting place as values: a photo, its cutout, how far it is; which are shown, in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.files import natural_key
from fgbg_studio.core.project.model import Foreground, Project


class State(StrEnum):
    """How far an entry is, in the order in which one works."""

    TO_CUT = "to-cut"
    BEGUN = "begun"
    TO_LOOK_AT = "to-look-at"
    KEPT = "kept"
    REJECTED = "rejected"


class ItemOrder(StrEnum):
    """What the entries are sorted by."""

    ADDED = "added"
    NAME = "name"
    STATE = "state"
    WORST = "worst"


@dataclass(frozen=True)
class PhotoItem:
    """One entry.

    Attributes:
        path: the photo's file, or the cutout's own where there is no photo of it.
        begun: something was drawn.
        guessed: that is a network's first guess alone.
        foreground: what was kept of it, None where nothing was.
    """

    path: Path
    begun: bool = False
    foreground: Foreground | None = None
    guessed: bool = False

    @property
    def is_draft(self) -> bool:
        """Whether something is cut of it and nothing kept."""
        return self.begun and self.foreground is None

    @property
    def state(self) -> State:
        """How far it is."""
        if self.foreground is None:
            if self.begun:
                return State.TO_LOOK_AT if self.guessed else State.BEGUN
            return State.TO_CUT
        if self.foreground.status == "rejected":
            return State.REJECTED
        return State.KEPT if self.foreground.reviewed else State.TO_LOOK_AT

    @property
    def cutout(self) -> str:
        """The hash of its cutout; empty where there is none."""
        return self.foreground.sha256 if self.foreground else ""


@dataclass(frozen=True)
class ItemFilter:
    """What a person chose of the entries; ``state`` None shows every one."""

    state: State | None = None
    order: ItemOrder = ItemOrder.ADDED
    reverse: bool = False
    text: str = ""

    def fits(self, item: PhotoItem) -> bool:
        """Whether an entry is one of those that are shown."""
        if self.state is not None and item.state is not self.state:
            return False
        return all(word in item.path.stem.lower() for word in self.text.lower().split())


def shown(items: Sequence[PhotoItem], choice: ItemFilter, badness: Mapping[str, float]) -> list[Path]:
    """The photos of what is shown, in its order.

    Args:
        items: every one, in the order in which they were added.
        choice: what was chosen.
        badness: of cutouts by hash, 0 for one without a flaw; what has none yet comes after those that have.
    """
    found = [item for item in items if choice.fits(item)]
    keys: dict[ItemOrder, Callable[[PhotoItem], Any]] = {
        ItemOrder.NAME: lambda item: natural_key(item.path.stem),
        ItemOrder.STATE: lambda item: list(State).index(item.state),
        ItemOrder.WORST: lambda item: -badness.get(item.cutout, -1.0),
    }
    if choice.order in keys:
        found.sort(key=keys[choice.order])
    if choice.reverse:
        found.reverse()
    return [item.path for item in found]


def counts(items: Sequence[PhotoItem]) -> dict[State | None, int]:
    """How many entries are in each state; None counts all."""
    found = Counter(item.state for item in items)
    return {None: len(items), **{state: found[state] for state in State}}


def judged(project: Project, cutouts: Collection[str], verdict: State) -> Project:
    """The project with a person's verdict on these foregrounds (hashes): kept, rejected, or to be looked at again."""
    update = {
        "status": "rejected" if verdict is State.REJECTED else "good",
        "reviewed": verdict is not State.TO_LOOK_AT,
    }
    every = (f.model_copy(update=update) if f.sha256 in cutouts else f for f in project.foregrounds)
    return project.model_copy(update={"foregrounds": tuple(every)})
