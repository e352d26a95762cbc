from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.locales import LOCALES
from i18n.text import (
    FSI,
    PDI,
    Template,
    Text,
    Value,
    balanced,
    fill,
    isolate,
    isolate_numbers,
    say_date,
    say_moment,
    say_time,
)

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Any text, rich in what could break isolates: controls, paragraph breaks, braces. (Not st.text over a mixed alphabet:
# Hypothesis merges that into one range, in which these signs almost never come up.)
signs = st.one_of(st.characters(), st.sampled_from(BIDI_CONTROLS), st.sampled_from("\n\r\u2029\u0085{} "))
troublesome = st.lists(signs).map("".join)
without_braces = st.text(alphabet=st.characters(exclude_characters="{}"))

MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def said(text: str, locale: str = "en", **params: Value) -> str:
    return fill(Template.parse(text, "guide.step.ask"), params, locale)


@given(troublesome)
def test_an_isolated_value_is_balanced_and_keeps_its_letters(value: str) -> None:
    isolated = isolate(value)
    assert balanced(isolated)
    assert isolated.replace(FSI, "").replace(PDI, "") == "".join(sign for sign in value if sign not in BIDI_CONTROLS)


def test_isolates_never_cross_a_line_break() -> None:
    assert isolate("a\nb\n\nc") == f"{FSI}a{PDI}\n{FSI}b{PDI}\n\n{FSI}c{PDI}"
    assert isolate("") == ""


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+381 60 0000 000", ["+381 60 0000 000"]),
        ("(011) 000-000, 09:00-17:00.", ["(011) 000-000, 09:00-17:00"]),
        ("room 12", []),
        ("https://example.org/2026-11-22?a=1-2", []),
        ("a1-2 x@1.2", []),
    ],
)
def test_a_number_of_several_parts_is_kept_together_and_an_address_is_left_alone(written: str, kept: list[str]) -> None:
    isolated = isolate_numbers(written)
    assert [part.partition(PDI)[0] for part in isolated.split(FSI)[1:]] == kept
    assert balanced(isolated)
    assert isolated.replace(FSI, "").replace(PDI, "") == written


def test_joiners_of_persian_words_stay() -> None:
    assert isolate("می\u200cشود") == f"{FSI}می\u200cشود{PDI}"


def test_every_kind_of_value_is_said_and_isolated() -> None:
    text = said("{a}|{b}|{c}|{d}|{e}", a="x", b=25, c=MONDAY, d=MORNING, e=Text("ok", "en"))
    assert text.split("|") == [
        f"{FSI}x{PDI}",
        f"{FSI}25{PDI}",
        f"{FSI}Monday 23 November 2026{PDI}",
        f"{FSI}Monday 23 November 2026, 11:00{PDI}",
        f"{FSI}ok{PDI}",
    ]


def test_isolates_inside_an_inserted_text_stay() -> None:
    inner = Text(said("call {phone}", phone="112"), "en")
    assert said("now: {inner}", inner=inner) == f"now: {FSI}call {FSI}112{PDI}{PDI}"


@given(without_braces, without_braces, st.one_of(without_braces, st.integers(), st.dates(), st.datetimes()))
def test_filling_leaves_no_brace(before: str, after: str, value: str | int | date) -> None:
    text = said(before + "{value}" + after, value=value)
    assert "{" not in text
    assert "}" not in text


@given(troublesome)
def test_a_filled_text_is_balanced_whatever_the_value(value: str) -> None:
    assert balanced(said("رقم {value}.\nفوراً", "ar", value=value))


def test_a_value_that_looks_like_a_placeholder_is_not_read_as_one() -> None:
    assert said("{a} {b}", a="{b}", b="x") == f"{FSI}{{b}}{PDI} {FSI}x{PDI}"


def test_a_placeholder_without_a_value_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match=r"guide\.step\.ask: no value for fee"):
        said("{fee} {day}", day="x")


def test_a_value_without_a_placeholder_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"guide\.step\.ask: no place for fee"):
        said("nothing", fee="25")


@pytest.mark.parametrize("text", ["{", "}", "{}", "{{a}}", "{a!r}", "{a:>3}", "{a.b}", "{0}", "{A}", "{a", "{ a }"])
def test_any_other_brace_is_refused_when_the_text_is_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"guide\.step\.ask"):
        Template.parse(text, "guide.step.ask")


def test_only_a_counted_form_may_leave_out_the_count() -> None:
    one_step = Template.parse("one step to {place}", "x")
    assert one_step.agrees(frozenset({"n", "place"}), counted=True)
    assert not one_step.agrees(frozenset({"n", "place"}), counted=False)
    assert not one_step.agrees(frozenset({"n"}), counted=True)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("plain", True),
        (f"{FSI}a{PDI}", True),
        (f"\u2067{FSI}a{PDI}{PDI}", True),
        (f"{FSI}a", False),
        (f"a{PDI}", False),
        (f"{PDI}a{FSI}", False),
        (f"{FSI}a\nb{PDI}", False),
        (f"{FSI}a\u2029b{PDI}", False),
        ("\u202ba\u202c", False),
        ("\u202da", False),
        ("a\u200f", True),
    ],
)
def test_balance_is_judged_line_by_line(text: str, good: bool) -> None:
    assert balanced(text) is good


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Monday 23 November 2026"),
        ("sr_Latn", "ponedeljak, 23. novembar 2026."),
        ("sr_Cyrl", "понедељак, 23. новембар 2026."),
        ("fa_AF", "دوشنبه 23 نومبر 2026"),
        ("ar", "الاثنين، 23 نوفمبر 2026"),
        ("fr", "lundi 23 novembre 2026"),
        ("ru", "понедельник, 23 ноября 2026\u202fг."),
    ],
)
def test_a_date_is_said_in_the_order_and_words_of_the_language(locale: str, words: str) -> None:
    assert say_date(MONDAY, locale) == words


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Monday 23 November 2026, 11:00"),
        ("sr_Latn", "ponedeljak, 23. novembar 2026. 11:00"),
        ("ar", "الاثنين، 23 نوفمبر 2026، 11:00"),
    ],
)
def test_a_moment_is_date_and_time(locale: str, words: str) -> None:
    assert say_moment(MORNING, locale) == words


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.times(), st.sampled_from(sorted(LOCALES)))
def test_dates_have_western_digits_a_month_in_letters_and_a_24_hour_clock(day: date, clock: time, locale: str) -> None:
    moment = datetime.combine(day, clock)
    words = say_moment(moment, locale)
    assert not any(sign.isdecimal() and not sign.isascii() for sign in words)
    numbers = "".join(sign if sign.isdecimal() else " " for sign in words).split()
    assert sorted(numbers) == sorted([str(day.day), str(day.year), *say_time(moment, locale).split(":")])
    assert say_time(moment, locale) == f"{clock.hour:02}:{clock.minute:02}"
    assert balanced(words)


@pytest.mark.parametrize("say", [say_date, say_time, say_moment])
def test_an_unknown_language_has_no_dates(say: type) -> None:
    with pytest.raises(ValueError, match="xx"):
        say(MORNING, "xx")
