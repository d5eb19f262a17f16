"""Freezes the program, tries what came out, and says what takes the room.

    python packaging/build.py light          # with LiteRT and ONNX Runtime
    python packaging/build.py full           # with TensorFlow too, for DenseDepth's .h5
    python packaging/build.py light --keep-all    # nothing left out, for the table in README.md

Use an environment that has what users get and nothing else: the program with the extra ``onnx`` (and
``tensorflow``) by the lock file, and PyInstaller. The result lies in ``dist/EDITION``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import release  # noqa: E402 - found only now

GROUPS = {
    "Qt and PySide6": ("PySide6", "shiboken6", "libicu", "libQt", "libxcb-"),
    "OpenCV": ("cv2", "opencv_python"),
    "NumPy": ("numpy",),
    "ONNX Runtime": ("onnxruntime",),
    "LiteRT": ("ai_edge_litert",),
    "TensorFlow and Keras": ("tensorflow", "keras", "h5py", "libtensorflow", "ml_dtypes"),
    "Pillow": ("PIL", "pillow"),
    "fonts and plots": ("qtawesome", "pyqtgraph"),
    "FGBG Studio's pictures": ("fgbg_studio",),
}


def main() -> None:
    """Build an edition as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edition", choices=["light", "full"])
    parser.add_argument("--keep-all", action="store_true")
    parser.add_argument("--dist", type=Path, default=release.ROOT / "dist")
    parser.add_argument("--work", type=Path, default=release.ROOT / "build")
    chosen = parser.parse_args()
    begun = time.monotonic()
    folder = freeze(chosen.edition, chosen.dist, chosen.work, keep_all=chosen.keep_all)
    print(f"built in {time.monotonic() - begun:.0f} s: {folder}")
    print(table(folder))
    check(folder, chosen.edition)


def freeze(edition: str, dist: Path, work: Path, *, keep_all: bool) -> Path:
    """Run PyInstaller; the folder with the program (on macOS, the application)."""
    name = f"{edition}-all" if keep_all else edition
    into, cache = dist / name, work / name
    shutil.rmtree(into, ignore_errors=True)
    environment = {**os.environ, "FGBG_EDITION": edition, "FGBG_KEEP_ALL": "1" if keep_all else "0"}
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    folders = ["--distpath", str(into), "--workpath", str(cache)]
    subprocess.run([*command, *folders, str(HERE / "fgbg-studio.spec")], check=True, env=environment)
    return into / (f"{release.NAME}.app" if sys.platform == "darwin" else release.COMMAND)


def program(folder: Path) -> Path:
    """The program that has a terminal."""
    if sys.platform == "darwin":
        return folder / "Contents" / "MacOS" / release.COMMAND
    return folder / (f"{release.COMMAND}.exe" if sys.platform == "win32" else release.COMMAND)


def check(folder: Path, edition: str) -> None:
    """Run the frozen program's self-test and hold its strategies against the source's.

    Raises:
        SystemExit: something failed, or differs from the source.
    """
    from fgbg_studio.selftest import engine

    begun = time.monotonic()
    done = subprocess.run(
        [program(folder), "--self-test", "--json"], stdout=subprocess.PIPE, timeout=120, check=False, cwd=folder.anchor
    )
    seconds = time.monotonic() - begun
    report = json.loads(done.stdout)
    for result in report["checks"]:
        print(f"{result['state']:8}  {result['name']:18}  {result['found']}")
    expected = {"keras": "ok" if edition == "full" else "left out"}
    wrong = [r["name"] for r in report["checks"] if r["state"] != expected.get(r["name"], "ok")]
    if wrong or done.returncode or seconds > 60:
        sys.exit(f"the frozen program fails its self-test ({seconds:.0f} s): {', '.join(wrong)}")
    if report["strategies"] != engine.names():
        sys.exit("the frozen program finds other strategies than the source")
    print(f"the frozen program works ({seconds:.0f} s), with the same strategies as the source")


def table(folder: Path) -> str:
    """What takes the room, in MB, the largest first."""
    sizes = dict.fromkeys([*GROUPS, "Python and the rest"], 0)
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            sizes[_group(path.relative_to(folder))] += path.stat().st_size
    lines = [f"{size / 1e6:8.1f}  {name}" for name, size in sorted(sizes.items(), key=lambda pair: -pair[1]) if size]
    return "\n".join([*lines, f"{sum(sizes.values()) / 1e6:8.1f}  all"])


def _group(path: Path) -> str:
    parts = path.parts[1:] if path.parts[0] in {"_internal", "Contents"} else path.parts
    for group, beginnings in GROUPS.items():
        if any(part.startswith(beginnings) for part in parts[:2]):
            return group
    return "Python and the rest"


if __name__ == "__main__":
    main()
