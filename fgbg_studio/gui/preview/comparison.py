"""Two ways to depth on the same samples, as a table and pictures; where the network did not see the object."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSpinBox,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.run import Options, chosen_recipe
from fgbg_studio.core.depth.comparison import Comparer, said_of_flagged
from fgbg_studio.core.depth.difference import Comparison
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.plan.names import Names
from fgbg_studio.core.project.exclusions import Exclusion
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.basics import IconLabel, button, frame, hbox, label, on_right_click, vbox
from fgbg_studio.gui.lib.dialogs import ask_folder
from fgbg_studio.gui.lib.empty_state import EmptyState
from fgbg_studio.gui.lib.fields import in_words
from fgbg_studio.gui.lib.formatting import number, time_left
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.manners import manners
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.theme import PAD, UNIT
from fgbg_studio.gui.lib.worker import Latest, Worker
from fgbg_studio.gui.preview.comparison_pictures import FourPictures, LabelledPicture, labelled_pictures
from fgbg_studio.gui.preview.comparison_table import DifferenceTable
from fgbg_studio.gui.preview.exclusion import Excluder
from fgbg_studio.gui.session.network_choice import NetworkChoice
from fgbg_studio.gui.session.remedies import follow
from fgbg_studio.gui.session.session import Session

Found = tuple[Comparer, Comparison]
_KEY = "compare"
_MOST = 1000
_HEIGHT = 32  # pixels, as the buttons beside
_NETWORK_WIDTH = 320


class DepthComparison(QWidget):
    """See the module.

    Signals:
        left: the person goes back to where they came from.
    """

    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._excluder = session, Excluder(session, self)
        self._worker: Worker | None = None
        self._found: Found | None = None
        self._of: object = None
        self._looking = Latest(session.jobs, self.tr("making the pictures"), self)
        self.one, self.two = self._combo("network"), self._combo("inserted")
        self.count = QSpinBox(minimum=1, maximum=_MOST, value=50)
        self.count.setMinimumHeight(_HEIGHT)
        self.count.setAccessibleName(self.tr("Number of samples"))
        self.compare = button(self.tr("Compare"), Icon.COMPARE)
        self.cancel = button(self.tr("Cancel"), Icon.STOP)
        self.back = button(self.tr("Back"), Icon.PREVIOUS, "flat")
        self.progress = label("", "quiet")
        self.notices, self.network = Notices(partial(follow, session), self), NetworkChoice(session)
        self.summary, self.verdict = label("", "quiet", wrap=True), label("", "heading", wrap=True)
        self._mark = IconLabel(Icon.WARNING, colour="warn")
        self.only = QCheckBox(self.tr("Flagged only"))
        self.background = QComboBox()
        self.background.setAccessibleName(self.tr("Background"))
        self.background.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.background.setMinimumContentsLength(22)
        self.copy = button(self.tr("Copy names"), Icon.COPY)
        self.copy.setToolTip(self.tr("Copy the names of the samples in the table, one a line"))
        self.exclude = self._exclude_button()
        self.save = button(self.tr("Save page…"), Icon.SAVE)
        self.table, self.pictures = DifferenceTable(self._mark_of), FourPictures()
        self._stack = QStackedWidget()
        self._arrange()
        self._connect()
        self._show_running(running=False)
        self._show_model()

    # How it looks

    def _combo(self, chosen: str) -> QComboBox:
        made = QComboBox()
        for name, way in Depth.known().items():
            if way.makes_depth:
                made.addItem(way.title or in_words(name), name)
                made.setItemData(made.count() - 1, way.summary, Qt.ItemDataRole.ToolTipRole)
        made.setMinimumHeight(_HEIGHT)
        made.setAccessibleName(self.tr("Way to depth"))
        made.setCurrentIndex(made.findData(chosen))
        return made

    def _arrange(self) -> None:
        empty = EmptyState(
            Icon.COMPARE,
            self.tr("Which objects does the network miss?"),
            self.tr(
                "The same samples get their depth in two ways. Where the network's depth hardly changes at the pasted"
                " object, the sample is flagged."
            ),
        )
        # A project whose own way needs no network has none yet, and nowhere else to choose it.
        self.network.setFixedWidth(_NETWORK_WIDTH)
        empty.column.addSpacing(PAD)
        empty.column.addWidget(self.network, 0, Qt.AlignmentFlag.AlignHCenter)
        self._stack.addWidget(empty)
        self._stack.addWidget(self._result())
        whole = vbox(self)
        self.first_line = QWidget()
        self.first_line.setLayout(self._first_line())
        whole.addWidget(self.first_line)
        whole.addWidget(frame("rule"))
        self.notices.stay_below(self.first_line)
        whole.addWidget(self._stack, 1)

    def _first_line(self) -> QHBoxLayout:
        row = hbox(spacing=2 * UNIT, margins=(PAD, 2 * UNIT, PAD, 2 * UNIT))
        row.addWidget(self.back)
        for widget in (
            label(self.tr("Depth by")),
            self.one,
            label(self.tr("and by")),
            self.two,
            label(self.tr("of")),
            self.count,
            label(self.tr("samples")),
            self.compare,
            self.cancel,
        ):
            row.addWidget(widget)
        row.addSpacing(UNIT)
        row.addWidget(self.progress, 1)
        return row

    def _result(self) -> QWidget:
        made = QWidget()
        said = vbox(spacing=UNIT)
        verdict = hbox(spacing=UNIT)
        verdict.addWidget(self._mark)
        verdict.addWidget(self.verdict, 1)
        said.addLayout(verdict)
        said.addWidget(self.summary)
        row = hbox(spacing=PAD, margins=(PAD, PAD, PAD, PAD))
        row.addLayout(said, 1)
        narrow = hbox(spacing=PAD, margins=(PAD, 0, PAD, PAD))
        narrow.addWidget(self.background)
        narrow.addWidget(self.only)
        narrow.addStretch(1)
        for part in (self.copy, self.exclude, self.save):
            narrow.addWidget(part)
        self._parts = parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(self.pictures)
        parts.setStretchFactor(0, 1)
        column = vbox(made)
        column.addLayout(row)
        column.addLayout(narrow)
        column.addWidget(parts, 1)
        return made

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.compare.clicked.connect(self.start)
        self.cancel.clicked.connect(self.stop)
        self.only.toggled.connect(self.table.show_flagged)
        self.background.currentIndexChanged.connect(self._narrow)
        self.copy.clicked.connect(self._copy_names)
        self.save.clicked.connect(self._ask_for_folder)
        self.table.chosen.connect(self._look)
        self._looking.returned.connect(self.pictures.show_pictures)
        self._looking.failed.connect(partial(self.notices.error, key=_KEY))
        for changed in (self.one.currentTextChanged, self.two.currentTextChanged):
            changed.connect(self._enable)
        self.network.chosen.connect(self._take_model)
        self.network.fetched.connect(lambda: self.notices.clear(_KEY))
        on_right_click(self.table, self._show_menu)
        for signal in (self._session.opened, self._session.changed):
            signal.connect(self._show_model)
        self._session.changed.connect(self.table.viewport().update)
        self._session.closed.connect(self.forget)

    @Slot()
    def _show_model(self) -> None:
        if self._session.is_open:
            self.network.show_model(self._session.project.settings.depth.model)

    @Slot(str)
    def _take_model(self, model: str) -> None:
        def change(project: Project) -> Project:
            depth = project.settings.depth.model_copy(update={"model": model})
            return project.model_copy(update={"settings": project.settings.model_copy(update={"depth": depth})})

        self.notices.clear(_KEY)
        self._session.change(self.tr("change depth network"), change)

    # Comparing

    def start(self) -> None:
        """Compare the two chosen ways."""
        if self._worker is not None or not self._session.is_open or not self.compare.isEnabled():
            return
        self.forget()
        self._of = _made_of(self._session.project)
        ways = str(self.one.currentData()), str(self.two.currentData())
        self._worker = self._session.jobs.run(
            self.tr("comparing depth"),
            partial(_steps, self._session.project, self._session.folder, ways, self.count.value()),
            done=self._take,
            failed=partial(self.notices.error, key=_KEY),
            progress=self._say_progress,
            visible=True,
        )
        self._worker.finished.connect(self._end)
        self._show_running(running=True)

    def stop(self) -> None:
        """Stop comparing."""
        if self._worker is not None:
            self._worker.cancel()
            self.progress.setText(self.tr("stopping…"))

    def forget(self) -> None:
        """Let go of the last comparison and of its networks."""
        self.stop()
        self._looking.cancel()
        self.notices.clear(_KEY)
        self.pictures.show_pictures([])
        self._stack.setCurrentIndex(0)
        found, self._found = self._found, None
        if found:
            self._session.jobs.run(self.tr("tidying up"), found[0].close, tidies=True)

    def rest(self) -> None:
        """Let go of the networks, which may be large, while another page is shown; what was found stays."""
        self._looking.cancel()
        if self._found:
            self._session.jobs.run(self.tr("tidying up"), self._found[0].rest)

    def come_back(self) -> None:
        """Show what was found before, unless its samples or their depth would be others today."""
        if self._found and _made_of(self._session.project) != self._of:
            self.forget()
        self._look(self.table.chosen_name() if self._found else "")
        (self.table if self._found else self.compare).setFocus()

    def _take(self, found: Found) -> None:
        self._found = found
        _, result = found
        said, unit = result.report(), f" {result.unit}" if result.unit else ""
        one, two = result.ways
        self.summary.setText(
            self.tr(
                "{0} samples · AbsRel {1:.3f} · RMSE {2:.2f}{3} · correlation {4:.3f} ·"
                " step across the object's border: {5} {6:.2f}{3}, {7} {8:.2f}{3}"
            ).format(
                number(said["samples"]),
                said["abs_rel"],
                said["rmse"],
                unit,
                said["correlation"],
                one,
                said["sharpness"][one],
                two,
                said["sharpness"][two],
            )
        )
        self.verdict.setText(f"{said_of_flagged(result)}.")
        flagged = bool(result.flagged())
        self._mark.show_icon(Icon.WARNING if flagged else Icon.INFO, "warn" if flagged else "quiet")
        self.only.setEnabled(flagged)
        self.only.setChecked(False)
        self._stack.setCurrentIndex(1)
        self._list_backgrounds(found)
        self.table.show_result(result)
        room = self._parts.height()
        rows = min(self.table.height_of_all(), room // 2)
        self._parts.setSizes([rows, room - rows])  # what the rows do not need makes the pictures larger
        if self.isVisible():
            self.table.setFocus()

    def _list_backgrounds(self, found: Found) -> None:
        """Those that the samples stand on, with how many are flagged, the worst first."""
        comparer, result = found
        names, flagged = Names(comparer.plan), {one.name for one in result.flagged()}
        of: dict[str, list[str]] = {}
        for one in result.worth_a_look():
            of.setdefault(comparer.exclusion(one.name).background, []).append(one.name)
        counted = [(len(flagged.intersection(samples)), background, samples) for background, samples in of.items()]
        with QSignalBlocker(self.background):
            self.background.clear()
            self.background.addItem(self.tr("All backgrounds"))
            for count, background, samples in sorted(counted, key=lambda one: -one[0]):
                name = names.sources(Exclusion(background))[0]
                text = self.tr("{0}: {1} of {2} flagged").format(name, number(count), number(len(samples)))
                self.background.addItem(text, frozenset(samples))
                self.background.setItemData(self.background.count() - 1, text, Qt.ItemDataRole.ToolTipRole)
        self._narrow()

    @Slot()
    def _narrow(self) -> None:
        self.table.show_names(self.background.currentData())

    def _copy_names(self) -> None:
        names = self.table.shown_names()
        QGuiApplication.clipboard().setText("".join(f"{name}\n" for name in names))
        self.notices.tell(self.tr("{0} names are copied").format(number(len(names))), key=_KEY)

    def _end(self) -> None:
        self._worker = None
        self._show_running(running=False)

    def _say_progress(self, step: Progress) -> None:
        if self._worker is None or self._worker.cancelled:
            return
        said = self.tr("{0}: {1} of {2}").format(step.phase, number(step.done), number(step.total))
        if step.seconds_left:
            said += f" · {time_left(step.seconds_left)}"
        self.progress.setText(said)

    def _show_running(self, *, running: bool) -> None:
        held = self.compare.hasFocus() or self.cancel.hasFocus()
        self.cancel.setVisible(running)
        self.compare.setVisible(not running)
        if held:  # else the keyboard would go to the rail
            manners.hand(self.cancel if running else self.compare)
        for widget in (self.one, self.two, self.count, self.network):
            widget.setEnabled(not running)
        self.progress.setText(self.tr("starting…") if running else "")
        self._enable()

    def _enable(self) -> None:
        same = self.one.currentData() == self.two.currentData()
        self.compare.setEnabled(not same)
        ways = (Depth.get(str(box.currentData())) for box in (self.one, self.two))
        self.network.setVisible(any(way.needs_network for way in ways))
        if self._worker is None:
            self.progress.setText(self.tr("Choose two different ways") if same else "")

    # Looking

    def _look(self, name: str) -> None:
        if self._found is None or not name:
            self._looking.cancel()
            self.pictures.show_pictures([])
            return
        self._looking.submit(partial(_pictures, self._found, name))

    # Excluding

    def _exclude_button(self) -> QPushButton:
        made = button(self.tr("Exclude"), Icon.REJECT)
        made.setToolTip(self.tr("Make the dataset without some of these samples"))
        menu = QMenu(made)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        made.setMenu(menu)
        return made

    def _fill(self, menu: QMenu) -> None:
        """What can be excluded, or taken back, of the sample that is looked at."""
        menu.clear()
        if self._found is None:
            return
        comparer, result = self._found
        names, chosen = Names(comparer.plan), self.table.chosen_name()
        flagged = [comparer.exclusion(one.name) for one in result.flagged()]
        if chosen:
            one = comparer.exclusion(chosen)
            pair = Exclusion(one.background, one.foreground)
            why = self._excluder.why(one)
            for text, wanted in ((self.tr("This sample"), one), (self.tr("This pair, with all its samples"), pair)):
                action = menu.addAction(text, partial(self._excluder.exclude, [wanted], names))
                action.setEnabled(wanted not in why)
            menu.addAction(self.tr("Include again"), partial(self._excluder.include, [one], names)).setEnabled(
                bool(why)
            )
            menu.addSeparator()
        left = [one for one in flagged if not self._excluder.why(one)]
        text = self.tr("All flagged samples ({0})").format(number(len(left)))
        menu.addAction(text, partial(self._excluder.exclude, left, names)).setEnabled(bool(left))

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if self._found is not None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._fill(menu)
            menu.popup(place)

    def _mark_of(self, name: str) -> str:
        return self._excluder.mark(self._found[0].exclusion(name)) if self._found else ""

    def _ask_for_folder(self) -> None:
        folder = ask_folder(self, self._session.settings, "pages", self.tr("Folder for the comparison's page"))
        if folder:
            self.save_page(folder)

    def save_page(self, folder: Path) -> None:
        """Write the page of the comparison into ``folder``."""
        if self._found is None:
            return
        comparer, result = self._found
        told = self.tr("The page is in {0}: README.md and comparison.jpg").format(folder)
        self._session.jobs.run(
            self.tr("writing the page"),
            partial(comparer.write_page, result, folder),
            done=lambda _: self.notices.tell(told, key=_KEY),
            failed=partial(self.notices.error, key=_KEY),
        )


def _made_of(project: Project) -> object:
    """What the samples and their depth follow from."""
    return project.settings, project.backgrounds, project.foregrounds


def _steps(project: Project, folder: Path, ways: tuple[str, str], count: int) -> Generator[Progress, None, Found]:
    comparer = Comparer(chosen_recipe(project, Options()), folder, ways, count)
    result = None
    try:
        for step in comparer.run():
            if isinstance(step, Progress):
                yield step
            else:
                result = step
    except BaseException:  # an error, or the person stopped it: nobody else will close it
        comparer.close()
        raise
    assert result is not None
    return comparer, result


def _pictures(found: Found, name: str) -> list[LabelledPicture]:
    comparer, result = found
    return labelled_pictures(comparer.look(name), result.ways, result.unit)
