"""Forecasting and making a dataset: whole, or a step and a part of it at a time."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from fgbg_studio.cli import console, telling
from fgbg_studio.cli.assignments import parsed
from fgbg_studio.cli.console import ADDRESS, PATH, json_option
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.store import Store, store_of
from fgbg_studio.core.project import storage

if TYPE_CHECKING:
    from fgbg_studio.core.dataset.run import Options
    from fgbg_studio.core.interfaces.engine import Engine

F = TypeVar("F", bound=Callable[..., Any])


def run_options(command: F) -> F:
    """Give a command the options that say what a run makes."""
    options = [
        click.option("--limit", type=click.IntRange(1), help="Make only this many samples, spread over all pictures."),
        click.option("--workers", type=click.IntRange(1), help="Processes; one per core by default."),
        click.option("--depth", metavar="WAY", help="See 'list depth'; the project's own by default."),
        click.option("--writer", metavar="WRITER", help="See 'list writers'; the project's own by default."),
        click.option("--set-size", type=click.IntRange(1), help="Write ZIPs of N samples each (the writer 'sets')."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command(cls=console.Command, epilog="fgbg-studio plan rooms")
@click.argument("project", type=PATH)
@run_options
@json_option
def plan(
    project: Path, limit: int | None, workers: int | None, depth: str | None, writer: str | None,
    set_size: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Forecast counts, shards, bytes, minutes and free disk, measured on a short pilot."""
    from fgbg_studio.core.base.words import duration, human_bytes
    from fgbg_studio.core.dataset.forecast import forecast
    from fgbg_studio.core.dataset.run import Options, chosen_recipe
    from fgbg_studio.core.plan.plan import Plan

    recipe = chosen_recipe(storage.load(project), Options(limit, workers, depth, writer, set_size=set_size))
    whole = Plan(recipe)
    samples = min(whole.made, limit or whole.made)
    made = forecast(recipe, project, project, samples, workers)
    product = " × ".join(f"{number} {name}" for name, number in made.counts.items())
    sizes = "\n".join(f"  {kind:<8}{human_bytes(size)}" for kind, size in made.bytes.items())
    less = f", {len(whole.excluded):,} of them excluded" if len(whole.excluded) else ""
    joining = f", {human_bytes(made.joining)} more while archives are joined" if made.joining else ""
    text = (
        f"{product} = {len(whole):,} samples{less}; {samples:,} to make in {made.shards:,} shards\n{sizes}\n"
        f"  together {human_bytes(made.total_bytes)} ({human_bytes(made.disk_bytes)} on the disk{joining}), "
        f"{human_bytes(made.free)} free"
        f"{'' if made.fits else ': NOT ENOUGH'}\n"
        f"about {duration(made.seconds)} with {made.workers} {'process' if made.workers == 1 else 'processes'} "
        f"(measured on {made.pilot} samples)"
    )
    found = list(made.issues)
    if made.plausibility is not None:
        text += f"\nobjects in depth: {made.plausibility.sentence()}"
        found += made.plausibility.issues()
    told = dataclasses.asdict(replace(made, seen=None))
    told |= {"excluded": len(whole.excluded), **telling.objections(found)}
    del told["issues"], told["seen"]
    console.report(
        {**told, "minutes": made.seconds / 60, "total_bytes": made.total_bytes, "fits": made.fits},
        "\n".join([text, *map(telling.line, found)]),
        as_json=as_json,
    )
    if not made.fits:
        sys.exit(1)


@click.command(cls=console.Command, epilog="fgbg-studio generate rooms --out rooms-dataset --writer zip")
@click.argument("project", type=PATH, required=False)
@click.option(
    "--out",
    type=ADDRESS,
    required=True,
    help="The dataset's folder, or an address as s3://bucket/rooms; a run that was stopped goes on there.",
)
@run_options
@click.option("--engine", metavar="ENGINE", help="See 'list engines'; local by default.")
@click.option("--set-engine", "engine_settings", multiple=True, metavar="KEY=VALUE", help="A setting of the engine.")
@click.option("--detach", is_flag=True, help="Leave the work to the cluster of the engine, which finishes it, too.")
@click.option("--prepare", "step", flag_value="prepare", help="Only the first step: all that samples are made of.")
@click.option("--shards", metavar="PART", help="Only a part of the second: shards 3/16, or 12-40; see below.")
@click.option("--finish", "step", flag_value="finish", help="Only the last step: archives joined, tables, card.")
@click.option("--anyway", is_flag=True, help="Make it despite the errors that 'check' finds.")
@json_option
def generate(
    project: Path | None, out: Path | Store, limit: int | None, workers: int | None, depth: str | None,
    writer: str | None, set_size: int | None, engine: str | None, engine_settings: tuple[str, ...],
    detach: bool, step: str | None, shards: str | None, anyway: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Make the dataset. Ctrl-C stops it; the same command goes on where it stopped.

    A new one is not begun while 'check' finds errors: it would be made, but wrong.
    What comes out only while it is made is said at its end, and by the exit code 1.

    On several machines: --prepare once, then --shards 1/16 to --shards 16/16 wherever and whenever, any number at once
    and again where one failed, then --finish. Once it is prepared, --out alone is enough: it has all that its samples
    are made of. The dataset is the same to the last byte.
    """
    from fgbg_studio.core.dataset import run
    from fgbg_studio.core.dataset.finished import RunProgress
    from fgbg_studio.core.interfaces.engine import Engine

    if sum(map(bool, (step, shards, detach))) > 1:
        raise click.UsageError("--prepare, --shards, --finish and --detach exclude one another.")
    if project is None and (step == "prepare" or not (step or shards or detach)):
        raise click.UsageError("Missing argument 'PROJECT'.")
    # Of one process alone: another beside it would take as long to start as a small part takes to make.
    name = engine or ("inline" if shards and workers == 1 else "local")
    chosen = {"name": name, **parsed(engine_settings)}
    runs = Engine.from_dict(chosen)
    # Before anything is prepared: it may be refused.
    printed = runs.manifest(store_of(out)) if runs.prints and not (step or shards) else None
    options = run.Options(limit, workers, depth, writer, chosen, set_size)
    control = runs.control()
    jobs: list[Iterator[RunProgress]] = []
    if step == "finish":
        jobs = [run.finish(out, control)]
    elif project is not None and not (printed is not None and parsed(engine_settings).get("project")):
        errors = _errors(project, out, options, anyway=anyway, as_json=as_json)
        options = replace(options, overridden=tuple(error.message for error in errors))
        whole = not (step or shards or detach or runs.prints)
        jobs = [(run.generate if whole else run.prepare)(project, out, options, control)]
    jobs += [run.make_part(out, shards, workers, control, chosen)] if shards else []
    with console.interruptible(control):
        last = ([console.follow(job) for job in jobs if not control.cancelled] or [None])[-1]
    if printed is not None and not control.cancelled:
        click.echo(printed, nl=False)
        return
    if detach and not control.cancelled:
        _leave(out, Engine.from_dict(chosen), as_json=as_json)
        return
    if not (isinstance(last, RunProgress) and last.finished):
        console.say("stopped: what is finished is kept, the same command goes on")
        sys.exit(1)
    if shards or step == "prepare":
        said = f"{last.done:,} samples of this part are made" if shards else "prepared"
        console.report({"out": store_of(out).where(), "samples": last.kept}, said, as_json=as_json)
        return
    tell_finished(out, last, as_json=as_json)
    if not anyway and any(issue.severity == "error" for issue in last.issues):
        sys.exit(1)


def _leave(out: Path | Store, engine: Engine, *, as_json: bool) -> None:
    """Leave all that is to be made to the engine's cluster."""
    from fgbg_studio.core.dataset.run import submit

    sent, where = submit(out, engine), store_of(out).where()
    said = f"left to the cluster as {', '.join(sent)}; what is not made yet is said by: generate --finish --out {where}"
    console.report({"out": where, "jobs": sent}, said, as_json=as_json)


def _errors(project: Path, out: Path | Store, options: Options, *, anyway: bool, as_json: bool) -> list[Issue]:
    """What the check of a run that begins finds wrong; ends the command there unless ``anyway``."""
    from fgbg_studio.core.dataset.check import check_before_run

    found = check_before_run(project, storage.load(project), out, options, samples=False)
    errors = [issue for issue in found if issue.severity == "error"]
    if anyway or not errors:
        return errors
    found = check_before_run(project, storage.load(project), out, options)
    if as_json:
        console.report(telling.objections(found), "", as_json=True)
    for issue in errors:
        console.say(telling.line(issue))
    rest = len(found) - len(errors)
    also = f" ('check' has {rest:,} warnings, too)" if rest else ""
    console.say(f"nothing was made{also}: mend what is said above, or make it all the same with --anyway")
    sys.exit(1)


def tell_finished(out: Path | Store, last: Any, *, as_json: bool) -> None:
    """What a run that came to its end has made."""
    from fgbg_studio.core.dataset.record import open_dataset

    kinds = open_dataset(out).record["statistics"]
    where = store_of(out).where()
    data = {"out": where, "samples": last.done, "kinds": kinds, **telling.objections(list(last.issues))}
    lines = [*map(telling.line, last.issues)]
    text = "\n".join([f"{telling.figures_text(kinds)}\n\n{last.done:,} samples in {where}", *lines])
    console.report(data, text, as_json=as_json)
