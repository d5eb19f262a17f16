"""What a killed import left in the project's folder is said; it is taken in or thrown away, as the person says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.project import recycle_bin
from fgbg_studio.core.project.judging import Verdict
from fgbg_studio.core.project.leftovers import Leftovers, not_in
from fgbg_studio.core.project.model import LISTS
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Choice, Notices
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session

KEY = "leftovers"


def tell_leftovers(notices: Notices, session: Session, found: Leftovers) -> None:
    """Say what was found and what was cleared away; offer to take the whole pictures in, or to throw them away."""
    said: list[str] = []
    choices: list[Choice] = []
    if found.unlisted:
        count = len(found.unlisted)
        one = _tr("1 picture lies in the project's folder but is not in the project")
        many = _tr("{0} pictures lie in the project's folder but are not in the project").format(number(count))
        said.append((one if count == 1 else many) + _tr(": adding was cut off, undone or not saved."))
        take, throw = (_tr("Take it in"), _tr("Move it to the bin")) if count == 1 else (
            _tr("Take them in"), _tr("Move them to the bin"),
        )  # fmt: skip
        choices = [
            (take, partial(_take_in, notices, session, found)),
            (throw, partial(_throw_away, session, found.unlisted)),
        ]
    if found.cleared:
        cleared = _tr("{0} files that were only half written are cleared away.").format(number(found.cleared))
        said.append(_tr("1 file that was only half written is cleared away.") if found.cleared == 1 else cleared)
    notices.warn(" ".join(said), choices, key=KEY)


def _take_in(notices: Notices, session: Session, found: Leftovers) -> None:
    verdicts: list[Verdict] = []

    def tell(kind: str, _: Worker) -> None:
        mine = [verdict for verdict in verdicts if verdict.path.parent.name == kind]
        refused = [verdict for verdict in mine if verdict.picture is None]
        text = _tr("Taken into the {0}: {1}.").format(kind, number(len(mine) - len(refused)))
        twins = [f"{kind}/{verdict.path.name}" for verdict in refused if verdict.twin]
        if twins and session.is_open:
            _throw_away(session, twins)  # else they would be asked about at every opening
        reasons = "; ".join(f"{verdict.path.name}: {verdict.reason}" for verdict in refused)
        notices.tell(f"{text} {_tr('Not taken in')}: {reasons}." if refused else text, key=f"{KEY}-{kind}")

    for kind in LISTS:
        files = [session.folder / file for file in found.unlisted if file.startswith(kind)]
        if files:
            worker = session.add_backgrounds(files) if kind == "backgrounds" else session.add_foregrounds(files)
            worker.produced.connect(verdicts.extend)
            worker.finished.connect(partial(tell, kind))


def _throw_away(session: Session, found: Sequence[str]) -> None:
    """Move what is still not in the project: meanwhile a picture may have been added again, or its adding redone."""
    files = not_in(session.project, found)
    if not files:
        return
    session.change_files(
        _tr("clear away pictures"),
        lambda project: project,
        partial(recycle_bin.throw_away, session.folder, files),
        partial(recycle_bin.bring_back, session.folder, files),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("leftovers", text)
