"""Statistics of a dataset from its files, whoever made it, and what about them cannot be true."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from fgbg_studio.core.base.cores import allowed_cores
from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.files import FileEntry, entries
from fgbg_studio.core.dataset.statistics import KindStatistics, merged
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.layout import KINDS, SAMPLE_KINDS

T = TypeVar("T")
_CHUNK = 256


class Survey:
    """The statistics of every kind, and the names of unreadable pictures."""

    def __init__(self) -> None:
        self.kinds: dict[str, KindStatistics] = {}
        self.damaged: list[str] = []

    def report(self) -> dict[str, Any]:
        """What ``stats --json`` prints: ``kinds`` and ``warnings``."""
        return {"kinds": {kind: part.report() for kind, part in self.kinds.items()}, "warnings": self.warnings()}

    def warnings(self) -> list[str]:
        """What cannot be true, or is not what a training set should be."""
        found = [f"{name} cannot be read" for name in self.damaged[:20]]
        if len(self.damaged) > 20:
            found.append(f"{len(self.damaged) - 20:,} more pictures cannot be read")
        return found + suspicious(self.kinds)


def survey(root: Path) -> Iterator[Progress | Survey]:
    """Read every picture of the dataset in ``root``; yields progress, and at last the `Survey`.

    Raises:
        DatasetError: there is no picture, or an archive is damaged.
    """
    result, lock, done = Survey(), threading.Lock(), 0

    def count(chunk: list[FileEntry]) -> int:
        part: dict[str, KindStatistics] = {}
        damaged = []
        for entry in chunk:
            try:
                pixels = decode(entry.read(), entry.name)
                part.setdefault(entry.kind, KindStatistics()).add(pixels, entry.size)
            except (PictureError, OSError):
                damaged.append(entry.where)
        with lock:
            result.kinds = merged([result.kinds, part])
            result.damaged += damaged
        return len(chunk)

    for number in in_threads(count, _chunks(entries(root))):
        done += number
        yield Progress("reading pictures", done, 0)
    if not done:
        raise DatasetError(
            f"{root} contains no pictures of a dataset", "Give the dataset's folder or one of its archives"
        )
    order = [*KINDS, *sorted(set(result.kinds) - set(KINDS))]
    result.kinds = {kind: result.kinds[kind] for kind in order if kind in result.kinds}
    result.damaged.sort()
    yield result


def in_threads(work: Callable[[T], int], parts: Iterable[T]) -> Iterator[int]:
    """``work`` of every part, on one thread a core (decoding releases the interpreter), never far ahead."""
    threads = allowed_cores()
    source = iter(parts)
    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(work, part) for part in islice(source, 2 * threads)]
        while running:
            yield running.pop(0).result()
            running += [pool.submit(work, part) for part in islice(source, 1)]


def _chunks(source: Iterator[FileEntry]) -> Iterator[list[FileEntry]]:
    while chunk := list(islice(source, _CHUNK)):
        yield chunk


def suspicious(kinds: dict[str, KindStatistics]) -> list[str]:
    """What cannot be true of these statistics, in words."""
    found = []
    counts = {kind: kinds[kind].count for kind in SAMPLE_KINDS if kind in kinds}
    if len(set(counts.values())) > 1:
        said = ", ".join(f"{number:,} {kind}" for kind, number in counts.items())
        found.append(f"the kinds differ in number: {said}")
    for kind, part in kinds.items():
        if len(part.shapes) > 1 and kind not in {"fg", "fg_mask"}:
            shapes = ", ".join(" × ".join(map(str, shape)) for shape in sorted(part.shapes)[:3])
            found.append(f"{kind} has pictures of {len(part.shapes)} shapes: {shapes}")
        found += _mask(kind, part) if kind in {"mask", "fg_mask"} else []
        if part.count > 1 and not any(part.moments()[1]):
            found.append(f"{kind} has zero variance: every pixel is the same")
    found += _shapes(kinds)
    return found + _equal(kinds)


def _mask(kind: str, part: KindStatistics) -> list[str]:
    number, between = int(part.histogram.sum()), int(part.histogram[1:255].sum())
    if len(part.sums) != 1:
        return [f"{kind} has {len(part.sums)} channels: a mask has one"]
    means, deviations = part.moments()
    expected = math.sqrt(max(means[0] * (1 - means[0]), 0.0))
    found = []
    if between:
        found.append(
            f"{kind} is not binary: {between / number:.2%} of its pixels lie between 0 and 255 "
            "(masks stored as JPEG have such edges)"
        )
    if abs(deviations[0] - expected) > 0.02 * max(expected, 0.01):
        found.append(
            f"{kind} has σ {255 * deviations[0]:.2f}, a binary mask of mean {255 * means[0]:.2f} "
            f"has sqrt(μ(255 − μ)) = {255 * expected:.2f}"
        )
    return found


def _shapes(kinds: dict[str, KindStatistics]) -> list[str]:
    sizes = {kind: kinds[kind].shape for kind in SAMPLE_KINDS if kind in kinds}
    whole = {kind: shape[:2] for kind, shape in sizes.items() if shape}
    if len({tuple(size) for size in whole.values()}) <= 1:
        return []
    said = ", ".join(f"{kind} {size[1]} × {size[0]}" for kind, size in whole.items())
    return [f"the pictures of a sample differ in size: {said}"]


def _equal(kinds: dict[str, KindStatistics]) -> list[str]:
    found, seen = [], dict[tuple[float, ...], str]()
    for kind, part in kinds.items():
        means, deviations = part.moments()
        key = tuple(round(value, 7) for value in (*means, *deviations))
        if key in seen and part.count > 1:
            found.append(f"{seen[key]} and {kind} have the same mean and σ: one may be a copy of the other")
        seen.setdefault(key, kind)
    return found
