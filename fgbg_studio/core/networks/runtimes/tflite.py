"""TensorFlow Lite files by LiteRT: small, quick on a CPU, and the only runtime that is always installed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks.description import Description, FloatMaps, Run
from fgbg_studio.core.networks.runtimes import Runtime, as_maps, check_input, input_shape, pick_output


@dataclass(frozen=True)
class Tflite(Runtime):
    """``.tflite`` by ai-edge-litert, one picture at a time."""

    name: ClassVar[str] = "tflite"
    summary: ClassVar[str] = "TensorFlow Lite (.tflite), on the CPU"
    suffixes: ClassVar[frozenset[str]] = frozenset({".tflite", ".lite"})

    def open(self, path: Path, description: Description) -> Run:
        """See `Runtime.open`."""
        from ai_edge_litert.interpreter import Interpreter

        try:
            interpreter = Interpreter(str(path), num_threads=self.threads or None)
            source = interpreter.get_input_details()[0]
            wanted = input_shape(description)
            check_input(path, wanted, tuple(int(side) for side in source["shape_signature"]))
            if tuple(source["shape"]) != wanted:
                interpreter.resize_tensor_input(source["index"], wanted)
            interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise NetworkError(f"{path} cannot be opened ({error})", "Copy or download it again") from error
        targets = interpreter.get_output_details()
        target = targets[pick_output(path, len(targets), description.output)]

        def one(picture: NDArray[Any]) -> FloatMaps:
            interpreter.set_tensor(source["index"], _quantise(picture, source, path))
            interpreter.invoke()
            values = interpreter.get_tensor(target["index"])
            return as_maps(_dequantise(values, target) if description.dequantise else values, path)

        return lambda batch: np.concatenate([one(batch[i : i + 1]) for i in range(len(batch))])


def _quantise(values: NDArray[Any], tensor: dict[str, Any], path: Path) -> NDArray[Any]:
    """Real values as the integers that ``tensor`` holds; what has its type already passes unchanged."""
    dtype = np.dtype(tensor["dtype"])
    if values.dtype == dtype:
        return values
    if values.dtype == np.uint8:
        raise NetworkError(f"{path} takes {dtype}, not bytes", "Set dtype to float32 in its description")
    if dtype.kind not in "iu":
        return values.astype(dtype)
    scale, zero = tensor["quantization"]
    limits = np.iinfo(dtype)
    whole: NDArray[Any] = np.rint(values / (scale or 1.0) + zero)
    return whole.clip(limits.min, limits.max).astype(dtype)


def _dequantise(values: NDArray[Any], tensor: dict[str, Any]) -> NDArray[Any]:
    scale, zero = tensor["quantization"]
    if values.dtype.kind not in "iu" or not scale:
        return values
    real: FloatMaps = (values.astype(np.float32) - np.float32(zero)) * np.float32(scale)
    return real
