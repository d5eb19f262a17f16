"""``objects.jsonl``: a line of each object of each sample, with what of it is seen and its whole shape.

``index`` is its value in the index map; boxes are x, y, width and height in pixels, of the ``visible`` pixels (all 0
where none is) and of all (``amodal_box``); areas are pixels of the masks, and ``occluded`` is the share of them that
something else hides, ``cut`` the share beyond the frame's edge. ``amodal`` is the whole mask as COCO has it:
run lengths down the columns, in its compressed text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

import numpy as np

from fgbg_studio.core.base.sample import Composite, PlacedPatch, Sample, box_seen
from fgbg_studio.core.imaging.run_lengths import run_lengths
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.plan.plan import Plan

FILE = "objects.jsonl"
FIRST_HIDDEN = "objects-first-hidden"
"""Counted samples: things in front leave less of the first object than should be seen of it."""


class ObjectLines:
    """The lines of a plan's samples, each ending with its line break.

    Shards' markers keep them as `notes`: without the class, which is only said of a foreground and may be said later.
    """

    def __init__(self, plan: Plan) -> None:
        self._layout, self._sources = plan.layout, plan.recipe.foregrounds
        self._paths = plan.paths

    def notes(self, sample: Sample, composite: Composite, contacts: Sequence[float]) -> str:
        """The lines of one sample by their numbers, for its shard's marker.

        Args:
            sample: as it was composed.
            composite: of it.
            contacts: the depths at which they stand, NaN where that is not known.
        """
        name, size = stem(self._paths(sample).fg_bg), len(composite.image)
        seen_of_each = zip(composite.whole, composite.seen, composite.areas, strict=True)
        rows = zip(sample.indices, sample.objects, seen_of_each, contacts, strict=True)
        lines = []
        for index, one, (placed, seen, area), contact in sorted(rows, key=lambda row: row[0]):
            all_of, beyond = placed.patch.white, placed.patch.beyond
            said = {
                "sample": name,
                "index": index,
                "foreground": stem(self._layout.foreground(one.foreground, False)),
                "file": self._sources[one.foreground].file,
                "mirrored": one.mirrored,
                "box": box_seen(seen, placed),
                "amodal_box": placed.tight,
                "visible_area": area,
                "amodal_area": all_of,
                "occluded": round(1 - area / all_of, 4) if all_of else 0.0,
                "cut": round(beyond / (all_of + beyond), 4) if beyond else 0.0,
                "contact_depth": None if math.isnan(contact) else round(contact, 4),
                "scale": float(f"{one.scale:.6g}"),
                "layer": one.layer,
                "amodal": {"size": [size, size], "counts": _amodal(placed, size)},
            }
            lines.append(f"{one.foreground} {json.dumps(said, ensure_ascii=False, separators=(',', ':'))[:-1]}\n")
        return "".join(lines)

    def lines(self, notes: str) -> str:
        """The lines of the file from their `notes`."""
        return "".join([self._line(*note.partition(" ")[::2]) for note in notes.splitlines(keepends=True)])

    def _line(self, foreground: str, said: str) -> str:
        category = json.dumps(self._sources[int(foreground)].category, ensure_ascii=False)
        return f'{said[:-1]},"class":{category}}}\n'


def _amodal(placed: PlacedPatch, size: int) -> str:
    """The solid pixels of an object in a square frame as compressed run lengths."""
    x, y, width, height = placed.box
    whole = np.zeros((size, size), np.bool_)
    whole[y : y + height, x : x + width] = placed.patch.solid
    return run_lengths(whole, placed.box)
