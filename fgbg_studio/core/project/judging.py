"""Judging pictures that are to be added: each file is read and accepted, or refused with the reason.

Nothing here knows a project's folder or changes anything on the disk; `core.project.importing` stores what is accepted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.remedies import CutOut, Set
from fgbg_studio.core.imaging import matte
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.perceptual_hash import perceptual_hash
from fgbg_studio.core.imaging.reading import picture_hash, read_mask, read_rgb, read_rgba
from fgbg_studio.core.project.model import Background, Foreground, Picture
from fgbg_studio.core.project.names import portable
from fgbg_studio.core.project.pairing import MaskPairs
from fgbg_studio.core.project.settings import BackgroundRule

_VISIBLE = 8  # of 255


@dataclass(frozen=True)
class Verdict:
    """What became of one file.

    Attributes:
        path: the file.
        picture: where it is accepted; until it is stored, its ``file`` is the name that it asks for.
        reason: why it is refused, in plain words, else empty.
        error: the same with its remedies, where there are some.
        data: the bytes to be stored where they are not the file's own; empty else, and when they are stored.
    """

    path: Path
    picture: Picture | None
    reason: str = ""
    data: bytes = field(default=b"", repr=False)
    error: PictureError | None = field(default=None, compare=False)


Known = Mapping[str, str]
"""Hash → file of the pictures that are in the project already."""
Judge = Callable[[Sequence[Path], Known], Iterator[Verdict]]


def judge_backgrounds(paths: Sequence[Path], known: Known, rule: BackgroundRule) -> Iterator[Verdict]:
    """The verdict on each file as a background.

    Args:
        paths: files, read one by one as the verdicts are asked for.
        known: what is in the project; looked up anew for each file, so that whoever stores a picture may enter it.
        rule: which sizes are accepted.
    """

    def look(path: Path, sha256: str) -> Verdict:
        rgb = read_rgb(path)
        height, width = rgb.shape[:2]
        _check_size(path, width, height, rule)
        file, fingerprint = f"backgrounds/{portable(path.name)}", perceptual_hash(rgb)
        return Verdict(path, Background(file=file, sha256=sha256, width=width, height=height, fingerprint=fingerprint))

    return _verdicts(paths, known, look)


def judge_foregrounds(
    paths: Sequence[Path], known: Known, masks: Path | None = None, given: Iterable[Path] = ()
) -> Iterator[Verdict]:
    """The verdict on each file as a foreground: an RGBA picture, or one with its mask in ``masks``; see `MaskPairs`.

    Args:
        paths: see `judge_backgrounds`.
        known: likewise.
        masks: a folder.
        given: the folders in which the files were found: a mask lies in its folder where the file does in its own.

    Raises:
        PictureError: ``masks`` is no folder.
    """
    if masks is None:

        def look(path: Path, sha256: str) -> Verdict:
            file = f"foregrounds/{portable(path.name)}"
            return Verdict(path, _foreground(read_rgba(path), path.name, file, sha256))

        yield from _verdicts(paths, known, look)
        return
    pairs = MaskPairs(paths, masks, given)
    yield from _verdicts(pairs.photos, known, lambda path, _: _made(_with_mask(path, pairs.mask_of(path)), path, known))


def judge_cutout(rgba: Pixels, path: Path, known: Known) -> Verdict:
    """The verdict on a cutout that is no file yet.

    Args:
        rgba: (H, W, 4), straight alpha.
        path: whose name it gets, with the suffix of its own format.
        known: see `judge_backgrounds`.
    """
    try:
        return _made(rgba, path, known)
    except PictureError as error:
        return Verdict(path, None, str(error), error=error)


def _verdicts(paths: Sequence[Path], known: Known, look: Callable[[Path, str], Verdict]) -> Iterator[Verdict]:
    made: dict[str, str] = {}  # hash of a file → of the picture that was made of it and its mask
    for path in paths:
        try:
            sha256 = picture_hash(path)
            verdict = _twin(path, made.get(sha256, sha256), known) or look(path, sha256)
        except PictureError as error:
            verdict = Verdict(path, None, str(error), error=error)
        if verdict.picture:
            made[sha256] = verdict.picture.sha256
        yield verdict


def _twin(path: Path, sha256: str, known: Known) -> Verdict | None:
    return Verdict(path, None, f"already in the project as {known[sha256]}") if sha256 in known else None


def _check_size(path: Path, width: int, height: int, rule: BackgroundRule) -> None:
    if min(width, height) < rule.min_side:
        raise PictureError(
            f"{path.name} has {width} × {height} pixels, its shorter side is under {rule.min_side}",
            ["use a larger one", Set({"background.min_side": min(width, height)}, "lower the limit")],
        )
    if rule.max_side and max(width, height) > rule.max_side:
        raise PictureError(
            f"{path.name} has {width} × {height} pixels, its longer side is over {rule.max_side}",
            ["use a smaller one", Set({"background.max_side": None}, "lift the limit")],
        )


def _made(rgba: Pixels, path: Path, known: Known) -> Verdict:
    data = encode(rgba, Codec())
    sha256 = hashlib.sha256(data).hexdigest()
    file = f"foregrounds/{portable(f'{path.stem}.png')}"
    return _twin(path, sha256, known) or Verdict(path, _foreground(rgba, path.name, file, sha256), data=data)


def _foreground(rgba: Pixels, name: str, file: str, sha256: str) -> Foreground:
    alpha = rgba[..., 3]
    if not alpha.any():
        raise PictureError(f"{name} is fully transparent", "Cut its object out again")
    if alpha.min() == 255:
        raise PictureError(
            f"{name} has no transparent pixel: it is not cut out",
            CutOut(),
        )
    # Resampling leaves specks of alpha 1 to 4 about an object, which nobody sees but which would widen its box.
    _, box = matte.trim(rgba, threshold=min(_VISIBLE, int(alpha.max())))
    height, width = alpha.shape
    contour = matte.outer_contour_box(alpha)
    return Foreground(file=file, sha256=sha256, width=width, height=height, box=box, contour=contour)


def _with_mask(path: Path, mask_path: Path) -> Pixels:
    rgba, mask = read_rgba(path), read_mask(mask_path)
    if mask.shape != rgba.shape[:2]:
        raise PictureError(
            f"{mask_path.name} has {mask.shape[1]} × {mask.shape[0]} pixels, {path.name} "
            f"{rgba.shape[1]} × {rgba.shape[0]}",
            "Make the mask again from this picture",
        )
    return np.dstack([rgba[..., :3], np.minimum(mask, rgba[..., 3])])
