"""What a later act does for somebody, by what became of their copy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notices.audience import Audience, Left, Person
from notices.later import Asked, Spared, Way, decide
from notices.lifecycle import Kind
from storage.notice_rows import Copy, Fate

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SOMEBODY = Person(1, 10, 100, "ar", "telegram", "subotica", NOW, agreed=True)
GOT_IT = Copy(Fate.SENT, "", 1, 7, is_under_way=False, is_known=True, sent_at=NOW - timedelta(hours=1))


def asked(kind: Kind) -> Asked:
    return Asked(kind, Audience(), {"ar": 2, "en": 3}, ())


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.FIRST])
def test_who_has_no_copy_is_not_meant(kind: Kind) -> None:
    assert decide(SOMEBODY, None, asked(kind), NOW, edits=True) is None


@pytest.mark.parametrize(
    ("fate", "reason", "again"),
    [
        (Fate.DEAD, "tries", True),
        (Fate.DEAD, "too_old", True),
        (Fate.DEAD, "refused_400", False),  # it would be refused again
        (Fate.UNCERTAIN, "answer_lost", False),  # they may have it
        (Fate.FAILED, "blocked", False),
        (Fate.SENT, "", False),
        (Fate.HELD, "urgent", False),  # it goes by itself
    ],
)
def test_again_goes_only_to_whom_a_passing_trouble_kept_it_from(fate: Fate, reason: str, again: bool) -> None:
    copy = replace(GOT_IT, fate=fate, reason=reason)
    assert (decide(SOMEBODY, copy, asked(Kind.AGAIN), NOW, edits=True) is Way.TELL) is again


@pytest.mark.parametrize(("fate", "meant"), [(Fate.SENT, True), (Fate.READ, True), (Fate.UNCERTAIN, False)])
def test_a_follow_up_is_for_those_who_surely_got_it(fate: Fate, meant: bool) -> None:
    copy = replace(GOT_IT, fate=fate)
    assert (decide(SOMEBODY, copy, asked(Kind.FOLLOW_UP), NOW, edits=True) is Way.TELL) is meant
    stopped = replace(SOMEBODY, stopped=True)
    assert decide(stopped, replace(copy, fate=Fate.SENT), asked(Kind.FOLLOW_UP), NOW, edits=True) is Left.STOPPED


@pytest.mark.parametrize(
    ("copy", "edits", "done"),
    [
        (GOT_IT, True, Way.REPLACE),
        (GOT_IT, False, Way.TELL),
        (replace(GOT_IT, fate=Fate.UNCERTAIN), False, Way.TELL),  # who may have read the mistake is told
        (replace(GOT_IT, version=2), True, Spared.HAS_IT),  # what is newer is in another language
        (replace(GOT_IT, fate=Fate.HELD), True, Spared.NOT_YET),
        (replace(GOT_IT, fate=Fate.WAITING), True, Spared.NOT_YET),
        (replace(GOT_IT, fate=Fate.WAITING, is_under_way=True), True, Way.REPLACE),  # on its way with the old words
        (replace(GOT_IT, fate=Fate.SKIPPED), True, None),
    ],
)
def test_a_correction_reaches_everybody_who_may_have_read_the_mistake(
    copy: Copy, edits: bool, done: Way | Spared | None
) -> None:
    assert decide(SOMEBODY, copy, asked(Kind.CORRECT), NOW, edits) is done


def test_an_urgent_case_keeps_no_correction_away_but_stop_does() -> None:
    urgent, stopped = replace(SOMEBODY, urgent=True), replace(SOMEBODY, stopped=True)
    assert decide(urgent, GOT_IT, asked(Kind.CORRECT), NOW, edits=True) is Way.REPLACE
    assert decide(stopped, GOT_IT, asked(Kind.CORRECT), NOW, edits=True) is Left.STOPPED


@pytest.mark.parametrize(
    ("hours", "edits", "done"),
    [(1, True, Way.DELETE), (46, True, Way.DELETE), (48, True, Way.REPLACE), (1, False, Way.TELL)],
)
def test_what_is_withdrawn_is_deleted_as_long_as_that_can_be(hours: int, edits: bool, done: Way) -> None:
    copy = replace(GOT_IT, sent_at=NOW - timedelta(hours=hours))
    assert decide(SOMEBODY, copy, asked(Kind.WITHDRAW), NOW, edits) is done
