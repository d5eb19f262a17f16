"""Names: no two pictures of a dataset share one, whatever the plan, and a layout is known again by its folders."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest

from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.interfaces.layout import KINDS, SAMPLE_KINDS, Layout, file_name, stem
from fgbg_studio.core.plan.plan import Plan
from tests.conftest import drawn_recipe

LAYOUTS = {name: member() for name, member in Layout.known().items()}
every_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))


def plan_of(layout: Layout, n_bg: int = 12, n_fg: int = 11, *changes: str) -> Plan:
    # The writer and codecs do not matter; a layout goes with any placement.
    return Plan(drawn_recipe("street-224", n_bg, n_fg, [f"layout={layout.name}", *changes]))


@every_layout
class TestContract:
    @pytest.mark.parametrize("placement", ["uniform", "layers"])
    @pytest.mark.parametrize("mirrored", ["true", "false"])
    def test_names_are_unique_over_the_whole_plan(self, layout: Layout, placement: str, mirrored: str) -> None:
        plan = plan_of(layout, 11, 2, f"placement={placement}", f"mirrored={mirrored}", "placements=101")
        paths = [plan.paths(sample) for sample in plan]
        for column, kind in zip(zip(*paths, strict=True), SAMPLE_KINDS, strict=True):
            # Some disks know no case; a flat archive knows no folders.
            assert len({path.lower() for path in column}) == len(plan), kind
            assert len({layout.member(path).lower() for path in column}) == len(plan), kind
        assert len({path for triple in paths for path in triple}) == 3 * len(plan)

    def test_names_stay_unique_beyond_their_digits(self, layout: Layout) -> None:
        numbers = [1, 9, 10, 99, 100, 111, 999, 1000, 1001, 1111, 11111]
        for name in (layout.background, lambda n: layout.foreground(n, False), lambda n: layout.fg_mask(n, False)):
            assert len({name(number) for number in numbers}) == len(numbers)
        plan = plan_of(layout, 1, 1)
        few = [
            plan.ids(plan[0])._replace(number=i, background=b, foreground=f, mirrored=m, foregrounds=11_112)
            for i, (b, f, m) in enumerate((b, f, m) for b in numbers for f in numbers for m in (False, True))
        ]
        assert len({layout.sample(ids).fg_bg for ids in few}) == len(few)

    def test_mirrored_pictures_have_names_of_their_own_where_they_are_stored(self, layout: Layout) -> None:
        for name in (layout.foreground, layout.fg_mask):
            assert (name(3, True) != name(3, False)) == layout.stores_mirrored

    def test_paths_are_relative_plain_and_portable(self, layout: Layout) -> None:
        plan = plan_of(layout)
        paths = [*plan.paths(plan[77]), layout.background(3), layout.foreground(3, True), layout.fg_mask(3, True)]
        for path in paths:
            assert re.fullmatch(r"[A-Za-z0-9_]+( Masks)?(/[A-Za-z0-9_]+)+(\.jpe?g|\.png)?", path)
            assert not PurePosixPath(path).is_absolute()

    def test_every_kind_lies_in_its_folder_and_in_no_others(self, layout: Layout) -> None:
        plan = plan_of(layout)
        assert tuple(layout.folders) == KINDS
        triple = plan.paths(plan[-1])
        places = {
            "bg": layout.background(11), "fg": layout.foreground(10, True), "fg_mask": layout.fg_mask(10, True),
            **dict(zip(SAMPLE_KINDS, triple, strict=True)),
        }  # fmt: skip
        for kind, path in places.items():
            top = path.partition("/")[0]
            homes = [other for other, pattern in layout.folders.items() if re.fullmatch(pattern, top)]
            assert homes == [kind]

    def test_suffixes_follow_the_codec(self, layout: Layout) -> None:
        assert layout.suffix(Codec()) == ".png"
        assert layout.suffix(Codec("jpeg")) in {".jpg", ".jpeg"}
        plan = plan_of(layout, 2, 2, "codecs.fg_bg.format=png", "codecs.depth.format=png")
        composite, mask, depth = plan.paths(plan[0])
        assert (composite[-4:], depth[-4:]) == (".png", ".png")
        assert mask.endswith(layout.jpeg_suffix)

    def test_the_order_goes_through_every_axis(self, layout: Layout) -> None:
        assert sorted(layout.axes) == ["background", "foreground", "mirrored", "placement"]

    def test_labels_have_one_line_a_sample_or_there_are_none(self, layout: Layout) -> None:
        plan = plan_of(layout, 2, 2)
        labels = [layout.label(plan.ids(s), plan.paths(s), s.first.x, s.first.y) for s in plan]
        assert len({label is None for label in labels}) == 1
        lines = [label for label in labels if label]
        assert len(set(lines)) == len(lines)
        for path, line in lines:
            assert path.startswith("labels/")
            assert "\n" not in line


def test_names_without_folders_and_suffix() -> None:
    assert file_name("a/b/c.jpg") == "c.jpg"
    assert file_name("c.jpg") == "c.jpg"
    assert stem("a/b/c.jpg") == "c"
