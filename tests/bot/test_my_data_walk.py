"""My data in a talk: Back leads one screen up, and what somebody calls themselves can be seen and read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.arrivals import Words
from bot.state import Place
from bot.testing import Talk
from tests.bot.test_checklist import words_of
from tests.bot.test_walk_rules import at_home


def tap(talk: Talk, *labels: str) -> Place:
    for label in labels:
        talk.clock.forward(timedelta(minutes=1))  # type: ignore[attr-defined]
        talk.presses(label)
    return talk.state.place


def test_back_leads_one_screen_up_from_everything_under_my_data() -> None:
    talk = at_home()
    assert tap(talk, "My data", "What you know of me", "Back") is Place.DATA
    assert tap(talk, "Link chats", "Back") is Place.DATA
    tap(talk, "Link chats", "Somebody else here", "How to call me")
    assert [tap(talk, "Back") for _ in range(4)] == [Place.PEOPLE, Place.CHATS, Place.DATA, Place.HOME]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("  Mother \n of two ", "Mother of two"),
        ("\u202eevil", "evil"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\u200b", ""),
        ("x" * 21, ""),
    ],
)
def test_what_somebody_calls_themselves_can_be_seen_and_turns_nothing_round(typed: str, label: str) -> None:
    talk = at_home()
    tap(talk, "My data", "Link chats", "Somebody else here", "How to call me")
    talk.says(Words(typed))
    assert talk.chats.label == label
    assert label in words_of(talk.shown) if label else talk.state.place is Place.LABEL
