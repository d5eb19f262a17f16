"""One folder a background, a running number, and a label file a background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.interfaces.layout import Ids, Layout, Paths, file_name


@dataclass(frozen=True)
class StreetLayout(Layout):
    """``fg_bg/bg_00/bg_00_fg_00_T_000000.jpg``: T mirrored, F plain; the same name in all three trees."""

    name: ClassVar[str] = "street"
    summary: ClassVar[str] = "one folder per background, running numbers, label files with the corner's x and y"
    mirrored_first: ClassVar[bool] = True
    told: ClassVar[str] = r"bg_(?P<b>\d+)_fg_(?P<f>\d+)_(?:(?P<m>T)|F)_(?P<k>\d+)"
    trees: ClassVar[dict[str, tuple[str, str]]] = {"fg_bg": ("fg_bg_masks", "fg_bg_depth")}
    folders: ClassVar[dict[str, str]] = {
        "bg": r"bg", "fg": r"fg", "fg_mask": r"fg_mask",
        "fg_bg": r"fg_bg", "mask": r"fg_bg_masks", "depth": r"fg_bg_depth",
    }  # fmt: skip

    @override
    def background(self, number: int) -> str:
        return f"bg/bg_{number:02}"

    @override
    def foreground(self, number: int, mirrored: bool) -> str:
        return f"fg/fg_{number:02}"

    @override
    def fg_mask(self, number: int, mirrored: bool) -> str:
        return f"fg_mask/fg_{number:02}"

    @override
    def sample(self, ids: Ids) -> Paths:
        folder = f"bg_{ids.background:02}"
        side = "T" if ids.mirrored else "F"
        tail = f"{folder}/{folder}_fg_{ids.foreground:02}_{side}_{ids.number:06}"
        return Paths(f"fg_bg/{tail}", f"fg_bg_masks/{tail}", f"fg_bg_depth/{tail}")

    @override
    def label(self, ids: Ids, paths: Paths, x: int, y: int) -> tuple[str, str]:
        """``name TAB x TAB y``: the upper left corner in pixels."""
        return f"labels/bg_{ids.background:02}_label_info.txt", f"{file_name(paths.fg_bg)}\t{x}\t{y}"
