"""What a process of its own costs a network of the catalogue: the same batches apart and in this process, in turns.

python benchmarks/confined_network.py fast_depth_224.tflite --turns 100 [--pictures 16]
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.networks.network import Network, open_network

IN_A_TURN = 5  # calls, as reading the processor's time takes some itself


def processor() -> float:
    """Seconds of processor time of this process and of those that it started, to the nanosecond; Linux says them."""
    tasks = list(Path("/proc/self/task").iterdir())
    below = {one for task in tasks for one in (task / "children").read_text().split()}
    tasks += [task for one in below for task in Path(f"/proc/{one}/task").iterdir()]
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def seconds(network: Network, pictures: NDArray[np.uint8]) -> tuple[float, float]:
    """By the clock and of processor time, for one picture."""
    busy, begun = processor(), time.perf_counter()
    for _ in range(IN_A_TURN):
        network(pictures)
    number = IN_A_TURN * len(pictures)
    return (time.perf_counter() - begun) / number, (processor() - busy) / number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--pictures", type=int, default=1, help="given at once, as a run does with a quick network")
    options = parser.parse_args()
    apart, here = (open_network(options.model, here=here) for here in (False, True))
    size = apart.description.width, apart.description.height
    pictures = np.random.default_rng(0).integers(0, 256, (options.pictures, size[1], size[0], 3), np.uint8)
    times: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for network in (apart, here):
        network(pictures)  # how quick it is, it knows only then
    for _ in range(options.turns):
        for network, taken in zip((apart, here), times, strict=True):
            taken.append(seconds(network, pictures))
    print(f"{options.model.name} {size[0]} × {size[1]}, {options.pictures} at once; of one picture")
    for column, name in enumerate(("by the clock", "of processor time")):
        apart_times, here_times = ([1e3 * one[column] for one in taken] for taken in times)
        # Of two neighbours in time: what else the machine does counts for both.
        ratio = statistics.median(a / b for a, b in zip(apart_times, here_times, strict=True))
        one, two = statistics.median(apart_times), statistics.median(here_times)
        print(f"{name}: apart {one:.2f} ms, here {two:.2f} ms, ×{ratio:.3f}")


if __name__ == "__main__":
    main()
