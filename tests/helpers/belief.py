"""What a person who watches the window expects to find the next time; the monkey's plain model."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from fgbg_studio.core.base.files import file_hash
from fgbg_studio.core.cutting.work import load_work
from fgbg_studio.gui.foregrounds.panel import ForegroundsPanel
from fgbg_studio.gui.session.session import Session


class FoundError(AssertionError):
    """Something that must never be."""


class Belief:
    """What a person who watched the window expects to find the next time."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.folder: Path | None = None
        self.project: str = ""
        self.seeds: dict[str, str] = {}
        self.saved_by_hand = False
        self.contents: set[str] = set()
        session.closing.connect(self.note)
        session.opened.connect(self.compare)
        session.files_moved.connect(self.look_into_bin)

    def note(self) -> None:
        """The project is about to be closed."""
        session = self.session
        self.folder = session.folder
        if self.saved_by_hand and session.dirty:
            raise FoundError("closed by “Save and close”, and not saved")
        stored = session.project if not session.dirty else session._stored
        assert stored is not None
        self.project, self.seeds = stored.model_dump_json(), drawn(self.panel)
        self.saved_by_hand = False

    def compare(self) -> None:
        """A project is open: if it is the one that was closed, all is as it was."""
        session = self.session
        if session.folder != self.folder:
            self.contents = contents(session.folder)
            self.project, self.folder = "", session.folder
            return
        if self.project and session.project.model_dump_json() != self.project:
            raise FoundError(f"opened again it is {session.project.model_dump_json()}, and was {self.project}")
        self.project = ""
        for name, seeds in self.seeds.items():
            photo = session.folder / "photos" / name
            if photo.exists() and (now := _said(load_work(photo).seeds)) != seeds:
                raise FoundError(f"on {name} there is {now}, and was {seeds}")
        self.check()

    def check(self) -> None:
        """Every picture has its file, and nothing that ever was is gone."""
        session = self.session
        there = contents(session.folder)
        if lost := self.contents - there:
            raise FoundError(f"files are gone: {lost}")
        self.contents |= there
        for picture in (*session.project.backgrounds, *session.project.foregrounds):
            path = session.folder / picture.file
            if not path.exists() or file_hash(path) != picture.sha256:
                raise FoundError(f"{picture.file} is {'another file' if path.exists() else 'not there'}")

    def look_into_bin(self) -> None:
        """After it was emptied, what is gone is gone."""
        if self.session.is_open and not (self.session.folder / ".bin").exists():
            self.contents = contents(self.session.folder)

    panel: ForegroundsPanel


def drawn(panel: ForegroundsPanel) -> dict[str, str]:
    """What is drawn on the photos in memory, by their names."""
    return {document.path.name: _said(document.work.seeds) for document in panel.controller._open.documents}


def _said(seeds: object) -> str:
    return sha256(repr(seeds).encode()).hexdigest()[:12]


def contents(folder: Path) -> set[str]:
    """Name and hash of what people gave or made: pictures, photos, cutouts, in their folders or in the bin."""
    found: set[str] = set()
    for place in ("backgrounds", "foregrounds", "photos"):
        for home in (folder, folder / ".bin"):
            found |= {file_hash(path) for path in _pictures(home / place)}
    return found


def _pictures(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        for path in folder.iterdir():
            own = any(path.name.endswith(end) for end in (".alpha.png", ".painted.png", ".mask.png"))
            if path.suffix in {".png", ".jpg"} and not own and not path.name.startswith("."):
                yield path
