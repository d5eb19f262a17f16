"""Commands for datasets that were made by hand: adopt, complete."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fgbg_studio.cli import console
from fgbg_studio.cli.assignments import parsed
from fgbg_studio.cli.console import PATH, json_option
from fgbg_studio.core.base.words import one_line


@click.command(cls=console.Command, epilog="fgbg-studio adopt street-dataset --as street-224 --licence CC-BY-4.0")
@click.argument("dataset", type=PATH)
@click.option("--as", "preset", metavar="PRESET", help="Whose shape it has; recognised by its names.")
@click.option("--out", type=PATH, help="Folder for the description and what is completed.")
@click.option("--title", help="What the dataset is called.")
@click.option("--licence", help="Of its pictures; goes on the pages of exports.")
@click.option("--origin", help="Where its pictures are from.")
@click.option("--depth-encoding", "encoding", metavar="ENCODING", help="How its depth is stored, if in another way.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what was found, and write nothing.")
@json_option
def adopt(
    dataset: Path, preset: str | None, out: Path | None, title: str | None, licence: str | None, origin: str | None,
    encoding: str | None, dry: bool, as_json: bool,
) -> None:  # fmt: skip
    """Describe a dataset that was made by hand, in folders, ZIPs or one ZIP, so that its names and its depth are read.

    Writes adopted.json into its folder (of a single archive into a folder beside it), and changes no file of it.
    """
    from fgbg_studio.core.dataset.adopting import adopt as adopting

    words = adopting.AdoptionWords(title, licence, origin)
    found = console.follow(adopting.adopt(dataset, out, preset, words, encoding=encoding, dry=dry))
    assert isinstance(found, adopting.Adopted)
    end = f"described in {found.folder}" if found.written else "nothing was written"
    console.report(found.report(), "\n".join([*map(one_line, found.lines()), end]), as_json=as_json)


@click.command(cls=console.Command, epilog="fgbg-studio complete street-dataset depth.model=densedepth-nyu")
@click.argument("dataset", type=PATH)
@click.argument("settings", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--kind", "kinds", type=click.Choice(["mask", "depth"]), multiple=True, help="Only this; else both.")
@click.option(
    "--least", type=click.Choice(["sure", "likely", "rough"]), default="likely", show_default=True,
    help="How sure a mask must be to be written.",
)  # fmt: skip
@click.option(
    "--depth", "way", type=click.Choice(["network", "inserted"]), default="network", show_default=True,
    help="A network sees every composite, or each background once.",
)  # fmt: skip
@json_option
def complete(
    dataset: Path, settings: tuple[str, ...], kinds: tuple[str, ...], least: str, way: str, as_json: bool
) -> None:
    """Make the masks and depth maps that an adopted dataset has not; what it has is not touched.

    Masks are the foreground's alpha where it is found in the composite, or with '--least rough' what differs from the
    background; completed.csv says of each how it was made, and how sure that is. Depth is made by a network
    (depth.model=FILE or a name of 'models list'). Ctrl-C stops it; the same command goes on.
    """
    from fgbg_studio.core.dataset.adopting import complete as completing
    from fgbg_studio.core.networks import consent
    from fgbg_studio.core.networks.network import known_anywhere

    changes = parsed(settings)
    if isinstance(model := changes.get("depth.model"), str):
        changes["depth.model"] = known_anywhere(model)
        consent.remember(model)
    chosen = {"kinds": kinds or completing.KINDS, "least": least, "way": way, "settings": changes}
    found = console.follow(completing.complete(dataset, completing.CompletionOptions(**chosen)))  # type: ignore[arg-type]
    assert isinstance(found, completing.Completed)
    console.report(found.report(), "\n".join(map(one_line, found.lines())), as_json=as_json)
    if found.left:
        sys.exit(1)
