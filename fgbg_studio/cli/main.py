"""Every job without a window.

A command checks its arguments, calls the engine and prints what comes; nothing is decided here. Exit codes:
0 all went well, 1 the job failed or found faults, 2 the command was used wrongly.
"""

from __future__ import annotations

import dataclasses
import errno
import io
import math
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import fgbg_studio
from fgbg_studio.cli import console, remedies, telling
from fgbg_studio.cli.adding import add_backgrounds, add_foregrounds
from fgbg_studio.cli.adopting import adopt, complete
from fgbg_studio.cli.assignments import parsed
from fgbg_studio.cli.cameras import camera
from fgbg_studio.cli.console import PATH, PLACE, Group, json_option
from fgbg_studio.cli.exclusions import exclude, include
from fgbg_studio.cli.generating import generate, plan, tell_finished
from fgbg_studio.cli.networks import compare_depth, models
from fgbg_studio.cli.pictures import set_backgrounds, set_foregrounds
from fgbg_studio.cli.splits import normalise, split
from fgbg_studio.cli.status import status
from fgbg_studio.cli.trial import trial
from fgbg_studio.core.base.errors import FgbgError, UsageError
from fgbg_studio.core.base.words import one_line
from fgbg_studio.core.project import presets, storage

if TYPE_CHECKING:
    from fgbg_studio.core.dataset.inspect.seams import Told

F = TypeVar("F", bound=Callable[..., Any])


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(fgbg_studio.__version__, prog_name="fgbg-studio")
def main() -> None:
    """FGBG Studio makes training sets for depth estimation and segmentation from backgrounds and cutouts.

    Without a command the window opens. fgbg-studio --self-test tries every part of the installation.
    Add --debug to any command for a traceback where it fails.
    """


def run() -> None:
    """Run the command line and leave with its exit code; errors are one sentence and a way out."""
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        code = main.main(arguments, prog_name="fgbg-studio", standalone_mode=False)
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        console.say(said.getvalue().removesuffix("\n"))
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        console.say("stopped")
        code = 1
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback for the user
        if debug:
            console.say(traceback.format_exc())
        console.say(_sentence(error))
        code = 2 if isinstance(error, UsageError) else 1
    sys.exit(code if isinstance(code, int) else 0)


def _sentence(error: Exception) -> str:
    if isinstance(error, FgbgError):
        return f"error: {one_line(remedies.said(error))}"
    if isinstance(error, OSError) and error.filename:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        way_out = "Make room and run the same command again" if full else "Check that path and its permissions"
        return f"error: {one_line(str(error.filename))} cannot be used ({error.strerror}). {way_out}."
    return f"error in the program: {error!r}. Run it again with --debug."


@main.command(epilog="fgbg-studio new rooms --preset studio-256 --set placements=10 --set seed=7")
@click.argument("project", type=PATH)
@click.option("--preset", default=presets.DEFAULT, show_default=True, help="See 'list presets'.")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change a setting; may be repeated.")
def new(project: Path, preset: str, changes: tuple[str, ...]) -> None:
    """Make an empty project in the folder PROJECT."""
    made = storage.create(project, preset, parsed(changes))
    console.say(f"{project}: a new project by the preset {made.preset}")


@main.command("set", epilog="fgbg-studio set rooms depth.model=fast_depth.tflite placements=10")
@click.argument("project", type=PATH)
@click.argument("changes", nargs=-1, required=True, metavar="KEY=VALUE...")
def set_(project: Path, changes: tuple[str, ...]) -> None:
    """Change settings of a project."""
    with storage.locked(project):
        storage.save(project, storage.changed(storage.load(project), parsed(changes)))


main.add_command(add_backgrounds)
main.add_command(add_foregrounds)


@main.command(epilog="fgbg-studio check rooms --strict")
@click.argument("project", type=PATH)
@click.option("--strict", is_flag=True, help="Warnings make the exit code 1, too.")
@json_option
def check(project: Path, strict: bool, as_json: bool) -> None:
    """Say what a careful reviewer would object to before 400,000 pictures are made.

    The exit code is 1 where there is an error: what would stop a run or spoil its result. Warnings alone, which a
    person decides about, leave it 0 unless --strict is given. --json prints an object with the list 'objections' (of
    each its severity, code, message and file), the numbers 'errors' and 'warnings', 'depth', and 'excluded', how
    many samples are left out on purpose.
    """
    from fgbg_studio.core.dataset.check import check as issues_of
    from fgbg_studio.core.depth.invariance import expected_invariance
    from fgbg_studio.core.plan.excluded import count_excluded

    opened = storage.load(project)
    found, depth = list(issues_of(project, opened)), expected_invariance(opened.settings)
    lines = [*map(telling.line, found)]
    lines += [f"depth: {depth.said()}"] if depth else []
    excluded, of = count_excluded(opened)
    lines += [f"{excluded:,} of {of:,} samples are excluded"] if excluded else []
    lines += [telling.counted(found)]
    data = {**telling.objections(found), "depth": depth._asdict() if depth else None, "excluded": excluded}
    console.report(data, "\n".join(lines), as_json=as_json)
    if any(strict or issue.severity == "error" for issue in found):
        sys.exit(1)


main.add_command(plan)


@main.command(epilog="fgbg-studio preview rooms --count 12 --out sheet.png")
@click.argument("project", type=PATH)
@click.option("--count", type=click.IntRange(1, 600), default=12, show_default=True, help="Samples on the sheet.")
@click.option("--out", type=PATH, required=True, help="The sheet: a PNG or JPEG file.")
@click.option("--depth", metavar="WAY", help="See 'list depth'; the project's own by default.")
def preview(project: Path, count: int, out: Path, depth: str | None) -> None:
    """Write a contact sheet of samples from all over the plan: the same pixels as the run makes."""
    from fgbg_studio.core.compose.preview import write_preview
    from fgbg_studio.core.dataset.run import Options, chosen_recipe

    recipe = chosen_recipe(storage.load(project), Options(depth=depth))
    write_preview(recipe, project, count, out)
    console.say(f"{out}: {count} samples")


main.add_command(generate)
main.add_command(status)


@main.command(epilog="fgbg-studio stats rooms-dataset --json")
@click.argument("dataset", type=PLACE)
@json_option
def stats(dataset: Path, as_json: bool) -> None:
    """Count, size, shape, mean and σ of every kind, read from the files of any dataset, folders or archives."""
    from fgbg_studio.core.dataset.inspect.survey import Survey, survey

    result = console.follow(survey(dataset))
    assert isinstance(result, Survey)
    said = [f"warning: {one_line(warning)}" for warning in result.warnings()]
    said += [one_line(result.passed.said())] if result.passed.total else []
    console.report(result.report(), "\n".join([telling.figures_text(result.figures()), *said]), as_json=as_json)
    if result.note:
        console.say(result.note)
    if result.damaged:
        sys.exit(1)


@main.command(epilog="fgbg-studio seams rooms-dataset")
@click.argument("dataset", type=PLACE)
@click.option("--samples", type=click.IntRange(1), default=600, show_default=True, help="How many to look at.")
@click.option("--card", is_flag=True, help="Write it into the dataset's card and record, too.")
@json_option
def seams(dataset: Path, samples: int, card: bool, as_json: bool) -> None:
    """Say how easily pasted borders are told from real edges, by blend, and which cutouts are told best."""
    from fgbg_studio.core.dataset.inspect import seams as inspect
    from fgbg_studio.core.dataset.record import open_dataset
    from fgbg_studio.core.dataset.recorded_seams import NAMED
    from fgbg_studio.core.dataset.remeasure import put_seams

    found = console.follow(inspect.seams(dataset, samples))
    assert isinstance(found, inspect.SeamReport)
    worst = list(found.foregrounds.items())[:NAMED]
    rows = [["all borders", *_told(found.whole)]]
    rows += [[f"blend {name}", *_told(told)] for name, told in found.blends.items()]
    rows += [[name, *_told(told)] for name, told in worst]
    said = "50 % is as good as guessing, and 100 % a seam that anybody sees; cutouts that are told best come first."
    table = console.table(("borders", "told", "pieces"), rows, right=(1, 2))
    console.report(found.report(), f"{table}\n{said}", as_json=as_json)
    if card and (why := put_seams(open_dataset(dataset), found.report())):
        console.say(why)
        sys.exit(1)


def _told(told: Told) -> list[str]:
    return [f"{told.chance:.0%}", f"{told.pieces:,}"]


@main.command(epilog="fgbg-studio verify rooms-dataset")
@click.argument("dataset", type=PLACE)
@click.option("--quick", is_flag=True, help="Compare the files' hashes alone, as fast as the disk gives them.")
@click.option("--add-hashes", is_flag=True, help="Note the hashes of a dataset of an earlier version, if it is clean.")
@json_option
def verify(dataset: Path, quick: bool, add_hashes: bool, as_json: bool) -> None:
    """Read a dataset back and say what is wrong with it: which files, how many."""
    from fgbg_studio.core.dataset.inspect import verify as inspect

    if quick and add_hashes:
        raise click.UsageError("--add-hashes is noted after a whole look, not a quick one")
    job = inspect.quick_verify if quick else inspect.verify_and_note if add_hashes else inspect.verify
    result = console.follow(job(dataset))
    assert isinstance(result, inspect.VerifyReport)
    lines = [group.said(remedies.words) for group in result.in_order()]
    lines += [f"warning: {one_line(warning)}" for warning in result.warnings]
    lines += [one_line(result.passed.said())] if result.passed.total else []
    text = "\n".join(
        [
            f"{result.files:,} {'files' if quick else 'pictures'}, {'nothing wrong' if result.clean else 'not clean'}",
            *lines,
        ]
    )
    console.report(result.report(remedies.words), text, as_json=as_json)
    if not result.clean:
        sys.exit(1)


@main.command(epilog="fgbg-studio repair rooms-dataset --project rooms")
@click.argument("dataset", type=PLACE)
@click.option("--project", type=PATH, help="The dataset's project, of whose pictures lost ones are prepared again.")
@json_option
def repair(dataset: Path, project: Path | None, as_json: bool) -> None:
    """Make damaged files of a finished dataset what they were; nothing is replaced but by what is proven right."""
    from fgbg_studio.core.dataset.inspect import repair as inspect

    result = console.follow(inspect.repair(dataset, project))
    assert isinstance(result, inspect.RepairReport)
    lines = [f"restored: {name}" for name in result.restored]
    lines += [f"not restored: {name}: {why}" for name, why in result.left.items()]
    text = f"{len(result.restored):,} files restored, {len(result.left):,} not"
    console.report(dataclasses.asdict(result), "\n".join([text, *map(one_line, lines)]), as_json=as_json)
    if result.left:
        sys.exit(1)


@main.command(epilog="fgbg-studio sample rooms-dataset bg_003_fg_012_m_07 --out /tmp/one")
@click.argument("dataset", type=PLACE)
@click.argument("name")
@click.option("--out", type=PATH, required=True, help="Folder for the sample's pictures.")
def sample(dataset: Path, name: str, out: Path) -> None:
    """Make the sample called NAME again, from the dataset's recipe."""
    from fgbg_studio.core.dataset.inspect.reproduce import remake

    for path in remake(dataset, name, out):
        console.say(str(path))


@main.command(epilog="fgbg-studio export rooms-dataset hf-parquet --out /tmp/rooms-parquet")
@click.argument("dataset", type=PLACE)
@click.argument("what", metavar="EXPORT")
@click.argument("settings", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--out", type=PATH, help="Folder for it; a card goes to the dataset's own by default.")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="A setting of it, as behind its name.")
def export(dataset: Path, what: str, settings: tuple[str, ...], out: Path | None, options: tuple[str, ...]) -> None:
    """Write a dataset in another form: its card, or another of 'list exports', with settings of it."""
    from fgbg_studio.core.interfaces.export import Export, ExportProgress

    last = console.follow(Export.from_dict({**parsed([*options, *settings]), "name": what}).run(dataset, out))
    assert isinstance(last, ExportProgress)
    for path in last.files:
        console.say(str(path))
    for note in last.notes:
        console.say(note)


@main.command(epilog="fgbg-studio cut person.jpg --out person.png --rect 120,40,300,520")
@click.argument("photo", type=PATH)
@click.option("--out", type=PATH, required=True, help="The cutout: an RGBA PNG file.")
@click.option("--rect", metavar="X,Y,W,H", help="A rectangle around the object.")
@click.option("--trimap", type=PATH, help="A picture: 0 background, 255 object, 128 unknown.")
@click.option(
    "--network",
    metavar="NETWORK",
    help="A saliency network: looks into the rectangle, or finds the object itself. Or one that answers to points.",
)
@click.option(
    "--point", "points", metavar="X,Y[,0]", multiple=True, help="A place of the object; with ,0 one that is not."
)
@click.option(
    "--hair", type=PATH, metavar="BAND", help="A picture, white over hair or fur: alpha and colours are matted there."
)
@click.option("--iterations", type=click.IntRange(1, 50), default=None, help="Of GrabCut.")
@click.option("--trim", is_flag=True, help="Cut to the object instead of keeping the photo's size.")
@click.option("--reduce", is_flag=True, help="Cut a photo of more than 50 megapixels reduced to so many.")
def cut(
    photo: Path,
    out: Path,
    rect: str | None,
    trimap: Path | None,
    network: str | None,
    points: tuple[str, ...],
    hair: Path | None,
    iterations: int | None,
    trim: bool,
    reduce: bool,
) -> None:
    """Cut an object out of a photo with GrabCut or a network. All places are those of the photo as it is given."""
    from fgbg_studio.core.cutting.cut_file import cut_photo

    if (rect and trimap) or not (rect or trimap or network):
        raise click.UsageError(
            "give either --rect X,Y,W,H or --trimap FILE, or --network NETWORK, with either or alone"
        )
    if points and not network:
        raise click.UsageError("--point X,Y goes with --network NETWORK, one that answers to points")
    share = cut_photo(
        photo,
        out,
        rectangle=_rectangle(rect) if rect else None,
        trimap=trimap,
        points=tuple(map(_point, points)),
        iterations=iterations,
        trim=trim,
        reduce=reduce,
        network=network,
        hair=hair,
    )
    console.say(f"{out}: the object covers {share:.0%} of the photo")


def _point(text: str) -> tuple[float, float, bool]:
    try:
        x, y, *rest = (float(part) for part in text.split(","))
        if rest not in ([], [0], [1]) or not math.isfinite(x + y):
            raise ValueError(text)  # noqa: TRY301 - said in one place
    except ValueError as error:
        raise click.UsageError(f"--point {text!r} is not X,Y or X,Y,0: two numbers with a comma") from error
    return x, y, rest != [0]


def _rectangle(text: str) -> tuple[int, int, int, int]:
    try:
        x, y, width, height = (int(part) for part in text.split(","))
    except ValueError as error:
        raise click.UsageError(f"--rect {text!r} is not X,Y,W,H: four whole numbers with commas") from error
    return x, y, width, height


LISTS = ("presets", "placements", "blends", "layouts", "writers", "depth", "engines", "exports")


@main.command("list", epilog="fgbg-studio list presets")
@click.argument("what", type=click.Choice(LISTS))
@json_option
def list_(what: str, as_json: bool) -> None:
    """List what there is to choose from."""
    from fgbg_studio.core.interfaces.blend import Blend
    from fgbg_studio.core.interfaces.depth import Depth
    from fgbg_studio.core.interfaces.engine import Engine
    from fgbg_studio.core.interfaces.export import Export
    from fgbg_studio.core.interfaces.layout import Layout
    from fgbg_studio.core.interfaces.placement import Placement
    from fgbg_studio.core.interfaces.writer import Writer

    families = {
        "placements": Placement, "blends": Blend, "layouts": Layout, "writers": Writer, "depth": Depth,
        "engines": Engine, "exports": Export,
    }  # fmt: skip
    if what == "presets":
        rows = [[name, presets.get(name).summary] for name in presets.names()]
    else:
        rows = [[name, one.summary] for name, one in families[what].known().items() if one.offered]
    data = [{"name": name, "summary": summary} for name, summary in rows]
    console.report(data, console.table(("name", "what it is"), rows), as_json=as_json)


@main.command(epilog="fgbg-studio demo --out fgbg-demo")
@click.option("--out", type=PATH, default=Path("fgbg-demo"), show_default=True, help="Folder for all of it.")
@click.option("--workers", type=click.IntRange(1), help="Processes; one per core by default.")
def demo(out: Path, workers: int | None) -> None:
    """Make a demo project, a dataset of it with depth and one of scenes, verify them, and say where they lie."""
    from fgbg_studio.core.project.demo import SCENES
    from fgbg_studio.core.project.presets import DEFAULT

    _demonstrate(out, "", DEFAULT, workers)
    _demonstrate(out, "scenes-", SCENES, workers)


def _demonstrate(out: Path, before: str, preset: str, workers: int | None) -> None:
    """A project of the pictures that ship, its dataset and its contact sheet, with names that begin with ``before``."""
    from fgbg_studio.core.compose.preview import write_preview
    from fgbg_studio.core.dataset.run import Options
    from fgbg_studio.core.dataset.run import generate as make
    from fgbg_studio.core.plan.recipe import make_recipe
    from fgbg_studio.core.project.demo import make_demo

    project, dataset, picture = (out / f"{before}{name}" for name in ("project", "dataset", "contact-sheet.png"))
    if not (project / storage.FILE).exists():
        console.follow(make_demo(project, preset))
    last = console.follow(make(project, dataset, Options(workers=workers)))
    tell_finished(dataset, last, as_json=False)
    write_preview(make_recipe(storage.load(project)), project, 12, picture)
    console.report(None, f"its page: {dataset / 'README.md'}\ncontact sheet: {picture}", as_json=False)
    main.commands["verify"].main([os.fspath(dataset)], standalone_mode=False)


main.add_command(adopt)
main.add_command(complete)
main.add_command(set_backgrounds)
main.add_command(camera)
main.add_command(set_foregrounds)
main.add_command(exclude)
main.add_command(include)
main.add_command(compare_depth)
main.add_command(models)
main.add_command(split)
main.add_command(normalise)
main.add_command(trial)
