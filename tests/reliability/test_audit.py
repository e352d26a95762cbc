"""The audit itself: each thing that can go wrong is seen, and told apart."""

from __future__ import annotations

from collections import Counter
from random import Random

from bot.sandbox.telegram import TelegramServer
from tests.reliability.audit import Findings, compare
from tests.reliability.ledger import Account
from tests.reliability.people import Chat, Guide, Walk

A_CHAT = 1001


def findings(*heard: tuple[int, str], saved: int = 3, done: int = 3, doubted: tuple[int, ...] = (0, 0, 0)) -> Findings:
    """After three acts that lead to the steps one, two and three."""
    walk = Walk(Guide({}, {}), Random(0))
    person = TelegramServer().person(A_CHAT)
    chat = Chat(person, walk, 3, lambda: None, ["one", "two", "three"], list(heard))
    return compare([chat], {A_CHAT: Account(saved, Counter(done=done), doubted)})


def test_a_talk_as_it_should_be_has_no_findings() -> None:
    assert findings((1, "one"), (2, "two"), (3, "three")) == Findings()


def test_an_act_that_was_never_saved_is_lost_and_unanswered() -> None:
    assert findings((1, "one"), (2, "two"), saved=2, done=2) == Findings(lost=1, never_answered=1)


def test_an_act_that_was_handled_twice_is_doubled_state() -> None:
    found = findings((1, "one"), (2, "two"), (3, "three"), (4, "three"), saved=4)
    assert found == Findings(doubled_state=2)  # one change and one screen too many


def test_two_acts_that_changed_places_are_out_of_order() -> None:
    assert findings((1, "one"), (2, "three"), (3, "two")) == Findings(out_of_order=2)


def test_two_answers_that_changed_places_are_out_of_order() -> None:
    assert findings((1, "one"), (3, "three"), (2, "two")) == Findings(out_of_order=1)


def test_a_doubled_reply_is_fine_only_where_the_product_knows_that_it_may_be_one() -> None:
    twice = ((1, "one"), (2, "two"), (2, "two"), (3, "three"))
    assert findings(*twice, doubted=(0, 1, 0)) == Findings(doubled_replies=1)
    assert findings(*twice, doubted=(1, 0, 0)) == Findings(doubled_replies=1, unlisted_doubles=1)
