"""The objects of stored samples, each with its own mask: the one place where exports ask what is where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.base.sample import PlacedObject
from fgbg_studio.core.dataset.inspect.contents import Contents, StoredFiles
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.layout import INSTANCES, stem

NO_CLASS = "object"
"""What an object is called of which nobody says what it is."""
_SOLID = 128  # a mask that was stored as JPEG has values between, too


class SeenObject(NamedTuple):
    """An object of a sample: what of it is seen.

    ``seen`` is (H, W) bool, ``box`` the least around it; ``category`` is a number in `ObjectReader.categories`.
    ``foreground`` is the name of its picture, empty where that is not known.
    """

    category: int
    foreground: str
    seen: NDArray[np.bool_]
    box: Box


class ObjectReader:
    """Reads the objects of a dataset's samples.

    Attributes:
        categories: the names of all classes, in alphabetical order.

    Raises:
        DatasetError: it has no masks.
    """

    def __init__(self, contents: Contents) -> None:
        if not {"fg_bg", "mask"} <= set(contents.sample_kinds):
            raise DatasetError(f"{contents.path} has no composites with masks", "Give a dataset that has both")
        self._contents = contents
        told_apart = contents.dataset is not None and INSTANCES in contents.sample_kinds
        self._kinds = ("fg_bg", "mask", INSTANCES) if told_apart else ("fg_bg", "mask")
        sources = contents.dataset.recipe.foregrounds if contents.dataset else ()
        self._classes = [one.category or NO_CLASS for one in sources]
        self.categories = sorted({*self._classes} or {NO_CLASS})

    def samples(self, numbers: Sequence[int]) -> Iterator[tuple[StoredFiles, tuple[int, int], list[SeenObject]]]:
        """(sample, (width, height), its objects) of those that have composite and mask.

        Raises:
            PictureError: a mask is missing, damaged or not of its composite's size, or an index map is not 8 bits of
                the mask's size.
        """
        for sample in self._contents.stored(numbers, self._kinds):
            if len(sample.files) == len(self._kinds):
                mask = decode(sample.files["mask"][1], sample.files["mask"][0])
                plane = mask if mask.ndim == 2 else mask[..., 0]
                height, width = plane.shape
                if self._contents.dataset is None:
                    self._compare(sample, (height, width))
                yield sample, (width, height), self._objects(sample, plane >= _SOLID)

    def _objects(self, sample: StoredFiles, solid: NDArray[np.bool_]) -> list[SeenObject]:
        """By the index map where there is one; else the mask is all that is seen of the one object."""
        seen: list[tuple[PlacedObject | None, NDArray[np.bool_]]]
        if INSTANCES in sample.files:
            name, data = sample.files[INSTANCES]
            shown = decode(data, name)
            if shown.dtype != np.uint8 or shown.shape != solid.shape:
                problem = f"{name} is no index map: those have 8 bits a pixel, no colours and the size of the mask"
                raise PictureError(problem, "Repair the dataset, or export it as hf-parquet")
            found = zip(sample.placed, sample.indices, strict=True)
            seen = [(one, shown == index) for one, index in sorted(found, key=lambda pair: pair[1])]
        elif len(sample.placed) > 1:
            raise DatasetError(
                f"{sample.name} has several objects, which its mask does not tell apart",
                "Make the dataset with index maps (scene.instances), or export it as hf-parquet",
            )
        else:
            seen = [(one, solid) for one in sample.placed or (None,)]
        return [known for one, pixels in seen if (known := self._seen(sample, one, pixels))]

    def _seen(self, sample: StoredFiles, one: PlacedObject | None, seen: NDArray[np.bool_]) -> SeenObject | None:
        x, y, width, height = cv2.boundingRect(seen.view(np.uint8))
        if not width:
            return None
        known = self._contents.foregrounds
        number = sample.foreground if one is None else one.foreground
        category = NO_CLASS if one is None else self._classes[one.foreground]
        return SeenObject(self.categories.index(category), known[number] if known else "", seen, (x, y, width, height))

    def _compare(self, sample: StoredFiles, size: tuple[int, int]) -> None:
        """Whether composite and mask are of one size, which of this program's datasets is known."""
        name, data = sample.files["fg_bg"]
        if decode(data, name).shape[:2] != size:
            problem = f"{name} and its mask {sample.files['mask'][0]} have different sizes"
            raise PictureError(problem, f"Scale one of the two, or remove {stem(name)}")
