"""The shapes of hand-made datasets: which preset repeats the one whose names these are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fgbg_studio.core.dataset.inspect.adopted_contents import told_by
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.interfaces.layout import Layout, stem
from fgbg_studio.core.project import presets

_ENOUGH = 0.5
"""Part of the composites' names that a shape must explain: the others are named when the dataset is verified."""


class HandMadeShape(NamedTuple):
    """A preset, and the layout by which its names are read: the preset's own or an earlier one of it."""

    preset: str
    layout: str


class ShapeFit(NamedTuple):
    """How well a shape explains a dataset's names; ``odd`` are those of composites that it does not explain."""

    shape: HandMadeShape
    fitting: int
    odd: list[str]


def shapes() -> Iterator[HandMadeShape]:
    """Every shape that names can be of; those of the presets' own layouts first."""
    for name, member in sorted(Layout.known().items(), key=lambda item: not item[1].offered):
        if preset := next((one for one in presets.names() if member.told and _is_of(member, one)), None):
            yield HandMadeShape(preset, name)


def _is_of(layout: type[Layout], preset: str) -> bool:
    return issubclass(layout, type(presets.get(preset).settings.layout))


def fits(contents: Contents, preset: str | None = None, most: int = 0) -> list[ShapeFit]:
    """The shapes, or those of one preset, that explain at least half of a dataset's names; the best first.

    With ``most`` only so many names are looked at, from all over the dataset.
    """
    names = sorted(_composites(contents, max(contents.samples // most, 1) if most else 1))
    found = [_fit(shape, names) for shape in shapes() if preset in (None, shape.preset)]
    enough = [one for one in found if one.fitting and one.fitting >= _ENOUGH * len(names)]
    return sorted(enough, key=lambda one: -one.fitting)


def _composites(contents: Contents, step: int) -> Iterable[str]:
    kind = "fg_bg" if contents.counts.get("fg_bg") else next(iter(contents.sample_kinds), "")
    return (name for number in range(0, contents.samples, step) if kind and (name := contents.name(kind, number)))


def _fit(shape: HandMadeShape, names: list[str]) -> ShapeFit:
    layout = Layout.get(shape.layout)()
    odd = [name for name in names if told_by(layout, stem(name)) is None]
    return ShapeFit(shape, len(names) - len(odd), odd)
