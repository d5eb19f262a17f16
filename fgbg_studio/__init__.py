"""FGBG Studio: composites, exact masks and depth maps from backgrounds and cutouts."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fgbg_studio.loaders import LoadedSamples

__version__ = "0.1.0"

# Intel's IPP, which OpenCV's wheels use in some functions, rounds otherwise on other makes of processor, and builds of
# OpenCV differ in having it. Without it each of them makes the same pixels. It must be said before OpenCV is first
# used, which would then warn of it at every start.
os.environ["OPENCV_IPP"] = "disabled"
os.environ.setdefault("OPENCV_LOG_LEVEL", "FATAL")  # what it says of damaged pictures the program says itself
# What a picture of a dataset says of its size is believed as far as that of one that is added (`core.imaging.reading`).
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", "170000000")


def without_ipp() -> None:
    """Switch IPP off in this thread, where somebody (a notebook) had used OpenCV before this package was imported."""
    if "cv2" in sys.modules:
        sys.modules["cv2"].ipp.setUseIPP(False)


without_ipp()

# TensorFlow tells of every processor, card and delegate that it finds; what goes wrong, it raises.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# ONNX Runtime tells its makers of its use, unless this is said before it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def open(path: Path | str, split: str | None = None) -> LoadedSamples:  # noqa: A001 - as it is called: fgbg_studio.open(path)
    """The samples of a dataset, or of one of its splits, as numpy arrays; see `fgbg_studio.loaders.open_samples`.

    Raises:
        DatasetError: there is none, or it is damaged.
        UsageError: there is no such split.
    """
    from fgbg_studio.loaders import open_samples

    return open_samples(path, split)
