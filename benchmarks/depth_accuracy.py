"""How right a depth network is on pictures whose depth was measured.

    python benchmarks/depth_accuracy.py --model FILE_OR_NAME --pair FOLDER [--encoding nyu] [--json]

FOLDER holds ``rgb.npy`` (0..1 or uint8) and ``depth.npy`` (metres), or pictures and 16-bit depth PNGs whose
names differ only in words such as rgb, color, image, depth: ``rgb/0001.png`` and ``depth/0001.png``, or
``rgb_0001.jpg`` and ``sync_depth_0001.png``. Depth without a picture of its name goes to the picture nearest in
time, as in TUM's recordings. The measures are those of Eigen et al. 2014, over the pixels with a value, as the
mean over the pictures. A relative network is first brought to metres by the best scale and shift of 1 / depth
on each picture (Ranftl et al. 2020).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import FgbgError, UsageError
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.imaging.formats import SUFFIXES
from fgbg_studio.core.imaging.reading import read_rgb
from fgbg_studio.core.networks.description import Description, description_from
from fgbg_studio.core.networks.network import Network, open_network

Maps = NDArray[np.float32]
Pixels = NDArray[np.uint8]

PER_METRE = {"nyu": 1000.0, "tum": 5000.0, "redwood": 1000.0, "kitti": 256.0}
KEYS = ("delta1", "delta2", "delta3", "abs_rel", "rmse", "log10")
WORDS = {"rgb", "color", "colour", "colors", "image", "images", "sync", "depth", "depths", "groundtruth", "raw"}
SECONDS_APART = 0.02


def measure(depth: Maps, truth: Maps) -> dict[str, float]:
    """The six measures of ``depth`` against ``truth``, both in metres and of one shape, where truth is over 0."""
    valid = truth > 0
    d, t = np.maximum(depth[valid].astype(np.float64), 1e-3), truth[valid].astype(np.float64)
    ratio = np.maximum(d / t, t / d)
    return {
        "delta1": float((ratio < 1.25).mean()),
        "delta2": float((ratio < 1.25**2).mean()),
        "delta3": float((ratio < 1.25**3).mean()),
        "abs_rel": float((np.abs(d - t) / t).mean()),
        "rmse": float(np.sqrt(((d - t) ** 2).mean())),
        "log10": float(np.abs(np.log10(d / t)).mean()),
    }


def aligned(depth: Maps, truth: Maps) -> Maps:
    """Relative depth in metres, by the least-squares scale and shift between the two in 1 / depth."""
    valid = truth > 0
    near = 1 / depth[valid].astype(np.float64)
    columns = np.stack([near, np.ones_like(near)], axis=1)
    (scale, shift), *_ = np.linalg.lstsq(columns, 1 / truth[valid].astype(np.float64), rcond=None)
    metres: Maps = 1 / np.maximum(scale / depth + shift, 1 / truth.max())
    return metres.astype(np.float32)


def pairs(folder: Path, encoding: str | None) -> Iterator[tuple[Pixels, Maps]]:
    """The pictures of ``folder`` (H, W, 3) uint8 with their depth (h, w) in metres, 0 where there is none."""
    if (folder / "rgb.npy").exists():
        picture = np.load(folder / "rgb.npy")
        yield _bytes(picture), np.load(folder / "depth.npy").astype(np.float32)
        return
    if encoding is None:
        raise UsageError(
            f"{folder} holds depth in PNG files of an unknown scale", f"Add --encoding {'|'.join(PER_METRE)}"
        )
    for picture_path, depth_path in matched(folder):
        stored = decode(depth_path.read_bytes(), str(depth_path))
        yield read_rgb(picture_path), stored.astype(np.float32) / np.float32(PER_METRE[encoding])


def matched(folder: Path) -> list[tuple[Path, Path]]:
    """Each depth PNG under ``folder`` with its picture."""
    pictures: dict[tuple[str, ...], Path] = {}
    depths: dict[tuple[str, ...], Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            place = path.relative_to(folder).with_suffix("").as_posix().lower()
            words = re.split(r"[^a-z0-9.]+", place)
            kind = depths if any(word.startswith("depth") for word in words) else pictures
            kind[tuple(word for word in words if word not in WORDS)] = path
    found = []
    for key, path in depths.items():
        picture = pictures.get(key) or _nearest_in_time(path, list(pictures.values()))
        if picture is not None:
            found.append((picture, path))
    if not found:
        raise UsageError(f"{folder} holds no picture with a depth PNG", "See the names in --help")
    return found


def _nearest_in_time(depth: Path, pictures: list[Path]) -> Path | None:
    """The picture taken when ``depth`` was, by names that are seconds."""
    timed = [(abs(_seconds(path) - _seconds(depth)), path) for path in pictures]
    apart, path = min(timed, default=(np.inf, depth))
    return path if apart <= SECONDS_APART else None


def _seconds(path: Path) -> float:
    return float(path.stem) if re.fullmatch(r"\d+\.\d+", path.stem) else np.inf


def _bytes(picture: NDArray[Any]) -> Pixels:
    scale = 1 if picture.dtype == np.uint8 else 255
    return np.rint(picture.astype(np.float64) * scale).astype(np.uint8)


def accuracy(network: Network, found: Iterator[tuple[Pixels, Maps]]) -> dict[str, float]:
    """The mean over the pictures of each measure."""
    rows = []
    for picture, truth in found:
        depth = network(picture[None])[0]
        if depth.shape != truth.shape:
            depth = cv2.resize(depth, truth.shape[::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32)
        rows.append(measure(depth if network.kind == "metric" else aligned(depth, truth), truth))
    return {key: float(np.mean([row[key] for row in rows])) for key in KEYS}


def _description(settings: Sequence[str]) -> Description | None:
    """``key=value`` settings as a description; values are JSON where they can be."""
    data = {}
    for setting in settings:
        key, _, value = setting.partition("=")
        try:
            data[key] = json.loads(value)
        except json.JSONDecodeError:
            data[key] = value
    return description_from(data) if data else None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", required=True, help="a network's file, or a name of the catalogue")
    parser.add_argument("--pair", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--encoding", choices=PER_METRE, help="of depth PNGs")
    parser.add_argument("--size", nargs=2, type=int, metavar=("WIDTH", "HEIGHT"), help="to run the network at")
    parser.add_argument("--describe", action="append", default=[], metavar="KEY=VALUE", help="the network's file")
    parser.add_argument("--threads", type=int, default=0, help="0 leaves it to the library")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    try:
        size = tuple(options.size) if options.size else None
        network = open_network(options.model, _description(options.describe), size=size, threads=options.threads)
        result = accuracy(network, pairs(options.pair, options.encoding))
    except (FgbgError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(result) if options.json else "\n".join(f"{key:8}{result[key]:.4f}" for key in KEYS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
