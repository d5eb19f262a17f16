"""One composition large, by a real mouse on the real widget: what is dragged, what it changes, what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDoubleSpinBox
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.declared import declared
from fgbg_studio.core.base.sample import PlacedObject, Sample
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.imaging.colour_maps import depth_colours
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.interfaces.placement import Guide
from fgbg_studio.core.placement.region_mask import CELLS, pack
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project.settings import Camera
from fgbg_studio.gui.preview.composition_geometry import CompositionGeometry, FrameGeometry, HandleKind
from fgbg_studio.gui.preview.composition_paint import label_rows
from fgbg_studio.gui.preview.composition_view import CompositionView, blended
from fgbg_studio.gui.preview.large import LargeComposition
from fgbg_studio.gui.preview.preview_cache import PreviewCache
from fgbg_studio.gui.session.session import Session
from tests.helpers.pixels import from_image

LEFT = Qt.MouseButton.LeftButton


class Hands:
    """The widget on a project, and what hands do with it."""

    def __init__(self, qtbot: QtBot, session: Session, folder: Path, number: int = 0) -> None:
        self.qtbot, self.session = qtbot, session
        with qtbot.waitSignal(session.opened):
            session.open(folder)
        self.large = LargeComposition(session, PreviewCache())
        self.large.resize(1000, 760)
        qtbot.addWidget(self.large)
        qtbot.addWidget(self.large.form)
        with qtbot.waitExposed(self.large):
            self.large.show()
        self.plan = Plan(make_recipe(session.project))
        self.large.show_sample(self.plan[number])
        self.rest()

    @property
    def view(self) -> CompositionView:
        return self.large.view

    @property
    def geometry(self) -> CompositionGeometry:
        return self.view.composition_geometry

    @property
    def sample(self) -> Sample:
        assert self.large.model.sample is not None
        return self.large.model.sample

    def rest(self) -> None:
        """Until all that was asked for is made and shown."""
        model = self.large.model
        self.qtbot.waitUntil(lambda: not self.session.jobs.busy and not model.depth_busy)

    def guide(self, name: str) -> Guide:
        return next(guide for guide in self.large.model.guides if guide.name == name)

    def press(self, at: QPointF) -> None:
        self.qtbot.mouseMove(self.view, at.toPoint())
        self.qtbot.mousePress(self.view, LEFT, pos=at.toPoint())

    def drag(self, start: QPointF, by: QPointF) -> None:
        """Press, move in steps, let go."""
        self.press(start)
        for step in range(1, 6):
            self.qtbot.mouseMove(self.view, (start + by * step / 5).toPoint())
        self.qtbot.mouseRelease(self.view, LEFT, pos=(start + by).toPoint())
        self.rest()

    def drag_object(self, right: float, down: float) -> None:
        """By pixels of the frame."""
        self.drag(self.geometry.box().center(), QPointF(right, down) * self.geometry.frame.scale)

    def beside(self, name: str) -> QPointF:
        """A point on a line, beside the frame."""
        return QPointF(self.geometry.frame.area.x() - 20, self.geometry.line_y(self.guide(name)))

    def exact(self) -> np.ndarray:
        """The run's own composite of what is tried."""
        trial = self.large.model.trial
        assert trial is not None
        return Composer(Pictures(trial.recipe, None, self.session.folder))(self.sample).image

    def shown(self) -> np.ndarray:
        """The composite as it is painted, at the frame's own size; lines and words switched off."""
        pixmap = self.view.pixmap("image")
        assert pixmap is not None
        return from_image(pixmap.toImage())[..., :3]


@pytest.fixture
def hands(
    qtbot: QtBot, session: Session, tmp_path: Path, make_project: Callable[..., Path]
) -> Iterator[Callable[..., Hands]]:
    def make(preset: str = "layers-150", changes: tuple[str, ...] = (), number: int = 2) -> Hands:
        return Hands(qtbot, session, make_project(tmp_path, preset=preset, changes=list(changes)), number)

    yield make
    session.jobs.stop()


class TestGeometry:
    def test_the_frame_is_a_whole_number_of_the_screens_pixels(self) -> None:
        frame = FrameGeometry.fit(QSize(506, 416), 100, (), 1.0)
        assert (frame.area.getRect(), frame.scale) == ((54, 2, 400, 400), 4)
        assert (frame.x_of(25), frame.y_of(50)) == (154, 202)

    def test_a_handle_lies_above_the_object_and_that_above_a_line(self) -> None:
        line = Guide("step", "s", 1, 0, 2, float, look="line", row=50.0)
        figure = Guide("figure", "f", 1, 0, 2, float, look="figure", row=20.0, foot=60.0)
        frame = FrameGeometry.fit(QSize(506, 416), 100, (line, figure), 1.0)
        sample = Sample(0, 0, 0, (PlacedObject(0, False, 30, 40, 20, 30, -1, 1.0),))
        geometry = CompositionGeometry(frame, (line, figure), sample, (0.4, 0.6))
        box = geometry.box()
        figure_line = geometry.figure_line()
        assert figure_line is not None
        top, feet, _ = figure_line
        assert box.contains(feet)

        def held(at: QPointF, *, guides_shown: bool = True) -> object:
            handle = geometry.handle_at(at, guides_shown=guides_shown)
            return handle and (handle.kind, handle.guide)

        assert held(top) == (HandleKind.GUIDE, figure)
        assert held(feet) == (HandleKind.FIGURE, None)
        assert held(QPointF(box.left() + 5, frame.y_of(50))) == (HandleKind.OBJECT, None)
        assert held(QPointF(frame.x_of(10), frame.y_of(50))) == (HandleKind.GUIDE, line)
        assert held(top, guides_shown=False) is None


class TestObject:
    def test_up_is_smaller_and_down_is_larger(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        assert (large.sample.first.height, large.sample.first.layer) == (90, 0)
        large.drag_object(0, -60)
        assert (large.sample.first.height, large.sample.first.layer) == (60, 3)
        assert large.sample.first.y + large.sample.first.height == 96
        large.drag_object(0, 16)
        assert (large.sample.first.height, large.sample.first.layer) == (70, 2)
        large.drag_object(0, 100)
        assert (large.sample.first.height, large.sample.first.layer) == (90, 0)
        assert large.sample.first.y + large.sample.first.height == 150

    def test_the_pixels_are_the_composers(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        assert np.array_equal(large.shown(), large.exact())
        large.drag_object(20, -30)
        assert large.sample.first.layer in {1, 2}
        assert np.array_equal(large.shown(), large.exact())

    def test_what_is_painted_is_the_composite_pixel_by_pixel(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        large.large.header.lines.click()
        room = large.geometry.frame.area.width()
        large.large.resize(large.large.width(), large.large.height() - round(room % 150))  # a whole zoom
        large.drag_object(-10, -50)
        large.view.hovered = None
        area, scale = large.geometry.frame.area, round(large.geometry.frame.scale)
        assert scale >= 3
        grabbed = from_image(large.view.grab().toImage())
        x, y = round(area.x()) + scale // 2, round(area.y()) + scale // 2
        upper = grabbed[y : y + 90 * scale : scale, x : x + 150 * scale : scale, :3]
        assert np.array_equal(upper, large.exact()[:90])  # below it are the words at the object's feet

    def test_dragging_changes_no_project(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        before = large.session.project
        large.drag_object(10, -40)
        assert large.session.project is before
        assert not large.session.dirty
        assert large.session.undo_stack.count() == 0

    def test_it_goes_back_where_the_dataset_has_it(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        planned = large.sample
        assert not large.large.line.back.isVisible()
        large.drag_object(10, -40)
        large.large.line.back.click()
        assert large.sample == planned
        assert not large.large.line.back.isVisible()
        large.drag_object(10, -40)
        large.qtbot.keyClick(large.view, Qt.Key.Key_Home)
        assert large.sample == planned

    @pytest.mark.parametrize("preset", ["studio-256", "street-224"])
    def test_arrows_move_it_by_a_pixel(self, hands: Callable[..., Hands], preset: str) -> None:
        large = hands(preset, ("placement.smallest=0.1",) if preset == "studio-256" else ())
        large.drag_object(0, -20 if preset == "studio-256" else 20)
        start = large.sample
        foot = start.first.y + start.first.height
        large.qtbot.keyClick(large.view, Qt.Key.Key_Up)
        assert large.sample.first.y + large.sample.first.height == foot - 1
        large.qtbot.keyClick(large.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert large.sample.first.y + large.sample.first.height == foot + 9
        middle = large.sample.first.x + large.sample.first.width / 2
        large.qtbot.keyClick(large.view, Qt.Key.Key_Right)
        assert large.sample.first.x + large.sample.first.width / 2 == middle + 1

    def test_in_layers_an_arrow_goes_to_the_next_row(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        for layer in (1, 2, 3, 3):
            large.qtbot.keyClick(large.view, Qt.Key.Key_Up)
            assert large.sample.first.layer == layer
        large.qtbot.keyClick(large.view, Qt.Key.Key_Down)
        assert large.sample.first.layer == 2

    def test_perspective_sizes_by_the_cameras_formula(self, hands: Callable[..., Hands]) -> None:
        large = hands("studio-256")
        for down in (-30, 45):
            large.drag_object(0, down)
            foot = large.sample.first.y + large.sample.first.height
            assert large.sample.first.height == round(1.7 / 1.6 * (foot - 0.45 * 256))
        assert np.array_equal(large.shown(), large.exact())


class TestLines:
    def test_a_rows_line_changes_the_step_and_undo_restores_it(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        large.drag(large.beside("step 2"), QPointF(0, 6 * large.geometry.frame.scale))
        placement = large.session.project.settings.placement
        assert placement.step == pytest.approx(0.1, abs=0.002)  # type: ignore[attr-defined]
        assert large.session.undo_stack.count() == 1, "a drag is one step"
        assert large.guide("step 2").row == pytest.approx(120, abs=0.5)
        large.session.undo_stack.undo()
        assert large.session.project.settings.placement.step == 0.12  # type: ignore[attr-defined]
        assert large.guide("step 2").row == pytest.approx(114)
        assert not large.session.dirty

    def test_a_widget_that_is_moved_meanwhile_changes_nothing(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        start = large.beside("step 1")
        large.press(start)
        target = large.view.mapToGlobal(start + QPointF(0, 40))
        large.qtbot.mouseMove(large.view, large.view.mapFromGlobal(target).toPoint())
        changed = large.session.project
        scale = large.geometry.frame.scale
        large.large.resize(700, 480)
        large.qtbot.waitUntil(lambda: large.geometry.frame.scale < scale)
        large.qtbot.mouseMove(large.view, large.view.mapFromGlobal(target).toPoint() + QPoint(3, 0))
        assert large.session.project == changed
        large.qtbot.mouseRelease(large.view, LEFT)

    def test_two_drags_are_two_steps(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        for down in (-9, 12):
            large.drag(large.beside("margin"), QPointF(0, down * large.geometry.frame.scale))
        assert large.session.undo_stack.count() == 2

    def test_a_size_is_dragged_by_its_handle_and_the_object_follows(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        active = large.geometry.active_size()
        assert active is not None
        large.drag(large.geometry.size_handle(active), QPointF(0, -20 * large.geometry.frame.scale))
        assert large.session.project.settings.placement.sizes == (110, 80, 70, 60)  # type: ignore[attr-defined]
        assert large.sample.first.height == 110
        assert np.array_equal(large.shown(), large.exact())

    def test_a_click_on_a_band_puts_the_object_there(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        bands = large.geometry.band_areas()
        assert [guide.tag for guide, _ in bands] == ["90 px", "80 px", "70 px", "60 px"]
        heights = [place.center().y() for _, place in bands]
        assert heights == sorted(heights, reverse=True), "far above near"
        for layer in (3, 1):
            large.press(bands[layer][1].center())
            large.qtbot.mouseRelease(large.view, LEFT, pos=bands[layer][1].center().toPoint())
            assert large.sample.first.layer == layer
        assert large.session.undo_stack.count() == 0

    def test_rows_and_columns_are_typed(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        fields = large.large.form.lines.fields
        fields["rows"].setValue(3)
        assert large.session.project.settings.placement.sizes == (90, 80, 70)  # type: ignore[attr-defined]
        assert "size 3" not in large.large.form.lines.fields
        large.large.form.lines.fields["columns"].setValue(7)
        large.large.form.lines.fields["size 2"].setValue(55)
        placement = large.session.project.settings.placement
        assert (placement.columns, placement.sizes) == (7, (90, 80, 55))  # type: ignore[attr-defined]
        large.rest()
        assert len(large.large.model.places) == 21

    def test_rows_that_do_not_fit_are_said_and_can_be_taken_back(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        large.drag(large.beside("step 3"), QPointF(0, -90 * large.geometry.frame.scale))
        assert "does not fit into a frame" in large.large.line.words.text()
        assert large.sample.first.layer == 0, "where there is room it still stands"
        large.drag(large.beside("step 1"), QPointF(0, 30 * large.geometry.frame.scale))
        assert large.large.line.words.text().startswith("Try another position")


class TestEscape:
    def test_gives_a_lines_drag_up(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        before, start = large.session.project, large.beside("step 1")
        large.press(start)
        large.qtbot.mouseMove(large.view, (start + QPointF(0, 40)).toPoint())
        assert large.session.project != before
        with large.qtbot.assertNotEmitted(large.large.left):
            large.qtbot.keyClick(large.view, Qt.Key.Key_Escape)
        assert large.session.project == before
        large.qtbot.mouseMove(large.view, (start + QPointF(0, 60)).toPoint())
        assert large.session.project == before, "the hand lets go"

    def test_a_press_alone_undoes_nothing_earlier(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        large.drag(large.beside("step 1"), QPointF(0, 30))
        changed = large.session.project
        large.press(large.beside("step 1"))
        large.qtbot.keyClick(large.view, Qt.Key.Key_Escape)
        assert large.session.project is changed

    def test_takes_the_object_back_to_where_it_was(self, hands: Callable[..., Hands]) -> None:
        large = hands("street-224")
        large.drag_object(-12, 9)
        before, start = large.sample, large.geometry.box().center()
        large.press(start)
        large.qtbot.mouseMove(large.view, (start - QPointF(30, 30)).toPoint())
        assert large.sample != before
        large.qtbot.keyClick(large.view, Qt.Key.Key_Escape)
        assert large.sample == before


class TestRegion:
    def test_where_objects_may_stand_is_shown_and_said(self, hands: Callable[..., Hands]) -> None:
        large = hands("street-224")
        assert large.view.ground() is None
        cells = np.zeros((CELLS, CELLS), np.bool_)
        cells[90:, :] = True
        first, *rest = large.session.project.backgrounds
        painted = first.model_copy(update={"standing": pack(cells)})
        large.session.change("paint", lambda p: p.model_copy(update={"backgrounds": (painted, *rest)}))
        large.rest()
        ground = large.view.ground()
        assert ground is not None
        tint = from_image(ground.toImage())[..., 3] > 0
        assert not tint[:150].any()
        assert tint[165:].all()
        large.drag_object(0, 200)
        assert large.large.line.words.text().startswith("Only tried here")
        large.drag_object(0, -200)
        assert large.large.line.words.text().startswith("Outside the region")


class TestCamera:
    def test_the_horizon_is_this_backgrounds_own(self, hands: Callable[..., Hands]) -> None:
        large = hands("studio-256")
        foot = large.sample.first.y + large.sample.first.height
        large.drag_object(0, 1)
        large.drag(large.beside("horizon"), QPointF(0, -25.6 * large.geometry.frame.scale))
        first, second = large.session.project.backgrounds
        assert first.horizon == pytest.approx(0.35, abs=0.005)
        assert second.horizon == 0.45
        assert large.session.project.settings.camera.horizon == 0.45
        assert large.session.undo_stack.count() == 1
        assert large.sample.first.height > round(1.7 / 1.6 * (foot - 0.45 * 256))
        assert np.array_equal(large.shown(), large.exact())
        assert large.large.form.reset.isEnabled()
        large.large.form.reset.click()
        assert large.session.project.backgrounds[0].horizon is None
        assert not large.large.form.reset.isEnabled()

    def test_a_background_without_a_wall(self, hands: Callable[..., Hands]) -> None:
        large = hands("studio-256")
        large.large.form.outdoors.click()
        assert [b.wall for b in large.session.project.backgrounds] == ["none", None]
        assert large.large.form.outdoors.isChecked()
        large.session.undo_stack.undo()
        assert [b.wall for b in large.session.project.backgrounds] == [None, None]
        assert not large.large.form.outdoors.isChecked()

    def test_or_all_backgrounds(self, hands: Callable[..., Hands]) -> None:
        large = hands("studio-256")
        plain = tuple(b.model_copy(update={"horizon": None}) for b in large.session.project.backgrounds)
        large.session.change("plain", lambda project: project.model_copy(update={"backgrounds": plain}))
        large.rest()
        large.large.form.everywhere.click()
        large.drag(large.beside("horizon"), QPointF(0, 12.8 * large.geometry.frame.scale))
        assert large.session.project.settings.camera.horizon == pytest.approx(0.5, abs=0.005)
        assert [b.horizon for b in large.session.project.backgrounds] == [None, None]
        large.session.undo_stack.undo()
        assert large.session.project.settings.camera.horizon == 0.45

    def test_the_figures_head_raises_the_camera(self, hands: Callable[..., Hands]) -> None:
        large = hands("studio-256")
        figure = large.geometry.figure_line()
        assert figure is not None
        top, feet, _ = figure
        horizon = large.geometry.line_y(large.guide("horizon"))
        large.drag(top, QPointF(0, horizon - top.y()))
        assert large.session.project.backgrounds[0].camera_height == pytest.approx(1.7, abs=0.03)
        assert large.session.undo_stack.count() == 1
        large.drag(feet, QPointF(-100, -20))
        moved = large.geometry.figure_line()
        assert moved is not None
        assert moved[1].x() == pytest.approx(feet.x() - 100, abs=1)
        assert moved[0].y() == pytest.approx(horizon, abs=2), "a figure as tall as the camera has its head there"
        assert large.session.undo_stack.count() == 1, "where the figure stands is no setting"

    def test_the_figure_stays_on_the_ground(self, hands: Callable[..., Hands]) -> None:
        large = hands("studio-256")
        for start, by in ((1, -400.0), (1, 600.0)):
            figure = large.geometry.figure_line()
            assert figure is not None
            large.drag(figure[start], QPointF(0, by))
        figure = large.geometry.figure_line()
        assert figure is not None
        assert figure[1].y() == pytest.approx(large.geometry.frame.area.bottom(), abs=1)
        large.large.form.camera.fields["horizon"].setValue(97)
        figure = large.geometry.figure_line()
        assert figure is not None
        assert figure[1].y() > large.geometry.line_y(large.guide("horizon"))

    def test_limits(self, hands: Callable[..., Hands]) -> None:
        large = hands("studio-256")
        large.drag(large.beside("floor"), QPointF(0, 200 * large.geometry.frame.scale))
        assert large.session.project.settings.placement.floor == pytest.approx(0.78, abs=0.01)  # type: ignore[attr-defined]


class TestResults:
    def test_mask_and_depth_are_the_composers(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        large.drag_object(0, -40)
        model = large.large.model
        assert model.picture is not None
        assert model.depth is not None
        mask = from_image(large.large.mask_picture.canvas.pixmap.toImage())[..., 0]
        depth = from_image(large.large.depth_picture.canvas.pixmap.toImage())[..., :3]
        assert np.array_equal(mask, model.picture.mask)
        assert np.array_equal(depth, depth_colours(model.depth.map, model.depth.low, model.depth.high))
        large.large.grey.click()
        grey = from_image(large.large.depth_picture.canvas.pixmap.toImage())[..., 0]
        assert np.array_equal(grey, large.session.project.settings.depth.encoding.encode(model.depth.map))

    def test_depth_at_the_feet_follows_the_object(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        near = large.large.model.depth
        large.drag_object(0, -60)
        far = large.large.model.depth
        assert near is not None
        assert far is not None
        assert near.contact < far.contact

    def test_without_depth_it_is_said(self, hands: Callable[..., Hands]) -> None:
        large = hands("street-224", ("depth.way=none",))
        assert large.large.depth_picture.canvas.message == "The dataset has no depth maps"
        assert large.large.model.guides == ()
        assert np.array_equal(large.shown(), large.exact())

    @pytest.mark.parametrize("way", ["inserted", "network"])
    def test_a_missing_network_is_said_and_the_rest_goes_on(self, hands: Callable[..., Hands], way: str) -> None:
        large = hands("street-224", (f"depth.way={way}", "depth.model=/nowhere/net.tflite"))
        assert "/nowhere/net.tflite" in large.large.depth_picture.canvas.message
        before = large.sample
        large.drag_object(5, -15)
        assert large.sample != before
        assert np.array_equal(large.shown(), large.exact())

    @pytest.mark.parametrize("way", ["inserted", "network"])
    def test_a_networks_depth_comes_after_the_drag(self, hands: Callable[..., Hands], way: str, shared: Path) -> None:
        model = (shared / "models" / "fast_depth_224.tflite").resolve()
        large = hands("street-224", (f"depth.way={way}", f"depth.model={model}"))
        first = large.large.model.depth
        assert first is not None
        large.drag_object(8, -20)
        second = large.large.model.depth
        assert second is not None
        assert not np.array_equal(first.map, second.map)
        assert first.stands is (way == "inserted")


def name_of(hands: Hands, number: int) -> str:
    """By which the files of a sample are called."""
    return stem(hands.plan.paths(hands.plan[number]).fg_bg)


class TestSamples:
    def test_a_and_d_go_through_the_plan(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        assert large.large.header.name.text() == name_of(large, 2)
        for key, number in ((Qt.Key.Key_D, 3), (Qt.Key.Key_D, 4), (Qt.Key.Key_A, 3)):
            large.qtbot.keyClick(large.view, key)
            planned = large.plan[number]
            assert (large.sample.k, large.sample.first[1:]) == (planned.k, planned.first[1:])
            assert large.large.header.name.text() == name_of(large, number)

    def test_or_through_those_given(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        among = [large.plan[number] for number in (50, 7, 120)]
        large.large.show_sample(among[1], among)
        large.large.header.next.click()
        assert large.large.header.name.text() == name_of(large, 120)
        large.large.header.next.click()
        assert large.large.header.name.text() == name_of(large, 50)

    def test_other_pictures_are_chosen(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        combo = large.large.header.backgrounds
        assert [combo.itemText(i) for i in range(combo.count())] == ["bg_0.png", "bg_1.png"]
        combo.setCurrentIndex(1)
        combo.activated.emit(1)
        large.rest()
        assert large.large.model.background == large.session.project.backgrounds[1]
        assert np.array_equal(large.shown(), large.exact())
        large.large.header.foregrounds.activated.emit(1)
        assert large.large.model.foreground == large.session.project.foregrounds[1]

    def test_a_rejected_background_leads_back(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        first, second = large.session.project.backgrounds
        rejected = first.model_copy(update={"status": "rejected"})
        with large.qtbot.waitSignal(large.large.left):
            large.session.change("reject", lambda p: p.model_copy(update={"backgrounds": (rejected, second)}))

    def test_closing_the_project_leads_back_and_nothing_is_left(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        with large.qtbot.waitSignal(large.large.left):
            large.session.close()
        assert large.large.model.trial is None
        large.view.grab()

    def test_escape_and_the_button_lead_back(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        with large.qtbot.waitSignal(large.large.left):
            large.qtbot.keyClick(large.view, Qt.Key.Key_Escape)
        with large.qtbot.waitSignal(large.large.left):
            large.large.header.back.click()

    def test_hidden_it_makes_nothing_and_catches_up_when_shown(self, hands: Callable[..., Hands]) -> None:
        large = hands()
        large.large.hide()
        settings = large.session.project.settings
        smaller = settings.model_copy(update={"placement": type(settings.placement)(sizes=(50,))})
        large.session.change("smaller", lambda p: p.model_copy(update={"settings": smaller}))
        assert large.sample.first.height == 90
        large.large.show()
        large.qtbot.waitUntil(lambda: large.sample.first.height == 50)


@pytest.mark.parametrize(("side", "wide", "ratio"), [(256, 460, 1), (150, 601, 1), (224, 720, 1.5), (512, 300, 2)])
def test_the_frame_fills_the_room_on_whole_pixels_of_the_screen(side: int, wide: int, ratio: float) -> None:
    frame = FrameGeometry.fit(QSize(wide, wide + 40), side, (), ratio)
    assert 0 <= wide - frame.area.width() <= 6 + 1 / ratio
    assert frame.area.width() * ratio == pytest.approx(round(frame.area.width() * ratio))
    assert frame.scale * side == pytest.approx(frame.area.width())


def test_labels_of_lines_are_whole_and_apart() -> None:
    assert label_rows([200.0, 1.0]) == [8, 200], "that of a line at the upper edge is not cut off"
    first, second, third = label_rows([1.0, 3.0, 90.0])
    assert (first, third) == (8, 90)
    assert second - first >= 11


def test_pixels_are_squares_where_these_are_alike_and_blended_elsewhere() -> None:
    assert [blended(scale) for scale in (0.7, 1.0, 1.4, 2.0, 2.8, 3.9)] == [True, False, True, False, True, True]
    assert not blended(5.3)


@pytest.mark.parametrize("preset", ["studio-256", "layers-150"])
def test_every_guide_is_called_as_its_setting_is_in_the_form(hands: Callable[..., Hands], preset: str) -> None:
    large = hands(preset)
    form = declared(type(large.session.project.settings.placement))
    for guide in large.large.model.guides:
        group, _, name = guide.setting.partition(".")
        if guide.look == "height":  # of this foreground: the setting is of those without one
            continue
        known = form[name] if group == "placement" else declared(Camera)[name]
        part = guide.label.startswith(("Layer ", "Depth layers"))  # of a setting: one of several sizes
        assert part or (guide.label.lower(), guide.help, guide.unit.strip()) == (known.help, known.tip, known.unit)


def test_everything_has_a_name_for_those_who_cannot_see_it(hands: Callable[..., Hands]) -> None:
    large = hands("studio-256")
    for kind in (QAbstractButton, QComboBox, QDoubleSpinBox):
        for widget in [*large.large.findChildren(kind), *large.large.form.findChildren(kind)]:
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget
    assert large.view.accessibleName()
    assert large.view.focusPolicy() == Qt.FocusPolicy.StrongFocus
