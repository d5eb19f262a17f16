"""The kinds of arrays that pass between modules."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
AnyPixels = NDArray[Any]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DepthMap = NDArray[np.float32]

Histogram = NDArray[np.int64]
