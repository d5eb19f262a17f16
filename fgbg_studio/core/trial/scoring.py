"""A trained network measured on the parts of a dataset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import DepthMap, Ints
from fgbg_studio.core.networks.densedepth.architecture import import_keras
from fgbg_studio.core.networks.runtimes.keras import as_list
from fgbg_studio.core.trial.feeding import TrainFigures, seen
from fgbg_studio.core.trial.metrics import Mask, depth_figures, mask_figures
from fgbg_studio.core.trial.pictures import MapShape, TrialBatch, TrialPictures
from fgbg_studio.core.trial.progress import Look
from fgbg_studio.core.trial.settings import Inputs, Noise

SURE = 0.5
"""From which value on a network's mask is one."""
_AT_ONCE = 32


class Predicted(NamedTuple):
    """What a network makes of a batch: (n, out, out) float32 each, None for what it does not give."""

    masks: NDArray[np.float32] | None
    depths: DepthMap | None


@dataclass(frozen=True)
class Trained:
    """A network with what belongs to it.

    Attributes:
        model: of Keras.
        inputs: what it sees.
        shape: of it.
        normalise: what pixels go through first.
    """

    model: Any
    inputs: Inputs
    shape: MapShape
    normalise: TrainFigures

    def maps(self, given: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """The network's outputs (n, out, out) for its inputs as they go in.

        Layer by layer: compiled, it would be compiled anew for every n.
        """
        made = self.model(list(given), training=False)
        to_numpy = import_keras().ops.convert_to_numpy
        return [np.asarray(to_numpy(one), np.float32)[..., 0] for one in as_list(made)]

    def __call__(self, batch: TrialBatch) -> Predicted:
        """What it makes of a batch."""
        given = [self.normalise(one) for one in seen(batch, self.inputs)]
        maps = self.maps(given)
        return Predicted(
            maps[0] if self.shape.masks else None,
            maps[-1] if self.shape.depths else None,
        )


class SampleFigures(NamedTuple):
    """Of one sample: its number and its figures by their names."""

    number: int
    figures: dict[str, float]


def measured(
    network: Trained, pictures: TrialPictures, numbers: Sequence[int] | Ints, noise: Noise | None = None
) -> Iterator[list[SampleFigures]]:
    """The figures of these samples, some at a time; ``noise`` is of the backgrounds, by default the settings'."""
    for start in range(0, len(numbers), _AT_ONCE):
        some = [int(number) for number in numbers[start : start + _AT_ONCE]]
        batch = pictures.batch(some, noise=noise)
        predicted = network(batch)
        masks = None if predicted.masks is None else predicted.masks >= SURE
        yield [
            SampleFigures(number, figures)
            for number, figures in zip(
                some, figures_of(batch, masks, predicted.depths, network.normalise.span), strict=True
            )
        ]


def figures_of(batch: TrialBatch, masks: Mask | None, depths: DepthMap | None, span: float) -> list[dict[str, float]]:
    """The figures of each sample of a batch for predicted masks and depths (n, out, out), of which one may be None."""
    found = []
    for place in range(len(batch.names)):
        figures: dict[str, float] = {}
        if masks is not None and batch.masks is not None:
            figures |= mask_figures(masks[place], batch.masks[place])
        if depths is not None and batch.depths is not None:
            objects = None if batch.masks is None else batch.masks[place]
            figures |= depth_figures(depths[place], batch.depths[place], span, objects)
        found.append(figures)
    return found


def looked_at(network: Trained, batch: TrialBatch, parts: Sequence[str]) -> tuple[Look, ...]:
    """The samples of a batch and what the network makes of them; ``parts`` says of each which one it is of."""
    made, found = network(batch), []
    for place, (name, part) in enumerate(zip(batch.names, parts, strict=True)):
        true_mask = batch.masks[place] if made.masks is not None and batch.masks is not None else None
        found.append(
            Look(
                name, part, batch.composites[place], true_mask,
                None if made.masks is None else np.asarray(made.masks[place], np.float32),
                None if batch.depths is None else batch.depths[place],
                None if made.depths is None else np.asarray(made.depths[place], np.float32),
            )
        )  # fmt: skip
    return tuple(found)
