"""The command `pilotgate`: runs it, and turns whatever went wrong into a line and an exit code."""

import atexit
import gc
import os
import sys
import traceback
from collections.abc import Sequence

# pydantic would look through every installed package for plug-ins of its own, at each start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
# What a command makes lives until it ends: to look for garbage among it, and once more at the end, costs a sixth of it.
gc.set_threshold(100_000)
atexit.register(gc.freeze)

from bot import cli  # noqa: E402 - importing is most of what a command does
from bot.errors import UserError  # noqa: E402

WRONG = 2
BUG = 70
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code: see `pilotgate --help`. Never raises."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that lacks a character should show another, not end the command.
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except UserError as error:
        print(f"pilotgate: {' '.join(str(error).splitlines())}", file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has seen enough, as `head` has; and Python must not complain when it closes what is broken.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        traceback.print_exc()
        print("pilotgate: this is a bug; please report it with the lines above", file=sys.stderr)
        return BUG


def _run(arguments: Sequence[str]) -> int:
    try:
        code = cli.run(arguments)
    except SystemExit:
        # argparse's way to end after `--help` and `--version`.
        code = cli.OK
    # What is still held back may meet a broken pipe only now, where it can be told from a bug.
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main())
