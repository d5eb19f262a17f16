"""Scenes of several objects large: which is taken, what is hidden of them, where the light comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.plan.what_if import WhatIf, with_light
from fgbg_studio.core.project import storage
from fgbg_studio.gui.preview.composition_geometry import HandleKind
from fgbg_studio.gui.preview.composition_model import FIRST
from fgbg_studio.gui.preview.composition_paint import light_said
from fgbg_studio.gui.session.session import Session
from tests.gui.preview.test_large_composition import Hands
from tests.helpers.pixels import from_image

LEFT = Qt.MouseButton.LeftButton
SCENE = ["scene.objects.least=3", "scene.objects.most=3", "scene.overlap=0.9", "placements=4"]
SHADOWS = ["appearance.cast_shadow=[0.4,0.4]"]


@pytest.fixture
def scene(
    qtbot: QtBot, session: Session, tmp_path: Path, make_project: Callable[..., Path]
) -> Iterator[Callable[..., Hands]]:
    def make(*changes: str, number: int = 0) -> Hands:
        folder = make_project(tmp_path, n_fg=3, changes=[*SCENE, *changes])
        plan = Plan(make_recipe(storage.load(folder)))
        crowded = [sample.number for sample in plan if len(sample.objects) > 2]
        return Hands(qtbot, session, folder, crowded[number])

    yield make
    session.jobs.stop()


def composed(hands: Hands, sample: Sample) -> np.ndarray:
    """The run's own composite, of objects where they are tried."""
    trial = hands.large.model.trial
    assert trial is not None
    composer = Composer(Pictures(trial.recipe, None, hands.session.folder))
    composer.open_depth(LocalStore(hands.session.folder))
    return composer(sample).image


def on_top(hands: Hands, place: int) -> QPointF:
    """A point of the widget where an object is solid, and nothing nearer is."""
    geometry, box = hands.geometry, hands.geometry.boxes()[place]
    for y in range(int(box.height() / 20), int(box.height()), max(int(box.height() / 10), 1)):
        for x in range(int(box.width() / 20), int(box.width()), max(int(box.width() / 10), 1)):
            point = box.topLeft() + QPointF(x, y)
            handle = geometry.handle_at(point, guides_shown=True, covers=hands.view._covers)
            if handle is not None and handle.kind is HandleKind.OBJECT and handle.place == place:
                return point
    raise AssertionError("nothing of it is seen")


@pytest.mark.parametrize("classes", ["any", "same"])
def test_those_who_stand_beside_it_are_the_datasets(
    classes: str, make_project: Callable[..., Path], tmp_path: Path
) -> None:
    folder = make_project(tmp_path, n_fg=3, changes=[*SCENE, f"scene.classes={classes}"])
    project = storage.load(folder)
    plan = Plan(make_recipe(project))
    for b, f, mirrored, k in ((0, 0, False, 0), (1, 2, True, 3), (1, 1, False, 2)):
        whole = plan[plan.number(b, f, mirrored, k)]
        trial = WhatIf(project, project.backgrounds[b], project.foregrounds[f])
        assert trial.sample(mirrored, k)[3:] == whole[3:]
        assert len(whole.objects) > 1


def test_what_is_settled_is_what_is_shown_and_moved(scene: Callable[..., Hands]) -> None:
    hands = scene()
    picture = hands.large.model.picture
    assert picture is not None
    assert hands.sample == picture.sample == picture.settled
    composer = Composer(Pictures(hands.plan.recipe, None, hands.session.folder))
    composer.open_depth(LocalStore(hands.session.folder))
    planned = hands.plan[hands.plan.number(*_number(hands))]
    assert composer.settled(planned)[3:] == hands.sample[3:]


def _number(hands: Hands) -> tuple[int, int, bool, int]:
    identity = hands.large._identity()
    assert identity is not None
    return identity


def test_each_object_is_dragged_by_itself_and_the_nearer_is_taken_first(scene: Callable[..., Hands]) -> None:
    hands = scene()
    saved = hands.session.project
    for place in range(len(hands.sample.objects)):
        before = hands.sample
        taken = before.objects[place]
        at = on_top(hands, place)
        hands.drag(at, QPointF(9 * hands.geometry.frame.scale, 0))
        hands.qtbot.waitUntil(lambda: hands.large.model.picture.sample == hands.sample)  # type: ignore[union-attr]
        there = hands.sample.objects[hands.large.model.held_at]
        assert (there.foreground, there.mirrored) == (taken.foreground, taken.mirrored)
        assert there.x != taken.x or taken.x + taken.width >= 247
        others = set(before.objects) - {taken}
        assert others <= set(hands.sample.objects)
        picture = hands.large.model.picture
        assert picture is not None
        assert np.array_equal(picture.image, composed(hands, hands.sample))
    assert hands.session.project is saved
    assert hands.large.line.back.isVisible()
    hands.qtbot.keyClick(hands.view, Qt.Key.Key_Home)
    hands.rest()
    picture = hands.large.model.picture
    assert picture is not None
    assert hands.sample == picture.settled
    assert not hands.large.line.back.isVisible()


def test_the_order_is_that_of_where_they_stand_now(scene: Callable[..., Hands]) -> None:
    hands = scene()
    model = hands.large.model
    model.hold(0)
    held = model.held
    side = hands.plan.recipe.settings.size
    model.put(side / 2, side)
    hands.rest()
    feet = [one.y + one.height for one in hands.sample.objects]
    assert feet == sorted(feet)
    assert model.held == held
    assert model.held_at == len(feet) - 1
    model.put(side / 2, 0)
    hands.rest()
    feet = [one.y + one.height for one in hands.sample.objects]
    assert (model.held_at, feet) == (0, sorted(feet))


def test_it_survives_another_sample_and_other_settings_in_the_middle(scene: Callable[..., Hands]) -> None:
    hands = scene()
    hands.press(on_top(hands, 0))
    hands.qtbot.mouseMove(hands.view, (hands.geometry.box().center() + QPointF(30, 10)).toPoint())
    alone = {"scene.objects.least": 1, "scene.objects.most": 1}
    hands.session.change("fewer", lambda project: storage.changed(project, alone))
    hands.qtbot.mouseMove(hands.view, (hands.geometry.box().center() + QPointF(60, 10)).toPoint())
    hands.rest()
    assert len(hands.sample.objects) == 1
    assert hands.large.model.held == FIRST
    hands.session.change("another", lambda project: storage.changed(project, {"size": 128}))
    hands.qtbot.mouseMove(hands.view, QPointF(200, 200).toPoint())
    hands.large.step(1)
    hands.qtbot.mouseMove(hands.view, QPointF(220, 210).toPoint())
    hands.qtbot.mouseRelease(hands.view, LEFT, pos=QPointF(220, 210).toPoint())
    hands.rest()
    hands.session.close()
    assert hands.large.model.sample is None


def over_edge(hands: Hands) -> int:
    """The place of an object that the frame cuts."""
    side, objects = hands.plan.recipe.settings.size, hands.sample.objects
    beyond = [one.x < 0 or one.x + one.width > side or one.y + one.height > side for one in objects]
    assert any(beyond)
    return beyond.index(True)


@pytest.mark.parametrize("placement", ["perspective", "uniform", "layers"])
def test_who_is_cut_by_the_frame_stays_so_in_the_hand(scene: Callable[..., Hands], placement: str) -> None:
    hands = scene("scene.truncation=1", f"placement={placement}")
    model, before, place = hands.large.model, hands.sample, over_edge(hands)
    model.hold(place)
    model.put(*_feet(before, place))
    hands.rest()
    assert hands.sample == before  # taken to where it is
    start = on_top(hands, place)
    hands.press(start)
    hands.qtbot.mouseMove(hands.view, (start + QPointF(2, 0)).toPoint())
    hands.qtbot.mouseMove(hands.view, start.toPoint())
    hands.qtbot.mouseRelease(hands.view, LEFT, pos=start.toPoint())
    hands.rest()
    assert hands.sample == before
    side = hands.plan.recipe.settings.size
    for x, foot in ((-side, side / 2), (2 * side, side / 2), (side / 2, 2.0 * side), (side / 2, side * 0.8)):
        model.put(x, foot)
        hands.rest()
        one = hands.sample.objects[model.held_at]
        left, right, below = -one.x, one.x + one.width - side, one.y + one.height - side
        assert max(left, right) <= one.width / 2 + 1
        assert below <= one.height / 2 + 1
        picture = model.picture
        assert picture is not None
        assert np.array_equal(picture.image, composed(hands, hands.sample))
    assert max(left, right, below) <= 0
    hands.view.grab()
    model.put_back()
    hands.rest()
    assert sorted(hands.sample.objects) == sorted(before.objects)


def test_nothing_is_taken_over_the_edge_where_the_frame_cuts_nothing(scene: Callable[..., Hands]) -> None:
    hands = scene()
    side = hands.plan.recipe.settings.size
    hands.large.model.put(-side, 2.0 * side)
    hands.rest()
    assert all(0 <= one.x <= side - one.width and one.y + one.height <= side for one in hands.sample.objects)


def test_hidden_parts_of_who_is_cut_are_shown_through(scene: Callable[..., Hands]) -> None:
    hands = scene("scene.truncation=1")
    model, place = hands.large.model, over_edge(hands)
    others = [at for at in range(len(hands.sample.objects)) if at != place]
    one = hands.sample.objects[place]
    model.hold(others[-1])
    model.put(one.x + one.width / 2, one.y + one.height + 8)
    hands.rest()
    picture = model.picture
    assert picture is not None
    assert picture.ghosts is not None
    hands.view.grab()


def _feet(sample: Sample, place: int) -> tuple[float, float]:
    x, y, width, height = sample.objects[place].box
    return x + width / 2, y + height


def test_hidden_parts_are_shown_through_and_can_be_left_out(scene: Callable[..., Hands]) -> None:
    hands = scene()
    model = hands.large.model
    nearest = hands.sample.objects[-1]
    model.hold(0)
    model.put(nearest.x + nearest.width / 2, hands.sample.objects[0].y + hands.sample.objects[0].height)
    hands.rest()
    picture = model.picture
    assert picture is not None
    assert picture.ghosts is not None
    side = picture.image.shape[0]
    whole = np.zeros((side, side), bool)
    trial = model.trial
    assert trial is not None
    composer = Composer(Pictures(trial.recipe, None, hands.session.folder))
    for number, one in enumerate(composer.patches(picture.sample)):
        for nearer in composer.patches(picture.sample)[number + 1 :]:
            both = np.zeros((2, side, side), bool)
            for layer, (patch, x, y) in zip(both, (one, nearer), strict=True):
                layer[y : y + patch.solid.shape[0], x : x + patch.solid.shape[1]] = patch.solid
            whole |= both.all(axis=0)
    assert np.array_equal(picture.ghosts[..., 3] > 0, whole)
    with_them = from_image(hands.view.grab().toImage())
    hands.view.show_ghosts(False)
    without = from_image(hands.view.grab().toImage())
    assert not np.array_equal(with_them, without)


def test_the_shadow_is_dragged_as_one_undo_step_of_the_background(scene: Callable[..., Hands]) -> None:
    hands = scene(*SHADOWS)
    line = hands.geometry.light_line()
    assert line is not None
    before = hands.session.project
    hands.drag(line[1], QPointF(40, 12))
    number = _number(hands)[0]
    background = hands.session.project.good_backgrounds()[number]
    assert background.light is not None
    assert background.light == round(background.light)
    assert background.elevation is not None
    end = hands.geometry.light_line()
    assert end is not None
    picture = hands.large.model.picture
    assert picture is not None
    assert np.array_equal(picture.image, composed(hands, hands.sample))
    hands.session.undo_stack.undo()
    assert hands.session.project == before


def test_esc_gives_the_light_back(scene: Callable[..., Hands]) -> None:
    hands = scene(*SHADOWS)
    before = hands.session.project
    line = hands.geometry.light_line()
    assert line is not None
    hands.press(line[1])
    hands.qtbot.mouseMove(hands.view, (line[1] + QPointF(40, 12)).toPoint())
    assert hands.session.project != before
    hands.qtbot.keyClick(hands.view, Qt.Key.Key_Escape)
    assert hands.session.project == before
    hands.rest()


def test_without_shadows_there_is_no_handle_for_light(scene: Callable[..., Hands]) -> None:
    assert scene().geometry.light_line() is None


def test_light_is_said_by_where_it_comes_from(make_project: Callable[..., Path], tmp_path: Path) -> None:
    assert light_said(90, 40) == "light from the right, 40° high"
    assert light_said(-90, 40.4) == "light from the left, 40° high"
    assert light_said(-179, 12) == light_said(180, 12) == "light from ahead, 12° high"
    project = storage.load(make_project(tmp_path))
    changed = with_light(project, project.backgrounds[1].sha256, 12.4, 33.6)
    assert (changed.backgrounds[1].light, changed.backgrounds[1].elevation) == (12, 34)
    assert changed.backgrounds[0] == project.backgrounds[0]
