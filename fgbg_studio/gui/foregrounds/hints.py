"""The next useful action at the cutting place, in one sentence."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.cutting.seeds import has_strokes
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.document import CutDocument


def hint(document: CutDocument | None, tool: Tool, kept: str, scene: int = 0) -> str:
    """What to do next.

    Args:
        document: the photo that is open.
        tool: in the hand.
        kept: the foreground's file where the cutout was just kept.
        scene: the frame's side in pixels where the cutout is shown on a background, else 0.
    """
    if document is None:
        return ""
    if kept:
        return _tr("Kept as {0}. D opens the next photo.").format(kept)
    if scene:
        text = _tr("As large as in the dataset, {0} × {0} pixels. N shows it on the next background.")
        return text.format(scene)
    return _cut(document, tool) if document.has_cut else _uncut(document, tool)


def _cut(document: CutDocument, tool: Tool) -> str:
    if tool.paints:
        return _tr("Paints the cutout itself, and no later cut changes it. S swaps painting in and out.")
    if document.work.seeds and not has_strokes(document.work.seeds):
        return _tr("Brush over what is wrong: left button for the object, right button for the background.")
    if document.issues:
        return _tr("The check found something: look at it at the right, or keep the cutout.")
    return _tr("Ctrl+Enter keeps the cutout. 3 shows it on a checkerboard, 6 on a background.")


def _uncut(document: CutDocument, tool: Tool) -> str:
    if document.cutting:
        return _tr("Looking for the object.")
    if document.work.seeds:
        return _tr("Enter cuts by what is drawn.")
    if tool is Tool.LASSO:
        return _tr("Draw a loop around the object, not too close.")
    if tool is Tool.RECTANGLE:
        return _tr("Drag a rectangle around the object, or press L to draw a loop around it.")
    return _tr("Press R and drag a rectangle around the object first.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("hints", text)
