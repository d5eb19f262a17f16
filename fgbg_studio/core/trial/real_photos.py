"""A trained network on real photos: what it learned of pictures that nobody composed.

The folder has ``images`` and ``masks`` (a mask has its photo's name; 255 the object, 0 none, anything between is left
out), ``rgb`` and ``depth`` (a depth map has its photo's name), or one of the two pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import DepthMap, Pixels
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.files import natural_key
from fgbg_studio.core.imaging.measured_depth import read_depth, unit_of
from fgbg_studio.core.imaging.reading import read_rgb, read_trimap
from fgbg_studio.core.networks.network import fit
from fgbg_studio.core.trial.feeding import TrainFigures
from fgbg_studio.core.trial.metrics import (
    Mask,
    Scores,
    abs_rel,
    boundary_f,
    delta1,
    dice,
    mask_iou,
    mean_scores,
    rmse,
    ssim,
)
from fgbg_studio.core.trial.pictures import TrialBatch
from fgbg_studio.core.trial.scoring import SURE, Trained

MASKS, DEPTHS, SCALED = "photos", "depth", "depth, scaled to the truth's median"
EVERYTHING, CONSTANT = "photos: the whole picture", "depth: the same everywhere, scaled"


class RealPhoto(NamedTuple):
    """A photo whose mask is known.

    Attributes:
        name: of its file.
        rgb: (H, W, 3) uint8.
        truth: (H, W) bool.
        known: (H, W) bool, where the truth says something.
    """

    name: str
    rgb: Pixels
    truth: Mask
    known: Mask


def scores_of(network: Trained, folder: Path, unit: str) -> dict[str, Scores]:
    """How a network that sees the picture alone does on all of the folder, and what costs nothing beside it.

    Raises:
        UsageError: the folder has neither pair, or a photo lacks its mask or depth.
        PictureError: a picture is damaged.
    """
    found: dict[str, Scores] = {}
    if network.shape.masks and (folder / "images").is_dir():
        rows = [_of_mask(network, photo) for photo in photos(folder)]
        found[MASKS] = mean_scores(one for one, _ in rows)
        found[EVERYTHING] = mean_scores(one for _, one in rows)
    if network.shape.depths and (folder / "rgb").is_dir():
        depths = [_of_depth(network, rgb, truth) for rgb, truth in frames(folder, unit)]
        found |= {name: mean_scores(one[name] for one in depths) for name in (DEPTHS, SCALED, CONSTANT)}
    if not found:
        raise UsageError(
            f"{folder} has neither images with masks nor rgb with depth for what the network gives",
            "Put photos into 'images' and their masks into 'masks', or frames into 'rgb' and 'depth'",
        )
    return found


def photos(folder: Path) -> Iterator[RealPhoto]:
    """The photos of the folder with their masks."""
    for path, other in _pairs(folder / "images", folder / "masks"):
        rgb, plane = read_rgb(path), read_trimap(other)
        if plane.shape != rgb.shape[:2]:
            raise UsageError(f"{other} has another size than {path}", "Give a mask of the photo's own size")
        yield RealPhoto(path.name, rgb, plane == 255, (plane == 0) | (plane == 255))


def frames(folder: Path, unit: str) -> Iterator[tuple[Pixels, DepthMap]]:
    """The frames of the folder: (H, W, 3) uint8, and (h, w) float32 in metres, NaN where nothing was measured."""
    for path, other in _pairs(folder / "rgb", folder / "depth"):
        yield read_rgb(path), read_depth(other, None if unit == "metres" else unit_of(unit))


def seen_mask(network: Trained, rgb: Pixels) -> NDArray[np.float32]:
    """(H, W) float32, 0..1: how sure the network is of each place of a photo."""
    masks = network(_alone(network, rgb)).masks
    assert masks is not None
    return np.asarray(cv2.resize(masks[0], rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _pairs(pictures: Path, others: Path) -> list[tuple[Path, Path]]:
    by_stem = {path.stem: path for path in others.iterdir() if path.is_file()} if others.is_dir() else {}
    found = []
    for path in sorted(pictures.iterdir(), key=lambda one: natural_key(one.name)):
        if path.name.startswith(".") or not path.is_file():
            continue
        if path.stem not in by_stem:
            raise UsageError(f"{path} has nothing of its name in {others}", "Add it, or take the photo out")
        found.append((path, by_stem[path.stem]))
    if not found:
        raise UsageError(f"{pictures} is empty", "Put photos into it")
    return found


def _alone(network: Trained, rgb: Pixels) -> TrialBatch:
    side = network.shape.side
    return TrialBatch(fit(rgb, (side, side))[None], None, None, None, ("",), np.zeros(1, np.int64))


def _of_mask(network: Trained, photo: RealPhoto) -> tuple[dict[str, float], dict[str, float]]:
    """The figures of the network, and of calling the whole picture the object."""
    mask = seen_mask(network, photo.rgb) >= SURE
    return _figures(mask, photo), _figures(np.ones_like(mask), photo)


def _figures(mask: Mask, photo: RealPhoto) -> dict[str, float]:
    within = mask & photo.known  # an outline in what is left out is nobody's
    return {
        "iou": mask_iou(mask, photo.truth, photo.known),
        "dice": dice(mask, photo.truth, photo.known),
        "boundary_f": boundary_f(within, photo.truth),
    }


def _of_depth(network: Trained, rgb: Pixels, truth: DepthMap) -> dict[str, dict[str, float]]:
    depths = network(_alone(network, rgb)).depths
    assert depths is not None
    depth = np.asarray(cv2.resize(depths[0], truth.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    valid, figures = np.isfinite(truth), network.normalise
    middle = float(np.median(truth[valid]))
    scaled = depth * np.float32(middle / max(float(np.median(depth[valid])), 1e-6))
    flat = np.full_like(depth, middle)
    return {
        DEPTHS: _of_map(depth, truth, figures),
        SCALED: _of_map(scaled, truth, figures),
        CONSTANT: _of_map(flat, truth, figures),
    }


def _of_map(depth: DepthMap, truth: DepthMap, figures: TrainFigures) -> dict[str, float]:
    return {
        "delta1": delta1(depth, truth), "abs_rel": abs_rel(depth, truth), "rmse": rmse(depth, truth),
        "ssim": ssim(depth, truth, figures.span),
    }  # fmt: skip
