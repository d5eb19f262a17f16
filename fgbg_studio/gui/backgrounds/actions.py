"""The table of actions of the place Backgrounds."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from fgbg_studio.gui.backgrounds.list_filter import Tab
from fgbg_studio.gui.lib.actions import Spec
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.keys import TABS, Keys


def specs() -> tuple[Spec, ...]:
    """The actions of this place, in the order of its menu."""
    return (*_adding(), *_judging(), *_looking(), *_marking())


def gestures() -> tuple[tuple[str, str], ...]:
    """What the mouse and keys that are no actions do, for the shortcut sheet."""
    return (
        (_tr("Arrow keys"), _tr("Go to the next picture; with Shift, extend the selection")),
        (_tr("Enter, double-click"), _tr("View the picture large")),
        (_tr("Ctrl+wheel"), _tr("Size of the thumbnails")),
        (_tr("Drag the square"), _tr("Choose which part becomes the background")),
        (_tr("Drag the yellow line"), _tr("Set the horizon")),
        (_tr("Wheel in the large view"), _tr("Zoom to the pointer")),
        (_tr("Space or middle button, drag"), _tr("Move the zoomed picture")),
        (_tr("Shift+wheel while painting"), _tr("Size of the brush")),
        (_tr("Ctrl+Up, Ctrl+Down in the large view"), _tr("Make the square larger or smaller")),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("backgrounds", text)


def _adding() -> tuple[Spec, ...]:
    return (
        Spec("backgrounds.add", _tr("Add pictures…"), Icon.ADD, Keys.ADD,
             _tr("Add pictures or a ZIP file as backgrounds")),
        Spec("backgrounds.add_folder", _tr("Add a folder…"), Icon.FOLDER, None,
             _tr("Add all pictures in a folder and its subfolders")),
    )  # fmt: skip


def _judging() -> tuple[Spec, ...]:
    alike, file = _tr("Near-duplicates"), _tr("File")
    return (
        Spec("backgrounds.pick", _tr("Pick"), Icon.ACCEPT, Keys.PICK,
             _tr("Pick the selected backgrounds: you have looked at them, and they go into the dataset"), group=1),
        Spec("backgrounds.reject", _tr("Reject"), Icon.REJECT, Keys.REJECT,
             _tr("Reject the selected backgrounds: they stay in the project and are left out of the dataset"), group=1),
        Spec("backgrounds.undecided", _tr("To look at"), Icon.UNDECIDED, Keys.UNDECIDED,
             _tr("Take back what was decided on the selected backgrounds"), group=1),
        Spec("backgrounds.advance", _tr("Go on after a decision"), Icon.NEXT, None,
             _tr("After Pick, Reject and To look at go on to the next background that is to look at"), group=1,
             checkable=True),
        Spec("backgrounds.keep_better", _tr("Keep the better one"), Icon.DUPLICATE, Keys.KEEP_BETTER,
             _tr("Pick the better picture and reject its near-duplicates"), group=1, submenu=alike),
        Spec("backgrounds.keep_all", _tr("Keep all of them"), Icon.ACCEPT, Keys.KEEP_ALL,
             _tr("These near-duplicates are different enough: don't ask again"), group=1, submenu=alike),
        Spec("backgrounds.rename", _tr("Rename…"), Icon.RENAME, Keys.RENAME,
             _tr("Rename the background and its file"), group=2, submenu=file),
        Spec("backgrounds.remove", _tr("Remove"), Icon.DELETE, Keys.REMOVE,
             _tr("Move the selected backgrounds to the project's bin; undo brings them back"), group=2),
        Spec("backgrounds.delete_rejected", _tr("Remove rejected"), Icon.DELETE, Keys.DELETE_REJECTED,
             _tr("Move all rejected backgrounds to the project's bin"), group=2),
        Spec("backgrounds.copy_name", _tr("Copy the name"), Icon.COPY, None,
             _tr("Copy the names of the selected backgrounds"), group=2, submenu=file),
        Spec("backgrounds.show_file", _tr("Show in the file manager"), Icon.FOLDER, None,
             _tr("Open the folder that the background's file lies in"), group=2, submenu=file),
    )  # fmt: skip


def _looking() -> tuple[Spec, ...]:
    go = _tr("Go to")
    return (
        *_showing(),
        Spec("backgrounds.previous", _tr("Previous"), Icon.PREVIOUS, Keys.PREVIOUS, _tr("Previous background"),
             group=4, submenu=go),
        Spec("backgrounds.next", _tr("Next"), Icon.NEXT, Keys.NEXT, _tr("Next background"), group=4, submenu=go),
        Spec("backgrounds.large", _tr("View large"), Icon.SHOW, Keys.LARGE,
             _tr("Show the picture large to set its square and horizon"), group=4, checkable=True),
        Spec("backgrounds.real_size", _tr("At dataset size"), Icon.REAL_SIZE, Keys.DATASET_SIZE,
             _tr("Show the background as it will be in the dataset, pixel by pixel"), group=4, checkable=True),
        Spec("backgrounds.back", _tr("Back to the grid"), Icon.CLOSE, Keys.CANCEL,
             _tr("Put the brush away, then back to the grid"), group=4, submenu=go),
        *_zooming(),
    )  # fmt: skip


def _showing() -> tuple[Spec, ...]:
    """Which backgrounds the grid shows, and how large."""
    tabs = (
        (Tab.ALL, _tr("All"), Icon.BACKGROUNDS, _tr("Show all backgrounds")),
        (Tab.REVIEW, _tr("To look at"), Icon.UNDECIDED,
         _tr("Show what you have not decided on yet; until then it goes into the dataset like what is picked")),
        (Tab.PICKED, _tr("Picked"), Icon.ACCEPT, _tr("Show what you have picked for the dataset")),
        (Tab.REJECTED, _tr("Rejected"), Icon.REJECT, _tr("Show what is left out of the dataset, and why")),
        (Tab.DUPLICATES, _tr("Duplicates"), Icon.DUPLICATE, _tr("Show near-duplicates side by side")),
    )  # fmt: skip
    grid = _tr("Grid")
    return (
        *(
            Spec(f"backgrounds.{tab}", text, icon, key, tip, group=3, checkable=True, exclusive="tab", submenu=grid)
            for key, (tab, text, icon, tip) in zip(TABS, tabs, strict=False)
        ),
        Spec("backgrounds.filter", _tr("Filter"), Icon.FILTER, Keys.FILTER,
             _tr("Show only backgrounds within a range of size, brightness or sharpness, or with remarks"), group=4,
             checkable=True, submenu=grid),
        Spec("backgrounds.larger", _tr("Larger thumbnails"), Icon.GRID_LARGE, Keys.LARGER, group=4, submenu=grid),
        Spec("backgrounds.smaller", _tr("Smaller thumbnails"), Icon.GRID_SMALL, Keys.SMALLER, group=4, submenu=grid),
    )  # fmt: skip


def _zooming() -> tuple[Spec, ...]:
    """In the large view."""
    zoom = _tr("Zoom")
    table = (
        ("nearer", _tr("Zoom in"), Icon.ZOOM_IN, Keys.ZOOM_IN, ""),
        ("farther", _tr("Zoom out"), Icon.ZOOM_OUT, Keys.ZOOM_OUT, ""),
        ("fit", _tr("Whole picture"), Icon.FIT, Keys.FIT, ""),
        ("pixels", _tr("Picture's own pixels"), Icon.ZOOM_IN, Keys.PIXELS,
         _tr("One pixel of the picture for one of the screen")),
    )  # fmt: skip
    return tuple(
        Spec(f"backgrounds.{name}", text, icon, key, tip, group=4, submenu=zoom) for name, text, icon, key, tip in table
    )


def _marking() -> tuple[Spec, ...]:
    marks = _tr("Square, horizon, region")
    table = (
        Spec("backgrounds.centre", _tr("Largest square in the middle"), Icon.CROP, None,
             _tr("Reset the square to the largest one in the middle"), group=5),
        Spec("backgrounds.horizon", _tr("Horizon from the settings"), Icon.HORIZON, None,
             _tr("Reset the horizon to that of the camera settings"), group=5),
        Spec("backgrounds.find_camera", _tr("Find horizon and floor"), Icon.FLOOR, None,
             _tr("Find the camera and the floor of the selected backgrounds in their depth: measured, or a network's"),
             group=5),
        Spec("backgrounds.brush", _tr("Paint where objects may stand"), Icon.BRUSH, Keys.BRUSH,
             _tr("Paint where objects may stand: left button adds, right button clears"), group=6, checkable=True),
        Spec("backgrounds.eraser", _tr("Erase where objects may stand"), Icon.ERASER, Keys.ERASER,
             _tr("Erase what was painted: left button clears, right button adds"), group=6, checkable=True),
        Spec("backgrounds.brush_smaller", _tr("Thinner brush"), Icon.THINNER, Keys.THINNER, group=6),
        Spec("backgrounds.brush_larger", _tr("Thicker brush"), Icon.THICKER, Keys.THICKER, group=6),
        Spec("backgrounds.clear_region", _tr("Objects may stand everywhere"), Icon.EVERYWHERE, None,
             _tr("Clear the painted region: objects may stand everywhere"), group=6),
    )  # fmt: skip
    return tuple(replace(spec, submenu=marks) for spec in table)
