"""The presets against the reference: folders, names, numbers, order, sizes, formats, qualities, label files."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.project import presets
from tests.conftest import drawn_recipe

HAND_MADE = ["classroom-192", "street-224", "office-224", "layers-150", "course-200"]
every_preset = pytest.mark.parametrize("name", presets.names())
PLANS = {name: Plan(drawn_recipe(name)) for name in presets.names()}


def first(name: str, count: int) -> list[str]:
    plan = PLANS[name]
    return [plan.paths(sample).fg_bg.rpartition("/")[2] for sample in plan[:count]]


def find(name: str, background: int, foreground: int, mirrored: bool, k: int) -> Sample:
    """The sample of these numbers, by the preset's own order of axes."""
    plan = PLANS[name]
    numbers = {"background": background, "foreground": foreground, "mirrored": int(mirrored), "placement": k}
    if plan.layout.mirrored_first:
        numbers["mirrored"] = int(not mirrored)
    sizes = {"background": 100, "foreground": 100, "mirrored": 2, "placement": 20}
    index = 0
    for axis in plan.layout.axes:
        index = index * sizes[axis] + numbers[axis]
    sample = plan[index]
    assert sample.identity == (background, foreground, mirrored, k)
    return sample


class TestNames:
    def test_classroom(self) -> None:
        plan = PLANS["classroom-192"]
        assert plan.paths(find("classroom-192", 79, 98, True, 9)) == (
            "fg_bg_images/fg099flip_bg080_10.jpg",
            "fg_bg_mask_images/fg099flip_bg080_10.jpg",
            "fg_bg_depth_images/fg099flip_bg080_10.jpg",
        )
        assert plan.paths(find("classroom-192", 79, 98, False, 19)).fg_bg == "fg_bg_images/fg099_bg080_20.jpg"
        assert plan.layout.background(0) == "bg_images/img_001"
        assert plan.layout.foreground(99, False) == "fg_images/img_100"
        assert plan.layout.fg_mask(99, False) == "fg_mask_images/img_100"
        assert first("classroom-192", 3) == ["fg001_bg001_01.jpg", "fg001flip_bg001_01.jpg", "fg001_bg001_02.jpg"]
        assert first("classroom-192", 41)[-1] == "fg001_bg002_01.jpg"
        assert plan.paths(plan[4000]).fg_bg.endswith("fg002_bg001_01.jpg")
        assert {kind: plan.layout.archive(kind) for kind in ("bg", "fg_bg", "depth")} == {
            "bg": "bg_images", "fg_bg": "fg_bg_images", "depth": "fg_bg_depth_images",
        }  # fmt: skip
        assert plan.layout.member("fg_bg_images/fg099_bg080_10.jpg") == "fg099_bg080_10.jpg"

    def test_street(self) -> None:
        plan = PLANS["street-224"]
        assert plan.paths(plan[0]) == (
            "fg_bg/bg_00/bg_00_fg_00_T_000000.jpg",
            "fg_bg_masks/bg_00/bg_00_fg_00_T_000000.jpg",
            "fg_bg_depth/bg_00/bg_00_fg_00_T_000000.jpg",
        )
        assert first("street-224", 3)[1:] == ["bg_00_fg_00_F_000001.jpg", "bg_00_fg_00_T_000002.jpg"]
        assert plan[0].first.mirrored
        assert first("street-224", 41)[-1] == "bg_00_fg_01_T_000040.jpg"
        assert plan.paths(plan[4000 * 7 + 5]).fg_bg == "fg_bg/bg_07/bg_07_fg_00_F_028005.jpg"
        assert plan.paths(plan[-1]).fg_bg == "fg_bg/bg_99/bg_99_fg_99_F_399999.jpg"
        folders = Counter(plan.paths(sample).mask.rpartition("/")[0] for sample in plan[:12_000])
        assert folders == {f"fg_bg_masks/bg_{b:02}": 4000 for b in range(3)}
        assert plan.layout.background(99) == "bg/bg_99"
        assert plan.layout.foreground(0, False) == "fg/fg_00"
        assert plan.layout.fg_mask(0, False) == "fg_mask/fg_00"

    def test_office(self) -> None:
        plan = PLANS["office-224"]
        plain, flipped = find("office-224", 0, 0, False, 0), find("office-224", 0, 0, True, 0)
        assert plan.paths(plain) == (
            "BG_FG/bg_001_fg_001_001.jpeg",
            "BG_FG Masks/bg_001_fg_001_001.jpeg",
            "DepthMaps/bg_001_fg_001_001_depth_map_001.jpeg",
        )
        assert plan.paths(flipped).fg_bg == "BG_FG/bg_001_fg_101_001.jpeg"
        assert plan.paths(find("office-224", 99, 99, True, 19)) == (
            "BG_FG/bg_100_fg_200_020.jpeg",
            "BG_FG Masks/bg_100_fg_200_020.jpeg",
            "DepthMaps/bg_100_fg_200_020_depth_map_020.jpeg",
        )
        assert plan.layout.background(0) == "BG/bg001"
        assert [plan.layout.foreground(0, m) for m in (False, True)] == ["FG/fg001", "FG/fg001_01"]
        assert [plan.layout.fg_mask(0, m) for m in (False, True)] == ["FG Masks/frg001", "FG Masks/frg001_01"]

    @pytest.mark.parametrize(("foregrounds", "mirrored"), [(3, 101), (100, 101), (130, 131)])
    def test_office_mirrors_follow_the_plain_ones(self, foregrounds: int, mirrored: int) -> None:
        """Up to a hundred foregrounds, one more changes no name."""
        plan = Plan(drawn_recipe("office-224", 1, foregrounds))
        names = {sample.identity: plan.paths(sample).fg_bg for sample in plan}
        assert names[0, 0, True, 6] == f"BG_FG/bg_001_fg_{mirrored:03}_007.jpeg"
        assert len(set(names.values())) == len(names)

    @pytest.mark.parametrize("changes", [[], ["placements=1200"]])
    def test_office_folders_line_up_however_many_there_are(self, changes: list[str]) -> None:
        plan = Plan(drawn_recipe("office-224", 2, 3, changes))
        paths = [plan.paths(sample) for sample in plan]
        rows = [(plan.beside(path), *path) for path in paths]
        for column in zip(*sorted(rows, key=lambda row: row[1]), strict=True):
            assert list(column) == sorted(column)

    def test_layers(self) -> None:
        plan = PLANS["layers-150"]
        assert plan.paths(find("layers-150", 4, 72, True, 2)) == (
            "fgbg150_5/bg5_0_2_flip_fg_73.jpg",
            "mask_fgbg150_5/mask_bg5_0_2_flip_fg_73.jpg",
            "depth_fgbg150_5/depth_bg5_0_2_flip_fg_73.jpg",
        )
        assert plan.paths(find("layers-150", 0, 0, False, 19)).fg_bg == "fgbg150_1/bg1_3_4_fg_1.jpg"
        assert plan.layout.background(99) == "bg150/bg100"
        assert [plan.layout.foreground(0, m) for m in (False, True)] == ["fg150/fg_1", "fg150/flip_fg_1"]
        masks = [plan.layout.fg_mask(0, m) for m in (False, True)]
        assert masks == ["fg150_mask/mask_fg_1", "fg150_mask/mask_flip_fg_1"]

    def test_layers_names_follow_the_number_of_columns(self) -> None:
        plan = Plan(drawn_recipe("layers-150", 1, 1, ["placement.columns=3"]))
        assert plan.paths(plan[11]).fg_bg == "fgbg150_1/bg1_3_2_fg_1.jpg"

    def test_layers_names_of_two_backgrounds_differ_in_the_number_alone(self) -> None:
        plan = PLANS["layers-150"]
        one, two = (plan.paths(find("layers-150", b, 30, True, 7)).fg_bg for b in (4, 60))
        assert one.replace("fgbg150_5/bg5_", "fgbg150_61/bg61_") == two

    def test_course(self) -> None:
        plan = PLANS["course-200"]
        composite, mask, _ = plan.paths(plan[0])
        assert composite == "fg_bg/fg_000_bg_000_000000.jpg"
        assert mask == "fg_bg_mask/fg_000_bg_000_mask_000000.jpg"
        assert plan.paths(plan[-1])[:2] == (
            "fg_bg/fg_099_bg_099_399999.jpg",
            "fg_bg_mask/fg_099_bg_099_mask_399999.jpg",
        )
        assert first("course-200", 41)[-1] == "fg_001_bg_000_000040.jpg"
        assert plan.paths(plan[4000 * 7 + 5]).fg_bg == "fg_bg/fg_000_bg_007_028005.jpg"
        for sample in plan[3900:4100]:
            assert sample.first.mirrored == (sample.number % 2 == 0)
            assert sample.background == sample.number // 4000
            assert sample.first.foreground == sample.number // 40 % 100
            assert sample.k == sample.number // 2 % 20
        assert [plan.layout.background(0), plan.layout.foreground(0, True)] == ["bg/000", "fg/000"]

    def test_studio_has_one_folder_a_background_and_one_name_for_all_three(self) -> None:
        plan = PLANS["studio-256"]
        composite, mask, depth = plan.paths(find("studio-256", 7, 12, True, 3))
        assert composite == "fg_bg/bg_007/bg_007_fg_012_m_03.jpg"
        assert mask == "mask/bg_007/bg_007_fg_012_m_03.png"
        assert depth == "depth/bg_007/bg_007_fg_012_m_03.png"


class TestLabels:
    def test_street(self) -> None:
        plan = PLANS["street-224"]
        for sample in (plan[0], plan[4001]):
            path, line = plan.layout.label(plan.ids(sample), plan.paths(sample), sample.first.x, sample.first.y) or (
                "",
                "",
            )
            assert path == f"labels/bg_{sample.background:02}_label_info.txt"
            name = "bg_00_fg_00_T_000000.jpg" if sample.number == 0 else "bg_01_fg_00_F_004001.jpg"
            assert line == f"{name}\t{sample.first.x}\t{sample.first.y}"

    def test_course(self) -> None:
        plan = PLANS["course-200"]
        sample = plan[123]
        label = plan.layout.label(plan.ids(sample), plan.paths(sample), sample.first.x, sample.first.y)
        names = "fg_003_bg_000_000123.jpg\tfg_003_bg_000_mask_000123.jpg"
        assert label == ("labels/labels.txt", f"{names}\t{sample.first.x}\t{sample.first.y}")

    @pytest.mark.parametrize("name", ["classroom-192", "office-224", "layers-150", "studio-256"])
    def test_the_others_have_none(self, name: str) -> None:
        plan = PLANS[name]
        assert plan.layout.label(plan.ids(plan[0]), plan.paths(plan[0]), 1, 2) is None


class TestSizes:
    def sizes(self, name: str) -> tuple[Any, Any, Any]:
        samples = np.array([s.first[4:7] for s in PLANS[name].table(0, 40_000).samples()])
        return samples[:, 0], samples[:, 1], samples[:, 2]

    @pytest.mark.parametrize(("name", "height"), [("street-224", 105), ("office-224", 110)])
    def test_one_height(self, name: str, height: int) -> None:
        _, high, layer = self.sizes(name)
        assert set(high.tolist()) == {height}
        assert set(layer.tolist()) == {-1}

    def test_course_has_one_longest_side_a_foreground_and_takes_every_value_of_its_range(self) -> None:
        plan = Plan(drawn_recipe("course-200", 1, 2000, ["placements=3"]))
        found: dict[int, set[tuple[int, int]]] = {}
        for sample in plan:
            found.setdefault(sample.first.foreground, set()).add(sample.first[4:6])
        sizes = [next(iter(one)) for _, one in sorted(found.items()) if len(one) == 1]
        assert len(sizes) == 2000
        assert sizes == [plan.stored_size(number) for number in range(2000)]
        values, counts = np.unique(np.max(sizes, axis=1), return_counts=True)
        assert values.tolist() == list(range(80, 110))
        # χ² of 29 degrees of freedom: under 58.3 but once in a thousand.
        assert ((counts - 2000 / 30) ** 2 / (2000 / 30)).sum() < 58.3

    def test_course_sizes_follow_from_seed_and_contents_alone(self) -> None:
        recipe = drawn_recipe("course-200", 3, 30)
        turned = recipe.model_copy(
            update={"foregrounds": recipe.foregrounds[::-1], "backgrounds": recipe.backgrounds[:1]}
        )
        sizes = [Plan(recipe).stored_size(number) for number in range(30)]
        assert [Plan(turned).stored_size(29 - number) for number in range(30)] == sizes
        other = Plan(recipe.model_copy(update={"seed": 1}))
        assert [other.stored_size(number) for number in range(30)] != sizes

    def test_layers_sizes_go_with_their_rows(self) -> None:
        wide, high, layer = self.sizes("layers-150")
        assert np.array_equal(wide, high)
        assert np.array_equal(wide, 90 - 10 * layer)
        # Stretched, not padded: the box of a tall cutout is the whole square.
        assert {foreground.natural(square=False) for foreground in PLANS["layers-150"].recipe.foregrounds} > {(50, 100)}

    def test_classroom_shrinks_by_whole_numbers(self) -> None:
        recipe = drawn_recipe("classroom-192", 1, 3)
        boxes = [(0, 0, 300, 700), (0, 0, 90, 95), (0, 0, 640, 200)]
        fg = tuple(f.model_copy(update={"box": b}) for f, b in zip(recipe.foregrounds, boxes, strict=True))
        found = {
            (s.first.foreground, s.first.width, s.first.height)
            for s in Plan(recipe.model_copy(update={"foregrounds": fg}))
        }
        assert found == {(0, 300 // 7, 100), (1, 90, 95), (2, 64, 20)}

    def test_studio_follows_the_camera(self) -> None:
        plan = PLANS["studio-256"]
        camera = plan.recipe.settings.camera
        for sample in plan[::4001]:
            foot = sample.first.y + sample.first.height
            exact = 1.7 * (foot - camera.horizon * 256) / camera.height
            assert abs(sample.first.height - exact) <= 0.5 + 1e-9


class TestSettings:
    def test_the_default_is_ours(self) -> None:
        assert presets.DEFAULT == "studio-256" == presets.names()[0]
        assert presets.names()[1:] == ["scenes-384", *HAND_MADE]

    @every_preset
    def test_twenty_placements_plain_and_mirrored(self, name: str) -> None:
        preset = presets.get(name)
        assert preset.name == name
        assert preset.summary
        assert name.endswith(f"-{preset.settings.size}")
        assert (preset.settings.placements, preset.settings.mirrored) == (20, True)

    @every_preset
    def test_nothing_needs_to_be_downloaded(self, name: str) -> None:
        assert not presets.get(name).settings.depth.way.needs_network

    def test_backgrounds(self) -> None:
        rules = {name: presets.get(name).settings.background for name in presets.names()}
        assert (rules["classroom-192"].fit, rules["classroom-192"].max_side) == ("stretch", 300)
        assert (rules["street-224"].fit, rules["street-224"].resampling) == ("crop", "lanczos")
        assert rules["course-200"].fit == "crop"

    def test_course_qualities_and_mask(self) -> None:
        settings = presets.get("course-200").settings
        codecs, small = settings.codecs, Codec("jpeg", 30, optimise=True)
        assert (codecs.bg, codecs.fg, codecs.fg_mask) == (Codec("jpeg", 60, optimise=True), Codec(), Codec("jpeg", 30))
        assert (codecs.fg_bg, codecs.mask) == (small, small)
        assert (settings.compositing.mask_threshold, settings.compositing.mask_of) == (1, "cutout")

    def test_classroom_pastes_bit_by_bit(self) -> None:
        settings = presets.get("classroom-192").settings
        assert (settings.compositing.mode.name, settings.compositing.mask_threshold) == ("binary", 255)
        assert settings.foreground.trim == "contour"
        assert all(getattr(settings.codecs, kind) == Codec("jpeg", 95) for kind in type(settings.codecs).model_fields)

    def test_studio_loses_nothing_but_in_its_composites(self) -> None:
        codecs = presets.get("studio-256").settings.codecs
        assert codecs.fg_bg.quality == 95
        assert [codecs.mask.lossless, codecs.depth.lossless, codecs.fg.lossless] == [True] * 3
        settings = presets.get("studio-256").settings
        assert settings.depth.encoding.name == "uint16-millimetres"
        assert settings.depth_size == settings.size

    def test_an_unknown_one_lists_the_known(self) -> None:
        with pytest.raises(UsageError, match="no preset called 'street'") as caught:
            presets.get("street")
        assert "street-224" in caught.value.way_out
        assert "layers-150" in caught.value.way_out
