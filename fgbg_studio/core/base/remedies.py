"""What a person can do about an error or an issue, as values: whoever shows them says them in words of its own.

The command line names its commands, the window its places, and it can put a button beside what it can do itself.
``str`` of a remedy is the plain clause for everybody else (logs, scripts): it names settings, but no command.

A clause is an imperative without a capital and a full stop, so that several can follow each other; see `joined`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override


class Remedy:
    """One way out; ``str`` gives it as a plain clause."""


Remedies = str | Remedy | Sequence[str | Remedy]
"""How remedies are given to an error: text is an `Advice`, several are alternatives."""


@dataclass(frozen=True)
class Advice(Remedy):
    """What is said in the same words everywhere: 'check the path'."""

    words: str

    @override
    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Set(Remedy):
    """Change settings of the project: ``settings`` by their dotted keys, as `core.project.storage.changed` takes them.

    ``aim`` is what for, as a clause: 'keep them exact'.
    """

    settings: Mapping[str, object] = field(hash=False)
    aim: str = ""

    @override
    def __str__(self) -> str:
        changes = " and ".join(assignments(self.settings))
        return f"{self.aim} ({changes})" if self.aim else f"set {changes}"


@dataclass(frozen=True)
class Adjust(Remedy):
    """Give a setting another value, which a person has to find: ``aim`` says which way, 'set a smaller size'."""

    key: str
    aim: str

    @override
    def __str__(self) -> str:
        return f"{self.aim} ({self.key})"


@dataclass(frozen=True)
class AddPictures(Remedy):
    """Bring pictures into the project; ``kind`` is 'backgrounds' or 'foregrounds'."""

    kind: str

    @override
    def __str__(self) -> str:
        return "add some"


@dataclass(frozen=True)
class IncludeAgain(Remedy):
    """Take excluded samples back."""

    @override
    def __str__(self) -> str:
        return "include some of them again"


@dataclass(frozen=True)
class SetHorizons(Remedy):
    """Say of each background where its horizon is; ``file`` is one of those of which it was not said."""

    file: str

    @override
    def __str__(self) -> str:
        return "set each background's own horizon"


@dataclass(frozen=True)
class RejectBackgrounds(Remedy):
    """Leave backgrounds out of the dataset: ``files`` as in the project, at least one."""

    files: tuple[str, ...]

    @override
    def __str__(self) -> str:
        return "reject these backgrounds"


@dataclass(frozen=True)
class FindCameras(Remedy):
    """Look for the camera of backgrounds in their depth, measured or a network's."""

    @override
    def __str__(self) -> str:
        return "have horizon and floor found in the depth"


@dataclass(frozen=True)
class CutOut(Remedy):
    """A photo was given where a cutout is needed."""

    @override
    def __str__(self) -> str:
        return "cut it out, or give its mask"


@dataclass(frozen=True)
class NameObject(Remedy):
    """A mask's values do not say by themselves what is the object; ``example`` is one of them."""

    example: str

    @override
    def __str__(self) -> str:
        return "say which of its values are the object, or that it is a soft alpha"


@dataclass(frozen=True)
class NameWhite(Remedy):
    """The brightest value of a picture of more than 8 bits is far under what its file can hold.

    ``whites`` are the values that may be white.
    """

    whites: tuple[float, ...]

    @override
    def __str__(self) -> str:
        return f"say which value is white ({', '.join(f'{white:g}' for white in self.whites)})"


@dataclass(frozen=True)
class NameUnit(Remedy):
    """A file of depth does not say of what unit its numbers are; ``units`` are the names of those that are known."""

    units: tuple[str, ...]

    @override
    def __str__(self) -> str:
        return f"say its unit: {', '.join(self.units)}, or how many are a metre"


@dataclass(frozen=True)
class FillTransparent(Remedy):
    """A background has transparent areas."""

    @override
    def __str__(self) -> str:
        return "fill its transparent areas with a colour"


@dataclass(frozen=True)
class ReducePhoto(Remedy):
    """A photo has more pixels than can be cut."""

    @override
    def __str__(self) -> str:
        return "reduce it"


@dataclass(frozen=True)
class NewProject(Remedy):
    """There is no project here yet."""

    @override
    def __str__(self) -> str:
        return "make a new project there"


@dataclass(frozen=True)
class ChooseFolder(Remedy):
    """Make the dataset in another folder."""

    words: str = "choose a new output folder"

    @override
    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class ChooseWriter(Remedy):
    """Write the dataset's files in another way, called ``name``."""

    name: str

    @override
    def __str__(self) -> str:
        return f"choose the writer {self.name}"


@dataclass(frozen=True)
class MoreSamples(Remedy):
    """Make more samples than the run was limited to."""

    @override
    def __str__(self) -> str:
        return "make more samples"


@dataclass(frozen=True)
class Prepare(Remedy):
    """Do the first step of a run by itself: the record, and all that samples are made of."""

    @override
    def __str__(self) -> str:
        return "prepare it from its project first"


@dataclass(frozen=True)
class MakeShards(Remedy):
    """Make shards of a dataset that are missing: ``part``, as '12-17'."""

    part: str

    @override
    def __str__(self) -> str:
        return f"make its shards {self.part}"


@dataclass(frozen=True)
class GenerateAgain(Remedy):
    """Generate the same dataset again, which makes what is missing.

    Attributes:
        first: what to do before it, as a clause: 'remove it'.
        then: what comes of it, as a sentence: 'it will be prepared again'.
        workers: how many processes to make it with; 0 where it does not matter.
    """

    first: str = ""
    then: str = ""
    workers: int = 0

    def around(self, words: str) -> str:
        """``words``, which say to generate again, between what comes before and what follows."""
        return (f"{self.first} and " if self.first else "") + words + (f": {self.then}" if self.then else "")

    @override
    def __str__(self) -> str:
        return self.around("generate the same dataset again" + (", with fewer processes" if self.workers else ""))


@dataclass(frozen=True)
class AddHashes(Remedy):
    """Verify a dataset of an earlier version, and note the hashes of its files if nothing is wrong with it."""

    @override
    def __str__(self) -> str:
        return "verify it in full and note the hashes of its files"


@dataclass(frozen=True)
class MakeSplits(Remedy):
    """Split the dataset anew."""

    @override
    def __str__(self) -> str:
        return "make its splits anew"


@dataclass(frozen=True)
class TryAgain(Remedy):
    """Do again what failed, after what ``first`` says; ``then`` is what comes of it. See `GenerateAgain`."""

    first: str
    then: str = ""

    def around(self, words: str) -> str:
        """``words``, which say to try again, between what comes before and what follows."""
        return f"{self.first} and {words}" + (f": {self.then}" if self.then else "")

    @override
    def __str__(self) -> str:
        return self.around("try again")


@dataclass(frozen=True)
class RemakeSample(Remedy):
    """Make the files of one sample again."""

    @override
    def __str__(self) -> str:
        return "make the sample again"


@dataclass(frozen=True)
class ChooseNetwork(Remedy):
    """Choose a network for depth: a file, or one of the catalogue."""

    @override
    def __str__(self) -> str:
        return "choose a network (depth.model)"


@dataclass(frozen=True)
class DescribeNetwork(Remedy):
    """Say what a network takes and gives; ``settings`` are an example, see `Set`."""

    settings: Mapping[str, object] = field(hash=False)

    @override
    def __str__(self) -> str:
        return f"describe it ({', '.join(self.settings)}; see docs/networks.md)"


@dataclass(frozen=True)
class DownloadNetwork(Remedy):
    """Download the network of the catalogue called ``name``."""

    name: str

    @override
    def __str__(self) -> str:
        return f"download the network {self.name}"


@dataclass(frozen=True)
class AddNetworkFile(Remedy):
    """Bring a network's file to this computer by hand.

    Attributes:
        kept: where the program looks for it.
        address: where it is published; empty where that is no fixed address.
        published_name: the file's name there; empty likewise.
    """

    kept: Path
    address: str = ""
    published_name: str = ""

    @property
    def source(self) -> str:
        """How to come by the file, as a clause that 'and' or a comma can follow."""
        if self.address:
            return f"where there is no network, fetch {self.address} on another computer"
        return "its file has no fixed address: once you have it"

    @override
    def __str__(self) -> str:
        return f"{self.source}{' and' if self.address else ','} save it as {self.kept}"


@dataclass(frozen=True)
class NameNetwork(Remedy):
    """Say which network of the catalogue a file is."""

    @override
    def __str__(self) -> str:
        return "say which one it is"


@dataclass(frozen=True)
class Update(Remedy):
    """A newer version of this program is needed."""

    @override
    def __str__(self) -> str:
        return "install the newest version"


def assignments(settings: Mapping[str, object]) -> list[str]:
    """``key=value`` of each setting, the value as a plain word or as JSON."""
    return [f"{key}={value_text(value)}" for key, value in settings.items()]


def value_text(value: object) -> str:
    """A setting's value as a plain word or as JSON."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def as_remedies(given: Remedies) -> tuple[Remedy, ...]:
    """The remedies in any of the forms in which they may be given; none for an empty text."""
    several = (given,) if isinstance(given, str | Remedy) else given
    return tuple(Advice(one) if isinstance(one, str) else one for one in several if one)


def joined(remedies: Sequence[Remedy], say: Callable[[Remedy], str] = str) -> str:
    """All of them as one clause with a capital: 'Use a larger one, lower the limit, or reject it'; may be empty.

    ``say`` gives the words of one.
    """
    *others, last = [say(remedy) for remedy in remedies] or [""]
    text = f"{', '.join(others)}, or {last}" if others else last
    return text[:1].upper() + text[1:]


def sentences(problem: str, remedies: Sequence[Remedy], say: Callable[[Remedy], str] = str) -> str:
    """What happened, then what to do about it where there is something, each with its full stop."""
    way_out = joined(remedies, say)
    return f"{problem}. {way_out}." if way_out else f"{problem}."
