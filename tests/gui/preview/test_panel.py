"""The place Preview: the samples are the run's, and follow the project."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.imaging.colour_maps import depth_colours
from fgbg_studio.core.plan.selection import COUNT
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.model import Project
from fgbg_studio.core.project.settings import with_changes
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.preview.composition_paint import feet_words
from fgbg_studio.gui.preview.panel import PreviewPanel
from fgbg_studio.gui.preview.sample_jobs import PlannedSamples, prepare_samples
from fgbg_studio.gui.preview.views import SampleView, colours
from tests.conftest import MakeProject
from tests.helpers.datasets import make
from tests.helpers.pixels import from_image
from tests.helpers.previews import Preview

LOSSLESS = ["codecs.fg_bg.format=png", "codecs.mask.format=png", "codecs.depth.format=png"]


@pytest.fixture
def preview(window: MainWindow, qtbot: QtBot, make_project: MakeProject, tmp_path: Path) -> Preview:
    return Preview(window, qtbot, make_project, tmp_path)


def set_settings(panel: PreviewPanel, *changes: str) -> None:
    def change(project: Project) -> Project:
        return project.model_copy(update={"settings": with_changes(project.settings, parsed(changes))})

    assert panel.session.change("change settings", change)


def grey(image: QImage | None) -> AnyPixels:
    assert image is not None
    assert image.format() == QImage.Format.Format_Grayscale8
    return from_image(image)[..., 0]


def shown(panel: PreviewPanel, view: SampleView) -> list[bytes]:
    panel.act[f"preview.{view}"].trigger()
    pixmaps = [panel.samples.pixmap(place) for place in range(panel.samples.count)]
    return [from_image(pixmap.toImage()).tobytes() for pixmap in pixmaps if pixmap]


def test_the_shown_pixels_are_those_of_the_dataset(preview: Preview) -> None:
    panel = preview.open(changes=[*LOSSLESS, "depth.encoding=uint8-linear"])
    out = preview.folder / "out"
    make(panel.session.folder, out)
    plan = open_dataset(out).plan()
    assert panel.samples.count == len(plan) == 36
    for place, made in panel.samples.made.items():
        sample = plan[made.number]
        assert made.sample == sample
        paths = plan.paths(sample)
        assert made.composite is not None
        composite = decode((out / paths.fg_bg).read_bytes(), paths.fg_bg)
        assert np.array_equal(from_image(made.composite)[..., :3], composite)
        assert np.array_equal(grey(made.mask), decode((out / paths.mask).read_bytes(), paths.mask))
        stored = decode((out / paths.depth).read_bytes(), paths.depth)
        assert np.array_equal(panel.samples.depths[place].stored, stored)
        panel.samples.look_at(SampleView.GREY)
        pixmap = panel.samples.pixmap(place)
        assert pixmap is not None
        assert np.array_equal(from_image(pixmap.toImage())[..., 0], stored)


def test_depth_of_sixteen_bits_is_the_datasets_too(preview: Preview) -> None:
    panel = preview.open(n_bg=1, n_fg=1)
    out = preview.folder / "out"
    make(panel.session.folder, out)
    plan = open_dataset(out).plan()
    for place, made in panel.samples.made.items():
        path = plan.paths(plan[made.number]).depth
        stored = decode((out / path).read_bytes(), path)
        assert stored.dtype == np.uint16
        assert np.array_equal(panel.samples.depths[place].stored, stored)


def test_while_the_samples_of_a_smaller_project_come_the_others_keep_their_names(preview: Preview) -> None:
    """Their numbers are of the project as it was: said of the new one they ended the program."""
    panel = preview.open()
    samples, project = panel.samples, panel.session.project
    before = {place: panel.cells.cell(str(place)) for place in samples.made}
    first, *others = project.backgrounds
    rejected = [one.model_copy(update={"status": "rejected"}) for one in others]
    changed = project.model_copy(update={"backgrounds": (first, *rejected)})
    planned = next(prepare_samples(changed, panel.session.folder, samples.choice, samples.memory))
    assert isinstance(planned, PlannedSamples)
    samples._take([planned])
    old = {place: made for place, made in samples.made.items() if made.sample and made.sample.background}
    assert old
    for place in samples.made:
        assert panel.cells.cell(str(place)) == before[place]
        assert panel.cells.fill(panel.grid.card, place)
    panel._show_large(str(next(iter(old))))
    assert not panel.large.isVisible()


def test_every_view_shows_something_else(preview: Preview) -> None:
    panel = preview.open()
    views = {view: shown(panel, view) for view in SampleView}
    assert {len(pictures) for pictures in views.values()} == {panel.samples.count}
    assert len({pictures[0] for pictures in views.values()}) == len(SampleView)
    assert panel.bar.scale.isVisible()  # side by side has colours
    panel.act["preview.mask"].trigger()
    assert not panel.bar.scale.isVisible()


def test_stored_depth_has_a_legend_too(preview: Preview) -> None:
    panel = preview.open(changes=["depth.encoding=uint16-millimetres"])
    panel.act["preview.grey"].trigger()
    assert panel.bar.scale.isVisible()
    black, white = (int(word.replace(",", "")) for word in panel.bar.scale.words())
    stored = np.array([depth.stored for depth in panel.samples.depths.values()])
    assert (black, white) == (stored[stored > 0].min(), stored.max())
    assert "Stored values from" in panel.bar.scale.toolTip()
    assert "its white is 65,535" in panel.bar.scale.toolTip()


def test_a_sample_is_described_by_pixels_metres_and_percent_wherever_it_is_seen(preview: Preview) -> None:
    panel = preview.open()
    made = panel.samples.made[0]
    assert made.sample is not None
    width, height = made.sample.first.box[2:]
    away = f"{panel.samples.depths[0].contact:.2f} m away"
    facts = panel.cells.facts(0)
    assert facts.startswith(f"{width} × {height} px · {away}")
    assert facts.endswith(f"{grey(made.mask).mean() / 255:.1%} of the frame")
    panel.grid.opened.emit("0")
    preview.settle(panel)
    assert feet_words(panel.large.model) == f"{width} × {height} px · {away}"
    assert panel.large.mask_picture.caption.text() == facts.rpartition(" · ")[2]


def test_the_same_seed_shows_the_same_samples(preview: Preview) -> None:
    panel = preview.open(n_bg=4, n_fg=3, changes=["placements=20"])
    first = panel.samples.numbers
    assert len(set(first)) == COUNT
    panel.act["preview.shuffle"].trigger()
    preview.settle(panel)
    second = panel.samples.numbers
    assert panel.bar.seed.value() == 2
    assert second != first
    panel.bar.seed.setValue(1)
    preview.settle(panel)
    assert panel.samples.numbers == first
    assert panel.counter == "60 of 480 samples"
    panel.bar.foregrounds.picked.emit(panel.session.project.foregrounds[0].sha256)
    preview.settle(panel)
    assert panel.counter == "60 of 160 that fit · 480 samples"


def test_other_settings_show_the_same_pictures_again(preview: Preview) -> None:
    panel = preview.open(n_bg=4, n_fg=3, changes=["placements=20"])

    def pairs() -> list[tuple[int, int, bool]]:
        samples = [made.sample for _, made in sorted(panel.samples.made.items())]
        return [(s.background, s.first.foreground, s.first.mirrored) for s in samples if s]

    before, boxes = pairs(), [made.sample and made.sample.box for made in panel.samples.made.values()]
    set_settings(panel, "placement=uniform", "foreground.sizing=height", "foreground.sizing.pixels=20")
    preview.settle(panel)
    assert pairs() == before
    assert [made.sample and made.sample.box for made in panel.samples.made.values()] != boxes
    panel.session.undo_stack.undo()
    preview.settle(panel)
    assert [made.sample and made.sample.box for made in panel.samples.made.values()] == boxes


def test_one_background_and_one_foreground_are_picked(preview: Preview) -> None:
    panel = preview.open(n_bg=3, n_fg=2)
    project = panel.session.project
    panel.bar.backgrounds.setCurrentIndex(2)
    panel.bar.backgrounds.activated.emit(2)
    preview.settle(panel)
    assert {made.sample.background for made in panel.samples.made.values() if made.sample} == {1}
    panel.bar.foregrounds.activated.emit(1)
    preview.settle(panel)
    assert {made.sample.first.foreground for made in panel.samples.made.values() if made.sample} == {0}
    assert panel.samples.count == 6

    def reject(p: Project) -> Project:
        rejected = [b.model_copy(update={"status": "rejected"}) if i == 1 else b for i, b in enumerate(p.backgrounds)]
        return p.model_copy(update={"backgrounds": tuple(rejected)})

    panel.session.change("reject it", reject)
    preview.settle(panel)
    assert panel.samples.choice.background == ""
    assert panel.samples.choice.foreground == project.foregrounds[0].sha256
    assert panel.bar.backgrounds.currentIndex() == 0
    assert {made.sample.background for made in panel.samples.made.values() if made.sample} == {0, 1}


def test_a_click_shows_it_large_and_escape_goes_back(preview: Preview, qtbot: QtBot) -> None:
    panel = preview.open()
    cell = panel.grid.visualRect(panel.grid.model().index(1, 0))
    qtbot.mouseClick(panel.grid.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
    assert panel.pages.currentWidget() is panel.large
    qtbot.keyClick(panel.large, Qt.Key.Key_Escape)
    assert panel.pages.currentWidget() is panel.grid_page
    panel.grid.setFocus()
    qtbot.keyClick(panel.grid, Qt.Key.Key_Return)
    assert panel.pages.currentWidget() is panel.large
    panel.large.left.emit()
    assert panel.pages.currentWidget() is panel.grid_page
    preview.settle(panel)


def test_a_resting_mouse_shows_all_three(preview: Preview, qtbot: QtBot) -> None:
    panel = preview.open()
    panel.grid.hovered = 0
    panel.grid.card_wanted.emit(0)
    card = panel.grid.card
    assert card.isVisible()
    assert [picture.pixmap().isNull() for picture in card.pictures] == [False, False, False]
    contact = panel.samples.depths[0].contact
    assert not math.isnan(contact)
    assert f"{contact:.2f} m away" in card.facts.text()
    qtbot.mousePress(panel.grid.viewport(), Qt.MouseButton.RightButton)
    assert not card.isVisible()
    qtbot.mouseRelease(panel.grid.viewport(), Qt.MouseButton.RightButton)


def test_nothing_is_made_while_another_place_is_shown(preview: Preview, qtbot: QtBot) -> None:
    panel = preview.open()
    preview.window.workspace.show_place("backgrounds")
    before = panel.samples.made[0]
    set_settings(panel, "placement=uniform", "foreground.sizing=height", "foreground.sizing.pixels=20")
    preview.settle(panel)
    assert panel.samples.made[0] is before
    preview.window.workspace.show_place("preview")
    preview.settle(panel)
    assert panel.samples.made[0] is not before


def test_a_way_without_depth_has_two_pictures(preview: Preview) -> None:
    panel = preview.open(changes=["depth.way=none"])
    assert panel.samples.depths == {}
    assert not panel.act["preview.depth"].isEnabled()
    panel.act["preview.all"].trigger()
    pixmap = panel.samples.pixmap(0)
    assert pixmap is not None
    assert pixmap.width() == 64 * 2 + 4
    set_settings(panel, "depth.way=geometry")
    preview.settle(panel)
    assert panel.act["preview.depth"].isEnabled()
    assert len(panel.samples.depths) == panel.samples.count


@pytest.mark.parametrize(
    ("n_bg", "n_fg", "place"), [(0, 0, "backgrounds"), (2, 0, "foregrounds"), (0, 1, "backgrounds")]
)
def test_without_pictures_one_button_goes_where_they_are_added(
    preview: Preview, n_bg: int, n_fg: int, place: str
) -> None:
    panel = preview.open(n_bg=n_bg, n_fg=n_fg)
    assert panel.pages.currentWidget() is panel.empties[place]
    assert not panel.inspector.isVisible()
    from PySide6.QtWidgets import QPushButton

    button = panel.empties[place].findChild(QPushButton)
    button.click()
    assert preview.window.workspace.current.place == place


def test_another_project_begins_anew(preview: Preview, make_project: MakeProject, tmp_path: Path) -> None:
    panel = preview.open()
    panel.bar.seed.setValue(9)
    preview.settle(panel)
    other = make_project(tmp_path, "studio-256", 1, 1, ["size=48", "placements=1"], name="other")
    preview.window.close_project()
    assert panel.samples.made == {}
    assert panel.counter == ""
    preview.show(other)
    assert panel.samples.count == 2
    assert panel.bar.seed.value() == 1
    assert panel.samples.made[0].composite is not None
    assert panel.samples.made[0].composite.width() == 48
    assert storage.load(other).settings.size == 48


def test_the_colours_are_those_of_the_sheets_and_the_card(preview: Preview) -> None:
    panel = preview.open(n_bg=1, n_fg=1)
    depth, ends = panel.samples.depths[0], panel.samples.ends
    shown_pixels = from_image(colours(depth, ends))[..., :3].astype(int)
    assert np.abs(shown_pixels - depth_colours(depth.map, *ends)).max() <= 8  # one step of 256
    assert ends[0] <= depth.ends[0] < depth.ends[1] <= ends[1]


def test_while_one_is_large_the_grid_waits(preview: Preview) -> None:
    panel = preview.open()
    panel.grid.opened.emit("0")
    preview.settle(panel)
    before = panel.samples.made[0]
    set_settings(panel, "camera.height=1.2")
    preview.settle(panel)
    assert panel.samples.made[0] is before
    assert panel.plan.statistics is not None
    panel.act["preview.back"].trigger()
    preview.settle(panel)
    assert panel.samples.made[0].sample != before.sample


def test_the_way_without_depth_leaves_the_large_one_open(preview: Preview) -> None:
    panel = preview.open()
    panel.act["preview.depth"].trigger()
    panel.grid.opened.emit("0")
    set_settings(panel, "depth.way=none")
    preview.settle(panel)
    assert panel.pages.currentWidget() is panel.large
    assert panel.samples.view is SampleView.COMPOSITE
    assert panel.act["preview.composite"].isChecked()
