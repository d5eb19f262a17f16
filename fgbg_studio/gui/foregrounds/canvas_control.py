"""What is in the hand on the canvas, what the left button means with it, how one looks at the cutout; its menu."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtWidgets import QMenu, QWidget

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.gui.foregrounds.actions import TOOLS, VIEWS
from fgbg_studio.gui.foregrounds.assistance import CutAssistance
from fgbg_studio.gui.foregrounds.canvas import MaskCanvas
from fgbg_studio.gui.foregrounds.canvas_render import CutoutView, Pyramid
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.foregrounds.tool_box import ToolBox
from fgbg_studio.gui.lib.actions import connect, native_keys
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.keys import Keys
from fgbg_studio.gui.session.session import Session

_ON_A_PHOTO = tuple(
    f"foregrounds.{name}"
    for name in ("swap", "thinner", "thicker", "nearer", "farther", "fit", "pixels", "strokes")
)  # fmt: skip
_STEP, _ZOOM = 1.2, 1.5  # of the brush and of the photo, by a key
_BRUSH = 1 / 90  # of the photo's longer side: the radius to begin with
_GROUPS = ("keep", "keep-next"), ("run", "remove-area"), ("rectangle", "lasso", "mark"), ("fit", "pixels", "strokes")


class CanvasControl(QObject):
    """Keeps canvas, tool box and actions in step.

    Signals:
        changed: any of it.
        lacking: there is no background to show the cutout on.
    """

    changed = Signal()
    lacking = Signal()

    def __init__(
        self, session: Session, canvas: MaskCanvas, tools: ToolBox, act: Mapping[str, QAction],
        assistance: CutAssistance, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._session, self._canvas, self._tools = session, canvas, tools
        self._act, self._assistance = act, assistance
        self._untouched = True
        assistance.scene_ready.connect(self._show_scene)
        connect(act, "foregrounds.", {
            "swap": self.swap, "thinner": lambda: canvas.set_radius(canvas.radius / _STEP),
            "thicker": lambda: canvas.set_radius(canvas.radius * _STEP),
            "nearer": lambda: canvas.zoom(_ZOOM), "farther": lambda: canvas.zoom(1 / _ZOOM), "fit": canvas.fit,
            "pixels": lambda: canvas.zoom(1 / canvas.scale),
        })  # fmt: skip
        for name, tool in TOOLS.items():
            act[name].triggered.connect(lambda _=False, t=tool: self.set_tool(t))
        act["foregrounds.strokes"].setChecked(canvas.strokes_shown)
        act["foregrounds.strokes"].toggled.connect(canvas.set_strokes_shown)
        canvas.radius_changed.connect(tools.show_radius)
        tools.radius_changed.connect(canvas.set_radius)
        tools.meaning_changed.connect(self.set_meaning)

    def begin(self, document: CutDocument) -> None:
        """Another photo is on the canvas: take what is needed first into the hand."""
        self._canvas.set_radius(max(document.width, document.height) * _BRUSH)
        if document.has_cut and self._canvas.tool is not Tool.CLICK:
            self.take(Tool.MARK)
        elif self._canvas.tool not in {Tool.RECTANGLE, Tool.LASSO, Tool.CLICK}:
            self.take(Tool.RECTANGLE)

    def follow(self, document: CutDocument) -> None:
        """Something was done to the photo: where all was undone, it begins anew."""
        untouched = not (document.work.seeds or document.has_cut)
        if untouched and not self._untouched and self._canvas.tool.has_brush:
            self.take(Tool.RECTANGLE)
        self._untouched = untouched

    def show_enabled(self, document: CutDocument | None) -> None:
        """Offer what is possible on the canvas."""
        for name in (*_ON_A_PHOTO, *TOOLS, *VIEWS):
            self._act[name].setEnabled(document is not None)
        self._tools.setEnabled(document is not None)

    def set_tool(self, tool: Tool) -> None:
        """Take a tool into the hand."""
        self._canvas.set_tool(tool)
        self._tools.show_tool(tool)
        if tool in {Tool.ADD, Tool.REMOVE}:
            self._tools.show_meaning(tool is Tool.ADD)
        else:
            self._tools.show_meaning(self._canvas.means_object)
        self.changed.emit()

    def take(self, tool: Tool) -> None:
        """Take a tool into the hand, and show it by its button and in the menu."""
        name = next(name for name, known in TOOLS.items() if known is tool)
        self._act[name].setChecked(True)
        self.set_tool(tool)

    def set_meaning(self, means_object: bool) -> None:
        """What the left button means: object or background, painting in or out."""
        if self._canvas.tool.paints:
            self.take(Tool.ADD if means_object else Tool.REMOVE)
        else:
            self._canvas.means_object = means_object
            self._tools.show_meaning(means_object)
            self._canvas.update()
            self.changed.emit()

    def swap(self) -> None:
        """Let the left button mean what the right one did."""
        tool = self._canvas.tool
        self.set_meaning(tool is Tool.REMOVE if tool.paints else not self._canvas.means_object)

    def set_view(self, view: CutoutView) -> None:
        """Look at the cutout in another way."""
        if view is CutoutView.SCENE and self._canvas.view is not view:
            self._ask_scene()
        self._canvas.set_view(view)
        self.changed.emit()

    def next_scene(self) -> None:
        """Look at it on another background, where it is seen on one."""
        if self._canvas.view is CutoutView.SCENE:
            self._ask_scene(1)

    def _ask_scene(self, step: int = 0) -> None:
        if not self._assistance.ask_scene(step):
            self.lacking.emit()

    def _show_scene(self, scene: Pyramid, box: Box) -> None:
        self._canvas.set_scene(scene, box, self._session.project.settings.size)
        self.changed.emit()


def canvas_menu(parent: QWidget, act: Mapping[str, QAction], stack: QUndoStack) -> QMenu:
    """What is done most with a cutout, beside the pointer; undo and redo are those of ``stack``."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for names in _GROUPS:
        menu.addActions([act[f"foregrounds.{name}"] for name in names])
        menu.addSeparator()
    views = menu.addMenu(_tr("View"))
    views.addActions([act[name] for name in VIEWS])
    for action, icon, key in (
        (stack.createUndoAction(menu, _tr("Undo")), Icon.UNDO, Keys.UNDO),
        (stack.createRedoAction(menu, _tr("Redo")), Icon.REDO, Keys.REDO),
    ):
        action.setIcon(icon.icon())
        action.setText(f"{action.text()}\t{native_keys(key.value[0])}")  # its shortcut is the window's own
        menu.insertAction(act["foregrounds.run"], action)
    return menu


def _tr(text: str) -> str:
    return QCoreApplication.translate("CanvasControl", text)
