"""The inspector of the place Preview: settings, undo, and what the whole plan will be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.remedies import DownloadNetwork
from fgbg_studio.core.placement.layers import Layers
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.plan.statistics import PlanStatistics, plan_statistics
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.preview import settings_form
from fgbg_studio.gui.preview.settings_form import setting_of, value_of
from tests.conftest import MakeProject
from tests.gui.preview.test_panel import set_settings
from tests.helpers.previews import QUICK, Preview


@pytest.fixture
def preview(window: MainWindow, qtbot: QtBot, make_project: MakeProject, tmp_path: Path) -> Preview:
    return Preview(window, qtbot, make_project, tmp_path)


def test_the_bounds_are_those_of_the_settings() -> None:
    horizon = setting_of("camera.horizon", "Horizon")
    assert (horizon.minimum, horizon.maximum, horizon.kind) == (-1, 2, float)
    height = setting_of("camera.height", "Height")
    assert (height.minimum, height.maximum) == (0.01, 1000)
    assert setting_of("placements", "").minimum == 1


def test_every_row_shows_what_the_project_has(preview: Preview) -> None:
    panel = preview.open(changes=["camera.horizon=0.31", "compositing.mode=binary", "mirrored=false"])
    settings = panel.session.project.settings
    rows = panel.form.rows
    assert rows["camera.horizon"].field.box.text() == "31.0%"  # type: ignore[attr-defined]
    assert panel.form.forms["compositing.mode"].choice.currentText() == "Binary"
    assert not rows["mirrored"].field.box.isChecked()  # type: ignore[attr-defined]
    assert {key: form._shown for key, form in panel.form.forms.items()} == {
        key: value_of(settings, key) for key in panel.form.forms
    }


def test_how_many_the_frame_cuts_is_a_row(preview: Preview) -> None:
    panel = preview.open(changes=["scene.objects.most=3"])
    panel.form.sections["scene"].header.setChecked(True)
    box = panel.form.rows["scene.truncation"].field.box  # type: ignore[attr-defined]
    assert box.text() == "0.0%"
    box.setValue(30)
    assert panel.session.project.settings.scene.truncation == pytest.approx(0.3)
    panel.session.undo_stack.undo()
    assert panel.session.project.settings.scene.truncation == 0


def test_a_drag_is_one_step_and_shows_new_samples(preview: Preview, make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project(tmp_path, "studio-256", 3, 2, QUICK)
    made = storage.load(folder)  # a background with a horizon of its own would keep it
    plain = tuple(background.model_copy(update={"horizon": None}) for background in made.backgrounds)
    storage.save(folder, made.model_copy(update={"backgrounds": plain}))
    panel = preview.show(folder)
    slider = panel.form.rows["camera.horizon"].field.slider  # type: ignore[attr-defined]
    before = panel.samples.made[0].sample
    for value in (40, 35, 30):
        slider.field.setValue(value)
    assert panel.session.undo_stack.count() == 1
    assert panel.session.undo_stack.undoText() == "change horizon"
    assert panel.session.project.settings.camera.horizon == pytest.approx(0.3)
    preview.settle(panel)
    assert panel.samples.made[0].sample != before
    panel.session.undo_stack.undo()
    assert slider.value == pytest.approx(45)
    preview.settle(panel)
    assert panel.samples.made[0].sample == before


def test_later_changes_are_steps_of_their_own(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = preview.open()
    box = panel.form.rows["placements"].field.box  # type: ignore[attr-defined]
    box.setValue(4)
    panel.form.rows["mirrored"].field.box.click()  # type: ignore[attr-defined]
    assert panel.session.undo_stack.count() == 2
    monkeypatch.setattr(settings_form, "_ONE_GESTURE", -1.0)
    box.setValue(5)
    box.setValue(6)
    assert panel.session.undo_stack.count() == 4
    preview.settle(panel)


def test_what_the_settings_refuse_is_said_at_its_control(preview: Preview) -> None:
    panel = preview.open(changes=["depth.encoding=uint8-linear", "codecs.depth.format=jpeg"])
    form = panel.form.forms["depth.encoding"]
    panel.form.sections["depth"].header.setChecked(True)
    before = panel.session.project
    form.choice.activated.emit(form.choice.findData("uint16-millimetres"))
    assert panel.session.project is before
    assert form.trouble.isVisible()
    assert "JPEG only 8" in form.trouble.text()


def test_depth_layers_decide_the_number_of_placements(preview: Preview) -> None:
    panel = preview.open(changes=["placement=layers", "placement.columns=2", "placement.sizes=[30,20,12]"])
    row = panel.form.rows["placements"]
    assert not row.isEnabled()
    assert row.field.box.value() == 6  # type: ignore[attr-defined]
    columns = panel.form.forms["placement"].rows["columns"].field.box  # type: ignore[attr-defined]
    columns.setValue(4)
    assert row.field.box.value() == 12  # type: ignore[attr-defined]
    placement = panel.session.project.settings.placement
    assert placement == Layers(columns=4, sizes=(30, 20, 12))
    preview.settle(panel)
    assert dict(panel.plan.facts_shown())["Depth layers"] == "3 of 48 samples"
    set_settings(panel, "placement=uniform", "foreground.sizing=height", "foreground.sizing.pixels=20")
    assert row.isEnabled()
    assert row.field.box.value() == 3  # type: ignore[attr-defined]
    preview.settle(panel)


def test_the_network_is_asked_for_only_where_one_is_needed(preview: Preview) -> None:
    panel = preview.open()
    panel.form.sections["depth"].header.setChecked(True)
    assert not panel.form.network.isVisible()
    set_settings(panel, "depth.way=inserted", "depth.model=/nowhere/own.tflite")
    assert panel.form.network.isVisible()
    assert panel.form.rows["depth.network"].isVisible()
    assert isinstance(panel.session.project.settings, Settings)
    panel.form.change("depth.network", {"meaning": "metres", "width": 64, "height": 64})
    assert panel.session.project.settings.depth.network == {"meaning": "metres", "width": 64, "height": 64}
    preview.settle(panel)
    assert "/nowhere/own.tflite does not exist" in panel.notices.texts()[0]


def test_the_way_to_networks_leads_to_the_choice_that_offers_them(preview: Preview) -> None:
    panel = preview.open()
    panel.form.sections["depth"].header.setChecked(False)
    panel.show_remedy(DownloadNetwork("densedepth-nyu"))
    way = panel.form.forms["depth.way"].choice
    assert way.isVisible()
    assert way.hasFocus()
    assert not way.visibleRegion().isEmpty(), "the inspector is scrolled to it"
    set_settings(panel, "depth.way=inserted", "depth.model=/nowhere/own.tflite")
    panel.show_remedy(DownloadNetwork("densedepth-nyu"))
    assert panel.form.network.combo.hasFocus()


def test_the_plan_is_counted_and_counted_again(preview: Preview) -> None:
    panel = preview.open()
    *_, expected = plan_statistics(Plan(make_recipe(panel.session.project)))
    assert isinstance(expected, PlanStatistics)
    assert panel.plan.statistics is not None
    assert np.array_equal(panel.plan.statistics.feet, expected.feet)
    assert dict(panel.plan.facts_shown())["Samples"] == "36"
    first = panel.plan.statistics
    panel.act["preview.shuffle"].trigger()
    preview.settle(panel)
    assert panel.plan.statistics is first
    panel.form.rows["mirrored"].field.box.click()  # type: ignore[attr-defined]
    preview.settle(panel)
    assert panel.plan.statistics.count == 18
    assert dict(panel.plan.facts_shown())["Mirrored"] == "0%"


def test_a_hover_over_the_map_says_the_count(preview: Preview) -> None:
    panel = preview.open()
    statistics = panel.plan.statistics
    assert statistics is not None
    row, column = (int(i[0]) for i in np.nonzero(statistics.feet))
    square = panel.plan.map._square()
    side = square.width() / 32
    place = QPoint(round(square.x() + (column + 0.5) * side), round(square.y() + (row + 0.5) * side))
    count = int(statistics.feet[row, column])
    assert panel.plan.map.tooltip_at(place) == f"{count} objects stand here, {count / 36:.1%} of all"
    panel.plan.covered.click()
    assert panel.plan.map.tooltip_at(place).endswith("of all")
    assert "cover this" in panel.plan.map.tooltip_at(place)
    bar = int(np.argmax(statistics.heights))
    x = (bar + 0.5) / 50 * panel.plan.heights.width()
    assert panel.plan.heights.tooltip_at(x).startswith(f"{statistics.heights[bar]} objects are")


def test_what_is_folded_away_stays_so(preview: Preview, qtbot: QtBot) -> None:
    panel = preview.open()
    camera = panel.form.sections["camera"]
    assert not camera.body.isVisible()
    camera.header.click()
    assert camera.body.isVisible()
    again = MainWindow()
    qtbot.addWidget(again)
    other = again.panels[2]
    assert other.form.sections["camera"].header.isChecked()  # type: ignore[attr-defined]
    assert not other.form.sections["size"].header.isChecked()  # type: ignore[attr-defined]
