"""What a network is fed with while it learns: which samples in which order, and how each is altered.

All of it follows from the seed and the number of the step: training that was stopped goes on with what it would have
been given, and two networks of the same seed are given the same.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.ahead import done_ahead
from fgbg_studio.core.base.arrays import Ints, Pixels
from fgbg_studio.core.trial.pictures import TrialBatch, TrialPictures, Window
from fgbg_studio.core.trial.settings import Inputs, TrialSettings

Floats32 = NDArray[np.float32]
_AHEAD, _READERS = 3, 2  # batches that are read while the network is at one, and by how many threads


class TrainFigures(NamedTuple):
    """Figures of the training part: pixel values go in as (v / 255 − mean) / std, by channel R, G, B.

    Attributes:
        mean: of the composites' pixels on 0..1.
        std: likewise.
        depth: the mean depth, the unit of losses and the first guess; 1 where there is none.
        span: from the nearest to the farthest depth.
    """

    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    depth: float
    span: float

    def __call__(self, pixels: Pixels) -> Floats32:
        """(n, h, w, 3) uint8 as the network takes it."""
        gain = (1 / (255 * np.array(self.std))).astype(np.float32)
        shift = (np.array(self.mean) / np.array(self.std)).astype(np.float32)
        wide = pixels.shape[2]  # by whole rows: NumPy's innermost loop would be of three values
        rows: Floats32 = np.multiply(pixels.reshape(*pixels.shape[:2], 3 * wide), np.tile(gain, wide))
        rows -= np.tile(shift, wide)
        return rows.reshape(pixels.shape)


def normalisation(pictures: TrialPictures, numbers: Ints) -> TrainFigures:
    """The figures of these samples."""
    count, total, square = 0, np.zeros(3), np.zeros(3)
    depths: list[NDArray[np.float32]] = []
    for start in range(0, len(numbers), 100):
        batch = pictures.batch(numbers[start : start + 100])
        values = batch.composites.reshape(-1, 3).astype(np.float64) / 255
        count, total, square = count + len(values), total + values.sum(0), square + (values**2).sum(0)
        if batch.depths is not None:
            depths.append(batch.depths[np.isfinite(batch.depths)])
    mean = total / max(count, 1)
    std = np.sqrt(np.maximum(square / max(count, 1) - mean**2, 1e-4))
    known = np.concatenate(depths) if depths else np.ones(0, np.float32)
    depth = float(known.mean()) if known.size else 1.0
    span = float(np.ptp(np.percentile(known, (0.5, 99.5)))) if known.size else 1.0
    r, g, b = (round(float(value), 6) for value in mean)
    rs, gs, bs = (round(float(value), 6) for value in std)
    return TrainFigures((r, g, b), (rs, gs, bs), depth, max(span, 1e-6))


@dataclass(frozen=True)
class Fed:
    """A step's batch, ready for the network.

    Attributes:
        inputs: (n, side, side, 3) float32 each, composite first.
        masks: (n, out, out, 1) float32, 0 or 1; None where the network gives none.
        depths: (n, out, out, 2) float32, depth and whether it is valid; likewise.
    """

    inputs: list[Floats32]
    masks: Floats32 | None
    depths: Floats32 | None

    @property
    def targets(self) -> list[Floats32]:
        """In the order of the network's outputs."""
        return [one for one in (self.masks, self.depths) if one is not None]


class Feeder:
    """Gives the batches of a training from any step on.

    Args:
        pictures: to read from.
        numbers: of the samples to train on, at least one.
        settings: of the trial.
        inputs: what the network sees.
        normalise: the figures.

    Attributes:
        batch: samples of a step.
        epoch: steps of an epoch; what does not fill a batch comes in another epoch.
        steps: of the whole training.
        waited: seconds that `from_step` was asked for a batch and had none ready.
    """

    def __init__(
        self, pictures: TrialPictures, numbers: Ints, settings: TrialSettings, inputs: Inputs, normalise: TrainFigures
    ) -> None:
        self._pictures, self._numbers, self._settings = pictures, numbers, settings
        self._inputs: Inputs = inputs
        self._normalise = normalise
        self._orders: dict[int, Ints] = {}
        self.batch = min(settings.batch, len(numbers))
        self.epoch = len(numbers) // self.batch
        self.steps = self.epoch * settings.epochs
        self.waited = 0.0

    def order(self, step: int) -> Ints:
        """The samples of a step."""
        epoch, place = divmod(step, self.epoch)
        return self._numbers[self._of_epoch(epoch)[place * self.batch : (place + 1) * self.batch]]

    def _of_epoch(self, epoch: int) -> Ints:
        """The order of an epoch's samples; that of the one before is kept, too, for it is still read."""
        found = self._orders.get(epoch)
        if found is None:
            found = np.random.default_rng((self._settings.seed, epoch)).permutation(len(self._numbers))
            self._orders = {epoch: found, **dict(list(self._orders.items())[:1])}
        return found

    def fed(self, step: int) -> Fed:
        """The batch of a step."""
        rng = np.random.default_rng((self._settings.seed, 1 << 20, step))
        numbers = self.order(step)
        windows = [_window(rng, self._settings) for _ in numbers]
        batch = self._pictures.batch(numbers, windows, rng)
        drawn = rng.uniform(-1, 1, (2, len(numbers), 1, 1, 1)) * self._settings.colour
        gain, lift = drawn.astype(np.float32)
        inputs = [_coloured(self._normalise(one), gain, lift) for one in seen(batch, self._inputs)]
        shape = self._pictures.shape
        masks = batch.masks[..., None].astype(np.float32) if shape.masks and batch.masks is not None else None
        return Fed(inputs, masks, None if batch.depths is None else valued(batch.depths, self._normalise.depth))

    def from_step(self, step: int) -> Iterator[Fed]:
        """The batches from a step on, read ahead by threads."""
        ahead = done_ahead(self.fed, range(step, self.steps), _READERS, _AHEAD)
        while True:
            clock = time.monotonic()
            fed = next(ahead, None)
            self.waited += time.monotonic() - clock
            if fed is None:
                return
            yield fed


def seen(batch: TrialBatch, inputs: Inputs) -> list[Pixels]:
    """What a network sees of a batch, in the order of its inputs."""
    if inputs == "one":
        return [batch.composites]
    assert batch.backgrounds is not None
    return [batch.composites, batch.backgrounds]


def valued(depths: Floats32, middle: float) -> Floats32:
    """(n, h, w, 2): depth, ``middle`` where it has no value, and whether it has one."""
    valid = np.isfinite(depths)
    return np.stack([np.where(valid, depths, np.float32(middle)), valid.astype(np.float32)], axis=-1)


def _window(rng: np.random.Generator, settings: TrialSettings) -> Window:
    side = 1 - settings.crop * rng.random()
    left, top = rng.random(2) * (1 - side)
    return Window(left, top, side, settings.flip and rng.random() < 0.5)


def _coloured(values: Floats32, gain: Floats32, lift: Floats32) -> Floats32:
    """Contrast and brightness changed in place, the same for all inputs of a sample: one camera took them."""
    values *= 1 + gain
    values += lift
    return values
