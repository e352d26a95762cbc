"""What stands in the way of sending a notice, and what should be thought about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from notices.audience import Audience, Count, Left
from notices.drafts import (
    Choice,
    Doubt,
    Draft,
    Fit,
    Found,
    Hindrance,
    Night,
    Said,
    doubts,
    hindrances,
    needs_second,
    source_of,
    stand_in,
)
from notices.lifecycle import Category

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12)
SAID = Said(3, is_tested=True, is_checked=True)
COUNT = Count(60, {}, {"ar": 40, "fa": 20}, {"telegram": 50, "whatsapp": 10}, {})
FITS = {(locale, channel): Fit(5, 0) for locale in ("ar", "fa", "en") for channel in ("telegram", "whatsapp")}
GOOD = Draft(Category.NEWS, TODAY, {"ar": SAID, "fa": SAID}, FITS, {}, COUNT)
LACKING = replace(COUNT, by_locale={"ar": 40, "fr": 20}, lacking={"fr": 20})


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (GOOD, []),
        (replace(GOOD, valid_until=None), [Found(Hindrance.NO_DAY)]),
        (replace(GOOD, valid_until=TODAY - timedelta(days=1)), [Found(Hindrance.OVER)]),
        (replace(GOOD, count=Count()), [Found(Hindrance.NOBODY)]),
        (replace(GOOD, count=LACKING), [Found(Hindrance.LACKING, "fr")]),
        (replace(GOOD, count=LACKING, choices={"fr": Choice.FALLBACK}), []),
        (replace(GOOD, count=replace(LACKING, by_locale={"ar": 40}), choices={"fr": Choice.LEAVE_OUT}), []),
        (replace(GOOD, texts={"ar": SAID, "fa": replace(SAID, is_tested=False)}), [Found(Hindrance.UNTESTED, "fa")]),
        (
            replace(GOOD, fits=FITS | {("fa", "whatsapp"): Fit(-1, -2)}),
            [Found(Hindrance.LONG_TEXT, "fa", "whatsapp"), Found(Hindrance.LONG_LABEL, "fa", "whatsapp")],
        ),
    ],
)
def test_what_stands_in_the_way_is_named_with_its_language_and_channel(draft: Draft, found: list[Found]) -> None:
    assert hindrances(draft, TODAY) == found


def test_a_notice_without_any_text_says_so_for_each_language_that_waits_for_one() -> None:
    draft = replace(GOOD, texts={}, choices={"fa": Choice.FALLBACK}, count=replace(COUNT, lacking={"ar": 40, "fa": 20}))
    assert hindrances(draft, TODAY) == [
        Found(Hindrance.NO_TEXT),
        Found(Hindrance.LACKING, "ar"),
        Found(Hindrance.NO_STAND_IN, "fa"),
    ]


def test_a_text_that_nobody_gets_stands_in_nobodys_way_and_one_that_stands_in_does() -> None:
    untested = replace(SAID, is_tested=False)
    draft = replace(GOOD, texts={"ar": SAID, "fa": SAID, "en": untested})
    assert hindrances(draft, TODAY) == []
    fallback = replace(draft, count=LACKING, choices={"fr": Choice.FALLBACK})
    assert hindrances(fallback, TODAY) == [Found(Hindrance.UNTESTED, "en")]


def test_another_language_stands_in_by_the_graph_then_english_then_any() -> None:
    assert stand_in("fa", ["fa", "en"]) == "fa"
    assert stand_in("ps", ["en", "fa_AF"]) == "fa_AF"
    assert stand_in("ar", ["fa", "en"]) == "en"
    assert stand_in("ar", ["fa"]) == "fa"
    assert stand_in("ar", []) is None
    assert source_of({"fa": SAID, "en": SAID}) == "en"
    assert source_of({"fa": SAID, "en": SAID}, "fa") == "fa"
    assert source_of({}) == ""


def test_a_second_person_agrees_to_safety_to_the_whole_country_and_to_many() -> None:
    town = Audience(places=("subotica",))
    assert needs_second(Category.SAFETY, town, 1, 50)
    assert needs_second(Category.NEWS, Audience(), 1, 50)
    assert needs_second(Category.NEWS, town, 51, 50)
    assert not needs_second(Category.NEWS, town, 50, 50)
    assert not needs_second(Category.EVENT, Audience(event=7), 50, 50)


def test_what_should_be_thought_about_is_said_and_stops_nothing() -> None:
    old = {"ar": replace(SAID, is_checked=False), "fa": replace(SAID, version=2), "en": SAID}
    few = replace(COUNT, reached=3, left={Left.SHUT: 2})
    draft = replace(GOOD, texts=old, count=few)
    assert hindrances(draft, TODAY) == []
    night = NOON.replace(hour=23)
    assert doubts(draft, night, [night - timedelta(hours=23)], "en", Night()) == [
        Found(Doubt.FEW),
        Found(Doubt.NIGHT),
        Found(Doubt.OFTEN),
        Found(Doubt.SHUT),
        Found(Doubt.UNCHECKED, "ar"),
        Found(Doubt.OUTDATED, "fa"),
    ]
    safety = replace(GOOD, category=Category.SAFETY)
    assert doubts(safety, night, [night - timedelta(days=1)], "ar", Night()) == []


def test_people_sleep_from_nine_in_the_evening_until_eight_in_the_morning() -> None:
    hours = [hour for hour in range(24) if Night().has(time(hour))]
    assert hours == [0, 1, 2, 3, 4, 5, 6, 7, 21, 22, 23]
    assert [hour for hour in range(24) if Night(time(1), time(6)).has(time(hour))] == [1, 2, 3, 4, 5]
    assert not any(Night(time(8), time(8)).has(time(hour)) for hour in range(24))
