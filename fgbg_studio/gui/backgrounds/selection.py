"""The one background that is looked at: in the inspector, large, and as the dataset will have it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.project.framing import Square
from fgbg_studio.core.project.model import Background
from fgbg_studio.gui.backgrounds.background_editor import BackgroundEditor
from fgbg_studio.gui.backgrounds.background_list import BackgroundList
from fgbg_studio.gui.backgrounds.background_loader import BackgroundLoader, LoadedBackground
from fgbg_studio.gui.backgrounds.crop_view import CropView
from fgbg_studio.gui.backgrounds.inspector import BackgroundInspector, facts_of, scene_of
from fgbg_studio.gui.backgrounds.large_view import LargeView
from fgbg_studio.gui.backgrounds.list_filter import name_of
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.thumbnails import Thumbnails
from fgbg_studio.gui.session.session import Session


class BackgroundSelection(QObject):
    """See the module. ``key`` is its hash, empty for none."""

    def __init__(
        self,
        session: Session,
        background_list: BackgroundList,
        thumbnails: Thumbnails,
        details: BackgroundInspector,
        large: LargeView,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._background_list, self._thumbnails = session, background_list, thumbnails
        self._details, self._large = details, large
        self.views = (details.crop, large.crop)
        self.key = ""
        self._looked_at: Background | None = None
        self.edit = BackgroundEditor(session)
        self.looker = BackgroundLoader(session, self)
        self.looker.seen.connect(self._take_seen)
        self.looker.failed.connect(self._take_failure)
        for view in self.views:
            self._connect(view)
        details.brush.changed.connect(lambda width: self.set_brush(width / 200))

    def _connect(self, view: CropView) -> None:
        def drag() -> str:
            return f"{view.gesture}-{id(view)}-{self.key}"

        view.crop_moving.connect(self._preview_crop)
        view.crop_moved.connect(lambda square: self.edit.set_crop(self.key, square, f"crop-{drag()}"))
        view.horizon_moved.connect(lambda y: self.edit.set_horizon(self.key, y, f"horizon-{drag()}"))
        view.painted.connect(lambda cells: self.edit.set_region(self.key, cells))
        view.brush_changed.connect(self.set_brush)

    @property
    def background(self) -> Background | None:
        """The one that is looked at, as it is now."""
        return self._background_list.backgrounds.get(self.key)

    def forget(self) -> None:
        """Nothing is looked at."""
        self.looker.forget()
        self.key, self._looked_at = "", None

    def show(self, key: str, place: str) -> None:
        """Look at this one; ``place`` says the how manieth of those that are shown."""
        other, self.key = key != self.key, key
        background = self.background
        if background is None:
            return
        scene, small = scene_of(background, self._session.project.settings), self._thumbnails.pixmap(key)
        for view in self.views:
            view.show_scene(scene)
            if other and small:
                view.show_image(small)
        self.show_facts()
        self._large.show_name(name_of(background), place)
        if other:
            self._details.show_real(None)
            self._large.real.show_image(None)
        if background is not self._looked_at:
            self._looked_at = background
            self.looker.look(background)

    def show_facts(self) -> None:
        """Its facts, which change while others are measured."""
        background = self.background
        if background is None:
            return
        path = self._session.folder / background.file
        size = path.stat().st_size if path.is_file() else None
        settings, metrics = self._session.project.settings, self._thumbnails.metrics
        facts = facts_of(background, settings, metrics, self._background_list.alike(self.key), size)
        self._details.show_picture(background, facts, self._background_list.remarks(background))

    def set_painting(self, on: bool, *, erasing: bool) -> None:
        """Whether the mouse paints where objects may stand, or erases what was painted."""
        self._large.crop.set_painting(on, erasing=erasing)

    def scale_brush(self, factor: float) -> None:
        """Make the brush larger or smaller."""
        self.set_brush(self.views[0].brush * factor)

    def cancel(self) -> bool:
        """Give up what is being dragged; whether anything was."""
        cancelled = [view.cancel() for view in self.views]
        return any(cancelled)

    @Slot(float)
    def set_brush(self, radius: float) -> None:
        """The brush's radius as a fraction of a picture's longer side."""
        for view in self.views:
            view.set_brush(radius)
        self._details.brush.set_value(200 * self.views[0].brush)

    def _preview_crop(self, square: Square) -> None:
        if self.background:
            self._looked_at = None  # what is let go is looked at again, wherever that is
            self.looker.look(self.background.model_copy(update={"crop": square}))

    @Slot(object)
    def _take_seen(self, seen: LoadedBackground) -> None:
        if seen.sha256 != self.key:
            return
        if seen.picture is not None:
            for view in self.views:
                view.show_image(seen.picture)
            self._large.crop.show_whole(seen.whole)
        self._details.show_real(seen.real)
        self._large.real.show_image(seen.real)

    def _take_failure(self, key: str, error: FgbgError) -> None:
        if key == self.key:
            for view in self.views:
                view.show_message(said(error))
