"""What a run would take: disk, time, and what the folder holds already."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QWidget

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remote_files import is_address
from fgbg_studio.core.base.words import about_bytes
from fgbg_studio.core.dataset.forecast import Forecast
from fgbg_studio.core.dataset.target import Found, TargetState
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.generate import wording
from fgbg_studio.gui.lib.basics import IconLabel, button, frame, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import capital, excluded_samples, factors, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import GROUP, PAD, UNIT
from fgbg_studio.gui.session.clusters import Cluster


class Equation(QWidget):
    """'100 × 100 × 2 × 20 = 400,000'."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GROUP)
        grid.setVerticalSpacing(0)
        self.numbers: list[QLabel] = []
        self.names: list[QLabel] = []
        for place in range(5):
            if place:
                sign = label("×" if place < 4 else "=", "title")
                grid.addWidget(sign, 0, 2 * place - 1, Qt.AlignmentFlag.AlignHCenter)
            value, name = label("", "title"), label("", "caption")
            grid.addWidget(value, 0, 2 * place)
            grid.addWidget(name, 1, 2 * place, 1, 2 if place == 4 else 1)  # the last has what room there is
            self.numbers.append(value)
            self.names.append(name)
        grid.setColumnStretch(9, 1)
        self.spread = label("", "caption", wrap=True)
        self.spread.setContentsMargins(0, UNIT, 0, 0)
        grid.addWidget(self.spread, 2, 0, 1, -1)
        self.spread.hide()

    def show_project(self, project: Project, limit: int | None) -> None:
        """Multiply what the project has; ``limit`` of its samples are made."""
        parts = factors(project)
        total = parts.samples
        words = [
            self.tr("background") if parts[0] == 1 else self.tr("backgrounds"),
            self.tr("foreground") if parts[1] == 1 else self.tr("foregrounds"),
            self.tr("as cut, mirrored") if parts[2] == 2 else self.tr("not mirrored"),
            self.tr("placement of each") if parts[3] == 1 else self.tr("placements of each"),
            self.tr("samples"),
        ]
        excluded = excluded_samples(project)
        if excluded:
            words[4] = self.tr("samples, {0} of them excluded").format(number(excluded))
        if limit and limit < total - excluded:
            words[4] = self.tr("{0}; {1} are made, spread evenly").format(words[4], number(limit))
        for line, value in zip(self.numbers, (*parts, total), strict=True):
            line.setText(number(value))
        for line, text in zip(self.names, words, strict=True):
            line.setText(text)
        if not limit or limit >= total:
            self.spread.hide()

    def show_covered(self, target: TargetState, project: Project) -> None:
        """Say which part of the pictures a limit leaves in; ``target`` knows."""
        parts = factors(project)
        limited = 0 < target.total < parts.samples - excluded_samples(project) and any(target.covered)
        self.spread.setVisible(limited)
        if not limited:
            return
        words = (self.tr("backgrounds"), self.tr("foregrounds"))
        said = [
            self.tr("all {0} {1}").format(number(there), word) if covered >= there
            else self.tr("{0} of {1} {2}").format(number(covered), number(there), word)
            for covered, there, word in zip(target.covered, parts[:2], words, strict=True)
        ]  # fmt: skip
        whole = target.covered == tuple(parts[:2])
        text = self.tr("They use {0} and {1}.")
        if not whole:
            text = self.tr("They use only {0} and {1}.")
        self.spread.setText(text.format(*said))
        _colour(self.spread, "" if whole else "warn")


_LOOKS = {
    Found.NEW: (Icon.FOLDER, "quiet"),
    Found.UNFINISHED: (Icon.RESTORE, "accent"),
    Found.FINISHED: (Icon.GOOD, "good"),
}


class ForecastView(QWidget):
    """A card with the multiplication and the forecast.

    Attributes:
        cluster: that is to make it; None for this computer.

    Signals:
        other_folder: the person takes the folder's name that is offered.
        place_wanted: pictures are missing; the name of the place that has them.
    """

    other_folder = Signal()
    place_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.equation = Equation()
        self.disk, self.disk_more = label("", "heading"), label("", "caption")
        self.time, self.time_more = label("", "heading"), label("", "caption")
        self.busy = QProgressBar(textVisible=False)
        self.busy.setRange(0, 0)
        self.busy.setFixedSize(64, 4)
        self.busy.setAccessibleName(self.tr("Measuring"))
        self.icon, self.folder = IconLabel(Icon.FOLDER), label("", wrap=True)
        self.offer = button("")
        self.offer.clicked.connect(self._take_offer)
        self.offer.hide()
        self._missing = self._offered_place = ""
        self._project: Project | None = None
        self.cluster: Cluster | None = None
        self._lay_out()
        self.show_measuring()

    def _lay_out(self) -> None:
        card = frame("card")
        column = vbox(card, PAD, (GROUP, PAD, GROUP, PAD))
        column.addWidget(self.equation)
        column.addWidget(frame("rule"))
        facts = QGridLayout()
        facts.setHorizontalSpacing(GROUP)
        facts.setVerticalSpacing(2 * UNIT)
        for row, (title, value, more) in enumerate(
            ((self.tr("Disk"), self.disk, self.disk_more), (self.tr("Time"), self.time, self.time_more))
        ):
            facts.addWidget(label(title, "quiet"), row, 0)
            facts.addWidget(value, row, 1)
            facts.addWidget(more, row, 2)
        facts.addWidget(self.busy, 0, 3, 2, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        facts.setColumnStretch(2, 1)
        column.addLayout(facts)
        column.addWidget(frame("rule"))
        line = hbox(spacing=2 * UNIT)
        line.addWidget(self.icon)
        line.addWidget(self.folder, 1)
        line.addWidget(self.offer)
        column.addLayout(line)
        vbox(self).addWidget(card)

    def show_project(self, project: Project, limit: int | None) -> None:
        """The multiplication."""
        self._project = project
        self.equation.show_project(project, limit)
        backgrounds, foregrounds = project.good_backgrounds(), project.good_foregrounds()
        self._missing = "" if backgrounds and foregrounds else "foregrounds" if backgrounds else "backgrounds"

    def show_measuring(self) -> None:
        """A pilot runs."""
        self._say(self.tr("Measuring a few samples…"), "", self.tr("Measuring…"), "")
        self.busy.show()

    def show_forecast(self, whole: Forecast, left: Forecast) -> None:
        """What the pilot says of the ``whole`` run, and of what is ``left`` of it: that is what is still needed."""
        free = self.tr("{0} free").format(about_bytes(left.free))
        if not left.fits:
            free = self.tr("only {0} free: not enough").format(about_bytes(left.free))
        needs = self.tr("about {0} more") if left.samples < whole.samples else self.tr("about {0}")
        needed = needs.format(about_bytes(left.disk_bytes)) if left.samples else self.tr("nothing more")
        far = self.cluster is not None and is_address(self.cluster.address)
        disk = needed if far else f"{needed}, {free}"
        pilot = self.tr("measured on {0} samples").format(number(whole.pilot))
        rate = round(whole.samples / whole.seconds) if whole.seconds else 0
        a_second = self.tr("{0} samples a second").format(number(rate))
        self._say(disk, self._kinds(left), self._time(whole, left), f"{a_second}, {pilot}")
        seen = whole.plausibility
        self.setToolTip(self.tr("Objects in depth: {0}").format(seen.sentence()) if seen else "")
        _colour(self.disk, "" if left.fits or far else "bad")
        self.busy.hide()

    def _kinds(self, left: Forecast) -> str:
        if not left.samples:
            return self.tr("all samples have been made")
        kinds = wording.kinds_text(left.bytes)
        if left.files:
            kinds = self.tr("{0} (files only)").format(kinds)
        if left.joining:
            more = self.tr("{0}; {1} more for a while at the end, while archives are joined")
            kinds = more.format(kinds, about_bytes(left.joining))
        return kinds

    def _time(self, whole: Forecast, left: Forecast) -> str:
        if not left.samples:
            return self.tr("none")
        text = wording.time_text(left, more=left.samples < whole.samples)
        return self.tr("{0}, if made here").format(text) if self.cluster else text

    def show_failure(self, error: FgbgError) -> None:
        """There is no forecast, and why."""
        self._say(self.tr("No forecast"), capital(error.problem), "–", "")
        self.busy.hide()

    def show_outlook(self, target: TargetState, folder: str, *, just_made: bool = False) -> None:
        """What the folder holds, and what to do about it; a dataset that was ``just_made`` is spoken of elsewhere."""
        if self._project:
            self.equation.show_covered(target, self._project)
        if target.found is Found.NOTHING:
            self._show_nothing(target)
            return
        icon, colour = _LOOKS.get(target.found, (Icon.WARNING, "warn"))
        self.icon.show_icon(icon, colour)
        self.folder.setText(wording.target_text(target, folder))
        another = "" if just_made else self.tr("Generate another")
        offers = {Found.NEW: "", Found.UNFINISHED: "", Found.FINISHED: another}
        offer = offers.get(target.found, self.tr("Use {0}").format(target.free.name))
        self._offer(offer)

    def show_sent(self, cluster: str, where: str) -> None:
        """A cluster is at it."""
        self.icon.show_icon(Icon.START, "accent")
        self.folder.setText(self.tr("{0} makes {1}").format(cluster, where))
        self._offer("")

    def _show_nothing(self, target: TargetState) -> None:
        texts = {
            "backgrounds": (self.tr("There are no good backgrounds yet."), self.tr("Go to Backgrounds")),
            "foregrounds": (self.tr("There are no foregrounds yet."), self.tr("Go to Foregrounds")),
        }
        problem = capital(target.error.problem) if target.error else ""
        text, offer = texts.get(self._missing, (f"{problem}.", ""))
        self.icon.show_icon(Icon.WARNING, "warn")
        self.folder.setText(text)
        self._offer(offer, self._missing)
        self._say("–", "", "–", "")
        self.busy.hide()

    def _offer(self, text: str, place: str = "") -> None:
        """Show what may be pressed; where it leads to a place, to the one that it names, whatever has changed since."""
        self._offered_place = place
        self.offer.setText(text)
        self.offer.setVisible(bool(text))

    def _take_offer(self) -> None:
        if self._offered_place:
            self.place_wanted.emit(self._offered_place)
        else:
            self.other_folder.emit()

    def _say(self, disk: str, disk_more: str, time: str, time_more: str) -> None:
        for line, text in (
            (self.disk, disk),
            (self.disk_more, disk_more),
            (self.time, time),
            (self.time_more, time_more),
        ):
            line.setText(text)
        _colour(self.disk, "")


def _colour(line: QLabel, look: str) -> None:
    line.setProperty("tone", look)
    line.style().polish(line)
