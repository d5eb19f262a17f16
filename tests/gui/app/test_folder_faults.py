"""The project's folder goes, or its disk refuses, while the window is open and something is not saved."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fgbg_studio.core.cutting.work import load_work
from fgbg_studio.core.project import storage
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.foregrounds import saver
from tests.conftest import MakeProject, longer, write_picture
from tests.gui.foregrounds.test_panel import Hands, draw_photo
from tests.helpers.disks import small_disk

CTRL = Qt.KeyboardModifier.ControlModifier
GONE = "is not there any more. Put the project's folder back there and try again."


@contextlib.contextmanager
def moved(folder: Path) -> Iterator[str]:
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    yield f"{folder} {GONE}"
    assert not folder.exists()  # nothing lies in the way of its return
    elsewhere.rename(folder)


@contextlib.contextmanager
def deleted(folder: Path) -> Iterator[str]:
    backup = folder.with_name("backup")
    shutil.copytree(folder, backup)
    shutil.rmtree(folder)
    yield f"{folder} {GONE}"
    assert not folder.exists()
    backup.rename(folder)


@contextlib.contextmanager
def a_file_in_its_place(folder: Path) -> Iterator[str]:
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    folder.write_text("no folder")
    yield f"{folder} {GONE}"
    assert folder.read_text() == "no folder"
    folder.unlink()
    elsewhere.rename(folder)


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[str]:
    if subprocess.run(["mount", "--bind", folder, folder], check=False, capture_output=True).returncode:
        pytest.skip("a folder is made read-only for everybody by a mount, which needs the right to it")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        yield "(Read-only file system). Make room or change permissions and try again."
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextlib.contextmanager
def full(folder: Path) -> Iterator[str]:
    filler = folder.parent / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    yield "(No space left on device). Make room or change permissions and try again."
    filler.unlink()


FAULTS: dict[str, Callable[[Path], AbstractContextManager[str]]] = {
    "moved": moved, "deleted": deleted, "a file in its place": a_file_in_its_place,
    "read-only": read_only, "full": full,
}  # fmt: skip


@pytest.mark.parametrize("fault", longer(["moved", "read-only", "full"], list(FAULTS)))
def test_it_is_said_once_nothing_is_lost_and_it_goes_on(
    fault: str,
    window: MainWindow,
    tmp_path: Path,
    qtbot: QtBot,
    make_project: MakeProject,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(saver, "_AGAIN_AFTER", 100)
    disk = small_disk(tmp_path / "disk", 6000) if fault == "full" else contextlib.nullcontext(tmp_path)
    with disk as home:
        folder = make_project(home, n_bg=2, n_fg=1)
        window.open_project(folder)
        qtbot.waitUntil(lambda: window.session.is_open)
        hands, session = Hands(window, qtbot), window.session
        hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
        hands.drag([(50, 20), (190, 185)])
        hands.rest()
        photo = folder / "photos" / "toy.png"
        qtbot.waitUntil(lambda: len(load_work(photo).seeds) == 1)
        panel = hands.panel
        panel.notices.clear()

        def texts() -> list[str]:
            return [*panel.notices.texts(), *window.workspace.notices.texts()]

        with FAULTS[fault](folder) as said:
            hands.drag([(90, 140), (150, 150)])
            session.change("rename", lambda project: project.model_copy(update={"name": "unsaved"}))
            qtbot.waitUntil(lambda: any(said in text for text in texts()))
            window.workspace.show_place("backgrounds")
            window.workspace.show_place("preview")
            window.workspace.show_place("foregrounds")
            hands.key(Qt.Key.Key_S, CTRL)
            with qtbot.waitSignal(session.failed):
                hands.key(Qt.Key.Key_S, CTRL)
            qtbot.waitUntil(lambda: session._refused)
            assert [text for text in texts() if said not in text] == []
            assert str(folder) in texts()[0]
            assert len(texts()) <= 3, texts()
            assert session.dirty
            assert not session.save_now()
            assert panel.unfinished() != ""
        assert panel.document is not None
        drawn = panel.document.work.seeds
        assert len(drawn) == 2
        qtbot.waitUntil(lambda: load_work(photo).seeds == drawn)
        hands.key(Qt.Key.Key_S, CTRL)
        qtbot.waitUntil(lambda: not session.dirty)
        hands.rest()
        assert panel.unfinished() == ""
        session.close()
        assert storage.load(folder).name == "unsaved"
        window.open_project(folder)
        qtbot.waitUntil(lambda: session.is_open)
        assert len(session.project.backgrounds) == 2
        window.session.jobs.stop()
        window.session.close()
