"""Name, class, licence, origin and height in the inspector: of one entry or several, kept or not, undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.cutting.work import ABOUT, beside
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project.heights import suggested_height
from fgbg_studio.core.project.properties import Properties, load_properties
from fgbg_studio.core.project.storage import changed
from tests.gui.foregrounds.test_panel import Hands, cut, hands
from tests.gui.foregrounds.test_photos import drop, keep_open, listed, photos, wait_for

__all__ = ["cut", "hands"]  # fixtures
CTRL = Qt.KeyboardModifier.ControlModifier


def type_into(field: QWidget, text: str) -> None:
    """As a person does: click, select all, type, Enter."""
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, CTRL)
    QTest.keyClicks(field, text) if text else QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClick(field, Qt.Key.Key_Return)


@pytest.fixture
def unfolded(cut: Hands) -> Hands:
    cut.panel.about.section.header.setChecked(True)
    cut.rest()
    return cut


def test_what_is_said_of_a_photo_goes_to_its_cutout(unfolded: Hands, project_folder: Path) -> None:
    panel, session = unfolded.panel, unfolded.window.session
    project, form = session.project, panel.about.form
    type_into(form.category, "ball")
    type_into(form.licence, "CC0")
    type_into(form.height_field, "0.25")
    assert session.project is project
    photo = project_folder / "photos" / "toy.png"
    assert load_properties(photo) == Properties(category="ball", licence="CC0", real_height=0.25)
    keep_open(unfolded)
    kept = session.project.foregrounds[-1]
    assert (kept.category, kept.licence, kept.origin, kept.real_height) == ("ball", "CC0", "", 0.25)
    type_into(form.origin, "my garden")
    assert session.project.foregrounds[-1].origin == "my garden"
    assert form.category.findText("ball") >= 0


def test_it_is_a_step_of_undo(unfolded: Hands, project_folder: Path) -> None:
    photo = project_folder / "photos" / "toy.png"
    type_into(unfolded.panel.about.form.category, "ball")
    unfolded.key(Qt.Key.Key_Z, CTRL)
    assert not beside(photo, ABOUT).exists()
    assert unfolded.panel.about.form.category.currentText() == ""
    unfolded.key(Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert load_properties(photo).category == "ball"
    assert unfolded.alpha.any()


def test_several_are_told_at_once(unfolded: Hands, tmp_path: Path, project_folder: Path) -> None:
    panel, session = unfolded.panel, unfolded.window.session
    keep_open(unfolded)
    drop(unfolded, *photos(tmp_path / "in", "a"))
    place = project_folder / "photos"
    wait_for(unfolded, "a")
    panel.strip.choose([place / "a.png", place / "toy.png"])
    type_into(panel.about.form.licence, "CC BY 4.0")
    assert session.project.foregrounds[-1].licence == load_properties(place / "a.png").licence == "CC BY 4.0"
    assert not panel.about.form.name.isEnabled()
    unfolded.key(Qt.Key.Key_Z, CTRL)
    assert session.project.foregrounds[-1].licence == load_properties(place / "a.png").licence == ""


def test_a_real_height_changes_the_sizes_of_the_plan(unfolded: Hands) -> None:
    session = unfolded.window.session
    keep_open(unfolded)
    session.change("by perspective", lambda project: changed(project, {"placement": "perspective"}))

    def sizes() -> list[int]:
        plan = Plan(make_recipe(session.project))
        last = len(plan.recipe.foregrounds) - 1
        return [plan[n].first.height for n in range(len(plan)) if plan[n].first.foreground == last]

    before = sizes()
    default = session.project.settings.foreground.real_height
    type_into(unfolded.panel.about.form.height_field, f"{default / 2:.2f}")
    after = sizes()
    assert len(after) == len(before) > 0
    assert sum(after) < 0.6 * sum(before)


def test_a_height_that_is_being_typed_outlives_a_change_of_the_project(cut: Hands) -> None:
    keep_open(cut)
    session, field = cut.window.session, cut.panel.about.form.height_field
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, CTRL)
    QTest.keyClicks(field, "0.4")
    session.change("rename", lambda project: project.model_copy(update={"name": "another"}))
    QTest.keyClicks(field, "5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert session.project.foregrounds[-1].real_height == 0.45


def test_how_tall_it_is_is_asked_and_answered_at_one_press(cut: Hands, project_folder: Path) -> None:
    panel, session, form = cut.panel, cut.window.session, cut.panel.about.form
    assert form.height_part.isVisible()
    assert not form.suggested.isVisible(), "nothing says what a toy's height is"
    assert "assumed" in form.height_field.text()
    cut.panel.about.section.header.setChecked(True)
    type_into(form.category, "chair")
    assert form.suggested.text() == "Set 0.9 m (chair)"
    panel.about.section.header.setChecked(False)
    keep_open(cut)
    assert session.project.foregrounds[-1].real_height is None
    below = form.height_field.geometry()
    QTest.mouseClick(form.suggested, Qt.MouseButton.LeftButton)
    assert session.project.foregrounds[-1].real_height == 0.9
    assert form.height_field.value() == 0.9
    assert not form.suggested.isVisible()
    assert form.height_field.geometry() == below
    cut.key(Qt.Key.Key_Z, CTRL)
    assert session.project.foregrounds[-1].real_height is None
    others = [item for item in panel.items.items.values() if item.foreground]
    panel.photos.take_likely_heights(others)
    heights = {one.file: one.real_height for one in session.project.foregrounds}
    assert heights == {one.foreground.file: suggested_height(one.foreground).metres for one in others if one.foreground}


def test_one_name_everywhere(unfolded: Hands, project_folder: Path) -> None:
    panel, session = unfolded.panel, unfolded.window.session
    keep_open(unfolded)
    before = session.project
    unfolded.key(Qt.Key.Key_F2)
    assert panel.about.form.name.hasFocus()
    assert not panel.about.form.name.visibleRegion().isEmpty()
    type_into(panel.about.form.name, "red ball")
    wait_for(unfolded, "red ball")
    assert session.project.foregrounds[-1].file == "foregrounds/red ball.png"
    assert (project_folder / "foregrounds" / "red ball.png").exists()
    assert listed(unfolded) == ["red ball"]
    assert unfolded.alpha.any()
    assert {path.name for path in (project_folder / "photos").iterdir()} >= {
        "red ball.png", "red ball.strokes.json", "red ball.alpha.png",
    }  # fmt: skip
    assert not list((project_folder / "photos").glob("toy*"))
    unfolded.key(Qt.Key.Key_Z, CTRL)
    wait_for(unfolded, "toy")
    assert session.project == before
    assert (project_folder / "foregrounds" / "toy.png").exists()


@pytest.mark.parametrize("name", ["fg_0", "a/b", "con"])
def test_a_name_that_cannot_be_is_refused_in_a_sentence(name: str, unfolded: Hands, project_folder: Path) -> None:
    keep_open(unfolded)
    before = unfolded.window.session.project
    type_into(unfolded.panel.about.form.name, name)
    assert unfolded.window.session.project is before
    assert unfolded.panel.about.form.name.text() == "toy"
    assert any(name in text for text in unfolded.panel.notices.texts())


def test_letters_reach_no_field_that_was_not_clicked(unfolded: Hands) -> None:
    panel = unfolded.panel
    for key in (Qt.Key.Key_E, Qt.Key.Key_B, Qt.Key.Key_R, Qt.Key.Key_1):
        unfolded.key(key)
    form = panel.about.form
    assert (form.name.text(), form.licence.text(), form.origin.text()) == ("toy", "", "")
    type_into(form.licence, "CC0")
    unfolded.qtbot.waitUntil(lambda: not form.licence.hasFocus())
    unfolded.key(Qt.Key.Key_E)
    assert form.licence.text() == "CC0"
