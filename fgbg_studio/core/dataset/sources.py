"""The backgrounds, foregrounds and their masks as pictures of the dataset itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

import numpy as np
from cachetools import LRUCache

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.hashing_store import HashingStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.dataset.record import HIDDEN, SEALED, Dataset
from fgbg_studio.core.dataset.statistics import KindStatistics, to_json
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.project.settings import Settings

SOURCES = f"{HIDDEN}/sources.json"
"""The marker of these pictures, with their statistics and archives."""
_CACHE = 64 << 20  # bytes of backgrounds' files that a worker keeps


def write_sources(dataset: Dataset, composer: Composer) -> None:
    """Write the kinds ``bg``, ``fg`` and ``fg_mask`` by the dataset's layout and writer, and their marker."""
    noted = HashingStore(dataset.store)
    writer = composer.settings.writer.open(noted, "", composer.settings.layout)
    parts: dict[str, KindStatistics] = {}
    try:
        for kind, path, picture, codec in source_pictures(composer):
            pixels = picture()
            data = encode(pixels, codec)
            # What is read back: they are few, so that decoding them costs nothing beside the samples.
            parts.setdefault(kind, KindStatistics()).add(pixels if codec.lossless else decode(data, path), len(data))
            writer.add(kind, path, data)
        marker = {"archives": writer.finish(), "statistics": to_json(parts)}
        marker |= {"files": noted.lines()} if dataset.format >= SEALED else {}
    except BaseException:
        writer.discard()
        raise
    dataset.put_note(SOURCES, marker)


def sources_done(dataset: Dataset) -> bool:
    """Whether all of them are there."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return all(dataset.store.exists(name) for name in dataset.note(SOURCES)["archives"])
    return False


def source_pictures(composer: Composer) -> Iterator[tuple[str, str, Callable[[], Pixels], Codec]]:
    """(kind, path, what makes the pixels, codec) of every picture that the layout stores beside the samples'."""
    settings, layout, codecs = composer.settings, composer.settings.layout, composer.settings.codecs
    suffixes = {kind: layout.suffix(getattr(codecs, kind)) for kind in ("bg", "fg", "fg_mask")}
    for number in range(len(composer.pictures.recipe.backgrounds)):
        yield "bg", layout.background(number) + suffixes["bg"], partial(composer.background, number), codecs.bg
    sides = (False, True) if layout.stores_mirrored and settings.mirrored else (False,)
    plan = Plan(composer.pictures.recipe)
    for number in range(len(plan.recipe.foregrounds)):
        for mirrored in sides:
            one = (number, mirrored, *plan.stored_size(number))
            paper = partial(_on_paper, composer, *one)
            yield "fg", layout.foreground(number, mirrored) + suffixes["fg"], paper, codecs.fg
            mask = partial(_mask, composer, *one)
            yield "fg_mask", layout.fg_mask(number, mirrored) + suffixes["fg_mask"], mask, codecs.fg_mask


def _on_paper(composer: Composer, number: int, mirrored: bool, width: int, height: int) -> Pixels:
    return stored_foreground(composer.settings, composer.sized(number, mirrored, width, height))


def _mask(composer: Composer, number: int, mirrored: bool, width: int, height: int) -> Pixels:
    return composer.patch(number, mirrored, width, height).mask


class BackgroundFiles:
    """Backgrounds as the files that a writer puts beside each of their samples; one a worker."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._files: LRUCache[int, tuple[bytes, KindStatistics]] = LRUCache(_CACHE, lambda file: len(file[0]))

    def __call__(self, number: int) -> bytes:
        """The file of a background."""
        return self._file(number)[0]

    def statistics(self, times: Counter[int]) -> KindStatistics:
        """Of these backgrounds, each as often as it was written."""
        counted = KindStatistics()
        for number, often in sorted(times.items()):
            counted.merge(self._file(number)[1].times(often))
        return counted

    def _file(self, number: int) -> tuple[bytes, KindStatistics]:
        file = self._files.get(number)
        if file is None:
            pixels = self._composer.background(number)
            codec = self._composer.settings.codecs.bg
            data, counted = encode(pixels, codec), KindStatistics()
            counted.add(pixels if codec.lossless else decode(data, "a background"), len(data))
            file = self._files[number] = data, counted
        return file


def stored_foreground(settings: Settings, rgba: Pixels) -> Pixels:
    """The foreground as its file shows it: RGBA, or on white paper where the settings ask for that."""
    rule = settings.foreground
    if not rule.white_paper and settings.codecs.fg.format == "png":
        return rgba
    alpha = rgba[..., 3:].astype(np.float32) / 255
    if rule.white_paper:
        # Pixels are painted white or keep their colour, with nothing between: as it was done by hand.
        alpha = (rgba[..., 3:] >= rule.white_under).astype(np.float32)
    return np.rint(rgba[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
