"""A network trained step by step, so that it can be watched, stopped, and continued."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.progress import Control, Rate
from fgbg_studio.core.networks.densedepth.architecture import import_keras
from fgbg_studio.core.trial import checkpoint
from fgbg_studio.core.trial.architecture import build
from fgbg_studio.core.trial.checkpoint import Checkpoint
from fgbg_studio.core.trial.event_log import EventLog
from fgbg_studio.core.trial.feeding import Feeder, TrainFigures
from fgbg_studio.core.trial.metrics import Scores, mean_scores
from fgbg_studio.core.trial.parts import Parts, evenly
from fgbg_studio.core.trial.pictures import TrialPictures
from fgbg_studio.core.trial.progress import CurvePoint, Look, TrialProgress
from fgbg_studio.core.trial.scoring import Trained, looked_at, measured
from fgbg_studio.core.trial.settings import Inputs, TrialSettings

_LOOKS = 40  # points of a curve
_WATCHED = 64  # samples of each part that a point of the curve is measured on
_FIXED = 4  # samples of each part that are shown
_WARM = 0.05  # of the steps, in which the rate rises
_SAID = 0.5  # seconds between two words on how far it is


@dataclass(frozen=True)
class Course:
    """What came of a training.

    Attributes:
        network: trained, or as far as it came.
        points: its curves.
        looks: at the fixed samples, at last.
        finished: whether it was not stopped.
        seconds: that it took, over all its parts.
        steps: that it has.
        waited: seconds of them in which it had no batch to train on.
    """

    network: Trained
    points: tuple[CurvePoint, ...]
    looks: tuple[Look, ...]
    finished: bool
    seconds: float
    steps: int
    waited: float


def compiled(model: Any, settings: TrialSettings, steps: int, middle: float) -> Any:
    """The model ready to learn: losses, their weights, and Adam with a rate that rises and falls as a cosine."""
    keras = import_keras()
    ops = keras.ops

    def mask_loss(truth: Any, mask: Any) -> Any:
        return settings.mask_loss(ops, truth, mask)

    def depth_loss(truth: Any, depth: Any) -> Any:
        return settings.depth_loss(ops, truth[..., :1] / middle, depth / middle, truth[..., 1:])

    losses = {"mask": mask_loss, "depth": depth_loss}
    weights = {"mask": settings.mask_weight, "depth": settings.depth_weight}
    warm = max(round(steps * _WARM), 1)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(steps - warm, 1), warmup_target=settings.rate, warmup_steps=warm
    )
    names = model.output_names
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=[losses[name] for name in names],
        loss_weights=[weights[name] for name in names],
    )
    return model


def train(
    pictures: TrialPictures,
    parts: Parts,
    settings: TrialSettings,
    inputs: Inputs,
    figures: TrainFigures,
    folder: Path,
    control: Control,
    begun: tuple[int, int] = (0, 0),
) -> Generator[TrialProgress, None, Course]:
    """Train a network, from where the training in ``folder`` was stopped.

    Args:
        pictures: of the dataset.
        parts: which samples are trained on and which watched.
        settings: of the trial.
        inputs: what the network sees.
        figures: of the training part.
        folder: for its checkpoint and its log.
        control: stops it after a step.
        begun: steps of the trial before this training, and all of them after it.
    """
    feeder = Feeder(pictures, parts.train, settings, inputs, figures)
    model = build(pictures.shape, inputs, settings.width, figures.depth, settings.seed)
    compiled(model, settings, feeder.steps, figures.depth)
    place = checkpoint.restore(folder, model)
    network = Trained(model, inputs, pictures.shape, figures)
    watching = _Watching(network, pictures, parts)
    log = EventLog(folder / "log")
    before, after = begun
    total = before + feeder.steps + after
    rate = Rate(before + place.step)
    step, points, sums, spent = place.step, place.points, list(place.sums), place.seconds
    looks = watching.looks()
    every, said, clock = max(feeder.steps // _LOOKS, 1), 0.0, time.monotonic()

    def told() -> TrialProgress:
        speed, left = rate.update(before + step, total)
        return TrialProgress(
            f"training on {_WORDS[inputs]}", before + step, total, speed * feeder.batch, left,
            run=inputs, points=points, looks=looks,
        )  # fmt: skip

    yield told()
    for fed in feeder.from_step(step):
        if not control.wait():
            break
        masks, depths = _stepped(model, fed.inputs, fed.targets)
        sums = [sums[0] + masks, sums[1] + depths, sums[2] + 1]
        step += 1
        if step % every == 0 or step == feeder.steps:
            points = (*points, watching.point(step, sums))
            log.put(points[-1])
            sums, looks = [0.0, 0.0, 0], watching.looks()
            spent, clock = spent + time.monotonic() - clock, time.monotonic()
            waited = place.waited + feeder.waited
            checkpoint.save(folder, model, Checkpoint(step, points, (0.0, 0.0, 0), spent, waited))
        if step % every == 0 or time.monotonic() - said > _SAID:
            said = time.monotonic()
            yield told()
    spent += time.monotonic() - clock
    waited = place.waited + feeder.waited
    finished = step == feeder.steps
    if not finished:
        checkpoint.save(folder, model, Checkpoint(step, points, (sums[0], sums[1], int(sums[2])), spent, waited))
    log.close()
    return Course(network, points, looks, finished, spent, feeder.steps, waited)


_WORDS: dict[Inputs, str] = {"two": "composite and background", "one": "the composite alone"}


def _stepped(model: Any, inputs: Sequence[Any], targets: Sequence[Any]) -> tuple[float, float]:
    """A step; the losses of masks and depth, NaN for what the network does not give."""
    model.reset_metrics()
    said = model.train_on_batch(list(inputs), list(targets), return_dict=True)
    names = model.output_names
    if len(names) == 1:
        alone = float(said["loss"])
        return (alone, math.nan) if names[0] == "mask" else (math.nan, alone)
    return float(said["mask_loss"]), float(said["depth_loss"])


class _Watching:
    """The samples that curves and fixed pictures are of."""

    def __init__(self, network: Trained, pictures: TrialPictures, parts: Parts) -> None:
        self._network, self._pictures = network, pictures
        self._watched = {name: evenly(parts[name], _WATCHED) for name in ("seen", "both-new")}
        self._fixed = {name: pictures.batch(found[:_FIXED]) for name, found in self._watched.items() if len(found)}

    def point(self, step: int, sums: Sequence[float]) -> CurvePoint:
        """The curves' place after ``step``, by the sums of both losses and the number of steps."""
        seen, new = (self._scores(name) for name in ("seen", "both-new"))
        count = max(sums[2], 1)
        return CurvePoint(step, sums[0] / count, sums[1] / count, seen.iou, new.iou, seen.delta1, new.delta1)

    def _scores(self, name: str) -> Scores:
        found = measured(self._network, self._pictures, self._watched[name])
        return mean_scores(one.figures for some in found for one in some)

    def looks(self) -> tuple[Look, ...]:
        """What the network makes of the fixed samples."""
        found: list[Look] = []
        for part, batch in self._fixed.items():
            found += looked_at(self._network, batch, [part] * len(batch.names))
        return tuple(found)
