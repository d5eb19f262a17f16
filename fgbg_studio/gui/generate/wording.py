"""What the place Generate says, in words: forecasts, progress, what bounds it, what the folder holds."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.base.words import about_bytes, duration
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.forecast import Forecast
from fgbg_studio.core.dataset.target import Found, TargetState
from fgbg_studio.gui.lib.formatting import about, capital, number, time_left


def _tr(text: str) -> str:
    return QCoreApplication.translate("generate", text)


def kind_names() -> dict[str, str]:
    """What the kinds of a sample are called."""
    return {
        "bg": _tr("backgrounds"),
        "fg_bg": _tr("composites"),
        "mask": _tr("masks"),
        "depth": _tr("depth"),
        "instances": _tr("index maps"),
    }


def kinds_text(bytes_by_kind: Mapping[str, int]) -> str:
    """'composites 6.1 GB · masks 310 MB · depth 2.7 GB'."""
    names = kind_names()
    return " · ".join(f"{names.get(kind, kind)} {about_bytes(count)}" for kind, count in bytes_by_kind.items())


def processes(count: int) -> str:
    """'1 process', '4 processes'."""
    return _tr("1 process") if count == 1 else _tr("{0} processes").format(number(count))


def time_text(forecast: Forecast, *, more: bool = False) -> str:
    """'about 2 min with 4 processes', or 'about 2 min more …' where some is made already."""
    with_ = processes(forecast.workers)
    if forecast.seconds < 5:
        return (_tr("a few seconds more with {0}") if more else _tr("a few seconds with {0}")).format(with_)
    text = _tr("about {0} more with {1}") if more else _tr("about {0} with {1}")
    return text.format(about(forecast.seconds), with_)


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


def progress_text(step: RunProgress | None, *, moving: bool) -> str:
    """'146,220 of 400,000 · 9,870 a second · 21 s left'; what changes by the clock only while it is ``moving``."""
    if step is None or not step.total or step.phase == "finishing":  # one step, which nobody counts
        return ""
    parts = [_tr("{0} of {1}").format(number(step.done), number(step.total))]
    if moving and step.rate:
        parts.append(_tr("{0} a second").format(number(round(step.rate))))
    if moving and step.seconds_left is not None and step.done < step.total:
        parts.append(time_left(step.seconds_left))
    return " · ".join(parts)


def kept_text(step: RunProgress) -> str:
    """'16,000 of 20,000 kept': where a run goes on that ended before its end."""
    return _tr("{0} of {1} kept").format(number(step.kept), number(step.total))


def made_text(total: int, already: int, seconds: float) -> str:
    """'28,800 samples in 78 s', or '28,800 samples, 2,900 of them in 78 s' where the others were there before."""
    took = duration(max(seconds, 1))
    if not already:
        return _tr("{0} samples in {1}").format(number(total), took)
    return _tr("{0} samples, {1} of them in {2}").format(number(total), number(total - already), took)


def _taken(target: TargetState, folder: str) -> str:
    """Why the folder cannot be used; that it has other files is said by its name."""
    if target.error and "no dataset of this program" not in target.error.problem:
        return capital(target.error.problem)
    return _tr("{0} contains other files and no dataset").format(folder)


def target_text(target: TargetState, folder: str) -> str:
    """What is in the folder, and what a run does about it."""
    done, total = number(target.done), number(target.total)
    if target.found is Found.UNFINISHED and not target.done:
        return _tr("{0} was started, but no sample is finished yet").format(folder)
    return {
        Found.NEW: _tr("{0} will be created").format(folder),
        Found.UNFINISHED: _tr("{0} has {1} of {2} samples; the run continues from there").format(folder, done, total),
        Found.FINISHED: _tr("{0} is finished: it has all {1} samples").format(folder, total),
        Found.LARGER: _tr("{0} was started with {1} samples, more than the limit of {2}").format(folder, done, total),
        Found.OTHER: _tr("{0} contains a dataset of other pictures or settings").format(folder),
        Found.TAKEN: _taken(target, folder),
        Found.NOTHING: "",
    }[target.found]
