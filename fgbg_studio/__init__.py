"""FGBG Studio: composites, exact masks and depth maps from backgrounds and cutouts."""

import os

__version__ = "0.1.0"

# Intel's IPP, which OpenCV's wheels use in some functions, rounds otherwise on other makes of processor, and builds of
# OpenCV differ in having it. Without it each of them makes the same pixels. It must be said before OpenCV starts, which
# would then warn of it at every start.
os.environ["OPENCV_IPP"] = "disabled"
os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")

# ONNX Runtime tells its makers of its use, unless this is said before it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
