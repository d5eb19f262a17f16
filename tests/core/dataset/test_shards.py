"""How samples are cut into shards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.dataset.shards import Extent, shard_at, shards_of

counts = st.integers(1, 70_000)
sizes = st.integers(1, 30_000)


@given(counts, sizes, st.randoms())
def test_every_sample_is_in_one_shard_of_no_more_than_its_size(samples: int, size: int, random: object) -> None:
    size = max(size, samples // 200)
    shards = shards_of(samples, size)
    assert [shard.number for shard in shards] == list(range(len(shards)))
    assert [shard.start for shard in shards] == [0, *(shard.stop for shard in shards[:-1])]
    assert shards[-1].stop == samples
    assert all(0 < shard.stop - shard.start <= size for shard in shards)
    number = random.randrange(samples)  # type: ignore[attr-defined]
    assert shard_at(shards, number).start <= number < shard_at(shards, number).stop


@given(counts, counts, sizes)
def test_more_samples_move_no_cut(samples: int, more: int, size: int) -> None:
    size = max(size, (samples + more) // 200)
    before, after = shards_of(samples, size), shards_of(samples + more, size)
    assert after[: len(before) - 1] == before[:-1]
    assert after[len(before) - 1].start == before[-1].start


@given(counts, counts, counts, sizes)
def test_what_a_raised_limit_left_is_never_cut_again(first: int, second: int, third: int, size: int) -> None:
    size = max(size, (first + second + third) // 200)
    before = Extent(first, "spread")
    once = before.raised(first + second)
    twice = once.raised(first + second + third)
    for earlier, later in ((before, once), (once, twice)):
        shards = later.shards(size)
        assert shards[: len(earlier.shards(size))] == earlier.shards(size)
        assert shards[-1].stop == later.samples
        assert all(0 < shard.stop - shard.start <= size for shard in shards)
    assert once.raised(once.samples) == once


@pytest.mark.parametrize(
    ("samples", "size", "stops"),
    [
        (9000, 2000, [*range(250, 2001, 250), 2500, 3000, 3500, 4000, 5000, 6000, 7000, 8000, 9000]),
        (
            12_500,
            2000,
            [*range(250, 2001, 250), *range(2500, 4001, 500), 5000, 6000, 7000, 8000, 10_000, 12_000, 12_500],
        ),
        (1100, 500, [100, 200, 300, 400, 500, 625, 750, 875, 1000, 1100]),
        (600, 2000, [250, 500, 600]),
        (50, 2000, [50]),
        (250, 500, [100, 200, 250]),
        (25, 10, [10, 20, 25]),
    ],
)
def test_the_first_shards_are_cut_smaller(samples: int, size: int, stops: list[int]) -> None:
    assert [shard.stop for shard in shards_of(samples, size)] == stops
