"""What a person can do about an error, in the words of the window, and what a button beside it offers to do.

Nothing is done here: who shows a button is given a function for it, which the session has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial, singledispatch

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import (
    AddNetworkFile,
    AddPictures,
    Adjust,
    ChooseFolder,
    ChooseNetwork,
    ChooseWriter,
    CutOut,
    DescribeNetwork,
    DownloadNetwork,
    FillTransparent,
    FindCameras,
    GenerateAgain,
    IncludeAgain,
    MoreSamples,
    NameWhite,
    NewProject,
    RejectBackgrounds,
    RemakeSample,
    Remedy,
    Set,
    SetHorizons,
    value_text,
)
from fgbg_studio.core.base.words import one_line

_FORMS = (
    ("foreground.sizing", "Preview → Size of foregrounds"),
    ("foreground.real_height", "Preview → Size of foregrounds"),
    ("placement", "Preview → Placement"),
    ("mirrored", "Preview → Placement"),
    ("camera", "Preview → Camera"),
    ("compositing", "Preview → Edges and masks"),
    ("appearance", "Preview → Colour, light and shadows"),
    ("depth", "Preview → Depth"),
    ("writer", "Generate"),
)
"""Settings by how their keys begin, and where the window has them."""

_NAMES = {
    "background.min_side": "the smallest side of backgrounds",
    "background.max_side": "the largest side of backgrounds",
}
"""What the window calls settings that no form has, and whose keys are no words; they are pixels."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("remedies", text)


def said(error: FgbgError) -> str:
    """The error in sentences, and what to do about it in this window."""
    return one_line(error.said(words))  # names of files may hold tabs, line breaks and signs of direction


def set_words(settings: Mapping[str, object]) -> str:
    """What settings become, in words: 'depth encoding to uint16-relative and shard to 2000'."""
    parts = [
        _tr("{0} to {1}").format(name_of(key), _tr("none") if value is None else _value_words(key, value))
        for key, value in settings.items()
    ]
    return _tr(" and ").join(parts)


def name_of(key: str) -> str:
    """What the window calls a setting: 'mask format' for ``codecs.mask.format``."""
    return _NAMES.get(key) or key.replace("codecs.", "").replace(".", " ").replace("_", " ")


def _value_words(key: str, value: object) -> str:
    return f"{value_text(value)} px" if key in _NAMES else value_text(value)


def _place(key: str) -> str:
    return next((place for start, place in _FORMS if key.startswith(start)), "")


@singledispatch
def words(remedy: Remedy) -> str:
    """A remedy as a clause."""
    always: dict[type[Remedy], str] = {
        CutOut: _tr("cut it out in Foregrounds"),
        FindCameras: _tr("have horizon and floor found in the depth in Backgrounds"),
        FillTransparent: _tr("choose a colour that shows there"),
        NameWhite: _tr("save it as an 8-bit picture, its white as 255"),
        IncludeAgain: _tr("include some of them again in Preview → Excluded"),
        NewProject: _tr("make one with File → New project"),
        RejectBackgrounds: _tr("reject these in Backgrounds"),
        SetHorizons: _tr("set each background's own horizon in Backgrounds"),
        RemakeSample: _tr("make it again by generating the dataset again"),
        ChooseNetwork: _tr("choose a network in Preview → Depth"),
        DescribeNetwork: _tr("describe it in Preview → Depth"),
        DownloadNetwork: _tr("download it in Preview → Depth"),
    }
    return always.get(type(remedy), str(remedy))


@words.register
def _(remedy: Set) -> str:
    places = sorted({_place(key) for key in remedy.settings} - {""})
    text = _tr("set {0}").format(set_words(remedy.settings)) + (f" ({', '.join(places)})" if places else "")
    return f"{remedy.aim}: {text}" if remedy.aim else text


@words.register
def _(remedy: Adjust) -> str:
    return f"{remedy.aim} ({_place(remedy.key) or name_of(remedy.key)})"


@words.register
def _(remedy: AddPictures) -> str:
    return _tr("add some in {0}").format(remedy.kind.title())


@words.register
def _(remedy: AddNetworkFile) -> str:
    joint = _tr(" and") if remedy.address else ","
    return _tr("{0}{1} choose it in Preview → Depth, or save it as {2}").format(remedy.source, joint, remedy.kept)


def _followed(remedy: Remedy) -> tuple[str, str]:
    """(place, what a button says) where a person follows a remedy; both empty where that is not in this window."""
    if isinstance(remedy, AddPictures):
        return remedy.kind, _tr("Go to {0}").format(remedy.kind.title())
    if isinstance(remedy, Adjust) and not _place(remedy.key).startswith("Preview"):
        return "", ""
    networks = "preview", _tr("Go to the networks")
    places: dict[type[Remedy], tuple[str, str]] = {
        Adjust: ("preview", _tr("Go to the setting")),
        AddNetworkFile: networks,
        ChooseFolder: ("generate", _tr("Choose a folder…")),
        ChooseNetwork: networks,
        CutOut: ("foregrounds", _tr("Go to {0}").format(_tr("Foregrounds"))),
        DescribeNetwork: networks,
        DownloadNetwork: networks,
        FindCameras: ("backgrounds", _tr("Find horizon and floor")),
        GenerateAgain: ("generate", _tr("Go to {0}").format(_tr("Generate"))),
        IncludeAgain: ("preview", _tr("Go to {0}").format(_tr("Preview"))),
        MoreSamples: ("generate", _tr("Go to {0}").format(_tr("Generate"))),
        RejectBackgrounds: ("backgrounds", _tr("Reject these")),
    }
    return places.get(type(remedy), ("", ""))


def target(remedy: Remedy) -> str:
    """The place of the window where a person follows a remedy; empty where there is none."""
    return _followed(remedy)[0]


def changes(remedy: Remedy) -> Mapping[str, object]:
    """The settings that a remedy changes by itself; empty where a person has to do something."""
    if isinstance(remedy, ChooseWriter):
        return {"writer": remedy.name}
    return remedy.settings if isinstance(remedy, Set) else {}


def offer(remedy: Remedy) -> str:
    """What a button that follows the remedy says; empty where the window cannot follow it."""
    wanted = changes(remedy)
    if wanted:
        return _tr("Set {0}").format(set_words(wanted)) if len(wanted) == 1 else _tr("Set both")
    return _followed(remedy)[1]


def offers(remedies: Iterable[Remedy], follow: Callable[[Remedy], object]) -> list[tuple[str, Callable[[], object]]]:
    """(what it says, what it does) of a button for each remedy that ``follow`` can follow, none twice."""
    made = {offer(remedy): partial(follow, remedy) for remedy in remedies}
    return [(text, handler) for text, handler in made.items() if text]
