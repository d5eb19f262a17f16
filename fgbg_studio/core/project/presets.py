"""The five hand-made datasets and the program's own, as data: a preset is a complete `Settings`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.strategy import closest
from fgbg_studio.core.project.settings import Settings, make_settings

DEFAULT = "studio-256"


@dataclass(frozen=True)
class Preset:
    """A named `Settings` with one sentence about it."""

    name: str
    summary: str
    settings: Settings


def _jpeg(quality: int, *, optimise: bool = False) -> dict[str, Any]:
    return {"format": "jpeg", "quality": quality, "optimise": optimise}


_PNG = {"format": "png"}
_LINEAR_10 = {"name": "uint8-linear", "far": 10.0}
_GEOMETRY = {"name": "geometry"}
_HAND_MADE = "densedepth-nyu"  # the network that all five used; its way is chosen with --depth network

_DATA: dict[str, tuple[str, dict[str, Any]]] = {
    "studio-256": (
        "256 px, perspective, lossless masks, depth in exact millimetres: the one to start with",
        {
            "size": 256,
            "background": {"fit": "crop", "resampling": "lanczos"},
            "foreground": {"sizing": {"name": "height", "pixels": 128}, "decontaminate": True},
            "placement": {"name": "perspective"},
            "depth": {"way": _GEOMETRY, "encoding": {"name": "uint16-millimetres"}},
            "codecs": {
                "bg": _PNG, "fg": _PNG, "fg_mask": _PNG, "fg_bg": _jpeg(95), "mask": _PNG, "depth": _PNG,
            },
            "layout": {"name": "studio"},
            "writer": {"name": "folders"},
        },
    ),
    "scenes-384": (
        "384 px, one to four objects, edges of many kinds, colours, grain and shadows of the background, index maps",
        {
            "size": 384,
            "background": {"fit": "crop", "resampling": "lanczos"},
            "foreground": {"sizing": {"name": "height", "pixels": 192}, "decontaminate": True},
            "placement": {"name": "perspective"},
            "compositing": {"mode": {"name": "mixed"}},
            "appearance": {
                "colour": [0.1, 0.3], "exposure": [-0.2, 0.2], "sharpness": [0.5, 1.0], "grain": [0.5, 1.0],
                "contact_shadow": [0.3, 0.6], "cast_shadow": [0.2, 0.5],
            },
            "scene": {"objects": {"least": 1, "most": 4}, "instances": True, "front": {"hides": True}},
            "splits": {"made": True},
            "depth": {"way": _GEOMETRY, "encoding": {"name": "uint16-millimetres"}},
            "codecs": {
                "bg": _PNG, "fg": _PNG, "fg_mask": _PNG, "fg_bg": _jpeg(95), "mask": _PNG, "depth": _PNG,
            },
            "layout": {"name": "studio"},
            "writer": {"name": "folders"},
        },
    ),
    "classroom-192": (
        "192 px classrooms, people pasted bit by bit, depth 240 px stretched for each picture",
        {
            "size": 192,
            "background": {"fit": "stretch", "resampling": "bilinear", "max_side": 300},
            "foreground": {
                "trim": "contour", "sizing": {"name": "integer-factor", "high": 96, "wide": 64},
                "white_paper": True, "white_under": 255,
            },
            "placement": {"name": "uniform"},
            "compositing": {"mode": "binary", "mask_threshold": 255},
            "depth": {
                "way": _GEOMETRY, "model": _HAND_MADE, "encoding": {"name": "uint8-stretched-inverted"}, "size": 240,
            },
            "codecs": dict.fromkeys(("bg", "fg", "fg_mask", "fg_bg", "mask", "depth"), _jpeg(95)),
            "layout": {"name": "classroom"},
            "writer": {"name": "folders"},
        },
    ),
    "street-224": (
        "224 px streets, footballers 105 px tall, labels with every position, depth stretched for each picture",
        {
            "size": 224,
            "background": {"fit": "crop", "resampling": "lanczos"},
            "foreground": {"sizing": {"name": "height", "pixels": 105}},
            "placement": {"name": "uniform"},
            "depth": {"way": _GEOMETRY, "model": _HAND_MADE, "encoding": {"name": "uint8-stretched"}},
            "codecs": {
                "bg": _jpeg(95), "fg": _PNG, "fg_mask": _jpeg(95), "fg_bg": _jpeg(65, optimise=True),
                "mask": _jpeg(65, optimise=True), "depth": _jpeg(75),
            },
            "layout": {"name": "street"},
            "writer": {"name": "folders"},
        },
    ),
    "office-224": (
        "224 px offices, people 110 px tall, mirrored cutouts numbered from 101; in sets, if you like",
        {
            "size": 224,
            "background": {"fit": "crop", "resampling": "lanczos"},
            "foreground": {"sizing": {"name": "height", "pixels": 110}},
            "placement": {"name": "uniform"},
            "depth": {"way": _GEOMETRY, "model": _HAND_MADE, "encoding": _LINEAR_10},
            "codecs": {
                "bg": _jpeg(95), "fg": _PNG, "fg_mask": _PNG, "fg_bg": _jpeg(75), "mask": _jpeg(95),
                "depth": _jpeg(75),
            },
            "layout": {"name": "office"},
            "writer": {"name": "folders"},
        },
    ),
    "layers-150": (
        "150 px, cutouts made square, four depth layers of five places: higher in the picture is farther and smaller",
        {
            "size": 150,
            "background": {"fit": "crop", "resampling": "lanczos"},
            "foreground": {"sizing": {"name": "stretched-square", "side": 150}},
            "placement": {"name": "layers", "columns": 5, "sizes": [90, 80, 70, 60]},
            "depth": {"way": _GEOMETRY, "model": _HAND_MADE, "encoding": _LINEAR_10},
            "codecs": {
                "bg": _jpeg(95), "fg": _PNG, "fg_mask": _jpeg(95), "fg_bg": _jpeg(95), "mask": _jpeg(95),
                "depth": _jpeg(95),
            },
            "layout": {"name": "layers"},
            "writer": {"name": "folders"},
        },
    ),
    "course-200": (
        "200 px, longest side 80 to 109 px, one counter and one label file: the course's own requirement",
        {
            "size": 200,
            "background": {"fit": "crop", "resampling": "bicubic"},
            "foreground": {"sizing": {"name": "longest-side-each", "low": 80, "high": 109}},
            "placement": {"name": "uniform"},
            "compositing": {"mask_threshold": 1, "mask_of": "cutout"},
            "depth": {"way": _GEOMETRY, "model": _HAND_MADE, "encoding": _LINEAR_10},
            "codecs": {
                "bg": _jpeg(60, optimise=True), "fg": _PNG, "fg_mask": _jpeg(30), "fg_bg": _jpeg(30, optimise=True),
                "mask": _jpeg(30, optimise=True), "depth": _PNG,
            },
            "layout": {"name": "course"},
            "writer": {"name": "folders"},
        },
    ),
}  # fmt: skip


def names() -> list[str]:
    """All presets' names, the default first."""
    return list(_DATA)


def get(name: str) -> Preset:
    """The preset called ``name``.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    if name not in _DATA:
        raise UsageError(f"there is no preset called {name!r}", closest(name, list(_DATA)))
    summary, data = _DATA[name]
    return Preset(name, summary, make_settings(data))
