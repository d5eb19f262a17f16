"""The manual page, made of the commands' own help: ``python packaging/man_page.py > fgbg-studio.1``."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

import click  # noqa: E402 - after the path
import release  # noqa: E402

from fgbg_studio.cli import main  # noqa: E402


def date() -> dt.date:
    """Of the release: SOURCE_DATE_EPOCH, by which the same source makes the same packages, else today."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    moment = dt.datetime.fromtimestamp(int(seconds), dt.UTC) if seconds else dt.datetime.now(dt.UTC)
    return moment.date()


def page() -> str:
    """The whole page in roff."""
    lines = [
        f'.TH {release.COMMAND.upper()} 1 "{date():%Y-%m-%d}" "{release.NAME} {release.VERSION}" "User Commands"',
        ".SH NAME", f"{release.COMMAND} \\- {_text(release.SUMMARY)}",
        ".SH SYNOPSIS",
        *_synopsis("", "[PROJECT]"), *_synopsis("COMMAND", "[OPTION]... [ARGUMENT]..."), *_synopsis("--self-test"),
        ".SH DESCRIPTION",
        "Without arguments, or with a project's folder or its file, the window opens. All else works without a window.",
        ".SH OPTIONS",
        ".TP", ".B \\-\\-self\\-test", "Try every part of this installation, and say what is missing.",
        ".TP", ".B \\-\\-debug", "With any command: a traceback where it fails.",
        ".TP", ".B \\-\\-version", "Show the version.",
        ".SH COMMANDS",
    ]  # fmt: skip
    for name, command in sorted(main.main.commands.items()):
        lines += _command(name, command)
    lines += [
        ".SH EXIT STATUS", "0 where all went well, 1 where the job failed or found faults, 2 for wrong usage.",
        ".SH FILES",
        ".TP", ".I PROJECT/project.json", "A project; a double click on the file .fgbg beside it opens it.",
        ".TP", ".I ~/.cache/fgbg\\-studio", "Downloaded networks.",
        ".TP", ".I ~/.config/FGBG Studio", "What the window remembers.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _command(name: str, command: click.Command, above: str = "") -> list[str]:
    whole = f"{above} {name}".strip()
    if isinstance(command, click.Group):
        return [line for sub, member in sorted(command.commands.items()) for line in _command(sub, member, whole)]
    context = click.Context(command, info_name=whole)
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f".SS {_text(whole)}", *_synopsis(whole, usage), ".PP", _text(command.help or "")]
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and record[1] and "--help" not in record[0]:
            lines += [".TP", f".B {_text(record[0])}", _text(record[1])]
    if command.epilog:
        lines += [".PP", "Example:", ".PP", ".RS", ".nf", _text(command.epilog), ".fi", ".RE"]
    return lines


def _synopsis(*words: str) -> list[str]:
    shown = [word for word in words if word]
    bold = f" {shown[0]}" if shown and shown[0] == words[0] else ""
    rest = " ".join(shown[1:] if bold else shown)
    return [".PP", f"\\fB{_text(release.COMMAND + bold)}\\fR {_text(rest)}".rstrip()]


def _text(text: str) -> str:
    """As roff wants it: one paragraph a line, hyphens that can be copied, no line that looks like a request."""
    safe = text.replace("\\", "\\e").replace("-", "\\-").replace("\b", "")
    joined = "\n.PP\n".join(" ".join(paragraph.split()) for paragraph in safe.split("\n\n"))
    return "\n".join(f"\\&{line}" if line[:1] in "'." and line != ".PP" else line for line in joined.split("\n"))


if __name__ == "__main__":
    sys.stdout.write(page())
