"""What a cell of the grid, and the card over it, say of a sample."""

from __future__ import annotations

import math
from pathlib import PurePosixPath

from PySide6.QtCore import QObject

from fgbg_studio.core.base.sample import Sample
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.image_cell import Cell
from fgbg_studio.gui.preview.hover_card import HoverCard
from fgbg_studio.gui.preview.samples import Samples
from fgbg_studio.gui.preview.views import SampleView


class Cells(QObject):
    """See the module."""

    def __init__(self, samples: Samples, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._samples = samples

    def cell(self, key: str) -> Cell:
        """How the grid shows one place."""
        samples, place = self._samples, int(key)
        made = samples.made.get(place)
        wide = float(self.wide)
        if made is None or made.sample is None:
            error = made.error if made else ""
            return Cell("", error=error, aspect=wide, tip=error, spoken=error or self.tr("not made yet"))
        name = self.name(made.sample)
        spoken = f"{number(made.number + 1)}: {name}, {self.facts(made.sample)}"
        return Cell(
            name,
            number(made.number + 1),
            error=made.error,
            aspect=wide,
            tip=made.error,
            spoken=f"{spoken}, {made.error}" if made.error else spoken,
        )

    @property
    def wide(self) -> int:
        """How many pictures lie beside each other in a cell."""
        samples = self._samples
        return (3 if samples.has_depth else 2) if samples.view is SampleView.ALL else 1

    def name(self, sample: Sample) -> str:
        """'chair on office': of its objects the first."""
        recipe = self._samples.recipe
        if (
            recipe is None
            or sample.first.foreground >= len(recipe.foregrounds)
            or sample.background >= len(recipe.backgrounds)
        ):
            return ""
        foreground = PurePosixPath(recipe.foregrounds[sample.first.foreground].file).stem
        background = PurePosixPath(recipe.backgrounds[sample.background].file).stem
        return self.tr("{0} on {1}").format(foreground, background)

    def facts(self, sample: Sample) -> str:
        """Size, side and layer of each object in one line."""
        said = []
        for one in sample.objects:
            said.append(f"{one.width} × {one.height} px")
            if one.mirrored:
                said.append(self.tr("mirrored"))
            if one.layer >= 0:
                said.append(self.tr("depth layer {0}").format(one.layer))
        return " · ".join(said)

    def fill(self, card: HoverCard, place: int) -> bool:
        """Show one place on the card; whether there is anything to show."""
        samples = self._samples
        made, depth = samples.made.get(place), samples.depths.get(place)
        if made is None or made.sample is None or made.composite is None:
            return False
        words = self.tr("Depth, not made yet")
        if depth is not None:
            unit = samples.unit
            words = self.tr("Depth {0} to {1}").format(*(f"{end:.1f}{unit}" for end in depth.ends))
            if not math.isnan(depth.contact):
                words = self.tr("{0}, object at {1}").format(words, f"{depth.contact:.1f}{unit}")
        title = f"{number(made.number + 1)}  {self.name(made.sample)}"
        card.show_sample(
            title, self.facts(made.sample), samples.parts(place), [self.tr("Composite"), self.tr("Mask"), words]
        )
        return True
