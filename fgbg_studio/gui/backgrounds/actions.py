"""The table of actions of the place Backgrounds."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fgbg_studio.gui.backgrounds.list_filter import Tab
from fgbg_studio.gui.lib.actions import Spec
from fgbg_studio.gui.lib.icons import Icon


def specs() -> tuple[Spec, ...]:
    """The actions of this place, in the order of its menu."""
    return (*_adding(), *_judging(), *_looking(), *_marking())


def _tr(text: str) -> str:
    return QCoreApplication.translate("backgrounds", text)


def _adding() -> tuple[Spec, ...]:
    return (
        Spec(
            "backgrounds.add", _tr("Add pictures…"), Icon.ADD, ("Ctrl+Shift+A",),
            _tr("Add pictures or a ZIP file as backgrounds"),
        ),
        Spec(
            "backgrounds.add_folder", _tr("Add a folder…"), Icon.FOLDER, (),
            _tr("Add all pictures in a folder and its subfolders"),
        ),
    )  # fmt: skip


def _judging() -> tuple[Spec, ...]:
    return (
        Spec("backgrounds.pick", _tr("Pick"), Icon.ACCEPT, ("P",), _tr("Use the selected backgrounds"), group=1),
        Spec("backgrounds.reject", _tr("Reject"), Icon.REJECT, ("X",),
             _tr("Leave the selected backgrounds out of the dataset; they stay in the project"), group=1),
        Spec("backgrounds.delete_rejected", _tr("Delete rejected"), Icon.DELETE, ("Shift+Delete",),
             _tr("Move all rejected backgrounds to the project's bin"), group=1),
        Spec("backgrounds.keep_better", _tr("Keep the better one"), Icon.DUPLICATE, ("K",),
             _tr("Keep the better picture and reject its near-duplicates"), group=1),
        Spec("backgrounds.keep_all", _tr("Keep all of them"), Icon.ACCEPT, ("Shift+K",),
             _tr("These near-duplicates are different enough: don't ask again"), group=1),
    )  # fmt: skip


def _looking() -> tuple[Spec, ...]:
    tabs = (
        (Tab.ALL, _tr("All"), _tr("Show all backgrounds")),
        (Tab.GOOD, _tr("Good"), _tr("Show what goes into the dataset")),
        (Tab.REJECTED, _tr("Rejected"), _tr("Show what is left out, and why")),
        (Tab.DUPLICATES, _tr("Duplicates"), _tr("Show near-duplicates side by side")),
    )
    icons = (Icon.BACKGROUNDS, Icon.ACCEPT, Icon.REJECT, Icon.DUPLICATE)
    return (
        *(
            Spec(f"backgrounds.{tab}", text, icon, (f"Alt+{number}",), tip, group=2, checkable=True, exclusive="tab")
            for number, ((tab, text, tip), icon) in enumerate(zip(tabs, icons, strict=True), 1)
        ),
        Spec("backgrounds.filter", _tr("Filter"), Icon.FILTER, ("Ctrl+Shift+F",),
             _tr("Show only backgrounds within a range of size, brightness or sharpness"), group=3, checkable=True),
        Spec("backgrounds.larger", _tr("Larger thumbnails"), Icon.GRID_LARGE, ("Ctrl+=", "Ctrl++"), group=3),
        Spec("backgrounds.smaller", _tr("Smaller thumbnails"), Icon.GRID_SMALL, ("Ctrl+-",), group=3),
        Spec("backgrounds.large", _tr("View large"), Icon.SHOW, ("E",),
             _tr("Show the picture large to set its square and horizon"), group=3, checkable=True),
        Spec("backgrounds.real_size", _tr("At dataset size"), Icon.REAL_SIZE, ("R",),
             _tr("Show the background as it will be in the dataset, pixel by pixel"), group=3, checkable=True),
        Spec("backgrounds.previous", _tr("Previous"), Icon.PREVIOUS, ("A",), _tr("Previous background"), group=3),
        Spec("backgrounds.next", _tr("Next"), Icon.NEXT, ("D",), _tr("Next background"), group=3),
        Spec("backgrounds.back", _tr("Back to the grid"), Icon.CLOSE, ("Escape",),
             _tr("Put the brush away, then back to the grid"), group=3),
    )  # fmt: skip


def _marking() -> tuple[Spec, ...]:
    return (
        Spec("backgrounds.brush", _tr("Paint where objects may stand"), Icon.BRUSH, ("B",),
             _tr("Paint where objects may stand: left button adds, right button clears"), group=4, checkable=True),
        Spec("backgrounds.brush_smaller", _tr("Smaller brush"), Icon.ZOOM_OUT, ("[",), group=4),
        Spec("backgrounds.brush_larger", _tr("Larger brush"), Icon.ZOOM_IN, ("]",), group=4),
        Spec("backgrounds.clear_region", _tr("Objects may stand everywhere"), Icon.ERASER, (),
             _tr("Clear the painted region: objects may stand everywhere"), group=4),
        Spec("backgrounds.centre", _tr("Largest square in the middle"), Icon.CROP, (),
             _tr("Reset the square to the largest one in the middle"), group=4),
        Spec("backgrounds.horizon", _tr("Horizon from the settings"), Icon.HORIZON, (),
             _tr("Reset the horizon to that of the camera settings"), group=4),
    )  # fmt: skip
