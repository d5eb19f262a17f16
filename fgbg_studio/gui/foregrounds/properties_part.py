"""What is said of the entries that are selected: how tall they are, always, and a section with the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from fgbg_studio.core.project.properties import categories
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.foregrounds.photo_list import PhotoList
from fgbg_studio.gui.foregrounds.properties_form import PropertiesForm
from fgbg_studio.gui.lib.basics import vbox
from fgbg_studio.gui.lib.inspector import Inspector
from fgbg_studio.gui.lib.section import Section
from fgbg_studio.gui.lib.theme import UNIT


class PropertiesPart(QWidget):
    """See the module; it stands in the inspector, or beside the gallery.

    Args:
        photos: of the project, which are told what is typed.
        targets: gives the entries that are selected.
    """

    def __init__(self, photos: PhotoList, targets: Callable[[], Sequence[PhotoItem]]) -> None:
        super().__init__()
        self._photos, self._targets = photos, targets
        self.form = PropertiesForm()
        settings = photos.session.settings
        self.section = Section(self.tr("Properties"), "foregrounds/properties", settings, unfolded=False)
        self.section.column.addWidget(self.form)
        column = vbox(self, 2 * UNIT)
        column.addWidget(self.form.height_part)
        column.addWidget(self.section)
        self.form.edited.connect(lambda name, value: photos.say(targets(), {name: value}))
        self.form.suggested_wanted.connect(lambda: photos.take_likely_heights(targets()))
        self.form.renamed.connect(self._rename_to)

    def show_targets(self) -> None:
        """Show what is said of the entries that are selected now."""
        items, project = self._targets(), self._photos.session.project
        said = [self._photos.properties(item) for item in items]
        likely = [self._photos.likely_height(item, one) for item, one in zip(items, said, strict=True)]
        self.form.show_chosen(
            [item.path.stem for item in items],
            said,
            categories(project.foregrounds),
            project.settings.foreground.real_height,
            [one for one in likely if one],
        )

    def rename(self, inspector: Inspector) -> None:
        """Put the keyboard into the name, which ``inspector`` brings into view."""
        self.section.header.setChecked(True)
        inspector.reveal(self.form.name)
        self.form.rename()

    def _rename_to(self, name: str) -> None:
        items = self._targets()
        if len(items) == 1:
            self._photos.rename(items[0], name)
        self.show_targets()
