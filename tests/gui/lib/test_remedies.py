"""The window never tells a person to type a command, and offers to do what it can do."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.errors import DatasetError, PictureError, ProjectError, UsageError
from fgbg_studio.core.base.remedies import (
    AddNetworkFile,
    AddPictures,
    Adjust,
    ChooseFolder,
    DownloadNetwork,
    GenerateAgain,
    NewProject,
    Remedy,
    Set,
)
from fgbg_studio.gui.app.main_window import PLACES
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.remedies import offer, offers, said, target, words
from tests.helpers.remedies import EVERY

COMMAND = re.compile(r"fgbg-studio|(?<!\w)--[a-z]|'generate'|\b[a-z]+\.[a-z_]+=|PROJECT|\.\.\.|  ")


@pytest.mark.parametrize("remedy", EVERY, ids=repr)
def test_every_remedy_has_words_without_a_command(remedy: Remedy) -> None:
    assert words(remedy)
    assert not COMMAND.search(words(remedy)), words(remedy)


@pytest.mark.parametrize("remedy", EVERY, ids=repr)
def test_a_remedy_leads_to_a_place_that_there_is(remedy: Remedy) -> None:
    assert target(remedy) in {"", *(place.place for place in PLACES)}
    assert bool(target(remedy)) <= bool(offer(remedy))


@pytest.mark.parametrize(
    ("remedy", "text", "button"),
    [
        (
            Set({"depth.encoding": "uint16-millimetres", "codecs.depth.format": "png"}, "keep metres"),
            "keep metres: set depth encoding to uint16-millimetres and depth format to png (Preview → Depth)",
            "Set both",
        ),
        (Set({"shard": 2000}, "set a smaller shard"), "set a smaller shard: set shard to 2000", "Set shard to 2000"),
        (Set({"depth.runtime": None}), "set depth runtime to none (Preview → Depth)", "Set depth runtime to none"),
        (AddPictures("backgrounds"), "add some in Backgrounds", "Go to Backgrounds"),
        (
            Adjust("foreground.sizing", "set a smaller size"),
            "set a smaller size (Preview → Size of foregrounds)",
            "Go to the setting",
        ),
        (Adjust("shard", "set a smaller one"), "set a smaller one (shard)", ""),
        (NewProject(), "make one with File → New project", ""),
    ],
)
def test_words(remedy: Remedy, text: str, button: str) -> None:
    assert words(remedy) == text
    assert offer(remedy) == button


def test_an_error_is_said_in_the_window_s_words() -> None:
    error = ProjectError("p holds no project", NewProject())
    assert said(error) == "p holds no project. Make one with File → New project."


def test_a_name_with_a_line_break_stays_in_its_line() -> None:
    assert said(PictureError("a\n\tb.jpg is empty")) == r"a\n\tb.jpg is empty."


def buttons(notices: Notices) -> dict[str, QPushButton]:
    return {made.text(): made for made in notices.findChildren(QPushButton)}


def test_a_notice_has_a_button_for_what_can_be_followed(qtbot: QtBot) -> None:
    followed: list[Remedy] = []
    notices = Notices(followed.append)
    qtbot.addWidget(notices)
    notices.error(DatasetError("a is taken", ["wait for it", ChooseFolder("choose another folder")]))
    assert notices.texts() == ["a is taken. Wait for it, or choose another folder."]
    assert list(buttons(notices)) == ["Choose a folder…"]
    buttons(notices)["Choose a folder…"].click()
    assert followed == [ChooseFolder("choose another folder")]
    assert notices.texts() == []
    notices.error(DatasetError("the network x is not here"))
    assert notices.texts()[-1] == "The network x is not here.", "a sentence, but a file's name stays as it is"


def test_nobody_who_follows_no_buttons(qtbot: QtBot) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    notices.error(UsageError("a is no setting", Set({"shard": 2000})))
    assert buttons(notices) == {}


def test_two_ways_to_one_place_are_one_button() -> None:
    ways = [DownloadNetwork("net"), AddNetworkFile(__file__), GenerateAgain()]  # type: ignore[arg-type]
    assert [text for text, _ in offers(ways, print)] == ["Go to the networks", "Go to Generate"]
