"""The slider with a name and a field: fine about zero, zero looks like zero, keys and the name's double click."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.lib.number_slider import NumberSlider

Make = Callable[..., NumberSlider]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def made(least: float = -5, most: float = 5, **options: object) -> NumberSlider:
        options = {"decimals": 1, "fine": True, "typed": (-20, 20), "default": 0, **options}
        slider = NumberSlider("Grow", least, most, **options)  # type: ignore[arg-type]
        qtbot.addWidget(slider)
        slider.resize(300, 30)
        slider.show()
        return slider

    return made


@pytest.mark.parametrize(("least", "most"), [(-5, 5), (0, 5)])
def test_every_tenth_has_a_place_and_comes_back(make: Make, least: float, most: float) -> None:
    slider = make(least, most)
    told: list[float] = []
    slider.changed.connect(told.append)
    for tenths in range(round(least * 10), round(most * 10) + 1):
        slider.set_value(tenths / 10)
        place = slider.slider.value()
        slider.slider.setValue(slider.slider.minimum() if place != slider.slider.minimum() else place + 500)
        slider.slider.setValue(place)
        assert slider.value == pytest.approx(tenths / 10)
    assert told


def test_it_is_finer_near_zero(make: Make) -> None:
    slider = make()
    slider.set_value(1)
    one = slider.slider.value()
    slider.set_value(2)
    assert 1.5 * (slider.slider.value() - one) < one - slider.slider.maximum() / 2


def filled(slider: NumberSlider) -> list[int]:
    """The columns of the slider's groove in the colour of what is filled."""
    accent = slider.palette().color(QPalette.ColorRole.Highlight)
    picture = slider.slider.grab().toImage()
    row = picture.height() // 2
    return [x for x in range(picture.width()) if QColor(picture.pixel(x, row)) == accent]


def test_zero_looks_like_zero_and_the_fill_begins_there(make: Make) -> None:
    slider = make()
    width = slider.slider.width()
    assert filled(slider) == []
    slider.set_value(-3)
    left = filled(slider)
    assert left
    assert max(left) <= width / 2
    slider.set_value(3)
    right = filled(slider)
    assert right
    assert min(right) >= width / 2 - 1


def test_what_is_typed_may_go_beyond_the_slider(make: Make) -> None:
    slider = make()
    told: list[float] = []
    slider.changed.connect(told.append)
    slider.field.setValue(-17.3)
    assert told == [-17.3]
    assert slider.value == -17.3
    assert slider.slider.value() == slider.slider.minimum()


def test_arrows_change_by_a_tenth_and_with_shift_by_one(make: Make) -> None:
    slider = make()
    for part in (slider.slider, slider.field):
        slider.set_value(0)
        QTest.keyClick(part, Qt.Key.Key_Up)
        assert slider.value == pytest.approx(0.1)
        QTest.keyClick(part, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
        assert slider.value == pytest.approx(1.1)
        QTest.keyClick(part, Qt.Key.Key_Down)
        QTest.keyClick(part, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert slider.value == pytest.approx(0)
    QTest.keyClick(slider.slider, Qt.Key.Key_Left)
    assert slider.value == pytest.approx(-0.1)


def test_a_double_click_on_the_name_resets(make: Make) -> None:
    slider = make(default=0.4)
    slider.set_value(3)
    told: list[float] = []
    slider.changed.connect(told.append)
    QTest.mouseDClick(slider.title, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert told == [0.4]


def test_a_curved_one_keeps_its_ends(make: Make) -> None:
    slider = make(1, 600, curved=True, fine=False, typed=None, decimals=0)
    slider.slider.setValue(0)
    assert slider.value == 1
    slider.slider.setValue(slider.slider.maximum())
    assert slider.value == 600
