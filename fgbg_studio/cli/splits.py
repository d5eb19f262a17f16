"""Splits of a dataset: what it is trained with, and what it is judged by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fgbg_studio.cli import console
from fgbg_studio.cli.console import PATH, json_option

if TYPE_CHECKING:
    from fgbg_studio.core.dataset.split_files import SplitPicture, Splits

LIBRARIES = ("torchvision", "albumentations", "keras")
_FRACTION = click.FloatRange(0, 0.9)


@click.command(cls=console.Command, epilog="fgbg-studio split rooms-dataset --background 0.2 --foreground 0.2")
@click.argument("dataset", type=PATH)
@click.option("--background", type=_FRACTION, default=0.2, show_default=True, help="Backgrounds that are held out.")
@click.option("--foreground", type=_FRACTION, default=0.2, show_default=True, help="Foregrounds that are held out.")
@click.option("--pairs", type=_FRACTION, default=0.1, show_default=True, help="Pairs of the others that are held out.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="By which they are drawn.")
@click.option("--hold-out-background", "new_backgrounds", multiple=True, metavar="NAME", help="This one in any case.")
@click.option("--hold-out-foreground", "new_foregrounds", multiple=True, metavar="NAME", help="This one in any case.")
@json_option
def split(
    dataset: Path, background: float, foreground: float, pairs: float, seed: int, new_backgrounds: tuple[str, ...],
    new_foregrounds: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Split any dataset into parts to train with and to judge by, with no picture in both.

    Whole backgrounds and foregrounds are held out, each with all that is nearly the same, and of the others some pairs.
    The splits are train, seen, new-background, new-foreground and both-new; 'none' are samples of several objects
    that would mix them. They lie in the dataset's folder 'splits'; another 'split' replaces them.
    """
    from fgbg_studio.core.dataset.inspect.open_contents import opened
    from fgbg_studio.core.dataset.splits import Splits, SplitSettings, leak_of_random, make_splits

    settings = SplitSettings(
        background=background, foreground=foreground, pairs=pairs, seed=seed, new_backgrounds=new_backgrounds,
        new_foregrounds=new_foregrounds,
    )  # fmt: skip
    made = console.follow(make_splits(dataset, settings))
    assert isinstance(made, Splits)
    leak = leak_of_random(opened(dataset))
    data = {"counts": made.counts, "settings": settings.model_dump(mode="json"), "random_split": leak}
    console.report(data, "\n".join([_table(made), *([f"{leak}."] if leak else [])]), as_json=as_json)


def _table(splits: Splits) -> str:
    """How many samples each split has, and of how many pictures."""
    total = sum(splits.counts.values())
    rows = [[name, f"{count:,}", f"{count / total:.1%}"] for name, count in splits.counts.items()]
    held = [
        f"held out: {sum(one.new for one in pictures):,} of {len(pictures):,} {kind}{_same(pictures)}"
        for kind, pictures in (("backgrounds", splits.backgrounds), ("foregrounds", splits.foregrounds))
    ]
    return "\n".join([console.table(("split", "samples", "share"), rows, right=(1, 2)), "", *held])


def _same(pictures: tuple[SplitPicture, ...]) -> str:
    """' (3 of all are nearly the same as others, and split with them)', where some are."""
    more = len(pictures) - len({one.identity for one in pictures})
    verb = "is" if more == 1 else "are"
    return f" ({more:,} of all {verb} nearly the same as others, and split with them)" if more else ""


@click.command(cls=console.Command, epilog="fgbg-studio normalise rooms-dataset --lines torchvision")
@click.argument("dataset", type=PATH)
@click.option("--lines", type=click.Choice(LIBRARIES), help="Only the ready lines for this library.")
@json_option
def normalise(dataset: Path, lines: str | None, as_json: bool) -> None:
    """Mean and σ of what is trained with: of the split 'train', or of all of a dataset that is not split.

    Depth is in metres, of its valid pixels alone. The lines normalise composites in torchvision, Albumentations or
    Keras; --json prints the figures and all lines.
    """
    from fgbg_studio.core.dataset import normalisation

    found = console.follow(normalisation.normalise(dataset))
    assert isinstance(found, normalisation.Normalisation)
    if lines:
        console.report(None, found.lines(lines), as_json=False)
        return
    data = found.report()
    data["lines"] = {library: found.lines(library) for library in LIBRARIES}
    console.report(data, f"{found.said()}\n\n{found.lines(LIBRARIES[0])}", as_json=as_json)
