"""Any dataset for training code: numpy arrays of `open_samples`, tensors of `TorchDataset`.

Both read folders, ZIPs and tars, of this program and made by hand, and may be handed to the worker processes of a
loader, forked or spawned: each opens the files for itself. Nothing of a framework is imported but by what is called so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap, Floats
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.sample import PlacedObject
from fgbg_studio.core.dataset.inspect.contents import Contents, StoredFiles
from fgbg_studio.core.dataset.inspect.open_contents import opened
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.depth import view_of

_KINDS = ("fg_bg", "mask", "depth")
_SOLID = 128  # a mask that was stored as JPEG has values between, too


class LoadedSample(NamedTuple):
    """One sample; what the dataset has not is None.

    Attributes:
        name: by which the program makes it again.
        image: the composite, (H, W, 3) or (H, W) uint8.
        mask: (H, W) bool, True where an object is solid.
        depth: (h, w) float32, larger = farther, in metres where `LoadedSamples.unit` is 'm'; NaN where there is no
            value. Of depth that nobody describes it is the stored value with its sign turned: bright is taken for near.
        valid: (h, w) bool, where depth has a value.
        background: the name of its background, empty where that is not known.
        foreground: of its first object's picture, likewise.
        intrinsics: (3, 3) float64, the camera's matrix in pixels of the composite, from its upper left corner on.
        objects: where which foreground stands, from back to front; none where nobody says.
    """

    name: str
    image: AnyPixels | None
    mask: NDArray[np.bool_] | None
    depth: DepthMap | None
    valid: NDArray[np.bool_] | None
    background: str
    foreground: str
    intrinsics: Floats | None
    objects: tuple[PlacedObject, ...]


class LoadedSamples(Sequence[LoadedSample]):
    """The samples of a dataset, read when they are asked for; made by `open_samples`.

    Attributes:
        path: of the dataset.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._contents = opened(path)
        numbers = self._contents.numbers()
        self._numbers = numbers if isinstance(numbers, range) else np.asarray(numbers, np.int64)

    @override
    def __reduce__(self) -> tuple[type[LoadedSamples], tuple[Path]]:
        return LoadedSamples, (self.path,)

    @property
    def unit(self) -> str:
        """'m' where depth is in metres, empty where it has no unit."""
        return self._contents.reading.unit

    @property
    def backgrounds(self) -> tuple[str, ...]:
        """The names of all backgrounds; none where the samples' names do not say who stands on what."""
        return self._contents.backgrounds

    @property
    def foregrounds(self) -> tuple[str, ...]:
        """The names of all foregrounds, likewise."""
        return self._contents.foregrounds

    def background(self, name: str) -> AnyPixels:
        """The picture of a background by its name, as it is stored.

        Raises:
            UsageError: there is none.
            PictureError: it is missing or damaged.
        """
        place = self.backgrounds.index(name) if name in self.backgrounds else -1
        number = self._contents.picture_of("bg", place) if place >= 0 else None
        if number is None:
            raise UsageError(
                f"{self.path} has no picture of a background {name!r}", "See 'backgrounds' for their names"
            )
        return self._contents.pixels("bg", number)

    @override
    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> LoadedSample: ...
    @overload
    def __getitem__(self, index: slice) -> list[LoadedSample]: ...
    @override
    def __getitem__(self, index: int | slice) -> LoadedSample | list[LoadedSample]:
        """One sample, or several.

        Raises:
            IndexError: there is none.
            PictureError: one of its files is missing or damaged.
        """
        if isinstance(index, slice):
            return list(self.some(range(*index.indices(len(self)))))
        if not -len(self) <= index < len(self):
            raise IndexError(f"sample {index} of {len(self)}")
        return next(self.some([index % len(self)]))

    @override
    def __iter__(self) -> Iterator[LoadedSample]:
        yield from self.some(range(len(self)))

    def some(self, indices: Iterable[int]) -> Iterator[LoadedSample]:
        """These samples in this order, in less time than one by one."""
        numbers = [int(self._numbers[index]) for index in indices]
        return map(self._loaded, self._contents.stored(numbers, _KINDS))

    def _loaded(self, sample: StoredFiles) -> LoadedSample:
        contents = self._contents
        pictures = {kind: decode(data, name) for kind, (name, data) in sample.files.items()}
        mask = pictures.get("mask")
        depth = contents.reading.depth(pictures["depth"]) if "depth" in pictures else None
        known = bool(contents.backgrounds)
        return LoadedSample(
            sample.name,
            pictures.get("fg_bg"),
            None if mask is None else (mask if mask.ndim == 2 else mask[..., 0]) >= _SOLID,
            depth,
            None if depth is None else np.isfinite(depth),
            contents.backgrounds[sample.background] if known else "",
            contents.foregrounds[sample.foreground] if known else "",
            self._cameras[sample.background] if self._cameras else None,
            sample.placed,
        )

    @cached_property
    def _cameras(self) -> list[Floats]:
        """The matrix of each background's camera; none where no camera belongs to the depth."""
        return _cameras(self._contents)


def open_samples(path: Path | str) -> LoadedSamples:
    """The samples of the dataset at ``path``: a folder, a ZIP or a tar, by whoever it was made.

    Raises:
        DatasetError: there is none, or it is damaged.
    """
    return LoadedSamples(Path(path))


class TorchDataset:
    """Samples as a map-style dataset of PyTorch, for ``torch.utils.data.DataLoader``.

    A sample is a dict of what the dataset has: ``image`` (3, H, W) float32 in 0..1, ``mask`` (1, H, W) float32, 0 or 1,
    ``depth`` (1, h, w) float32 with 0 where there is no value, ``valid`` (1, h, w) bool, ``intrinsics`` (3, 3) float32,
    ``name``, ``background`` and ``foreground``.

    Args:
        path: of the dataset.
        transform: takes that dict, and gives what is wanted of it.

    Raises:
        DatasetError: there is no dataset, or it is damaged.
        UsageError: PyTorch is not installed.
    """

    def __init__(self, path: Path | str, transform: Callable[[dict[str, Any]], Any] | None = None) -> None:
        _torch()
        self.samples, self.transform = open_samples(path), transform

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


def _cameras(contents: Contents) -> list[Floats]:
    if contents.dataset is None or not contents.dataset.recipe.settings.depth.way.uses_camera:
        return []
    recipe = contents.dataset.recipe
    settings, found = recipe.settings, []
    for source in recipe.backgrounds:
        view = view_of(source, settings.camera, settings.size, settings.foreground.real_height)
        row = view.horizon if view.axis is None else view.axis
        found.append(np.array([[view.focal, 0, view.frame / 2], [0, view.focal, row], [0, 0, 1]], np.float64))
    return found
