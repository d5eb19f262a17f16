"""Which networks' files a person has chosen on this computer: a project or dataset of somebody else's chooses none.

The program asks (`STRICT` is set at its start, and its workers have it from there); code that uses the engine has
chosen what it calls. What was chosen is remembered beside the cache and not in the project, which may be another's.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outside import parsed, read_file
from fgbg_studio.core.base.remedies import ChooseNetwork, Set
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.core.networks.model_cache import cache_folder

STRICT = "FGBG_STUDIO_ASK_FOR_NETWORKS"
_MOST = 1000


def check(model: str) -> None:
    """See that a person has chosen ``model``, a name of the catalogue or a path, before the path is even looked at.

    Raises:
        NetworkError: nobody has.
    """
    if os.environ.get(STRICT) and model not in CATALOGUE and _whole(model) not in _chosen():
        raise NetworkError(
            f"the network {_whole(model)} is named by the project or dataset, and was never chosen on this computer",
            [Set({"depth.model": model}, "use it if you know whose it is"), ChooseNetwork()],
        )


def is_chosen(model: str) -> bool:
    """Whether `check` lets ``model`` be used."""
    try:
        check(model)
    except NetworkError:
        return False
    return True


def remember(model: str) -> None:
    """A person has chosen ``model``, here and now."""
    path = _whole(model)
    if not os.environ.get(STRICT) or model in CATALOGUE:
        return
    others = [one for one in _chosen() if one != path]
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        write_file(_file(), json.dumps([*others, path][-_MOST:], indent=1).encode())
    except OSError as error:
        raise NetworkError(
            f"{_file()} cannot be written ({error.strerror})", "Make room or change its permissions"
        ) from error


def _file() -> Path:
    return cache_folder().parent / "chosen-networks.json"


def _chosen() -> list[str]:
    try:
        found = parsed(read_file(_file()))
    except (OSError, ValueError):  # none yet, or damaged: then it is asked again
        return []
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _whole(model: str) -> str:
    return os.path.abspath(Path(model).expanduser())  # noqa: PTH100 - keeps links, and looks at no file
