"""16-bit PNG files of depth maps, made by coding only what inserted objects change of their background's map.

A depth map is a background's map with one value in each object's place. The background is coded once, as a
single deflate block (`huffman.Code`); of each map only the objects' pixels are coded anew, and the rest of
the bits is copied, shifted to where they now belong. The file is an ordinary PNG.

What it gains: at 192 px on one thread a map of a ground plane takes 60 µs where OpenCV's PNG of the whole map
takes 180 and bands of rows deflated by zlib, of which only the touched ones are anew, 80; a map as a network gives
it, smooth with a little noise, 180 µs, 870 and 400 (`benchmarks/depth_png.py`). A whole sample of `geometry` takes
260 (`python -m benchmarks.depth`).

It rests on these facts:

- With filter 1 (Sub) a stored byte is the difference to that of the pixel on the left (PNG, third edition,
  9.2). Inside a span of one value all differences are zero, and besides the span's own pixels only the one
  after it changes.
- In a deflate block a code's bits do not depend on what comes before (RFC 1951, 3.2.3), but that a match
  needs the bytes that it repeats. The only matches here repeat a zero, and one that is cut, or whose zero is
  gone, is coded anew as a shorter run of zeros.
- Adler-32 is a pair of sums modulo 65521, of the bytes and of the bytes times their distance from the end
  (RFC 1950, 9): what a change adds to it follows from the bytes that change.

Everything is whole numbers of the map itself, so that the same map makes the same bytes with any zlib.
Several maps are made at once because numpy's calls, not its loops, are what costs time here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.compose import png
from fgbg_studio.core.compose.huffman import END, LONGEST_MATCH, MATCH_SYMBOLS, SYMBOLS, Bits, Code, Whole

Words = NDArray[np.uint16]
_LEAST_MATCH = 8  # shorter runs of zeros cost less as literals
_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
BYTES_A_PIXEL = 28
"""What a `DepthPng` keeps, about."""


class Object(NamedTuple):
    """What is inserted: ``value`` (0..65535) where ``solid`` (h, w) is True, its upper left corner at (x, y)."""

    solid: NDArray[np.bool_]
    x: int
    y: int
    value: int


class DepthPng:
    """A background's 16-bit map kept as coded bits, into which objects are inserted.

    It takes a few milliseconds to make; keep it for all maps of the background.

    Args:
        depth: (H, W) uint16, the background's map.
    """

    def __init__(self, depth: Words) -> None:
        height, width = depth.shape
        self._width, self._stride = width, 2 * width + 1
        self._head = png.head(width, height, 16)
        raw = _filtered(depth).ravel()
        runs = _runs(raw)
        code = Code(_counts(raw, runs))
        self._bits, self._codes = code.bits, code.codes
        self._zeros, self._zero_bits = code.zeros(max(2 * width, LONGEST_MATCH))
        self._words, places, self._end = _coded(raw, runs, code)
        self._sums, sums = _sums(raw)
        self._cuts = _cuts(places, runs, sums, height, width)
        # One column of zeros on the left: the pixel before a row's first counts as 0.
        self._values = np.zeros(height * (width + 1) + 1, np.uint16)
        self._values[:-1].reshape(height, width + 1)[:, 1:] = depth

    def encode(self, maps: Sequence[Sequence[Object]]) -> list[bytes]:
        """A file for each of ``maps``: the background's with objects inserted.

        The objects lie wholly inside the frame, and no two of a map have a pixel in common.
        """
        spans = _spans(maps, self._width)
        seen = [number for number, count in enumerate(spans.counts) if count]
        plain = png.file(self._head, self._words.tobytes()[: -(-self._end // 8)], adler=_adler(*self._sums))
        files = [plain] * len(maps)
        if not seen:
            return files
        spans = spans._replace(counts=spans.counts[seen])
        high, low = self._edges(spans)
        gaps = self._gaps(spans)
        for number, deflated, adler in zip(
            seen, self._deflated(spans, gaps, high, low), self._adlers(spans, gaps, high, low), strict=True
        ):
            files[number] = png.file(self._head, deflated, adler=adler)
        return files

    def _edges(self, spans: _Spans) -> tuple[Whole, Whole]:
        """Stored bytes, (2, spans) high and low, of each span's first pixel and of the pixel after it."""
        values = spans.value
        beside = self._values.take(np.array((spans.first, spans.last + 1))).astype(np.int64)
        if spans.touching is not None:
            beside[0, 1:][spans.touching] = values[:-1][spans.touching]
        high, low = (values >> 8) - (beside >> 8), values - beside
        np.negative(high[1], out=high[1])
        np.negative(low[1], out=low[1])
        return high & 255, low & 255

    def _gaps(self, spans: _Spans) -> _Gaps:
        goes_on = spans.last + spans.inside
        (stop, _, before, _, *sums), (_, resume, _, after, *sums_after) = (
            self._cuts.take(place, axis=0).T.astype(np.int64) for place in (spans.first, goes_on)
        )
        # Two spans may cut the same match: nothing of it is left between them but zeros.
        same = (spans.follows & (stop[1:] < resume[:-1])).nonzero()[0]
        after[same] = 2 * (spans.first[same + 1] - goes_on[same])
        before[same + 1] = 0
        stop[same + 1] = resume[same]
        lost, lost_weighted = (late - early for late, early in zip(sums_after, sums, strict=True))
        return _Gaps(stop, resume, before, after, lost, lost_weighted)

    def _deflated(self, spans: _Spans, gaps: _Gaps, high: Whole, low: Whole) -> list[bytes]:
        """The block of each map: the background's bits before, between and after the spans, and the spans' own."""
        codes, bits = self._pieces(spans, gaps, high, low)
        ends = bits.cumsum(axis=0)
        moved = (ends[-1] - (gaps.resume - gaps.stop)).cumsum()
        tails = spans.counts.cumsum() - 1
        lengths = self._end + np.diff(moved[tails], prepend=0)
        begins = np.concatenate([[0], ((lengths >> 6) + 2).cumsum()])
        # From a bit of the background to the same bit of the map, as a place in the common buffer.
        moved += np.repeat((begins[:-1] << 6) - (moved[tails] - lengths + self._end), spans.counts)
        out = np.zeros(begins[-1], np.uint64)
        put(out, (ends - bits + (gaps.resume + moved - ends[-1])).ravel(), codes.ravel())
        between = (spans.follows & (gaps.stop[1:] > gaps.resume[:-1])).nonzero()[0]
        source = gaps.resume[between]
        _copy_between(out, source + moved[between], self._words, source, gaps.stop[between + 1] - source)
        heads = gaps.stop[tails - spans.counts + 1]
        rest = gaps.resume[tails]
        for begin, head, source_bit, place in zip(begins, heads, rest, rest + moved[tails], strict=False):
            _copy_head(out[begin:], self._words, int(head))
            _copy_rest(out, int(place), self._words, int(source_bit))
        return [
            out[begin : begin + (length >> 6) + 1].tobytes()[: -(-length // 8)]
            for begin, length in zip(begins.tolist(), lengths.tolist(), strict=False)
        ]

    def _pieces(self, spans: _Spans, gaps: _Gaps, high: Whole, low: Whole) -> tuple[Bits, Whole]:
        """What stands in each span's place, (5, spans): codes and their lengths in bits, one after the other."""
        first_bits = self._bits.take(high)
        edge_bits = first_bits + self._bits.take(low)
        edge_bits[1] *= spans.inside
        edges = self._codes.take(low) << first_bits.view(np.uint64)
        edges |= self._codes.take(high)
        edges[1] *= spans.inside
        runs = np.array((gaps.before, 2 * (spans.last - spans.first - 1), gaps.after))
        codes, bits = np.empty((5, len(gaps.before)), np.uint64), np.empty((5, len(gaps.before)), np.int64)
        codes[0::2], bits[0::2] = self._zeros.take(runs), self._zero_bits.take(runs)
        codes[1::2], bits[1::2] = edges, edge_bits
        return codes, bits

    def _adlers(self, spans: _Spans, gaps: _Gaps, high: Whole, low: Whole) -> list[int]:
        """The checksum of each map's filtered rows."""
        row, column = spans.row * self._stride + 1, np.array((spans.begin, spans.stop))
        high[1] *= spans.inside
        low[1] *= spans.inside
        both = high + low
        new = both.sum(0) - gaps.lost
        weighted = (both * (row + 2 * column) + low).sum(0) - gaps.lost_weighted
        heads = spans.counts.cumsum() - spans.counts
        total, place, size = self._sums
        return [
            _adler(total + more, place + placed, size)
            for more, placed in zip(
                np.add.reduceat(new, heads).tolist(), np.add.reduceat(weighted, heads).tolist(), strict=True
            )
        ]


class _Spans(NamedTuple):
    """Rows' stretches of solid pixels of several maps, in order.

    ``row`` is a row of the frame, ``begin`` and ``stop`` are columns; ``first`` and ``last`` the first pixel
    and the one after the last, counted as row × (W + 1) + column; ``value`` is what all of them get. ``inside``
    says whether the pixel after the last is the background's, neither beyond the row's end nor another span's;
    ``follows`` whether each span but the first is of the same map as the one before, ``touching`` whether it
    begins where that one ends (None: none does). ``counts`` is how many there are of each map.
    """

    row: Whole
    begin: Whole
    stop: Whole
    first: Whole
    last: Whole
    value: Whole
    inside: NDArray[np.bool_]
    follows: NDArray[np.bool_]
    touching: NDArray[np.bool_] | None
    counts: Whole


class _Gaps(NamedTuple):
    """What the spans take away of the background.

    For each span the bit where the background's bits stop, the one where they go on, the zero bytes lost of a
    match there, and the sum of the bytes lost, plain and times their places.
    """

    stop: Whole
    resume: Whole
    before: Whole
    after: Whole
    lost: Whole
    lost_weighted: Whole


class _Runs(NamedTuple):
    """Matches of zeros: the byte at which each begins, and how many bytes it repeats."""

    start: Whole
    length: Whole


def _spans(maps: Sequence[Sequence[Object]], width: int) -> _Spans:
    objects = [one for inserted in maps for one in inserted]
    # Every row is followed by a pixel that is not solid, and so is the first one preceded.
    strides = [one.solid.shape[1] + 1 for one in objects]
    places = np.cumsum([0, *(len(one.solid) * stride for one, stride in zip(objects, strides, strict=True))])
    padded = np.zeros(places[-1] + 1, np.bool_)
    for one, stride, place in zip(objects, strides, places.tolist(), strict=False):
        padded[place + 1 : place + 1 + len(one.solid) * stride].reshape(-1, stride)[:, :-1] = one.solid
    edges = (padded[1:] != padded[:-1]).nonzero()[0].reshape(-1, 2).T
    ends = np.searchsorted(edges[0], places)
    counts = np.diff(ends)
    which = np.repeat(np.arange(len(objects)), counts)
    x, y, value = (np.array([getattr(one, name) for one in objects]).take(which) for name in ("x", "y", "value"))
    stride, start = np.array(strides).take(which), places.take(which)
    row = (edges[0] - start) // stride
    columns = edges - start - row * stride + x
    row += y
    first, last = columns + row * (width + 1)
    follows = which[1:] == which[:-1]
    spans = _Spans(row, columns[0], columns[1], first, last, value, columns[1] < width, follows, None, counts)
    return spans if all(len(inserted) == 1 for inserted in maps) else _by_map(spans, which, maps)


def _by_map(spans: _Spans, which: Whole, maps: Sequence[Sequence[Object]]) -> _Spans:
    """The spans of several objects a map in the order in which they lie in it; ``which`` is each one's object."""
    own = np.repeat(np.arange(len(maps)), [len(inserted) for inserted in maps])[which]
    # Those of each object are in order already, which this kind of sorting knows how to use.
    order = np.argsort(own * (int(spans.last.max(initial=0)) + 1) + spans.first, kind="stable")
    own, first, last = (column.take(order) for column in (own, spans.first, spans.last))
    inside = spans.inside.take(order)
    follows = own[1:] == own[:-1]
    touching = follows & (first[1:] == last[:-1])
    inside[:-1] &= ~touching
    row, begin, stop, value = (column.take(order) for column in (spans.row, spans.begin, spans.stop, spans.value))
    counts = np.bincount(own, minlength=len(maps))
    return _Spans(row, begin, stop, first, last, value, inside, follows, touching, counts)


def _filtered(depth: Words) -> NDArray[np.uint8]:
    """(H, W) uint16 as (H, 2W + 1) bytes, each row with filter 1 (Sub) and big-endian differences."""
    height, width = depth.shape
    big = depth.astype(">u2").view(np.uint8)
    rows = np.empty((height, 2 * width + 1), np.uint8)
    rows[:, 0] = 1
    rows[:, 1:3] = big[:, :2]
    np.subtract(big[:, 2:], big[:, :-2], out=rows[:, 3:])
    return rows


def _runs(raw: NDArray[np.uint8]) -> _Runs:
    """The runs of zeros that are worth a match; each leaves its first zero as a literal to be repeated."""
    zero = np.zeros(len(raw) + 2, np.bool_)
    np.equal(raw, 0, out=zero[1:-1])
    edges = np.flatnonzero(zero[1:] != zero[:-1])
    start, length = edges[0::2] + 1, edges[1::2] - edges[0::2] - 1
    start, length = start[length >= _LEAST_MATCH], length[length >= _LEAST_MATCH]
    parts = -(-length // LONGEST_MATCH)
    starts = np.repeat(start, parts) + _counting(parts) * LONGEST_MATCH
    lengths = np.minimum(np.repeat(start + length, parts) - starts, LONGEST_MATCH)
    kept = lengths >= _LEAST_MATCH
    return _Runs(starts[kept], lengths[kept])


def _counts(raw: NDArray[np.uint8], runs: _Runs) -> Whole:
    counts = np.bincount(raw, minlength=SYMBOLS)
    counts[0] -= runs.length.sum()
    counts[END] = 1
    counts += np.bincount(MATCH_SYMBOLS[runs.length], minlength=SYMBOLS)
    return counts


def _coded(raw: NDArray[np.uint8], runs: _Runs, code: Code) -> tuple[Bits, Whole, int]:
    """The block's bits in words, for each byte (and the end) the bit after what stands before it, and the last bit.

    A byte inside a match has no bits of its own: its place is the match's end.
    """
    bits, codes = code.bits[raw], code.codes[raw]
    inside = np.repeat(runs.start, runs.length) + _counting(runs.length)
    bits[inside], codes[inside] = 0, 0
    bits[runs.start], codes[runs.start] = code.match_bits[runs.length], code.matches[runs.length]
    places = np.concatenate([[0], np.cumsum(bits)]) + len(code.header)
    end = int(places[-1] + code.bits[END])
    words = np.zeros((end >> 6) + 3, np.uint64)
    put(words, np.arange(len(code.header)), code.header.astype(np.uint64))
    put(words, places, np.append(codes, code.codes[END]))
    return words, places, end


def _sums(raw: NDArray[np.uint8]) -> tuple[tuple[int, int, int], Whole]:
    """Sum of all bytes, sum of them times their places, their number; and (2, n + 1) such sums of all before each."""
    sums = np.zeros((2, len(raw) + 1), np.int64)
    np.cumsum(raw, out=sums[0, 1:])
    np.cumsum(raw * np.arange(len(raw)), out=sums[1, 1:])
    return (int(sums[0, -1]), int(sums[1, -1]), len(raw)), sums


def _adler(total: int, weighted: int, size: int) -> int:
    """Adler-32 of ``size`` bytes from their sum and the sum of each times its place, counted from 0."""
    return (size + size * total - weighted) % png.MODULUS << 16 | (1 + total) % png.MODULUS


def _cuts(places: Whole, runs: _Runs, sums: Whole, height: int, width: int) -> NDArray[np.int32]:
    """For each pixel and each row's end, (H × (W + 1), 6), what cutting there means.

    The bit where everything before the pixel ends, the bit from which everything after is whole, the zero
    bytes that are lost of a match before the pixel and after (its own included), and ``sums`` modulo 65521.
    """
    cuts = np.zeros((len(places), 6), np.int32)
    cuts[:, 0] = cuts[:, 1] = places
    number = _counting(runs.length)
    inside = np.repeat(runs.start, runs.length) + number
    cuts[inside, 0] = np.repeat(places[runs.start], runs.length)
    cuts[runs.start, 1] = places[runs.start + 1]
    cuts[inside, 2], cuts[inside, 3] = number, np.repeat(runs.length, runs.length) - number
    cuts[:, 4:] = (sums % png.MODULUS).T
    pixels = 1 + 2 * np.arange(width + 1)
    kept: NDArray[np.int32] = cuts[((2 * width + 1) * np.arange(height)[:, None] + pixels).ravel()]
    return kept


def _counting(lengths: Whole) -> Whole:
    """0, 1, … length − 1 for each length in a row."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def put(words: Bits, offsets: Whole, codes: Bits) -> None:
    """Put ``codes`` (64 bits each at most) into ``words``, zero there, at bits ``offsets``."""
    at, shift = offsets >> 6, (offsets & 63).view(np.uint64)
    # Bits that do not meet may be added; numpy has a quick loop for this and none for 'or'.
    np.add.at(words, at, codes << shift)
    np.add.at(words, at + 1, codes >> np.uint64(1) >> (np.uint64(63) - shift))


def _copy_between(out: Bits, offsets: Whole, words: Bits, sources: Whole, lengths: Whole) -> None:
    """Copy stretches of bits of ``words``, at ``sources`` and so long, to ``offsets`` in ``out``; none is empty."""
    first, last = offsets >> 6, (offsets + lengths - 1) >> 6
    number = last - first + 1
    begins = np.cumsum(number) - number
    at = np.arange(number.sum()) - np.repeat(begins - first, number)
    bit = (at << 6) + np.repeat(sources - offsets, number)
    index, shift = bit >> 6, (bit & 63).view(np.uint64)
    bits = words.take(index + 1)
    bits <<= np.uint64(1)
    bits <<= np.uint64(63) - shift
    bits |= words.take(index) >> shift
    bits[begins] &= _ALL << (offsets & 63).view(np.uint64)
    bits[begins + number - 1] &= _ALL >> (63 - ((offsets + lengths - 1) & 63)).view(np.uint64)
    np.add.at(out, at, bits)


def _copy_head(out: Bits, words: Bits, stop: int) -> None:
    """Copy the first ``stop`` bits of ``words`` to the beginning of ``out``."""
    whole = stop >> 6
    out[:whole] = words[:whole]
    out[whole] |= words[whole] & ~(_ALL << np.uint64(stop & 63))


def _copy_rest(out: Bits, offset: int, words: Bits, source: int) -> None:
    """Copy all bits of ``words`` from ``source`` on to ``offset`` in ``out``."""
    first, bit = offset >> 6, source - (offset & 63)
    index, shift = bit >> 6, np.uint64(bit & 63)
    number = min(len(out) - first, len(words) - 1 - index)
    bits = words[index : index + number] >> shift
    bits |= words[index + 1 : index + 1 + number] << np.uint64(1) << (np.uint64(63) - shift)
    bits[0] &= _ALL << np.uint64(offset & 63)
    out[first : first + number] += bits
