"""Starts the product, again and again: `python -m tests.reliability.launch`.

One line in on stdin = one start; two lines out on stdout: the process id, and when it ended its exit code (negative:
the signal). The product's own output goes to stderr. Importing the product takes longer than all else at a start, so
it is imported once and each start is a fork: the same code, the same entry, a process of its own. With `--cold` each
start is `python -m bot serve` from nothing.

`--faults` breaks the product from outside, see faulty.py.
"""

from __future__ import annotations

import argparse
import os
import sys
from threading import Thread


def main() -> None:
    """Start the product for each line, one at a time; when stdin ends, the product ends too."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.launch")
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--faults", action="store_true")
    arguments = parser.parse_args()
    if not arguments.cold:
        _preload(faults=arguments.faults)
    while sys.stdin.readline():
        pid = os.fork()
        if pid == 0:
            _serve(cold=arguments.cold)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _preload(*, faults: bool) -> None:
    # Deferred on purpose: a cold start must import everything itself.
    import bot.serving  # noqa: F401 - for the children
    import storage.migrations.run  # noqa: F401 - imported late by the product

    if faults:
        from tests.reliability.faulty import break_handling

        break_handling()


def _serve(*, cold: bool) -> None:
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if cold:
        os.execv(sys.executable, [sys.executable, "-m", "bot", "serve"])
    from bot.serving import run
    from bot.settings import Settings

    Thread(target=_end_with_the_driver, daemon=True).start()
    code = 1
    try:
        run(Settings())
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def _end_with_the_driver() -> None:
    """A driver that was killed must leave no product behind."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    main()
