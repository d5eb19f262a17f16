"""Photos that come and go: added, too large, removed, doubled, each undone with the project's undo."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from fgbg_studio.core.cutting.work import STROKES, beside
from fgbg_studio.core.imaging.reading import MAX_REDUCED, upright_size
from fgbg_studio.core.project import recycle_bin
from fgbg_studio.gui.foregrounds import photo_actions
from tests.conftest import draw_background, draw_cutout, write_picture
from tests.gui.foregrounds.test_panel import Hands, cut, draw_photo, hands

__all__ = ["cut", "hands"]  # fixtures
CTRL = Qt.KeyboardModifier.ControlModifier


def press(hands: Hands, text: str) -> None:
    """The button of that text in a notice."""
    next(button for button in hands.panel.notices.findChildren(QPushButton) if button.text() == text).click()
    hands.rest()


def listed(hands: Hands) -> list[str]:
    return [entry.path.stem for entry in hands.panel.photos.entries() if "photos" in entry.path.parts]


def wait_for(hands: Hands, name: str) -> None:
    """Until the photo of that name is open."""
    panel = hands.panel
    hands.qtbot.waitUntil(lambda: panel.document is not None and panel.document.path.stem == name)
    hands.rest()


def drop(hands: Hands, *paths: Path) -> None:
    hands.rest()
    with hands.qtbot.waitSignal(hands.panel.photos.added):
        hands.panel.drop(list(paths))
    hands.rest()


def keep_open(hands: Hands) -> None:
    """Keep the cutout of the open photo."""
    with hands.qtbot.waitSignal(hands.window.session.changed):
        hands.panel.controller.keep()
    hands.rest()


def photos(folder: Path, *names: str, seed: int = 0) -> list[Path]:
    return [write_picture(folder / f"{name}.png", draw_background(number)) for number, name in enumerate(names, seed)]


def large(path: Path) -> Path:
    """56.2 megapixels."""
    Image.new("RGB", (8660, 6495), (90, 120, 150)).save(path)
    return path


class TestAdding:
    def test_a_folder_an_archive_and_what_is_refused(
        self, hands: Hands, tmp_path: Path, project_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        photos(tmp_path / "in" / "deep", "b", seed=5)
        photos(tmp_path / "in", "a", "x")
        write_picture(tmp_path / "in" / "figure.png", draw_cutout(9))
        for number in range(3):
            (tmp_path / "in" / f"broken {number}.jpg").write_bytes(b"\xff\xd8")
        with zipfile.ZipFile(tmp_path / "in" / "z.zip", "w") as archive:
            archive.write(write_picture(tmp_path / "zipped.png", draw_background(7)), "of a zip.png")
        monkeypatch.setattr(photo_actions, "ask_folder", lambda *_: tmp_path / "in")
        with hands.qtbot.waitSignal(hands.panel.photos.added):
            hands.panel.act["foregrounds.add-folder"].trigger()
        hands.rest()
        assert sorted(listed(hands)) == ["a", "b", "x"]
        assert len(hands.window.session.project.foregrounds) == 3
        assert not hands.panel.refusals.isHidden()
        assert hands.panel.refusals.title.text() == "Not added: 3"
        assert hands.panel.refusals.text.toPlainText().count("broken") == 3
        drop(hands, tmp_path / "in" / "z.zip")
        assert hands.panel.refusals.isHidden()
        wait_for(hands, "of a zip")
        assert not list(project_folder.glob(".unpacking*"))

    def test_the_file_dialog_knows_pictures_and_archives(
        self, hands: Hands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        asked: list[tuple[object, ...]] = []

        def ask(*arguments: object) -> list[Path]:
            asked.append(arguments)
            return photos(tmp_path, "toy")

        monkeypatch.setattr(photo_actions, "ask_files", ask)
        hands.panel.act["foregrounds.add"].trigger()
        wait_for(hands, "toy")
        assert "*.jpg" in str(asked[0][-1])
        assert "*.zip" in str(asked[0][-1])

    def test_who_is_at_work_stays_there(self, cut: Hands, tmp_path: Path) -> None:
        drop(cut, *photos(tmp_path / "in", "a", "b"))
        assert cut.panel.document
        assert cut.panel.document.path.stem == "toy"
        assert cut.panel.notices.texts() == ["Added: 2 photos."]
        press(cut, "Show the first")
        wait_for(cut, "a")

    def test_it_is_a_step_of_undo_with_all_that_was_done_since(
        self, cut: Hands, tmp_path: Path, project_folder: Path
    ) -> None:
        session, before = cut.window.session, listed(cut)
        drop(cut, *photos(tmp_path / "in", "a", "b"))
        assert session.undo_stack.undoText() == "add 2 photos"
        session.undo_stack.undo()
        cut.rest()
        assert listed(cut) == before
        session.undo_stack.undo()  # the photo that is open, with its strokes
        cut.rest()
        assert listed(cut) == []
        assert "photos/toy.strokes.json" in recycle_bin.in_bin(project_folder)
        session.undo_stack.redo()
        wait_for(cut, "toy")
        assert cut.alpha.any()
        session.undo_stack.redo()
        cut.rest()
        assert listed(cut) == ["toy", "a", "b"]


class TestLimit:
    def test_too_large_ones_are_asked_about_once_and_hold_nothing_up(self, hands: Hands, tmp_path: Path) -> None:
        two = [large(tmp_path / "one.jpg"), large(tmp_path / "two.jpg")]
        drop(hands, *two, *photos(tmp_path, "small"))
        wait_for(hands, "small")
        asked = "Too large to be cut, which is possible up to 50 megapixels: one.jpg (56.2 megapixels), "
        assert hands.panel.notices.texts() == ["Added: 1 photo.", f"{asked}two.jpg (56.2 megapixels)"]
        press(hands, "Leave them out")
        assert listed(hands) == ["small"]
        drop(hands, two[0])
        before = two[0].read_bytes()
        with hands.qtbot.waitSignal(hands.panel.photos.added):
            press(hands, "Add it reduced")
        wait_for(hands, "one")
        said = "Added: 1 photo. Reduced from 8,660 × 6,495 to 8,164 × 6,123 pixels."
        assert said in hands.panel.notices.texts()
        assert two[0].read_bytes() == before

    def test_one_of_an_archive_waits_for_the_answer(self, hands: Hands, tmp_path: Path, project_folder: Path) -> None:
        with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
            archive.write(large(tmp_path / "one.jpg"), "one.jpg")
        drop(hands, tmp_path / "z.zip")
        assert list(project_folder.glob(".unpacking*"))
        with hands.qtbot.waitSignal(hands.panel.photos.added):
            press(hands, "Add it reduced")
        wait_for(hands, "one")
        assert not list(project_folder.glob(".unpacking*"))

    def test_one_that_is_there_already_is_reduced_where_it_lies(
        self, hands: Hands, tmp_path: Path, project_folder: Path
    ) -> None:
        drop(hands, *photos(tmp_path, "small"))
        path = large(project_folder / "photos" / "old.jpg")
        hands.panel.photos._look_again()
        hands.rest()
        hands.panel.controller.open(path)
        cover = hands.panel.cover
        hands.qtbot.waitUntil(lambda: "56.2 megapixels, more than the 50 that can be cut" in cover.text)
        with hands.qtbot.waitSignal(hands.panel.photos.reduced):
            next(button for button in cover.findChildren(QPushButton) if button.text() == "Reduce it").click()
        wait_for(hands, "old")
        assert upright_size(path) == (8164, 6123)
        hands.key(Qt.Key.Key_Z, CTRL)
        hands.qtbot.waitUntil(lambda: "56.2 megapixels, more than the 50 that can be cut" in cover.text)
        assert (upright_size(path, MAX_REDUCED), hands.panel.controller.wanted) == ((8660, 6495), path)
        assert listed(hands)[-1] == "old"


class TestRemoving:
    def test_delete_takes_photo_work_and_cutout_and_all_come_back(
        self, cut: Hands, tmp_path: Path, project_folder: Path
    ) -> None:
        session = cut.window.session
        drop(cut, *photos(tmp_path / "in", "a", "b"))
        keep_open(cut)
        before = session.project
        cut.key(Qt.Key.Key_Delete)
        wait_for(cut, "a")
        assert listed(cut) == ["a", "b"]
        assert [f for f in before.foregrounds if f not in session.project.foregrounds] == [before.foregrounds[-1]]
        assert {"photos/toy.png", "photos/toy.strokes.json", "photos/toy.alpha.png", "foregrounds/toy.png"} <= set(
            recycle_bin.in_bin(project_folder)
        )
        cut.key(Qt.Key.Key_Z, CTRL)
        wait_for(cut, "toy")
        assert session.project == before
        assert listed(cut) == ["toy", "a", "b"]
        assert cut.alpha.any()
        assert not recycle_bin.in_bin(project_folder)

    def test_the_notice_restores(self, hands: Hands, tmp_path: Path, project_folder: Path) -> None:
        drop(hands, *photos(tmp_path / "in", "a", "b"))
        wait_for(hands, "a")
        project = hands.window.session.project
        hands.key(Qt.Key.Key_Delete)
        wait_for(hands, "b")
        assert hands.window.session.project is project
        press(hands, "Restore")
        wait_for(hands, "a")
        assert not hands.window.session.dirty
        assert listed(hands) == ["a", "b"]

    def test_nothing_is_written_any_more_for_a_photo_whose_cut_runs(self, cut: Hands, project_folder: Path) -> None:
        cut.drag([(90, 140), (150, 150)])
        assert cut.panel.document
        cut.key(Qt.Key.Key_Delete)
        cut.rest()
        place = project_folder / "photos"
        assert [path.name for path in place.iterdir()] == [".order"]  # of names, for a copy of the project
        assert recycle_bin.in_bin(project_folder)
        assert not beside(place / "toy.png", STROKES).exists()

    def test_several_at_once(self, hands: Hands, tmp_path: Path, project_folder: Path) -> None:
        drop(hands, *photos(tmp_path / "in", "a", "b", "c", "d"))
        wait_for(hands, "a")
        place = project_folder / "photos"
        hands.panel.strip.choose([place / "a.png", place / "c.png"])
        hands.key(Qt.Key.Key_Delete)
        wait_for(hands, "b")
        assert listed(hands) == ["b", "d"]
        assert hands.panel.notices.texts()[-1] == "Moved to the project's bin: 2 photos."
        hands.key(Qt.Key.Key_Z, CTRL)
        wait_for(hands, "a")
        assert listed(hands) == ["a", "b", "c", "d"]
        assert [item.path.stem for item in hands.panel.targets()] == ["a", "c"]

    def test_one_that_is_still_loading(self, hands: Hands, tmp_path: Path, project_folder: Path) -> None:
        drop(hands, *photos(tmp_path / "in", "a", "b"))
        wait_for(hands, "a")
        hands.panel.controller.open(project_folder / "photos" / "b.png")
        hands.key(Qt.Key.Key_Delete)
        wait_for(hands, "fg_0")
        assert listed(hands) == ["a"]


class TestAnother:
    def test_another_object_of_a_photo_is_a_photo_of_its_own(
        self, cut: Hands, tmp_path: Path, project_folder: Path
    ) -> None:
        session, panel = cut.window.session, cut.panel
        drop(cut, *photos(tmp_path / "in", "later"))
        keep_open(cut)
        panel.act["foregrounds.another"].trigger()
        wait_for(cut, "toy-2")
        assert listed(cut) == ["toy", "toy-2", "later"]
        assert not cut.alpha.any()
        cut.drag([(60, 20), (180, 130)])
        cut.rest()
        keep_open(cut)
        assert [f.file for f in session.project.foregrounds[-2:]] == ["foregrounds/toy.png", "foregrounds/toy-2.png"]
        cut.key(Qt.Key.Key_Delete)
        wait_for(cut, "later")
        assert listed(cut) == ["toy", "later"]
        assert (project_folder / "photos" / "toy.png").exists()
        assert session.project.foregrounds[-1].file == "foregrounds/toy.png"

    def test_it_is_a_step_of_undo(self, hands: Hands, tmp_path: Path) -> None:
        hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
        hands.panel.act["foregrounds.another"].trigger()
        wait_for(hands, "toy-2")
        hands.key(Qt.Key.Key_Z, CTRL)
        hands.qtbot.waitUntil(lambda: listed(hands) == ["toy"])
        hands.key(Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
        hands.qtbot.waitUntil(lambda: listed(hands) == ["toy", "toy-2"])


def test_removing_is_in_the_menus_of_strip_and_gallery(hands: Hands) -> None:
    for view in (hands.panel.strip.view, hands.panel.gallery.grid):
        assert hands.panel.act["foregrounds.remove"] in view.actions()
        assert view.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
