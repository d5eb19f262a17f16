"""ONNX files by ONNX Runtime, or by OpenCV where that is not installed."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.errors import MissingPackageError, NetworkError
from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.networks.runtimes import (
    Arrays,
    NetworkSession,
    Runtime,
    Tensor,
    check_dtype,
    check_input,
    input_shape,
    meant,
)

_TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(bool)": np.bool_,
    "tensor(uint8)": np.uint8,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}


@dataclass(frozen=True)
class Onnx(Runtime):
    """``.onnx`` one picture at a time: a dynamically quantised file takes its range from the whole batch."""

    name: ClassVar[str] = "onnx"
    summary: ClassVar[str] = "ONNX (.onnx), by ONNX Runtime or OpenCV"
    suffixes: ClassVar[frozenset[str]] = frozenset({".onnx"})

    @override
    def session(self, path: Path, description: Description | None = None) -> NetworkSession:
        if importlib.util.find_spec("onnxruntime") is None:
            return open_with_opencv(path, description)
        return open_with_onnxruntime(path, description, self.threads)


def open_with_onnxruntime(path: Path, description: Description | None, threads: int) -> NetworkSession:
    """The file by ONNX Runtime on the CPU."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # Windows, which knows no variable for it
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise NetworkError(f"{path} cannot be opened ({error})", "Copy or download it again") from error
    inputs = tuple(_tensor(path, source) for source in session.get_inputs())
    if description is not None:
        check_input(path, input_shape(description), inputs[0].shape)
        check_dtype(path, inputs[0].dtype, description)
    outputs = meant(path, tuple(_tensor(path, target) for target in session.get_outputs()), description)
    names = [target.name for target in outputs]

    def run(arrays: Arrays) -> Arrays:
        given = {source.name: arrays[source.name].astype(source.dtype, copy=False) for source in inputs}
        return dict(zip(names, map(np.asarray, session.run(names, given)), strict=True))

    return NetworkSession(inputs, outputs, run)


def open_with_opencv(path: Path, description: Description | None) -> NetworkSession:
    """The file by OpenCV's dnn, which knows fewer operations.

    It tells neither the inputs of a file nor the outputs' shapes: the only input may be called by the name "".

    Raises:
        MissingPackageError: OpenCV does not know the file's operations.
    """
    try:
        network = cv2.dnn.readNetFromONNX(str(path))
        names = list(network.getUnconnectedOutLayersNames())
    except cv2.error as error:
        raise MissingPackageError("onnxruntime", "onnx", str(path)) from error
    float32 = np.dtype(np.float32)
    outputs = meant(path, tuple(Tensor(name, (), float32) for name in names), description)

    def run(arrays: Arrays) -> Arrays:
        for name, values in arrays.items():
            network.setInput(values.astype(np.float32, copy=False), name)
        made = dict(zip(names, network.forward(names), strict=True))
        return {target.name: np.array(made[target.name]) for target in outputs}

    return NetworkSession((Tensor("", (), float32),), outputs, run)


def _tensor(path: Path, known: Any) -> Tensor:
    if known.type not in _TYPES:
        raise NetworkError(f"{path} takes or gives {known.type}, which is not an array of numbers")
    return Tensor(known.name, tuple(known.shape), np.dtype(_TYPES[known.type]))
