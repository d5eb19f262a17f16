"""What statistics show that cannot be true of a training set, or is not what one should be.

Each is a mistake that somebody published.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.core.interfaces.layout import PER_SAMPLE

_MASKS = ("mask", "fg_mask")
_VARIED = ("fg", "fg_mask")
"""Kinds whose pictures have sizes of their own."""


def implausible(
    kinds: Mapping[str, KindStatistics], names: Mapping[tuple[str, str], Sequence[str]] | None = None
) -> list[Issue]:
    """Everything about these statistics that a person should know: the one list for all who show statistics.

    Of severity ``error`` is what no training set is meant to be.

    Args:
        kinds: kind → statistics.
        names: (kind, an issue's code) → the files of which it is said; they go into ``more_files``.
    """
    found = [*_numbers(kinds)]
    for kind, part in kinds.items():
        for issue in _of_kind(kind, part):
            files = (names or {}).get((kind, issue.code), ())
            found.append(replace(issue, more_files=tuple(files)))
    return [*found, *_sizes(kinds), *_equal(kinds)]


def _of_kind(kind: str, part: KindStatistics) -> Iterator[Issue]:
    if len(part.shapes) > 1 and kind not in _VARIED:
        shapes = ", ".join(" × ".join(map(str, shape)) for shape in sorted(part.shapes)[:3])
        yield Issue("error", "shapes", f"{kind} has pictures of {len(part.shapes)} shapes: {shapes}")
    if kind in _MASKS:
        yield from _mask(kind, part)
    if kind in PER_SAMPLE or kind in _MASKS:
        yield from _flat(kind, part)
    elif part.count > 1 and not any(part.moments()[1]):
        yield _no_variance(kind)


def _numbers(kinds: Mapping[str, KindStatistics]) -> Iterator[Issue]:
    counts = {kind: kinds[kind].count for kind in PER_SAMPLE if kind in kinds}
    if len(set(counts.values())) > 1:
        said = ", ".join(f"{number:,} {kind}" for kind, number in counts.items())
        yield Issue("error", "numbers", f"the kinds differ in number: {said}")


def _mask(kind: str, part: KindStatistics) -> Iterator[Issue]:
    if len(part.sums) != 1:
        yield Issue("error", "mask-channels", f"{kind} has {len(part.sums)} channels: a mask has one")
        return
    number, between = max(int(part.histogram.sum()), 1), part.between
    means, deviations = part.moments()
    expected = math.sqrt(max(means[0] * (1 - means[0]), 0.0))
    if between:
        message = (
            f"{kind} is not binary: {between / number:.2%} of its pixels lie between 0 and 255 "
            "(masks stored as JPEG have such edges)"
        )
        yield Issue("warning", "mask-not-binary", message)
    if abs(deviations[0] - expected) > 0.02 * max(expected, 0.01):
        message = (
            f"{kind} has σ {255 * deviations[0]:.2f}, a binary mask of mean {255 * means[0]:.2f} "
            f"has sqrt(μ(255 − μ)) = {255 * expected:.2f}"
        )
        yield Issue("warning", "mask-deviation", message)


def _flat(kind: str, part: KindStatistics) -> Iterator[Issue]:
    """Empty masks, depth of one value: each picture by itself, and the whole kind."""
    if part.blank:
        how = "empty: no pixel of them is object" if kind in _MASKS else "black: every pixel is 0"
        every = part.blank == part.count
        yield Issue("error" if every else "warning", "blank", f"{_how_many(part.blank, part.count, kind)} {how}")
    level = part.flat - part.blank
    if level and kind != "fg_mask":  # a rectangle fills its mask
        message = f"{_how_many(level, part.count, kind)} of one value everywhere"
        yield Issue("error" if level == part.count else "warning", "flat", message)
    if part.count > 1 and not any(part.moments()[1]):
        yield _no_variance(kind)


def _how_many(number: int, count: int, kind: str) -> str:
    if number == count:
        return f"every {kind} picture is" if count > 1 else f"the only {kind} picture is"
    return f"{number:,} of {count:,} {kind} pictures {'is' if number == 1 else 'are'}"


def _no_variance(kind: str) -> Issue:
    return Issue("error", "no-variance", f"{kind} has zero variance: every pixel is the same")


def _sizes(kinds: Mapping[str, KindStatistics]) -> Iterator[Issue]:
    sizes = {kind: kinds[kind].shape for kind in PER_SAMPLE if kind in kinds}
    whole = {kind: shape[:2] for kind, shape in sizes.items() if shape}
    if len({tuple(size) for size in whole.values()}) > 1:
        said = ", ".join(f"{kind} {size[1]} × {size[0]}" for kind, size in whole.items())
        yield Issue("warning", "sizes", f"the pictures of a sample differ in size: {said}")


def _equal(kinds: Mapping[str, KindStatistics]) -> Iterator[Issue]:
    seen = dict[tuple[float, ...], str]()
    for kind, part in kinds.items():
        means, deviations = part.moments()
        key = tuple(round(value, 7) for value in (*means, *deviations))
        if key in seen and part.count > 1:
            message = f"{seen[key]} and {kind} have the same mean and σ: one may be a copy of the other"
            yield Issue("warning", "equal", message)
        seen.setdefault(key, kind)
