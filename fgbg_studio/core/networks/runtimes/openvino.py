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
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import MissingPackageError, NetworkError
from fgbg_studio.core.base.files import content_hash
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.densedepth import architecture
from fgbg_studio.core.networks.description import Description, Run
from fgbg_studio.core.networks.runtimes import (
    Precision,
    Runtime,
    as_maps,
    check_dtype,
    check_input,
    input_shape,
    pick_output,
)
from fgbg_studio.core.networks.runtimes.keras import Keras, load_model
from fgbg_studio.core.networks.runtimes.onnx import Onnx
from fgbg_studio.core.networks.runtimes.savedmodel import SavedModel

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

    @classmethod
    def can_run(cls, path: Path) -> bool:
        """See `Runtime.can_run`."""
        return any(other.takes(path) for other in (Onnx, Keras, SavedModel))

    def open(self, path: Path, description: Description) -> Run:
        """See `Runtime.open`."""
        try:
            import openvino
        except ImportError as error:
            raise MissingPackageError("openvino", "openvino", f"the runtime {self.name!r}") from error
        core = openvino.Core()
        self._check_processor(core)
        reads = Onnx.takes(path)
        try:
            model = core.read_model(path) if reads else _converted(core, path, description)
            chosen = pick_output(path, len(model.outputs), description.output if reads else 0)
            model = openvino.Model([model.output(chosen)], model.get_parameters())
            sides = tuple(side.get_length() if side.is_static else None for side in model.input(0).partial_shape)
            check_input(path, input_shape(description), sides)
            model.reshape(list(input_shape(description)))
            compiled = core.compile_model(model, "CPU", self._settings())
        except RuntimeError as error:
            reason = str(error).strip().split("\n")[-1][:300]
            raise NetworkError(f"{path} cannot be run by OpenVINO ({reason})", "Set depth.runtime=null") from error
        dtype = model.input(0).get_element_type().to_dtype()
        check_dtype(path, dtype, description)

        def one(picture: NDArray[Any]) -> NDArray[Any]:
            return np.array(compiled(picture.astype(dtype, copy=False))[0])

        return lambda batch: np.concatenate([as_maps(one(batch[i : i + 1]), path) for i in range(len(batch))])

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
            raise NetworkError("this computer's processor does not compute in bfloat16", "Set depth.precision=float32")


def _converted(core: Any, path: Path, description: Description) -> Any:
    """A Keras file or SavedModel as OpenVINO's model of the described output, from the cache where it is there."""
    high, wide = description.height, description.width
    kept = model_cache.cache_folder() / "converted" / f"{content_hash(path)}-{wide}x{high}-{description.output}.xml"
    if kept.exists():
        with contextlib.suppress(RuntimeError):  # a damaged copy is made again
            return core.read_model(kept)
    import openvino

    model = _convert(path, description)
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


def _convert(path: Path, description: Description) -> Any:
    """The network as OpenVINO's model, by way of a TensorFlow function of one picture."""
    try:
        import tensorflow as tf
    except ImportError as error:
        raise MissingPackageError("tensorflow", "tensorflow", f"converting {path} for OpenVINO") from error
    import openvino

    source = _of_savedmodel(tf, path, description) if SavedModel.takes(path) else _of_keras(path, description)
    function = tf.function(source, input_signature=[tf.TensorSpec(input_shape(description))])
    try:
        return openvino.convert_model(function.get_concrete_function())
    except NameError as error:  # OpenVINO 2026.4 deletes a variable that Python 3.13 did not let it make
        raise NetworkError(
            f"this version of OpenVINO cannot convert {path} on Python {sys.version_info[0]}.{sys.version_info[1]}",
            "Set depth.runtime=null, or use Python 3.12",
        ) from error


def _of_keras(path: Path, description: Description) -> Callable[[Any], Any]:
    backend = architecture.import_keras().backend.backend()
    if backend != "tensorflow":
        raise NetworkError(
            f"{path} can be converted for OpenVINO by TensorFlow alone, and Keras is set to {backend}",
            "Start the program with KERAS_BACKEND=tensorflow once, the converted file is kept",
        )
    model = load_model(path, description)
    index = pick_output(path, len(model.outputs), description.output)

    def source(picture: Any) -> Any:
        outputs = model(picture, training=False)
        chosen = list(outputs.values()) if isinstance(outputs, dict) else outputs
        return chosen[index] if isinstance(chosen, list) else chosen

    return source


def _of_savedmodel(tf: Any, path: Path, description: Description) -> Callable[[Any], Any]:
    loaded = tf.saved_model.load(str(path))
    signature = loaded.signatures["serving_default"]
    ((name, _),) = signature.structured_input_signature[1].items()
    names = sorted(signature.structured_outputs)
    target = names[pick_output(path, len(names), description.output)]
    return lambda picture: loaded.signatures["serving_default"](**{name: picture})[target]
