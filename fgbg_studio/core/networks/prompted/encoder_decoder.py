"""Segment Anything and its kin as two files: one that sees the photo, once, and one that answers, in no time.

The files say by the names of their inputs and outputs how they were exported; three ways are published:

- that of Segment Anything itself (Kirillov et al. 2023; MobileSAM): ``point_coords``, ``point_labels``, ``mask_input``,
  ``has_mask_input``, ``orig_im_size`` → ``masks``, ``iou_predictions``, ``low_res_masks``. Boxes are two points of the
  labels 2 and 3; where there is none, a point of the label -1 stands last. Some encoders take ``input_image`` as
  (height, width, 3) of 0..255 and do the rest themselves. ``masks`` is cut by a shape that was fixed at the export in
  most of these files, so ``low_res_masks`` is taken.
- that of transformers (SlimSAM): ``pixel_values`` → ``image_embeddings``, ``image_positional_embeddings``;
  ``input_points``, ``input_labels`` (whole numbers) → ``iou_scores``, ``pred_masks``. No mask goes in, and a box only
  where there is ``input_boxes``.
- that of SAM 2: as the first, with ``high_res_…`` besides, and the photo is stretched over the whole square.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks.description import IMAGENET_MEAN, IMAGENET_STD, FloatMaps
from fgbg_studio.core.networks.prompted.prompt import Frame, Prompt, PromptedNetwork, Proposal, numbers_of
from fgbg_studio.core.networks.runtimes import Arrays, NetworkSession, Tensor

SIDE = 1024  # of the square, where the file does not say
_LOW = 256  # of the mask that goes in, likewise
_ROLES = {
    "points": ("point_coords", "input_points"),
    "labels": ("point_labels", "input_labels"),
    "boxes": ("input_boxes",),
    "before": ("mask_input", "input_masks"),
    "has_before": ("has_mask_input",),
    "size": ("orig_im_size",),
}
_MASKS, _SCORES = ("low_res_masks", "pred_masks", "masks"), ("iou_predictions", "iou_scores", "scores")
_LEFT_TOP, _RIGHT_BOTTOM, _NO_POINT = 2, 3, -1  # labels


@dataclass(frozen=True)
class _Decoder:
    """What the inputs and outputs of the second file are called."""

    inputs: dict[str, Tensor]
    features: dict[str, str]
    masks: str
    scores: str

    @property
    def by_labels(self) -> bool:
        """Whether a box is given as two points."""
        return "boxes" not in self.inputs and self.inputs["points"].name == "point_coords"


class EncoderDecoder(PromptedNetwork):
    """See the module.

    Args:
        name: see `PromptedNetwork`, and so ``sha256``.
        encoder: the file that sees the photo.
        decoder: the one that answers.

    Raises:
        NetworkError: they are not such files, or do not belong together.
    """

    keeps = True

    def __init__(self, name: str, sha256: str, encoder: NetworkSession, decoder: NetworkSession) -> None:
        self.name, self.sha256 = name, sha256
        self._encoder, self._decoder = encoder, decoder
        if len(encoder.inputs) != 1 or not _is_picture(encoder.inputs[0]):
            raise NetworkError(
                f"the encoder of {name} takes {_said(encoder.inputs)}, where one picture is to be given",
                "Choose the two files of one export, the encoder first",
            )
        self._ends = _ends(name, encoder, decoder)
        self._stretches = any(one.startswith("high_res") for one in self._ends.features)
        self.remembers = "before" in self._ends.inputs
        source = encoder.inputs[0]
        self._raw = len(source.shape) == 3
        self._side = SIDE if self._raw else numbers_of(source.shape, -1) or SIDE

    @override
    def key(self, rgb: Pixels) -> bytes:
        frame = self._frame((rgb.shape[1], rgb.shape[0]))
        return f"{frame.filled}".encode() + frame.scaled(rgb).tobytes()

    @override
    def encode(self, rgb: Pixels) -> Arrays:
        frame, source = self._frame((rgb.shape[1], rgb.shape[0])), self._encoder.inputs[0]
        made = self._encoder.run({source.name: self._prepared(frame.scaled(rgb), source)})
        wanted = set(self._ends.features.values())
        return {name: np.asarray(values, np.float32) for name, values in made.items() if name in wanted}

    def _prepared(self, scaled: Pixels, source: Tensor) -> NDArray[Any]:
        if self._raw:
            return scaled.astype(np.float32)
        values: NDArray[Any] = scaled
        if source.dtype.kind == "f":
            mean, std = np.array(IMAGENET_MEAN, np.float32), np.array(IMAGENET_STD, np.float32)
            values = (scaled / np.float32(255) - mean) / std
        picture = np.zeros((1, 3, self._side, self._side), values.dtype)
        picture[0, :, : scaled.shape[0], : scaled.shape[1]] = values.transpose(2, 0, 1)
        return picture

    @override
    def ask(self, encoded: Arrays, photo: tuple[int, int], prompt: Prompt) -> list[Proposal]:
        frame = self._frame(photo)
        given: dict[str, Any] = {name: encoded[made] for name, made in self._ends.features.items()}
        for role, values in self._asked(frame, prompt).items():
            if role in self._ends.inputs:
                given[self._ends.inputs[role].name] = values
        made = self._decoder.run(given)
        masks, scores = made[self._ends.masks], made[self._ends.scores].reshape(-1)
        maps = masks.reshape(-1, *masks.shape[-2:])
        if len(maps) != len(scores) or not (np.isfinite(maps).all() and np.isfinite(scores).all()):
            raise NetworkError(f"{self.name} gave {len(scores)} scores for {len(maps)} masks, or what is no number")
        return [Proposal(frame.out_of(maps[i]), float(scores[i])) for i in self._meant(len(maps), prompt)]

    def _meant(self, count: int, prompt: Prompt) -> Iterable[int]:
        """Of four masks the first is for prompts that leave no doubt, the others for one click alone."""
        if count != 4:
            return range(count)
        return [0] if len(prompt.points) > 1 or prompt.box or prompt.before is not None else range(1, 4)

    def _asked(self, frame: Frame, prompt: Prompt) -> dict[str, NDArray[Any]]:
        places = [frame.place(x, y) for x, y, _ in prompt.points]
        labels = [int(object_) for *_, object_ in prompt.points]
        box = prompt.box
        corners = [frame.place(*box[:2]), frame.place(*box[2:])] if box else []
        if box and self._ends.by_labels:
            places, labels = places + corners, [*labels, _LEFT_TOP, _RIGHT_BOTTOM]
        elif box and "boxes" not in self._ends.inputs and True not in {one[2] for one in prompt.points}:
            places, labels = [*places, frame.place((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)], [*labels, 1]
        if self._ends.by_labels and not box and not self._stretches:
            places, labels = [*places, (0.0, 0.0)], [*labels, _NO_POINT]
        several = len(self._ends.inputs["points"].shape) == 4  # (pictures, objects, points, 2)
        lead = (1, 1) if several else (1,)
        around = np.array([one for corner in corners for one in corner] or [0] * 4, np.float32)
        return {
            "points": np.array(places, np.float32).reshape(*lead, -1, 2),
            "labels": np.array(labels, np.int64).reshape(*lead, -1),
            "boxes": around.reshape(1, 1, 4),
            "before": self._before(frame, prompt.before)[None, None],
            "has_before": np.array([prompt.before is not None], np.float32),
            "size": np.array(frame.filled[::-1], np.float32),
        }

    def _before(self, frame: Frame, odds: FloatMaps | None) -> FloatMaps:
        known = self._ends.inputs.get("before")
        side = (numbers_of(known.shape, -1) if known else 0) or _LOW
        return np.zeros((side, side), np.float32) if odds is None else frame.into(odds, (side, side))

    def _frame(self, photo: tuple[int, int]) -> Frame:
        return Frame.stretched(photo, (self._side, self._side)) if self._stretches else Frame.padded(photo, self._side)


def _ends(name: str, encoder: NetworkSession, decoder: NetworkSession) -> _Decoder:
    """What the decoder's inputs and outputs are.

    Raises:
        NetworkError: it is none, or not this encoder's.
    """
    known = {one.name: role for role, names in _ROLES.items() for one in decoder.inputs if one.name in names}
    inputs = {known[one.name]: one for one in decoder.inputs if one.name in known}
    others = [one for one in decoder.inputs if one.name not in known]
    made, outputs = {one.name: one for one in encoder.outputs}, [one.name for one in decoder.outputs]
    masks, scores = (next((one for one in names if one in outputs), "") for names in (_MASKS, _SCORES))
    if not {"points", "labels"} <= set(inputs) or not masks or not scores:
        raise NetworkError(
            f"the decoder of {name} takes {_said(decoder.inputs)} and gives {_said(decoder.outputs)}:"
            " it is none that answers to points with masks and scores",
            "Choose the two files of one export, the encoder first",
        )
    left = [one for name, one in made.items() if name not in {wanted.name for wanted in others}]
    features = {one.name: one.name if one.name in made else _alike(one, left) for one in others}
    if missing := [one for one, source in features.items() if not source]:
        raise NetworkError(
            f"the decoder of {name} takes {', '.join(missing)}, which its encoder does not give"
            f" ({_said(encoder.outputs)})",
            "Choose the two files of one export",
        )
    return _Decoder(inputs, features, masks, scores)


def _alike(wanted: Tensor, outputs: list[Tensor]) -> str:
    """The only one of the outputs that has this shape: exports differ in ``image_embed`` and ``image_embeddings``."""
    found = [one.name for one in outputs if one.shape[1:] == wanted.shape[1:] and None not in one.shape[1:]]
    return found[0] if len(found) == 1 else ""


def _is_picture(tensor: Tensor) -> bool:
    if len(tensor.shape) == 3:
        return numbers_of(tensor.shape, -1) == 3
    return len(tensor.shape) == 4 and numbers_of(tensor.shape, 1) == 3


def _said(tensors: tuple[Tensor, ...]) -> str:
    return ", ".join(f"{one.name} ({' × '.join(str(side or '?') for side in one.shape)})" for one in tensors)
