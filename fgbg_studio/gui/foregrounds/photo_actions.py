"""What is done with whole photos: added, doubled for another object, judged, removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from fgbg_studio.gui.foregrounds.arrivals import PhotoArrivals
from fgbg_studio.gui.foregrounds.controller import CutController
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem, State, judged
from fgbg_studio.gui.lib.actions import connect
from fgbg_studio.gui.lib.dialogs import ask_files, ask_folder
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.session.incoming import picture_kinds


class PhotoActions(QObject):
    """Connects the actions.

    Args:
        controller: of the photo that is open.
        arrivals: says what comes in.
        act: the place's actions.
        targets: the entries that keys act on; ``shown``: the photos that are listed, in their order.
        parent: above it the dialogs appear.

    Signals:
        chosen: a photo is to be opened, as the person asked for it.
        removed: so many entries are in the bin.
    """

    chosen = Signal(object)
    removed = Signal(int)

    def __init__(
        self, controller: CutController, arrivals: PhotoArrivals, act: Mapping[str, QAction],
        targets: Callable[[], list[PhotoItem]], shown: Callable[[], list[Path]], parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._controller, self._photos, self._session = controller, controller.photos, controller.session
        self._arrivals, self._act, self._window = arrivals, act, parent
        self._targets, self._shown = targets, shown
        self._photos.importer.first_arrived.connect(self._show_new)
        connect(act, "foregrounds.", {
            "add": self._ask_files, "add-folder": self._ask_folder, "another": self._add_another,
            "remove": self._remove, "delete-rejected": self._remove_rejected,
        })  # fmt: skip

    def show_enabled(self) -> None:
        """Offer what is possible with the entries that keys act on."""
        targets = self._targets()
        self._act["foregrounds.remove"].setEnabled(bool(targets))
        self._act["foregrounds.another"].setEnabled(len(targets) == 1 and self._photos.is_photo(targets[0].path))
        self._act["foregrounds.delete-rejected"].setEnabled(self._photos.any_rejected)
        states = {item.state for item in targets if item.foreground}
        for name, verdict in (("pick", State.KEPT), ("undecided", State.TO_LOOK_AT)):
            self._act[f"foregrounds.{name}"].setEnabled(bool(states - {verdict}))
        self._act["foregrounds.reject"].setEnabled(bool(states))
        self._act["foregrounds.reject"].setChecked(states == {State.REJECTED})

    def judge(self, verdict: State) -> list[PhotoItem]:
        """Take a person's verdict on the cutouts among the targets, which it returns.

        A second rejection takes the first back.
        """
        found = [item for item in self._targets() if item.foreground]
        if verdict is State.REJECTED and found and all(item.state is verdict for item in found):
            verdict = State.TO_LOOK_AT
        cutouts = {item.cutout for item in found}
        if found:
            self._session.change(self._verdict_text(verdict, found), lambda project: judged(project, cutouts, verdict))
        return found

    def _verdict_text(self, verdict: State, found: list[PhotoItem]) -> str:
        name = found[0].path.stem if len(found) == 1 else self.tr("{0} foregrounds").format(number(len(found)))
        texts = {State.KEPT: self.tr("pick {0}"), State.REJECTED: self.tr("reject {0}")}
        return texts.get(verdict, self.tr("look at {0} again")).format(name)

    def add(self, paths: list[Path]) -> None:
        """Add files, folders and ZIP files."""
        if paths:
            self._arrivals.forget()
            self._photos.add(paths)

    def _show_new(self, path: Path) -> None:
        """Open what has come, unless the person is at work: something is drawn on the open photo and not kept."""
        wanted = self._controller.wanted
        if not any(item.path == wanted and item.state is State.BEGUN for item in self._photos.entries()):
            self.chosen.emit(path)

    def _ask_files(self) -> None:
        title = self.tr("Add photos to cut, or cutouts")
        self.add(ask_files(self._window, self._session.settings, "photos", title, picture_kinds()))

    def _ask_folder(self) -> None:
        folder = ask_folder(self._window, self._session.settings, "photos", self.tr("Add a folder of photos"))
        self.add([folder] if folder else [])

    def _add_another(self) -> None:
        self._controller.save()
        path = self._photos.another(self._targets()[0])
        if path:
            self._controller.open(path)

    def _remove(self) -> None:
        self._remove_all(self._targets())

    def _remove_rejected(self) -> None:
        self._remove_all(self._photos.rejected())

    def _remove_all(self, items: list[PhotoItem]) -> None:
        gone = {item.path for item in items}
        following = self._following(gone)
        if self._controller.wanted in gone and following:
            self._controller.open(following)
        self.removed.emit(self._photos.delete(items))

    def _following(self, gone: set[Path]) -> Path | None:
        """The entry after the open one that stays, or the last before it."""
        paths = self._shown()
        wanted = self._controller.wanted
        place = paths.index(wanted) if wanted in paths else 0
        return next((path for path in paths[place:] + paths[:place][::-1] if path not in gone), None)
