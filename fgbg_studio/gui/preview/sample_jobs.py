"""Composites and masks of chosen samples, one after the other, with the pixels of the run; for worker threads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtGui import QImage

from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.base.errors import FgbgError, PlanError
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.plan.oddities import ODDITIES
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, make_recipe
from fgbg_studio.core.plan.selection import SampleSelection, chosen
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.preview.preview_cache import CachedPictures, PreviewCache

LARGEST = 640
"""Pictures of larger frames are kept at this size: more is not seen in a grid."""


@dataclass(frozen=True)
class PlannedSamples:
    """Which samples will come: of so many of the plan, by a recipe; ``fitting`` and ``exact`` as of `Selected`."""

    recipe: Recipe
    total: int
    numbers: tuple[int, ...]
    fitting: int
    exact: bool
    scores: tuple[float, ...] = ()
    """How odd each is by the order that was asked for."""


@dataclass(frozen=True)
class PreparedSample:
    """One sample in its place of the grid: composite, mask and the part of the frame that this covers, or the error.

    Its numbers are of its own ``recipe``: it stays in its place until one of a newer recipe has come.
    """

    recipe: Recipe
    place: int
    number: int
    sample: Sample | None = None
    composite: QImage | None = None
    mask: QImage | None = None
    error: str = ""
    share: float = 0.0


def prepare_samples(
    project: Project, folder: Path, choice: SampleSelection, memory: PreviewCache
) -> Iterator[PlannedSamples | PreparedSample]:
    """First which samples, then each of them as it is made.

    Raises:
        PlanError: the project has no background or no foreground.
    """
    recipe = make_recipe(project)
    plan = Plan(recipe)
    found = chosen(plan, choice)
    numbers = tuple(found.numbers)
    scores: tuple[float, ...] = ()
    if choice.order and numbers:
        scores = tuple(ODDITIES[choice.order](plan, plan.table_of(np.array(numbers))).tolist())
    yield PlannedSamples(recipe, len(plan), numbers, found.fitting, found.exact, scores)
    composer = Composer(CachedPictures(recipe, folder, memory))
    if not recipe.settings.depth.way.needs_network:
        composer.open_depth(LocalStore(folder))
    for place, number in enumerate(numbers):
        yield _prepare(plan, composer, place, number)


def _prepare(plan: Plan, composer: Composer, place: int, number: int) -> PreparedSample:
    try:
        planned = plan[number]
    except PlanError as error:
        return PreparedSample(plan.recipe, place, number, error=said(error))
    try:
        sample = composer.settled(planned)
        composite = composer(sample)
    except FgbgError as error:
        return PreparedSample(plan.recipe, place, number, planned, error=said(error))
    image, mask = to_image(shrunk(composite.image)), to_image(shrunk(composite.mask, crisp=True))
    share = composite.white / composite.image.shape[0] ** 2
    return PreparedSample(plan.recipe, place, number, sample, image, mask, share=share)


def shrunk(pixels: AnyPixels, *, crisp: bool = False) -> AnyPixels:
    """The picture with sides of at most `LARGEST` pixels; as it is where it is no larger."""
    side = max(pixels.shape[:2])
    if side <= LARGEST:
        return pixels
    size = (round(pixels.shape[1] * LARGEST / side), round(pixels.shape[0] * LARGEST / side))
    method = cv2.INTER_NEAREST_EXACT if crisp else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, size, interpolation=method), pixels.dtype)
