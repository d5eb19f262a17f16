"""Photos that are dropped with outlines drawn on them in other programs: they come with their cutouts, and a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.imaging.annotations.reading import annotation_files, has_outlines, may_be_annotations
from fgbg_studio.core.imaging.finding import PassedOver, Reason
from fgbg_studio.core.project.annotated import Annotations
from fgbg_studio.core.project.judging import Verdict
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.properties import Properties
from fgbg_studio.gui.foregrounds.photo_list import PhotoList
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Choice, Notices
from fgbg_studio.gui.lib.refused_files import RefusedFiles
from fgbg_studio.gui.session.incoming import refusal


@dataclass
class _Coming:
    """Outlined photos on their way: the places of outlines, those of photos, and what has come of it."""

    outlines: list[Path]
    photos: list[Path]
    added: Annotations | None = None
    verdicts: list[Verdict] = field(default_factory=list)


class OutlinedPhotos(QObject):
    """See the module.

    Args:
        photos: of the project.
        others: takes what is dropped and holds no outlines.
        notices: where it is said what came.
        refusals: where each file that did not is listed.
        parent: of the object.

    Signals:
        wanted: the photo that is to be opened.
    """

    wanted = Signal(object)

    def __init__(
        self, photos: PhotoList, others: Callable[[list[Path]], object], notices: Notices, refusals: RefusedFiles,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._photos, self._others, self._notices, self._refusals = photos, others, notices, refusals
        self._session = photos.session

    def drop(self, paths: list[Path]) -> None:
        """Add what was dropped: photos with their outlines where there are any, and else as ever."""
        if not any(may_be_annotations(path) or path.is_dir() for path in paths):
            self._others(paths)
            return
        folder = self._session.folder
        self._session.jobs.run(
            self.tr("looking for outlines"), partial(_sorted_out, paths), failed=self._notices.error, priority=10,
            done=partial(self._take, folder, paths),
        )  # fmt: skip

    def _take(self, folder: Path, paths: list[Path], coming: _Coming) -> None:
        if not self._is_open(folder):
            return
        if not coming.outlines:
            self._others(paths)
            return
        self._notices.clear("added")
        worker = self._session.jobs.run(
            self.tr("adding outlined photos"), partial(_add, folder, self._session.project, coming),
            produced=coming.verdicts.extend, failed=partial(self._notices.error, key="added"), visible=True,
        )  # fmt: skip
        worker.finished.connect(lambda _: self._end(folder, coming))

    def _end(self, folder: Path, coming: _Coming) -> None:
        """All that came until the end, or until it was stopped, is one step."""
        if not self._is_open(folder) or coming.added is None:
            return
        came = list(coming.added.photos)
        pictures = [verdict.picture for verdict in coming.verdicts if isinstance(verdict.picture, Foreground)]
        there = {one.sha256: one for one in pictures}
        if came and self._photos.take_outlined(came, list(there.values())):
            show: list[Choice] = [(self.tr("Show the first"), partial(self.wanted.emit, came[0][0]))]
            self._notices.tell(self._report(coming, came), show, key="added")
        elif not came and coming.added.left_out:
            self._notices.warn(self._report(coming, came), key="added")
        refused = [refusal(one.path, one.reason, one.error) for one in coming.verdicts if one.error]
        if refused:
            self._refusals.show_refused(self.tr("Not added: {0}").format(number(len(refused))), refused)

    def _report(self, coming: _Coming, came: Sequence[tuple[Path, str]]) -> str:
        assert coming.added is not None
        sources = len({verdict.path for verdict in coming.verdicts if verdict.picture})
        cutouts = self.tr("1 cutout") if len(came) == 1 else self.tr("{0} cutouts").format(number(len(came)))
        photos = self.tr("1 photo") if sources == 1 else self.tr("{0} photos").format(number(sources))
        words = [self.tr("Added: {0} from {1}, to be looked at.").format(cutouts, photos)] if came else []
        left = ", ".join(f"{number(count)} {reason}" for reason, count in coming.added.left_out.items() if count)
        words += [self.tr("Left out: {0}.").format(left)] if left else []
        return " ".join(words)

    def _is_open(self, folder: Path) -> bool:
        return self._session.is_open and self._session.folder == folder


def _sorted_out(paths: list[Path]) -> _Coming:
    """Which of these hold outlines, and which photos: those beside the files of outlines, where none are given."""
    files = [path for path in paths if path.is_file() and may_be_annotations(path)]
    folders = [path for path in paths if path.is_dir()]
    outlines = [path for path in files if has_outlines(path)] + [path for path in folders if has_outlines(path)]
    photos = [path for path in paths if path not in files]
    return _Coming(outlines, photos or sorted({path.parent for path in files}))


def _add(folder: Path, project: Project, coming: _Coming) -> Iterator[Progress | Verdict]:
    passed = PassedOver()
    passed.ignore(Reason.NAME)
    coming.added = added = Annotations(folder, project, coming.photos, Properties(), passed=passed)
    total = sum(len(annotation_files(path)) for path in coming.outlines)
    refused: FgbgError | None = None
    for path in coming.outlines:
        try:
            for verdict in added.of(path):
                yield verdict
                yield Progress("adding photos", len(added.photos), 0 if total == 1 else max(total, len(added.photos)))
        except FgbgError as error:
            refused = refused or error
    if refused and not added.photos and not added.left_out:
        raise refused
