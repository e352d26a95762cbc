"""Who gets a notice, who does not, and that the count says the same as the sending."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notices.audience import Audience, Left, OutOfReach, Person, count, left_out

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SOMEBODY = Person(1, 10, 100, "ar", "telegram", "subotica", NOW, agreed=True)


@pytest.mark.parametrize(
    ("audience", "named"),
    [
        (Audience(), True),
        (Audience(locales=("ar", "fa")), True),
        (Audience(locales=("fa",)), False),
        (Audience(places=("subotica",)), True),
        (Audience(places=("pirot",)), True),  # lives in Subotica, follows the news of Pirot
        (Audience(places=("vranje",)), False),
        (Audience(topics=("language",)), True),
        (Audience(topics=("place",)), False),
        (Audience(channels=("webchat",)), False),
        (Audience(guides=("licence",)), False),
        (Audience(days=("permit",)), True),
        (Audience(event=7), True),
        (Audience(event=8), False),
        (Audience(seen_days=1), True),
        (Audience(locales=("ar",), places=("vranje",)), False),
    ],
)
def test_every_field_that_asks_must_fit(audience: Audience, named: bool) -> None:
    follows = frozenset({"place:pirot", "topic:language"})
    person = replace(SOMEBODY, follows=follows, days=frozenset({"permit"}), events=frozenset({7}))
    assert audience.names(person, NOW) is named


def test_who_was_not_seen_for_long_is_left_where_the_audience_asks_for_it() -> None:
    person = replace(SOMEBODY, seen_at=NOW - timedelta(days=31))
    assert not Audience(seen_days=30).names(person, NOW)


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (SOMEBODY, None),
        (replace(SOMEBODY, stopped=True, urgent=True), Left.STOPPED),
        (replace(SOMEBODY, blocked=True), Left.BLOCKED),
        (replace(SOMEBODY, urgent=True), Left.URGENT),
        (replace(SOMEBODY, agreed=False), Left.UNASKED),
        (replace(SOMEBODY, noticed_at=NOW - timedelta(hours=1)), Left.RECENT),
        (replace(SOMEBODY, noticed_at=NOW - timedelta(hours=12)), None),
        (replace(SOMEBODY, writable=False), Left.SHUT),
        (replace(SOMEBODY, locale="fr"), Left.LACKING),
        (replace(SOMEBODY, locale="sr_Latn"), None),  # gets the fallback
    ],
)
def test_who_is_left_out_is_told_why(person: Person, why: Left | None) -> None:
    assert left_out(person, Audience(rest_hours=12), NOW, {"ar"}, {"fr"}) is why


def test_everybody_who_is_named_is_counted_once_as_reached_or_left() -> None:
    people = [
        SOMEBODY,
        replace(SOMEBODY, contact_id=2, stopped=True),
        replace(SOMEBODY, contact_id=3, locale="fr"),
        replace(SOMEBODY, contact_id=4, locale="fa", channel="webchat"),
        replace(SOMEBODY, contact_id=5, place="vranje"),
    ]
    found = count(people, Audience(places=("subotica",)), NOW, {"ar"}, {"fr"})
    assert (found.reached, dict(found.left)) == (2, {Left.STOPPED: 1, Left.LACKING: 1})
    assert dict(found.by_locale) == {"ar": 1, "fa": 1}
    assert dict(found.by_channel) == {"telegram": 1, "webchat": 1}
    assert dict(found.lacking) == {"fr": 1, "fa": 1}
    assert found.tells_who


def test_an_audience_survives_being_written_down() -> None:
    audience = Audience(locales=("ar",), places=("subotica", "pirot"), event=3, seen_days=90, rest_hours=24)
    assert Audience.load(audience.dump()) == audience
    assert Audience.load(Audience().dump()) == Audience()


def test_who_may_reach_some_places_reaches_no_others() -> None:
    assert Audience().within({"pirot", "subotica"}).places == ("pirot", "subotica")
    assert Audience(places=("vranje", "pirot")).within({"pirot"}).places == ("pirot",)
    for elsewhere, mine in ((Audience(places=("vranje",)), {"pirot"}), (Audience(), set())):
        with pytest.raises(OutOfReach):
            elsewhere.within(mine)
