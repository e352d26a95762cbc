"""The long form of a reliability test as a command: its options as flags, one JSON line, exit code 1 where it broke."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

Options = TypeVar("Options", bound=Any)
Figures = dict[str, Any]


def execute(
    usual: Options,
    run: Callable[[Options, Path], Coroutine[Any, Any, Figures]],
    breaches: Callable[[Figures], list[str]],
    description: str,
) -> None:
    """Run once over a temporary folder. usual: a frozen dataclass of numbers and switches with its defaults."""
    options = _options(usual, description)
    with tempfile.TemporaryDirectory(prefix="izi-reliability-") as folder:
        figures = asyncio.run(run(options, Path(folder) / "var"))
    print(json.dumps(figures))
    broken = breaches(figures)
    for reason in broken:
        print(reason, file=sys.stderr)
    sys.exit(1 if broken else 0)


def _options(usual: Options, description: str) -> Options:
    parser = argparse.ArgumentParser(description=description)
    for name, value in asdict(usual).items():
        flag = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            parser.add_argument(flag, action="store_true")
        else:
            parser.add_argument(flag, type=type(value), default=value)
    chosen: Options = type(usual)(**vars(parser.parse_args()))
    return chosen
