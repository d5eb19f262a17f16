"""How well hair is cut, on composites whose alpha is known: the soft border of every cut, and *Hair* in the same band.

    python benchmarks/matting.py [--cutouts FOLDER] [--scenes FOLDER] [--seeds 100 101 102] [--json FILE]

Hair grows out of the outline of each cutout, fur all around, or long hair at its upper third; it has the object's own
colours, a little lighter or darker, and its alpha is what a camera of four times the resolution would see. The whole
lies on a scene, with a camera's noise. The band is all that is not wholly object or background, with some room.
Both ways know which pixels beside the band are object and which background: GrabCut's border by the guided filter
with `decontaminate`'s colours, and `hair_matted` with those of `unmixed`.

A row gives, in the band: the sum of absolute differences in pixels, the gradient error (Rhemann et al., 'A perceptually
motivated online benchmark for image matting', CVPR 2009: Gaussian derivatives of sigma 1.4), and the mean error
of the colours, 0..255, weighted by the true alpha; each as ``today``, of the cut, and as ``hair``. ``cpu`` is the
processor's seconds of `hair_matted` and of `unmixed`. Below are the means of the ratios. ``large`` is a band of
half a megapixel on photos of 12 and 48 megapixels.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError, PictureError
from fgbg_studio.core.cutting.hair import hair_matted
from fgbg_studio.core.cutting.segmenters.grabcut.session import GrabCutSession
from fgbg_studio.core.imaging.finding import find_pictures
from fgbg_studio.core.imaging.matte import decontaminate, nearest_colours, trim
from fgbg_studio.core.imaging.reading import read_rgb, read_rgba
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.imaging.unmixing import unmixed

SAMPLES = Path(__file__).resolve().parents[1] / "resources" / "samples"
HIGH = 640  # pixels of a cutout
KINDS = {"fur": (9.0, 0.9), "hair": (34.0, 1.1), "down": (20.0, 0.7)}  # length and width of a strand, in pixels
FINE = 4  # strands are drawn so many times as large
SHADES = 10
LARGE = (12, 48)  # megapixels

Planes = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Composite:
    """A photo (H, W, 3), the true alpha (H, W) 0..1 and colours (H, W, 3) of its object, and the band (H, W)."""

    photo: Pixels
    alpha: Planes
    colours: Planes
    band: Region


@dataclass(frozen=True)
class Row:
    """One composite; see the module."""

    sad_today: float
    sad_hair: float
    gradient_today: float
    gradient_hair: float
    colour_today: float
    colour_hair: float
    alpha_cpu: float
    colour_cpu: float


def composite(cutout: Pixels, scene: Pixels, kind: str, rng: np.random.Generator) -> Composite:
    """A cutout (h, w, 4) with hair on a scene (h, w, 3)."""
    length, width = KINDS[kind]
    rgba = trim(cutout, 128)[0]
    scale, room = HIGH / rgba.shape[0], round(2 * length)
    rgba = np.asarray(cv2.resize(rgba, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    rgba = np.pad(rgba, ((room, room), (room, room), (0, 0)))
    upper = 1.0 if kind == "fur" else 0.35
    alpha, colours = grown(rgba, length, width, upper, rng)
    height, wide = alpha.shape
    enlarged = max(height / scene.shape[0], wide / scene.shape[1]) + 0.001
    behind = cv2.resize(scene, None, fx=enlarged, fy=enlarged, interpolation=cv2.INTER_CUBIC)
    y, x = (int(rng.integers(0, behind.shape[i] - (height, wide)[i] + 1)) for i in (0, 1))
    share = alpha[..., None]
    mixed = share * colours + (1 - share) * behind[y : y + height, x : x + wide] + rng.normal(0, 2, colours.shape)
    soft = ((alpha > 0.01) & (alpha < 0.99)).astype(np.uint8)
    reach = 2 * round(max(0.3 * length, 4)) + 1
    band = cv2.dilate(soft, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))) > 0
    photo = np.rint(mixed.clip(0, 255)).astype(np.uint8)
    return Composite(photo, alpha, colours, np.asarray(band, np.bool_))


def grown(rgba: Pixels, length: float, width: float, upper: float, rng: np.random.Generator) -> tuple[Planes, Planes]:
    """Alpha and colours of a cutout with strands of this length and width along its ``upper`` part's outline."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
    core = cv2.erode((rgba[..., 3] >= 128).astype(np.uint8), disc)
    inner = cv2.erode(core, disc) > 0
    own = rgba[..., :3].copy()
    own[~inner] = nearest_colours(rgba, inner, ~inner)
    colours = np.where(core[..., None] > 0, own, cv2.GaussianBlur(own, (0, 0), 3)).astype(np.float32)
    base, alpha = colours.copy(), cv2.GaussianBlur(core.astype(np.float32), (0, 0), 0.7)
    smooth = cv2.GaussianBlur(core.astype(np.float32), (0, 0), 4)
    out = -np.dstack([cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)])
    outlines, _ = cv2.findContours(core, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    places = np.concatenate([line[:, 0] for line in outlines])
    rows = np.flatnonzero(core.any(axis=1))
    places = places[places[:, 1] <= rows[0] + upper * (rows[-1] - rows[0])]
    starts = places[rng.integers(0, len(places), round(1.2 * len(places)))]
    for shade in range(SHADES):
        layer = np.zeros((alpha.shape[0] * FINE, alpha.shape[1] * FINE), np.uint8)
        for x, y in starts[shade::SHADES].tolist():
            draw_strand(layer, (x, y), out[y, x], length * rng.gamma(4, 0.25), width * rng.uniform(0.5, 1.5), rng)
        drawn = cv2.resize(layer, alpha.shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        drawn = cv2.GaussianBlur(drawn, (0, 0), 0.6)
        tone = np.clip(base * (1 + rng.normal(0, 0.15)) + rng.normal(0, 5, 3), 0, 255)
        over = drawn + alpha * (1 - drawn)
        mixed = tone * drawn[..., None] + colours * (alpha * (1 - drawn))[..., None]
        colours = np.where(over[..., None] > 1e-4, mixed / np.maximum(over, 1e-4)[..., None], colours)
        alpha = over
    return np.asarray(alpha.clip(0, 1), np.float32), np.asarray(colours, np.float32)


def draw_strand(
    layer: Pixels, start: tuple[float, float], out: Planes, length: float, width: float, rng: np.random.Generator
) -> None:
    """A bent strand that grows thinner, on a layer `FINE` times as large."""
    pieces = max(round(length / 2), 3)
    angle, bend = np.arctan2(out[1], out[0]) + rng.normal(0, 0.4), rng.normal(0, 0.7) / pieces
    place = np.array(start) + rng.normal(0, 1, 2)
    for piece in range(pieces):
        angle += bend
        after = place + np.array([np.cos(angle), np.sin(angle)]) * length / pieces
        ends = [tuple(round(float(at) * FINE * 8) for at in end) for end in (place, after)]
        thick = max(round(width * FINE * (1 - 0.8 * piece / pieces)), 1)
        cv2.line(layer, ends[0], ends[1], 255, thick, cv2.LINE_AA, 3)
        place = after


def gradient(alpha: Planes) -> Planes:
    """How steep it is, by Gaussian derivatives of sigma 1.4."""
    sigma, reach = 1.4, 6
    at = np.arange(-reach, reach + 1, dtype=np.float64)
    bell = np.exp(-(at**2) / (2 * sigma**2))
    slope = at * bell
    bell, slope = bell / bell.sum(), slope / (at * slope).sum()
    return np.hypot(cv2.sepFilter2D(alpha, cv2.CV_32F, slope, bell), cv2.sepFilter2D(alpha, cv2.CV_32F, bell, slope))


def errors(found: Pixels, colours: Pixels, truth: Composite) -> tuple[float, float, float]:
    """In the band: the sum of absolute differences, the gradient error, the error of the colours."""
    alpha, band, weight = found.astype(np.float32) / 255, truth.band, truth.alpha[truth.band]
    steep = (gradient(alpha) - gradient(truth.alpha)) ** 2
    off = np.abs(colours.astype(np.float32) - truth.colours).mean(axis=-1)[band]
    return (
        float(np.abs(alpha - truth.alpha)[band].sum()),
        float(steep[band].sum()),
        float(np.average(off, weights=weight)),
    )


def measured(truth: Composite) -> Row:
    sure = np.where(truth.alpha >= 0.5, np.uint8(255), np.uint8(0))
    session = GrabCutSession(truth.photo)
    session.set_trimap(np.where(truth.band, np.uint8(128), sure))
    today = session.run()
    begun = time.process_time()
    alpha = hair_matted(truth.photo, today, truth.band)
    then = time.process_time()
    colours = unmixed(truth.photo, alpha, truth.band)
    done = time.process_time()
    before = errors(today, decontaminate(np.dstack([truth.photo, today]))[..., :3], truth)
    pairs = zip(before, errors(alpha, colours, truth), strict=True)
    return Row(*(value for pair in pairs for value in pair), then - begun, done - then)


def large(truth: Composite, megapixels: int) -> tuple[int, float, float]:
    """The band's pixels, about half a million, and the processor's seconds of alpha and colours on a large photo."""
    scale = (megapixels * 1e6 / truth.alpha.size) ** 0.5
    photo = np.asarray(cv2.resize(truth.photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    alpha = np.asarray(cv2.resize(truth.alpha, photo.shape[1::-1], interpolation=cv2.INTER_LINEAR) * 255, np.uint8)
    outline, _ = cv2.findContours((alpha >= 128).view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    way = max(outline, key=len)[:9000]
    band = np.zeros(alpha.shape, np.uint8)
    cv2.polylines(band, [way], False, 1, 100)
    marked = band > 0
    marked[np.cumsum(np.count_nonzero(marked, axis=1)) > 500_000] = False
    begun = time.process_time()
    found = hair_matted(photo, alpha, marked)
    then = time.process_time()
    unmixed(photo, found, marked)
    return int(np.count_nonzero(marked)), then - begun, time.process_time() - then


cv2.setNumThreads(1)  # as in the program


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cutouts", type=Path, default=SAMPLES, metavar="FOLDER", help="with transparency")
    parser.add_argument("--scenes", type=Path, default=SAMPLES, metavar="FOLDER", help="without")
    parser.add_argument("--seeds", type=int, nargs="+", default=[100, 101, 102], help="a set of composites each")
    parser.add_argument("--count", type=int, default=9, help="composites of a seed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures there")
    options = parser.parse_args(arguments)
    rows: dict[str, Row] = {}
    try:
        cutouts = [file for file in find_pictures([options.cutouts]) if file.suffix.lower() == ".png"]
        scenes = [file for file in find_pictures([options.scenes]) if file.suffix.lower() != ".png"]
        if not cutouts or not scenes:
            raise PictureError("cutouts (PNG) and scenes (JPEG) are needed", "Give their folders: --cutouts, --scenes")
        print(f"{'composite':34}" + "".join(f"{name:>15}" for name in Row.__annotations__))
        for seed in options.seeds:
            rng = np.random.default_rng(seed)
            for number in range(options.count):
                kind = list(KINDS)[number % len(KINDS)]
                cutout, scene = (files[int(rng.integers(len(files)))] for files in (cutouts, scenes))
                truth = composite(read_rgba(cutout), read_rgb(scene), kind, rng)
                name = f"{seed}: {kind} {cutout.stem} {scene.stem}"
                rows[name] = measured(truth)
                print(line(name, asdict(rows[name])), flush=True)
        sizes = {size: large(truth, size) for size in LARGE}
    except FgbgError as error:
        print(error, file=sys.stderr)
        return 1
    for what in ("sad", "gradient", "colour"):
        ratios = [getattr(row, f"{what}_hair") / getattr(row, f"{what}_today") for row in rows.values()]
        print(f"{what:9} hair / today: mean {np.mean(ratios):.3f}, worst {max(ratios):.3f}")
    for size, (pixels, alpha, colours) in sizes.items():
        print(f"large: {size} MP, band of {pixels:,} pixels: alpha {alpha:.2f} s, colours {colours:.2f} s")
    if options.json:
        options.json.write_text(json.dumps({"rows": {name: asdict(row) for name, row in rows.items()}, "large": sizes}))
    return 0


def line(name: str, values: dict[str, float]) -> str:
    return f"{name:34}" + "".join(f"{value:15.2f}" for value in values.values())


if __name__ == "__main__":
    sys.exit(main())
