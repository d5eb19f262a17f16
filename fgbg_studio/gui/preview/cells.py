"""What a cell of the grid, and the card over it, say of a sample."""

from __future__ import annotations

from PySide6.QtCore import QObject

from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.gui.lib.image_cell import Cell
from fgbg_studio.gui.preview.exclusion import Excluder, NamedPlan
from fgbg_studio.gui.preview.hover_card import HoverCard
from fgbg_studio.gui.preview.sample_words import depth_said, layer_said, share_said, size_said
from fgbg_studio.gui.preview.samples import Samples
from fgbg_studio.gui.preview.views import SampleView


class Cells(QObject):
    """See the module."""

    def __init__(self, samples: Samples, excluder: Excluder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._samples, self._excluder = samples, excluder
        self._plans: list[NamedPlan] = []

    def cell(self, key: str) -> Cell:
        """How the grid shows one place."""
        samples, place = self._samples, int(key)
        made = samples.made.get(place)
        wide = float(self.wide)
        if made is None or made.sample is None:
            error = made.error if made else ""
            return Cell("", error=error, aspect=wide, tip=error, spoken=error or self.tr("not made yet"))
        named = self.named(made.recipe)
        sources = named.sources(made.sample)
        mark = self._excluder.mark(named.plan.exclusion(made.sample))
        said = [named.name(made.sample), sources, self.facts(place), mark, made.error]
        return Cell(
            said[0],
            dimmed=bool(mark),
            mark=mark,
            remark=self.remark(place),
            error=made.error,
            aspect=wide,
            tip=made.error,
            spoken=", ".join(filter(None, said)),
        )

    def named(self, recipe: Recipe) -> NamedPlan:
        """The plan of a sample's recipe: while a newer one's come, cells are of two."""
        found = next((plan for plan in self._plans if plan.recipe is recipe), None)
        if found is None:
            found = NamedPlan(recipe)
            self._plans = [found, *self._plans[:1]]
        return found

    def remark(self, place: int) -> str:
        """What is odd of a sample, where they are ordered by that."""
        scores, order = self._samples.scores, self._samples.choice.order
        if place >= len(scores) or (scores[place] <= 0 and order != "tiny"):
            return ""
        words = {
            "floating": self.tr("floats {0}"), "cut": self.tr("at the edge {0}"), "tiny": self.tr("box {0}"),
            "merged": self.tr("same depth {0}"),
        }  # fmt: skip
        share = 1 - scores[place] if order == "tiny" else scores[place]
        return words[order].format(f"{share:.1%}") if order in words else ""

    @property
    def wide(self) -> int:
        """How many pictures lie beside each other in a cell."""
        samples = self._samples
        return (3 if samples.has_depth else 2) if samples.view is SampleView.ALL else 1

    def facts(self, place: int) -> str:
        """Size, depth, side and layer of each object in one line, and what the mask covers."""
        samples = self._samples
        made, depth = samples.made.get(place), samples.depths.get(place)
        if made is None or made.sample is None:
            return ""
        said = []
        for number, one in enumerate(made.sample.objects):
            said.append(size_said(one))
            if depth is not None and not number:
                said.append(depth_said(depth.contact, metric=bool(samples.unit)))
            said += [self.tr("mirrored") if one.mirrored else "", layer_said(one.layer)]
        said.append(share_said(made.share) if made.composite else "")
        return " · ".join(filter(None, said))

    def fill(self, card: HoverCard, place: int) -> bool:
        """Show one place on the card; whether there is anything to show."""
        samples = self._samples
        made, depth = samples.made.get(place), samples.depths.get(place)
        if made is None or made.sample is None or made.composite is None:
            return False
        named = self.named(made.recipe)
        words = self.tr("Depth, not made yet")
        if depth is not None:
            unit = samples.unit
            words = self.tr("Depth {0} to {1}").format(*(f"{end:.1f}{unit}" for end in depth.ends))
        mark = self._excluder.mark(named.plan.exclusion(made.sample))
        facts = [named.sources(made.sample), " · ".join(filter(None, (self.facts(place), mark)))]
        words_of = [self.tr("Composite"), self.tr("Mask"), words]
        card.show_sample(named.name(made.sample), "\n".join(facts), samples.parts(place), words_of)
        return True
