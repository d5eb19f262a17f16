"""What JPEG leaves of a composite is what its file decodes to, wherever the object is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.compose.lossy import LossyPixels
from fgbg_studio.core.compose.splice import SplicedJpeg
from fgbg_studio.core.imaging.codecs import Codec, decode, encode


@pytest.mark.parametrize("grey", [False, True])
@given(data=st.data())
def test_it_is_what_the_file_decodes_to(grey: bool, data: st.DataObject) -> None:
    width, height = data.draw(st.integers(17, 90)), data.draw(st.integers(17, 90))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    shape = (height, width) if grey else (height, width, 3)
    background = rng.integers(0, 256, shape, np.uint8)
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    wide, high = data.draw(st.integers(0, width - x)), data.draw(st.integers(0, height - y))
    composite = background.copy()
    composite[y : y + high, x : x + wide] = rng.integers(0, 256, (high, wide, *shape[2:]), np.uint8)
    quality, box = data.draw(st.sampled_from([30, 75, 95])), (x, y, wide, high)
    made = LossyPixels(background, quality)(composite, box)
    assert np.array_equal(made, decode(encode(composite, Codec("jpeg", quality)), ""))
    assert np.array_equal(made, decode(encode(composite, Codec("jpeg", quality, optimise=True)), ""))
    assert np.array_equal(made, decode(SplicedJpeg(background, quality).encode(composite, box), ""))
