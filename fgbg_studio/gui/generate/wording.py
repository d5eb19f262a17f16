"""What the place Generate says, in words: forecasts, progress, what bounds it, what the folder holds."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.base.progress import duration
from fgbg_studio.core.dataset.forecast import Forecast
from fgbg_studio.core.dataset.run import RunProgress
from fgbg_studio.core.dataset.target import Found, TargetState
from fgbg_studio.gui.lib.formatting import about, capital, number, size


def _tr(text: str) -> str:
    return QCoreApplication.translate("generate", text)


def left(seconds: float) -> str:
    """Time that is left: '21 s left', '3 min left'."""
    return _tr("{0} left").format(duration(max(seconds, 1)))


def kind_names() -> dict[str, str]:
    """What the kinds of a sample are called."""
    return {"fg_bg": _tr("composites"), "mask": _tr("masks"), "depth": _tr("depth")}


def kinds_said(bytes_by_kind: Mapping[str, int]) -> str:
    """'composites 6.1 GB · masks 310 MB · depth 2.7 GB'."""
    names = kind_names()
    return " · ".join(f"{names.get(kind, kind)} {size(count)}" for kind, count in bytes_by_kind.items())


def processes(count: int) -> str:
    """'1 process', '4 processes'."""
    return _tr("1 process") if count == 1 else _tr("{0} processes").format(number(count))


def time_said(forecast: Forecast) -> str:
    """'about 2 min on 4 processes'."""
    if forecast.seconds < 5:
        return _tr("a few seconds on {0}").format(processes(forecast.workers))
    return _tr("about {0} on {1}").format(about(forecast.seconds), processes(forecast.workers))


PHASES = ("compose", "depth", "encode", "write", "sync")


def phase_names() -> dict[str, str]:
    """What the phases of making a sample are called."""
    return {
        "compose": _tr("composing"),
        "depth": _tr("depth"),
        "encode": _tr("encoding"),
        "write": _tr("writing"),
        "sync": _tr("syncing the disk"),
    }


def bound_by(shares: Mapping[str, float]) -> str:
    """'bound by encoding', of the phase that takes most; empty where nothing was measured."""
    if not shares:
        return ""
    names, most = phase_names(), max(shares, key=lambda phase: shares[phase])
    return _tr("bound by {0}").format(names.get(most, most))


def heading(step: RunProgress | None) -> str:
    """What a run is doing: 'Making samples'."""
    return capital(step.phase if step else _tr("starting"))


def progress_said(step: RunProgress | None, *, moving: bool) -> str:
    """'146,220 of 400,000 · 9,870 a second · 21 s left'; what changes by the clock only while it is ``moving``."""
    if step is None or not step.total:
        return ""
    parts = [_tr("{0} of {1}").format(number(step.done), number(step.total))]
    if moving and step.rate:
        parts.append(_tr("{0} a second").format(number(round(step.rate))))
    if moving and step.seconds_left is not None and step.done < step.total:
        parts.append(left(step.seconds_left))
    return " · ".join(parts)


def outlook_said(outlook: TargetState, folder: str) -> str:
    """What is in the folder, and what a run does about it."""
    done, total = number(outlook.done), number(outlook.total)
    if outlook.found is Found.UNFINISHED and not outlook.done:
        return _tr("{0} was begun, and no shard of it is finished").format(folder)
    return {
        Found.NEW: _tr("{0} is made new").format(folder),
        Found.UNFINISHED: _tr("{0} holds {1} of {2} samples of this recipe; it goes on from there").format(
            folder, done, total
        ),
        Found.FINISHED: _tr("{0} holds all {1} samples of this recipe").format(folder, total),
        Found.LARGER: _tr("{0} was begun with {1} samples, more than the limit of {2}").format(folder, done, total),
        Found.OTHER: _tr("{0} holds a dataset of other pictures or settings").format(folder),
        Found.TAKEN: _tr("{0} holds other files and no dataset").format(folder),
        Found.NOTHING: "",
    }[outlook.found]
