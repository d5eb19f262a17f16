"""What a network's file takes and means, said in a file beside it: ``mine.tflite.json`` of ``mine.tflite``.

Whoever trains a network writes it, so that the program can use the file without being told. A file with several
outputs may be described for several uses.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outside import parsed, read_file, reason_of
from fgbg_studio.core.networks.description import Description, description_from

Use = Literal["depth", "saliency"]


def description_file(network: Path) -> Path:
    """Where the descriptions of a network's file are."""
    return network.with_name(f"{network.name}.json")


def description_beside(network: Path, use: Use) -> dict[str, Any] | None:
    """The description for that use, as settings keep it; None where there is none.

    Raises:
        NetworkError: it is damaged.
    """
    path = description_file(network)
    if not path.is_file():
        return None
    try:
        said = parsed(read_file(path))
        found = said.get(use) if isinstance(said, dict) else None
        if not isinstance(found, dict):
            return None
        return dataclasses.asdict(description_from(found))
    except (OSError, ValueError) as error:
        raise NetworkError(f"{path} is damaged ({reason_of(error)})", "Delete it, and describe the network") from error


def write_descriptions(network: Path, uses: Mapping[Use, Description]) -> None:
    """Describe a network's file for these uses."""
    said = {use: dataclasses.asdict(description) for use, description in uses.items()}
    write_file(description_file(network), json.dumps(said, indent=1).encode())
