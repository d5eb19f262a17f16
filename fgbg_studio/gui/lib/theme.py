"""Colours, sizes and the small stylesheet: Fusion with our own palette, light and dark, following the system."""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from fgbg_studio.core.base.resources import resource
from fgbg_studio.gui.lib.manners import Style, manners
from fgbg_studio.gui.lib.window_settings import Mode

UNIT, PAD, GROUP, CORNER = 4, 12, 16, 6
"""Pixels: the step of all spacing, inside panels, between groups, rounded corners."""

BODY, CAPTION = 13, 11
"""Pixels of text."""

TOOL_ICON, RAIL_ICON = 18, 22
_FRAMED = ("QAbstractSpinBox", "QCheckBox", "QRadioButton", "QSlider")


@dataclass(frozen=True)
class Colours:
    """One set of colours, as ``#rrggbb``; ``on_accent`` is text on the accent, ``checker_*`` transparency."""

    dark: bool
    window: str
    panel: str
    raised: str
    line: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    good: str
    warn: str
    bad: str
    checker_one: str
    checker_two: str

    def colour(self, name: str) -> QColor:
        """One of them for painting."""
        return QColor(getattr(self, name))


DARK = Colours(
    dark=True, window="#1f2124", panel="#282b2f", raised="#31353a", line="#3d4248", text="#e4e6e9", quiet="#a3aab2",
    accent="#4ea1ff", on_accent="#0c1a2b", good="#4cc38a", warn="#f0b429", bad="#ff7b80",
    checker_one="#44484d", checker_two="#55595f",
)  # fmt: skip
LIGHT = Colours(
    dark=False, window="#f6f7f8", panel="#ffffff", raised="#eef0f2", line="#d5d9dd", text="#1d2125", quiet="#5f676f",
    accent="#1f6feb", on_accent="#ffffff", good="#19754a", warn="#875800", bad="#c3272f",
    checker_one="#d6dade", checker_two="#bfc5cb",
)  # fmt: skip


class Theme(QObject):
    """The colours in use; ``changed`` when they become others. There is one, `theme`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colours = LIGHT
        self.mode: Mode = "system"

    def start(self, app: QApplication, mode: Mode = "system") -> None:
        """Dress the application, and follow the system from now on."""
        app.setStyle(Style())
        manners.start(app)
        font = app.font()
        font.setPixelSize(BODY)
        app.setFont(font)
        app.styleHints().colorSchemeChanged.connect(self._follow)
        app.focusChanged.connect(_mark_focus)
        self.set_mode(mode)

    def set_mode(self, mode: Mode) -> None:
        """Light, dark, or as the system."""
        self.mode = mode
        self._follow(QGuiApplication.styleHints().colorScheme())

    @Slot(Qt.ColorScheme)
    def _follow(self, scheme: Qt.ColorScheme) -> None:
        dark = self.mode == "dark" or (self.mode == "system" and scheme == Qt.ColorScheme.Dark)
        self.colours = DARK if dark else LIGHT
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        dressed = palette(self.colours)
        app.setPalette(dressed)
        for kind in _FRAMED:
            app.setPalette(framed(dressed, self.colours), kind)  # type: ignore[arg-type] # bytes, which are not taken
        app.setStyleSheet(stylesheet(self.colours))
        self.changed.emit()


def _mark_focus(old: QWidget | None, new: QWidget | None) -> None:
    """Whoever came by the keyboard sees where it is; a click needs no ring around what was clicked."""
    pressed = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
    for widget, ring in ((old, False), (new, not pressed)):
        if isinstance(widget, QAbstractButton) and bool(widget.property("ring")) != ring:
            widget.setProperty("ring", ring)
            widget.style().polish(widget)
            widget.update()


def palette(colours: Colours) -> QPalette:
    """Every role that Fusion reads."""
    role, c = QPalette.ColorRole, colours.colour
    made = QPalette()
    for name, roles in {
        "window": (role.Window,),
        "panel": (role.Base, role.ToolTipBase),
        "raised": (role.Button, role.AlternateBase, role.Light, role.Midlight),
        "line": (role.Mid, role.Dark),
        "text": (role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText),
        "quiet": (role.PlaceholderText,),
        "accent": (role.Highlight, role.Link, role.LinkVisited, role.Accent),
        "on_accent": (role.HighlightedText,),
    }.items():
        for one in roles:
            made.setColor(one, c(name))
    made.setColor(role.Shadow, QColor(0, 0, 0, 90))
    faint = c("quiet")
    faint.setAlpha(130)
    for one in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, one, faint)
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, c("line"))
    return made


def framed(whole: QPalette, colours: Colours) -> QPalette:
    """The palette of controls that Fusion frames: in the window's colour made darker, which is lost on what is dark."""
    made = QPalette(whole)
    if colours.dark:
        made.setColor(QPalette.ColorRole.Window, colours.colour("quiet"))
    return made


def stylesheet(colours: Colours) -> str:
    """What the palette cannot say; widgets choose by the property ``look``."""
    window = colours.colour("window")
    sheet = _SHEET.replace("@veil;", f"rgba({window.red()}, {window.green()}, {window.blue()}, 240);")
    sheet = sheet.replace("@chevron;", f'"{resource("icons/chevron-down.svg").as_posix()}"')
    for field in fields(Colours):
        sheet = sheet.replace(f"@{field.name};", f"{getattr(colours, field.name)};")
    return sheet


def tabular(font: QFont) -> QFont:
    """The font with digits of one width, for numbers that change."""
    made = QFont(font)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def small(font: QFont) -> QFont:
    """The font of captions, its digits of one width."""
    made = tabular(font)
    made.setPixelSize(CAPTION)
    return made


_SHEET = """
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 4px 8px; }
QLabel[look="title"] { font-size: 20px; font-weight: 600; }
QLabel[look="heading"] { font-weight: 600; }
QLabel[look="caption"] { font-size: 11px; color: @quiet; }
QLabel[look="quiet"] { color: @quiet; }
QLabel[look="bad"] { color: @bad; font-size: 11px; }
QLabel[look="warn"] { color: @warn; }
QLabel[look="key"] { background: @raised; border: 1px solid @line; border-radius: 4px; padding: 2px 8px;
  font-size: 12px; }
QFrame[look="panel"], QScrollArea[look="panel"], QWidget[look="panel"] { background: @panel; border: none; }
QFrame[look="rail"] { background: @panel; border: none; border-right: 1px solid @line; }
QFrame[look="top"] { background: @panel; border: none; border-bottom: 1px solid @line; }
QFrame[look="bottom"] { background: @panel; border: none; border-top: 1px solid @line; }
QFrame[look="inspector"] { background: @panel; border: none; border-left: 1px solid @line; }
QFrame[look="footer"] { background: @panel; border: none; border-top: 1px solid @line; }
QFrame[look="rule"] { background: @line; border: none; max-height: 1px; min-height: 1px; }
QFrame[look="card"] { background: @panel; border: 1px solid @line; border-radius: 6px; }
QFrame[look="notice"] { background: @panel; border: 1px solid @line; border-radius: 6px; }
QPushButton { background: @raised; color: @text; border: 1px solid @line; border-radius: 6px; padding: 5px 12px;
  min-height: 20px; }
QPushButton, QToolButton { outline: none; }
QPushButton:hover { border-color: @quiet; }
QPushButton:pressed, QPushButton:checked { background: @line; }
QPushButton[ring="true"]:focus { border: 2px solid @accent; padding: 4px 11px; }
QPushButton:disabled { color: @quiet; }
QPushButton[look="primary"] { background: @accent; color: @on_accent; border: 1px solid @accent; font-weight: 600; }
QPushButton[look="primary"][ring="true"]:focus { border: 2px solid @text; }
QPushButton[look="primary"]:disabled { background: @raised; color: @quiet; border: 1px solid @line; }
QPushButton[look="flat"] { background: transparent; border: 1px solid transparent; }
QPushButton[look="flat"]:hover { background: @raised; }
QPushButton[look="flat"][ring="true"]:focus { border: 2px solid @accent; }
QPushButton[look="line"] { background: transparent; border: 1px solid transparent; text-align: left; padding: 5px 8px; }
QPushButton[look="line"]:hover { background: @raised; }
QPushButton[look="line"][ring="true"]:focus { border: 1px solid @accent; }
QPushButton[look="section"] { background: transparent; border: 1px solid transparent; text-align: left;
  padding: 4px 0; font-weight: 600; }
QPushButton[look="section"]:hover { background: @raised; }
QPushButton[look="section"][ring="true"]:focus { border: 1px solid @accent; }
QFrame[look="hover"] { background: @panel; border: 1px solid @line; }
QLabel[look="drop"] { background: @veil; color: @text; border: 2px solid @accent; border-radius: 6px;
  font-size: 20px; font-weight: 600; }
QProgressBar { background: @line; border: none; border-radius: 3px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton[look="tool"] { padding: 4px 0; font-size: 10px; }
QPushButton[look="tight"] { padding: 5px 2px; }
QToolButton:hover { background: @raised; }
QToolButton:pressed, QToolButton:checked { background: @line; }
QToolButton[ring="true"]:focus { border: 1px solid @accent; }
QComboBox { background: @raised; border: 1px solid @line; border-radius: 6px; padding: 3px 4px 3px 8px;
  min-height: 20px; combobox-popup: 0; }
QComboBox:hover { border-color: @quiet; }
QComboBox:focus { border-color: @accent; }
QComboBox[wrong="true"] { border-color: @bad; }
QLabel[wrong="true"] { color: @bad; }
QComboBox:disabled { color: @quiet; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url(@chevron;); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @panel; border: 1px solid @line; outline: none;
  selection-background-color: @line; selection-color: @text; }
QComboBox QAbstractItemView::item { padding: 4px 6px; }
QLineEdit { background: @window; border: 1px solid @line; border-radius: 6px; padding: 4px 8px; min-height: 20px;
  selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit:focus { border: 1px solid @accent; }
QMenu { background: @panel; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 8px; border-radius: 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: @raised; }
QMenu::item:disabled { color: @quiet; }
QMenu::separator { background: @line; height: 1px; margin: 4px; }
QMenuBar { background: @panel; border-bottom: 1px solid @line; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: @raised; }
QSplitter::handle { background: transparent; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: @line; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @quiet; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""

theme = Theme()
"""The one in use; a QObject may be made before the application, a pixmap not."""
