"""The cameras of a dataset's backgrounds, where its depth belongs to one."""

from __future__ import annotations

import numpy as np

from fgbg_studio.core.base.arrays import Floats
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.interfaces.depth import view_of


def cameras_of(contents: Contents) -> list[Floats]:
    """The matrix of each background's camera, (3, 3) float64 in pixels from the composite's upper left corner on.

    None where no camera belongs to the depth.
    """
    if contents.dataset is None or not contents.dataset.recipe.settings.depth.way.uses_camera:
        return []
    recipe = contents.dataset.recipe
    settings, found = recipe.settings, []
    for source in recipe.backgrounds:
        view = view_of(source, settings.camera, settings.size, settings.foreground.real_height)
        row = view.horizon if view.axis is None else view.axis
        found.append(np.array([[view.focal, 0, view.frame / 2], [0, view.focal, row], [0, 0, 1]], np.float64))
    return found
