"""The network: background and composite each through its own block, then one encoder and decoder with two heads.

After the two-input network of a dataset that was made for it by hand: each picture has its own first block, a U-Net
(Ronneberger et al. 2015, arXiv:1505.04597) sees both, and mask and depth come out at half the size that goes in. The
U-Net sees the composite's features and how those of the background differ, each normalised: in few steps it learns
more than of the two side by side.
"""

from __future__ import annotations

from typing import Any

from fgbg_studio.core.networks.densedepth.architecture import import_keras
from fgbg_studio.core.trial.pictures import MapShape
from fgbg_studio.core.trial.settings import Inputs

WIDTHS = {"small": (16, 24, 32, 64, 128), "medium": (32, 48, 96, 192, 320)}
"""Channels of the first blocks, and from half the side on at each halving."""
_MOMENTUM = 0.9  # of means and variances: a trial has hundreds of steps, not hundreds of thousands


def build(shape: MapShape, inputs: Inputs, width: str, depth: float, seed: int) -> Any:
    """The network, untrained.

    Args:
        shape: what goes in and comes out.
        inputs: composite and background, or the composite alone.
        width: ``small`` or ``medium``.
        depth: the mean depth: what it gives first.
        seed: of its weights.

    Returns:
        A Keras model from (n, side, side, 3) each to ``mask`` (n, out, out, 1), 0..1, and ``depth`` likewise, positive.

    Raises:
        MissingPackageError: Keras is not installed.
    """
    keras = import_keras()
    layers, start = keras.layers, keras.initializers
    own, *widths = WIDTHS[width]
    seeds = iter(range(seed + 1, seed + 1000))

    def block(x: Any, channels: int, strides: int = 1) -> Any:
        kernel = start.HeNormal(seed=next(seeds))
        x = layers.Conv2D(channels, 3, strides, padding="same", use_bias=False, kernel_initializer=kernel)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=_MOMENTUM)(x))

    def own_block(x: Any) -> Any:
        kernel = start.HeNormal(
            seed=seed
        )  # both begin alike: what is the same in both pictures is the same behind them
        return layers.Conv2D(own, 3, 2, padding="same", use_bias=False, kernel_initializer=kernel)(x)

    names = ("composite", "background") if inputs == "two" else ("composite",)
    given = [layers.Input((shape.side, shape.side, 3), name=name) for name in names]
    blocks = [own_block(one) for one in given]
    if inputs == "two":
        blocks[1] = layers.Subtract()(blocks)
    x = layers.Concatenate()([layers.BatchNormalization(momentum=_MOMENTUM)(one) for one in blocks])
    x = block(x, widths[0])
    skips = [x]
    for channels in widths[1:]:
        x = block(block(x, channels, 2), channels)
        skips.append(x)
    for channels, skip in zip(widths[-2::-1], skips[-2::-1], strict=True):
        x = layers.Concatenate()([layers.UpSampling2D(interpolation="bilinear")(x), skip])
        x = block(x, channels)
    if shape.out == shape.side:
        apart = [layers.BatchNormalization(momentum=_MOMENTUM)(layers.Subtract()(given))] if inputs == "two" else []
        x = layers.Concatenate()([layers.UpSampling2D(interpolation="bilinear")(x), given[0], *apart])
        x = block(x, own)
    else:
        x = block(x, widths[0])
    outputs = []
    if shape.masks:
        kernel = start.GlorotUniform(seed=next(seeds))
        outputs.append(layers.Conv2D(1, 1, activation="sigmoid", kernel_initializer=kernel, name="mask")(x))
    if shape.depths:
        kernel = start.GlorotUniform(seed=next(seeds))
        # softplus(0.5413) is 1: what is learned first is how the mean differs.
        raw = layers.Conv2D(
            1, 1, activation="softplus", kernel_initializer=kernel, bias_initializer=start.Constant(0.5413)
        )(x)
        outputs.append(layers.Rescaling(depth, name="depth")(raw))
    return keras.Model(given, outputs, name="trial")
