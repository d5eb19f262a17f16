"""Composites with depth a second: each network, runtime and way, against the plain loop with the same network.

    python -m benchmarks.depth [--json FILE] [--densedepth FILE] [--sizes 192 224] [--only WORD ...]
    python -m benchmarks.depth --memory 20000     # what a worker holds after 2,000, 10,000 and 20,000 pictures
    python -m benchmarks.depth --gpu              # DenseDepth at 480 × 480 on what Keras's backend computes on

Every row is measured in one run, round by round, so that a machine whose speed drifts slows all rows alike; the
table gives medians of the rows and of their ratios to the plain loop of the same round. Where others use the
machine too, the milliseconds of processor are what can be compared. Rows:

- ``plain loop``: what a notebook does, in one process with all the threads that the library wants: PIL reads and
  resizes a composite, float64 over 255, `model.predict` on batches of 64, a JPEG to a temporary file, that into a
  ZIP. (A TFLite file has no `predict`: its interpreter is called for each picture.)
- everything else: shards of `generate`, one process a core: composites, masks, depth, statistics, files, sync. It
  includes making the composites, which the plain loop does not.

DenseDepth has random weights unless ``--densedepth`` names a file: they cost as much as others. What starts
before the first sample (processes, libraries, conversion) is not timed. On two cores all of it takes a quarter of
an hour at most, and 5 GB of disk until it ends.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import depth_extra
from benchmarks.depth_bench import BATCH, Bench, Measured, Row

# (words of the row's name, least pictures a second or None, least times the plain loop or None)
GOALS = (
    ("DenseDepth, network, TensorFlow float32", None, 1.3),
    ("DenseDepth, network, OpenVINO bfloat16", None, 2.2),
    ("FastDepth, network", 200.0, None),
    ("inserted, zip", 4000.0, None),
)
Found = dict[Row, list[Measured]]


def rows_of(arguments: argparse.Namespace) -> list[Row]:
    """All rows that this machine can run and that were asked for."""
    rows = []
    slow, quick, many = arguments.slow, arguments.quick, arguments.many
    for size in arguments.sizes:
        add = [
            Row("DenseDepth, plain loop", "densedepth", size, max(slow, BATCH), "plain"),
            Row("DenseDepth, network, TensorFlow float32", "densedepth", size, slow, "network"),
            Row("DenseDepth, network, TensorFlow bfloat16", "densedepth", size, slow, "network", precision="bfloat16"),
        ]
        if importlib.util.find_spec("openvino"):
            add += [
                Row(f"DenseDepth, network, OpenVINO {precision}", "densedepth", size, slow, "network",
                    runtime="openvino", precision=precision)
                for precision in ("float32", "bfloat16")
            ]  # fmt: skip
        add += [
            Row("FastDepth, plain loop", "fastdepth", size, quick, "plain"),
            Row("FastDepth, network, LiteRT", "fastdepth", size, quick, "network"),
        ]
        kinds = [("FastDepth, inserted", "inserted"), ("geometry", "geometry")]
        for writer in ("folders", "zip", "null"):
            add += [
                Row(f"{name}, {writer}", "fastdepth" if way == "inserted" else "", size, many, way, writer)
                for name, way in kinds
            ]
        add.append(Row("DenseDepth, inserted, zip", "densedepth", size, many, "inserted"))
        rows += add
    return [row for row in rows if all(word in f"{row.name} {row.size}" for word in arguments.only)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the tables, write the JSON."""
    options = _options(arguments)
    work = options.work or Path(tempfile.mkdtemp(prefix="fgbg-depth-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        said = _measure(Bench(options, work), options)
    finally:
        if not options.work:
            shutil.rmtree(work, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(said, indent=1))


def _measure(bench: Bench, options: argparse.Namespace) -> dict[str, Any]:
    begun = time.monotonic()
    if options.memory:
        marks = sorted({max(options.memory // part, 1) for part in (10, 2, 1)})
        said: dict[str, Any] = {"memory": depth_extra.memory(bench, marks, options.writer)}
        print(table(said["memory"]))
    elif options.gpu:
        said = {"gpu": depth_extra.gpu(bench, options.slow, options.side)}
        print(table(said["gpu"]))
    else:
        found, loads = measured(bench, options)
        said = {"workers": bench.workers, "rounds": options.rounds, "load": loads, "rows": compared(found)}
        print(f"{bench.workers} processes, load before each row {min(loads):.1f} to {max(loads):.1f}\n")
        print(table([{key: value for key, value in row.items() if key != "raw"} for row in said["rows"]]))
        said["png"] = [one for size in options.sizes for one in depth_extra.png(bench, size)] if options.png else []
        print("\n16-bit depth PNGs of one process:\n\n" + table(said["png"]) if said["png"] else "")
        said["goals"] = goals(said["rows"])
        print("\n".join(f"- {line}" for line in said["goals"]))
    said["minutes"] = (time.monotonic() - begun) / 60
    print(f"\n{said['minutes']:.1f} minutes", file=sys.stderr)
    return said


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    shared = Path(__file__).resolve().parents[2] / "shared"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=Path, default=shared / "data" / "scenes")
    parser.add_argument("--fastdepth", type=Path, default=shared / "models" / "fast_depth_224.tflite")
    parser.add_argument("--densedepth", type=Path, help="nyu.h5 or a file like it; random weights by default")
    parser.add_argument("--sizes", type=int, nargs="+", default=[192, 224])
    parser.add_argument("--slow", type=int, default=32, help="composites through DenseDepth")
    parser.add_argument("--quick", type=int, default=1000, help="composites through FastDepth")
    parser.add_argument("--many", type=int, default=8000, help="composites by the ways that run no network on them")
    parser.add_argument("--rounds", type=int, default=3, help="of all rows but DenseDepth's slow ones, which take one")
    parser.add_argument("--workers", type=int, default=depth_extra.cores())
    parser.add_argument("--only", nargs="*", default=[], help="rows whose name and size contain these words")
    parser.add_argument("--no-png", dest="png", action="store_false", help="leave the writing of PNGs alone out")
    parser.add_argument("--memory", type=int, help="measure memory instead, over so many pictures")
    parser.add_argument("--writer", default="zip", help="of --memory")
    parser.add_argument("--gpu", action="store_true", help="measure DenseDepth on a graphics card instead")
    parser.add_argument("--side", type=int, default=480, help="of --gpu's pictures")
    parser.add_argument("--work", type=Path, help="an empty folder to write in; a temporary one by default")
    parser.add_argument("--json", type=Path)
    return parser.parse_args(arguments)


def measured(bench: Bench, options: argparse.Namespace) -> tuple[Found, list[float]]:
    """All rows, round by round, and the machine's load before each."""
    rows, loads = rows_of(options), list[float]()
    found: Found = {row: [] for row in rows}
    for number in range(options.rounds):
        for row in rows:
            if row.slow and number:
                continue
            loads.append(os.getloadavg()[0])
            begun = time.monotonic()
            found[row].append(bench.measure(row))
            print(f"{number + 1}: {row.size} {row.name}: {found[row][-1].rate:,.1f} a second,"
                  f" {time.monotonic() - begun:.0f} s in all", file=sys.stderr)  # fmt: skip
    return found, loads


def compared(found: Found) -> list[dict[str, Any]]:
    """Medians, the median of the ratios to the plain loop of the same round, and where the time went."""
    said = []
    for row, values in found.items():
        loop = next((other for other in found if other.plain and same(row, other)), None)
        pairs = list(zip(values, found[loop] if loop else [], strict=False))
        phases = values[-1].phases
        busy = sum(phases.values()) or 1
        said.append({
            "size": row.size,
            "row": row.name,
            "a second": statistics.median(one.rate for one in values),
            "× plain": statistics.median(a.rate / b.rate for a, b in pairs) if pairs else None,
            "CPU ms": statistics.median(one.cpu for one in values),
            "CPU × plain": statistics.median(b.cpu / a.cpu for a, b in pairs) if pairs else None,
            **{f"{phase} %": 100 * phases[phase] / busy if phases else None for phase in ("depth", "encode", "write")},
            "raw": [one._asdict() for one in values],
        })  # fmt: skip
    return said


def same(row: Row, loop: Row) -> bool:
    """Whether ``loop`` is the plain loop that ``row`` is held against."""
    return (row.network, row.size) == (loop.network, loop.size)


def goals(rows: list[dict[str, Any]]) -> list[str]:
    """What was aimed at, and what was found."""
    lines = []
    for words, rate, times in GOALS:
        for row in rows:
            if words not in row["row"]:
                continue
            value, least = (row["a second"], rate) if rate else (row["× plain"], times)
            if value is not None and least is not None:
                unit = "a second" if rate else "× the plain loop"
                met = "met" if value >= least else "NOT MET"
                lines.append(f"{row['size']} {row['row']}: {value:,.1f}, goal {least:,.1f} {unit}: {met}")
    return lines


def table(rows: list[dict[str, Any]]) -> str:
    """A Markdown table of dictionaries with the same keys."""
    if not rows:
        return ""
    head = list(rows[0])
    right = ["--:" if not isinstance(rows[0][key], str) else "---" for key in head]
    lines = [head, right, *([_cell(row[key]) for key in head] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"
    return str(value)


if __name__ == "__main__":
    main()
