"""Following a remedy: a setting is one step of undo, and what a person has to do is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.errors import DatasetError, NetworkError
from fgbg_studio.core.base.remedies import (
    AddPictures,
    Adjust,
    ChooseNetwork,
    ChooseWriter,
    GenerateAgain,
    MoreSamples,
    Set,
)
from fgbg_studio.core.networks import consent
from fgbg_studio.core.networks.model_cache import CACHE_VARIABLE
from fgbg_studio.core.project.settings import replaced
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.generate.panel import GeneratePanel
from fgbg_studio.gui.lib.remedies import offer
from fgbg_studio.gui.preview.panel import PreviewPanel
from fgbg_studio.gui.session.remedies import follow
from fgbg_studio.gui.session.session import Session


def test_settings_are_one_step_of_undo(open_session: Session) -> None:
    before = open_session.project
    follow(open_session, Set({"codecs.mask.format": "jpeg", "shard": 77}))
    settings = open_session.project.settings
    assert (settings.codecs.mask.format, settings.shard) == ("jpeg", 77)
    assert open_session.undo_stack.undoText() == "change mask format and shard"
    open_session.undo_stack.undo()
    assert open_session.project == before


def test_saying_yes_to_the_network_that_a_project_names(
    open_session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv(consent.STRICT, "1")
    path = str(tmp_path / "theirs.onnx")
    settings = replaced(open_session.project.settings, "depth.model", path)
    open_session.change("theirs", lambda project: project.model_copy(update={"settings": settings}))
    with pytest.raises(NetworkError) as refused:
        consent.check(path)
    before = open_session.project
    with qtbot.waitSignal(open_session.changed):
        follow(open_session, refused.value.remedies[0])
    assert open_session.project is before
    consent.check(path)
    assert path in offer(refused.value.remedies[0])


def test_a_writer_is_a_setting(open_session: Session) -> None:
    follow(open_session, ChooseWriter("tar"))
    assert open_session.project.settings.writer.name == "tar"


def test_what_cannot_be_set_is_said(open_session: Session, qtbot: QtBot) -> None:
    before = open_session.project
    with qtbot.waitSignal(open_session.failed) as failed:
        follow(open_session, Set({"shard": 0}))
    assert "shard" in failed.args[0].problem
    assert open_session.project is before


def test_nothing_without_a_project(qtbot: QtBot) -> None:
    session = Session()
    with qtbot.assertNotEmitted(session.remedy_wanted):
        follow(session, AddPictures("foregrounds"))
        follow(session, Set({"shard": 77}))


def test_a_place_is_shown_with_the_keyboard_where_a_person_goes_on(open_window: MainWindow, qtbot: QtBot) -> None:
    session, workspace = open_window.session, open_window.workspace
    follow(session, AddPictures("foregrounds"))
    assert workspace.current.place == "foregrounds"
    follow(session, ChooseNetwork())
    preview = workspace.current
    assert isinstance(preview, PreviewPanel)
    assert preview.form.sections["depth"].header.isChecked()
    follow(session, Adjust("foreground.sizing", "set a smaller size"))
    assert preview.form.sections["size"].header.isChecked()
    for key in ("camera.wall", "foreground.real_height", "placement.step", "placement.smallest", "depth.network"):
        follow(session, Adjust(key, "set another"))  # of the form, of a strategy, of another one, of none that is seen
        focused = preview.focusWidget()
        rows = {
            **preview.form.rows,
            **{f"placement.{k}": row for k, row in preview.form.forms["placement"].rows.items()},
        }
        seen = [name for name, row in rows.items() if focused and row.isAncestorOf(focused)]
        assert seen == [key] if key in rows and rows[key].isVisible() else not seen, key
        assert focused is not None
    follow(session, MoreSamples())
    generate = workspace.current
    assert isinstance(generate, GeneratePanel)
    assert generate.focusWidget() is generate.form.limit
    follow(session, GenerateAgain(workers=1))
    assert generate.focusWidget() is generate.form.workers
    qtbot.waitUntil(lambda: not session.jobs.busy)


@pytest.mark.parametrize(("place", "count"), [("generate", 1), ("dataset", 0)])
def test_a_dataset_s_error_changes_no_project(open_window: MainWindow, qtbot: QtBot, place: str, count: int) -> None:
    """The dataset that is looked at may be of another project than the open one."""
    panel = next(panel for panel in open_window.panels if panel.place == place)
    panel.notices.error(DatasetError("a is too large", Set({"shard": 77}, "set a smaller shard")))
    texts = [made.text() for made in panel.notices.findChildren(QPushButton)]
    assert texts.count("Set shard to 77") == count
    qtbot.waitUntil(lambda: not open_window.session.jobs.busy)
