"""Adding pictures to a project: judged one by one, copied in, never changed."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.imaging import matte
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.perceptual_hash import perceptual_hash
from fgbg_studio.core.imaging.reading import SUFFIXES, find_pictures, picture_hash, read_mask, read_rgb, read_rgba
from fgbg_studio.core.project import recycle_bin, storage
from fgbg_studio.core.project.model import Background, Foreground, Picture, Project
from fgbg_studio.core.project.settings import BackgroundRule

_VISIBLE = 8  # of 255


@dataclass(frozen=True)
class Verdict:
    """What became of one file: ``picture`` where it was added, else ``reason``."""

    path: Path
    picture: Picture | None
    reason: str = ""


def add_backgrounds(folder: Path, paths: list[Path], *, licence: str = "", origin: str = "") -> Iterator[Verdict]:
    """Add every picture of ``paths`` (files and folders) that the project's rules accept; yields each verdict.

    ``licence`` and ``origin`` are said of each and end up on the dataset's card. The project is saved when the
    last picture was judged, and also when the caller stops before.

    Raises:
        ProjectError: the project is missing, damaged or in use.
        PictureError: a path does not exist, or there is no picture at all.
    """

    def make(project: Project, path: Path, sha256: str, _: dict[str, str]) -> Background:
        return _background(folder, path, sha256, project.settings.background)

    yield from _add(folder, paths, "backgrounds", make, {"licence": licence, "origin": origin})


def add_foregrounds(
    folder: Path, paths: list[Path], masks: Path | None = None, *, licence: str = "", origin: str = ""
) -> Iterator[Verdict]:
    """Add every cutout of ``paths``: RGBA pictures, or photos with a mask of the same name in ``masks``.

    See `add_backgrounds`.
    """

    def make(_: Project, path: Path, sha256: str, known: dict[str, str]) -> Foreground:
        return _foreground(folder, path, sha256, masks, known)

    yield from _add(folder, paths, "foregrounds", make, {"licence": licence, "origin": origin})


_Make = Callable[[Project, Path, str, dict[str, str]], Picture]


def _add(folder: Path, paths: list[Path], kind: str, make: _Make, said: dict[str, str]) -> Iterator[Verdict]:
    with storage.locked(folder):
        project = storage.load(folder)
        before: tuple[Picture, ...] = getattr(project, kind)
        known = {picture.sha256: picture.file for picture in before}
        added: list[Picture] = []
        try:
            for path in _found(paths):
                verdict = _judge(project, path, known, make)
                if verdict.picture:
                    added.append(verdict.picture.model_copy(update=said))
                yield verdict
        finally:
            storage.save(folder, project.model_copy(update={kind: (*before, *added)}))


def _found(paths: list[Path]) -> list[Path]:
    with contextlib.suppress(PermissionError):  # whose file it is comes out when it is judged
        missing = next((path for path in paths if not path.exists()), None)
        if missing:
            raise PictureError(f"{missing} does not exist", "Check the path")
    found = find_pictures(paths)
    if paths and not found:
        raise PictureError(f"there is no picture in {', '.join(map(str, paths))}", "Give JPEG, PNG or other pictures")
    return found


def _judge(project: Project, path: Path, known: dict[str, str], make: _Make) -> Verdict:
    try:
        sha256 = picture_hash(path)
        if sha256 in known:
            return Verdict(path, None, f"already in the project as {known[sha256]}")
        picture = make(project, path, sha256, known)
    except PictureError as error:
        return Verdict(path, None, str(error))
    known[sha256] = known[picture.sha256] = picture.file
    return Verdict(path, picture)


def _background(folder: Path, path: Path, sha256: str, rule: BackgroundRule) -> Background:
    rgb = read_rgb(path)
    height, width = rgb.shape[:2]
    if min(width, height) < rule.min_side:
        raise PictureError(
            f"{path.name} has {width} × {height} pixels, its shorter side is under {rule.min_side}",
            "Use a larger one, or: fgbg-studio set PROJECT background.min_side=…",
        )
    if rule.max_side and max(width, height) > rule.max_side:
        raise PictureError(
            f"{path.name} has {width} × {height} pixels, its longer side is over {rule.max_side}",
            "Use a smaller one, or: fgbg-studio set PROJECT background.max_side=null",
        )
    file = _copy(path, folder, "backgrounds", sha256)
    return Background(file=file, sha256=sha256, width=width, height=height, fingerprint=perceptual_hash(rgb))


def _foreground(folder: Path, path: Path, sha256: str, masks: Path | None, known: dict[str, str]) -> Foreground:
    rgba = read_rgba(path)
    if masks is not None:
        rgba = _with_mask(rgba, path, masks)
    alpha = rgba[..., 3]
    if not alpha.any():
        raise PictureError(f"{path.name} is wholly transparent", "Cut its object out again")
    if alpha.min() == 255:
        raise PictureError(
            f"{path.name} has no transparent pixel: it is not cut out",
            "Cut it with 'fgbg-studio cut', or give its mask with --masks FOLDER",
        )
    # Resampling leaves specks of alpha 1 to 4 about an object, which nobody sees but which would widen its box.
    _, box = matte.trim(rgba, threshold=min(_VISIBLE, int(alpha.max())))
    contour = matte.outer_contour_box(alpha)
    if masks is None:
        file = _copy(path, folder, "foregrounds", sha256)
    else:
        data = encode(rgba, Codec())
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 in known:
            raise PictureError(f"already in the project as {known[sha256]}")
        target = _free(folder / "foregrounds" / f"{storage.portable(path.stem)}.png", sha256)
        storage.put(target, data)
        file = f"foregrounds/{target.name}"
    height, width = alpha.shape
    return Foreground(file=file, sha256=sha256, width=width, height=height, box=box, contour=contour)


def _with_mask(rgba: Pixels, path: Path, masks: Path) -> Pixels:
    pictures = sorted(masks.iterdir()) if masks.is_dir() else []
    same = [p for p in pictures if p.stem == path.stem and p.suffix.lower() in SUFFIXES]
    found = [p for p in same if p.is_file() and not p.samefile(path)]
    if not found:
        raise PictureError(f"{path.name} has no mask of the same name in {masks}", "Name its mask as the picture")
    mask = read_mask(found[0])
    if mask.shape != rgba.shape[:2]:
        raise PictureError(
            f"{found[0].name} has {mask.shape[1]} × {mask.shape[0]} pixels, {path.name} "
            f"{rgba.shape[1]} × {rgba.shape[0]}",
            "Make the mask anew from this picture",
        )
    return np.dstack([rgba[..., :3], np.minimum(mask, rgba[..., 3])])


def _copy(path: Path, folder: Path, kind: str, sha256: str) -> str:
    target = _free(folder / kind / storage.portable(path.name), sha256)
    storage.put(target, path.read_bytes())
    return f"{kind}/{target.name}"


def _free(path: Path, sha256: str) -> Path:
    """``path``, or the first of name-2, name-3 … that no other picture has: a copy left by a killed run is used."""
    number, free = 1, path
    while recycle_bin.taken(free) and not (free.exists() and picture_hash(free) == sha256):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
