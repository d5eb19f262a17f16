"""Commands for datasets that were made by hand: adopt, complete."""

from __future__ import annotations

from pathlib import Path

import click

from fgbg_studio.cli import console
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
