"""TensorFlow SavedModel folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from fgbg_studio.core.base.errors import MissingPackageError, NetworkError
from fgbg_studio.core.networks.batching import in_halves
from fgbg_studio.core.networks.description import Description, Run
from fgbg_studio.core.networks.runtimes import Runtime, as_maps, check_input, input_shape, pick_output
from fgbg_studio.core.networks.runtimes.keras import gpu_of, limit_threads


@dataclass(frozen=True)
class SavedModel(Runtime):
    """A folder with ``saved_model.pb``, by TensorFlow; its serving signature is what runs."""

    name: ClassVar[str] = "savedmodel"
    summary: ClassVar[str] = "TensorFlow SavedModel (a folder)"

    @classmethod
    def takes(cls, path: Path) -> bool:
        """See `Runtime.takes`."""
        return (path / "saved_model.pb").is_file()

    def on_gpu(self) -> bool:
        """See `Runtime.on_gpu`."""
        return gpu_of("tensorflow")

    def open(self, path: Path, description: Description) -> Run:
        """See `Runtime.open`."""
        try:
            import tensorflow as tf
        except ImportError as error:
            raise MissingPackageError("tensorflow", "tensorflow", f"{path}") from error
        limit_threads(self.threads)
        try:
            loaded = tf.saved_model.load(str(path))
            signature = loaded.signatures["serving_default"]
        except (OSError, ValueError, KeyError) as error:
            raise NetworkError(f"{path} cannot be opened ({error})", "Copy or export it again") from error
        ((name, source),) = signature.structured_input_signature[1].items()
        check_input(path, input_shape(description)[1:], tuple(source.shape)[1:])
        names = sorted(signature.structured_outputs)
        target = names[pick_output(path, len(names), description.output)]

        def run(batch: Any) -> Any:
            # Taken from the model at each call, because a signature alone does not keep its model alive.
            outputs = loaded.signatures["serving_default"](**{name: tf.constant(batch, source.dtype)})
            return as_maps(np.asarray(outputs[target]), path)

        return in_halves(run)
