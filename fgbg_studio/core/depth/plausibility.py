"""Whether objects are where their depth says: before what they cover, and there as tall as they really are.

A network's depth and a placement's sizes come from two cameras, and settings can disagree with themselves; both show
here, counted over some samples of the plan without making a picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from pydantic import TypeAdapter

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.camera import NEAR, focal_length
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.remedies import Adjust, Remedies, Set, as_remedies
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.interfaces.depth import InsertingMaker
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.plan.plan import Plan

MOST = 500
"""Samples that should be looked at; all where there are fewer."""

_WHOLE = 0.95  # of an object's solid pixels: so many that the rest is its edge
_LOST = 0.5  # of them: so many that its shape is lost
_COVERED = 0.2  # of them: so many that it is seen
_FACTOR = 2  # between the height that size and depth imply and the real one: no camera is wrong by more
_MANY = 0.01  # of the samples looked at: from here on a person is told
_LEVELS = 2  # of what is stored: nearer than this to what it covers, an object is lost in the file


@dataclass(frozen=True)
class Plausibility:
    """What is implausible in some samples of a dataset or a plan.

    Attributes:
        samples: that there are.
        looked_at: of them.
        unseen: of those, in which 95 % of an object are within 5 % of the depth of what they cover.
        occluded: in which more than a fifth of an object is drawn over background that is nearer than the object.
        outsized: in which an object, by its size and its depth, is under half or over twice as tall as it really is.
        heights: 5th percentile, median and 95th of the height by size and depth over the real one; None where depth
            has no unit.
        two_cameras: whether a network makes the depth, and not the camera of the settings.
        merged: in which over half of an object is within 2 stored values of what they cover, whatever these stand for.
    """

    samples: int
    looked_at: int
    unseen: int
    occluded: int
    outsized: int
    heights: tuple[float, float, float] | None
    two_cameras: bool
    merged: int = 0

    @classmethod
    def of(cls, report: dict[str, Any] | None) -> Plausibility | None:
        """From what `dataclasses.asdict` made of one; None of nothing."""
        return TypeAdapter(cls).validate_python(report) if report else None

    def sentence(self) -> str:
        """All of it, for the card."""
        said = [
            f"in {self._part(self.unseen)} an object is within 5 % of the depth of what it covers",
            f"in {self._part(self.occluded)} over a fifth of an object is drawn over background that is nearer",
            f"in {self._part(self.merged)} over half of an object is stored within {_LEVELS} values of what it covers",
        ]
        if self.heights:
            low, middle, high = self.heights
            said.append(
                f"in {self._part(self.outsized)} an object's size and depth make it under half or over twice as tall"
                f" as it really is (of all: 5 % under {low:.2f} times its height, half under {middle:.2f}, 95 % under"
                f" {high:.2f})"
            )
        return f"of {self.samples:,} samples {self.looked_at:,} were looked at: {'; '.join(said)}"

    def issues(self) -> Iterator[Issue]:
        """What a person should be told before a run."""
        exact = "uint16-millimetres" if self.heights else "uint16-relative"
        kinds: list[tuple[str, int, str, Remedies]] = [
            (
                "depth-unseen", self.unseen,
                "the object cannot be seen in the depth map: it is within 5 % of the depth of what it covers",
                [_ONE_CAMERA, _REGIONS] if self.two_cameras else [_WALL, "correct the backgrounds' horizons"],
            ),
            (
                "depth-occluded", self.occluded,
                "over a fifth of the object is drawn over background that is nearer than it",
                [_ONE_CAMERA, _REGIONS],
            ),
            (
                "depth-height", self.outsized,
                "the object's size and depth do not fit: they make it under half or over twice as tall as it really is",
                [_ONE_CAMERA, _LENS] if self.two_cameras else [_REAL_HEIGHT, _CAMERA_SIZES],
            ),
            (
                "depth-merged", self.merged,
                f"over half of the object is lost in the depth file: stored within {_LEVELS} values of what it covers",
                Set({"depth.encoding": exact, "codecs.depth.format": "png"}, "store finer steps"),
            ),
        ]  # fmt: skip
        for code, count, words, remedies in kinds:
            if count and count >= _MANY * self.looked_at:
                message = f"in {self._part(count)} of {self.looked_at:,} samples looked at, {words}"
                yield Issue("warning", code, message, remedies=as_remedies(remedies))

    def _part(self, count: int) -> str:
        share = count / max(self.looked_at, 1)
        return f"{count:,} ({share:.{int(0 < share < 0.1)}%})" if count else "none"


_ONE_CAMERA = Set({"depth.way": "geometry"}, "take depth from the camera that decides sizes")
_REGIONS = "paint in the backgrounds where objects may stand"
_LENS = Adjust("camera.field_of_view", "set the field of view of your photos")
_WALL = Adjust("camera.wall", "set a wall farther away")
_REAL_HEIGHT = Adjust("foreground.real_height", "set the real height of the objects")
_CAMERA_SIZES = Set({"placement": "perspective"}, "let the camera decide sizes")


def plausibility(composer: Composer, cache: Store, numbers: Sequence[int], samples: int) -> Plausibility | None:
    """What is implausible in the samples ``numbers`` of ``samples``, by the way to depth of the composer's settings.

    ``cache`` is the way's, prepared. None where a way does not insert objects into a background's depth: a network that
    sees composites knows no depth of what an object covers.
    """
    way = composer.settings.depth.way
    maker = None if way.sees_composites else composer.open_depth(cache)
    if not isinstance(maker, InsertingMaker):
        return None
    metric = way.meaning(composer, cache).kind == "metric"
    plan = Plan(composer.pictures.recipe)
    chosen = [composer.settled(sample) for sample in plan.table_of(np.asarray(numbers, np.int64)).samples()]
    # One cutout after the other: each is read once, and its sizes are near each other.
    chosen.sort(key=lambda sample: (sample.first.foreground, sample.first.mirrored, sample.first.height))
    found = [list(_judged(composer, maker, sample)) for sample in chosen]
    heights = [one.height for verdicts in found for one in verdicts]
    low, middle, high = np.percentile(heights, [5, 50, 95]).round(3).tolist()
    odd = [any(not 1 / _FACTOR <= one.height <= _FACTOR for one in verdicts) for verdicts in found]
    return Plausibility(
        samples, len(chosen),
        unseen=sum(any(one.unseen for one in verdicts) for verdicts in found),
        occluded=sum(any(one.occluded for one in verdicts) for verdicts in found),
        outsized=sum(odd) if metric else 0,
        heights=(low, middle, high) if metric else None,
        two_cameras=way.needs_network and not way.uses_camera,
        merged=sum(any(one.merged for one in verdicts) for verdicts in found),
    )  # fmt: skip


class _Verdict(NamedTuple):
    unseen: bool
    occluded: bool
    height: float
    merged: bool


def _judged(composer: Composer, maker: InsertingMaker, sample: Sample) -> Iterator[_Verdict]:
    """Of each object."""
    depth = maker.insert(sample, composer.patches(sample))
    depth = depth._replace(patches=composer.settled.shown(sample).patches)
    focal = focal_length(composer.size, composer.camera.field_of_view)
    for one, (patch, x, y), contact in zip(sample.objects, depth.patches, depth.contacts, strict=True):
        height, width = patch.solid.shape
        under = depth.base[y : y + height, x : x + width][patch.solid]
        near = np.count_nonzero(np.abs(under - np.float32(contact)) <= NEAR * under)
        covered = np.count_nonzero(under < (1 - NEAR) * contact)
        metres = one.height * contact / focal
        within = _LEVELS * level_of(composer.settings.depth.encoding, depth.base, contact)
        merged = np.count_nonzero(np.abs(under - np.float32(contact)) <= within)
        yield _Verdict(
            bool(near >= _WHOLE * max(patch.white, 1)),
            bool(covered > _COVERED * patch.white),
            metres / composer.box_height(one.foreground),
            bool(merged > _LOST * max(patch.white, 1)),
        )


def level_of(encoding: Encoding, depth: DepthMap, *more: float) -> float:
    """How much depth one stored value is of a map (H, W) that also has the depths ``more``, in the map's unit."""
    if encoding.pointwise:
        return float(encoding.step)
    known = [float(np.nanmin(depth)), float(np.nanmax(depth)), *more]
    return (max(known) - min(known)) / ((1 << encoding.bits) - 1)
