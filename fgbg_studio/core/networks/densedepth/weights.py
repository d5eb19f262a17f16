"""Reads DenseDepth's weights from the file format of Keras 2 (.h5), and only if they belong to this network.

Keras 3 refuses such a file for the '/' in its layers' names, and its loading by name is silently wrong. So
the file's own configuration says which variant it is, the network is built for it and compared with it layer
by layer, and each layer's weights are set from its group in the file.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import MissingPackageError, NetworkError
from fgbg_studio.core.networks.densedepth.architecture import Variant, build
from fgbg_studio.core.networks.densedepth.legacy_graph import WAY_OUT, Graph, graph_of, pairs, refused

# The decoder's layers may have any names: their places in the graph say which is which.
_DECODER = re.compile(r"conv2|conv3|up\d_conv[AB]")


def load(path: Path) -> Any:
    """The network with the file's weights, as a Keras model.

    Raises:
        NetworkError: the file is damaged, holds weights only, or is of a variant that is not recognised;
            the layer is named.
        MissingPackageError: h5py or Keras is not installed.
    """
    try:
        import h5py
    except ImportError as error:
        raise MissingPackageError("h5py", "tensorflow", f"reading {path}") from error
    try:
        with h5py.File(path, "r") as file:
            return _load(file)
    except NetworkError as error:
        raise NetworkError(f"{path} is not a known DenseDepth: {error.problem}", error.remedies) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NetworkError(f"{path} cannot be read ({error})", "Copy or download it again") from error


def _load(file: Any) -> Any:
    config = file.attrs.get("model_config")
    if config is None:
        raise NetworkError(
            "it holds weights without the layers that they belong to", "Save the whole model with model.save()"
        )
    theirs = graph_of(json.loads(config)["config"])
    model = build(variant_of(theirs, _text(file.attrs.get("keras_version", ""))))
    same = pairs(theirs, graph_of(model.get_config()))
    weights = file["model_weights"]
    left = set(_datasets(weights))
    for layer in model.layers:
        if layer.weights:
            left -= _set_layer(layer, same[layer.name], weights)
    if left:
        raise NetworkError(f"it holds weights that belong to no layer: {min(left)}", WAY_OUT)
    return model


def variant_of(graph: Graph, keras_version: str) -> Variant:
    """Which variant a file's layers are, read from the output back to the encoder.

    Raises:
        NetworkError: a layer is not recognised; it is named.
    """
    filters, flags = [], set()
    node = graph.nodes[graph.output]
    if node.kind != "Conv2D":
        raise refused(node.name, "gives the output, where a convolution was expected")
    for _ in range(4):
        leaky = graph.input_of(node, "LeakyReLU")
        second = graph.input_of(leaky, "Conv2D")
        first = graph.input_of(second, "Conv2D", "LeakyReLU")
        after_a = first.kind == "LeakyReLU"
        if after_a:
            first = graph.input_of(first, "Conv2D")
        joined = graph.input_of(first, "Concatenate")
        node = graph.input_of(joined, "UpSampling2D", "BilinearUpSampling2D")
        aligned = node.kind == "BilinearUpSampling2D"
        if not aligned and not _half_pixel(keras_version):
            raise refused(node.name, f"resizes in a way that Keras {keras_version or 'of unknown version'} leaves open")
        filters.append(first.settings["filters"])
        flags.add((leaky.settings["slope"], after_a, aligned))
        if len(flags) > 1:
            raise refused(joined.name, "begins an up-projection that differs from the others")
    last = graph.input_of(node, "Conv2D")
    end: Literal["relu", "bn"] = (
        "relu" if graph.input_of(last, "Activation", "BatchNormalization").kind == "Activation" else "bn"
    )
    slope, after_a, aligned = flags.pop()
    a, b, c, d = reversed(filters)
    return Variant((last.settings["filters"], a, b, c, d), slope, after_a, aligned, end)


def _half_pixel(keras_version: str) -> bool:
    """Whether that Keras's bilinear upsampling has half-pixel centres: since 2.4, on TensorFlow 2 only."""
    numbers = keras_version.partition("-")[0].split(".")[:2]
    return all(number.isdecimal() for number in numbers) and tuple(map(int, numbers)) >= (2, 4)


def _set_layer(layer: Any, name: str, weights: Any) -> set[str]:
    """Set one layer's weights from its group; returns the full names of the datasets that were used."""
    if not _DECODER.fullmatch(layer.name) and name.replace("/", "_") != layer.name:
        raise refused(name, f"has another name than the encoder's {layer.name!r}")
    group = weights[name]
    stored = {_short(full): full for full in map(_text, group.attrs["weight_names"])}
    if set(stored) != {weight.name for weight in layer.weights}:
        raise refused(name, f"holds {sorted(stored)}, where {[w.name for w in layer.weights]} were expected")
    values: list[NDArray[Any]] = [np.asarray(group[stored[weight.name]]) for weight in layer.weights]
    for weight, value in zip(layer.weights, values, strict=True):
        if tuple(weight.shape) != value.shape:
            raise refused(name, f"holds {weight.name} of shape {value.shape}, not {tuple(weight.shape)}")
        if not np.isfinite(value).all():
            raise refused(name, f"holds {weight.name} with values that are not finite")
    layer.set_weights(values)
    return {f"{name}/{full}" for full in stored.values()}


def _short(full: str) -> str:
    """``conv1/conv/kernel:0`` as ``kernel``."""
    return full.rpartition("/")[2].partition(":")[0]


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _datasets(group: Any) -> list[str]:
    names: list[str] = []
    group.visititems(lambda name, item: names.append(name) if hasattr(item, "shape") else None)
    return names
