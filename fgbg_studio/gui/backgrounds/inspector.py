"""The inspector of the place Backgrounds: picture, facts, licence and origin, the dataset's real size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from fgbg_studio.core.imaging.thumbnails import Metrics
from fgbg_studio.core.placement.region_mask import unpack
from fgbg_studio.core.project.framing import frame_of, horizon_of
from fgbg_studio.core.project.model import Background
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.backgrounds.crop_geometry import CropScene
from fgbg_studio.gui.backgrounds.crop_view import CropView
from fgbg_studio.gui.backgrounds.list_filter import name_of
from fgbg_studio.gui.backgrounds.real_size import RealSize
from fgbg_studio.gui.backgrounds.wall_choice import WallChoice
from fgbg_studio.gui.lib.basics import action_button, hbox, label, tool_button, vbox
from fgbg_studio.gui.lib.facts import Fact, Facts
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.inspector import Inspector
from fgbg_studio.gui.lib.theme import UNIT

_CROP_HEIGHT = 192


class BackgroundInspector(QObject):
    """Fills a place's inspector.

    Signals:
        edited: (field, text) of licence, origin or reason.
    """

    edited = Signal(str, str)

    def __init__(
        self, inspector: Inspector, verdicts: Sequence[QAction], tools: Sequence[QAction], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.crop, self.real, self.facts, self.wall = CropView(), RealSize(), Facts(), WallChoice()
        self.crop.setFixedHeight(_CROP_HEIGHT)
        self.name, self.many, self.size = label("", "heading"), label("", "caption"), label("", "caption")
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.fields: dict[str, QLineEdit] = {}
        self._labels: dict[str, QLabel] = {}
        top, self.verdicts = QWidget(), QWidget()
        first = vbox(top, 2 * UNIT)
        for part in (self.name, self.many, self.crop):
            first.addWidget(part)
        _fill_verdicts(self.verdicts, verdicts)
        first.addWidget(self.verdicts)
        first.addLayout(_tools(tools))
        inspector.body.addWidget(top)
        inspector.body.addWidget(self.facts)
        inspector.body.addWidget(self.wall)
        for field, title in (
            ("reason", self.tr("Rejected because")),
            ("licence", self.tr("Licence")),
            ("origin", self.tr("Origin")),
        ):
            inspector.body.addLayout(self._field(field, title))
        preview = inspector.group(self.tr("In the dataset"))
        preview.addWidget(self.real)
        preview.addWidget(self.size)

    def _field(self, field: str, title: str) -> QVBoxLayout:
        edit = self.fields[field] = QLineEdit()
        edit.setAccessibleName(title)
        edit.editingFinished.connect(lambda: self._tell(field))
        self._labels[field] = label(title, "quiet")
        column = vbox(spacing=UNIT)
        column.addWidget(self._labels[field])
        column.addWidget(edit)
        return column

    def _tell(self, field: str) -> None:
        edit = self.fields[field]
        if edit.isModified():
            edit.setModified(False)
            self.edited.emit(field, edit.text().strip())

    def show_picture(self, background: Background, facts: Sequence[Fact]) -> None:
        """Name and facts of one background."""
        name = name_of(background)
        metrics = self.name.fontMetrics()
        self.name.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(self.crop.width(), 200)))
        self.name.setToolTip(name)
        self.facts.show_facts(list(facts))

    def show_chosen(self, chosen: Sequence[Background], settings: Settings) -> None:
        """Wall, licence, origin and reason of all that are selected; what is typed is set for all of them."""
        self.wall.show_chosen(chosen, settings)
        rejected = all(b.status == "rejected" for b in chosen) and bool(chosen)
        self._labels["reason"].setVisible(rejected)
        self.fields["reason"].setVisible(rejected)
        self.many.setVisible(len(chosen) > 1)
        self.many.setText(self.tr("{0} selected: what you type applies to all").format(number(len(chosen))))
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


def _fill_verdicts(widget: QWidget, actions: Sequence[QAction]) -> None:
    row = hbox(widget, 2 * UNIT)
    for action in actions:
        row.addWidget(action_button(action), 1)


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
    if measured:
        below = sum(m.sharpness < measured.sharpness for m in metrics.values())
        share = below / max(len(metrics) - 1, 1)
        sharp = tr("{0}\nsharper than {1} of all").format(f"{measured.sharpness:,.0f}", f"{share:.0%}")
        facts += [(tr("Sharpness"), sharp), (tr("Brightness"), f"{measured.brightness:.0%}")]
    if alike:
        facts.append((tr("Looks like"), alike))
    return facts


def _bytes(size: int | None) -> str:
    if size is None:
        return ""
    return f" · {size / 1e6:.1f} MB" if size >= 1e6 else f" · {max(round(size / 1e3), 1)} kB"
