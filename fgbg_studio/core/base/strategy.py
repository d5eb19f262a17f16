"""The registry behind every exchangeable part: a strategy is one file and no other edit.

A family (placement, depth way, layout, writer, engine, …) is a subclass of `Strategy` that names itself and the
package of its members: ``class Placement(Strategy, family="placement", members="fgbg_studio.core.placement")``.
A strategy is a frozen dataclass deriving from its family with a ``name``; it is registered when its module is
imported, and `discover` imports every module of that package, also in a frozen program, and the modules that
other installed packages name as entry points of the group `GROUP`. Fields are the
strategy's settings: their types validate the project file, and what is annotated (`base/declared.py`: help, unit,
bounds) makes forms and messages.
"""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import logging
import multiprocessing
import pkgutil
from collections.abc import Hashable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, ClassVar, Self, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import override

from fgbg_studio.core.base.errors import UsageError

GROUP = "fgbg_studio.strategies"
"""The group of entry points by which other packages add strategies; each names a module to import."""


def describe_validation(error: ValidationError) -> str:
    """The first complaint of a pydantic error in words: ``key.subkey: message``."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def closest(word: str, known: list[str]) -> str:
    """A way out for an unknown word: the nearest known one, and all of them."""
    near = difflib.get_close_matches(word, known, n=1)
    guess = f"Did you mean {near[0]!r}? " if near else ""
    return f"{guess}Known are: {', '.join(known)}"


class Strategy:
    """Base of all families; see the module's docstring."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)
    family: ClassVar[str] = ""
    package: ClassVar[str] = ""
    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    """What people call it, where that is not its name in words."""
    summary: ClassVar[str] = ""
    offered: ClassVar[bool] = True
    """Whether it is listed to choose from; by its name it is always taken."""
    _members: ClassVar[dict[str, type[Strategy]]]

    @override
    def __init_subclass__(cls, family: str = "", members: str = "", **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if family:
            cls.family, cls.package, cls._members = family, members or cls.__module__, {}
        elif "name" in cls.__dict__:
            known = cls._members.get(cls.name)
            if known and _is_own(known) and not _is_own(cls):
                raise UsageError(f"there is a {cls.family} {cls.name!r} already", "Choose another name for it")
            cls._members[cls.name] = cls

    @classmethod
    def known(cls) -> dict[str, type[Self]]:
        """Every strategy of this family by name, in alphabetical order."""
        discover(cls.package)
        return dict(sorted(cls._members.items()))  # type: ignore[arg-type]

    @classmethod
    def get(cls, name: str) -> type[Self]:
        """The strategy called ``name``.

        Raises:
            UsageError: there is none; the message lists those there are.
        """
        known = cls.known()
        if name not in known:
            offered = [other for other, member in known.items() if member.offered]
            # It may be one of those that could not be imported.
            raise UsageError(
                f"there is no {cls.family} called {name!r}", ". ".join([*_others(), closest(name, offered)])
            )
        return known[name]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | str) -> Self:
        """A strategy from ``{"name": ..., **settings}`` or from its bare name.

        Raises:
            UsageError: an unknown name, an unknown setting, or a value that does not fit.
        """
        if not isinstance(data, str | Mapping):
            raise UsageError(f"{data!r} is not a {cls.family}", closest("", list(cls.known())))
        settings = {"name": data} if isinstance(data, str) else dict(data)
        member = cls.get(str(settings.pop("name", "")))
        unknown = set(settings) - {field.name for field in dataclasses.fields(member)}  # type: ignore[arg-type]
        if unknown:
            fields = [field.name for field in dataclasses.fields(member)]  # type: ignore[arg-type]
            word = min(unknown)
            raise UsageError(f"{cls.family} {member.name!r} has no setting {word!r}", closest(word, fields))
        try:
            return cast("Self", _adapter(cast("Hashable", member)).validate_python(settings))
        except ValidationError as error:
            raise _refusal(f"{cls.family} {member.name!r}", error) from error

    def to_dict(self) -> dict[str, Any]:
        """The strategy as JSON-ready settings, its name first."""
        return {"name": self.name, **_adapter(cast("Hashable", type(self))).dump_python(self, mode="json")}


_RANGES = {
    "greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"), "less_than": ("lt", "less than"),
}  # fmt: skip
"""pydantic's word for a number out of range → where it keeps the bound, and how a way out says it."""


def _refusal(strategy: str, error: ValidationError) -> UsageError:
    first = error.errors(include_url=False)[0]
    if first["type"] not in _RANGES:
        return UsageError(f"{strategy}: {describe_validation(error)}")
    key, words = _RANGES[first["type"]]
    bound = first["ctx"][key]
    bound = f"{bound:.15g}" if isinstance(bound, float) else bound  # at least 0, not 0.0
    return UsageError(f"{strategy}: {first['loc'][0]} cannot be {first['input']}", f"Give {words} {bound}")


@cache
def _adapter(member: Any) -> TypeAdapter[Any]:
    return TypeAdapter(member)


@cache
def discover(package: str) -> None:
    """Import every module of ``package`` so that its strategies register themselves."""
    module = importlib.import_module(package)
    for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
        importlib.import_module(f"{package}.{found.name}")
    _others()


@cache
def _others() -> tuple[str, ...]:
    """Import the strategies of other packages; a sentence for each that cannot be used."""
    return tuple(trouble for point in entry_points(group=GROUP) if (trouble := _trouble(point)))


def _trouble(point: EntryPoint) -> str:
    try:
        point.load()
    except Exception as error:  # noqa: BLE001 - whatever another package does, the program goes on without it
        package = point.dist.name if point.dist else point.name
        trouble = f"The strategies of the package {package!r} cannot be used ({type(error).__name__}: {error})"
        if multiprocessing.parent_process() is None:  # else every worker would say it again
            logging.getLogger(__name__).warning("%s", trouble)
        return trouble
    return ""


def _is_own(member: type[Strategy]) -> bool:
    return member.__module__.partition(".")[0] == __name__.partition(".")[0]
