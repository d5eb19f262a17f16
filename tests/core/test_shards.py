"""How samples are cut into shards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.engines import shard_at, shards_of

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


@pytest.mark.parametrize(
    ("samples", "size", "stops"),
    [
        (6000, 2000, [250, 500, 750, 1000, 1250, 1500, 1750, 2000, 4000, 6000]),
        (600, 2000, [250, 500, 600]),
        (50, 2000, [50]),
        (250, 500, [100, 200, 250]),
        (25, 10, [10, 20, 25]),
    ],
)
def test_the_first_shard_is_cut_smaller(samples: int, size: int, stops: list[int]) -> None:
    assert [shard.stop for shard in shards_of(samples, size)] == stops
