"""Composites and masks of chosen samples, one after the other, with the pixels of the run; for worker threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtGui import QImage

from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.base.errors import FgbgError, PlanError
from fgbg_studio.core.base.sample import Composite, Sample
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.plan.oddities import ODDITIES
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, make_recipe
from fgbg_studio.core.plan.selection import SampleSelection, chosen
from fgbg_studio.core.project.model import Project
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.preview.cache_folder import cache_folder
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

    ``hides`` says whether what stands behind things is hidden by now, None where nothing ever is. Its numbers are of
    its own ``recipe``: it stays in its place until one of a newer recipe has come.
    """

    recipe: Recipe
    place: int
    number: int
    sample: Sample | None = None
    composite: QImage | None = None
    mask: QImage | None = None
    error: str = ""
    share: float = 0.0
    hides: bool | None = None


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
    known = settle(plan, composer, folder, numbers)
    for place, number in enumerate(numbers):
        yield _prepare(plan, composer, place, number, known=known)


def _prepare(plan: Plan, composer: Composer, place: int, number: int, *, known: bool) -> PreparedSample:
    try:
        planned = plan[number]
    except PlanError as error:
        return PreparedSample(plan.recipe, place, number, error=said(error))
    try:
        sample = composer.settled(planned)
        composite = composer(sample)
    except FgbgError as error:
        return PreparedSample(plan.recipe, place, number, planned, error=said(error))
    return prepared(plan.recipe, place, number, sample, composite, known=known)


def prepared(
    recipe: Recipe, place: int, number: int, sample: Sample, composite: Composite, *, known: bool
) -> PreparedSample:
    """The settled sample in its place of the grid; ``known`` says whether it was settled by its depth."""
    image, mask = to_image(shrunk(composite.image)), to_image(shrunk(composite.mask, crisp=True))
    share = composite.white / composite.image.shape[0] ** 2
    return PreparedSample(
        recipe, place, number, sample, image, mask, share=share, hides=hides(recipe.settings, known=known)
    )


def hides(settings: Settings, *, known: bool) -> bool | None:
    """Whether things of backgrounds hide objects, once the depth is ``known``; None where they never do."""
    way = settings.depth.way
    return known if settings.scene.front.hides and way.makes_depth and not way.sees_composites else None


def settle(plan: Plan, composer: Composer, folder: Path, numbers: Sequence[int]) -> bool:
    """Settle samples by the depth, if it is there without asking a network; whether it is."""
    settings = composer.settings
    way, scene = settings.depth.way, settings.scene
    if not way.needs_network:
        composer.open_depth(LocalStore(folder))
        return True
    if way.sees_composites or not (scene.front.hides or scene.objects.most > 1):
        return False
    maker = way.open(composer, LocalStore(cache_folder(folder, plan.recipe)))
    backgrounds = set(plan.table_of(np.array(numbers, np.int64)).background.tolist()) if numbers else set()
    try:
        there = maker is not None and all(maker.base(number) is not None for number in backgrounds)
    except FgbgError:
        return False
    if there:
        composer.settle_by(maker)
    return there


def shrunk(pixels: AnyPixels, *, crisp: bool = False) -> AnyPixels:
    """The picture with sides of at most `LARGEST` pixels; as it is where it is no larger."""
    side = max(pixels.shape[:2])
    if side <= LARGEST:
        return pixels
    size = (round(pixels.shape[1] * LARGEST / side), round(pixels.shape[0] * LARGEST / side))
    method = cv2.INTER_NEAREST_EXACT if crisp else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, size, interpolation=method), pixels.dtype)
