"""The table of actions of the place Preview."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fgbg_studio.gui.lib.actions import Spec
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.keys import TABS, Keys
from fgbg_studio.gui.preview.views import SampleView


def specs() -> tuple[Spec, ...]:
    """The actions of this place, in the order of its menu."""
    return (
        Spec("preview.shuffle", _tr("Shuffle"), Icon.SHUFFLE, Keys.OTHERS, _tr("Show other samples of the plan")),
        *_views(),
        Spec("preview.open", _tr("View large"), Icon.SHOW, Keys.LARGE,
             _tr("Show the sample large to move the object and the depth layers"), group=2),
        Spec("preview.exclude", _tr("Exclude from the dataset"), Icon.REJECT, Keys.REJECT,
             _tr("Make the dataset without this sample; all others stay as they are"), group=3),
        Spec("preview.include", _tr("Include again"), Icon.ACCEPT, Keys.PICK,
             _tr("Take this sample back into the dataset"), group=3),
        Spec("preview.exclude_pair", _tr("Exclude this pair"), Icon.REJECT,
             tip=_tr("All samples of this foreground on this background"), group=3),
        Spec("preview.exclude_background", _tr("Exclude all samples of this background"), Icon.REJECT, group=3),
        Spec("preview.exclude_foreground", _tr("Exclude all samples of this foreground"), Icon.REJECT, group=3),
        Spec("preview.copy_name", _tr("Copy the sample's name"), Icon.COPY,
             tip=_tr("As its files in the dataset are called"), group=3),
        Spec("preview.compare", _tr("Compare depth ways…"), Icon.COMPARE, Keys.COMPARE,
             _tr("Compare two ways of making depth, and see which objects the network missed"), group=2),
        Spec("preview.ghosts", _tr("Hidden parts"), Icon.GHOST, Keys.HIDDEN_PARTS,
             _tr("Show through what of the large sample's objects is hidden"), group=2, checkable=True,
             submenu=_tr("Large sample")),
        Spec("preview.floor", _tr("Tint the floor"), Icon.FLOOR, Keys.FLOOR,
             _tr("Tint where objects may stand in the large sample"), group=2, checkable=True,
             submenu=_tr("Large sample")),
        Spec("preview.back", _tr("Back to the grid"), Icon.CLOSE, Keys.CANCEL, group=2),
        Spec("preview.larger", _tr("Larger samples"), Icon.GRID_LARGE, Keys.LARGER, group=2),
        Spec("preview.smaller", _tr("Smaller samples"), Icon.GRID_SMALL, Keys.SMALLER, group=2),
    )  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate("preview", text)


def _views() -> list[Spec]:
    views = (
        (SampleView.COMPOSITE, _tr("Composite"), Icon.COMPOSITE, _tr("Show the composites")),
        (SampleView.MASK, _tr("Mask"), Icon.MASK, _tr("Show the masks: white is the foreground")),
        (SampleView.DEPTH, _tr("Depth"), Icon.DEPTH, _tr("Show the depth in colours: near is bright")),
        (
            SampleView.GREY,
            _tr("Stored depth"),
            Icon.DEPTH_GREY,
            _tr("Show the depth in grey as stored in the dataset's files"),
        ),
        (SampleView.ALL, _tr("Side by side"), Icon.SIDE_BY_SIDE, _tr("Show composite, mask and depth of each sample")),
    )
    return [
        Spec(f"preview.{view}", text, icon, key, tip, group=1, checkable=True, exclusive="view")
        for key, (view, text, icon, tip) in zip(TABS, views, strict=False)
    ]
