"""Near-duplicates: groups of what is open, and the better one."""

from __future__ import annotations

import pytest

from fgbg_studio.core.imaging.thumbnails import Metrics
from fgbg_studio.core.project.duplicates import better, open_groups, similar_groups
from fgbg_studio.core.project.model import Background


def background(number: int, fingerprint: int, side: int = 300, **more: object) -> Background:
    return Background(
        file=f"backgrounds/{number}.png", sha256=f"{number:064x}", width=side, height=side, fingerprint=fingerprint,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


FAR = (1 << 63) | ((1 << 40) - 1)
THREE = [background(1, 0b1), background(2, 0b11), background(3, 0b111), background(4, FAR), background(5, 0)]


def names(groups: list[list[Background]]) -> list[list[str]]:
    return [[b.file[12:-4] for b in group] for group in groups]


def test_alike_pictures_form_one_group_in_their_order() -> None:
    assert names(open_groups(THREE, similar_groups(THREE))) == [["1", "2", "3"]]


def test_a_picture_without_fingerprint_is_like_none() -> None:
    two = [background(1, 0), background(2, 0)]
    assert similar_groups(two) == ()


def test_rejected_and_kept_ones_are_decided() -> None:
    groups = similar_groups(THREE)
    rejected = [THREE[0].model_copy(update={"status": "rejected"}), *THREE[1:]]
    assert names(open_groups(rejected, groups)) == [["2", "3"]]
    kept = [b.model_copy(update={"kept": True}) for b in THREE[:3]]
    assert open_groups(kept, groups) == []
    one_new = [*kept[:2], THREE[2]]
    assert names(open_groups(one_new, groups)) == [["1", "2", "3"]]


def test_the_one_between_two_joins_them_only_while_it_is_there() -> None:
    ends = [background(1, 0b1), background(2, (1 << 9) - 1), background(3, (1 << 17) - 1)]
    assert names(open_groups(ends, similar_groups(ends))) == [["1", "2", "3"]]
    without = [ends[0], ends[1].model_copy(update={"status": "rejected"}), ends[2]]
    assert open_groups(without, similar_groups(ends)) == []


def test_the_larger_one_is_better_unless_it_is_only_enlarged() -> None:
    small, large = background(1, 1, 300), background(2, 1, 600)
    sharp, blurred = Metrics(900, 0.5), Metrics(100, 0.5)
    assert better([small, large], {small.sha256: sharp, large.sha256: sharp}) is large
    assert better([large, small], {small.sha256: sharp, large.sha256: sharp}) is large
    assert better([small, large], {small.sha256: sharp, large.sha256: blurred}) is small
    assert better([large, small], {small.sha256: sharp, large.sha256: blurred}) is small


def test_of_equal_sizes_the_sharper_one_is_better() -> None:
    one, two = background(1, 1), background(2, 1)
    metrics = {one.sha256: Metrics(100, 0.5), two.sha256: Metrics(120, 0.5)}
    assert better([one, two], metrics) is two
    assert better([one, two], {}) is one


def shaped(number: int, width: int, height: int) -> Background:
    return background(number, 1).model_copy(update={"width": width, "height": height})


def kept_shape(b: Background, best: Background) -> bool:
    return abs(b.width / b.height - best.width / best.height) < 0.2 * best.width / best.height


@pytest.mark.parametrize(
    ("sizes", "best"),
    [
        ([(640, 480), (6000, 300)], 0),  # a strip has many pixels, and shrinking makes it sharp
        ([(6000, 900), (640, 480)], 1),
        ([(300, 6000), (640, 480)], 1),
        ([(640, 480), (800, 600), (6000, 2000), (1280, 960)], 3),
        ([(640, 480), (800, 600), (2000, 2000)], 1),  # two of three have one shape
        ([(480, 640), (2000, 2000), (600, 800)], 2),
        ([(640, 480), (800, 570), (640, 430)], 1),  # crops are no other shape
        ([(600, 400), (300, 600)], 0),
        ([(1920, 1080), (1500, 800)], 0),
    ],
)
@pytest.mark.parametrize("sharp", [100, 300, 900])
def test_another_shape_is_never_the_better_one(sizes: list[tuple[int, int]], best: int, sharp: int) -> None:
    group = [shaped(number, *size) for number, size in enumerate(sizes)]
    others = {b.sha256: Metrics(sharp, 0.5) for b in group}
    metrics = others | {b.sha256: Metrics(200, 0.5) for b in group if kept_shape(b, group[best])}
    assert better(group, metrics) is group[best]


def test_what_the_square_leaves_out_counts_for_nothing() -> None:
    wide, tall = shaped(1, 1000, 400), shaped(2, 900, 450)
    metrics = {b.sha256: Metrics(200, 0.5) for b in (wide, tall)}
    assert better([wide, tall], metrics) is tall
    narrowed = tall.model_copy(update={"crop": (0, 0, 200)})
    assert better([wide, narrowed], metrics) is wide
