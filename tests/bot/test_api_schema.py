"""The API as it is described in /openapi.json, tried with whatever fits the description and much that does not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from bot.testing import FakeClock
from tests.acceptance.houses import running, served, settings_for

EXAMPLES = 25  # for each operation and mode
#: Without the stream of events, which never ends: tests/acceptance/test_web_live.py has it.
OPERATIONS = ("post start", "post words", "post press", "post clear", "post code", "post resume", "get messages")
WITHOUT_INPUT = {"post start", "post code"}  # there is nothing to get wrong
TRIED = [
    (operation, mode)
    for operation in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or operation not in WITHOUT_INPUT
]
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A house that works, in a thread of its own: schemathesis waits for each answer."""
    folder: Path = tmp_path_factory.mktemp("api")
    found: list[str] = []
    is_up, is_over = threading.Event(), threading.Event()

    async def live() -> None:
        async with running(settings_for(folder), FakeClock()) as house, served(house) as site:
            found.append(site)
            is_up.set()
            await asyncio.to_thread(is_over.wait)

    thread = threading.Thread(target=asyncio.run, args=(live(),))
    thread.start()
    assert is_up.wait(60)
    yield found[0]
    is_over.set()
    thread.join()


@pytest.mark.parametrize(("operation", "mode"), TRIED)
def test_the_api_keeps_to_its_description(address: str, operation: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    method, name = operation.split()

    @given(case=schema[f"/api/chat/{name}"][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def tried(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    tried()


def test_every_operation_but_the_endless_one_is_tried(address: str) -> None:
    described = httpx.get(f"{address}/openapi.json").json()["paths"]
    found = {f"{method} {path.removeprefix('/api/chat/')}" for path, methods in described.items() for method in methods}
    assert found == {*OPERATIONS, "get events"}
