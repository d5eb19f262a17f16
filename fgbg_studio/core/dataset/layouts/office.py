"""Mirrored foregrounds as pictures of their own, ``.jpeg``, one folder a kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.interfaces.layout import Axis, Ids, Layout, Paths


@dataclass(frozen=True)
class OfficeLayout(Layout):
    """``bg001_fg001_001.jpeg``; a mirrored foreground is called ``fg001_01``; numbers from 1.

    The folders' names and the masks' are this program's: the dataset's own description leaves them open.
    """

    name: ClassVar[str] = "office"
    summary: ClassVar[str] = "one folder a kind, mirrored foregrounds stored too, depth named by its parts"
    axes: ClassVar[tuple[Axis, Axis, Axis, Axis]] = ("background", "foreground", "mirrored", "placement")
    stores_mirrored: ClassVar[bool] = True
    jpeg_suffix: ClassVar[str] = ".jpeg"
    folders: ClassVar[dict[str, str]] = {
        "bg": r"bg", "fg": r"fg", "fg_mask": r"fg_mask",
        "fg_bg": r"fg_bg", "mask": r"fg_bg_mask", "depth": r"fg_bg_depth",
    }  # fmt: skip

    @override
    def background(self, number: int) -> str:
        return f"bg/bg{number + 1:03}"

    @override
    def foreground(self, number: int, mirrored: bool) -> str:
        return f"fg/fg{number + 1:03}{'_01' if mirrored else ''}"

    @override
    def fg_mask(self, number: int, mirrored: bool) -> str:
        return f"fg_mask/frg{number + 1:03}{'_01' if mirrored else ''}"

    @override
    def sample(self, ids: Ids) -> Paths:
        flip = "_01" if ids.mirrored else ""
        b, f, k = ids.background + 1, ids.foreground + 1, ids.k + 1
        name = f"bg{b:03}_fg{f:03}{flip}_{k:03}"
        depth = f"bg_{b:03}_fg_{f:03}{flip}_{k:03}_depth_map_{k:03}"
        return Paths(f"fg_bg/{name}", f"fg_bg_mask/{name}", f"fg_bg_depth/{depth}")
