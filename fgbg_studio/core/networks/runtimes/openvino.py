"""OpenVINO: the quickest on a CPU, in float32 and in bfloat16; never chosen by itself."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.errors import MissingPackageError, NetworkError
from fgbg_studio.core.base.remedies import Set
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.densedepth import architecture
from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.networks.runtimes import (
    Arrays,
    NetworkSession,
    Precision,
    Runtime,
    Tensor,
    check_dtype,
    check_input,
    input_shape,
    pick_output,
)
from fgbg_studio.core.networks.runtimes.keras import Keras, as_list, load_model
from fgbg_studio.core.networks.runtimes.onnx import Onnx
from fgbg_studio.core.networks.runtimes.savedmodel import SavedModel
from fgbg_studio.core.networks.runtimes.savedmodel_graph import refuse_reaching_out

# OpenVINO tells its makers when it is imported and what it converts; without this package it tells nobody.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

_HINTS = {"float32": "f32", "bfloat16": "bf16"}


@dataclass(frozen=True)
class OpenVino(Runtime):
    """ONNX files as they are; Keras files and SavedModels converted once, kept in the cache.

    One picture at a time, because more at once gain nothing on a CPU.
    """

    name: ClassVar[str] = "openvino"
    summary: ClassVar[str] = "OpenVINO, on the CPU (.onnx, .keras, .h5, SavedModel); where it is chosen"
    precisions: ClassVar[frozenset[Precision]] = frozenset({"float32", "bfloat16"})
    writes: ClassVar[bool] = True

    @classmethod
    @override
    def can_run(cls, path: Path) -> bool:
        return any(other.takes(path) for other in (Onnx, Keras, SavedModel))

    @override
    def session(self, path: Path, description: Description | None = None) -> NetworkSession:
        try:
            import openvino
        except ImportError as error:
            raise MissingPackageError("openvino", "openvino", f"the runtime {self.name!r}") from error
        core = openvino.Core()
        self._check_processor(core)
        try:
            model = core.read_model(path) if Onnx.takes(path) else _converted(core, path, description)
            if description is not None:
                model = _described(model, path, description)
            compiled = core.compile_model(model, "CPU", self._settings())
        except RuntimeError as error:
            reason = str(error).strip().split("\n")[-1][:300]
            raise NetworkError(f"{path} cannot be run by OpenVINO ({reason})", Set({"depth.runtime": None})) from error
        inputs = tuple(_tensor(f"input{i}", port) for i, port in enumerate(compiled.inputs))
        outputs = tuple(_tensor(f"output{i}", port) for i, port in enumerate(compiled.outputs))

        def run(arrays: Arrays) -> Arrays:
            made = compiled({i: arrays[one.name].astype(one.dtype, copy=False) for i, one in enumerate(inputs)})
            return {one.name: np.array(made[i]) for i, one in enumerate(outputs)}

        return NetworkSession(inputs, outputs, run)

    def _settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "INFERENCE_PRECISION_HINT": _HINTS[self.precision],
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": 1,
            # Workers that know nothing of each other would all be bound to the same core.
            "ENABLE_CPU_PINNING": False,
        }
        return settings | ({"INFERENCE_NUM_THREADS": self.threads} if self.threads else {})

    def _check_processor(self, core: Any) -> None:
        if self.precision == "bfloat16" and "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            raise NetworkError(
                "this computer's processor does not compute in bfloat16", Set({"depth.precision": "float32"})
            )


def _tensor(otherwise: str, port: Any) -> Tensor:
    """Of several names the shortest, and one made up where a port has none."""
    name = min(port.get_names(), key=lambda known: (len(known), known), default=otherwise)
    return Tensor(name, _sides(port), np.dtype(port.get_element_type().to_dtype()))


def _sides(port: Any) -> tuple[int | None, ...]:
    return tuple(side.get_length() if side.is_static else None for side in port.partial_shape)


def _described(model: Any, path: Path, description: Description) -> Any:
    """The model for one picture of the described size, with the described output alone."""
    import openvino

    check_input(path, input_shape(description), _sides(model.input(0)))
    check_dtype(path, model.input(0).get_element_type().to_dtype(), description)
    chosen = pick_output(path, len(model.outputs), description.output) if Onnx.takes(path) else 0
    one = openvino.Model([model.output(chosen)], model.get_parameters())
    one.reshape(list(input_shape(description)))
    return one


def _converted(core: Any, path: Path, description: Description | None) -> Any:
    """A Keras file or SavedModel as OpenVINO's model, where it is for the described output kept in the cache."""
    if description is None:
        return _convert(path, str(path) if SavedModel.takes(path) else load_model(path, None))
    high, wide = description.height, description.width
    kept = model_cache.converted(path) / f"{wide}x{high}-{description.output}.xml"
    if kept.exists():
        with contextlib.suppress(RuntimeError):  # a damaged copy is made again
            return core.read_model(kept)
    import openvino

    function = _function_of(path, description)  # it keeps the network alive
    model = _convert(path, function.get_concrete_function())
    partial = kept.with_name(f"{kept.stem}.{os.getpid()}.part.xml")
    with contextlib.suppress(OSError, RuntimeError):  # a cache that cannot be written costs time and nothing else
        kept.parent.mkdir(parents=True, exist_ok=True)
        openvino.save_model(model, partial, compress_to_fp16=False)
        # The weights first: what is read is the file that is there last.
        partial.with_suffix(".bin").replace(kept.with_suffix(".bin"))
        partial.replace(kept)
    for left in (partial, partial.with_suffix(".bin")):
        with contextlib.suppress(OSError):
            left.unlink(missing_ok=True)
    return model


def _convert(path: Path, loaded: Any) -> Any:
    """What was loaded of the file as OpenVINO's model."""
    import openvino

    try:
        return openvino.convert_model(loaded)
    except NameError as error:  # OpenVINO 2026.4 deletes a variable that Python 3.13 did not let it make
        raise NetworkError(
            f"this version of OpenVINO cannot convert {path} on Python {sys.version_info[0]}.{sys.version_info[1]}",
            [Set({"depth.runtime": None}), "use Python 3.12"],
        ) from error


def _function_of(path: Path, description: Description) -> Any:
    """The network as a TensorFlow function of one picture."""
    try:
        import tensorflow as tf
    except ImportError as error:
        raise MissingPackageError("tensorflow", "tensorflow", f"converting {path} for OpenVINO") from error
    source = _of_savedmodel(tf, path, description) if SavedModel.takes(path) else _of_keras(path, description)
    return tf.function(source, input_signature=[tf.TensorSpec(input_shape(description))])


def _of_keras(path: Path, description: Description) -> Callable[[Any], Any]:
    backend = architecture.import_keras().backend.backend()
    if backend != "tensorflow":
        raise NetworkError(
            f"{path} can be converted for OpenVINO only by TensorFlow, and Keras is set to {backend}",
            "Start the program with KERAS_BACKEND=tensorflow once, the converted file is kept",
        )
    model = load_model(path, description)
    index = pick_output(path, len(model.outputs), description.output)

    return lambda picture: as_list(model(picture, training=False))[index]


def _of_savedmodel(tf: Any, path: Path, description: Description) -> Callable[[Any], Any]:
    refuse_reaching_out(path)
    loaded = tf.saved_model.load(str(path))
    signature = loaded.signatures["serving_default"]
    ((name, _),) = signature.structured_input_signature[1].items()
    names = sorted(signature.structured_outputs)
    target = names[pick_output(path, len(names), description.output)]
    return lambda picture: loaded.signatures["serving_default"](**{name: picture})[target]
