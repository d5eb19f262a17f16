"""Masks of composites that have none: from the foreground's alpha, else from what differs from the background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from fgbg_studio.core.dataset.adopting.locating import LocatedMask, changed, locate
from fgbg_studio.core.dataset.adopting.materials import Materials
from fgbg_studio.core.dataset.inspect.adopted_contents import AdoptedContents
from fgbg_studio.core.dataset.inspect.adopted_issues import read_labels
from fgbg_studio.core.dataset.inspect.adoption import CompletedPicture, Sure
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.project.settings import Settings

_ORDER: tuple[Sure, ...] = ("rough", "likely", "sure")


class MaskCompleter:
    """Makes masks of one sample after the other; less sure ones than ``least`` are not made."""

    kind = "mask"
    batch = 1

    def __init__(self, contents: AdoptedContents, settings: Settings, codec: Codec, least: Sure) -> None:
        self._contents, self._codec, self._least = contents, codec, _ORDER.index(least)
        self._threshold = settings.compositing.mask_threshold
        self._materials, self._labels = Materials(contents), read_labels(contents)

    def name(self, number: int) -> str:
        """Of the sample's composite."""
        return stem(self._contents.name("fg_bg", number))

    def __call__(self, numbers: Sequence[int]) -> Iterator[tuple[int, bytes, CompletedPicture, str]]:
        """See `complete._made`.

        Raises:
            PictureError: a composite is damaged.
            OSError: it cannot be read.
        """
        for number in numbers:
            found, why = self.mask(number)
            name = self.name(number)
            if found is None or found.sure is None:
                yield number, b"", CompletedPicture("mask", name, "", ""), why
                continue
            how = (found.way, found.sure, found.difference, found.next, found.x, found.y)
            data = encode(np.where(found.mask, np.uint8(255), np.uint8(0)), self._codec)
            yield number, data, CompletedPicture("mask", name, *how), ""

    def mask(self, number: int) -> tuple[LocatedMask | None, str]:
        """The mask of a sample that is sure enough, or None; and why there is none."""
        composite, told = self._materials.composite(number), self._contents.told(number)
        about = self._contents.triple(number)
        background = self._materials.background(about.background) if about.background >= 0 else None
        if background is not None and background.shape != composite.shape:
            background = None
        found, why = None, "its foreground is not there"
        if told is not None and about.foreground >= 0:
            rgba = self._materials.foreground(about.foreground, told.placement, mirrored=told.mirrored)
            if rgba is not None:
                at, resized = self._labels.get(about.name), self._materials.resized
                found = locate(composite, rgba, background, at, resized=resized, threshold=self._threshold)
                why = "its foreground was not found in it well enough"
        if (found is None or found.sure is None) and background is not None:
            found = changed(composite, background)
            why = f"{why}, and what differs from the background is only rough"
        if found is None or found.sure is None or _ORDER.index(found.sure) < self._least:
            return None, why
        return found, ""
