"""Samples taken out of the dataset, and back into it, as steps of undo; what says of a sample that it is out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.plan.names import Names
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.project.exclusions import Exclusion, Exclusions
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.session.session import Session

Wider = Callable[[Exclusion], Exclusion]
WIDER: dict[str, Wider] = {
    "exclude": lambda one: one,
    "exclude_pair": lambda one: Exclusion(one.background, one.foreground),
    "exclude_background": lambda one: Exclusion(one.background),
    "exclude_foreground": lambda one: Exclusion("", one.foreground),
}
"""What the actions of these names exclude of a sample."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("preview", text)


class NamedPlan:
    """A recipe's plan with the names of its samples."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe, self.plan = recipe, Plan(recipe)
        self.names = Names(self.plan)

    def name(self, sample: Sample) -> str:
        """The one by which its files are called."""
        return self.names.of(sample)

    def sources(self, sample: Sample) -> str:
        """'anna.png on kitchen.jpg': the pictures that it is made of, as the project calls them."""
        files = self.recipe.foregrounds[sample.first.foreground].file, self.recipe.backgrounds[sample.background].file
        return _tr("{0} on {1}").format(*(PurePosixPath(file).name for file in files))


class Excluder(QObject):
    """See the module."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._of: Exclusions | None = None
        self._items: frozenset[Exclusion] = frozenset()

    @property
    def items(self) -> frozenset[Exclusion]:
        """All that is excluded in the project."""
        excluded = self._session.project.excluded if self._session.is_open else Exclusions()
        if excluded is not self._of:
            self._of, self._items = excluded, frozenset(excluded.items())
        return self._items

    def why(self, one: Exclusion) -> tuple[Exclusion, ...]:
        """By what a sample is excluded, the widest first; empty where it is made."""
        return tuple(wider for wider in one.wider if wider in self.items) if self.items else ()

    def mark(self, one: Exclusion) -> str:
        """A few words for a sample that is excluded; empty where it is made."""
        found = self.why(one)
        if not found:
            return ""
        widest = found[0]
        if not widest.foreground:
            return _tr("background excluded")
        if not widest.background:
            return _tr("foreground excluded")
        return _tr("excluded") if widest.side is not None else _tr("pair excluded")

    def exclude(self, items: Iterable[Exclusion], names: Names) -> None:
        """Make a dataset without these."""
        wanted = tuple(items)
        text = _tr("exclude {0}").format(_said(wanted, names))
        self._session.change_exclusions(text, lambda excluded: excluded.with_(wanted))

    def include(self, samples: Iterable[Exclusion], names: Names) -> None:
        """Take these samples back, with all of what they are excluded by: a pair, all of a picture."""
        wanted = tuple(dict.fromkeys(why for one in samples for why in self.why(one)))
        if wanted:
            text = _tr("include {0} again").format(_said(wanted, names))
            self._session.change_exclusions(text, lambda excluded: excluded.without(wanted))


def _said(items: tuple[Exclusion, ...], names: Names) -> str:
    if len(items) > 1:
        return _tr("{0} samples, pairs or pictures").format(number(len(items)))
    return names.of_exclusion(items[0]) or _tr("what is no longer in the plan")


def context_menu(parent: QWidget, act: Mapping[str, QAction]) -> QMenu:
    """What can be done with the sample that was clicked."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for part in (("exclude", "include"), tuple(WIDER)[1:], ("open", "copy_name")):
        menu.addSeparator()
        menu.addActions([act[f"preview.{name}"] for name in part])
    return menu
