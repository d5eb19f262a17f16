"""Small copies of a project's pictures and what was measured of them, kept by content under its ``.cache``.

The cache may be deleted at any time; what it lacks, or holds damaged, is made anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.files import append_to, created, make_folder
from fgbg_studio.core.base.outside import parsed, read_file
from fgbg_studio.core.base.paths import writable
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.imaging.matte import resize_rgba
from fgbg_studio.core.imaging.quality import brightness, contrast, edge_blur, sharpness
from fgbg_studio.core.imaging.reading import read_rgba

SIDE = 320
"""Longer side of a thumbnail in pixels."""

ENOUGH = 1024
"""Longer side that a picture is read with: twice what it is measured at, so that the measures hardly change."""


@dataclass(frozen=True)
class Metrics:
    """`sharpness`, `brightness`, `contrast` and `edge_blur` (see `quality`) of a whole picture."""

    sharpness: float
    brightness: float
    contrast: float = 1.0
    edge_blur: float = 0.0


def measured(rgb: Pixels) -> Metrics:
    """The measures of a picture (H, W, 3)."""
    return Metrics(sharpness(rgb), brightness(rgb), contrast(rgb), edge_blur(rgb))


class ThumbnailStore:
    """The thumbnails and measures of one project; may be used from several threads.

    Args:
        project: the project's folder.
    """

    def __init__(self, project: Path) -> None:
        self._project = project
        self._list = project / ".cache" / "metrics.jsonl"
        self._lock = threading.Lock()
        self._metrics: dict[str, Metrics] | None = None

    def known(self, sha256: str) -> Metrics | None:
        """What was measured of one picture, None where that was not done yet."""
        with self._lock:
            return self._known().get(sha256)

    def get(self, file: str, sha256: str) -> tuple[Pixels, Metrics]:
        """The thumbnail of a picture, (h, w, 3) RGB or (h, w, 4) RGBA uint8, and its measures.

        Args:
            file: relative to the project's folder.
            sha256: of the file's contents when it was added.

        Raises:
            PictureError: it is not in the cache and cannot be read.
        """
        metrics = self.known(sha256)
        stored = self._stored(sha256)
        if stored is not None and metrics is not None:
            return stored, metrics
        rgba = read_rgba(self._project / file, ENOUGH)
        pixels = reduced(rgba if rgba[..., 3].min() < 255 else rgba[..., :3], SIDE)
        metrics = measured(np.ascontiguousarray(rgba[..., :3]))
        self._keep(sha256, pixels, metrics)
        return pixels, metrics

    def _known(self) -> dict[str, Metrics]:
        if self._metrics is None:
            self._metrics = {}
            with contextlib.suppress(OSError, UnicodeDecodeError):
                for line in read_file(self._list).decode().splitlines():
                    with contextlib.suppress(ValueError, TypeError, KeyError):  # a line that was cut short
                        data = parsed(line)
                        # A line without one of the measures is of an earlier version: the picture is measured anew.
                        metrics = Metrics(**{name.name: float(data[name.name]) for name in fields(Metrics)})
                        self._metrics[str(data["sha256"])] = metrics
        return self._metrics

    def _path(self, sha256: str, suffix: str) -> Path:
        return writable(self._project, f".cache/thumbnails/{sha256[:2]}/{sha256}{suffix}")

    def _stored(self, sha256: str) -> Pixels | None:
        for suffix in (".jpg", ".png"):
            with contextlib.suppress(OSError, PictureError):
                return decode(read_file(self._path(sha256, suffix)), sha256)
        return None

    def _keep(self, sha256: str, pixels: Pixels, metrics: Metrics) -> None:
        opaque = pixels.shape[2] == 3
        line = json.dumps({"sha256": sha256, **asdict(metrics)})
        with self._lock, contextlib.suppress(OSError):  # a full or read-only disk: it is made again next time
            new = sha256 not in self._known()
            self._known()[sha256] = metrics
            path = self._path(sha256, ".jpg" if opaque else ".png")
            make_folder(path.parent)
            # No fsync, of which thousands would take minutes: a thumbnail that is cut short is made anew.
            partial = path.with_suffix(".part")
            with os.fdopen(created(partial), "wb") as file:
                file.write(encode(pixels, Codec("jpeg", 88) if opaque else Codec()))
            partial.replace(path)
            if new:
                with append_to(self._list) as file:
                    file.write(f"{line}\n".encode())


def reduced(pixels: Pixels, side: int) -> Pixels:
    """The picture with a longer side of at most ``side`` px and its aspect; clear pixels lend no colour."""
    height, width = pixels.shape[:2]
    factor = side / max(height, width)
    if factor >= 1:
        return pixels
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    if pixels.shape[2] == 4:
        return resize_rgba(pixels, *size)
    made: Pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return made
