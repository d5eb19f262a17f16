"""A dataset cut into shards."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence

from fgbg_studio.core.interfaces.engine import Shard

_PARTS = (8, 4, 2, 1)  # of a whole shard: how small the first ones are, then the next, and so on
_LEAST = 100  # samples of a shard that is cut smaller


def shards_of(samples: int, size: int) -> list[Shard]:
    """``samples`` cut into shards of ``size``, the last one what is left; the first ones are cut smaller.

    Eighths up to the first ``size`` samples, quarters up to twice and halves up to four times as many: so a small
    dataset keeps all cores busy to its end, and there is something to see, and to keep, before a slow network has
    gone through a whole shard. More samples never move the cuts before them.
    """
    edges = [0]
    for parts in _PARTS:
        part = min(max(-(-size // parts), _LEAST), size)
        stop = samples if parts == 1 else min(_PARTS[0] // parts * size, samples)
        edges += [*range(edges[-1] + part, stop, part), stop] if edges[-1] < stop else []
    return [Shard(number, *pair) for number, pair in enumerate(itertools.pairwise(edges))]


def shard_at(shards: Sequence[Shard], number: int) -> Shard:
    """The one of the `shards_of` a dataset that holds the sample ``number``."""
    return shards[bisect.bisect_right(shards, number, key=lambda shard: shard.start) - 1]
