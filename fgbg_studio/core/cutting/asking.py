"""What a network that answers to clicks is asked of what was drawn, and when its answer stands.

An answer is asked about once more with itself and with the place deepest inside it: what is meant is often said only by
the second answer (a part of the object, then the object), and one that stands does not change any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.raster import BACKGROUND, OBJECT
from fgbg_studio.core.cutting.seeds import (
    SURE_BACKGROUND,
    Click,
    Guess,
    Seed,
    Stroke,
    clicks_that_hold,
    marks_of,
    newest_area,
)
from fgbg_studio.core.cutting.upsampling import Odds
from fgbg_studio.core.imaging.regions import extent
from fgbg_studio.core.networks.prompted.prompt import SURE, Prompt, Proposal

Ask = Callable[[Prompt], list[Proposal]]

MOST_ANSWERS = 3
"""To one click: they settle at the second, as a rule."""
SETTLED = 0.98  # of two answers: what both cover, in parts of what either does
_OF_A_STROKE = 3  # points of it that are asked about
_MOST_POINTS = 60
_GUESS_SIDE = 256


def steps(seeds: tuple[Seed, ...]) -> Iterator[tuple[Seed, ...]]:
    """What had been drawn at each answer, up to all of it: from the first click on."""
    for end in range(1, len(seeds) + 1):
        if isinstance(seeds[end - 1], Click | Stroke) and clicks_that_hold(seeds[:end]):
            yield seeds[:end]


def prompt_of(seeds: tuple[Seed, ...], trimap: Pixels | None, shape: tuple[int, ...]) -> Prompt:
    """What is asked on a photo of ``shape`` (H, W), where ``trimap`` is what the area says, as at first."""
    clicks = [(*one.point, one.object) for one in clicks_that_hold(seeds)]
    points = [*_of_strokes(seeds, shape), *clicks][-_MOST_POINTS:]
    area = newest_area(seeds)
    box = None
    if trimap is not None and area is not None and area.outline:
        x, y, width, height = extent(trimap > SURE_BACKGROUND)
        box = float(x), float(y), float(x + width), float(y + height)
    return Prompt(tuple(points), box, _guessed(trimap) if isinstance(area, Guess) and trimap is not None else None)


def _of_strokes(seeds: tuple[Seed, ...], shape: tuple[int, ...]) -> list[tuple[float, float, bool]]:
    """Places along each stroke that still stand: not erased since, and not under another one."""
    strokes = [one for one in seeds if isinstance(one, Stroke)]
    if not strokes:
        return []
    marks, found = marks_of(seeds, shape), []
    for stroke in strokes:
        chosen = sorted({round(i * (len(stroke.points) - 1) / (_OF_A_STROKE - 1)) for i in range(_OF_A_STROKE)})
        for x, y in (stroke.points[i] for i in chosen):
            column, row = int(x), int(y)
            inside = 0 <= row < shape[0] and 0 <= column < shape[1]
            if inside and marks[row, column] == (OBJECT if stroke.object else BACKGROUND):
                found.append((x, y, stroke.object))
    return found


def _guessed(trimap: Pixels) -> Odds:
    """A first guess as an answer before."""
    scale = min(1.0, _GUESS_SIDE / max(trimap.shape))
    size = max(round(trimap.shape[1] * scale), 1), max(round(trimap.shape[0] * scale), 1)
    small = cv2.resize(trimap, size, interpolation=cv2.INTER_AREA)
    return np.asarray((small.astype(np.float32) / np.float32(127.5) - 1) * np.float32(SURE), np.float32)


def settled(ask: Ask, prompt: Prompt, shape: tuple[int, ...], *, remembers: bool) -> Odds:
    """The answer that stands, or the last of `MOST_ANSWERS`.

    Args:
        ask: the network.
        prompt: what was clicked.
        shape: (H, W) of the photo.
        remembers: whether the network goes on from an answer before.
    """
    answer = _best(ask(prompt), prompt, shape)
    alone = len(prompt.points) == 1 and prompt.points[0][2] and prompt.before is None
    for _ in range(MOST_ANSWERS - 1):
        if not remembers and not alone:
            break
        peak = _deepest(answer, shape) if alone else ()
        again = replace(prompt, points=prompt.points + peak, before=answer)
        before, answer = answer, _best(ask(again), prompt, shape)
        if _agreement(before, answer) >= SETTLED:
            break
    return answer


def _best(proposals: list[Proposal], prompt: Prompt, shape: tuple[int, ...]) -> Odds:
    """Of what may be meant what agrees with the clicks, and of that what the network takes to be the best."""

    def worth(proposal: Proposal) -> float:
        odds = proposal.odds
        wrong = sum((_at(odds, x, y, shape) > 0) != object_ for x, y, object_ in prompt.points)
        return proposal.score - wrong

    return max(proposals, key=worth).odds


def _at(odds: Odds, x: float, y: float, shape: tuple[int, ...]) -> float:
    row, column = int(y * odds.shape[0] / shape[0]), int(x * odds.shape[1] / shape[1])
    return float(odds[min(max(row, 0), len(odds) - 1), min(max(column, 0), odds.shape[1] - 1)])


def _deepest(odds: Odds, shape: tuple[int, ...]) -> tuple[tuple[float, float, bool], ...]:
    """The place farthest from the border inside of the answer; none where that is empty."""
    inside = cv2.copyMakeBorder((odds > 0).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    away = cv2.distanceTransform(inside, cv2.DIST_L2, 3)[1:-1, 1:-1]
    row, column = np.unravel_index(int(away.argmax()), away.shape)
    if not away[row, column]:
        return ()
    return (((float(column) + 0.5) * shape[1] / odds.shape[1], (float(row) + 0.5) * shape[0] / odds.shape[0], True),)


def _agreement(one: Odds, other: Odds) -> float:
    either = np.count_nonzero((one > 0) | (other > 0))
    return np.count_nonzero((one > 0) & (other > 0)) / either if either else 1.0
