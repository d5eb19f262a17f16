"""The guide in a window of its own: contents and search at the left, the page at the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QImage, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QDialog, QLineEdit, QSplitter, QTextBrowser, QTreeWidget, QTreeWidgetItem, QWidget
from typing_extensions import override

from fgbg_studio.core.base.resources import guide
from fgbg_studio.gui.app.guide_pages import FIRST, GuidePage, GuideSection, pages
from fgbg_studio.gui.lib.basics import button, frame, hbox, label, vbox
from fgbg_studio.gui.lib.dialogs import open_outside
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import GROUP, PAD, UNIT, theme

_SIZE, _CONTENTS = QSize(1000, 720), 250
_ADDRESS = Qt.ItemDataRole.UserRole

_STYLE = """
body {{ color: {text}; line-height: 140%; }}
h1 {{ font-size: 22px; font-weight: 600; margin: 0 0 12px 0; }}
h2 {{ font-size: 16px; font-weight: 600; margin: 24px 0 8px 0; }}
h3 {{ font-size: 14px; font-weight: 600; margin: 16px 0 6px 0; }}
p, li {{ margin: 6px 0; }}
a {{ color: {accent}; text-decoration: none; }}
h1 a, h2 a, h3 a {{ color: {text}; }}
table {{ border-collapse: collapse; border-color: {line}; margin: 8px 0; }}
th {{ color: {quiet}; font-weight: 500; text-align: left; }}
code, pre {{ font-family: monospace; background-color: {raised}; }}
pre {{ margin: 8px 0; white-space: pre-wrap; }}
"""


class PageView(QTextBrowser):
    """Shows pages of the guide; addresses are ``NAME.html#ANCHOR``. Pictures are as wide as the page at most."""

    def __init__(self, book: tuple[GuidePage, ...]) -> None:
        super().__init__()
        self._book = {f"{page.name}.html": page for page in book}
        self._wide = 0
        self._soon = QTimer(self, singleShot=True, interval=0)  # a page must not change while it is laid out
        self._soon.timeout.connect(self._reload)
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # one that came and went would resize
        self.setHorizontalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )  # all wraps, but for a pixel of borders
        self.document().setDocumentMargin(GROUP + UNIT)
        self.anchorClicked.connect(self._follow)
        theme.changed.connect(self._dress)
        self._dress()

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A page as HTML, a picture at a size that fits; nothing is fetched from elsewhere."""
        name = QUrl(name)
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return self._picture(name)
        page = self._book.get(name.fileName())
        return page.html(guide()) if page else ""

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pictures become as wide as there is room."""
        super().resizeEvent(event)
        if self._room != self._wide:
            self._soon.start()

    @property
    def _room(self) -> int:
        return max(self.viewport().width() - 2 * (GROUP + UNIT) - UNIT, 1)

    def _picture(self, name: QUrl) -> QImage:
        image = QImage(str(guide() / "pictures" / name.fileName()))
        ratio = self.devicePixelRatioF()
        width = min(round(self._room * ratio), image.width())
        if image.isNull():
            return image
        scaled = image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        scaled.setDevicePixelRatio(ratio)
        return scaled

    @Slot()
    def _reload(self) -> None:
        if self.source().isValid():
            self._wide, place = self._room, self.verticalScrollBar().value()
            self.document().clear()  # which keeps pictures at the size that they had
            self.reload()
            self.verticalScrollBar().setValue(place)

    @Slot()
    def _dress(self) -> None:
        colours = theme.colours
        names = ("text", "quiet", "line", "raised", "accent")
        self.document().setDefaultStyleSheet(_STYLE.format(**{name: getattr(colours, name) for name in names}))
        self._reload()

    @Slot(QUrl)
    def _follow(self, link: QUrl) -> None:
        if link.scheme() in {"http", "https", "mailto"}:
            QDesktopServices.openUrl(link)
        elif link.path().startswith("pictures/"):
            open_outside(guide() / "pictures" / link.fileName())
        else:
            self.setSource(self.source().resolved(link))


class GuideWindow(QDialog):
    """See the module; it stays open beside the work. ``page`` is the file's name of the page to begin with."""

    def __init__(self, parent: QWidget | None = None, page: str = FIRST) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Guide"))
        self.book = pages()
        self.view = PageView(self.book)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search the guide"))
        self.search.setAccessibleName(self.tr("Search the guide"))
        self.search.setClearButtonEnabled(True)
        self.contents = QTreeWidget()
        self.contents.setHeaderHidden(True)
        self.contents.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.contents.setAccessibleName(self.tr("Contents"))
        self.nothing = label(self.tr("No page has these words."), "caption", wrap=True)
        self._lay_out()
        self.search.textChanged.connect(self._fill)
        self.contents.currentItemChanged.connect(self._choose)
        self.view.sourceChanged.connect(self._mark)
        self._fill("")
        self.show_page(page)
        room = parent.window().size() if parent else self.screen().availableSize()
        self.resize(_SIZE.boundedTo(room))
        self.search.setFocus()

    def show_page(self, name: str) -> None:
        """Show a page from its beginning."""
        self.view.setSource(QUrl(f"{name}.html"))

    def _lay_out(self) -> None:
        left = frame("panel")
        column = vbox(left, 2 * UNIT, margins=(PAD, PAD, PAD, PAD))
        column.addWidget(self.search)
        column.addWidget(self.nothing)
        column.addWidget(self.contents, 1)
        right = frame("panel")
        page = vbox(right)
        steps = hbox(spacing=UNIT, margins=(PAD, PAD, PAD, 0))
        for text, icon, go, possible in (
            (self.tr("Back"), Icon.PREVIOUS, self.view.backward, self.view.backwardAvailable),
            (self.tr("Forward"), Icon.NEXT, self.view.forward, self.view.forwardAvailable),
        ):
            made = button(text, icon, "flat")
            made.setAutoDefault(False)
            made.setEnabled(False)
            made.clicked.connect(go)
            possible.connect(made.setEnabled)
            steps.addWidget(made)
        steps.addStretch(1)
        page.addLayout(steps)
        page.addWidget(self.view, 1)
        split = QSplitter()
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([_CONTENTS, _SIZE.width() - _CONTENTS])
        vbox(self).addWidget(split)

    @Slot(str)
    def _fill(self, words: str) -> None:
        """The contents: all pages, or the sections in which the words are."""
        with QSignalBlocker(self.contents):
            self.contents.clear()
            for page in self.book:
                found = list(page.found(words))
                if found:
                    self._add(page, found, opened=bool(words.strip()))
        self.nothing.setVisible(self.contents.topLevelItemCount() == 0)
        self._mark()

    def _add(self, page: GuidePage, found: list[GuideSection], *, opened: bool) -> None:
        top = QTreeWidgetItem(self.contents, [page.title])
        top.setData(0, _ADDRESS, f"{page.name}.html")
        for section in found:
            if section.anchor:
                line = QTreeWidgetItem(top, [section.title])
                line.setData(0, _ADDRESS, f"{page.name}.html#{section.anchor}")
                line.setToolTip(0, section.title)
        top.setExpanded(opened)

    @Slot()
    def _choose(self) -> None:
        item = self.contents.currentItem()
        if item:
            self.view.setSource(QUrl(item.data(0, _ADDRESS)))

    @Slot()
    def _mark(self) -> None:
        """Mark in the contents which page is shown."""
        shown = self.view.source().toString()
        with QSignalBlocker(self.contents):
            for number in range(self.contents.topLevelItemCount()):
                top = self.contents.topLevelItem(number)
                if top and shown.startswith(top.data(0, _ADDRESS)):
                    lines = [line for row in range(top.childCount()) if (line := top.child(row))]
                    here = [line for line in lines if line.data(0, _ADDRESS) == shown]
                    self.contents.setCurrentItem((here or [top])[0])
                    top.setExpanded(True)
