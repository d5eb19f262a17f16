"""Samples by the names of their files, and lists of such names.

A sample has one name, that of its composite's file without folder and suffix; a background and a foreground have those
of their files in a dataset. A pair is both with a space between.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import PurePosixPath

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.plan.axes import Counts
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.project.exclusions import Exclusion

_REMARK = re.compile(r"\s+#.*|^#.*")


class Names:
    """The names of a plan's pictures and samples."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._pairs: dict[tuple[int, int], dict[str, Exclusion]] = {}

    @cached_property
    def _numbers(self) -> tuple[dict[str, int], dict[str, int]]:
        """The numbers of backgrounds and of foregrounds by their hashes."""
        recipe = self._plan.recipe
        across = {one.sha256: number for number, one in enumerate(recipe.backgrounds)}
        return across, {one.sha256: number for number, one in enumerate(recipe.foregrounds)}

    def _picture_names(self, background: int | None, foreground: int | None) -> tuple[str, ...]:
        """Of these pictures; with their folders where a background and a foreground would be called alike."""
        layout = self._plan.layout
        across = None if background is None else layout.background(background)
        down = None if foreground is None else layout.foreground(foreground, False)
        alike = stem(layout.background(0)) == stem(layout.foreground(0, False))
        return tuple(path if alike else stem(path) for path in (across, down) if path is not None)

    def of(self, sample: Sample) -> str:
        """A sample's."""
        return stem(self._plan.paths(sample).fg_bg)

    def of_exclusion(self, one: Exclusion) -> str:
        """Of what is excluded; empty where the plan has no such thing."""
        across, down = self._numbers
        background, foreground = across.get(one.background), down.get(one.foreground)
        if (one.background and background is None) or (one.foreground and foreground is None):
            return ""
        if background is not None and foreground is not None and one.side is not None:
            known = self._of_pair(background, foreground)
            return next((name for name, other in known.items() if other == one), "")
        return " ".join(self._picture_names(background, foreground))

    def sources(self, one: Exclusion) -> tuple[str, ...]:
        """The project's own names of the pictures of what is excluded, the background's first."""
        recipe, (across, down) = self._plan.recipe, self._numbers
        found = [recipe.backgrounds[across[one.background]].file] if one.background in across else []
        found += [recipe.foregrounds[down[one.foreground]].file] if one.foreground in down else []
        return tuple(PurePosixPath(file).name for file in found)

    def find(self, text: str) -> Exclusion:
        """What a name means: a sample, a background, a foreground, or a pair of two names.

        Folders and a suffix are no part of a sample's name. Pictures may also be called as in the project.

        Raises:
            UsageError: nothing in the plan is called so, or two things are.
        """
        wanted = text.strip()
        if wanted in self._pictures:
            return self._picture(wanted)
        found = self._sample(stem(wanted))
        if found is not None:
            return found
        for space in (match.start() for match in re.finditer(" ", wanted)):
            pair = wanted[:space].strip(), wanted[space:].strip()
            if all(name in self._pictures for name in pair):
                one, two = map(self._picture, pair)
                if bool(one.background) != bool(two.background):
                    return Exclusion(one.background or two.background, one.foreground or two.foreground)
        near = difflib.get_close_matches(wanted, [*self._pictures, *self._some], n=2, cutoff=0.6)
        ways = f"Did you mean {' or '.join(near)}" if near else "Samples are called as their files in a dataset"
        raise UsageError(f"the plan has nothing called {wanted!r}", ways)

    def _picture(self, name: str) -> Exclusion:
        found = self._pictures[name]
        if len(found) > 1:
            raise UsageError(f"{name!r} is a background and a foreground", "Name it with its folder")
        return next(iter(found))

    @cached_property
    def _pictures(self) -> dict[str, set[Exclusion]]:
        recipe, layout = self._plan.recipe, self._plan.layout
        found: dict[str, set[Exclusion]] = {}
        for number, back in enumerate(recipe.backgrounds):
            for name in _called(layout.background(number), back.file):
                found.setdefault(name, set()).add(Exclusion(back.sha256))
        for number, fore in enumerate(recipe.foregrounds):
            for name in _called(layout.foreground(number, False), fore.file):
                found.setdefault(name, set()).add(Exclusion("", fore.sha256))
        return found

    @property
    def _some(self) -> list[str]:
        """Names of one pair's samples, to show how they are."""
        return list(self._of_pair(0, 0))

    def _sample(self, name: str) -> Exclusion | None:
        counts = self._plan.counts
        if next(likely_pairs(self._some[0], counts), None) is None:  # a layout whose names do not say the pair
            return self._every.get(name)
        likely = (self._of_pair(*pair).get(name) for pair in likely_pairs(name, counts))
        return next((one for one in likely if one is not None), None)

    def _of_pair(self, background: int, foreground: int) -> dict[str, Exclusion]:
        """Name → sample, of all of a pair; those of masks and depth maps after its composite's."""
        known = self._pairs.get((background, foreground))
        if known is None:
            plan, counts = self._plan, self._plan.counts
            which = [(bool(side), k) for side in range(counts.mirrored) for k in range(counts.placement)]
            samples = [plan.unplaced(background, foreground, *one) for one in which]
            known = {stem(path): plan.exclusion(one) for one in samples for path in plan.paths(one)}
            self._pairs[background, foreground] = known
        return known

    @cached_property
    def _every(self) -> dict[str, Exclusion]:
        """Name → sample, of the whole plan."""
        counts = self._plan.counts
        pairs = ((b, f) for b in range(counts.background) for f in range(counts.foreground))
        return {name: one for pair in pairs for name, one in self._of_pair(*pair).items()}


def likely_pairs(name: str, counts: Counts) -> Iterator[tuple[int, int]]:
    """The pairs that a name speaks of, whose numbers count from 0 or from 1, and mirrored ones on behind."""
    found = [re.search(rf"{axis}_?(\d+)", name) for axis in ("bg", "fg")]
    if not all(found):
        return
    background, foreground = (int(match[1]) for match in found if match)
    # Some layouts count mirrored foregrounds on behind the plain ones, of which there are a hundred at least.
    behind = foreground - 1 - max(counts.foreground, 100)
    for b in (background, background - 1):
        for f in (foreground, foreground - 1, behind):
            if 0 <= b < counts.background and 0 <= f < counts.foreground:
                yield b, f


def _called(path: str, file: str) -> set[str]:
    """What a picture may be called: by its file in a dataset or in the project, with the folder or without."""
    own = PurePosixPath(file)
    return {path, stem(path), file, own.name, own.stem}


def read_list(text: str) -> list[str]:
    """The names in a list: one a line; what follows a space and a ``#`` is a remark."""
    lines = (_REMARK.sub("", line).strip() for line in text.lstrip("\ufeff").splitlines())
    return [line for line in lines if line]


def write_list(names: Names, items: Iterable[Exclusion]) -> str:
    """A list that `read_list` reads, with the project's own names as remarks; without what the plan has not."""
    named = ((names.of_exclusion(one), one) for one in items)
    return "".join(f"{name}  # {', '.join(names.sources(one))}\n" for name, one in named if name)
