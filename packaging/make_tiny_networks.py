"""Makes the two networks that the self-test runs: `fgbg_studio/selftest/tiny.tflite` and `tiny.onnx`.

Each is one 1×1 convolution, ``y = 0.25 R + 0.5 G + 0.125 B``, on a picture of 32 × 32 with values 0..1. The first
is written by TensorFlow's converter, the second by the same few lines that the tests write theirs with.

Run from the repository's root: ``python packaging/make_tiny_networks.py`` (needs the extra ``tensorflow``).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fgbg_studio.selftest.networks import SIDE, WEIGHTS  # noqa: E402
from tests.helpers import tiny_onnx  # noqa: E402

FOLDER = ROOT / "fgbg_studio" / "selftest"


def tflite(path: Path) -> None:
    """Write the network by TensorFlow's converter."""
    import tensorflow as tf

    kernel = tf.constant(np.array(WEIGHTS, np.float32).reshape(1, 1, 3, 1))

    @tf.function(input_signature=[tf.TensorSpec((1, SIDE, SIDE, 3), tf.float32)])
    def network(picture: tf.Tensor) -> tf.Tensor:
        return tf.nn.conv2d(picture, kernel, 1, "VALID")

    converter = tf.lite.TFLiteConverter.from_concrete_functions([network.get_concrete_function()])
    path.write_bytes(converter.convert())


def onnx(path: Path) -> None:
    """Write the network byte by byte."""
    tiny_onnx.write(path, np.array(WEIGHTS, np.float32).reshape(1, 3, 1, 1), (1, 3, SIDE, SIDE))


if __name__ == "__main__":
    tflite(FOLDER / "tiny.tflite")
    onnx(FOLDER / "tiny.onnx")
