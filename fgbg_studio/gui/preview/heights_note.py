"""A quiet question in the inspector: how tall are the foregrounds of which nobody said it."""

from __future__ import annotations

from pathlib import PurePosixPath

from PySide6.QtWidgets import QWidget

from fgbg_studio.core.plan.fitting_heights import Suggested, fitting_heights, with_fitting_heights
from fgbg_studio.core.project.heights import doubtful, without_height
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.basics import button, label, vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.session.session import Session

_NAMED = 4


class HeightsNote(QWidget):
    """Says what is assumed of foregrounds without a height, and sets what is likelier at one press."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: tuple[object, object] = (None, None)
        self._misfits: set[str] = set()
        self.words, self.likely = label("", "caption", wrap=True), label("", "caption", wrap=True)
        self.take = button(self.tr("Set these heights"))
        self.take.setToolTip(self.tr("Each can be changed afterwards, in the large view or in Foregrounds"))
        self.take.clicked.connect(self._take)
        column = vbox(self, UNIT)
        for part in (self.words, self.likely, self.take):
            column.addWidget(part)

    def show_project(self, project: Project) -> None:
        """Say what is assumed in the project."""
        seen = project.foregrounds, project.settings.foreground
        if all(one is other for one, other in zip(seen, self._shown, strict=True)):
            return  # while lines are dragged, with thousands of foregrounds
        self._shown = seen
        unknown, good = without_height(project), len(project.good_foregrounds())
        metres = f"{project.settings.foreground.real_height:g}"
        said = self.tr("{0} of {1} foregrounds have no height of their own; they are taken as {2} m tall.")
        if not unknown:
            said = self.tr("Every foreground has a height of its own.")
        self.words.setText(said.format(number(len(unknown)), number(good), metres))
        odd = [(one, likely) for one, likely in doubtful(project) if one.sha256 not in self._misfits]
        misfits = [(one, likely) for one, likely in doubtful(project) if one.sha256 in self._misfits]
        sentences = [self.tr("Likelier by class and shape: {0}.").format(self._named(odd))] if odd else []
        if misfits:
            said = self.tr("Likelier too, but then it does not fit into the frame as placed here: {0}.")
            sentences.append(said.format(self._named(misfits)))
        self.likely.setText(" ".join(sentences))
        self.likely.setVisible(bool(sentences))
        self.take.setVisible(bool(odd))
        self.setVisible(bool(good))

    def _named(self, odd: Suggested) -> str:
        names = [
            f"{PurePosixPath(one.file).name} {likely.metres:g} m" + (f" ({likely.why})" if likely.why else "")
            for one, likely in odd[:_NAMED]
        ]
        more = [self.tr("{0} more").format(number(len(odd) - _NAMED))] if len(odd) > _NAMED else []
        return ", ".join([*names, *more])

    def _take(self) -> None:
        """Which of them fit is found out now, and not at each step of a line that is dragged."""
        project = self._session.project
        self._misfits = {one.sha256 for one, _ in fitting_heights(project)[1]}
        self._shown = (None, None)
        if not self._session.change(self.tr("set heights by class and shape"), with_fitting_heights):
            self.show_project(project)
