"""What the check objects to, by kinds: the worst first, with thumbnails, all mended at once, shown one by one."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.remedies import Set
from fgbg_studio.gui.generate.issues_view import IssuesView, by_kinds, places_of
from fgbg_studio.gui.lib.thumbnails import Thumbnails
from fgbg_studio.gui.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable


def haze(file: str, share: int) -> Issue:
    return Issue("warning", "haze", f"{file}: grey haze around the cutout, over {share} %", file, mendable=True)


ISSUES = [
    Issue("warning", "mask-jpeg", "masks are stored as JPEG", remedies=(Set({"codecs.mask.format": "png"}),)),
    haze("foregrounds/fg_9.png", 4),
    Issue("error", "horizon", "3 backgrounds have no horizon", "backgrounds/b.png", more_files=("backgrounds/c.png",)),
    haze("foregrounds/fg_1.png", 12),
    Issue("error", "file", "backgrounds/a.png is damaged", "backgrounds/a.png", stops=True),
]


def test_kinds_come_worst_first() -> None:
    kinds = by_kinds(ISSUES)
    assert [kind.first.code for kind in kinds] == ["file", "horizon", "haze", "mask-jpeg"]
    assert [issue.file for issue in kinds[2].issues] == ["foregrounds/fg_1.png", "foregrounds/fg_9.png"]
    assert kinds[2].said() == "2 cutouts with grey haze around them"
    assert kinds[0].said() == "backgrounds/a.png is damaged"
    assert kinds[1].files == ["backgrounds/b.png", "backgrounds/c.png"]
    many = by_kinds([Issue("warning", "new", "something"), Issue("warning", "new", "something else")])
    assert many[0].said() == "Something (and 1 more like it)"


class TestView:
    def test_pictures_are_seen_shown_and_mended(self, open_session: Session, qtbot: QtBot) -> None:
        session = open_session
        thumbnails = Thumbnails(session.jobs, session)
        thumbnails.open_project(session.folder)
        view = IssuesView(thumbnails, lambda file: places_of(session.project)[file], lambda _: None)
        qtbot.addWidget(view)
        one, two = (picture.file for picture in session.project.foregrounds[:2])
        view.show_issues([haze(one, 4), haze(two, 12)], finished=True)
        assert view.title.text() == "Check: 2 things to look at"
        assert view.amount.text() == "in 2 foregrounds"
        qtbot.waitUntil(lambda: len(view.findChildren(QToolButton)) == 2)
        buttons = view.findChildren(QToolButton)
        qtbot.waitUntil(lambda: all(not made.icon().isNull() for made in buttons))
        assert [made.toolTip() for made in buttons] == [haze(two, 12).message, haze(one, 4).message]
        with qtbot.waitSignal(view.show_wanted) as shown:
            buttons[1].click()
        assert (shown.args[0].file, shown.args[0].more_files) == (one, ())
        offered = {made.text(): made for made in view.findChildren(QPushButton)}
        assert list(offered) == ["Mend all 2", "Show"]
        with qtbot.waitSignal(view.mend_wanted) as mended:
            offered["Mend all 2"].click()
        assert set(mended.args[0]) == {picture.sha256 for picture in session.project.foregrounds[:2]}
        assert mended.args[1] == "haze"
        with qtbot.waitSignal(view.show_wanted) as shown:
            offered["Show"].click()
        assert (shown.args[0].file, shown.args[0].more_files) == (two, (one,))
        view.forget()
        assert not [line for line in view.list.findChildren(QLabel) if line.isVisibleTo(view)]

    def test_what_was_found_stays_while_it_looks_again(self, open_session: Session, qtbot: QtBot) -> None:
        view = IssuesView(Thumbnails(open_session.jobs), lambda _: ("", ""), lambda _: None)
        qtbot.addWidget(view)
        view.show_issues(ISSUES, finished=True)
        lines = list(view.list.lines)
        view.show_checking()
        view.show_issues(ISSUES[:1], finished=False)
        assert view.list.lines == lines
        assert view.title.text() == "Check: looking at every picture…"  # not how many it is of what is not shown
        view.show_issues([*ISSUES, haze("foregrounds/fg_3.png", 1)], finished=False)  # a moment's finds wait
        assert view.list.lines == lines
        view.show_issues(ISSUES[:1], finished=True)
        assert len(view.list.lines) == 1
        assert view.title.text() == "Check: 1 thing to look at"

    @pytest.mark.timing
    def test_thousands_of_issues_stall_nothing(self, qtbot: QtBot, open_session: Session) -> None:
        view = IssuesView(Thumbnails(open_session.jobs), lambda file: ("foregrounds", file), lambda _: None)
        qtbot.addWidget(view)
        view.resize(900, 500)
        view.show()
        codes = ("haze", "islands", "holes", "pieces", "cut-by-frame", "tiny", "enlarged", "dark")
        many = [replace(haze(f"foregrounds/{i}.png", i % 97), code=codes[i % 8]) for i in range(5000)]
        longest = []
        for _ in range(3):  # the best of three: another program's turn is no stall of ours
            view.show_issues(many[:100], finished=True)
            qtbot.waitUntil(lambda: not view._waiting)
            turns = [processor(lambda: view.show_issues(many, finished=True))]
            while view._waiting:
                turns.append(processor(view._fill_one))
            longest.append(max(turns))
        assert min(longest) < 0.05


def processor(turn: Callable[[], object]) -> float:
    """The seconds of processor that a turn takes of its own thread."""
    begun = time.thread_time()
    turn()
    return time.thread_time() - begun
