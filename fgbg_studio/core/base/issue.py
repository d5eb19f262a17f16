"""What a check finds: one value for the check of a project, of a cutout and of a dataset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import Remedy, sentences

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Issue:
    """Something that is wrong, or that a person should look at.

    Attributes:
        severity: ``error`` for what stops a run or spoils its result, ``warning`` for what a person decides.
        code: which check found it, for programs.
        message: one clause without a full stop, with the figures that were measured.
        file: of the picture concerned, relative to the project or dataset; empty where it is a setting.
        more_files: of other pictures that are concerned in the same way.
        remedies: what to do about it.
        box: where in the picture, as (x, y, width, height) in pixels; None where it is all of it.
        places: the single places where it is, each as ``box``, where there are several or one that is less than all.
        mendable: whether the program can put it right by itself.
        stops: whether a run that begins would end with it, as an error of its own.
    """

    severity: Severity
    code: str
    message: str
    file: str = ""
    remedies: tuple[Remedy, ...] = ()
    box: tuple[int, int, int, int] | None = None
    mendable: bool = False
    more_files: tuple[str, ...] = ()
    places: tuple[tuple[int, int, int, int], ...] = ()
    stops: bool = False

    @classmethod
    def of(cls, error: FgbgError, code: str, file: str = "") -> Issue:
        """An error that a check met, with its remedies."""
        return cls("error", code, error.problem, file, error.remedies, stops=True)

    def said(self, say: Callable[[Remedy], str] = str) -> str:
        """The message, and where there are remedies, in sentences with these in the words of ``say``."""
        return sentences(self.message, self.remedies, say) if self.remedies else self.message

    def clause(self, say: Callable[[Remedy], str] = str) -> str:
        """All of it in one clause: 'the run was not finished: generate the same dataset again'."""
        return ": ".join([self.message, *map(say, self.remedies)])
