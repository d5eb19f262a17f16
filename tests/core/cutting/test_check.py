"""What a careful reviewer sees in a cutout is found, what is no flaw is not, and mending mends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.cutting.check import MeasuredAlpha, check_cutout, mend
from fgbg_studio.core.imaging.reading import read_rgba, read_trimap
from tests.conftest import SHARED, longer

CUTOUTS = SHARED / "data" / "scenes" / "fg"
TRUTHS = SHARED / "data" / "grabcut" / "truth"
MENDABLE = ["haze", "islands", "holes"]


def disc(height: int, width: int, x: float, y: float, radius: float) -> Pixels:
    """Alpha of a disc, its edge softened over a pixel as by a good editor."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    alpha: Pixels = np.clip((radius - np.hypot(columns - x, rows - y)) * 255 + 128, 0, 255).astype(np.uint8)
    return alpha


def person(height: int = 140, width: int = 100) -> Pixels:
    """A figure of discs and bars, arms akimbo and legs apart, wholly inside its picture."""
    alpha = disc(height, width, 50, 18, 12)
    for x, y, radius in ((50, 45, 17), (50, 62, 17), (50, 76, 15)):
        alpha = np.maximum(alpha, disc(height, width, x, y, radius))
    for x, y, w, h in ((18, 36, 20, 7), (18, 36, 7, 30), (18, 62, 22, 7), (38, 84, 9, 46), (53, 84, 9, 46)):
        alpha[y : y + h, x : x + w] = 255
    return alpha


def cutout(alpha: Pixels) -> Pixels:
    """A cutout of that alpha, its colours noise so that painting shows."""
    colours = np.random.default_rng(3).integers(60, 200, (*alpha.shape, 3), dtype=np.uint8)
    return np.dstack([colours, alpha])


def codes(rgba: Pixels) -> list[str]:
    return [issue.code for issue in check_cutout(rgba)]


def only(rgba: Pixels) -> Issue:
    issues = check_cutout(rgba)
    assert len(issues) == 1
    return issues[0]


@pytest.mark.parametrize("share", [0.85, 0.58])
def test_an_object_that_the_background_shines_through(share: float) -> None:
    alpha = np.rint(person() * share).astype(np.uint8)
    (found,) = [issue for issue in check_cutout(cutout(alpha)) if issue.severity == "error"]
    assert found.code == "faint"
    assert f"its alpha is {round(255 * share)} of 255" in found.message


@st.composite
def ragged(draw: st.DrawFn) -> Pixels:
    """Alpha as no editor would leave it: a figure with noise, veils, specks and pinholes anywhere."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    height, width = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    size = draw(st.floats(0.1, 1.2)) * min(height, width) / 2
    alpha = disc(height, width, width / 2, height / 2, size)
    veil = rng.integers(0, draw(st.integers(1, 256)), alpha.shape).astype(np.uint8)
    alpha = np.where(rng.random(alpha.shape) < draw(st.floats(0, 1)), np.maximum(alpha, veil), alpha)
    pierced = rng.random(alpha.shape) < draw(st.floats(0, 0.3))
    return np.where(pierced, veil, alpha)


class TestNoFalseAlarm:
    def test_gaps_between_arm_body_and_legs_are_no_holes(self) -> None:
        assert codes(cutout(person())) == []

    def test_two_people_in_one_picture_are_no_islands(self) -> None:
        pair = np.hstack([person(), np.pad(person(90)[:, :70], ((50, 0), (0, 0)))])
        assert "islands" not in codes(cutout(pair))

    @pytest.mark.parametrize("turns", range(4))
    def test_an_outline_that_only_touches_the_edge_is_not_cut(self, turns: int) -> None:
        alpha = np.rot90(disc(100, 100, 50, 40, 40), turns)
        assert np.count_nonzero(np.rot90(alpha, -turns)[0] >= 128) >= 5
        assert codes(cutout(alpha)) == []

    def test_shoes_that_stand_on_the_bottom_edge_are_not_cut(self) -> None:
        alpha = person()[:130]
        alpha[128:, 38:41] = alpha[128:, 59:] = 0
        assert np.count_nonzero(alpha[-1]) == 12
        assert codes(cutout(alpha)) == []

    def test_soft_hair_is_no_haze(self) -> None:
        soft = disc(120, 120, 60, 60, 40).astype(int) + disc(120, 120, 60, 60, 42) // 4
        assert codes(cutout(soft.clip(0, 255).astype(np.uint8))) == []

    def test_thin_veils_between_a_wheel_s_spokes_are_its_own(self) -> None:
        wheel = disc(120, 120, 60, 60, 55) - disc(120, 120, 60, 60, 45)
        inside = disc(120, 120, 60, 60, 45) > 0
        wheel[inside] = np.where((np.mgrid[:120, :120][1] % 6 == 0)[inside], 110, np.maximum(wheel[inside], 30))
        assert "haze" not in codes(cutout(wheel))


class TestIssues:
    def test_empty(self) -> None:
        found = only(np.zeros((9, 9, 4), np.uint8))
        assert (found.code, found.severity, found.mendable) == ("empty", "error", False)

    def test_full(self) -> None:
        found = only(np.full((9, 9, 4), 255, np.uint8))
        assert (found.code, found.severity, found.mendable) == ("full", "error", False)

    def test_nothing_solid(self) -> None:
        found = only(cutout(person() // 3))
        assert (found.code, found.severity, found.mendable) == ("haze", "error", False)
        assert "85 of 255" in found.message

    def test_haze_over_the_whole_rectangle(self) -> None:
        found = only(cutout(np.maximum(person(), 12)))
        assert (found.code, found.severity, found.box, found.mendable) == ("haze", "warning", (0, 0, 100, 140), True)
        assert "%" in found.message

    def test_a_line_of_haze_that_only_widens_the_box(self) -> None:
        alpha = person()
        alpha[100:115, 99] = 3
        found = only(cutout(alpha))
        assert found.code == "haze"
        assert "82 × 124 pixels instead of 49 × 124" in found.message

    def test_islands_with_their_number_and_place(self) -> None:
        alpha = person()
        alpha[5, 90] = alpha[120, 10] = alpha[121, 11] = 255
        found = only(cutout(alpha))
        assert (found.code, found.box, found.mendable) == ("islands", (10, 5, 81, 117), True)
        assert "2 specks" in found.message
        assert "3 pixels" in found.message

    def test_specks_that_nobody_sees_are_passed_over(self) -> None:
        alpha = person()
        alpha[95, 30] = 3
        assert codes(cutout(alpha)) == []

    def test_one_hole_in_the_middle_of_the_object(self) -> None:
        alpha = person()
        alpha[58:62, 48:52] = 0
        found = only(cutout(alpha))
        assert (found.code, found.box, found.mendable) == ("holes", (48, 58, 4, 4), True)
        assert "1 small hole inside the object, 16 pixels" in found.message

    def test_pinholes_that_a_threshold_left(self) -> None:
        alpha = person()
        for x, y in ((42, 45), (56, 50), (45, 70), (58, 66)):
            alpha[y, x] = 40
        assert "4 small holes" in only(cutout(alpha)).message

    @pytest.mark.parametrize(
        ("edge", "cut"),
        [("bottom", np.s_[:100]), ("top", np.s_[20:]), ("left", np.s_[:, 30:]), ("right", np.s_[:, :55])],
    )
    def test_cut_by_each_edge(self, edge: str, cut: tuple[slice, ...]) -> None:
        found = [issue for issue in check_cutout(cutout(person()[cut])) if issue.code == "cut-by-frame"]
        assert len(found) == 1
        assert f"cut off at the picture's {edge} edge, over " in found[0].message
        assert len(found[0].places) == 1
        assert not found[0].mendable

    def test_tiny(self) -> None:
        found = only(cutout(disc(30, 30, 15, 15, 8)))
        assert found.code == "tiny"
        assert " pixels" in found.message


class TestMend:
    def test_haze_goes_and_the_object_stays(self) -> None:
        figure = person().astype(int)
        veiled = figure + (255 - figure) * 40 // 255
        mended = mend(cutout(veiled.astype(np.uint8)), "haze")
        assert codes(mended) == []
        assert np.abs(mended[..., 3].astype(int) - figure).max() <= 1

    def test_islands_go_also_those_that_haze_joins(self) -> None:
        alpha = person()
        alpha[5, 90] = 255
        assert np.array_equal(mend(cutout(alpha), "islands")[..., 3], person())
        hazy = np.maximum(alpha, 12)
        assert codes(cutout(hazy)) == ["haze", "islands"]
        assert codes(mend(cutout(hazy), "islands")) == ["haze"]
        assert codes(mend(mend(cutout(hazy), "islands"), "haze")) == []

    def test_holes_are_painted_in_the_colours_around_them(self) -> None:
        rgba = cutout(person())
        rgba[..., :3] = (200, 30, 40)
        rgba[57:63, 47:53] = (0, 255, 0, 190)
        rgba[58:62, 48:52] = (0, 255, 0, 0)
        mended = mend(rgba, "holes")
        assert codes(mended) == []
        assert np.all(mended[57:63, 47:53] == (200, 30, 40, 255))

    def test_what_cannot_be_mended_says_so(self) -> None:
        with pytest.raises(UsageError, match=r"'tiny' cannot be mended.*haze, islands, holes"):
            mend(cutout(person()), "tiny")

    @settings(max_examples=longer(60, 600))
    @given(ragged(), st.sampled_from(MENDABLE))
    def test_mended_is_mended_for_good(self, alpha: Pixels, code: str) -> None:
        rgba = cutout(alpha)
        before = rgba.copy()
        mended = mend(rgba, code)
        assert np.array_equal(rgba, before)
        assert np.array_equal(mend(mended, code), mended)
        assert not [issue for issue in check_cutout(mended) if issue.code == code and issue.mendable]

    @given(ragged(), st.sampled_from(MENDABLE))
    def test_changes_nothing_but_what_it_is_asked(self, alpha: Pixels, code: str) -> None:
        rgba = cutout(alpha)
        mended = mend(rgba, code)
        changed = np.any(mended != rgba, axis=2)
        if code != "haze":
            assert set(np.unique(mended[changed, 3])) <= {255 if code == "holes" else 0}
        if code != "holes":
            assert np.all(mended[..., 3] <= rgba[..., 3])
            assert np.array_equal(mended[..., :3], rgba[..., :3])


def test_a_cup_and_a_spoon_beside_it_are_two_pieces() -> None:
    cup = disc(160, 240, 70, 80, 50)
    spoon = np.zeros_like(cup)
    spoon[76:86, 130:225] = 255
    assert codes(cutout(cup)) == []
    found = only(cutout(np.maximum(cup, spoon)))
    assert (found.code, found.box, found.mendable) == ("pieces", (130, 76, 95, 10), False)
    assert found.message == "a second piece, 11 % of the object, at the right"
    assert found.places == ((130, 76, 95, 10),)
    assert MeasuredAlpha(np.maximum(cup, spoon)).pieces[1][0] == pytest.approx(950 / (950 + np.pi * 50**2), rel=0.02)


def test_a_part_is_either_a_speck_or_a_piece() -> None:
    """Whatever its size, a part that stands apart is said, and never twice."""
    for side in range(2, 20):
        alpha = disc(160, 240, 70, 80, 50)
        alpha[76 : 76 + side, 180 : 180 + side] = 255
        assert codes(cutout(alpha)) in (["islands"], ["pieces"])


def test_what_is_joined_by_something_thin_is_one_piece() -> None:
    alpha = np.maximum(disc(160, 240, 60, 80, 40), disc(160, 240, 180, 80, 40))
    alpha[79:81, 60:180] = 255
    assert codes(cutout(alpha)) == []


def flawed() -> Pixels:
    """A figure with specks at three places, three pinholes, and haze in a corner."""
    alpha = person(280, 100)
    alpha[5, 90] = alpha[200:203, 10:12] = alpha[210, 80] = 255
    for x, y in ((42, 45), (56, 50), (45, 70)):
        alpha[y, x] = 40
    alpha[230:275, 70:98] = np.maximum(alpha[230:275, 70:98], 20)
    return alpha


class TestPlaces:
    def test_each_speck_and_hole_is_a_place_of_one_issue_the_largest_first(self) -> None:
        found = {issue.code: issue for issue in check_cutout(cutout(flawed()))}
        assert set(found) == {"haze", "islands", "holes"}
        assert found["islands"].places == ((10, 200, 2, 3), (90, 5, 1, 1), (80, 210, 1, 1))
        assert set(found["holes"].places) == {(42, 45, 1, 1), (56, 50, 1, 1), (45, 70, 1, 1)}
        assert found["haze"].message.startswith("grey haze around the cutout, over ")

    @pytest.mark.parametrize("code", ["islands", "holes"])
    def test_one_place_is_mended_and_the_others_stay(self, code: str) -> None:
        rgba = cutout(flawed())
        before = next(issue for issue in check_cutout(rgba) if issue.code == code)
        for place in before.places:
            mended = mend(rgba, code, place)
            x, y, width, height = place
            changed = mended[..., 3] != rgba[..., 3]
            assert changed[y : y + height, x : x + width].all()
            for other in set(before.places) - {place}:
                left, top, wide, high = other
                assert not changed[top : top + high, left : left + wide].any()

    @pytest.mark.parametrize("code", MENDABLE)
    def test_all_of_a_kind_are_mended_at_once_and_said_no_more(self, code: str) -> None:
        mended = mend(cutout(flawed()), code)
        assert code not in codes(mended)
        assert set(codes(mended)) <= set(codes(cutout(flawed())))

    def test_three_pieces_say_where_they_lie(self) -> None:
        alpha = disc(200, 300, 150, 100, 50)
        alpha[70:114, 20:40] = alpha[10:30, 250:290] = 255
        found = only(cutout(alpha))
        assert found.message == (
            "3 separate pieces: beside the largest one 9 % of the object, at the left; "
            "8 % of the object, at the top right"
        )
        assert set(found.places) == {(20, 70, 20, 44), (250, 10, 40, 20)}

    @pytest.mark.parametrize(("turns", "edge"), [(0, "left"), (1, "bottom"), (2, "right"), (3, "top")])
    def test_what_the_edge_cuts_has_its_place_at_that_edge(self, turns: int, edge: str) -> None:
        alpha = np.ascontiguousarray(np.rot90(disc(120, 120, 10, 60, 40), turns))
        found = only(cutout(alpha))
        assert found.message.startswith(f"the object is cut off at the picture's {edge} edge, over ")
        x, y, width, height = found.places[0]
        assert {"left": x == 0, "top": y == 0, "right": x + width == 120, "bottom": y + height == 120}[edge]
        assert min(width, height) == 3


@pytest.mark.skipif(not TRUTHS.exists(), reason="../shared/data/grabcut is not here")
def test_clean_cutouts_of_real_photos_raise_no_alarm() -> None:
    """Their masks were made by hand; some objects are cut off by the photo, and only these."""
    for path in sorted(TRUTHS.glob("*.png")):
        alpha = np.where(read_trimap(path) == 255, np.uint8(255), np.uint8(0))
        border = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
        assert set(codes(cutout(alpha))) <= ({"cut-by-frame"} if border.any() else set())


class TestRealCutouts:
    """Judged by eye, each enlarged over magenta."""

    @pytest.fixture(scope="class")
    @classmethod
    def found(cls) -> dict[str, set[int]]:
        if not CUTOUTS.exists():
            pytest.skip("../shared/data/scenes is not here")
        found: dict[str, set[int]] = {}
        for path in sorted(CUTOUTS.glob("*.png")):
            for code in codes(read_rgba(path)):
                found.setdefault(code, set()).add(int(path.stem[-3:]))
        return found

    def test_veils_shadows_and_a_faint_frame(self, found: dict[str, set[int]]) -> None:
        assert {7, 17, 23, 61, 81, 93} <= found["haze"]
        assert len(found["haze"]) <= 10

    def test_limbs_and_bodies_cut_by_the_frame(self, found: dict[str, set[int]]) -> None:
        assert {23, 25, 31, 33, 43, 47, 49, 67, 71, 81, 83, 95} <= found["cut-by-frame"]
        assert not {1, 11, 15, 29, 37, 39, 45, 57, 61, 73, 77, 79, 89, 91, 97, 99} & found["cut-by-frame"]

    def test_gaps_between_limbs_are_left_alone(self, found: dict[str, set[int]]) -> None:
        assert found["holes"] == {27, 93}

    def test_specks_that_show(self, found: dict[str, set[int]]) -> None:
        assert {87, 93} <= found["islands"] <= {35, 53, 87, 93}

    def test_two_people_a_shadow_and_chessmen_beside_the_object(self, found: dict[str, set[int]]) -> None:
        assert found["pieces"] == {43, 53, 77}

    def test_nothing_else(self, found: dict[str, set[int]]) -> None:
        assert set(found) == {"haze", "cut-by-frame", "holes", "islands", "pieces"}
