"""DenseDepth with three tenths fewer operations and the same result, for pictures of one size.

An up-projection doubles features x bilinearly, joins a skip to them, and convolves both 3 × 3. Doubling and
convolution are linear and act on places and on channels apart: summed over the kernel's nine shifts d, the
doubled features' part is ``Σ_d shift_d(double(x)) · K_d = Σ_d shift_d(double(x · K_d))``. On the right the
channels are multiplied before the doubling, at a quarter of the pixels; and what is doubled and shifted then
has few channels. Doubling and shifting are done as products with small matrices, rows and columns apart.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.networks.densedepth.architecture import SKIPS, import_keras

Matrix = NDArray[np.float32]


def quickened(model: Any, height: int, width: int) -> Any:
    """A model of `densedepth.build` as one for (n, height, width, 3) alone, sharing its weights but for convA's.

    Args:
        model: see `is_densedepth`.
        height: of the pictures, a multiple of 32.
        width: likewise.

    Returns:
        A Keras model of (n, height, width, 3) float32 in 0..1 that gives (n, height/2, width/2, 1) float32.

    Its output differs by the rounding of float32: on the published decoder by 1e-5 of the output's range.
    """
    keras = import_keras()
    encoder = keras.Model(model.input, [model.get_layer(name).output for name in ("conv2", *SKIPS)])
    picture = keras.layers.Input((height, width, 3), name="picture")
    x, *skips = encoder(picture)
    for number, skip in enumerate(skips, 1):
        name, known = f"up{number}", {layer.name for layer in model.layers}
        first = model.get_layer(f"{name}_convA")
        kernel, bias = first.get_weights()
        aligned = not isinstance(model.get_layer(f"{name}_double"), keras.layers.UpSampling2D)
        x = _up_convolution()(kernel, bias, aligned, name=f"{name}_quick", dtype=first.dtype_policy)([x, skip])
        for layer in ("leakyA", "convB", "leakyB"):
            x = model.get_layer(f"{name}_{layer}")(x) if f"{name}_{layer}" in known else x
    return keras.Model(picture, model.get_layer("conv3")(x), name="quick_densedepth")


def is_densedepth(model: Any) -> bool:
    """Whether ``model`` is one of `densedepth.build`, with nothing more or other in its decoder.

    The encoder may be any: it is taken over as it is.
    """
    layers = {layer.name: layer for layer in model.layers}
    numbers = range(1, len(SKIPS) + 1)
    needed = {f"up{number}_{part}" for number in numbers for part in ("double", "concat", "convA", "convB")}
    if getattr(model, "output_names", None) != ["conv3"] or not needed | {"conv2", *SKIPS} <= layers.keys():
        return False
    decoder = needed | {f"up{number}_leaky{part}" for number in numbers for part in "AB"} | {"conv3"}
    encoder = import_keras().Model(model.input, [layers[name].output for name in ("conv2", *SKIPS)])
    if not layers.keys() <= decoder | {layer.name for layer in encoder.layers}:
        return False
    return all(
        _is_plain(layers[f"up{number}_convA"].get_config())
        and [one.name for one in layers[f"up{number}_concat"].input]
        == [layers[name].output.name for name in (f"up{number}_double", skip)]
        for number, skip in enumerate(SKIPS, 1)
    )


def _is_plain(convolution: dict[str, Any]) -> bool:
    """Whether a convolution's configuration is 3 × 3, step 1, padded, without an activation."""
    wanted = {"kernel_size": (3, 3), "strides": (1, 1), "dilation_rate": (1, 1)}
    return (
        all(tuple(convolution[key]) == value for key, value in wanted.items())
        and (convolution["padding"], convolution["activation"], convolution["groups"]) == ("same", "linear", 1)
        and bool(convolution["use_bias"])
    )


def doubling(length: int, aligned: bool) -> Matrix:
    """(2·length, length): linear doubling, with ``aligned`` corners or half-pixel centres."""
    places = np.arange(2 * length) * (length - 1) / (2 * length - 1) if aligned else np.arange(2 * length) / 2 - 0.25
    places = places.clip(0, length - 1)
    before = np.minimum(places.astype(np.int64), max(length - 2, 0))
    matrix = np.zeros((2 * length, length))
    rows, share = np.arange(2 * length), places - before
    matrix[rows, before] = 1 - share
    matrix[rows, np.minimum(before + 1, length - 1)] += share
    return matrix.astype(np.float32)


def doubled_and_shifted(length: int, aligned: bool) -> Matrix:
    """(3, 2·length, length): `doubling`, then shifted by -1, 0 and 1, zero where nothing is."""
    plain = doubling(length, aligned)
    padded = np.pad(plain, ((1, 1), (0, 0)))
    return np.stack([padded[shift : shift + 2 * length] for shift in range(3)])


@cache
def _up_convolution() -> Any:
    keras = import_keras()
    ops = keras.ops

    class UpConvolution(keras.layers.Layer):  # type: ignore[misc,name-defined]
        """``conv3x3(concatenate(double(x), skip))`` of [x, skip], the channels of x first."""

        def __init__(self, kernel: Any, bias: Any, aligned: bool, **keys: Any) -> None:
            super().__init__(**keys)
            self._given = kernel, bias, aligned

        def build(self, shapes: Any) -> None:
            kernel, bias, aligned = self._given
            (_, height, width, channels), _ = shapes
            # By the kernel's rows: 1 × 1 kernels to its three columns' outputs side by side.
            rows = kernel[:, :, :channels].transpose(0, 2, 1, 3).reshape(3, 1, 1, channels, -1)
            self._rows = [self._constant(row) for row in rows]
            self._skip, self._bias = self._constant(kernel[:, :, channels:]), self._constant(bias)
            columns = doubled_and_shifted(width, aligned).transpose(1, 2, 0).reshape(2 * width, 3 * width)
            self._columns = self._constant(columns)
            self._lines = [self._constant(line) for line in doubled_and_shifted(height, aligned)]
            self._sides, self._filters = (height, width), len(bias)

        def _constant(self, value: Any) -> Any:
            return self.add_weight(shape=value.shape, initializer=lambda *_, **__: ops.array(value), trainable=False)

        def call(self, inputs: Any) -> Any:
            x, skip = inputs
            height, width = self._sides
            made = ops.conv(skip, self._skip, padding="same") + self._bias
            for row, line in zip(self._rows, self._lines, strict=True):
                part = ops.reshape(ops.conv(x, row), (-1, height, 3 * width, self._filters))
                part = ops.reshape(ops.matmul(self._columns, part), (-1, height, 2 * width * self._filters))
                part = ops.matmul(line, part)
                made = made + ops.reshape(part, (-1, 2 * height, 2 * width, self._filters))
            return made

        def compute_output_shape(self, shapes: Any) -> Any:
            (count, *_), _ = shapes
            height, width = self._sides
            return (count, 2 * height, 2 * width, self._filters)

    return UpConvolution
