"""Forms are made from a strategy's dataclass: also from one that no form has seen before."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.strategy import Strategy
from fgbg_studio.core.interfaces.blend import Blend
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.interfaces.layout import Layout
from fgbg_studio.core.interfaces.placement import Placement
from fgbg_studio.core.interfaces.sizing import Sizing
from fgbg_studio.core.interfaces.writer import Writer
from fgbg_studio.core.placement.layers import Layers
from fgbg_studio.core.placement.perspective import Perspective
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib.fields import BoolField, ChoiceField, FloatField, IntField, JsonField, TextField
from fgbg_studio.gui.lib.strategy_form import StrategyForm
from fgbg_studio.gui.lib.tuple_field import TupleField
from tests.conftest import MakeProject
from tests.helpers.previews import Preview

MODULE = """
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Annotated, ClassVar, Literal
from pydantic import Field
from fgbg_studio.core.base.declared import about
from fgbg_studio.core.interfaces.placement import Placement
from fgbg_studio.core.placement.uniform import Uniform

class Side(Enum):
    LEFT = "left"
    RIGHT = "right"

@dataclass(frozen=True)
class Strange(Placement):
    name: ClassVar[str] = "strange-one"
    summary: ClassVar[str] = "nobody has seen it before"
    often: Annotated[int, Field(ge=1, le=9, description="how often")] = 3
    share: Annotated[float, Field(ge=0, le=1)] = 0.5
    length: Annotated[float, about(unit="m", ge=0)] = 2.0
    turned: bool = False
    word: str = "here"
    maybe: str | None = None
    side: Side = Side.LEFT
    kind: Literal["one", "two"] = "one"
    rows: tuple[int, ...] = (4, 5)
    corner: tuple[float, float] = (0.5, 0.5)
    exact: Decimal = Decimal("1.5")
    table: dict[str, int] = field(default_factory=dict)

    def place(self, request):
        return Uniform().place(request)
"""
KINDS = {
    "often": IntField, "share": FloatField, "length": FloatField, "turned": BoolField, "word": TextField,
    "maybe": TextField, "side": ChoiceField, "kind": ChoiceField, "rows": TupleField, "corner": TupleField,
    "exact": JsonField, "table": JsonField,
}  # fmt: skip


@pytest.fixture
def strange(tmp_path: Path) -> Iterator[type[Placement]]:
    """A placement in a module of its own, as a person would add one."""
    file = tmp_path / "strange.py"
    file.write_text(MODULE)
    spec = importlib.util.spec_from_file_location("strange", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["strange"] = module
    spec.loader.exec_module(module)
    yield module.Strange
    del sys.modules["strange"]
    del Placement._members["strange-one"]


def form_of(qtbot: QtBot, strategy: Strategy, family: type[Strategy]) -> tuple[StrategyForm, list[Strategy]]:
    form, made = StrategyForm(family), list[Strategy]()
    qtbot.addWidget(form)
    form.changed.connect(made.append)
    form.show_strategy(strategy)
    form.show()
    return form, made


@pytest.mark.parametrize("family", [Placement, Sizing, Blend, Depth, Encoding, Layout, Writer])
def test_every_known_strategy_has_a_form(family: type[Strategy], qtbot: QtBot) -> None:
    for name, member in family.known().items():
        strategy = family.from_dict(name)
        form, made = form_of(qtbot, strategy, family)
        assert form._shown == strategy
        assert form.choice.currentData() == name
        assert form.summary.text().lower() == member.summary.lower()
        assert set(form.rows) == set(strategy.to_dict()) - {"name"}
        assert made == []


def test_a_placement_that_is_added_has_its_form(qtbot: QtBot, strange: type[Placement]) -> None:
    form, made = form_of(qtbot, Placement.from_dict("uniform"), Placement)
    row = form.choice.findData("strange-one")
    assert form.choice.itemText(row) == "Strange one"
    form.choice.activated.emit(row)
    assert made == [strange()]
    assert {name: type(row.field) for name, row in form.rows.items()} == KINDS
    form.rows["often"].field.box.setValue(5)  # type: ignore[attr-defined]
    form.rows["turned"].field.box.click()  # type: ignore[attr-defined]
    form.rows["side"].field.box.activated.emit(1)  # type: ignore[attr-defined]
    form.rows["rows"].field.more.click()  # type: ignore[attr-defined]
    last = made[-1].to_dict()
    assert (last["often"], last["turned"], last["side"], last["rows"]) == (5, True, "right", [4, 5, 5])
    assert len(made) == 5


def test_what_cannot_be_is_refused_under_its_row(qtbot: QtBot, strange: type[Placement]) -> None:
    form, made = form_of(qtbot, strange(), Placement)
    for name, text, said in (
        ("table", "{", "cannot be read"), ("table", '{"a": "b"}', "table"), ("exact", '"x"', "exact"),
    ):  # fmt: skip
        box = form.rows[name].field.box  # type: ignore[attr-defined]
        box.clear()
        qtbot.keyClicks(box, text)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert made == []
        assert form.rows[name].trouble.isVisible()
        assert said in form.rows[name].trouble.text()
        form.rows[name].show_value(strange().to_dict()[name])
        assert not form.rows[name].trouble.isVisible()
        form._data = strange().to_dict()
    box = form.rows["table"].field.box  # type: ignore[attr-defined]
    box.clear()
    qtbot.keyClicks(box, '{"a": 7}')
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert made[-1].to_dict()["table"] == {"a": 7}


def test_a_rule_between_two_settings_is_said_in_words(qtbot: QtBot) -> None:
    form, made = form_of(qtbot, Sizing.from_dict("longest-side"), Sizing)
    form.rows["low"].field.box.setValue(200)  # type: ignore[attr-defined]
    assert made == []
    assert "low 200 is over high 110" in form.rows["low"].trouble.text()
    form.rows["high"].field.box.setValue(300)  # type: ignore[attr-defined]
    assert made[-1].to_dict() == {"name": "longest-side", "low": 200, "high": 300}
    assert not form.rows["low"].trouble.isVisible()


def test_bounds_and_units_are_the_fields_own(qtbot: QtBot) -> None:
    form, made = form_of(qtbot, Perspective(), Placement)
    field_ = form.rows["smallest"].field
    assert isinstance(field_, FloatField)
    assert (field_.box.minimum(), field_.box.maximum(), field_.box.text()) == (1.0, 100.0, "15.0%")
    assert form.rows["smallest"].title.text() == "Smallest height"
    field_.box.setValue(22.5)
    assert made[-1] == Perspective(smallest=0.225)
    sizing, _ = form_of(qtbot, Sizing.from_dict("height"), Sizing)
    assert sizing.rows["pixels"].field.box.text() == "105 px"  # type: ignore[attr-defined]


def test_rows_of_depth_layers_are_added_changed_and_removed(qtbot: QtBot) -> None:
    form, made = form_of(qtbot, Layers(), Placement)
    sizes = form.rows["sizes"].field
    assert isinstance(sizes, TupleField)
    assert [box.value() for box in sizes.boxes] == [90, 80, 70, 60]
    sizes.more.click()
    assert made[-1] == Layers(sizes=(90, 80, 70, 60, 60))
    sizes.boxes[4].setValue(50)  # type: ignore[arg-type]
    sizes.fewer.click()
    sizes.fewer.click()
    assert made[-1] == Layers(sizes=(90, 80, 70))
    form.rows["columns"].field.box.setValue(3)  # type: ignore[attr-defined]
    assert made[-1] == Layers(columns=3, sizes=(90, 80, 70))
    for _ in range(5):
        sizes.fewer.click()
    assert made[-1] == Layers(columns=3, sizes=(90,))
    assert not sizes.fewer.isEnabled()


def test_going_back_to_a_strategy_brings_its_settings_back(qtbot: QtBot) -> None:
    form, made = form_of(qtbot, Layers(columns=7), Placement)
    form.choice.activated.emit(form.choice.findData("uniform"))
    assert made[-1] == Placement.from_dict("uniform")
    assert form.rows == {}
    form.choice.activated.emit(form.choice.findData("layers"))
    assert made[-1] == Layers(columns=7)


def test_scrolling_over_a_form_changes_nothing(qtbot: QtBot) -> None:
    form, made = form_of(qtbot, Layers(), Placement)
    for control in (form.choice, form.rows["columns"].field.box, form.rows["step"].field.box):  # type: ignore[attr-defined]
        middle = QPointF(control.rect().center())
        event = QWheelEvent(
            middle, control.mapToGlobal(middle), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(control, event)
    assert made == []


@pytest.fixture
def preview(window: MainWindow, qtbot: QtBot, make_project: MakeProject, tmp_path: Path) -> Preview:
    return Preview(window, qtbot, make_project, tmp_path)


def test_an_added_placement_is_used_in_the_place_preview(preview: Preview, strange: type[Placement]) -> None:
    panel = preview.open(changes=["foreground.sizing=height", "foreground.sizing.pixels=20"])
    form = panel.form.forms["placement"]
    form.choice.activated.emit(form.choice.findData("strange-one"))
    assert panel.session.project.settings.placement == strange()
    preview.settle(panel)
    assert panel.plan.statistics is not None
    assert panel.plan.statistics.count == panel.samples.total
    panel.session.undo_stack.undo()
    assert panel.session.project.settings.placement.name == "perspective"
    assert form.choice.currentData() == "perspective"


def test_a_strategy_for_measuring_is_not_offered_but_shown_where_it_is_set(qtbot: QtBot) -> None:
    form, _ = form_of(qtbot, Writer.from_dict("zip"), Writer)
    assert form.choice.findData("null") < 0
    form.show_strategy(Writer.from_dict("null"))
    assert form.choice.currentData() == "null"
    form.show_strategy(Writer.from_dict("zip"))
    assert form.choice.findData("null") < 0
