"""How tall a foreground may be in the world, suggested by class or name, else by shape; a person decides."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import PurePosixPath
from typing import NamedTuple

from fgbg_studio.core.project.model import Foreground, Project

_PERSON = 1.7
_METRES: dict[str, float] = {
    "person": _PERSON, "people": _PERSON, "human": _PERSON, "adult": _PERSON, "man": 1.75, "woman": 1.65,
    "pedestrian": _PERSON, "child": 1.1, "boy": 1.1, "girl": 1.1, "kid": 1.1, "toddler": 0.85, "baby": 0.65,
    "dog": 0.6, "cat": 0.3, "horse": 1.6, "cow": 1.4, "sheep": 0.8, "bird": 0.2, "elephant": 3.0, "giraffe": 4.5,
    "car": 1.5, "van": 2.0, "bus": 3.0, "truck": 3.0, "train": 3.8, "bicycle": 1.05, "bike": 1.05, "motorcycle": 1.15,
    "chair": 0.9, "armchair": 0.95, "sofa": 0.85, "couch": 0.85, "bench": 0.85, "stool": 0.5, "table": 0.75,
    "desk": 0.75, "bed": 0.6, "lamp": 1.5, "plant": 0.8, "tree": 5.0, "bottle": 0.28, "cup": 0.1, "ball": 0.22,
    "backpack": 0.5, "suitcase": 0.65, "umbrella": 0.9, "hydrant": 0.75, "television": 0.7, "laptop": 0.25,
    "airplane": 5.0, "boat": 2.0, "bear": 1.2, "zebra": 1.6, "traffic light": 0.9, "stop sign": 2.1,
    "parking meter": 1.4, "handbag": 0.3, "frisbee": 0.27, "skis": 1.7, "snowboard": 1.5, "kite": 1.0,
    "baseball bat": 0.85, "baseball glove": 0.3, "skateboard": 0.8, "surfboard": 2.0, "tennis racket": 0.7,
    "wine glass": 0.2, "fork": 0.2, "knife": 0.22, "spoon": 0.18, "bowl": 0.09, "banana": 0.15, "apple": 0.08,
    "sandwich": 0.08, "broccoli": 0.15, "carrot": 0.2, "hot dog": 0.06, "pizza": 0.3, "donut": 0.05, "cake": 0.12,
    "toilet": 0.75, "tv": 0.7, "computer mouse": 0.04, "remote": 0.2, "keyboard": 0.15, "phone": 0.15,
    "microwave": 0.3, "oven": 0.85, "toaster": 0.2, "sink": 0.2, "refrigerator": 1.75, "fridge": 1.75,
    "book": 0.24, "clock": 0.3, "vase": 0.3, "flower": 0.3, "scissors": 0.18, "teddy": 0.35, "teddy bear": 0.35,
    "doll": 0.4, "hair drier": 0.22, "toothbrush": 0.19, "bucket": 0.3, "basket": 0.35, "shoe": 0.12,
    "guitar": 1.0,
}  # fmt: skip
"""Usual heights in metres; of animals that of the back or the head, as they stand."""

_LYING, _SITTING = 0.8, 1.5
"""Height over width of a box: under the first somebody lies, under the second sits, over it stands."""
_SEATED = 1.25  # metres, of somebody who sits on a chair, from the feet to the head
_WIDE = 0.25  # of a person who lies: the box is about that part of the length high, where it is seen from the side


class SuggestedHeight(NamedTuple):
    """``metres``, and ``why``: the class, or what the shape is like; empty for somebody who stands."""

    metres: float
    why: str = ""


def height_of_class(category: str) -> float | None:
    """The usual height in metres of a class, by the last of its words that are known: 'office chair' is a chair.

    Two words that are known together go first: a 'hot dog' is no dog.
    """
    words = re.findall(r"[^\W\d_]+", category.lower())
    for pair in pairwise(words):
        if " ".join(pair) in _METRES:
            return _METRES[" ".join(pair)]
    for word in reversed(words):
        for known in (word, word.removesuffix("s")):
            if known in _METRES:
                return _METRES[known]
    return None


def suggested_height(foreground: Foreground) -> SuggestedHeight:
    """How tall an object is by its class; where there is none by a class in its file's name; else as a person.

    A person is as tall as the shape says: who sits or lies is not stretched to a standing height.
    """
    called = foreground.category or PurePosixPath(foreground.file).stem
    known = height_of_class(called)
    _, _, width, height = foreground.box
    upright = height / width
    person = known is None or known == _PERSON
    if person and upright < _LYING:
        return SuggestedHeight(round(max(_PERSON * upright, _PERSON * _WIDE / 2), 2), "lying")
    if person and upright < _SITTING:
        return SuggestedHeight(_SEATED, "sitting")
    if known is not None:
        return SuggestedHeight(known, foreground.category or "by its name")
    return SuggestedHeight(_PERSON)


def suggested_by_name(category: str, name: str) -> SuggestedHeight | None:
    """How tall an object is by its class, else by its file's ``name``; None where they say nothing."""
    known = height_of_class(category or name)
    return None if known is None else SuggestedHeight(known, category or "by its name")


def without_height(project: Project) -> list[Foreground]:
    """The good foregrounds of which nobody said how tall they are: they are taken as the settings say."""
    return [one for one in project.good_foregrounds() if one.real_height is None]


def doubtful(project: Project) -> list[tuple[Foreground, SuggestedHeight]]:
    """Those of them that are likely not as tall as the settings say, by more than a fifth, with what is likelier."""
    assumed = project.settings.foreground.real_height
    found = ((one, suggested_height(one)) for one in without_height(project))
    return [(one, likely) for one, likely in found if not assumed / 1.2 <= likely.metres <= assumed * 1.2]


def with_height(project: Project, sha256: str, metres: float | None) -> Project:
    """The project with another real height of a foreground; None for what the settings say."""
    return _with(project, {sha256: metres})


def with_likelier_heights(project: Project) -> Project:
    """The project with the suggested real heights of its `doubtful` foregrounds."""
    return _with(project, {one.sha256: likely.metres for one, likely in doubtful(project)})


def _with(project: Project, heights: dict[str, float] | dict[str, float | None]) -> Project:
    foregrounds = tuple(
        one.model_copy(update={"real_height": heights[one.sha256]}) if one.sha256 in heights else one
        for one in project.foregrounds
    )
    return project.model_copy(update={"foregrounds": foregrounds})
