"""The table of actions of the cutting place."""

from __future__ import annotations

from collections.abc import Callable

from fgbg_studio.gui.foregrounds.canvas_render import CutoutView
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.lib.actions import Spec
from fgbg_studio.gui.lib.icons import Icon

TOOLS = {
    "foregrounds.rectangle": Tool.RECTANGLE, "foregrounds.lasso": Tool.LASSO, "foregrounds.mark": Tool.MARK,
    "foregrounds.eraser": Tool.ERASER, "foregrounds.add-alpha": Tool.ADD, "foregrounds.remove-alpha": Tool.REMOVE,
    "foregrounds.soften": Tool.SOFTEN,
}  # fmt: skip
VIEWS = {
    "foregrounds.tint": CutoutView.TINT,
    "foregrounds.outline": CutoutView.OUTLINE,
    "foregrounds.checker": CutoutView.CHECKER,
    "foregrounds.white": CutoutView.WHITE,
    "foregrounds.black": CutoutView.BLACK,
    "foregrounds.scene": CutoutView.SCENE,
    "foregrounds.compare": CutoutView.COMPARE,
}


def specs(tr: Callable[[str], str]) -> tuple[Spec, ...]:
    """The table, in the words of ``tr``."""
    return (
        Spec("foregrounds.add", tr("Add photos…"), Icon.ADD, ("Ctrl+Shift+A",),
             tr("Add photos to be cut, or cutouts with transparency")),
        Spec("foregrounds.previous", tr("Previous photo"), Icon.PREVIOUS, ("A",), group=0),
        Spec("foregrounds.next", tr("Next photo"), Icon.NEXT, ("D",), group=0),
        Spec("foregrounds.reject", tr("Reject foreground"), Icon.REJECT, ("Delete",),
             tr("Leave this foreground out of the dataset, or take it in again"), checkable=True),
        Spec("foregrounds.delete-rejected", tr("Delete rejected"), Icon.DELETE, ("Shift+Delete",),
             tr("Move all rejected foregrounds and the photos they were cut from to the project's bin")),
        Spec("foregrounds.keep", tr("Keep cutout"), Icon.ACCEPT, ("Ctrl+Return", "Ctrl+Enter"),
             tr("Save the finished cutout into the project's foregrounds")),
        *_tools(tr),
        *_cutting(tr),
        *_views(tr),
    )  # fmt: skip


def gestures(tr: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    """What the mouse does, for the sheet of shortcuts."""
    return (
        (tr("Wheel"), tr("Zoom to the cursor, with Ctrl too")),
        (tr("Shift+wheel"), tr("Brush thicker or thinner")),
        (tr("Middle button"), tr("Move the photo; Space and the left button too")),
        (tr("Right button"), tr("The contrary of what the left one means")),
    )


def _tools(tr: Callable[[str], str]) -> tuple[Spec, ...]:
    table = (
        ("rectangle", tr("Rectangle"), Icon.RECTANGLE, "R", tr("Drag a rectangle around the object")),
        ("lasso", tr("Lasso"), Icon.LASSO, "L", tr("Draw a loop around the object")),
        ("mark", tr("Brush"), Icon.BRUSH, "B", tr("Mark what is object, or background, for the next cut")),
        ("eraser", tr("Erase strokes"), Icon.ERASER, "E", tr("Take marks of the brush back")),
        ("add-alpha", tr("Paint in"), Icon.PAINT_ADD, "P", tr("Paint the cutout itself: add to it")),
        ("remove-alpha", tr("Paint out"), Icon.PAINT_REMOVE, "O", tr("Paint the cutout itself: take away from it")),
        ("soften", tr("Soften"), Icon.SOFTEN, "S", tr("Paint the cutout itself: soften its edge")),
    )
    return tuple(
        Spec(f"foregrounds.{name}", text, icon, (key,), tip, group=1, checkable=True, exclusive="tool")
        for name, text, icon, key, tip in table
    )


def _cutting(tr: Callable[[str], str]) -> tuple[Spec, ...]:
    return (
        Spec("foregrounds.guess", tr("First guess"), Icon.WAND, ("G",),
             tr("Let a saliency network propose the object; go on with strokes"), group=2),
        Spec("foregrounds.run", tr("Cut again"), Icon.REFRESH, ("Return", "Enter"),
             tr("Cut again by what is drawn"), group=2),
        Spec("foregrounds.automatic", tr("Cut after every stroke"), Icon.REFRESH, (),
             tr("Cut by itself after every stroke"), group=2, checkable=True),
        Spec("foregrounds.swap", tr("Swap object and background"), Icon.SWAP, ("X",),
             tr("Swap what the left and the right button mean"), group=2),
        Spec("foregrounds.thinner", tr("Thinner brush"), Icon.BRUSH, ("[",), group=2),
        Spec("foregrounds.thicker", tr("Thicker brush"), Icon.BRUSH, ("]",), group=2),
        Spec("foregrounds.cancel", tr("Cancel"), Icon.CLOSE, ("Esc",),
             tr("Give up what is being drawn, or stop the cut that runs"), group=2),
    )  # fmt: skip


def _views(tr: Callable[[str], str]) -> tuple[Spec, ...]:
    table = (
        ("tint", tr("Tint"), Icon.TINT, "1", tr("The background tinted")),
        ("outline", tr("Outline"), Icon.OUTLINE, "2", tr("A line around the object")),
        ("checker", tr("Checkerboard"), Icon.CHECKER, "3", tr("The cutout on a checkerboard")),
        ("white", tr("On white"), Icon.WHITE, "4", tr("The cutout on white")),
        ("black", tr("On black"), Icon.BLACK, "5", tr("The cutout on black")),
        ("scene", tr("On a background"), Icon.BACKGROUNDS, "6",
         tr("The cutout on a background, at the dataset's size")),
        ("compare", tr("Before and after"), Icon.COMPARE, "7",
         tr("The photo left, the cutout right of a line to drag")),
    )  # fmt: skip
    views = tuple(
        Spec(f"foregrounds.{name}", text, icon, (key,), tip, group=3, checkable=True, exclusive="view")
        for name, text, icon, key, tip in table
    )
    return (
        *views,
        Spec("foregrounds.next-scene", tr("Next background"), Icon.NEXT, ("N",), group=4),
        Spec("foregrounds.strokes", tr("Show strokes"), Icon.SHOW, ("H",), tr("Show or hide the strokes"), group=4,
             checkable=True),
        Spec("foregrounds.hints", tr("Show hints"), Icon.INFO, (), tr("Show the next useful action"), group=4,
             checkable=True),
        Spec("foregrounds.nearer", tr("Zoom in"), Icon.ZOOM_IN, ("+", "="), group=5),
        Spec("foregrounds.farther", tr("Zoom out"), Icon.ZOOM_OUT, ("-",), group=5),
        Spec("foregrounds.fit", tr("Whole photo"), Icon.FIT, ("F", "Ctrl+0"), group=5),
        Spec("foregrounds.pixels", tr("Photo's own pixels"), Icon.ZOOM_IN, ("Z",),
             tr("One pixel of the photo for one of the screen"), group=5),
    )  # fmt: skip
