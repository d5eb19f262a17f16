"""Keeping a cutout is a step of undo: in the place where it was cut, and in every other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.files import file_hash
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.project import cutout_files, recycle_bin
from tests.conftest import write_picture
from tests.gui.foregrounds.test_panel import RIGHT, Hands, cut, draw_photo, hands

__all__ = ["cut", "hands"]  # fixtures

CTRL, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def keep(cut: Hands, qtbot: QtBot) -> None:
    with qtbot.waitSignal(cut.window.session.changed):
        cut.panel.controller.keep()
    cut.rest()


def state(cut: Hands) -> str:
    document = cut.panel.document
    assert document
    return next(entry.state for entry in cut.panel.photos.entries() if entry.path == document.path)


def test_undo_takes_it_back_and_redo_brings_it(cut: Hands, qtbot: QtBot) -> None:
    session, before, alpha = cut.window.session, cut.window.session.project, cut.alpha
    keep(cut, qtbot)
    kept = session.project
    assert len(kept.foregrounds) == len(before.foregrounds) + 1
    assert cut.panel.undo_stack().undoText() == session.undo_stack.undoText() == "keep toy"
    assert cut.panel.controller.kept
    for _ in range(2):
        cut.key(Qt.Key.Key_Z, CTRL)
        assert session.project == before
        assert (state(cut), cut.panel.controller.kept) == ("begun", "")
        assert np.array_equal(cut.alpha, alpha)
        cut.key(Qt.Key.Key_Y, CTRL)
        assert session.project == kept
        assert state(cut) in {"to-look-at", "kept"}
    assert session.undo_stack.count() == 2  # the photo was added


def test_strokes_before_it_are_undone_after_it(cut: Hands, qtbot: QtBot) -> None:
    session, before = cut.window.session, cut.window.session.project
    keep(cut, qtbot)
    cut.drag([(90, 140), (150, 150)])
    cut.rest()
    for _ in range(2):
        cut.key(Qt.Key.Key_Z, CTRL)
    assert session.project == before
    assert cut.alpha.any()
    cut.key(Qt.Key.Key_Z, CTRL)
    assert not cut.alpha.any()


def test_what_was_done_elsewhere_since_stays(cut: Hands, qtbot: QtBot) -> None:
    session = cut.window.session
    keep(cut, qtbot)
    kept = session.project.foregrounds
    cut.window.workspace.show_place("backgrounds")
    session.change("rename", lambda p: p.model_copy(update={"name": "another"}))
    cut.window.workspace.show_place("foregrounds")
    cut.key(Qt.Key.Key_Z, CTRL)
    assert session.project.foregrounds == kept[:-1]
    assert session.project.name == "another"
    cut.key(Qt.Key.Key_Y, CTRL)
    assert session.project.foregrounds == kept


def test_it_can_be_undone_in_another_place(cut: Hands, qtbot: QtBot) -> None:
    session, before = cut.window.session, cut.window.session.project
    keep(cut, qtbot)
    cut.window.workspace.show_place("backgrounds")
    cut.key(Qt.Key.Key_Z, CTRL)
    assert session.project == before
    cut.window.workspace.show_place("foregrounds")
    assert state(cut) == "begun"
    cut.key(Qt.Key.Key_Z, CTRL)  # the photo's own step finds nothing to take back
    assert session.project == before


def test_the_one_that_was_kept_before_comes_back_to_its_photo(cut: Hands, qtbot: QtBot) -> None:
    session = cut.window.session
    keep(cut, qtbot)
    first = session.project.foregrounds[-1]
    cut.panel.form.grow.field.setValue(-2)
    cut.rest()
    keep(cut, qtbot)
    assert session.project.foregrounds[-1] != first
    cut.key(Qt.Key.Key_Z, CTRL)
    assert session.project.foregrounds[-1] == first
    assert cut.panel.document
    assert cut.panel.document.work.foreground == first.sha256
    assert state(cut) in {"to-look-at", "kept"}


@pytest.mark.parametrize("undone", [True, False])
def test_a_photo_has_one_cutout_by_one_name(cut: Hands, qtbot: QtBot, undone: bool) -> None:
    """Kept, taken back or not, changed, kept again: one file by the photo's name; undo brings the other one back."""
    session = cut.window.session
    place = session.folder / "foregrounds"

    def there() -> dict[str, str]:
        return {path.name: file_hash(path) for path in place.iterdir() if path.name.startswith("toy")}

    keep(cut, qtbot)
    first = session.project.foregrounds[-1]
    if undone:
        cut.key(Qt.Key.Key_Z, CTRL)
        assert there() == {}
    cut.panel.form.grow.field.setValue(-2)
    cut.rest()
    keep(cut, qtbot)
    second = session.project.foregrounds[-1]
    assert (second.file, there()) == (first.file, {"toy.png": second.sha256})
    cut.key(Qt.Key.Key_Z, CTRL)
    assert there() == ({} if undone else {"toy.png": first.sha256})
    cut.key(Qt.Key.Key_Y, CTRL)
    assert there() == {"toy.png": second.sha256}
    assert first.sha256[:12] in cutout_files.laid_aside(session.folder)
    assert session.project.foregrounds[-1] == second


def test_it_comes_back_by_the_name_that_its_photo_has_now(cut: Hands, qtbot: QtBot) -> None:
    session, panel = cut.window.session, cut.panel
    keep(cut, qtbot)
    kept = session.project.foregrounds[-1]
    panel.photos.rename(panel.items.items[panel.controller.wanted or Path()], "chair")
    qtbot.waitUntil(lambda: panel.document is not None and panel.document.path.stem == "chair")
    cut.rest()
    assert panel.document
    panel.document.undo_stack.undo()
    assert kept.sha256 not in {f.sha256 for f in session.project.foregrounds}
    panel.document.undo_stack.redo()
    assert session.project.foregrounds[-1] == kept.model_copy(update={"file": "foregrounds/chair.png"})
    assert file_hash(session.folder / "foregrounds" / "chair.png") == kept.sha256
    assert state(cut) in {"to-look-at", "kept"}


def test_closing_without_saving_leaves_the_files_that_were_saved(cut: Hands, qtbot: QtBot) -> None:
    session = cut.window.session
    keep(cut, qtbot)
    session.save_now()
    folder, first = session.folder, session.project.foregrounds[-1]
    cut.panel.form.grow.field.setValue(-2)
    cut.rest()
    keep(cut, qtbot)
    session.close()
    assert file_hash(folder / first.file) == first.sha256


def test_a_deleted_foreground_takes_its_photo_along(cut: Hands, qtbot: QtBot, project_folder: Path) -> None:
    session, panel = cut.window.session, cut.panel
    keep(cut, qtbot)
    panel.act["foregrounds.reject"].trigger()
    cut.rest()
    before = session.project
    panel.act["foregrounds.delete-rejected"].trigger()
    cut.rest()
    assert len(session.project.foregrounds) == 2
    assert not any(path.name.startswith("toy") for path in (project_folder / "photos").iterdir())
    assert {"foregrounds/toy.png", "photos/toy.png", "photos/toy.strokes.json"} <= set(
        recycle_bin.in_bin(project_folder)
    )
    assert all(entry.path.stem != "toy" for entry in panel.photos.entries())
    session.undo_stack.undo()
    cut.rest()
    assert session.project == before
    qtbot.waitUntil(lambda: any(entry.path.stem == "toy" for entry in panel.photos.entries()))
    panel.controller.open(project_folder / "photos" / "toy.png")
    qtbot.waitUntil(lambda: panel.document is not None and panel.document.path.stem == "toy")
    cut.rest()
    assert cut.alpha.any()


def test_what_is_kept_has_the_stroke_before_it(cut: Hands) -> None:
    """The cut by a stroke takes a while; who presses the key at once means what was drawn."""
    session = cut.window.session
    cut.drag([(170, 40), (60, 40)], RIGHT)
    assert cut.panel.document is not None
    assert cut.panel.document.cutting
    cut.panel.act["foregrounds.keep"].trigger()
    cut.rest()
    kept = read_rgba(session.folder / session.project.foregrounds[-1].file)[..., 3]
    assert int(kept.astype(int).sum()) == int(cut.panel.document.shown.astype(int).sum())


def test_keep_and_next_goes_to_what_has_no_cutout_yet(hands: Hands, tmp_path: Path) -> None:
    pixels = {name: draw_photo() // 2 + np.uint8(20 * number) for number, name in enumerate(("one", "two", "three"))}
    hands.add(*(write_picture(tmp_path / f"{name}.png", pixels[name]) for name in pixels))
    panel, stem = hands.panel, lambda: hands.panel.document.path.stem if hands.panel.document else ""
    for name, following in (("two", "three"), ("three", "one"), ("one", "one")):
        panel.controller.open(hands.window.session.folder / "photos" / f"{name}.png")
        hands.qtbot.waitUntil(lambda name=name: stem() == name)
        hands.drag([(50, 20), (190, 185)])
        hands.rest()
        hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        hands.qtbot.waitUntil(lambda following=following: stem() == following)
        hands.rest()
    assert len(hands.window.session.project.foregrounds) == 5


def test_keeping_can_go_on_by_itself(hands: Hands, tmp_path: Path) -> None:
    hands.add(
        write_picture(tmp_path / "one.png", draw_photo()), write_picture(tmp_path / "two.png", draw_photo()[::-1])
    )
    hands.panel.act["foregrounds.go-on"].trigger()
    hands.panel.controller.open(hands.window.session.folder / "photos" / "one.png")
    hands.rest()
    hands.drag([(50, 20), (190, 185)])
    hands.rest()
    hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    hands.rest()
    assert hands.panel.document is not None
    assert hands.panel.document.path.stem == "two"
    assert hands.window.session.settings.value("foregrounds/go-on", "0") == "1"


def test_who_is_sure_keeps_the_first_cut_before_it_has_come(hands: Hands, tmp_path: Path, qtbot: QtBot) -> None:
    hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
    session = hands.window.session
    assert not hands.panel.act["foregrounds.keep"].isEnabled()
    hands.drag([(50, 20), (190, 185)])
    assert hands.panel.document
    assert not hands.panel.document.has_cut
    with qtbot.waitSignal(session.changed, timeout=30_000):
        hands.key(Qt.Key.Key_Return, CTRL)
    assert session.project.foregrounds[-1].file == "foregrounds/toy.png"
    assert not session.project.foregrounds[-1].reviewed, "nobody has seen it"
    before = session.project
    hands.drag([(150, 120), (239, 199)])
    hands.key(Qt.Key.Key_Escape)
    hands.rest()
    assert session.project is before
