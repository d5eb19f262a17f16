"""The next useful action at the cutting place, in one sentence."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.cutting.seeds import Rectangle, clicks_that_hold, has_strokes, newest_area
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.document import CutDocument


def hint(document: CutDocument | None, tool: Tool, kept: str, scene: tuple[int, float] | None = None) -> str:
    """What to do next.

    Args:
        document: the photo that is open.
        tool: in the hand.
        kept: the foreground's file where the cutout was just kept.
        scene: where the cutout is shown on a background, the pixels of its side in the dataset and how many times
            they are enlarged.
    """
    if document is None:
        return ""
    if kept:
        return _tr("Kept as {0}. D opens the next photo.").format(kept)
    if scene:
        text = _tr("As in the dataset: {0} × {0} pixels, {1}. N shows it on the next background.")
        return text.format(scene[0], _enlarged(scene[1]))
    return _cut(document, tool) if document.has_cut else _uncut(document, tool)


def at_work(document: CutDocument | None) -> str:
    """What is on its way to the photo that is open, and what stops it."""
    if document is None or not document.is_held:
        guessing = document is not None and document.guess_wanted
        return _tr("Guessing · Esc stops it") if guessing else _tr("Cutting · Esc stops it")
    return _tr("Cutting, then keeping it · Esc stops it") if document.cutting else _tr("Keeping the cutout")


def _enlarged(times: float) -> str:
    if round(times, 2) == 1:
        return _tr("not enlarged")
    return _tr("shown × {0}").format(f"{times:.0f}" if abs(times - round(times)) < 0.005 else f"{times:.2f}")


def _cut(document: CutDocument, tool: Tool) -> str:
    if not tool.has_brush:
        return _area(document, tool)
    if tool.paints:
        return _tr("Paints the cutout itself, and no later cut changes it. S swaps painting in and out.")
    if tool is Tool.HAIR:
        return _tr("Paint over hair or fur, with room on both sides of its edge; the right button takes it back.")
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
    if not tool.has_brush:
        return _area(document, tool)
    if tool in {Tool.MARK, Tool.ADD}:
        return _tr("Press R and drag a rectangle around the object, or brush over it.")
    return _tr("Nothing is cut yet: press R and drag a rectangle around the object.")


def _area(document: CutDocument, tool: Tool) -> str:
    if tool is Tool.CLICK:
        more = bool(clicks_that_hold(document.work.seeds))
        return (
            _tr("Click on what is missing, with the right button on what is too much.")
            if more
            else _tr("Click on the object; rest the pointer to see what a click would give.")
        )
    if tool is Tool.LASSO:
        return _tr("Draw a loop around the object, not too close.")
    if isinstance(newest_area(document.work.seeds), Rectangle):
        return _tr("Drag a side or a corner to correct the rectangle; drag elsewhere for another object.")
    return _tr("Drag a rectangle around the object, or press L to draw a loop around it.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("hints", text)
