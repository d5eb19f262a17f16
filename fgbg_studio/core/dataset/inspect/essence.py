"""Which pictures of a hand-made dataset are of one sample, by their names."""

from __future__ import annotations

import re

from fgbg_studio.core.base.files import composed
from fgbg_studio.core.interfaces.layout import stem

_WORDS = re.compile(r"[0-9]+|[a-zA-Z\u0080-\U0010ffff]+")


def essence(name: str) -> str:
    """What composite, mask and depth of one sample have in common: the numbers and words of the name.

    The hand-made datasets put ``mask``, ``depth`` or ``depth_map`` somewhere into the name, and separate
    numbers from words or not.
    """
    words = _WORDS.findall(composed(stem(name)))
    kept = [word for word in words if word.lower() not in {"mask", "depth", "map"}]
    if "map" in words:
        kept = kept[:-1]  # the placement's number stands there twice
    return "_".join(kept)
