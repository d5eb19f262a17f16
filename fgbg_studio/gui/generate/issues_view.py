"""What the check objects to, by kinds, the worst first: each with thumbnails of its pictures and with ways out."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.basics import IconLabel, button, frame, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import capital, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.lines import Lines
from fgbg_studio.gui.lib.remedies import offers, words
from fgbg_studio.gui.lib.theme import PAD, UNIT
from fgbg_studio.gui.lib.thumbnails import Thumbnails

MOST = 40
"""Kinds that are shown; a person mends some of so many first."""

PICTURES = 12
"""Thumbnails of a kind."""

_AT_ONCE = 4
"""Lines that are made in one turn of the event loop, so that there is something to see; the others follow."""

_MOMENT = 1.0  # seconds
_MORE_ROOM = 88  # pixels of 'and 999 more'
_HEIGHT = 30  # of a button, in pixels
SIDE = 44
"""Pixels of a thumbnail's longer side."""

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")

Offers = list[tuple[str, Callable[[], object]]]


def _tr(text: str) -> str:
    return QCoreApplication.translate("generate", text)


def kind_words() -> dict[str, str]:
    """What an issue of several pictures is called, by its code; {0} is how many."""
    return {
        "haze": _tr("{0} cutouts with grey haze around them"),
        "islands": _tr("{0} cutouts with specks beside the object"),
        "holes": _tr("{0} cutouts with small holes inside the object"),
        "pieces": _tr("{0} cutouts in two or more separate pieces"),
        "cut-by-frame": _tr("{0} objects that are cut off at an edge of their picture"),
        "tiny": _tr("{0} very small objects, which will be coarse when enlarged"),
        "faint": _tr("{0} cutouts through which the background shines"),
        "full": _tr("{0} foregrounds that are not cut out"),
        "empty": _tr("{0} cutouts that are fully transparent"),
        "enlarged": _tr("{0} pictures that are enlarged and will look soft"),
        "near-duplicate": _tr("{0} backgrounds that look like others: they make thousands of redundant samples"),
        "dark": _tr("{0} backgrounds that are almost black"),
        "transparent": _tr("{0} backgrounds with transparent areas, which come out white"),
        "file": _tr("{0} pictures that cannot be used as they are now"),
    }


@dataclass(frozen=True)
class IssueKind:
    """Issues of one sort; they are put in order, the worst first, when one asks for it."""

    found: tuple[Issue, ...]

    @cached_property
    def issues(self) -> tuple[Issue, ...]:
        """The worst first."""
        return tuple(sorted(self.found, key=_measure, reverse=True))

    @property
    def first(self) -> Issue:
        """The worst of them."""
        return self.issues[0]

    @cached_property
    def files(self) -> list[str]:
        """Of all pictures concerned, none twice."""
        return _files_of(self.issues)

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """The least is shown first: what stops a run, then errors, then what concerns most pictures."""
        one = self.found[0]
        return not any(issue.stops for issue in self.found), one.severity != "error", -len(_files_of(self.found))

    def said(self) -> str:
        """The heading."""
        known = kind_words().get(self.first.code)
        if len(self.issues) == 1:
            return capital(self.first.said(words))
        if known:
            return known.format(number(len(self.issues)))
        return _tr("{0} (and {1} more like it)").format(capital(self.first.message), number(len(self.issues) - 1))

    def whole(self) -> Issue:
        """The worst, with the pictures of all: what is shown of them together."""
        first, *others = self.files or [""]
        return replace(self.first, file=first, more_files=tuple(others))


def _files_of(issues: Sequence[Issue]) -> list[str]:
    named: dict[str, None] = {}
    for issue in issues:  # there are thousands: no generator, and mostly one file each
        named[issue.file] = None
        if issue.more_files:
            named.update(dict.fromkeys(issue.more_files))
    named.pop("", None)
    return list(named)


def by_kinds(found: Sequence[Issue]) -> list[IssueKind]:
    """The issues by severity and code, by `IssueKind.rank`."""
    kinds: dict[tuple[str, str], list[Issue]] = {}
    for issue in found:
        kinds.setdefault((issue.severity, issue.code), []).append(issue)
    return sorted((IssueKind(tuple(issues)) for issues in kinds.values()), key=lambda kind: kind.rank)


def _measure(issue: Issue) -> float:
    """How bad it is beside others of its sort: the first figure of its message, behind the file's name."""
    found = _FIGURE.search(issue.message, len(issue.file) if issue.message.startswith(issue.file) else 0)
    return float(found[0].replace(",", "")) if found else 0.0


class _Strip(QWidget):
    """A row of thumbnails of ``total`` pictures: as many as there is room for, and how many more there are."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self._total, self._buttons = total, list[QToolButton]()
        self._row = hbox(self, UNIT)
        self._more = label("", "caption")
        self._row.addWidget(self._more)
        self._row.addStretch(1)
        self.setMinimumWidth(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def add(self, made: QToolButton) -> None:
        """Put another one behind the others."""
        self._row.insertWidget(len(self._buttons), made)
        self._buttons.append(made)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Show as many as there is room for."""
        each, width = SIDE + 3 * UNIT, self.width()
        room = (width - _MORE_ROOM) // each if self._total * each > width else self._total
        for place, made in enumerate(self._buttons):
            made.setVisible(place < max(room, 1))
        more = self._total - min(max(room, 1), len(self._buttons))
        self._more.setText(_tr("and {0} more").format(number(more)) if more else "")


class IssuesView(QWidget):
    """A heading and a list that scrolls.

    Args:
        thumbnails: of the project's pictures.
        place: gives of a picture's file its place and its hash, both empty where it is none of the project.
        ways_out: gives of an issue the buttons that stand beside it instead of its remedies'; None for those.

    Signals:
        show_wanted: an issue whose pictures are to be shown.
        mend_wanted: the hashes of cutouts, and the code of what is to be mended in them.
        remedy_wanted: a remedy that is to be followed.
    """

    show_wanted = Signal(object)
    mend_wanted = Signal(list, str)
    remedy_wanted = Signal(object)

    def __init__(
        self,
        thumbnails: Thumbnails,
        place: Callable[[str], tuple[str, str]],
        ways_out: Callable[[Issue], Offers | None],
    ) -> None:
        super().__init__()
        self._thumbnails, self._place, self._ways_out = thumbnails, place, ways_out
        self.title, self.amount = label(self.tr("Check"), "heading"), label("", "quiet")
        self._shown: list[Issue] | None = None
        self._pictures: dict[str, list[QToolButton]] = {}
        self._waiting: list[Callable[[], object]] = []
        self._built = 0.0
        self._filler = QTimer(self, interval=0)
        self._filler.timeout.connect(self._fill_one)
        card = frame("card")
        self.list = Lines(3 * UNIT, (0, 0, UNIT, 0))
        self.list.setProperty("look", "panel")
        self.list.column.addStretch(1)
        self.scroller = QScrollArea()
        self.scroller.setProperty("look", "panel")
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroller.setWidgetResizable(True)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setWidget(self.list)
        column = vbox(card, 2 * UNIT, (4 * UNIT, PAD, PAD, PAD))
        head = hbox(spacing=3 * UNIT)
        head.addWidget(self.title)
        head.addWidget(self.amount)
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(self.scroller, 1)
        vbox(self).addWidget(card)
        thumbnails.arrived.connect(self._take_pictures)

    def show_checking(self) -> None:
        """The check has begun."""
        self.title.setText(self.tr("Check: looking at every picture…"))

    def show_issues(self, found: Sequence[Issue], *, finished: bool) -> None:
        """Show these; ``finished`` once there are no more."""
        if not finished and self._stays(len(found)):
            return
        errors = sum(one.severity == "error" for one in found)
        if found:
            self.title.setText(self._count(errors, len(found) - errors))
        elif finished:
            self.title.setText(self.tr("Check: no issues found"))
        if list(found) == self._shown:
            return
        self._shown, self._built = list(found), time.monotonic()
        self.amount.setText(self._amount())
        place = self.scroller.verticalScrollBar().value()
        self._pictures, self._waiting = {}, []
        self.list.empty()
        kinds = by_kinds(found)
        for kind in kinds[:_AT_ONCE]:
            self._add(kind)
        self._waiting[:0] = [partial(self._add, kind) for kind in kinds[_AT_ONCE:MOST]]
        self._waiting.append(partial(self._end_list, len(kinds) - MOST, place))
        self._filler.start()

    def _add(self, kind: IssueKind) -> None:
        self.list.add(self._line(kind))

    def _end_list(self, more: int, place: int) -> None:
        """All lines are there: say how many are not, and scroll to where a person was."""
        if more > 0:
            text = self.tr("and {0} more; the log has all of them").format(number(more))
            self.list.add(label(text, "quiet"))
        if place:
            self.list.adjustSize()  # at once, so that there is so far to scroll
            self.scroller.verticalScrollBar().setValue(place)

    def _stays(self, count: int) -> bool:
        """While it looks, what is shown stays: what it found before, and a moment's finds for that moment."""
        return bool(self._shown) and (count < len(self._shown or ()) or time.monotonic() - self._built < _MOMENT)

    def forget(self) -> None:
        """Another project comes."""
        self._shown, self._pictures, self._waiting = None, {}, []
        self.amount.setText("")
        self.list.empty()

    def _count(self, errors: int, warnings: int) -> str:
        parts = []
        if errors:
            parts.append(self.tr("1 error") if errors == 1 else self.tr("{0} errors").format(number(errors)))
        if warnings:
            many = self.tr("{0} things to look at").format(number(warnings))
            parts.append(self.tr("1 thing to look at") if warnings == 1 else many)
        return self.tr("Check: {0}").format(", ".join(parts))

    def _amount(self) -> str:
        """How many pictures are concerned: 'in 14 foregrounds and 3 backgrounds'."""
        places = Counter(self._place(file)[0] for file in _files_of(self._shown or ()))
        one = {"foregrounds": self.tr("1 foreground"), "backgrounds": self.tr("1 background")}
        many = {"foregrounds": self.tr("{0} foregrounds"), "backgrounds": self.tr("{0} backgrounds")}
        counts = [(place, places[place]) for place in one]
        parts = [one[place] if count == 1 else many[place].format(number(count)) for place, count in counts if count]
        return self.tr("in {0}").format(self.tr(" and ").join(parts)) if parts else ""

    def _line(self, kind: IssueKind) -> QWidget:
        line = QWidget()
        row = hbox(line, 2 * UNIT)
        error = kind.first.severity == "error"
        icon = IconLabel(Icon.ERROR if error else Icon.WARNING, 16, "bad" if error else "warn")
        icon.setFixedHeight(_HEIGHT)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        plain = self._ways_out(kind.first) is not None  # what its buttons do is said by them
        text, heading = vbox(spacing=UNIT), label(capital(kind.first.message) if plain else kind.said(), wrap=True)
        heading.setMinimumHeight(_HEIGHT)  # so that it stands in one line with the buttons
        text.addWidget(heading)
        pictures = self._strip(kind)
        if pictures:
            text.addWidget(pictures)
        row.addLayout(text, 1)
        for offered, handler in self._offers(kind):
            made = button(offered, None, "flat")
            made.setAccessibleName(f"{offered}: {kind.said()}")
            made.clicked.connect(lambda _=False, h=handler: h())
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _offers(self, kind: IssueKind) -> Offers:
        own = self._ways_out(kind.first)
        made = offers(kind.first.remedies, self.remedy_wanted.emit) if own is None else own
        mendable = [hashed for issue in kind.issues if issue.mendable and (hashed := self._place(issue.file)[1])]
        if mendable:
            text = self.tr("Mend all {0}").format(number(len(mendable))) if len(mendable) > 1 else self.tr("Mend")
            made = [*made, (text, partial(self.mend_wanted.emit, mendable, kind.first.code))]
        if kind.files:
            made = [*made, (self.tr("Show"), lambda: self.show_wanted.emit(kind.whole()))]
        return made

    def _strip(self, kind: IssueKind) -> QWidget | None:
        """Thumbnails of the pictures concerned; a click shows one, a hover says what is wrong with it."""
        files = kind.files
        if not any(self._place(file)[1] for file in files[:PICTURES]):
            return None
        strip = _Strip(len(files))
        self._waiting.append(partial(self._fill, strip, kind))
        return strip

    @Slot()
    def _fill_one(self) -> None:
        """One line, or one line's thumbnails, a turn of the event loop: all at once would be felt by a hand."""
        if self._waiting:
            self._waiting.pop(0)()
        else:
            self._filler.stop()
            self._want_pictures()

    def _fill(self, strip: _Strip, kind: IssueKind) -> None:
        said = {file: issue for issue in reversed(kind.issues) for file in (issue.file, *issue.more_files)}
        for file in kind.files[:PICTURES]:
            sha256 = self._place(file)[1]
            made = QToolButton()
            made.setIconSize(QSize(SIDE, SIDE))
            made.setFixedSize(SIDE + 2 * UNIT, SIDE + 2 * UNIT)
            made.setToolTip(capital(said[file].message))
            made.setAccessibleName(self.tr("Show {0}").format(file))
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            alone = replace(said[file], file=file, more_files=())
            made.clicked.connect(lambda _=False, one=alone: self.show_wanted.emit(one))
            self._pictures.setdefault(sha256, []).append(made)
            strip.add(made)
        strip.fit()

    def _want_pictures(self) -> None:
        files = sorted(_files_of(self._shown or ()))
        wanted = [(sha256, file) for file in files if (sha256 := self._place(file)[1]) in self._pictures]
        self._take_pictures([sha256 for sha256, _ in wanted])
        self._thumbnails.want_files(wanted, round(SIDE * self.devicePixelRatioF()))

    @Slot(list)
    def _take_pictures(self, arrived: list[str]) -> None:
        for sha256 in arrived:
            pixmap = self._thumbnails.pixmap(sha256)
            if pixmap:
                for made in self._pictures.get(sha256, ()):
                    made.setIcon(QIcon(pixmap))


def places_of(project: Project) -> dict[str, tuple[str, str]]:
    """(place, sha256) of each of the project's pictures, by its file."""
    kinds = (("backgrounds", project.backgrounds), ("foregrounds", project.foregrounds))
    return {picture.file: (place, picture.sha256) for place, pictures in kinds for picture in pictures}
