"""What is worth a second look in a background: said of it, and never a reason to leave it out by itself."""

from __future__ import annotations

from dataclasses import dataclass

from fgbg_studio.core.imaging.thumbnails import Metrics
from fgbg_studio.core.project.framing import frame_of
from fgbg_studio.core.project.model import Background
from fgbg_studio.core.project.settings import Settings

LONG = 2.5
"""Longer by shorter side from which on a picture is a strip: a cinema's widest is 2.4, and the square has under 40%."""

ENLARGED = 1.5
"""From so many times on enlarging shows."""

SOFT = 1.3
"""`edge_blur` in pixels at 512: half of it is left at a dataset's 256, where a sharp picture's edges have none."""

FLAT = 0.1
"""`contrast` under which hardly anything is seen."""

DARK, BRIGHT = 0.1, 0.9
"""`brightness` beyond which most of a picture is black or white; night streets are at 0.15, snow at 0.8."""


@dataclass(frozen=True)
class Remark:
    """``short`` fits on a thumbnail, ``words`` are a sentence without its full stop."""

    short: str
    words: str


def remarks(background: Background, metrics: Metrics | None, settings: Settings) -> tuple[Remark, ...]:
    """What is worth a look, the gravest first.

    Args:
        background: the picture.
        metrics: what was measured of it; None where that is still to come.
        settings: of its project: how large the frame is.
    """
    made = [*_of_contents(metrics)] if metrics else []
    made += _of_shape(background, settings)
    if background.grey and not any(remark.short == "flat" for remark in made):
        made.append(Remark("no colour", "It is black and white"))
    return tuple(made)


def _of_contents(metrics: Metrics) -> list[Remark]:
    made = []
    if metrics.brightness < DARK:
        made.append(Remark("dark", f"Very dark: its mean is {metrics.brightness:.0%} of white"))
    if metrics.brightness > BRIGHT:
        made.append(Remark("bright", f"Very bright: its mean is {metrics.brightness:.0%} of white"))
    if metrics.contrast < FLAT:
        made.append(Remark("flat", f"Flat: its tones span {metrics.contrast:.0%} of black to white"))
    elif metrics.edge_blur == float("inf"):
        made.append(Remark("blurred", "Blurred, or without detail: there is no edge in it"))
    elif metrics.edge_blur > SOFT:
        spread = f"{2.56 * metrics.edge_blur:.0f}"  # from 10% to 90% of an edge that a Gaussian blurs
        made.append(Remark("blurred", f"Blurred: at 512 px its sharpest edges are {spread} px wide"))
    return made


def _of_shape(background: Background, settings: Settings) -> list[Remark]:
    made = []
    longer, shorter = sorted((background.width, background.height), reverse=True)
    if longer / shorter > LONG:
        ratio = f"{background.width / background.height:.3g}:1"
        if background.height > background.width:
            ratio = f"1:{background.height / background.width:.3g}"
        made.append(Remark(ratio, f"Long: {ratio}; {_share(background, settings)}"))
    _, _, wide, high = frame_of(background, settings)
    enlarged = settings.size / min(wide, high)
    if enlarged > ENLARGED:
        made.append(Remark("small", f"Small: it is enlarged {enlarged:.1f}× for the dataset"))
    return made


def _share(background: Background, settings: Settings) -> str:
    _, _, wide, high = frame_of(background, settings)
    share = wide * high / (background.width * background.height)
    return "it is squeezed into the square" if share > 0.99 else f"the square has {share:.0%} of it"
