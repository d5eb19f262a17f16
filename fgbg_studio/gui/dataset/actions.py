"""The table of actions of the place Dataset."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fgbg_studio.gui.dataset.offered_exports import other_exports
from fgbg_studio.gui.lib.actions import Spec
from fgbg_studio.gui.lib.formatting import capital
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.keys import Keys


def specs() -> tuple[Spec, ...]:
    """The actions of this place, in the order of its menu."""
    return (*_opening(), *_checking(), *_training(), *_exports(), *_looking(), *_making())


def _tr(text: str) -> str:
    return QCoreApplication.translate("dataset", text)


def _opening() -> tuple[Spec, ...]:
    return (
        Spec("dataset.open", _tr("Open dataset…"), Icon.OPEN, Keys.DATASET_FOLDER, _tr("Open a dataset's folder")),
        Spec("dataset.open_archive", _tr("Open a ZIP or tar…"), Icon.FOLDER, None,
             _tr("Open a dataset that is a single archive, or one of its archives")),
        Spec("dataset.show_folder", _tr("Show folder"), Icon.FOLDER, None,
             _tr("Open the dataset's folder in the file manager")),
        Spec("dataset.close", _tr("Close dataset"), Icon.CLOSE),
    )  # fmt: skip


def _checking() -> tuple[Spec, ...]:
    return (
        Spec("dataset.verify", _tr("Verify"), Icon.GOOD, Keys.VERIFY,
             _tr("Read every file back and report what is wrong"), group=1),
        Spec("dataset.faults", _tr("List all faults"), Icon.WARNING, None,
             _tr("Every file that something is wrong with, to be filtered and saved as a list"), group=1),
        Spec("dataset.repair", _tr("Repair what is damaged"), Icon.RESTORE, None,
             _tr("Recreate the damaged files in place; the others are not touched"), group=1,
             submenu=_tr("Mend")),
        Spec("dataset.complete", _tr("Complete…"), Icon.MEND, None,
             _tr("Make the masks and depth maps that a dataset made by hand has not"), group=1,
             submenu=_tr("Mend")),
        Spec("dataset.count", _tr("Count again"), Icon.REFRESH, None,
             _tr("Read every picture to compute sizes, shapes, means and σ"), group=1),
        Spec("dataset.copy", _tr("Copy mean and σ"), Icon.COPY, Keys.COPY_FIGURES,
             _tr("Copy mean and σ as Python tuples for a training script"), group=1),
        Spec("dataset.export_card", _tr("Export card…"), Icon.SAVE, None,
             _tr("Write README.md with its pictures, and the same as a single HTML page, to a folder"), group=1,
             submenu=_tr("Export")),
    )  # fmt: skip


def _training() -> tuple[Spec, ...]:
    return (
        Spec("dataset.splits", _tr("Splits"), Icon.SPLIT, Keys.SPLITS,
             _tr("What is trained with and what is held out: shown in the table of pairs, and changed there"), group=1,
             checkable=True, submenu=_tr("Training")),
        Spec("dataset.save_splits", _tr("Save splits"), Icon.SAVE, None,
             _tr("Write the splits into the dataset's folder 'splits'; until then nothing is written"), group=1,
             submenu=_tr("Training")),
        Spec("dataset.discard_splits", _tr("Discard changes of splits"), Icon.RESTORE, None,
             _tr("Back to the splits that are saved"), group=1, submenu=_tr("Training")),
        Spec("dataset.normalise", _tr("Measure what is trained with"), Icon.REFRESH, None,
             _tr("Mean and σ of the split 'train' alone, depth in metres where it has a value"), group=1,
             submenu=_tr("Training")),
        Spec("dataset.copy_lines", _tr("Copy lines for the library"), Icon.COPY, None,
             _tr("Copy lines that normalise in the chosen library"), group=1, submenu=_tr("Training")),
        Spec("dataset.try", _tr("Try it"), Icon.START, None,
             _tr("Train a small network on this dataset in minutes, and see what it learned and what it did not"),
             group=1, checkable=True, submenu=_tr("Training")),
    )  # fmt: skip


def _exports() -> tuple[Spec, ...]:
    return tuple(
        Spec(
            f"dataset.export.{name}",
            _tr("Export {0}…").format(member.title or name),
            Icon.SAVE,
            None,
            capital(member.summary),
            group=1,
            submenu=_tr("Export"),
        )
        for name, member in other_exports().items()
    )


def _looking() -> tuple[Spec, ...]:
    return (
        Spec("dataset.large", _tr("View sample"), Icon.SIDE_BY_SIDE, Keys.LARGE,
             _tr("Composite, mask and depth side by side"), group=2, checkable=True),
        Spec("dataset.explore", _tr("Explore"), Icon.FILTER, Keys.FILTER,
             _tr("Histograms of all samples: drag ranges in them, sort, save or exclude what is left"), group=2,
             checkable=True, submenu=_tr("View")),
        Spec("dataset.save_list", _tr("Save names…"), Icon.SAVE, None,
             _tr("Write the names of the samples that the explorer shows to a file, one a line"), group=2,
             submenu=_tr("Selection")),
        Spec("dataset.exclude", _tr("Exclude from the project"), Icon.REJECT, None,
             _tr("Leave the samples that the explorer shows out of the project's next dataset"), group=2,
             submenu=_tr("Selection")),
        Spec("dataset.previous", _tr("Previous"), Icon.PREVIOUS, Keys.PREVIOUS, _tr("Previous sample"), group=2),
        Spec("dataset.next", _tr("Next"), Icon.NEXT, Keys.NEXT, _tr("Next sample"), group=2),
        Spec("dataset.grey", _tr("Depth in grey"), Icon.DEPTH_GREY, Keys.GREY,
             _tr("Depth in grey as stored in the file, instead of in colours"), group=2,
             checkable=True, submenu=_tr("View")),
        Spec("dataset.in_order", _tr("In order"), Icon.SORT, Keys.IN_ORDER,
             _tr("All samples page by page, instead of a random selection"), group=2,
             checkable=True, submenu=_tr("View")),
        Spec("dataset.larger", _tr("Larger thumbnails"), Icon.GRID_LARGE, Keys.LARGER, group=2, submenu=_tr("View")),
        Spec("dataset.smaller", _tr("Smaller thumbnails"), Icon.GRID_SMALL, Keys.SMALLER, group=2, submenu=_tr("View")),
        Spec("dataset.back", _tr("Back to the overview"), Icon.CLOSE, Keys.CANCEL, group=2),
    )  # fmt: skip


def _making() -> tuple[Spec, ...]:
    return (
        Spec("dataset.make_again", _tr("Recreate this sample…"), Icon.REFRESH, None,
             _tr("Recreate the sample's files from the recipe in a folder of your choice"), group=3),
        Spec("dataset.mend", _tr("Repair this sample"), Icon.RESTORE, None,
             _tr("Recreate the sample's files in place, byte for byte"), group=3),
    )  # fmt: skip
