"""Deflate's codes, held against zlib's own inflate."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.compose.huffman import END, LONGEST_MATCH, SYMBOLS, Code

counts = st.one_of(
    st.lists(st.integers(0, 5000), min_size=SYMBOLS, max_size=SYMBOLS),
    st.just([0] * SYMBOLS),
    st.just([2 ** min(n, 40) for n in range(SYMBOLS)]),  # as deep a tree as there can be
    st.just([10**6] + [0] * (SYMBOLS - 1)),
)


def bits_of(value: int, width: int) -> list[int]:
    return [int(value) >> place & 1 for place in range(int(width))]


def inflated(code: Code, parts: list[tuple[int, int]]) -> bytes:
    """What zlib makes of the block with these codes (value, bits) between its header and its end."""
    bits = code.header.tolist()
    for value, width in [*parts, (int(code.codes[END]), int(code.bits[END]))]:
        bits += bits_of(value, width)
    data = np.packbits(np.array(bits, np.uint8), bitorder="little").tobytes()
    inflater = zlib.decompressobj(-15)
    found = inflater.decompress(data)
    assert inflater.eof
    return found


def literal(code: Code, byte: int) -> tuple[int, int]:
    return int(code.codes[byte]), int(code.bits[byte])


@given(counts, st.binary(max_size=40))
def test_zlib_reads_literals(wanted: Any, data: bytes) -> None:
    code = Code(np.array(wanted))
    assert inflated(code, [literal(code, byte) for byte in data]) == data
    assert code.bits.max() <= 12
    assert code.bits[0] == code.bits.min()
    assert code.codes[0] == 0
    assert sum(2.0 ** -int(bits) for bits in code.bits) == 1  # Kraft: nothing is wasted


@pytest.mark.parametrize("length", range(3, LONGEST_MATCH + 1))
def test_zlib_reads_every_match(length: int) -> None:
    code = Code(np.arange(SYMBOLS))
    match = int(code.matches[length]), int(code.match_bits[length])
    assert inflated(code, [literal(code, 9), match]) == bytes([9] * (length + 1))


@pytest.mark.parametrize("common", [1, 50, 100_000])
def test_runs_of_zeros_after_any_byte(common: int) -> None:
    counted = np.ones(SYMBOLS, np.int64)
    counted[0], counted[285] = 50, common  # the longest match
    code = Code(counted)
    codes, widths = code.zeros(1500)
    for number in [*range(30), 258, 259, 260, 261, 262, 263, 600, 1500]:
        run = int(codes[number]), int(widths[number])
        assert inflated(code, [literal(code, 7), run, literal(code, 8)]) == b"\x07" + bytes(number) + b"\x08"
    assert widths[600] <= 600 * code.bits[0]
    assert widths[600] < 60


def test_frequent_bytes_are_short() -> None:
    counted = np.ones(SYMBOLS, np.int64)
    counted[65], counted[66] = 10_000, 100
    code = Code(counted)
    assert code.bits[65] <= 2
    assert code.bits[65] < code.bits[66] < code.bits[67]
