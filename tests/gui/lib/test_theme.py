"""Light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QDoubleSpinBox, QFrame, QSlider
from pytestqt.qtbot import QtBot

import fgbg_studio.gui
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib.theme import DARK, LIGHT, Colours, theme


@pytest.fixture(autouse=True)
def light_again() -> Iterator[None]:
    yield
    theme.set_mode("light")


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [part / 255 for part in QColor(colour).getRgb()[:3]]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_text_can_be_read_on_every_ground(colours: Colours) -> None:
    for ground in (colours.window, colours.panel, colours.raised):
        for text in (colours.text, colours.quiet, colours.good, colours.warn, colours.bad):
            assert contrast(text, ground) >= 4.5, (text, ground)
        assert contrast(colours.accent, ground) >= 4
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.text, colours.line) >= 4.5


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_frames_of_controls_are_seen(mode: Literal["dark", "light"], qtbot: QtBot) -> None:
    """Fusion's own are the window's colour made darker."""
    theme.set_mode(mode)
    field = QDoubleSpinBox(specialValueText=" ")
    for control in (field, QCheckBox(), QSlider(Qt.Orientation.Horizontal)):
        host = QFrame()
        host.setProperty("look", "panel")
        qtbot.addWidget(host)
        control.setParent(host)
        host.resize(120, 40)
        control.setGeometry(10, 10, 100, 22)
        host.show()
        painted = host.grab().toImage()
        seen = {painted.pixelColor(x, y).name() for x in range(painted.width()) for y in range(painted.height())}
        most = max(contrast(one, theme.colours.panel) for one in seen)
        assert most >= 1.7, (control, most)


def test_every_look_that_a_label_is_given_is_in_the_style_sheet(qapp: QApplication) -> None:
    sources = "\n".join(file.read_text() for file in Path(fgbg_studio.gui.__file__).parent.rglob("*.py"))
    looks = set(re.findall(r"""\blabel\((?:[^()]|\([^()]*\))*?, "([a-z]+)"[,)]""", sources))
    assert {"quiet", "heading", "caption", "warn"} <= looks
    for look in looks:
        assert f'QLabel[look="{look}"]' in qapp.styleSheet(), look


def test_the_mode_changes_everything_live(window: MainWindow, qapp: QApplication, qtbot: QtBot) -> None:
    window.act["view.dark"].trigger()
    assert theme.colours is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    shown = window.start_page.grab().toImage()
    assert shown.pixelColor(shown.width() - 20, 4) == QColor(DARK.window)
    window.act["view.light"].trigger()
    shown = window.start_page.grab().toImage()
    assert shown.pixelColor(shown.width() - 20, 4) == QColor(LIGHT.window)
    assert window.session.settings.mode == "light"


def test_the_system_is_followed_only_when_asked(qapp: QApplication) -> None:
    theme.set_mode("system")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.colours is DARK
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.colours is LIGHT
    theme.set_mode("light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.colours is LIGHT


def test_the_stylesheet_names_only_known_colours(qapp: QApplication) -> None:
    assert "@" not in qapp.styleSheet()
