"""The formats of pictures that are read, and the endings of their names: one table, of what Pillow can do here.

Formats that run other programs (PostScript), hold no picture (HDF5) or no photo (icons) are left out on purpose.
"""

from __future__ import annotations

import contextlib
from importlib import import_module

from PIL import Image, features

# Plug-in of Pillow → its formats, and the part of Pillow's build that they need.
_PLUGINS: dict[str, tuple[tuple[str, ...], str]] = {
    "JpegImagePlugin": (("JPEG",), "jpg"), "MpoImagePlugin": (("MPO",), "jpg"), "PngImagePlugin": (("PNG",), "zlib"),
    "WebPImagePlugin": (("WEBP",), "webp"), "AvifImagePlugin": (("AVIF",), "avif"),
    "TiffImagePlugin": (("TIFF",), ""), "BmpImagePlugin": (("BMP", "DIB"), ""), "GifImagePlugin": (("GIF",), ""),
    "Jpeg2KImagePlugin": (("JPEG2000",), "jpg_2000"), "PpmImagePlugin": (("PPM",), ""),
    "TgaImagePlugin": (("TGA",), ""), "QoiImagePlugin": (("QOI",), ""),
}  # fmt: skip


def _readable() -> tuple[str, ...]:
    found: list[str] = []
    for plugin, (formats, needs) in _PLUGINS.items():
        with contextlib.suppress(ImportError):  # older ones lack some
            import_module(f"PIL.{plugin}")
            if not needs or features.check(needs):
                found += [name for name in formats if name in Image.OPEN]
    return tuple(found)


FORMATS = _readable()
"""What `PIL.Image.open` is allowed to take a file for, whatever its name."""
SUFFIXES = frozenset(
    {suffix for suffix, name in Image.EXTENSION.items() if name in FORMATS} | ({".mpo"} if "MPO" in FORMATS else set())
)
"""Endings of names, in lower case with their dot, that such a file may have."""
OTHERS = {
    ".avif", ".heic", ".heif", ".hif", ".jxl", ".jxr", ".jp2", ".webp", ".psd", ".xcf", ".svg", ".eps", ".exr", ".hdr",
    ".raw", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw", ".ico", ".icns", ".pcx",
    ".npy", ".npz", ".mat",
} - SUFFIXES  # fmt: skip
"""Endings of pictures, and of arrays that often are some, which are not read here."""
