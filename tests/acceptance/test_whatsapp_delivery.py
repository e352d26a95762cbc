"""What WhatsApp does to deliveries: twice, out of order, lost answers, too fast, refused; people without a number."""

from __future__ import annotations

import hmac
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

import httpx
import pytest
from pydantic import ValidationError

from bot.channels.whatsapp import webhook
from bot.pacing import ConversationPace
from bot.sandbox.faults import LostAnswer, Reply, Rule
from bot.sandbox.people import PHOTO
from bot.sandbox.whatsapp import WhatsAppServer
from bot.testing import FakeClock
from tests.acceptance.houses import browser, eventually, running, served, settings_for, stored
from tests.acceptance.test_dialogues_d3_d4_d9_d10 import join
from tests.acceptance.whatsapp_houses import NUMBER, WhatsAppHouse, whatsapp_house, whatsapp_settings

HANDLED = "SELECT 1 FROM inbox WHERE state = 'new'"


async def test_w4_mixed_bodies_twice_and_out_of_order_are_done_once(tmp_path: Path, clock: FakeClock) -> None:
    async with whatsapp_house(tmp_path, clock) as here:
        hook = here.server.hook
        hook.held, hook.twice = True, True
        people = [here.server.person(f"3816000{number:04d}") for number in range(45)]
        for person in people:
            await person.says("hello")
        values = [{"messages": [bad]} for bad in (None, 5, {}, {"id": "w"}, {"id": "w", "from": "1", "type": "text"})]
        for value in values:
            await hook.offer(value)
        hook.held = False
        await hook.flush(Random(4), size=10)
        assert set(hook.statuses) == {200}
        for person in people:
            await person.hears()
        await eventually(lambda: not stored(here.house, HANDLED))
        assert stored(here.house, "SELECT state, count(*) FROM inbox GROUP BY state ORDER BY state") == [
            ("done", 45),
            ("poison", 5),
        ]
        await eventually(lambda: stored(here.house, "SELECT DISTINCT state, delivery FROM outbox") == [("sent", 2)])
        assert [len(person.messages) for person in people] == [1] * 45
        assert here.server.violations == []


async def test_w10_a_lost_answer_is_settled_by_the_first_news(tmp_path: Path, clock: FakeClock) -> None:
    async with whatsapp_house(tmp_path, clock, server=WhatsAppServer(clock=clock, tells=())) as here:
        here.server.faults.add(Rule(LostAnswer(), nth=[1]))
        person = here.server.person(NUMBER)
        await person.says("hello")
        (shown,) = await person.hears()
        await eventually(lambda: stored(here.house, "SELECT reason FROM outbox") == [("answer_lost",)])
        await here.server.tell(shown, NUMBER, "delivered")
        await eventually(lambda: stored(here.house, "SELECT state FROM outbox") == [("sent",)])
        clock.forward(timedelta(minutes=10))
        await person.says("English")
        await person.hears()
        assert len(person.messages) == 2
        assert stored(here.house, "SELECT uncertain FROM outbox ORDER BY id") == [(1,), (0,)]


def test_w9_two_messages_to_one_person_are_six_seconds_apart() -> None:
    now = 0
    pace = ConversationPace(1 / 6, 1, lambda: now)
    sent = []
    for tenth in range(0, 30_000, 100):
        now = tenth
        if not pace.wait(7):
            sent.append(tenth)
    assert len(sent) == 5
    assert all(later - earlier >= 6000 for earlier, later in pairwise(sent))


async def test_w9_131056_pauses_this_person_and_is_survived(tmp_path: Path, clock: FakeClock) -> None:
    async with whatsapp_house(tmp_path, clock) as here:
        here.server.faults.add(Rule(Reply(131056), nth=[1, 2]))
        person, other = here.server.person(NUMBER), here.server.person("38160000002")
        await person.says("hello")
        for pause in (7, 14):
            paused = f"SELECT 1 FROM address WHERE not_before > '{clock():%Y-%m-%d %H:%M:%S}'"
            await eventually(partial(stored, here.house, paused))
            assert person.messages == []
            if pause == 7:
                clock.forward(timedelta(seconds=pause))
        await other.says("hello")
        await other.hears()
        clock.forward(timedelta(seconds=14))
        await person.hears()
        await eventually(lambda: stored(here.house, "SELECT DISTINCT state, tries FROM outbox") == [("sent", 0)])


@pytest.mark.parametrize("code", [131026, 131047])
async def test_an_answer_that_fails_after_whatsapp_took_it_brings_the_request_back_to_the_team(
    tmp_path: Path, clock: FakeClock, code: int
) -> None:
    server = WhatsAppServer(clock=clock, tells=("sent",))
    async with whatsapp_house(tmp_path, clock, server=server) as here, browser(here.site) as http:
        helper = await join(here.house, http, "assistant A")
        person = await here.arrives(["English", "OK, continue", "Person"])
        await person.says("Where do I go?")
        await person.hears()
        await helper.does(1, "claim")
        await person.hears()
        await helper.does(1, "answer", text="Window 3.")
        (answer,) = await person.hears()
        sent = "SELECT state FROM outbox WHERE id = (SELECT max(outbox_id) FROM message WHERE staff_id IS NOT NULL)"
        await eventually(lambda: stored(here.house, sent) == [("sent",)])
        assert stored(here.house, "SELECT state FROM request") == [("theirs",)]
        await server.tell(answer, NUMBER, "failed", code)
        await eventually(lambda: stored(here.house, "SELECT state, answered_at FROM request") == [("ours", None)])
        assert "Our words did not reach the person" in await helper.sees(1)
        assert server.violations == []


CODES: tuple[tuple[int, str, str | None, str | None], ...] = (
    (131026, "dead", "not_found", None),
    (131009, "dead", "refused_131009", None),
    (131000, "ready", "answer_lost", None),
    (131016, "ready", None, None),
    (137000, "held", "changed_who", None),
    (131031, "ready", None, "whatsapp_account_stopped"),
    (190, "ready", None, "whatsapp_token_refused"),
)


async def test_each_code_does_what_it_means(tmp_path: Path, clock: FakeClock) -> None:
    async with whatsapp_house(tmp_path, clock) as here:
        for code, state, reason, trouble in CODES:
            assert (code, *await answered_with(here, code)) == (code, state, reason)
            if trouble is not None:
                assert trouble in here.house.troubles
                clock.forward(timedelta(minutes=2))
                await here.server.person(f"3816{code:08d}").hears()
                await eventually(partial(is_over, here, trouble))


def is_over(here: WhatsAppHouse, trouble: str) -> bool:
    return trouble not in here.house.troubles


async def answered_with(here: WhatsAppHouse, code: int) -> tuple[str, str | None]:
    """Somebody new writes, and WhatsApp answers our answer with this code."""
    here.server.faults.clear()
    here.server.faults.add(Rule(Reply(code), nth=[1]))
    ((before,),) = stored(here.house, "SELECT coalesce(max(id), 0) FROM outbox")
    await here.server.person(f"3816{code:08d}").says("hello")
    ours = f"SELECT state, reason FROM outbox WHERE id > {before} AND attempt_token IS NOT NULL AND state != 'sending'"
    await eventually(lambda: stored(here.house, ours))
    ((state, reason),) = stored(here.house, ours)
    return state, reason


async def test_people_without_a_number_walk_and_send_files_too(tmp_path: Path, clock: FakeClock) -> None:
    async with whatsapp_house(tmp_path, clock) as here:
        person = here.server.person(user_id="RS.AbC123")
        person.milliseconds = True
        await person.says("hello")
        await person.hears()
        for label in ("English", "OK, continue", "Person"):
            await here.tap(person, label)
        await person.sends("image", {"id": here.server.keep_file(PHOTO), "mime_type": "image/jpeg"})
        (taken,) = await person.hears()
        assert "cover" in taken.text.lower()
        await eventually(lambda: stored(here.house, "SELECT state FROM media") == [("kept",)])
        await person.sends("location", {"latitude": 44.8, "longitude": 20.4})
        await person.hears()
        for sent in here.server.calls:
            assert "to" not in sent
            assert sent["recipient"] == "RS.AbC123"
        assert here.server.violations == []


async def test_data_and_privacy_say_what_is_true_on_whatsapp_and_files_come_as_documents(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with whatsapp_house(tmp_path, clock) as here:
        person = await here.arrives(["English", "OK, continue", "My data"])
        privacy = await here.tap(person, "What we keep")
        assert "Meta knows that you talk to us" in privacy.text
        await person.says("my data")
        await person.hears()
        assert "only you can delete this chat" in (await here.tap(person, "Clear this chat")).text
        await person.says("my data")
        await person.hears()
        await here.tap(person, "Send me a file")
        await person.hears(2)
        assert sum("document" in message.sent for message in person.messages) == 2
        await person.says("delete")
        await person.hears()
        await here.tap(person, "Delete")
        await eventually(lambda: stored(here.house, "SELECT count(*) FROM request") == [(0,)])
        conversations = stored(here.house, "SELECT count(*) FROM conversation")
        await here.server.tell(person.messages[0], NUMBER, "read")
        assert stored(here.house, "SELECT count(*) FROM conversation") <= conversations, "news makes nobody known again"
        assert here.server.violations == []


async def test_without_settings_there_is_no_webhook_and_half_of_them_start_nothing(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with running(settings_for(tmp_path), clock) as house, served(house) as site, httpx.AsyncClient() as http:
        assert (await http.post(site + webhook.PATH, content=b"{}")).status_code in {404, 405}
        assert (await http.get(site + webhook.PATH)).status_code in {404, 405}
    async with WhatsAppServer() as server:
        whole = whatsapp_settings(tmp_path, server)
        assert whole.whatsapp_token is not None
        for name in ("token", "phone_number_id", "app_secret", "verify_token"):
            for value in ("", None if name != "phone_number_id" else ""):
                with pytest.raises(ValidationError, match="WhatsApp needs"):
                    whatsapp_settings(tmp_path, server, **{f"whatsapp_{name}": value})


async def test_a_large_body_comes_in(tmp_path: Path, clock: FakeClock) -> None:
    """Larger than any form of ours, and smaller than Meta's limit: only its signature is asked for."""
    async with whatsapp_house(tmp_path, clock) as here, httpx.AsyncClient() as http:
        large = b'{"entry": []' + b" " * 1_000_000 + b"}"
        signature = hmac.new(here.server.app_secret.encode(), large, "sha256").hexdigest()
        for signed, status in ((signature, 200), ("0" * 64, 403)):
            headers = {"X-Hub-Signature-256": f"sha256={signed}"}
            assert (await http.post(here.site + webhook.PATH, content=large, headers=headers)).status_code == status
