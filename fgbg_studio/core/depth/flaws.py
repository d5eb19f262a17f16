"""What of a dataset's depth is not stored as it is: an encoding that does not fit, and counted pixels and maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.remedies import Adjust, Remedy, Set
from fgbg_studio.core.depth.encodings import LinearByte
from fgbg_studio.core.interfaces.depth import Meaning
from fgbg_studio.core.interfaces.encoding import NO_VALUE, ONE_DEPTH, TOO_FAR, TOO_NEAR, Encoding
from fgbg_studio.core.project.settings import Settings

_MOST = 0.01
"""The part of all pixels, or of all maps, from which on a dataset is wrong and not only imperfect."""


def refuse_misfit(meaning: Meaning, settings: Settings) -> None:
    """Do nothing where the settings' encoding can store such depth.

    Raises:
        UsageError: it is metres, and the encoding is for depth without a unit, or the reverse.
    """
    if meaning.kind != "none" and not settings.depth.encoding.fits(meaning.kind):
        raise misfit(meaning.kind, f"the network {meaning.network}" if meaning.network else "this way", settings)


def misfit(kind: Literal["metric", "relative"], source: str, settings: Settings) -> UsageError:
    """The error of an encoding that cannot store the depth that ``source`` gives."""
    fitting = [name for name, one in Encoding.known().items() if one().fits(kind)]
    depth = "relative depth" if kind == "relative" else "metres"
    problem = f"{source} gives {depth}, which {settings.depth.encoding.name} cannot store"
    first = min(fitting, key=lambda name: not Encoding.get(name).pointwise)
    return UsageError(f"{problem} ({', '.join(fitting)} can)", set_encoding(first, settings))


def set_encoding(name: str, settings: Settings) -> Set:
    """The remedy of another encoding, with a codec that keeps all of its bits."""
    keep = Encoding.get(name).bits > 8 and not settings.codecs.depth.lossless
    return Set({"depth.encoding": name} | ({"codecs.depth.format": "png"} if keep else {}), "set another encoding")


def depth_issues(counts: Mapping[str, int], pixels: int, maps: int, settings: Settings) -> Iterator[Issue]:
    """What is to be said of a run's `counts`: of ``pixels`` in ``maps`` depth maps."""
    if not pixels or not maps:
        return
    encoding = settings.depth.encoding
    unit = " m" if encoding.needs_metres else ""
    if counts.get(TOO_FAR):
        yield Issue(
            *_weight(TOO_FAR, counts[TOO_FAR] / pixels),
            f"{share(counts[TOO_FAR] / pixels)} of the depth pixels are farther than {encoding.name} can hold"
            f" ({encoding.reach:g}{unit}) and get its largest value",
            remedies=_reach_farther(settings),
        )
    if counts.get(TOO_NEAR):
        yield Issue(
            *_weight(TOO_NEAR, counts[TOO_NEAR] / pixels),
            f"{share(counts[TOO_NEAR] / pixels)} of the depth pixels are 0, negative, or nearer than {encoding.name}"
            f" can hold ({encoding.step:.2g}{unit}) and get its smallest value",
            remedies=(_OTHER_NETWORK,) if settings.depth.way.needs_network else (),
        )
    if counts.get(ONE_DEPTH):
        yield Issue(
            *_weight(ONE_DEPTH, counts[ONE_DEPTH] / maps),
            f"in {counts[ONE_DEPTH]:,} of {maps:,} depth maps everything but an inserted object is at one depth",
            remedies=(_OTHER_NETWORK if settings.depth.way.needs_network else _HORIZON,),
        )


def said_of_missing(counts: Mapping[str, int], pixels: int) -> str:
    """One clause on the pixels without a value; empty where there are none."""
    return f"{share(counts[NO_VALUE] / pixels)} of the pixels have no value" if counts.get(NO_VALUE) and pixels else ""


def share(part: float) -> str:
    """A part of all, as a person reads it: never 0 for what there is."""
    return f"{part:.1%}" if part >= 0.001 else "under 0.1%"


_OTHER_NETWORK = Adjust("depth.network", "correct the network's description, or choose another network")
_HORIZON = Adjust("camera.horizon", "set a horizon inside the picture")


def _weight(code: str, part: float) -> tuple[Literal["error", "warning"], str]:
    return ("error" if part >= _MOST else "warning"), code


def _reach_farther(settings: Settings) -> tuple[Remedy, ...]:
    wall = (Adjust("camera.wall", "set a nearer wall"),) if settings.depth.way.uses_camera else ()
    if isinstance(settings.depth.encoding, LinearByte):
        return Adjust("depth.encoding.far", "let it hold more"), set_encoding("uint16-millimetres", settings), *wall
    coarse = Set({"depth.encoding": "uint8-linear", "depth.encoding.far": 100}, "hold up to 100 m, more coarsely")
    return coarse, *wall
