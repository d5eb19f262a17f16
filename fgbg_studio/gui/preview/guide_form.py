"""The values of one composition's lines as numbers to type, and whose camera a horizon is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QDoubleSpinBox, QGridLayout, QRadioButton, QWidget
from typing_extensions import override

from fgbg_studio.core.interfaces.placement import Guide
from fgbg_studio.core.plan.what_if import has_camera
from fgbg_studio.core.project.heights import suggested_height
from fgbg_studio.gui.lib.basics import button, clear, label, vbox
from fgbg_studio.gui.lib.formatting import height_offer
from fgbg_studio.gui.lib.manners import manners
from fgbg_studio.gui.lib.theme import GROUP, UNIT, tabular
from fgbg_studio.gui.preview.composition_model import CompositionModel

_FIELD = 88


class GuideForm(QWidget):
    """Two groups that fill themselves from what is tried; empty where it has no lines.

    Signals:
        edited: (`Guide`, value in its unit, word that joins the edits of one visit to a field).
    """

    edited = Signal(object, float, str)

    def __init__(self, trying: CompositionModel) -> None:
        super().__init__()
        self._trying = trying
        self.lines, self.camera, self.own = _Fields(), _Fields(), _Fields()
        self._title, self._none = label("", "heading"), label("", "quiet", wrap=True)
        self.alone = QRadioButton(self.tr("This background"))
        self.everywhere = QRadioButton(self.tr("All backgrounds"))
        self.everywhere.setToolTip(self.tr("Backgrounds with a horizon or camera height of their own keep it"))
        self.alone.setToolTip(self.tr("What you change becomes this background's own"))
        self._everyone = label(self.tr("For all backgrounds and foregrounds"), "caption", wrap=True)
        self.reset = button(self.tr("Reset to the project's"))
        self.reset.setToolTip(self.tr("This background is seen by the project's camera again"))
        self.outdoors = QCheckBox(self.tr("This background is outdoors: no wall"))
        self.outdoors.setToolTip(
            self.tr("This background's ground goes on to the horizon, and the sky has no value in depth by geometry")
        )
        self._own_name, self._assumed = label("", "heading"), label("", "caption", wrap=True)
        self.suggested = button("")
        self._camera_part, self._own_part = self._make_camera(), self._make_own()
        whole = vbox(self, 2 * UNIT)
        whole.addWidget(self._title)
        whole.addWidget(self._none)
        whole.addWidget(self._everyone)
        whole.addWidget(self.lines)
        whole.addWidget(self._camera_part)
        whole.addWidget(self._own_part)
        self.own.edited.connect(self.edited)
        self.suggested.clicked.connect(self._take_suggested)
        self.lines.edited.connect(self.edited)
        self.camera.edited.connect(self.edited)
        self.alone.toggled.connect(trying.set_alone)
        self.reset.clicked.connect(trying.reset_camera)
        self.outdoors.clicked.connect(trying.set_outdoors)
        trying.changed.connect(self.follow)
        self.follow()

    def _make_camera(self) -> QWidget:
        part = QWidget()
        column = vbox(part, 2 * UNIT)
        column.addWidget(label(self.tr("Camera"), "heading"))
        column.addWidget(label(self.tr("Horizon and camera height are set for"), "caption"))
        choice = QButtonGroup(part)
        for one in (self.alone, self.everywhere):
            choice.addButton(one)
            column.addWidget(one)
        self.alone.setChecked(self._trying.alone)
        self.everywhere.setChecked(not self._trying.alone)
        column.addWidget(self.camera)
        column.addWidget(self.outdoors)
        column.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        return part

    def _make_own(self) -> QWidget:
        part = QWidget()
        column = vbox(part, UNIT)
        for one in (self._own_name, self.own, self._assumed):
            column.addWidget(one)
        column.addWidget(self.suggested, 0, Qt.AlignmentFlag.AlignLeft)
        return part

    def _show_own(self, guides: Sequence[Guide]) -> None:
        """How tall the foreground is, whether somebody said so, and what is likelier."""
        foreground, trial = self._trying.foreground, self._trying.trial
        self._own_part.setVisible(bool(guides) and foreground is not None)
        self.own.show_guides(guides)
        if foreground is None or trial is None:
            return
        self._own_name.setText(self.tr("This foreground"))
        assumed, likely = trial.recipe.settings.foreground.real_height, suggested_height(foreground)
        known = foreground.real_height is not None
        words = self.tr("Nobody said how tall it is: it is taken as {0} m, as all such foregrounds.")
        self._assumed.setText("" if known else words.format(f"{assumed:g}"))
        self._assumed.setVisible(not known)
        self.suggested.setText(height_offer(likely))
        self.suggested.setVisible(not known)

    def _take_suggested(self) -> None:
        if self._trying.foreground is not None:
            self._trying.set_height(suggested_height(self._trying.foreground).metres)

    def follow(self) -> None:
        """Show the values as they are now."""
        camera = [guide for guide in self._trying.guides if guide.setting.startswith("camera.")]
        own = [guide for guide in self._trying.guides if guide.look == "height"]
        lines = [guide for guide in self._trying.guides if guide not in camera and guide not in own and guide.listed]
        self._show_own(own)
        self.lines.show_guides(lines)
        self.camera.show_guides(camera)
        self._none.setVisible(not lines)
        self.lines.setVisible(bool(lines))
        self._everyone.setVisible(bool(lines))
        self._camera_part.setVisible(bool(camera))
        self._camera_part.setContentsMargins(0, GROUP - 2 * UNIT, 0, 0)
        trial, background = self._trying.trial, self._trying.background
        if trial is not None:
            placement = trial.recipe.settings.placement
            self._title.setText(placement.name.replace("-", " ").capitalize())
            self._none.setText(placement.summary.capitalize())
        self.reset.setEnabled(background is not None and has_camera(background))
        self.outdoors.setChecked(background is not None and background.wall == "none")


class _Fields(QWidget):
    """A name and a field for each guide."""

    edited = Signal(object, float, str)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(UNIT)
        self._grid.setColumnStretch(0, 1)
        self._guides: dict[str, Guide] = {}
        self.fields: dict[str, QDoubleSpinBox] = {}
        self._visit = 0

    def show_guides(self, guides: Sequence[Guide]) -> None:
        """Show these instead; fields stay while the guides' names do."""
        if [guide.name for guide in guides] != list(self.fields):
            self._build(guides)
        self._guides = {guide.name: guide for guide in guides}
        for guide in guides:
            field = self.fields[guide.name]
            with QSignalBlocker(field):
                field.setRange(guide.least, guide.most)
                if field.value() != guide.nearest(guide.value):
                    field.setValue(guide.value)

    def _build(self, guides: Sequence[Guide]) -> None:
        had = next((name for name, field in self.fields.items() if field.hasFocus()), "")
        clear(self._grid)
        self.fields = {}
        for row, guide in enumerate(guides):
            name = label(guide.label, "quiet")
            name.setToolTip(guide.help.capitalize())
            self._grid.addWidget(name, row, 0)
            self.fields[guide.name] = field = self._field(guide)
            self._grid.addWidget(field, row, 1)
        if had in self.fields:
            manners.hand(self.fields[had])

    def _field(self, guide: Guide) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setDecimals(guide.decimals)
        field.setRange(guide.least, guide.most)
        field.setSingleStep({0: 1.0, 1: 0.5}.get(guide.decimals, 0.05))
        field.setSuffix(guide.unit)
        field.setFixedWidth(_FIELD)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setFont(tabular(field.font()))
        field.setKeyboardTracking(False)
        field.setAccessibleName(guide.label)
        field.setToolTip(guide.help.capitalize())
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self)
        field.valueChanged.connect(lambda value, name=guide.name: self._tell(name, value))
        return field

    def _tell(self, name: str, value: float) -> None:
        self.edited.emit(self._guides[name], value, f"field-{name}-{self._visit}")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Each visit to a field is a step of undo."""
        if event.type() == QEvent.Type.FocusIn:
            self._visit += 1
        return super().eventFilter(watched, event)
