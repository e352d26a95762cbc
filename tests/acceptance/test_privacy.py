"""S12 in short: what people say of themselves is found nowhere, before and after they are forgotten."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from bot.sandbox.faults import Reply, Rule
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from storage.forgetting import GOODBYE
from tests.acceptance.houses import browser, eventually, stored_in
from tests.acceptance.pages import Visitor
from tests.acceptance.traces import forms, hits
from tests.acceptance.walks import TO_THE_FIRST_STEP, arrive, labels, tap

# Placeholders: nobody's name, number or address. The number is out of the range kept free for stories.
PLANTED = {
    "first name": "Placeholderfirst",
    "last name": "نام ساختگی",
    "user name": "placeholder_user",
    "number": "+381000550100",
    "address": "Nonexistent Street 98765",
    "Telegram id": "7000000001",
    "token": "123456:PLACEHOLDER-TOKEN",
}
SAID = f"{PLANTED['first name']} {PLANTED['last name']}, {PLANTED['number']}, {PLANTED['address']}"
STARTED_WITHIN = 60.0  # seconds, on a busy machine
ROOT = Path(__file__).parent.parent.parent
OF_PEOPLE = ("conversation", "address", "contact", "consent", "session", "message", "request", "outbox", "timer")


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Nothing of this machine's settings, and a data folder of our own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IZI_")}
    return kept | {"IZI_DATA_DIR": str(folder / "var"), "IZI_PERSON_SOFT": "5000", "IZI_PERSON_HARD": "5000"} | more


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """A Telegram server that knows the planted token."""
    async with TelegramServer(token=PLANTED["token"]) as server:
        yield server


@asynccontextmanager
async def serving(folder: Path, telegram: TelegramServer) -> AsyncIterator[str]:
    """The real process on a free port, its output in files; the address of its pages."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    settings = environment(
        folder,
        IZI_PORT=str(port),
        IZI_TELEGRAM_TOKEN=PLANTED["token"],
        IZI_TELEGRAM_API_URL=telegram.base_url,
        IZI_CONVERSATION_RATE="1000",
        IZI_CONVERSATION_BURST="1000",
    )
    (folder / "logs").mkdir()
    with (folder / "logs" / "out").open("wb") as out, (folder / "logs" / "err").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=settings, stdout=out, stderr=err
        )
        try:
            await _answers(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()


async def _answers(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the process says that it is ready."""
    async with asyncio.timeout(STARTED_WITHIN), httpx.AsyncClient(base_url=address) as http:
        while not await _is_ready(http):
            assert process.poll() is None, "the process ended"
            await asyncio.sleep(0.1)


async def _is_ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


async def tells_everything(telegram: TelegramServer, number: int, *, answers: int = 2) -> Person:
    """Somebody on Telegram who agrees, says who they are, and asks for a person with all of it."""
    person = telegram.person(
        number,
        PLANTED["first name"],
        "en",
        last_name=PLANTED["last name"],
        username=PLANTED["user name"],
    )
    await arrive(person, TO_THE_FIRST_STEP)
    first = await person.says(SAID)
    await person.edits(first, SAID + ".")
    await person.sends_contact(PLANTED["number"], number)
    await person.hears(answers)
    await tap(person, "Continue")
    await tap(person, "I am stuck")
    await person.says(SAID)
    (joined,) = await person.hears()
    assert "Added to request" in joined.text
    return person


async def writes_everything(http: httpx.AsyncClient) -> Visitor:
    """Somebody on the page who does the same."""
    visitor = Visitor(http)
    await visitor.opens()
    for label in TO_THE_FIRST_STEP:
        await visitor.taps(label)
    await visitor.says(SAID)
    await visitor.says(SAID * 100)
    await visitor.taps("Continue")
    await visitor.taps("I am stuck")
    assert "Added to request" in (await visitor.says(SAID)).newest
    return visitor


async def test_what_people_say_of_themselves_is_found_nowhere(tmp_path: Path, telegram: TelegramServer) -> None:
    """A whole story on both channels in a real process, then two deletions and one `izi forget`."""
    var = tmp_path / "var"
    # Telegram's own prose may repeat what was sent: it must not get into the log. The sixth answers the first words.
    telegram.faults.add(Rule(Reply(400, f"Bad Request: {SAID}"), method="sendMessage", nth=[6]))
    async with serving(tmp_path, telegram) as address, browser(address) as http:
        one = await tells_everything(telegram, int(PLANTED["Telegram id"]), answers=1)
        visitor = await writes_everything(http)
        await tells_everything(telegram, int(PLANTED["Telegram id"]) + 1)
        planted = PLANTED | {"cookie": http.cookies["izi-chat"]}
        assert stored_in(var, "SELECT count(*) FROM request") == [(3,)]
        assert stored_in(var, "SELECT count(*) >= 6 FROM message WHERE direction = 'in'") == [(1,)]
        assert hits(planted, var, tmp_path / "logs") == []

        await one.says("delete my data")
        await one.hears()
        await tap(one, labels(one.messages[-1])[0])
        await visitor.says("delete my data")
        assert "Code:" in (await visitor.taps("Delete")).newest
        await eventually(
            lambda: stored_in(var, "SELECT count(*) FROM outbox WHERE state IN ('ready', 'sending')") == [(0,)]
        )
        await asyncio.sleep(GOODBYE.total_seconds())
        assert "forgotten: the person of request 3" in izi(tmp_path, "forget", "3")
        assert_forgotten(var)
        assert hits(planted, var, tmp_path / "logs") == []
    assert hits(planted, tmp_path) == []
    assert "send_refused" in (tmp_path / "logs" / "err").read_text()


def assert_forgotten(var: Path) -> None:
    """No row of anybody, no key of anybody, and nothing left to be done."""
    left = {table: stored_in(var, f"SELECT count(*) FROM {table}")[0][0] for table in OF_PEOPLE}
    assert left == dict.fromkeys(OF_PEOPLE, 0)
    assert stored_in(var, "SELECT count(*) FROM inbox WHERE address_id != 0 OR sealed IS NOT NULL") == [(0,)]
    assert stored_in(var, "SELECT DISTINCT state FROM forget") == [("settled",)]
    assert stored_in(var, "SELECT count(*) FROM person_key", "keys.db") == [(0,)]


def izi(folder: Path, *words: str) -> str:
    """What the command line prints, beside the running process."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def planted_forms() -> Iterator[tuple[str, bytes]]:
    """A planted word in each form, as it would stand in the middle of something else."""
    number = PLANTED["number"]
    yield "plain", f"a {number} b".encode()
    yield "without +", b"tel:381000550100;"
    yield "national", b"0000550100"
    yield "UTF-16", f"a {number}".encode("utf-16-le")
    for before in range(3):
        yield "base64", base64.b64encode(b"abc"[:before] + number.encode() + b"xyz")
    yield "hex", number.encode().hex().encode()
    yield "URL", quote(f"?q={number}").encode()
    yield "JSON", b'"\\u002b\\u0033\\u0038\\u0031\\u0030\\u0030\\u0030\\u0035\\u0035\\u0030\\u0031\\u0030\\u0030"'
    yield "reversed", number[::-1].encode()


@pytest.mark.parametrize(("form", "written"), list(planted_forms()), ids=str)
def test_the_search_finds_each_of_the_nine_forms(tmp_path: Path, form: str, written: bytes) -> None:
    (tmp_path / "file").write_bytes(b"\x00\xff" + written + b"\x00")
    assert f"file: number, {form}" in hits(PLANTED, tmp_path)


def test_the_search_finds_words_in_other_scripts(tmp_path: Path) -> None:
    for name, found in forms(PLANTED["last name"]).items():
        for form in found:
            (tmp_path / "file").write_bytes(b"\x00" + form)
            assert f"file: last name, {name}" in hits(PLANTED, tmp_path)


def test_the_search_finds_nothing_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(os.urandom(1_000_000))
    assert hits(PLANTED, tmp_path) == []
