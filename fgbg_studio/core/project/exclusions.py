"""Which samples a person does not want: single ones, pairs of pictures, or all that one picture is in.

Pictures are known by their hashes, so that an exclusion stays what it is whatever comes and goes around it, and comes
back with a picture that was rejected for a while. What it names that the project has not, or not as the settings are
now, excludes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, NamedTuple

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from fgbg_studio.core.base.model import FrozenModel

Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Places = tuple[Annotated[int, Field(ge=0, lt=1 << 31)], ...]


class Exclusion(NamedTuple):
    """What is excluded at once: hashes of a background, of a foreground, of both as a pair, or one sample of a pair.

    ``side`` and ``k`` are a sample's: whether it is mirrored, and the number of its placement; None and -1 otherwise.
    """

    background: str = ""
    foreground: str = ""
    side: bool | None = None
    k: int = -1

    @property
    def wider(self) -> tuple[Exclusion, ...]:
        """What it is a part of, and itself: the background, the foreground, the pair, the sample."""
        pair = Exclusion(self.background, self.foreground)
        every = Exclusion(self.background), Exclusion("", self.foreground), pair, self
        return tuple(dict.fromkeys(one for one in every if one != Exclusion()))


class ExcludedSamples(FrozenModel):
    """Samples of one pair: the numbers of their placements, as cut and mirrored, ascending."""

    background: Sha
    foreground: Sha
    plain: Places = ()
    mirrored: Places = ()


class Exclusions(FrozenModel):
    """All of a project; two that exclude the same are equal."""

    backgrounds: tuple[Sha, ...] = ()
    foregrounds: tuple[Sha, ...] = ()
    pairs: tuple[tuple[Sha, Sha], ...] = ()
    samples: tuple[ExcludedSamples, ...] = ()

    @classmethod
    def of(cls, items: Iterable[Exclusion]) -> Exclusions:
        """Of these; of what is given twice, or with a side but no pair, nothing comes of it."""
        backgrounds, foregrounds = set[str](), set[str]()
        pairs, samples = set[tuple[str, str]](), dict[tuple[str, str], tuple[set[int], set[int]]]()
        for background, foreground, side, k in items:
            if not foreground:
                backgrounds.add(background)
            elif not background:
                foregrounds.add(foreground)
            elif side is None:
                pairs.add((background, foreground))
            else:
                samples.setdefault((background, foreground), (set(), set()))[side].add(k)
        return cls(
            backgrounds=tuple(sorted(backgrounds)), foregrounds=tuple(sorted(foregrounds)), pairs=tuple(sorted(pairs)),
            samples=tuple(_of_pair(*pair, *places) for pair, places in sorted(samples.items())),
        )  # fmt: skip

    def items(self) -> Iterator[Exclusion]:
        """Each as an `Exclusion`, the widest first."""
        yield from (Exclusion(one) for one in self.backgrounds)
        yield from (Exclusion("", one) for one in self.foregrounds)
        yield from (Exclusion(*pair) for pair in self.pairs)
        for one in self.samples:
            for side, places in ((False, one.plain), (True, one.mirrored)):
                yield from (Exclusion(one.background, one.foreground, side, k) for k in places)

    def __bool__(self) -> bool:
        """Whether anything is excluded."""
        return bool(self.backgrounds or self.foregrounds or self.pairs or self.samples)

    def with_(self, items: Iterable[Exclusion]) -> Exclusions:
        """These and ``items``."""
        return Exclusions.of((*self.items(), *items))

    def without(self, items: Iterable[Exclusion]) -> Exclusions:
        """These but ``items``; a sample of an excluded pair stays excluded with that."""
        taken = frozenset(items)
        return Exclusions.of(one for one in self.items() if one not in taken)

    def of_pictures(
        self, backgrounds: Iterable[str], foregrounds: Iterable[str], sides: int, places: int
    ) -> Exclusions:  # fmt: skip
        """Those that exclude anything of these pictures, with so many sides and placements of each pair."""
        across, down = frozenset(backgrounds), frozenset(foregrounds)
        return Exclusions.of(
            one
            for one in self.items()
            if (not one.background or one.background in across) and (not one.foreground or one.foreground in down)
            and one.k < places and (not one.side or sides > 1)
        )  # fmt: skip


def _of_pair(background: str, foreground: str, plain: set[int], mirrored: set[int]) -> ExcludedSamples:
    places = {"plain": tuple(sorted(plain)), "mirrored": tuple(sorted(mirrored))}
    return ExcludedSamples(background=background, foreground=foreground, **places)


class HasExclusions(FrozenModel):
    """What may exclude samples. Where it excludes none its file says nothing of that, as before there were any."""

    excluded: Exclusions = Exclusions()

    @model_serializer(mode="wrap")
    def _without_none(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data: dict[str, Any] = handler(self)
        if not self.excluded:
            data.pop("excluded", None)
        return data
