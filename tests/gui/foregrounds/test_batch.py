"""Many cutouts at once: mended, finished, kept; one step of undo, and nothing that was drawn is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer

from fgbg_studio.core.cutting.check import check_cutout
from fgbg_studio.core.cutting.quality import quality_of
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.work import ALPHA, STROKES, Work, load_work, save_work
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.project import photos
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.redo import Redone
from fgbg_studio.gui.foregrounds import batch
from fgbg_studio.gui.foregrounds.photo_item import State
from fgbg_studio.gui.generate.panel import GeneratePanel
from tests.gui.foregrounds.test_one_photo import Gate
from tests.gui.foregrounds.test_panel import Hands, hands
from tests.gui.foregrounds.test_strip import alpha_of, press, shown, six

__all__ = ["hands", "six"]  # fixtures


def photo(hands: Hands, name: str) -> Path:
    return hands.window.session.folder / "photos" / f"{name}.png"


def keep_flawed(hands: Hands, name: str) -> None:
    """Keep a cutout with a speck beside it and a hole in it."""
    session, path = hands.window.session, photo(hands, name)
    pixels = photos.open_photo(path).pixels
    alpha = alpha_of(pixels)
    alpha[150:152, 30:32] = 255
    alpha[79:82, 119:122] = 0
    picture = photos.keep_cutout(session.folder, {}, path, pixels, alpha, Refinement()).picture
    assert isinstance(picture, Foreground)
    save_work(path, Work(foreground=picture.sha256), alpha, np.zeros_like(alpha))

    def change(project: Project) -> Project:
        return photos.with_foreground(project, picture.model_copy(update={"reviewed": True}), "")

    session.change(f"keep {name}", change)
    hands.panel.photos.note(photos.Photo(path, picture.sha256, begun=True))


@pytest.fixture
def flawed(six: Hands) -> Hands:
    """The gallery of `six`; shot-10 and shot-11 have specks and holes, other is begun."""
    for name in ("shot-10", "shot-11"):
        keep_flawed(six, name)
    path = photo(six, "other")
    alpha = alpha_of(photos.open_photo(path).pixels)
    save_work(path, Work(), alpha, np.zeros_like(alpha))
    six.panel.photos.note(photos.Photo(path, "", begun=True))
    six.key(Qt.Key.Key_Q)
    return six


def run(hands: Hands, name: str) -> str:
    """Press one of the buttons, and wait for the end; what was said."""
    panel = hands.panel
    assert panel.act[f"foregrounds.{name}"].isEnabled()
    with hands.qtbot.waitSignal(panel.batch.said) as said:
        panel.act[f"foregrounds.{name}"].trigger()
    hands.rest()
    text = said.args[0]
    assert isinstance(text, str)
    assert text in panel.notices.texts()
    return text


def kept(hands: Hands, name: str) -> Foreground:
    found = hands.panel.items.items[photo(hands, name)].foreground
    assert found
    return found


def snapshot(hands: Hands) -> dict[str, bytes]:
    """All that lies beside the photos and says what was done to them."""
    folder = hands.window.session.folder / "photos"
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name.endswith((STROKES, ALPHA))}


def test_mend_all_is_one_step_and_undone_whole(flawed: Hands) -> None:
    session, folder = flawed.window.session, flawed.window.session.folder
    before, files, steps, names = session.project, snapshot(flawed), session.undo_stack.count(), shown(flawed)
    text = run(flawed, "mend-all")
    assert text == "2 mended, 4 needed nothing."
    assert session.undo_stack.count() == steps + 1
    assert shown(flawed) == names
    for name in ("shot-10", "shot-11"):
        quality = quality_of(read_rgba(folder / kept(flawed, name).file))
        assert not quality.mendable
        assert kept(flawed, name).reviewed
        assert load_work(photo(flawed, name)).foreground == kept(flawed, name).sha256
    after, files_after = session.project, snapshot(flawed)
    for _ in range(2):
        session.undo_stack.undo()
        assert session.project == before
        assert snapshot(flawed) == files
        assert kept(flawed, "shot-10") in before.foregrounds
        session.undo_stack.redo()
        assert session.project == after
        assert snapshot(flawed) == files_after
        assert kept(flawed, "shot-10") in after.foregrounds


def test_one_kind_is_mended_alone_and_said_where_it_was_asked(flawed: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    session, window = flawed.window.session, flawed.window
    generate = next(panel for panel in window.panels if isinstance(panel, GeneratePanel))
    halting = Halting(1, monkeypatch)
    said: list[tuple[str, bool]] = []
    session.mended.connect(lambda text, trouble: said.append((text, trouble)))
    with flawed.qtbot.waitSignals([session.mended] * 2):
        session.mend_wanted.emit([kept(flawed, name).sha256 for name in ("shot-10", "shot-11")], "holes")
        assert halting.gate.reached.wait(120)
        session.mend_wanted.emit([kept(flawed, "shot-10").sha256], "islands")  # by a second press
        halting.gate.open.set()
    assert said == [("Other cutouts are still being made: mend these once that has ended.", True), ("2 mended.", False)]
    assert "2 mended." in generate.notices.texts()
    assert "2 mended." not in flawed.panel.notices.texts()
    for name in ("shot-10", "shot-11"):
        left = check_cutout(read_rgba(session.folder / kept(flawed, name).file))
        assert "islands" in {issue.code for issue in left}
        assert "holes" not in {issue.code for issue in left}


def test_what_is_mended_is_what_opens(flawed: Hands) -> None:
    run(flawed, "mend-all")
    flawed.key(Qt.Key.Key_Q)
    press(flawed, "shot-10")
    flawed.rest()
    assert flawed.panel.document
    assert flawed.panel.document.path.stem == "shot-10"
    assert flawed.alpha[80, 120] == 255
    assert flawed.alpha[150, 30] == 0
    assert not flawed.panel.document.issues


def test_a_photos_own_undo_goes_on_behind_what_was_mended_and_finished(flawed: Hands) -> None:
    flawed.key(Qt.Key.Key_Q)
    press(flawed, "shot-10")
    flawed.rest()
    found = flawed.alpha
    flawed.key(Qt.Key.Key_I)
    flawed.drag([(90, 140), (150, 150)])
    flawed.rest()
    drawn = flawed.alpha
    flawed.key(Qt.Key.Key_Q)
    run(flawed, "mend-all")
    flawed.panel.mode.form.show_finish(Refinement(feather=1.5))
    run(flawed, "finish-all")
    bar, notices = flawed.panel.gallery.bar, flawed.panel.notices
    assert notices.mapTo(flawed.panel, QPoint()).y() >= bar.mapTo(flawed.panel, QPoint(0, bar.height())).y()
    flawed.panel.gallery.opened.emit(photo(flawed, "shot-10"))
    flawed.rest()
    document = flawed.panel.document
    assert document
    stack = document.undo_stack
    assert flawed.panel.undo_stack() is stack, "who opens a photo from the gallery undoes what was done to it"
    assert [stack.text(number) for number in range(stack.count())][-2:] == ["mend", "finish"]
    mended = flawed.alpha
    stack.undo()
    assert not document.work.finish.feather
    stack.undo()
    assert np.array_equal(flawed.alpha, drawn)
    stack.undo()
    assert np.array_equal(flawed.alpha, found)
    stack.setIndex(stack.count())
    assert np.array_equal(flawed.alpha, mended)


def test_finish_all_of_the_selected(flawed: Hands) -> None:
    panel, session = flawed.panel, flawed.window.session
    paths = [str(photo(flawed, name)) for name in ("shot-1", "shot-2")]
    panel.gallery.grid.choose(paths, paths[0])
    before = session.project
    panel.mode.form.show_finish(Refinement(feather=3))
    assert run(flawed, "finish-all") == "2 finished."
    changed = [new for old, new in zip(before.foregrounds, session.project.foregrounds, strict=True) if old != new]
    assert changed == [kept(flawed, "shot-1"), kept(flawed, "shot-2")]
    soft = read_rgba(session.folder / changed[0].file)[..., 3]
    assert np.count_nonzero((soft > 20) & (soft < 235)) > 300
    assert load_work(photo(flawed, "shot-1")).finish.feather == 3
    session.undo_stack.undo()
    assert load_work(photo(flawed, "shot-1")).finish.feather == 0
    assert run(flawed, "finish-all") == "2 finished."


def test_finishing_twice_is_finishing_once(flawed: Hands) -> None:
    """Of cutouts without a photo too: they become photos of their own, whose finish is known."""
    panel, session = flawed.panel, flawed.window.session
    before, listed = session.project, {item.path for item in panel.photos.entries()}
    panel.mode.form.show_finish(Refinement(feather=2))
    assert run(flawed, "finish-all") == "6 finished."
    once = session.project
    flawed.qtbot.waitUntil(lambda: all(panel.photos.is_photo(item.path) for item in panel.photos.entries()))
    assert run(flawed, "finish-all") == "0 finished, 6 needed nothing."
    assert session.project == once
    panel.mode.form.show_finish(Refinement(clean=False))
    run(flawed, "finish-all")
    own = [f.file for f in before.foregrounds[:2]]
    unfinished = {f.file: read_rgba(session.folder / f.file)[..., 3] for f in session.project.foregrounds}
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert session.project == before
    flawed.qtbot.waitUntil(lambda: {item.path for item in panel.photos.entries()} == listed)
    for file in own:
        assert np.count_nonzero(read_rgba(session.folder / file)[..., 3]) == np.count_nonzero(unfinished[file])
    assert not list((session.folder / "photos").glob("fg*"))
    session.undo_stack.redo()
    assert session.project == once
    flawed.qtbot.waitUntil(lambda: all(panel.photos.is_photo(item.path) for item in panel.photos.entries()))
    assert run(flawed, "finish-all") == "6 finished."


def test_keep_all_begun_leaves_them_to_be_looked_at(flawed: Hands) -> None:
    assert run(flawed, "keep-all") == "1 kept."
    item = flawed.panel.items.items[photo(flawed, "other")]
    assert item.state is State.TO_LOOK_AT
    flawed.window.session.undo_stack.undo()
    assert flawed.panel.items.items[photo(flawed, "other")].state is State.BEGUN


def test_who_picks_a_guess_keeps_it(flawed: Hands) -> None:
    panel, session = flawed.panel, flawed.window.session
    path = photo(flawed, "other")
    panel.gallery.grid.choose([str(path)], str(path))
    draft = panel.gallery.pictures
    flawed.qtbot.waitUntil(lambda: draft.cutout(panel.items.items[path]) is not None)
    before = session.project
    with flawed.qtbot.waitSignal(session.changed):
        flawed.key(Qt.Key.Key_P)
    item = panel.items.items[path]
    assert item.state is State.KEPT
    assert draft.cutout(item) is not None, "it looks as before until what was kept is loaded"
    assert panel.gallery.current == photo(flawed, "last")
    assert session.undo_stack.undoText() == "keep other"
    flawed.key(Qt.Key.Key_P)  # nothing is cut of that one
    flawed.rest()
    session.undo_stack.undo()
    assert session.project == before
    assert panel.items.items[path].state is State.BEGUN


def test_what_is_picked_while_a_batch_runs_is_kept_after_it(flawed: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, done = Gate(), batch.redo_cutout

    def waits(*args: Any, **more: Any) -> Redone:
        gate.wait()
        return done(*args, **more)

    monkeypatch.setattr(batch, "redo_cutout", waits)
    panel, path = flawed.panel, photo(flawed, "other")
    panel.mode.form.show_finish(Refinement(feather=2))
    panel.act["foregrounds.finish-all"].trigger()
    panel.gallery.grid.choose([str(path)], str(path))
    for _ in range(2):
        panel.judge(State.KEPT)
        panel.gallery.grid.choose([str(path)], str(path))
    gate.open.set()
    flawed.qtbot.waitUntil(lambda: panel.items.items[path].state is State.KEPT)
    flawed.rest()
    assert not any("could not" in text for text in panel.notices.texts())


def test_a_batch_ends_with_its_project(flawed: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the same project is opened again before the batch has noticed."""
    panel, session, halting = flawed.panel, flawed.window.session, Halting(1, monkeypatch)
    panel.mode.form.show_finish(Refinement(feather=2))
    panel.act["foregrounds.finish-all"].trigger()
    assert halting.gate.reached.wait(120)
    folder = session.folder
    session.save_now()
    files = {one.file for one in session.project.foregrounds}
    session.close()
    with flawed.qtbot.waitSignal(session.opened):
        flawed.window.open_project(folder)
    assert not panel.batch.busy
    assert not [worker.title for worker in session.jobs.visible if "finish" in worker.title]
    before = session.project
    halting.gate.open.set()
    flawed.qtbot.waitUntil(lambda: not session.jobs.busy)
    assert session.project == before
    assert not [text for text in panel.notices.texts() if "finished" in text]
    assert {f"foregrounds/{path.name}" for path in (folder / "foregrounds").iterdir()} == files


def test_a_stroke_on_an_open_photo_is_saved_first(flawed: Hands) -> None:
    panel = flawed.panel
    flawed.key(Qt.Key.Key_Q)
    press(flawed, "shot-10")
    flawed.rest()
    flawed.drag([(90, 140), (150, 150)])
    flawed.rest()
    seeds = panel.document.work.seeds if panel.document else ()
    assert seeds
    flawed.key(Qt.Key.Key_Q)
    run(flawed, "mend-all")
    assert load_work(photo(flawed, "shot-10")).seeds == seeds


class Halting:
    """Makes cutouts anew, and waits after so many of them until it is let go on."""

    def __init__(self, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made, self.gate, self._after, self._make = 0, Gate(), after, batch.redo_cutout
        monkeypatch.setattr(batch, "redo_cutout", self)

    def __call__(self, *arguments: Any, **options: Any) -> Redone:
        made = self._make(*arguments, **options)
        self.made += 1
        if self.made == self._after:
            self.gate.wait()
        return made


def test_what_is_drawn_while_all_are_made_anew_wins(flawed: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    panel, path = flawed.panel, photo(flawed, "shot-11")
    flawed.key(Qt.Key.Key_Q)
    press(flawed, "shot-11")
    flawed.rest()
    flawed.key(Qt.Key.Key_Q)
    panel.mode.form.show_finish(Refinement(feather=2))
    halting, before = Halting(6, monkeypatch), kept(flawed, "shot-11")
    with flawed.qtbot.waitSignal(panel.batch.said) as said:
        panel.act["foregrounds.finish-all"].trigger()
        assert halting.gate.reached.wait(120)
        flawed.key(Qt.Key.Key_Q)
        flawed.drag([(90, 140), (150, 150)])
        assert panel.document
        seeds = panel.document.work.seeds
        halting.gate.open.set()
    assert seeds
    assert said.args[0] == "5 finished, 1 could not be: shot-11 (changed meanwhile)."
    assert load_work(path).seeds == seeds
    assert kept(flawed, "shot-11") == before
    flawed.rest()


def test_what_fails_is_named(flawed: Hands) -> None:
    flawed.panel.notices.clear()
    photo(flawed, "shot-10").write_bytes(b"no picture any more")
    text = run(flawed, "mend-all")
    assert text.startswith("1 mended, 4 needed nothing, 1 could not be: shot-10 (")
    assert not [timer for timer in flawed.panel.notices.findChildren(QTimer) if timer.isActive()], "it stays"


def test_stopping_keeps_what_was_done(flawed: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    panel, session = flawed.panel, flawed.window.session
    panel.mode.form.show_finish(Refinement(feather=2))
    before, steps, halting = session.project, session.undo_stack.count(), Halting(2, monkeypatch)
    with flawed.qtbot.waitSignal(panel.batch.said) as said:
        panel.act["foregrounds.finish-all"].trigger()
        assert not panel.act["foregrounds.finish-all"].isEnabled()
        assert halting.gate.reached.wait(120)
        session.jobs.visible[0].cancel()
        halting.gate.open.set()
    flawed.rest()
    assert said.args[0] == "2 finished."
    assert halting.made == 2
    assert sum(new != old for new, old in zip(session.project.foregrounds, before.foregrounds, strict=True)) == 2
    assert session.undo_stack.count() == steps + 1
    assert panel.act["foregrounds.finish-all"].isEnabled()
    session.undo_stack.undo()
    assert session.project == before
