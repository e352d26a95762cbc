"""A step is shared by a link that opens it for somebody else and says nothing of who shared it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.arrivals import Press, Words
from bot.testing import FakeClock, Talk
from bot.world import World
from tests.bot.test_checklist import words_of, world

GUIDE = "driving-licence"
TO_A_STEP = ("Start", "No", "Refugee status", "Yes")
NAMED = "https://t.me/example_bot?start=driving-licence-look"
PAGE = "https://example.org/g/en/driving-licence#look"


def talk_at_a_step(of: World, channel: str) -> Talk:
    talk = Talk(of, FakeClock(), channel=channel)
    talk.opens(GUIDE, "en")
    for label in TO_A_STEP:
        talk.presses(label)
    return talk


@pytest.mark.parametrize(
    ("channel", "name", "address", "link"),
    [
        ("telegram", "example_bot", "https://example.org", NAMED),
        ("telegram", "", "https://example.org", PAGE),
        ("webchat", "example_bot", "https://example.org", PAGE),
    ],
)
def test_the_link_leads_to_the_step_on_the_channel_where_it_was_shared(
    channel: str, name: str, address: str, link: str
) -> None:
    talk = talk_at_a_step(replace(world(), telegram_name=name, address=address), channel)
    talk.presses("Share this step")
    assert link in words_of(talk.shown).splitlines()
    talk.presses("Continue")
    assert "Look at your licence." in words_of(talk.shown)


def test_who_follows_the_link_reads_the_step_after_language_and_consent() -> None:
    talk = Talk(world(), FakeClock())
    talk.says(Words(f"/start {NAMED.partition('=')[2]}"))
    talk.presses("English")
    talk.presses("OK, continue")
    assert "Look at your licence." in words_of(talk.shown)
    assert talk.button("Start")


def test_where_nothing_leads_to_us_from_outside_there_is_nothing_to_share() -> None:
    talk = talk_at_a_step(replace(world(), address="http://127.0.0.1:8080"), "webchat")
    with pytest.raises(LookupError):
        talk.button("Share this step")


def test_an_old_share_button_of_a_step_that_is_gone_says_so() -> None:
    here = replace(world(), telegram_name="example_bot")
    talk = talk_at_a_step(here, "telegram")
    old = talk.button("Share this step")
    talk.presses("Home")
    talk.world = replace(here, steps={name: step for name, step in here.steps.items() if name != (GUIDE, "look")})
    talk.says(Press(old.data))
    assert "There is nothing more to say about this step." in words_of(talk.shown)
