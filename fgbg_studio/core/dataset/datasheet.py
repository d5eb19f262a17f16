"""The datasheet of a dataset: questions of T. Gebru and others, "Datasheets for Datasets" (2021), by its record.

Why it was made, who paid for it and whether people agreed to be in it nobody told this program: those are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from fgbg_studio.core.dataset.licence import licence_of, licence_sentence, pictures_of
from fgbg_studio.core.dataset.manifest import FILE as MANIFEST
from fgbg_studio.core.dataset.record import FILE, HIDDEN, ROWS, SEALED, Dataset
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.core.depth.flaws import said_of_missing
from fgbg_studio.core.interfaces.depth import Meaning


def datasheet(
    dataset: Dataset, statistics: Mapping[str, KindStatistics], counts: Mapping[str, int], meaning: Meaning
) -> list[str]:
    """The section's lines in Markdown: a heading for each of the paper's parts, and questions with their answers."""
    parts: dict[str, Iterable[tuple[str, str]]] = {
        "Composition": _composition(dataset, statistics, counts),
        "Collection": _collection(dataset),
        "Preprocessing": _preprocessing(dataset),
        "Uses": _uses(meaning),
        "Distribution": [("Under which licence is it distributed?", licence_sentence(licence_of(dataset.recipe)))],
        "Maintenance": _maintenance(dataset),
    }
    lines = ["## Datasheet"]
    for heading, answers in parts.items():
        lines += ["", f"### {heading}", "", *(f"- *{question}* {answer}" for question, answer in answers)]
    return lines


def _composition(
    dataset: Dataset, statistics: Mapping[str, KindStatistics], counts: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    recipe, plan = dataset.recipe, dataset.plan()
    objects = recipe.settings.scene.objects
    many = f"{objects.least} to {objects.most} foregrounds" if objects.most > 1 else "one foreground"
    with_depth = ", and its depth map" if "depth" in statistics else ""
    yield (
        "What do the instances represent?",
        (
            f"Each is a composite of {many} on a background, made by a program, with the mask of what was pasted"
            f"{with_depth}."
        ),
    )
    yield "How many are there?", f"{dataset.samples:,}."
    if dataset.samples < plan.made:
        yield "Is it a sample of a larger set?", f"Yes, of the {plan.made:,} that its plan makes."
    if len(plan.excluded):
        yield "Was anything left out?", f"{len(plan.excluded):,} samples were excluded by a person."
    pixels = sum(part.number for part in statistics["depth"].sums) if "depth" in statistics else 0
    if missing := said_of_missing(counts, pixels) if pixels else "":
        yield "Is any information missing from instances?", f"{missing[:1].upper()}{missing[1:]}."
    yield (
        "Are there relationships between instances?",
        f"Samples of one background or foreground share its pixels; {ROWS} says which. A random split leaks them.",
    )
    yield "Is it self-contained?", "Yes: it refers to nothing outside of its folder."


def _collection(dataset: Dataset) -> Iterator[tuple[str, str]]:
    recipe = dataset.recipe
    pictures = pictures_of(recipe)
    origins = Counter(bool(one.origin.strip()) for one in pictures)
    yield (
        "How was the data acquired?",
        (
            f"{len(recipe.backgrounds):,} backgrounds and {len(recipe.foregrounds):,} cutouts were put in by a"
            f" person; of {origins[True]:,} of these {len(pictures):,} pictures it is said where they are from."
        ),
    )
    classes = {one.category for one in recipe.foregrounds if one.category}
    if classes:
        yield "Of how many classes are they?", f"{len(classes):,}, by what was said of the cutouts."


def _preprocessing(dataset: Dataset) -> Iterator[tuple[str, str]]:
    settings = dataset.recipe.settings
    fit = "cropped square" if settings.background.fit == "crop" else "stretched to a square"
    yield (
        "What was done to the pictures?",
        (
            f"Backgrounds were {fit} and brought to {settings.size} px; cutouts were trimmed, sized and pasted."
            " All of it stands above under 'How it was made'."
        ),
    )
    yield "Are the raw pictures kept?", f"As they were prepared, in `{HIDDEN}`, so that every sample can be made again."


def _uses(meaning: Meaning) -> Iterator[tuple[str, str]]:
    tasks = ["segmentation of what was pasted"]
    unit = {"metric": ["monocular depth (metres)"], "relative": ["monocular depth (relative)"]}
    tasks += unit.get(meaning.kind, [])
    yield "For which tasks can it be used?", f"For {' and '.join(tasks)}."
    yield (
        "What might affect its use?",
        (
            "Composites are not photos: borders, light and places are the program's. What is said under 'Read"
            " before training' and 'Depth' bears on losses and measures."
        ),
    )


def _maintenance(dataset: Dataset) -> Iterator[tuple[str, str]]:
    hashes = f"`{MANIFEST}` has the hash of every file, and " if dataset.format >= SEALED else ""
    yield "Can it be checked and mended?", f"{hashes}`{FILE}` has the recipe."
    yield "How is it extended?", "By its project: a picture more changes no sample of the others."
