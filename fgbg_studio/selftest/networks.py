"""The self-test of what runs networks: one tiny file for each library that this edition has."""

from __future__ import annotations

import importlib.util
import logging
from pathlib import Path

import numpy as np

from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.networks.network import open_network
from fgbg_studio.selftest.outcome import LeftOut, expect

SIDE = 32
WEIGHTS = (0.25, 0.5, 0.125)  # of R, G, B: no sum of others, so that swapped channels are noticed
FOLDER = Path(__file__).parent


def tflite(_folder: Path) -> str:
    """LiteRT runs the shipped file."""
    return _run(FOLDER / "tiny.tflite", "nhwc")


def onnx(_folder: Path) -> str:
    """ONNX Runtime runs the shipped file."""
    _need("onnxruntime")
    return _run(FOLDER / "tiny.onnx", "nchw")


def keras(folder: Path) -> str:
    """Keras writes the same network as an old ``.h5`` and reads it back."""
    _need("tensorflow")
    logging.getLogger("absl").setLevel(logging.ERROR)  # that the format is old is the point
    from fgbg_studio.core.networks.densedepth.architecture import import_keras

    library = import_keras()
    model = library.Sequential([library.Input((SIDE, SIDE, 3)), library.layers.Conv2D(1, 1, use_bias=False)])
    model.set_weights([np.array(WEIGHTS, np.float32).reshape(1, 1, 3, 1)])
    model.save(folder / "tiny.h5")
    return _run(folder / "tiny.h5", "nhwc")


def _need(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise LeftOut(f"{package} is not in this edition")


def _run(path: Path, layout: str) -> str:
    described = Description("metres", SIDE, SIDE, layout="nchw" if layout == "nchw" else "nhwc")
    network = open_network(path, described)
    pictures = np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), np.uint8)
    wanted = pictures.astype(np.float32) @ np.array(WEIGHTS, np.float32) / np.float32(255)
    worst = float(np.abs(network(pictures) - wanted).max())
    expect(worst < 1e-5, f"{path.name} gave values that are off by {worst:.3g}")
    return f"{path.name} run by {network.runtime}"


CHECKS = {"tflite": tflite, "onnx": onnx, "keras": keras}
