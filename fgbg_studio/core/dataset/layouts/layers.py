"""Names that hold row and column of the depth layer; three folders a background."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.interfaces.layout import Axis, Ids, Layout, Paths


@dataclass(frozen=True)
class LayersLayout(Layout):
    """``fgbg150_5/bg5_0_2_flip_fg_73.jpg``: row 0 the nearest, column 2; backgrounds and foregrounds from 1.

    Mask and depth have the composite's name behind ``mask_`` and ``depth_``, as their folders do; a cutout's mask
    has the cutout's behind ``mask_``.
    """

    name: ClassVar[str] = "layers"
    summary: ClassVar[str] = "three folders per background, names with the depth layer's row and column"
    axes: ClassVar[tuple[Axis, Axis, Axis, Axis]] = ("background", "foreground", "mirrored", "placement")
    stores_mirrored: ClassVar[bool] = True
    told: ClassVar[str] = r"bg(?P<b>\d+)_(?P<k>\d+_\d+)_(?P<m>flip_)?fg_(?P<f>\d+)"
    folders: ClassVar[dict[str, str]] = {
        "bg": r"bg150", "fg": r"fg150", "fg_mask": r"fg150_mask",
        "fg_bg": r"fgbg(150)?_\d+", "mask": r"mask_fgbg(150)?_\d+", "depth": r"depth_fgbg(150)?_\d+",
    }  # fmt: skip

    @override
    def background(self, number: int) -> str:
        return f"bg150/bg{number + 1}"

    @override
    def foreground(self, number: int, mirrored: bool) -> str:
        return f"fg150/{'flip_' if mirrored else ''}fg_{number + 1}"

    @override
    def fg_mask(self, number: int, mirrored: bool) -> str:
        return f"fg150_mask/mask_{'flip_' if mirrored else ''}fg_{number + 1}"

    @override
    def sample(self, ids: Ids) -> Paths:
        row, column = divmod(ids.k, ids.columns)
        flip = "flip_" if ids.mirrored else ""
        folder = f"fgbg150_{ids.background + 1}"
        name = f"bg{ids.background + 1}_{row}_{column}_{flip}fg_{ids.foreground + 1}"
        return Paths(f"{folder}/{name}", f"mask_{folder}/mask_{name}", f"depth_{folder}/depth_{name}")

    @override
    def siblings(self, fg_bg: str) -> Paths | None:
        folder, _, name = fg_bg.partition("/")
        if not re.fullmatch(self.folders["fg_bg"], folder):
            return None
        return Paths(fg_bg, f"mask_{folder}/mask_{name}", f"depth_{folder}/depth_{name}")

    @override
    def beside(self, fg_bg: str) -> str:
        """See `Layout.beside`: composites have a folder for each background."""
        return f"{self.background(0).partition('/')[0]}/{fg_bg}"
