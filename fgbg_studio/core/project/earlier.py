"""Settings as earlier versions wrote them, in today's words: what was made by them is continued and verified by them.

Used for projects of format 2 and older, and for datasets of format 1.
"""

from __future__ import annotations

import copy
from typing import Any

_LAYOUTS = {"course": "course-1", "layers": "layers-1", "office": "office-1"}
"""A layout whose names or order became those of the hand-made dataset's code → what it was until then."""


def with_earlier_names(data: Any) -> Any:
    """``data``, of which ``settings`` is a part, with the strategies in it that earlier versions meant.

    What is no such data is given back as it is: whoever reads it says what is wrong with it.
    """
    settings = data.get("settings") if isinstance(data, dict) else None
    if not isinstance(settings, dict):
        return data
    layout = settings.get("layout")
    name = layout.get("name") if isinstance(layout, dict) else layout
    if not isinstance(name, str) or name not in _LAYOUTS:
        return data
    return {**data, "settings": {**settings, "layout": {"name": _LAYOUTS[name]}}}


_RULES = {("placement",): {"perspective": "perspective-1"}, ("depth", "way"): {"geometry": "geometry-1"}}
"""Where in the settings strategies lie that make other samples now → what they were until then."""


def with_earlier_rules(data: dict[str, Any]) -> dict[str, Any]:
    """``data`` of a recipe with the strategies by which datasets of format 1 were made.

    Only these keep them: a project makes its next dataset by today's.
    """
    settings = copy.deepcopy(data["settings"])
    for path, names in _RULES.items():
        *parents, last = path
        part = settings
        for key in parents:
            part = part[key]
        strategy = part[last] if isinstance(part[last], dict) else {"name": part[last]}
        part[last] = {**strategy, "name": names.get(strategy["name"], strategy["name"])}
    return {**data, "settings": settings}
