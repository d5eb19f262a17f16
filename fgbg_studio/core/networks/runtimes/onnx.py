"""ONNX files by ONNX Runtime, or by OpenCV where that is not installed."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import MissingPackageError, NetworkError
from fgbg_studio.core.networks.description import Description, Run
from fgbg_studio.core.networks.runtimes import Runtime, as_maps, check_dtype, check_input, input_shape, pick_output

_TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
}


@dataclass(frozen=True)
class Onnx(Runtime):
    """``.onnx`` one picture at a time: a dynamically quantised file takes its range from the whole batch."""

    name: ClassVar[str] = "onnx"
    summary: ClassVar[str] = "ONNX (.onnx), by ONNX Runtime or OpenCV"
    suffixes: ClassVar[frozenset[str]] = frozenset({".onnx"})

    def open(self, path: Path, description: Description) -> Run:
        """See `Runtime.open`."""
        if importlib.util.find_spec("onnxruntime") is None:
            return open_with_opencv(path, description)
        return open_with_onnxruntime(path, description, self.threads)


def open_with_onnxruntime(path: Path, description: Description, threads: int) -> Run:
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
    source = session.get_inputs()[0]
    check_input(path, input_shape(description), tuple(source.shape))
    if source.type not in _TYPES:
        raise NetworkError(f"{path} takes {source.type}, which no picture is")
    dtype = _TYPES[source.type]
    check_dtype(path, dtype, description)
    targets = session.get_outputs()
    target = targets[pick_output(path, len(targets), description.output)].name

    def one(picture: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(session.run([target], {source.name: picture.astype(dtype, copy=False)})[0])

    return lambda batch: np.concatenate([as_maps(one(batch[i : i + 1]), path) for i in range(len(batch))])


def open_with_opencv(path: Path, description: Description) -> Run:
    """The file by OpenCV's dnn, which knows fewer operations.

    Raises:
        MissingPackageError: OpenCV does not know the file's operations.
    """
    try:
        network = cv2.dnn.readNetFromONNX(str(path))
        names = network.getUnconnectedOutLayersNames()
    except cv2.error as error:
        raise MissingPackageError("onnxruntime", "onnx", str(path)) from error
    target = names[pick_output(path, len(names), description.output)]

    def one(picture: NDArray[Any]) -> NDArray[Any]:
        network.setInput(picture.astype(np.float32, copy=False))
        return np.asarray(network.forward(target))

    return lambda batch: np.concatenate([as_maps(one(batch[i : i + 1]), path) for i in range(len(batch))])
