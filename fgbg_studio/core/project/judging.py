"""Judging pictures that are to be added: each file is read and accepted, or refused with the reason.

Nothing here knows a project's folder or changes anything on the disk; `core.project.importing` stores what is accepted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.remedies import CutOut, FillTransparent, Set
from fgbg_studio.core.imaging import matte
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.masks import ObjectValues, read_mask
from fgbg_studio.core.imaging.perceptual_hash import perceptual_hash
from fgbg_studio.core.imaging.quality import DARK, is_grey
from fgbg_studio.core.imaging.reading import is_deep, on_colour, picture_hash, read_rgba, upright_size
from fgbg_studio.core.project.model import Background, Foreground, Picture
from fgbg_studio.core.project.names import stored_name
from fgbg_studio.core.project.pairing import MaskPairs
from fgbg_studio.core.project.settings import BackgroundRule

_VISIBLE = 8  # of 255
_SOME = 16  # pixels of a side: for what has fewer nobody lowers the limit


@dataclass(frozen=True)
class Verdict:
    """What became of one file.

    Attributes:
        path: the file.
        picture: where it is accepted; until it is stored, its ``file`` is the name that it asks for.
        reason: why it is refused, in plain words, else empty.
        error: the same with its remedies, where there are some.
        twin: the file of the picture of the project that is the same, where that is why it is refused.
        note: what should be known of a picture that is accepted, in plain words; mostly empty.
        data: the bytes to be stored where they are not the file's own; empty else, and when they are stored.
    """

    path: Path
    picture: Picture | None
    reason: str = ""
    data: bytes = field(default=b"", repr=False)
    note: str = ""
    twin: str = ""
    error: PictureError | None = field(default=None, compare=False)


Known = Mapping[str, str]
"""Hash → file of the pictures that are in the project already."""
Judge = Callable[[Sequence[Path], Known], Iterator[Verdict]]


def by_hash(pictures: Iterable[Picture]) -> dict[str, str]:
    """The files of pictures of a project by their hashes."""
    return {picture.sha256: picture.file for picture in pictures}


@dataclass(frozen=True)
class Reading:
    """What a person says about files that do not say it themselves.

    Attributes:
        white: of pictures of more than 8 bits, see `read_rgba`.
        fill: the colour that shows where a background is transparent, (R, G, B); None refuses such backgrounds.
        object: which values of a mask are the object.
    """

    white: float | None = None
    fill: tuple[int, int, int] | None = None
    object: ObjectValues | None = None


def judge_backgrounds(
    paths: Sequence[Path], known: Known, rule: BackgroundRule, reading: Reading = Reading()
) -> Iterator[Verdict]:
    """The verdict on each file as a background.

    Args:
        paths: files, read one by one as the verdicts are asked for.
        known: what is in the project; looked up anew for each file, so that whoever stores a picture may enter it.
        rule: which sizes are accepted.
        reading: what was said about the files.
    """

    def look(path: Path, sha256: str) -> Verdict:
        rgb, data = _background_pixels(path, reading)
        height, width = rgb.shape[:2]
        _check_size(path, width, height, rule)
        name = stored_name(f"{path.stem}.png" if data else path.name)
        mean = round(float(rgb.mean()), 2)
        background = Background(
            file=f"backgrounds/{name}", sha256=hashlib.sha256(data).hexdigest() if data else sha256, width=width,
            height=height, fingerprint=perceptual_hash(rgb), mean=mean, grey=is_grey(rgb),
        )  # fmt: skip
        dark = f"almost black: its mean is {mean:.1f} of 255" if mean < DARK else ""
        return _twin(path, background.sha256, known) or Verdict(path, background, data=data, note=dark)

    return _verdicts(paths, known, look)


def _background_pixels(path: Path, reading: Reading) -> tuple[Pixels, bytes]:
    """(H, W, 3), and the bytes to be stored where the file's own would be read otherwise without what was said."""
    rgba = read_rgba(path, white=reading.white)
    said = reading.white is not None and is_deep(path)
    if (clear := rgba[..., 3] < 255).any():
        if not rgba[..., 3].any():
            raise PictureError(f"{path.name} is fully transparent: there is nothing to see in it", "Save it anew")
        if reading.fill is None:
            share = f"{np.count_nonzero(clear) / clear.size:.0%}" if clear.mean() >= 0.01 else "under 1%"
            raise PictureError(f"{path.name} is transparent in {share} of it", FillTransparent())
        said = True
    rgb = on_colour(rgba, reading.fill or (255, 255, 255))
    return rgb, encode(rgb, Codec()) if said else b""


def judge_foregrounds(
    paths: Sequence[Path],
    known: Known,
    masks: Path | None = None,
    given: Iterable[Path] = (),
    reading: Reading = Reading(),
) -> Iterator[Verdict]:
    """The verdict on each file as a foreground: an RGBA picture, or one with its mask in ``masks``; see `MaskPairs`.

    Args:
        paths: see `judge_backgrounds`.
        known: likewise.
        masks: a folder.
        given: the folders in which the files were found: a mask lies in its folder where the file does in its own.
        reading: what was said about the files.

    Raises:
        PictureError: ``masks`` is no folder.
    """
    if masks is None:

        def look(path: Path, sha256: str) -> Verdict:
            rgba = read_rgba(path, white=reading.white)
            solid, note = _solid(rgba, path.name)
            if note or (reading.white is not None and is_deep(path)):
                return replace(_made(solid, path, known), note=note)
            return Verdict(path, _foreground(rgba, path.name, f"foregrounds/{stored_name(path.name)}", sha256))

        yield from _verdicts(paths, known, look)
        return
    pairs = MaskPairs(paths, masks, given)

    def look_at_both(path: Path, _: str) -> Verdict:
        return _made(_with_mask(path, pairs.mask_of(path), reading), path, known)

    yield from _verdicts(pairs.photos, known, look_at_both)


def judge_cutout(rgba: Pixels, path: Path, known: Known) -> Verdict:
    """The verdict on a cutout that is no file yet.

    Args:
        rgba: (H, W, 4), straight alpha.
        path: whose name it gets, with the suffix of its own format.
        known: see `judge_backgrounds`.
    """
    try:
        solid, note = _solid(rgba, path.name)
        return replace(_made(solid, path, known), note=note)
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
    if sha256 not in known:
        return None
    return Verdict(path, None, f"already in the project as {known[sha256]}", twin=known[sha256])


def _check_size(path: Path, width: int, height: int, rule: BackgroundRule) -> None:
    if min(width, height) < rule.min_side:
        lower = Set({"background.min_side": min(width, height)}, "lower the limit")
        raise PictureError(
            f"{path.name} has {width} × {height} pixels, its shorter side is under {rule.min_side}",
            ["use a larger one", *([lower] if min(width, height) >= _SOME else [])],
        )
    if rule.max_side and max(width, height) > rule.max_side:
        raise PictureError(
            f"{path.name} has {width} × {height} pixels, its longer side is over {rule.max_side}",
            ["use a smaller one", Set({"background.max_side": None}, "lift the limit")],
        )


def _made(rgba: Pixels, path: Path, known: Known) -> Verdict:
    data = encode(rgba, Codec())
    sha256 = hashlib.sha256(data).hexdigest()
    file = f"foregrounds/{stored_name(f'{path.stem}.png')}"
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


def _solid(rgba: Pixels, name: str) -> tuple[Pixels, str]:
    """A cutout whose alpha has two values, with 255 for the larger; and a word about it where that changed it.

    Raises:
        PictureError: its alpha is soft, and nothing in it is solid.
    """
    alpha = rgba[..., 3]
    most = int(alpha.max())
    if most in {0, 255} or most >= matte.SOLID:
        return rgba, ""
    if not ((alpha == 0) | (alpha == most)).all() or alpha.min() == most:
        raise PictureError(
            f"nothing in {name} is solid: its alpha reaches only {most} of 255", "Cut its object out again"
        )
    solid = rgba.copy()
    solid[..., 3] = np.where(alpha > 0, np.uint8(255), np.uint8(0))
    return solid, f"its alpha is 0 and {most}: taken for 0 and 255"


def _with_mask(path: Path, mask_path: Path, reading: Reading) -> Pixels:
    rgba, size = read_rgba(path, white=reading.white), upright_size(mask_path)
    if size != (rgba.shape[1], rgba.shape[0]):
        raise PictureError(
            f"{mask_path.name} has {size[0]} × {size[1]} pixels, {path.name} {rgba.shape[1]} × {rgba.shape[0]}",
            "Make the mask again from this picture",
        )
    mask = read_mask(mask_path, reading.object)
    return np.dstack([rgba[..., :3], np.minimum(mask, rgba[..., 3])])
