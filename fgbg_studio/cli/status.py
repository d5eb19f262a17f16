"""How far a dataset is, wherever it is made."""

from __future__ import annotations

import dataclasses
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fgbg_studio.cli import console
from fgbg_studio.cli.console import ADDRESS, json_option
from fgbg_studio.core.base.store import Store

if TYPE_CHECKING:
    from fgbg_studio.core.dataset.status import DatasetStatus


@click.command(cls=console.Command, epilog="fgbg-studio status s3://bucket/rooms --watch")
@click.argument("dataset", type=ADDRESS)
@click.option("--watch", "watching", is_flag=True, help="Look again and again until it is finished.")
@click.option("--every", type=click.FloatRange(0.1), metavar="SECONDS", help="Between two looks; 5 by default.")
@json_option
def status(dataset: Path | Store, watching: bool, every: float | None, as_json: bool) -> None:
    """Say how far a dataset is, by its shards' markers: from any machine, and whoever makes it.

    Nothing is written there, and Ctrl-C ends the watch alone. Whether what is done is right, 'verify' says.
    """
    from fgbg_studio.core.base.progress import EventControl
    from fgbg_studio.core.dataset import status as markers

    if not watching:
        tell(markers.status_of(dataset), as_json=as_json)
        return
    control = EventControl()
    with console.interruptible(control, "the watch ends: who makes the dataset goes on"):
        last = console.follow(markers.watch(dataset, every or markers.EVERY, control))
    assert isinstance(last, markers.DatasetStatus)
    tell(last, as_json=as_json)


def tell(found: DatasetStatus, *, as_json: bool) -> None:
    """Print it."""
    from fgbg_studio.core.base.words import about_bytes, duration

    size = f", {about_bytes(found.bytes)}" if found.bytes else ""
    lines = [f"{found.where}: {found.phase}"]
    lines += [f"{found.done:,} of {found.total:,} samples in {found.shards:,} of {found.of:,} shards{size}"]
    if found.since is not None and found.latest is not None:
        begun = datetime.fromtimestamp(found.since).astimezone().isoformat(" ", "seconds")
        ago = duration(max(time.time() - found.latest, 0.0))
        lines += [f"the first shard was done at {begun}, the last one {ago} ago"]
    if found.seconds_left is not None:
        lines += [f"{found.rate:,.1f} samples a second lately, {duration(found.seconds_left)} left"]
    lines += [f"{len(found.making):,} shards are being made on this disk"] if found.making else []
    if found.left:
        named = ", ".join(map(str, found.left[:5])) + (" …" if len(found.left) > 5 else "")
        lines += [f"{len(found.left):,} shards were begun and left ({named}): the same command makes them"]
    if found.phase == "finishing":
        lines += [f"all shards are made; if nobody finishes it: generate --finish --out {found.where}"]
    data = dataclasses.asdict(found)
    console.report(data, "\n".join(lines), as_json=as_json)
