"""The check's findings one by one: in order, with a box each, of one size, and kept in place while they are mended."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.issue import Issue
from fgbg_studio.gui.foregrounds.issue_list import IssueList

SPECKS = ((5, 5, 2, 2), (40, 8, 1, 1), (9, 70, 1, 1))
HAZE = Issue("warning", "haze", "grey haze around the cutout", box=(0, 0, 90, 90), mendable=True)
CUT = Issue("warning", "cut-by-frame", "the object is cut off", box=(0, 3, 3, 60), places=((0, 3, 3, 60),))
TINY = Issue("warning", "tiny", "the object has only 12 pixels")


def specks(*places: tuple[int, int, int, int]) -> Issue:
    return Issue("warning", "islands", "specks beside the object", box=(5, 5, 36, 66), mendable=True, places=places)


@pytest.fixture
def issues(qtbot: QtBot) -> IssueList:
    made = IssueList()
    qtbot.addWidget(made)
    made.resize(260, made.sizeHint().height())
    made.show()
    return made


def click(qtbot: QtBot, part: object) -> None:
    qtbot.mouseClick(part, Qt.MouseButton.LeftButton)


def test_each_place_is_a_step_and_is_shown_when_it_is_gone_to(issues: IssueList, qtbot: QtBot) -> None:
    shown: list[tuple[str, object]] = []
    issues.show_wanted.connect(lambda issue, place: shown.append((issue.code, place)))
    issues.show_issues([HAZE, specks(*SPECKS), CUT, TINY])
    assert issues.count.text() == "1 of 6"
    assert shown == []  # nothing moves the picture unasked
    for _ in range(6):
        click(qtbot, issues.on)
    assert shown == [*(("islands", place) for place in SPECKS), ("cut-by-frame", CUT.box), ("haze", HAZE.box)]
    assert issues.count.text() == "1 of 6"
    click(qtbot, issues.back)
    assert issues.count.text() == "6 of 6"
    assert not issues.show_it.isVisible()
    assert not issues.mend_it.isVisible()


def test_specks_say_which_of_them(issues: IssueList) -> None:
    issues.show_issues([specks(*SPECKS)])
    issues.go(1)
    assert issues.text.text() == "Specks beside the object (2 of 3)"


def test_this_one_or_all_of_the_kind_is_mended(issues: IssueList, qtbot: QtBot) -> None:
    wanted: list[object] = []
    issues.mend_wanted.connect(lambda issue, place: wanted.append((issue.code, place)))
    issues.show_issues([specks(*SPECKS), HAZE])
    click(qtbot, issues.mend_it)
    click(qtbot, issues.mend_all)
    issues.go(3)
    assert not issues.mend_all.isVisible()
    click(qtbot, issues.mend_it)
    assert wanted == [("islands", SPECKS[0]), ("islands", None), ("haze", HAZE.box)]


def test_after_mending_the_next_is_said_and_the_picture_stays(issues: IssueList) -> None:
    shown: list[object] = []
    issues.show_issues([specks(*SPECKS), HAZE])
    issues.go(1)
    issues.show_wanted.connect(lambda _issue, place: shown.append(place))
    issues.show_issues([specks(SPECKS[0], SPECKS[2]), HAZE])
    assert issues.current
    assert issues.current.place == SPECKS[2]
    issues.show_issues([HAZE])
    assert issues.current.issue == HAZE
    assert shown == []


def test_the_step_stays_where_it_is_while_others_come(issues: IssueList) -> None:
    issues.show_issues([specks(*SPECKS), HAZE])
    issues.go(3)
    issues.show_issues([CUT, specks(*SPECKS), HAZE])
    assert issues.count.text() == "5 of 5"


def test_c_points_at_what_is_said_first_and_then_goes_on(issues: IssueList) -> None:
    shown: list[object] = []
    issues.show_wanted.connect(lambda _issue, place: shown.append(place))
    issues.show_issues([specks(*SPECKS)])
    issues.show_next(pointed=False)
    issues.show_next(pointed=True)
    assert shown == [SPECKS[0], SPECKS[1]]


def test_it_has_one_size_whatever_it_says(issues: IssueList) -> None:
    sizes: set[tuple[QSize, QSize]] = set()
    long = Issue("warning", "haze", "grey haze " * 40, box=(0, 0, 9, 9), mendable=True)
    for found in ([], [HAZE], [specks(*SPECKS), HAZE, CUT], [TINY], [long]):
        issues.show_issues(found)
        issues.layout().activate()
        sizes.add((issues.sizeHint(), issues.minimumSizeHint()))
    issues.say("Nothing is cut yet.")
    sizes.add((issues.sizeHint(), issues.minimumSizeHint()))
    assert len(sizes) == 1
