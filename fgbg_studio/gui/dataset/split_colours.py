"""The colour and the words of each split, the same in the matrix and in its legend."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from fgbg_studio.core.dataset.split_files import NAMES, NONE, Codes, name_of
from fgbg_studio.gui.lib.theme import theme


class PaintedSplits(NamedTuple):
    """What the matrix is painted by: of each pair its split, and which pictures are held out."""

    pairs: Codes
    backgrounds: list[bool]
    foregrounds: list[bool]


_PURPLE = {True: "#b48cff", False: "#7a4fd0"}  # on dark and on light


def colour_of(split: str) -> QColor:
    """Of a split, in the colours in use."""
    colours = theme.colours
    named = {"train": "good", "seen": "accent", "new-background": "warn", "both-new": "bad", NONE: "quiet"}
    return QColor(_PURPLE[colours.dark]) if split == "new-foreground" else colours.colour(named[split])


def colour_of_code(code: int) -> QColor:
    """Of a split by its place."""
    return colour_of(name_of(code))


def meaning_of(split: str) -> str:
    """What its samples are, as a sentence."""
    words = {
        "train": _tr("Trained with: pictures and pairs that no other split has"),
        "seen": _tr("Backgrounds and foregrounds that are trained with, in pairs that are held out"),
        "new-background": _tr("Backgrounds that are held out, with foregrounds that are trained with"),
        "new-foreground": _tr("Foregrounds that are held out, on backgrounds that are trained with"),
        "both-new": _tr("Backgrounds and foregrounds that are held out, both"),
        NONE: _tr("Samples of several objects of which some are held out and others not: they are not used"),
    }
    return words[split]


def _tr(text: str) -> str:
    return QCoreApplication.translate("splits", text)


ALL = (*NAMES, NONE)
