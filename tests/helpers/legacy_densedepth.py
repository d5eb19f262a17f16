"""Writes DenseDepth in the file format of Keras 2, with tf_keras, in any variant and with random weights."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
import tf_keras

Layer = tf_keras.layers
Filters = tuple[int, int, int, int, int]


class BilinearUpSampling2D(Layer.Layer):  # type: ignore[misc]
    """Doubling with aligned corners by TensorFlow's own resize, as a layer of its own class."""

    def __init__(self, size: tuple[int, int] = (2, 2), **keys: Any) -> None:
        super().__init__(**keys)
        self.size = size

    def call(self, x: Any) -> Any:
        high, wide = tf.shape(x)[1], tf.shape(x)[2]
        return tf.raw_ops.ResizeBilinear(images=x, size=[2 * high, 2 * wide], align_corners=True)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "size": self.size}


def make(filters: Filters, *, after_a: bool, aligned: bool, end: str, slope: float) -> Any:
    """The model, with batch-norm statistics away from 0 and 1."""
    encoder = tf_keras.applications.DenseNet169(include_top=False, weights=None)
    x = Layer.Conv2D(filters[0], 1, padding="same", name="conv2")(encoder.get_layer(end).output)
    for number, skip in enumerate(("pool3_pool", "pool2_pool", "pool1", "conv1/relu"), 1):
        name = f"up{number}"
        x = (
            BilinearUpSampling2D(name=f"{name}_upsampling2d")(x)
            if aligned
            else Layer.UpSampling2D(2, interpolation="bilinear", name=f"{name}_upsampling2d")(x)
        )
        x = Layer.Concatenate(name=f"{name}_concat")([x, encoder.get_layer(skip).output])
        x = Layer.Conv2D(filters[number], 3, padding="same", name=f"{name}_convA")(x)
        if after_a:
            x = Layer.LeakyReLU(slope)(x)
        x = Layer.Conv2D(filters[number], 3, padding="same", name=f"{name}_convB")(x)
        x = Layer.LeakyReLU(slope)(x)
    model = tf_keras.Model(encoder.input, Layer.Conv2D(1, 3, padding="same", name="conv3")(x))
    _randomise(model)
    return model


def _randomise(model: Any) -> None:
    random = np.random.default_rng(5)
    for layer in model.layers:
        values = []
        for weight in layer.weights:
            shape = tuple(weight.shape)
            if "kernel" in weight.name:  # keeps the signal's size from layer to layer
                value = random.normal(0, np.sqrt(1.6 / np.prod(shape[:-1])), shape)
            elif "variance" in weight.name:
                value = random.uniform(0.5, 2, shape)
            elif "gamma" in weight.name:
                value = random.uniform(0.7, 1.3, shape)
            else:
                value = random.normal(0, 0.3, shape)
            values.append(value)
        if values:
            layer.set_weights(values)


def save(model: Any, path: Path) -> Path:
    """The whole model as a legacy file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the format is legacy is what is wanted
        model.save(path, save_format="h5")
    return path
