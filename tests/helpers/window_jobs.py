"""Each kind of work that the window does in the background: begun as a person begins it, and what comes of it."""

from __future__ import annotations

import hashlib
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from typing_extensions import override

from fgbg_studio.core.base.mirrors import CACHE_VARIABLE
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.work import ALPHA, Work, beside, load_work, save_work
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.project import photos, storage
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.dataset.panel import DatasetPanel
from fgbg_studio.gui.foregrounds.panel import ForegroundsPanel
from fgbg_studio.gui.generate.panel import GeneratePanel
from fgbg_studio.gui.session.panel import Panel
from tests.conftest import MakeProject, draw_background, draw_cutout, write_picture
from tests.helpers.datasets import make, small, tree


def panel_of(window: MainWindow, place: str) -> Panel:
    """A place of a window, shown."""
    window.workspace.show_place(place)
    return window.workspace.current


class WindowJob(ABC):
    """One kind; ``home`` has a project in ``project``, and beside it what the job reads and writes."""

    changes: ClassVar[list[str]] = small("studio-256")

    def lay_out(self, home: Path, make_project: MakeProject) -> None:
        """Make what there is before."""
        make_project(home, n_bg=2, n_fg=2, changes=self.changes)

    @contextmanager
    def around(self, folder: Path) -> Iterator[None]:
        """What there is beside all homes, while they are worked in: what is served, say; ``folder`` is its own."""
        del folder
        yield

    def at(self, home: Path) -> None:
        """The next window is of this home; its cache of networks lies beside it."""
        os.environ[CACHE_VARIABLE] = str(home.parent / "cache")  # which the test puts back

    @abstractmethod
    def begin(self, window: MainWindow, home: Path) -> None:
        """Begin it, or go on with it."""

    def ended(self, window: MainWindow) -> bool:
        """Whether it is at its end."""
        return not window.session.jobs.busy

    def outcome(self, home: Path) -> dict[str, str]:
        """Every file that it was about, by its hash; the project's own notes of a moment are not."""
        shown = {name: digest for name, digest in tree(home).items() if not name.startswith("project/.")}
        return {name: digest for name, digest in shown.items() if "/.fgbg/" not in name or "/shards/" in name}


class Import(WindowJob):
    """Pictures of both kinds."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    @override
    def lay_out(self, home: Path, make_project: MakeProject) -> None:
        super().lay_out(home, make_project)
        for number in range(24):
            background = self.kind == "backgrounds"
            drawn = draw_background(50 + number, 500, 400) if background else draw_cutout(50 + number, 200, 300)
            write_picture(home / "new" / f"{number:02}.png", drawn)

    @override
    def begin(self, window: MainWindow, home: Path) -> None:
        panel_of(window, self.kind)
        paths = sorted((home / "new").iterdir())
        session = window.session
        session.add_backgrounds(paths) if self.kind == "backgrounds" else session.add_foregrounds(paths)

    @override
    def outcome(self, home: Path) -> dict[str, str]:
        """By contents: names may be others where the same picture came in before."""
        project = storage.load(home / "project")
        pictures = getattr(project, self.kind)
        files = {path.name for path in (home / "project" / self.kind).iterdir() if not path.name.startswith(".")}
        assert files == {Path(picture.file).name for picture in pictures}, (
            "what no picture of the project names is left"
        )
        return {picture.sha256: "" for picture in pictures}


class Cut(WindowJob):
    """A rectangle around an object."""

    @override
    def lay_out(self, home: Path, make_project: MakeProject) -> None:
        super().lay_out(home, make_project)
        rows, columns = np.mgrid[0:700, 0:900]
        photo = np.full((700, 900, 3), (60.0, 130.0, 70.0))
        photo[np.hypot(rows - 320, columns - 450) < 180] = (200, 50, 40)
        noise = np.random.default_rng(0).normal(0, 12, photo.shape)
        write_picture(home / "project" / "photos" / "toy.png", np.asarray(np.clip(photo + noise, 0, 255), np.uint8))

    @override
    def begin(self, window: MainWindow, home: Path) -> None:
        panel = panel_of(window, "foregrounds")
        assert isinstance(panel, ForegroundsPanel)
        panel.controller.open(home / "project" / "photos" / "toy.png")
        while panel.document is None:
            QTest.qWait(5)
        if panel.document.work.seeds:
            return
        canvas, ends = panel.canvas, [(240, 110), (660, 540)]
        ratio = canvas.devicePixelRatioF()
        at = [(canvas.camera.to_screen(*place) / np.array(ratio)).round().astype(int).tolist() for place in ends]
        one, two = (canvas.rect().topLeft() + type(canvas.rect().topLeft())(*place) for place in at)
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, one)
        QTest.mouseMove(canvas, two)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, two)

    @override
    def ended(self, window: MainWindow) -> bool:
        panel = window.workspace.current
        assert isinstance(panel, ForegroundsPanel)
        document = panel.document
        return super().ended(window) and document is not None and not document.cutting and not document.refining

    @override
    def outcome(self, home: Path) -> dict[str, str]:
        alpha = beside(home / "project" / "photos" / "toy.png", ALPHA)
        return {"alpha": hashlib.sha256(alpha.read_bytes()).hexdigest()}


class FinishAll(WindowJob):
    """Cutouts finished as a batch."""

    @override
    def lay_out(self, home: Path, make_project: MakeProject) -> None:
        super().lay_out(home, make_project)
        folder = home / "project"
        for number in range(8):
            rows, columns = np.mgrid[0:300, 0:360]
            pixels = draw_background(70 + number, 360, 300)
            path = write_picture(folder / "photos" / f"p{number}.png", pixels)
            pixels = photos.open_photo(path).pixels
            alpha = np.asarray((np.hypot(rows - 150, columns - 180) < 60 + 3 * number) * 255, np.uint8)
            kept = photos.keep_cutout(folder, {}, path, pixels, alpha, Refinement()).picture
            assert kept is not None
            save_work(path, Work(foreground=kept.sha256), alpha, np.zeros_like(alpha))
            storage.save(folder, photos.with_foreground(storage.load(folder), kept, ""))

    @override
    def begin(self, window: MainWindow, home: Path) -> None:
        panel = panel_of(window, "foregrounds")
        assert isinstance(panel, ForegroundsPanel)
        wanted = Refinement(feather=2.0)
        items = [item for item in panel.controller.photos.entries() if item.foreground and item.path.stem[:1] == "p"]
        panel.batch.finish([item for item in items if load_work(item.path).finish != wanted], wanted)

    @override
    def outcome(self, home: Path) -> dict[str, str]:
        project = storage.load(home / "project")
        return {one.sha256: hashlib.sha256(read_rgba(home / "project" / one.file).tobytes()).hexdigest()
                for one in project.foregrounds}  # fmt: skip


class Check(WindowJob):
    """What Generate looks through before a run."""

    changes: ClassVar[list[str]] = [*small("studio-256"), "placements=40"]

    @override
    def begin(self, window: MainWindow, home: Path) -> None:
        panel_of(window, "generate")

    @override
    def ended(self, window: MainWindow) -> bool:
        panel = window.workspace.current
        assert isinstance(panel, GeneratePanel)
        return super().ended(window) and panel.checks.complete and panel.checks.forecast is not None


class Generate(WindowJob):
    """A run."""

    changes: ClassVar[list[str]] = [*small("studio-256"), "placements=12", "shard=8", "codecs.fg_bg.format=png"]

    @override
    def begin(self, window: MainWindow, home: Path) -> None:
        panel = panel_of(window, "generate")
        assert isinstance(panel, GeneratePanel)
        while not panel.checks.complete or panel.checks.busy:
            QTest.qWait(10)
        panel.start()

    @override
    def ended(self, window: MainWindow) -> bool:
        panel = next(panel for panel in window.panels if isinstance(panel, GeneratePanel))
        return super().ended(window) and not panel.run.state.alive  # a finished one is shown in another place

    @override
    def outcome(self, home: Path) -> dict[str, str]:
        return tree(home / "project-dataset")


class OfDataset(WindowJob):
    """What is done to a finished dataset: by the name of the action."""

    changes: ClassVar[list[str]] = [*small("studio-256"), "placements=40"]

    def __init__(self, action: str) -> None:
        self.action = action

    @override
    def lay_out(self, home: Path, make_project: MakeProject) -> None:
        super().lay_out(home, make_project)
        make(home / "project", home / "made", limit=None)
        if self.action == "repair":
            for name in ("fg_bg", "mask"):
                for path in sorted(
                    path for path in (home / "made").rglob("*") if path.is_file() and name in path.parts
                )[:6]:
                    path.write_bytes(b"damaged")

    def _panel(self, window: MainWindow) -> DatasetPanel:
        panel = window.workspace.current
        assert isinstance(panel, DatasetPanel)
        return panel

    @override
    def begin(self, window: MainWindow, home: Path) -> None:
        panel_of(window, "dataset")
        panel = self._panel(window)
        panel.show_dataset(home / "made")
        while panel.contents is None or window.session.jobs.busy:
            QTest.qWait(5)
        if self.action == "export":
            panel.exporter.write_card(panel.contents, home / "card")
        elif self.action == "count":
            panel.measuring.count()
        elif self.action == "explore":
            panel.act["dataset.explore"].setChecked(True)
        elif self.action == "verify":
            panel.act["dataset.verify"].trigger()
        else:
            panel.checking.repair()

    @override
    def outcome(self, home: Path) -> dict[str, str]:
        return {f"{name}/{file}": digest for name in ("made", "card") if (home / name).exists()
                for file, digest in tree(home / name).items()}  # fmt: skip


JOBS: dict[str, WindowJob] = {
    "adding backgrounds": Import("backgrounds"), "adding foregrounds": Import("foregrounds"), "cutting": Cut(),
    "finishing all": FinishAll(), "checking": Check(), "generating": Generate(), "verifying": OfDataset("verify"),
    "repairing": OfDataset("repair"), "exporting": OfDataset("export"), "counting": OfDataset("count"),
    "exploring": OfDataset("explore"),
}  # fmt: skip


def half_written(home: Path) -> list[Path]:
    """Files that were never finished."""
    return list(home.rglob("*.part"))


def children() -> list[int]:
    """Processes of this one that still live, but for Python's own tracker."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            words = (path / "cmdline").read_bytes()
        except OSError:
            continue
        if int(parent) == os.getpid() and state != "Z" and b"resource_tracker" not in words:
            found.append(int(path.name))
    return found


def copied(home: Path, to: Path) -> Path:
    """The same before it was begun."""
    shutil.copytree(home, to)
    return to
