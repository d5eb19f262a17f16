"""The place Foregrounds: objects are cut out of photos, finished, checked and kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fgbg_studio.core.adding import Verdict
from fgbg_studio.core.cutout_check import Finding
from fgbg_studio.core.errors import FgbgError
from fgbg_studio.core.finishing import Finish
from fgbg_studio.core.images import Pixels
from fgbg_studio.core.project import Foreground
from fgbg_studio.core.regions import Box, extent
from fgbg_studio.gui import cut_store
from fgbg_studio.gui.actions import Spec
from fgbg_studio.gui.cut_document import CutDocument
from fgbg_studio.gui.cut_store import PHOTOS, Opened, Photo, Saver
from fgbg_studio.gui.icons import Icon
from fgbg_studio.gui.panels import Panel
from fgbg_studio.gui.panels.foreground_actions import TOOLS, VIEWS, specs
from fgbg_studio.gui.panels.foreground_hints import hint
from fgbg_studio.gui.refining import mended
from fgbg_studio.gui.session import Session
from fgbg_studio.gui.widgets.basics import action_button
from fgbg_studio.gui.widgets.canvas_line import CanvasLine
from fgbg_studio.gui.widgets.canvas_tools import Tool
from fgbg_studio.gui.widgets.canvas_view import Camera, Pyramid, View
from fgbg_studio.gui.widgets.empty_state import EmptyState
from fgbg_studio.gui.widgets.findings_list import FindingsList
from fgbg_studio.gui.widgets.finish_form import FinishForm
from fgbg_studio.gui.widgets.mask_canvas import MaskCanvas
from fgbg_studio.gui.widgets.photo_strip import Entry, PhotoStrip
from fgbg_studio.gui.widgets.tool_box import ToolBox, ViewBox, swatch
from fgbg_studio.gui.worker import Latest

_SAVE_AFTER = 1500  # milliseconds after the last change
_BRUSH = 1 / 90  # of the photo's longer side: the radius to begin with
_HEIGHT, _WIDTH, _FEET = 0.6, 0.85, 0.88  # of the frame: how large an object is shown on a background, where it stands


class ForegroundsPanel(Panel):
    """The strip of photos, the canvas, the tools; the work itself is `CutDocument`'s."""

    place, icon = "foregrounds", Icon.FOREGROUNDS

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.document: CutDocument | None = None
        self._photos: list[Photo] = []
        self._wanted: Path | None = None
        self._source: Path | None = None
        self._kept_name = ""
        self._scene, self._scene_box, self._camera = 0, (0, 0, 1, 1), Camera()
        self._saver = Saver(session.jobs, self.notices.error, self)
        self._opening = Latest(session.jobs, self.tr("opening the photo"), self)
        self._opening.returned.connect(self._put_in)
        self._opening.failed.connect(self.notices.error)
        self._scenes = Latest(session.jobs, self.tr("opening the background"), self)
        self._scenes.returned.connect(self._show_scene)
        self._scenes.failed.connect(self.notices.error)
        self._mending = Latest(session.jobs, self.tr("mending"), self)
        self._mending.returned.connect(self._take_mended)
        self._mending.failed.connect(self.notices.error)
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_AFTER)
        self._timer.timeout.connect(self._save)
        self._build()
        self._build_inspector()
        self._connect()
        self._listed([])

    def title(self) -> str:
        """See `Panel.title`."""
        return self.tr("Foregrounds")

    def specs(self) -> tuple[Spec, ...]:
        """See `Panel.specs`."""
        return specs(self.tr)

    def gestures(self) -> tuple[tuple[str, str], ...]:
        """See `Panel.gestures`."""
        return (
            (self.tr("Wheel"), self.tr("Zoom to the cursor, with Ctrl too")),
            (self.tr("Shift+wheel"), self.tr("Brush thicker or thinner")),
            (self.tr("Middle button"), self.tr("Move the photo; Space and the left button too")),
            (self.tr("Right button"), self.tr("The contrary of what the left one means")),
        )

    # Parts

    def _build(self) -> None:
        act = self.act
        self.canvas, self.line = MaskCanvas(), CanvasLine()
        self.strip = PhotoStrip(
            self.session.jobs, act["foregrounds.add"], act["foregrounds.previous"], act["foregrounds.next"]
        )
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.line)
        work = QWidget()
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.strip)
        row.addLayout(column, 1)
        self.empty = EmptyState(
            self.icon, self.title(), self.tr("No photos to cut and no cutouts yet."), act["foregrounds.add"],
            self.tr("or drop photos and cutouts here"),
        )  # fmt: skip
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(work)
        self.content.addWidget(self.pages)
        self.setFocusProxy(self.canvas)

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
        self.form = FinishForm()
        inspector.group(self.tr("Finish")).addWidget(self.form)
        self.findings = FindingsList()
        inspector.group(self.tr("Check")).addWidget(self.findings)
        inspector.set_primary(act["foregrounds.keep"])

    def _connect(self) -> None:
        act, session, canvas = self.act, self.session, self.canvas
        handlers: dict[str, Callable[[], object]] = {
            "add": self._choose, "previous": partial(self._step, -1), "next": partial(self._step, 1),
            "keep": self.keep, "run": self._run, "swap": self._swap, "cancel": self._cancel,
            "thinner": lambda: canvas.set_radius(canvas.radius / 1.2),
            "thicker": lambda: canvas.set_radius(canvas.radius * 1.2),
            "nearer": lambda: canvas.zoom(1.5), "farther": lambda: canvas.zoom(1 / 1.5), "fit": canvas.fit,
            "pixels": lambda: canvas.zoom(1 / canvas.camera.scale), "next-scene": self._next_scene,
            "reject": self._reject,
        }  # fmt: skip
        for name, handler in handlers.items():
            act[f"foregrounds.{name}"].triggered.connect(lambda _=False, h=handler: h())
        for name, tool in TOOLS.items():
            act[name].triggered.connect(lambda _=False, t=tool: self.set_tool(t))
        for name, view in VIEWS.items():
            act[name].triggered.connect(lambda _=False, v=view: self.set_view(v))
        act["foregrounds.strokes"].setChecked(True)
        act["foregrounds.strokes"].toggled.connect(canvas.set_strokes_shown)
        act["foregrounds.hints"].setChecked(session.settings.value("foregrounds/hints", "1") == "1")
        act["foregrounds.hints"].toggled.connect(self._switch_hints)
        automatic = act["foregrounds.automatic"]
        automatic.toggled.connect(self._switch_automatic)
        automatic.toggled.connect(self.automatic.setChecked)
        self.automatic.toggled.connect(automatic.setChecked)
        automatic.setChecked(session.settings.value("foregrounds/automatic", "1") == "1")
        self._switch_automatic(automatic.isChecked())
        canvas.zoomed.connect(self.line.show_scale)
        canvas.radius_changed.connect(self.tools.show_radius)
        canvas.drawn.connect(self._drawn)
        self.tools.radius_changed.connect(canvas.set_radius)
        self.tools.meaning_changed.connect(self.set_meaning)
        self.form.changed.connect(self._set_finish)
        self.findings.show_wanted.connect(lambda finding: canvas.point_at(finding.box))
        self.findings.mend_wanted.connect(self._mend)
        self.strip.chosen.connect(self.open_photo)
        session.opened.connect(self._opened)
        session.changed.connect(self._show_entries)
        session.saving.connect(self._save)
        session.closed.connect(self._closed)
        act["foregrounds.rectangle"].setChecked(True)
        act["foregrounds.tint"].setChecked(True)
        self.set_tool(Tool.RECTANGLE)

    # The list of photos

    def _opened(self) -> None:
        self._let_go()
        self._photos, self._wanted = [], None
        self._show_entries()
        folder = self.session.folder
        self.session.jobs.run(
            self.tr("looking for photos"), lambda: (folder, cut_store.find_photos(folder)), done=self._take_found
        )

    def _take_found(self, found: tuple[Path, list[Photo]]) -> None:
        if self.session.is_open and self.session.folder == found[0]:
            self._listed(found[1])

    def _listed(self, photos: list[Photo]) -> None:
        self._photos = photos
        self._show_entries()
        if self.isVisible():
            self._open_first()

    def _open_first(self) -> None:
        entries = self.strip.model.entries
        if self.document is None and self._wanted is None and entries:
            waiting = [entry for entry in entries if entry.state != "done"]
            self.open_photo((waiting or entries)[0].path)

    def _show_entries(self) -> None:
        if not self.session.is_open:
            return
        known = {f.sha256: f for f in self.session.project.foregrounds}
        entries = [self._entry(photo, known.get(photo.foreground)) for photo in self._photos]
        linked = {photo.foreground for photo in self._photos}
        entries += [
            Entry(self.session.folder / f.file, "done", f.status == "rejected")
            for f in self.session.project.foregrounds
            if f.sha256 not in linked
        ]
        self.strip.show_entries(entries)
        self.pages.setCurrentIndex(1 if entries else 0)
        self.set_empty(not entries)
        waiting = sum(entry.state != "done" for entry in entries)
        self.set_badge(waiting)
        good = len(self.session.project.good_foregrounds())
        words = self.tr("1 foreground") if good == 1 else self.tr("{0} foregrounds").format(good)
        self.set_counter(self.tr("{0} · {1} photos to cut").format(words, waiting) if waiting > 1 else words)
        self._show_enabled()

    def _entry(self, photo: Photo, foreground: Foreground | None) -> Entry:
        if foreground:
            return Entry(photo.path, "done", foreground.status == "rejected")
        return Entry(photo.path, "begun" if photo.begun else "new")

    def _note(self, path: Path, foreground: str, begun: bool) -> None:
        """What is known of a photo has changed, or the photo is new."""
        photo = Photo(path, foreground, begun)
        if all(known.path != path for known in self._photos):
            self._photos.append(photo)
        self._photos = [photo if known.path == path else known for known in self._photos]
        self._show_entries()

    def entered(self) -> None:
        """See `Panel.entered`."""
        self._open_first()

    def left(self) -> None:
        """See `Panel.left`."""
        self._save()

    def accepts(self, paths: list[Path]) -> str:
        """See `Panel.accepts`."""
        return self.tr("Add photos to cut, or cutouts") if paths else ""

    def drop(self, paths: list[Path]) -> None:
        """See `Panel.drop`."""
        folder = self.session.folder

        def work() -> tuple[list[Path], list[Path], list[FgbgError]]:
            photos, cutouts, failed = cut_store.sort_out(paths)
            return cut_store.take_in(folder, photos), cutouts, [*failed]

        self.session.jobs.run(
            self.tr("adding photos"), work, done=partial(self._added, folder), failed=self.notices.error, visible=True
        )

    def _added(self, folder: Path, result: tuple[list[Path], list[Path], list[FgbgError]]) -> None:
        photos, cutouts, failed = result
        if not self.session.is_open or self.session.folder != folder:
            return
        self._photos += [Photo(path) for path in photos]
        self._show_entries()
        for error in failed:
            self.notices.error(error)
        if cutouts:
            self.session.add_foregrounds(cutouts).produced.connect(self._judged)
        if photos:
            self.open_photo(photos[0])

    def _judged(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            if verdict.reason:
                self.notices.warn(verdict.reason)
        added = [v.picture for v in verdicts if v.picture]
        if added and self.document is None:
            self.open_photo(self.session.folder / added[0].file)

    def _choose(self) -> None:
        folder = self.session.settings.folder("photos")
        files, _ = QFileDialog.getOpenFileNames(self, self.tr("Add photos to cut, or cutouts"), str(folder))
        if files:
            self.session.settings.set_folder("photos", Path(files[0]).parent)
            self.drop([Path(file) for file in files])

    def _step(self, step: int) -> None:
        path = self.strip.neighbour(step)
        if path:
            self.open_photo(path)

    # The photo that is open

    def open_photo(self, path: Path) -> None:
        """Open a photo of the strip; what was done to the one before is saved."""
        self._save()
        self._wanted = path
        self.strip.select(path)
        file = path.relative_to(self.session.folder).as_posix()
        sha = next((f.sha256 for f in self.session.project.foregrounds if f.file == file), "")
        self._saver.flush()
        self._opening.submit(lambda: cut_store.open_photo(path, sha))

    def _put_in(self, opened: Opened) -> None:
        if opened.path != self._wanted or not self.session.is_open:
            return
        self._let_go()
        self._wanted = opened.path
        document = CutDocument(self.session.jobs, opened.path, opened.pixels, opened.work, opened.planes, self)
        self.document = document
        document.automatic = self.act["foregrounds.automatic"].isChecked()
        document.work_changed.connect(self._show_work)
        document.shown_changed.connect(lambda _: self._say())
        document.busy.connect(self._show_busy)
        document.failed.connect(self._say_failed)
        document.checked.connect(self._show_findings)
        document.edited.connect(self._edited)
        self.canvas.set_document(document, opened.pyramid)
        self.canvas.set_radius(max(document.width, document.height) * _BRUSH)
        if document.has_cut:
            self._choose_tool(Tool.MARK)
        elif self.canvas.tool not in {Tool.RECTANGLE, Tool.LASSO}:
            self._choose_tool(Tool.RECTANGLE)
        self.findings.say(self.tr("Nothing is cut yet."))
        self._kept_name = ""
        self._show_work()
        document.begin()
        self.undo_stack_changed.emit()
        if self.canvas.view is View.SCENE:
            self._ask_scene()

    def _let_go(self) -> None:
        """Close the photo that is open; it was saved before."""
        document, self.document, self._source = self.document, None, None
        self._timer.stop()
        self.canvas.set_document(None)
        self.notices.clear("cut")
        if document:
            document.close()
        self.undo_stack_changed.emit()
        self._say()

    def _closed(self) -> None:
        self._save()
        self._saver.flush()
        self._opening.cancel()
        self._let_go()
        self._photos, self._wanted = [], None

    def undo_stack(self) -> QUndoStack:
        """See `Panel.undo_stack`."""
        return self.document.undo_stack if self.document else self.session.undo_stack

    def unfinished(self) -> str:
        """See `Panel.unfinished`: strokes are kept without being asked for."""
        self._save()
        self._saver.flush()
        return ""

    def _edited(self) -> None:
        document = self.document
        assert document is not None
        self._kept_name = ""
        self._timer.start()
        if document.path.parent != self.session.folder / PHOTOS:
            # A kept cutout becomes a photo of its own, so that what is done to it has a place.
            self._source = document.path
            document.path = cut_store.free_name(self.session.folder / PHOTOS / document.path.name)
            self._wanted = document.path
        self._note(document.path, document.work.foreground, document.has_cut or bool(document.work.seeds))
        self.strip.select(document.path)

    def _save(self) -> None:
        if self.document and self._timer.isActive():
            self._timer.stop()
            self._saver.save(self.document, self._source)

    # Tools and views

    def set_tool(self, tool: Tool) -> None:
        """Take a tool into the hand."""
        self.canvas.set_tool(tool)
        self.tools.show_tool(tool)
        if tool in {Tool.ADD, Tool.REMOVE}:
            self.tools.show_meaning(tool is Tool.ADD)
        else:
            self.tools.show_meaning(self.canvas.means_object)
        self._say()

    def _choose_tool(self, tool: Tool) -> None:
        name = next(name for name, known in TOOLS.items() if known is tool)
        self.act[name].setChecked(True)
        self.set_tool(tool)

    def set_meaning(self, means_object: bool) -> None:
        """What the left button means: object or background, painting in or out."""
        if self.canvas.tool.paints:
            self._choose_tool(Tool.ADD if means_object else Tool.REMOVE)
        else:
            self.canvas.means_object = means_object
            self.tools.show_meaning(means_object)
            self.canvas.update()
            self._say()

    def _swap(self) -> None:
        tool = self.canvas.tool
        self.set_meaning(tool is Tool.REMOVE if tool.paints else not self.canvas.means_object)

    def set_view(self, view: View) -> None:
        """Look at the cutout in another way."""
        before = self.canvas.view
        if view is View.SCENE and before is not View.SCENE:
            self._camera = self.canvas.camera
            self._ask_scene()
        elif before is View.SCENE and view is not View.SCENE:
            self.canvas.look_from(self._camera)
        self.canvas.set_view(view)
        self._say()

    def _ask_scene(self) -> None:
        backgrounds = self.session.project.good_backgrounds()
        if backgrounds and self.document:
            background, folder = backgrounds[self._scene % len(backgrounds)], self.session.folder
            self._scenes.submit(lambda: cut_store.scene_of(folder, background))
        else:
            self.notices.tell(self.tr("There is no background to show the cutout on yet."), key="cut")

    def _show_scene(self, scene: Pyramid) -> None:
        if self.document:
            self._scene_box = _scene_box(self.document)
            self.canvas.set_scene(scene, self._scene_box)
            if self.canvas.view is View.SCENE:
                self.canvas.show_at(self.session.project.settings.size / self._scene_box[2], self._scene_box)

    def _next_scene(self) -> None:
        self._scene += 1
        if self.canvas.view is View.SCENE:
            self._ask_scene()

    def _switch_automatic(self, on: bool) -> None:
        self.session.settings.set_value("foregrounds/automatic", "1" if on else "0")
        if self.document:
            self.document.automatic = on

    def _switch_hints(self, on: bool) -> None:
        self.session.settings.set_value("foregrounds/hints", "1" if on else "0")
        self._say()

    # Cutting

    def _run(self) -> None:
        if self.document:
            self.document.run()

    def _cancel(self) -> None:
        self.canvas.point_at(None)
        if not self.canvas.cancel() and self.document:
            self.document.stop()

    def _drawn(self) -> None:
        """The region is there: what comes next is the brush."""
        document = self.document
        if document and self.canvas.tool in {Tool.RECTANGLE, Tool.LASSO} and document.region:
            self._choose_tool(Tool.MARK)
        self.notices.clear("cut")
        self._say()

    def _set_finish(self, finish: Finish) -> None:
        if self.document:
            self.document.set_finish(finish)

    def _mend(self, finding: Finding) -> None:
        document = self.document
        if document:
            photo, alpha, finish = document.photo, document.alpha.copy(), document.work.finish
            self._mending.submit(lambda: (document, mended(photo, alpha, finish, finding.code)))

    def _take_mended(self, result: tuple[CutDocument, Pixels]) -> None:
        document, alpha = result
        if document is self.document:
            document.set_alpha(alpha, self.tr("mend"))
            self.canvas.point_at(None)

    def keep(self) -> None:
        """Save the finished cutout into the project's foregrounds, as one step of undo."""
        document = self.document
        if document is None or not document.has_cut:
            return
        self.act["foregrounds.keep"].setEnabled(False)
        run = cut_store.keep(self.session.folder, self.session.project, document)
        worker = self.session.jobs.run(
            self.tr("keeping the cutout"), run, done=partial(self._kept, document), failed=self.notices.error
        )
        worker.finished.connect(lambda _: self._show_enabled())

    def _kept(self, document: CutDocument, verdict: Verdict) -> None:
        if not self.session.is_open:
            return
        if not isinstance(verdict.picture, Foreground):
            known = {f.file for f in self.session.project.foregrounds}
            self._kept_name = next((file for file in known if file in verdict.reason), "")
            if not self._kept_name:
                self.notices.warn(verdict.reason, key="cut")
            self._say()
            return
        picture, before = verdict.picture, document.work.foreground
        self.session.change(
            self.tr("keep {0}").format(Path(picture.file).stem),
            lambda project: cut_store.with_foreground(project, picture, before),
        )
        if document is self.document:
            document.set_foreground(picture.sha256)
            self._save()
            self._kept_name = picture.file
            self._note(document.path, picture.sha256, True)
        self._say()

    def _reject(self) -> None:
        document = self.document
        if document is None:
            return
        sha, status = document.work.foreground, "rejected" if self._status() == "good" else "good"
        text = self.tr("reject foreground") if status == "rejected" else self.tr("accept foreground")
        self.session.change(
            text,
            lambda p: p.model_copy(
                update={
                    "foregrounds": tuple(
                        f.model_copy(update={"status": status}) if f.sha256 == sha else f for f in p.foregrounds
                    )
                }
            ),
        )

    def _status(self) -> str:
        """Of the foreground that was kept of the open photo; empty where there is none."""
        sha = self.document.work.foreground if self.document else ""
        return next((f.status for f in self.session.project.foregrounds if sha and f.sha256 == sha), "")

    # What is said

    def _show_work(self) -> None:
        if self.document:
            self.form.show_finish(self.document.work.finish)
        self._show_enabled()
        self._say()

    def _show_enabled(self) -> None:
        document, act = self.document, self.act
        act["foregrounds.keep"].setEnabled(document is not None and document.has_cut)
        act["foregrounds.run"].setEnabled(document is not None and bool(document.work.seeds))
        act["foregrounds.previous"].setEnabled(self.strip.neighbour(-1) is not None)
        act["foregrounds.next"].setEnabled(self.strip.neighbour(1) is not None)
        status = self._status() if self.session.is_open else ""
        act["foregrounds.reject"].setEnabled(bool(status))
        act["foregrounds.reject"].setChecked(status == "rejected")
        self.form.setEnabled(document is not None)

    def _show_busy(self, busy: bool) -> None:
        self.line.set_busy(busy)
        self._say()

    def _say_failed(self, error: FgbgError) -> None:
        self.notices.error(error, key="cut")

    def _show_findings(self, findings: list[Finding]) -> None:
        if self.document and self.document.has_cut:
            self.findings.show_findings(findings)
        else:
            self.findings.say(self.tr("Nothing is cut yet."))
        self._show_enabled()
        self._say()

    def _say(self) -> None:
        shown = self.act["foregrounds.hints"].isChecked()
        if shown and self.canvas.view is View.SCENE and self.session.is_open and not self._kept_name:
            side = self.session.project.settings.size
            text = self.tr("As large as in the dataset, {0} × {0} pixels. N shows it on the next background.")
            self.line.say(text.format(side))
        else:
            self.line.say(hint(self.document, self.canvas.tool, self._kept_name) if shown else "")


def _scene_box(document: CutDocument) -> Box:
    """The square of the photo that a background fills, so that the object stands in it as in a composite."""
    x, y, width, height = extent(document.shown > 0)
    if not width:
        x, y, width, height = 0, 0, document.width, document.height
    side = max(round(max(height / _HEIGHT, width / _WIDTH)), 1)
    return x + width // 2 - side // 2, y + height - round(_FEET * side), side, side


