"""Blends, matched colours and textures, shadows: what each may change, and that it is the same whoever makes it."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter

import cv2
import numpy as np
import pytest

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.sample import Composite, PlacedObject, Sample
from fgbg_studio.core.compose.colours import ColourMatcher, matrix_of
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder
from fgbg_studio.core.compose.grounds import KnownGround
from fgbg_studio.core.compose.lights import Light, light_towards, shadow_end
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.compose.shadows import Shadows
from fgbg_studio.core.compose.textures import noise_of
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.blend import Blend
from fgbg_studio.core.plan import plan as plans
from fgbg_studio.core.plan.own_draws import OwnDraws, mix
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.project import presets
from fgbg_studio.core.project.settings import Settings, with_changes
from tests.conftest import draw_background, draw_cutout, drawn_recipe

SIZE = 160
EVERYTHING = [
    "compositing.mode=mixed", "appearance.colour=[0.2, 0.9]", "appearance.exposure=[-0.5, 0.5]",
    "appearance.warmth=[-0.5, 0.5]", "appearance.sharpness=[0.5, 1]", "appearance.grain=[0.5, 1]",
    "appearance.contact_shadow=[0.3, 0.6]", "appearance.cast_shadow=[0.3, 0.6]",
]  # fmt: skip
SHADOWS = ["appearance.contact_shadow=[0.5, 0.5]", "appearance.cast_shadow=[0.6, 0.6]"]
every_blend = pytest.mark.parametrize("blend", sorted(Blend.known()))


def standing(number: int) -> Pixels:
    """A cutout with two round feet, where `draw_cutout`'s is as if cut at the waist."""
    drawn = draw_cutout(number)
    rows, columns = np.mgrid[: drawn.shape[0], : drawn.shape[1]]
    lowest = len(drawn) - 6
    across = np.minimum(np.abs(columns - 20.0), np.abs(columns - 38.0))
    drawn[..., 3][rows > lowest - 2 - across**2 / 4] = 0
    return drawn


class Drawn(Pictures):
    """Three backgrounds and three foregrounds, as if prepared."""

    def background(self, number: int) -> Pixels:
        colour = draw_background(number, SIZE, SIZE)
        return cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY) if self.recipe.settings.grayscale else colour  # type: ignore[return-value]

    def foreground(self, number: int) -> Pixels:
        return standing(number)


def recipe_of(*changes: str) -> Recipe:
    return drawn_recipe("studio-256", 3, 3, [f"size={SIZE}", "placements=4", *changes])


def composer(*changes: str) -> Composer:
    return Composer(Drawn(recipe_of(*changes), None))


def shadows_of(recipe: Recipe) -> Shadows:
    return Shadows(recipe, OwnDraws(recipe), standing)


def samples_of(made: Composer, step: int = 7) -> list[Sample]:
    plan = Plan(made.pictures.recipe)
    return [plan[number] for number in range(0, len(plan), step)]


def two_objects() -> Sample:
    return Sample(
        0, 1, 0, (PlacedObject(0, False, 30, 40, 40, 70, -1, 0.7), PlacedObject(2, True, 55, 60, 50, 90, -1, 0.9))
    )


def same(one: Composite, two: Composite) -> bool:
    return np.array_equal(one.image, two.image) and one.box == two.box and np.array_equal(one.mask, two.mask)


def outside(composite: Composite) -> Pixels:
    x, y, width, height = composite.box
    left = np.ones(composite.image.shape[:2], bool)
    left[y : y + height, x : x + width] = False
    return left  # type: ignore[return-value]


class TestDraws:
    def test_they_are_the_plans_kind(self) -> None:
        keys = [0, 1, 12345, (1 << 64) - 1, 0x9E3779B97F4A7C15]
        assert [mix(key) for key in keys] == plans.mix(np.array(keys, np.uint64)).tolist()

    def test_every_sample_and_object_has_its_own_and_a_background_has_one(self) -> None:
        recipe = recipe_of()
        draws, samples = OwnDraws(recipe), list(Plan(recipe))
        seen = {draws.of_sample(sample, 1)[0] for sample in samples}
        seen |= {draws.of_object(sample, one, 1)[0] for sample in samples for one in two_objects().objects}
        assert len(seen) == 3 * len(samples)
        assert draws.of_background(0, 3) != draws.of_background(1, 3)

    def test_a_picture_more_changes_none(self) -> None:
        few, many = drawn_recipe("studio-256", 2, 2), drawn_recipe("studio-256", 9, 9)
        sample = Plan(few).unplaced(1, 1, True, 3)
        for draws in (OwnDraws.of_sample, lambda own, sample, count: own.of_object(sample, sample.first, count)):
            assert draws(OwnDraws(few), sample, 4) == draws(OwnDraws(many), sample, 4)

    def test_another_seed_draws_others(self) -> None:
        sample = Plan(recipe_of()).unplaced(1, 1, True, 3)
        one, two = (OwnDraws(drawn_recipe("studio-256", 3, 3, seed=seed)).of_sample(sample, 1) for seed in (1, 2))
        assert one != two


class TestSameBytes:
    def test_in_any_order_and_by_any_composer(self) -> None:
        made = composer(*EVERYTHING)
        samples = samples_of(made)
        first = [made(sample) for sample in samples]
        shuffled = list(enumerate(samples))
        random.Random(1).shuffle(shuffled)
        other = composer(*EVERYTHING)
        assert all(same(other(sample), first[number]) for number, sample in shuffled)

    @pytest.mark.parametrize("mode", ["alpha", "binary"])
    @pytest.mark.parametrize("more", [(), ("grayscale=true",)], ids=str)
    def test_mixed_with_one_weight_is_what_the_composer_itself_lays(self, mode: str, more: tuple[str, ...]) -> None:
        rest = [f"compositing.mode.{name}=0" for name in ("alpha", "binary", "gaussian", "multiband") if name != mode]
        plain, mixed = composer(f"compositing.mode={mode}", *more), composer("compositing.mode=mixed", *rest, *more)
        for sample in (*samples_of(plain, 17), two_objects()):
            assert same(plain(sample), mixed(sample))

    def test_settings_of_earlier_versions_are_read_and_stay_as_they_were(self) -> None:
        settings = presets.get("studio-256").settings
        data = settings.model_dump(mode="json")
        assert data["compositing"] == {"mode": "alpha", "mask_threshold": 128, "mask_of": "sized"}
        del data["appearance"]
        assert Settings.model_validate(data) == settings
        assert (
            with_changes(settings, {"compositing.mode": "binary"}).model_dump(mode="json")["compositing"]["mode"]
            == "binary"
        )


class TestBlends:
    @every_blend
    @pytest.mark.parametrize("more", [(), tuple(SHADOWS), ("grayscale=true",)], ids=["plain", "shadows", "grey"])
    def test_masks_are_the_same_and_all_that_changes_is_in_the_box(self, blend: str, more: tuple[str, ...]) -> None:
        wanted, made = composer(), composer(f"compositing.mode={blend}", *more)
        for sample in (*samples_of(made, 17), two_objects()):
            composite = made(sample)
            assert np.array_equal(composite.mask, wanted(sample).mask)
            background, free = made.background(sample.background), outside(composite)
            assert np.array_equal(composite.image[free], background[free])

    @every_blend
    def test_deep_inside_it_is_the_object(self, blend: str) -> None:
        made = composer(f"compositing.mode={blend}")
        wanted = composer()
        for sample in samples_of(made, 17):
            mask = cv2.copyMakeBorder(wanted(sample).mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=255)
            inner = cv2.distanceTransform(mask[1:-1, 1:-1], cv2.DIST_L2, 5) > 10
            if inner.any():
                difference = np.abs(made(sample).image[inner].astype(int) - wanted(sample).image[inner])
                assert np.median(difference) <= 1

    @pytest.mark.parametrize("blend", ["gaussian", "multiband"])
    def test_soft_ones_reach_beyond_the_edge_and_no_farther_than_they_say(self, blend: str) -> None:
        made = composer(f"compositing.mode={blend}")
        for sample in samples_of(made, 17):
            composite, background = made(sample), made.background(sample.background)
            changed = (composite.image != background).any(2)
            edge = cv2.dilate(composite.mask, np.ones((3, 3), np.uint8)) > 0
            assert (changed & ~edge).any()
            x, y, width, height = composite.box
            ring = np.ones_like(changed)
            ring[y + 1 : y + height - 1, x + 1 : x + width - 1] = False
            at_border = x == 0 or y == 0 or x + width == SIZE or y + height == SIZE
            assert at_border or not (changed & ring).any()  # it has faded out before the box ends

    def test_mixed_has_the_shares_of_its_weights(self) -> None:
        blend = with_changes(
            presets.get("studio-256").settings,
            {"compositing.mode": {"name": "mixed", "alpha": 3, "binary": 1, "gaussian": 0, "multiband": 4}},
        ).compositing.mode
        draws = OwnDraws(drawn_recipe("studio-256", 20, 20))
        plan = Plan(drawn_recipe("studio-256", 20, 20))
        counts = Counter(blend.chosen(draws.of_sample(plan[i], 1)[0], plan[i].k).name for i in range(0, len(plan), 4))
        total = sum(counts.values())
        assert set(counts) == {"alpha", "binary", "multiband"}
        for name, weight in (("alpha", 3), ("binary", 1), ("multiband", 4)):
            assert counts[name] / total == pytest.approx(weight / 8, abs=0.02)

    def test_what_cannot_be_is_refused(self) -> None:
        settings = presets.get("studio-256").settings
        none = dict.fromkeys(("alpha", "binary", "gaussian", "multiband"), 0)
        for value in (
            {"name": "mixed", **none},
            {"name": "gaussian", "radius": [1, 9]},
            {"name": "multiband", "levels": 9},
        ):
            with pytest.raises(UsageError):
                with_changes(settings, {"compositing.mode": value})
        with pytest.raises(UsageError, match="no blend called 'add'"):
            with_changes(settings, {"compositing.mode": "add"})


class TestColours:
    def test_they_move_towards_the_surroundings(self) -> None:
        distances = []
        for strength in (0.01, 0.3, 0.6, 1.0):
            made = composer(f"appearance.colour=[{strength}, {strength}]", "placement=uniform")
            colours = ColourMatcher(made.settings, made.background, made.pictures.foreground)
            apart = []
            for sample in samples_of(made, 11):
                composite, (one,) = made(sample), sample.objects
                channels = cv2.cvtColor(composite.image, cv2.COLOR_RGB2YCrCb).astype(float)
                mean = channels[composite.mask > 0].mean(0)
                apart.append(np.linalg.norm(mean - colours.around(sample.background, one.box).mean))
            distances.append(np.mean(apart))
        assert distances == sorted(distances, reverse=True)
        assert distances[-1] < 0.25 * distances[0]

    def test_the_surroundings_are_those_of_plain_counting(self) -> None:
        made = composer("appearance.colour=[1, 1]")
        colours = ColourMatcher(made.settings, made.background, made.pictures.foreground)
        found = colours.around(1, (40, 50, 30, 60))
        part = cv2.cvtColor(made.background(1), cv2.COLOR_RGB2YCrCb)[35:125, 25:85].astype(float)
        assert found.mean == pytest.approx(part.mean((0, 1)))
        assert found.deviation == pytest.approx(part.std((0, 1)))

    def test_every_machine_rounds_alike(self) -> None:
        """The matrix's sums are whole parts of a step, none in the middle between two values."""
        rng = np.random.default_rng(1)
        for _ in range(20):
            scale, shift, gains = rng.uniform(0.6, 1.5, 3), rng.uniform(-80, 80, 3), rng.uniform(0.5, 1.8, 3)
            matrix = matrix_of(scale, shift, gains)
            whole = (matrix.astype(np.float64) * 1024).astype(np.int64)
            assert np.array_equal(whole / 1024, matrix)
            pixels = rng.integers(0, 256, (31, 17, 3), dtype=np.uint8)
            sums = pixels.astype(np.int64) @ whole[:, :3].T + whole[:, 3]
            assert not (sums % 1024 == 512).any()
            assert np.array_equal(cv2.transform(pixels, matrix), np.clip((sums + 512) >> 10, 0, 255))
            luma, chroma = pixels @ (0.299, 0.587, 0.114), pixels @ (0.5, -0.418688, -0.081312)
            moved, centred = luma * scale[0] + shift[0], (chroma + 128) * scale[1] + shift[1] - 128
            red = (moved + 1.402 * centred) * gains[0]
            inside = (red > 0) & (red < 255)
            assert np.abs(cv2.transform(pixels, matrix)[..., 0] - red)[inside].max() < 1.5

    def test_exposure_and_warmth(self) -> None:
        plain, sample = composer(), samples_of(composer())[3]
        solid = plain(sample).mask > 0
        before = plain(sample).image[solid].astype(float).mean(0)
        brighter = composer("appearance.exposure=[0.5, 0.5]")(sample).image[solid].astype(float).mean(0)
        assert (brighter > before).all()
        warmer = composer("appearance.warmth=[1, 1]")(sample).image[solid].astype(float).mean(0)
        assert warmer[0] > before[0]
        assert warmer[2] < before[2]


class TestTextures:
    def test_noise_is_found(self) -> None:
        rng = np.random.default_rng(3)
        calm = np.full((200, 200), 128.0)
        for sigma in (1.5, 3.0, 6.0):
            noisy = np.rint(calm + rng.normal(0, sigma, calm.shape)).astype(np.uint8)
            assert noise_of(noisy) == pytest.approx(sigma, rel=0.12)
        assert noise_of(calm.astype(np.uint8)) == 0

    def test_grain_is_added_where_the_background_has_it(self) -> None:
        made, plain = composer("appearance.grain=[1, 1]"), composer()
        for sample in samples_of(made, 17):
            inner = cv2.erode(plain(sample).mask, np.ones((5, 5), np.uint8)) > 0
            difference = made(sample).image[inner].astype(int) - plain(sample).image[inner]
            assert abs(difference.mean()) < 0.7
            assert difference.std() < 8

    def test_an_object_before_soft_ground_is_softened(self) -> None:
        made, plain = composer("appearance.sharpness=[1, 1]"), composer()
        for one in (made, plain):
            soft = cv2.GaussianBlur(draw_background(0, SIZE, SIZE), (0, 0), 2.5)
            one._backgrounds[0] = np.asarray(soft, np.uint8)
        sample = samples_of(made)[0]
        assert sample.background == 0
        detail = [
            float(cv2.Laplacian(one(sample).image, cv2.CV_64F)[one(sample).mask > 0].std()) for one in (made, plain)
        ]
        assert detail[0] < 0.7 * detail[1]


class TestShadows:
    @every_blend
    def test_they_darken_only_where_the_mask_is_black(self, blend: str) -> None:
        lit, shaded = composer(f"compositing.mode={blend}"), composer(f"compositing.mode={blend}", *SHADOWS)
        darker = 0
        for sample in (*samples_of(lit, 17), two_objects()):
            before, after = lit(sample), shaded(sample)
            assert np.array_equal(before.mask, after.mask)
            solid = before.mask > 0
            if blend in {"alpha", "binary"}:
                assert np.array_equal(before.image[solid], after.image[solid])
            darker += int((after.image[~solid].astype(int) < before.image[~solid]).sum())
            assert (after.image[~solid].astype(int) - before.image[~solid]).max() <= 1  # roundings
        assert darker > 1000

    def test_what_hides_the_feet_hides_their_shadow(self) -> None:
        made = composer(*SHADOWS)
        (placed,) = made.patches(sample := samples_of(made)[2])
        patch = placed.patch
        mask, height = patch.mask.copy(), len(patch.mask)
        mask[height * 3 // 4 :] = 0
        hidden = patch._replace(mask=mask, solid=mask > 0, tight=cv2.boundingRect(mask))
        shadows, image = shadows_of(made.pictures.recipe), made.background(0).copy()
        lay = shadows.lay(image, sample, [placed._replace(patch=hidden)], (0.5, 0.5))
        assert lay == []
        assert np.array_equal(image, made.background(0))
        assert shadows.lay(image, sample, [placed], (0.5, 0.5))

    def test_what_is_cut_straight_at_its_lower_edge_has_none(self) -> None:
        made = composer(*SHADOWS)
        (placed,) = made.patches(sample := samples_of(made)[2])
        recipe = made.pictures.recipe
        image = made.background(sample.background).copy()
        assert Shadows(recipe, OwnDraws(recipe), draw_cutout).lay(image, sample, [placed], (0.5, 0.5)) == []
        assert np.array_equal(image, made.background(sample.background))

    def test_they_end_at_what_stands_on_the_ground(self) -> None:
        """A box to the left of the object, nearer than the ground that it hides: no shadow falls across it."""
        recipe = recipe_of(*SHADOWS, "appearance.light=[70, 70]", "appearance.softness=[0, 0]")
        view, shadows = Plan(recipe).views[0], shadows_of(recipe)
        sample = Sample(0, 0, 0, (PlacedObject(0, False, 90, 60, 30, 60, -1, 0.6),))
        (placed,) = composer(*SHADOWS).patches(sample)
        floor = np.array([view.depth(row + 0.5) for row in range(SIZE)], np.float32)
        depth = np.repeat(floor[:, None], SIZE, axis=1)
        blocked = depth.copy()
        blocked[80:125, 20:80] *= 0.6
        contacts = [view.depth(120.0)]
        white: Pixels = np.full((SIZE, SIZE, 3), 255, np.uint8)
        unknown, free, stopped = white.copy(), white.copy(), white.copy()
        shadows.lay(unknown, sample, [placed], (0.5, 0.5))
        shadows.lay(free, sample, [placed], (0.5, 0.5), KnownGround(depth, contacts, metric=True))
        shadows.lay(stopped, sample, [placed], (0.5, 0.5), KnownGround(blocked, contacts, metric=True))
        assert np.array_equal(unknown, free)
        assert free[84:121, 24:76].min() < 235
        assert stopped[84:121, 24:76].min() == 255
        assert np.array_equal(free[:, 84:], stopped[:, 84:])
        hole = np.full_like(depth, np.nan)
        shadows.lay(holes := white.copy(), sample, [placed], (0.5, 0.5), KnownGround(hole, contacts, metric=True))
        assert np.array_equal(unknown, holes)

    def test_what_hides_an_object_has_no_shadow_of_it(self) -> None:
        """Depth without a unit: nearer than the feet, behind them, is no ground."""
        recipe = recipe_of(*SHADOWS, "appearance.light=[45, 45]")
        sample = Sample(0, 0, 0, (PlacedObject(0, False, 90, 60, 30, 60, -1, 0.6),))
        patches = composer(*SHADOWS).patches(sample)
        depth = np.full((SIZE, SIZE), 0.5, np.float32)
        depth[:, :80] = 0.2
        white: Pixels = np.full((SIZE, SIZE, 3), 255, np.uint8)
        shadows_of(recipe).lay(white, sample, patches, (0.5, 0.5), KnownGround(depth, [0.5], metric=False))
        assert white[:118, :76].min() == 255
        assert white[:, 84:].min() < 200

    def test_a_shadow_never_reaches_the_horizon(self) -> None:
        recipe = recipe_of(*SHADOWS, "appearance.light=[0, 0]", "appearance.elevation=[12, 12]", "camera.wall=60")
        view, shadows = Plan(recipe).views[0], shadows_of(recipe)
        foot = int(view.horizon) + 30
        sample = Sample(0, 0, 0, (PlacedObject(0, False, 90, foot - 80, 40, 80, -1, 0.6),))
        shadows.lay(
            white := np.full((SIZE, SIZE), 255, np.uint8), sample, composer(*SHADOWS).patches(sample), (0.5, 0.5)
        )
        dark = np.flatnonzero((white < 250).any(1))
        assert dark[0] > view.horizon

    def test_light_is_the_same_for_all_of_a_background(self) -> None:
        recipe = recipe_of(*SHADOWS)
        shadows = shadows_of(recipe)
        lights = [shadows.light(number) for number in range(3)]
        assert len(set(lights)) == 3
        again = drawn_recipe("studio-256", 1, 9, [f"size={SIZE}", *SHADOWS])
        assert shadows_of(again).light(0) == lights[0]

    def test_a_background_may_have_its_own(self) -> None:
        recipe = recipe_of(*SHADOWS)
        drawn = shadows_of(recipe).light(1)
        own = recipe.backgrounds[1].model_copy(update={"light": 120.0, "softness": 0.9})
        own_light = recipe.model_copy(update={"backgrounds": (recipe.backgrounds[0], own, recipe.backgrounds[2])})
        light = shadows_of(own_light).light(1)
        assert light == drawn._replace(direction=math.radians(120), softness=0.9)
        assert shadows_of(own_light).light(0) == shadows_of(recipe).light(0)

    @pytest.mark.parametrize("direction", [-170.0, -90.0, -20.0, 0.0, 35.0, 150.0])
    @pytest.mark.parametrize("height", [32.0, 45.0, 70.0])
    def test_the_light_is_found_from_where_its_shadow_ends(self, direction: float, height: float) -> None:
        recipe, box = recipe_of(*SHADOWS), (60, 50, 30, 60)
        view = Plan(recipe).views[0]
        end = shadow_end(Light(math.radians(direction), math.radians(height), 0.5), view, box)
        assert light_towards(view, box, *end) == pytest.approx((direction, height), abs=0.01)

    @pytest.mark.parametrize(("direction", "side"), [(90, -1), (-90, 1)])
    def test_it_falls_away_from_the_light(self, direction: int, side: int) -> None:
        changes = ["appearance.cast_shadow=[0.8, 0.8]", f"appearance.light=[{direction}, {direction}]"]
        lit, shaded = composer(), composer(*changes, "appearance.elevation=[40, 40]")
        sample = Sample(0, 0, 0, (PlacedObject(0, False, 65, 60, 30, 60, -1, 0.6),))
        difference = lit(sample).image.sum(2, dtype=int) - shaded(sample).image.sum(2, dtype=int)
        columns = (difference * np.arange(SIZE)).sum() / difference.sum()
        assert (columns - 80) * side > 8

    def test_light_from_before_the_camera_casts_to_the_viewer(self) -> None:
        changes = ["appearance.cast_shadow=[0.8, 0.8]", "appearance.elevation=[30, 30]"]
        sample = Sample(0, 0, 0, (PlacedObject(0, False, 65, 50, 30, 60, -1, 0.6),))
        middles = []
        for direction in (0, 180):
            shaded = composer(*changes, f"appearance.light=[{direction}, {direction}]")(sample)
            difference = composer()(sample).image.sum(2, dtype=int) - shaded.image.sum(2, dtype=int)
            middles.append((difference.sum(1) * np.arange(SIZE)).sum() / difference.sum())
        assert middles[0] < 110 < middles[1]


class TestFiles:
    def test_a_spliced_jpeg_is_the_plain_one_to_the_pixel(self) -> None:
        """It is coded anew only where the composite says that it differs from its background: shadows are in there."""
        made, whole = composer(*EVERYTHING), composer(*EVERYTHING, "codecs.fg_bg.splice=false")
        spliced, plain = SampleEncoder(made, None), SampleEncoder(whole, None)
        for sample in (*samples_of(made), two_objects()):
            files = [one.composite(sample, made(sample)) for one in (spliced, plain)]
            assert np.array_equal(*(decode(data, "a composite") for data in files))

    def test_objects_at_the_edges_of_the_frame(self) -> None:
        made = composer(*EVERYTHING)
        for x, y in itertools.product((0, SIZE - 30), (0, SIZE - 60)):
            for k in range(6):
                sample = Sample(0, 0, k, (PlacedObject(1, False, x, y, 30, 60, -1, 0.6),))
                composite = made(sample)
                left, top, width, height = composite.box
                assert 0 <= left <= left + width <= SIZE
                assert 0 <= top <= top + height <= SIZE

    @pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 3), (1, 40), (40, 1), (160, 160)])
    def test_objects_of_any_size(self, width: int, height: int) -> None:
        made, plain = composer(*EVERYTHING), composer()
        for k in range(8):
            sample = Sample(0, 0, k, (PlacedObject(1, False, 0, SIZE - height, width, height, -1, 0.6),))
            assert np.array_equal(made(sample).mask, plain(sample).mask)
