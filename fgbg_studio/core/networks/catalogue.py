"""The networks that are well known: where each is, what it weighs, on what terms, and what it means.

Sizes and hashes are as published. One that turns out different is reported and the file is not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

from fgbg_studio.core.networks.description import IMAGENET_MEAN, IMAGENET_STD, Description


@dataclass(frozen=True)
class CatalogueEntry:
    """One network of the catalogue.

    Attributes:
        name: by which it is asked for.
        gives: ``depth``, ``saliency`` for a first cutout, or ``clicks``: it answers to what a person points at, alone
            or with another file (`PROMPTED`).
        address: of the file; empty where none is published and the file must be added.
        bytes: of the file; None where not published exactly.
        sha256: of the file in hexadecimal digits; None where not published.
        licence: to be shown before the download.
        description: what it takes and means; None for one that is asked, whose file says so by its names.
        note: what it is good for, in a sentence.
        suffix: of the file.
    """

    name: str
    gives: Literal["depth", "saliency", "clicks"]
    address: str
    bytes: int | None
    sha256: str | None
    licence: str
    description: Description | None
    note: str
    suffix: str

    @property
    def file_name(self) -> str:
        """Under which it is kept."""
        return self.name + self.suffix

    @property
    def published_name(self) -> str:
        """The last part of its address."""
        return PurePosixPath(self.address).name

    @property
    def origin(self) -> str:
        """Who publishes it, by the name of the server; empty where no address is known."""
        return urlsplit(self.address).netloc


@dataclass(frozen=True)
class PromptedEntry:
    """A network that answers to clicks, of one file or two.

    Attributes:
        name: by which it is asked for.
        parts: the names of its files' entries, the encoder before the decoder.
        note: what it is good for, in a sentence.
    """

    name: str
    parts: tuple[str, ...]
    note: str

    @property
    def bytes(self) -> int | None:
        """Of all its files; None where one is not published exactly."""
        sizes = [CATALOGUE[part].bytes for part in self.parts]
        return sum(filter(None, sizes)) if None not in sizes else None

    @property
    def licence(self) -> str:
        """Of its files."""
        return " and ".join(dict.fromkeys(CATALOGUE[part].licence for part in self.parts))

    @property
    def origin(self) -> str:
        """Who publishes its files."""
        return " and ".join(dict.fromkeys(CATALOGUE[part].origin for part in self.parts))


def _clicks(name: str, address: str, size: int | None, sha256: str, note: str, suffix: str = ".onnx") -> CatalogueEntry:
    return CatalogueEntry(name, "clicks", address, size, sha256, "Apache-2.0", None, note, suffix)


def _imagenet(meaning: Literal["inverse", "saliency"], side: int, multiple: int = 0) -> Description:
    return Description(meaning, side, side, multiple, layout="nchw", divide=255.0, mean=IMAGENET_MEAN, std=IMAGENET_STD)


def _densedepth(width: int, height: int, farthest: float) -> Description:
    return Description("densedepth", width, height, multiple=32, divide=255.0, factor=farthest)


_DENSEDEPTH = "https://s3-eu-west-1.amazonaws.com/densedepth/"
_ANYTHING = (
    "https://huggingface.co/onnx-community/depth-anything-v2-small/resolve/"
    "4472b7362082ad9968fee890ca0f1e5aca36b93d/onnx/"
)
_SLIMSAM = "https://huggingface.co/Xenova/slimsam-77-uniform/resolve/5850ab45f587c112167512ffef949107115e26a0/onnx/"
_SAM2 = "https://github.com/wkentaro/osam/releases/download/sam2.1/"
_MIDAS = "https://github.com/isl-org/MiDaS/releases/download/v2_1/"
_GPL = "GPL-3.0 (of the repository that published the weights)"
_MIDAS_INPUT = _imagenet("inverse", 256)
_U2NET_INPUT = Description("saliency", 320, 320, layout="nchw", stretch=True, mean=IMAGENET_MEAN, std=IMAGENET_STD)

_ENTRIES = (
    CatalogueEntry(
        name="densedepth-nyu",
        gives="depth",
        address=_DENSEDEPTH + "nyu.h5",
        bytes=172_897_376,
        sha256=None,
        licence=_GPL,
        description=_densedepth(640, 480, 10.0),
        note="rooms, in metres up to 10; published: δ1 0.846, AbsRel 0.123, RMSE 0.465 m on NYUv2",
        suffix=".h5",
    ),
    CatalogueEntry(
        name="densedepth-kitti",
        gives="depth",
        address=_DENSEDEPTH + "kitti.h5",
        bytes=None,
        sha256=None,
        licence=_GPL,
        description=_densedepth(1280, 384, 80.0),
        note="streets from a car, in metres up to 80",
        suffix=".h5",
    ),
    CatalogueEntry(
        name="depth-anything-v2-small",
        gives="depth",
        address=_ANYTHING + "model.onnx",
        bytes=99_060_839,
        sha256="afb6a5c28f3b6bf1618c6e43f02073ef9dfdc70e937502d51603e57b0a1df10c",
        licence="Apache-2.0",
        description=_imagenet("inverse", 518, 14),
        note="any scene, relative depth; the best of the small ones",
        suffix=".onnx",
    ),
    CatalogueEntry(
        name="depth-anything-v2-small-fp16",
        gives="depth",
        address=_ANYTHING + "model_fp16.onnx",
        bytes=49_642_442,
        sha256="2df6223f206b5164e21f664ace61dabeb9bb6a49b8b5a3e00510b4807d0f5b04",
        licence="Apache-2.0",
        description=_imagenet("inverse", 518, 14),
        note="the same in half precision: half the download",
        suffix=".onnx",
    ),
    CatalogueEntry(
        name="depth-anything-v2-small-quantized",
        gives="depth",
        address=_ANYTHING + "model_quantized.onnx",
        bytes=27_258_801,
        sha256="fcf51f1b230362b28690bb9d1809bf0431f29cad20534e3f589bd7285547f20d",
        licence="Apache-2.0",
        description=_imagenet("inverse", 518, 14),
        note="the same in 8 bits: a quarter of the download, a little less exact",
        suffix=".onnx",
    ),
    CatalogueEntry(
        name="midas-v2.1-small",
        gives="depth",
        address=_MIDAS + "model-small.onnx",
        bytes=66_764_249,
        sha256="2d8c6cb8f415229daf1eb041024208e2608c9f98e17c81cc7c6ecb449c56fd58",
        licence="MIT",
        description=_MIDAS_INPUT,
        note="any scene, relative depth, quick",
        suffix=".onnx",
    ),
    CatalogueEntry(
        name="midas-v2.1-small-tflite",
        gives="depth",
        address=_MIDAS + "model_opt.tflite",
        bytes=None,
        sha256="93d871071edff1218973ce25ee27ce95ccd20450c70a55e1b89efa3f5a772cdd",
        licence="MIT",
        description=Description("inverse", 256, 256, mean=IMAGENET_MEAN, std=IMAGENET_STD),
        note="any scene, relative depth; its hash was published by a third party only",
        suffix=".tflite",
    ),
    CatalogueEntry(
        name="fastdepth",
        gives="depth",
        address="",
        bytes=1_680_480,
        sha256="e8957602750f16ac130210868f4403b38b4042f0d10c00b89ec03fc3dc840125",
        licence="MIT (the weights)",
        description=Description("metres", 224, 224, dtype="uint8", divide=1.0, factor=0.07169981, dequantise=False),
        note="rooms, in metres, 8 bits, hundreds of pictures a second; δ1 0.771, RMSE 0.604 m on NYUv2",
        suffix=".tflite",
    ),
    CatalogueEntry(
        name="u2netp",
        gives="saliency",
        address="https://github.com/danielgatis/rembg/releases/download/v0.0.0/u2netp.onnx",
        bytes=4_574_861,
        sha256="309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
        licence="Apache-2.0",
        description=_U2NET_INPUT,
        note="the object that stands out",
        suffix=".onnx",
    ),
    CatalogueEntry(
        name="u2netp-float16",
        gives="saliency",
        address="",
        bytes=2_351_828,
        sha256="a5d6f9b093b790b9c2085f6f49adc154c0aa8c9912d1e2f5e53056f8540ac20c",
        licence="Apache-2.0",
        description=Description("saliency", 320, 320, stretch=True, mean=IMAGENET_MEAN, std=IMAGENET_STD),
        note="the same as u2netp for TensorFlow Lite, with weights in half precision",
        suffix=".tflite",
    ),
    CatalogueEntry(
        name="modnet",
        gives="saliency",
        address=(
            "https://github.com/Zeyi-Lin/HivisionIDPhotos/releases/download/pretrained-model/"
            "modnet_photographic_portrait_matting.onnx"
        ),
        bytes=25_888_640,
        sha256="07c308cf0fc7e6e8b2065a12ed7fc07e1de8febb7dc7839d7b7f15dd66584df9",
        licence="Apache-2.0",
        description=Description(
            "matte", 512, 512, multiple=32, layout="nchw", mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5)
        ),
        note="people: a soft matte",
        suffix=".onnx",
    ),
    _clicks(
        "slimsam-encoder",
        _SLIMSAM + "vision_encoder_quantized.onnx",
        8_882_165,
        "cce23c7b2e5d4f330932738fb67ba518e04b0d99ccdd1cccd22a7da4e01f2971",
        "sees the photo, for slimsam",
    ),
    _clicks(
        "slimsam-decoder",
        _SLIMSAM + "prompt_encoder_mask_decoder_quantized.onnx",
        4_903_810,
        "cb90b279f549d2cab7fd6e20c38522438c65d84bdcca3d2a764cff7d857fdce2",
        "answers to clicks, for slimsam",
    ),
    _clicks(
        "mobile-sam-files",
        "https://huggingface.co/vietanhdev/segment-anything-onnx-models/resolve/main/mobile_sam_20230629.zip",
        36_655_105,
        "41aff2660b7531becfee21fb257c49933ddc892c554507bdb775bf504d443942",
        "encoder and decoder in one archive, for mobile-sam",
        ".zip",
    ),
    _clicks(
        "sam2.1-tiny-encoder",
        _SAM2 + "sam2.1_tiny_preprocess.onnx",
        None,
        "5557482c56565f6a6c8206874b1a11c392cef8a1766477bf035b919092f2b619",
        "sees the photo, for sam2.1-tiny",
    ),
    _clicks(
        "sam2.1-tiny-decoder",
        _SAM2 + "sam2.1_tiny.onnx",
        None,
        "11a2c86fabbea9d0268213a9205c99a7f7e379caa0493bd13f5cca8ffaae6777",
        "answers to clicks and boxes, for sam2.1-tiny",
    ),
    _clicks(
        "magic-touch-file",
        "https://storage.googleapis.com/mediapipe-models/interactive_segmenter/magic_touch/float32/1/magic_touch.tflite",
        6_227_884,
        "e24338a717c1b7ad8d159666677ef400babb7f33b8ad60c4d96db4ecf694cd25",
        "answers to clicks by itself, for magic-touch",
        ".tflite",
    ),
)

CATALOGUE: dict[str, CatalogueEntry] = {entry.name: entry for entry in _ENTRIES}

PROMPTED: dict[str, PromptedEntry] = {
    entry.name: entry
    for entry in (
        PromptedEntry("sam2.1-tiny", ("sam2.1-tiny-encoder", "sam2.1-tiny-decoder"), "clicks and boxes, most exact"),
        PromptedEntry("mobile-sam", ("mobile-sam-files",), "clicks and boxes, quick"),
        PromptedEntry("slimsam", ("slimsam-encoder", "slimsam-decoder"), "clicks, a small download"),
        PromptedEntry("magic-touch", ("magic-touch-file",), "clicks on the object, the smallest download"),
    )
}
"""Those that answer to clicks, the best first."""
