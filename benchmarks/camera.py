"""How well the camera is found in depth: rooms whose camera is known, and frames of RGB-D data sets.

python -m benchmarks.camera [--rooms 100] [--frames FOLDER] [--network FILE]

FOLDER has depth.png and the picture, of any ending, in tum and redwood. With a network its depth is also brought to the
metres of the camera that was found in the measured one, and both are compared with that.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.camera import GroundView
from fgbg_studio.core.depth.aligned import align
from fgbg_studio.core.imaging.finding import find_pictures
from fgbg_studio.core.imaging.reading import read_rgb
from fgbg_studio.core.networks.network import Network, open_network
from fgbg_studio.core.placement.ground import GroundPlane, Lens, find_ground
from tests.helpers.rooms import Box, Room, room

FRAMES = {"tum": 5000, "redwood": 1000}


def random_room(seed: int) -> Room:
    """Furniture, camera and noise by chance; of the floor at least 5 % of the picture is seen."""
    rng = np.random.default_rng(seed)
    while True:
        boxes: list[Box] = []
        for _ in range(rng.integers(0, 6)):
            left, near = rng.uniform(-2.2, 1.4), rng.uniform(1.0, 3.6)
            bottom = rng.choice([0.0, 0.0, 0.68])
            top = bottom + 0.05 if bottom else rng.uniform(0.3, 1.9)
            boxes.append(((left, left + rng.uniform(0.3, 1.8)), (bottom, top), (near, near + rng.uniform(0.3, 1.8))))
        made = room(
            height=rng.uniform(0.4, 2.2), pitch=rng.uniform(-2, 45), roll=rng.uniform(-6, 6), boxes=tuple(boxes),
            wall=rng.uniform(2.5, 6), noise=rng.uniform(0.3, 2), seed=seed, focal=rng.uniform(200, 400),
        )  # fmt: skip
        if made.floor.mean() >= 0.05 and np.isfinite(made.depth).any():
            return made


def aligned_rooms(count: int) -> None:
    """Print how well depth without scale and shift is brought to metres in rooms whose camera is known."""
    rng, errors, seconds = np.random.default_rng(7), [], []
    for seed in range(count):
        seen = random_room(1000 + seed)
        left = (seen.depth.shape[1] - len(seen.depth)) // 2
        truth = seen.depth[:, left : left + len(seen.depth)]
        whole = cv2.medianBlur(np.where(np.isnan(truth), np.nanmedian(truth), truth).astype(np.float32), 5)
        # A network's own errors: up to 10 %, smooth.
        bent = cv2.resize(
            rng.uniform(0.9, 1.1, (4, 4)).astype(np.float32), whole.shape[::-1], interpolation=cv2.INTER_CUBIC
        )
        told = 1 / whole * bent * rng.uniform(0.1, 10) + rng.uniform(0, 0.5)
        view = GroundView(
            len(truth), seen.lens.fy, seen.horizon + 0.5, seen.height, np.inf, 1.7, seen.lens.cy + 0.5
        )  # fmt: skip
        began = time.process_time()
        found = align((1 / told).astype(np.float32), view)
        seconds.append(time.process_time() - began)
        errors.append(np.inf if found is None else _abs_rel(found, truth))
    print(
        f"aligned: {np.isfinite(errors).sum()} of {count} rooms, AbsRel median {np.median(errors):.3f}, under 0.1 in"
        f" {np.mean(np.array(errors) < 0.1):.0%}, {np.median(seconds) * 1000:.0f} ms of processor each"
    )


def aligned_frame(name: str, ground: GroundPlane, truth: DepthMap, picture: Path, network: Network) -> None:
    """Print how far a network's depth of a frame's middle square is off, as it says it and in the camera's metres."""
    rows, columns = truth.shape
    left = (columns - rows) // 2
    square, truth = read_rgb(picture)[:, left : left + rows], truth[:, left : left + rows]
    own = cv2.resize(network(np.ascontiguousarray(square)[None])[0], (rows, rows), interpolation=cv2.INTER_LINEAR)
    view = GroundView(
        rows, ground.lens.fy, ground.horizon(columns / 2) + 0.5, ground.height, np.inf, 1.7, ground.lens.cy + 0.5
    )  # fmt: skip
    found = align(own, view)
    said = "no ground" if found is None else f"{_abs_rel(found, truth):.3f}"
    print(f"{name}: AbsRel of {network.name} {_abs_rel(own, truth):.3f}, in the camera's metres {said}")


def _abs_rel(found: DepthMap, truth: DepthMap) -> float:
    known = np.isfinite(truth) & np.isfinite(found)
    return float(np.mean(np.abs(found - truth)[known] / truth[known]))


def main() -> None:
    """Print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=100)
    parser.add_argument("--frames", type=Path)
    parser.add_argument("--network", type=Path)
    chosen = parser.parse_args()
    errors, seconds = [], []
    for seed in range(chosen.rooms):
        seen = random_room(1000 + seed)
        began = time.process_time()
        found = find_ground(seen.depth, seen.lens)
        seconds.append(time.process_time() - began)
        if found is None:
            errors.append((np.inf, np.inf, 0.0))
            continue
        overlap = np.count_nonzero(found.floor & seen.floor) / np.count_nonzero(found.floor | seen.floor)
        off = abs(found.horizon(seen.lens.cx) - seen.horizon) / len(seen.depth)
        errors.append((off, abs(found.height / seen.height - 1), overlap))
    horizon, height, floor = np.array(errors).T
    print(f"{chosen.rooms} rooms, {np.median(seconds) * 1000:.0f} ms of processor each (320 x 240)")
    print(f"horizon: median {np.median(horizon):.2%} of the frame off, within 2 % in {np.mean(horizon <= 0.02):.0%}")
    print(f"camera height: median {np.median(height):.2%} off, within 5 % in {np.mean(height <= 0.05):.0%}")
    print(f"floor: median IoU {np.median(floor):.3f}, at least 0.85 in {np.mean(floor >= 0.85):.0%}")
    worst = np.argsort(-horizon)[:5]
    told = [f"{1000 + int(i)} ({horizon[i]:.1%}, {height[i]:.1%}, {floor[i]:.2f})" for i in worst]
    print("worst rooms:", ", ".join(told))
    aligned_rooms(chosen.rooms)
    network = open_network(chosen.network) if chosen.network else None
    for name, steps in FRAMES.items() if chosen.frames else ():
        depth = cv2.imread(str(chosen.frames / name / "depth.png"), cv2.IMREAD_UNCHANGED).astype(np.float32) / steps
        depth[depth == 0] = np.nan
        found = find_ground(depth, Lens(525, 525, 319.5, 239.5))
        assert found is not None
        print(
            f"{name}: horizon {found.horizon(319.5) / 480:.1%}, height {found.height:.3f} m, pitch {found.pitch:.1f}°,"
            f" floor {found.floor.mean():.1%}, {found.residual * 1000:.1f} mm off"
        )
        if network is not None:
            picture = next(one for one in find_pictures([chosen.frames / name]) if one.stem != "depth")
            aligned_frame(name, found, depth, picture, network)


if __name__ == "__main__":
    main()
