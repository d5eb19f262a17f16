"""Foregrounds laid down so that they look as if they were of their background: colour, sharpness, grain, shadow, blend.

The composer's way for everything but plain alpha and hard edges. It changes the composite alone; masks are as ever. All
that is drawn comes of what the sample is (`core.plan.own_draws`), and all that is measured of the prepared pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, part_of, widened
from fgbg_studio.core.base.sample import PlacedPatch, Sample
from fgbg_studio.core.compose.colours import ColourMatcher
from fgbg_studio.core.compose.grounds import KnownGround
from fgbg_studio.core.compose.shadows import Shadows
from fgbg_studio.core.compose.textures import TextureMatcher
from fgbg_studio.core.interfaces.blend import Layer
from fgbg_studio.core.plan.own_draws import OwnDraws
from fgbg_studio.core.plan.recipe import Recipe

GivePixels = Callable[[int], Pixels]
"""Gives a prepared picture by its number."""

_SOFT = 3  # σ of a blur that reach beyond the box


class Looks:
    """Of one recipe.

    Args:
        recipe: whose settings say what is done.
        background: gives (S, S[, 3]).
        foreground: gives (h, w, 4), the cutout before it is sized.
    """

    def __init__(self, recipe: Recipe, background: GivePixels, foreground: GivePixels) -> None:
        settings, look = recipe.settings, recipe.settings.appearance
        self._blend, self._draws = settings.compositing.mode, OwnDraws(recipe)
        self._colours = ColourMatcher(settings, background, foreground) if look.colours else None
        self._textures = TextureMatcher(settings, background, foreground) if look.textures else None
        self._shadows = Shadows(recipe, self._draws, foreground) if look.shadows else None

    @property
    def needs_ground(self) -> bool:
        """Whether it matters what is known of the ground."""
        return self._shadows is not None

    def lay(
        self, image: Pixels, sample: Sample, patches: Sequence[PlacedPatch], ground: KnownGround | None = None
    ) -> list[Box]:
        """Lay the objects of ``sample`` on ``image``, its background, in their order.

        Args:
            image: (S, S[, 3]) uint8; written to.
            sample: of which ``patches`` are the objects, their colours not multiplied by alpha.
            patches: wholly inside the frame.
            ground: None where the depth of the background is not known.

        Returns:
            Boxes around all that may differ from the background, beyond the objects' own; some may overlap.
        """
        changed: list[Box] = []
        shared = self._draws.of_sample(sample, 3)
        if self._shadows is not None:
            changed += self._shadows.lay(image, sample, patches, shared[1:], ground)
        blend = self._blend.chosen(shared[0], sample.k)
        for one, placed in zip(sample.objects, patches, strict=True):
            own = self._draws.of_object(sample, one, 6)
            patch = placed.patch
            layer = Layer(patch.colour, 255 - patch.rest, patch.mask)
            blur = 0.0
            if self._colours is not None:
                layer = self._colours.matched(layer, sample.background, one.foreground, placed.box, own[:3])
            if self._textures is not None:
                blur = self._textures.blur(sample.background, one, own[3])
            reach = blend.reach(own[5]) + (round(_SOFT * blur + 0.5) if blur else 0)
            if reach:
                box = widened(placed.box, reach, image.shape)
                layer = _padded(layer, placed.box, box)
                changed.append(box)
            else:
                box = placed.box
            if self._textures is not None:
                layer = self._textures.matched(layer, sample.background, one, blur, own[4])
            blend.lay(image[part_of(box)], layer, own[5])
        return changed


def _padded(layer: Layer, inner: Box, outer: Box) -> Layer:
    """``layer`` of the box ``inner`` with nothing around it up to ``outer``."""
    left, top = inner[0] - outer[0], inner[1] - outer[1]
    below, right = outer[3] - inner[3] - top, outer[2] - inner[2] - left
    parts = (cv2.copyMakeBorder(part, top, below, left, right, cv2.BORDER_CONSTANT, value=0) for part in layer)
    return Layer(*(np.asarray(part, np.uint8) for part in parts))
