"""The live plots: what they say, how often and how quickly they are drawn."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPixmap
from pytestqt.qtbot import QtBot

from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.core.depth.encodings import LinearByte, Millimetres, RelativeWord, StretchedInverted
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.plan.statistics import PlanStatistics
from fgbg_studio.core.project import presets
from fgbg_studio.gui.generate.dashboard import Dashboard
from fgbg_studio.gui.generate.newest import NewestSamples, SampleReader
from fgbg_studio.gui.generate.plot import Card, Plot, ReadingLabel, Trace
from fgbg_studio.gui.generate.rate_card import phase_colours
from fgbg_studio.gui.lib.theme import UNIT, theme
from fgbg_studio.gui.session.session import Session
from tests.helpers.datasets import last, small
from tests.helpers.pixels import from_image

FRAME = 0.030  # seconds of the interface's thread, which others on the machine do not lengthen
"""Seconds that a frame of the window may take."""

SHARES = {"compose": 0.2, "depth": 0.05, "encode": 0.55, "write": 0.15, "sync": 0.05}


def counted(rng: np.random.Generator, count: int, channels: int, dtype: type = np.uint8) -> KindStatistics:
    part = KindStatistics()
    shape = (16, 16) if channels == 1 else (16, 16, channels)
    top = np.iinfo(dtype).max
    for _ in range(count):
        part.add(rng.integers(0, top, shape, dtype=dtype), 100)
    return part


def step(number: int, *, rate: float = 10_000.0) -> RunProgress:
    """As the engine says it after ``number`` shards of a thousand samples."""
    rng = np.random.default_rng(number)
    feet = rng.integers(0, 50, (32, 32))
    return RunProgress(
        "making samples", 1000 * number, 400_000, rate, 39.0,
        shares=SHARES,
        statistics={
            "fg_bg": counted(rng, number, 3),
            "mask": counted(rng, number, 1),
            "depth": counted(rng, number, 1, np.uint16),
        },
        coverage=rng.integers(1, 100, 100),
        placed=PlanStatistics(count=int(feet.sum()), feet=feet),
    )  # fmt: skip


@pytest.fixture
def dashboard(qtbot: QtBot, session: Session) -> Iterator[Dashboard]:
    newest = NewestSamples(session)
    made = Dashboard(newest)
    made.make_all()
    qtbot.addWidget(made)
    made.resize(1500, 900)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    newest.stop()


def draw(dashboard: Dashboard) -> None:
    """What waits to be drawn is drawn now."""
    while dashboard._waiting:
        dashboard._draw_one()


class TestTrace:
    @pytest.mark.parametrize("count", [1, 9, 10, 11, 57, 400])
    def test_few_points_over_the_whole_length_and_always_the_last(self, count: int) -> None:
        trace = Trace(1, most=10)
        for x in range(count):
            trace.add(x, (2.0 * x,))
        assert len(trace.x) == len(trace.rows) <= 11
        assert trace.x[0] == 0
        assert trace.x[-1] == count - 1
        assert trace.rows == [(2.0 * x,) for x in trace.x]
        assert trace.x == sorted(set(trace.x))

    def test_the_nearest(self) -> None:
        trace = Trace(1)
        assert trace.nearest(3) == -1
        for x in (0, 10, 20):
            trace.add(x, (0.0,))
        assert [trace.nearest(x) for x in (-5, 6, 14, 99)] == [0, 1, 1, 2]


class TestCards:
    def test_rate_says_what_bounds_it(self, dashboard: Dashboard) -> None:
        for number in range(1, 30):
            dashboard.show_step(step(number, rate=9000 + number), 0.5 * number, moving=True)
        draw(dashboard)
        assert dashboard.rate.reading.text() == "9,029 a second · bound by encoding"
        assert dashboard.rate.say(2.1, 0) == "9,004 a second after 2 s"
        assert "encoding 55%" in dashboard.rate.shares.toolTip()
        assert dashboard.rate.plot is not None
        assert dashboard.rate.plot.names["bottom"] == "seconds"
        dashboard.show_step(step(31), 600.0, moving=True)
        draw(dashboard)
        assert dashboard.rate.plot.names["bottom"] == "minutes"

    def test_a_paused_run_has_no_rate(self, dashboard: Dashboard) -> None:
        dashboard.show_step(step(2), 1.0, moving=False)
        draw(dashboard)
        assert dashboard.rate.trace.x == []
        assert dashboard.moments.trace.x == [2]

    def test_moments_are_the_statistics_own(self, dashboard: Dashboard) -> None:
        for number in (1, 2, 3):
            dashboard.show_step(step(number), float(number), moving=True)
        draw(dashboard)
        means, deviations = step(3).statistics["fg_bg"].moments()
        assert dashboard.moments.values["fg_bg", "1"] == (means[1], deviations[1])
        assert [name for name, *_ in dashboard.moments.table.columns] == ["R", "G", "B", "mask", "depth"]
        red, green, blue = (colour for _, colour, *_ in dashboard.moments.table.columns[:3])
        assert red.red() > max(red.green(), red.blue())
        assert green.green() > max(green.red(), green.blue())
        assert blue.blue() > max(blue.red(), blue.green())
        assert dashboard.moments.say(1.2, 0) == "after 1"
        assert dashboard.moments.table.columns[1][2] == pytest.approx(step(1).statistics["fg_bg"].moments()[0][1])

    def test_depth_has_a_scale_of_its_own_in_metres(self, dashboard: Dashboard) -> None:
        dashboard.begin(presets.get("studio-256").settings)
        for number in (1, 2, 3):
            dashboard.show_step(step(number), float(number), moving=True)
        draw(dashboard)
        found = step(3).statistics["depth"].in_metres(0.001)
        assert found is not None
        depth = dashboard.moments.table.columns[-1]
        assert (depth.mean, depth.deviation) == pytest.approx(found[:2])
        assert depth.text(depth.mean) == f"{found.mean:.2f} m"
        left, right = dashboard.moments.plot.getViewBox().viewRange()[1], dashboard.moments.at_right.viewRange()[1]
        assert left[1] <= 1 < found.mean < right[1] <= 1.2 * max(found[:2])
        assert dashboard.moments.plot.names["right"] == "depth in metres"
        assert dashboard.moments.lines["depth", "0", 0] in dashboard.moments.at_right.addedItems
        dashboard.begin(presets.get("street-224").settings)
        dashboard.show_step(step(4), 4.0, moving=True)
        draw(dashboard)
        assert dashboard.moments.plot.names["right"] == "stored depth, 0 to 1"
        assert right != dashboard.moments.at_right.viewRange()[1]

    def test_before_a_run_the_forecast_s_samples_are_shown_and_give_way(self, dashboard: Dashboard) -> None:
        dashboard.begin(presets.get("studio-256").settings)
        dashboard.show_trial(replace(step(1), phase="trial"), 1234.0)
        draw(dashboard)
        assert dashboard.rate.reading.text() == "forecast: 1,234 a second · bound by encoding"
        assert dashboard.rate.trace.x == []
        assert dashboard.moments.trace.x == [0, 1]
        assert dashboard.coverage.reading.text().startswith("forecast: ")
        dashboard.show_step(RunProgress("making samples", 0, 400_000), 0.1, moving=True)
        draw(dashboard)
        assert dashboard.coverage.reading.text().startswith("forecast: ")  # nothing is known of the run yet
        dashboard.show_step(step(2), 1.0, moving=True)
        draw(dashboard)
        assert not any("forecast" in card.reading.text() for card in dashboard.cards)
        assert dashboard.moments.trace.x == [2]
        assert dashboard.rate.trace.x == [1.0]

    def test_a_record_fills_the_plots_and_a_run_goes_on_from_it(self, dashboard: Dashboard) -> None:
        dashboard.begin(presets.get("studio-256").settings)
        times = [100.0, 101.0, 102.0, 5000.0, 5001.0]  # an hour lies between two runs
        dashboard.show_record([(when, replace(step(number), shares={})) for number, when in enumerate(times, 1)])
        draw(dashboard)
        assert dashboard.rate.shares.accessibleName() == "What took how long is known only while it runs."
        assert dashboard.moments.trace.x == [1, 2, 3, 4, 5]
        assert dashboard.rate.trace.x == [1.0, 2.0, 3.0, 8.0, 9.0]
        assert dashboard.rate.trace.rows[1] == (1000.0,)
        dashboard.go_on()
        dashboard.show_step(step(6), 0.5, moving=True)
        draw(dashboard)
        assert "encoding" in dashboard.rate.shares.accessibleName()
        assert dashboard.rate.trace.x[-2:] == [9.0, 9.5]
        assert dashboard.moments.trace.x[-2:] == [5, 6]

    def test_every_phase_is_named_however_narrow(self, dashboard: Dashboard) -> None:
        bar = dashboard.rate.shares
        bar.show_shares({"compose": 0.02, "depth": 0.001, "encode": 0.959, "write": 0.02, "sync": 0.0})
        assert [text for _, text in bar.names()] == ["composing 2%", "depth <1%", "encoding 96%", "writing 2%"]
        bar.resize(1000, bar.height())
        whole = from_image(bar.grab().toImage())
        assert all(
            (np.abs(whole[..., :3].astype(int) - colour.getRgb()[:3]).sum(-1) < 12).any()
            for phase, colour in phase_colours().items()
            if phase != "sync"
        )

    def test_coverage_and_positions_are_the_steps_own(self, dashboard: Dashboard) -> None:
        shown = step(5)
        dashboard.show_step(shown, 1.0, moving=True)
        draw(dashboard)
        assert np.array_equal(dashboard.coverage.counts, shown.coverage)
        assert dashboard.coverage.shares.sum() == pytest.approx(100)
        assert dashboard.coverage.say(3.4, 0).startswith("3–4 % of the frame: ")
        assert shown.placed is not None
        dashboard.places.set_frame(256)
        assert dashboard.places.say(17.0, 250.0) == f"x 17, y 250: {shown.placed.feet[31, 2]} samples"
        assert dashboard.places.say(300.0, 2.0) == ""

    @pytest.mark.parametrize(
        ("encoding", "width", "unit"),
        [
            (Millimetres(), 0.256, "m"), (LinearByte(10.0), 10 / 255, "m"), (StretchedInverted(), 1.0, ""),
            (RelativeWord(), 1 / 256, ""),
        ],
    )  # fmt: skip
    def test_depth_is_in_the_unit_of_what_is_stored(
        self, dashboard: Dashboard, encoding: Millimetres, width: float, unit: str
    ) -> None:
        dashboard.depths.set_encoding(encoding)
        dashboard.show_step(step(4), 1.0, moving=True)
        draw(dashboard)
        assert dashboard.depths.width_of_bin == pytest.approx(width)
        assert dashboard.depths.say(10.5 * width, 0).split(":")[0].endswith(unit)

    def test_the_mouse_reads_values(self, dashboard: Dashboard, qtbot: QtBot) -> None:
        dashboard.show_step(step(3), 1.0, moving=True)
        dashboard.show_step(step(4), 2.0, moving=True)
        draw(dashboard)
        for card in dashboard.cards[:5]:
            assert card.plot is not None
            rest, box = card.reading.text(), QRectF(card.plot.getViewBox().sceneBoundingRect())
            card.hover(QPointF(card.plot.mapFromScene(box.center())))
            assert card.reading.text(), card.title.text()
            assert card.plot.cursor_line.isVisible()
            card.hover(QPointF(-5, -5))
            assert card.reading.text() == rest
            assert not card.plot.cursor_line.isVisible()
            card.plot.viewport().event(QEvent(QEvent.Type.Leave))

    def test_another_run_begins_empty_and_colours_follow(self, dashboard: Dashboard) -> None:
        dashboard.show_step(step(3), 1.0, moving=True)
        draw(dashboard)
        dashboard.begin(presets.get("studio-256").settings)
        draw(dashboard)
        assert dashboard.moments.values == {}
        assert not dashboard.coverage.counts.any()
        assert not dashboard.places.feet.any()
        assert [card.reading.text() for card in dashboard.cards] == [""] * 6
        theme.set_mode("dark")
        for card in dashboard.cards[:5]:
            assert card.plot is not None
            assert card.plot.backgroundBrush().color().name() == theme.colours.panel
        theme.set_mode("light")
        assert dashboard.rate.plot is not None
        assert dashboard.rate.plot.backgroundBrush().color().name() == theme.colours.panel


class TestDrawing:
    @pytest.mark.timing
    def test_at_most_ten_times_a_second_and_one_at_a_time(self, dashboard: Dashboard, qtbot: QtBot) -> None:
        drawn: list[tuple[float, Card]] = []
        for card in dashboard.cards:
            redraw = card.redraw
            card.redraw = lambda c=card, r=redraw: (drawn.append((time.monotonic(), c)), r())  # type: ignore[method-assign]
        steps = [step(number) for number in range(1, 41)]
        begun = time.monotonic()
        for number, one in enumerate(steps):
            dashboard.show_step(one, 0.03 * number, moving=True)
            qtbot.wait(25)
        seconds = time.monotonic() - begun
        for card in dashboard.cards[:5]:
            times = sum(one is card for _, one in drawn)
            assert 1 <= times <= 10 * seconds + 1, card.title.text()

    def test_hidden_plots_are_not_drawn(self, dashboard: Dashboard, qtbot: QtBot) -> None:
        dashboard.hide()
        dashboard.show_step(step(1), 1.0, moving=True)
        qtbot.wait(100)
        assert not dashboard.moments.lines
        dashboard.show()
        qtbot.waitUntil(lambda: bool(dashboard.moments.lines))

    @pytest.mark.timing
    def test_a_redraw_with_its_painting_takes_less_than_a_frame(self, dashboard: Dashboard) -> None:
        for number in range(1, 60):
            dashboard.show_step(step(number), 0.5 * number, moving=True)
        draw(dashboard)
        dashboard.grab()
        for card in dashboard.cards[:5]:
            tries = []
            for number in range(60, 66):
                card.take(step(number))
                begun = time.thread_time()
                card.redraw()
                card.grab()
                tries.append(time.thread_time() - begun)
            assert min(tries) < FRAME, card.title.text()


@pytest.fixture(scope="module")
def dataset(make_project: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("newest")
    project = make_project(root, changes=small("studio-256", "codecs.fg_bg.format=png"))
    last(generate(project, root / "out", Options(engine="inline")))
    return root / "out"


class TestNewest:
    def test_shows_the_dataset_s_own_pixels(self, dataset: Path) -> None:
        seen = SampleReader(dataset)((4, 9, 14, 15))
        assert len(seen) == 4
        for (number, name, image), shard in zip(seen, (0, 5, 10, 15), strict=True):
            assert shard <= number < shard + 5
            assert name == open_dataset(dataset).plan().paths(open_dataset(dataset).plan()[number]).fg_bg
            assert np.array_equal(from_image(image)[..., :3], decode((dataset / name).read_bytes(), name))

    @pytest.mark.timing
    def test_thumbnails_come_from_a_worker(self, dashboard: Dashboard, dataset: Path, qtbot: QtBot) -> None:
        newest = dashboard.newest.newest
        newest.begin(dataset)
        calls, begun = [], time.monotonic()
        newest.seen.connect(calls.append)
        for number in range(8):
            newest.want((4, 9, 14, 15)[: number % 4 + 1])
            qtbot.wait(50)
        newest.want((4, 9, 14, 15))
        qtbot.waitUntil(lambda: len(dashboard.newest.grid.shown) == 4)
        assert 1 <= len(calls) <= 1 + 2 * (time.monotonic() - begun)  # the first at once, then twice a second
        assert len(dashboard.newest.grid.places()) == 4

    @pytest.mark.parametrize("size", [(280, 180), (470, 330), (760, 500), (1500, 200)])
    def test_thumbnails_fill_their_room(self, dashboard: Dashboard, size: tuple[int, int]) -> None:
        grid = dashboard.newest.grid
        grid.shown = [("a", QPixmap(8, 8))] * 24
        grid.resize(*size)
        places = grid.places()
        inside = sum(place.width() * place.height() for place in places)
        assert inside > 0.75 * size[0] * size[1]
        assert all(grid.rect().contains(place) for place in places)

    def test_a_missing_dataset_shows_nothing(self, dashboard: Dashboard, tmp_path: Path, qtbot: QtBot) -> None:
        newest = dashboard.newest.newest
        newest.begin(tmp_path / "nowhere")
        with qtbot.waitSignal(newest._latest.failed):
            newest.want((4,))
        assert dashboard.newest.grid.shown == []


def test_a_reading_without_room_loses_its_end(qtbot: QtBot) -> None:
    reading, shown = ReadingLabel(), ReadingLabel()
    for each in (reading, shown):
        qtbot.addWidget(each)
        each.resize(90, 20)
        each.ensurePolished()
    reading.setText("115 a second · bound by encoding")
    shown.setText(reading.fontMetrics().elidedText(reading.text(), Qt.TextElideMode.ElideRight, 90))
    assert shown.text().startswith("115 a")
    assert shown.text() != reading.text()
    assert np.array_equal(from_image(reading.grab().toImage()), from_image(shown.grab().toImage()))


@pytest.mark.parametrize("most", [900.0, 35_000.0, 400_000.0])
@pytest.mark.parametrize("wide", [160, 210, 520])
def test_numbers_at_an_axis_do_not_run_together(most: float, wide: int, qtbot: QtBot) -> None:
    plot = Plot()
    qtbot.addWidget(plot)
    plot.resize(wide, 120)
    plot.setRange(xRange=(0, most), yRange=(0, 1), padding=0)
    plot.show()
    axis, measure = plot.getAxis("bottom"), QFontMetricsF(plot.getAxis("bottom").style["tickFont"])
    size = axis.geometry().width()
    ends = -100.0
    for spacing, values in axis.tickValues(0, most, size)[:1]:
        for value, text in zip(values, axis.tickStrings(values, 1, spacing), strict=True):
            middle, half = value / most * size, measure.horizontalAdvance(text) / 2
            assert middle - half > ends + UNIT, (text, spacing)
            ends = middle + half
