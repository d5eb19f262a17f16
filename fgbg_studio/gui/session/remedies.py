"""Following a remedy that a person chose beside an error or an issue."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import Remedy
from fgbg_studio.core.project import storage
from fgbg_studio.gui.lib.remedies import changes, name_of
from fgbg_studio.gui.session.session import Session


def follow(session: Session, remedy: Remedy) -> None:
    """Change the settings as one step of undo, or have the place shown where a person goes on."""
    if not session.is_open:
        return
    wanted = changes(remedy)
    if not wanted:
        session.remedy_wanted.emit(remedy)
        return
    names = QCoreApplication.translate("remedies", " and ").join(map(name_of, wanted))
    text = QCoreApplication.translate("remedies", "change {0}").format(names)
    try:
        if not session.change(text, lambda project: storage.changed(project, wanted)):
            session.changed.emit()  # it was so already; that a person says so may be what was missing, as for a network
    except FgbgError as error:
        session.failed.emit(error)
