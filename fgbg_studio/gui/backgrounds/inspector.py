"""The inspector of the place Backgrounds: picture, facts, licence and origin, the dataset's real size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from fgbg_studio.core.imaging.thumbnails import Metrics
from fgbg_studio.core.placement.region_mask import unpack
from fgbg_studio.core.project.framing import frame_of, horizon_of
from fgbg_studio.core.project.model import Background
from fgbg_studio.core.project.remarks import Remark
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.backgrounds.crop_geometry import CropScene
from fgbg_studio.gui.backgrounds.crop_view import LARGEST_BRUSH, SMALLEST_BRUSH, CropView
from fgbg_studio.gui.backgrounds.light_choice import LightChoice
from fgbg_studio.gui.backgrounds.list_filter import name_of
from fgbg_studio.gui.backgrounds.menus import menu_button
from fgbg_studio.gui.backgrounds.real_size import RealSize
from fgbg_studio.gui.backgrounds.wall_choice import WallChoice
from fgbg_studio.gui.lib.basics import action_button, hbox, label, tool_button, vbox
from fgbg_studio.gui.lib.facts import Fact, Facts
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.inspector import Inspector
from fgbg_studio.gui.lib.lines import Lines
from fgbg_studio.gui.lib.number_slider import NumberSlider
from fgbg_studio.gui.lib.theme import UNIT

_CROP_HEIGHT = 192


class BackgroundInspector(QObject):
    """Fills a place's inspector.

    Signals:
        edited: (field, text) of licence, origin or reason.
        renamed: the name that was typed, without the file's ending.
    """

    edited = Signal(str, str)
    renamed = Signal(str)

    def __init__(
        self,
        inspector: Inspector,
        verdicts: Sequence[QAction],
        because: Callable[[QWidget], QMenu],
        tools: Sequence[QAction],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.crop, self.real, self.facts = CropView(), RealSize(), Facts()
        self.wall, self.light = WallChoice(), LightChoice()
        self.crop.setFixedHeight(_CROP_HEIGHT)
        self.name, self.state, self.size = label("", "heading"), label("", "caption"), label("", "caption")
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.brush = NumberSlider(
            self.tr("Brush"), 200 * SMALLEST_BRUSH, 200 * LARGEST_BRUSH, decimals=1, curved=True, suffix=" %",
            tip=self.tr("The brush's width, of the picture's longer side; [ and ] or Shift+wheel change it too"),
        )  # fmt: skip
        self.brush.set_value(200 * self.crop.brush)
        self.remarks, self._remarked = Lines(UNIT), list[str]()
        self.fields: dict[str, QLineEdit] = {}
        self._top, self.verdicts = QWidget(), QWidget()
        self._fill_top(verdicts, because, tools)
        self.remarks.hide()
        for part in (self._top, self.remarks, self.facts, self.wall, self.light):
            inspector.body.addWidget(part)
        self.stem = QLineEdit()
        self.stem.setToolTip(self.tr("Of the background and its file (F2)"))
        self.stem.editingFinished.connect(self._tell_name)
        inspector.body.addLayout(_titled(self.stem, self.tr("Name")))
        for field, title in (("licence", self.tr("Licence")), ("origin", self.tr("Origin"))):
            inspector.body.addLayout(self._field(field, title))
        preview = inspector.group(self.tr("In the dataset"))
        preview.addWidget(self.real)
        preview.addWidget(self.size)
        inspector.body.addLayout(self._field("reason", self.tr("Rejected because")))

    def _fill_top(
        self, verdicts: Sequence[QAction], because: Callable[[QWidget], QMenu], tools: Sequence[QAction]
    ) -> None:
        column = vbox(self._top, 2 * UNIT)
        for part in (self.name, self.state, self.crop):
            column.addWidget(part)
        pick, reject, undecided = verdicts
        row = hbox(self.verdicts, UNIT)
        row.addWidget(action_button(pick), 1)
        row.addWidget(action_button(reject), 1)
        row.addWidget(menu_button(because(self.verdicts)))
        row.addWidget(tool_button(undecided))
        column.addWidget(self.verdicts)
        column.addLayout(_tools(tools))
        column.addWidget(self.brush)

    def _field(self, field: str, title: str) -> QVBoxLayout:
        edit = self.fields[field] = QLineEdit()
        edit.editingFinished.connect(lambda: self._tell(field))
        return _titled(edit, title)

    def rename(self) -> None:
        """Put the keyboard into the name."""
        self.stem.setFocus()
        self.stem.selectAll()

    def _tell_name(self) -> None:
        if self.stem.isModified():
            self.stem.setModified(False)
            self.renamed.emit(self.stem.text())

    def _tell(self, field: str) -> None:
        edit = self.fields[field]
        if edit.isModified():
            edit.setModified(False)
            self.edited.emit(field, edit.text().strip())

    def show_picture(self, background: Background, facts: Sequence[Fact], remarks: Sequence[Remark]) -> None:
        """Name, facts and remarks of one background."""
        name = name_of(background)
        metrics = self.name.fontMetrics()
        self.name.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(self.crop.width(), 200)))
        self.name.setToolTip(name)
        self.facts.show_facts(list(facts))
        words = [f"{remark.words}." for remark in remarks]
        if words != self._remarked:
            self._remarked = words
            self.remarks.empty()
            self.remarks.setVisible(bool(words))
            for sentence in words:
                self.remarks.add_sentence(sentence, Icon.WARNING, "warn")

    def show_chosen(self, chosen: Sequence[Background], settings: Settings, state: str) -> None:
        """Wall, light, licence, origin and reason of all that are selected; what is typed is set for all of them.

        ``state`` says what was decided on a single one. Where none is selected there is nothing to be seen.
        """
        self._top.setVisible(bool(chosen))
        self.wall.show_chosen(chosen, settings)
        self.light.show_chosen(chosen, settings)
        self.fields["reason"].setEnabled(all(b.status == "rejected" for b in chosen) and bool(chosen))
        many = self.tr("{0} selected: what you type applies to all").format(number(len(chosen)))
        self.state.setText(many if len(chosen) > 1 else state)
        self.stem.setEnabled(len(chosen) == 1)
        if not self.stem.isModified() or not self.stem.hasFocus():
            self.stem.setText(Path(chosen[0].file).stem if len(chosen) == 1 else "")
            self.stem.setCursorPosition(0)
        for field, edit in self.fields.items():
            texts = {str(getattr(b, field)) for b in chosen}
            if not edit.isModified() or not edit.hasFocus():
                edit.setText(texts.pop() if len(texts) == 1 else "")
                edit.setCursorPosition(0)
            edit.setPlaceholderText(self.tr("multiple values") if texts else _EXAMPLES.get(field, ""))

    def show_real(self, image: QImage | None) -> None:
        """The background as the dataset will have it."""
        self.real.show_image(image)
        if image is None:
            self.size.setText("")
            return
        size = f"{image.width()} × {image.height()} px"
        scale = self.real.scale
        self.size.setText(size if scale == 1 else self.tr("{0}, shown at {1}").format(size, f"{scale:.0%}"))

    def show_crop(self, shown: bool) -> None:
        """Show the square and the verdicts here, or not while they are shown large."""
        self.crop.setVisible(shown)
        self.verdicts.setVisible(shown)


_EXAMPLES = {"licence": "such as CC BY 4.0", "origin": "such as an address", "reason": ""}


def _titled(edit: QLineEdit, title: str) -> QVBoxLayout:
    edit.setAccessibleName(title)
    column = vbox(spacing=UNIT)
    column.addWidget(label(title, "quiet"))
    column.addWidget(edit)
    return column


def _tools(tools: Sequence[QAction]) -> QHBoxLayout:
    row = hbox(spacing=UNIT)
    for action in tools:
        made = tool_button(action)
        made.setFixedSize(made.sizeHint())  # or it is painted once too low while what is above it comes and goes
        row.addWidget(made)
    row.addStretch(1)
    return row


def scene_of(background: Background, settings: Settings) -> CropScene:
    """What the views with the square show of a background."""
    return CropScene(
        key=background.sha256,
        width=background.width,
        height=background.height,
        frame=frame_of(background, settings),
        square=settings.background.fit == "crop",
        horizon=horizon_of(background, settings),
        set_horizon=background.horizon is not None,
        cells=unpack(background.standing),
    )


def facts_of(
    background: Background, settings: Settings, metrics: Mapping[str, Metrics], alike: str, file_size: int | None
) -> list[Fact]:
    """What the inspector says of one background; ``alike`` names its near-duplicate."""
    tr = QObject().tr
    width, height = background.width, background.height
    _, _, wide, high = frame_of(background, settings)
    megapixels = f"{width * height / 1e6:.1f} MP"
    facts = [(tr("Size"), f"{number(width)} × {number(height)} px\n{megapixels}{_bytes(file_size)}")]
    factor = min(wide, high) / settings.size
    enlarged = factor < 1
    words = tr("enlarged {0}×") if enlarged else tr("reduced {0}×")
    words = words.format(f"{1 / factor if enlarged else factor:.1f}")
    facts.append((tr("Frame"), f"{number(wide)} × {number(high)} px\n{words}"))
    measured = metrics.get(background.sha256)
    if not measured:  # their room is there before them
        facts += [(tr("Sharpness"), "…\n"), (tr("Brightness"), "…")]
    else:
        sharp = f"{measured.sharpness:,.0f}\n{_rank(measured.sharpness, [m.sharpness for m in metrics.values()])}"
        facts += [(tr("Sharpness"), sharp), (tr("Brightness"), f"{measured.brightness:.0%}")]
    if alike:
        facts.append((tr("Looks like"), alike))
    return facts


def _rank(sharpness: float, every: Sequence[float]) -> str:
    """How sharp one of several is beside the others, in words; none where there are no others."""
    others = len(every) - 1
    below = sum(other < sharpness for other in every)
    if others < 1:
        return ""
    tr = QObject().tr
    if below == others:
        return tr("the sharpest of {0}").format(number(others + 1))
    return tr("sharper than {0} of {1} others").format(number(below), number(others))


def _bytes(size: int | None) -> str:
    if size is None:
        return ""
    return f" · {size / 1e6:.1f} MB" if size >= 1e6 else f" · {max(round(size / 1e3), 1)} kB"
