"""The way in: ``fgbg-studio`` and ``python -m fgbg_studio``.

Without arguments, or with a project's folder or file as the only one, the window opens; ``--self-test`` tries every
part of the installation; all else is the command line.
"""

import io
import multiprocessing
import os
import sys
from pathlib import Path


def main() -> None:
    """Open the window or run the command line."""
    be_a_worker()
    fill_streams()
    os.environ["FGBG_STUDIO_ASK_FOR_NETWORKS"] = "1"  # `core.networks.consent`; for the workers, too
    import cv2

    # The window's jobs and the engines' workers share the cores: threads inside OpenCV would only fight over them.
    cv2.setNumThreads(1)
    arguments = sys.argv[1:]
    if arguments[:1] == ["--self-test"]:
        from fgbg_studio import selftest

        sys.exit(selftest.run(arguments[1:]))
    from fgbg_studio.cli import main

    folder = opened(arguments, set(main.main.commands))
    if arguments and folder is None:
        main.run()
        return
    sys.exit(window(folder))


def window(folder: Path | None) -> int | str:
    """Open the window, with a project's folder or without; the exit code, or what there is to say instead."""
    from importlib.util import find_spec

    from fgbg_studio.core.base.errors import MissingPackageError
    from fgbg_studio.gui.app.start_window import run_window

    missing = next((name for name in ("PySide6", "qtawesome", "pyqtgraph") if find_spec(name) is None), None)
    if missing:
        return f"error: {MissingPackageError(missing, 'gui', 'The window')}"
    return run_window(folder)


def be_a_worker() -> None:
    """In a frozen program a spawned worker starts here too: it must not get as far as the commands.

    When its parent dies before it knows what it is to do it ends without a word, as others do (`core.base.processes`).
    """
    parent = os.getppid()
    try:
        multiprocessing.freeze_support()
    except Exception:
        from fgbg_studio.core.base.parent import end_as_an_orphan

        end_as_an_orphan(parent)
        raise


def fill_streams() -> None:
    """See that there are standard streams, and that any text can be written to them.

    A service may be started without them (``2>&-``, ``pythonw``). The next file to be opened would get the free number,
    and a library's warning would end up in the middle of a picture. In an encoding that lacks a character it is
    replaced: a report is worth more than its σ.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            opened_as = os.open(os.devnull, os.O_RDWR)
            if opened_as != number:
                os.dup2(opened_as, number)
                os.close(opened_as)
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w" if number else "r", encoding="utf-8"))  # noqa: SIM115 - for good
        elif number and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace" if number == 2 else "replace")


def opened(arguments: list[str], commands: set[str]) -> Path | None:
    """The project's folder that the only argument means, if it does; a command of that name goes before it."""
    from fgbg_studio.core.project.storage import folder_of

    return folder_of(Path(arguments[0])) if len(arguments) == 1 and arguments[0] not in commands else None


if __name__ == "__main__":
    main()
