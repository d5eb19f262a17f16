"""The core's sentences in the words of the window: where it names a command or a key, say what to do here instead.

The core says for everybody what happened and the way out, and names commands, which a person at a terminal can copy.
`in_words` exchanges them by a table; a test reads the core's own sentences and finds those that it has no words for.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

_SETTING = r"[a-z_]+(?:\.[a-z_]+)*=(?:\[[^\]]*\]|…|[\w.:-]+|PATH)"
_ASSIGNED = re.compile(_SETTING)
_SET = re.compile(rf"(?:fgbg-studio set PROJECT|(?<=\bSet)) ((?:{_SETTING} ?)+)")
_ALONE = re.compile(r"\b([a-z_]+(?:\.[a-z_]+)+)=([\w-]+)")
_ADD = re.compile(r"with: fgbg-studio add-(\w+) PROJECT PATH")

_FORMS = (
    ("foreground.sizing", "Preview → Size of foregrounds"),
    ("foreground.real_height", "Preview → Size of foregrounds"),
    ("placement", "Preview → Placement"),
    ("mirrored", "Preview → Placement"),
    ("camera", "Preview → Camera"),
    ("compositing", "Preview → Edges and masks"),
    ("depth", "Preview → Depth"),
    ("writer", "Generate"),
)
"""Settings by how their keys begin, and where the window has them."""

_COMMANDS = (
    (r"M?ake (it|one) with: fgbg-studio new PROJECT --preset NAME", "make one with File → New project"),
    (r"Cut it with 'fgbg-studio cut', or give its mask with --masks FOLDER", "Cut it out in Foregrounds"),
    (r"with 'fgbg-studio sample'", "by generating the dataset again"),
    (r"[Rr]un the same 'generate' again", "generate the same dataset again"),
    (r"[Rr]un 'fgbg-studio models (?:add|download) [^']*',? (?:or )?", "choose it in Preview → Depth, or "),
    (r"Name a file or one of the catalogue: fgbg-studio set PROJECT depth\.model=PATH", "Choose a network"),
    (r": --writer \w+", ""),
    (r": --workers \w+", ""),
    (r"Raise --limit or leave it out", "Make more samples"),
    (r"Say with --name which one it is", "Rename it as its page calls it"),
    (r": --out CUT\.png", ""),
    (r"Run the same command again", "Generate again"),
    (r", or: fgbg-studio set PROJECT background\.\w+=\S+?(?=\.?$)", ""),
    (r"Set [\w ]+: (?=fgbg-studio set)", ""),
)


def in_words(text: str) -> str:
    """``text`` without commands: 'Set shard to 2000', 'Preview → Depth'."""
    spoken = _ADD.sub(lambda found: QCoreApplication.translate("saying", "in {0}").format(found[1].title()), text)
    for pattern, words in _COMMANDS:
        spoken = re.sub(pattern, QCoreApplication.translate("saying", words), spoken)
    spoken = _ALONE.sub(lambda found: _one(found[1], found[2]), _SET.sub(_set_here, spoken))
    if spoken == text:
        return text
    # A sentence begins with a capital, also where its first words were exchanged.
    return re.sub(r"(?:^|(?<=[.!?] ))[a-z](?=[a-z]+ )", lambda found: found[0].upper(), spoken)


def _set_here(found: re.Match[str]) -> str:
    pairs = [setting.partition("=") for setting in _ASSIGNED.findall(found[1])]
    parts = [_one(key, value) for key, _, value in pairs]
    places = sorted({_place(key) for key, _, _ in pairs} - {""})
    wanted = QCoreApplication.translate("saying", " and ").join(parts)
    before = "" if found[0].startswith(" ") else QCoreApplication.translate("saying", "set ")
    if before and re.match(r"keeps|makes", found.string[found.end() :]):
        before = QCoreApplication.translate("saying", "setting ")
    where = f" ({', '.join(places)})" if places else ""
    gap = " " if found[0].startswith(" ") else ""
    after = " " if found[0].endswith(" ") else ""
    return f"{gap}{before}{wanted}{where}{after}"


def _one(key: str, value: str) -> str:
    name = key.replace("codecs.", "").replace(".", " ").replace("_", " ")
    if value == "…":
        return QCoreApplication.translate("saying", "another {0}").format(name)
    if value == "null":
        return QCoreApplication.translate("saying", "{0} to none").format(name)
    return QCoreApplication.translate("saying", "{0} to {1}").format(name, value)


def _place(key: str) -> str:
    return next((place for start, place in _FORMS if key.startswith(start)), "")
