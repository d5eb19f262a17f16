"""Writes networks that are asked, with inputs and outputs as published, whose right answer is known.

What they answer: the places that look as the clicked ones do and not as the others (`ALIKE`), inside the box if one is
given, and what the mask that goes in has besides. The photo is seen through the same normalisation and padding as the
real ones see it: a wrong one gives other colours, and wrong coordinates give those of another place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.networks.description import IMAGENET_MEAN, IMAGENET_STD
from tests.helpers.tiny_onnx import _bytes, _integer, _model, _value

Export = Literal["sam", "sam-pixels", "transformers", "sam2"]
EXPORTS: tuple[Export, ...] = ("sam", "sam-pixels", "transformers", "sam2")
SIDE, LOW, GRID = 1024, 256, 64
ALIKE = 0.6  # the sum of differences of the three channels, normalised, up to which two places look alike

_TYPES = {np.dtype(np.float32): 1, np.dtype(np.int64): 7, np.dtype(np.bool_): 9}


class Graph:
    """Collects what an ONNX file says."""

    def __init__(self) -> None:
        self._nodes = self._constants = self._inputs = self._outputs = b""
        self._count = 0

    def node(self, kind: str, *sources: str, outputs: int = 1, **attributes: Any) -> str:
        self._count += 1
        names = [f"{kind}{self._count}.{i}" for i in range(outputs)]
        ends = b"".join(_bytes(1, one) for one in sources) + b"".join(_bytes(2, one) for one in names)
        said = b"".join(_bytes(5, _attribute(name, value)) for name, value in attributes.items())
        self._nodes += _bytes(1, ends + _bytes(3, names[0]) + _bytes(4, kind) + said)
        return names[0]

    def constant(self, values: Any, dtype: Any = np.float32) -> str:
        self._count += 1
        array = np.asarray(values, dtype)
        name = f"c{self._count}"
        sides = b"".join(_integer(1, side) for side in array.shape)
        raw = array.astype(array.dtype.newbyteorder("<")).tobytes()
        self._constants += _bytes(5, sides + _integer(2, _TYPES[array.dtype]) + _bytes(8, name) + _bytes(9, raw))
        return name

    def given(self, name: str, shape: tuple[int | str, ...], dtype: Any = np.float32) -> str:
        value = _value(name, shape)
        if dtype is not np.float32:
            sides = b"".join(_bytes(1, _integer(1, n) if isinstance(n, int) else _bytes(2, n)) for n in shape)
            value = _bytes(1, name) + _bytes(2, _bytes(1, _integer(1, _TYPES[np.dtype(dtype)]) + _bytes(2, sides)))
        self._inputs += _bytes(11, value)
        return name

    def gives(self, name: str, source: str, shape: tuple[int | str, ...]) -> None:
        self._nodes += _bytes(1, _bytes(1, source) + _bytes(2, name) + _bytes(3, f"out-{name}") + _bytes(4, "Identity"))
        self._outputs += _bytes(12, _value(name, shape))

    def write(self, path: Path) -> Path:
        graph = self._nodes + _bytes(2, "g") + self._constants + self._inputs + self._outputs
        versions = [_bytes(8, _bytes(1, "") + _integer(2, number)) for number in (13, 16)]  # GridSample came with 16
        path.write_bytes(_model(graph).replace(*versions))
        return path


def _attribute(name: str, value: Any) -> bytes:
    if isinstance(value, str):
        return _bytes(1, name) + _bytes(4, value) + _integer(20, 3)
    if isinstance(value, int):
        return _bytes(1, name) + _integer(3, value) + _integer(20, 2)
    return _bytes(1, name) + b"".join(_integer(8, one) for one in value) + _integer(20, 7)


def write(folder: Path, export: Export) -> Path:
    """``folder`` with the two files of an export."""
    folder.mkdir(exist_ok=True)
    names = {"transformers": ("vision_encoder.onnx", "prompt_encoder_mask_decoder.onnx")}
    encoder, decoder = names.get(export, ("any.encoder.onnx", "any.decoder.onnx"))
    _write_encoder(folder / encoder, export)
    _write_decoder(folder / decoder, export)
    return folder


def _write_encoder(path: Path, export: Export) -> None:
    g = Graph()
    if export == "sam-pixels":  # (h, w, 3) of 0..255: normalised and padded by the file
        picture = g.given("input_image", ("height", "width", 3))
        mean, std = np.array(IMAGENET_MEAN) * 255, np.array(IMAGENET_STD) * 255
        normal = g.node("Div", g.node("Sub", picture, g.constant(mean)), g.constant(std))
        batch = g.node("Unsqueeze", g.node("Transpose", normal, perm=(2, 0, 1)), g.constant([0], np.int64))
        missing = g.node("Sub", g.constant([1, 3, SIDE, SIDE], np.int64), g.node("Shape", batch))
        source = g.node("Pad", batch, g.node("Concat", g.constant([0] * 4, np.int64), missing, axis=0))
    else:
        name = {"sam": "images", "transformers": "pixel_values", "sam2": "image"}[export]
        source = g.given(name, (1, 3, SIDE, SIDE))
    step = SIDE // GRID
    small = g.node("AveragePool", source, kernel_shape=(step, step), strides=(step, step))
    wide = np.zeros((256, 3, 1, 1), np.float32)
    wide[[0, 1, 2], [0, 1, 2]] = 1
    features = g.node("Conv", small, g.constant(wide))
    g.gives("image_embed" if export == "sam2" else "image_embeddings", features, (1, 256, GRID, GRID))
    if export == "transformers":
        g.gives("image_positional_embeddings", g.node("Mul", features, g.constant(0)), (1, 256, GRID, GRID))
    if export == "sam2":
        for i, (channels, side) in enumerate(((32, 256), (64, 128))):
            empty = g.constant(np.zeros((1, channels, side, side)))
            g.gives(f"high_res_feats_{i}", empty, (1, channels, side, side))
    g.write(path)


def _write_decoder(path: Path, export: Export) -> None:
    g, hugging = Graph(), export == "transformers"
    features = g.given("image_embed" if export == "sam2" else "image_embeddings", (1, 256, GRID, GRID))
    if hugging:
        g.given("image_positional_embeddings", (1, 256, GRID, GRID))
        points = g.given("input_points", (1, 1, "n", 2))
        labels = g.node("Cast", g.given("input_labels", (1, 1, "n"), np.int64), to=1)
    else:
        points, labels = g.given("point_coords", (1, "n", 2)), g.given("point_labels", (1, "n"))
    if export == "sam2":
        g.given("high_res_feats_0", (1, 32, 256, 256))
        g.given("high_res_feats_1", (1, 64, 128, 128))
    flat = g.node("Reshape", points, g.constant([1, -1, 1, 2], np.int64))
    label = g.node("Reshape", labels, g.constant([-1, 1, 1], np.int64))
    odds = _odds(g, features, flat, label)
    if not hugging:
        before, has = g.given("mask_input", (1, 1, LOW, LOW)), g.given("has_mask_input", (1,))
        least = g.node("Mul", g.node("Sub", has, g.constant(1)), g.constant(50))  # -50 where there is none
        known = g.node("Add", g.node("Mul", before, has), least)
        flat_known = g.node("Reshape", known, g.constant([LOW, LOW], np.int64))
        odds = g.node("Min", g.node("Max", odds[0], flat_known), odds[1])
    else:
        odds = g.node("Min", *odds)
    _give_masks(g, odds, export)
    g.write(path)


def _odds(g: Graph, features: str, places: str, label: str) -> tuple[str, str]:
    """(256, 256) each: of what is meant, and of what is not like the clicks on the background."""
    pick = np.zeros((3, 256, 1, 1), np.float32)
    pick[[0, 1, 2], [0, 1, 2]] = 1
    colours = g.node("Conv", features, g.constant(pick))
    colours = g.node("Resize", colours, "", "", g.constant([1, 3, LOW, LOW], np.int64), mode="nearest")
    half = g.node("Add", places, g.constant(0.5))
    grid = g.node("Sub", g.node("Mul", half, g.constant(2 / SIDE)), g.constant(1))
    at = g.node("GridSample", colours, grid, mode="nearest", padding_mode="border")  # (1, 3, n, 1)
    at = g.node("Reshape", g.node("Transpose", at, perm=(2, 1, 0, 3)), g.constant([-1, 3, 1, 1], np.int64))
    apart = g.node("ReduceSum", g.node("Abs", g.node("Sub", colours, at)), g.constant([1], np.int64), keepdims=0)
    alike = g.node("Mul", g.node("Sub", g.constant(ALIKE), apart), g.constant(8))  # (n, 256, 256)
    never, always = g.constant(-20), g.constant(20)

    def of(value: int) -> str:
        return g.node("Equal", label, g.constant(value))

    fore = g.node("ReduceMax", g.node("Where", of(1), alike, never), axes=(0,), keepdims=0)
    some = g.node("ReduceMax", g.node("Cast", of(1), to=1), axes=(0,), keepdims=1)
    some = g.node("Reshape", g.node("Cast", some, to=9), g.constant([1, 1], np.int64))
    back = g.node("Neg", g.node("ReduceMax", g.node("Where", of(0), alike, never), axes=(0,), keepdims=0))
    middles = (np.arange(LOW, dtype=np.float32) + 0.5) * (SIDE / LOW) - 0.5
    split = g.node("Reshape", places, g.constant([-1, 2, 1, 1], np.int64))
    x, y = (g.node("Gather", split, g.constant(i, np.int64), axis=1) for i in (0, 1))
    right, below = (g.node("Sub", g.constant(one), at) for one, at in ((middles[None], x), (middles[:, None], y)))
    left, above = g.node("Neg", right), g.node("Neg", below)
    last = g.node("Where", of(3), g.node("Min", left, above), always)
    corner = g.node("Where", of(2), g.node("Min", right, below), last)
    box = g.node("ReduceMin", corner, axes=(0,), keepdims=0)
    return g.node("Min", box, g.node("Where", some, fore, always)), back


def _give_masks(g: Graph, odds: str, export: Export) -> None:
    hugging = export == "transformers"
    one = g.node("Reshape", odds, g.constant([1, 1, LOW, LOW], np.int64))
    wrong = g.node("Mul", one, g.constant(0))
    count = 4 if export.startswith("sam") and export != "sam2" else 3
    scores = [0.7, 0.2, 0.9, 0.1] if count == 4 else [0.2, 0.9, 0.1]
    whole = [one, wrong, one, wrong] if count == 4 else [wrong, one, wrong]
    masks = g.node("Concat", *whole, axis=1)
    shape: tuple[int | str, ...] = (1, 1, count) if hugging else (1, count)
    marks = g.constant(np.array(scores).reshape(shape))
    if hugging:
        g.gives("iou_scores", marks, shape)
        g.gives("pred_masks", g.node("Unsqueeze", masks, g.constant([0], np.int64)), (1, 1, 3, LOW, LOW))
        return
    if count == 4:  # cut by a shape that was fixed at the export, as in the published files
        size = g.node("Cast", g.given("orig_im_size", (2,)), to=7)
        fixed = g.node("Slice", masks, *(g.constant([n], np.int64) for n in (0, 171, 2)))
        whole_size = g.node("Concat", g.constant([1, 4], np.int64), size, axis=0)
        g.gives("masks", g.node("Resize", fixed, "", "", whole_size, mode="linear"), (1, 4, "height", "width"))
    g.gives("iou_predictions", marks, shape)
    g.gives("low_res_masks", masks, (1, count, LOW, LOW))


def write_points_and_mask(path: Path, *, apart: bool) -> Path:
    """A one-pass network of the kind of RITM: a cross of what is redder than blue; the last answer stays.

    ``apart``: the last answer is an input of its own, and not the picture's fourth channel.
    """
    g = Graph()
    image = g.given("image", (1, 3 if apart else 4, "h", "w"))
    points = g.given("points", (1, "n", 3))
    before = g.given("prev_mask", (1, 1, "h", "w")) if apart else _channel(g, image, 3)
    rows = g.node("Slice", points, *(g.constant([n], np.int64) for n in (0, 1, 2)))
    used = g.node("ReduceMax", rows, axes=(0, 1, 2), keepdims=1)  # -1 where nothing was clicked
    clicked = g.node("Cast", g.node("Cast", g.node("Add", used, g.constant(1)), to=9), to=1)
    red = g.node("Sub", _channel(g, image, 0), _channel(g, image, 1))
    redder = g.node("Mul", g.node("Reshape", clicked, g.constant([1, 1, 1, 1], np.int64)), red)
    odds = g.node("Max", g.node("Sub", g.node("Mul", redder, g.constant(40)), g.constant(8)),
                  g.node("Mul", g.node("Sub", before, g.constant(0.5)), g.constant(16)))  # fmt: skip
    g.gives("instances", odds, (1, 1, "h", "w"))
    return g.write(path)


def _channel(g: Graph, image: str, number: int) -> str:
    ends = (g.constant([n], np.int64) for n in (number, number + 1, 1))
    return g.node("Slice", image, *ends)


def photo(width: int, height: int, disc: tuple[float, float, float]) -> NDArray[np.uint8]:
    """A red disc (x, y, radius) and a yellow one that mirrors it, on green."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    x, y, radius = disc
    pixels = np.full((height, width, 3), (40, 120, 60), np.uint8)
    pixels[np.hypot(columns - x, rows - y) < radius] = (200, 40, 40)
    pixels[np.hypot(columns - (width - x), rows - (height - y)) < radius] = (220, 200, 40)
    noise = np.random.default_rng(0).integers(-4, 5, pixels.shape)
    return np.asarray(np.clip(pixels + noise, 0, 255), np.uint8)
