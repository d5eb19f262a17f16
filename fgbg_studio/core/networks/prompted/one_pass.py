"""Networks that see the photo and what is asked at once, in one file.

- With a click channel (MediaPipe's magic-touch): (1, h, w, 4), the photo stretched to 0..1 in red, green and blue, and
  1 in the fourth channel where the object was clicked, as MediaPipe draws it. It gives the share 0..1 of the object.
  There is no word for what is not the object: those clicks are the caller's.
- With points (RITM, SimpleClick, FocalClick): a picture (1, 3 or 4, h, w) of 0..1, the last answer as its fourth
  channel or as an input of its own, and points (1, 2n, 3): row, column and number of each, n of the object and n of
  the rest, with -1 for those that are not. It gives logarithms of odds (1, 1, h, w).
"""

from __future__ import annotations

import itertools
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks.description import FloatMaps
from fgbg_studio.core.networks.prompted.prompt import Frame, Prompt, PromptedNetwork, Proposal, as_odds, numbers_of
from fgbg_studio.core.networks.runtimes import Arrays, NetworkSession, Tensor

SIDE, _MULTIPLE = 448, 32  # where the file leaves the size free: the longer side, and what both are multiples of
_CLICKED = 1  # radius of a click at the file's size


class _OnePass(PromptedNetwork):
    """What both have in common."""

    keeps = False

    def __init__(self, name: str, sha256: str, session: NetworkSession) -> None:
        self.name, self.sha256, self._session = name, sha256, session

    @override
    def key(self, rgb: Pixels) -> bytes:
        return rgb.tobytes()

    def _picture(self, rgb: Pixels, size: tuple[int, int]) -> Arrays:
        return {"picture": Frame.stretched((rgb.shape[1], rgb.shape[0]), size).scaled(rgb)}

    def _only(self, made: Arrays) -> FloatMaps:
        """The one map of an answer.

        Raises:
            NetworkError: there is none.
        """
        odds = np.asarray(made[self._session.outputs[0].name], np.float32)
        flat = odds.reshape([side for side in odds.shape if side > 1] or [1])
        if flat.ndim != 2 or not np.isfinite(flat).all():
            raise NetworkError(f"{self.name} gave {odds.shape}, where one map of the object is wanted")
        return flat


class ClickChannel(_OnePass):
    """See the module."""

    remembers = False

    @override
    def encode(self, rgb: Pixels) -> Arrays:
        _, high, wide, _ = self._session.inputs[0].shape
        assert isinstance(high, int)
        assert isinstance(wide, int)
        return self._picture(rgb, (wide, high))

    @override
    def ask(self, encoded: Arrays, photo: tuple[int, int], prompt: Prompt) -> list[Proposal]:
        picture = encoded["picture"]
        high, wide = picture.shape[:2]
        clicks = np.zeros((high, wide), np.float32)
        places = [(x, y) for x, y, object_ in prompt.points if object_]
        if not places and prompt.box:
            places = [((prompt.box[0] + prompt.box[2]) / 2, (prompt.box[1] + prompt.box[3]) / 2)]
        for place in places:
            x, y = Frame.stretched(photo, (wide, high)).place(*place)
            cv2.circle(clicks, (round(x), round(y)), _CLICKED, 1.0, -1)
        given = np.dstack([picture / np.float32(255), clicks])[None]
        return [Proposal(as_odds(self._only(self._session.run({self._session.inputs[0].name: given}))), 1.0)]


class PointsAndMask(_OnePass):
    """See the module."""

    remembers = True

    def __init__(self, name: str, sha256: str, session: NetworkSession) -> None:
        super().__init__(name, sha256, session)
        self._image, self._points, self._before = _roles(session)

    @override
    def encode(self, rgb: Pixels) -> Arrays:
        wide, high = (numbers_of(self._image.shape, at) for at in (-1, -2))
        if not (wide and high):
            scale = SIDE / max(rgb.shape[:2])
            wide, high = (max(round(n * scale / _MULTIPLE), 1) * _MULTIPLE for n in (rgb.shape[1], rgb.shape[0]))
        return self._picture(rgb, (wide, high))

    @override
    def ask(self, encoded: Arrays, photo: tuple[int, int], prompt: Prompt) -> list[Proposal]:
        picture = encoded["picture"]
        high, wide = picture.shape[:2]
        frame = Frame.stretched(photo, (wide, high))
        image = (picture / np.float32(255)).transpose(2, 0, 1)
        shares = np.zeros((high, wide), np.float32)
        if prompt.before is not None:
            odds = frame.into(prompt.before, (wide, high))
            shares = np.asarray(1 / (1 + np.exp(-odds)), np.float32)
        given: dict[str, NDArray[Any]] = {self._points.name: self._places(frame, prompt)}
        if self._before is not None:
            given[self._before.name] = shares[None, None]
        else:
            image = np.concatenate([image, shares[None]])
        return [Proposal(self._only(self._session.run(given | {self._image.name: image[None]})), 1.0)]

    def _places(self, frame: Frame, prompt: Prompt) -> NDArray[np.float32]:
        points = list(prompt.points)
        if prompt.box and not any(object_ for *_, object_ in points):
            box = prompt.box
            points.insert(0, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, True))
        sides = [[p for p in points if p[2]], [p for p in points if not p[2]]]
        room = numbers_of(self._points.shape, 1) // 2 or max(map(len, sides))
        places = np.full((2, room, 3), -1, np.float32)
        numbers = itertools.count()
        order = {point: next(numbers) for point in points}
        for side, row in zip(sides, places, strict=True):
            for i, (x, y, object_) in enumerate(side[-room:]):
                across, down = frame.place(x, y)
                row[i] = down, across, order[x, y, object_]
        return places.reshape(1, -1, 3)


def _roles(session: NetworkSession) -> tuple[Tensor, Tensor, Tensor | None]:
    points = next(one for one in session.inputs if _is_points(one))
    image = next(one for one in session.inputs if len(one.shape) == 4 and numbers_of(one.shape, 1) in {3, 4})
    before = next((one for one in session.inputs if len(one.shape) == 4 and numbers_of(one.shape, 1) == 1), None)
    return image, points, before


def _is_points(tensor: Tensor) -> bool:
    return len(tensor.shape) == 3 and numbers_of(tensor.shape, -1) == 3


def one_pass(name: str, sha256: str, session: NetworkSession) -> PromptedNetwork | None:
    """The network that a file is; None where it is of neither kind."""
    inputs = session.inputs
    if len(inputs) == 1 and len(inputs[0].shape) == 4 and numbers_of(inputs[0].shape, -1) == 4:
        return ClickChannel(name, sha256, session) if all(numbers_of(inputs[0].shape, i) for i in (1, 2)) else None
    channels = sorted(numbers_of(one.shape, 1) for one in inputs if len(one.shape) == 4)
    if sum(map(_is_points, inputs)) == 1 and len(inputs) == 1 + len(channels) and channels in ([4], [1, 3]):
        return PointsAndMask(name, sha256, session)
    return None
