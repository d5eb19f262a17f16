"""What the actions of a run are called and whether they can be taken, by where the run and its folder are."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction

from fgbg_studio.core.dataset.target import Found, TargetState
from fgbg_studio.gui.generate.run import RunState
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon


def send_text(to: str, target: TargetState | None, *, wanted: bool, wrong: bool, sent: bool) -> str:
    """What the button is called where the cluster ``to`` makes the dataset; ``sent``: one is at it already."""
    if sent:
        return _tr("Sent")
    if wanted or (target and target.found is Found.FINISHED):
        return _tr("Checking…") if wanted else _tr("Open dataset")
    return (_tr("Send to {0} anyway") if wrong else _tr("Send to {0}")).format(to)


def start_text(state: RunState, target: TargetState | None, *, wanted: bool, wrong: bool) -> str:
    """What the button is called: ``wanted`` is a run that begins once the check has ended, ``wrong`` what it found."""
    if state is RunState.PAUSED:
        return _tr("Continue")
    if state.alive:
        return _tr("Generating…")
    if target and target.found is Found.UNFINISHED and target.done:
        return _tr("Continue from {0}").format(number(target.done))
    if target and target.found is Found.FINISHED:
        return _tr("Open dataset")
    if wanted:
        return _tr("Checking…")
    return _tr("Generate anyway") if wrong else _tr("Generate")


def show_state(act: Mapping[str, QAction], state: RunState, *, elsewhere: bool) -> None:
    """All but the start button; ``elsewhere`` is whether the folder is another than the one beside the project."""
    held, finished = state in {RunState.RUNNING, RunState.PAUSED}, state is RunState.FINISHED
    act["generate.pause"].setText(_tr("Continue") if state is RunState.PAUSED else _tr("Pause"))
    act["generate.pause"].setIcon((Icon.START if state is RunState.PAUSED else Icon.PAUSE).icon())
    for name, can in {
        "pause": held,
        "stop": held,
        "open": finished,
        "another": finished,
        "folder": not state.alive,
        "measure": not state.alive,
        "beside": elsewhere and not state.alive,
    }.items():
        act[f"generate.{name}"].setEnabled(can)


def _tr(text: str) -> str:
    return QCoreApplication.translate("generate", text)
