"""The six live plots, two rows of three; each is drawn at most ten times a second, and one at a time.

Six plots in one frame would make that frame long: whatever is to be drawn anew waits in a queue, and each
turn of the timer draws one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.generate.histogram_cards import CoverageCard, DepthCard
from fgbg_studio.gui.generate.moments_card import MomentsCard, metres_of
from fgbg_studio.gui.generate.newest import NewestSamples
from fgbg_studio.gui.generate.newest_card import NewestCard
from fgbg_studio.gui.generate.place_card import PlaceCard
from fgbg_studio.gui.generate.plot import Card
from fgbg_studio.gui.generate.rate_card import RateCard, rates_of, worked
from fgbg_studio.gui.lib.theme import UNIT

TURN = 33
"""Milliseconds from one plot's redraw to the next one's: a round of the five plots takes longer than 100 ms."""


class Dashboard(QWidget):
    """Empty at first: `make_one` makes the next plot, `make_all` whatever is missing, before anything is shown."""

    rate: RateCard
    moments: MomentsCard
    coverage: CoverageCard
    places: PlaceCard
    depths: DepthCard
    newest: NewestCard

    def __init__(self, newest: NewestSamples) -> None:
        super().__init__()
        self._missing: list[tuple[str, Callable[[], Card]]] = [
            ("rate", RateCard),
            ("moments", MomentsCard),
            ("coverage", CoverageCard),
            ("places", PlaceCard),
            ("depths", DepthCard),
            ("newest", lambda: NewestCard(newest)),
        ]
        self.cards: list[Card] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2 * UNIT)
        for column in range(3):
            self._grid.setColumnStretch(column, 1)
        self._waiting: list[Card] = []
        self._timer = QTimer(self, interval=TURN)
        self._timer.timeout.connect(self._draw_one)

    def make_one(self) -> bool:
        """Make the next plot; False once there is none to make."""
        if not self._missing:
            return False
        name, maker = self._missing.pop(0)
        card = maker()
        setattr(self, name, card)
        self._grid.addWidget(card, len(self.cards) // 3, len(self.cards) % 3)
        self.cards.append(card)
        return True

    @property
    def complete(self) -> bool:
        """Whether all plots are made."""
        return not self._missing

    def make_all(self) -> bool:
        """Make the plots that are missing; whether any were."""
        missing = not self.complete
        while self.make_one():
            pass
        return missing

    def begin(self, settings: Settings) -> None:
        """Forget the last run; these are the new one's settings."""
        for card in self.cards:
            self._clear(card)
        self.places.set_frame(settings.size)
        self.depths.set_encoding(settings.depth.encoding)
        self.moments.set_metres(metres_of(settings))
        self._waiting = list(self.cards)
        self._draw_soon()

    def show_record(self, record: Sequence[tuple[float, RunProgress]]) -> None:
        """After `begin`: show what the finished shards say of the run that made them, in the order of time."""
        times = worked([when for when, _ in record])
        rates = rates_of(times, [step.done for _, step in record])
        self.rate.recorded = True
        for seconds, rate, (_, step) in zip(times, rates, record, strict=True):
            self.show_step(replace(step, rate=rate), seconds, moving=True)

    def show_trial(self, seen: RunProgress, rate: float) -> None:
        """After `begin`: show what the forecast's samples say, until there is something of a run."""
        for card in self.cards:
            if card is not self.newest:
                card.trial = True
        self.show_step(replace(seen, rate=rate), 0.0, moving=True)

    def go_on(self) -> None:
        """A run goes on with the dataset that is shown."""
        self.rate.go_on()

    def _clear(self, card: Card) -> None:
        card.clear()
        card.trial = False

    def show_step(self, step: RunProgress, seconds: float, *, moving: bool) -> None:
        """Show a step of the run, which has worked for ``seconds``; a paused one has no rate."""
        if step.phase != "trial":
            self._end_trial(step)
        self.rate.set_seconds(seconds)
        for card in self.cards:
            if (moving or card is not self.rate) and card.take(step) and card not in self._waiting:
                self._waiting.append(card)
        self._draw_soon()

    def _end_trial(self, step: RunProgress) -> None:
        for card in self.cards:
            if card.trial and (step.rate if card is self.rate else step.statistics):
                self._clear(card)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """What happened while nobody looked is drawn now."""
        super().showEvent(event)
        self._draw_soon()

    def _draw_soon(self) -> None:
        if self._waiting and self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _draw_one(self) -> None:
        if self._waiting and self.isVisible():
            self._waiting.pop(0).redraw()
        if not self._waiting or not self.isVisible():
            self._timer.stop()
