"""Dropping photos with outlines of other programs brings their cutouts, as on the command line, and says what came."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.project.photos import photo_files
from fgbg_studio.gui.foregrounds.outlined_photos import _sorted_out
from fgbg_studio.gui.foregrounds.photo_item import State
from tests.core.project.test_annotated import BOXES, outlines, photos
from tests.gui.foregrounds.test_panel import Hands, hands

__all__ = ["hands", "photos"]  # fixtures


def drop(hands: Hands, *paths: Path) -> None:
    hands.panel.drop(list(paths))
    hands.rest()


def words(hands: Hands) -> str:
    return " ".join(hands.panel.notices.texts())


@pytest.mark.parametrize("given", ["file and folder", "file alone", "folder alone"])
def test_where_outlines_and_photos_are(photos: Path, tmp_path: Path, given: str) -> None:
    file = outlines((tmp_path if given == "file and folder" else photos) / "o.json")
    paths = {"file and folder": [file, photos], "file alone": [file], "folder alone": [photos]}[given]
    coming = _sorted_out(paths)
    assert (coming.outlines, coming.photos) == ([photos] if given == "folder alone" else [file], [photos])


def test_what_is_outlined_comes_with_its_photo(hands: Hands, photos: Path, tmp_path: Path, qtbot: QtBot) -> None:
    """In one step of undo; what was left out is counted with its reason."""
    paths = [outlines(tmp_path / "o.json"), photos]
    assert hands.panel.accepts(paths)
    before = len(hands.panel.session.project.foregrounds)
    drop(hands, *paths)
    qtbot.waitUntil(lambda: "Added: 4 cutouts from 2 photos" in words(hands))
    assert "Left out: 1 only boxes or points, 1 crowds, 1 smaller than 32 pixels." in words(hands)
    added = hands.panel.session.project.foregrounds[before:]
    assert [one.category for one in added] == [*BOXES] * 2
    entries = [entry for entry in hands.panel.photos.entries() if entry.foreground in added]
    assert [entry.path.name for entry in entries] == ["p0.png", "p0-2.png", "p1.png", "p1-2.png"]
    assert {entry.state for entry in entries} == {State.TO_LOOK_AT}
    hands.panel.going.to(entries[1].path)
    hands.rest()
    assert hands.alpha.any()
    hands.panel.session.undo_stack.undo()
    assert len(hands.panel.session.project.foregrounds) == before
    assert not photo_files(hands.panel.session.folder)
    hands.panel.session.undo_stack.redo()
    assert len(photo_files(hands.panel.session.folder)) == 4
    hands.rest()
    drop(hands, *paths)
    qtbot.waitUntil(lambda: "4 there already" in words(hands))
    assert len(hands.panel.session.project.foregrounds) == before + 4


@pytest.mark.parametrize("program", ["coco", "labelme", "yolo"])
def test_files_of_each_program_are_dropped_on_the_window(
    program: str, hands: Hands, photos: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    files = [photos]
    corners = [(0.09, 0.18), (0.32, 0.18), (0.32, 0.65), (0.09, 0.65)]
    if program == "coco":
        files.insert(0, outlines(tmp_path / "o.json"))
    elif program == "yolo":
        (photos / "p0.txt").write_text("0 " + " ".join(f"{x} {y}" for x, y in corners))
    else:
        height, width = read_rgba(photos / "p0.png").shape[:2]
        shape = {"label": "dog", "points": [(x * width, y * height) for x, y in corners], "shape_type": "polygon"}
        said = {"imagePath": "p0.png", "imageWidth": width, "imageHeight": height, "shapes": [shape]}
        (photos / "p0.json").write_text(json.dumps(said))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    ways, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), ways, data, left, none)
    QApplication.sendEvent(hands.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(hands.window, QDropEvent(QPointF(300, 300), ways, data, left, none))
    qtbot.waitUntil(lambda: "Added:" in words(hands))
    classes = {entry.foreground.category for entry in hands.panel.photos.entries() if entry.foreground}
    assert {"coco": {*BOXES}, "labelme": {"dog"}, "yolo": {""}}[program] <= classes


def test_segments_beside_photos_and_what_is_none(hands: Hands, photos: Path, tmp_path: Path, qtbot: QtBot) -> None:
    """YOLO's texts; a text that is none leaves photos what they are; one without photos is a sentence."""
    (photos / "p0.txt").write_text("0 0.09 0.18 0.32 0.18 0.32 0.65 0.09 0.65")
    drop(hands, photos)
    qtbot.waitUntil(lambda: "Added: 1 cutout from 1 photo, to be looked at." in words(hands))
    (photos / "p0.txt").write_text("Photos of last summer\n")
    drop(hands, photos)
    qtbot.waitUntil(lambda: any(path.stem == "p1" for path in photo_files(hands.panel.session.folder)))
    hands.rest()
    lone = tmp_path / "alone" / "o.json"
    lone.parent.mkdir()
    outlines(lone)
    drop(hands, lone)
    qtbot.waitUntil(lambda: "There is no picture in" in words(hands))
