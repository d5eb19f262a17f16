"""Where the object probably lies, before GrabCut: a start that its colour models need more than iterations.

GrabCut started from a whole rectangle learns the object's colours from everything in it, and keeps whatever
background the surroundings do not show. What can be reached from the surroundings without crossing an edge
of colour is background too, though: the geodesic distance from them says how hard a place is to reach (Wei
et al., 'Geodesic saliency using background priors', ECCV 2012). No single threshold on it suits all photos,
so a small copy is cut from several, and the majority decides.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.regions import Region

Plane = NDArray[np.float32]

PIXELS = 40_000  # of the copy on which starts are compared
SHARES = (0.35, 0.5, 0.65, 0.8)  # of Otsu's threshold: from generous to strict starts
ROUNDS = 8  # of sweeps: distances in photos stand still after four or five
FEWEST = 8  # pixels of a class from which its five Gaussians can be learnt
STRANGE = 2.0  # how much an unknown colour on the picture's own edge weighs against one crossed on the way in
REACH = 6.0  # how far strokes are carried on, in differences of colour
SPREAD = 0.06  # and where the colour stays the same, in parts of the picture's longer side
COLLAPSED = 0.03  # of the undecided area: a smaller answer is a failure, not an object


def nearest_seed(background: Region, object_: Region) -> Region:
    """(H, W): where the nearest of both kinds of seeds is the object's; neither may be empty."""
    return np.asarray(_distance(object_) < _distance(background), np.bool_)


def probable_object(lab: Pixels, background: Region, object_: Region, seed: int, grain: float = 0) -> Region:
    """Where the object probably is, from what is surely background alone.

    Args:
        lab: (H, W, 3) the photo in L*a*b*, 8 bits.
        background: (H, W) what surely is; may be empty: then the picture's edges are taken for it.
        object_: (H, W) what surely is the object; may be empty.
        seed: of all random numbers.
        grain: as in `geodesic_distance`.

    Returns:
        (H, W) bool.
    """
    height, width = background.shape
    small, size = _small(lab)
    outside, inside = _reduced(background, size, 0.5), _reduced(object_, size, 0.1)
    undecided = ~outside & ~inside
    votes = np.zeros(outside.shape, np.float32)
    counted = 0
    for start in _starts(small, outside, undecided, seed, grain):
        answer = _cut(small, np.where(start | inside, 3, 2).astype(np.uint8), outside, inside, seed)
        if answer.sum() > COLLAPSED * undecided.sum():
            votes += answer
            counted += 1
    chosen = votes / counted if counted else (~outside).astype(np.float32)
    guess = cv2.resize(chosen, (width, height), interpolation=cv2.INTER_LINEAR) >= 0.5
    return np.asarray((guess | object_) & ~background, np.bool_)


def carried_on(lab: Pixels, one: Region, other: Region) -> tuple[Region, Region]:
    """Two kinds of strokes, carried on as far as the colour under them goes on.

    A dot in a wrong part of the answer means more than the dot. It is carried on up to an edge, to the middle
    between it and a stroke of the other kind, and no further than `SPREAD`.

    Args:
        lab: (H, W, 3) the photo in L*a*b*, 8 bits.
        one: (H, W) where strokes of one kind lie; may be empty.
        other: (H, W) likewise of the other kind.

    Returns:
        The same two, enlarged; never both at one pixel that neither covered.
    """
    height, width = one.shape
    small, size = _small(lab)
    colour, step = _even(small), REACH / (SPREAD * max(size))
    small_distances = (geodesic_distance(colour, _free(_reduced(strokes, size, 0.1)), step) for strokes in (one, other))
    to_one, to_other = (
        cv2.resize(np.minimum(distance, 2 * REACH), (width, height), interpolation=cv2.INTER_LINEAR)
        for distance in small_distances
    )
    return one | ((to_one < REACH) & (to_one < to_other)), other | ((to_other < REACH) & (to_other < to_one))


def _starts(lab: Pixels, outside: Region, undecided: Region, seed: int, grain: float) -> list[Region]:
    if not undecided.any():
        return []
    colour = _even(lab)
    distance = geodesic_distance(colour, _sources(colour, outside, seed), grain=grain)
    top = max(float(np.percentile(distance[undecided], 99.5)), 1e-6)
    levels = np.clip(distance * (255 / top), 0, 255).astype(np.uint8)
    otsu, _ = cv2.threshold(levels[undecided].reshape(-1, 1), 0, 255, cv2.THRESH_OTSU)
    return [undecided & (levels > otsu * share) for share in SHARES]


def _sources(colour: Plane, outside: Region, seed: int) -> Plane:
    """(H, W): what a path pays to start at each pixel: nothing outside, infinity inside.

    On the picture's own edges it pays by how little the colour there is known from outside: what is cut off by
    the frame there may be the object or the background.
    """
    cost = _free(outside)
    for edge in (np.s_[:1], np.s_[-1:], np.s_[:, :1], np.s_[:, -1:]):
        strange = _strangeness(colour[edge], colour[outside], seed).reshape(cost[edge].shape)
        cost[edge] = np.minimum(cost[edge], STRANGE * strange)
    return cost


def _strangeness(colours: Plane, known: Plane, seed: int, count: int = 8) -> Plane:
    """(n,) the distance of each colour to the nearest of the ``count`` commonest of the known ones."""
    asked = colours.reshape(-1, 1, 3)
    if len(known) < count:
        return np.zeros(len(asked), np.float32)
    cv2.setRNGSeed(seed)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
    labels = np.zeros((len(known), 1), np.int32)
    _, _, centres = cv2.kmeans(known, count, labels, stop, 1, cv2.KMEANS_PP_CENTERS)
    return np.asarray(np.linalg.norm(asked - centres[None], axis=2).min(axis=1), np.float32)


def geodesic_distance(colour: Plane, sources: Plane, step: float = 0, grain: float = 0) -> Plane:
    """The least sum of colour differences along a path (of side steps) from a source to each pixel.

    Args:
        colour: (H, W, 3).
        sources: (H, W) what starting there costs, infinity where no path starts.
        step: what each step costs besides.
        grain: the percentile of all steps' differences that is taken off each of them; 0 takes nothing off.

    Returns:
        (H, W), by raster sweeps to and fro (Danielsson's scheme; exact where a path turns at most
        `ROUNDS` times), in ``colour``'s unit.
    """
    down = np.linalg.norm(np.diff(colour, axis=0), axis=2)
    right = np.ascontiguousarray(np.linalg.norm(np.diff(colour, axis=1), axis=2).T)
    if grain:
        least = np.percentile(np.concatenate([down.ravel(), right.ravel()]), grain)
        down, right = (np.maximum(steps - least, 0).astype(np.float32) for steps in (down, right))
    extra = np.float32(step)
    down, right = down + extra, right + extra
    distance = sources
    for _ in range(ROUNDS):
        across = _swept(distance, down).T
        distance = np.ascontiguousarray(_swept(np.ascontiguousarray(across), right).T)
    return distance


def _swept(distance: Plane, steps: Plane) -> Plane:
    swept = distance.copy()
    for row in range(1, len(swept)):
        np.minimum(swept[row], swept[row - 1] + steps[row - 1], out=swept[row])
    for row in range(len(swept) - 2, -1, -1):
        np.minimum(swept[row], swept[row + 1] + steps[row], out=swept[row])
    return swept


def _cut(lab: Pixels, labels: Pixels, outside: Region, inside: Region, seed: int) -> Region:
    labels[outside], labels[inside] = cv2.GC_BGD, cv2.GC_FGD
    grab_cut(lab, labels, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK, seed)
    return (labels & 1).astype(np.bool_)


def grab_cut(
    lab: Pixels,
    labels: Pixels,
    background: NDArray[np.float64],
    object_: NDArray[np.float64],
    iterations: int,
    mode: int,
    seed: int,
) -> bool:
    """`cv2.grabCut` in place, seeded; False, and nothing done, where a class is too small to learn from.

    OpenCV's own k-means fails on fewer samples than Gaussians, and its models on none.
    """
    if min(np.count_nonzero(labels & 1), np.count_nonzero(~labels & 1)) < FEWEST:
        return False
    cv2.setRNGSeed(seed)
    cv2.grabCut(lab, labels, (0, 0, 0, 0), background, object_, iterations, mode)
    return True


def _small(lab: Pixels) -> tuple[Pixels, tuple[int, int]]:
    """The small copy, and its (width, height)."""
    height, width = lab.shape[:2]
    scale = min(1.0, (PIXELS / (width * height)) ** 0.5)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(lab, size, interpolation=cv2.INTER_AREA), np.uint8), size


def _even(lab: Pixels) -> Plane:
    """OpenCV stores L* 0..100 as 0..255: undone, so that a difference means the same in all three."""
    return lab.astype(np.float32) * np.array([100 / 255, 1, 1], np.float32)


def _free(starts: Region) -> Plane:
    """(H, W): starting costs nothing there, and elsewhere no path starts."""
    return np.where(starts, 0, np.inf).astype(np.float32)


def _reduced(region: Region, size: tuple[int, int], least: float) -> Region:
    share = cv2.resize(region.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(share >= least, np.bool_)


def _distance(seeds: Region) -> Plane:
    return np.asarray(cv2.distanceTransform((~seeds).astype(np.uint8), cv2.DIST_L2, 5), np.float32)
