"""Everything that can go wrong by no fault of the program, as one tree.

::

    FgbgError
    ├── UsageError         a name, key or value that the program does not know
    ├── PictureError       a picture that cannot be read or is not fit for its use
    ├── ProjectError       a project that is missing, damaged, locked or newer
    ├── PlanError          settings and pictures from which no sample can be made
    ├── DatasetError       an output folder that is another's, damaged or cannot be written
    ├── NetworkError       a network's file that is missing, damaged or not described
    └── MissingPackageError  an optional package that a strategy needs

An error is one sentence of what happened (naming the file) and one of the way out; the command line
prints both and the window shows them where the error happened.
"""

import sys


class FgbgError(Exception):
    """What happened, and what the user can do about it.

    Args:
        problem: one clause without a full stop, naming the file or key concerned.
        way_out: what to do, as an imperative clause without a full stop; empty where there is nothing to do.
    """

    def __init__(self, problem: str, way_out: str = "") -> None:
        super().__init__(problem, way_out)
        self.problem = problem
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.problem}. {self.way_out}." if self.way_out else f"{self.problem}."


class UsageError(FgbgError):
    """A preset, strategy, key or value that the program does not know."""


class PictureError(FgbgError):
    """A picture that cannot be read, or is not fit for what it was given for."""


class ProjectError(FgbgError):
    """A project that is missing, damaged, locked by another program or from a newer version."""


class PlanError(FgbgError):
    """Settings and pictures from which no sample can be made."""


class DatasetError(FgbgError):
    """A dataset folder that belongs to another project, is damaged or cannot be written."""


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

    def __reduce__(self) -> tuple[type[FgbgError], tuple[str, str, str]]:
        # Errors travel from workers as pickles, which rebuild them from what they were made of.
        return type(self), self._made_of
