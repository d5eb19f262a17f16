"""The pictures of a trial at its network's size, read from any dataset by the program's own reader.

Nothing is kept of the samples, which are read anew each time: a dataset need not fit into memory. Backgrounds are few
and seen often: they are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap, Ints, Pixels
from fgbg_studio.core.base.errors import PictureError, UsageError
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.networks.network import fit
from fgbg_studio.core.trial.settings import STEP, Noise, TrialSettings

_SOLID = 128  # a mask that was stored as JPEG has values between, too
_KEPT = 2000  # backgrounds: 220 MB at 192 px
_QUALITIES = 50, 91
_GRAIN = 2.0  # σ in 8-bit steps: of a phone's photo in daylight


class Window(NamedTuple):
    """The part of a picture that is seen, as shares of its side, and whether it is mirrored."""

    left: float
    top: float
    side: float
    mirrored: bool


WHOLE = Window(0.0, 0.0, 1.0, False)


class TrialBatch(NamedTuple):
    """Some samples at a network's size; what the dataset or the network has not is None.

    Attributes:
        composites: (n, side, side, 3) uint8.
        backgrounds: likewise.
        masks: (n, out, out) bool.
        depths: (n, out, out) float32, larger = farther and positive, NaN where there is no value.
        names: of the samples.
        standing_on: (n,) int64, the number of each one's background, -1 where nobody says.
    """

    composites: Pixels
    backgrounds: Pixels | None
    masks: NDArray[np.bool_] | None
    depths: DepthMap | None
    names: tuple[str, ...]
    standing_on: Ints


@dataclass(frozen=True)
class MapShape:
    """What a network of a trial sees and gives.

    Attributes:
        side: of the pictures that go in, in pixels.
        out: of the maps that come out.
        masks: whether it gives masks.
        depths: whether it gives depth.
    """

    side: int
    out: int
    masks: bool
    depths: bool


class TrialPictures:
    """The samples of a dataset as a trial sees them.

    Args:
        contents: of the dataset.
        settings: of the trial.
        lift: added to depth that has no unit, so that it is positive; see `measured_lift`.

    Attributes:
        shape: of the network.
        unit: 'm' where depth is in metres, else empty.
    """

    def __init__(self, contents: Contents, settings: TrialSettings, lift: float = 0.0) -> None:
        self._contents, self.lift = contents, lift
        self.unit = contents.reading.unit
        kinds = contents.sample_kinds
        if "fg_bg" not in kinds:
            raise UsageError(f"{contents.path} has no composites", "Open a dataset that has some")
        masks = "mask" in kinds and settings.mask_weight > 0
        depths = "depth" in kinds and settings.depth_weight > 0
        if not masks and not depths:
            raise UsageError(f"{contents.path} has neither masks nor depth to learn", "Open a dataset that has some")
        side = settings.side or _side_of(contents)
        self.shape = MapShape(side, side if settings.full_size else side // 2, masks, depths)
        self._kinds = ["fg_bg", *(["mask"] if "mask" in kinds else []), *(["depth"] if depths else [])]
        self._backgrounds: dict[tuple[int, bool], Pixels] = {}
        self._noise: Noise = settings.background_noise
        self._codec = contents.dataset.recipe.settings.codecs.fg_bg if contents.dataset else Codec("jpeg", 95)

    @property
    def has_backgrounds(self) -> bool:
        """Whether it is known of each sample which background it has, and that is stored."""
        return bool(self._contents.backgrounds) and bool(self._contents.counts.get("bg"))

    def batch(
        self,
        numbers: Sequence[int] | Ints,
        windows: Sequence[Window] = (),
        rng: np.random.Generator | None = None,
        noise: Noise | None = None,
    ) -> TrialBatch:
        """The samples of these numbers.

        Args:
            numbers: of the dataset.
            windows: what is seen of each; the whole by default.
            rng: draws the noise of backgrounds that are coded afresh; None draws the same for a sample each time.
            noise: of the backgrounds; by default the settings'.

        Raises:
            PictureError: a picture is missing or damaged.
        """
        noise = noise or self._noise
        composites, backgrounds, masks, depths = [], [], [], []
        names, standing_on = [], []
        decoded = self._contents.decoded([int(number) for number in numbers], self._kinds)
        for place, sample in enumerate(decoded):
            window = windows[place] if windows else WHOLE
            pictures = sample.pictures
            missing = [kind for kind in self._kinds if kind not in pictures]
            if missing:
                raise PictureError(f"the sample {sample.name} has no picture of the kind {missing[0]}", GenerateAgain())
            composites.append(self._seen(rgb_of(pictures["fg_bg"]), window))
            if self.has_backgrounds:
                drawn = rng or np.random.default_rng(sample.number)
                backgrounds.append(self._seen(self._background(sample.background, noise, drawn), window))
            if "mask" in pictures:
                masks.append(self._mask(pictures["mask"], window))
            if "depth" in pictures:
                depths.append(self._depth(pictures["depth"], window))
            names.append(sample.name)
            standing_on.append(sample.background)
        return TrialBatch(
            np.stack(composites),
            np.stack(backgrounds) if backgrounds else None,
            np.stack(masks) if masks else None,
            np.stack(depths) if depths else None,
            tuple(names),
            np.array(standing_on, np.int64),
        )

    def _background(self, number: int, noise: Noise, rng: np.random.Generator) -> Pixels:
        shared = noise == "shared"
        key = number, shared
        if key not in self._backgrounds:
            if len(self._backgrounds) >= _KEPT:
                self._backgrounds.pop(next(iter(self._backgrounds)))
            picture = self._contents.picture_of("bg", number)
            if picture is None:
                raise PictureError(f"{self._contents.path} has no picture of its background {number}", GenerateAgain())
            pixels = rgb_of(self._contents.pixels("bg", picture))
            self._backgrounds[key] = _coded(pixels, self._codec) if shared else pixels
        pixels = self._backgrounds[key]
        return afresh(pixels, rng) if noise == "fresh" else pixels

    def _seen(self, picture: Pixels, window: Window) -> Pixels:
        side = self.shape.side
        return fit(np.ascontiguousarray(_part(picture, window)), (side, side))

    def _mask(self, stored: AnyPixels, window: Window) -> NDArray[np.bool_]:
        plane = stored if stored.ndim == 2 else stored[..., 0]
        solid = np.ascontiguousarray(_part((plane >= _SOLID).astype(np.uint8) * 255, window))
        return fit(solid, (self.shape.out, self.shape.out)) >= _SOLID

    def _depth(self, stored: AnyPixels, window: Window) -> DepthMap:
        # A mean of a near and a far pixel would be a depth at which nothing stands: one of them is taken.
        depth = np.ascontiguousarray(_part(self._contents.reading.depth(stored), window))
        size = self.shape.out, self.shape.out
        found = depth if depth.shape == size else cv2.resize(depth, size, interpolation=cv2.INTER_NEAREST)
        return np.asarray(found, np.float32) + np.float32(self.lift)


def _side_of(contents: Contents) -> int:
    """The multiple of 16 next to the composites' own side."""
    number = int(contents.numbers()[0])
    high, wide = contents.pixels("fg_bg", number).shape[:2]
    return int(max(round((high + wide) / 2 / STEP), 2)) * STEP


def rgb_of(picture: AnyPixels) -> Pixels:
    """(H, W, 3) of a picture as it was stored: grey ones have three equal channels."""
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    return np.asarray(picture[..., :3], np.uint8)


def _part(picture: AnyPixels | DepthMap, window: Window) -> AnyPixels | DepthMap:
    if window is WHOLE:
        return picture
    high, wide = picture.shape[:2]
    top, left = round(window.top * high), round(window.left * wide)
    part = picture[top : top + max(round(window.side * high), 1), left : left + max(round(window.side * wide), 1)]
    return part[:, ::-1] if window.mirrored else part


def _coded(pixels: Pixels, codec: Codec) -> Pixels:
    """As it is after being stored so."""
    return rgb_of(decode(encode(pixels, codec), "background"))


def afresh(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """A background as another photo of the same place would have it: other grain, and a JPEG of another quality."""
    grained = pixels + rng.normal(0.0, _GRAIN, pixels.shape)
    return _coded(grained.round().clip(0, 255).astype(np.uint8), Codec("jpeg", int(rng.integers(*_QUALITIES))))


def measured_lift(pictures: TrialPictures, numbers: Ints) -> float:
    """What is to be added to depth without a unit so that all of it is positive: nothing to metres.

    Values of others' datasets may be negative, as bright is taken for near; no ratio of such means anything.
    """
    if pictures.unit or not pictures.shape.depths or not len(numbers):
        return 0.0
    depths = pictures.batch(numbers).depths
    assert depths is not None
    known = depths[np.isfinite(depths)]
    if not known.size or float(known.min()) > 0:
        return 0.0
    low, high = float(known.min()), float(known.max())
    return max(high - low, 1e-3) / 20 - low
