"""The commands about networks and depth, without a window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fgbg_studio.cli import console
from fgbg_studio.cli.console import PATH, Group, json_option
from fgbg_studio.core.project import storage


@click.command("compare-depth", cls=console.Command, epilog="fgbg-studio compare-depth rooms --out comparison")
@click.argument("project", type=PATH)
@click.option("--ways", nargs=2, default=("network", "inserted"), show_default=True, help="Two of 'list depth'.")
@click.option("--count", type=click.IntRange(1), default=100, show_default=True, help="Samples to compare.")
@click.option("--out", type=PATH, help="Folder for a page with pictures.")
@json_option
def compare_depth(project: Path, ways: tuple[str, str], count: int, out: Path | None, as_json: bool) -> None:
    """Hold two ways to depth against each other and flag composites whose object the network did not see."""
    from fgbg_studio.core.dataset.run import Options, chosen_recipe
    from fgbg_studio.core.depth.comparison import compare, said_of_flagged
    from fgbg_studio.core.depth.difference import Comparison

    recipe = chosen_recipe(storage.load(project), Options())
    result = console.follow(compare(recipe, project, ways, count, out))
    assert isinstance(result, Comparison)
    said = result.report()
    sharp = ", ".join(f"{way} {step:.2f}" for way, step in said["sharpness"].items())
    text = (
        f"AbsRel {said['abs_rel']:.3f}  RMSE {said['rmse']:.2f} {said['unit']}  correlation {said['correlation']:.3f}  "
        f"({said['samples']} samples)\nstep of depth across the border: {sharp}\n"
        f"{said_of_flagged(result)}"
    )
    names = "".join(f"\n  {one['name']}  {one['unseen']:.2f}" for one in said["flagged"])
    console.report(said, text + names, as_json=as_json)


@click.group(cls=Group)
def models() -> None:
    """Networks: list the catalogue, download one, add a file that you have."""


@models.command("list", epilog="fgbg-studio models list")
@json_option
def models_list(as_json: bool) -> None:
    """List the networks of the catalogue and whether they are on this computer."""
    from fgbg_studio.core.base.confinement import lacking
    from fgbg_studio.core.base.words import human_bytes
    from fgbg_studio.core.networks.catalogue import CATALOGUE, PROMPTED
    from fgbg_studio.core.networks.model_cache import is_here, path_of

    entries = [(entry, path_of(name).exists()) for name, entry in CATALOGUE.items() if entry.gives != "clicks"]
    data: list[dict[str, Any]] = [
        {
            "name": entry.name, "gives": entry.gives, "bytes": entry.bytes, "licence": entry.licence,
            "address": entry.address, "sha256": entry.sha256, "here": here, "note": entry.note,
        }
        for entry, here in entries
    ]  # fmt: skip
    asked = [(entry, is_here(name)) for name, entry in PROMPTED.items()]
    data += [
        {
            "name": entry.name, "gives": "clicks", "bytes": entry.bytes, "licence": entry.licence, "here": here,
            "note": entry.note,
            "files": [
                {"name": part, "bytes": CATALOGUE[part].bytes, "address": CATALOGUE[part].address,
                 "sha256": CATALOGUE[part].sha256}
                for part in entry.parts
            ],
        }
        for entry, here in asked
    ]  # fmt: skip
    rows = [
        [e.name, e.gives, human_bytes(e.bytes) if e.bytes else "?", e.licence, e.origin, "yes" if here else ""]
        for e, here in entries
    ]
    rows += [
        [e.name, "clicks", human_bytes(e.bytes) if e.bytes else "?", e.licence, e.origin, "yes" if here else ""]
        for e, here in asked
    ]
    table = console.table(("name", "gives", "size", "licence", "from", "here"), rows, right=(2,))
    open_to = lacking()
    table += f"\nA network's file is not confined on this system: it could {open_to}." if open_to else ""
    console.report(data, table, as_json=as_json)


@models.command("download", epilog="fgbg-studio models download depth-anything-v2-small")
@click.argument("name")
def models_download(name: str) -> None:
    """Download a network of the catalogue into the cache; its licence and where it comes from are said first."""
    from fgbg_studio.core.networks.model_cache import files_of

    for part in files_of(name):
        _download(part)


def _download(name: str) -> None:
    from fgbg_studio.core.base.progress import Progress
    from fgbg_studio.core.base.words import human_bytes
    from fgbg_studio.core.networks.download import download
    from fgbg_studio.core.networks.model_cache import entry_of, path_of

    entry = entry_of(name)
    steps = download(name)
    if path_of(name).exists():
        for _ in steps:  # which compares it with what was published
            pass
        console.say(f"{name} is on this computer already: {path_of(name)}")
        return
    if entry.address:
        size = f", {human_bytes(entry.bytes)}" if entry.bytes else ""
        console.say(f"{name}{size}, licence {entry.licence}\nfrom {entry.address}")
    console.follow(Progress("downloading", step.done, step.total or 0) for step in steps)
    console.say(str(path_of(name)))


@models.command("add", epilog="fgbg-studio models add ~/Downloads/nyu.h5")
@click.argument("file", type=PATH)
@click.option("--name", help="Which network of the catalogue it is; found by its hash by default.")
def models_add(file: Path, name: str | None) -> None:
    """Copy a network's file that you have into the cache."""
    from fgbg_studio.core.networks.model_cache import add, path_of

    entry = add(file, name)
    console.say(f"{entry.name}: {path_of(entry.name)}")


@models.command("allow", epilog="fgbg-studio models allow ~/networks/mine.onnx")
@click.argument("file", type=PATH)
def models_allow(file: Path) -> None:
    """Let projects and datasets use a network's file that you did not choose for them yourself."""
    from fgbg_studio.core.networks import consent

    consent.remember(str(file))
