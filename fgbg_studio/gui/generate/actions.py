"""The table of actions of the place Generate."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fgbg_studio.gui.lib.actions import Spec
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.keys import TABS, Keys


def _tr(text: str) -> str:
    return QCoreApplication.translate("generate", text)


def specs() -> tuple[Spec, ...]:
    """The actions of this place, in the order of its menu."""
    return (*_running(), *_choosing(), *_looking())


def _running() -> tuple[Spec, ...]:
    return (
        Spec("generate.start", _tr("Generate"), Icon.START, Keys.MAIN,
             _tr("Save the project and generate the dataset, or continue generating it")),
        Spec("generate.pause", _tr("Pause"), Icon.PAUSE, Keys.PAUSE, _tr("Pause the run, or continue it")),
        Spec("generate.stop", _tr("Stop"), Icon.STOP, Keys.STOP,
             _tr("Stop the run; finished shards are kept, and you can continue later")),
        Spec("generate.open", _tr("Open dataset"), Icon.DATASET, Keys.SHOW_DATASET,
             _tr("Show the finished dataset in Dataset")),
        Spec("generate.another", _tr("Generate another"), Icon.RESTORE, None,
             _tr("Set up another dataset in its own folder: change what you like, then generate it")),
    )  # fmt: skip


def _choosing() -> tuple[Spec, ...]:
    return (
        Spec("generate.folder", _tr("Choose folder…"), Icon.FOLDER, Keys.DATASET_FOLDER,
             _tr("Choose the folder for the dataset"), group=1),
        Spec("generate.beside", _tr("Output next to the project"), Icon.RESTORE, None,
             _tr("Generate the dataset next to the project, in NAME-dataset"), group=1),
        Spec("generate.measure", _tr("Measure again"), Icon.REFRESH, Keys.MEASURE,
             _tr("Repeat the forecast and the check"), group=1),
        Spec("generate.save_log", _tr("Save log…"), Icon.SAVE, None, _tr("Save the log as a text file"), group=1),
    )  # fmt: skip


def _looking() -> tuple[Spec, ...]:
    pages = (
        ("forecast", _tr("Forecast"), Icon.FORECAST, _tr("Show what a run will take and what the check found")),
        ("plots", _tr("Plots"), Icon.PLOTS, _tr("Watch the run live")),
        ("log", _tr("Log"), Icon.LOG, _tr("Show what was done and skipped, and why")),
    )
    return tuple(
        Spec(f"generate.{name}", text, icon, key, tip, group=2, checkable=True, exclusive="page")
        for key, (name, text, icon, tip) in zip(TABS, pages, strict=False)
    )


PAGES = ("forecast", "plots", "log")
