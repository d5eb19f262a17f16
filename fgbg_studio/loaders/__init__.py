"""Any dataset for training code: numpy arrays one by one or in batches, PyTorch's tensors, TensorFlow's.

All read folders, ZIPs and tars, of this program and made by hand, and may be handed to the worker processes of a
loader, forked or spawned: each opens the files for itself. Nothing of a framework is imported but by what is called so.
"""

from __future__ import annotations

from fgbg_studio.loaders.batches import LoadedBatch, LoadedBatches, batches
from fgbg_studio.loaders.samples import LoadedSample, LoadedSamples, open_samples
from fgbg_studio.loaders.tensorflow_dataset import tf_dataset
from fgbg_studio.loaders.torch_dataset import TorchDataset

__all__ = [
    "LoadedBatch", "LoadedBatches", "LoadedSample", "LoadedSamples", "TorchDataset", "batches", "open_samples",
    "tf_dataset",
]  # fmt: skip
