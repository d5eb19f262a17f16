"""How the command line speaks: progress bars, tables, errors and JSON.

Reports go to standard output, everything else to standard error, so that a report can be piped.
"""

from __future__ import annotations

import json
import math
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import click
from typing_extensions import override

from fgbg_studio.core.base.mirror import place_of
from fgbg_studio.core.base.progress import Control, Progress
from fgbg_studio.core.base.remote_files import is_address, refuse_address
from fgbg_studio.core.base.remote_store import store_at
from fgbg_studio.core.base.store import Store, store_of
from fgbg_studio.core.base.words import duration, is_shown, one_line

T = TypeVar("T")
_EVERY = 5.0
"""Seconds from one line of progress to the next of the same phase, in a log."""


class _LocalPath(click.Path):
    """A path on this computer."""

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str):
            refuse_address(value)
        return super().convert(value, param, ctx)


PATH = _LocalPath(path_type=Path)


class _Address(click.ParamType["Path | Store"]):
    """A folder's path, or an address as ``s3://bucket/rooms``: a store."""

    name = "address"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | Store:
        if not isinstance(value, str):
            return Path(value) if isinstance(value, Path) else store_of(value)
        return store_at(value) if is_address(value) else Path(value)


class _Place(click.ParamType[Path]):
    """A dataset to be read: its path, or an address, at which it is seen as a folder; see `core.base.mirror`."""

    name = "address"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        return place_of(value)


ADDRESS, PLACE = _Address(), _Place()
json_option = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, for programs.")


class Command(click.Command):
    """A command whose help ends with an example."""

    @override
    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example; see click."""
        if self.epilog:
            formatter.write_paragraph()
            formatter.write_text(f"Example:  {self.epilog}")


class Group(click.Group):
    """Commands of this sort."""

    command_class = Command


def say(text: str = "") -> None:
    """A line, or some, for the person at the terminal."""
    click.echo(shown(text), err=True)


def shown(text: str) -> str:
    """``text`` as it may reach a terminal: names and words of others give it no commands."""
    return "\n".join(map(one_line, text.split("\n")))


def report(data: Any, text: str, *, as_json: bool) -> None:
    """A command's result: JSON on request, else text."""
    if as_json:
        text = json.dumps(data, indent=1, ensure_ascii=False)
        try:
            text.encode(sys.stdout.encoding or "utf-8")
        except UnicodeEncodeError:  # a name must come back as it was: as an escape, not as a question mark
            text = json.dumps(data, indent=1)
        # JSON writes the first 32 controls out, but neither the others nor the signs of direction.
        click.echo(
            "".join(letter if is_shown(letter) or letter == "\n" else json.dumps(letter)[1:-1] for letter in text)
        )
        return
    click.echo(shown(text))


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Text in columns, those numbered in ``right`` flushed right."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    sides = [str.rjust if column in right else str.ljust for column in range(len(header))]
    text = [
        "  ".join(side(cell, width) for side, cell, width in zip(sides, line, widths, strict=True)) for line in lines
    ]
    return "\n".join(line.rstrip() for line in [text[0], *text[1:]])


def follow(steps: Iterable[Progress | T]) -> T | Progress | None:
    """Show a long job's progress; its last result (or last `Progress`)."""
    last: T | Progress | None = None
    show = _bar if sys.stderr.isatty() else _lines
    with show() as tell:
        for step in steps:
            last = step
            if isinstance(step, Progress):
                tell(step)
    return last


@contextmanager
def _bar() -> Iterator[Any]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(20), TextColumn("{task.fields[said]}"))
    with Bar(*columns, console=Console(stderr=True), transient=False) as bar:
        line, shown_phase = bar.add_task("", total=None, said=""), [""]

        def tell(step: Progress) -> None:
            """All phases on one line: each takes the place of the one before, once that was seen at its end."""
            if step.phase != shown_phase[0]:
                bar.refresh()
                shown_phase[0] = step.phase
            said, phase = _said(step), escape(one_line(step.phase))
            bar.update(line, description=phase, completed=step.done, total=step.total or None, said=said)

        yield tell


@contextmanager
def _lines() -> Iterator[Any]:
    """For logs: a line for each phase, in a long one another every few seconds; none twice."""
    last, told, waiting, said_at = Progress("", 0, 0), "", "", -math.inf

    def flush() -> None:
        nonlocal waiting
        if waiting:
            say(waiting)
        waiting = ""

    def tell(step: Progress) -> None:
        nonlocal last, told, waiting, said_at
        if step.finished:
            waiting = waiting if last.done == last.total else ""  # 'finishing: 0 / 1' is no news
            return
        if step.phase != last.phase:
            flush()
        last, where, now = step, f"{step.phase} {step.done} {step.total}", time.monotonic()
        if where == told:
            return
        told, waiting = where, f"{step.phase}: {_said(step)}"
        if now - said_at >= _EVERY:
            flush()
            said_at = now

    try:
        yield tell
    finally:
        flush()


def _said(step: Progress) -> str:
    text = f"{step.done:,} / {step.total:,}" if step.total else f"{step.done:,}"
    if step.rate:
        text += f"  {step.rate:,.0f} a second" if step.rate >= 10 else f"  {step.rate:.1f} a second"
    if step.seconds_left is not None:
        text += f"  {duration(step.seconds_left)} left"
    return text


@contextmanager
def interruptible(control: Control, said: str = "stopping after the batches at hand …") -> Iterator[None]:
    """The first Ctrl-C cancels the job gently and says so, a second one at once."""
    stopping = False

    def give_up() -> None:
        say(f"\n{said}")
        control.cancel()

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        if stopping:
            signal.default_int_handler(number, frame)
        stopping = True
        # Not here: what was interrupted may hold the lock that cancelling takes, or be at writing a line.
        threading.Thread(target=give_up).start()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
