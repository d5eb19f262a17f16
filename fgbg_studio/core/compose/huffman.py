"""Codes of deflate blocks that are put together bit by bit (RFC 1951).

A block begins with its code's description (3.2.7) and is then a string of codes: of literal bytes, of matches
and of the block's end. The only matches used here repeat the byte before (distance 1), and every literal and
length has a code, so that anything may be put into the block later on.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]
Whole = NDArray[np.int64]

END = 256
SYMBOLS = 286  # literals, the end, and the lengths of matches
LONGEST_MATCH = 258
_LONGEST_CODE = 12  # of the 15 that there may be: so several codes fit into a word
_MOST_WORD = 64
# In which the lengths of the codes of code lengths are sent (3.2.7).
_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)


def _match_table() -> tuple[Whole, Whole, Whole]:
    """Symbol, value and number of extra bits for each length of a match, 0..258 (3.2.5)."""
    symbols, extra, bits = (np.zeros(LONGEST_MATCH + 1, np.int64) for _ in range(3))
    least = 3
    for symbol in range(257, 285):
        width = max((symbol - 257) // 4 - 1, 0)
        reach = slice(least, least + (1 << width))
        symbols[reach], bits[reach] = symbol, width
        extra[reach] = np.arange(1 << width)[: len(symbols[reach])]
        least += 1 << width
    symbols[LONGEST_MATCH], extra[LONGEST_MATCH], bits[LONGEST_MATCH] = 285, 0, 0
    return symbols, extra, bits


MATCH_SYMBOLS, _EXTRA, _EXTRA_BITS = _match_table()


class Code:
    """The code of one block.

    Args:
        counts: (286,) how often each literal and length occurs, about; none needs to.

    Attributes:
        bits: (286,) lengths of the codes.
        codes: (286,) the codes, first bit lowest. Byte 0 has the shortest, all zeros: bits that are left
            zero are zero bytes.
        match_bits: (259,) lengths of whole matches by the number of bytes repeated; 0 below 3.
        matches: (259,) the matches: length, extra bits and distance.
        header: the block's beginning as 0 and 1, one a bit; it is the last block of its stream.
    """

    def __init__(self, counts: Whole) -> None:
        wanted = [int(count) for count in counts]
        wanted[0] = max(wanted)
        lengths = _limited(wanted, _LONGEST_CODE)
        shortest = lengths.index(min(lengths))
        lengths[0], lengths[shortest] = lengths[shortest], lengths[0]
        self.bits = np.array(lengths, np.int64)
        self.codes = np.array(_canonical(lengths), np.uint64)
        used = MATCH_SYMBOLS > 0
        self.match_bits = np.where(used, self.bits[MATCH_SYMBOLS] + _EXTRA_BITS + 1, 0)
        extra = _EXTRA.astype(np.uint64) << self.bits[MATCH_SYMBOLS].astype(np.uint64)
        self.matches = np.where(used, self.codes[MATCH_SYMBOLS] | extra, np.uint64(0))
        self.header = np.array(_header(lengths), np.uint8)

    def zeros(self, most: int) -> tuple[Bits, Whole]:
        """Runs of 0..``most`` zero bytes after any byte: codes (all above 64 bits is zero) and lengths in bits."""
        codes, bits = np.zeros(most + 1, np.uint64), np.arange(most + 1) * self.bits[0]
        for number in range(4, most + 1):
            code, at, left = 0, int(self.bits[0]), number - 1
            while left >= 3:
                length = min(left, LONGEST_MATCH)
                width = int(self.match_bits[length])
                if at + width > _MOST_WORD or width >= length * self.bits[0]:
                    break
                code, at, left = code | int(self.matches[length]) << at, at + width, left - length
            codes[number], bits[number] = code, at + left * self.bits[0]
        return codes, bits


def _limited(counts: list[int], longest: int) -> list[int]:
    """Lengths of a Huffman code for all symbols, none over ``longest`` bits.

    Rare symbols are counted as less rare until it fits, which costs less than a percent of the best code.
    """
    least = max(sum(counts) >> (longest - 1), 1)
    while True:
        lengths = _lengths([max(count, least) for count in counts])
        if max(lengths) <= longest:
            return lengths
        least *= 2


def _lengths(counts: Sequence[int]) -> list[int]:
    """Lengths of the codes of symbols that occur so often (Huffman 1952); at least two symbols."""
    heap = [(count, number) for number, count in enumerate(counts)]
    heapq.heapify(heap)
    parents = [0] * (2 * len(counts) - 1)
    for made in range(len(counts), len(parents)):
        (one, first), (two, second) = heapq.heappop(heap), heapq.heappop(heap)
        parents[first] = parents[second] = made
        heapq.heappush(heap, (one + two, made))
    depths = [0] * len(parents)
    for node in reversed(range(len(parents) - 1)):
        depths[node] = depths[parents[node]] + 1
    return depths[: len(counts)]


def _canonical(lengths: Sequence[int]) -> list[int]:
    """The codes that follow from their lengths (3.2.2), turned round: the stream takes the lowest bit first."""
    codes, code, last = [0] * len(lengths), 0, 0
    for symbol in sorted(range(len(lengths)), key=lambda symbol: (lengths[symbol], symbol)):
        length = lengths[symbol]
        if length:
            code <<= length - last
            codes[symbol] = int(f"{code:0{length}b}"[::-1], 2)
            code, last = code + 1, length
    return codes


def _header(lengths: Sequence[int]) -> list[int]:
    """The bits of a last block's header with dynamic codes (3.2.3, 3.2.7); two distances of one bit each."""
    bits: list[int] = []

    def put(value: int, width: int) -> None:
        bits.extend(value >> place & 1 for place in range(width))

    put(1, 1)
    put(2, 2)
    put(SYMBOLS - 257, 5)
    put(2 - 1, 5)
    put(len(_ORDER) - 4, 4)
    sent = list(_shortened([*lengths, 1, 1]))
    counts = Counter(symbol for symbol, _ in sent)
    used = sorted(counts)
    own = dict(zip(used, _limited([counts[symbol] for symbol in used], 7), strict=True))
    codes = _canonical([own.get(symbol, 0) for symbol in range(19)])
    for symbol in _ORDER:
        put(own.get(symbol, 0), 3)
    for symbol, repeats in sent:
        put(codes[symbol], own[symbol])
        if symbol == 16:
            put(repeats - 3, 2)
    return bits


def _shortened(lengths: Sequence[int]) -> list[tuple[int, int]]:
    """Code lengths as (symbol, repeats): symbol 16 repeats the one before three to six times (3.2.7)."""
    sent: list[tuple[int, int]] = []
    at = 0
    while at < len(lengths):
        run = 1
        while at + run < len(lengths) and lengths[at + run] == lengths[at]:
            run += 1
        sent.append((lengths[at], 1))
        left = run - 1
        while left >= 3:
            sent.append((16, min(left, 6)))
            left -= min(left, 6)
        sent += [(lengths[at], 1)] * left
        at += run
    return sent
