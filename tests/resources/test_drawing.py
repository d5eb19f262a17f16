"""The drawn pictures: the same every time, clean cutouts, and a geometry that is what it says."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import cv2
import numpy as np
import pytest
from drawing import DrawnBackground, DrawnForeground, draw_background, draw_foreground
from drawing.camera import NEAR, Camera
from drawing.canvas import Canvas
from drawing.light import RoomLight
from drawing.room import Palette, Room
from drawing.shading import finish, rgb
from drawing.skeleton import HEAD, POSES, SHANK, THIGH, UPPER_ARM, Build, joints
from drawing.solids import Solid, Stage, paint_order
from drawing.street import MOODS, Street
from drawing.surfaces import back_plane, cover, floor_plane
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

COUNT = 24


@pytest.fixture(scope="module")
def backgrounds() -> list[DrawnBackground]:
    return [draw_background(number, 240, 180) for number in range(COUNT)]


@pytest.fixture(scope="module")
def foregrounds() -> list[DrawnForeground]:
    return [draw_foreground(number) for number in range(COUNT)]


@pytest.mark.parametrize("number", [0, 1, 6, 9])
def test_a_background_is_the_same_every_time(number: int) -> None:
    first, second = draw_background(number), draw_background(number)
    assert first.pixels.tobytes() == second.pixels.tobytes()
    assert (first.name, first.horizon, first.camera_height) == (second.name, second.horizon, second.camera_height)


@pytest.mark.parametrize("number", [0, 3, 6, 9, 23])
def test_a_foreground_is_the_same_every_time(number: int) -> None:
    first, second = draw_foreground(number), draw_foreground(number)
    assert first.pixels.tobytes() == second.pixels.tobytes()
    assert (first.name, first.real_height) == (second.name, second.real_height)


@pytest.mark.parametrize("size", [(480, 360), (64, 48), (160, 240)])
@pytest.mark.parametrize("number", [0, 1])
def test_backgrounds_have_the_size_asked_for(number: int, size: tuple[int, int]) -> None:
    pixels = draw_background(number, *size).pixels
    assert pixels.shape == (size[1], size[0], 3)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    assert pixels.std() > 10


@pytest.mark.parametrize("height", [48, 400, 640])
@pytest.mark.parametrize("number", [0, 3])
def test_foregrounds_have_the_height_asked_for(number: int, height: int) -> None:
    pixels = draw_foreground(number, height).pixels
    assert pixels.shape[::2] == (height, 4)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous


def test_rooms_and_streets_take_turns(backgrounds: list[DrawnBackground]) -> None:
    assert [b.name for b in backgrounds[:4]] == ["room-01", "street-01", "room-02", "street-02"]
    assert len({b.name for b in backgrounds}) == COUNT


def test_most_foregrounds_are_people(foregrounds: list[DrawnForeground]) -> None:
    people = [f for f in foregrounds if f.name.startswith("person-")]
    kinds = {f.name.split("-")[0] for f in foregrounds}
    assert COUNT / 2 < len(people) < COUNT
    assert len(kinds) >= 6
    assert len({f.name for f in foregrounds}) == COUNT


def test_no_two_backgrounds_are_alike(backgrounds: list[DrawnBackground]) -> None:
    for first, second in combinations(backgrounds, 2):
        difference = np.abs(first.pixels.astype(float) - second.pixels).mean()
        assert difference > 10, (first.name, second.name)


def test_no_two_foregrounds_are_alike(foregrounds: list[DrawnForeground]) -> None:
    on_grey = [cv2.resize(over(f.pixels, 128.0), (60, 100), interpolation=cv2.INTER_AREA) for f in foregrounds]
    for (i, first), (j, second) in combinations(enumerate(on_grey), 2):
        assert np.abs(first - second).mean() > 4, (foregrounds[i].name, foregrounds[j].name)


def over(pixels: NDArray[np.uint8], level: float) -> NDArray[Any]:
    alpha = pixels[..., 3:] / 255
    return np.asarray(pixels[..., :3] * alpha + level * (1 - alpha), np.float32)


def test_the_camera_is_at_eye_height_and_level(backgrounds: list[DrawnBackground]) -> None:
    for background in backgrounds:
        assert 0.33 < background.horizon < 0.56, background.name
        assert 1.3 < background.camera_height < 1.8, background.name


def test_a_foreground_is_cut_out_cleanly(foregrounds: list[DrawnForeground]) -> None:
    for foreground in foregrounds:
        alpha = foreground.pixels[..., 3]
        solid = alpha > 127
        assert alpha.min() == 0, foreground.name
        assert alpha.max() == 255, foreground.name
        soft = ((alpha > 0) & (alpha < 255)).sum() / solid.sum()
        haze = ((alpha > 0) & (alpha <= 60)).sum() / solid.sum()
        assert 0.005 < soft < 0.2, foreground.name
        assert haze < 0.06, foreground.name
        # A soft edge is two pixels wide: nothing stands farther out than that.
        near = cv2.dilate(solid.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        assert not alpha[~near].any(), foreground.name


def test_a_foreground_touches_no_edge_of_its_frame(foregrounds: list[DrawnForeground]) -> None:
    for foreground in foregrounds:
        alpha = foreground.pixels[..., 3]
        rows, columns = np.flatnonzero(alpha.any(1)), np.flatnonzero(alpha.any(0))
        gaps = (rows[0], alpha.shape[0] - 1 - rows[-1], columns[0], alpha.shape[1] - 1 - columns[-1])
        assert min(gaps) >= 3, foreground.name
        assert max(gaps) <= 8, foreground.name


def test_transparent_pixels_near_the_edge_have_its_colour(foregrounds: list[DrawnForeground]) -> None:
    person = foregrounds[0].pixels
    alpha = person[..., 3]
    near = cv2.dilate((alpha > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    rim = near & (alpha == 0)
    assert (person[rim][:, :3].max(1) > 0).mean() > 0.95


def test_people_are_as_tall_as_people(foregrounds: list[DrawnForeground]) -> None:
    for foreground in foregrounds:
        if foreground.name.startswith("person-"):
            assert 1.05 < foreground.real_height < 2.3, foreground.name
        else:
            assert 0.2 < foreground.real_height < 1.8, foreground.name


@pytest.mark.parametrize("name", sorted(POSES))
def test_every_pose_keeps_the_limbs_lengths_and_stands_on_the_ground(name: str) -> None:
    build = Build(1.75)
    place = joints(build, POSES[name])
    for side in "LR":
        for start, end, share in (
            ("hip", "knee", THIGH), ("knee", "ankle", SHANK), ("shoulder", "elbow", UPPER_ARM),
        ):  # fmt: skip
            length = np.linalg.norm(place[side + end] - place[side + start])
            assert length == pytest.approx(share * build.stature)
    soles = [place[side + part][1] for side in "LR" for part in ("heel", "toe")]
    assert min(soles) == pytest.approx(0, abs=1e-9)
    assert max(min(soles[:2]), min(soles[2:])) < 0.12, "one foot is in the air"


def test_a_standing_person_is_seven_and_a_half_heads_tall() -> None:
    place = joints(Build(1.75), POSES["relaxed"])
    top = place["head"][1] + HEAD * 1.75 / 2
    assert top == pytest.approx(1.75, abs=0.03)
    assert 7 < top / (HEAD * 1.75) < 7.8


cameras = st.builds(
    Camera,
    focal=st.floats(100, 900),
    centre=st.floats(0, 640),
    horizon=st.floats(50, 300),
    height=st.floats(0.5, 3),
)


@given(cameras, st.floats(-20, 20), st.floats(0.5, 200), st.floats(0.1, 3))
def test_a_body_on_the_ground_is_seen_as_tall_as_its_row_says(camera: Camera, x: float, z: float, tall: float) -> None:
    foot, top = camera.project(np.array([[x, 0.0, z], [x, tall, z]]))
    assert foot[0] == pytest.approx(top[0])
    assert foot[1] == pytest.approx(camera.horizon + camera.focal * camera.height / z)
    assert foot[1] - top[1] == pytest.approx(tall * (foot[1] - camera.horizon) / camera.height)
    assert float(camera.ground_depth(foot[1])) == pytest.approx(z)


@given(cameras, st.floats(-0.9, 0.9), st.lists(st.floats(-8, 8), min_size=2, max_size=4, unique=True))
def test_parallel_lines_on_the_ground_meet_on_the_horizon(camera: Camera, slope: float, starts: list[float]) -> None:
    vanishing = np.array([camera.centre + camera.focal * slope, camera.horizon])
    for start in starts:
        near, far = camera.project(np.array([[start + slope * z, 0.0, z] for z in (2.0, 9.0)]))
        across, away = far - near, vanishing - near
        sine = (across[0] * away[1] - across[1] * away[0]) / (np.hypot(*across) * np.hypot(*away))
        assert sine == pytest.approx(0, abs=1e-6)


@given(cameras, st.floats(-3, 0.2), st.floats(1, 9))
def test_what_lies_behind_the_camera_is_cut_off(camera: Camera, near: float, far: float) -> None:
    strip = np.array([[-1, 0, near], [1, 0, near], [1, 0, far], [-1, 0, far]])
    outline = camera.outline(strip)
    assert len(outline) == 4
    assert outline[:, 1].max() == pytest.approx(camera.horizon + camera.focal * camera.height / NEAR)
    assert len(camera.outline(strip - [0, 0, 20])) == 0


def test_a_strip_painted_on_a_street_lies_on_the_rows_of_its_depth() -> None:
    camera = Camera(400, 200, 130, 1.6)
    street = Street(np.random.default_rng(1), camera, MOODS[2], MOODS[2].light(), Stage(camera), rgb("303030"))
    street.paint((-60, 60), (6.0, 9.0), rgb("ffffff"))
    column = street.render(400, 300)[:, 200].astype(float).mean(1)
    bright = np.flatnonzero(column[165:] > 130) + 165  # above is the white haze of the far ground
    assert bright[0] == pytest.approx(camera.horizon + 400 * 1.6 / 9.0, abs=1.5)
    assert bright[-1] == pytest.approx(camera.horizon + 400 * 1.6 / 6.0, abs=1.5)


def test_the_floor_of_a_room_ends_where_its_back_wall_stands() -> None:
    camera = Camera(380, 200, 120, 1.5)
    light = RoomLight(np.array([-3, 0, -np.inf]), np.array([3, 2.7, 6.0]), np.ones(3))
    palette = Palette("808080", "808080", "ffffff", "808080", "808080", "808080", ("808080",) * 3)
    room = Room(np.random.default_rng(1), camera, -3, 3, 6.0, 2.7, palette, light, Stage(camera))
    cover(room, back_plane(room), (-3, 3), (0, 2.7), rgb("202020"))
    cover(room, floor_plane, (-3, 3), (0.6, 6.0), rgb("ffffff"))
    column = room.render(400, 300)[:, 200].astype(float).mean(1)
    edge = int(np.argmax(np.diff(column))) + 1
    assert edge == pytest.approx(camera.horizon + 380 * 1.5 / 6.0, abs=1.5)


far = st.integers(200, 3000).map(lambda centimetres: centimetres / 100)  # two a rounding apart are equally far


@given(st.lists(st.tuples(st.floats(-4, 4), far), min_size=2, max_size=12, unique=True), st.randoms())
def test_what_stands_in_front_is_painted_later(places: list[tuple[float, float]], random: Any) -> None:
    random.shuffle(places)
    solids = [Solid(np.array([x - 6, 0.0, z]), np.array([x + 6, 2.0, z])) for x, z in places]
    order = paint_order(solids, np.array([0.0, 1.5, 0.0]))
    depths = [solids[index].low[2] for index in order]
    assert sorted(order) == list(range(len(solids)))
    assert depths == sorted(depths, reverse=True)


def test_what_lies_on_a_table_is_painted_after_it() -> None:
    table = Solid(np.array([-1.0, 0.0, 3.0]), np.array([1.0, 0.7, 5.0]))
    vase = Solid(np.array([-0.1, 0.7, 4.6]), np.array([0.1, 1.0, 4.8]))
    eye = np.array([0.0, 1.5, 0.0])
    assert paint_order([vase, table], eye) == [1, 0]
    assert paint_order([table, vase], eye) == [0, 1]


def test_a_canvas_holds_premultiplied_colour_with_soft_edges() -> None:
    canvas = Canvas(40, 40)
    canvas.fill(np.array([[5.3, 6.1], [33.2, 9.7], [20.4, 34.8]]), rgb("ff8040"))
    pixels = canvas.reduced()
    alpha = pixels[..., 3]
    assert ((alpha > 0) & (alpha < 255)).sum() > 20
    part = alpha > 30
    assert np.abs(pixels[part][:, 1] / alpha[part] - 0x80 / 255).max() < 0.03
    assert pixels[alpha == 0].max() == 0


def test_the_brightest_tones_keep_their_drawing() -> None:
    steps = np.repeat(np.linspace(150, 500, 8, dtype=np.float32), 40).reshape(8, 40, 1).repeat(3, 2)
    levels = finish(steps, np.random.default_rng(0), vignette=0, grain=0)[:, 0, 0].astype(int)
    assert (np.diff(levels) > 0).all()
    assert levels.max() < 256
