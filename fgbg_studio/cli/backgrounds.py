"""What single backgrounds say of their own cameras, set without a window."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import click

from fgbg_studio.cli import console
from fgbg_studio.cli.assignments import parsed
from fgbg_studio.cli.console import PATH
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.strategy import closest
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.framing import OWN, with_values
from fgbg_studio.core.project.model import Project


@click.command(
    "set-backgrounds", cls=console.Command, epilog="fgbg-studio set-backgrounds rooms street.jpg horizon=0.4 wall=none"
)
@click.argument("project", type=PATH)
@click.argument("words", nargs=-1, required=True, metavar="[FILE]... KEY=VALUE...")
@click.option("--all", "every", is_flag=True, help="All backgrounds instead of those named.")
def set_backgrounds(project: Path, words: tuple[str, ...], every: bool) -> None:
    """Set what backgrounds have of their own: FILE is a name as in the project.

    \b
    horizon=0.4        its row, as a fraction of the square's height from the top
    camera_height=1.5  over the ground, in metres
    wall=6             how far away its wall is, in metres; none is outdoors: by geometry, the
                       sky then has no value in depth maps (a network's keep what it says of the sky)
    crop=[10,0,480]    its square: left, top and side in pixels of the picture

    null, as in horizon=null, is what the project's settings say.
    """  # noqa: D301 - click's own mark
    with storage.locked(project):
        opened = storage.load(project)
        known = _known(opened)
        names = [word for word in words if word in known or "=" not in word]
        changes = parsed(word for word in words if word not in names)
        if not changes or every == bool(names):
            what = "either files or --all" if changes else "KEY=VALUE"
            raise click.UsageError(f"give {what}; the keys are {', '.join(OWN)}")
        for name in names:
            if name not in known:
                raise UsageError(f"the project has no background called {name!r}", closest(name, list(known)))
        wanted = set(known.values()) if every else {known[name] for name in names}
        backgrounds = [with_values(one, changes) if one.file in wanted else one for one in opened.backgrounds]
        storage.save(project, opened.model_copy(update={"backgrounds": tuple(backgrounds)}))
    console.say(f"{project}: {len(wanted):,} background{'s' if len(wanted) != 1 else ''} set")


def _known(project: Project) -> dict[str, str]:
    """The backgrounds' files by what they may be called: with their folder or without."""
    files = [one.file for one in project.backgrounds]
    return {PurePosixPath(file).name: file for file in files} | {file: file for file in files}
