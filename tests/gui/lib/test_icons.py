"""Every icon is a glyph of the font, and follows the colours."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon

from fgbg_studio.core.base.resources import resource
from fgbg_studio.gui.lib.icons import Icon, app_icon
from fgbg_studio.gui.lib.theme import theme
from tests.helpers.pixels import from_image


@pytest.mark.parametrize("icon", list(Icon), ids=lambda icon: icon.name)
def test_resolves(icon: Icon, qapp: object) -> None:
    assert len(icon.glyph) == 1
    assert not icon.icon().isNull()


def colour_of(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> str:
    pixels = from_image(icon.pixmap(QSize(64, 64), 1.0, mode, state).toImage())
    solid = pixels[pixels[..., 3] > 250]
    assert len(solid) > 50
    return QColor(*np.median(solid[:, :3], axis=0).astype(int).tolist()).name()


def test_tinted_with_the_colours_in_use(qapp: object) -> None:
    icon = Icon.SAVE.icon()
    theme.set_mode("dark")
    assert colour_of(icon) == theme.colours.text
    assert colour_of(icon, state=QIcon.State.On) == theme.colours.accent
    theme.set_mode("light")
    assert colour_of(icon) == theme.colours.text
    assert colour_of(Icon.SAVE.icon("bad")) == theme.colours.bad


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_crisp_on_every_screen(ratio: float, qapp: object) -> None:
    pixmap = Icon.SAVE.icon().pixmap(QSize(20, 20), ratio)
    assert pixmap.size() == QSize(round(20 * ratio), round(20 * ratio))
    assert pixmap.devicePixelRatio() == ratio


def test_the_program_s_own_icon_is_there(qapp: object) -> None:
    assert resource("icons/icon.svg").is_file()
    assert not app_icon().pixmap(64, 64).isNull()
