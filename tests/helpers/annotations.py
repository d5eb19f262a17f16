"""Files of outlines as other programs write them, of one square in a photo of 70 × 40 pixels."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.codecs import Codec, encode

SIZE = (70, 40)
SQUARE = [(10.0, 5.0), (30.0, 5.0), (30.0, 25.0), (10.0, 25.0)]
FLAT = [value for corner in SQUARE for value in corner]


def square() -> Pixels:
    mask = np.zeros((40, 70), np.uint8)
    mask[5:25, 10:30] = 255
    return mask


def png(mask: Pixels) -> bytes:
    return encode(mask, Codec())


def text(mask: Pixels) -> str:
    return base64.b64encode(png(mask)).decode()


def coco(*objects: dict[str, Any]) -> dict[str, Any]:
    return {
        "images": [{"id": 7, "file_name": "val/p.jpg", "width": 70, "height": 40, "license": 1}],
        "categories": [{"id": 3, "name": "cat", "supercategory": "animal"}],
        "annotations": [{"id": n, "image_id": 7, "category_id": 3, **one} for n, one in enumerate(objects)],
    }


def labelme(*shapes: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "5.5.0", "flags": {}, "imagePath": "..\\photos\\p.jpg", "imageData": None, "imageHeight": 40,
        "imageWidth": 70, "shapes": [{"group_id": None, "flags": {}, **shape} for shape in shapes],
    }  # fmt: skip


def isat(*objects: dict[str, Any]) -> dict[str, Any]:
    info = {"description": "ISAT", "folder": "", "name": "p.jpg", "width": 70, "height": 40, "depth": 3, "note": ""}
    return {"info": info, "objects": [{"area": 1, "bbox": [0, 0, 1, 1], "note": "", **one} for one in objects]}
