"""The card: the dataset's page, ``README.md`` with its tables and picture grids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.words import one_line
from fgbg_studio.core.dataset.datasheet import datasheet
from fgbg_studio.core.dataset.figures import Reports, figures_table, remarks
from fgbg_studio.core.dataset.finalize import Summary, issues_of_counts
from fgbg_studio.core.dataset.harm import harms, measured
from fgbg_studio.core.dataset.implausible import implausible
from fgbg_studio.core.dataset.licence import licence_of, licence_sentence
from fgbg_studio.core.dataset.record import CARD, HIDDEN, ROWS, Dataset
from fgbg_studio.core.dataset.recorded_seams import recorded_seams
from fgbg_studio.core.dataset.split_card import splits_section
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.core.dataset.tree import tree
from fgbg_studio.core.dataset.trial_section import PICTURE, trial_lines
from fgbg_studio.core.depth.cameras import cameras, cameras_text
from fgbg_studio.core.depth.flaws import said_of_missing
from fgbg_studio.core.depth.invariance import invariance
from fgbg_studio.core.depth.plausibility import Plausibility
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.colour_maps import depth_colours, depth_range, index_colours
from fgbg_studio.core.imaging.contact_sheet import in_rows, sheet
from fgbg_studio.core.interfaces.depth import Meaning
from fgbg_studio.core.plan.licences import WholeLicence
from fgbg_studio.core.plan.recipe import BackgroundSource, ForegroundSource
from fgbg_studio.core.project.settings import Settings

_GRID, _COLUMNS = 24, 8
_TITLES = {
    "bg": "backgrounds", "fg": "foregrounds", "fg_mask": "masks of the foregrounds",
    "fg_bg": "composites", "mask": "masks", "depth": "depth maps", "instances": "index maps",
}  # fmt: skip


class CardFacts(NamedTuple):
    """What a section of the card is written from.

    Attributes:
        dataset: all its samples are made.
        statistics: by kind, counted over all of it.
        counts: what a run has counted of its own quality, by name.
        figures: what is said of them.
        meaning: of its depth.
        grids: the kinds of which there is a picture ``card/KIND.jpg``.
        plausibility: of the objects in its depth; None where it was not looked at.
    """

    dataset: Dataset
    statistics: dict[str, KindStatistics]
    counts: Mapping[str, int]
    figures: Reports
    meaning: Meaning
    grids: tuple[str, ...]
    plausibility: Plausibility | None


def write_card(
    dataset: Dataset, said: Summary, figures: Reports, meaning: Meaning, plausibility: Plausibility | None
) -> list[str]:
    """Write the page and its pictures into the dataset, from the recipe and what its markers say; their names."""
    grids = _grids(dataset)
    for kind, pixels in grids.items():
        dataset.store.put(f"{CARD}/{kind}.jpg", encode(pixels, Codec("jpeg", 90)))
    facts = CardFacts(dataset, said.statistics, said.counts, figures, meaning, tuple(grids), plausibility)
    sections = filter(None, (section(facts) for section in SECTIONS))
    text = "\n\n".join("\n".join(lines) for lines in sections)
    dataset.store.put("README.md", f"{text}\n".encode())
    return ["README.md", *(f"{CARD}/{kind}.jpg" for kind in grids)]


def _head(facts: CardFacts) -> list[str]:
    dataset = facts.dataset
    recipe, plan = dataset.recipe, dataset.plan()
    product = " × ".join(str(count) for count in plan.counts)
    depth = " and its depth map" if recipe.settings.depth.way.makes_depth else ""
    excluded = f", without {len(plan.excluded):,} that are excluded {plan.made:,}" if len(plan.excluded) else ""
    part = "" if dataset.samples == plan.made else f", of which {dataset.samples:,} were made{_which(dataset)}"
    return f"""\
# {plain(recipe.project)}

{dataset.samples:,} composites, each with its mask{depth}.

Backgrounds × foregrounds × plain and mirrored × placements: {product} = {len(plan):,}{excluded}{part}.
Preset {_code(recipe.preset)}, seed {recipe.seed}.""".splitlines()


def _which(dataset: Dataset) -> str:
    if dataset.extent.order == "plan":
        return ": the first ones"
    return ", spread evenly over backgrounds, foregrounds and placements"


def _table(facts: CardFacts) -> list[str]:
    return statistics_section(facts.figures, facts.statistics)


def _seams(facts: CardFacts) -> list[str]:
    return seam_section(facts.dataset.record) if facts.dataset.complete else []


def seam_section(record: Mapping[str, Any]) -> list[str]:
    """The card's table of how easily seams are told, where the record says it; it may be put in later."""
    seams = recorded_seams(record)
    if seams is None:
        return []
    parts = {"all": seams, **{f"blend {name}": told for name, told in seams.blends.items()}, **seams.foregrounds}
    how = f"How often a simple classifier told pasted borders of {seams.samples:,} samples from real edges"
    rows = [f"| {plain(name)} | {told.chance:.0%} | {told.pieces:,} |" for name, told in parts.items()]
    said = f"{how}: 50 % is as good as guessing, 100 % a seam that anybody sees."
    return ["## Seams", "", said, "", "| borders | told | pieces |", "|---|--:|--:|", *rows]


def statistics_section(reports: Reports, statistics: Mapping[str, KindStatistics]) -> list[str]:
    """The card's table of figures with what must be said of them; after verifying it is written anew by itself."""
    lines = ["## Statistics", "", "| kind | pictures | size | shape | mean | σ | of |"]
    lines += ["|---|--:|--:|---|---|---|---|", *(f"| {' | '.join(row)} |" for row in figures_table(reports))]
    lines += ["", "Means and standard deviations over all pixels, on 0..1, by channel (R G B A)."]
    said = [*remarks(reports), *(issue.message for issue in implausible(statistics))]
    return [*lines, *([""] if said else []), *_bullets(said)]


def _bullets(clauses: Iterable[str]) -> list[str]:
    return [f"- {plain(clause[:1].upper() + clause[1:])}." for clause in clauses]


def _splits(facts: CardFacts) -> list[str]:
    return splits_section(facts.dataset)


def _before_training(facts: CardFacts) -> list[str]:
    dataset = facts.dataset
    composer, settings = dataset.composer(), dataset.recipe.settings
    way = settings.depth.way
    maker = None if way.sees_composites else way.open(composer, dataset.depth)
    said = [f"made although the check found an error: {error}" for error in dataset.overridden]
    lines = _bullets([*said, *(issue.message for issue in harms(settings, measured(composer, maker)))])
    return ["## Read before training", "", *lines] if lines else []


def _files(facts: CardFacts) -> list[str]:
    lines = tree(facts.dataset, facts.statistics)
    return ["## Files", "", "```text", *lines, "```"] if lines else []


def _pictures(facts: CardFacts) -> list[str]:
    lines = ["## Pictures"]
    for kind in facts.grids:
        lines += ["", f"### {_TITLES[kind].capitalize()}", "", f"![{_TITLES[kind]}]({CARD}/{kind}.jpg)"]
    return lines


def _how(facts: CardFacts) -> list[str]:
    settings = facts.dataset.recipe.settings
    codecs, size = settings.codecs, settings.size
    fit = "cropped square" if settings.background.fit == "crop" else "stretched"
    sizing, placement = _settings(settings.foreground.sizing.to_dict()), _settings(settings.placement.to_dict())
    solid = f"the foreground's alpha is at least {settings.compositing.mask_threshold}"
    if settings.compositing.mask_of == "cutout":
        solid = (
            f"at least half of a pixel is of the cutout whose alpha is at least {settings.compositing.mask_threshold}"
        )
    return f"""\
## How it was made

- **bg**: {fit} to {size} × {size} px ({settings.background.resampling}); stored as {_codec(codecs.bg)}.
- **fg**: trimmed to the object, sized by {sizing}; stored as {_codec(codecs.fg)}.
- **fg_bg**: {_laid(settings)} at placements by {placement}; stored as {_codec(codecs.fg_bg)}.
- **mask**: 255 where {solid}, else 0; stored as {_codec(codecs.mask)}.
{_how_depth(facts)}- **{ROWS}**: a row a sample: who stands where, how large, and at what depth.

`{HIDDEN}` holds what is needed to make any sample again (`fgbg-studio sample`); training needs none of it.\
""".splitlines()


def _laid(settings: Settings) -> str:
    """How foregrounds were laid down, as a clause."""
    blend, look = settings.compositing.mode, settings.appearance
    how = f"{blend.name} compositing" if blend.plain else f"blended by {_settings(blend.to_dict())}"
    if blend.times > 1:
        names = ", ".join(f"{k} {blend.chosen(0.0, k).name}" for k in range(blend.times))
        one, which = f"k // {blend.times} is the scene", f"k % {blend.times} the blend ({names})"
        how += f", each scene in {blend.times} ways: {one}, {which}"
    return f"{how}, matched to the background ({look.said})" if look.said else how


def _how_depth(facts: CardFacts) -> str:
    meaning = facts.meaning
    if meaning.kind == "none":
        return ""
    settings = facts.dataset.recipe.settings
    encoding, size = settings.depth.encoding, settings.depth_size
    network = f" Network: {plain(meaning.network)} (sha256 {plain(meaning.network_sha256)})." if meaning.network else ""
    stored = f"{size} × {size} px, {encoding.name}: {encoding.meaning}; stored as {_codec(settings.codecs.depth)}"
    found = f"- **objects in depth**: {facts.plausibility.sentence()}.\n" if facts.plausibility else ""
    return f"- **depth** ({meaning.kind}): {plain(meaning.how)}.{network} {stored}.\n{found}"


def _depth(facts: CardFacts) -> list[str]:
    """What a depth value is worth: up to what it is known, what is no value, what could not be stored, the camera."""
    dataset, settings = facts.dataset, facts.dataset.recipe.settings
    known = invariance(facts.meaning, settings)
    if known is None or "depth" not in facts.statistics:
        return []
    counts, maps = facts.counts, facts.statistics["depth"]
    pixels = sum(part.number for part in maps.sums)
    missing = said_of_missing(counts, pixels) or "every pixel has a value"
    zero = (
        f"A stored 0 is no value and must not be trained on; {missing}."
        if settings.depth.encoding.zero == "no value"
        else "A stored 0 is a value as any other."
    )
    flaws = [f"- {issue.message}." for issue in issues_of_counts(counts, facts.statistics, settings)]
    lines = [f"- {known.said()}", f"- {zero}", *flaws, f"- {cameras_text(cameras(dataset.recipe))}"]
    return ["## Depth", "", *lines]


def _codec(codec: Codec) -> str:
    if codec.format == "png":
        return "PNG"
    return f"JPEG, quality {codec.quality}{', optimised' if codec.optimise else ''}"


def _settings(data: dict[str, object]) -> str:
    name = data.pop("name")
    rest = ", ".join(f"{key} {value}" for key, value in data.items())
    return f"`{name}` ({plain(rest)})" if rest else f"`{name}`"


def _licence(facts: CardFacts) -> list[str]:
    return licence_section(licence_of(facts.dataset.recipe))


def licence_section(whole: WholeLicence) -> list[str]:
    """The licence of the whole, with what must be known of it."""
    clauses = _bullets(whole.clauses)
    return ["## Licence", "", licence_sentence(whole), *([""] if clauses else []), *clauses]


def _datasheet(facts: CardFacts) -> list[str]:
    return datasheet(facts.dataset, facts.statistics, facts.counts, facts.meaning)


def _sources(facts: CardFacts) -> list[str]:
    lines = ["## Sources and licences", ""]
    pictures: tuple[BackgroundSource | ForegroundSource, ...] = (
        *facts.dataset.recipe.backgrounds,
        *facts.dataset.recipe.foregrounds,
    )
    said = Counter((_cell(p.licence), _cell(p.origin)) for p in pictures)
    lines += ["| licence | origin | pictures |", "|---|---|--:|"]
    lines += [f"| {licence} | {origin} | {number:,} |" for (licence, origin), number in sorted(said.items())]
    return lines


def _classes(facts: CardFacts) -> list[str]:
    """How many foregrounds are of each class; nothing where none has one."""
    said = Counter(_cell(source.category) for source in facts.dataset.recipe.foregrounds)
    if set(said) == {_cell("")}:
        return []
    lines = ["## Classes", "", "| class | foregrounds |", "|---|--:|"]
    return [*lines, *(f"| {name} | {number:,} |" for name, number in sorted(said.items()))]


def _cell(text: str) -> str:
    """A person's words so that they stay in their cell of a table."""
    return plain(text) or "not stated"


def plain(text: str) -> str:
    """Words as Markdown that shows them as they are, on one line: no markup, no picture, no heading is made of them."""
    line = re.sub(r"([\\`*\[\]<>|~$]|&(?=#?\w+;))", r"\\\1", one_line(" ".join(text.split())))
    line = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", line)  # inside of a word it is no markup
    return re.sub(r"^([#+=-]|[0-9]+[.)](?=\s|$))", _escaped_start, line)


def _code(text: str) -> str:
    """A word as code: in it nothing is markup but its own end."""
    return "`" + one_line(text).replace("`", "'") + "`"


def _escaped_start(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}\\{found[0][-1]}"


def _trial(facts: CardFacts) -> list[str]:
    """What a network learned of it, where one was trained; see `core/trial`."""
    there = facts.dataset.store.exists(PICTURE)
    return trial_lines(facts.dataset.record, plain, picture=there)


def _grids(dataset: Dataset) -> dict[str, Pixels]:
    composer, plan, recipe = dataset.composer(), dataset.plan(), dataset.recipe
    maker = composer.open_depth(dataset.depth)
    planned = plan.table_of(np.array(dataset.some(_GRID))).samples()
    samples = [composer.settled(sample) for sample in planned]
    composites = [composer(sample) for sample in samples]
    foregrounds = [(f, False, *plan.stored_size(f)) for f in range(min(_GRID, len(recipe.foregrounds)))]
    kinds: dict[str, Sequence[Pixels]] = {
        "bg": [composer.background(b) for b in range(min(_GRID, len(recipe.backgrounds)))],
        "fg": [composer.sized(*foreground) for foreground in foregrounds],
        "fg_mask": [composer.patch(*foreground).mask for foreground in foregrounds],
        "fg_bg": [composite.image for composite in composites],
        "mask": [composite.mask for composite in composites],
    }
    if dataset.recipe.settings.scene.instances:
        both = zip(composites, samples, strict=True)
        kinds["instances"] = [index_colours(composite.indices(sample.indices)) for composite, sample in both]
    if maker is not None:
        maps = [depth.map for depth in maker(samples, composites)]
        low, high = depth_range(maps)
        kinds["depth"] = [depth_colours(depth, low, high) for depth in maps]
    return {kind: sheet(in_rows(pictures, _COLUMNS), cell=128) for kind, pictures in kinds.items()}


SECTIONS: tuple[Callable[[CardFacts], list[str]], ...] = (
    _head, _table, _seams, _splits, _before_training, _files, _pictures, _trial, _how, _depth, _classes, _licence,
    _datasheet, _sources,
)  # fmt: skip
"""What the card has, in its order: each gives the lines of one section, or none where it has nothing to say."""
