from __future__ import annotations

from dataclasses import fields
from itertools import product

import pytest

from flows.floor import Content, Drop, Hold, Situation, Speak, Speaker, Standing, Verdict, may_speak

GUIDE, ASSISTANT, SYSTEM, NOTICE = Speaker
SAFETY, ASKED, ANSWER, UNASKED = Content
EVERYTHING = list(product(Speaker, Content))
EVERY_STANDING = [Standing(*now) for now in product((False, True), repeat=4)]
ATTACHED, URGENT = Standing(attached=True), Standing(urgent=True)
STOPPED, BLOCKED = Standing(stopped=True), Standing(blocked=True)
SILENT = Drop(Situation.ATTACHED)
WAITS = Hold(Situation.ATTACHED)


@pytest.mark.parametrize(("speaker", "content"), EVERYTHING)
def test_anybody_may_speak_where_nothing_stands_against_it(speaker: Speaker, content: Content) -> None:
    assert may_speak(speaker, content, Standing()) == Speak()


@pytest.mark.parametrize(("speaker", "content"), EVERYTHING)
def test_nothing_is_sent_to_a_blocked_address_whatever_else_holds(speaker: Speaker, content: Content) -> None:
    for standing in EVERY_STANDING:
        if standing.blocked:
            assert may_speak(speaker, content, standing) == Drop(Situation.BLOCKED)


def test_an_assistant_is_kept_from_speaking_by_a_blocked_address_alone() -> None:
    for standing, content in product(EVERY_STANDING, Content):
        assert isinstance(may_speak(ASSISTANT, content, standing), Drop if standing.blocked else Speak)


@pytest.mark.parametrize(
    ("speaker", "content", "verdict"),
    [
        (GUIDE, SAFETY, Speak()),
        (GUIDE, ASKED, Speak()),
        (GUIDE, ANSWER, SILENT),
        (GUIDE, UNASKED, WAITS),
        (SYSTEM, SAFETY, Speak()),
        (SYSTEM, ASKED, Speak()),
        (SYSTEM, ANSWER, SILENT),
        (SYSTEM, UNASKED, WAITS),
        (NOTICE, SAFETY, Speak()),
        (NOTICE, ASKED, Speak()),
        (NOTICE, ANSWER, SILENT),
        (NOTICE, UNASKED, WAITS),
    ],
)
def test_while_a_human_is_attached_the_bot_says_only_what_is_safety_or_was_asked_for_by_button(
    speaker: Speaker, content: Content, verdict: Verdict
) -> None:
    assert may_speak(speaker, content, ATTACHED) == verdict


def test_safety_and_buttons_are_answered_in_every_standing_in_which_anything_can_be_sent() -> None:
    for standing, content in product(EVERY_STANDING, (SAFETY, ASKED)):
        if not standing.blocked:
            assert may_speak(SYSTEM, content, standing) == Speak()
            assert may_speak(GUIDE, content, standing) == Speak()


def test_a_notice_queued_before_an_urgent_case_is_held() -> None:
    assert may_speak(NOTICE, UNASKED, Standing()) == Speak()
    assert may_speak(NOTICE, UNASKED, URGENT) == Hold(Situation.URGENT)
    assert may_speak(NOTICE, UNASKED, Standing(urgent=True, attached=True)) == Hold(Situation.URGENT)


def test_an_urgent_case_holds_reminders_and_neither_guides_nor_the_case_itself() -> None:
    assert may_speak(GUIDE, UNASKED, URGENT) == Hold(Situation.URGENT)
    for speaker, content in [(GUIDE, ANSWER), (GUIDE, ASKED), (SYSTEM, UNASKED), (NOTICE, SAFETY)]:
        assert may_speak(speaker, content, URGENT) == Speak()


def test_stop_ends_news_and_reminders_for_good_and_nothing_else() -> None:
    silenced = {
        (speaker, content) for speaker, content in EVERYTHING if may_speak(speaker, content, STOPPED) != Speak()
    }
    assert silenced == {(NOTICE, UNASKED), (NOTICE, SAFETY), (GUIDE, UNASKED)}
    assert may_speak(NOTICE, UNASKED, STOPPED) == Drop(Situation.STOPPED)


def test_news_to_who_wrote_stop_is_dropped_and_not_kept_for_the_end_of_a_case() -> None:
    for standing in EVERY_STANDING:
        if standing.stopped and not standing.blocked:
            assert may_speak(NOTICE, UNASKED, standing) == Drop(Situation.STOPPED)


def test_every_situation_can_be_seen_in_a_standing() -> None:
    assert {field.name for field in fields(Standing)} == set(Situation)
