"""Which mask belongs to which photo: by their places in the folders that were given, or by a name that only they have.

A mask has the name of its photo, ``a.png`` of ``a.jpg``; also with the photo's ending, ``a.jpg.png``, and with a word
for what it is, ``a_mask.png``. Names are compared as they read (Unicode NFC), whatever system wrote them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.files import composed
from fgbg_studio.core.imaging.finding import find_pictures

_WORD = re.compile(r"[-_. ](mask|matte|alpha|seg|segmentation)$", re.IGNORECASE)
_ANYWHERE = "*"


class MaskPairs:
    """The masks of photos, looked up for all of them at once.

    First each photo finds the masks whose place in the folder of masks is its own in the folder of photos; a photo
    that has none there finds what has its name in any folder, unless that is another photo's by its place.

    Args:
        photos: files.
        masks: a folder. Photos that lie in it are left out where it was only walked along with the folder around it.
        given: the files and folders in which the photos were found.

    Attributes:
        photos: those that are to have a mask.

    Raises:
        PictureError: ``masks`` is no folder, or one in it may not be read.
    """

    def __init__(self, photos: Sequence[Path], masks: Path, given: Iterable[Path]) -> None:
        if not masks.is_dir():
            raise PictureError(f"{masks} is no folder of masks", "Give the folder that the masks are in")
        self._masks = masks
        self._given = {_whole(path) for path in given}
        own = _whole(masks)
        along = any(parent in self._given for parent in own.parents)
        self.photos = [path for path in photos if not (along and own in _whole(path).parents)]
        self._known: dict[tuple[str, str], list[Path]] = {}  # by folder and name
        for mask in find_pictures([masks]):
            folder = composed(mask.relative_to(masks).parent.as_posix())
            for name in {composed(mask.stem), _WORD.sub("", composed(mask.stem))}:
                for place in (folder, _ANYWHERE):
                    self._known.setdefault((place, name), []).append(mask)
        self._found = self._looked_up()
        self._claims: dict[Path, list[Path]] = {}
        for photo, found in self._found.items():
            for mask in found:
                self._claims.setdefault(mask, []).append(photo)

    def mask_of(self, photo: Path) -> Path:
        """The file of a photo's mask.

        Raises:
            PictureError: it has none; it has several, or its mask may be another photo's as well: two are named.
        """
        found = self._found[photo]
        if not found:
            raise PictureError(
                f"{photo.name} has no mask of the same name in {self._masks}", "Give its mask the picture's name"
            )
        if len(found) > 1:
            raise PictureError(
                f"{photo.name} has more than one mask, {found[0]} and {found[1]}",
                f"Leave only the right one in {self._masks}",
            )
        claims = self._claims[found[0]]
        if len(claims) > 1:
            raise PictureError(
                f"{found[0]} may be the mask of two pictures, {claims[0]} and {claims[1]}",
                "Put the masks into folders named as those of the pictures, or add each folder with its own masks",
            )
        return found[0]

    def _looked_up(self) -> dict[Path, list[Path]]:
        found = {photo: self._at(photo, self._folder(photo)) for photo in self.photos}
        owned = {mask for masks in found.values() for mask in masks}
        for photo, masks in found.items():
            if not masks:
                masks += [mask for mask in self._at(photo, _ANYWHERE) if mask not in owned]
        return found

    def _folder(self, photo: Path) -> str:
        place = _whole(photo)
        root = next((parent for parent in place.parents if parent in self._given), place.parent)
        return composed(place.parent.relative_to(root).as_posix())

    def _at(self, photo: Path, folder: str) -> list[Path]:
        names = {composed(photo.stem), composed(photo.name)}
        found = dict.fromkeys(mask for name in sorted(names) for mask in self._known.get((folder, name), ()))
        return [mask for mask in found if not (mask.name == photo.name and mask.samefile(photo))]


def _whole(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links are kept as they were given
