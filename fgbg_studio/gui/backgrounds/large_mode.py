"""One picture large: the tools of the hand there, one at a time, and the way back out of each of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from fgbg_studio.gui.backgrounds.large_view import LargeView
from fgbg_studio.gui.backgrounds.selection import BackgroundSelection
from fgbg_studio.gui.lib.actions import connect

_NEARER = 1.25
_ZOOMS = ("nearer", "farther", "fit", "pixels")


class LargeMode(QObject):
    """See the module.

    Signals:
        toggled: whether a picture is to be shown large.
        tool_changed: another tool is in the hand, or none.
    """

    toggled = Signal(bool)
    tool_changed = Signal()

    def __init__(
        self, act: Mapping[str, QAction], view: LargeView, selection: BackgroundSelection, parent: QObject
    ) -> None:
        super().__init__(parent)
        names = ("large", "real_size", "brush", "eraser", "back", *_ZOOMS)
        self._act = {name: act[f"backgrounds.{name}"] for name in names}
        self._view, self._selection = view, selection
        connect(
            act,
            "backgrounds.",
            {
                "back": self._back,
                "nearer": lambda: view.crop.zoom(_NEARER),
                "farther": lambda: view.crop.zoom(1 / _NEARER),
                "fit": view.crop.show_all,
                "pixels": view.crop.show_pixels,
                "brush_smaller": lambda: selection.scale_brush(0.8),
                "brush_larger": lambda: selection.scale_brush(1.25),
            },
        )
        self._act["large"].toggled.connect(self._toggle)
        self._act["real_size"].toggled.connect(self._real_size)
        for tool, other in (("brush", "eraser"), ("eraser", "brush")):
            self._act[tool].toggled.connect(partial(self._set_tool, other))

    @property
    def on(self) -> bool:
        """Whether a picture is to be shown large."""
        return self._act["large"].isChecked()

    def set_on(self, on: bool) -> None:
        """Show the picture large, or the grid again."""
        self._act["large"].setChecked(on)

    def show_enabled(self, *, seen: bool) -> None:
        """Offer what is possible; ``seen`` says whether there is a picture and it is large."""
        for name in _ZOOMS:
            self._act[name].setEnabled(seen and not self._act["real_size"].isChecked())
        self._act["back"].setEnabled(seen or self._painting)

    def say_hint(self) -> None:
        """Say under the large picture what the hand can do now."""
        background = self._selection.background
        if self._act["real_size"].isChecked():
            words = self.tr("The background as it will be in the dataset. Esc leads back to square and horizon.")
        elif self._painting and background and not background.standing:
            words = self.tr("Objects may stand everywhere now. Paint where they may, or erase where they may not.")
        elif self._act["eraser"].isChecked():
            words = self.tr("Left button: erase where objects may stand; right: paint. Shift+wheel: size of the brush.")
        elif self._painting:
            words = self.tr("Left button: paint where objects may stand; right: erase. Shift+wheel: size of the brush.")
        else:
            words = self.tr("Drag the square and the yellow horizon line. B paints where objects may stand.")
        self._view.hint.setText(words)

    @property
    def _painting(self) -> bool:
        return self._act["brush"].isChecked() or self._act["eraser"].isChecked()

    def _toggle(self, on: bool) -> None:
        if not on:
            self._set({"real_size": False, "brush": False, "eraser": False})
        self.say_hint()
        self.toggled.emit(on)

    def _real_size(self, on: bool) -> None:
        if on:
            self._set({"large": True, "brush": False, "eraser": False})
        self.say_hint()

    def _set_tool(self, other: str, on: bool) -> None:
        """Brush and eraser exclude each other, and both may be put away; there is room for them in the large view."""
        if on:
            self._set({other: False, "real_size": False, "large": True})
        self._selection.set_painting(self._painting, erasing=self._act["eraser"].isChecked())
        self.tool_changed.emit()
        self.say_hint()

    def _set(self, wanted: Mapping[str, bool]) -> None:
        for name, on in wanted.items():
            self._act[name].setChecked(on)

    def _back(self) -> None:
        """One step out: of a drag, else of a tool, else of the large view."""
        if self._selection.cancel():
            return
        for name in ("eraser", "brush", "real_size", "large"):
            if self._act[name].isChecked():
                self._act[name].setChecked(False)
                return
