"""Many cutouts made anew at once: a visible job, one step of undo, and a sentence about what it did."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.cutting.check import MENDABLE
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.project.cutout_files import swap
from fgbg_studio.core.project.photos import Photo, PhotoNames
from fgbg_studio.core.project.recycle_bin import throw_away
from fgbg_studio.core.project.redo import Redone, contents, put_files, redo_cutout, with_redone
from fgbg_studio.gui.foregrounds.controller import CutController
from fgbg_studio.gui.foregrounds.own_photos import OwnPhotos
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.worker import Worker

Tell = Callable[[str, bool], object]
"""Is told in words what was done, and whether something could not be."""

_NAMED = 3  # of those that failed, so many are said by name


class CutoutBatch(QObject):
    """Runs one batch at a time.

    Signals:
        said: what it did, in words; whether something could not be done.
        failed: an `FgbgError`.
        running: whether one runs.
    """

    said = Signal(str, bool)
    failed = Signal(object)
    running = Signal(bool)

    def __init__(self, controller: CutController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller, self._session = controller, controller.session
        self.busy = False
        self._worker: Worker | None = None
        self._over = Event()  # the project of the batch that runs is closed
        self._picked: list[PhotoItem] = []  # while another batch runs
        self._session.closing.connect(self._give_up)
        self._session.mend_wanted.connect(self._mend_cutouts)

    def _mend_cutouts(self, wanted: list[str], code: str) -> None:
        """Another place asks for it, by their hashes, and is told there."""
        session, known = self._session, set(wanted)
        if self.busy:
            session.mended.emit(self.tr("Other cutouts are still being made: mend these once that has ended."), True)
            return
        items = [item for item in self._controller.photos.entries() if item.cutout in known]
        self.mend(items, {code}, session.mended.emit)

    def finish(self, items: Sequence[PhotoItem], finish: Refinement) -> None:
        """Finish all cutouts of these in this way."""
        wanted = [item for item in items if item.foreground]
        self._run(wanted, (self.tr("finishing {0}"), self.tr("finish {0}")), self.tr("{0} finished"), finish=finish)

    def mend(self, items: Sequence[PhotoItem], codes: Collection[str] = MENDABLE, tell: Tell | None = None) -> None:
        """Mend in all cutouts of these what can be mended of these kinds; ``said`` has it, unless ``tell`` is told."""
        wanted = [item for item in items if item.foreground]
        self._run(wanted, (self.tr("mending {0}"), self.tr("mend {0}")), self.tr("{0} mended"), mends=codes, tell=tell)

    def keep(self, items: Sequence[PhotoItem]) -> None:
        """Keep the cutouts that are begun; they are still to be looked at."""
        wanted = [item for item in items if item.begun and not item.foreground]
        self._run(wanted, (self.tr("keeping {0}"), self.tr("keep {0}")), self.tr("{0} kept"))

    def pick(self, items: Sequence[PhotoItem]) -> None:
        """Keep these cutouts, which a person has judged to be good; once the batch that runs has ended."""
        if self.busy:
            self._picked += items
        else:
            known = {item.path: item for item in self._controller.photos.entries()}
            wanted = [known[item.path] for item in items if item.path in known and known[item.path].is_draft]
            self._run(wanted, (self.tr("keeping {0}"), self.tr("keep {0}")), "", seen=True, tell=self._tell_picked)

    def _tell_picked(self, text: str, trouble: bool) -> None:
        """That it is kept is seen."""
        if trouble:
            self.said.emit(text, trouble)

    def _run(
        self, items: Sequence[PhotoItem], words: tuple[str, str], done: str, *, finish: Refinement | None = None,
        mends: Collection[str] = (), seen: bool = False, tell: Tell | None = None,
    ) -> None:  # fmt: skip
        if not items or self.busy:
            return
        self._controller.flush()  # what was done to a photo that is open is on the disk before it is read there
        session, folder = self._session, self._session.folder
        names = PhotoNames(folder) if finish else None
        make = partial(redo_cutout, folder, session.project, finish=finish, mends=mends, seen=seen, names=names)
        found: list[Redone] = []
        doing, text = words
        title = self._text(doing, [item.path for item in items])
        self._over = over = Event()
        steps = partial(_steps, make, list(items), partial(_clear, folder, over))
        worker = session.jobs.run(title, steps, produced=found.extend, visible=True, failed=self.failed.emit)
        self._worker = worker
        self._set_busy(True)
        worker.finished.connect(lambda ended: self._end(ended, found, text, done, tell or self.said.emit))

    def _text(self, text: str, paths: Sequence[Path]) -> str:
        return text.format(paths[0].stem if len(paths) == 1 else self.tr("{0} cutouts").format(number(len(paths))))

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.running.emit(busy)

    def _give_up(self) -> None:
        """The project is closed: what still runs is nothing to the next one, which may be the same again."""
        self._over.set()
        self._forget()

    def _forget(self) -> None:
        self._worker, self._picked = None, []
        self._set_busy(False)

    def _end(self, worker: Worker, found: list[Redone], text: str, done: str, tell: Tell) -> None:
        """All that was made until the end, or until it was stopped, is one step."""
        if worker is not self._worker:
            return
        picked = self._picked
        self._forget()
        self._enter(found, text, done, tell)
        if picked:
            self.pick(picked)

    def _enter(self, found: list[Redone], text: str, done: str, tell: Tell) -> None:
        self._controller.flush()
        fresh = [one for one in found if one.picture and self._is_as_it_was(one)]
        if fresh:
            for one in fresh:
                if one.picture:
                    before = one.before.sha256 if one.before else ""
                    self._controller.photos.link(one.path, before, one.picture.sha256)
            if not self._push(self._text(text, [one.path for one in fresh]), fresh):
                return  # why is said already
            for one in fresh:
                if one.source and one.picture:
                    self._controller.photos.note(Photo(one.path, one.picture.sha256, begun=True, touched=True))
        busy = [Redone(o.path, reason=self.tr("changed meanwhile"), failed=True) for o in found
                if o.picture and o not in fresh]  # fmt: skip
        failed = [o for o in found if o.failed] + busy
        tell(_report(len(fresh), failed, found, done, self.tr), bool(failed))

    def _is_as_it_was(self, one: Redone) -> bool:
        known = {f.sha256 for f in self._session.project.foregrounds}
        return contents(one.old) == one.old and (one.before is None or one.before.sha256 in known)

    def _push(self, text: str, fresh: Sequence[Redone]) -> bool:
        folder, before = self._session.folder, self._session.project
        own, rest = OwnPhotos(folder, [o for o in fresh if o.source]), [o for o in fresh if not o.source]
        old, new = (tuple(f for one in rest for f in one.old), tuple(f for one in rest for f in one.new))
        after = with_redone(before, fresh)
        arrived = {one.picture.sha256: folder / one.picture.file for one in fresh if one.picture}
        for one in fresh:
            if one.step:
                with suppress(FgbgError):  # the photo's own undo ends here then; its work does not
                    one.step.write()
        places = {one.path: one.path for one in rest}
        forth, back = partial(swap, folder, before, after, arrived), partial(swap, folder, after, before)

        def there() -> None:
            _all_or_none([(forth, back), (own.home, own.away), (partial(put_files, new, old), _nothing)])

        def and_back() -> None:
            _all_or_none([(back, forth), (own.away, own.home), (partial(put_files, old, new), _nothing)])

        away = {**places, **own.paths}
        home = {**places, **{path: source for source, path in own.paths.items()}}
        return self._session.change_files(
            text, lambda _: after, partial(self._swap, away, there), partial(self._swap, home, and_back)
        )

    def _swap(self, places: Mapping[Path, Path], change: Callable[[], None]) -> None:
        """Other files lie beside these photos: those in memory are let go of, and read anew when they are opened.

        Args:
            places: where each lies, and where it lies after this.
            change: of the files, all or none.
        """
        opened = self._controller.wanted
        self._controller.photos.going.emit(list(places))
        try:
            change()
        finally:
            there = [path for path in (places[opened], opened) if path.exists()] if opened and opened in places else []
            if there:
                self._controller.open(there[0])


def _nothing() -> None:
    pass


def _all_or_none(steps: Sequence[tuple[Callable[[], object], Callable[[], object]]]) -> None:
    """Take each step, which has its contrary; where one fails those before it are taken back."""
    done: list[Callable[[], object]] = []
    try:
        for step, contrary in steps:
            step()
            done.insert(0, contrary)
    except FgbgError:
        for contrary in done:
            contrary()
        raise


def _steps(
    make: Callable[..., Redone], items: Sequence[PhotoItem], end: Callable[[Sequence[Redone]], object]
) -> Iterator[Progress | Redone]:
    made: list[Redone] = []
    try:
        for done, item in enumerate(items, 1):
            made.append(make(item.path, item.foreground))
            yield made[-1]
            yield Progress("making cutouts", done, len(items))
    finally:
        end(made)


def _clear(folder: Path, over: Event, made: Sequence[Redone]) -> None:
    """What was made for a project that is closed by now is not found in its folder, as if somebody had added it."""
    if over.is_set():
        for one in made:
            if one.picture:
                with suppress(FgbgError):
                    throw_away(folder, [one.picture.file])


def _report(fresh: int, failed: Sequence[Redone], found: Sequence[Redone], done: str, tr: Callable[[str], str]) -> str:
    parts = [done.format(number(fresh))]
    same = len(found) - fresh - len(failed)
    if same > 0:
        parts.append(tr("{0} needed nothing").format(number(same)))
    if failed:
        names = ", ".join(f"{one.path.stem} ({one.reason})" for one in failed[:_NAMED])
        more = tr(" and others") if len(failed) > _NAMED else ""
        parts.append(tr("{0} could not be: {1}").format(number(len(failed)), names + more))
    return f"{', '.join(parts)}."
