"""A functional Keras model as a graph of layers, from its configuration, so that two can be compared.

Weights of the right shapes load into a network that computes something else without an error. So a file's
own account of its layers is compared with the network that is built for it, layer by layer from the output
back to the input, and any difference is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fgbg_studio.core.base.errors import NetworkError

WAY_OUT = "Convert it to .keras, .tflite or .onnx with the program that trained it"

_COMPARED: dict[str, tuple[str, ...]] = {
    "InputLayer": (),
    "Conv2D": ("filters", "kernel_size", "strides", "padding", "dilation_rate", "activation", "use_bias"),
    "BatchNormalization": ("axis", "epsilon", "center", "scale"),
    "Activation": ("activation",),
    "LeakyReLU": ("slope",),
    "ZeroPadding2D": ("padding",),
    "MaxPooling2D": ("pool_size", "strides", "padding"),
    "AveragePooling2D": ("pool_size", "strides", "padding"),
    "Concatenate": ("axis",),
    "UpSampling2D": ("size", "interpolation"),
    "BilinearUpSampling2D": (),
}
_NAMES = {"AlignedUpSampling2D": "BilinearUpSampling2D", "Functional": "Model"}
# What such a layer may say of itself without a bearing on what it computes; anything more could have one.
_HARMLESS = {"name", "trainable", "dtype", "batch_input_shape", "data_format", "activity_regularizer", "autocast"}


@dataclass(frozen=True)
class Node:
    """One layer: its name in the file, its kind, its settings in one spelling, and its inputs' names."""

    name: str
    kind: str
    settings: Mapping[str, Any]
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """Layers by name, and the name of the one that gives the output."""

    nodes: Mapping[str, Node]
    output: str

    def input_of(self, node: Node, *kinds: str) -> Node:
        """The first input of ``node``, which must be of one of ``kinds``.

        Raises:
            NetworkError: it is of another kind.
        """
        found = self.nodes[node.inputs[0]] if node.inputs else None
        if found is None or found.kind not in kinds:
            what = f"takes its input from {found.name!r}, a {found.kind}" if found else "has no input"
            raise refused(node.name, f"{what}, where {' or '.join(kinds)} was expected")
        return found


def refused(layer: str, why: str) -> NetworkError:
    """The error that names a layer that is not recognised."""
    return NetworkError(f"the layer {layer!r} {why}", WAY_OUT)


def graph_of(config: Mapping[str, Any]) -> Graph:
    """The graph of a model's configuration, in the spelling of Keras 2 or of Keras 3.

    Raises:
        NetworkError: a layer of a kind that is not known, or one that is used twice.
    """
    nodes = {}
    for layer in config["layers"]:
        name, kind = layer["name"], layer["class_name"].rpartition(">")[2]
        kind = _NAMES.get(kind, kind)
        if kind not in _COMPARED:
            raise refused(name, f"is a {kind}, which DenseDepth does not have")
        uses = layer["inbound_nodes"]
        if len(uses) > 1:
            raise refused(name, "is used more than once")
        inputs = tuple(_sources(uses[0])) if uses else ()
        nodes[name] = Node(name, kind, _settings(name, kind, layer["config"]), inputs)
    outputs = list(_sources(config["output_layers"]))
    if len(outputs) != 1:
        raise NetworkError(f"it has {len(outputs)} outputs, where one was expected", WAY_OUT)
    return Graph(nodes, outputs[0])


def _sources(use: Any) -> Iterator[str]:
    """The layers in a call's arguments: each is ``[name, 0, 0, {}]`` or ``keras_history: [name, 0, 0]``."""
    if isinstance(use, Mapping):
        for key, value in use.items():
            if key == "keras_history":
                yield value[0]
            else:
                yield from _sources(value)
    elif isinstance(use, (list, tuple)):
        if len(use) >= 3 and isinstance(use[0], str) and isinstance(use[1], int):
            yield use[0]
        else:
            for part in use:
                yield from _sources(part)


def _settings(name: str, kind: str, config: Mapping[str, Any]) -> dict[str, Any]:
    if config.get("data_format") == "channels_first":
        raise refused(name, "has its channels first")
    if kind == "BilinearUpSampling2D":
        unknown = set(config) - _HARMLESS - {"size", "align_corners"}
        if unknown or config.get("align_corners") is False or _plain(config.get("size", 2)) not in {2, (2, 2)}:
            raise refused(name, f"resizes in a way that is not known: {dict(config)}")
    known = dict(config)
    known["slope"] = known.get("negative_slope", known.get("alpha"))
    settings = {key: _plain(known.get(key)) for key in _COMPARED[kind]}
    if kind == "Conv2D":
        if known.get("groups", 1) != 1:
            raise refused(name, "is a grouped convolution")
        if settings["kernel_size"] == (1, 1):
            settings["padding"] = "none needed"
    if "axis" in settings:
        axis = settings["axis"][0] if isinstance(settings["axis"], tuple) else settings["axis"]
        settings["axis"] = 3 if axis == -1 else axis
    return settings


def _plain(value: Any) -> Any:
    """Lists as tuples, and numbers without the last digits that float32 left in them."""
    if isinstance(value, (list, tuple)):
        return tuple(_plain(part) for part in value)
    return float(f"{value:.5g}") if isinstance(value, float) else value


def pairs(theirs: Graph, ours: Graph) -> dict[str, str]:
    """Our layers' names with the names of theirs that compute the same, from the output back to the input.

    Raises:
        NetworkError: a layer differs; it is named.
    """
    found: dict[str, str] = {}
    todo = [(theirs.output, ours.output)]
    while todo:
        name, own = todo.pop()
        if found.setdefault(own, name) != name:
            raise refused(name, f"stands where {found[own]!r} was expected")
        a, b = theirs.nodes[name], ours.nodes[own]
        if a.kind != b.kind or len(a.inputs) != len(b.inputs):
            raise refused(name, f"is a {a.kind} of {len(a.inputs)} inputs, where a {b.kind} was expected")
        for key, value in b.settings.items():
            if a.settings[key] != value:
                raise refused(name, f"has {key} {a.settings[key]}, where {value} was expected")
        todo += [pair for pair in zip(a.inputs, b.inputs, strict=True) if found.get(pair[1]) != pair[0]]
    return found
