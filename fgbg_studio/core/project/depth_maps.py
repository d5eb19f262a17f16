"""Measured depth for backgrounds: which file is of which picture, and how a project keeps it."""

from __future__ import annotations

import hashlib
import os
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.errors import PictureError, UsageError
from fgbg_studio.core.base.files import composed, natural_key
from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.imaging.measured_depth import SUFFIXES, read_depth
from fgbg_studio.core.imaging.numpy_file import bytes_of
from fgbg_studio.core.placement.ground import Lens
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.judging import Verdict
from fgbg_studio.core.project.model import Background, MeasuredDepth

FOLDER = "depths"
_WORDS = re.compile(
    r"(?<![^\W\d_])(sync|raw|registered|aligned|colou?r|depths?|rgb|images?|img|frame|left|right)(?![^\W\d_])[-_. ]*",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{6,}\.\d+")
_TOGETHER = 0.02  # seconds: two cameras of one frame, as the tools of TUM RGB-D pair them
_ASPECT = 0.01


def lens_of(text: str) -> Lens:
    """A camera's intrinsics from text: fx, fy, cx, cy, or the 3 × 3 matrix row by row; also of a file that holds them.

    Raises:
        UsageError: they are neither.
    """
    path, said = Path(text), text
    if not re.fullmatch(r"[-+\d.,;eE\s]+", text) and path.is_file():
        said = read_file(path, 1 << 16).decode("utf-8", "replace")
    numbers = [float(number) for number in re.findall(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", said)]
    if len(numbers) == 9 and numbers[8] == 1 and not any(numbers[i] for i in (3, 6, 7)):
        numbers = [numbers[0], numbers[4], numbers[2], numbers[5]]
    if len(numbers) != 4 or min(numbers[:2]) <= 0:
        raise UsageError(
            f"{text!r} holds no intrinsics of a camera",
            "Give fx,fy,cx,cy in pixels of the pictures, or its 3 × 3 matrix",
        )
    return Lens(*numbers)


class DepthMaps:
    """The measured depth of pictures, looked up in a folder by their names.

    ``a.png`` is of ``a.jpg``; words for what a file is do not count, so that ``sync_depth_00045.png`` is of
    ``rgb_00045.jpg``. Where all names are times, as of TUM RGB-D, the nearest within a fiftieth of a second is meant.

    Args:
        folder: of the depth maps.
        steps: of their values a metre, see `read_depth`.
        lens: of the pictures' camera; None where nobody said it.

    Raises:
        PictureError: it is no folder, or holds no depth map.
    """

    def __init__(self, folder: Path, steps: float | None = None, lens: Lens | None = None) -> None:
        if not folder.is_dir():
            raise PictureError(f"{folder} is no folder of depth maps", "Give the folder that they are in")
        self._folder, self._steps, self._lens = folder, steps, lens
        self._known: dict[str, list[Path]] = {}
        self._times: list[tuple[float, Path]] = []
        for path in _files(folder):
            for key in {composed(path.stem), _plain(path.stem)}:
                self._known.setdefault(key, []).append(path)
            if _TIME.fullmatch(path.stem):
                self._times.append((float(path.stem), path))
        if not self._known:
            raise PictureError(f"there is no depth map in {folder}", f"Give {', '.join(sorted(SUFFIXES))} files")
        self._times.sort()

    def pictures(self, files: Sequence[Path]) -> list[Path]:
        """``files`` without the depth maps themselves, which may lie among them."""
        own = {path.resolve() for paths in self._known.values() for path in paths}
        return [path for path in files if path.resolve() not in own]

    def file_of(self, picture: Path) -> Path:
        """The file of a picture's depth.

        Raises:
            PictureError: there is none, or more than one that may be meant.
        """
        stem = composed(picture.stem)
        found = self._known.get(stem) or self._known.get(_plain(stem)) or self._at(stem)
        near = [path for path in found if path.parent.name == picture.parent.name] if len(found) > 1 else found
        if not found:
            raise PictureError(
                f"{picture.name} has no depth map of its name in {self._folder}", "Give it the same name"
            )
        if len(near) != 1:
            raise PictureError(
                f"{picture.name} has more than one depth map, {found[0]} and {found[1]}",
                "Leave only the right one there",
            )
        return near[0]

    def _at(self, stem: str) -> list[Path]:
        if not self._times or not _TIME.fullmatch(stem):
            return []
        time = float(stem)
        place = bisect_left(self._times, (time,))
        near = min(self._times[max(place - 1, 0) : place + 1], key=lambda one: abs(one[0] - time))
        return [near[1]] if abs(near[0] - time) <= _TOGETHER else []

    def added(self, folder: Path, verdict: Verdict) -> Verdict:
        """The verdict on a background, with its depth; it is stored in the project's folder at once.

        Returns:
            A refusal as it is, or of a picture whose depth cannot be read or is not of it.

        Raises:
            ProjectError: the project's folder cannot be written.
        """
        background = verdict.picture
        if not isinstance(background, Background):
            return verdict
        try:
            source = self.file_of(verdict.path)
            depth = read_depth(source, self._steps)
            _see_shape(source, depth, background)
        except PictureError as error:
            return Verdict(verdict.path, None, str(error), error=error)
        update = {"depth": _stored(folder, depth), "lens": self._lens and tuple(self._lens)}
        return replace(verdict, picture=background.model_copy(update=update))


def _stored(folder: Path, depth: DepthMap) -> MeasuredDepth:
    data = bytes_of(np.ascontiguousarray(depth, "<f4"))
    sha256 = hashlib.sha256(data).hexdigest()
    name = f"{FOLDER}/{sha256[:32]}.npy"  # by its contents: the same depth is stored once
    storage.put(folder / name, data)
    return MeasuredDepth(file=name, sha256=sha256)


def _see_shape(source: Path, depth: DepthMap, background: Background) -> None:
    height, width = depth.shape
    if abs(width / height / (background.width / background.height) - 1) > _ASPECT:
        raise PictureError(
            f"{source.name} has {width} × {height} pixels, its picture {background.width} × {background.height}: "
            "they are not of one view",
            "Give the depth that is aligned to the picture",
        )


def _files(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        for name in sorted(names, key=natural_key):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield Path(root) / name


def _plain(stem: str) -> str:
    """What of a name tells which frame it is; empty where it only says what the file is."""
    return _WORDS.sub("", composed(stem).lower()).strip("-_. ")
