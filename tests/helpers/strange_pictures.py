"""A corpus of odd and hostile pictures, all made here, the same for the same seed."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageCms

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.formats import FORMATS
from tests.helpers.bad_pictures import bomb

KINDS = [kind for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "PPM", "TGA", "QOI") if kind in FORMATS]
MODES = ("RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16", "I", "F", "YCbCr", "LAB")
POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n%%EndComments\nshowpage\n%%EOF\n"
NAMES = [
    "a\nb.png", "\x1b[31m\x1b]0;title\x07.png", "n" * 251 + ".png", "con.png", "..png", "\u202egnp.exe.png",
    "a\x9b2J.jpg",
    "=cmd|'!A1.png", "<script>.png", "![x](http:x).png", "aux .png", "\udcff\udcfe.png", "-rf.png", "a|b`c.png",
]  # fmt: skip


def whole(rng: random.Random, side: int = 40) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every format in every mode that it has, with orientations and profiles, animated, in pages."""
    pixels = np.random.default_rng(rng.randrange(1 << 32)).integers(0, 256, (side, side + 8, 4), np.uint8)
    pixels[:4, :, 3] = 0
    image = Image.fromarray(pixels)
    for mode in MODES:
        with contextlib.suppress(ValueError):
            made = image.convert("I").convert(mode) if mode == "I;16" else image.convert("RGB").convert(mode)
            made = image.convert(mode) if mode in {"RGBA", "LA"} else made
            yield from ((f"{mode.replace(';', '')}.{kind.lower()}", data) for kind, data in _saved(made))
    yield "tiles.tiff", tiled(pixels[..., :3])
    yield "passes.png", interlaced(pixels[..., :3])
    for turn in range(10):
        exif = Image.Exif()
        exif[0x0112] = turn
        yield f"turn{turn}.jpg", _save(image.convert("RGB"), "JPEG", exif=exif)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    broken = (b"", b"\0" * 128, profile[:90], profile[:128] + b"\xff" * 400, struct.pack(">I", 1 << 31) + profile[4:])
    for number, icc in enumerate(broken):
        yield f"profile{number}.png", _save(image, "PNG", icc_profile=icc or b"x")
    for number, tags in enumerate(
        (b"", b"Exif\0\0", b"Exif\0\0II*\0\x08\0\0\0\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08" * 9)
    ):
        yield f"exif{number}.jpg", _save(image.convert("RGB"), "JPEG", exif=tags)
    pages = [image.rotate(90 * turn) for turn in range(4)]
    for kind in (kind for kind in ("PNG", "WEBP", "TIFF", "GIF", "AVIF") if kind in FORMATS):
        yield f"many.{kind.lower()}", _save(pages[0], kind, save_all=True, append_images=pages[1:])


def interlaced(pixels: Pixels) -> bytes:
    """(h, w, 3) as a PNG in the seven passes of ISO/IEC 15948, section 8.2, which Pillow does not write."""
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    parts = [pixels[top::down, left::right] for top, left, down, right in passes]
    rows = b"".join(b"\0" + row.tobytes() for part in parts if part.size for row in part)
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 2, 0, 0, 1)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def tiled(pixels: Pixels, side: int = 16, said: int | None = None) -> bytes:
    """(h, w, 3) as a TIFF of tiles (TIFF 6.0, section 15), which says that they are of ``said`` pixels."""
    high, wide = pixels.shape[:2]
    down, across = -(-high // side), -(-wide // side)
    whole = np.zeros((down * side, across * side, 3), np.uint8)
    whole[:high, :wide] = pixels
    data = whole.reshape(down, side, across, side, 3).swapaxes(1, 2).tobytes()
    count, size = down * across, side * side * 3
    lists = 8 + 11 * 12 + 6
    tags = [(256, 4, 1, wide), (257, 4, 1, high), (258, 3, 3, lists), (259, 3, 1, 1), (262, 3, 1, 2), (277, 3, 1, 3),
            (284, 3, 1, 1), (322, 4, 1, said or side), (323, 4, 1, said or side), (324, 4, count, lists + 8),
            (325, 4, count, lists + 8 + 4 * count)]  # fmt: skip
    start = lists + 8 + 8 * count
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    places = [start + number * size for number in range(count)]
    return (head + bytes(4) + struct.pack("<HHHH", 8, 8, 8, 0)
            + struct.pack(f"<{2 * count}I", *places, *[size] * count) + data)  # fmt: skip


def _saved(image: Image.Image) -> Iterator[tuple[str, bytes]]:
    for kind in KINDS:
        with contextlib.suppress(OSError, ValueError, KeyError):
            yield kind, _save(image, kind)


def _save(image: Image.Image, kind: str, **more: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **more)
    return buffer.getvalue()


def hostile() -> Iterator[tuple[str, bytes]]:
    """Files that are no pictures, or claim to be huge ones."""
    yield "script.jpg", POSTSCRIPT
    yield (
        "preview.jpg",
        struct.pack("<IIIIIIIH", 0xC6D3D0C5, 32, len(POSTSCRIPT), 0, 0, 0, 0, 0xFFFF) + b"\0\0" + POSTSCRIPT,
    )
    yield "page.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
    yield "paper.jpg", b"%PDF-1.7\n"
    yield "empty.png", b""
    yield "zeros.tiff", bytes(4096)
    yield "tiles-huge.tiff", tiled(np.zeros((40, 40, 3), np.uint8), said=1 << 30)
    yield "tiles-few.tiff", tiled(np.zeros((40, 40, 3), np.uint8))[:-3000]
    yield "bomb.png", bomb(60_000, 60_000)
    yield "near.png", bomb(9_999, 10_000)
    size = struct.pack("<HH", 65535, 65535)
    yield (
        "screen.gif",
        b"GIF89a" + size + b"\x80\0\0" + bytes(6) + (b"," + bytes(4) + size + b"\0\x02\x01\0\0") * 50 + b";",
    )
    yield (
        "huge.bmp",
        b"BM" + struct.pack("<IIIIiiHHIIiiII", 99, 0, 54, 40, 1 << 30, -(1 << 30), 1, 24, 0, 0, 0, 0, 0, 0),
    )
    tags = [
        (256, 4, 1, 1 << 30),
        (257, 4, 1, 1 << 30),
        (258, 3, 1, 8),
        (262, 3, 1, 1),
        (273, 4, 1 << 30, 8),
        (279, 4, 1, 9),
    ]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    yield "huge.tiff", b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
    yield "circle.tiff", b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 256, 4, 1, 5) + struct.pack("<I", 8)
    yield "huge.webp", b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f" + b"\xff" * 12
    yield "huge.ppm", b"P6 99999 99999 255\n" + bytes(99)
    yield "huge.tga", bytes([0, 0, 10]) + bytes(9) + size + b"\x18\0" + b"\xff\1\2\3" * 9
    yield "huge.qoi", b"qoif" + struct.pack(">IIBB", 1 << 30, 1 << 30, 3, 0) + bytes(20)
    yield "huge.jpg", b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\3\1\x22\0\2\x11\1\3\x11\1\xff\xd9"
    text = zlib.compress(bytes(50_000_000))
    plain = bomb(8, 8)
    chunk = b"zTXta\0\0" + text
    yield (
        "text.png",
        plain[:33] + struct.pack(">I", len(chunk) - 4) + chunk + zlib.crc32(chunk).to_bytes(4, "big") + plain[33:],
    )


def corpus(seed: int, damaged: int) -> Iterator[tuple[str, bytes]]:
    """(name, bytes): all whole and hostile ones, and so many cut short, flipped, spliced, or called otherwise."""
    rng = random.Random(seed)
    good = list(whole(rng))
    yield from good
    yield from hostile()
    for number in range(damaged):
        (name, data), (_, other) = rng.sample(good, 2)
        made = bytearray(data)
        match rng.randrange(4):
            case 0:
                del made[rng.randrange(len(made)) :]
            case 1:
                for _ in range(rng.randrange(1, 30)):
                    made[rng.randrange(len(made))] ^= 1 << rng.randrange(8)
            case 2:
                made[rng.randrange(len(made)) :] = other[rng.randrange(len(other)) :]
            case _:
                name = f"{name}.{rng.choice(KINDS).lower()}"
        yield f"{number:03}-{name}", bytes(made)
