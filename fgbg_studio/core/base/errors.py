"""Everything that can go wrong by no fault of the program, as one tree.

::

    FgbgError
    ├── UsageError         a name, key or value that the program does not know
    ├── PictureError       a picture that cannot be read or is not fit for its use
    ├── ProjectError       a project that is missing, damaged, locked or newer
    ├── PlanError          settings and pictures from which no sample can be made
    ├── DatasetError       an output folder that is another's, damaged or cannot be written
    ├── StorageError       an address that cannot be reached, or lets nobody in
    ├── NetworkError       a network's file that is missing, damaged or not described
    └── MissingPackageError  an optional package that a strategy needs

An error is one sentence of what happened (naming the file) and the remedies, which the command line and the
window say in words of their own; see `core.base.remedies`.
"""

import errno
import sys
from collections.abc import Callable
from pathlib import Path

from typing_extensions import override

from fgbg_studio.core.base.remedies import Remedies, Remedy, TryAgain, as_remedies, joined, sentences


class FgbgError(Exception):
    """What happened, and what the user can do about it.

    Args:
        problem: one clause without a full stop, naming the file or key concerned.
        remedies: what to do: an imperative clause without a full stop, a `Remedy`, or several of either to choose
            from; empty where there is nothing to do.
    """

    def __init__(self, problem: str, remedies: Remedies = "") -> None:
        super().__init__(problem, remedies)
        self.problem = problem
        self.remedies = as_remedies(remedies)

    @property
    def way_out(self) -> str:
        """The remedies in plain words, as one clause; may be empty."""
        return joined(self.remedies)

    def said(self, say: Callable[[Remedy], str]) -> str:
        """The error in sentences, its remedies in the words of ``say``."""
        return sentences(self.problem, self.remedies, say)

    @override
    def __str__(self) -> str:
        return self.said(str)


class UsageError(FgbgError):
    """A preset, strategy, key or value that the program does not know."""


class PictureError(FgbgError):
    """A picture that cannot be read, or is not fit for what it was given for."""


class ProjectError(FgbgError):
    """A project that is missing, damaged, locked by another program or from a newer version."""


class HomelessError(FileNotFoundError):
    """The folder to which a file belongs is not where it was; ``filename`` is that folder."""

    def __init__(self, home: Path) -> None:
        super().__init__(errno.ENOENT, "is not there any more", str(home))


def cannot_write(error: OSError, path: Path | str | None = None, verb: str = "written") -> ProjectError:
    """That the disk refused a file of a project: ``path``, or the one that the error names."""
    if isinstance(error, HomelessError):
        return ProjectError(f"{error.filename} {error.strerror}", TryAgain("put the project's folder back there"))
    named = path or error.filename
    return ProjectError(f"{named} cannot be {verb} ({error.strerror})", TryAgain("make room or change permissions"))


class PlanError(FgbgError):
    """Settings and pictures from which no sample can be made."""


class DatasetError(FgbgError):
    """A dataset folder that belongs to another project, is damaged or cannot be written."""


class StorageError(FgbgError):
    """An address that cannot be reached, lets nobody in, or whose bucket is not there."""


class NetworkError(FgbgError):
    """A network's file that is missing, damaged, or whose input and output are not described."""


class MissingPackageError(FgbgError):
    """An optional package that a chosen strategy needs and that is not installed."""

    def __init__(self, package: str, extra: str, needed_for: str) -> None:
        super().__init__(
            f"{needed_for} needs the package {package}, which is not installed",
            # A frozen program takes in no packages: the other edition has some, the source all.
            f"Install the edition 'full' for TensorFlow, or the program from its source with the extra {extra!r}"
            if getattr(sys, "frozen", False)
            else f'Install it with: pip install "fgbg-studio[{extra}]"',
        )
        self._made_of = (package, extra, needed_for)

    @override
    def __reduce__(self) -> tuple[type[FgbgError], tuple[str, str, str]]:
        # Errors travel from workers as pickles, which rebuild them from what they were made of.
        return type(self), self._made_of
