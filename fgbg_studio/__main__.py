"""The way in: ``fgbg-studio`` and ``python -m fgbg_studio``."""

import multiprocessing


def main() -> None:
    """Run the command line."""
    # In a frozen program a spawned worker starts here too: it must not get as far as the commands.
    multiprocessing.freeze_support()
    from fgbg_studio.cli import run

    run()


if __name__ == "__main__":
    main()
