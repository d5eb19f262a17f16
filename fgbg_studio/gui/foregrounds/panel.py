"""The place Foregrounds: objects are cut out of photos, finished, checked and kept."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedWidget, QWidget
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.words import about_bytes
from fgbg_studio.core.cutting.seeds import newest_area
from fgbg_studio.core.cutting.work import DamagedWorkError
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.gui.foregrounds.actions import STATES, TOOLS, VIEWS, gestures, specs
from fgbg_studio.gui.foregrounds.areas import remove_area
from fgbg_studio.gui.foregrounds.arrivals import PhotoArrivals
from fgbg_studio.gui.foregrounds.assistance import OFFERED, CutAssistance
from fgbg_studio.gui.foregrounds.batch import CutoutBatch
from fgbg_studio.gui.foregrounds.canvas import MaskCanvas
from fgbg_studio.gui.foregrounds.canvas_control import CanvasControl, canvas_menu
from fgbg_studio.gui.foregrounds.canvas_cover import CanvasCover
from fgbg_studio.gui.foregrounds.canvas_line import CanvasLine
from fgbg_studio.gui.foregrounds.canvas_render import CutoutView, Pyramid
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.controller import CutController, Standing
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.foregrounds.gallery import Gallery
from fgbg_studio.gui.foregrounds.gallery_cells import Ground
from fgbg_studio.gui.foregrounds.gallery_mode import GalleryMode
from fgbg_studio.gui.foregrounds.hints import hint
from fgbg_studio.gui.foregrounds.issue_list import IssueList
from fgbg_studio.gui.foregrounds.item_pictures import ItemPictures
from fgbg_studio.gui.foregrounds.photo_actions import PhotoActions
from fgbg_studio.gui.foregrounds.photo_item import ItemOrder, PhotoItem, State
from fgbg_studio.gui.foregrounds.photo_strip import PhotoStrip
from fgbg_studio.gui.foregrounds.properties_part import PropertiesPart
from fgbg_studio.gui.foregrounds.qualities import Qualities
from fgbg_studio.gui.foregrounds.refine_form import RefineForm
from fgbg_studio.gui.foregrounds.shown_items import ShownItems
from fgbg_studio.gui.foregrounds.tool_box import ToolBox, ViewBox, swatch
from fgbg_studio.gui.lib.actions import Spec, connect
from fgbg_studio.gui.lib.basics import action_button, hbox, vbox
from fgbg_studio.gui.lib.dialogs import ask_file
from fgbg_studio.gui.lib.empty_state import EmptyState
from fgbg_studio.gui.lib.formatting import counter, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.notices import Choice
from fgbg_studio.gui.lib.refused_files import RefusedFiles
from fgbg_studio.gui.session.deleting import notify_deleted
from fgbg_studio.gui.session.incoming import acceptable
from fgbg_studio.gui.session.panel import Panel
from fgbg_studio.gui.session.session import Session

_ON_A_PHOTO = (
    "guess", "swap", "thinner", "thicker", "nearer", "farther", "fit", "pixels", "next-scene", "strokes", "cancel",
)  # fmt: skip
_BRUSH = 1 / 90  # of the photo's longer side: the radius to begin with


class ForegroundsPanel(Panel):
    """The strip of photos, the canvas, the tools; the work is `CutController`'s and `CutDocument`'s."""

    place, icon = "foregrounds", Icon.FOREGROUNDS
    counts_goal = searchable = True

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.items = ShownItems(self)
        session.opened.connect(self.items.clear)  # before the photos of another project are listed
        session.closed.connect(self.items.clear)
        self.pictures, self.qualities = ItemPictures(session, self), Qualities(session, self)
        self.controller = CutController(session, self)
        self.photos = self.controller.photos
        self.assistance = CutAssistance(self.controller, self)
        self.batch = CutoutBatch(self.controller, self)
        self._untouched, self._found, self._direction = True, False, 1
        self._last_of_project = self._was_cut = False
        self._no_steps = QUndoStack(self)  # of a photo that is not open yet
        self._build()
        self._build_inspector()
        self.control = CanvasControl(self.session, self.canvas, self.tools, self.act, self.assistance, self)
        self.refusals = RefusedFiles(self.pages)
        self.arrivals = PhotoArrivals(self.photos, self.notices, self.refusals, self)
        self.photo_actions = PhotoActions(
            self.controller, self.arrivals, self.act, self.targets, lambda: self.items.paths, self
        )
        for view in (self.strip.view, self.gallery.grid):
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
            names = ("pick", "reject", "undecided", "another", "rename", "remove")
            view.addActions([self.act[f"foregrounds.{name}"] for name in names])
        connect(self.act, "foregrounds.", {"rename": lambda: self.about.rename(self.inspector)})
        session.opened.connect(self.arrivals.forget)
        self._connect_actions()
        self._connect()
        self._show_entries()

    @property
    def document(self) -> CutDocument | None:
        """The photo that is open."""
        return self.controller.document

    @override
    def title(self) -> str:
        return self.tr("Foregrounds")

    @override
    def specs(self) -> tuple[Spec, ...]:
        return specs(self.tr)

    @override
    def gestures(self) -> tuple[tuple[str, str], ...]:
        return gestures(self.tr)

    # Parts

    def _build(self) -> None:
        act = self.act
        self.canvas, self.line = MaskCanvas(), CanvasLine()
        self.cover = CanvasCover(self.canvas)
        self.strip = PhotoStrip(
            self.items, self.pictures, self.qualities, [act["foregrounds.add"], act["foregrounds.add-folder"]],
            (act["foregrounds.previous"], act["foregrounds.next"]), act["foregrounds.gallery"],
            [act[name] for name in STATES],
        )  # fmt: skip
        column = vbox()
        column.addWidget(self.canvas, 1)
        column.addWidget(self.line)
        work = QWidget()
        row = hbox(work)
        row.addWidget(self.strip)
        row.addLayout(column, 1)
        self.empty = EmptyState(
            self.icon, self.title(), self.tr("No photos to cut and no cutouts yet."), act["foregrounds.add"],
            self.tr("or drop photos, cutouts, folders or a ZIP file here"), act["foregrounds.add-folder"],
        )  # fmt: skip
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(work)
        self.gallery = Gallery(
            self.session, self.items, self.qualities, act["foregrounds.gallery"], [act[name] for name in STATES]
        )
        self.content.addWidget(self.pages)
        self.set_first(self.gallery.grid, self.canvas)
        self.notices.keep_to(self.canvas)
        self.notices.stay_below(self.gallery.bar)

    def _build_inspector(self) -> None:
        act, inspector = self.act, self.inspector
        self.tools = ToolBox(act)
        tools = inspector.group(self.tr("Tools"))
        tools.addWidget(self.tools)
        again = QHBoxLayout()
        again.addWidget(action_button(act["foregrounds.run"]))
        self.automatic = QCheckBox(self.tr("automatic"))
        self.automatic.setToolTip(act["foregrounds.automatic"].toolTip())
        again.addWidget(self.automatic, 1)
        tools.addLayout(again)
        act["foregrounds.white"].setIcon(swatch("#ffffff"))
        act["foregrounds.black"].setIcon(swatch("#000000"))
        inspector.group(self.tr("View")).addWidget(ViewBox([act[name] for name in VIEWS]))
        self.form = RefineForm()
        inspector.group(self.tr("Finish")).addWidget(self.form)
        self.issues = IssueList()
        inspector.body.addWidget(self.issues)
        self.about = PropertiesPart(self.photos, self.targets)
        inspector.body.addWidget(self.about)
        inspector.set_primary(act["foregrounds.keep"])
        self.mode = GalleryMode(self.gallery, self.pages, act, inspector, lambda: self.canvas.view, self)

    def _connect_actions(self) -> None:
        act, canvas, settings = self.act, self.canvas, self.session.settings
        connect(act, "foregrounds.", {
            "previous": partial(self._step, -1), "next": partial(self._step, 1),
            "keep": self._keep, "keep-next": self._keep_and_go_on, "pick": partial(self.judge, State.KEPT),
            "reject": partial(self.judge, State.REJECTED), "undecided": partial(self.judge, State.TO_LOOK_AT),
            "guess": self.assistance.guess, "run": self.controller.run, "swap": self.control.swap,
            "cancel": self._cancel,
            "next-issue": lambda: self.issues.show_next(pointed=canvas.pointed), "mend": self.issues.mend,
            "thinner": lambda: canvas.set_radius(canvas.radius / 1.2),
            "thicker": lambda: canvas.set_radius(canvas.radius * 1.2),
            "nearer": lambda: canvas.zoom(1.5), "farther": lambda: canvas.zoom(1 / 1.5), "fit": canvas.fit,
            "pixels": lambda: canvas.zoom(1 / canvas.scale), "next-scene": self._next_scene,
            "remove-area": self._remove_area, "first": partial(self._end, 0), "last": partial(self._end, -1),
        })  # fmt: skip
        for name, tool in TOOLS.items():
            act[name].triggered.connect(lambda _=False, t=tool: self.control.set_tool(t))
        act["foregrounds.gallery"].toggled.connect(self.show_gallery)
        connect(act, "foregrounds.", {
            "large": self._turn_large, "mend-all": lambda: self.batch.mend(self.mode.targets()),
            "keep-all": lambda: self.batch.keep(self.mode.targets()),
            "finish-all": lambda: self.batch.finish(self.mode.targets(), self.mode.form.finish()),
        })  # fmt: skip
        for name, state in STATES.items():
            act[name].triggered.connect(lambda _=False, s=state: self._choose_items(state=s))
        act["foregrounds.show-all"].setChecked(True)
        for name, view in VIEWS.items():
            act[name].triggered.connect(lambda _=False, v=view: self.set_view(v))
        for name, handler_on, first in (
            ("strokes", canvas.set_strokes_shown, "1"),
            ("hints", partial(self._switch, "hints"), settings.value("foregrounds/hints", "1")),
            ("automatic", partial(self._switch, "automatic"), settings.value("foregrounds/automatic", "1")),
            ("go-on", partial(self._switch, "go-on"), settings.value("foregrounds/go-on", "0")),
        ):
            act[f"foregrounds.{name}"].setChecked(first == "1")
            act[f"foregrounds.{name}"].toggled.connect(handler_on)
        self.automatic.setChecked(act["foregrounds.automatic"].isChecked())
        act["foregrounds.automatic"].toggled.connect(self.automatic.setChecked)
        self.automatic.toggled.connect(act["foregrounds.automatic"].setChecked)
        act["foregrounds.rectangle"].setChecked(True)
        act["foregrounds.tint"].setChecked(True)

    def _connect(self) -> None:
        controller, assistance, canvas = self.controller, self.assistance, self.canvas
        canvas.zoomed.connect(self.line.show_scale)
        canvas.radius_changed.connect(self.tools.show_radius)
        canvas.drawn.connect(self._drawn)
        canvas.corrected.connect(self._corrected)
        for said in (canvas.zoomed, self.control.changed):
            said.connect(self._say)
        canvas.menu_wanted.connect(self._show_menu)
        self.tools.radius_changed.connect(canvas.set_radius)
        self.tools.meaning_changed.connect(self.control.set_meaning)
        self.form.changed.connect(controller.finish)
        self.issues.show_wanted.connect(lambda issue, place: canvas.point_at(place, issue.places))
        self.issues.mend_wanted.connect(assistance.mend)
        self.issues.stepped.connect(self._show_enabled)
        self.strip.chosen.connect(self._go_to)
        self.photo_actions.chosen.connect(self._go_to)
        self.photo_actions.removed.connect(lambda count: notify_deleted(self.notices, self.session, "photos", count))
        self.arrivals.wanted.connect(self._go_to)
        self.photos.returned.connect(self.strip.choose)
        self.session.undo_stack.indexChanged.connect(self._prefer_project)
        self.strip.selection_changed.connect(self._show_enabled)
        for part in (self.strip, self.gallery):
            part.order_chosen.connect(
                lambda order, reverse: self._choose_items(order=ItemOrder(order), reverse=reverse)
            )
        self.qualities.measured.connect(self._take_qualities)
        self.gallery.opened.connect(self._cut_further)
        self.gallery.selection_changed.connect(self._show_enabled)
        self.gallery.all_wanted.connect(self._show_all)
        self.mode.changed.connect(self._show_mode)
        self.batch.said.connect(
            lambda text, trouble: (self.notices.warn if trouble else self.notices.tell)(text, key="batch")
        )
        self.batch.failed.connect(self.notices.error)
        self.batch.running.connect(self._show_batch)
        self.items.changed.connect(self.mode.tell_targets)
        self.photos.listed.connect(self._show_entries)
        controller.chosen.connect(self._show_chosen)
        controller.opened.connect(self._put_in)
        controller.left.connect(self._let_go)
        controller.said.connect(self._show_work)
        controller.failed.connect(self.notices.error)
        controller.stepped.connect(self._prefer_photo)
        controller.saved.connect(self.gallery.refresh)
        controller.refused.connect(self.notices.warn)
        assistance.failed.connect(self.notices.error)
        assistance.guess_failed.connect(self._fail_guess)
        assistance.guessed.connect(lambda: self.control.take(Tool.MARK))
        controller.work_changed.connect(self._show_work)
        controller.shown_changed.connect(self._follow_cut)
        controller.busy.connect(self._show_busy)
        controller.checked.connect(self._show_issues)
        controller.cut_failed.connect(partial(self.notices.error, key="cut"))
        assistance.mended.connect(lambda whole: canvas.look_back() if whole else canvas.point_at(None))
        self.control.lacking.connect(self._miss_backgrounds)
        self.control.set_tool(Tool.RECTANGLE)

    # The list of photos

    def _show_entries(self) -> None:
        entries = self.photos.entries()
        self.items.set_items(entries)
        if self.photos.found and not self._found:
            self.items.choose(self.items.choice)  # until now cutouts stood without their photos
        self._found = self.photos.found
        self.items.move_on(self.controller.wanted)
        self.strip.select(self.controller.wanted)
        if not entries:
            self.show_gallery(False)
        self.pages.setCurrentIndex(0 if not entries else 2 if self.mode.shown else 1)
        self.set_empty(not entries)
        if self.session.is_open:
            self._count(entries)
            self._show_enabled()
            if self.isVisible():
                self.qualities.measure(self.session.project.foregrounds)
                self._open_first()

    def _count(self, entries: list[PhotoItem]) -> None:
        project, waiting = self.session.project, sum(entry.foreground is None for entry in entries)
        words = counter(len(project.good_foregrounds()), project.goal.foregrounds, self.tr("foregrounds"))
        self.set_counter(self.tr("{0} · {1} photos to cut").format(words, number(waiting)) if waiting > 1 else words)
        looked = sum(entry.state is State.TO_LOOK_AT for entry in entries)
        parts = [(looked, self.tr("{0} to look at")), (waiting, self.tr("{0} to cut"))]
        waits = ", ".join(text.format(number(count)) for count, text in parts if count)
        missing = ", ".join(filter(None, (self.tr("{0} more wanted"), waits)))
        self.set_wanting(project.wanting("foregrounds"), looked + waiting, (missing, waits))

    def _open_first(self) -> None:
        shown = [self.items.items[path] for path in self.items.paths]
        if self.controller.wanted is None and shown and self.photos.found:
            self.controller.open(next((item for item in shown if item.foreground is None), shown[0]).path)

    def _choose_items(self, **changes: Any) -> None:
        """Show others, or in another order."""
        choice = replace(self.items.choice, **changes)
        if choice != self.items.choice or "order" in changes or "state" in changes:
            self.items.choose(choice)
            self._show_enabled()

    @override
    def search(self, text: str) -> None:
        if text.strip() != self.items.choice.text:
            self._choose_items(text=text.strip())

    def _take_qualities(self) -> None:
        self.items.set_badness(self.qualities.badness(), complete=self.qualities.complete)

    def _show_properties(self) -> None:
        if not self.session.is_open:
            return
        self.about.show_targets()
        self.act["foregrounds.rename"].setEnabled(len(self.targets()) == 1)

    # Judging

    def targets(self) -> list[PhotoItem]:
        """The entries that keys act on: those selected, or the one that is open."""
        return self.gallery.selected() if self.mode.shown else self.strip.selected()

    def judge(self, verdict: State) -> None:
        """Take a person's verdict on the cutouts among the targets; a second rejection takes the first back."""
        found = self.photo_actions.judge(verdict)
        if self.mode.shown:
            if found:
                self.gallery.advance()
            self.gallery.grid.setFocus()
        self._show_enabled()

    # The gallery

    def show_gallery(self, shown: bool) -> None:
        """See all cutouts, or the photo that is open."""
        self.mode.show(shown and bool(self.items.items))

    def _show_mode(self) -> None:
        (self.mode.column if self.mode.shown else self.inspector.body).addWidget(self.about)
        self.about.show()
        if self.mode.shown:
            self.controller.save()
            self.gallery.show_at(self.controller.wanted)
            if self.document:
                self.mode.form.show_finish(self.document.work.finish)
        else:
            self.take_keyboard()
        self._show_enabled()
        self.undo_stack_changed.emit()

    def _show_batch(self, busy: bool) -> None:
        self.mode.busy = busy
        self.mode.tell_targets()
        if busy:
            self.gallery.grid.setFocus()

    def _turn_large(self) -> None:
        """From the gallery to the photo, and back."""
        if not self.mode.shown:
            self.show_gallery(True)
        elif self.gallery.current:
            self._cut_further(self.gallery.current)

    def _cut_further(self, path: Path) -> None:
        self.show_gallery(False)
        self._go_to(path)

    def _show_all(self) -> None:
        self.act["foregrounds.show-all"].setChecked(True)
        self._choose_items(state=None, text="")

    @override
    def entered(self) -> None:
        self.gallery.refresh()
        if self.session.is_open:
            self.qualities.measure(self.session.project.foregrounds)
        self._prefer_photo()
        self._open_first()

    @override
    def left(self) -> None:
        self.controller.save()

    @override
    def accepts(self, paths: list[Path]) -> str:
        return self.tr("Add photos to cut, or cutouts") if acceptable(paths) else ""

    @override
    def drop(self, paths: list[Path]) -> None:
        self.photo_actions.add(paths)

    def _go_to(self, path: Path) -> None:
        self._prefer_photo()
        self.controller.open(path)

    def _step(self, step: int) -> None:
        if self.mode.shown:
            self.gallery.grid.step(step)
            return
        self._direction = step
        path = self.items.neighbour(self.controller.wanted, step)
        if path:
            self._go_to(path)

    def _keep(self) -> None:
        if self.act["foregrounds.go-on"].isChecked():
            self._keep_and_go_on()
        else:
            self.controller.keep()

    def _keep_and_go_on(self) -> None:
        """Keep, and open the next photo that has no cutout yet: below, else from the top."""
        kept = self.controller.wanted
        self.controller.keep()
        self._direction = 1
        following = self.items.following(kept, lambda item: item.foreground is None)
        if following:
            self._go_to(following)

    def _end(self, row: int) -> None:
        if self.mode.shown:
            self.gallery.go_to(row)
        elif self.items.paths:
            self._go_to(self.items.paths[row])

    # The photo that is open

    def _put_in(self, photo: Pyramid) -> None:
        document = self.document
        assert document is not None
        document.automatic = self.act["foregrounds.automatic"].isChecked()
        self.canvas.set_document(document, photo)
        self.canvas.set_radius(max(document.width, document.height) * _BRUSH)
        if document.has_cut:
            self.control.take(Tool.MARK)
        elif self.canvas.tool not in {Tool.RECTANGLE, Tool.LASSO}:
            self.control.take(Tool.RECTANGLE)
        self._say_unchecked(document)
        self._show_work()
        self.undo_stack_changed.emit()
        self._show_busy(document.at_work)
        if self.canvas.view is CutoutView.SCENE:
            self.assistance.ask_scene()
        self.assistance.guess_again(document)
        step = self._direction
        self.controller.expect([self.items.neighbour(document.path, where) for where in (step, -step)])

    def _show_chosen(self) -> None:
        """Another photo is selected, or how it stands with it has changed."""
        state = self.controller.state
        if state.standing is Standing.LOADING and state.path:
            self.cover.wait(state.path.name)
        elif state.standing is Standing.FAILED and state.error:
            offers = self.arrivals.offers(state.error, state.path)
            if isinstance(state.error, DamagedWorkError):
                offers.append((self.tr("Set the file aside and cut anew"), self.controller.set_aside))
            self.cover.fail(state.error, offers)
        else:
            self.cover.uncover()
        self._say()
        self._show_entries()
        self.undo_stack_changed.emit()

    def _let_go(self, waits: bool) -> None:
        self.canvas.end_gesture()
        if waits and self.canvas.document and self.canvas.isVisible():
            self.cover.wait("", self.canvas.grab())
        self.canvas.set_document(None)
        self._show_busy(False)
        self.notices.clear("cut")
        self.undo_stack_changed.emit()
        self._say()

    @override
    def undo_stack(self) -> QUndoStack:
        if self.mode.shown or self._last_of_project:
            return self.session.undo_stack
        if self.document:
            return self.document.undo_stack
        return self._no_steps if self.controller.state.standing is Standing.LOADING else self.session.undo_stack

    def _prefer_project(self) -> None:
        """What was done last was done with the project: it is undone first."""
        if self.isVisible() and not self._last_of_project:
            self._last_of_project = True
            self.undo_stack_changed.emit()

    def _prefer_photo(self) -> None:
        if self._last_of_project:
            self._last_of_project = False
            self.undo_stack_changed.emit()

    @override
    def unfinished(self) -> str:
        """See `Panel.unfinished`: strokes are kept without being asked for."""
        self.controller.wait_for_keeping()
        lost = ", ".join(document.path.name for document in self.controller.flush())
        return self.tr("what was done to {0} cannot be written").format(lost) if lost else ""

    # Tools and views

    def set_view(self, view: CutoutView) -> None:
        """Look at the cutout, or at all of them, in another way."""
        if not self.mode.shown:
            self.control.set_view(view)
        elif not self.mode.set_view(view):
            self._miss_backgrounds()

    def _miss_backgrounds(self) -> None:
        self.notices.tell(self.tr("There is no background to show the cutout on yet."), key="cut")

    def _next_scene(self) -> None:
        if not self.mode.shown:
            self.control.next_scene()
        elif self.gallery.ground is Ground.SCENE:
            self.gallery.set_ground(Ground.SCENE, 1)

    def _switch(self, name: str, on: bool) -> None:
        self.session.settings.set_value(f"foregrounds/{name}", "1" if on else "0")
        if self.document:
            self.document.automatic = self.act["foregrounds.automatic"].isChecked()
        self._say()

    # Cutting

    def _cancel(self) -> None:
        if self.mode.shown:
            self.show_gallery(False)
            return
        if self.canvas.pointed:
            self.canvas.look_back()
        if not self.canvas.cancel() and self.document and not self.document.stop():
            self.assistance.stop()

    def _drawn(self) -> None:
        """The region is there: what comes next is the brush."""
        document = self.document
        if document and document.outline and self.canvas.tool in {Tool.RECTANGLE, Tool.LASSO}:
            self.control.take(Tool.MARK)
            self.assistance.look()
        self.notices.clear("cut")
        self._say()

    def _corrected(self) -> None:
        self.assistance.look()
        self._say()

    def _remove_area(self) -> None:
        if self.document:
            remove_area(self.document, self.act["foregrounds.remove-area"].text().lower())

    def _show_menu(self, place: QPoint) -> None:
        """What is done most on the canvas, beside the pointer."""
        canvas_menu(self, self.act, self.undo_stack()).popup(place)

    def _fail_guess(self, error: FgbgError) -> None:
        choices: list[Choice] = [(self.tr("Choose a file…"), self._choose_network)]
        if not model_cache.path_of(OFFERED).exists():
            text = self.tr("Download ({0})").format(about_bytes(CATALOGUE[OFFERED].bytes or 0))
            choices.insert(0, (text, self.assistance.fetch_and_guess))
        self.notices.error(error, choices, key="cut")

    def _choose_network(self) -> None:
        kinds = self.tr("Networks (*.tflite *.onnx *.keras *.h5)")
        title = self.tr("Choose a network that finds objects")
        file = ask_file(self, self.session.settings, "networks", title, kinds)
        if file:
            self.assistance.guess(str(file))

    # What is said

    def _show_work(self) -> None:
        document = self.document
        if document:
            self.form.show_finish(document.work.finish)
            untouched = not (document.work.seeds or document.has_cut)
            if untouched and not self._untouched and self.canvas.tool.has_brush:
                self.control.take(Tool.RECTANGLE)  # all was undone: it begins anew
            self._untouched = untouched
        self._show_enabled()
        self._say()

    def _show_enabled(self) -> None:
        document, act = self.document, self.act
        for name in ("keep", "keep-next"):
            act[f"foregrounds.{name}"].setEnabled(document is not None and (document.has_cut or document.cutting))
        act["foregrounds.run"].setEnabled(document is not None and bool(document.work.seeds))
        area = newest_area(document.work.seeds) if document else None
        act["foregrounds.remove-area"].setEnabled(area is not None)
        wanted = self.gallery.current if self.mode.shown else self.controller.wanted
        act["foregrounds.previous"].setEnabled(self.items.neighbour(wanted, -1) is not None)
        act["foregrounds.next"].setEnabled(self.items.neighbour(wanted, 1) is not None)
        self.photo_actions.show_enabled()
        self._show_properties()
        for name in _ON_A_PHOTO:
            act[f"foregrounds.{name}"].setEnabled(document is not None)
        for name in (*TOOLS, *VIEWS):
            act[name].setEnabled(document is not None)
        if self.mode.shown:
            for name in (*VIEWS, "foregrounds.next-scene"):
                act[name].setEnabled(True)
        step = self.issues.current
        act["foregrounds.next-issue"].setEnabled(step is not None)
        act["foregrounds.mend"].setEnabled(step is not None and step.issue.mendable)
        for part in (self.form, self.tools, self.issues):
            part.setEnabled(document is not None)

    def _show_busy(self, busy: bool) -> None:
        self.line.set_busy(busy)
        self._show_enabled()
        self._say()

    def _show_issues(self, issues: list[Issue]) -> None:
        if self.document and self.document.has_cut:
            self.issues.show_issues(issues)
        elif self.document:
            self._say_unchecked(self.document)
        self._show_enabled()
        self._say()

    def _say_unchecked(self, document: CutDocument) -> None:
        """What is to be seen already is checked a moment later: nothing else may be said of it meanwhile."""
        self._was_cut = document.has_cut
        self.issues.say(self.tr("Checking…") if document.has_cut else self.tr("Nothing is cut yet."))

    def _follow_cut(self) -> None:
        if self.document and self.document.has_cut and not self._was_cut:
            self._say_unchecked(self.document)
        self._say()

    def _say(self) -> None:
        shown, scene = self.act["foregrounds.hints"].isChecked(), None
        if self.session.is_open and self.canvas.view is CutoutView.SCENE:
            scene = self.session.project.settings.size, self.canvas.scale
        self.line.say(hint(self.document, self.canvas.tool, self.controller.kept, scene) if shown else "")
