"""GrabCut sessions: the object is found from little, what the user marked stands, and nothing makes it fail."""

from __future__ import annotations

import heapq
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError, UsageError
from fgbg_studio.core.cutting.seeds import Seen, packed
from fgbg_studio.core.cutting.segmenters.grabcut.session import GrabCutSession
from fgbg_studio.core.cutting.segmenters.grabcut.start import (
    SPREAD,
    carried_on,
    geodesic_distance,
    nearest_seed,
    probable_object,
)
from fgbg_studio.core.cutting.soft_border import RADIUS, soft_border
from fgbg_studio.core.imaging.reading import read_rgb, read_trimap
from tests.conftest import SHARED, longer

PHOTOS = SHARED / "data" / "grabcut"
RED, GREEN = (200, 60, 50), (60, 140, 70)


def ellipse(height: int, width: int, part: float = 0.3) -> NDArray[np.bool_]:
    """An ellipse in the middle, ``part`` of the sides as its half axes."""
    y, x = np.mgrid[:height, :width]
    return np.asarray(np.hypot((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5) < part)


def scene(
    inside: NDArray[np.bool_], object_: tuple[int, int, int] = RED, ground: tuple[int, int, int] = GREEN
) -> Pixels:
    """An object of one colour on a ground of another, both with grain."""
    rng = np.random.default_rng(5)
    flat = np.where(inside[..., None], np.array(object_), np.array(ground))
    return (flat + rng.normal(0, 8, flat.shape)).clip(0, 255).astype(np.uint8)


def overlap(found: NDArray[np.generic], truth: NDArray[np.generic], scored: NDArray[np.bool_] | None = None) -> float:
    """Intersection over union of what is not 0."""
    use = np.ones(truth.shape, np.bool_) if scored is None else scored
    one, other = (found > 0) & use, (truth > 0) & use  # type: ignore[operator]
    return float((one & other).sum() / max(1, (one | other).sum()))


def seen_as(shares: NDArray[np.float64], box: tuple[int, int, int, int]) -> Seen:
    """What a network saw, 0..1, in a box of the photo."""
    return Seen(box=box, map=packed(np.round(shares * 255).astype(np.uint8)))


def cut(rgb: Pixels, box: tuple[int, int, int, int]) -> GrabCutSession:
    session = GrabCutSession(rgb)
    session.set_rectangle(box)
    session.run()
    return session


class TestRectangle:
    def test_finds_the_object(self) -> None:
        truth = ellipse(120, 160)
        session = cut(scene(truth), (25, 15, 110, 90))
        assert overlap(session.mask, truth) > 0.97
        assert set(np.unique(session.mask)) == {0, 255}
        assert np.array_equal(session.mask > 0, session.alpha >= 128)

    def test_ground_that_shows_only_inside_is_not_the_object(self) -> None:
        """A lamp's light on a table: the ground in the middle has a colour that none outside has."""
        truth = ellipse(160, 200, 0.2)
        y, x = np.mgrid[:160, :200]
        glow = np.exp(-(np.hypot((x - 100) / 80, (y - 80) / 60) ** 2))
        rgb = scene(truth, RED, (0, 0, 0)).astype(np.float64)
        rgb[~truth] += (glow[..., None] * np.array([100, 90, 30]) + np.array([60, 70, 60]))[~truth]
        session = cut(rgb.clip(0, 255).astype(np.uint8), (10, 8, 180, 144))
        assert overlap(session.mask, truth) > 0.9

    @pytest.mark.parametrize("box", [(0, 0, 160, 120), (-50, -50, 400, 400)])
    def test_may_cover_the_whole_photo(self, box: tuple[int, int, int, int]) -> None:
        truth = ellipse(120, 160)
        assert overlap(cut(scene(truth), box).mask, truth) > 0.95

    def test_object_cut_off_by_the_frame(self) -> None:
        truth = np.roll(ellipse(120, 160), 30, axis=0)
        truth[:40] = False
        session = cut(scene(truth), (25, 35, 110, 85))
        assert overlap(session.mask, truth) > 0.95
        assert session.alpha[-1, 80] == 255

    def test_nothing_outside_it_is_object(self) -> None:
        session = cut(scene(ellipse(120, 160)), (60, 40, 40, 40))
        outside = np.ones((120, 160), np.bool_)
        outside[40:80, 60:100] = False
        assert not session.alpha[outside].any()

    def test_same_calls_same_alpha(self) -> None:
        rgb = scene(ellipse(120, 160))
        first = cut(rgb, (20, 10, 120, 100)).alpha
        cv2.setRNGSeed(77)  # someone else's random numbers do not matter
        assert np.array_equal(first, cut(rgb, (20, 10, 120, 100)).alpha)

    def test_crumbs_and_pinholes_are_left_out(self) -> None:
        truth = ellipse(120, 160)
        shown = truth.copy()
        shown[18:22, 30:34] = True
        shown[60:62, 80:82] = False
        session = cut(scene(shown), (20, 10, 120, 100))
        assert session.alpha[20, 32] == 0
        assert session.alpha[60, 80] == 255


class TestTrimap:
    def test_seeds_stand_and_the_rest_is_decided(self) -> None:
        truth = ellipse(120, 160)
        trimap = np.full(truth.shape, 128, np.uint8)
        trimap[ellipse(120, 160, 0.2)] = 192
        trimap[~ellipse(120, 160, 0.4)] = 64
        trimap[:20, :20] = 255  # sure, however unlike the object it looks
        session = GrabCutSession(scene(truth))
        session.set_trimap(trimap)
        session.run()
        assert (session.alpha[trimap >= 192] == 255).all()
        assert not session.alpha[trimap == 64].any()
        assert overlap(session.mask[:, 30:], truth[:, 30:]) > 0.97

    def test_without_an_object_seed(self) -> None:
        """A lasso says where the object is not."""
        truth = ellipse(120, 160)
        session = GrabCutSession(scene(truth))
        session.set_trimap(np.where(ellipse(120, 160, 0.42), 128, 0).astype(np.uint8))
        assert overlap(session.run(), truth) > 0.95

    def test_takes_the_rectangles_place(self) -> None:
        truth = ellipse(120, 160)
        session = cut(scene(truth), (0, 0, 20, 20))
        session.set_trimap(np.where(ellipse(120, 160, 0.42), 128, 0).astype(np.uint8))
        session.run()
        assert overlap(session.mask, truth) > 0.95


class TestStrokes:
    def session(self) -> tuple[GrabCutSession, NDArray[np.bool_]]:
        """An ellipse whose lower half has the ground's colour: no algorithm finds it."""
        truth = ellipse(120, 160)
        upper = truth.copy()
        upper[60:] = False
        return cut(scene(upper), (20, 10, 120, 100)), truth

    def test_object_stroke_adds(self) -> None:
        session, truth = self.session()
        before = overlap(session.mask, truth)
        session.add_stroke([(50, 70), (110, 70)], 9, object=True)
        session.run()
        assert (session.alpha[66:75, 50:110] == 255).all()
        assert overlap(session.mask, truth) > before + 0.1

    def test_background_stroke_takes_away_and_the_later_one_holds(self) -> None:
        session, _ = self.session()
        session.add_stroke([(80, 40)], 6, object=False)
        session.run()
        assert session.alpha[40, 80] == 0
        session.add_stroke([(80, 40)], 6, object=True)
        session.run()
        assert session.alpha[40, 80] == 255

    def test_a_dot_means_more_than_itself(self) -> None:
        """Two blobs of one colour in one rectangle: a dot of background on one leaves the other."""
        left, right = np.roll(ellipse(120, 160, 0.12), -30, axis=1), np.roll(ellipse(120, 160, 0.12), 30, axis=1)
        smooth = np.asarray(cv2.GaussianBlur(scene(left | right), (0, 0), 2), np.uint8)
        session = cut(smooth, (10, 20, 140, 80))
        assert overlap(session.mask, left | right) > 0.9
        session.add_stroke([(110, 60)], 2, object=False)
        session.run()
        assert np.count_nonzero(session.mask[right] == 0) > 5 * np.pi * 2**2
        assert (session.mask[left] > 0).mean() > 0.97

    def test_erased_strokes_bind_no_longer(self) -> None:
        session, _ = self.session()
        session.add_stroke([(30, 100), (40, 100)], 3, object=True)
        session.run()
        assert session.alpha[100, 35] == 255
        session.erase_strokes([(25, 100), (45, 100)], 6)
        session.run()
        assert session.alpha[100, 35] == 0
        session.add_stroke([(35, 100)], 3, object=True)
        session.erase_strokes()
        assert not session.marks.any()

    def test_one_outside_the_rectangle(self) -> None:
        session = cut(scene(ellipse(120, 160)), (40, 30, 80, 60))
        session.add_stroke([(155, 115)], 4, object=True)
        session.run()
        assert session.alpha[115, 155] == 255

    def test_alone_without_a_rectangle(self) -> None:
        truth = ellipse(120, 160)
        session = GrabCutSession(scene(truth))
        session.add_stroke([(60, 60), (100, 60)], 5, object=True)
        assert overlap(session.run(), truth) > 0.95

    def test_a_region_marks_too(self) -> None:
        session, truth = self.session()
        session.add_stroke(truth, object=True)
        session.add_stroke(~truth, object=False)
        session.run()
        assert np.array_equal(session.mask > 0, truth)

    def test_a_thin_one_counts_on_a_large_photo(self) -> None:
        """Two pixels on a photo that is reduced to a sixth: the grey half of the object follows the stroke."""
        truth = ellipse(900, 1200)
        rgb = scene(truth)
        rgb[450:][truth[450:]] = scene(np.zeros((900, 1200), np.bool_), ground=(120, 120, 120))[450:][truth[450:]]
        session = GrabCutSession(rgb, work_pixels=30_000)
        session.set_rectangle((150, 100, 900, 700))
        session.add_stroke([(450, 600), (750, 600)], 1.5, object=True)
        session.add_stroke([(450, 300), (750, 300)], 1.5, object=True)
        session.run()
        assert overlap(session.mask, truth) > 0.95


class TestSeen:
    """What a network saw in the area joins in where it is sure."""

    def blobs(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_], GrabCutSession]:
        """Two blobs of one colour in one rectangle: their colours cannot say which is meant."""
        left, right = np.roll(ellipse(120, 160, 0.12), -30, axis=1), np.roll(ellipse(120, 160, 0.12), 30, axis=1)
        session = cut(np.asarray(cv2.GaussianBlur(scene(left | right), (0, 0), 2), np.uint8), (10, 20, 140, 80))
        assert overlap(session.mask, left | right) > 0.9
        return left, right, session

    @pytest.mark.parametrize("late", [True, False])
    def test_decides_what_colours_cannot(self, late: bool) -> None:
        left, _, session = self.blobs()
        if not late:  # it is there before the first cut
            session = GrabCutSession(session.rgb)
            session.set_rectangle((10, 20, 140, 80))
        session.take(seen_as(left * 0.9 + 0.05, (0, 0, 160, 120)))
        session.run()
        assert overlap(session.mask, left) > 0.9

    def test_colours_decide_where_it_is_not_sure(self) -> None:
        left, right, session = self.blobs()
        session.take(seen_as(np.full((120, 160), 0.5), (0, 0, 160, 120)))
        session.run()
        assert overlap(session.mask, left | right) > 0.9

    def test_a_stroke_knows_better(self) -> None:
        left, right, session = self.blobs()
        session.take(seen_as(left.astype(np.float64), (0, 0, 160, 120)))
        session.run()
        session.add_stroke([(105, 60), (115, 60)], 3, object=True)
        session.run()
        assert (session.mask[right] > 0).mean() > 0.5
        assert overlap(session.mask & np.uint8(255) * left, left) > 0.9

    def test_another_area_is_another_question(self) -> None:
        left, right, session = self.blobs()
        session.take(seen_as(left.astype(np.float64), (0, 0, 160, 120)))
        session.run()
        session.set_rectangle((10, 20, 140, 80))
        session.run()
        assert overlap(session.mask, left | right) > 0.9

    def test_lies_where_it_was_seen(self) -> None:
        """A ramp over a box of the photo, on a reduced copy of a part that the box sticks out of."""
        ramp = np.tile(np.arange(64) / 64, (32, 1))
        on = seen_as(ramp, (100, 60, 640, 320)).on((0, 0, 500, 400), (50, 40))
        assert on.shape == (40, 50)
        assert on[20, 8] == 0
        assert not on[:5].any()
        middles = (np.arange(15, 45) + 0.5) * 10  # of the copy's pixels, in the photo
        assert on[20, 15:45] == pytest.approx(((middles - 100) / 10 - 0.5) / 64, abs=1.5 / 255)

    def test_a_damaged_one_is_refused(self) -> None:
        session = self.blobs()[2]
        session.take(Seen(box=(0, 0, 160, 120), map="no picture"))
        with pytest.raises(PictureError, match=r"what the network saw is damaged\. Draw the rectangle anew"):
            session.run()


def test_large_photo_has_its_border_from_its_own_pixels() -> None:
    truth = ellipse(1200, 1600)
    session = GrabCutSession(scene(truth), work_pixels=20_000)
    session.set_rectangle((200, 150, 1200, 900))
    session.run()
    # A border as coarse as the copy would stray by half a pixel of it, five of the photo's.
    area = np.count_nonzero((session.mask > 0) != truth)
    assert area / np.pi / (0.3 * 1400) < 3


class TestRefusals:
    @pytest.mark.parametrize("box", [(160, 0, 10, 10), (-20, 5, 20, 20), (10, 10, 0, 5), (10, 10, 5, -2)])
    def test_rectangle_off_the_photo(self, box: tuple[int, int, int, int]) -> None:
        with pytest.raises(UsageError, match="outside the photo of 160 × 120"):
            GrabCutSession(scene(ellipse(120, 160))).set_rectangle(box)

    def test_trimap_of_another_size(self) -> None:
        with pytest.raises(UsageError, match="160 × 121 pixels and the photo 160 × 120"):
            GrabCutSession(scene(ellipse(120, 160))).set_trimap(np.zeros((121, 160), np.uint8))

    def test_trimap_without_an_object(self) -> None:
        with pytest.raises(UsageError, match="background everywhere"):
            GrabCutSession(scene(ellipse(120, 160))).set_trimap(np.full((120, 160), 64, np.uint8))

    def test_nothing_said(self) -> None:
        session = GrabCutSession(scene(ellipse(120, 160)))
        session.add_stroke([(5, 5)], 3, object=False)
        with pytest.raises(UsageError, match="nothing says"):
            session.run()

    @pytest.mark.parametrize("shape", [(0, 10, 3), (10, 10, 4), (10, 10)])
    def test_no_photo(self, shape: tuple[int, ...]) -> None:
        with pytest.raises(UsageError, match="cannot be cut"):
            GrabCutSession(np.zeros(shape, np.uint8))


@st.composite
def sessions(draw: st.DrawFn) -> GrabCutSession:
    """Small photos of noise, or of one colour, with whatever a user may mark, senseless or not."""
    height, width = draw(st.integers(1, 30)), draw(st.integers(1, 30))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    rgb = rng.integers(0, draw(st.sampled_from([1, 3, 256])), (height, width, 3), dtype=np.uint8)
    session = GrabCutSession(rgb, work_pixels=draw(st.sampled_from([20, 250_000])))
    if draw(st.booleans()):
        x, y = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
        session.set_rectangle((x, y, draw(st.integers(1, 40)), draw(st.integers(1, 40))))
    else:
        values = draw(st.lists(st.sampled_from([0, 64, 65, 128, 192, 255]), min_size=1, max_size=3))
        trimap = rng.choice(np.array([*values, 255], np.uint8), (height, width)).astype(np.uint8)
        trimap[0, 0] = 255
        session.set_trimap(trimap)
    for _ in range(draw(st.integers(0, 3))):
        centre = draw(st.tuples(st.integers(-3, 33), st.integers(-3, 33)))
        session.add_stroke([centre], draw(st.sampled_from([0.5, 3, 40])), object=draw(st.booleans()))
    return session


@settings(max_examples=longer(30, 300))
@given(sessions(), st.integers(1, 3))
def test_marks_stand_and_nothing_fails(session: GrabCutSession, iterations: int) -> None:
    for _ in range(2):
        alpha = session.run(iterations)
        assert alpha.shape == session.rgb.shape[:2]
        assert alpha.dtype == np.uint8
        assert (alpha[session.marks == 1] == 255).all()
        assert not alpha[session.marks == 2].any()


class TestFirstGuess:
    def test_distance_is_the_shortest_paths(self) -> None:
        rng = np.random.default_rng(3)
        colour = rng.uniform(0, 100, (14, 17, 3)).astype(np.float32)
        colour[4:9, 3:12] /= 10
        sources = np.where(rng.random((14, 17)) < 0.05, rng.uniform(0, 9, (14, 17)), np.inf).astype(np.float32)
        assert np.allclose(geodesic_distance(colour, sources), shortest(colour, sources), rtol=1e-4)

    def test_nearest_seed(self) -> None:
        line = np.zeros((1, 20), np.bool_)
        left, right = line.copy(), line.copy()
        left[0, 0], right[0, 19] = True, True
        assert nearest_seed(left, right)[0].tolist() == [False] * 10 + [True] * 10

    def test_nothing_undecided(self) -> None:
        everything = np.ones((20, 20), np.bool_)
        lab = np.zeros((20, 20, 3), np.uint8)
        assert not probable_object(lab, everything, ~everything, 0).any()
        assert probable_object(lab, ~everything, everything, 0).all()

    def test_strokes_go_on_in_their_colour_only(self) -> None:
        """Two halves of one colour each: a dot near the seam stays in its own, and within its spread."""
        lab = np.full((100, 100, 3), 128, np.uint8)
        lab[:, 50:, 0] = 200
        dot, none = np.zeros((100, 100), np.bool_), np.zeros((100, 100), np.bool_)
        dot[50, 48] = True
        more, nothing = carried_on(lab, dot, none)
        assert not nothing.any()
        assert not more[:, 50:].any()
        assert more[50, 46:50].all()
        assert not more[:, : 48 - round(SPREAD * 100) - 1].any()

    def test_strokes_of_two_kinds_meet_halfway(self) -> None:
        lab = np.full((40, 100, 3), 128, np.uint8)
        one, other = np.zeros((40, 100), np.bool_), np.zeros((40, 100), np.bool_)
        one[:, 48], other[:, 53] = True, True
        more_one, more_other = carried_on(lab, one, other)
        assert not (more_one & more_other).any()
        assert more_one[:, 49:51].all()
        assert more_other[:, 51:53].all()


def shortest(colour: NDArray[np.float32], sources: NDArray[np.float32]) -> NDArray[np.float64]:
    """Dijkstra's way, one pixel after another."""
    best = sources.astype(np.float64)
    queue = [(float(best[i]), i) for i in np.ndindex(best.shape) if np.isfinite(best[i])]
    heapq.heapify(queue)
    while queue:
        cost, (y, x) = heapq.heappop(queue)
        for near in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            if min(near) < 0 or near[0] >= best.shape[0] or near[1] >= best.shape[1] or cost > best[y, x]:
                continue
            reached = cost + float(np.linalg.norm(colour[y, x] - colour[near]))
            if reached < best[near]:
                best[near] = reached
                heapq.heappush(queue, (reached, near))
    return best


class TestBorder:
    def test_follows_the_photo_where_the_copy_is_off(self) -> None:
        truth = ellipse(80, 80)
        photo = np.where(truth[..., None], np.uint8(220), np.uint8(30)).repeat(3, axis=2)
        stray = np.roll(truth, 2, axis=1)
        alpha = soft_border(stray, photo, photo)
        assert np.count_nonzero((alpha >= 128) != truth) < 0.4 * np.count_nonzero(stray != truth)

    @pytest.mark.parametrize("inside", [np.zeros((10, 12), np.bool_), np.ones((10, 12), np.bool_)])
    def test_without_one(self, inside: NDArray[np.bool_]) -> None:
        photo = np.zeros((30, 36, 3), np.uint8)
        alpha = soft_border(inside, photo[:10, :12], photo)
        assert (alpha == (255 if inside.all() else 0)).all()

    def test_what_nothing_in_the_photo_parts_is_parted_by_a_line_and_what_fades_in_it_by_a_ramp(self) -> None:
        left = np.broadcast_to(np.arange(120) < 60, (100, 120))
        plain = np.random.default_rng(2).normal((120, 60, 40), 2, (100, 120, 3)).astype(np.uint8)
        fading = np.clip(np.arange(120) - 54, 0, 12)[None, :, None] / 12 * np.full((100, 1, 3), 200.0)
        widths = []
        for photo in (plain, (20 + fading).astype(np.uint8) + plain % 6):
            alpha = soft_border(left, photo, photo)
            widths.append(np.count_nonzero((alpha > 8) & (alpha < 247)) / 100)
            assert (alpha[:, :45] == 255).all()
            assert not alpha[:, 75:].any()
        assert widths[0] < 2
        assert widths[1] > 2.5

    def test_solid_away_from_it_and_no_seams_between_tiles(self) -> None:
        truth = ellipse(700, 900)
        photo = scene(truth)
        copy = np.asarray(cv2.resize(photo, (180, 140), interpolation=cv2.INTER_AREA), np.uint8)
        alpha = soft_border(ellipse(140, 180), copy, photo)
        reach = np.ones((2 * 5 * (RADIUS + 2) + 1,) * 2, np.uint8)
        deep = cv2.erode(truth.astype(np.uint8), reach) > 0
        far = cv2.dilate(truth.astype(np.uint8), reach) == 0
        assert (alpha[deep] == 255).all()
        assert not alpha[far].any()
        assert overlap(alpha >= 128, truth) > 0.985


@pytest.mark.skipif(not PHOTOS.exists(), reason="the GrabCut photos in ../shared are absent")
@pytest.mark.parametrize(("seeds", "least"), [("rect", 0.9), ("lasso", 0.95)])
def test_real_photos(seeds: str, least: float) -> None:
    scores = []
    for name in ("teddy.jpg", "person7.jpg", "388016.jpg", "stone1.JPG"):
        session = GrabCutSession(read_rgb(PHOTOS / "images" / name))
        stem = Path(name).stem
        trimap, truth = read_trimap(PHOTOS / seeds / f"{stem}.png"), read_trimap(PHOTOS / "truth" / f"{stem}.png")
        if seeds == "rect":
            rows, columns = np.nonzero(trimap == 128)
            x, y = int(columns.min()), int(rows.min())
            session.set_rectangle((x, y, int(columns.max()) - x + 1, int(rows.max()) - y + 1))
        else:
            session.set_trimap(trimap)
        session.run()
        scores.append(overlap(session.mask, truth == 255, truth != 128))
    assert min(scores) > least
