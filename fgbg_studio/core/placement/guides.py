"""Settings that can be seen in the frame, as the placements share them: horizon, camera, fractions of the frame."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgbg_studio.core.base.camera import ratio_of, rows_tall
from fgbg_studio.core.interfaces.placement import Guide, Request

FIGURE = 1.7
"""Height in metres of the figure that stands on the ground to judge the camera's height by."""


def fraction(percent: float) -> float:
    """Percent as the settings have them."""
    return round(percent / 100, 4)


def percent_guide(name: str, setting: str, value: float, **more: Any) -> Guide:
    """A guide of a fraction of the frame, said in percent."""
    full: dict[str, Any] = {"least": 0, "most": 100, "stored": fraction, "unit": "%", "decimals": 1} | more
    return Guide(name, setting, value * 100, **full)


def horizon_guide(request: Request) -> Guide:
    """The horizon's line of the request's one sample."""
    frame, horizon = request.frame, float(request.horizon[0])
    return percent_guide(
        "horizon", "camera.horizon", horizon / frame,
        least=-100, most=200, look="horizon", row=horizon, pulled=lambda row: row / frame * 100,
        tag="horizon",
    )  # fmt: skip


def camera_guide(request: Request, figure: float) -> Guide:
    """The camera's height, told by the top of a figure whose feet stand at the row ``figure``.

    How tall it is seen, `core.base.camera` says; above the horizon there is no ground to stand on, and no line.
    """
    horizon, camera, tilt = (float(column[0]) for column in (request.horizon, request.camera_height, request.tilt))
    below = figure - horizon
    stands = below >= 1
    tall = float(rows_tall(np.array([FIGURE / camera]), np.array([below]), np.array([tilt]))[0])

    def pulled(row: float) -> float:
        return FIGURE / max(ratio_of(figure - row, below, tilt), 1e-6)

    return Guide(
        "camera", "camera.height", camera, 0.05, 100, lambda metres: round(metres, 3), unit=" m", decimals=2,
        look="figure", row=figure - tall if stands else None, foot=figure if stands else None,
        pulled=pulled if stands else None, tag=f"person {FIGURE:g} m",
    )  # fmt: skip
