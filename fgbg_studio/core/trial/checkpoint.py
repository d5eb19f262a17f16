"""Where a training was stopped: weights, the optimiser's state, the number of the step, and the curves until then."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outside import parsed, read_file, reason_of
from fgbg_studio.core.trial.progress import CurvePoint

_FILE = "checkpoint.json"
_Count = Annotated[int, Field(strict=True, ge=0, lt=1 << 53)]


class Checkpoint(NamedTuple):
    """A place in a training.

    Attributes:
        step: the next one.
        points: the curves so far.
        sums: of the losses since the last point.
        seconds: that training took so far, on whatever machine.
        waited: seconds of them in which there was no batch to train on.
    """

    step: _Count = 0
    points: tuple[CurvePoint, ...] = ()
    sums: tuple[float, float, _Count] = (0.0, 0.0, 0)
    seconds: float = 0.0
    waited: float = 0.0


def _weights(folder: Path, step: int) -> Path:
    return folder / f"checkpoint-{step:07}.weights.h5"


def save(folder: Path, model: Any, place: Checkpoint) -> None:
    """Write a checkpoint: the one before is there until the new one is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _weights(folder, place.step)
    partial = path.with_name(f".part-{path.name}")  # Keras knows what to write by the end of the name
    model.save_weights(partial, overwrite=True)
    partial.replace(path)
    write_file(folder / _FILE, json.dumps(_without_nan(place)).encode())
    for old in folder.glob("checkpoint-*.weights.h5"):
        if old != path:
            old.unlink(missing_ok=True)


def restore(folder: Path, model: Any) -> Checkpoint:
    """The place where the training in ``folder`` was stopped, its state put into ``model``; the start where none was.

    Raises:
        DatasetError: what was written is damaged.
    """
    path = folder / _FILE
    if not path.exists():
        return Checkpoint()
    try:
        place = TypeAdapter(Checkpoint).validate_python(_with_nan(parsed(read_file(path))))
        model.optimizer.build(model.trainable_variables)
        model.load_weights(_weights(folder, place.step))
    except (OSError, ValueError, KeyError, ValidationError) as error:
        raise DatasetError(
            f"the checkpoint in {folder} cannot be used ({reason_of(error)})", "Delete that folder to train anew"
        ) from error
    return place


def _without_nan(value: Any) -> Any:
    """With null, which JSON has, in place of what is no number."""
    if isinstance(value, tuple):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _with_nan(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_nan(one) for one in value]
    return math.nan if value is None else value
