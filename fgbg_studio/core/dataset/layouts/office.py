"""The names that the hand-made dataset's loader reads: mirrored foregrounds have numbers behind the plain ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.interfaces.layout import Axis, Ids, Layout, Paths, ToldName

_MIRRORED = 100
"""What is added to the number of a mirrored foreground; of more foregrounds than that, how many there are."""


@dataclass(frozen=True)
class OfficeLayout(Layout):
    """``BG_FG/bg_001_fg_001_001.jpeg``; numbers from 1, foreground 1 mirrored is ``fg_101``.

    The loader takes the background's number from between the first two underscores, sorts every folder by name and
    reads them side by side. So each field has as many digits as its largest number, three at least, and a depth map's
    name repeats the composite's. A cutout's own file is ``fg001.png``, mirrored ``fg001_01.png``.
    """

    name: ClassVar[str] = "office"
    summary: ClassVar[str] = "one folder per kind, names as its loader reads them, mirrored foregrounds from 101"
    axes: ClassVar[tuple[Axis, Axis, Axis, Axis]] = ("background", "foreground", "mirrored", "placement")
    stores_mirrored: ClassVar[bool] = True
    jpeg_suffix: ClassVar[str] = ".jpeg"
    told: ClassVar[str] = r"bg_(?P<b>\d+)_fg_(?P<f>\d+)_(?P<k>\d+)"
    trees: ClassVar[dict[str, tuple[str, str]]] = {
        "BG_FG": ("BG_FG Masks", "DepthMaps"), "fg_bg": ("fg_bg_mask", "fg_bg_depth"),
    }  # fmt: skip
    folders: ClassVar[dict[str, str]] = {
        "bg": r"BG", "fg": r"FG", "fg_mask": r"FG Masks",
        "fg_bg": r"BG_FG", "mask": r"BG_FG Masks", "depth": r"DepthMaps",
    }  # fmt: skip

    @override
    def background(self, number: int) -> str:
        return f"BG/bg{number + 1:03}"

    @override
    def foreground(self, number: int, mirrored: bool) -> str:
        return f"FG/fg{number + 1:03}{'_01' if mirrored else ''}"

    @override
    def fg_mask(self, number: int, mirrored: bool) -> str:
        return f"FG Masks/frg{number + 1:03}{'_01' if mirrored else ''}"

    @override
    def sample(self, ids: Ids) -> Paths:
        behind = max(_MIRRORED, ids.foregrounds)
        f = ids.foreground + 1 + (behind if ids.mirrored else 0)
        k = f"{ids.k + 1:0{max(3, len(str(ids.placements)))}}"
        name = f"bg_{ids.background + 1:03}_fg_{f:03}_{k}"
        return Paths(f"BG_FG/{name}", f"BG_FG Masks/{name}", f"DepthMaps/{name}_depth_map_{k}")

    @override
    def tell(self, name: str) -> ToldName | None:
        found = super().tell(name)
        if found is None or found.foreground <= _MIRRORED:
            return found
        return found._replace(foreground=found.foreground - _MIRRORED, mirrored=True)

    @override
    def siblings(self, fg_bg: str) -> Paths | None:
        found = super().siblings(fg_bg)
        return found and found._replace(depth=f"{found.depth}_depth_map_{fg_bg.rpartition('_')[2]}")
