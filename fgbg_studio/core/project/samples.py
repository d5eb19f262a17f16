"""Pictures that ship with the program, to try it on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.resources import resource
from fgbg_studio.core.imaging.codecs import decode

_FOLDER = resource("samples")


@dataclass(frozen=True)
class SampleBackground:
    """A drawn room or street.

    Attributes:
        path: of its file.
        horizon: row of the horizon as a fraction of the height.
        camera_height: of the camera over the ground in metres.
    """

    path: Path
    horizon: float
    camera_height: float

    def pixels(self) -> Pixels:
        """(360, 480, 3) uint8 RGB."""
        return _read(self.path)


@dataclass(frozen=True)
class SampleForeground:
    """A drawn person or thing, cut out.

    Attributes:
        path: of its file.
        real_height: in metres.
    """

    path: Path
    real_height: float

    def pixels(self) -> Pixels:
        """(400, w, 4) uint8 RGBA, straight alpha."""
        return _read(self.path)


def backgrounds() -> list[SampleBackground]:
    """Rooms and streets in turn."""
    return [SampleBackground(_FOLDER / e["file"], e["horizon"], e["camera_height"]) for e in _known()["backgrounds"]]


def foregrounds() -> list[SampleForeground]:
    """People for the most part."""
    return [SampleForeground(_FOLDER / e["file"], e["real_height"]) for e in _known()["foregrounds"]]


@cache
def _known() -> dict[str, list[dict[str, Any]]]:
    return dict(json.loads((_FOLDER / "samples.json").read_text(encoding="utf-8")))


def _read(path: Path) -> Pixels:
    return np.asarray(decode(path.read_bytes(), path.name), np.uint8)
