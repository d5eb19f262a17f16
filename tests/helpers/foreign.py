"""Datasets as five teams made them by hand: files and names alone, nothing of this program's."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from fgbg_studio.core.base.arrays import AnyPixels, Pixels

SIDE = 48
Named = tuple[str, AnyPixels]


def composite(number: int, side: int = SIDE) -> Pixels:
    """(side, side, 3) with a pattern of its own."""
    return np.random.default_rng(number).integers(0, 256, (side, side, 3), np.uint8)


def mask(number: int, side: int = SIDE) -> Pixels:
    """(side, side), a white disc on black."""
    rows, columns = np.mgrid[:side, :side]
    disc = np.hypot(rows - side / 2, columns - side / 3 - number % 7) < side / 5 + number % 5
    return np.where(disc, np.uint8(255), np.uint8(0))


def depth(number: int, side: int = SIDE) -> Pixels:
    """(side, side), a floor that comes nearer with every row."""
    return np.broadcast_to(np.linspace(200 - number % 9, 20, side)[:, None], (side, side)).astype(np.uint8)


def classroom(count: int) -> Iterator[Named]:
    for i in range(count):
        name = f"fg{i + 1:03}{'flip' if i % 2 else ''}_bg{i + 1:03}_{i + 1:02}.jpg"
        yield f"fg_bg_images/{name}", composite(i)
        yield f"fg_bg_mask_images/{name}", mask(i)
        yield f"fg_bg_depth_images/{name}", depth(i)
    for i in range(2):
        yield f"bg_images/img_{i + 1:03}.jpg", composite(100 + i)
        yield f"fg_images/img_{i + 1:03}.jpg", composite(200 + i, 20)
        yield f"fg_mask_images/img_{i + 1:03}.jpg", mask(i, 20)


def street(count: int) -> Iterator[Named]:
    for i in range(count):
        folder = f"bg_{i % 2:02}"
        name = f"{folder}/{folder}_fg_{i:02}_{'TF'[i % 2]}_{i:06}.jpg"
        yield f"fg_bg/{name}", composite(i)
        yield f"fg_bg_masks/{name}", mask(i)
        yield f"fg_bg_depth/{name}", depth(i)
    for i in range(2):
        yield f"bg/bg_{i:02}.jpg", composite(100 + i)
        yield f"fg/fg_{i:02}.png", np.dstack([composite(200 + i, 20), mask(i, 20)])
        yield f"fg_mask/fg_{i:02}.jpg", mask(i, 20)


def office(count: int) -> Iterator[Named]:
    for i in range(count):
        flip = "_01" if i % 2 else ""
        yield f"fg_bg/bg{i:03}_fg{i:03}{flip}_{i + 1:03}.jpeg", composite(i)
        yield f"fg_bg_mask/bg{i:03}_fg{i:03}{flip}_{i + 1:03}.png", mask(i)
        yield f"fg_bg_depth/bg_{i:03}_fg_{i:03}{flip}_{i + 1:03}_depth_map_{i + 1:03}.jpeg", depth(i)
    for i in range(2):
        yield f"bg/bg{i + 1:03}.jpeg", composite(100 + i)
        yield f"fg/fg{i + 1:03}.png", np.dstack([composite(200 + i, 20), mask(i, 20)])
        yield f"fg_mask/frg{i + 1:03}.png", mask(i, 20)


def layers(count: int, folder: str = "fgbg150_") -> Iterator[Named]:
    for i in range(count):
        name = f"bg{i + 1}_{i % 4}_{i % 5}_{'flip_' if i % 2 else ''}fg_{i + 1}.jpg"
        yield f"{folder}{i + 1}/{name}", composite(i)
        yield f"mask_{folder}{i + 1}/mask_{name}", mask(i)
        yield f"depth_{folder}{i + 1}/depth_{name}", depth(i)
    for i in range(2):
        yield f"bg/bg{i + 1}.jpg", composite(100 + i)
        yield f"fg/fg_{i + 1}.png", np.dstack([composite(200 + i, 20), mask(i, 20)])
        yield f"fg_mask/fg_{i + 1}.png", mask(i, 20)


def course(count: int) -> Iterator[Named]:
    for i in range(count):
        yield f"fg_bg/fg_{i:03}_bg_{i:03}_{i:06}.jpg", composite(i)
        yield f"fg_bg_mask/fg_{i:03}_bg_{i:03}_mask_{i:06}.jpg", mask(i)
        yield f"fg_bg_depth/fg_{i:03}_bg_{i:03}_depth_{i:06}.jpg", depth(i)
    for i in range(2):
        yield f"bg/bg_{i:03}.jpg", composite(100 + i)
        yield f"fg/fg_{i:03}.png", np.dstack([composite(200 + i, 20), mask(i, 20)])
        yield f"fg_mask/fg_{i:03}.jpg", mask(i, 20)


FIVE: dict[str, Callable[[int], Iterator[Named]]] = {
    "classroom": classroom, "street": street, "office": office, "layers": layers, "course": course,
}  # fmt: skip


def save(path: Path, pixels: AnyPixels, quality: int = 95) -> Path:
    """``pixels`` as a file by Pillow: another encoder than the program's own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, quality=quality)
    return path


def by_hand(root: Path, team: str, count: int = 6) -> Path:
    """The dataset of one of the five teams."""
    for name, pixels in FIVE[team](count):
        save(root / name, pixels)
    return root


def zipped(root: Path, to: Path, *, flat: bool, deflated: bool) -> Path:
    """Every folder of ``root`` as one ZIP of its name, its files at the archive's root or in the folder."""
    to.mkdir()
    method = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    for folder in sorted(root.iterdir()):
        with zipfile.ZipFile(to / f"{folder.name}.zip", "w", method) as archive:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                archive.write(path, path.relative_to(folder if flat else root).as_posix())
    return to


def without(root: Path, *patterns: str) -> Path:
    """``root`` less the files and folders that match."""
    for pattern in patterns:
        for path in list(root.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return root
