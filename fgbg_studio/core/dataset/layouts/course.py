"""One folder a kind, a counter shared by all, one label file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.interfaces.layout import Ids, Layout, Paths, ToldName, file_name


@dataclass(frozen=True)
class CourseLayout(Layout):
    """``fg_bg/fg_000_bg_000_000000.jpg`` and ``fg_bg_mask/fg_000_bg_000_mask_000000.jpg``.

    A mirrored foreground keeps its number. The counter makes names unique; an even one is a mirrored sample, and
    of 100 foregrounds and 20 placements counter // 4000 is the background.
    """

    name: ClassVar[str] = "course"
    summary: ClassVar[str] = "one folder per kind, a running counter (even: mirrored), one label file"
    mirrored_first: ClassVar[bool] = True
    told: ClassVar[str] = r"fg_(?P<f>\d+)_bg_(?P<b>\d+)_(?P<k>\d+)"
    trees: ClassVar[dict[str, tuple[str, str]]] = {"fg_bg": ("fg_bg_mask", "fg_bg_depth")}
    folders: ClassVar[dict[str, str]] = {
        "bg": r"bg", "fg": r"fg", "fg_mask": r"fg_mask",
        "fg_bg": r"fg_bg", "mask": r"fg_bg_mask", "depth": r"fg_bg_depth",
    }  # fmt: skip

    @override
    def background(self, number: int) -> str:
        return f"bg/{number:03}"

    @override
    def foreground(self, number: int, mirrored: bool) -> str:
        return f"fg/{number:03}"

    @override
    def fg_mask(self, number: int, mirrored: bool) -> str:
        return f"fg_mask/{number:03}"

    @override
    def sample(self, ids: Ids) -> Paths:
        pair, count = f"fg_{ids.foreground:03}_bg_{ids.background:03}", f"{ids.number:06}"
        return Paths(f"fg_bg/{pair}_{count}", f"fg_bg_mask/{pair}_mask_{count}", f"fg_bg_depth/{pair}_depth_{count}")

    @override
    def tell(self, name: str) -> ToldName | None:
        found = super().tell(name)
        return found and found._replace(mirrored=int(found.placement) % 2 == 0)

    @override
    def siblings(self, fg_bg: str) -> Paths | None:
        found, (pair, _, count) = super().siblings(fg_bg), fg_bg.rpartition("/")[2].rpartition("_")
        if found is None:
            return None
        mask, depth = (path[: -len(pair) - len(count) - 1] for path in found[1:])
        return Paths(fg_bg, f"{mask}{pair}_mask_{count}", f"{depth}{pair}_depth_{count}")

    @override
    def label(self, ids: Ids, paths: Paths, x: int, y: int) -> tuple[str, str]:
        """``composite TAB mask TAB x TAB y``: file names and the upper left corner in pixels."""
        return "labels/labels.txt", f"{file_name(paths.fg_bg)}\t{file_name(paths.mask)}\t{x}\t{y}"
