"""From the start page's demo to a verified dataset with its card, with the hands alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fgbg_studio.core.dataset.inspect.survey import Survey, survey
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.core.dataset.target import Found
from fgbg_studio.core.placement.layers import Layers
from fgbg_studio.core.project import demo
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.dataset.panel import DatasetPanel
from fgbg_studio.gui.generate.panel import GeneratePanel
from fgbg_studio.gui.generate.run import RunState
from fgbg_studio.gui.preview.panel import PreviewPanel
from fgbg_studio.gui.session.panel import Panel

SAMPLES = 2000
LEFT = Qt.MouseButton.LeftButton
PanelT = TypeVar("PanelT", bound=Panel)


class Hands:
    """A person at the whole window; looks before each click whether the control can be clicked."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition)

    def rest(self) -> None:
        """Until no job runs."""
        self.until(lambda: not self.window.session.jobs.busy)

    def click(self, button: QAbstractButton) -> None:
        assert button.isVisible(), button.text()
        assert button.isEnabled(), button.text()
        QTest.mouseClick(button, LEFT)

    def press(self, within: QWidget, text: str) -> None:
        """The one visible button of that text."""
        found = [one for one in within.findChildren(QPushButton) if one.isVisible() and one.text() == text]
        assert len(found) == 1, (text, len(found))
        self.click(found[0])

    def go(self, kind: type[PanelT]) -> PanelT:
        """To a place, by the rail."""
        number = next(i for i, panel in enumerate(self.window.panels) if isinstance(panel, kind))
        self.click(self.window.workspace.rail.buttons[number])
        place = self.window.workspace.current
        assert isinstance(place, kind)
        return place

    def write(self, box: QAbstractSpinBox, text: str) -> None:
        """Over what the box says."""
        assert box.isVisible()
        assert box.isEnabled()
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(box, text)
        QTest.keyClick(box, Qt.Key.Key_Return)

    def choose(self, box: QComboBox, name: str) -> None:
        """By typing what it is called."""
        assert box.isVisible()
        box.setFocus()
        QTest.keyClicks(box, name)
        assert box.currentText() == name


@pytest.fixture
def hands(window: MainWindow, qtbot: QtBot) -> Hands:
    return Hands(window, qtbot)


def test_from_the_demo_to_a_dataset_and_its_card(hands: Hands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hands.press(hands.window.start_page, "Open the demo")
    hands.until(lambda: hands.window.session.is_open)
    look_at_samples_and_change_a_layer(hands)
    generate = hands.go(GeneratePanel)
    begin(hands, generate, SAMPLES)
    pause_and_stop(hands, generate)
    check_the_plots(hands, generate, SAMPLES)
    dataset = open_it(hands, generate)
    hands.press(dataset, "Verify")
    hands.until(lambda: dataset.checking.report is not None)
    assert "nothing wrong" in dataset.details.faults.sentence
    card = tmp_path / "card"
    card.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(card))
    hands.press(dataset, "Export card")
    hands.until(lambda: any("card.html" in text for text in dataset.notices.texts()))
    assert "2,000" in (card / "README.md").read_text("utf-8")
    assert (card / "card.html").is_file()
    hands.rest()


def test_what_is_stored_without_loss_is_counted_to_the_last_bit(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_CHANGES", {**demo._CHANGES, "codecs.fg_bg.format": "png"})
    hands.press(hands.window.start_page, "Open the demo")
    hands.until(lambda: hands.window.session.is_open)
    generate = hands.go(GeneratePanel)
    begin(hands, generate, 250)
    hands.until(lambda: generate.run.state is RunState.FINISHED)
    check_the_plots(hands, generate, 250)
    hands.rest()


def look_at_samples_and_change_a_layer(hands: Hands) -> None:
    """Layers instead of perspective, then another size of the nearest: both seen in the grid and the plan."""
    preview = hands.go(PreviewPanel)
    settle(hands, preview)
    assert preview.samples.count > 20
    assert all(made.sample for made in preview.samples.made.values())
    assert preview.samples.pixmap(0) is not None
    hands.choose(preview.form.forms["placement"].choice, "Layers")
    settle(hands, preview)
    assert dict(preview.plan.facts_shown())["Depth layers"] == "4 of 1,440 samples"
    before = heights(preview)
    hands.write(preview.form.forms["placement"].rows["sizes"].field.boxes[0], "120")  # type: ignore[attr-defined]
    placement = preview.session.project.settings.placement
    assert isinstance(placement, Layers)
    assert placement.sizes == (120, 80, 70, 60)
    settle(hands, preview)
    after = heights(preview)
    assert max(after[0]) > max(before[0])
    assert after[1:] == before[1:]
    assert preview.plan.statistics is not None
    assert preview.plan.statistics.count == 5760


def settle(hands: Hands, preview: PreviewPanel) -> None:
    hands.until(lambda: not preview.samples._soon.isActive() and not preview.session.jobs.busy)


def heights(preview: PreviewPanel) -> list[set[int]]:
    """Of the objects in the grid, by layer."""
    samples = [made.sample for made in preview.samples.made.values() if made.sample]
    return [{sample.first.height for sample in samples if sample.first.layer == layer} for layer in range(4)]


def begin(hands: Hands, place: GeneratePanel, samples: int) -> None:
    """The plan's first samples on one process, so that there is time to pause them."""
    hands.write(place.form.limit, str(samples))
    hands.write(place.form.workers, "1")
    hands.until(lambda: not place.checks._timer.isActive() and not place.session.jobs.busy)
    assert place.inspector.primary.text() == "Generate"
    hands.click(place.inspector.primary)


def pause_and_stop(hands: Hands, place: GeneratePanel) -> None:
    """Paused, gone on with, stopped once there is something to keep, gone on with, finished."""
    hands.until(lambda: made(place) > 0)
    hands.press(place.strip, "Pause")
    assert place.run.state is RunState.PAUSED
    still = made(place)
    assert place.inspector.primary.text() == "Continue"
    hands.click(place.inspector.primary)
    hands.until(lambda: made(place) > still and counted(place))
    hands.press(place.strip, "Stop")
    hands.until(
        lambda: (
            place.run.state is RunState.STOPPED and not place.checks._timer.isActive() and not place.session.jobs.busy
        )
    )
    assert place.checks.target is not None
    assert place.checks.target.found is Found.UNFINISHED
    done = place.checks.target.done
    assert 0 < done < SAMPLES
    assert place.inspector.primary.text() == f"Continue from {done:,}"
    hands.click(place.inspector.primary)
    hands.until(lambda: place.run.state is RunState.FINISHED)
    assert f"{done:,} of 2,000 samples already exist" in place.log.text()
    assert f"2,000 samples, {SAMPLES - done:,} of them in" in place.strip.figures.text()


def made(place: GeneratePanel) -> int:
    step = place.run.newest
    return step.done if step and step.phase == "making samples" else 0


def counted(place: GeneratePanel) -> bool:
    """Whether a shard is finished."""
    return place.run.newest is not None and "fg_bg" in place.run.newest.statistics


def check_the_plots(hands: Hands, place: GeneratePanel, samples: int) -> None:
    """What the plots showed last is what ``fgbg-studio stats`` says of the folder."""
    dashboard, step = place.dashboard, place.run.newest
    assert dashboard is not None
    assert step is not None
    *_, found = survey(place.choices.out)
    # The engine counts composites as composed, and a JPEG is not quite that.
    exact = place.session.project.settings.codecs.fg_bg.format != "jpeg"
    assert isinstance(found, Survey)
    for kind, part in found.kinds.items():
        same(step.statistics[kind], part, exact=exact or kind != "fg_bg")
    for (kind, channel), pair in dashboard.moments.values.items():
        means, deviations = step.statistics[kind].moments()
        assert pair == (means[int(channel)], deviations[int(channel)])
    assert dashboard.moments.trace.x[-1] == samples
    assert int(dashboard.coverage.counts.sum()) == samples
    assert int(dashboard.places.feet.sum()) == samples
    assert np.array_equal(dashboard.depths.counts, found.kinds["depth"].histogram)
    assert step.newest
    hands.until(lambda: len(dashboard.newest.grid.shown) >= len(step.newest))


def same(counted: KindStatistics, read: KindStatistics, *, exact: bool) -> None:
    assert (counted.count, counted.bytes, counted.shapes) == (read.count, read.bytes, read.shapes)
    for one, other in zip(counted.moments(), read.moments(), strict=True):
        assert one == (other if exact else pytest.approx(other, abs=1e-3))


def open_it(hands: Hands, place: GeneratePanel) -> DatasetPanel:
    assert place.act["generate.open"].isEnabled()
    place.act["generate.open"].trigger()
    dataset = hands.window.workspace.current
    assert isinstance(dataset, DatasetPanel)
    hands.until(lambda: dataset.contents is not None)
    hands.rest()
    assert open_dataset(place.choices.out).complete
    assert dataset.counter == "Demo · 2,000 samples"
    return dataset
