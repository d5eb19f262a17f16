"""What bounds a run on very many machines: simulated from what one shard takes, and what a storage says of itself.

    python -m benchmarks.cluster_model --shard-seconds 1.4 --marker-ms 2.5 --gbit 100

Nothing is measured here: times of a shard and of a marker are those that `benchmarks.cluster` prints on your machine,
the storage's are those of your provider; bandwidth is of all workers together. Each worker (one core) makes a shard,
then sends its archives and its marker over the one way there is, first come first served; at the end one machine reads
all markers, ``--passes`` times, so many at once as the program does. A worker that is slow or ends is not in it. A
price is nobody's but yours: ``--core-hour`` and ``--million-puts`` are multiplied with what was counted.
"""

from __future__ import annotations

import argparse
import heapq
from dataclasses import dataclass

SAMPLES, WORKERS = (10**6, 10**7, 10**8, 10**9), (1, 10, 100, 1000)


@dataclass(frozen=True)
class Cluster:
    """What is known: seconds, bytes, bytes a second, and of requests how many a second."""

    shard: int
    shard_seconds: float
    sample_bytes: float
    objects: int
    marker_bytes: float
    bandwidth: float
    driver: float
    puts: float
    latency: float
    marker_seconds: float
    passes: int
    at_once: int


@dataclass(frozen=True)
class Made:
    """What a run takes: seconds of making and of finishing, which part of the way is in use, and what bounds it."""

    making: float
    finishing: float
    way: float
    bound: str


def simulate(samples: int, workers: int, known: Cluster) -> Made:
    """Events are workers that have made a shard; each then waits for its turn on the way to the storage."""
    shards = -(-samples // known.shard)
    size = known.shard * known.sample_bytes + known.marker_bytes
    sending = max(size / known.bandwidth, (known.objects + 1) / known.puts)
    ready = [(known.shard_seconds, worker) for worker in range(min(workers, shards))]
    left, free, end = shards - len(ready), 0.0, 0.0
    while ready:
        made, worker = heapq.heappop(ready)
        free = max(made, free) + sending
        end = free + known.latency
        if left:
            left -= 1
            heapq.heappush(ready, (end + known.shard_seconds, worker))
    reading = max(known.marker_seconds, known.marker_bytes / known.driver, known.latency / known.at_once)
    finishing = known.passes * shards * reading
    way = shards * sending / end
    bound = "cores" if way < 0.9 else ("bandwidth" if size / known.bandwidth >= sending else "requests")
    return Made(end, finishing, way, "reading markers" if finishing > end else bound)


def main() -> None:
    """Print a table in Markdown, and what a run of 10^8 in an hour needs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shard", type=int, default=4000, help="samples")
    parser.add_argument("--shard-seconds", type=float, default=1.4, help="of one core")
    parser.add_argument("--sample-bytes", type=float, default=25e3)
    parser.add_argument("--objects", type=int, default=3, help="of a shard, beside its marker")
    parser.add_argument("--marker-bytes", type=float, default=650e3)
    parser.add_argument("--marker-ms", type=float, default=2.5, help="of a core, to read one")
    parser.add_argument("--passes", type=int, default=5, help="times that finishing reads each")
    parser.add_argument("--at-once", type=int, default=16, help="markers that are asked for at the same time")
    parser.add_argument("--gbit", type=float, default=100.0, help="of all workers together, to the storage")
    parser.add_argument("--driver-gbit", type=float, default=10.0, help="of the machine that finishes")
    parser.add_argument("--puts", type=float, default=3500.0, help="a second below one prefix")
    parser.add_argument("--latency", type=float, default=0.03, help="seconds of a request")
    parser.add_argument("--core-hour", type=float, help="your price")
    parser.add_argument("--million-puts", type=float, help="your price")
    said = parser.parse_args()
    known = Cluster(
        said.shard, said.shard_seconds, said.sample_bytes, said.objects, said.marker_bytes, said.gbit * 1e9 / 8,
        said.driver_gbit * 1e9 / 8, said.puts, said.latency, said.marker_ms / 1e3, said.passes, said.at_once,
    )  # fmt: skip
    print("| samples | workers | making | finishing | of the way | bound by |\n|--:|--:|--:|--:|--:|---|")
    for samples in SAMPLES:
        for workers in WORKERS:
            made = simulate(samples, workers, known)
            row = f"| {samples:.0e} | {workers:,} | {_time(made.making)} | {_time(made.finishing)} |"
            print(f"{row} {made.way:.0%} | {made.bound} |")
    hour, shards = 10**8, -(-(10**8) // known.shard)
    cores = shards * known.shard_seconds / 3600
    total = hour * known.sample_bytes + shards * known.marker_bytes
    requests = shards * (known.objects + 1)
    print(f"\n10^8 in an hour: {cores:,.0f} cores at work, {total / 1e12:.1f} TB, {total * 8 / 3600 / 1e9:.1f} Gbit/s,")
    print(f"{requests:,} objects, {requests / 3600:.0f} requests a second")
    if said.core_hour is not None:
        print(f"cores: {cores * said.core_hour:,.2f}")
    if said.million_puts is not None:
        print(f"requests: {requests / 1e6 * said.million_puts:,.2f}")


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:,.1f} h"


if __name__ == "__main__":
    main()
