"""How much of its plan a dataset has, in which order, and how that is cut into shards."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.interfaces.engine import Shard

_PARTS = (8, 4, 2, 1)  # of a whole shard: how small the first ones are, then the next, and so on
_LEAST = 100  # samples of a shard that is cut smaller


@dataclass(frozen=True)
class Extent:
    """What part of its plan a dataset has.

    Attributes:
        samples: how many.
        order: in which they are taken: ``plan`` the plan's own, ``spread`` that of `SpreadOrder`.
        limits: how many there were to be before the limit was raised: there are cuts, so that what was made is kept.
    """

    samples: int
    order: Literal["plan", "spread"] = "plan"
    limits: tuple[int, ...] = ()

    @classmethod
    def of(cls, samples: int, plan: int) -> Extent:
        """Of a new dataset with so many of the samples of a plan."""
        return cls(samples, "plan" if samples == plan else "spread")

    def raised(self, samples: int) -> Extent:
        """The same with more samples; the first ones are those that there are."""
        limits = (*self.limits, self.samples) if self.order == "spread" and samples > self.samples else self.limits
        return replace(self, samples=samples, limits=limits)

    def shards(self, size: int) -> list[Shard]:
        """Its shards of ``size`` samples; `Shard.start` and `Shard.stop` are positions in its order."""
        return shards_of(self.samples, size, self.limits)


def shards_of(samples: int, size: int, limits: Sequence[int] = ()) -> list[Shard]:
    """``samples`` cut into shards of ``size``, the last one what is left; the first ones are cut smaller.

    There is a cut at each of ``limits`` too.

    Eighths up to the first ``size`` samples, quarters up to twice and halves up to four times as many: so a small
    dataset keeps all cores busy to its end, and there is something to see, and to keep, before a slow network has
    gone through a whole shard. More samples never move the cuts before them.
    """
    edges = [0]
    for parts in _PARTS:
        part = min(max(-(-size // parts), _LEAST), size)
        stop = samples if parts == 1 else min(_PARTS[0] // parts * size, samples)
        edges += [*range(edges[-1] + part, stop, part), stop] if edges[-1] < stop else []
    edges = sorted({*edges, *limits})
    return [Shard(number, *pair) for number, pair in enumerate(itertools.pairwise(edges))]


def shard_at(shards: Sequence[Shard], position: int) -> Shard:
    """The one of the `shards_of` a dataset that holds the sample at ``position`` of its order."""
    return shards[bisect.bisect_right(shards, position, key=lambda shard: shard.start) - 1]


def part_of(shards: Sequence[Shard], part: str) -> list[Shard]:
    """Those of ``shards`` that ``part`` says: ``i/n`` every n-th from the i-th on, ``a-b`` or ``a`` by their numbers.

    Of ``1/n`` to ``n/n`` each has as much to do, give or take one shard, and together they are all: small shards come
    first, so one after another are dealt out, not a row of them to each.

    Raises:
        UsageError: it says neither, or shards that there are not.
    """
    if dealt := re.fullmatch(r"(\d{1,9})/(\d{1,9})", part):
        i, n = map(int, dealt.groups())
        if 1 <= i <= n:
            return list(shards[i - 1 :: n])
    elif row := re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", part):
        first, last = int(row[1]), int(row[2] or row[1])
        if first <= last < len(shards):
            return list(shards[first : last + 1])
    raise UsageError(
        f"there is no part {part!r} of {len(shards):,} shards",
        f"Say i/n, as 1/8 to 8/8, or the shards' numbers, as 0-{len(shards) - 1}",
    )


def said_shards(shards: Sequence[Shard]) -> str:
    """The first of some shards that follow one another, as `part_of` reads it: ``12-17``, or ``12``."""
    first = last = shards[0].number
    for shard in shards[1:]:
        if shard.number != last + 1:
            break
        last = shard.number
    return f"{first}-{last}" if last > first else str(first)
