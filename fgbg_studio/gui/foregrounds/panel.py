"""The place Foregrounds: objects are cut out of photos, finished, checked and kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget
from typing_extensions import override

from fgbg_studio.core.cutting.seeds import newest_area
from fgbg_studio.core.cutting.work import DamagedWorkError
from fgbg_studio.core.imaging.annotations.reading import may_be_annotations
from fgbg_studio.gui.foregrounds.actions import STATES, VIEWS, gestures, specs
from fgbg_studio.gui.foregrounds.areas import remove_area
from fgbg_studio.gui.foregrounds.arrivals import PhotoArrivals
from fgbg_studio.gui.foregrounds.assistance import CutAssistance
from fgbg_studio.gui.foregrounds.batch import CutoutBatch
from fgbg_studio.gui.foregrounds.canvas import MaskCanvas
from fgbg_studio.gui.foregrounds.canvas_control import CanvasControl, canvas_menu
from fgbg_studio.gui.foregrounds.canvas_cover import CanvasCover
from fgbg_studio.gui.foregrounds.canvas_line import CanvasLine
from fgbg_studio.gui.foregrounds.canvas_render import CutoutView, Pyramid
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.checking import Checking
from fgbg_studio.gui.foregrounds.clicking import Clicking
from fgbg_studio.gui.foregrounds.controller import CutController, Standing
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.foregrounds.first_guesses import FirstGuesses
from fgbg_studio.gui.foregrounds.gallery import Gallery
from fgbg_studio.gui.foregrounds.gallery_cells import Ground
from fgbg_studio.gui.foregrounds.gallery_mode import GalleryMode
from fgbg_studio.gui.foregrounds.going import Going
from fgbg_studio.gui.foregrounds.guess_offers import GuessOffers
from fgbg_studio.gui.foregrounds.habits import Habits
from fgbg_studio.gui.foregrounds.hints import at_work, hint
from fgbg_studio.gui.foregrounds.issue_list import IssueList
from fgbg_studio.gui.foregrounds.item_pictures import ItemPictures
from fgbg_studio.gui.foregrounds.listing import Listing
from fgbg_studio.gui.foregrounds.outlined_photos import OutlinedPhotos
from fgbg_studio.gui.foregrounds.photo_actions import PhotoActions
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem, State
from fgbg_studio.gui.foregrounds.photo_strip import PhotoStrip
from fgbg_studio.gui.foregrounds.properties_part import PropertiesPart
from fgbg_studio.gui.foregrounds.qualities import Qualities
from fgbg_studio.gui.foregrounds.refine_form import RefineForm
from fgbg_studio.gui.foregrounds.shown_items import ShownItems
from fgbg_studio.gui.foregrounds.tool_box import ToolBox, ViewBox, swatch
from fgbg_studio.gui.foregrounds.undo_choice import UndoChoice
from fgbg_studio.gui.lib.actions import Spec, connect
from fgbg_studio.gui.lib.basics import action_button, hbox, vbox
from fgbg_studio.gui.lib.empty_state import EmptyState
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.refused_files import RefusedFiles
from fgbg_studio.gui.session.deleting import notify_deleted
from fgbg_studio.gui.session.incoming import acceptable
from fgbg_studio.gui.session.panel import Panel
from fgbg_studio.gui.session.session import Session


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
        self.habits = Habits(self.act, session.settings, self)
        arriving = self.act["foregrounds.guess-arrivals"]
        self.first_guesses = FirstGuesses(self.controller, self.assistance, arriving, self)
        self._build()
        self._build_inspector()
        self.control = CanvasControl(self.session, self.canvas, self.tools, self.act, self.assistance, self)
        self.refusals = RefusedFiles(self.pages)
        self.arrivals = PhotoArrivals(self.photos, self.notices, self.refusals, self)
        self.photo_actions = PhotoActions(
            self.controller, self.arrivals, self.act, self.targets, lambda: self.items.paths, self
        )
        self.outlines = OutlinedPhotos(self.photos, self.photo_actions.add, self.notices, self.refusals, self)
        self.listing = Listing(self.photos, self.items, self.qualities, (self.strip, self.gallery), self)
        self.going = Going(self.controller, self.items, self.mode, self.act, self)
        self.checking = Checking(self.controller, self.assistance, self.canvas, self.issues, self.act, self)
        self.undo = UndoChoice(self.controller, lambda: self.mode.shown, self)
        self.clicking = Clicking(session, self.canvas, self.notices, self)
        self.control.changed.connect(self.clicking.get_ready)
        self.guess_offers = GuessOffers(session, self.assistance, self.notices, self)
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
        again.addWidget(self.habits.box, 1)
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
        act = self.act
        connect(act, "foregrounds.", {
            "pick": partial(self.judge, State.KEPT), "reject": partial(self.judge, State.REJECTED),
            "undecided": partial(self.judge, State.TO_LOOK_AT), "guess": self.assistance.guess,
            "guess-all": self.first_guesses.guess_all,
            "run": self.controller.run, "cancel": self._cancel, "next-scene": self._next_scene,
            "remove-area": self._remove_area,
        })  # fmt: skip
        act["foregrounds.gallery"].toggled.connect(self.show_gallery)
        connect(act, "foregrounds.", {
            "mend-all": lambda: self.batch.mend(self.mode.targets()),
            "keep-all": lambda: self.batch.keep(self.mode.targets()),
            "finish-all": lambda: self.batch.finish(self.mode.targets(), self.mode.form.finish()),
        })  # fmt: skip
        for name, view in VIEWS.items():
            act[name].triggered.connect(lambda _=False, v=view: self.set_view(v))
        act["foregrounds.rectangle"].setChecked(True)
        act["foregrounds.tint"].setChecked(True)

    def _connect(self) -> None:
        controller, assistance, canvas = self.controller, self.assistance, self.canvas
        canvas.zoomed.connect(self.line.show_scale)
        canvas.drawn.connect(self._drawn)
        canvas.corrected.connect(self._corrected)
        for said in (canvas.zoomed, self.control.changed):
            said.connect(self._say)
        canvas.menu_wanted.connect(self._show_menu)
        self.form.changed.connect(controller.finish)
        self.checking.changed.connect(self._show_state)
        self.habits.changed.connect(self._follow_habits)
        self.undo.changed.connect(self.undo_stack_changed)
        self.going.went.connect(self.undo.prefer_photo)
        self.strip.chosen.connect(self.going.to)
        self.photo_actions.chosen.connect(self.going.to)
        self.photo_actions.removed.connect(lambda count: notify_deleted(self.notices, self.session, "photos", count))
        for came in (self.arrivals, self.outlines):
            came.wanted.connect(self.going.to)
        self.photos.returned.connect(self.strip.choose)
        self.strip.selection_changed.connect(self._show_enabled)
        self.listing.chosen.connect(self._show_enabled)
        self.gallery.selection_changed.connect(self._show_enabled)
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
        for there in (controller.saved, self.first_guesses.came):
            there.connect(self.gallery.refresh)
        controller.refused.connect(self.notices.warn)
        assistance.failed.connect(self.notices.error)
        assistance.guessed.connect(lambda: self.control.take(Tool.MARK))
        controller.work_changed.connect(self._show_work)
        controller.shown_changed.connect(self._say)
        controller.busy.connect(self._show_busy)
        controller.cut_failed.connect(partial(self.notices.error, key="cut"))
        self.control.lacking.connect(self._miss_backgrounds)
        self.control.set_tool(Tool.RECTANGLE)

    # The list of photos

    def _show_entries(self) -> None:
        entries = self.listing.update()
        self.items.move_on(self.controller.wanted, stays=self.mode.shown)  # who judges goes to the next one
        self.strip.select(self.controller.wanted)
        if not entries:
            self.show_gallery(False)
        self.pages.setCurrentIndex(0 if not entries else 2 if self.mode.shown else 1)
        self.set_empty(not entries)
        if self.session.is_open:
            self.listing.count(entries)
            self._show_enabled()
            if self.isVisible():
                self.listing.measure()
                self.going.open_first()

    @override
    def search(self, text: str) -> None:
        self.listing.search(text)

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
        """Take a person's verdict on the cutouts among the targets; a second rejection takes the first back.

        In the gallery, what is cut and seen to be good is kept by that.
        """
        drafts = self._drafts() if verdict is State.KEPT else []
        found = self.photo_actions.judge(verdict)
        self.batch.pick(drafts)
        if self.mode.shown:
            if found or drafts:
                self.gallery.advance()
            self.gallery.grid.setFocus()
        self._show_enabled()

    def _drafts(self) -> list[PhotoItem]:
        """What the gallery shows as a cutout, and is none of the project's yet."""
        return [item for item in self.targets() if item.is_draft] if self.mode.shown else []

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

    @override
    def entered(self) -> None:
        self.gallery.refresh()
        if self.session.is_open:
            self.listing.measure()
        self.undo.prefer_photo()
        self.going.open_first()

    @override
    def left(self) -> None:
        self.controller.save()

    @override
    def accepts(self, paths: list[Path]) -> str:
        if any(map(may_be_annotations, paths)):
            return self.tr("Add the photos with what is outlined on them")
        return self.tr("Add photos to cut, or cutouts") if acceptable(paths) else ""

    @override
    def drop(self, paths: list[Path]) -> None:
        self.outlines.drop(paths)

    # The photo that is open

    def _put_in(self, photo: Pyramid) -> None:
        document = self.document
        assert document is not None
        document.automatic = self.habits.automatic
        self.canvas.set_document(document, photo)
        self.control.begin(document)
        self.clicking.get_ready()
        self._show_work()
        self._show_busy(document.at_work)
        if self.canvas.view is CutoutView.SCENE:
            self.assistance.ask_scene()
        self.assistance.guess_again(document)
        self.going.expect(document.path)

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

    def _let_go(self, waits: bool) -> None:
        self.canvas.end_gesture()
        if waits and self.canvas.document and self.canvas.isVisible():
            self.cover.wait("", self.canvas.grab())
        self.canvas.set_document(None)
        self._show_busy(False)
        self.notices.clear("cut")
        self._say()

    @override
    def undo_stack(self) -> QUndoStack:
        return self.undo.stack()

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

    def _follow_habits(self) -> None:
        if self.document:
            self.document.automatic = self.habits.automatic
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

    # What is said

    def _show_work(self) -> None:
        document = self.document
        if document:
            self.form.show_finish(document.work.finish)
            self.control.follow(document)
        self._show_enabled()
        self._say()

    def _show_enabled(self) -> None:
        document, act = self.document, self.act
        act["foregrounds.run"].setEnabled(document is not None and bool(document.work.seeds))
        area = newest_area(document.work.seeds) if document else None
        act["foregrounds.remove-area"].setEnabled(area is not None)
        self.going.show_enabled()
        self.photo_actions.show_enabled()
        if self._drafts():
            act["foregrounds.pick"].setEnabled(True)
        self._show_properties()
        self.checking.show_enabled()
        self.control.show_enabled(document)
        for name in ("guess", "next-scene", "cancel"):
            act[f"foregrounds.{name}"].setEnabled(document is not None)
        if self.mode.shown:
            for name in (*VIEWS, "foregrounds.next-scene"):
                act[name].setEnabled(True)
        self.form.setEnabled(document is not None)

    def _show_state(self) -> None:
        self._show_enabled()
        self._say()

    def _show_busy(self, busy: bool) -> None:
        self.line.set_busy(busy, at_work(self.document))
        self._show_state()

    def _say(self) -> None:
        shown, scene = self.habits.hints, None
        if self.session.is_open and self.canvas.view is CutoutView.SCENE:
            scene = self.session.project.settings.size, self.canvas.scale
        self.line.say(hint(self.document, self.canvas.tool, self.controller.kept, scene) if shown else "")
