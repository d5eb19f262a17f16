"""A trained network as files that this program and others run: Keras, TensorFlow Lite, ONNX."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from fgbg_studio.core.base.errors import FgbgError, MissingPackageError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.networks.beside import Use, write_descriptions
from fgbg_studio.core.networks.densedepth.architecture import import_keras
from fgbg_studio.core.networks.description import Description, Meaning
from fgbg_studio.core.networks.runtimes import muted, runtime_for
from fgbg_studio.core.trial.scoring import Trained

STEM = "network"
_CLOSE = 1e-2
"""How near to Keras's a file's output is at least, of the output's own spread: a wrong one is off by all of it."""


def export(network: Trained, folder: Path, *, metric: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Write the network into ``folder`` in every format that can be written here, each compared with the network.

    Returns:
        The names of the files by format, and what could not be written and why, as a clause.
    """
    makers: dict[str, Callable[[Trained, Path], None]] = {"keras": _keras, "tflite": _tflite, "onnx": _onnx}
    files, missing = {}, {}
    for kind, make in makers.items():
        path = folder / f"{STEM}.{kind}"
        try:
            make(network, path)
            if network.inputs == "one":
                write_descriptions(path, _descriptions(network, path, metric=metric))
            files[kind] = path.name
        except FgbgError as error:
            missing[kind] = error.problem
        except Exception as error:
            logging.getLogger(__name__).warning("%s was not written", path, exc_info=True)
            missing[kind] = str(error).strip().split("\n")[0][:200] or type(error).__name__
    return files, missing


def description(network: Trained, use: Use, output: int, *, metric: bool) -> Description:
    """What a file of a network that sees the picture alone takes, and what an output of it means."""
    side, figures = network.shape.side, network.normalise
    depth: Meaning = "metres" if metric else "relative"
    meaning: Meaning = "matte" if use == "saliency" else depth
    return Description(meaning, side, side, divide=255.0, mean=figures.mean, std=figures.std, output=output)


def _keras(network: Trained, path: Path) -> None:
    keras = import_keras()
    partial = path.with_name(f".part-{path.name}")
    plain = keras.Model(network.model.inputs, network.model.outputs, name=network.model.name)
    plain.save(partial)  # without the losses, which are this program's own functions
    partial.replace(path)


def _tflite(network: Trained, path: Path) -> None:
    if import_keras().backend.backend() != "tensorflow":
        raise MissingPackageError("tensorflow", "tensorflow", "a TensorFlow Lite file")
    import tensorflow as tf

    with _quiet():
        write_file(path, tf.lite.TFLiteConverter.from_keras_model(network.model).convert())


def _onnx(network: Trained, path: Path) -> None:
    try:
        import tf2onnx  # noqa: F401 - Keras asks for it only after it has traced the model
    except ImportError as error:
        raise MissingPackageError("tf2onnx", "trial", "an ONNX file") from error
    partial = path.with_name(f".part-{path.name}")
    with _quiet():
        network.model.export(os.fspath(partial), format="onnx", verbose=False)
    partial.replace(path)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what converters print, and what they warn of their own insides."""
    with muted(), contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _descriptions(network: Trained, path: Path, *, metric: bool) -> dict[Use, Description]:
    """Of each output that the network has; formats put them into an order of their own."""
    given: dict[Use, bool] = {"saliency": network.shape.masks, "depth": network.shape.depths}
    uses = [use for use, there in given.items() if there]
    side = network.shape.side
    pictures = np.random.default_rng(0).integers(0, 256, (1, side, side, 3), np.uint8)
    wanted = network.maps([network.normalise(pictures)])
    found: dict[Use, Description] = {}
    for use, maps in zip(uses, wanted, strict=True):
        found[use] = next(
            described
            for output in range(len(uses))
            if _agrees(path, described := description(network, use, output, metric=metric), pictures, maps)
        )
    return found


def _agrees(path: Path, described: Description, pictures: Any, maps: Any) -> bool:
    made = runtime_for(path, None)().open(path, described)(described.prepare(pictures))
    return float(np.abs(made - maps).max()) <= _CLOSE * max(float(np.ptp(maps)), float(np.abs(maps).mean()) * _CLOSE)
