"""The program's own layout: one folder a background, names that say everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.interfaces.layout import Ids, Layout, Paths


@dataclass(frozen=True)
class StudioLayout(Layout):
    """``fg_bg/bg_007/bg_007_fg_012_m_03.jpg``: background, foreground, p plain or m mirrored, placement."""

    name: ClassVar[str] = "studio"
    summary: ClassVar[str] = "one folder per background, the same name for composite, mask and depth"
    told: ClassVar[str] = r"bg_(?P<b>\d+)_fg_(?P<f>\d+)_(?:(?P<m>m)|p)_(?P<k>\d+)"
    trees: ClassVar[dict[str, tuple[str, str]]] = {"fg_bg": ("mask", "depth")}
    folders: ClassVar[dict[str, str]] = {
        "bg": r"bg", "fg": r"fg", "fg_mask": r"fg_mask", "fg_bg": r"fg_bg", "mask": r"mask", "depth": r"depth",
    }  # fmt: skip

    @override
    def background(self, number: int) -> str:
        return f"bg/bg_{number:03}"

    @override
    def foreground(self, number: int, mirrored: bool) -> str:
        return f"fg/fg_{number:03}"

    @override
    def fg_mask(self, number: int, mirrored: bool) -> str:
        return f"fg_mask/fg_{number:03}"

    @override
    def sample(self, ids: Ids) -> Paths:
        folder = f"bg_{ids.background:03}"
        side = "m" if ids.mirrored else "p"
        tail = f"{folder}/{folder}_fg_{ids.foreground:03}_{side}_{ids.k:02}"
        return Paths(f"fg_bg/{tail}", f"mask/{tail}", f"depth/{tail}")
