"""The licence of a whole dataset, as it is said on its pages and before and after a run."""

from __future__ import annotations

from collections.abc import Iterator

from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.remedies import Advice
from fgbg_studio.core.plan.licences import WholeLicence, terms_of, whole_licence
from fgbg_studio.core.plan.recipe import BackgroundSource, ForegroundSource, Recipe

LICENCE = "licence"
"""The code of the issue that what is made may not be given to others."""


def pictures_of(recipe: Recipe) -> tuple[BackgroundSource | ForegroundSource, ...]:
    """All pictures that a dataset is made of."""
    return (*recipe.backgrounds, *recipe.foregrounds)


def licence_of(recipe: Recipe) -> WholeLicence:
    """The licence of what is made by a recipe."""
    return whole_licence(one.licence for one in pictures_of(recipe))


def licence_issues(recipe: Recipe) -> Iterator[Issue]:
    """A warning for each reason why what is made may not be given to others; none where nothing forbids that.

    Where licences are not stated nothing is said: who keeps a dataset for themselves needs none.
    """
    whole = licence_of(recipe)
    if whole.verdict != "forbidden":
        return
    forbidding = [one.file for one in pictures_of(recipe) if _restricts(one.licence)]
    advice = Advice("keep the dataset for yourself, or replace these pictures")
    for clause in whole.clauses:
        if "not stated" not in clause and "no licence that" not in clause:
            yield Issue("warning", LICENCE, clause, forbidding[0], (advice,), more_files=tuple(forbidding[1:]))


def _restricts(said: str) -> bool:
    terms = terms_of(said)
    return terms is not None and (terms.kind in {"closed", "odbl"} or bool(terms.elements & {"nd", "sa", "nc"}))


def licence_sentence(whole: WholeLicence) -> str:
    """The licence of a dataset in a sentence of Markdown."""
    sentence = {
        "one": f"Of the whole, as it follows from the licences of its pictures: **{whole.said}**.",
        "free": "Nothing in the licences of its pictures binds the whole: whoever made it may choose one.",
        "unknown": "Of the whole it is not known: a licence of its pictures is missing here.",
        "forbidden": "**The whole may not be given to others**, as the licences of its pictures forbid that.",
    }[whole.verdict]
    return f"{sentence} Its text: <{whole.address}>." if whole.address else sentence
