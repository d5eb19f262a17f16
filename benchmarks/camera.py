"""How well the camera is found in depth: rooms whose camera is known, and frames of RGB-D data sets.

python -m benchmarks.camera [--rooms 100] [--frames FOLDER]    # FOLDER has tum/depth.png and redwood/depth.png
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import cv2
import numpy as np

from fgbg_studio.core.placement.ground import Lens, find_ground
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


def main() -> None:
    """Print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=100)
    parser.add_argument("--frames", type=Path)
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
    for name, steps in FRAMES.items() if chosen.frames else ():
        depth = cv2.imread(str(chosen.frames / name / "depth.png"), cv2.IMREAD_UNCHANGED).astype(np.float32) / steps
        depth[depth == 0] = np.nan
        found = find_ground(depth, Lens(525, 525, 319.5, 239.5))
        assert found is not None
        print(
            f"{name}: horizon {found.horizon(319.5) / 480:.1%}, height {found.height:.3f} m, pitch {found.pitch:.1f}°,"
            f" floor {found.floor.mean():.1%}, {found.residual * 1000:.1f} mm off"
        )


if __name__ == "__main__":
    main()
