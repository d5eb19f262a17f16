"""TensorFlow Lite files by LiteRT: small, quick on a CPU, and the only runtime that is always installed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks.description import Description, FloatMaps
from fgbg_studio.core.networks.runtimes import Arrays, NetworkSession, Runtime, Tensor, check_input, input_shape, meant


@dataclass(frozen=True)
class Tflite(Runtime):
    """``.tflite`` by ai-edge-litert, one picture at a time."""

    name: ClassVar[str] = "tflite"
    summary: ClassVar[str] = "TensorFlow Lite (.tflite), on the CPU"
    suffixes: ClassVar[frozenset[str]] = frozenset({".tflite", ".lite"})

    @override
    def session(self, path: Path, description: Description | None = None) -> NetworkSession:
        """See `Runtime.session`: real values stand for the file's integers, by its own scales."""
        from ai_edge_litert.interpreter import Interpreter

        try:
            interpreter = Interpreter(str(path), num_threads=self.threads or None)
            sources = {source["name"]: source for source in interpreter.get_input_details()}
            inputs = tuple(map(_tensor, sources.values()))
            if description is not None:
                check_input(path, input_shape(description), inputs[0].shape)
                _resize(interpreter, sources[inputs[0].name], input_shape(description))
            interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise NetworkError(f"{path} cannot be opened ({error})", "Copy or download it again") from error
        targets = {target["name"]: target for target in interpreter.get_output_details()}
        outputs = meant(path, tuple(map(_tensor, targets.values())), description)
        real = description is None or description.dequantise

        def take(name: str) -> NDArray[Any]:
            values: NDArray[Any] = interpreter.get_tensor(targets[name]["index"])
            return _dequantise(values, targets[name]) if real else values

        def run(arrays: Arrays) -> Arrays:
            resized = [_resize(interpreter, sources[name], values.shape) for name, values in arrays.items()]
            if any(resized):
                interpreter.allocate_tensors()
            for name, values in arrays.items():
                interpreter.set_tensor(sources[name]["index"], _quantise(values, sources[name], path))
            interpreter.invoke()
            return {target.name: take(target.name) for target in outputs}

        return NetworkSession(inputs, outputs, run)


def _resize(interpreter: Any, source: dict[str, Any], shape: tuple[int, ...]) -> bool:
    """Whether an input had another shape, so that memory is to be allocated anew."""
    resized = tuple(source["shape"]) != shape
    if resized:
        interpreter.resize_tensor_input(source["index"], shape)
        source["shape"] = shape
    return resized


def _tensor(details: dict[str, Any]) -> Tensor:
    shape = tuple(int(side) if side >= 0 else None for side in details["shape_signature"])
    return Tensor(details["name"], shape, np.dtype(details["dtype"]))


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
