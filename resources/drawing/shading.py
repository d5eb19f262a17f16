"""Colours and how light changes them: the palette side of every drawn picture.

A colour is (3,) float64 RGB on the scale 0..255. Shadows turn cooler and highlights warmer, as painters do,
so that a darker tone is never only a greyer one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SHADOW_TINT = np.array([0.93, 0.96, 1.08])
LIGHT_TINT = np.array([255.0, 247.0, 228.0])


def rgb(code: str) -> Array:
    """The colour (3,) of six hexadecimal digits, ``"d9cbb8"``."""
    return np.array([int(code[i : i + 2], 16) for i in (0, 2, 4)], np.float64)


def mix(first: Array, second: Array, share: float | Array) -> Array:
    """``first`` where ``share`` is 0, ``second`` where it is 1; arrays broadcast."""
    return first + (second - first) * share


def darker(colour: Array, amount: float) -> Array:
    """``colour`` with ``amount`` 0..1 of its light taken away, turning a little cooler."""
    tint = min(1.0, 2 * amount)
    return np.asarray(colour * ((1 - amount) * (1 - tint + tint * SHADOW_TINT)))


def lighter(colour: Array, amount: float) -> Array:
    """``colour`` moved ``amount`` 0..1 of the way to a warm white."""
    return mix(colour, LIGHT_TINT, amount)


def choose(rng: np.random.Generator, codes: str) -> Array:
    """One of the colours in ``codes``, which stand in one string with spaces between."""
    return nth(codes, int(rng.integers(len(codes.split()))))


def nth(codes: str, number: int) -> Array:
    """Colour ``number`` of ``codes``, counted round."""
    words = codes.split()
    return rgb(words[number % len(words)])


def vary(rng: np.random.Generator, colour: Array, amount: float) -> Array:
    """``colour`` made lighter or darker by up to ``amount`` (a fraction of its value)."""
    return np.clip(colour * (1 + rng.uniform(-amount, amount)), 0, 255)


def smoothstep(low: float, high: float, values: Array) -> Array:
    """0 below ``low``, 1 above ``high``, and 3t² - 2t³ between them."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def finish(light: Array, rng: np.random.Generator, vignette: float = 0.09, grain: float = 1.1) -> Array:
    """A float picture as (H, W, 3) uint8: shoulder for the brightest tones, darker corners, fine grain.

    Args:
        light: (H, W, 3) float32, 255 = white; values above it are rolled off and not cut.
        rng: source of the grain.
        vignette: how much of the light the corners lose.
        grain: standard deviation of the grain in grey levels.
    """
    height, width = light.shape[:2]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    light = light * (1 - np.float32(0.5 * vignette) * np.square(x * x + y * y) ** 0.75)[..., None]
    # Above the knee a tone only approaches white: windows and lamps keep their drawing.
    knee, span = np.float32(205), np.float32(50)
    over = light - knee
    np.maximum(over, 0, out=over)
    np.minimum(light, knee, out=light)
    light += over / (1 + over / span)
    light += grain_of(rng, height, width, grain)[..., None]
    light += np.float32(0.5)
    np.clip(light, 0, 255, out=light)
    return light.astype(np.uint8)


def grain_of(rng: np.random.Generator, height: int, width: int, deviation: float) -> Array:
    """Even noise (height, width) float32 about 0 with a standard ``deviation`` in grey levels."""
    # A uniform byte deviates by 73.9 about its mean.
    noise = rng.integers(0, 256, (height, width), np.uint8).astype(np.float32)
    noise -= np.float32(127.5)
    noise *= np.float32(deviation / 73.9)
    return noise
