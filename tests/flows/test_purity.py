from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import flows

MODULES = sorted(Path(flows.__path__[0]).glob("*.py"))
# What would bring the world in: files, network, clocks, chance, the process and its surroundings.
WORLDLY = {"asyncio", "io", "logging", "os", "pathlib", "random", "secrets", "socket", "subprocess", "time", "uuid"}


def imported(tree: ast.AST) -> set[str]:
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_the_heart_imports_the_standard_library_and_itself_and_nothing_that_brings_the_world_in(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert imported(tree) <= (sys.stdlib_module_names - WORLDLY) | {"flows"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_the_heart_never_asks_what_time_it_is_and_never_awaits(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & {"now", "today", "utcnow"}
    waits = [node for node in ast.walk(tree) if isinstance(node, ast.Await | ast.AsyncFunctionDef)]
    assert (asked, waits) == (set(), [])
