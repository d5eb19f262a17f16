"""The newest samples as thumbnails, made again from what the dataset holds."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.shards import shard_at, shards_of
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.session.session import Session

EVERY = 500
"""Milliseconds between two looks at the newest samples."""

_ODD = 2654435761  # Knuth's multiplicative hash: another place in each shard

Seen = tuple[int, str, QImage]


class SampleReader:
    """Makes samples of the dataset in ``root`` again; used on one worker at a time."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._plan: Plan | None = None
        self._composer: Composer | None = None
        self._made: dict[int, Seen] = {}

    def __call__(self, newest: tuple[int, ...]) -> list[Seen]:
        """A sample of each shard whose last sample is given, the newest shard's last."""
        if self._plan is None or self._composer is None:
            dataset = open_dataset(self._root)
            self._plan, self._composer = dataset.plan(), dataset.composer()
        shards = shards_of(len(self._plan), self._plan.recipe.settings.shard)
        wanted = [_some(shard_at(shards, last).start, last) for last in newest]
        self._made = {place: self._made.get(place) or self._make(place) for place in wanted}
        return list(self._made.values())

    def _make(self, place: int) -> Seen:
        assert self._plan is not None
        assert self._composer is not None
        sample = self._plan[place]
        return place, self._plan.paths(sample).fg_bg, to_image(self._composer(sample).image)


def _some(first: int, last: int) -> int:
    """One of a shard's samples: the last ones of all shards would be too much alike."""
    return first + last * _ODD % (last - first + 1)


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
        """Thumbnails of these shards, soon."""
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
