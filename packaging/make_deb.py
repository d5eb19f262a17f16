"""Makes the packages for Linux of a frozen program: a .deb, and a .tar.gz with its own installer.

    python packaging/make_deb.py dist/light/fgbg-studio dist            # fgbg-studio_VERSION_amd64.deb and the archive
    python packaging/make_deb.py dist/full/fgbg-studio dist --full      # fgbg-studio-full_…

The .deb needs no scripts of its own: the triggers of the desktop's packages register icon, kind of file and menu entry.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from email.utils import format_datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import man_page  # noqa: E402 - found only now
import release  # noqa: E402
from bundle_contents import drop_run_paths, needs  # noqa: E402

PROGRAM = Path("usr/lib/fgbg-studio")
LINUX = HERE / "linux"
MAINTAINER = f"{release.PUBLISHER} <{release.ADDRESS}>"


def main() -> None:
    """Make both packages as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the frozen program")
    parser.add_argument("out", type=Path)
    parser.add_argument("--full", action="store_true", help="it is the edition with TensorFlow")
    parser.add_argument("--licences", type=Path, help="texts of the third parties' licences, to go beside the program")
    chosen = parser.parse_args()
    name = f"{release.COMMAND}-full" if chosen.full else release.COMMAND
    stage = chosen.out / f".{name}.stage"
    shutil.rmtree(stage, ignore_errors=True)
    fill(stage, chosen.folder, chosen.licences, name)
    print(make_deb(stage, chosen.out, name))
    print(make_tar(stage, chosen.out, name))
    shutil.rmtree(stage)


def fill(root: Path, folder: Path, licences: Path | None, name: str) -> None:
    """Put every file where it will be installed, under ``root``."""
    shutil.copytree(folder, root / PROGRAM, symlinks=True)
    for path in (root / PROGRAM).rglob("*"):
        if path.is_file() and not path.is_symlink():
            drop_run_paths(path)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin" / release.COMMAND).symlink_to(f"../lib/fgbg-studio/{release.COMMAND}")
    icons = release.make_icons(root / ".icons")
    hicolor = root / "usr/share/icons/hicolor"
    for side in release.SIZES:
        _put(hicolor / f"{side}x{side}/apps/fgbg-studio.png", (icons / f"{side}.png").read_bytes())
    shutil.rmtree(icons)
    _put(hicolor / "scalable/apps/fgbg-studio.svg", release.ICON.read_bytes())
    _put(root / "usr/share/applications/fgbg-studio.desktop", (LINUX / "fgbg-studio.desktop").read_bytes())
    _put(root / "usr/share/mime/packages/fgbg-studio.xml", (LINUX / "fgbg-studio.xml").read_bytes())
    _put(root / f"usr/share/metainfo/{release.IDENTIFIER}.metainfo.xml", metainfo().encode())
    _put(root / "usr/share/man/man1/fgbg-studio.1.gz", _compressed(man_page.page().encode()))
    _put(root / f"usr/share/doc/{name}/copyright", copyright_file(licences).encode())
    _put(root / f"usr/share/doc/{name}/changelog.gz", _compressed(changelog(name).encode()))
    _put(root / f"usr/share/doc/{name}/CHANGELOG.md.gz", _compressed((release.ROOT / "CHANGELOG.md").read_bytes()))
    meant = (LINUX / "lintian-overrides").read_text(encoding="utf-8").replace("@PACKAGE@", name)
    _put(root / "usr/share/lintian/overrides" / name, meant.encode())
    if licences:
        shutil.copytree(licences, root / f"usr/share/doc/{name}/licences")
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == root / PROGRAM / release.COMMAND else 0o644)


def metainfo() -> str:
    """What software centres show, with the release's facts filled in."""
    facts = {
        "IDENTIFIER": release.IDENTIFIER, "LICENCE": release.PROJECT["license"], "PUBLISHER": release.PUBLISHER,
        "DEVELOPER": release.IDENTIFIER.rpartition(".")[0], "VERSION": release.VERSION, "DATE": f"{man_page.date()}",
    }  # fmt: skip
    return re.sub("@([A-Z]+)@", lambda found: facts[found[1]], (LINUX / "metainfo.xml").read_text(encoding="utf-8"))


def version(told: str) -> str:
    """A version of Python's as Debian orders them: 1.0~rc1 comes before 1.0, where 1.0rc1 would come after it."""
    return re.sub(r"\.?(?=(a|b|rc|dev)\d)", "~", told, count=1)


def changelog(name: str) -> str:
    """The package's own changes in the form that Debian's tools read; those of the program lie beside it."""
    moment = dt.datetime.combine(man_page.date(), dt.time(), dt.UTC)
    return (
        f"{name} ({version(release.VERSION)}) stable; urgency=medium\n\n"
        f"  * {release.NAME} {release.VERSION}; what changed in it: CHANGELOG.md.gz beside this file.\n\n"
        f" -- {MAINTAINER}  {format_datetime(moment)}\n"
    )


def copyright_file(licences: Path | None) -> str:
    """The file that Debian wants: the program's own licence, and where those of the libraries are."""
    own = (release.ROOT / "LICENSE").read_text(encoding="utf-8")
    where = ", in the folder licences beside this file" if licences else ""
    return f"{release.NAME} {release.VERSION}\n\n{own}\nThe libraries in it have licences of their own{where}.\n"


def make_deb(stage: Path, out: Path, name: str) -> Path:
    """``stage`` as a package of Debian."""
    depends = dependencies(stage / PROGRAM)
    architecture = _told("dpkg", "--print-architecture")
    installed = sum(path.lstat().st_size for path in stage.rglob("*") if path.is_file()) // 1024
    other = release.COMMAND if name != release.COMMAND else f"{release.COMMAND}-full"
    control = [
        f"Package: {name}", f"Version: {version(release.VERSION)}", f"Architecture: {architecture}",
        "Section: graphics", "Priority: optional", f"Maintainer: {MAINTAINER}", f"Installed-Size: {installed}",
        f"Depends: {', '.join(depends)}", "Recommends: xdg-utils, xdg-desktop-portal", f"Conflicts: {other}",
        f"Replaces: {other}", "Description: training sets for depth estimation and segmentation",
        " Choose backgrounds, cut foregrounds out of photos, look at samples, and make a",
        " complete training set: composites, exact masks and depth maps.",
        " This edition runs TensorFlow Lite, ONNX and Keras networks." if name != release.COMMAND
        else " This edition runs TensorFlow Lite and ONNX networks.",
    ]  # fmt: skip
    files = sorted(path for path in stage.rglob("*") if path.is_file() and not path.is_symlink())
    sums = "".join(
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(stage)}\n"
        for path in files
    )
    _put(stage / "DEBIAN/control", ("\n".join(control) + "\n").encode())
    _put(stage / "DEBIAN/md5sums", sums.encode())
    target = out / f"{name}_{release.VERSION}_{architecture}.deb"
    subprocess.run(
        ["dpkg-deb", "-Zxz", "-z6", "--root-owner-group", "--build", stage, target], check=True, stdout=sys.stderr
    )
    shutil.rmtree(stage / "DEBIAN")
    return target


def dependencies(folder: Path) -> list[str]:
    """The packages that the files in ``folder`` need, computed, and held against ``linux/depends.txt``.

    Raises:
        SystemExit: one is needed that the list does not declare.
    """
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path)]
    own = {path.name for path in folder.rglob("*")}
    wanted = set().union(*(needs(path) for path in files)) - own
    needed = {_package_of(library) for library in wanted}
    declared = {line for line in (LINUX / "depends.txt").read_text().splitlines() if line and not line.startswith("#")}
    missing, idle = needed - declared, declared - needed
    if missing:
        sys.exit(f"needed, but not declared in depends.txt: {', '.join(sorted(missing))}")
    if idle:
        print(f"declared, but needed by no file itself: {', '.join(sorted(idle))}", file=sys.stderr)
    # The wheels' own symbols decide how old a system may be.
    versions = [tuple(map(int, v.split("."))) for path in files for v in re.findall(r"GLIBC_(2\.\d+)", _versions(path))]
    oldest = ".".join(map(str, max(versions)))
    return [f"libc6 (>= {oldest})" if package == "libc6" else package for package in sorted(declared)]


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _versions(path: Path) -> str:
    return _told("readelf", "--version-info", str(path))


def _package_of(library: str) -> str:
    """The installed package that has a library; the suffix of Debian's 64-bit time transition is dropped."""
    known = re.search(rf"^\s*{re.escape(library)} .*=> (\S+)$", _told("/sbin/ldconfig", "-p"), re.MULTILINE)
    if known is None:
        sys.exit(f"{library} is wanted by the program and is not on this machine")
    path = Path(known[1])
    for spelling in {path, path.resolve(), Path("/usr", *path.parts[1:]), Path("/usr", *path.resolve().parts[1:])}:
        found = subprocess.run(["dpkg", "-S", spelling], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return found.stdout.split(":")[0].removesuffix("t64")
    sys.exit(f"{path} belongs to no package")


def make_tar(stage: Path, out: Path, name: str) -> Path:
    """``stage`` as an archive for any distribution, with a script that installs and removes it."""
    folder = f"{name}-{release.VERSION}"
    target = out / f"{folder}-linux-{os.uname().machine}.tar.gz"

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        if member.name.endswith("usr/share/lintian"):  # for Debian's package alone
            return None
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        return member

    with tarfile.open(target, "w:gz", compresslevel=6) as archive:
        archive.add(stage / "usr", f"{folder}/usr", filter=plain)
        archive.add(LINUX / "install.sh", f"{folder}/install.sh", filter=plain)
    return target


def _told(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _compressed(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


if __name__ == "__main__":
    main()
