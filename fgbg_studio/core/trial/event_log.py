"""The curves as a log for TensorBoard, written without it: by TensorFlow's own summaries."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from fgbg_studio.core.networks.densedepth.architecture import import_keras
from fgbg_studio.core.trial.progress import CurvePoint


class EventLog:
    """Writes points into the folder ``where``; nothing where Keras runs on another backend than TensorFlow."""

    def __init__(self, where: Path) -> None:
        self._writer: Any = None
        if import_keras().backend.backend() == "tensorflow":
            import tensorflow as tf

            self._writer = tf.summary.create_file_writer(str(where))

    def put(self, point: CurvePoint) -> None:
        """Write the figures of a point that are there."""
        if self._writer is None:
            return
        import tensorflow as tf

        about = tf.compat.v1.SummaryMetadata(plugin_data=tf.compat.v1.SummaryMetadata.PluginData(plugin_name="scalars"))
        with self._writer.as_default():
            for name, value in point._asdict().items():
                if name != "step" and not math.isnan(value):
                    tf.summary.write(name, tf.constant(value, tf.float32), step=point.step, metadata=about)
        self._writer.flush()

    def close(self) -> None:
        """Write what is left."""
        if self._writer is not None:
            self._writer.close()
