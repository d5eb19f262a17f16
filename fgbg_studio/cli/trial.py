"""A small network trained on a dataset: what it teaches, and what it does not."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fgbg_studio.cli import console
from fgbg_studio.cli.assignments import parsed
from fgbg_studio.cli.console import PATH, json_option


@click.command(cls=console.Command, epilog="fgbg-studio trial rooms-dataset epochs=5 --out rooms-trial")
@click.argument("dataset", type=PATH)
@click.argument("settings", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--out", type=PATH, help="Folder for it; by default the dataset's name with -trial.")
@click.option("--settings", "listed", is_flag=True, help="List the settings of a trial, and train nothing.")
@json_option
def trial(dataset: Path, settings: tuple[str, ...], out: Path | None, listed: bool, as_json: bool) -> None:
    """Train a small network on a dataset, and say what it learned and what scores without learning.

    It sees composite and background, or the composite alone, and gives mask and depth. It is judged by pictures that
    it was not trained with. Ctrl-C stops it; the same command goes on where it stopped.
    """
    from fgbg_studio.core.base.progress import EventControl
    from fgbg_studio.core.trial.progress import TrialProgress
    from fgbg_studio.core.trial.report import findings, rows_of
    from fgbg_studio.core.trial.run import run
    from fgbg_studio.core.trial.settings import trial_settings

    if listed:
        _list(as_json=as_json)
        return
    chosen, control = trial_settings(parsed(settings)), EventControl()
    folder = out or dataset.with_name(f"{dataset.name}-trial")
    with console.interruptible(control):
        last = console.follow(run(dataset, folder, chosen, control))
    if not isinstance(last, TrialProgress) or last.result is None:
        console.say("stopped: what was learned is kept, the same command goes on")
        sys.exit(1)
    result = last.result
    text = [*findings(result), "", *_tables(rows_of(result)), "", *map(str, result.report)]
    console.report(result.to_dict(), "\n".join(text), as_json=as_json)


def _tables(rows: object) -> list[str]:
    from fgbg_studio.core.trial.metrics import Scores
    from fgbg_studio.core.trial.report import PARTS, TITLES, said

    assert isinstance(rows, list)
    lines = []
    for name in ("iou", "abs_rel", "object_abs_rel"):
        found = [[who, *(said(getattr(scores.get(part, Scores()), name)) for part in PARTS)] for who, scores in rows]
        found = [row for row in found if set(row[1:]) != {"–"}]
        if found:
            lines += ["", console.table((TITLES[name], *PARTS), found, right=(1, 2, 3, 4, 5))]
    return lines[1:]


def _list(*, as_json: bool) -> None:
    from fgbg_studio.core.base.declared import declared
    from fgbg_studio.core.trial.settings import TrialSettings

    known, defaults = declared(TrialSettings), TrialSettings().to_dict()
    rows = [[name, str(_short(defaults[name])), one.tip or one.help] for name, one in known.items()]
    data = [{"name": name, "default": defaults[name], "help": one.tip or one.help} for name, one in known.items()]
    console.report(data, console.table(("setting", "default", "what it is"), rows), as_json=as_json)


def _short(value: object) -> object:
    return value["name"] if isinstance(value, dict) else value
