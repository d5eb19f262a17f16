"""Draw the sample pictures that the program ships: ``python resources/draw_samples.py``.

They are kept as files beside `fgbg_studio/core/samples/__init__.py`, so that the program carries the pictures
and not the five thousand lines that draw them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from drawing import draw_background, draw_foreground  # noqa: E402

from fgbg_studio.core.images import Codec, encode  # noqa: E402

BACKGROUNDS, FOREGROUNDS = 20, 20


def main() -> None:
    """Write the pictures and ``samples.json`` with what is known of each."""
    target = HERE.parent / "fgbg_studio" / "core" / "samples"
    known: dict[str, list[dict[str, object]]] = {"backgrounds": [], "foregrounds": []}
    for number in range(BACKGROUNDS):
        background = draw_background(number)
        file = f"{background.name}.jpg"
        (target / file).write_bytes(encode(background.pixels, Codec("jpeg", 92)))
        horizon, height = round(background.horizon, 4), round(background.camera_height, 3)
        known["backgrounds"].append({"file": file, "horizon": horizon, "camera_height": height})
    for number in range(FOREGROUNDS):
        foreground = draw_foreground(number)
        file = f"{foreground.name}.png"
        (target / file).write_bytes(encode(foreground.pixels, Codec()))
        known["foregrounds"].append({"file": file, "real_height": round(foreground.real_height, 3)})
    (target / "samples.json").write_text(f"{json.dumps(known, indent=1)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
