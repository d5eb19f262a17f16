"""Which samples a project does not want: excluded, included again, and listed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fgbg_studio.cli import console
from fgbg_studio.cli.console import PATH, json_option
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.base.words import one_line
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.exclusions import Exclusion, Exclusions
from fgbg_studio.core.project.model import Project

if TYPE_CHECKING:
    from fgbg_studio.core.plan.names import Names

_LIST = click.option("--list", "listed", type=PATH, help="A file of names, one a line.")
_OF = click.option(
    "--of", "dataset", type=PATH, help="Whose names these are, of a dataset made before the project changed."
)


@click.command(
    cls=console.Command, epilog="fgbg-studio exclude rooms bg_003_fg_012_p_07 bg_004 'bg_003 fg_012' chair.png"
)
@click.argument("project", type=PATH)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@_LIST
@_OF
@json_option
def exclude(project: Path, names: tuple[str, ...], listed: Path | None, dataset: Path | None, as_json: bool) -> None:
    """Leave samples out of what the project makes; without names say which are left out, as such a list.

    A NAME is a sample's, as its files in the dataset are called; a background's or a foreground's, for all samples
    that it is in; or both with a space between, for that pair. All others keep their names and their bytes.
    """
    if not names and listed is None:
        _tell(storage.load(project), as_json=as_json)
        return
    with storage.locked(project):
        opened = storage.load(project)
        excluded = opened.excluded.with_(_meant(_names(opened, dataset), names, listed))
        opened = opened.model_copy(update={"excluded": excluded})
        storage.save(project, opened)
    _count(project, opened, as_json=as_json)


@click.command(cls=console.Command, epilog="fgbg-studio include rooms bg_003_fg_012_p_07")
@click.argument("project", type=PATH)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@_LIST
@_OF
@click.option("--all", "every", is_flag=True, help="All that is excluded.")
@json_option
def include(
    project: Path, names: tuple[str, ...], listed: Path | None, dataset: Path | None, every: bool, as_json: bool
) -> None:
    """Take back what was excluded, by the same NAMEs."""
    if every == bool(names or listed):
        raise click.UsageError("give either names (or --list) or --all")
    with storage.locked(project):
        opened = storage.load(project)
        excluded = Exclusions()
        if not every:
            known = _names(opened, dataset)
            wanted = _meant(known, names, listed)
            _refuse_parts(opened.excluded, wanted, known)
            excluded = opened.excluded.without(wanted)
        opened = opened.model_copy(update={"excluded": excluded})
        storage.save(project, opened)
    _count(project, opened, as_json=as_json)


def _meant(known: Names, names: Iterable[str], listed: Path | None) -> list[Exclusion]:
    from fgbg_studio.core.plan.names import read_list

    try:
        every = [*names, *(read_list(read_file(listed).decode()) if listed else ())]
    except UnicodeDecodeError as error:
        raise UsageError(f"{listed} is no list of names", "Give a text file in UTF-8, one name a line") from error
    return [known.find(name) for name in every]


def _names(project: Project, dataset: Path | None) -> Names:
    from fgbg_studio.core.dataset.record import open_dataset
    from fgbg_studio.core.plan.names import Names
    from fgbg_studio.core.plan.plan import Plan
    from fgbg_studio.core.plan.recipe import make_recipe

    return Names(open_dataset(dataset).plan() if dataset else Plan(make_recipe(project)))


def _refuse_parts(excluded: Exclusions, wanted: Iterable[Exclusion], known: Names) -> None:
    """See that what is to come back is not excluded as a part of something wider."""
    items = frozenset(excluded.items())
    for one in wanted:
        wider = next((other for other in one.wider if other != one and other in items), None)
        if wider is not None and one not in items:
            name, whole = known.of_exclusion(one), known.of_exclusion(wider)
            raise UsageError(f"{name!r} is excluded as a part of {whole!r}", f"Include {whole!r}")


def _tell(project: Project, *, as_json: bool) -> None:
    from fgbg_studio.core.plan.names import read_list, write_list

    text = write_list(_names(project, None), project.excluded.items()).removesuffix("\n")
    names = read_list(text)
    console.report({"excluded": names}, "\n".join(map(one_line, text.splitlines())), as_json=as_json)


def _count(folder: Path, project: Project, *, as_json: bool) -> None:
    from fgbg_studio.core.plan.excluded import count_excluded

    excluded, samples = count_excluded(project)
    data = {"excluded": excluded, "samples": samples, "made": samples - excluded}
    said = f"{folder}: {excluded:,} of {samples:,} samples are excluded, {samples - excluded:,} are made"
    console.report(data, said, as_json=as_json)
