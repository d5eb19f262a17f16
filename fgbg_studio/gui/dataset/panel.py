"""The place Dataset: any dataset, ours or of other hands: its figures, its pictures, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget
from typing_extensions import override

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.mirror import place_of as seen_at
from fgbg_studio.core.base.mirrors import address_of, is_mirrored
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.remote_files import is_address
from fgbg_studio.core.dataset.inspect.archives import SUFFIXES
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.open_contents import open_contents
from fgbg_studio.core.dataset.inspect.repair import can_mend, files_of_sample
from fgbg_studio.core.dataset.record import FILE
from fgbg_studio.core.interfaces.layout import PER_SAMPLE
from fgbg_studio.gui.dataset import actions
from fgbg_studio.gui.dataset.adopting import Adopter
from fgbg_studio.gui.dataset.browser import DatasetBrowser
from fgbg_studio.gui.dataset.explorer import Explorer
from fgbg_studio.gui.dataset.export import Exporter
from fgbg_studio.gui.dataset.fault_list import FaultList, faults_of, save_faults
from fgbg_studio.gui.dataset.inspector import DatasetInspector
from fgbg_studio.gui.dataset.measuring import Measuring
from fgbg_studio.gui.dataset.offered_exports import other_exports, takes
from fgbg_studio.gui.dataset.recent_datasets import RecentDatasets, remember
from fgbg_studio.gui.dataset.selection import Selection
from fgbg_studio.gui.dataset.splitting import Splitting
from fgbg_studio.gui.dataset.training_lines import TrainingLines
from fgbg_studio.gui.dataset.trial_view import TrialView
from fgbg_studio.gui.dataset.triple_view import StoredSample, TripleView, place_of, read_sample
from fgbg_studio.gui.dataset.trying import Trying
from fgbg_studio.gui.dataset.verifier import DatasetVerifier
from fgbg_studio.gui.lib.actions import Spec, connect
from fgbg_studio.gui.lib.basics import frame, label, vbox
from fgbg_studio.gui.lib.dialogs import ask_file, ask_folder, ask_new_file, open_outside
from fgbg_studio.gui.lib.empty_state import EmptyState
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import PAD
from fgbg_studio.gui.lib.worker import Latest, Worker
from fgbg_studio.gui.session.panel import Panel
from fgbg_studio.gui.session.run_options import recall
from fgbg_studio.gui.session.session import Session

_ADDRESS = 320  # pixels


class DatasetPanel(Panel):
    """See the module."""

    place, icon = "dataset", Icon.DATASET
    searchable = True
    follows_remedies = False

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.contents: Contents | None = None
        self._opening: Path | str | None = None
        self._make_widgets()
        self._reader = Latest(session.jobs, self.tr("reading a sample"), self)
        self._reader.returned.connect(self._show_sampled)
        self._finder = Latest(session.jobs, self.tr("looking for a sample"), self)
        self._finder.returned.connect(self._take_found)
        self._searched = ""
        self._found: Ints | None = None
        self.checking = DatasetVerifier(session, self.act, self.details.faults, self.notices, self)
        self.checking.lead_to(self.session.dataset_wanted.emit)
        self.exporter = Exporter(session, self.details.export, self.notices, self)
        self.details.completing.addWidget(self.adopter.form)
        self._connect()
        self.close_dataset()

    # What the frame asks

    @override
    def title(self) -> str:
        return self.tr("Dataset")

    @override
    def specs(self) -> tuple[Spec, ...]:
        return actions.specs()

    @override
    def gestures(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Click a cell"), self.tr("Samples of that background and foreground; a header for all of one")),
            (self.tr("Enter, double-click"), self.tr("View the sample large")),
            (self.tr("Ctrl+wheel"), self.tr("Size of the thumbnails")),
        )

    @override
    def entered(self) -> None:
        """See `Panel.entered`; with nothing open the project's own dataset is, where there is one."""
        self.recent.refresh()
        own = recall(self.session.settings, self.session.folder).out
        if self.contents is None and self._opening is None and (own / FILE).exists():
            self.show_dataset(own)

    @override
    def unfinished(self) -> str:
        """See `Panel.unfinished`: splits that were tried and not saved."""
        names = [path.name for path in self.splitting.unsaved]
        return self.tr("saving the splits of {0}").format(", ".join(names)) if names else ""

    @override
    def search(self, text: str) -> None:
        """See `Panel.search`; parts of the names of files and of source pictures, or the number of a sample."""
        self._searched = text.strip()
        if self.contents and self._searched:
            self._finder.submit(partial(self.contents.matching, self._searched))
        else:
            self._finder.cancel()
            self._take_found(None)

    @override
    def accepts(self, paths: list[Path]) -> str:
        one = paths[0] if len(paths) == 1 else None
        fits = one is not None and (one.is_dir() or one.suffix.lower() in SUFFIXES or one.name == FILE)
        return self.tr("Open this dataset") if fits else ""

    @override
    def drop(self, paths: list[Path]) -> None:
        self.show_dataset(paths[0])

    # Making

    def _make_widgets(self) -> None:
        self.empty = EmptyState(
            Icon.DATASET,
            self.tr("No dataset is open"),
            self.tr("See a dataset's statistics, browse its samples, verify its files."),
            self.act["dataset.open"],
            self.tr("or drop its folder or ZIP anywhere here"),
        )
        self.recent = RecentDatasets(self.session.settings)
        self.recent.chosen.connect(self.show_dataset)
        self.empty.column.addSpacing(PAD)
        self.address = QLineEdit()
        self.address.setAccessibleName(self.tr("Address of a dataset"))
        self.address.setPlaceholderText(self.tr("or an address: s3://bucket/rooms"))
        self.address.setFixedWidth(_ADDRESS)
        self.address.returnPressed.connect(self._open_address)
        self.empty.column.addWidget(self.address, 0, Qt.AlignmentFlag.AlignHCenter)
        self.empty.column.addWidget(self.recent, 0, Qt.AlignmentFlag.AlignHCenter)
        self.busy = label("", "quiet")
        self.busy.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.details = DatasetInspector(self.inspector, self.act, self.session.settings, self)
        self.measuring = Measuring(self.session, self.details, self.notices, self)
        self.adopter = Adopter(self.session, self.notices, self)
        self.selection = Selection(self.session, self.notices, self)
        self.splitting = Splitting(self.session, self.details.splits, self.notices, self)
        self.training = TrainingLines(self.session, self.details.lines, self.notices, self)
        self.table = self.measuring.table
        self.browser, self.triple = DatasetBrowser(self.session.jobs, self.act), TripleView(self.act)
        self.explorer = Explorer(self.session.jobs, self.act)
        self.explorer.hide()
        self.browser.caption = self.explorer.said_of
        self.main = QWidget()
        column = vbox(self.main)
        for part in (self.table, self.measuring.note, self.explorer, frame("rule")):
            column.addWidget(part)
        self.looks = QStackedWidget()
        self.looks.addWidget(self.browser)
        self.looks.addWidget(self.triple)
        self.faults = FaultList()
        self.looks.addWidget(self.faults)
        self.trial = TrialView()
        self.looks.addWidget(self.trial)
        self.trying = Trying(self.session, self.trial, self.details.trial, self.notices, self)
        column.addWidget(self.looks, 1)
        self.pages = QStackedWidget()
        for page in (self.empty, self.busy, self.main):
            self.pages.addWidget(page)
        self.content.addWidget(self.pages)
        self.notices.keep_to(self.looks)
        self.set_first(self.browser.grid, self.triple, self.faults.table, self.trial)

    def _connect(self) -> None:
        settings = self.session.settings
        connect(
            self.act,
            "dataset.",
            {
                "open": lambda: self._open_asked(
                    ask_folder(self, settings, "dataset", self.tr("Open a dataset's folder"), self._beside())
                ),
                "open_archive": lambda: self._open_asked(
                    ask_file(
                        self,
                        settings,
                        "dataset",
                        self.tr("Open a dataset's archive"),
                        "*.zip *.tar;;*",
                        self._beside(),
                    )
                ),
                "close": self.close_dataset,
                "show_folder": self._show_folder,
                "count": self.measuring.count,
                "copy": self.measuring.copy,
                "export_card": self.exporter.ask_card,
                "complete": self._show_completion,
                "previous": lambda: self.browser.step(-1),
                "next": lambda: self.browser.step(1),
                "larger": lambda: self.browser.zoom(1),
                "smaller": lambda: self.browser.zoom(-1),
                "back": self._go_back,
                "faults": self._list_faults,
                "save_list": self._save_list,
                "exclude": self._exclude,
                "make_again": self._ask_make_again,
                "mend": self._mend_sample,
            },
        )
        exports = other_exports()
        connect(self.act, "dataset.export.", {name: partial(self._show_export, name) for name in exports})
        self._connect_training()
        self.act["dataset.large"].toggled.connect(self._show_large)
        self.act["dataset.explore"].toggled.connect(self._show_explorer)
        self.explorer.selected.connect(self._take_selected)
        self.act["dataset.grey"].toggled.connect(self.triple.show_grey)
        self.table.kind_chosen.connect(self._take_kind)
        self.browser.current_changed.connect(self._take_current)
        self.browser.opened.connect(self._open_large)
        for part in (self.details.faults, self.faults):
            part.show_wanted.connect(self._show_name)
        self.details.faults.list_wanted.connect(self._list_faults)
        self.faults.left.connect(self._go_back)
        self.faults.save_wanted.connect(self._save_faults)
        self.checking.found.connect(self._enable)
        self.checking.files_written.connect(self._files_written)
        self.checking.files_written.connect(self.measuring.look)
        self.checking.measured.connect(self.measuring.take)
        self.measuring.changed.connect(self._enable)
        self.session.dataset_wanted.connect(self.show_dataset)
        self.session.dataset_made.connect(self._show_again)
        self.session.closed.connect(self.close_dataset)

    def _connect_training(self) -> None:
        """Splits, lines for training code, exports."""
        splitting = self.splitting
        connect(
            self.act,
            "dataset.",
            {
                "save_splits": splitting.save,
                "discard_splits": splitting.discard,
                "normalise": self.training.measure,
                "copy_lines": self.training.copy,
            },
        )
        self.act["dataset.splits"].toggled.connect(self._show_splits)
        self.act["dataset.try"].toggled.connect(self._show_trial)
        self.trying.changed.connect(self._enable)
        splitting.painted.connect(self.browser.matrix.paint_splits)
        splitting.changed.connect(self._enable)
        splitting.read.connect(self.training.take_known)
        self.browser.matrix.held.connect(splitting.toggle)
        self.browser.pair_changed.connect(splitting.choose)
        self.training.changed.connect(self._enable)
        self.training.copied.connect(self.details.confirm)
        self.adopter.adopted.connect(self.show_dataset)
        self.adopter.wanted.connect(self._show_completion)
        self.adopter.changed.connect(self._show_again)

    # Opening

    @Slot(object)
    def show_dataset(self, path: Path | str) -> None:
        """Open the dataset at ``path``, a folder, an archive or an address, instead of what is open."""
        if is_mirrored(path):  # there may be more by now than was listed then
            path = address_of(path)
        self.close_dataset()
        self._opening, name = path, _name_of(path)
        self.busy.setText(self.tr("Opening {0} …").format(name))
        self.pages.setCurrentWidget(self.busy)
        self.session.jobs.run(
            self.tr("opening {0}").format(name),
            partial(_opened, path),
            done=partial(self._take_contents, path),
            failed=partial(self._not_opened, path),
            progress=partial(self._tell_opening, path),
            visible=True,
        ).finished.connect(partial(self._opening_ended, path))

    @Slot(object)
    def _show_again(self, path: Path) -> None:
        """What was opened while it was being made is whole now."""
        self.checking.forget(path)
        if path == self._opening or (self.contents and path == self.contents.path):
            self.show_dataset(path)

    @Slot()
    def close_dataset(self) -> None:
        """Show none."""
        self.notices.clear()
        kept = self.contents if self.splitting.is_changed and self.splitting.known else None
        self._opening = self.contents = None
        self.measuring.open(None)
        self.act["dataset.splits"].setChecked(False)
        self.splitting.open(None)
        self.training.open(None)
        self.trying.open(None)
        self.exporter.open(None)
        self.adopter.open(None)
        self._searched, self._found = "", None
        self.explorer.open(None)
        self.act["dataset.explore"].setChecked(False)
        self._reader.cancel()
        self.checking.open(None)
        self.browser.open(None)
        self.triple.open(None)
        self._go_back()
        self.details.show_sample(None)
        self.set_counter("")
        self.set_empty(True)
        self.pages.setCurrentWidget(self.empty)
        self.recent.refresh()
        if kept:
            text = self.tr("The splits of {0} are not saved; they are here again when you open it again.")
            self.notices.tell(text.format(kept.title), key="splits")
        self._enable()

    def _take_contents(self, path: Path | str, contents: Contents) -> None:
        if path != self._opening:
            return
        self._opening, self.contents = None, contents
        remember(self.session.settings, contents.path)
        for note in contents.notes:
            self.notices.warn(f"{contents.title}: {note}.")
        self.checking.open(contents)
        self.details.show_contents(contents)
        self.set_counter(self.tr("{0} · {1} samples").format(contents.title, number(contents.samples)))
        self.set_empty(False)
        self.browser.open(contents)
        self.explorer.open(contents)
        self.triple.open(contents)
        self.measuring.open(contents)
        self.training.open(contents)
        self.trying.open(contents)
        self.splitting.open(contents)
        self.exporter.open(contents)
        self.adopter.open(contents)
        self.pages.setCurrentWidget(self.main)
        self.table.choose(self.browser.kind)
        self.browser.show_kind(self.browser.kind)
        self._enable()

    def _not_opened(self, path: Path | str, error: FgbgError) -> None:
        if path == self._opening:
            self.close_dataset()
            self.notices.error(error)

    def _tell_opening(self, path: Path | str, step: Progress) -> None:
        if path == self._opening and step.done:
            self.busy.setText(self.tr("Opening {0}: {1} pictures …").format(_name_of(path), number(step.done)))

    def _opening_ended(self, path: Path | str, _worker: Worker) -> None:
        if path == self._opening:  # it was stopped
            self.close_dataset()

    def _enable(self) -> None:
        contents, there, sample = self.contents, self.contents is not None, self.browser.current() >= 0
        far = contents is not None and is_mirrored(contents.path)  # at an address datasets are only read
        own = contents.dataset if contents and contents.path.is_dir() else None
        for name, enabled in {
            "close": there,
            "show_folder": there and not far,
            "verify": there,
            "explore": there,
            "save_list": self.explorer.filter is not None,
            "exclude": self.explorer.narrowed and own is not None and self.session.is_open,
            "faults": self.checking.report is not None,
            "count": there and self.measuring.counter is None,
            "copy": bool(self.measuring.reports),
            "complete": self.adopter.can_complete and not far,
            "splits": self.splitting.can_split,
            "save_splits": self.splitting.shown and self.splitting.can_save,
            "discard_splits": self.splitting.shown and self.splitting.is_changed,
            "normalise": there and self.splitting.known is not None and self.training.worker is None,
            "copy_lines": self.training.found is not None,
            "try": self.trying.can_try(contents) and not far,
            "export_card": own is not None and own.complete and not far,
            **{f"export.{name}": takes(member, contents) for name, member in other_exports().items()},
            "large": sample,
            "previous": there,
            "next": there,
            "back": self.looks.currentWidget() is not self.browser,
            "make_again": own is not None and sample,
            "mend": contents is not None and sample and can_mend(contents) and not far,
        }.items():
            self.act[f"dataset.{name}"].setEnabled(enabled)
        self.details.trying.setVisible(self.trying.can_try(contents))

    # Looking

    @Slot(str)
    def _take_kind(self, kind: str) -> None:
        self._go_back()
        self.browser.show_kind(kind)

    @Slot(int)
    def _take_current(self, sample: int) -> None:
        if self.contents is None:
            return
        if self.browser.kind != self.table.chosen():
            with QSignalBlocker(self.table):
                self.table.choose(self.browser.kind)
        self.details.show_sample(self.contents.triple(sample) if sample >= 0 else None)
        self.explorer.point_at(sample)
        if self.act["dataset.large"].isChecked() and sample >= 0:
            self._reader.submit(partial(read_sample, self.contents, sample))
        self._enable()

    @Slot(object)
    def _show_sampled(self, sampled: StoredSample) -> None:
        if self.contents and sampled.triple.number == self.browser.current():
            self.triple.show_sample(sampled, place_of(*self.browser.place()))

    def _open_large(self, sample: int) -> None:
        self.browser.show_sample(sample)
        if self.act["dataset.large"].isChecked():
            self._take_current(sample)
        self.act["dataset.large"].setChecked(True)

    def _show_large(self, on: bool) -> None:
        self.looks.setCurrentWidget(self.triple if on else self.browser)
        if on:
            self._take_current(self.browser.current())
            self.triple.setFocus()
        elif self.contents:
            self.browser.grid.setFocus()
            self.browser.grid.want_again()
        self._enable()

    @Slot(object)
    def _take_found(self, numbers: Ints | None) -> None:
        """Show what a search found alone; everything for None."""
        self._found = numbers
        self.notices.clear("found")
        if numbers is not None and not len(numbers):
            self.notices.tell(self.tr("No sample has that number, and no file that name."), key="found")
        self.explorer.keep_to(numbers)
        if self.contents and not self.act["dataset.explore"].isChecked():
            self._show_found_alone()

    def _show_found_alone(self) -> None:
        said = f"“{self._searched}”" if self._found is not None else ""
        if self._found is not None and self.browser.kind not in PER_SAMPLE:
            self.table.choose("fg_bg")
        self.browser.keep_to(self._found, said)
        if self._found is not None and self._searched.isdecimal():
            self.browser.grid.choose([self._searched], self._searched)

    # Splits

    def _show_splits(self, on: bool) -> None:
        """The matrix painted by split, and in the inspector what it is split by."""
        if on and self.contents:
            self._go_back()
            self.act["dataset.explore"].setChecked(False)
            if self.browser.kind not in PER_SAMPLE and self.contents.sample_kinds:
                self.table.choose(self.contents.sample_kinds[0])
        self.splitting.show(on)
        if on:
            self.inspector.reveal(self.details.splits)
        self._enable()

    # Trying

    def _show_trial(self, on: bool) -> None:
        """Whether it teaches: the trial instead of the samples, and in the inspector what it is to be like."""
        self.details.show_trial(on)
        if on and self.contents:
            for other in ("large", "explore", "splits"):
                self.act[f"dataset.{other}"].setChecked(False)
            self.looks.setCurrentWidget(self.trial)
            self.inspector.reveal(self.details.trial)
            self.details.trial.begin.setFocus()
        elif self.looks.currentWidget() is self.trial:
            self.looks.setCurrentWidget(self.browser)
        self._enable()

    # Exploring

    def _show_explorer(self, on: bool) -> None:
        """Histograms instead of the table and the matrix, or back."""
        if on and self.contents:
            self._go_back()
            self.act["dataset.splits"].setChecked(False)
            if self.browser.kind not in PER_SAMPLE and self.contents.sample_kinds:
                self.table.choose(self.contents.sample_kinds[0])
        self.explorer.setVisible(on)
        for part in (self.table, self.measuring.note):
            part.setVisible(not on)
        if not self.contents:
            return
        if on:
            self.browser.choose(None, None)
            self.explorer.begin()
        else:
            self._show_found_alone()
        self._enable()

    @Slot(object, bool)
    def _take_selected(self, numbers: Ints, in_order: bool) -> None:
        if self.act["dataset.explore"].isChecked():
            said = self.tr("selected") if self.explorer.narrowed else ""
            self.browser.keep_to(numbers, said, in_order=in_order)
            self._enable()

    def _save_list(self) -> None:
        if self.contents and self.explorer.numbers is not None:
            self.selection.ask_save(self.contents, self.explorer.numbers)

    def _exclude(self) -> None:
        if self.contents and self.explorer.numbers is not None and self.session.is_open and self.explorer.narrowed:
            self.selection.exclude(self.contents, self.explorer.numbers)

    def _show_name(self, name: str) -> None:
        """A file that verifying named: its sample large, or its picture in the grid of its kind."""
        if self.contents is None:
            return
        for kind in ("bg", "fg", "fg_mask"):
            for picture in range(self.contents.length(kind)):
                if self.contents.name(kind, picture) == name:
                    self.table.choose(kind)
                    self.browser.grid.choose([str(picture)], str(picture))
                    return
        self.session.jobs.run(
            self.tr("looking for a sample"), partial(self.contents.find, name), done=partial(self._show_found, name)
        )

    def _show_found(self, name: str, sample: int | None) -> None:
        if sample is None:
            self.notices.tell(self.tr("{0} belongs to no sample of this dataset.").format(name), key="found")
        else:
            self._open_large(sample)

    # Faults

    def _list_faults(self, what: str = "") -> None:
        """Every line of what verifying found, or those of one sort."""
        if self.checking.report:
            self.act["dataset.large"].setChecked(False)
            self.faults.show_faults(faults_of(self.checking.report))
            self.faults.show_sort(what)
            self.looks.setCurrentWidget(self.faults)
            self.faults.table.setFocus()
            self._enable()

    def _save_faults(self) -> None:
        if self.contents:
            name = self.tr("{0} faults.csv").format(self.contents.title)
            kinds = self.tr("Table (*.csv);;Text (*.txt)")
            path = ask_new_file(self, self.session.settings, "lists", self.tr("Save the list"), name, kinds)
            if path:
                self.save_faults(path)

    def save_faults(self, path: Path) -> None:
        """Write the faults that are shown as a table or as text."""
        try:
            save_faults(self.faults.faults.shown, path)
        except OSError as error:
            self.notices.warn(self.tr("{0} cannot be written: {1}.").format(path, error.strerror or error), key="list")
        else:
            folder = [(self.tr("Show folder"), partial(open_outside, path.parent))]
            self.notices.tell(self.tr("The list is in {0}").format(path), folder, key="list")

    def _go_back(self) -> None:
        """From the large sample, the faults or the trial to the overview."""
        self.act["dataset.large"].setChecked(False)
        self.act["dataset.try"].setChecked(False)
        self.looks.setCurrentWidget(self.browser)
        self._enable()

    # Making again

    def _ask_make_again(self) -> None:
        folder = ask_folder(self, self.session.settings, "again", self.tr("Choose a folder for the sample's files"))
        if folder and self.contents and self.browser.current() >= 0:
            self.checking.make_again(self.browser.current(), folder)

    def _mend_sample(self) -> None:
        dataset = self.contents.dataset if self.contents else None
        if dataset and self.browser.current() >= 0:
            self.checking.repair(files_of_sample(dataset, self.browser.current()))

    @Slot()
    def _files_written(self) -> None:
        if self.contents is None:
            return
        self.browser.files_changed([*self.browser.loader.errors, *self.browser.pairs_loader.errors])
        sample = self.browser.current()
        if sample >= 0:
            self.browser.files_changed([(kind, sample) for kind in self.contents.sample_kinds])
            self._take_current(sample)

    # Files

    def _beside(self) -> Path | None:
        """Where datasets of the project are."""
        return self.session.folder.parent if self.session.is_open else None

    @Slot()
    def _open_address(self) -> None:
        if text := self.address.text().strip():
            self.show_dataset(text if is_address(text) else Path(text).expanduser())

    def _open_asked(self, path: Path | None) -> None:
        if path:
            self.show_dataset(path)

    def _show_export(self, name: str) -> None:
        """The form of an export, where a folder is chosen and it is begun."""
        self.details.export.show_export(name)
        self.inspector.reveal(self.details.export)
        self.details.export.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_completion(self) -> None:
        """The form in which what is missing is completed."""
        self.inspector.reveal(self.details.completion)
        self.adopter.form.begin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_folder(self) -> None:
        if self.contents:
            path = self.contents.path
            open_outside(path if path.is_dir() else path.parent)


def _name_of(place: Path | str) -> str:
    """What it is called while it is being opened."""
    return place.name if isinstance(place, Path) else place


def _opened(place: Path | str) -> Generator[Progress, None, Contents]:
    """The contents of what is at a path or an address, where names and sizes are listed first; see `open_contents`."""
    yield Progress("listing", 0, 0)
    return (yield from open_contents(seen_at(place)))
