"""The splits of the dataset that is shown: as they are saved, tried with other settings, saved anew."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.mirrors import is_mirrored
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.normalisation import Normalisation, read_normalisation
from fgbg_studio.core.dataset.split_files import Splits, SplitSettings, store_of_splits
from fgbg_studio.core.dataset.splits import (
    HeldOut,
    Pictured,
    compared,
    drawn,
    held_out,
    leak_of_random,
    read_splits,
    write_splits,
)
from fgbg_studio.gui.dataset.split_colours import PaintedSplits
from fgbg_studio.gui.dataset.split_view import SplitView, checked
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.worker import Latest, Worker
from fgbg_studio.gui.session.session import Session

_NAMED = 3  # pictures that are named; of more it is said how many


class KeptSplits(NamedTuple):
    """What is kept in a dataset: its splits, what is wrong with them, and what was measured of what is trained with."""

    splits: Splits | None
    error: FgbgError | None
    normalisation: Normalisation | None
    leak: str


class Splitting(QObject):
    """See the module; nothing is written but by `save`.

    Signals:
        read: the `KeptSplits` of the dataset that is shown.
        painted: `PaintedSplits`, None for none.
        changed: what can be done is another thing.
    """

    read = Signal(object)
    painted = Signal(object)
    changed = Signal()

    def __init__(self, session: Session, view: SplitView, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self.view, self._notices = session, view, notices
        self._contents: Contents | None = None
        self.known: KeptSplits | None = None
        self.settings = SplitSettings()
        self.shown = False
        self._pictured: Pictured | None = None
        self._held: HeldOut | None = None
        self._comparing: Worker | None = None
        self.saving: Worker | None = None
        self._drawn: Splits | None = None
        self._pair: tuple[int | None, int | None] = (None, None)
        self._before: SplitSettings | None = None
        self._unsaved_of: dict[Path, SplitSettings] = {}
        self._drawer = Latest(session.jobs, self.tr("splitting samples"), self)
        self._drawer.returned.connect(self._take_drawn)
        self._drawer.failed.connect(notices.error)
        view.changed.connect(self.change)
        view.hold_wanted.connect(self._hold_chosen)
        view.undo_wanted.connect(self._undo)

    def open(self, contents: Contents | None) -> None:
        """Be about this dataset, or none; what was tried and not saved is there again when it is opened again."""
        if self._contents and self.known:
            self._unsaved_of.pop(self._contents.path, None)
            if self.is_changed:
                self._unsaved_of[self._contents.path] = self.settings
        self._drawer.cancel()
        for worker in (self._comparing, self.saving):
            if worker:
                worker.cancel()
        self._contents, self.known = contents, None
        self._pictured = self._held = self._drawn = self._comparing = self.saving = None
        self._pair = (None, None)
        self.settings = SplitSettings()
        self._tell_others("")
        self.show(False)
        if contents:
            self._read()

    @property
    def can_split(self) -> bool:
        """Whether the dataset can be split: it is finished, and the names of its samples say who stands on what."""
        contents = self._contents
        finished = contents is not None and (contents.dataset is None or contents.dataset.complete)
        here = contents is not None and not is_mirrored(contents.path)  # nothing can be saved at an address
        return finished and here and contents is not None and bool(contents.backgrounds) and self.known is not None

    @property
    def can_save(self) -> bool:
        """Whether there is something that is not saved."""
        return self._drawn is not None and self.saving is None and self._unsaved

    @property
    def _unsaved(self) -> bool:
        saved = self.known.splits if self.known else None
        return saved is None or saved.settings != self.settings

    @property
    def is_changed(self) -> bool:
        """Whether the settings that are tried are not those that are saved, or that one begins with."""
        saved = self.known.splits if self.known else None
        return self.settings != (saved.settings if saved else SplitSettings())

    @property
    def unsaved(self) -> list[Path]:
        """Datasets, the one that is shown among them, of which splits were tried that are not saved."""
        shown = [self._contents.path] if self._contents and self.known and self.is_changed else []
        return [*shown, *(path for path in self._unsaved_of if path not in shown)]

    # What is saved

    def _read(self) -> None:
        contents = self._contents
        assert contents
        self._session.jobs.run(
            self.tr("reading splits"), partial(_known, contents), done=partial(self._take_known, contents)
        )

    def _take_known(self, contents: Contents, known: KeptSplits) -> None:
        if contents is not self._contents:
            return
        self.known = known
        if known.splits:
            self.settings = known.splits.settings
        if tried := self._unsaved_of.pop(contents.path, None):
            self.settings = tried
        if known.error:
            self._notices.error(known.error)
        self._say()
        self.read.emit(known)
        self.changed.emit()

    def save(self) -> None:
        """Write the splits into the dataset, on a worker."""
        contents, splits = self._contents, self._drawn
        if contents is None or splits is None or not self.can_save:
            return
        self.saving = self._session.jobs.run(
            self.tr("saving splits"),
            partial(write_splits, contents, splits),
            visible=True,
            done=partial(self._saved, contents, splits),
            failed=self._notices.error,
        )
        self.saving.finished.connect(self._saving_ended)
        self.changed.emit()

    def _saved(self, contents: Contents, splits: Splits, _nothing: object) -> None:
        if contents is self._contents:
            self._take_known(contents, KeptSplits(splits, None, None, self.known.leak if self.known else ""))
        text = self.tr("The splits are in {0}: a list of names for each, and splits.csv")
        self._notices.tell(text.format(store_of_splits(contents.path).where()), key="splits")

    @Slot(object)
    def _saving_ended(self, worker: Worker) -> None:
        if worker is self.saving:
            self.saving = None
            self.changed.emit()

    # What is tried

    def show(self, on: bool) -> None:
        """Show how the dataset is split, or would be, or stop showing it."""
        self.shown = on
        self.view.setVisible(on)
        if on:
            self.view.show_settings(self.settings)
            self._say()
            self._compare() if self._pictured is None else self._try()
        else:
            self.painted.emit(None)

    def _compare(self) -> None:
        contents = self._contents
        if contents is None or self._comparing:
            return
        self._comparing = self._session.jobs.run(
            self.tr("comparing pictures"),
            partial(compared, contents),
            visible=True,
            humble=True,
            done=partial(self._take_pictured, contents),
            failed=self._notices.error,
            progress=self._tell_comparing,
        )

    def _tell_comparing(self, step: Progress) -> None:
        if self.shown and self._pictured is None:
            self.view.show_state(self.tr("Comparing pictures: {0} of {1}").format(step.done, step.total), "")

    def _take_pictured(self, contents: Contents, pictured: Pictured) -> None:
        self._comparing = None
        if contents is self._contents:
            self._pictured = pictured
            self._try()

    @Slot(str, object)
    def change(self, name: str, value: object) -> None:
        """Try another value of a setting."""
        self._tell_others("")
        try:
            self.settings = checked(self.settings, name, value)
        except ValueError:
            self.view.show_settings(self.settings)
            return
        self._try()

    @Slot()
    def discard(self) -> None:
        """Back to what is saved."""
        self._tell_others("")
        saved = self.known.splits if self.known else None
        self.settings = saved.settings if saved else SplitSettings()
        self.view.show_settings(self.settings)
        self._try()

    @Slot(str, int)
    def toggle(self, axis: str, picture: int) -> None:
        """Hold a background or foreground out, with all that is nearly the same, or train with it."""
        if not self._pictured or not self._held or not self._contents:
            return
        names = self._contents.backgrounds if axis == "bg" else self._contents.foregrounds
        same = self._pictured.backgrounds.numbers if axis == "bg" else self._pictured.foregrounds.numbers
        new = (self._held.backgrounds if axis == "bg" else self._held.foregrounds)[same[picture]]
        kind = "backgrounds" if axis == "bg" else "foregrounds"
        alike = {name for name, one in zip(names, same, strict=True) if one == same[picture]}
        lists = {
            f"{side}_{kind}": tuple(one for one in getattr(self.settings, f"{side}_{kind}") if one not in alike)
            for side in ("new", "trained")
        }
        lists[f"{'trained' if new else 'new'}_{kind}"] += (names[picture],)
        before, held = self.settings, self._held
        self.settings = SplitSettings.model_validate({**self.settings.model_dump(), **lists})
        self._try()
        if self._held is held:
            return
        was, now = (one.backgrounds if axis == "bg" else one.foregrounds for one in (held, self._held))
        others = [name for name, one in zip(names, same, strict=True) if was[one] != now[one] and name not in alike]
        self._tell_others(self._words_of_others(others, new=not new), before)

    def _words_of_others(self, others: list[str], *, new: bool) -> str:
        """That others changed sides because the fraction stays as it is; ``new`` is what the chosen one became."""
        if not others:
            return ""
        named = ", ".join(others[:_NAMED])
        if len(others) > _NAMED:
            named = self.tr("{0} and {1} more").format(named, number(len(others) - _NAMED))
        held = self.tr("As the fraction held out stays as it is, {0} is trained with instead.")
        trained = self.tr("As the fraction held out stays as it is, {0} is held out instead.")
        return (held if new else trained).format(named)

    def _tell_others(self, text: str, before: SplitSettings | None = None) -> None:
        self._before = before
        self.view.tell(text)

    @Slot()
    def _undo(self) -> None:
        before = self._before
        if before is not None:
            self._tell_others("")
            self.settings = before
            self.view.show_settings(before)
            self._try()

    @Slot(object, object)
    def choose(self, background: int | None, foreground: int | None) -> None:
        """The pair that is chosen in the matrix."""
        self._pair = (background, foreground)
        self._show_chosen()

    def _hold_chosen(self, axis: str) -> None:
        chosen = self._pair[0 if axis == "bg" else 1]
        if chosen is not None:
            self.toggle(axis, chosen)

    def _try(self) -> None:
        """Paint what the settings hold out at once; the samples are counted by and by."""
        if not self._pictured or not self.shown:
            return
        pictured, settings = self._pictured, self.settings
        try:
            self._held = held = held_out(pictured, settings)
        except FgbgError as error:
            self._notices.error(error)
            return
        self._drawn = None
        self.view.show_counts(None)
        new_b = held.backgrounds[pictured.backgrounds.numbers].tolist()
        new_f = held.foregrounds[pictured.foregrounds.numbers].tolist()
        self.painted.emit(PaintedSplits(held.of_pairs(pictured), new_b, new_f))
        self._say()
        self._show_chosen()
        self._drawer.submit(partial(drawn, pictured, settings))
        self.changed.emit()

    @Slot(object)
    def _take_drawn(self, splits: Splits) -> None:
        if splits.settings == self.settings and self._pictured:
            self._drawn = splits
            self.view.show_counts(splits.counts)
            self.changed.emit()

    def _show_chosen(self) -> None:
        contents, pictured, held = self._contents, self._pictured, self._held
        b, f = self._pair
        if contents is None or pictured is None or held is None:
            return
        new = (
            b is not None and bool(held.backgrounds[pictured.backgrounds.numbers[b]]),
            f is not None and bool(held.foregrounds[pictured.foregrounds.numbers[f]]),
        )
        names = contents.backgrounds[b] if b is not None else "", contents.foregrounds[f] if f is not None else ""
        self.view.show_chosen(*names, new=new)

    def _say(self) -> None:
        saved = self.known.splits if self.known else None
        leak = self.known.leak if self.known else ""
        if saved is None:
            text = self.tr("This dataset is not split: nothing is saved yet.")
        elif self._unsaved:
            text = self.tr("Changed, and not saved yet.")
        else:
            text = self.tr("Saved in the dataset.")
        self.view.show_state(text, f"{leak}." if leak and saved is None else "")


def _known(contents: Contents) -> Generator[Progress, None, KeptSplits]:
    """What is kept in the dataset; progress only so that it can be given up."""
    yield Progress("reading splits", 0, 0)
    leak = leak_of_random(contents)
    try:
        splits = read_splits(contents)
    except FgbgError as error:
        return KeptSplits(None, error, None, leak)
    return KeptSplits(splits, None, read_normalisation(contents, splits), leak)
