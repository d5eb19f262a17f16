"""Samples as PyTorch's loaders take them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.loaders.batches import USUAL
from fgbg_studio.loaders.samples import LoadedSample, open_samples


class TorchDataset:
    """Samples as a map-style dataset of PyTorch, for ``torch.utils.data.DataLoader``.

    A sample is a dict of what the dataset has: ``image`` (3, H, W) float32 in 0..1, ``mask`` (1, H, W) float32, 0 or 1,
    ``depth`` (1, h, w) float32 with 0 where there is no value, ``valid`` (1, h, w) bool, ``intrinsics`` (3, 3) float32,
    ``instances`` (1, H, W) uint8, ``name``, ``background`` and ``foreground``.

    Args:
        path: of the dataset.
        transform: takes that dict, and gives what is wanted of it.
        split: as for `open_samples`.
        kinds: which pictures are read, as for `open_samples`.
        exact: as for `open_samples`.

    Raises:
        DatasetError: there is no dataset, or it is damaged.
        UsageError: PyTorch is not installed; there is no such split or kind.
    """

    def __init__(
        self, path: Path | str, transform: Callable[[dict[str, Any]], Any] | None = None, *,
        split: str | None = None, kinds: Sequence[str] = USUAL, exact: bool = True,
    ) -> None:  # fmt: skip
        _torch()
        self.samples, self.transform = open_samples(path, split, kinds, exact), transform

    def __len__(self) -> int:
        """How many samples there are."""
        return len(self.samples)

    def __getitem__(self, index: int) -> Any:
        """One sample."""
        return self._tensors(self.samples[index])

    def __getitems__(self, indices: Sequence[int]) -> list[Any]:
        """A batch, as PyTorch's loaders ask for it where they can."""
        return [self._tensors(sample) for sample in self.samples.some(indices)]

    def _tensors(self, sample: LoadedSample) -> Any:
        tensor = _torch().from_numpy
        found: dict[str, Any] = {"name": sample.name}
        if sample.image is not None:
            image = sample.image if sample.image.ndim == 3 else sample.image[..., None]
            found["image"] = tensor(np.ascontiguousarray(image.transpose(2, 0, 1), np.float32) / np.float32(255))
        if sample.mask is not None:
            found["mask"] = tensor(sample.mask[None].astype(np.float32))
        if sample.depth is not None and sample.valid is not None:
            found["depth"] = tensor(np.where(sample.valid, sample.depth, np.float32(0))[None])
            found["valid"] = tensor(sample.valid[None])
        if sample.instances is not None:
            found["instances"] = tensor(sample.instances[None])
        if sample.intrinsics is not None:
            found["intrinsics"] = tensor(sample.intrinsics.astype(np.float32))
        if sample.background:
            found |= {"background": sample.background, "foreground": sample.foreground}
        return self.transform(found) if self.transform else found


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise UsageError(
            "TorchDataset needs PyTorch, which is not installed", "Install it: pip install torch"
        ) from error
    return torch
