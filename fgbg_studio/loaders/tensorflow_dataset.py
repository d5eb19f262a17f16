"""LoadedBatches as TensorFlow and Keras take them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.loaders.batches import USUAL, LoadedBatch, batches


def tf_dataset(
    path: Path | str, batch_size: int = 32, *, split: str | None = None, seed: int | None = None,
    kinds: Sequence[str] = USUAL, threads: int = 2, whole: bool = False,
    exact: bool = True,
) -> Any:  # fmt: skip
    """A ``tf.data.Dataset`` of batches, each walk of which is one epoch, in another order where there is a seed.

    An element is a dict of what the dataset has, B samples each: ``image`` (B, H, W, 3) uint8, ``mask`` (B, H, W, 1)
    uint8, 0 or 1, ``depth`` (B, h, w, 1) float32 with 0 where there is no value, ``valid`` (B, h, w, 1) bool,
    ``instances`` (B, H, W, 1) uint8, ``intrinsics`` (B, 3, 3) float32, ``name``, ``background`` and ``foreground`` (B,)
    string. B is not known beforehand, unless ``whole`` leaves out a last batch of fewer samples. Files are read and
    decoded by threads beside Python's, so that ``map`` and the training go on meanwhile.

    Args:
        path: of the dataset.
        batch_size: samples an element; ``.unbatch()`` makes single ones of them.
        split: as for `open_samples`.
        seed: of the order; None for the dataset's own.
        kinds: which pictures are read, as for `open_samples`.
        threads: that read at the same time.
        whole: as for `batches`.
        exact: as for `open_samples`.

    Raises:
        DatasetError: there is no dataset, or it is damaged.
        UsageError: TensorFlow is not installed; there is no such split or kind, or no sample.
    """
    tf = _tensorflow()
    read = batches(path, batch_size, split=split, seed=seed, kinds=kinds, threads=threads, whole=whole, exact=exact)
    if not len(read):
        raise UsageError(f"{path} has no batch of {batch_size} samples", "Choose another split, or smaller batches")
    like = _element(read.read([0]))
    count = batch_size if whole else None
    signature = {name: tf.TensorSpec((count, *part.shape[1:]), _type(tf, part), name) for name, part in like.items()}

    def elements() -> Iterator[dict[str, NDArray[Any]]]:
        return map(_element, read)

    made = tf.data.Dataset.from_generator(elements, output_signature=signature)
    return made.apply(tf.data.experimental.assert_cardinality(len(read))).prefetch(tf.data.AUTOTUNE)


def _element(batch: LoadedBatch) -> dict[str, NDArray[Any]]:
    pictures = {
        "image": batch.image,
        "mask": None if batch.mask is None else batch.mask.view(np.uint8)[..., None],
        "depth": None if batch.depth is None else batch.depth[..., None],
        "valid": None if batch.valid is None else batch.valid[..., None],
        "instances": None if batch.instances is None else batch.instances[..., None],
        "intrinsics": batch.intrinsics,
        "name": _texts(batch.names),
    }
    who = {"background": _texts(batch.backgrounds), "foreground": _texts(batch.foregrounds)}
    return {name: part for name, part in (pictures | (who if batch.backgrounds[0] else {})).items() if part is not None}


def _texts(texts: Sequence[str]) -> NDArray[Any]:
    """Bytes as objects: fixed widths would lose bytes of 0 at the end, and need the longest."""
    return np.array([text.encode("utf-8", "surrogateescape") for text in texts], object)


def _type(tf: Any, part: NDArray[Any]) -> Any:
    return tf.string if part.dtype == object else tf.as_dtype(part.dtype)


def _tensorflow() -> Any:
    try:
        import tensorflow as tf
    except ImportError as error:
        raise UsageError(
            "tf_dataset needs TensorFlow, which is not installed", "Install it: pip install tensorflow"
        ) from error
    return tf
