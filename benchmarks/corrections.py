"""What strokes and clicks mend after a rectangle's cut, by a simulated person, in one table.

    python benchmarks/corrections.py [--data ../shared/data/grabcut] [--json FILE]

The folder holds ``images``, ``truth`` (0 background, 255 object, 128 not scored) and ``rect`` (128 inside the
user's rectangle). The person looks for the largest wrong region and says what it is, in one of two ways: by a
``stroke`` along its middle, straight, as long as it stays in the middle but at most four times its depth, the
brush a third of its depth; or by a ``click`` with a brush that is never changed, a hundredth of the photo's
longer side. Then the photo is cut again, and so on.

Columns, after so many strokes: wrong pixels (per mille of what is scored), intersection over union, the F-measure
of the border (within 0.8 % of the diagonal, as DAVIS measures it), and half-transparent pixels (alpha 16 to 239)
where the truth is sure, per mille. ``to_98`` is the number of strokes to an intersection over union of 0.98 (21
where 20 are not enough), ``ms`` the median from the stroke to the mask, ``worse`` the number of strokes after
which more was wrong than before.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.raster import Points
from fgbg_studio.core.cutting.segmenters.grabcut.session import GrabCutSession
from fgbg_studio.core.imaging.finding import find_pictures
from fgbg_studio.core.imaging.reading import read_rgb, read_trimap
from fgbg_studio.core.imaging.regions import Region, extent

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "grabcut"
SHOWN = (0, 1, 2, 3, 5)  # numbers of strokes after which is measured
GOAL, PATIENCE = 0.98, 20
MODES = ("stroke", "click")
BRUSH, LENGTH, MIDDLE = 1 / 3, 4.0, 0.6  # of the region's depth: the stroke's radius, length, and what is its middle
CLICK = 0.01  # of the photo's longer side: the radius of a click's brush
TOLERANCE = 0.008  # of the diagonal: how far a border may lie from the true one


class Figures(NamedTuple):
    """Of one answer: per mille, 0..1, 0..1, per mille."""

    wrong: float
    overlap: float
    border: float
    half: float


class Course(NamedTuple):
    """Of one photo and mode: the figures after 0, 1, 2, … strokes, and the seconds of each answer."""

    figures: list[Figures]
    seconds: list[float]

    @property
    def to_goal(self) -> int:
        """How many strokes it took."""
        return next((i for i, found in enumerate(self.figures) if found.overlap >= GOAL), PATIENCE + 1)

    @property
    def worse(self) -> int:
        """After how many strokes more was wrong than before."""
        return sum(after.wrong > before.wrong for before, after in zip(self.figures, self.figures[1:], strict=False))


def figures_of(alpha: Pixels, truth: Pixels) -> Figures:
    scored, found, object_ = truth != 128, alpha >= 128, truth == 255
    wrong = (found != object_) & scored
    union = np.count_nonzero((found | object_) & scored)
    half = (alpha >= 16) & (alpha <= 239) & scored
    count = int(np.count_nonzero(scored))
    return Figures(
        1000 * np.count_nonzero(wrong) / count,
        np.count_nonzero(found & object_) / max(union, 1),
        border_f(found, middle_of(truth)),
        1000 * np.count_nonzero(half) / count,
    )


def middle_of(truth: Pixels) -> Region:
    """The object with the half of the undecided band that is nearer to it."""
    to_object, to_ground = (
        cv2.distanceTransform((truth != value).astype(np.uint8), cv2.DIST_L2, 5) for value in (255, 0)
    )
    return np.asarray(to_object < to_ground, np.bool_)


def border_f(found: Region, true: Region) -> float:
    near = TOLERANCE * float(np.hypot(*true.shape))
    lines = [_border(region) for region in (found, true)]
    away = [cv2.distanceTransform((~line).astype(np.uint8), cv2.DIST_L2, 5) for line in lines]
    precision, recall = (
        float((away[1 - i][lines[i]] <= near).mean()) if lines[i].any() and lines[1 - i].any() else 0.0 for i in (0, 1)
    )
    return 2 * precision * recall / max(precision + recall, 1e-9)


def _border(region: Region) -> Region:
    inside = region.astype(np.uint8)
    return np.asarray(inside > cv2.erode(inside, np.ones((3, 3), np.uint8)), np.bool_)


def mend_once(session: GrabCutSession, truth: Pixels, mode: str) -> None:
    """The person's next stroke in the largest wrong region."""
    wrong = (((session.alpha >= 128) != (truth == 255)) & (truth != 128)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(wrong)
    largest = (labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())).astype(np.uint8)
    # Padded: what lies outside the photo is not wrong, so that the middle keeps off the photo's edge too.
    depth = cv2.distanceTransform(np.pad(largest, 1), cv2.DIST_L2, 5)[1:-1, 1:-1]
    y, x = (int(place) for place in np.unravel_index(int(depth.argmax()), depth.shape))
    deep, object_ = float(depth[y, x]), bool(truth[y, x] == 255)
    if mode == "click":
        session.add_stroke(((x + 0.5, y + 0.5),), min(CLICK * max(truth.shape), deep), object=object_)
    else:
        session.add_stroke(middle_line(depth, (x, y)), max(BRUSH * deep, 1), object=object_)


def middle_line(depth: NDArray[np.float32], at: tuple[int, int]) -> Points:
    """The longest straight line through ``at`` (x, y) that stays in the region's middle."""
    x, y = at
    deep = float(depth[y, x])
    best: tuple[float, Points] = (0, ((x + 0.5, y + 0.5),))
    for angle in np.arange(16) * np.pi / 16:
        across, down = np.cos(angle), np.sin(angle)
        ends = []
        for sign in (1, -1):
            way = 0.0
            while way < LENGTH / 2 * deep:
                column, row = round(x + sign * (way + 1) * across), round(y + sign * (way + 1) * down)
                inside = 0 <= row < depth.shape[0] and 0 <= column < depth.shape[1]
                if not inside or depth[row, column] < MIDDLE * deep:
                    break
                way += 1
            ends.append(sign * way)
        if ends[0] - ends[1] > best[0]:
            line = tuple((x + 0.5 + end * across, y + 0.5 + end * down) for end in ends)
            best = ends[0] - ends[1], line
    return best[1]


def course(started: GrabCutSession, truth: Pixels, mode: str, patience: int = PATIENCE) -> Course:
    """Strokes until the goal is reached and all of `SHOWN` are known, or the person's patience ends."""
    session = copy.deepcopy(started)
    figures, seconds = [figures_of(session.alpha, truth)], []
    while len(seconds) < patience and figures[-1].wrong > 0:
        if len(seconds) >= max(SHOWN) and max(found.overlap for found in figures) >= GOAL:
            break
        mend_once(session, truth, mode)
        start = time.perf_counter()
        session.run()
        seconds.append(time.perf_counter() - start)
        figures.append(figures_of(session.alpha, truth))
    return Course(figures, seconds)


def started_with_rectangle(data: Path, photo: Path) -> tuple[GrabCutSession, Pixels]:
    truth, rect = (read_trimap(data / kind / f"{photo.stem}.png") for kind in ("truth", "rect"))
    session = GrabCutSession(read_rgb(photo))
    session.set_rectangle(extent(rect == 128))
    session.run()
    return session, truth


def after(found: Course, strokes: int) -> Figures:
    return found.figures[min(strokes, len(found.figures) - 1)]


def table(courses: dict[str, dict[str, Course]]) -> str:
    """The means over photos, a line for each mode and number of strokes."""
    lines = [f"{'mode':8}{'strokes':>8}{'wrong':>9}{'iou':>9}{'border':>9}{'half':>9}"]
    for mode in MODES:
        found = [of[mode] for of in courses.values()]
        for strokes in SHOWN:
            means = np.mean([after(one, strokes) for one in found], axis=0)
            lines.append(f"{mode:8}{strokes:8}" + "".join(f"{value:9.4f}" for value in means))
        goals, seconds = [one.to_goal for one in found], [value for one in found for value in one.seconds]
        lines.append(
            f"{mode:8} to_98 {np.mean(goals):.2f}  ms {1000 * np.median(seconds or [0]):.0f}"
            f"  worse {sum(one.worse for one in found)} of {len(seconds)}"
        )
    return "\n".join(lines)


cv2.setNumThreads(1)  # as in the program


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures there")
    options = parser.parse_args(arguments)
    courses: dict[str, dict[str, Course]] = {}
    for photo in find_pictures([options.data / "images"]):
        started, truth = started_with_rectangle(options.data, photo)
        courses[photo.stem] = {mode: course(started, truth, mode) for mode in MODES}
        shown = "  ".join(
            f"{mode} " + " ".join(f"{after(of, strokes).overlap:.3f}" for strokes in SHOWN) + f" ({of.to_goal})"
            for mode, of in courses[photo.stem].items()
        )
        print(f"{photo.stem:14}{shown}", flush=True)
    print(table(courses))
    if options.json:
        options.json.write_text(json.dumps(courses))
    return 0


if __name__ == "__main__":
    sys.exit(main())
