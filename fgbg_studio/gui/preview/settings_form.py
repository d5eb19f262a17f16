"""The settings that change what a sample looks like, in the inspector; every change is one step of undo."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fgbg_studio.core.base.declared import declared
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.strategy import Strategy
from fgbg_studio.core.interfaces.blend import Blend
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.interfaces.placement import Placement
from fgbg_studio.core.interfaces.sizing import Sizing
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.core.project.appearance import Appearance
from fgbg_studio.core.project.model import Project
from fgbg_studio.core.project.settings import Settings, replaced
from fgbg_studio.core.project.split_rule import SplitRule
from fgbg_studio.gui.lib.basics import label
from fgbg_studio.gui.lib.fields import Setting
from fgbg_studio.gui.lib.form import Row
from fgbg_studio.gui.lib.manners import manners
from fgbg_studio.gui.lib.section import Section
from fgbg_studio.gui.lib.strategy_form import StrategyForm
from fgbg_studio.gui.preview.heights_note import HeightsNote
from fgbg_studio.gui.session.network_choice import NetworkChoice
from fgbg_studio.gui.session.session import Session

_ONE_GESTURE = 1.0
"""Seconds: changes of one setting that follow each other within are one step of undo."""


def setting_of(key: str, title: str = "") -> Setting:
    """A setting by its dotted key, as it is declared there."""
    part: type[Any] = Settings
    *parents, name = key.split(".")
    for parent in parents:
        part = declared(part)[parent].kind
    return Setting.of(name, declared(part)[name], title)


def value_of(settings: Settings, key: str) -> Any:
    """The value of a dotted key."""
    value: Any = settings
    for name in key.split("."):
        value = getattr(value, name)
    return value


@dataclass
class _Gesture:
    key: str = ""
    number: int = 0
    last: float = 0.0

    def word(self, key: str) -> str:
        now = time.monotonic()
        if key != self.key or now - self.last > _ONE_GESTURE:
            self.number += 1
        self.key, self.last = key, now
        return f"preview-{key}-{self.number}"


class SettingsForm(QObject):
    """Fills columns with forms of the project's settings and keeps them as the project is.

    Attributes:
        forms: of strategies, by dotted key.
        rows: of other settings, by dotted key.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._gesture = session, _Gesture()
        self._shown: dict[str, Any] = {}
        self.forms: dict[str, StrategyForm] = {}
        self.rows: dict[str, Row] = {}
        self.sections: dict[str, Section] = {}
        self.heights = HeightsNote(session)
        self.network = NetworkChoice(session)
        self.network.chosen.connect(lambda model: self.change("depth.model", model))

    def fill_placement(self, column: QVBoxLayout) -> None:
        """Where objects stand, how often, how large, seen by which camera."""
        tr = self.tr
        placement = self._section(column, "placement", tr("Placement"))
        self._form(placement, "placement", Placement)
        self._row(placement, "placements")
        self._row(placement, "mirrored")
        size = self._section(column, "size", tr("Size of foregrounds"), unfolded=False)
        self._form(size, "foreground.sizing", Sizing)
        self._row(size, "foreground.real_height")
        size.addWidget(self.heights)
        scene = self._section(column, "scene", tr("Objects together"), unfolded=False)
        for name in ("objects.most", "objects.least", "overlap", "truncation", "classes", "instances"):
            self._row(scene, f"scene.{name}")
        for name in ("hides", "margin", "soft", "min_visible"):
            self._row(scene, f"scene.front.{name}")
        camera = self._section(column, "camera", tr("Camera"), unfolded=False)
        own = tr("Of all backgrounds; those with a horizon, camera height or wall of their own keep it.")
        camera.addWidget(label(own, "caption", wrap=True))
        for name in ("horizon", "height", "field_of_view", "wall"):
            self._row(camera, f"camera.{name}")

    def fill_pixels(self, column: QVBoxLayout) -> None:
        """How foregrounds are laid down, and the way to depth."""
        tr = self.tr
        edges = self._section(column, "edges", tr("Edges and masks"), unfolded=False)
        self._form(edges, "compositing.mode", Blend)
        self._row(edges, "compositing.mask_threshold")
        looks = self._section(column, "appearance", tr("Colour, light and shadows"), unfolded=False)
        for name in declared(Appearance):
            self._row(looks, f"appearance.{name}")
        depth = self._section(column, "depth", tr("Depth"), unfolded=False)
        self._form(depth, "depth.way", Depth)
        depth.addWidget(self.network)
        self._row(depth, "depth.network", tr("Description of the network's file, as JSON"))
        depth.addWidget(label(tr("Stored as"), "quiet"))
        self._form(depth, "depth.encoding", Encoding)
        splits = self._section(column, "splits", tr("Splits"), unfolded=False)
        for name in ("made", *declared(SplitRule)):
            self._row(splits, f"splits.{name}")

    def show_project(self, project: Project) -> None:
        """Show the settings as they are."""
        settings = project.settings
        self.heights.show_project(project)
        for key, form in self.forms.items():
            form.show_strategy(value_of(settings, key))
        for key, row in self.rows.items():
            value = value_of(settings, key)
            if key not in self._shown or self._shown[key] != value:
                self._shown[key] = value
                row.show_value(value)
        placed = settings.placement
        fixed = placed.count(7) == placed.count(8)
        self.rows["placements"].setEnabled(not fixed)
        if fixed:
            self.rows["placements"].field.show_value(placed.count(settings.placements))
        elif self._shown.get("placements") is not None:
            self.rows["placements"].field.show_value(settings.placements)
        if self._shown.get("depth.model", "") != settings.depth.model:
            self._shown["depth.model"] = settings.depth.model
            self.network.show_model(settings.depth.model)
        needs = settings.depth.way.needs_network
        self.network.setVisible(needs)
        own = bool(settings.depth.model) and settings.depth.model not in CATALOGUE
        by_hand = settings.depth.network is not None or own
        self.rows["depth.network"].setVisible(needs and by_hand)

    def show_setting(self, key: str) -> QWidget:
        """Unfold the section that has a setting, and put the keyboard on what takes it, which is returned."""
        control = self._control(key)
        for section in self.sections.values():
            if section.isAncestorOf(control):
                section.header.setChecked(True)
        manners.hand(control)
        return control

    def _control(self, key: str) -> QWidget:
        """What takes the keyboard for a setting: its own control, else that of the strategy which may have it."""
        whole = next((form for start, form in self.forms.items() if f"{key}.".startswith(f"{start}.")), None)
        row = whole.rows.get(key.rpartition(".")[2]) if whole else self.rows.get(key)
        if row and not row.isHidden():
            return row.field.control
        if whole is None and self.network.isHidden():
            whole = self.forms["depth.way"]  # networks are offered once a way is chosen that needs one
        return whole.choice if whole else self.network.combo

    def change(self, key: str, value: Any) -> None:
        """Change one setting of the project, or say at its control why it cannot be."""

        def make(project: Project) -> Project:
            return project.model_copy(update={"settings": replaced(project.settings, key, value)})

        self._shown.pop(key, None)
        try:
            self._session.change(self._words(key), make, self._gesture.word(key))
        except FgbgError as error:
            (self.forms.get(key) or self.rows[key]).refuse(error)

    def _words(self, key: str) -> str:
        names = {
            "placement": self.tr("placement"), "compositing.mode": self.tr("blend"),
            "foreground.sizing": self.tr("size of foregrounds"),
            "depth.way": self.tr("way to depth"), "depth.encoding": self.tr("encoding of depth"),
            "depth.model": self.tr("depth network"), "depth.network": self.tr("description of the network"),
        }  # fmt: skip
        name = names.get(key)
        if name is None:
            title = self.rows[key].setting.words
            name = title[:1].lower() + title[1:]
        return self.tr("change {0}").format(name)

    def _section(self, column: QVBoxLayout, key: str, title: str, *, unfolded: bool = True) -> QVBoxLayout:
        section = Section(title, f"preview/{key}-unfolded", self._session.settings, unfolded=unfolded)
        self.sections[key] = section
        column.addWidget(section)
        return section.column

    def _form(self, column: QVBoxLayout, key: str, family: type[Strategy]) -> None:
        form = self.forms[key] = StrategyForm(family)
        form.changed.connect(lambda strategy: self.change(key, strategy))
        column.addWidget(form)

    def _row(self, column: QVBoxLayout, key: str, title: str = "") -> None:
        row = self.rows[key] = Row(setting_of(key, title))
        row.changed.connect(lambda _, value: self.change(key, value))
        column.addWidget(row)
