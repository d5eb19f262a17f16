"""One sample: composite, mask and depth side by side, what is under the pointer in all of them, and a blend."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass, field

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QColor, QImage, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget
from typing_extensions import override

from fgbg_studio.core.base.arrays import AnyPixels, Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.dataset.inspect.contents import Contents, Triple
from fgbg_studio.core.dataset.inspect.told_objects import ToldObject, objects_of
from fgbg_studio.core.interfaces.layout import PER_SAMPLE
from fgbg_studio.gui.dataset.object_table import ObjectTable
from fgbg_studio.gui.dataset.stored_pictures import reason, shown
from fgbg_studio.gui.dataset.wording import one_of
from fgbg_studio.gui.lib.basics import hbox, label, tool_button, vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.pixmap_view import PixmapView, Point
from fgbg_studio.gui.lib.theme import PAD, UNIT

_MOST = 100
_LEAST = 200
"""Pixels of height that the table of objects leaves to the pictures."""


@dataclass(frozen=True)
class StoredSample:
    """A sample's pictures as they are stored, by kind, and why others could not be read."""

    triple: Triple
    pixels: dict[str, AnyPixels] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    objects: list[ToldObject] = field(default_factory=list)


def read_sample(contents: Contents, sample: int) -> StoredSample:
    """Read a sample's pictures; runs on a worker."""
    read = StoredSample(contents.triple(sample))
    for kind in contents.sample_kinds:
        try:
            read.pixels[kind] = contents.pixels(kind, sample)
        except (FgbgError, OSError) as error:
            read.errors[kind] = reason(error)
    if contents.dataset is not None and "instances" in contents.sample_kinds:
        with contextlib.suppress(FgbgError, OSError):  # the pictures are there all the same
            read.objects.extend(objects_of(contents.dataset, read.triple.name))
    return read


class LinkedPicture(PixmapView):
    """One of the sample's pictures, as large as there is room; a cross marks what the pointer is at in any of them."""

    wrap = Qt.TextFlag.TextWrapAnywhere

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._cross: Point | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @override
    def sizeHint(self) -> QSize:
        """Anything; a square where there is room."""
        return QSize(256, 256)

    @override
    def show_image(self, image: QImage | None, message: str = "") -> None:
        """Show this, or say why there is none."""
        super().show_image(image)
        self.show_message(message)

    def show_cross(self, point: Point | None) -> None:
        """Mark what the pointer is at."""
        self._cross = point
        self.update()

    @override
    def place(self) -> QRectF:
        """At the top in the middle."""
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        wide, high = self.size_in(room.width(), room.height())
        return QRectF(room.x() + (room.width() - wide) / 2, room.y(), wide, high)

    def fit_into(self, wide: int, high: int) -> QSize:
        """Be no larger than the picture is in this room; returns how large that is."""
        fitted = self.size_in(max(wide - 2, 1), max(high - 2, 1))
        size = QSize(math.ceil(fitted[0]) + 2, math.ceil(fitted[1]) + 2)
        self.setMaximumSize(size)
        return size

    @override
    def paint_over(self, painter: QPainter, place: QRectF) -> None:
        """The message, or the cross."""
        super().paint_over(painter, place)
        if self._cross is None or self.pixmap is None:
            return
        at = QPointF(place.x() + self._cross[0] * place.width(), place.y() + self._cross[1] * place.height())
        for colour, width in (("#000000", 3), ("#ffffff", 1)):
            painter.setPen(QPen(QColor(colour), width))
            for across, down in ((1, 0), (0, 1), (-1, 0), (0, -1)):
                painter.drawLine(at + QPointF(3 * across, 3 * down), at + QPointF(9 * across, 9 * down))


class TripleView(QWidget):
    """See the module."""

    def __init__(self, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._contents: Contents | None = None
        self._sampled: StoredSample | None = None
        self._grey = False
        self.name, self.place, self.reading = label("", "heading"), label("", "quiet"), label("", "quiet")
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.pictures = {kind: LinkedPicture(one_of(kind)) for kind in PER_SAMPLE}
        self.objects = ObjectTable()
        self.columns: dict[str, QWidget] = {}
        self.blend = QSlider(Qt.Orientation.Horizontal)
        self.blend.setRange(0, _MOST)
        self.blend.setPageStep(10)
        self.blend.setMaximumWidth(320)
        self.blend.setAccessibleName(self.tr("Blend composite and depth"))
        self.blend.setToolTip(self.tr("Lay the depth over the composite"))
        self._lay_out(actions)
        self.blend.valueChanged.connect(self._paint_composite)
        for picture in self.pictures.values():
            picture.hovered.connect(self._hover)

    def _lay_out(self, actions: dict[str, QAction]) -> None:
        self._top, self._foot = top, foot = hbox(spacing=UNIT), hbox(spacing=2 * UNIT)
        top.addWidget(tool_button(actions["dataset.back"]))
        top.addWidget(tool_button(actions["dataset.previous"]))
        top.addWidget(tool_button(actions["dataset.next"]))
        top.addSpacing(UNIT)
        top.addWidget(self.name)
        top.addSpacing(UNIT)
        top.addWidget(self.place)
        top.addStretch(1)
        for name in ("mend", "make_again", "grey"):
            top.addWidget(tool_button(actions[f"dataset.{name}"]))
        row = hbox(spacing=PAD)
        for kind, picture in self.pictures.items():
            column = self.columns[kind] = QWidget()
            inside = vbox(column, UNIT)
            inside.addWidget(label(one_of(kind), "heading"), 0, Qt.AlignmentFlag.AlignHCenter)
            inside.addWidget(picture, 100)
            row.addWidget(column, 1000)
        row.addStretch(1)
        foot.addWidget(label(self.tr("Composite"), "quiet"))
        foot.addWidget(self.blend, 1)
        foot.addWidget(label(self.tr("Depth"), "quiet"))
        foot.addSpacing(PAD)
        foot.addWidget(self.reading, 2)
        whole = vbox(self, 2 * UNIT, (PAD, 2 * UNIT, PAD, PAD))
        whole.addLayout(top)
        whole.addLayout(row, 100)
        whole.addLayout(foot)
        whole.addWidget(self.objects)
        whole.addStretch(1)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """See `_fit`."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Columns as large as their pictures: these stand side by side, and what is said of them right below."""
        shown = max(sum(not column.isHidden() for column in self.columns.values()), 1)
        heading = UNIT + self.name.sizeHint().height()
        around = self._top.sizeHint().height() + heading + self._foot.sizeHint().height() + 8 * UNIT + PAD
        around += self.objects.fit_into(self.height() - around - _LEAST) + 2 * UNIT
        for kind, column in self.columns.items():
            size = self.pictures[kind].fit_into((self.width() - (shown + 1) * PAD) // shown, self.height() - around)
            column.setMaximumSize(size.width(), size.height() + heading)

    def open(self, contents: Contents | None) -> None:
        """Show samples of this dataset."""
        self._contents, self._sampled = contents, None
        self.objects.hide()
        for kind, column in self.columns.items():
            column.setVisible(bool(contents) and kind in (contents.sample_kinds if contents else ()))
        self.blend.setEnabled(bool(contents) and "depth" in (contents.sample_kinds if contents else ()))

    def show_sample(self, sampled: StoredSample, place: str) -> None:
        """Show one sample; ``place`` says which of how many it is."""
        self._sampled = sampled
        self.name.setText(sampled.triple.name)
        self.place.setText(place)
        for kind in self.pictures:
            if kind != "fg_bg":
                self._paint(kind)
        self._paint_composite()
        unit = self._contents.reading.unit if self._contents else ""
        self.objects.show_objects(sampled.objects, unit)
        self._fit()
        self._hover(None)

    def show_grey(self, grey: bool) -> None:
        """Show depth in grey, or in colours."""
        self._grey = grey
        self._paint("depth")
        self._paint_composite()

    def _picture(self, kind: str) -> Pixels | None:
        if not self._sampled or not self._contents or kind not in self._sampled.pixels:
            return None
        return shown(self._contents, kind, self._sampled.pixels[kind], grey=self._grey)

    def _paint(self, kind: str) -> None:
        pixels = self._picture(kind)
        error = self._sampled.errors.get(kind, "") if self._sampled else ""
        self.pictures[kind].show_image(None if pixels is None else to_image(pixels), error)

    @Slot()
    def _paint_composite(self) -> None:
        share = self.blend.value() / _MOST
        composite, depth = self._picture("fg_bg"), self._picture("depth") if share else None
        if composite is None or depth is None:
            self._paint("fg_bg")
            return
        one, two = (_rgb(pixels, composite.shape[1], composite.shape[0]) for pixels in (composite, depth))
        mixed = cv2.addWeighted(one, 1 - share, two, share, 0)
        self.pictures["fg_bg"].show_image(to_image(np.asarray(mixed, np.uint8)))

    @Slot(object)
    def _hover(self, point: Point | None) -> None:
        for picture in self.pictures.values():
            picture.show_cross(point)
        if point is None or not self._sampled or not self._contents:
            self.reading.setText(self.tr("Point at a picture to read its values"))
            return
        self.reading.setText("   ".join(self._values(point)))

    def _values(self, point: Point) -> list[str]:
        assert self._sampled
        assert self._contents
        said: list[str] = []
        for kind, pixels in self._sampled.pixels.items():
            row, column = int(point[1] * pixels.shape[0]), int(point[0] * pixels.shape[1])
            if not said:
                said.append(f"x {column}  y {row}")
            value = np.atleast_1d(pixels[row, column])
            if kind == "fg_bg":
                names = "RGB" if len(value) >= 3 else ("grey",)
                said.append("  ".join(f"{name} {int(part)}" for name, part in zip(names, value, strict=False)))
            elif kind == "mask":
                said.append(self.tr("mask {0}").format(int(value[0])))
            elif kind == "instances":
                said.append(self.tr("object {0}").format(int(value[0])) if value[0] else self.tr("no object"))
            else:
                said.append(self._contents.reading.words(int(value[0])))
        return said


def place_of(row: int, count: int) -> str:
    """'3 of 40'."""
    return f"{number(row + 1)} / {number(count)}"


def _rgb(pixels: Pixels, width: int, height: int) -> Pixels:
    wide = np.repeat(pixels[..., None], 3, axis=2) if pixels.ndim == 2 else pixels[..., :3]
    if wide.shape[:2] != (height, width):
        wide = np.asarray(cv2.resize(wide, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    return np.ascontiguousarray(wide)
