"""A form that is made from a strategy's dataclass: a new strategy, or a new field of one, needs no line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from fgbg_studio.core.base.declared import declared
from fgbg_studio.core.base.errors import FgbgError, UsageError
from fgbg_studio.core.base.strategy import Strategy
from fgbg_studio.gui.lib.basics import label, take_away, vbox
from fgbg_studio.gui.lib.described_items import describe
from fgbg_studio.gui.lib.fields import Setting, in_words
from fgbg_studio.gui.lib.form import Row, refusal
from fgbg_studio.gui.lib.formatting import capital
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.theme import UNIT


def settings_of(member: type[Strategy]) -> list[Setting]:
    """What a form needs to know of each setting of a strategy."""
    known = declared(member).items()
    return [Setting.of(name, one) for name, one in known]


class StrategyForm(QWidget):
    """A choice of all known strategies of a family that fit, and one row for each setting of the chosen one.

    What was set is kept for each strategy, so that going back to it brings it back.

    Signals:
        changed: the `Strategy` that a person made; only ever a valid one.
    """

    changed = Signal(object)

    def __init__(self, family: type[Strategy], fits: Callable[[type[Any]], bool] = lambda _: True) -> None:
        super().__init__()
        self._family, self._fits = family, fits
        self._kept: dict[str, dict[str, Any]] = {}
        self._data: dict[str, Any] = {}
        self._shown: Strategy | None = None
        self.rows: dict[str, Row] = {}
        self.choice = QComboBox()
        self.choice.setAccessibleName(in_words(family.family))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(10)
        self.summary = label("", "caption", wrap=True)
        self.trouble = refusal()
        whole = vbox(self, 2 * UNIT)
        for part in (self.choice, self.summary, self.trouble):
            whole.addWidget(part)
        self._room = vbox(spacing=2 * UNIT)
        whole.addLayout(self._room)
        self.choice.activated.connect(lambda row: self._choose(str(self.choice.itemData(row))))
        self._list("")

    def show_strategy(self, strategy: Strategy) -> None:
        """Show a strategy without telling of it."""
        if strategy == self._shown:
            return
        self._list(strategy.name)
        data = strategy.to_dict()
        if strategy.name != self._data.get("name"):
            self._make_rows(type(strategy))
        self._shown, self._data = strategy, data
        self._kept[strategy.name] = data
        self._show_values()

    def refuse(self, error: FgbgError) -> None:
        """Say why this strategy cannot be, although it is valid by itself."""
        self.trouble.setText(said(error))
        self.trouble.show()

    def _list(self, shown: str) -> None:
        offered = {name for name, member in self._family.known().items() if member.offered and self._fits(member)}
        known = [name for name in self._family.known() if name in offered or name == shown]
        if [self.choice.itemData(row) for row in range(self.choice.count())] != known:
            self.choice.clear()
            for row, name in enumerate(known):
                member = self._family.get(name)
                self.choice.addItem(member.title or in_words(name), name)
                describe(self.choice, row, capital(member.summary))

    def _choose(self, name: str) -> None:
        if name == self._data.get("name"):
            return
        self._make_rows(self._family.get(name))
        self._data = dict(self._kept.get(name) or _defaults(self._family, name))
        self._show_values()
        self._try(next(iter(self.rows), ""))

    def _make_rows(self, member: type[Strategy]) -> None:
        while self.rows:
            take_away(self.rows.popitem()[1], self._room)
        for setting in settings_of(member):
            row = self.rows[setting.name] = Row(setting)
            row.changed.connect(self._take)
            self._room.addWidget(row)

    def _show_values(self) -> None:
        name = str(self._data["name"])
        self.choice.setCurrentIndex(self.choice.findData(name))
        summary = self._family.get(name).summary
        self.summary.setText(capital(summary))
        self.trouble.hide()
        for key, row in self.rows.items():
            if key in self._data:
                row.show_value(self._data[key])

    def _take(self, key: str, value: Any) -> None:
        self._data = {**self._data, key: value}
        self._try(key)

    def _try(self, key: str) -> None:
        self.trouble.hide()
        try:
            made = self._family.from_dict(self._data)
        except UsageError as error:
            if key in self.rows:
                self.rows[key].refuse(error)
            else:
                self.refuse(error)
            return
        for row in self.rows.values():
            row.trouble.hide()
        self._data = self._kept[made.name] = made.to_dict()
        if made != self._shown:
            self._shown = made
            self.changed.emit(made)


def _defaults(family: type[Strategy], name: str) -> dict[str, Any]:
    """The settings that a strategy has by itself; those without are left out, for a person to give."""
    try:
        return family.from_dict(name).to_dict()
    except UsageError:
        return {"name": name}
