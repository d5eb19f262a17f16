"""A network that answers to clicks cuts where somebody clicked, and GrabCut by everything else.

The network sees the photo once and knows what things are; it does not see their border, because its answer is a map
of a quarter of a thousand pixels. So that is brought to the photo's edges, and the colours decide in the band about the
border alone. What a brush marked stands, as always.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import ClassVar

import cv2
import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import part_of, widened
from fgbg_studio.core.base.errors import FgbgError, NetworkError
from fgbg_studio.core.cutting.asking import prompt_of, settled, steps
from fgbg_studio.core.cutting.raster import BACKGROUND, OBJECT
from fgbg_studio.core.cutting.seeds import (
    SURE_BACKGROUND,
    Area,
    Click,
    Guess,
    Seed,
    clicks_that_hold,
    marks_of,
    newest_area,
)
from fgbg_studio.core.cutting.segmenters import PreparedPhoto, Segmenter
from fgbg_studio.core.cutting.segmenters.grabcut.session import MARGIN, GrabCutSession
from fgbg_studio.core.cutting.upsampling import Odds, upsampled
from fgbg_studio.core.imaging.reducing import scaled_down
from fgbg_studio.core.imaging.regions import Region, extent
from fgbg_studio.core.networks import consent
from fgbg_studio.core.networks.model_cache import installed_prompted
from fgbg_studio.core.networks.prompted.encodings import encoded
from fgbg_studio.core.networks.prompted.opening import open_prompted
from fgbg_studio.core.networks.prompted.prompt import SURE, PromptedNetwork

_SHOWN = 1024  # of the photo's longer side: what networks of this kind see at the most
_BAND = 1.5  # pixels of the answer to each side of its border, in which the colours decide
_PIXELS = 120_000  # of the copy that the colours decide on: a click is answered at once, the edge found on the photo
_KEPT = 64  # answers that are remembered
_TURNS = 1  # of GrabCut: the band is narrow, and what is learnt lies on both sides of it


@dataclass(frozen=True)
class Clicks(Segmenter):
    """The network that was asked, where something was clicked; without a click it is GrabCut."""

    name: ClassVar[str] = "clicks"
    summary: ClassVar[str] = "the network that was clicked for, and GrabCut where nothing was clicked"

    @override
    def prepare(self, photo: Pixels) -> PreparedPhoto:
        return _Prepared(photo, Segmenter.get("grabcut")().prepare(photo))


@lru_cache(maxsize=1)
def opened(model: str) -> PromptedNetwork:
    """The network, which stays open for the next photo; as `open_prompted`."""
    return open_prompted(model)


def network_for(model: str) -> PromptedNetwork:
    """The network that was clicked for, or if that is not at hand another one of the catalogue.

    Raises:
        NetworkError: there is none.
    """
    try:
        consent.check(model)
        return opened(model)
    except FgbgError as error:
        other = installed_prompted()
        if other is None or other == model:
            raise NetworkError(
                f"What was clicked on this photo is cut by the network {model}: {error.problem}",
                [*error.remedies, "draw a rectangle instead"],
            ) from error
        return opened(other)


class _Prepared(PreparedPhoto):
    def __init__(self, photo: Pixels, colours: PreparedPhoto) -> None:
        self._photo, self._colours = photo, colours
        self._asking: _Asking | None = None
        self._lock = threading.Lock()  # a preview and a cut may come at once

    @override
    def cut(self, seeds: tuple[Seed, ...], previous: Pixels | None = None) -> Pixels:
        if not clicks_that_hold(seeds):
            return self._colours.cut(seeds, previous)
        return along_edges(self._photo, self._answer(seeds), seeds)

    @override
    def get_ready(self, seeds: tuple[Seed, ...]) -> None:
        with self._lock:
            self._asked(clicks_that_hold(seeds)[-1].network)

    @override
    def preview(self, seeds: tuple[Seed, ...]) -> Region | None:
        return np.asarray(self._answer(seeds) > 0, np.bool_) if clicks_that_hold(seeds) else None

    def _answer(self, seeds: tuple[Seed, ...]) -> Odds:
        with self._lock:
            return self._asked(clicks_that_hold(seeds)[-1].network)(seeds)

    def _asked(self, model: str) -> _Asking:
        network = network_for(model)
        if self._asking is None or self._asking.network is not network:
            self._asking = _Asking(network, self._photo)
        return self._asking


class _Asking:
    """A network that has seen a photo; call it with what was drawn."""

    def __init__(self, network: PromptedNetwork, photo: Pixels) -> None:
        self.network, self._shape = network, photo.shape[:2]
        seen = encoded(network, np.asarray(scaled_down(photo, _SHOWN), np.uint8))
        self._ask = partial(network.ask, seen, (photo.shape[1], photo.shape[0]))
        self._answers: dict[tuple[Seed, ...], Odds] = {}

    def __call__(self, seeds: tuple[Seed, ...]) -> Odds:
        """What the network says after all of it: each step goes on from the answer before."""
        area, answer = newest_area(seeds), None
        trimap = area.as_trimap(self._shape) if area else None
        for drawn in [*steps(seeds)] or [seeds]:
            known = self._answers.get(drawn)
            if known is None:
                prompt = prompt_of(drawn, trimap, self._shape)
                prompt = prompt if answer is None else replace(prompt, before=answer)
                known = settled(self._ask, prompt, self._shape, remembers=self.network.remembers)
                self._answers[drawn] = known = _within(known, area, trimap)
                while len(self._answers) > _KEPT:
                    self._answers.pop(next(iter(self._answers)))
            answer = known
        assert answer is not None
        return answer


def cut_by_asking(network: PromptedNetwork, photo: Pixels, seeds: tuple[Seed, ...]) -> Pixels:
    """The alpha (H, W) of a photo (H, W, 3) by what was clicked, or by a rectangle or lasso alone.

    Raises:
        NetworkError: the network fails.
    """
    return along_edges(photo, _Asking(network, photo)(seeds), seeds)


def _within(odds: Odds, area: Area | None, trimap: Pixels | None) -> Odds:
    """Nothing outside of a rectangle or lasso; a guess is none that a person drew."""
    if trimap is None or isinstance(area, Guess):
        return odds
    outside = cv2.resize((trimap <= SURE_BACKGROUND).astype(np.float32), odds.shape[::-1], interpolation=cv2.INTER_AREA)
    return np.where(outside > 0.5, np.float32(-SURE), odds).astype(np.float32)


def along_edges(photo: Pixels, odds: Odds, seeds: tuple[Seed, ...]) -> Pixels:
    """The alpha (H, W) of an answer: at the photo's edges, GrabCut in the band about its border, strokes as they are.

    Args:
        photo: (H, W, 3).
        odds: (h, w) over the whole photo, positive on the object.
        seeds: of which strokes and the area count.
    """
    shape = photo.shape[:2]
    trimap = _band_trimap(photo, odds)
    drawn = [one for one in seeds if not isinstance(one, Area | Click)]
    area = newest_area(seeds)
    if area is not None and area.outline:
        trimap[area.as_trimap(shape) <= SURE_BACKGROUND] = 0
    marks = marks_of(drawn, shape)
    if (trimap > SURE_BACKGROUND).any():
        session = GrabCutSession(photo, work_pixels=_PIXELS)
        session.set_trimap(trimap)
        for seed in drawn:
            session.take(seed)
        return session.run(_TURNS)
    alpha = np.zeros(shape, np.uint8)
    alpha[marks == OBJECT] = 255
    alpha[marks == BACKGROUND] = 0
    return alpha


def _band_trimap(photo: Pixels, odds: Odds) -> Pixels:
    """(H, W): 255 and 0 away from the answer's border, 128 in the band about it."""
    high, wide = photo.shape[:2]
    trimap = np.zeros((high, wide), np.uint8)
    x, y, width, height = extent(odds > 0)
    if not width:
        return trimap
    # The part of the photo that the answer lies in, in whole pixels of the answer, and what is around it.
    x, y, width, height = widened((x, y, width, height), round(MARGIN * max(width, height)) + 2, odds.shape)
    across, down = wide / odds.shape[1], high / odds.shape[0]
    left, top = round(x * across), round(y * down)
    box = left, top, round((x + width) * across) - left, round((y + height) * down) - top
    part = photo[part_of(box)]
    scale = min(1.0, (_PIXELS / (box[2] * box[3])) ** 0.5)
    size = max(round(box[2] * scale), width), max(round(box[3] * scale), height)
    picture = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    inside = (upsampled(np.ascontiguousarray(odds[y : y + height, x : x + width]), picture) > 0).astype(np.uint8)
    reach = 2 * max(round(_BAND * size[0] / width), 1) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    sure, maybe = cv2.erode(inside, kernel, borderValue=1), cv2.dilate(inside, kernel)
    kinds = np.where(sure > 0, np.uint8(255), np.where(maybe > 0, np.uint8(128), np.uint8(0)))
    if not sure.any():
        kinds = np.where(inside > 0, np.uint8(255), kinds)  # a thing thinner than the band
    trimap[part_of(box)] = cv2.resize(kinds, (box[2], box[3]), interpolation=cv2.INTER_NEAREST)
    return trimap
