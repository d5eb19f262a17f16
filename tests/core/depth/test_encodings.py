"""How depth is stored: exact where it says so, the same metre the same value but for the one that says it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from fgbg_studio.core.depth.encodings import LinearByte, Millimetres, RelativeWord, Stretched, StretchedInverted
from fgbg_studio.core.interfaces.encoding import NO_VALUE, TOO_FAR, TOO_NEAR, Encoding

ENCODINGS = [member() for member in Encoding.known().values()]
every_encoding = pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda encoding: encoding.name)
shapes = array_shapes(min_dims=2, max_dims=2, max_side=12)
metres = arrays(np.float32, shapes, elements=st.floats(0, 200, width=32))
shares = arrays(np.float32, shapes, elements=st.floats(0, 1, width=32))


@every_encoding
class TestAll:
    @given(depth=metres)
    def test_shape_type_and_no_change_of_the_argument(self, encoding: Encoding, depth: Any) -> None:
        before = depth.copy()
        stored = encoding.encode(depth)
        assert stored.shape == depth.shape
        assert stored.dtype == {8: np.uint8, 16: np.uint16}[encoding.bits]
        assert np.array_equal(depth, before)

    @given(depth=metres)
    def test_order_is_kept(self, encoding: Encoding, depth: Any) -> None:
        order = np.argsort(depth, axis=None)
        steps = np.diff(encoding.encode(depth).ravel()[order].astype(int))
        assert (steps <= 0).all() if encoding.name.endswith("inverted") else (steps >= 0).all()

    @given(depth=metres, rows=st.integers(1, 5))
    def test_a_metre_has_the_same_value_in_every_picture_where_it_says_so(
        self, encoding: Encoding, depth: Any, rows: int
    ) -> None:
        part = np.ascontiguousarray(depth[:rows])
        if encoding.pointwise:
            assert np.array_equal(encoding.encode(depth)[:rows], encoding.encode(part))
            one = np.full((1, 1), depth[0, 0], np.float32)
            assert encoding.encode(one)[0, 0] == encoding.encode(depth)[0, 0]

    def test_says_what_a_value_means(self, encoding: Encoding) -> None:
        assert len(encoding.meaning) > 20


class TestMillimetres:
    @given(metres)
    def test_to_half_a_millimetre_and_saturated(self, depth: Any) -> None:
        exact = np.clip(depth.astype(np.float64) * 1000, 1, 65535)
        assert np.abs(Millimetres().encode(depth) - exact).max() <= 0.5 + 1e-2  # float32 has 7 digits

    def test_known_values(self) -> None:
        depth = np.array([[0, 0.001, 1, 9.9996, 65.535, 65.536, 1e9, np.inf]], np.float32)
        assert Millimetres().encode(depth).tolist() == [[1, 1, 1000, 10000, 65535, 65535, 65535, 65535]]
        assert LinearByte().encode(depth)[0, -2:].tolist() == [255, 255]


class TestLinear:
    @given(metres, st.floats(0.5, 100))
    def test_to_half_a_step_and_saturated(self, depth: Any, far: float) -> None:
        exact = np.clip(depth.astype(np.float64) / far * 255, 1, 255)
        assert np.abs(LinearByte(far).encode(depth) - exact).max() <= 0.5 + 1e-3

    def test_the_meaning_names_its_scale(self) -> None:
        assert "7.5" in LinearByte(7.5).meaning


class TestRelative:
    @given(shares)
    def test_to_half_a_step(self, depth: Any) -> None:
        exact = np.maximum(depth.astype(np.float64) * 65535, 1)
        assert np.abs(RelativeWord().encode(depth) - exact).max() <= 0.5 + 1e-2

    def test_needs_no_metres_and_the_others_do(self) -> None:
        free = ["uint16-relative", "uint8-stretched", "uint8-stretched-inverted"]
        assert [e.name for e in ENCODINGS if not e.needs_metres] == free


class TestStretched:
    @given(metres)
    def test_the_nearest_is_black_and_the_farthest_white(self, depth: Any) -> None:
        stored = Stretched().encode(depth)
        low, high = float(depth.min()), float(depth.max())
        assert stored[depth == depth.min()].max() == 0
        if high - low > 1e-3 * high:
            assert stored[depth == depth.max()].min() == 255
            exact = (depth.astype(np.float64) - low) / (high - low) * 255
            assert np.abs(stored - exact).max() <= 0.5 + 0.1

    @given(metres)
    def test_the_inverted_one_is_its_negative_and_says_the_same(self, depth: Any) -> None:
        stored, inverted = Stretched().encode(depth), StretchedInverted().encode(depth)
        assert np.array_equal(stored, 255 - inverted)
        assert Stretched().restore(stored) == pytest.approx(StretchedInverted().restore(inverted), abs=1e-6)


class TestStretchedInverted:
    @given(metres)
    def test_the_nearest_is_white_and_the_farthest_black(self, depth: Any) -> None:
        stored = StretchedInverted().encode(depth)
        low, high = float(depth.min()), float(depth.max())
        assert stored[depth == depth.min()].min() == 255
        if high - low > 1e-3 * high:
            assert stored[depth == depth.max()].max() == 0
            exact = 255 - (depth.astype(np.float64) - low) / (high - low) * 255
            assert np.abs(stored - exact).max() <= 0.5 + 0.1

    def test_the_same_metre_gets_another_value_in_another_picture(self) -> None:
        """The very reason why it is warned of."""
        near, far = (np.array([[1.0, 2.0, last]], np.float32) for last in (3.0, 30.0))
        assert StretchedInverted().encode(near)[0, 1] != StretchedInverted().encode(far)[0, 1]
        assert not StretchedInverted.pointwise

    @pytest.mark.parametrize("value", [0.0, 3.0])
    def test_a_flat_map(self, value: float) -> None:
        assert (StretchedInverted().encode(np.full((4, 4), value, np.float32)) == 255).all()

    def test_a_range_that_no_float_can_be_divided_by(self) -> None:
        """255 over a denormal range is more than OpenCV's factor can hold."""
        depth = np.array([[0, 1.1754942e-38, 5e-39]], np.float32)
        assert StretchedInverted().encode(depth).tolist() == [[255, 0, 147]]

    def test_what_has_no_value_is_farthest(self) -> None:
        """There is no value left that could say so: 0 is the farthest."""
        depth = np.array([[2, 4, np.nan]], np.float32)
        assert StretchedInverted().encode(depth).tolist() == [[255, 0, 0]]
        assert (StretchedInverted().encode(np.full((2, 2), np.nan, np.float32)) == 255).all()


class TestNoValue:
    """0 says one thing: no value, or a value."""

    @every_encoding
    @given(depth=metres)
    def test_zero_is_made_of_no_depth_where_it_means_no_value(self, encoding: Encoding, depth: Any) -> None:
        holed = depth.copy()
        holed[0, 0] = np.nan
        if encoding.zero == "no value":
            assert ((encoding.encode(holed) == 0) == np.isnan(holed)).all()
            assert (np.isnan(encoding.restore(encoding.encode(holed))) == np.isnan(holed)).all()
        else:
            assert not np.isnan(encoding.restore(encoding.encode(holed))).any()

    @every_encoding
    @given(depth=arrays(np.float32, shapes, elements=st.floats(-5, 200, width=32)))
    def test_what_is_not_stored_as_it_is_is_named(self, encoding: Encoding, depth: Any) -> None:
        depth[0, 0] = np.nan
        named = dict(encoding.unheld(depth))
        assert named[NO_VALUE].tolist() == np.isnan(depth).tolist()
        off = named.get(TOO_FAR, np.zeros(depth.shape, bool)) | named.get(TOO_NEAR, np.zeros(depth.shape, bool))
        if not encoding.pointwise:
            assert not off.any()
            return
        wrong = np.abs(encoding.restore(encoding.encode(depth)) - depth) > 0.51 * encoding.step + 1e-6 * np.abs(depth)
        assert (wrong <= off).all()
        assert not (off & (depth > encoding.step) & (depth < encoding.reach)).any()

    def test_the_last_that_is_held(self) -> None:
        depth = np.array([[0.0004, 0.0006, 65.535, 65.6, 10.0]], np.float32)
        assert {name: where[0].tolist() for name, where in Millimetres().unheld(depth)} == {
            TOO_FAR: [False, False, False, True, False],
            TOO_NEAR: [True, False, False, False, False],
        }
        assert list(LinearByte(10.0).unheld(depth[:, 4:])) == []
