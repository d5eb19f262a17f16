"""How much of its box a cutout fills."""

from __future__ import annotations

import numpy as np

from fgbg_studio.core.base.arrays import Floats
from fgbg_studio.core.compose.composer import Composer


def solid_shares(composer: Composer) -> Floats:
    """(F,) of each foreground the share of its box, at the middle size of its rule, that is white in its mask, 0..1.

    Raises:
        PictureError: a foreground is missing, changed or damaged.
    """
    sizing, shares = composer.settings.foreground.sizing, []
    for number, source in enumerate(composer.pictures.recipe.foregrounds):
        wide, high = source.natural(square=sizing.square)
        width, height = sizing.sizes(np.array([wide]), np.array([high]), np.array([0.5]))
        patch = composer.patch(number, False, int(width[0]), int(height[0]))
        shares.append(patch.white / patch.mask.size)
    return np.array(shares, np.float64)
