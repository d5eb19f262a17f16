"""TensorFlow SavedModel folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.errors import MissingPackageError, NetworkError
from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.networks.runtimes import Arrays, NetworkSession, Runtime, Tensor, check_input, input_shape, meant
from fgbg_studio.core.networks.runtimes.keras import gpu_of, limit_threads
from fgbg_studio.core.networks.runtimes.savedmodel_graph import refuse_reaching_out


@dataclass(frozen=True)
class SavedModel(Runtime):
    """A folder with ``saved_model.pb``, by TensorFlow; its serving signature is what runs."""

    name: ClassVar[str] = "savedmodel"
    summary: ClassVar[str] = "TensorFlow SavedModel (a folder)"
    batches: ClassVar[bool] = True

    @classmethod
    @override
    def takes(cls, path: Path) -> bool:
        return (path / "saved_model.pb").is_file()

    @override
    def on_gpu(self) -> bool:
        return gpu_of("tensorflow")

    @override
    def session(self, path: Path, description: Description | None = None) -> NetworkSession:
        """See `Runtime.session`: outputs in alphabetical order."""
        try:
            import tensorflow as tf
        except ImportError as error:
            raise MissingPackageError("tensorflow", "tensorflow", f"{path}") from error
        limit_threads(self.threads)
        refuse_reaching_out(path)
        try:
            loaded = tf.saved_model.load(str(path))
            signature = loaded.signatures["serving_default"]
        except (OSError, ValueError, KeyError) as error:
            raise NetworkError(f"{path} cannot be opened ({error})", "Copy or export it again") from error
        sources, targets = signature.structured_input_signature[1], signature.structured_outputs
        inputs = tuple(_tensor(name, source) for name, source in sources.items())
        if description is not None:
            check_input(path, input_shape(description)[1:], inputs[0].shape[1:])
        outputs = meant(path, tuple(_tensor(name, targets[name]) for name in sorted(targets)), description)

        def run(arrays: Arrays) -> Arrays:
            given = {name: tf.constant(values, sources[name].dtype) for name, values in arrays.items()}
            # Taken from the model at each call, because a signature alone does not keep its model alive.
            made = loaded.signatures["serving_default"](**given)
            return {target.name: np.asarray(made[target.name]) for target in outputs}

        return NetworkSession(inputs, outputs, run)


def _tensor(name: str, spec: Any) -> Tensor:
    return Tensor(name, tuple(spec.shape), np.dtype(spec.dtype.as_numpy_dtype))
