"""Completing an adopted dataset: masks and depth maps that its composites have not, written beside what there is.

Nothing that is there is replaced. Each picture is made by itself, so that what was stopped goes on where it was: what
has a picture is passed over. ``completed.csv`` says of each how it was made and how sure that is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from fgbg_studio.core.base.errors import DatasetError, PictureError, UsageError
from fgbg_studio.core.base.progress import Progress, Rate
from fgbg_studio.core.base.remedies import TryAgain
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.adopting.depths import DepthCompleter
from fgbg_studio.core.dataset.adopting.destinations import PART, CompletedFiles, destination
from fgbg_studio.core.dataset.adopting.masks import MaskCompleter
from fgbg_studio.core.dataset.inspect.adopted_contents import AdoptedContents, adopted_contents
from fgbg_studio.core.dataset.inspect.adoption import (
    CompletedPicture,
    Sure,
    completed_pictures,
    is_adopted,
    write_adoption,
)
from fgbg_studio.core.dataset.record import disk_trouble
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.imaging.finding import ending
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.project import presets
from fgbg_studio.core.project.settings import Settings, with_changes

Kind = Literal["mask", "depth"]
KINDS: tuple[Kind, ...] = ("mask", "depth")
"""What can be completed, in the order in which it is: depth may be made with the masks."""
_LOCK = "completing.lock"
_TOLD = 16  # pictures after which it is said how far it is


@dataclass(frozen=True)
class CompletionOptions:
    """What is completed, and how.

    Attributes:
        kinds: which kinds.
        least: how sure a mask must be to be written.
        way: of depth: ``network`` sees every composite, ``inserted`` each background once.
        settings: changes of the preset's settings, ``depth.…`` and ``codecs.mask.…`` or ``codecs.depth.…``.
    """

    kinds: tuple[Kind, ...] = KINDS
    least: Sure = "likely"
    way: Literal["network", "inserted"] = "network"
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Completed:
    """What was done: by kind how many pictures are new, by how sure the program is of them, and which were not made."""

    made: dict[str, dict[str, int]] = field(default_factory=dict)
    left: dict[str, dict[str, str]] = field(default_factory=dict)

    def take(self, one: CompletedPicture, why: str = "") -> None:
        """One more: made, or left for a reason."""
        if one.way:
            counts = self.made.setdefault(one.kind, {})
            counts[one.sure] = counts.get(one.sure, 0) + 1
        else:
            self.left.setdefault(one.kind, {})[one.name] = why

    def lines(self) -> list[str]:
        """In words: a line for each kind that is new, and one for each reason why some are not, with their names."""
        lines = []
        for kind, counts in self.made.items():
            parts = [f"{counts[sure]:,} {sure}" for sure in ("sure", "likely", "rough") if sure in counts]
            said = f": {', '.join(parts)}" if kind == "mask" else ""
            lines.append(f"{sum(counts.values()):,} {kind} pictures were made{said}")
        for kind, left in self.left.items():
            for why in sorted(set(left.values())):
                names = sorted(name for name, one in left.items() if one == why)
                lines.append(f"{len(names):,} {kind} pictures were not: {why}: {', '.join(names)}")
        return lines or ["nothing was missing"]

    def report(self) -> dict[str, Any]:
        """For JSON."""
        return {"made": self.made, "left": self.left}


def lacking(contents: AdoptedContents, kind: str) -> Iterator[int]:
    """The samples that have a composite and no picture of ``kind``."""
    if not contents.counts.get("fg_bg"):
        return
    there = bool(contents.counts.get(kind))
    for number in range(contents.samples):
        if contents.name("fg_bg", number) and not (there and contents.name(kind, number)):
            yield number


def complete(folder: Path, options: CompletionOptions | None = None) -> Iterator[Progress | Completed]:
    """Complete the dataset whose description lies in ``folder``; yields progress, and at last what was done.

    Raises:
        DatasetError: it is not adopted, another program is at it, or the disk refuses.
        UsageError: a setting that is none, or that has nothing to do with it.
        NetworkError: depth is to be made, and its network cannot be used.
    """
    options = options or CompletionOptions()
    if not is_adopted(folder):
        raise DatasetError(f"{folder} is not adopted", "Adopt it first, so that its names are known")
    done, store = Completed(), LocalStore(folder)
    with ExitStack() as held, disk_trouble(folder):
        try:
            held.enter_context(store.lock(_LOCK))
        except TimeoutError as error:
            raise DatasetError(f"another program completes {folder}", TryAgain("wait until it is done")) from error
        try:
            for kind in options.kinds:
                yield from _complete(kind, folder, options, done)
        finally:
            held.close()  # Windows removes no file that is open
            with suppress(OSError):
                store.remove(_LOCK)
    yield done


def _complete(kind: Kind, folder: Path, options: CompletionOptions, done: Completed) -> Iterator[Progress]:
    contents = yield from adopted_contents(folder)  # anew: what was completed before is a part of it
    mended, files = _mended(contents, kind), CompletedFiles(folder)
    for number in mended:
        files.remove(contents.name(kind, number))
    numbers = sorted({*lacking(contents, kind), *mended})
    if not numbers:
        return
    settings = _settings(contents, kind, options)
    maker: MaskCompleter | DepthCompleter
    codec = _codec(contents, kind, settings)
    if kind == "mask":
        maker = MaskCompleter(contents, settings, codec, options.least)
    else:
        maker = DepthCompleter(contents, settings, codec, options.way)
        _note_way(contents, folder, settings, maker)
    phase, rate, total, tried = f"completing {kind}", Rate(0), len(numbers), 0
    try:
        with closing(_made(maker, numbers)) as made:
            for number, data, how, why in made:
                done.take(how, why)
                if data:
                    files.add(destination(contents, number, kind, codec), data, how)
                else:
                    files.note([how])
                tried += 1
                if tried % _TOLD == 0:
                    yield Progress(phase, tried, total, *rate.update(tried, total))
        files.flush()
    finally:
        files.discard()
    yield Progress(phase, tried, total)


Made = tuple[int, bytes, CompletedPicture, str]


def _made(maker: MaskCompleter | DepthCompleter, numbers: Sequence[int]) -> Generator[Made, None, None]:
    """Of each sample its number, its file (empty where none was made), how it was made, and why not."""
    at = 0
    while at < len(numbers):
        some = numbers[at : at + maker.batch]
        try:
            yield from maker(some)
        except (PictureError, OSError):  # one of them cannot be read: each by itself
            for number in some:
                try:
                    yield from maker([number])
                except (PictureError, OSError) as error:
                    reason = error.problem if isinstance(error, PictureError) else str(error)
                    yield number, b"", CompletedPicture(maker.kind, maker.name(number), "", ""), reason
        at += len(some)


def _mended(contents: AdoptedContents, kind: str) -> list[int]:
    """The samples whose picture of ``kind`` this program wrote last, and which a failure of power damaged.

    Only plain files: an archive has its name once it is safe.
    """
    if not contents.counts.get(kind):
        return []
    rows = (one.name for one in completed_pictures(contents.path) if one.kind == kind and one.way)
    last, found = set(deque(rows, 2 * PART)), []
    for number in range(contents.samples) if last else ():
        written = stem(contents.name("fg_bg", number)) in last and contents.name(kind, number)
        if written and contents.archive_of(kind, number) is None:
            try:
                contents.pixels(kind, number)
            except PictureError:
                found.append(number)
    return found


def _settings(contents: AdoptedContents, kind: Kind, options: CompletionOptions) -> Settings:
    for key in options.settings:
        if not key.startswith(("depth.", "codecs.mask", "codecs.depth")):
            raise UsageError(f"{key} has nothing to do with completing a dataset", "Leave it out")
    own = presets.get(contents.adoption.preset).settings
    settings = with_changes(own, {"depth.encoding": contents.adoption.encoding, **options.settings})
    said = settings.depth.encoding.to_dict()
    if kind == "depth" and contents.counts.get("depth") and said != contents.adoption.encoding:
        problem = f"the depth maps of {contents.path} are stored as {contents.adoption.depth_encoding.name}"
        raise UsageError(problem, "Leave depth.encoding out: one dataset has one meaning of depth")
    return settings


def _note_way(contents: AdoptedContents, folder: Path, settings: Settings, maker: DepthCompleter) -> None:
    """Say in the description how depth is completed; one that was begun with another network does not go on."""
    before, encoding = contents.adoption.completed.get("depth"), settings.depth.encoding
    if before not in (None, maker.how):
        raise DatasetError(f"depth of {folder} was begun in another way: {before}", "Complete it in the same way")
    changes = {"completed": {**contents.adoption.completed, "depth": maker.how}}
    if not contents.counts.get("depth"):
        changes |= {"encoding": encoding.to_dict(), "metric": encoding.needs_metres}  # type: ignore[dict-item]
    write_adoption(folder, contents.adoption.model_copy(update=changes))


def _codec(contents: AdoptedContents, kind: Kind, settings: Settings) -> Codec:
    """As the pictures of that kind are stored that are there, else as the preset stores them."""
    own: Codec = getattr(settings.codecs, kind)
    there = {ending(contents.name(kind, number)) for number in range(min(contents.samples, 50))} - {""}
    if not contents.counts.get(kind) or not there:
        return own
    if there == {".png"}:
        return Codec("png")
    return own if own.format == "jpeg" else Codec("jpeg", 95)
