"""The actions of the frame: files, undo, views, help."""

from __future__ import annotations

from PySide6.QtCore import QObject

from fgbg_studio.gui.lib.actions import Menu, Spec
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.keys import Keys


class FrameActions(QObject):
    """The window's own table; it is made when it is read, so that it speaks the window's language."""

    def specs(self) -> tuple[Spec, ...]:
        """Files, undo, view and help; each place adds its own."""
        return (
            Spec("file.new", self.tr("New project…"), Icon.NEW, Keys.NEW, self.tr("Start a project from a preset"),
                 Menu.FILE),
            Spec("file.open", self.tr("Open project…"), Icon.OPEN, Keys.OPEN, self.tr("Open a project's folder"),
                 Menu.FILE),
            Spec("file.demo", self.tr("Open the demo"), Icon.DEMO, None,
                 self.tr("Open a project of sample pictures to try everything out"), Menu.FILE),
            Spec("file.save", self.tr("Save"), Icon.SAVE, Keys.SAVE, self.tr("Save the project"), Menu.FILE, 1),
            Spec("file.rename", self.tr("Rename project"), Icon.RENAME, None,
                 self.tr("Rename the project; its folder keeps its name"), Menu.FILE, 1),
            Spec("file.show", self.tr("Show project folder"), Icon.FOLDER, None,
                 self.tr("Open the project's folder in the file manager"), Menu.FILE, 1),
            Spec("file.bin", self.tr("Show the bin…"), Icon.RESTORE, None,
                 self.tr("See what was removed from the project, and bring it back"), Menu.FILE, 1),
            Spec("file.empty_bin", self.tr("Empty the bin…"), Icon.DELETE, None,
                 self.tr("Permanently delete what was removed from the project"), Menu.FILE, 1),
            Spec("file.close", self.tr("Close project"), Icon.CLOSE, Keys.CLOSE,
                 self.tr("Close the project and go back to the start page"), Menu.FILE, 2),
            Spec("file.quit", self.tr("Quit"), Icon.QUIT, Keys.QUIT, self.tr("Close the window"), Menu.FILE, 2),
            Spec("edit.undo", self.tr("Undo"), Icon.UNDO, Keys.UNDO, "", Menu.EDIT),
            Spec("edit.redo", self.tr("Redo"), Icon.REDO, Keys.REDO, "", Menu.EDIT),
            Spec("edit.search", self.tr("Search"), Icon.SEARCH, Keys.SEARCH, self.tr("Search in this place"),
                 Menu.EDIT, 1),
            Spec("view.inspector", self.tr("Inspector"), Icon.INSPECTOR, Keys.INSPECTOR,
                 self.tr("Show or hide the inspector"), Menu.VIEW, checkable=True),
            Spec("view.full", self.tr("Full screen"), Icon.FULL_SCREEN, Keys.FULL_SCREEN,
                 self.tr("Fill the whole screen"), Menu.VIEW, checkable=True),
            Spec("view.system", self.tr("System colours"), Icon.THEME, None,
                 self.tr("Light or dark, following the system"), Menu.VIEW, 1, checkable=True, exclusive="mode"),
            Spec("view.light", self.tr("Light"), Icon.LIGHT, None, self.tr("Always light"), Menu.VIEW, 1,
                 checkable=True, exclusive="mode"),
            Spec("view.dark", self.tr("Dark"), Icon.DARK, None, self.tr("Always dark"), Menu.VIEW, 1, checkable=True,
                 exclusive="mode"),
            Spec("help.guide", self.tr("Guide"), Icon.GUIDE, Keys.GUIDE,
                 self.tr("Read the guide; it needs no internet"), Menu.HELP),
            Spec("help.first_steps", self.tr("First steps"), Icon.STEPS, None,
                 self.tr("Show what comes next, and what this project has already"), Menu.HELP),
            Spec("help.shortcuts", self.tr("Shortcuts"), Icon.KEYBOARD, Keys.SHORTCUTS, self.tr("Show all shortcuts"),
                 Menu.HELP),
            Spec("help.about", self.tr("About FGBG Studio"), Icon.INFO, None,
                 self.tr("Show versions, the licence, and where settings, projects and the log lie"), Menu.HELP, 1),
        )  # fmt: skip
