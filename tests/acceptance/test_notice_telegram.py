"""A notice that a coordinator tests in their own chat on Telegram, and that people get as it was tested."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.chats import BotMessage
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from tests.acceptance.colleagues import let_in, sign_in
from tests.acceptance.houses import browser, running, served, settings_for
from tests.acceptance.staff_chats import invited
from tests.acceptance.test_notice_console import notice, post
from tests.acceptance.walks import arrive, labels


def looks(message: BotMessage) -> tuple[str, list[str]]:
    """What one sees of a message."""
    return message.text, labels(message)


async def test_the_test_goes_to_ones_own_chat_and_people_get_the_very_same_message(
    telegram: TelegramServer, tmp_path: Path, clock: FakeClock
) -> None:
    settings = settings_for(tmp_path, telegram, telegram_name="izi_test_bot")
    async with (
        running(settings, clock) as house,
        served(house) as site,
        browser(site) as http,
        sign_in(house, site, "second", "coordinator") as other,
    ):
        person, author = telegram.person(3001, language_code="en"), telegram.person(3002, language_code="en")
        await arrive(person, ("English", "OK, continue"))
        me = await let_in(house, http, "author", "coordinator")
        at = await notice(http, "event")
        await post(http, at, "text", locale="en", title="Room moved", body="The class is in room 2.")
        await post(http, at, "about", category="event", valid_until="2026-12-31", does_0="person")
        assert "Link your own chat first" in await post(http, at, "test", 422, locale="en")
        await author.starts(await invited(house, me.id))
        await author.hears()
        await post(http, at, "test", locale="en")
        tested = (await author.hears())[-1]
        assert "The class is in room 2." in tested.text
        await post(http, at, "submit")
        await post(other, at, "approve")
        # Who has a chat as a member of staff is nobody's audience.
        await post(http, at, "send", confirmed="1", when="now")
        assert looks((await person.hears())[-1]) == looks(tested)
        assert telegram.violations == []
