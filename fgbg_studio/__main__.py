"""The way in: ``fgbg-studio`` and ``python -m fgbg_studio``.

Without arguments, or with a project's folder as the only one, the window opens; all else is the command line.
"""

import multiprocessing
import sys
from pathlib import Path


def main() -> None:
    """Open the window or run the command line."""
    # In a frozen program a spawned worker starts here too: it must not get as far as the commands.
    multiprocessing.freeze_support()
    from fgbg_studio import cli

    arguments = sys.argv[1:]
    if arguments and not (len(arguments) == 1 and is_folder(arguments[0], set(cli.main.commands))):
        cli.run()
        return
    from fgbg_studio.gui.app import run_window

    sys.exit(run_window(Path(arguments[0]) if arguments else None))


def is_folder(argument: str, commands: set[str]) -> bool:
    """Whether the only argument is a folder to open; a command of that name goes before it."""
    return argument not in commands and Path(argument).is_dir()


if __name__ == "__main__":
    main()
