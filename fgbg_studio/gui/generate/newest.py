"""The newest samples as thumbnails, made again from what the dataset holds."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.session.session import Session

EVERY = 500
"""Milliseconds between two looks at the newest samples."""

Seen = tuple[int, str, QImage]


class SampleReader:
    """Makes samples of the dataset in ``root`` again; used on one worker at a time."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._plan: Plan | None = None
        self._composer: Composer | None = None
        self._made: dict[int, Seen] = {}

    def __call__(self, newest: tuple[int, ...]) -> list[Seen]:
        """The samples of these numbers, the newest last."""
        if self._plan is None or self._composer is None:
            dataset = open_dataset(self._root)
            self._plan, self._composer = dataset.plan(), dataset.composer()
            if not dataset.recipe.settings.depth.way.sees_composites:
                self._composer.open_depth(dataset.depth)  # by which objects are laid over each other
        self._made = {number: self._made.get(number) or self._make(number) for number in newest}
        return list(self._made.values())

    def _make(self, number: int) -> Seen:
        assert self._plan is not None
        assert self._composer is not None
        sample = self._plan[number]
        return number, self._plan.paths(sample).fg_bg, to_image(self._composer(self._composer.settled(sample)).image)


class NewestSamples(QObject):
    """Asks for thumbnails on a worker, at most twice a second. ``seen`` brings them."""

    seen = Signal(list)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader: SampleReader | None = None
        self._wanted: tuple[int, ...] = ()
        self._timer = QTimer(self, singleShot=True, interval=EVERY)
        self._timer.timeout.connect(self._ask)
        self._latest = Latest(session.jobs, self.tr("looking at samples"), self)
        self._latest.returned.connect(self.seen.emit)
        self._latest.failed.connect(lambda _: None)  # a thumbnail less: what is wrong with the disk, the run says
        self._asked: tuple[int, ...] = ()

    def begin(self, root: Path) -> None:
        """Another run: its dataset is in ``root``."""
        self.stop()
        self._reader = SampleReader(root)

    def stop(self) -> None:
        """No run any more."""
        self._timer.stop()
        self._latest.cancel()
        self._reader, self._wanted, self._asked = None, (), ()

    def want(self, newest: tuple[int, ...]) -> None:
        """Thumbnails of the samples of these numbers, soon."""
        self._wanted = newest
        if newest != self._asked and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _ask(self) -> None:
        reader, wanted = self._reader, self._wanted
        if reader and not self._latest.running:
            self._asked = wanted
            self._latest.submit(lambda: reader(wanted))
        elif reader:
            self._timer.start()
