"""The family of layouts: folders, names and order of a dataset.

A layout knows how the samples of a plan are ordered and what every picture is called. Paths are relative to
the dataset's folder, with forward slashes, and carry the suffix of the codec they are stored with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from fgbg_studio.core.base.strategy import Strategy
from fgbg_studio.core.imaging.codecs import Codec

Axis = Literal["background", "foreground", "mirrored", "placement"]
KINDS = ("bg", "fg", "fg_mask", "fg_bg", "mask", "depth")
SAMPLE_KINDS = ("fg_bg", "mask", "depth")
INSTANCES = "instances"
"""Index maps, which datasets have where they are asked for; their path follows from the composite's."""
ALL_KINDS = (*KINDS, INSTANCES)
PER_SAMPLE = (*SAMPLE_KINDS, INSTANCES)
"""Of these each sample has a picture, or none of its dataset has."""


class Ids(NamedTuple):
    """Which sample, by its first object: all numbers from 0.

    ``columns`` are the depth layers' (1 without any), times how often a scene is blended. ``foregrounds`` and
    ``placements`` say how many the plan has.
    """

    number: int
    background: int
    foreground: int
    mirrored: bool
    k: int
    columns: int
    foregrounds: int
    placements: int


class Paths(NamedTuple):
    """Where the three pictures of a sample are."""

    fg_bg: str
    mask: str
    depth: str


class ToldName(NamedTuple):
    """What a composite's name says of it, in the numbers that are written there; ``placement`` as it is written."""

    background: int
    foreground: int
    mirrored: bool
    placement: str


@dataclass(frozen=True)
class Layout(Strategy, family="layout", members="fgbg_studio.core.dataset.layouts"):
    """Base of the layouts."""

    axes: ClassVar[tuple[Axis, Axis, Axis, Axis]] = ("background", "foreground", "placement", "mirrored")
    """The order of the samples, the slowest axis first."""
    mirrored_first: ClassVar[bool] = False
    stores_mirrored: ClassVar[bool] = False
    """Whether mirrored foregrounds are pictures of their own."""
    jpeg_suffix: ClassVar[str] = ".jpg"
    folders: ClassVar[dict[str, str]] = {}
    """Kind → pattern of its folder's name, by which a dataset of this layout is recognised on disk."""
    told: ClassVar[str] = ""
    """Pattern of a composite's name without suffix: its groups are b, f, m (there where mirrored) and k; empty where
    datasets of this layout are made by this program alone."""
    trees: ClassVar[dict[str, tuple[str, str]]] = {}
    """Folder of composites → the folders of their masks and depth maps, as the hand-made datasets have them."""
    flat_archives: ClassVar[bool] = False
    """Whether there is one archive a kind, called as its folder, which holds its files at its root."""

    def suffix(self, codec: Codec) -> str:
        """The suffix of files stored by ``codec``."""
        return self.jpeg_suffix if codec.format == "jpeg" else ".png"

    def background(self, number: int) -> str:
        """Path of a background without its suffix."""
        raise NotImplementedError

    def foreground(self, number: int, mirrored: bool) -> str:
        """Path of a foreground without its suffix."""
        raise NotImplementedError

    def fg_mask(self, number: int, mirrored: bool) -> str:
        """Path of a foreground's mask without its suffix."""
        raise NotImplementedError

    def sample(self, ids: Ids) -> Paths:
        """Paths of a sample's composite, mask and depth map without their suffixes."""
        raise NotImplementedError

    def tell(self, name: str) -> ToldName | None:
        """What a composite's ``name`` without folders and suffix says of it; None where it is none of this layout."""
        found = re.fullmatch(self.told, name) if self.told else None
        if found is None:
            return None
        return ToldName(int(found["b"]), int(found["f"]), bool(found.groupdict().get("m")), found["k"])

    def siblings(self, fg_bg: str) -> Paths | None:
        """The paths of a composite, its mask and its depth map, without suffixes, by the composite's.

        None where its folder is none of composites. It begins with that folder: ``fg_bg/bg_00/bg_00_fg_00_T_000000``.
        """
        folder, _, rest = fg_bg.partition("/")
        trees = self.trees.get(folder)
        return Paths(fg_bg, f"{trees[0]}/{rest}", f"{trees[1]}/{rest}") if trees else None

    def beside(self, fg_bg: str) -> str:
        """Path of a sample's background where every sample has its own, without a suffix, by its composite's.

        In the backgrounds' folder it is what the composite is in its own, so that both sort alike.
        """
        return f"{self.background(0).partition('/')[0]}/{fg_bg.partition('/')[2]}"

    def instances(self, fg_bg: str) -> str:
        """Path of a sample's index map without its suffix, by its composite's: as `beside`, in a folder of its own."""
        return f"instances/{self.beside(fg_bg).partition('/')[2]}"

    def label(self, ids: Ids, paths: Paths, x: int, y: int) -> tuple[str, str] | None:  # noqa: ARG002
        """A label file's path and the sample's line in it (``paths`` with suffixes), or None for no labels."""
        return None

    def archive(self, kind: str) -> str:
        """What an archive of one kind is called, without number and suffix."""
        return self.folders.get(kind, kind) if self.flat_archives else kind

    def member(self, path: str) -> str:
        """What the file of ``path`` is called inside an archive."""
        return file_name(path) if self.flat_archives else path


def file_name(path: str) -> str:
    """The file's name without its folders."""
    return path.rpartition("/")[2]


def stem(path: str) -> str:
    """The file's name without folders and suffix."""
    return file_name(path).partition(".")[0]
