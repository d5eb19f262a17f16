"""The backgrounds as the place shows them: numbers, near-duplicates, cells, values for the filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from fgbg_studio.core.imaging.thumbnails import Metrics
from fgbg_studio.core.project.duplicates import Groups, better, open_groups, similar_groups
from fgbg_studio.core.project.model import Background
from fgbg_studio.core.project.remarks import Remark, remarks
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.backgrounds.duplicates_view import Duplicate, Group
from fgbg_studio.gui.backgrounds.list_filter import (
    Known,
    ListFilter,
    SortKey,
    Tab,
    chosen,
    name_of,
    state_of,
    value_of,
)
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.image_cell import Cell
from fgbg_studio.gui.lib.thumbnails import Thumbnails
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.session.session import Session

MadeOf = tuple[Background, Metrics | None, Settings]


class BackgroundList(QObject):
    """What is known of the open project's backgrounds.

    Attributes:
        backgrounds: by hash, in the project's order.
        numbers: by hash, from 1.
        groups: near-duplicates between which nobody has decided.

    Signals:
        grouped: the near-duplicates were found anew.
    """

    grouped = Signal()

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._thumbnails = session, thumbnails
        self._similar: Groups = ()
        self._alike: dict[str, str] = {}
        self.backgrounds: dict[str, Background] = {}
        self.numbers: dict[str, int] = {}
        self.groups: list[list[Background]] = []
        self._remarks: dict[str, tuple[MadeOf, tuple[Remark, ...]]] = {}
        self._finder = Latest(session.jobs, self.tr("looking for near-duplicates"), self)
        self._finder.returned.connect(self._take_similar)

    def read(self) -> None:
        """Read the session's project again."""
        backgrounds = self._session.project.backgrounds if self._session.is_open else ()
        before = list(self.backgrounds)
        self.backgrounds = {b.sha256: b for b in backgrounds}
        self.numbers = {sha: place for place, sha in enumerate(self.backgrounds, 1)}
        if list(self.backgrounds) != before:
            if not backgrounds:
                self._similar = ()
            self._thumbnails.measure([(b.sha256, b.file) for b in backgrounds])
            self._finder.submit(partial(similar_groups, backgrounds))
        self._group()

    def forget(self) -> None:
        """The project is closed: what still arrives is about nothing."""
        self._finder.cancel()
        self.backgrounds, self.numbers, self._similar = {}, {}, ()
        self._group()

    @Slot(object)
    def _take_similar(self, similar: Groups) -> None:
        self._similar = similar
        self._group()
        self.grouped.emit()

    def _group(self) -> None:
        self.groups = open_groups(list(self.backgrounds.values()), self._similar)
        self._alike = {}
        for group in self.groups:
            for one, other in zip(group, [*group[1:], group[0]], strict=True):
                self._alike[one.sha256] = other.sha256

    def keys(self, choice: ListFilter, staying: Collection[str] = ()) -> list[str]:
        """The hashes of what is shown; see `chosen`."""
        known = Known(self._thumbnails.metrics, self._alike, lambda b: len(self.remarks(b)))
        return chosen(list(self.backgrounds.values()), choice, known, staying)

    def remarks(self, b: Background) -> tuple[Remark, ...]:
        """What is worth a look in it."""
        made_of = b, self._thumbnails.metrics.get(b.sha256), self._session.project.settings
        before, made = self._remarks.get(b.sha256, (None, ()))
        if before is None or any(one is not other for one, other in zip(before, made_of, strict=True)):
            made = remarks(*made_of)
            self._remarks[b.sha256] = made_of, made
        return made

    def counts(self) -> dict[Tab, int]:
        """How many pictures each tab has."""
        states = Counter(map(state_of, self.backgrounds.values()))
        return {**{tab: states[tab] for tab in Tab}, Tab.ALL: len(self.backgrounds), Tab.DUPLICATES: len(self._alike)}

    def values(self, measure: SortKey) -> list[float]:
        """A measure of all backgrounds that have it."""
        metrics = self._thumbnails.metrics
        found = (value_of(b, measure, metrics) for b in self.backgrounds.values())
        return [value for value in found if value is not None]

    def alike(self, sha256: str) -> str:
        """'31 office.jpg' of a near-duplicate, or empty."""
        other = self._alike.get(sha256)
        return f"{self.numbers[other]}  {name_of(self.backgrounds[other])}" if other else ""

    def files(self, keys: list[str]) -> list[tuple[str, str]]:
        """(hash, file) of those that are still there."""
        return [(key, self.backgrounds[key].file) for key in keys if key in self.backgrounds]

    def cell(self, sha256: str) -> Cell:
        """How one background looks in the grid."""
        b = self.backgrounds.get(sha256)
        if b is None:  # between a change of the project and the grid's own
            return Cell("")
        name, error = name_of(b), self._thumbnails.errors.get(sha256, "")
        other = self._alike.get(sha256)
        rejected, noted = b.status == "rejected", self.remarks(b)
        more = f" +{len(noted) - 1}" if len(noted) > 1 else ""
        words = "".join(f"\n{remark.words}" for remark in noted)
        return Cell(
            name=name,
            number=str(self.numbers[sha256]),
            dimmed=rejected,
            mark=(b.reason or self.state_words(b)) if rejected else "",
            badge=f"≈ {self.numbers[other]}" if other else "",
            remark=f"{noted[0].short}{more}" if noted else "",
            tick=state_of(b) is Tab.PICKED,
            error=error,
            aspect=b.width / b.height,
            tip=error or f"{name}\n{number(b.width)} × {number(b.height)} px\n{self.state_words(b)}{words}",
            spoken=", ".join(filter(None, (name, self.state_words(b), b.reason, *(r.words for r in noted), error))),
        )

    def state_words(self, b: Background) -> str:
        """Its state in words."""
        words = {Tab.REVIEW: self.tr("to look at"), Tab.PICKED: self.tr("picked"), Tab.REJECTED: self.tr("rejected")}
        return words[state_of(b)]

    def duplicates(self) -> list[Group]:
        """The near-duplicates for their view, the better one marked."""
        metrics = self._thumbnails.metrics
        groups = []
        for group in self.groups:
            best = better(group, metrics)
            groups.append(tuple(self._duplicate_of(b, best=b is best) for b in group))
        return groups

    def _duplicate_of(self, b: Background, *, best: bool) -> Duplicate:
        metrics = self._thumbnails.metrics.get(b.sha256)
        sharp = self.tr("sharpness {0}").format(f"{metrics.sharpness:,.0f}") if metrics else ""
        facts = " · ".join(filter(None, (f"{number(b.width)} × {number(b.height)}", sharp)))
        return Duplicate(b.sha256, f"{self.numbers[b.sha256]}  {name_of(b)}", facts, best, b.width / b.height)
