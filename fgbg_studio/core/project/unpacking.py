"""Pictures out of ZIP files that a person drags in, without trust in what the files say of themselves.

A member gives its last name alone, so that no path of an archive leads anywhere; what it unpacks to is counted
while it is written, because the size in an archive's list may be a lie.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.files import composed, created
from fgbg_studio.core.base.foreign import UnreadableError, foreign
from fgbg_studio.core.base.outside import open_file
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.zip_members import clean_name, is_link, opened_zip, why_unreadable
from fgbg_studio.core.imaging.finding import PassedOver, Reason, why_not
from fgbg_studio.core.project.names import FreeNames, safe_name

MAX_FILES = 50_000
MAX_BYTES_A_PICTURE = 512 * 1024**2
MAX_BYTES = 16 * 1024**3
_CHUNK = 1 << 20


def is_archive(path: Path) -> bool:
    """Whether the name is that of a ZIP file."""
    return path.suffix.lower() == ".zip" and path.is_file()


def unpack_pictures(archive: Path, folder: Path, passed: PassedOver | None = None) -> Iterator[Progress]:
    """Write the pictures of a ZIP file into ``folder``, all beside each other; ``passed`` takes what else it holds.

    Raises:
        PictureError: the archive is damaged, locked, too large, or has no picture in it.
    """
    passed = PassedOver() if passed is None else passed
    try:
        with open_file(archive) as data, foreign(), opened_zip(data) as file:
            members = [member for member in file.infolist() if _is_picture(member, passed)]
            _check(archive, members, folder)
            damaged = 0
            left, taken = MAX_BYTES, {_same(entry.name) for entry in folder.iterdir()}
            names = FreeNames(lambda name: _same(name) in taken)
            for done, member in enumerate(members, 1):
                name = names.free(safe_name(clean_name(member.filename)))
                taken.add(_same(name))
                try:
                    with foreign():
                        left -= _write(file, member, folder / name, min(left, MAX_BYTES_A_PICTURE))
                except UnreadableError:  # the others are good
                    (folder / name).unlink(missing_ok=True)
                    passed.add(Reason.MEMBER_DAMAGED, member.filename)
                    damaged += 1
                yield Progress("unpacking pictures", done, len(members))
            if damaged == len(members):
                raise PictureError(f"{archive.name} is damaged: no picture in it can be read", "Pack it again")
    except UnreadableError as error:
        raise PictureError(f"{archive.name} is damaged or no ZIP file", "Pack or download it again") from error
    except OSError as error:
        said = error.strerror or str(error)
        raise PictureError(f"{archive.name} cannot be unpacked ({said})", "Check it and the disk") from error


def _same(name: str) -> str:
    """What names have in common that are one file's on some system."""
    return composed(name).lower()


def _is_picture(member: zipfile.ZipInfo, passed: PassedOver) -> bool:
    if member.is_dir():
        return False
    reason = Reason.MEMBER_LINK if is_link(member) else why_not(clean_name(member.filename))
    if reason:
        passed.add(reason, clean_name(member.filename))
    return reason is None


def _check(archive: Path, members: list[zipfile.ZipInfo], folder: Path) -> None:
    if not members:
        raise PictureError(f"there is no picture in {archive.name}", "Give a ZIP file with JPEG or PNG pictures")
    trouble = next(filter(None, map(why_unreadable, members)), "")
    if trouble:
        raise PictureError(f"{archive.name} {trouble}", "Unpack it yourself and add the folder")
    size = sum(member.file_size for member in members)
    if len(members) > MAX_FILES or size > MAX_BYTES:
        raise PictureError(
            f"{archive.name} holds {len(members):,} pictures of {size / 1e9:.1f} GB together, more than can be added",
            "Unpack it yourself and add parts of it",
        )
    if size > shutil.disk_usage(folder).free:
        raise PictureError(f"{archive.name} needs {size / 1e9:.1f} GB, more than the disk has", "Free some space")


def _write(file: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, most: int) -> int:  # noqa: TID251 - its type
    written = 0
    with file.open(member) as source, os.fdopen(created(path), "wb") as target:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > most:
                raise PictureError(
                    f"{member.filename} unpacks to more than its declared size", "Unpack it yourself and look at it"
                )
            target.write(chunk)
    return written
