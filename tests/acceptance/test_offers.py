"""Handing a request on through both doors: in the colleagues' own chats, and at the desk in two browsers."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.house import House
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from desk import offers
from desk import requests as acts
from tests.acceptance.colleagues import let_in
from tests.acceptance.houses import browser, eventually, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.staff_chats import ask, at_the_desk, newest, on_duty
from tests.acceptance.walks import TO_THE_FIRST_STEP, labels, plain, tap

NEXT = "The paper is ready. Next: the office."


async def test_who_comes_reads_what_waits_and_an_offer_is_declined_or_taken_in_the_chat(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = await ask(telegram)
    one = await on_duty(house, telegram, 7)
    assert "1 request waits for you." in plain(newest(one).text)
    other = await on_duty(house, telegram, 8)
    await at_the_desk(house, one, lambda desk: acts.claim(desk, 1))
    ((to,),) = stored(house, "SELECT id FROM staff WHERE label = 'assistant 8'")
    offer = partial(offers.offer, number=1, to_staff=to, text=NEXT)
    await at_the_desk(house, one, offer)
    (alert,) = await other.hears()
    assert "A colleague asks you to go on with request 1" in plain(alert.text)
    assert NEXT not in alert.text
    assert labels(alert) == ["✔️ Take over", "Not now"]
    assert "Request 1 stays with your colleague." in plain((await tap(other, "Not now")).text)
    assert "cannot go on with it now" in plain((await one.hears())[-1].text)
    assert stored(house, "SELECT s.label FROM request r JOIN staff s ON s.id = r.assignee_id") == [("assistant 7",)]

    clock.forward(timedelta(minutes=1))
    await at_the_desk(house, one, offer)
    await eventually(lambda: "asks you to go on" in newest(other).text)
    await tap(other, "Take over")
    await eventually(lambda: "Request 1 is yours" in "".join(plain(said.text) for said in other.messages[-2:]))
    await eventually(lambda: "a colleague goes on with it now" in newest(one).text)
    await eventually(lambda: "goes on with your request 1" in plain(newest(person).text))
    assert stored(house, "SELECT s.label FROM request r JOIN staff s ON s.id = r.assignee_id") == [("assistant 8",)]
    assert telegram.violations == []


async def test_at_the_desk_an_offer_stands_at_the_top_of_our_turn_until_it_is_answered(
    quiet_house: House, site: str, clock: FakeClock
) -> None:
    async with browser(site) as anna, browser(site) as ben, browser(site) as chat:
        visitor = Visitor(chat)
        await visitor.opens()
        for label in (*TO_THE_FIRST_STEP, "I am stuck"):
            await visitor.taps(label)
        await let_in(quiet_house, anna, "assistant A")
        to = str((await let_in(quiet_house, ben, "assistant B")).id)
        viewer = str((await let_in(quiet_house, chat, "viewer", "viewer")).id)
        await anna.post("/desk/requests/1/claim")
        page = (await anna.get("/desk/requests/1")).text
        assert f'<option value="{to}">' in page
        assert f'<option value="{viewer}">' not in page
        assert (await anna.post("/desk/requests/1/offer", data={"to": viewer, "text": NEXT})).status_code == 422

        await anna.post("/desk/requests/1/offer", data={"to": to, "text": NEXT})
        assert "Do not ask" in (await anna.get("/desk/requests/1")).text
        listed = plain((await ben.get("/desk")).text)
        assert "assistant A asks you to go on:" in listed
        assert NEXT in listed
        assert NEXT in (await ben.get("/desk/requests/1")).text
        for act in ("answer", "close", "give-back"):
            form = {"text": "x", "outcome": "informed"}
            assert (await ben.post(f"/desk/requests/1/{act}", data=form)).status_code == 409
        declined = await ben.post("/desk/requests/1/decline")
        assert (declined.url.path, NEXT in declined.text) == ("/desk", False)
        assert (await ben.get("/desk/requests/1")).status_code == 404

        clock.forward(timedelta(minutes=1))
        await anna.post("/desk/requests/1/offer", data={"to": to, "text": "Can you now?"})
        assert (await ben.post("/desk/requests/1/take-over")).url.path == "/desk/requests/1"
        assert 'action="/desk/requests/1/answer"' in (await ben.get("/desk/requests/1")).text
        assert "goes on with your request 1" in plain((await visitor.opens()).newest)
