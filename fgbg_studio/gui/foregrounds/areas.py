"""What a rectangle or lasso that is drawn, corrected or removed means for all else that was done to the photo."""

from __future__ import annotations

import numpy as np

from fgbg_studio.core.cutting.seeds import Area, Drawn, Seen, Stroke, another_object, box_around, newest_area, redrawn
from fgbg_studio.core.imaging.regions import extent
from fgbg_studio.gui.foregrounds.document import CutDocument


def draw_area(document: CutDocument, area: Drawn, text: str) -> None:
    """Take in a rectangle or lasso that was drawn anew, as a step that undo calls ``text``.

    Strokes inside stay in force where it means the same object as before. Where it means another one (see
    `another_object`) nothing that was drawn or painted for that one does. Undo brings all of it back.
    """
    seeds = document.work.seeds
    before = box_around(newest_area(seeds))
    if not before[2]:
        before = extent(document.alpha > 0)
    if another_object(before, box_around(area)):
        document.change_seeds((area,), text, {"painted": np.zeros_like(document.painted)})
    else:
        document.change_seeds(redrawn(seeds, area, document.alpha.shape), text)


def correct_area(document: CutDocument, area: Drawn, text: str) -> None:
    """Let this rectangle or lasso take the place of the one that holds, and of what was seen in that; strokes stay."""
    held = newest_area(document.work.seeds)
    kept = (area if seed is held else seed for seed in document.work.seeds if not isinstance(seed, Seen))
    document.change_seeds(tuple(kept), text)


def remove_area(document: CutDocument, text: str) -> None:
    """Take rectangles, lassos and guesses away; what is cut is then what strokes say and brushes painted."""
    seeds = tuple(seed for seed in document.work.seeds if not isinstance(seed, Area | Seen))
    if any(isinstance(seed, Stroke) and seed.object for seed in seeds):
        document.change_seeds(seeds, text)
    else:
        bare = np.where(document.painted > 0, document.alpha, np.uint8(0))
        document.change_seeds(seeds, text, {"alpha": bare}, run=False)
