"""Records over files: what the organisation changed counts, what does not fit is named and never stops anything."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from content.load import Pack, load_country
from content.overlay import apply, export, validate
from content.problems import ContentError
from content.record_names import names
from content.texts import english
from i18n.catalog import Catalog
from tests.content.build import GUIDE, country, pack


@pytest.fixture
def loaded(tmp_path: Path) -> Pack:
    return pack(tmp_path)


def _same(one: Pack, other: Pack) -> bool:
    return all(getattr(one, field.name) == getattr(other, field.name) for field in fields(Pack))


def test_without_records_everything_is_as_in_the_files(loaded: Pack) -> None:
    overlaid = apply(loaded, {})
    assert overlaid.pack is loaded
    assert (overlaid.texts, overlaid.ignored) == ({}, ())


def test_every_kind_of_record_has_a_name(loaded: Pack) -> None:
    known = names(loaded)
    assert {
        "hours.opens": "clock",
        "consent.promise@ar": "text",
        "emergency.police.number": "phone",
    }.items() <= known.items()
    assert known["fact.small.fee.strength"] == "strength"
    assert known["rules_active.small"] == "yes_no"
    assert "consent.promise@en" not in known
    assert "emergency.army.number" not in known


def test_hours_and_closed_days_are_replaced(loaded: Pack) -> None:
    records = {"hours.opens": "08:30", "hours.weekdays": "1, 3 5", "hours.closed_days": "2027-01-07 2026-12-31"}
    hours = apply(loaded, records).pack.hours
    assert (hours.opens, hours.closes, hours.weekdays) == (time(8, 30), time(17), (1, 3, 5))
    assert hours.closed_days == (date(2026, 12, 31), date(2027, 1, 7))


def test_hours_that_close_before_they_open_leave_those_of_the_file(loaded: Pack) -> None:
    overlaid = apply(loaded, {"hours.opens": "18:00", "hours.weekdays": "1"})
    assert (overlaid.pack.hours.opens, overlaid.pack.hours.weekdays) == (time(9), (1,))
    assert overlaid.ignored == ("hours.opens",)
    with pytest.raises(ContentError, match="open before they close"):
        validate(loaded, "hours.opens", "18:00")


def test_a_promise_is_shown_in_each_language_that_has_it(loaded: Pack) -> None:
    overlaid = apply(loaded, {"consent.promise": "We tell nobody.", "consent.promise@ar": "لا نخبر أحدا."})
    assert overlaid.pack.consent.promise == "We tell nobody."
    catalog = Catalog.load(Path("none"), english(overlaid.pack), ["en", "ar", "fa_AF"]).with_overrides(overlaid.texts)
    said = {code: catalog.text(code, "bot.consent.promise").string for code in ("en", "ar", "fa_AF")}
    assert said == {"en": "We tell nobody.", "ar": "لا نخبر أحدا.", "fa_AF": "We tell nobody."}


def test_a_number_that_the_organisation_sets_is_official(tmp_path: Path) -> None:
    loaded = pack(tmp_path, ("strength: official", "strength: check"), file="urgent/serbia.yaml")
    records = {"emergency.police.number": "112", "emergency.confirmed_on": "2026-12-01"}
    urgent = apply(loaded, records).pack.urgent
    assert [(row.number, row.strength) for row in urgent.numbers] == [("112", "official"), ("194", "official")]
    assert urgent.confirmed_on == date(2026, 12, 1)
    office = apply(loaded, {"contact.office.phone": "+381 60 000 0000", "contact.office.name": "New"}).pack.contacts[
        "office"
    ]
    assert (office.phone, office.name, office.strength) == ("+381 60 000 0000", "New", "official")


def test_a_guide_that_was_checked_is_due_again_three_months_later(loaded: Pack) -> None:
    guide = apply(loaded, {"guide.small.checked_on": "2026-12-01", "guide.small.owner": "Legal team"}).pack.guides[
        "small"
    ]
    assert (guide.owner, guide.checked_on, guide.review_by) == ("Legal team", date(2026, 12, 1), date(2027, 3, 1))
    both = {"guide.small.checked_on": "2026-12-01", "guide.small.review_by": "2027-12-01"}
    assert apply(loaded, both).pack.guides["small"].review_by == date(2027, 12, 1)


def test_a_fact_gets_todays_text_strength_and_check(loaded: Pack) -> None:
    records = {
        "fact.small.fee.text": "The paper is free.",
        "fact.small.fee.text@ar": "الورقة مجانية.",
        "fact.small.fee.strength": "official",
        "fact.small.fee.checked_on": "2026-12-01",
        "fact.small.fee.owner": "Legal team",
    }
    overlaid = apply(loaded, records)
    fact = overlaid.pack.guides["small"].facts["fee"]
    assert (fact.text, fact.strength, fact.owner) == ("The paper is free.", "official", "Legal team")
    assert (fact.checked_on, fact.review_by) == (date(2026, 12, 1), date(2027, 3, 1))
    assert overlaid.texts == {
        ("en", "small.fact-fee.text"): "The paper is free.",
        ("ar", "small.fact-fee.text"): "الورقة مجانية.",
    }


def test_a_fact_that_is_made_unknown_leaves_every_card(loaded: Pack) -> None:
    guide = apply(loaded, {"fact.small.fee.strength": "unknown"}).pack.guides["small"]
    assert guide.intro.facts == ()
    assert guide.shown()["fetch"].facts == ("duration",)
    assert "small.fact-fee.text" not in english(apply(loaded, {"fact.small.fee.strength": "unknown"}).pack)


def test_a_fact_that_was_unknown_is_shown_once_it_has_text_and_strength(loaded: Pack) -> None:
    strength = {"fact.small.duration.strength": "check"}
    assert not apply(loaded, strength).pack.guides["small"].facts["duration"].shown
    both = strength | {"fact.small.duration.text": "It takes 30 days.", "fact.small.duration.text@ar": "ثلاثون يوما."}
    overlaid = apply(loaded, both)
    assert overlaid.pack.guides["small"].facts["duration"].shown
    catalog = Catalog.load(Path("none"), english(overlaid.pack), ["en", "ar"]).with_overrides(overlaid.texts)
    assert catalog.text("ar", "small.fact-duration.text").string == "ثلاثون يوما."


def test_rules_that_are_switched_on_bring_their_fact_and_hide_what_they_replace(loaded: Pack) -> None:
    assert _same(apply(loaded, {"rules_active.small": "no"}).pack, loaded)
    records = {"rules_active.small": "yes", "fact.small.duration.text": "Ask for a date now."}
    guide = apply(loaded, records).pack.guides["small"]
    assert guide.live == ("duration",)
    assert (guide.facts["duration"].strength, guide.facts["duration"].text) == ("official", "Ask for a date now.")
    assert (guide.intro.facts, guide.shown()["fetch"].facts) == ((), ("duration",))


def test_rules_without_a_text_yet_say_what_is_not_known(loaded: Pack) -> None:
    guide = apply(loaded, {"rules_active.small": "yes"}).pack.guides["small"]
    assert (guide.live, guide.facts["duration"].shown) == (("duration",), False)


def test_a_guide_whose_rules_are_in_force_stands_before_the_others(tmp_path: Path) -> None:
    root = country(tmp_path)
    second = GUIDE.replace("guide: small", "guide: second").replace("order: 1", "order: 2")
    (root / "guides" / "serbia" / "second.yaml").write_text(second, "utf-8")
    both = load_country(root, "serbia")
    assert [*apply(both, {}).pack.guides] == ["small", "second"]
    assert [*apply(both, {"rules_active.second": "yes"}).pack.guides] == ["second", "small"]


def test_a_guide_without_rules_has_no_switch(tmp_path: Path) -> None:
    without = pack(tmp_path, ("rules: {active: false, fact: duration, replaces: [fee]}\n", ""))
    assert "rules_active.small" not in names(without)


def test_records_of_a_guide_that_is_gone_are_named_and_ignored(loaded: Pack) -> None:
    overlaid = apply(loaded, {"fact.gone.fee.text": "x", "guide.small.checked_on": "soon"})
    assert _same(overlaid.pack, loaded)
    assert overlaid.ignored == ("fact.gone.fee.text", "guide.small.checked_on")


@pytest.mark.parametrize(
    ("name", "value", "parsed"),
    [
        ("hours.opens", " 08:30 ", time(8, 30)),
        ("hours.closed_days", "", ()),
        ("consent.signed_off_on", "", None),
        ("consent.signed_off_on", "2026-12-01", date(2026, 12, 1)),
        ("consent.promise", "", ""),
        ("emergency.police.number", "+381 11 000 0000", "+381 11 000 0000"),
        ("rules_active.small", "yes", True),
        ("guide.small.owner", "", ""),
    ],
)
def test_good_value_is_read(loaded: Pack, name: str, value: str, parsed: object) -> None:
    assert validate(loaded, name, value) == parsed


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("hours.lunch", "12:00", "no record of this name"),
        ("hours.opens", "8:30", 'write it like "09:00"'),
        ("hours.opens", "25:00", 'write it like "09:00"'),
        ("hours.weekdays", "0 8", "1 is Monday"),
        ("hours.weekdays", "", "1 is Monday"),
        ("hours.closed_days", "31.12.2026", 'write it like "2026-12-31"'),
        ("guide.small.checked_on", "2026-02-30", "there is no day 2026-02-30"),
        ("guide.small.checked_on", "", 'write it like "2026-12-31"'),
        ("emergency.police.number", "011 3085 328", "a phone number is written"),
        ("fact.small.fee.strength", "sure", "is none of official, check, weak, unknown"),
        ("fact.small.fee.text", "", "not empty"),
        ("fact.small.fee.text", "It costs {fee}.", "braces"),
        ("fact.small.fee.text", "You shall pay.", "shall"),
        ("fact.small.fee.text@ar", "٣ أيام", "digits are 0-9"),
        ("contact.office.name", "", "may not be empty"),
        ("contact.office.name", "A\nB", "one line"),
        ("rules_active.small", "true", "is none of yes, no"),
    ],
)
def test_bad_value_is_refused_in_plain_words(loaded: Pack, name: str, value: str, reason: str) -> None:
    with pytest.raises(ContentError, match=reason) as error:
        validate(loaded, name, value)
    assert error.value.problems[0].file == name


def test_export_says_where_each_value_belongs_in_the_files(loaded: Pack) -> None:
    records = {
        "hours.opens": "08:30",
        "hours.closed_days": "2026-12-31",
        "emergency.ambulance.number": "112",
        "contact.office.phone": "+381 60 000 0000",
        "fact.small.fee.text": "The paper is free.",
        "fact.small.fee.text@ar": "الورقة مجانية.",
        "guide.small.checked_on": "2026-12-01",
        "rules_active.small": "yes",
        "gone": "x",
    }
    assert YAML(typ="safe").load(export(loaded, records)) == {
        "content/hours.yaml": {"opens": "08:30", "closed_days": ["2026-12-31"]},
        "content/urgent/serbia.yaml": {"numbers": {"ambulance": {"number": "112"}}},
        "content/places/serbia.yaml": {"contacts": {"office": {"phone": "+381 60 000 0000"}}},
        "content/guides/serbia/small.yaml": {
            "facts": {"fee": {"text": "The paper is free."}},
            "checked_on": date(2026, 12, 1),
            "rules": {"active": True},
        },
        "i18n/locale/ar/LC_MESSAGES/small.po": {"small.fact-fee.text": "الورقة مجانية."},
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.data())
def test_no_records_ever_stop_the_overlay(loaded: Pack, values: st.DataObject) -> None:
    known = st.sampled_from(sorted(names(loaded)))
    value = st.text(max_size=20) | st.sampled_from(["09:00", "23:00", "2026-12-31", "unknown", "check", "yes", "112"])
    records = values.draw(st.dictionaries(known, value, max_size=8))
    overlaid = apply(loaded, records)
    assert overlaid.pack.hours.opens < overlaid.pack.hours.closes
    Catalog({**english(overlaid.pack)}, {}, {}, ["en"]).with_overrides(
        {place: text for place, text in overlaid.texts.items() if place[0] == "en"}
    )
    export(loaded, records)
