"""Layouts as earlier versions had them: what they made is read, verified and continued by them; nobody is offered them.

Projects and datasets of those versions come to them by `core/project/earlier.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.dataset.layouts.course import CourseLayout
from fgbg_studio.core.dataset.layouts.layers import LayersLayout
from fgbg_studio.core.dataset.layouts.office import OfficeLayout
from fgbg_studio.core.interfaces.layout import Axis, Ids, Layout, Paths, ToldName


@dataclass(frozen=True)
class EarlierCourseLayout(CourseLayout):
    """Foreground by foreground, plain first; backgrounds and foregrounds carry their kind's name."""

    name: ClassVar[str] = "course-1"
    summary: ClassVar[str] = "the course layout of earlier versions: foreground by foreground, plain first"
    offered: ClassVar[bool] = False
    axes: ClassVar[tuple[Axis, Axis, Axis, Axis]] = ("foreground", "background", "mirrored", "placement")
    mirrored_first: ClassVar[bool] = False

    @override
    def background(self, number: int) -> str:
        return f"bg/bg_{number:03}"

    @override
    def foreground(self, number: int, mirrored: bool) -> str:
        return f"fg/fg_{number:03}"

    @override
    def fg_mask(self, number: int, mirrored: bool) -> str:
        return f"fg_mask/fg_{number:03}"


@dataclass(frozen=True)
class EarlierLayersLayout(LayersLayout):
    """Backgrounds and foregrounds in the plainly named folders."""

    name: ClassVar[str] = "layers-1"
    summary: ClassVar[str] = "the layers layout of earlier versions: folders bg, fg and fg_mask"
    offered: ClassVar[bool] = False
    folders: ClassVar[dict[str, str]] = {**LayersLayout.folders, "bg": r"bg", "fg": r"fg", "fg_mask": r"fg_mask"}

    @override
    def background(self, number: int) -> str:
        return f"bg/bg{number + 1}"

    @override
    def foreground(self, number: int, mirrored: bool) -> str:
        return f"fg/{'flip_' if mirrored else ''}fg_{number + 1}"

    @override
    def fg_mask(self, number: int, mirrored: bool) -> str:
        return f"fg_mask/{'flip_' if mirrored else ''}fg_{number + 1}"


@dataclass(frozen=True)
class EarlierOfficeLayout(OfficeLayout):
    """``bg001_fg001_001.jpeg``; a mirrored foreground is called ``fg001_01``: as the dataset's write-up has it."""

    name: ClassVar[str] = "office-1"
    summary: ClassVar[str] = "the office layout of earlier versions: names as the write-up has them"
    offered: ClassVar[bool] = False
    told: ClassVar[str] = r"bg(?P<b>\d+)_fg(?P<f>\d+)(?P<m>_01)?_(?P<k>\d{3,})"
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

    @override
    def tell(self, name: str) -> ToldName | None:
        return Layout.tell(self, name)  # not the other's: here a mirrored one keeps its number

    @override
    def siblings(self, fg_bg: str) -> Paths | None:
        found = super().siblings(fg_bg)
        if found is None:
            return None
        folder, _, name = found.depth.rpartition("/")
        return found._replace(depth=f"{folder}/{name.replace('bg', 'bg_', 1).replace('fg', 'fg_', 1)}")
