"""Numbers, sizes and times in the words that a person uses."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.base.words import duration
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.plan.axes import Counts, counts_of
from fgbg_studio.core.plan.excluded import count_excluded
from fgbg_studio.core.project.heights import SuggestedHeight
from fgbg_studio.core.project.model import Project
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.lib.worker import Worker


def about(seconds: float) -> str:
    """A forecast of time: no more exact than it is."""
    return duration(round(seconds / 5) * 5 if 20 <= seconds < 90 else seconds)


translate = QCoreApplication.translate


def number(value: int) -> str:
    """348000 → '348,000'."""
    return f"{value:,}"


def capital(text: str) -> str:
    """With a capital at its beginning, unless that is a file with its folder, or a sign of mathematics: δ1, σ."""
    first = text[:1]
    return text if "/" in text.partition(" ")[0] or "α" <= first <= "ω" else first.upper() + text[1:]


def broken(path: Path | str) -> str:
    """A path that may be broken behind a slash."""
    return str(path).replace("/", "/\u200b")


def counter(count: int, goal: int, words: str) -> str:
    """'87 / 100 backgrounds', or without the goal where any number will do."""
    return f"{number(count)} / {number(goal)} {words}" if goal else f"{number(count)} {words}"


def moment(when: datetime) -> str:
    """'10:42' today, '3 May, 10:42' on another day of this year, else with the year."""
    today = datetime.now(when.tzinfo)
    clock = f"{when:%H:%M}"
    if when.date() == today.date():
        return clock
    year = "" if when.year == today.year else f" {when.year}"
    return f"{when.day} {when:%b}{year}, {clock}"


def time_left(seconds: float) -> str:
    """'21 s left', '3 min left'; never '0 s left'."""
    return translate("words", "{0} left").format(duration(max(seconds, 1)))


def job_text(worker: Worker) -> str:
    """What runs, how far it is and how long it still takes: 'adding backgrounds 42% · 12 s left'.

    One that was told to stop does not get to its end: nothing is said of how long that would take.
    """
    step = worker.newest
    if step is None or not step.total:
        return worker.title
    if _prepares(worker):
        return f"{worker.title}: {step.phase}"
    text = f"{worker.title} {step.share:.0%}"
    if worker.cancelled:
        return f"{text} · {translate('words', 'stopping')}"
    if step.seconds_left is None:
        return text
    return f"{text} · {time_left(step.seconds_left)}"


def progress_words(worker: Worker) -> str:
    """How far what runs is, for the title of a window that nobody looks into: '44 %'; empty where nobody knows."""
    step = worker.newest
    if step is None or not step.total or _prepares(worker):
        return ""
    return translate("words", "{0} %").format(int(100 * step.share))


def _prepares(worker: Worker) -> bool:
    """Whether it is a run that makes no sample yet: how far that is says nothing of the whole."""
    step = worker.newest
    return isinstance(step, RunProgress) and step.phase != "making samples" and not step.finished


def height_offer(likely: SuggestedHeight) -> str:
    """What a button says that sets a suggested height: 'Set 0.9 m (chair)'."""
    metres = f"{likely.metres:g}"
    if likely.why:
        return translate("words", "Set {0} m ({1})").format(metres, likely.why)
    return translate("words", "Set {0} m").format(metres)


def factors(project: Project) -> Counts:
    """Whose product is the number of samples; also of a project that has no pictures yet."""
    return counts_of(project.settings, len(project.good_backgrounds()), len(project.good_foregrounds()))


def product(project: Project) -> str:
    """What the project would make: '100 × 87 × 2 × 20 = 348,000 samples'."""
    parts = factors(project)
    if not parts.samples:
        return _nothing_yet(parts)
    text = " × ".join(map(number, parts))
    excluded = excluded_samples(project)
    if excluded:
        words = translate("words", "{0} − {1} excluded = {2} samples")
        return words.format(text, number(excluded), number(parts.samples - excluded))
    return translate("words", "{0} = {1} samples").format(text, number(parts.samples))


def _nothing_yet(parts: Counts) -> str:
    if parts.background:
        return translate("words", "no samples yet: add a foreground")
    if parts.foreground:
        return translate("words", "no samples yet: add a background")
    return translate("words", "no samples yet: add a background and a foreground")


def excluded_samples(project: Project) -> int:
    """How many samples of the project are excluded."""
    if not project.excluded:
        return 0
    seen, counts = (project.excluded, project.backgrounds, project.foregrounds), factors(project)
    known = _COUNTED and _COUNTED[0][1] == counts
    if not (known and all(one is other for one, other in zip(seen, _COUNTED[0][0], strict=True))):
        _COUNTED[:] = [(seen, counts, count_excluded(project)[0])]
    return _COUNTED[0][2]


_COUNTED: list[tuple[tuple[object, ...], Counts, int]] = []
"""What was counted last, and of what: asked for at every change, by several lines of the window."""


def settings_facts(settings: Settings) -> list[tuple[str, str]]:
    """(name, value) of what a person would ask about a preset or a project."""
    placed = settings.placement
    count = number(settings.per_pair)
    each = translate("words", "{0} for each background and foreground").format(count)
    both = translate("words", "as cut and mirrored") if settings.mirrored else translate("words", "not mirrored")
    codecs, depth = settings.codecs, settings.depth
    return [
        (translate("words", "Frame"), f"{settings.size} × {settings.size} px"),
        (translate("words", "Placement"), f"{placed.summary}; {each}, {both}"),
        (
            translate("words", "Depth"),
            translate("words", "{0}; stored as {1}").format(depth.way.summary, depth.encoding.summary),
        ),
        (translate("words", "Files"), f"{settings.layout.summary}; {settings.writer.summary}"),
        (
            translate("words", "Formats"),
            translate("words", "composites {0}, masks {1}, depth {2}").format(
                _codec(codecs.fg_bg), _codec(codecs.mask), _codec(codecs.depth)
            ),
        ),
    ]


def _codec(codec: Codec) -> str:
    return "PNG" if codec.lossless else f"JPEG {codec.quality}"


def product_explained(project: Project) -> str:
    """`product` with a name for each factor, for a tooltip."""
    backgrounds, foregrounds, sides, placements = map(number, factors(project))
    words = translate("words", "{0} backgrounds × {1} foregrounds × {2} (as cut and mirrored) × {3} placements on each")
    if sides == "1":
        words = translate("words", "{0} backgrounds × {1} foregrounds × {2} (not mirrored) × {3} placements on each")
    return words.format(backgrounds, foregrounds, sides, placements)
