"""The objects of stored samples, each with its own mask: the one place where exports ask what is where.

Where a dataset of this program has one object a sample, its mask is what the recipe makes: the cutout at its size, in
its place. Then no mask is read; a shape's run lengths and outline are found once for each size, and moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from fgbg_studio.core.base.boxes import Box, clipped, part_of
from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.base.sample import PlacedObject
from fgbg_studio.core.dataset.inspect.contents import Contents, StoredFiles
from fgbg_studio.core.dataset.record import PICTURES
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.imaging.outlines import outline
from fgbg_studio.core.imaging.run_lengths import MovableRuns
from fgbg_studio.core.interfaces.layout import INSTANCES, stem

NO_CLASS = "object"
"""What an object is called of which nobody says what it is."""
_SOLID = 128  # a mask that was stored as JPEG has values between, too
_KEPT = 50_000  # shapes, about 2 kB each: of 100 cutouts every size that they have in a frame of 256 pixels


class ExportedShape:
    """What is seen of an object, wherever it is.

    Attributes:
        box: the least around it, in ``solid``; its width is 0 where nothing is seen.
        area: in pixels.

    Args:
        solid: (h, w) bool.
        frame: (height, width) of the pictures that it is in.
    """

    def __init__(self, solid: NDArray[np.bool_], frame: tuple[int, int]) -> None:
        self.box: Box = _box(solid)
        x, y, width, height = self.box
        self._solid = np.packbits(solid[y : y + height, x : x + width])  # many are kept
        self.area = cv2.countNonZero(solid.view(np.uint8))
        self._frame = frame

    def run_lengths(self, x: int, y: int) -> str:
        """COCO's compressed run lengths, with the upper left corner of its box at (x, y) in the frame."""
        return self._runs.at(x, y)

    def outline(self) -> list[tuple[int, int]]:
        """Corners, x and y from the upper left of its box, of one closed line around it."""
        return self._outline

    @cached_property
    def _runs(self) -> MovableRuns:
        return MovableRuns(self._pixels(), *self._frame)

    @cached_property
    def _outline(self) -> list[tuple[int, int]]:
        across, down = outline(self._pixels()).T.tolist()
        return list(zip(across, down, strict=True))

    def _pixels(self) -> NDArray[np.bool_]:
        """(height, width) of its box."""
        _, _, width, height = self.box
        pixels = np.unpackbits(self._solid, count=width * height).reshape(height, width)
        return pixels.view(np.bool_)


class WholeShape(NamedTuple):
    """An object as it is in the frame where nothing hides it; ``place`` is the upper left corner of its box."""

    shape: ExportedShape
    place: tuple[int, int]

    @property
    def box(self) -> Box:
        """The least around it, in pixels of the sample."""
        return *self.place, *self.shape.box[2:]


class SeenObject(NamedTuple):
    """An object of a sample: what of it is seen.

    ``category`` is a number in `ObjectReader.categories`; ``foreground`` is the name of its picture, empty where that
    is not known; ``place`` is the upper left corner of the shape's box in the sample. ``whole`` is there where it was
    asked for.
    """

    category: int
    foreground: str
    shape: ExportedShape
    place: tuple[int, int]
    whole: WholeShape | None = None

    @property
    def box(self) -> Box:
        """The least around what is seen, in pixels of the sample."""
        return *self.place, *self.shape.box[2:]


Objects = tuple[StoredFiles, tuple[int, int], list[SeenObject]]
"""A sample with (width, height) of its composite, and its objects."""


class ObjectReader:
    """Reads the objects of a dataset's samples.

    Attributes:
        categories: the names of all classes, in alphabetical order.

    Args:
        contents: of the dataset.
        whole: whether objects have their `WholeShape`, too.

    Raises:
        DatasetError: it has no masks, or nobody knows of whole shapes.
    """

    def __init__(self, contents: Contents, *, whole: bool = False) -> None:
        if not {"fg_bg", "mask"} <= set(contents.sample_kinds):
            raise DatasetError(f"{contents.path} has no composites with masks", "Give a dataset that has both")
        self._contents = contents
        told_apart = contents.dataset is not None and INSTANCES in contents.sample_kinds
        self._made = _MadeShapes(contents) if _follows_from_recipe(contents) else None
        self._whole = _whole_shapes(contents) if whole else None
        self._kinds = ("fg_bg",) if self._made else ("fg_bg", "mask", INSTANCES) if told_apart else ("fg_bg", "mask")
        sources = contents.dataset.recipe.foregrounds if contents.dataset else ()
        self._classes = [one.category or NO_CLASS for one in sources]
        self.categories = sorted({*self._classes} or {NO_CLASS})

    def samples(self, numbers: Sequence[int]) -> Iterator[Objects]:
        """Those samples that have composite and mask.

        Raises:
            PictureError: a mask is missing, damaged or not of its composite's size, or an index map is not 8 bits of
                the mask's size.
        """
        for sample in self._contents.stored(numbers, self._kinds):
            if self._made:
                (one,) = sample.placed
                found = self._seen(sample, one, self._made(one), (max(one.x, 0), max(one.y, 0)))
                yield sample, (self._made.size, self._made.size), [found] if found else []
            elif len(sample.files) == len(self._kinds):
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
        height, width = solid.shape
        shapes = [(one, ExportedShape(pixels, (height, width))) for one, pixels in seen]
        return [known for one, shape in shapes if (known := self._seen(sample, one, shape, (0, 0)))]

    def _seen(
        self, sample: StoredFiles, one: PlacedObject | None, shape: ExportedShape, corner: tuple[int, int]
    ) -> SeenObject | None:
        """The object of a shape that was found with its upper left corner there; None where nothing is seen."""
        x, y, width, _ = shape.box
        if not width:
            return None
        known = self._contents.foregrounds
        number = sample.foreground if one is None else one.foreground
        category = NO_CLASS if one is None else self._classes[one.foreground]
        place = corner[0] + x, corner[1] + y
        name, whole = known[number] if known else "", None
        if self._whole and one is not None:
            made, left, top = self._whole(one), max(one.x, 0), max(one.y, 0)
            whole = WholeShape(made, (left + made.box[0], top + made.box[1]))
        return SeenObject(self.categories.index(category), name, shape, place, whole)

    def _compare(self, sample: StoredFiles, size: tuple[int, int]) -> None:
        """Whether composite and mask are of one size, which of this program's datasets is known."""
        name, data = sample.files["fg_bg"]
        if decode(data, name).shape[:2] != size:
            problem = f"{name} and its mask {sample.files['mask'][0]} have different sizes"
            raise PictureError(problem, f"Scale one of the two, or remove {stem(name)}")


class _MadeShapes:
    """The shapes of a dataset's cutouts at the sizes that they have in its samples."""

    def __init__(self, contents: Contents) -> None:
        assert contents.dataset is not None
        self._composer = contents.dataset.composer()
        self.size = self._composer.size
        self._known: LRUCache[tuple[tuple[int, bool, int, int], Box], ExportedShape] = LRUCache(_KEPT)

    def __call__(self, one: PlacedObject) -> ExportedShape:
        """Of what the frame shows of it: its upper left corner is where the object's is, or at the frame's edge."""
        key, inside = (one.foreground, one.mirrored, one.width, one.height), clipped(one.box, (self.size, self.size))
        shown = inside[0] - one.x, inside[1] - one.y, *inside[2:]
        shape = self._known.get((key, shown))
        if shape is None:
            solid = np.ascontiguousarray(self._composer.solid(*key)[part_of(shown)])
            shape = self._known[key, shown] = ExportedShape(solid, (self.size, self.size))
        return shape


def _whole_shapes(contents: Contents) -> _MadeShapes:
    if not _has_pictures(contents):
        problem = f"nobody knows the whole shapes of the objects in {contents.path}"
        raise DatasetError(problem, "Give the folder of a dataset of this program, or leave amodal masks out")
    return _MadeShapes(contents)


def _has_pictures(contents: Contents) -> bool:
    """Whether what its samples were made of is there."""
    return contents.dataset is not None and (contents.path / PICTURES).is_dir()


def _follows_from_recipe(contents: Contents) -> bool:
    """Whether what its masks show is known without them."""
    dataset = contents.dataset
    if dataset is None or INSTANCES in contents.sample_kinds or not _has_pictures(contents):
        return False
    settings = dataset.recipe.settings
    return settings.codecs.mask.lossless and settings.scene.objects.most == 1 and not settings.scene.front.hides


def _box(solid: NDArray[np.bool_]) -> Box:
    x, y, width, height = cv2.boundingRect(solid.view(np.uint8))
    return x, y, width, height
