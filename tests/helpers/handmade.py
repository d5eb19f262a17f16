"""The five hand-made datasets as their own code made them, by the defaults of OpenCV and Pillow.

`tests/helpers/foreign.py` has their names on pictures of noise; here a composite is its background and its foreground,
so that masks and places can be found again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fgbg_studio.core.base.arrays import Pixels
from tests.conftest import draw_background, draw_cutout


class Truth(NamedTuple):
    """Of a composite: where its object's box begins, and its mask as it should be, (S, S) bool."""

    x: int
    y: int
    mask: NDArray[np.bool_]


class HandMade(NamedTuple):
    """A dataset, and what is true of its composites by their paths."""

    root: Path
    truth: dict[str, Truth]


def _background(number: int, side: int) -> Pixels:
    photo = draw_background(number, 320, 260)
    photo = cv2.GaussianBlur(photo, (0, 0), 0.8)
    return np.asarray(Image.fromarray(photo).resize((side, side), Image.Resampling.LANCZOS))


def _cutout(number: int, width: int, height: int) -> Pixels:
    """Trimmed: its box touches the object on all sides."""
    rgba = draw_cutout(number, width * 4, height * 4, margin=0)
    rows, columns = np.flatnonzero(rgba[..., 3].any(1)), np.flatnonzero(rgba[..., 3].any(0))
    rgba = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.asarray(Image.fromarray(rgba).resize((width, height), Image.Resampling.LANCZOS))


def _cv2_save(path: Path, pixels: Pixels, *how: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    done, data = cv2.imencode(path.suffix, cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels, how)
    assert done
    path.write_bytes(data.tobytes())


def _pil_save(path: Path, pixels: Pixels, quality: int = 75, *, optimise: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, quality=quality, optimize=optimise)


def _alpha_paste(background: Pixels, rgba: Pixels, x: int, y: int) -> Pixels:
    """As Pillow's ``paste(fg, (x, y), fg)``."""
    whole = Image.fromarray(background)
    whole.paste(Image.fromarray(rgba), (x, y), Image.fromarray(rgba))
    return np.asarray(whole)


def _placed(alpha: Pixels, side: int, x: int, y: int) -> Pixels:
    mask = np.zeros((side, side), np.uint8)
    mask[y : y + alpha.shape[0], x : x + alpha.shape[1]] = alpha
    return mask


def _depth(number: int, side: int) -> NDArray[np.float32]:
    """(side, side) as a network's: far above, near below, in metres."""
    rows = np.linspace(9 - number % 3, 1.5, side, dtype=np.float32)
    return np.repeat(rows[:, None], side, axis=1)


def _stretched(depth: NDArray[np.float32]) -> Pixels:
    return np.asarray(255 * (depth - depth.min()) / (depth.max() - depth.min()), np.uint8)


def classroom(root: Path, n: int, k: int) -> dict[str, Truth]:
    rng, side, truth = np.random.default_rng(1), 192, dict[str, Truth]()
    backgrounds = [_background(b, side) for b in range(n)]
    for b, picture in enumerate(backgrounds):
        _cv2_save(root / f"bg_images/img_{b + 1:03}.jpg", picture)
    for f in range(n):
        rgba = _cutout(f, 50 + 3 * f, 90 + f)
        solid = rgba[..., 3] == 255
        white = np.where(solid[..., None], rgba[..., :3], 255).astype(np.uint8)
        _cv2_save(root / f"fg_images/img_{f + 1:03}.jpg", white)
        _cv2_save(root / f"fg_mask_images/img_{f + 1:03}.jpg", np.where(solid, 255, 0).astype(np.uint8))
        for b, picture in enumerate(backgrounds):
            for place in range(k):
                for flip in ("", "flip"):
                    one, mask = (white[:, ::-1], solid[:, ::-1]) if flip else (white, solid)
                    x, y = rng.integers(0, side - one.shape[1] + 1), rng.integers(0, side - one.shape[0] + 1)
                    whole = picture.copy()
                    whole[y : y + one.shape[0], x : x + one.shape[1]][mask] = one[mask]
                    name = f"fg{f + 1:03}{flip}_bg{b + 1:03}_{place + 1:02}.jpg"
                    right = _placed(np.where(mask, 255, 0).astype(np.uint8), side, x, y)
                    _cv2_save(root / f"fg_bg_images/{name}", whole)
                    _cv2_save(root / f"fg_bg_mask_images/{name}", right)
                    _cv2_save(root / f"fg_bg_depth_images/{name}", 255 - _stretched(_depth(b, 240)))
                    truth[f"fg_bg_images/{name}"] = Truth(int(x), int(y), right > 0)
    return truth


def street(root: Path, n: int, k: int) -> dict[str, Truth]:
    rng, side, truth, counter = np.random.default_rng(2), 224, dict[str, Truth](), 0
    cutouts = [_cutout(f, 56 + 4 * f, 105) for f in range(n)]
    for f, rgba in enumerate(cutouts):
        _pil_save(root / f"fg/fg_{f:02}.png", rgba)
        _pil_save(root / f"fg_mask/fg_{f:02}.jpg", rgba[..., 3])
    (root / "labels").mkdir(parents=True)
    for b in range(n):
        picture, lines = _background(b, side), list[str]()
        _pil_save(root / f"bg/bg_{b:02}.jpg", picture)
        for f, rgba in enumerate(cutouts):
            for _ in range(k):
                for letter in "TF":
                    one = np.ascontiguousarray(rgba[:, ::-1]) if letter == "T" else rgba
                    x, y = rng.integers(0, side - one.shape[1] + 1), rng.integers(0, side - one.shape[0] + 1)
                    name = f"bg_{b:02}_fg_{f:02}_{letter}_{counter:06}.jpg"
                    counter += 1
                    right = _placed(one[..., 3], side, x, y)
                    _pil_save(root / f"fg_bg/bg_{b:02}/{name}", _alpha_paste(picture, one, x, y), 65, optimise=True)
                    _pil_save(root / f"fg_bg_masks/bg_{b:02}/{name}", right, 65, optimise=True)
                    _pil_save(root / f"fg_bg_depth/bg_{b:02}/{name}", _stretched(_depth(b, side)))
                    lines.append(f"{name}\t{x}\t{y}\n")
                    truth[f"fg_bg/bg_{b:02}/{name}"] = Truth(int(x), int(y), right >= 128)
        (root / f"labels/bg_{b:02}_label_info.txt").write_text("".join(lines))
    return truth


def office(root: Path, n: int, k: int) -> dict[str, Truth]:
    rng, side, truth = np.random.default_rng(3), 224, dict[str, Truth]()
    cutouts = [_cutout(f, 50 + 5 * f, 110) for f in range(n)]
    for f, rgba in enumerate(cutouts):
        for tail, one in (("", rgba), ("_01", np.ascontiguousarray(rgba[:, ::-1]))):
            _pil_save(root / f"FG/fg{f + 1:03}{tail}.png", one)
            _pil_save(root / f"FG Masks/frg{f + 1:03}{tail}.png", one[..., 3])
    for b in range(n):
        picture = _background(b, side)
        _pil_save(root / f"BG/bg{b + 1:03}.jpeg", picture)
        for f, rgba in enumerate(cutouts):
            for number, one in ((f + 1, rgba), (f + 101, np.ascontiguousarray(rgba[:, ::-1]))):
                for place in range(1, k + 1):
                    x, y = rng.integers(0, side - one.shape[1] + 1), rng.integers(0, side - one.shape[0] + 1)
                    name = f"bg_{b + 1:03}_fg_{number:03}_{place:03}"
                    right = _placed(one[..., 3], side, x, y)
                    _pil_save(root / f"BG_FG/{name}.jpeg", _alpha_paste(picture, one, x, y))
                    _pil_save(root / f"BG_FG Masks/{name}.jpeg", right)
                    depth = np.asarray(_depth(b, 112) * 25.5, np.uint8)
                    _pil_save(root / f"DepthMaps/{name}_depth_map_{place:03}.jpeg", depth)
                    truth[f"BG_FG/{name}.jpeg"] = Truth(int(x), int(y), right >= 128)
    return truth


def layers(root: Path, n: int, k: int) -> dict[str, Truth]:
    side, truth = 150, dict[str, Truth]()
    cutouts = []
    for f in range(n):
        rgba = np.asarray(Image.fromarray(_cutout(f, 60, 110)).resize((side, side)))
        cutouts.append(rgba)
        for tail, one in (("", rgba), ("flip_", np.ascontiguousarray(rgba[:, ::-1]))):
            _pil_save(root / f"Dataset150/fg150/{tail}fg_{f + 1}.png", one)
    for b in range(n):
        picture = _background(b, side)
        _pil_save(root / f"Dataset150/bg150/bg{b + 1}.jpg", picture, 95)
        for f, rgba in enumerate(cutouts):
            for place in range(k):
                row, column = place % 4, place % 5
                size = (90, 80, 70, 60)[row]
                for flip in ("", "flip_"):
                    one = np.ascontiguousarray(rgba[:, ::-1]) if flip else rgba
                    one = np.asarray(Image.fromarray(one).resize((size, size)))
                    x, y = column * (side - size) // 4, side - size - 12 * row
                    name = f"bg{b + 1}_{row}_{column}_{flip}fg_{f + 1}.jpg"
                    whole = _alpha_paste(picture, one, x, y)
                    folder = f"Dataset150/fgbg150_{b + 1}"
                    _cv2_save(root / folder / name, whole)
                    # By subtraction: an object's pixels that equal the background are lost.
                    apart = cv2.absdiff(whole, picture).max(2) > 10
                    _cv2_save(
                        root / f"Dataset150/mask_fgbg150_{b + 1}/mask_{name}", np.where(apart, 255, 0).astype(np.uint8)
                    )
                    _cv2_save(root / f"Dataset150/depth_fgbg150_{b + 1}/depth_{name}", _stretched(_depth(b, side)))
                    truth[f"{folder}/{name}"] = Truth(x, y, _placed(one[..., 3], side, x, y) >= 128)
    return truth


def course(root: Path, n: int, k: int) -> dict[str, Truth]:
    rng, side, truth, counter, lines = np.random.default_rng(5), 200, dict[str, Truth](), 0, list[str]()
    cutouts = []
    for f in range(n):
        longest = int(rng.integers(80, 110))
        rgba = cv2.resize(_cutout(f, 90, 160), (longest * 9 // 16, longest), interpolation=cv2.INTER_AREA)
        cutouts.append(rgba)
        _pil_save(root / f"fg/{f:03}.png", rgba)
        _pil_save(root / f"fg_mask/{f:03}.jpg", np.where(rgba[..., 3] > 0, 255, 0).astype(np.uint8), 30)
    for b in range(n):
        picture = _background(b, side)
        _pil_save(root / f"bg/{b:03}.jpg", picture, 60, optimise=True)
        for f, rgba in enumerate(cutouts):
            for _ in range(k):
                for mirrored in (True, False):
                    one = np.ascontiguousarray(rgba[:, ::-1]) if mirrored else rgba
                    x, y = rng.integers(0, side - one.shape[1] + 1), rng.integers(0, side - one.shape[0] + 1)
                    name, mask = f"fg_{f:03}_bg_{b:03}_{counter:06}.jpg", f"fg_{f:03}_bg_{b:03}_mask_{counter:06}.jpg"
                    counter += 1
                    right = _placed(np.where(one[..., 3] > 0, 255, 0).astype(np.uint8), side, x, y)
                    _pil_save(root / f"fg_bg/{name}", _alpha_paste(picture, one, x, y), 30, optimise=True)
                    _pil_save(root / f"fg_bg_mask/{mask}", right, 30, optimise=True)
                    depth = np.asarray(_depth(b, side) * 25.5, np.uint8)
                    _pil_save(root / f"fg_bg_depth/fg_{f:03}_bg_{b:03}_depth_{counter - 1:06}.png", depth)
                    lines.append(f"{name}\t{mask}\t{x}\t{y}\n")
                    truth[f"fg_bg/{name}"] = Truth(int(x), int(y), right > 0)
    (root / "labels").mkdir(parents=True)
    (root / "labels/labels.txt").write_text("".join(lines))
    return truth


TEAMS: dict[str, Callable[[Path, int, int], dict[str, Truth]]] = {
    "classroom-192": classroom, "street-224": street, "office-224": office, "layers-150": layers, "course-200": course,
}  # fmt: skip


def hand_made(root: Path, preset: str, n: int = 2, k: int = 2) -> HandMade:
    """The dataset of a preset's model: ``n`` backgrounds and foregrounds, plain and mirrored, ``k`` placements."""
    return HandMade(root, TEAMS[preset](root, n, k))
