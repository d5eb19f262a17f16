"""The table of actions of the cutting place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fgbg_studio.gui.foregrounds.canvas_render import CutoutView
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.photo_item import State
from fgbg_studio.gui.lib.actions import Spec
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.keys import TABS, Keys
from fgbg_studio.gui.lib.keys import VIEWS as KEYS_OF_VIEWS

TOOLS = {
    "foregrounds.rectangle": Tool.RECTANGLE, "foregrounds.lasso": Tool.LASSO,
    "foregrounds.click": Tool.CLICK, "foregrounds.mark": Tool.MARK,
    "foregrounds.eraser": Tool.ERASER, "foregrounds.hair": Tool.HAIR,
    "foregrounds.add-alpha": Tool.ADD, "foregrounds.remove-alpha": Tool.REMOVE,
    "foregrounds.soften": Tool.SOFTEN,
}  # fmt: skip
STATES: dict[str, State | None] = {
    "foregrounds.show-all": None,
    **{f"foregrounds.show-{state}": state for state in State},
}
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
        Spec("foregrounds.add", tr("Add photos…"), Icon.ADD, Keys.ADD,
             tr("Add photos to be cut, or cutouts with transparency")),
        Spec("foregrounds.add-folder", tr("Add a folder…"), Icon.FOLDER, None,
             tr("Add all photos and cutouts in a folder and its subfolders")),
        Spec("foregrounds.another", tr("Another object of this photo"), Icon.COPY, None,
             tr("Add this photo once more, to cut another object out of it")),
        *_judging(tr),
        *_states(tr),
        *_going(tr),
        *_tools(tr),
        *_cutting(tr),
        *_checking(tr),
        *_views(tr),
    )  # fmt: skip


def gestures(tr: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    """What the mouse does, for the sheet of shortcuts."""
    return (
        (tr("Wheel"), tr("Zoom to the cursor, with Ctrl too")),
        (tr("Shift+wheel"), tr("Brush thicker or thinner")),
        (tr("Middle button"), tr("Move the photo; Space and the left button too")),
        (tr("Right button"), tr("The contrary of what the left one means; a menu with the rectangle and the lasso")),
        (tr("Shift+click"), tr("A straight stroke from where the last one ended")),
        (tr("Ctrl with a brush"), tr("Drag the rectangle's sides and corners")),
        (tr("Rectangle: drag its handles"), tr("Correct it; with Ctrl and its inside, move it")),
        (tr("Menu key, Shift+F10"), tr("What can be done with the cutout")),
    )


def _going(tr: Callable[[str], str]) -> tuple[Spec, ...]:
    table = (
        Spec("foregrounds.previous", tr("Previous photo"), Icon.PREVIOUS, Keys.PREVIOUS, group=4),
        Spec("foregrounds.next", tr("Next photo"), Icon.NEXT, Keys.NEXT, group=4),
        Spec("foregrounds.first", tr("First photo"), Icon.PREVIOUS, Keys.FIRST, group=4),
        Spec("foregrounds.last", tr("Last photo"), Icon.NEXT, Keys.LAST, group=4),
    )
    return tuple(replace(spec, submenu=tr("Go to")) for spec in table)


def _judging(tr: Callable[[str], str]) -> tuple[Spec, ...]:
    return (
        Spec("foregrounds.keep", tr("Keep cutout"), Icon.ACCEPT, Keys.MAIN,
             tr("Save the finished cutout into the project's foregrounds"), group=1),
        Spec("foregrounds.keep-next", tr("Keep and next"), Icon.NEXT, Keys.MAIN_AND_NEXT,
             tr("Keep the cutout and go on to the next photo that has none"), group=1),
        Spec("foregrounds.go-on", tr("Go on after keeping"), Icon.NEXT, None,
             tr("Keep cutout goes on to the next photo by itself"), group=1, checkable=True),
        Spec("foregrounds.pick", tr("Pick"), Icon.ACCEPT, Keys.PICK,
             tr("The selected foregrounds are good as they are"), group=2),
        Spec("foregrounds.reject", tr("Reject"), Icon.REJECT, Keys.REJECT,
             tr("Leave this foreground out of the dataset, or take it in again; it stays in the project"), group=2,
             checkable=True),
        Spec("foregrounds.undecided", tr("To look at"), Icon.SHOW, Keys.UNDECIDED,
             tr("Take back the decision on the selected foregrounds: they are to be looked at"), group=2),
        Spec("foregrounds.rename", tr("Rename…"), Icon.RENAME, Keys.RENAME,
             tr("Rename the foreground and its file"), group=3),
        Spec("foregrounds.remove", tr("Remove"), Icon.DELETE, Keys.REMOVE,
             tr("Move the selected photos and their cutouts to the project's bin"), group=3),
        Spec("foregrounds.delete-rejected", tr("Remove rejected"), Icon.DELETE, Keys.DELETE_REJECTED,
             tr("Move all rejected foregrounds and the photos they were cut from to the project's bin"), group=3),
    )  # fmt: skip


def _states(tr: Callable[[str], str]) -> tuple[Spec, ...]:
    """Which entries the strip and the gallery show."""
    table = (
        ("all", tr("All"), Icon.GALLERY, tr("Show all photos and cutouts")),
        ("to-cut", tr("To cut"), Icon.TO_CUT, tr("Show the photos that nothing is drawn on yet")),
        ("begun", tr("Begun"), Icon.EDIT, tr("Show the photos whose cutout is not kept yet")),
        ("to-look-at", tr("To look at"), Icon.SHOW, tr("Show the cutouts that nobody has decided on")),
        ("kept", tr("Kept"), Icon.GOOD, tr("Show the cutouts that are kept")),
        ("rejected", tr("Rejected"), Icon.REJECT, tr("Show the cutouts that are rejected")),
    )
    return tuple(
        Spec(f"foregrounds.show-{name}", text, icon, key, tip, group=4, checkable=True, exclusive="state",
             submenu=tr("Show"))
        for key, (name, text, icon, tip) in zip(TABS, table, strict=True)
    )  # fmt: skip


def _tools(tr: Callable[[str], str]) -> tuple[Spec, ...]:
    table = (
        ("rectangle", tr("Rectangle"), Icon.RECTANGLE, Keys.RECTANGLE, tr("Drag a rectangle around the object")),
        ("lasso", tr("Lasso"), Icon.LASSO, Keys.LASSO, tr("Draw a loop around the object")),
        ("click", tr("Click"), Icon.CLICK, Keys.CLICK,
         tr("Click on the object: a network answers; the right button is for what is not the object")),
        ("mark", tr("Brush"), Icon.BRUSH, Keys.BRUSH, tr("Mark what is object, or background, for the next cut")),
        ("eraser", tr("Eraser"), Icon.ERASER, Keys.ERASER, tr("Erase strokes of the brush, and hair")),
        ("hair", tr("Hair"), Icon.HAIR, Keys.HAIR,
         tr("Paint over hair or fur, with room on both sides, to cut its strands; the right button takes it back")),
        ("add-alpha", tr("Paint in"), Icon.PAINT_ADD, Keys.PAINT_IN, tr("Paint the cutout itself: add to it")),
        ("remove-alpha", tr("Paint out"), Icon.PAINT_REMOVE, Keys.PAINT_OUT,
         tr("Paint the cutout itself: take away from it")),
        ("soften", tr("Soften"), Icon.SOFTEN, Keys.SOFTEN, tr("Paint the cutout itself: soften its edge")),
    )  # fmt: skip
    menu = tr("Tools")
    return (
        *(
            Spec(f"foregrounds.{name}", text, icon, key, tip, group=5, checkable=True, exclusive="tool", submenu=menu)
            for name, text, icon, key, tip in table
        ),
        Spec("foregrounds.swap", tr("Swap object and background"), Icon.SWAP, Keys.SWAP,
             tr("Swap what the left and the right button mean"), group=6, submenu=menu),
        Spec("foregrounds.thinner", tr("Thinner brush"), Icon.THINNER, Keys.THINNER, group=6, submenu=menu),
        Spec("foregrounds.thicker", tr("Thicker brush"), Icon.THICKER, Keys.THICKER, group=6, submenu=menu),
    )  # fmt: skip


def _cutting(tr: Callable[[str], str]) -> tuple[Spec, ...]:
    table = (
        Spec("foregrounds.guess", tr("Guess"), Icon.WAND, Keys.GUESS,
             tr("Let a network propose the object; go on with strokes"), group=5),
        Spec("foregrounds.guess-all", tr("Guess all"), Icon.WAND, None,
             tr("Let a network propose the object of every photo on which nothing was done yet"), group=5),
        Spec("foregrounds.guess-arrivals", tr("Guess photos that come"), Icon.WAND, None,
             tr("Let a network that is there propose the object of every new photo, while you do other things"),
             group=5, checkable=True),
        Spec("foregrounds.run", tr("Cut again"), Icon.REFRESH, Keys.RUN, tr("Cut again by what is drawn"), group=5),
        Spec("foregrounds.remove-area", tr("Remove rectangle or loop"), Icon.CLOSE, None,
             tr("Take the rectangle or loop away, and with the last thing that was drawn the cutout"), group=5),
        Spec("foregrounds.automatic", tr("Cut after every stroke"), Icon.REFRESH, None,
             tr("Cut by itself after every stroke"), group=5, checkable=True),
        Spec("foregrounds.cancel", tr("Cancel"), Icon.CLOSE, Keys.CANCEL,
             tr("Give up what is being drawn, or stop the cut that runs"), group=5),
    )  # fmt: skip
    return tuple(replace(spec, submenu=tr("Cut")) for spec in table)


def _checking(tr: Callable[[str], str]) -> tuple[Spec, ...]:
    table = (
        Spec("foregrounds.next-issue", tr("Next thing the check found"), Icon.INFO, Keys.NEXT_ISSUE,
             tr("Show the next thing that the check found"), group=5),
        Spec("foregrounds.mend", tr("Mend"), Icon.MEND, Keys.MEND, tr("Mend what the check found"), group=5),
        Spec("foregrounds.mend-all", tr("Mend all cutouts"), Icon.MEND, None,
             tr("Mend what the check found in all cutouts that are shown, or in the selected ones"), group=5),
        Spec("foregrounds.finish-all", tr("Finish all cutouts"), Icon.SOFTEN, None,
             tr("Finish all cutouts that are shown, or the selected ones, as said here"), group=5),
        Spec("foregrounds.keep-all", tr("Keep all cutouts"), Icon.ACCEPT, None,
             tr("Keep every cutout that is begun; they are still to be looked at"), group=5),
    )  # fmt: skip
    return tuple(replace(spec, submenu=tr("Check")) for spec in table)


def _views(tr: Callable[[str], str]) -> tuple[Spec, ...]:
    table = (
        ("tint", tr("Tint"), Icon.TINT, tr("The background tinted")),
        ("outline", tr("Outline"), Icon.OUTLINE, tr("A line around the object")),
        ("checker", tr("Checkerboard"), Icon.CHECKER, tr("The cutout on a checkerboard")),
        ("white", tr("On white"), Icon.WHITE, tr("The cutout on white")),
        ("black", tr("On black"), Icon.BLACK, tr("The cutout on black")),
        ("scene", tr("On a background"), Icon.BACKGROUNDS, tr("The cutout on a background, at the dataset's size")),
        ("compare", tr("Before and after"), Icon.COMPARE, tr("The photo left, the cutout right of a line to drag")),
    )
    views = tuple(
        Spec(f"foregrounds.{name}", text, icon, key, tip, group=5, checkable=True, exclusive="view")
        for key, (name, text, icon, tip) in zip(KEYS_OF_VIEWS, table, strict=True)
    )
    places = (
        Spec("foregrounds.gallery", tr("Gallery"), Icon.GALLERY, Keys.ALL, tr("Show all cutouts large, to judge them"),
             group=4, checkable=True),
        Spec("foregrounds.large", tr("View large"), Icon.SHOW, Keys.LARGE,
             tr("From the gallery to the photo, to cut it, and back"), group=4),
    )  # fmt: skip
    rest = (
        Spec("foregrounds.next-scene", tr("Next background"), Icon.NEXT, Keys.OTHERS,
             tr("Show the cutout on the next background"), group=6),
        Spec("foregrounds.strokes", tr("Show strokes"), Icon.SHOW, Keys.STROKES, tr("Show or hide the strokes"),
             group=6, checkable=True),
        Spec("foregrounds.hints", tr("Show hints"), Icon.INFO, None, tr("Show the next useful action"), group=6,
             checkable=True),
        Spec("foregrounds.nearer", tr("Zoom in"), Icon.ZOOM_IN, Keys.ZOOM_IN, group=7),
        Spec("foregrounds.farther", tr("Zoom out"), Icon.ZOOM_OUT, Keys.ZOOM_OUT, group=7),
        Spec("foregrounds.fit", tr("Whole photo"), Icon.FIT, Keys.FIT, group=7),
        Spec("foregrounds.pixels", tr("Photo's own pixels"), Icon.ZOOM_IN, Keys.PIXELS,
             tr("One pixel of the photo for one of the screen"), group=7),
    )  # fmt: skip
    return tuple(replace(spec, submenu=tr("View")) for spec in (*places, *views, *rest))
