"""The samples of a dataset as numpy arrays, read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap, Floats, Ints, Pixels
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.mirror import place_of
from fgbg_studio.core.base.remedies import MakeSplits
from fgbg_studio.core.base.sample import PlacedObject
from fgbg_studio.core.dataset.cameras import cameras_of
from fgbg_studio.core.dataset.inspect.contents import Contents, DecodedFiles
from fgbg_studio.core.dataset.inspect.made_contents import MadeContents
from fgbg_studio.core.dataset.inspect.open_contents import opened
from fgbg_studio.core.dataset.splits import NAMES, read_splits
from fgbg_studio.core.interfaces.layout import INSTANCES

KINDS = {"image": "fg_bg", "mask": "mask", "depth": "depth", "instances": INSTANCES}
"""What a sample's pictures are called here, and in the dataset."""
_SOLID = 128  # a mask that was stored as JPEG has values between, too


class LoadedSample(NamedTuple):
    """One sample; what the dataset has not, or nobody asked for, is None.

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
        instances: (H, W) uint8, which object is seen where: 0 for none, else one of ``indices``.
        indices: of each of ``objects`` its value there.
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
    instances: Pixels | None = None
    indices: tuple[int, ...] = ()


class LoadedSamples(Sequence[LoadedSample]):
    """The samples of a dataset, or of one of its splits, read when they are asked for; made by `open_samples`.

    Attributes:
        path: of the dataset.
        split: the name of the split, None for all samples.
        kinds: which pictures of a sample are read, by their names in `LoadedSample`.
    """

    def __init__(
        self, path: Path, split: str | None = None, kinds: Sequence[str] = tuple(KINDS), *, exact: bool = True
    ) -> None:
        self.path, self.split, self.kinds = path, split, tuple(kinds)
        self._exact, self._kinds = exact, _stored_kinds(self.kinds)
        self._contents = opened(path)
        if isinstance(self._contents, MadeContents):
            self._contents.exact = exact
        self._numbers = _numbers(self._contents, split)

    @override
    def __reduce__(self) -> tuple[Callable[..., LoadedSamples], tuple[Path, str | None, tuple[str, ...], bool]]:
        return open_samples, (self.path, self.split, self.kinds, self._exact)

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
        """These samples in this order, in less time than one by one; several threads may read at the same time."""
        numbers = [int(self._numbers[index]) for index in indices]
        return map(self._loaded, self._contents.decoded(numbers, self._kinds))

    def _loaded(self, sample: DecodedFiles) -> LoadedSample:
        contents, pictures = self._contents, sample.pictures
        mask = pictures.get("mask")
        depth = contents.reading.depth(pictures["depth"]) if "depth" in pictures else sample.depth
        known = bool(contents.backgrounds)
        instances = pictures.get(INSTANCES)
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
            None if instances is None else np.asarray(instances, np.uint8),
            sample.indices if instances is not None else (),
        )

    @cached_property
    def _cameras(self) -> list[Floats]:
        """The matrix of each background's camera; none where no camera belongs to the depth."""
        return cameras_of(self._contents)


def open_samples(
    path: Path | str, split: str | None = None, kinds: Sequence[str] = tuple(KINDS), exact: bool = True
) -> LoadedSamples:
    """The samples of the dataset at ``path``: a folder, a ZIP or a tar, by whoever it was made.

    Args:
        path: of the dataset; or an address, as ``s3://bucket/rooms``: what of it is read is kept in the user's cache.
        split: 'train', 'seen', 'new-background', 'new-foreground' or 'both-new', as ``fgbg-studio split`` made them;
            None for all. Of a dataset without splits all is 'train'.
        kinds: which pictures of a sample are read: of 'image', 'mask', 'depth', 'instances' those that are wanted.
        exact: of a recipe, whose samples are made when they are read: whether they are as the dataset stores them, also
            where that is as JPEG, or as they were before, which is several times as fast.

    Raises:
        DatasetError: there is none, or it is damaged.
        UsageError: there is no such split, or no such kind.
    """
    return LoadedSamples(place_of(path), split, kinds, exact=exact)


def _stored_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    other = next((kind for kind in kinds if kind not in KINDS), None)
    if other is not None:
        raise UsageError(f"a sample has no {other!r}", f"It has {', '.join(KINDS)}")
    return tuple(KINDS[kind] for kind in kinds)


def _numbers(contents: Contents, split: str | None) -> range | Ints:
    """The samples of a split by their numbers in the dataset, ascending."""
    if split is not None and split not in NAMES:
        raise UsageError(f"there is no split {split!r}", f"There are {', '.join(NAMES)}")
    splits = read_splits(contents) if split is not None else None
    if splits is not None and split is not None:
        return splits.numbers(split)
    if split not in (None, "train"):
        raise UsageError(f"{contents.path} is not split, and so has no samples of {split!r}", MakeSplits())
    numbers = contents.numbers()
    return numbers if isinstance(numbers, range) else np.asarray(numbers, np.int64)
