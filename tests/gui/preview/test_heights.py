"""Real heights in Preview: asked quietly for all, shown and pulled for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fgbg_studio.core.project import storage
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.preview.panel import PreviewPanel
from tests.conftest import MakeProject
from tests.helpers.previews import QUICK, Preview


@pytest.fixture
def panel(window: MainWindow, qtbot: QtBot, make_project: MakeProject, tmp_path: Path) -> PreviewPanel:
    """Of a project whose second foreground is a chair, and nobody said how tall."""
    folder = make_project(tmp_path, "studio-256", 2, 2, QUICK)
    made = storage.load(folder)
    chair = made.foregrounds[1].model_copy(update={"category": "chair"})
    storage.save(folder, made.model_copy(update={"foregrounds": (made.foregrounds[0], chair)}))
    return Preview(window, qtbot, make_project, tmp_path).show(folder)


def heights(panel: PreviewPanel) -> list[float | None]:
    return [one.real_height for one in panel.session.project.foregrounds]


def large_with(panel: PreviewPanel, foreground: int) -> None:
    of = (place for place, made in panel.samples.made.items() if made.sample.first.foreground == foreground)  # type: ignore[union-attr]
    panel.grid.opened.emit(str(next(of)))


def test_what_is_assumed_of_all_is_said_and_set_at_one_press(panel: PreviewPanel) -> None:
    note = panel.form.heights
    assert note.words.text() == "2 of 2 foregrounds have no height of their own; they are taken as 1.7 m tall."
    assert note.likely.text() == "Likelier by class and shape: fg_1.png 0.9 m (chair)."
    note.take.click()
    assert heights(panel) == [None, 0.9]
    assert panel.session.undo_stack.undoText() == "set heights by class and shape"
    assert note.words.text().startswith("1 of 2 ")
    assert note.take.isHidden()


def test_one_is_set_in_the_large_view(panel: PreviewPanel, qtbot: QtBot) -> None:
    large_with(panel, 1)
    form = panel.large.form
    assert form.own.fields["height"].text() == "1.70 m"
    assert "taken as 1.7 m" in form._assumed.text()
    assert form.suggested.text() == "Set 0.9 m (chair)"
    form.suggested.click()
    assert heights(panel) == [None, 0.9]
    qtbot.waitUntil(lambda: form.own.fields["height"].text() == "0.90 m")
    assert form.suggested.isHidden()
    form.own.fields["height"].setValue(1.1)
    assert heights(panel) == [None, 1.1]
    assert panel.session.project.settings.foreground.real_height == 1.7


def test_its_top_is_pulled_and_its_feet_stay(panel: PreviewPanel, qtbot: QtBot) -> None:
    large_with(panel, 0)
    view, model = panel.large.view, panel.large.model
    qtbot.waitUntil(lambda: model.picture is not None and view.isVisible())
    handle = view.composition_geometry.height_handle()
    assert handle is not None
    assert model.sample is not None
    before, scale = model.sample.first, view.frame_geometry.scale
    start = handle[0].toPoint()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(view, left, pos=start)
    QTest.mouseMove(view, start + QPointF(0, round(4 * scale)).toPoint())
    QTest.mouseRelease(view, left, pos=start + QPointF(0, round(4 * scale)).toPoint())
    after = model.sample.first
    assert heights(panel)[0] == pytest.approx(1.7 * (before.height - 4) / before.height, abs=0.03)
    assert heights(panel)[1] is None
    assert after.height == before.height - 4
    assert after.y + after.height == before.y + before.height
    assert panel.session.undo_stack.undoText() == "change real height"
