"""What a dataset's own settings do to its masks and depth maps, measured on its own cutouts through its own codecs.

The hand-made datasets' ways are kept by their presets also where they do harm; who trains on them should know how much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import DepthMap, Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.remedies import Set
from fgbg_studio.core.base.sample import Composite, Sample
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder
from fgbg_studio.core.imaging.codecs import decode, encode
from fgbg_studio.core.imaging.matte import HALF
from fgbg_studio.core.interfaces.depth import DepthMaker
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.selection import spread
from fgbg_studio.core.project.settings import Settings

_CUTOUTS, _DEPTHS = 200, 24  # at most, from all over the dataset
# Of an object: less than its outermost pixels are (12 % of a cutout with a hard edge at 60 to 110 px), of which any
# threshold may take some.
_LOST, _WIDER = 0.05, 1.05
_NEAR = 2  # pixels on either side of an object's edge
_OFF = 0.05  # of the depth

Flags = NDArray[np.bool_]


class Share(NamedTuple):
    """A figure of each of several pictures; ``worst`` is the greatest, that of the picture ``file``."""

    median: float
    worst: float
    file: str


@dataclass(frozen=True)
class Harm:
    """What was measured; None where it does not apply.

    Attributes:
        lost: part of an object (alpha of a half or more) that the mask leaves out.
        wider: white pixels of a mask over those of the object.
        read: pixels above 0 of a mask's file over those of 128 and more.
        border: part of the pixels near objects' edges whose stored depth is off by more than a twentieth.
    """

    lost: Share | None = None
    wider: Share | None = None
    read: Share | None = None
    border: float | None = None


def measured(composer: Composer, maker: DepthMaker | None) -> Harm:
    """Measure what these settings can do harm to; nothing is read where they cannot.

    Args:
        composer: of the dataset or project; a cutout that cannot be read is passed over.
        maker: makes the depth without a look at composites; None where depth is not to be measured.
    """
    settings = composer.settings
    compositing, lossy = settings.compositing, not settings.codecs.mask.lossless
    exact = compositing.mask_threshold == HALF and compositing.mask_of == "sized"
    depth = maker is not None and not settings.codecs.depth.lossless
    if exact and not lossy and not depth:
        return Harm()
    lost: dict[str, float] = {}
    wider, read, borders = dict(lost), dict(lost), list[Flags]()
    encoder = SampleEncoder(composer, maker)
    depths = spread(len(composer.pictures.recipe.foregrounds), _DEPTHS)
    for number, file, sample, composite in _laid(composer):
        mask, object_ = composite.mask > 0, _object(composer, sample)
        if not exact and object_.any():
            lost[file] = float((object_ & ~mask).sum() / object_.sum())
            wider[file] = float(mask.sum() / object_.sum())
        if lossy:
            found = decode(encoder.mask(composite), file)
            read[file] = float((found > 0).sum() / max((found >= HALF).sum(), 1))
        if depth and maker is not None and number in depths:
            borders.append(_off(settings, encoder, maker, sample, composite))
    border = float(np.concatenate(borders).mean()) if borders else None
    return Harm(_share(lost), _share(wider), _share(read), border)


def harms(settings: Settings, harm: Harm) -> Iterator[Issue]:
    """What a person should know who trains on such files, in words, with the figures that were measured."""
    yield from _mask_issues(settings, harm)
    if not settings.codecs.mask.lossless:
        read = f": read as 'above 0' they are {_times(harm.read)} as large as they should be" if harm.read else ""
        yield Issue(
            "warning", "mask-jpeg",
            f"masks are stored as JPEG, which has values other than 0 and 255 around every edge{read}; compare masks "
            f"with {HALF}, never with 0",
            remedies=(Set({"codecs.mask.format": "png"}, "keep them exact"),),
        )  # fmt: skip
    if settings.depth.way.makes_depth:
        yield from _depth_issues(settings, harm)


def _mask_issues(settings: Settings, harm: Harm) -> Iterator[Issue]:
    half = Set(
        {"compositing.mask_threshold": HALF, "compositing.mask_of": "sized"}, "keep what is half covered or more"
    )
    if harm.lost and harm.lost.worst > _LOST:
        both = "mask and composite" if settings.compositing.mode.hard else "the mask"
        yield Issue(
            "warning", "mask-perforated",
            f"pixels whose alpha is under {settings.compositing.mask_threshold} fall out of {both}: "
            f"{_percent(harm.lost.median)} of an object (the median), at most {_percent(harm.lost.worst)}, in "
            f"{harm.lost.file}",
            remedies=(half,),
        )  # fmt: skip
    if harm.wider and harm.wider.worst > _WIDER:
        yield Issue(
            "warning", "mask-wide",
            "masks take in pixels of which an object covers less than half: they are "
            f"{_times(harm.wider)} as large as the object",
            remedies=(half,),
        )  # fmt: skip


def _depth_issues(settings: Settings, harm: Harm) -> Iterator[Issue]:
    if not settings.codecs.depth.lossless:
        off = "" if harm.border is None else (
            f": within {_NEAR} px of an object's edge {_percent(harm.border)} of the pixels are off by more than "
            f"{_percent(_OFF)}"
        )  # fmt: skip
        yield Issue(
            "warning", "depth-jpeg", f"depth is stored as JPEG, which is not exact{off}",
            remedies=(Set({"codecs.depth.format": "png"}, "keep it exact"),),
        )  # fmt: skip
    if not settings.depth.encoding.pointwise:
        yield Issue(
            "warning",
            "depth-stretched",
            "depth is stretched in each picture on its own: the same distance has a different grey value in each",
            remedies=(Set({"depth.encoding": "uint16-millimetres", "codecs.depth.format": "png"}, "keep metres"),),
        )
    if settings.depth_size != settings.size:
        yield Issue(
            "warning", "depth-size", f"depth is {settings.depth_size} px beside composites of {settings.size} px"
        )


def _times(share: Share) -> str:
    return f"{share.median:.2f} times (at most {share.worst:.2f} times, in {share.file})"


def _percent(part: float) -> str:
    return f"{part:.1%}" if 0 < part < 0.01 else f"{part:.0%}"


def _share(figures: dict[str, float]) -> Share | None:
    if not figures:
        return None
    worst = max(figures, key=figures.__getitem__)
    return Share(float(np.median(list(figures.values()))), figures[worst], worst)


def _laid(composer: Composer) -> Iterator[tuple[int, str, Sample, Composite]]:
    """Number and file of foregrounds, each in one of its samples, without a background, which no figure needs."""
    recipe = composer.pictures.recipe
    plan = Plan(recipe)
    blank = np.zeros((composer.size, composer.size), np.uint8)
    for number in spread(len(recipe.foregrounds), _CUTOUTS):
        sample = plan[plan.number(number % plan.counts.background, number, False, number % plan.counts.placement)]
        try:
            patches = composer.patches(sample)
        except FgbgError:
            continue  # who reads it for the dataset says so
        yield number, recipe.foregrounds[number].file, sample, Composite(blank, patches)


def _object(composer: Composer, sample: Sample) -> Flags:
    """(S, S), where the objects cover half of a pixel or more."""
    covered = np.zeros((composer.size, composer.size), np.bool_)
    for one in sample.objects:
        alpha = composer.sized(one.foreground, one.mirrored, one.width, one.height)[..., 3]
        left, top = max(-one.x, 0), max(-one.y, 0)
        place = covered[max(one.y, 0) : one.y + one.height, max(one.x, 0) : one.x + one.width]
        place |= alpha[top : top + place.shape[0], left : left + place.shape[1]] >= HALF
    return covered


def _off(settings: Settings, encoder: SampleEncoder, maker: DepthMaker, sample: Sample, composite: Composite) -> Flags:
    """Of each stored depth near the object's edge, whether its file says something else."""
    (made,) = maker([sample], [composite])
    stored = encoder.stored_depth(made.map)
    found = decode(encode(stored, settings.codecs.depth), "a depth map coded on trial")
    restore = _in_metres(settings, made.map)
    wanted, got = restore(stored), restore(found)
    near = _edge(composite.mask, stored.shape[0])
    none = np.isnan(wanted)
    right = np.where(none | np.isnan(got), none & np.isnan(got), np.abs(got - wanted) <= _OFF * wanted)
    return ~right[near]


def _in_metres(settings: Settings, depth: DepthMap) -> Callable[[Pixels], DepthMap]:
    """What gives the depth that stored values stand for; those of a stretched map with its own least and greatest."""
    encoding = settings.depth.encoding
    if encoding.pointwise:
        return encoding.restore
    low, high = float(np.nanmin(depth)), float(np.nanmax(depth))
    return lambda stored: np.float32(low) + encoding.restore(stored) * np.float32(high - low)


def _edge(mask: Pixels, side: int) -> Flags:
    """(side, side), the pixels that are near the edge of the white ones."""
    if len(mask) != side:
        mask = np.asarray(cv2.resize(mask, (side, side), interpolation=cv2.INTER_NEAREST_EXACT), np.uint8)
    square = np.ones((2 * _NEAR + 1, 2 * _NEAR + 1), np.uint8)
    return np.asarray(cv2.dilate(mask, square) != cv2.erode(mask, square))
