"""A network that is asked, out of its files: one of the catalogue, a file, or a folder with the two of an export."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from pathlib import Path

from fgbg_studio.core.base.errors import MissingPackageError, NetworkError
from fgbg_studio.core.base.files import content_hash, partial_of
from fgbg_studio.core.base.foreign import UnreadableError, foreign
from fgbg_studio.core.base.outside import open_file
from fgbg_studio.core.base.zip_members import opened_zip
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.catalogue import PROMPTED
from fgbg_studio.core.networks.confined import session_apart
from fgbg_studio.core.networks.prompted.encoder_decoder import EncoderDecoder
from fgbg_studio.core.networks.prompted.one_pass import one_pass
from fgbg_studio.core.networks.prompted.prompt import PromptedNetwork
from fgbg_studio.core.networks.runtimes import NetworkSession, runtime_for

_LARGEST = 2 << 30  # bytes of a file in an archive


def is_prompted(model: str) -> bool:
    """Whether a name or a path means a network that is asked, by what there is of files and without opening one."""
    path = Path(model)
    return model in PROMPTED or (path.is_dir() and bool(_pair_in(path)))


def open_prompted(model: str | Path, *, threads: int = 2, here: bool = False) -> PromptedNetwork:
    """A network of the catalogue, in a file, or in a folder of two files of which one is called an encoder.

    Args:
        model: its name, the file or the folder.
        threads: that it may use.
        here: run it in this process, where a file can do what the program can: for files that are one's own.

    Raises:
        NetworkError: there is no such file, it is damaged, or it is no network that can be asked.
        MissingPackageError: what runs it is not installed.
    """
    name, files = _files(model)
    sha256 = hashlib.sha256("".join(map(content_hash, files)).encode()).hexdigest()
    sessions = [_session(file, threads, here=here) for file in files]
    if len(sessions) == 2:
        return EncoderDecoder(name, sha256, *sessions)
    found = one_pass(name, sha256, sessions[0])
    if found is None:
        taken = ", ".join(f"{one.name} ({' × '.join(str(n or '?') for n in one.shape)})" for one in sessions[0].inputs)
        del sessions  # its process ends now: who keeps the error keeps what this function knew
        raise NetworkError(
            f"{files[0]} does not answer to clicks: it takes {taken}",
            "Choose one that takes the picture and clicks, or a folder with the encoder and the decoder of one export",
        )
    return found


def _session(file: Path, threads: int, *, here: bool) -> NetworkSession:
    runtime = runtime_for(file)
    if runtime.name == "onnx" and importlib.util.find_spec("onnxruntime") is None:
        raise MissingPackageError("onnxruntime", "onnx", str(file))  # OpenCV does not tell a file's inputs
    if not here:
        return session_apart(file, threads)
    return runtime.from_dict({"name": runtime.name, "threads": threads}).session(file)


def _files(model: str | Path) -> tuple[str, list[Path]]:
    if str(model) in PROMPTED:
        return str(model), _of_catalogue(str(model))
    path = Path(model)
    if path.is_dir():
        pair = _pair_in(path)
        if not pair:
            raise NetworkError(
                f"{path} has not one file with 'encoder' and one with 'decoder' in its name",
                "Name the two files of the export so",
            )
        return path.name, pair
    found, entry = model_cache.locate(model)
    if entry is not None and entry.gives != "clicks":
        raise NetworkError(f"the network {entry.name} finds things by itself and does not answer to clicks")
    return found.stem, _pair_in(_unpacked(found)) if found.suffix == ".zip" else [found]


def _of_catalogue(name: str) -> list[Path]:
    files = []
    for part in PROMPTED[name].parts:
        file, entry = model_cache.locate(part)
        assert entry is not None
        model_cache.check_hash(entry, file, content_hash(file))
        files.append(file)
    if len(files) == 1 and files[0].suffix == ".zip":
        return _pair_in(_unpacked(files[0]))
    return files


def _pair_in(folder: Path) -> list[Path]:
    """The encoder and the decoder among the networks' files of a folder; nothing where there is not one of each.

    The decoder of transformers is called prompt_encoder_mask_decoder.
    """
    files = [one for one in sorted(folder.iterdir()) if one.suffix.lower() in {".onnx", ".tflite"}]
    decoders = [one for one in files if "decoder" in one.name.lower()]
    encoders = [one for one in files if "encoder" in one.name.lower() and one not in decoders]
    return [encoders[0], decoders[0]] if len(encoders) == len(decoders) == 1 else []


def _unpacked(archive: Path) -> Path:
    """The folder with what an archive's networks were unpacked to.

    Raises:
        NetworkError: it is damaged, or its files are too large.
    """
    folder = model_cache.converted(archive)
    if folder.is_dir() and _pair_in(folder):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with open_file(archive) as data, foreign(), opened_zip(data) as file:
            for member in file.infolist():
                target = folder / Path(member.filename.replace("\\", "/")).name
                if target.suffix.lower() != ".onnx" or member.file_size > _LARGEST:
                    continue
                with file.open(member) as source, partial_of(target).open("wb") as copy:
                    shutil.copyfileobj(source, copy)
                partial_of(target).replace(target)
    except UnreadableError as error:
        raise NetworkError(f"{archive} is damaged ({error})", "Get it again") from error
    if not _pair_in(folder):
        raise NetworkError(f"{archive} holds no encoder and decoder", "Use another file")
    return folder
