"""The curves of a training as a picture that needs no library to be drawn: SVG, light or dark as its reader is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from fgbg_studio.core.trial.progress import CurvePoint

_WIDE, _HIGH, _LEFT, _TOP, _RIGHT, _BELOW = 560, 240, 52, 30, 14, 30
_COLOURS = ("#2f6fde", "#c2551b", "#2a8f57", "#8a4fc0")
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#5f676f}.g{stroke:#d5d9dd}"
    "@media(prefers-color-scheme:dark){text{fill:#a3aab2}.g{stroke:#3d4248}}"
)


class Line(NamedTuple):
    """One curve: what it is, and its values at the points, NaN where it has none."""

    title: str
    values: tuple[float, ...]


class CurvePlot(NamedTuple):
    """What a diagram shows; ``top`` is the highest value, None for that of the curves."""

    title: str
    lines: tuple[Line, ...]
    top: float | None


def plots(points: Sequence[CurvePoint]) -> list[CurvePlot]:
    """The diagrams of a training: losses, masks, depth; those of which there are values."""

    def line(title: str, name: str) -> Line:
        return Line(title, tuple(getattr(point, name) for point in points))

    all_of_them = [
        CurvePlot("loss of the steps", (line("masks", "mask_loss"), line("depth", "depth_loss")), None),
        CurvePlot("IoU of masks", (line("seen", "seen_iou"), line("both new", "new_iou")), 1.0),
        CurvePlot("δ1 of depth", (line("seen", "seen_delta1"), line("both new", "new_delta1")), 1.0),
    ]
    return [CurvePlot(one.title, kept, one.top) for one in all_of_them if (kept := _with_values(one.lines))]


def _with_values(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if not all(math.isnan(value) for value in line.values))


def curves_svg(points: Sequence[CurvePoint]) -> str:
    """The diagrams one under another."""
    drawn = plots(points)
    steps = [point.step for point in points]
    parts = [_drawn(plot, steps, row * _HIGH) for row, plot in enumerate(drawn)]
    high = max(len(drawn), 1) * _HIGH
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {high}" width="{_WIDE}" height="{high}">'
        f"<style>{_STYLE}</style>{''.join(parts)}</svg>\n"
    )


def _drawn(plot: CurvePlot, steps: Sequence[int], top: int) -> str:
    highest = plot.top or max((v for line in plot.lines for v in line.values if not math.isnan(v)), default=1.0) or 1.0
    last = max(steps[-1], 1)
    wide, high = _WIDE - _LEFT - _RIGHT, _HIGH - _TOP - _BELOW

    def x(step: float) -> float:
        return _LEFT + step / last * wide

    def y(value: float) -> float:
        return top + _TOP + (1 - min(value / highest, 1.0)) * high

    parts = [f'<text x="{_LEFT}" y="{top + 16}" font-weight="600">{plot.title}</text>']
    for part in range(5):
        value = highest * part / 4
        parts.append(f'<line class="g" x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.2f}</text>')
        step = last * part / 4
        anchor = "end" if part == 4 else "middle"
        parts.append(f'<text x="{x(step):.1f}" y="{top + _HIGH - 10}" text-anchor="{anchor}">{step:,.0f}</text>')
    for number, line in enumerate(plot.lines):
        colour = _COLOURS[number]
        places = [
            f"{x(step):.1f},{y(value):.1f}"
            for step, value in zip(steps, line.values, strict=True)
            if not math.isnan(value)
        ]
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{" ".join(places)}"/>')
        parts.append(
            f'<text x="{_WIDE - _RIGHT - 90 * (len(plot.lines) - 1 - number)}" y="{top + 16}" text-anchor="end" '
            f'style="fill:{colour}">{line.title}</text>'
        )
    return "".join(parts)
