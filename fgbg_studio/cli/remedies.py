"""What a person can do about an error, in the words of the command line: as commands to be copied."""

from __future__ import annotations

import shlex
import sys
from functools import singledispatch

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import (
    AddHashes,
    AddNetworkFile,
    AddPictures,
    ChooseNetwork,
    ChooseWriter,
    CutOut,
    DescribeNetwork,
    DownloadNetwork,
    FillTransparent,
    FindCameras,
    GenerateAgain,
    IncludeAgain,
    MakeShards,
    MakeSplits,
    MoreSamples,
    NameNetwork,
    NameObject,
    NameUnit,
    NameWhite,
    NewProject,
    Prepare,
    ReducePhoto,
    RejectBackgrounds,
    RemakeSample,
    Remedy,
    Set,
    SetHorizons,
    TryAgain,
    Update,
    assignments,
)

_SET = "fgbg-studio set PROJECT"
_ALWAYS: dict[type[Remedy], str] = {
    AddHashes: "note them once with: fgbg-studio verify DATASET --add-hashes",
    CutOut: "cut it with 'fgbg-studio cut', or give its mask with --masks FOLDER",
    MakeSplits: "make them anew with: fgbg-studio split DATASET",
    FindCameras: "have horizon and floor found in the depth: fgbg-studio camera PROJECT --accept",
    FillTransparent: "say with --fill which colour shows there (--fill white)",
    ReducePhoto: "cut it reduced with --reduce",
    NewProject: "make one with: fgbg-studio new PROJECT --preset NAME",
    IncludeAgain: "include some again: fgbg-studio include PROJECT NAME..., or --all",
    MoreSamples: "raise --limit or leave it out",
    RemakeSample: "make it again with 'fgbg-studio sample'",
    ChooseNetwork: f"name a file or one of the catalogue: {_SET} depth.model=PATH",
    NameNetwork: "say with --name which one it is",
}
"""What needs no more than the kind of the remedy."""


def said(error: FgbgError) -> str:
    """The error, and what to do about it."""
    return error.said(words)


@singledispatch
def words(remedy: Remedy) -> str:
    """A remedy as a clause; in plain words where no command is needed for it."""
    return _ALWAYS.get(type(remedy), str(remedy))


@words.register
def _(remedy: Set) -> str:
    return f"{remedy.aim}: {_SET} {' '.join(assignments(remedy.settings))}" if remedy.aim else str(remedy)


@words.register
def _(remedy: SetHorizons) -> str:
    return f"{remedy}, as in: fgbg-studio set-backgrounds PROJECT {remedy.file} horizon=0.4"


@words.register
def _(remedy: RejectBackgrounds) -> str:
    return f"reject these: fgbg-studio set-backgrounds PROJECT {shlex.join(remedy.files)} status=rejected"


@words.register
def _(remedy: NameObject) -> str:
    return f"say which values are the object, for these masks: --object {shlex.quote(remedy.example)} (see --help)"


@words.register
def _(remedy: NameUnit) -> str:
    return f"say its unit with --depth-unit: {', '.join(remedy.units)}, or how many are a metre"


@words.register
def _(remedy: NameWhite) -> str:
    return f"say which value is white: {', '.join(f'--white {white:g}' for white in remedy.whites)}"


@words.register
def _(remedy: AddPictures) -> str:
    return f"add some with: fgbg-studio add-{remedy.kind} PROJECT PATH"


@words.register
def _(remedy: ChooseWriter) -> str:
    return f"choose another writer: --writer {remedy.name}"


@words.register
def _(remedy: GenerateAgain) -> str:
    if remedy.workers:
        return remedy.around(f"run the same command again, with fewer workers: --workers {remedy.workers}")
    return remedy.around("run the same 'generate' again")


@words.register
def _(remedy: Prepare) -> str:
    return f"{remedy}: fgbg-studio generate PROJECT --prepare --out OUT"


@words.register
def _(remedy: MakeShards) -> str:
    return f"{remedy}: fgbg-studio generate --shards {remedy.part} --out OUT"


@words.register
def _(remedy: TryAgain) -> str:
    return remedy.around("run the same command again")


@words.register
def _(remedy: DescribeNetwork) -> str:
    changes = " ".join(assignments(remedy.settings))
    return f"describe it (docs/networks.md), its meaning as metres, relative, inverse or densedepth: {_SET} {changes}"


@words.register
def _(remedy: DownloadNetwork) -> str:
    return f"run 'fgbg-studio models download {remedy.name}'"


@words.register
def _(remedy: AddNetworkFile) -> str:
    joint = " and" if remedy.address else ","
    file = remedy.published_name or "FILE"
    return f"{remedy.source}{joint} run 'fgbg-studio models add {file}' or save it as {remedy.kept}"


@words.register
def _(remedy: Update) -> str:
    frozen = getattr(sys, "frozen", False)  # a packaged program is not upgraded by pip
    return str(remedy) if frozen else f"{remedy}: pip install --upgrade fgbg-studio"
