"""Everything of a kind in one folder, foreground by foreground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.interfaces.layout import Axis, Ids, Layout, Paths


@dataclass(frozen=True)
class ClassroomLayout(Layout):
    """``fg_bg_images/fg099flip_bg080_10.jpg``; numbers from 1, a mask has its foreground's name."""

    name: ClassVar[str] = "classroom"
    summary: ClassVar[str] = "one folder per kind, foreground by foreground, numbers from 1"
    axes: ClassVar[tuple[Axis, Axis, Axis, Axis]] = ("foreground", "background", "placement", "mirrored")
    flat_archives: ClassVar[bool] = True
    told: ClassVar[str] = r"fg(?P<f>\d+)(?P<m>flip)?_bg(?P<b>\d+)_(?P<k>\d+)"
    trees: ClassVar[dict[str, tuple[str, str]]] = {"fg_bg_images": ("fg_bg_mask_images", "fg_bg_depth_images")}
    folders: ClassVar[dict[str, str]] = {
        "bg": r"bg_images", "fg": r"fg_images", "fg_mask": r"fg_mask_images",
        "fg_bg": r"fg_bg_images", "mask": r"fg_bg_mask_images", "depth": r"fg_bg_depth_images",
    }  # fmt: skip

    @override
    def background(self, number: int) -> str:
        return f"bg_images/img_{number + 1:03}"

    @override
    def foreground(self, number: int, mirrored: bool) -> str:
        return f"fg_images/img_{number + 1:03}"

    @override
    def fg_mask(self, number: int, mirrored: bool) -> str:
        return f"fg_mask_images/img_{number + 1:03}"

    @override
    def sample(self, ids: Ids) -> Paths:
        flip = "flip" if ids.mirrored else ""
        name = f"fg{ids.foreground + 1:03}{flip}_bg{ids.background + 1:03}_{ids.k + 1:02}"
        return Paths(f"fg_bg_images/{name}", f"fg_bg_mask_images/{name}", f"fg_bg_depth_images/{name}")
