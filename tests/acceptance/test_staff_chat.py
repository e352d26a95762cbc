"""A member of staff with only a phone: their own chat is linked, alerts arrive there, and a claim is made there."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from random import Random

from bot.house import House
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from storage import staff
from storage.inbox_rows import INBOX_TRIES
from tests.acceptance.houses import browser, eventually, running, served, settings_for, stored
from tests.acceptance.staff_chats import HOURS_48, ask, invited, join, newest, on_duty
from tests.acceptance.walks import arrive, labels, plain, tap


def chat_of(house: House, staff_id: int) -> object:
    ((chat,),) = stored(house, f"SELECT conversation_id FROM staff WHERE id = {staff_id}")
    return chat


async def test_a_link_makes_a_chat_the_members_own_once(house: House, telegram: TelegramServer) -> None:
    staff_id = await join(house, "assistant A")
    payload = await invited(house, staff_id)
    helper, stranger = telegram.person(7, language_code="en"), telegram.person(8, language_code="en")
    await helper.starts(payload)
    (answer,) = await helper.hears()
    assert "This chat is yours now" in answer.text
    assert "You are off duty" in answer.text
    linked = chat_of(house, staff_id)
    await stranger.starts(payload)
    (refused,) = await stranger.hears()
    assert "used already or is too old" in refused.text
    assert chat_of(house, staff_id) == linked
    assert telegram.violations == []


async def test_a_link_that_is_too_old_replaced_or_invented_links_nothing(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    staff_id = await join(house, "assistant A")
    replaced = await invited(house, staff_id)
    late = await invited(house, staff_id)
    signs_in = await house.database.write(lambda unit: staff.login_link(unit, staff_id, unit.now + HOURS_48))
    helper = telegram.person(7, language_code="en")
    for payload in (replaced, f"invite-{signs_in}", "invite-" + "0" * 48, late):
        if payload == late:
            clock.forward(HOURS_48)
        await helper.starts(payload)
        assert "used already or is too old" in (await helper.hears())[-1].text
    assert chat_of(house, staff_id) is None


async def test_the_link_of_a_chat_never_signs_in_at_the_desk(house: House) -> None:
    staff_id = await join(house, "assistant A")
    token = (await invited(house, staff_id)).removeprefix("invite-")
    assert await house.database.write(lambda unit: staff.redeem(unit, token)) is None


async def test_a_chat_is_one_members_and_a_second_link_does_not_take_it_over(
    house: House, telegram: TelegramServer
) -> None:
    first, second = await join(house, "assistant A"), await join(house, "assistant B")
    helper = telegram.person(7, language_code="en")
    await helper.starts(await invited(house, first))
    await helper.hears()
    await helper.starts(await invited(house, second))
    assert "linked already" in (await helper.hears())[-1].text
    assert chat_of(house, second) is None


async def test_duty_pause_and_off_are_said_in_the_chat(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    helper = await on_duty(house, telegram, 7)
    assert "You are on duty" in newest(helper).text
    paused = await tap(helper, "Pause 30 minutes")
    assert "You pause until" in paused.text
    clock.forward(timedelta(minutes=31))
    await helper.says("/pause 60")
    await helper.hears()
    clock.forward(timedelta(minutes=31))
    await helper.says("/pause@sandbox_bot 15")
    assert "You pause until" in (await helper.hears())[-1].text
    assert stored(house, "SELECT on_duty FROM staff") == [(1,)]
    assert "You are off duty" in (await tap(helper, "Off duty")).text
    assert stored(house, "SELECT on_duty, paused_until FROM staff") == [(0, None)]


async def test_commands_of_staff_mean_nothing_in_a_newcomers_chat(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(1001, language_code="en")
    await arrive(person, ("English", "OK, continue"))
    for words in ("/duty", "/pause", "/off", "/desk"):
        await person.says(words)
        (answer,) = await person.hears()
        assert "on duty" not in answer.text
        assert "/desk/login" not in answer.text


async def test_the_word_desk_gives_a_link_that_signs_in_once(house: House, telegram: TelegramServer) -> None:
    helper = await on_duty(house, telegram, 7)
    await helper.says("/desk")
    (answer,) = await helper.hears()
    token = plain(answer.text).rpartition("/desk/login/")[2].split()[0]
    assert await house.database.write(lambda unit: staff.redeem(unit, token)) is not None
    assert await house.database.write(lambda unit: staff.redeem(unit, token)) is None


async def test_an_alert_comes_without_words_is_claimed_there_and_struck_out_at_the_others(
    house: House, telegram: TelegramServer
) -> None:
    one, other, away = [await on_duty(house, telegram, number) for number in (7, 8, 9)]
    await away.says("/off")
    await away.hears()
    before = len(away.messages)
    person = await ask(telegram)
    await one.hears()
    await other.hears()
    assert "New request 1" in plain(newest(one).text)
    assert labels(newest(one)) == ["✔️ Claim"]
    await person.says("They sent me away")
    await tap(one, "Claim")
    assert "Request 1 is yours" in plain(newest(one).text)
    struck = (await other.hears())[-1]
    assert "assistant 7 has it" in plain(struck.text)
    assert labels(struck) == []
    await eventually(lambda: "reads your request 1 now" in plain(newest(person).text))
    assert len(away.messages) == before
    assert not any("sent me away" in message.text for helper in (one, other, away) for message in helper.messages)
    assert telegram.violations == []


async def test_who_claims_second_is_told_that_somebody_has_it(house: House, telegram: TelegramServer) -> None:
    one, other = [await on_duty(house, telegram, number) for number in (7, 8)]
    await ask(telegram)
    await one.hears()
    (alert,) = await other.hears()
    ((_, data),) = alert.pressable
    await tap(one, "Claim")
    await other.hears()
    await other.presses_raw(data, alert.id)
    assert "Request 1 is taken or closed" in plain((await other.hears())[-1].text)
    ((has_it,),) = stored(house, "SELECT s.label FROM request r JOIN staff s ON s.id = r.assignee_id")
    assert has_it == "assistant 7"


async def test_where_the_desk_is_on_https_open_is_a_button(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    settings = settings_for(tmp_path, telegram, public_url="https://help.example.org")
    async with running(settings, clock) as house:
        helper = await on_duty(house, telegram, 7)
        await ask(telegram)
        (alert,) = await helper.hears()
        assert [label.split()[-1] for label in labels(alert)] == ["Claim", "Open"]
        assert alert.buttons[0][1][1] == "https://help.example.org/desk/requests/1"
        assert "https://" not in alert.text
        await helper.says("/desk")
        (answer,) = await helper.hears()
        assert answer.buttons[0][0][1].startswith("https://help.example.org/desk/login/")
        assert telegram.violations == []


async def test_forged_altered_and_foreign_buttons_claim_nothing(house: House, telegram: TelegramServer) -> None:
    one, other = [await on_duty(house, telegram, number) for number in (7, 8)]
    person = await ask(telegram)
    (alert,) = await one.hears()
    await other.hears()
    ((_, data),) = alert.pressable
    chance = Random(4)
    altered = [data.replace("q.1", "q.2"), "q.1.0~AAAAAAAAAAA", "dy.on.0", "~", data[:-1], data.upper()]
    altered += ["".join(chance.sample(data, len(data))) for _ in range(20)]
    for forger in (person, other):
        for forged in [*altered, data]:  # the last one is right, but for another chat
            await forger.presses_raw(forged, newest(forger).id)
    await eventually(lambda: stored(house, "SELECT count(*) FROM inbox WHERE state = 'new'") == [(0,)])
    assert stored(house, "SELECT assignee_id FROM request") == [(None,)]
    assert stored(house, "SELECT count(*) FROM request_event WHERE kind = 'claimed'") == [(0,)]


async def test_a_contact_a_forward_or_a_changed_name_is_nobody_else(house: House, telegram: TelegramServer) -> None:
    helper = await on_duty(house, telegram, 7)
    ((chat,),) = stored(house, "SELECT conversation_id FROM staff")
    stranger = telegram.person(8, language_code="en", username="assistant_a")
    await arrive(stranger, ("English", "OK, continue"))
    await stranger.sends_contact(user_id=helper.id)
    await stranger.hears()
    await stranger.forwards("/desk", of=helper)
    (answer,) = await stranger.hears()
    assert "/desk/login" not in answer.text
    await stranger.says("/duty")
    assert "on duty" not in (await stranger.hears())[-1].text
    await helper.forwards("/off", of=stranger)
    await helper.hears()
    assert stored(house, "SELECT conversation_id, on_duty FROM staff") == [(chat, 1)]


async def test_who_has_left_gets_no_alert_and_their_buttons_do_nothing(house: House, telegram: TelegramServer) -> None:
    helper = await on_duty(house, telegram, 7)
    ((staff_id,),) = stored(house, "SELECT id FROM staff")
    await ask(telegram)
    (alert,) = await helper.hears()
    await house.database.write(lambda unit: staff.end(unit, staff_id))
    await helper.presses("✔️ Claim", alert)
    assert "yours" not in (await helper.hears())[-1].text
    await helper.says("/duty")
    assert "on duty" not in (await helper.hears())[-1].text
    assert stored(house, "SELECT assignee_id FROM request") == [(None,)]


async def test_the_chat_of_somebody_who_works_here_is_kept_and_deleting_it_ends_the_alerts(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    helper = await on_duty(house, telegram, 7)
    clock.forward(timedelta(days=3))
    await house.tidy()
    await ask(telegram, 1001)
    assert "New request 1" in plain((await helper.hears())[-1].text)
    await helper.says("/delete")
    await helper.hears()
    await tap(helper, next(label for label in labels(newest(helper)) if "elete" in label))
    assert stored(house, "SELECT conversation_id FROM staff") == [(None,)]
    await ask(telegram, 1002)
    assert stored(house, "SELECT count(*) FROM request") == [(2,)]


async def test_my_page_shows_a_link_that_makes_a_chat_mine(house: House, telegram: TelegramServer) -> None:
    staff_id = await join(house, "assistant A")
    session = await house.database.write(lambda unit: staff.open_session(unit, staff_id))
    await eventually(lambda: house.worlds().telegram_name)
    async with served(house) as site, browser(site) as http:
        http.cookies.set("izi-desk", session)
        page = await http.post("/desk/me/chat")
    found = re.search(r"https://t\.me/sandbox_bot\?start=(invite-[0-9a-f]+)", page.text)
    assert found is not None
    helper = telegram.person(7, language_code="en")
    await helper.starts(found[1])
    assert "This chat is yours now" in (await helper.hears())[-1].text
    assert ("chat_linked",) in stored(house, "SELECT act FROM audit")


async def test_words_that_are_given_up_while_a_human_is_there_are_owned_up_to(
    house: House, telegram: TelegramServer
) -> None:
    helper = await on_duty(house, telegram, 7)
    person = await ask(telegram)
    await helper.hears()
    await tap(helper, "Claim")
    await person.hears()
    used_up = (
        "CREATE TRIGGER used_up AFTER INSERT ON inbox"
        f" BEGIN UPDATE inbox SET tries = {INBOX_TRIES} WHERE seq = NEW.seq; END"
    )
    await house.database.write(lambda unit: unit.connection.exec_driver_sql(used_up) and None)
    await person.says("They sent me away")
    (line,) = await person.hears()
    assert "Something went wrong on our side" in line.text
