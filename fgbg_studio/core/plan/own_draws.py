"""Random numbers of one sample, one of its objects or one background, by what they are: see `core.plan.plan`.

They are the plan's kind for one at a time, in Python's whole numbers, and others than those that it places by.
"""

from __future__ import annotations

from fgbg_studio.core.base.sample import PlacedObject, Sample
from fgbg_studio.core.plan.recipe import Recipe

_BITS = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_SAMPLE, _BACKGROUND = 0x6C6F6F6B73_000001, 0x6C6F6F6B73_000002


def mix(key: int) -> int:
    """SplitMix64's finaliser, of 64 bits."""
    key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9 & _BITS
    key = (key ^ (key >> 27)) * 0x94D049BB133111EB & _BITS
    return key ^ (key >> 31)


def uniform(key: int, count: int) -> list[float]:
    """``count`` numbers uniform in [0, 1), 53 bits each."""
    return [(mix((key + _GOLDEN * step) & _BITS) >> 11) * 2.0**-53 for step in range(1, count + 1)]


class OwnDraws:
    """Of the samples of one recipe; those of one scene that are blended in different ways have the same."""

    def __init__(self, recipe: Recipe) -> None:
        seed = mix((recipe.seed + _GOLDEN) & _BITS)
        self._backgrounds = [int(source.sha256[:16], 16) ^ seed for source in recipe.backgrounds]
        self._foregrounds = [int(source.sha256[:16], 16) for source in recipe.foregrounds]
        self._times = recipe.settings.compositing.mode.times

    def of_sample(self, sample: Sample, count: int) -> list[float]:
        """Of a sample as a whole."""
        return uniform(mix(self._key(sample) ^ _SAMPLE), count)

    def of_object(self, sample: Sample, one: PlacedObject, count: int) -> list[float]:
        """Of an object of a sample, whichever others are laid before or after it."""
        own = mix((self._foregrounds[one.foreground] + (2 if one.mirrored else 1) * _GOLDEN) & _BITS)
        return uniform(mix(self._key(sample) ^ own), count)

    def _key(self, sample: Sample) -> int:
        background, foreground, mirrored, k = sample.identity
        k //= self._times
        key = mix(mix((self._backgrounds[background] + _GOLDEN) & _BITS) ^ self._foregrounds[foreground])
        return mix((key + (k << 1 | mirrored) * _GOLDEN) & _BITS)

    def of_background(self, number: int, count: int) -> list[float]:
        """Of a background, the same for all its samples."""
        return uniform(mix(self._backgrounds[number] ^ _BACKGROUND), count)
