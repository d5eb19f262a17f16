"""How well photos are cut, in one table: by rectangle, lasso, saliency network, and after strokes.

    python benchmarks/cutout.py [--data ../shared/data/grabcut] [--saliency MODEL.tflite] [--json FILE]

The folder holds ``images``, ``truth`` (0 background, 255 object, 128 not scored), ``rect`` (128 inside the
user's rectangle) and ``lasso`` (up to 64 background, 128 undecided, 255 object); files match by their names.
A column gives intersection over union, and ``rect_s`` and ``lasso_s`` the seconds of this program's first
answers; ``again_s`` is its answer after a stroke (the median). Plain GrabCut runs five iterations on the whole
photo; where OpenCV fails it scores 0.

``strokes_90`` and ``strokes_95`` count what a simulated user needs after the rectangle to reach a score of
0.90 and 0.95: each stroke is a dot in the middle of the largest wrong region, as large as fits with room to
spare. Who is not there after 20 strokes counts as 21.

With a saliency network: ``saliency`` is its map cut at a half, ``sal_plain`` the plain chain, in which the map
cut at a half gives ``cv2.grabCut`` its probable labels, and ``sal_ours`` this program's first guess. ``rect_net`` and
``lasso_net`` are the answers to rectangle and lasso with what the network sees in them, ``look_s`` the seconds that it
looks into a rectangle, and ``net_90`` and ``net_95`` the strokes that ``rect_net`` needs.

Below the table, ``fold`` are the means of every fifth photo: how much they differ says how far a mean of so few photos
is chance. Then come the ten photos that are cut worst, and those where plain GrabCut is better by the most.
``large_ms`` is the median from the end of a stroke to the new mask on a photo of 12 megapixels, made from each of
three photos by enlarging it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.errors import FgbgError, PictureError
from fgbg_studio.core.cutting.saliency import guess_with, look_at
from fgbg_studio.core.cutting.seeds import SURE_BACKGROUND, SURE_OBJECT
from fgbg_studio.core.cutting.segmenters import Segmenter
from fgbg_studio.core.cutting.segmenters.grabcut.session import GrabCutSession
from fgbg_studio.core.imaging.finding import find_pictures
from fgbg_studio.core.imaging.reading import read_rgb, read_trimap
from fgbg_studio.core.imaging.regions import extent
from fgbg_studio.core.networks.network import Network, open_network

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "grabcut"
ITERATIONS = 5
GOALS = (0.90, 0.95)
FOLDS = 5
PATIENCE = 20  # strokes of the simulated user
COSTS = ("_s", "_90", "_95")  # columns in which more is worse
LARGE = 12_000_000  # pixels
LARGEST_DOT = 0.03  # its radius, of the photo's longer side


@dataclass(frozen=True)
class Row:
    """One photo's scores (0..1), times (seconds) and numbers of strokes; a column of the table each."""

    plain_rect: float
    plain_lasso: float
    rect: float
    lasso: float
    rect_s: float
    lasso_s: float
    again_s: float
    strokes_90: int
    strokes_95: int
    saliency: float | None = None
    sal_plain: float | None = None
    sal_ours: float | None = None
    rect_net: float | None = None
    lasso_net: float | None = None
    look_s: float | None = None
    net_90: int | None = None
    net_95: int | None = None


def score(found: Pixels, truth: Pixels) -> float:
    """Intersection over union, without the truth's undecided border."""
    use = truth != 128
    one, other = (found > 0) & use, (truth == 255) & use
    return int(np.count_nonzero(one & other)) / max(1, int(np.count_nonzero(one | other)))


def plain(rgb: Pixels, labels: Pixels, box: Box | None) -> Pixels:
    """OpenCV's answer, (H, W) 0 or 1; all 0 where it fails."""
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    mode = cv2.GC_INIT_WITH_MASK if box is None else cv2.GC_INIT_WITH_RECT
    try:
        cv2.grabCut(rgb[..., ::-1].copy(), labels, box or (0, 0, 0, 0), *models, ITERATIONS, mode)
    except cv2.error:
        return np.zeros_like(labels)
    return np.asarray(labels & 1, np.uint8)


def correct(session: GrabCutSession, truth: Pixels) -> None:
    """The simulated user's next stroke: a dot in the middle of the largest wrong region."""
    wrong = (((session.mask > 0) != (truth == 255)) & (truth != 128)).astype(np.uint8)
    _, labels, figures, _ = cv2.connectedComponentsWithStats(wrong)
    largest = (labels == 1 + int(figures[1:, cv2.CC_STAT_AREA].argmax())).astype(np.uint8)
    # Padded: what lies outside the photo is not wrong, so that the middle keeps off the photo's edge too.
    depth = cv2.distanceTransform(np.pad(largest, 1), cv2.DIST_L2, 5)[1:-1, 1:-1]
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    radius = min(0.6 * float(depth[y, x]), LARGEST_DOT * max(truth.shape))
    session.add_stroke(((x + 0.5, y + 0.5),), radius, object=bool(truth[y, x] == 255))


def corrected(session: GrabCutSession, truth: Pixels) -> tuple[list[int], list[float]]:
    """The strokes that each of `GOALS` takes, and the seconds of each answer."""
    scores = [score(session.mask, truth)]
    seconds: list[float] = []
    while max(scores) < max(GOALS) and len(seconds) < PATIENCE:
        correct(session, truth)
        seconds.append(timed(session.run))
        scores.append(score(session.mask, truth))
    return [next((i for i, found in enumerate(scores) if found >= goal), PATIENCE + 1) for goal in GOALS], seconds


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def guessed(rgb: Pixels, truth: Pixels, network: Network) -> tuple[float, float, float]:
    """The scores of the map alone, of the plain chain and of this program's first guess."""
    matte = cv2.resize(network(rgb[None])[0], truth.shape[::-1], interpolation=cv2.INTER_LINEAR)
    alone = (matte >= 0.5).astype(np.uint8)
    chain = plain(rgb, np.where(alone > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8), None)
    ours = Segmenter.default().prepare(rgb).cut((guess_with(network, rgb),)) >= 128
    return score(alone, truth), score(chain, truth), score(ours.astype(np.uint8), truth)


def looked(rgb: Pixels, truth: Pixels, rect: Pixels, lasso: Pixels, network: Network) -> tuple[float, ...]:
    """The scores of rectangle and lasso with the network, the seconds of a look at the first, strokes after it."""
    sessions, seconds = [GrabCutSession(rgb), GrabCutSession(rgb)], []
    for session, trimap in zip(sessions, (rect, lasso), strict=True):
        session.set_trimap(trimap)
        begun = time.perf_counter()
        session.take(look_at(network, rgb, trimap))
        seconds.append(time.perf_counter() - begun)
        session.run()
    scores = [score(session.mask, truth) for session in sessions]
    strokes, _ = corrected(sessions[0], truth)
    return *scores, seconds[0], *strokes


def large_seconds(data: Path, photo: Path, strokes: int = 5) -> list[float]:
    """Of the answers to strokes on the photo enlarged to 12 megapixels."""
    rgb, rect = read_rgb(photo), read_trimap(data / "rect" / f"{photo.stem}.png")
    scale = (LARGE / (rect.shape[0] * rect.shape[1])) ** 0.5
    session = GrabCutSession(np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)))
    x, y, width, height = (round(length * scale) for length in extent(rect == 128))
    session.set_rectangle((x, y, width, height))
    session.run()
    seconds = []
    for i in range(strokes):
        at = (x + width * (i + 1) / (strokes + 1), y + height / 2)
        session.add_stroke((at, (at[0], at[1] + height / 10)), 20, object=i % 2 == 0)
        seconds.append(timed(session.run))
    return seconds


def measured(data: Path, photo: Path, network: Network | None) -> Row:
    rgb = read_rgb(photo)
    truth, rect, lasso = (read_trimap(data / kind / f"{photo.stem}.png") for kind in ("truth", "rect", "lasso"))
    box = extent(rect == 128)
    seeds = np.full(lasso.shape, cv2.GC_PR_FGD, np.uint8)
    seeds[lasso <= SURE_BACKGROUND], seeds[lasso >= SURE_OBJECT] = cv2.GC_BGD, cv2.GC_FGD
    by_rect, by_lasso = GrabCutSession(rgb), GrabCutSession(rgb)
    by_rect.set_rectangle(box)
    by_lasso.set_trimap(lasso)
    rect_s, lasso_s = timed(by_rect.run), timed(by_lasso.run)
    scores = score(by_rect.mask, truth), score(by_lasso.mask, truth)
    strokes, seconds = corrected(by_rect, truth)
    if not seconds:  # nothing to correct: an answer after a stroke is timed all the same
        by_rect.add_stroke(((box[0] + box[2] / 2, box[1] + box[3] / 2),), 5, object=True)
        seconds = [timed(by_rect.run)]
    return Row(
        score(plain(rgb, np.zeros_like(lasso), box), truth),
        score(plain(rgb, seeds, None), truth),
        *scores,
        rect_s,
        lasso_s,
        float(np.median(seconds)),
        *strokes,
        *((*guessed(rgb, truth, network), *looked(rgb, truth, rect, lasso, network)) if network else ()),
    )


cv2.setNumThreads(1)  # as in the program


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    parser.add_argument("--saliency", metavar="MODEL", help="a saliency network's file, or its name in the catalogue")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures there")
    options = parser.parse_args(arguments)
    keys = [field.name for field in fields(Row) if options.saliency or field.default is MISSING]
    rows: dict[str, dict[str, float]] = {}
    try:
        network = open_network(options.saliency, threads=2) if options.saliency else None
        photos = find_pictures([options.data / "images"])
        if not photos:
            raise PictureError(f"{options.data / 'images'} holds no photos", "Give their folder: --data FOLDER")
        print(f"{'photo':12}" + "".join(f"{key:>12}" for key in keys))
        for photo in photos:
            row = asdict(measured(options.data, photo, network))
            rows[photo.stem] = {key: row[key] for key in keys}
            print(line(photo.stem, rows[photo.stem]), flush=True)
        large = 1000 * float(np.median([value for photo in photos[:3] for value in large_seconds(options.data, photo)]))
    except FgbgError as error:
        print(error, file=sys.stderr)
        return 1
    columns = {key: [row[key] for row in rows.values()] for key in keys}
    mean = {key: float(np.mean(values)) for key, values in columns.items()}
    worst = {key: float((max if key.endswith(COSTS) else min)(values)) for key, values in columns.items()}
    folds = [{key: float(np.mean(values[one::FOLDS])) for key, values in columns.items()} for one in range(FOLDS)]
    print(line("mean", mean))
    print(line("worst", worst))
    for number, fold in enumerate(folds if len(rows) >= FOLDS else ()):
        print(line(f"fold {number + 1}", fold))
    for key in ("rect", "rect_net") if options.saliency else ("rect",):
        lost = sorted(rows, key=lambda name: rows[name][key] - rows[name]["plain_rect"])[:2]
        print(f"worst ten by {key}: " + ", ".join(sorted(rows, key=lambda name: rows[name][key])[:10]))
        print(
            "  most behind plain: "
            + ", ".join(f"{name} {rows[name][key] - rows[name]['plain_rect']:+.3f}" for name in lost)
        )
    print(f"large_ms {large:.0f}")
    if options.json:
        figures = {"mean": mean, "worst": worst, "folds": folds, "large_ms": large, "photos": rows}
        options.json.write_text(json.dumps(figures))
    return 0


def line(name: str, values: dict[str, float]) -> str:
    return f"{name:12}" + "".join(f"{value:12.3f}" for value in values.values())


if __name__ == "__main__":
    sys.exit(main())
