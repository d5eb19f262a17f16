"""The pictures of a trial at its network's size, read from any dataset by the program's own reader.

Samples that are seen whole are kept as they go in, as many as a bounded part of memory holds: each is seen once an
epoch, and decoding costs more than all else that is done to it. A dataset need not fit: the others, and all of them
where crops are drawn, are read anew each time. Backgrounds are few and seen often: they are kept as they are stored.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
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
_MOST = 1 << 30  # bytes of samples: 27,000 of 96 px
_QUALITIES = 50, 91
_GRAIN = 2.0  # σ in 8-bit steps: of a phone's photo in daylight


class Window(NamedTuple):
    """The part of a picture that is seen, as shares of its side, and whether it is mirrored."""

    left: float
    top: float
    side: float
    mirrored: bool


WHOLE = Window(0.0, 0.0, 1.0, False)


class SeenSample(NamedTuple):
    """A sample at a network's size, as `TrialBatch` has it, but for its background, which many have."""

    composite: Pixels
    mask: NDArray[np.bool_] | None
    depth: DepthMap | None
    name: str
    background: int

    @property
    def mirrored(self) -> SeenSample:
        """Left is right."""
        mask = None if self.mask is None else self.mask[:, ::-1]
        depth = None if self.depth is None else self.depth[:, ::-1]
        return self._replace(composite=self.composite[:, ::-1], mask=mask, depth=depth)

    @property
    def bytes(self) -> int:
        """That its arrays take."""
        return sum(one.nbytes for one in (self.composite, self.mask, self.depth) if one is not None)


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
        most: bytes of samples that are kept.

    Attributes:
        shape: of the network.
        unit: 'm' where depth is in metres, else empty.
    """

    def __init__(self, contents: Contents, settings: TrialSettings, lift: float = 0.0, most: int = _MOST) -> None:
        self._contents, self._lift = contents, lift
        self._kept: dict[int, SeenSample] = {}
        self._room, self._keeping = most, threading.Lock()
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
    def lift(self) -> float:
        """Added to depth; samples that were kept with another are forgotten."""
        return self._lift

    @lift.setter
    def lift(self, lift: float) -> None:
        if lift != self._lift:
            with self._keeping:
                self._room += sum(sample.bytes for sample in self._kept.values())
                self._lift, self._kept = lift, {}

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
        noise, which = noise or self._noise, [int(number) for number in numbers]
        windows = windows or [WHOLE] * len(which)
        samples = list(self._samples(which, windows))
        backgrounds = []
        if self.has_backgrounds:
            for number, sample, window in zip(which, samples, windows, strict=True):
                drawn = rng or np.random.default_rng(number)
                backgrounds.append(self._seen(self._background(sample.background, noise, drawn), window))
        masks = [sample.mask for sample in samples if sample.mask is not None]
        depths = [sample.depth for sample in samples if sample.depth is not None]
        return TrialBatch(
            np.stack([sample.composite for sample in samples]),
            np.stack(backgrounds) if backgrounds else None,
            np.stack(masks) if masks else None,
            np.stack(depths) if depths else None,
            tuple(sample.name for sample in samples),
            np.array([sample.background for sample in samples], np.int64),
        )

    def _samples(self, numbers: Sequence[int], windows: Sequence[Window]) -> Iterator[SeenSample]:
        """The samples as they are seen through their windows, those that are kept from memory."""
        if any(window.side < 1 for window in windows):
            yield from self._read(numbers, windows)
            return
        unknown = [number for number in dict.fromkeys(numbers) if number not in self._kept]
        read = dict(zip(unknown, self._read(unknown, [WHOLE] * len(unknown)), strict=True))
        for number, sample in read.items():
            self._keep(number, sample)
        for number, window in zip(numbers, windows, strict=True):
            sample = read.get(number) or self._kept[number]
            yield sample.mirrored if window.mirrored else sample

    def _keep(self, number: int, sample: SeenSample) -> None:
        with self._keeping:
            if number not in self._kept and sample.bytes <= self._room:
                self._room -= sample.bytes
                self._kept[number] = sample

    def _read(self, numbers: Sequence[int], windows: Sequence[Window]) -> Iterator[SeenSample]:
        for sample, window in zip(self._contents.decoded(numbers, self._kinds), windows, strict=True):
            pictures = sample.pictures
            missing = [kind for kind in self._kinds if kind not in pictures]
            if missing:
                raise PictureError(f"the sample {sample.name} has no picture of the kind {missing[0]}", GenerateAgain())
            yield SeenSample(
                self._seen(rgb_of(pictures["fg_bg"]), window),
                self._mask(pictures["mask"], window) if "mask" in pictures else None,
                self._depth(pictures["depth"], window) if "depth" in pictures else None,
                sample.name,
                sample.background,
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
        return np.asarray(found, np.float32) + np.float32(self._lift)


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
