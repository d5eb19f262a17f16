"""Keras files: ``.keras``, and ``.h5`` of Keras 2 and 3, on whatever backend Keras is set to."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError, NetworkError
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.densedepth import architecture, quick, weights
from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.networks.runtimes import (
    Arrays,
    NetworkSession,
    Precision,
    Runtime,
    Tensor,
    check_input,
    input_shape,
    meant,
)


@dataclass(frozen=True)
class Keras(Runtime):
    """``.keras`` and ``.h5`` by Keras 3, with safe mode on: no code in the file is run.

    Keras itself compiles the model by XLA where TensorFlow sees a graphics card, and always on JAX.
    """

    name: ClassVar[str] = "keras"
    summary: ClassVar[str] = "Keras (.keras, .h5), on TensorFlow, JAX or PyTorch"
    suffixes: ClassVar[frozenset[str]] = frozenset({".keras", ".h5", ".hdf5"})
    precisions: ClassVar[frozenset[Precision]] = frozenset({"float32", "bfloat16"})
    batches: ClassVar[bool] = True
    writes: ClassVar[bool] = True

    @override
    def on_gpu(self) -> bool:
        return gpu_of(architecture.import_keras().backend.backend())

    @override
    def session(self, path: Path, description: Description | None = None) -> NetworkSession:
        limit_threads(self.threads)
        model = load_model(path, description, self.precision)
        inputs = tuple(_tensor(source.name, source) for source in model.inputs)
        # What a layer gives goes by the layer's name; a Sequential does not tell it.
        names = getattr(model, "output_names", None) or [target.name for target in model.outputs]
        outputs = meant(path, tuple(map(_tensor, names, model.outputs)), description)

        def run(arrays: Arrays) -> Arrays:
            given = [arrays[source.name] for source in inputs]
            values = as_list(model.predict_on_batch(given[0] if len(given) == 1 else given))
            made = dict(zip(names, values, strict=True))
            return {target.name: np.asarray(made[target.name]) for target in outputs}

        return NetworkSession(inputs, outputs, run)


def as_list(outputs: Any) -> list[Any]:
    """What a Keras model gives, whether it is one array, a list or a mapping of them."""
    if isinstance(outputs, dict):
        return list(outputs.values())
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def _tensor(name: str, known: Any) -> Tensor:
    dtype = "float32" if str(known.dtype) == "bfloat16" else known.dtype  # NumPy has none
    return Tensor(name, tuple(known.shape), np.dtype(dtype))


def load_model(path: Path, description: Description | None, precision: Precision = "float32") -> Any:
    """The Keras model in ``path``, for pictures of the described size.

    Raises:
        NetworkError: the file is damaged or does not fit its description.
        MissingPackageError: Keras is not installed.
    """
    legacy = description is not None and description.meaning == "densedepth" and path.suffix != ".keras"
    model = _converted(path) if legacy else _load(path)
    if description is not None:
        check_input(path, input_shape(description)[1:], tuple(model.inputs[0].shape)[1:])
    if precision == "bfloat16":
        model = mixed(model)
    if description is not None and quick.is_densedepth(model):
        return quick.quickened(model, description.height, description.width)
    return model


def mixed(model: Any) -> Any:
    """``model`` with float32 weights that computes in bfloat16, but for the layers that give its outputs.

    In bfloat16 an output would have steps of a 256th, which are seen in a depth map (Micikevicius et al. 2018,
    'Mixed precision training', keep what is sensitive in float32 likewise).
    """
    keras = architecture.import_keras()
    outputs = getattr(model, "output_names", None) or [model.layers[-1].name]  # a Sequential does not name its output
    kept = {*outputs, *(layer.name for layer in model.layers if isinstance(layer, keras.layers.InputLayer))}

    def same(layer: Any) -> Any:
        dtype = "float32" if layer.name in kept else "mixed_bfloat16"
        return layer.__class__.from_config({**layer.get_config(), "dtype": dtype})

    made = keras.models.clone_model(model, clone_function=same)
    made.set_weights(model.get_weights())
    return made


def gpu_of(backend: str) -> bool:
    """Whether a backend of Keras sees a graphics card."""
    if backend == "tensorflow":
        import tensorflow as tf

        return bool(tf.config.list_physical_devices("GPU"))
    if backend == "jax":
        import jax

        return str(jax.default_backend()) == "gpu"
    if backend == "torch":
        import torch

        return bool(torch.cuda.is_available())
    return False


def limit_threads(threads: int) -> None:
    """Let TensorFlow use that many threads in this process, if it has not begun yet."""
    keras = architecture.import_keras()
    if threads and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        with contextlib.suppress(RuntimeError):  # it has begun: the first network's number holds
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(1)


def _load(path: Path) -> Any:
    keras = architecture.import_keras()
    architecture.aligned_upsampling()  # registers the layer that converted files hold
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except FgbgError:
        raise
    except Exception as error:
        reason = str(error).strip().split("\n")[0][:300]
        raise NetworkError(
            f"{path} cannot be loaded by Keras {keras.__version__} ({reason})",
            "Convert it to .keras, .tflite or .onnx with the program that trained it",
        ) from error


def _converted(path: Path) -> Any:
    """DenseDepth from a Keras 2 file, by way of a .keras copy in the cache."""
    copy = model_cache.converted(path) / "densedepth.keras"
    if copy.exists():
        with contextlib.suppress(NetworkError):  # a damaged copy is made again
            return _load(copy)
    model = weights.load(path)
    partial = copy.with_name(f"{copy.stem}.{os.getpid()}.part.keras")
    with contextlib.suppress(OSError):  # a cache that cannot be written costs time and nothing else
        copy.parent.mkdir(parents=True, exist_ok=True)
        model.save(partial)
        partial.replace(copy)
    return model
