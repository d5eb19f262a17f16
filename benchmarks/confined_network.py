"""What a process of its own costs a network of the catalogue: the same batches apart and in this process, in turns.

python benchmarks/confined_network.py fast_depth_224.tflite --turns 100
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.networks.network import Network, open_network


def seconds(network: Network, pictures: NDArray[np.uint8]) -> float:
    begun = time.perf_counter()
    network(pictures)
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--turns", type=int, default=40)
    options = parser.parse_args()
    apart, here = (open_network(options.model, here=here) for here in (False, True))
    size = apart.description.width, apart.description.height
    pictures = np.random.default_rng(0).integers(0, 256, (1, size[1], size[0], 3), np.uint8)
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(options.turns):
        for network, taken in zip((apart, here), times, strict=True):
            taken.append(seconds(network, pictures))
    one, two = (1e3 * statistics.median(taken) for taken in times)
    # Of two neighbours in time: what else the machine does counts for both.
    ratio = statistics.median(a / b for a, b in zip(*times, strict=True))
    print(f"{options.model.name} {size[0]} × {size[1]}: apart {one:.2f} ms, here {two:.2f} ms, ×{ratio:.3f}")


if __name__ == "__main__":
    main()
