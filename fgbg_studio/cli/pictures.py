"""What single pictures of a project say of themselves, set without a window: backgrounds, foregrounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import click

from fgbg_studio.cli import console
from fgbg_studio.cli.assignments import parsed
from fgbg_studio.cli.console import PATH
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.strategy import closest
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.framing import OWN, with_values
from fgbg_studio.core.project.model import Picture
from fgbg_studio.core.project.properties import with_properties


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
    light=90           from where its light falls, in degrees: 0 from behind the camera, 90 from
                       the right, 180 from before it, -90 from the left
    elevation=45       how high the light stands, in degrees from 10 to 80
    softness=0.3       of its shadows: 0 as by the sun, 1 as by an overcast sky
    status=rejected    it is left out of the dataset; good takes it back

    null, as in horizon=null, is what the project's settings say.
    """  # noqa: D301 - click's own mark
    with storage.locked(project):
        opened = storage.load(project)
        known = known_names(opened.backgrounds)
        names = [word for word in words if word in known or "=" not in word]
        changes = parsed(word for word in words if word not in names)
        if not changes or every == bool(names):
            what = "either files or --all" if changes else "KEY=VALUE"
            raise click.UsageError(f"give {what}; the keys are {', '.join(OWN)}")
        wanted = set(known.values()) if every else named(names, known, "background")
        backgrounds = [with_values(one, changes) if one.file in wanted else one for one in opened.backgrounds]
        storage.save(project, opened.model_copy(update={"backgrounds": tuple(backgrounds)}))
    console.say(f"{project}: {len(wanted):,} background{'s' if len(wanted) != 1 else ''} set")


@click.command(
    "set-foregrounds", cls=console.Command, epilog="fgbg-studio set-foregrounds rooms --class chair chair_1.png"
)
@click.argument("project", type=PATH)
@click.argument("names", nargs=-1, metavar="[FILE]...")
@click.option("--all", "every", is_flag=True, help="All foregrounds instead of those named.")
@click.option("--class", "category", metavar="CLASS", help="What the object is: chair.")
@click.option("--licence", help="Of the photo; goes on the card.")
@click.option("--origin", help="Where the photo comes from; goes on the card.")
@click.option(
    "--real-height", metavar="METRES", help="Of the object, for sizes by perspective; none is as the settings say."
)
def set_foregrounds(
    project: Path, names: tuple[str, ...], every: bool, category: str | None, licence: str | None, origin: str | None,
    real_height: str | None,
) -> None:  # fmt: skip
    """Say what foregrounds are, whose they are and how tall: FILE is a name as in the project.

    An empty word, as in --class '', takes back what was said.
    """
    said = {"category": category, "licence": licence, "origin": origin}
    changes: dict[str, object] = {name: value for name, value in said.items() if value is not None}
    if real_height is not None:
        changes["real_height"] = None if real_height.strip().lower() in {"", "none", "null"} else real_height
    if not changes:
        raise click.UsageError("say something of them: --class, --licence, --origin or --real-height")
    if every == bool(names):
        raise click.UsageError("give either files or --all")
    with storage.locked(project):
        opened = storage.load(project)
        known = known_names(opened.foregrounds)
        wanted = set(known.values()) if every else named(names, known, "foreground")
        foregrounds = [with_properties(one, changes) if one.file in wanted else one for one in opened.foregrounds]
        storage.save(project, opened.model_copy(update={"foregrounds": tuple(foregrounds)}))
    console.say(f"{project}: {len(wanted):,} foreground{'s' if len(wanted) != 1 else ''} set")


def named(names: Iterable[str], known: Mapping[str, str], kind: str) -> set[str]:
    """The files of the pictures called ``names``, of those that are ``known``.

    Raises:
        UsageError: there is none of that name.
    """
    for name in names:
        if name not in known:
            raise UsageError(f"the project has no {kind} called {name!r}", closest(name, list(known)))
    return {known[name] for name in names}


def known_names(pictures: Iterable[Picture]) -> dict[str, str]:
    """Pictures' files by what they may be called: with their folder or without."""
    files = [one.file for one in pictures]
    return {PurePosixPath(file).name: file for file in files} | {file: file for file in files}
