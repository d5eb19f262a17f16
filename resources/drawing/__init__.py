"""Pictures that the program draws itself, so that a demo needs neither photographs nor a network.

Rooms and streets are built in metres and seen by a real pinhole camera (`camera`), so that the horizon and
the camera's height that come with them are true: whoever is h metres tall and stands where the ground is seen
at row y is ``h * (y - horizon) / camera_height`` rows tall. Foregrounds are people with jointed limbs and a
few things and animals. Every picture is a pure function of its number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drawing.canvas import cutout
from drawing.objects import OBJECTS
from drawing.people import draw_person
from drawing.rooms import draw_room
from drawing.streets import draw_street
from fgbg_studio.core.images import Pixels

__all__ = ["DrawnBackground", "DrawnForeground", "draw_background", "draw_foreground"]

MARGIN = 5  # transparent pixels around a foreground
DETAIL = 1.75  # canvas pixels for one of a foreground, across and down
# Which of ten foregrounds are people; the others go through `OBJECTS` in turn.
PEOPLE = (True, True, True, False, True, True, False, True, True, False)
# The moods (see `street.MOODS`) of the kinds of street, round by round.
MOOD_ORDER = (0, 4, 1, 3, 0, 5, 3, 1, 4, 0, 1, 4)


@dataclass(frozen=True)
class DrawnBackground:
    """A drawn place.

    Attributes:
        name: ``room-01``, ``street-01`` and so on.
        pixels: (H, W, 3) uint8 RGB.
        horizon: row of the horizon as a fraction of the height, 0 at the top, 1 at the bottom.
        camera_height: of the camera above the floor or the ground, in metres.
    """

    name: str
    pixels: Pixels
    horizon: float
    camera_height: float


@dataclass(frozen=True)
class DrawnForeground:
    """A drawn person or thing.

    Attributes:
        name: ``person-01``, ``dog-01`` and so on.
        pixels: (H, W, 4) uint8 RGBA with straight alpha and a transparent margin.
        real_height: from the lowest to the highest point of what is seen, in metres.
    """

    name: str
    pixels: Pixels
    real_height: float


def draw_background(number: int, width: int = 480, height: int = 360) -> DrawnBackground:
    """The background ``number`` (0 or more) in pixels: a room where it is even, a street where it is odd."""
    rng = np.random.default_rng((11, number))
    index = number // 2
    if number % 2 == 0:
        pixels, camera = draw_room(rng, index, index * 5, width, height)
        name = f"room-{index + 1:02d}"
    else:
        pixels, camera = draw_street(rng, index, MOOD_ORDER[index % len(MOOD_ORDER)], width, height)
        name = f"street-{index + 1:02d}"
    return DrawnBackground(name, pixels, camera.horizon / height, camera.height)


def draw_foreground(number: int, height: int = 400) -> DrawnForeground:
    """The foreground ``number`` (0 or more), ``height`` pixels tall with its margins: mostly people."""
    rng = np.random.default_rng((12, number))
    tens, rest = divmod(number, len(PEOPLE))
    size = round(DETAIL * (height - 2 * MARGIN))
    people = tens * sum(PEOPLE) + sum(PEOPLE[:rest])
    if PEOPLE[rest]:
        canvas, scale = draw_person(rng, people, size)
        name = f"person-{people + 1:02d}"
    else:
        cycle, kind = divmod(number - people, len(OBJECTS))
        canvas, scale = list(OBJECTS.values())[kind](rng, round(0.8 * size))
        name = f"{list(OBJECTS)[kind]}-{cycle + 1:02d}"
    pixels, rows = cutout(canvas, height, MARGIN)
    return DrawnForeground(name, pixels, rows / scale)
