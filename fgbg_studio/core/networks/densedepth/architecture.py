"""DenseDepth (Alhashim and Wonka 2018, arXiv:1812.11941) in plain Keras 3 layers, for every backend of Keras.

An encoder, DenseNet-169 without its classifier, and a decoder of four up-projections that each double the
size and take in the encoder's features of that size. The output is one channel at half the input's size; what
it means is the ``densedepth`` of `description.Description`. Weight files differ in details of the decoder, so
these are a `Variant`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from fgbg_studio.core.base.errors import MissingPackageError

SKIPS = ("pool3_pool", "pool2_pool", "pool1", "conv1_relu")


@dataclass(frozen=True)
class Variant:
    """What differs between decoders; the defaults are the published weights'.

    Attributes:
        filters: of the 1×1 convolution after the encoder and of the four up-projections.
        slope: of the leaky ReLU for negative values.
        activation_after_a: whether a leaky ReLU follows an up-projection's first convolution too.
        aligned: whether doubling keeps the corner pixels' centres in the corners (``align_corners``), or puts
            new centres at quarters (half-pixel centres).
        encoder_end: the encoder's last layer.
    """

    filters: tuple[int, int, int, int, int] = (1664, 832, 416, 208, 104)
    slope: float = 0.2
    activation_after_a: bool = False
    aligned: bool = True
    encoder_end: Literal["relu", "bn"] = "relu"


def import_keras() -> Any:
    """Keras 3.

    Raises:
        MissingPackageError: it, or the backend that it is set to, is not installed.
    """
    try:
        import keras
    except ImportError as error:
        raise MissingPackageError("keras", "tensorflow", "a network in Keras's format") from error
    return keras


def build(variant: Variant) -> Any:
    """The network, untrained: (n, h, w, 3) in 0..1, h and w multiples of 32, to (n, h/2, w/2, 1)."""
    keras = import_keras()
    layers = keras.layers
    picture = layers.Input((None, None, 3), name="picture")
    encoder = keras.applications.DenseNet169(include_top=False, weights=None, input_tensor=picture)
    x = encoder.get_layer(variant.encoder_end).output
    x = layers.Conv2D(variant.filters[0], 1, padding="same", name="conv2")(x)
    for number, (filters, skip) in enumerate(zip(variant.filters[1:], SKIPS, strict=True), 1):
        x = _up_projection(x, encoder.get_layer(skip).output, filters, f"up{number}", variant)
    x = layers.Conv2D(1, 3, padding="same", name="conv3")(x)
    return keras.Model(picture, x, name="densedepth")


def _up_projection(x: Any, skip: Any, filters: int, name: str, variant: Variant) -> Any:
    layers = import_keras().layers
    if variant.aligned:
        x = aligned_upsampling()(name=f"{name}_double")(x)
    else:
        x = layers.UpSampling2D(2, interpolation="bilinear", name=f"{name}_double")(x)
    x = layers.Concatenate(name=f"{name}_concat")([x, skip])
    x = layers.Conv2D(filters, 3, padding="same", name=f"{name}_convA")(x)
    if variant.activation_after_a:
        x = layers.LeakyReLU(negative_slope=variant.slope, name=f"{name}_leakyA")(x)
    x = layers.Conv2D(filters, 3, padding="same", name=f"{name}_convB")(x)
    return layers.LeakyReLU(negative_slope=variant.slope, name=f"{name}_leakyB")(x)


@cache
def aligned_upsampling() -> Any:
    """The layer class that doubles (n, h, w, c) bilinearly with aligned corners."""
    keras = import_keras()

    @keras.saving.register_keras_serializable(package="fgbg_studio")
    class AlignedUpSampling2D(keras.layers.Layer):  # type: ignore[misc,name-defined]
        """Bilinear doubling with aligned corners; see `doubled`."""

        def call(self, x: Any) -> Any:
            return doubled(doubled(x, 1), 2)

        def compute_output_shape(self, shape: Any) -> Any:
            double = [None if side is None else 2 * side for side in shape[1:3]]
            return (shape[0], *double, shape[3])

    return AlignedUpSampling2D


def doubled(x: Any, axis: int) -> Any:
    """A tensor (n, h, w, c) of twice the length along ``axis`` (1 or 2), linear with aligned corners.

    New position i lies at the old position i·(n−1)/(2n−1). For i = 2k that is k − k/(2n−1), between the old
    k−1 and k; for i = 2k+1 it is k + (n−1−k)/(2n−1), between k and k+1. So two blends with neighbours,
    interleaved, do it without gathering, and no position is rounded.
    """
    ops = import_keras().ops
    length = ops.shape(x)[axis]
    k = ops.cast(ops.arange(length), x.dtype)
    whole = ops.cast(2 * length - 1, x.dtype)
    shape = (1, -1, 1, 1) if axis == 1 else (1, 1, -1, 1)
    to_previous = ops.reshape(k / whole, shape)
    to_next = ops.flip(to_previous, axis)
    first, last = ([slice(None)] * 4 for _ in range(2))
    first[axis], last[axis] = slice(0, 1), slice(-1, None)
    but_first, but_last = ([slice(None)] * 4 for _ in range(2))
    but_first[axis], but_last[axis] = slice(1, None), slice(0, -1)
    previous = ops.concatenate([x[tuple(first)], x[tuple(but_last)]], axis)
    following = ops.concatenate([x[tuple(but_first)], x[tuple(last)]], axis)
    even = x + (previous - x) * to_previous
    odd = x + (following - x) * to_next
    sides = list(ops.shape(x))
    sides[axis] = 2 * length
    return ops.reshape(ops.stack([even, odd], axis + 1), sides)
