"""Settings that can be seen in the frame: lines to take hold of, and numbers to type.

A placement says what of it is seen and what a drag of it means (`Placement.guides`); a window draws it, a form
lists it, and neither knows which placement it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from fgbg_studio.core.placement import Request

FIGURE = 1.7
"""Height in metres of the figure that stands on the ground to judge the camera's height by."""

Look = Literal["line", "size", "horizon", "figure", "limit"]


@dataclass(frozen=True)
class Guide:
    """One value of the settings as one sample sees it.

    Attributes:
        name: unique among the guides of a sample.
        label: what a form calls it.
        setting: the key that it changes, as `settings.with_changes` knows it.
        value: as it is, in ``unit``.
        least: the smallest that may be set.
        most: the largest.
        stored: the setting's new value, JSON-ready, from one in ``unit``.
        unit: written after the number, with its space.
        decimals: digits after the point.
        help: one clause for a tooltip.
        look: how its line is drawn: across the frame, as a length that stands on ``foot``, …
        row: where its line lies, in pixels of the frame from the top; None for a number without a line.
        foot: the row on which what it measures stands, where it measures something.
        pulled: the value that takes the line to a row.
        tag: what is written at the line.
        listed: whether a form has a field for it; of several guides of one setting one is enough.
    """

    name: str
    label: str
    setting: str
    value: float
    least: float
    most: float
    stored: Callable[[float], Any]
    unit: str = ""
    decimals: int = 0
    help: str = ""
    look: Look = "line"
    row: float | None = None
    foot: float | None = None
    pulled: Callable[[float], float] | None = None
    tag: str = ""
    listed: bool = True

    def value_at(self, row: float) -> float:
        """The value nearest to what would take the line to ``row``; as it is for a number without a line."""
        return self.value if self.pulled is None else self.nearest(self.pulled(row))

    def nearest(self, value: float) -> float:
        """``value`` within the limits, with as many digits as the guide has."""
        return round(min(max(value, self.least), self.most), self.decimals)

    def change(self, value: float) -> str:
        """``key=value`` for `settings.with_changes`."""
        return f"{self.setting}={json.dumps(self.stored(self.nearest(value)))}"


def fraction(percent: float) -> float:
    """Percent as the settings have them."""
    return round(percent / 100, 4)


def percent_guide(name: str, label: str, setting: str, value: float, **more: Any) -> Guide:
    """A guide of a fraction of the frame, said in percent."""
    full: dict[str, Any] = {"least": 0, "most": 100, "stored": fraction, "unit": " %", "decimals": 1} | more
    return Guide(name, label, setting, value * 100, **full)


def horizon_guide(request: Request) -> Guide:
    """The horizon's line of the request's one sample."""
    frame, horizon = request.frame, float(request.horizon[0])
    return percent_guide(
        "horizon", "Horizon", "camera.horizon", horizon / frame,
        least=-100, most=200, look="horizon", row=horizon, pulled=lambda row: row / frame * 100,
        tag="horizon", help="the row of the horizon, from the frame's upper edge",
    )  # fmt: skip


def camera_guide(request: Request, figure: float) -> Guide:
    """The camera's height, told by the top of a figure whose feet stand at the row ``figure``.

    A figure of height h on the ground at row y is h·(y − y_h)/H rows tall under a camera of height H, y_h being
    the horizon's row; above the horizon there is no ground to stand on, and no line.
    """
    horizon, camera = float(request.horizon[0]), float(request.camera_height[0])
    depth = FIGURE * (figure - horizon)
    stands = figure >= horizon + 1

    def pulled(row: float) -> float:
        return depth / max(figure - row, 1e-6)

    return Guide(
        "camera", "Camera height", "camera.height", camera, 0.05, 100, lambda metres: round(metres, 3),
        unit=" m", decimals=2, help="over the ground; people hold cameras at about 1.5 m", look="figure",
        row=figure - depth / camera if stands else None, foot=figure if stands else None,
        pulled=pulled if stands else None, tag=f"{FIGURE:g} m",
    )  # fmt: skip
