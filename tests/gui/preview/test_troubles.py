"""What goes wrong in the place Preview is said there, and the rest is shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.sample import Composite, Sample
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.interfaces.depth import Depth, DepthSample, Meaning
from fgbg_studio.gui.app.main_window import MainWindow
from tests.conftest import MakeProject
from tests.gui.preview.test_panel import set_settings
from tests.helpers.previews import Preview


@pytest.fixture
def preview(window: MainWindow, qtbot: QtBot, make_project: MakeProject, tmp_path: Path) -> Preview:
    return Preview(window, qtbot, make_project, tmp_path)


class RampMaker:
    batch = 16

    def base(self, background: int) -> None: ...

    def __call__(self, samples: list[Sample], composites: list[Composite]) -> list[DepthSample]:
        ramp = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32)
        return [DepthSample(ramp, float("nan")) for _ in samples]


@pytest.fixture
def slow_way() -> Iterator[type[Depth]]:
    """A way whose preparing waits until it is let go, and counts the backgrounds that it prepares."""

    @dataclass(frozen=True)
    class Slow(Depth):
        name: ClassVar[str] = "slow"
        summary: ClassVar[str] = "a ramp, after a while"
        go: ClassVar[threading.Event] = threading.Event()
        prepared: ClassVar[list[int]] = []

        def prepare(self, composer: Composer, cache: Store) -> Iterator[tuple[int, int]]:
            count = len(composer.pictures.recipe.backgrounds)
            self.prepared.append(count)
            yield 0, count
            assert self.go.wait(60)
            yield count, count

        def open(self, composer: Composer, cache: Store) -> RampMaker:
            return RampMaker()

        def meaning(self, composer: Composer, cache: Store) -> Meaning:
            return Meaning("relative", "a ramp", "ramp")

    yield Slow
    Slow.go.set()
    del Depth._members["slow"]


def test_a_missing_network_is_said_and_composites_are_shown(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FGBG_STUDIO_CACHE", str(preview.folder / "no-networks"))
    panel = preview.open(changes=["depth.way=inserted", "depth.model=densedepth-nyu"])
    (said,) = panel.notices.texts()
    assert "densedepth-nyu" in said
    assert "not on this computer" in said
    assert all(made.composite and made.mask for made in panel.samples.made.values())
    assert panel.samples.depths == {}
    assert panel.bar.words.text() == ""
    set_settings(panel, "depth.way=geometry")
    preview.settle(panel)
    assert panel.notices.texts() == []
    assert len(panel.samples.depths) == panel.samples.count
    panel.session.undo_stack.undo()
    preview.settle(panel)
    assert len(panel.notices.texts()) == 1
    assert panel.samples.depths == {}  # not those of the other way


def test_while_depth_is_prepared_the_rest_is_used(preview: Preview, qtbot: QtBot, slow_way: type[Depth]) -> None:
    panel = preview.open(changes=["depth.encoding=uint16-relative"])
    set_settings(panel, "depth.way=slow")
    qtbot.waitUntil(lambda: panel.bar.words.text() == "Depth of backgrounds: 0 of 3")
    panel.act["preview.mask"].trigger()
    panel.bar.seed.setValue(5)
    qtbot.waitUntil(lambda: panel.samples.choice.seed == 5 and not panel.samples._composites.running)
    assert panel.samples.pixmap(0) is not None
    slow_way.go.set()  # type: ignore[attr-defined]
    preview.settle(panel)
    assert panel.bar.words.text() == ""
    assert panel.samples.unit == ""
    assert panel.bar.scale.words() == ("0.00", "1.00")
    times = len(slow_way.prepared)  # type: ignore[attr-defined]
    set_settings(panel, "placement=uniform", "foreground.sizing=height", "foreground.sizing.pixels=20")
    preview.settle(panel)
    assert len(slow_way.prepared) == times  # type: ignore[attr-defined]


def test_relative_depth_that_cannot_be_stored_is_said_and_shown(preview: Preview, slow_way: type[Depth]) -> None:
    slow_way.go.set()  # type: ignore[attr-defined]
    panel = preview.open(changes=["depth.way=slow"])
    (said,) = panel.notices.texts()
    assert "relative depth, which uint16-millimetres cannot store" in said
    assert len(panel.samples.depths) == panel.samples.count


def test_a_missing_picture_spoils_only_its_own_samples(preview: Preview, make_project: MakeProject) -> None:
    project = make_project(preview.folder, "studio-256", 3, 2, ["size=64", "placements=2"])
    gone = project / "backgrounds"
    file = min(path for path in gone.iterdir() if path.suffix == ".png")
    file.unlink()
    panel = preview.show(project)
    broken = {place for place, made in panel.samples.made.items() if made.error}
    assert 0 < len(broken) < panel.samples.count
    cell = panel.cells.cell(str(min(broken)))
    assert file.name in cell.error
    assert file.name in cell.spoken
    assert set(panel.samples.depths) == set(panel.samples.made) - broken
    assert panel.notices.texts() == []


def test_a_plan_that_cannot_be_is_said_with_what_can(preview: Preview) -> None:
    panel = preview.open()
    assert panel.plan.statistics is not None
    set_settings(panel, "placement=uniform", "foreground.sizing=height", "foreground.sizing.pixels=80")
    preview.settle(panel)
    (said,) = panel.notices.texts()
    assert "does not fit into a frame of 64 px" in said
    assert all(made.error for made in panel.samples.made.values())
    assert panel.plan.statistics is None
    assert not panel.plan.isEnabled()
    panel.session.undo_stack.undo()
    preview.settle(panel)
    assert panel.notices.texts() == []
    assert not any(made.error for made in panel.samples.made.values())
    assert panel.plan.statistics is not None
