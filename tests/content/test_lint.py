"""The checks on guides, tables and translations: each fault is told with its file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from content.lint import lint
from content.problems import Problem
from content.texts import english
from content.translations import Translation, read_translations
from tests.content.build import TODAY, country, line_of, linted, pack

SMALL = "guides/serbia/small.yaml"
LONG_TEXT = " ".join(["One two three four five six seven eight nine ten."] * 6)
OFFICE = "purpose: legal, phone: '+381 11 000 0000', sources: [LAW], strength: check}"

# File, what is changed, into what, the line of the fault (by a text on it), severity and reason.
FAULTS = [
    (SMALL, "Fetch the paper.", "Fetch the paper and/or wait.", "do:", "error", "and/or"),
    (SMALL, "text: Bring your card.", f"text: {LONG_TEXT}", "id: fetch", "error", "a message of 63 words"),
    (SMALL, "text: Bring your card.", 'text: "a\\nb\\nc\\nd\\ne\\nf"', "id: fetch", "error", "a message of 7 lines"),
    (SMALL, "do: Fetch the paper.\n    text: Bring", "do: Have it?\n    text: Or not? Bring", "id: fetch", "error",
     "more than one question in a message"),
    (SMALL, "do: Fetch the paper.\n    text: Bring your card.", "do: Read mup.rs.\n    text: Or apr.gov.rs.",
     "id: fetch", "error", "more than one link in a message"),
    (SMALL, "do: Fetch the paper.\n    text: Bring your card.\n    warning: Keep a copy.",
     "do: Have it?\n    warning: A copy?", "id: fetch", "warning", "one in its warning"),
    (SMALL, "I prefer not to say", "I prefer not to say this", "id: unsaid", "error", "24 UTF-16 units"),
    (SMALL, "title: A small guide", "title: A guide with a long name", "title:", "error", "at most 21"),
    (SMALL, "local: лична карта", "local: lična karta", "local: lična", "error", "local script"),
    (SMALL, "local: Молим Вас, дајте ми папир.", "local: Молим Вас. Dajte mi papir.", "local: Молим", "error",
     "local script"),
    (SMALL, "Fetch the paper.", "Fetch the AZK paper.", "do:", "error", "AZK: write it out"),
    (SMALL, "strength: check", "strength: official", "", "", ""),
    (SMALL, "[LAW]\n    source_date: \"2024\"\n    strength: check",
     "[PAGE]\n    source_date: undated\n    strength: official", "strength: official", "error", "source with a date"),
    (SMALL, "remind_months: [5], fact: fee", "remind_months: [5], fact: duration", "{id: soon", "error",
     "what is not known"),
    (SMALL, "checked_on: 2026-11-21", "checked_on: 2026-07-21", "guide: small", "warning", "due on 2026-10-21"),
    (SMALL, "strength: check", "strength: check\n    review_by: 2026-11-01", "review_by:", "warning",
     "review of this fact was due"),
    (SMALL, "  en: [small]", "  xx: [small]", "xx: [small]", "error", "no language 'xx'"),
    ("urgent/serbia.yaml", 'number: "192"', 'number: "011 192 19219"', "id: police", "error", "a phone number is"),
    ("urgent/serbia.yaml", "id: police", "id: army", "numbers:", "error", "there is no number 'police'"),
    ("urgent/serbia.yaml", "id: police", "id: army", "id: army", "error", "no text bot.urgent.army"),
    ("urgent/serbia.yaml", "[LAW]", "[LAWS]", "id: police", "error", "no source 'LAWS'"),
    ("urgent/serbia.yaml", "[LAW]", "[PAGE]", "id: police", "error", "source with a date"),
    ("urgent/serbia.yaml", "phrase: Помоћ!", "phrase: Help!", "phrase:", "error", "local script"),
    ("urgent/serbia.yaml", "country: serbia", "country: latvia", "country:", "error", "not of serbia"),
    ("urgent/serbia.yaml", "review_by: 2027", "review_by: 2026", "review_by:", "warning", "due on 2026-02-21"),
    ("urgent/words.yaml", "en: [in danger]", "xx: [in danger]", "xx:", "error", "no language 'xx'"),
    ("urgent/words.yaml", "[in danger]", '["!!"]', "en:", "error", "no letters"),
    ("places/serbia.yaml", "+381 11 000", "011 000", "id: office", "error", "a phone number is"),
    ("places/serbia.yaml", "purpose: legal", "purpose: money", "id: office", "error", "bot.request.money"),
    ("places/serbia.yaml", "sources: [LAW], strength: check", "sources: [PAGE], strength: official", "id: office",
     "warning", "source with a date"),
    ("places/serbia.yaml", OFFICE,
     f"{OFFICE}\nplaces:\n  - {{id: mup, name: Policija, address: Ulica 1, town: Beograd, sources: [LAW],"
     " strength: check}", "id: mup", "error", "stay in the local script"),
    ("places/serbia.yaml", "country: serbia", "country: latvia", "country:", "error", "not of serbia"),
    ("commands.yaml", "back: [back]", "back: [back, HOME]", "back:", "error", "stands for home already"),
    ("glossary.yaml", "local: папир", "local: papir", "local:", "error", "local script"),
    ("glossary.yaml", "stem: ورق}", "stem: وثيق}", "ar:", "error", "is no part of"),
    ("glossary.yaml", "  ar:", "  xx:", "xx:", "error", "no language 'xx'"),
    ("texts/bot.yaml", "max: 20", "max: 30", "menu:", "error", "no button has more than 24"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "marker", "severity", "reason"), FAULTS, ids=[f"{row[5]}|{row[2][:15]}" for row in FAULTS]
)
def test_fault_in_content_is_told_with_its_file_and_line(
    tmp_path: Path, file: str, old: str, new: str, marker: str, severity: str, reason: str
) -> None:
    found = linted(tmp_path, (old, new), file=file)
    if not reason:  # the control: an edit that is sound
        assert found == []
        return
    path = tmp_path / "content" / file
    told = [problem for problem in found if reason in problem.text]
    assert [(p.file, p.line, p.severity) for p in told] == [(str(path), line_of(path, marker), severity)], found


def test_the_small_country_is_clean(tmp_path: Path) -> None:
    assert linted(tmp_path) == []


def test_texts_for_staff_are_free_of_the_rules_for_newcomers(tmp_path: Path) -> None:
    root = country(tmp_path)
    (root / "texts/desk.yaml").write_text("list:\n  title: Set consent.version and/or wait\n", "utf-8")
    assert lint(pack(tmp_path), [], TODAY) == []


def test_a_review_is_due_only_after_its_day(tmp_path: Path) -> None:
    loaded = pack(tmp_path)
    assert lint(loaded, [], date(2027, 2, 21)) == []
    assert {problem.severity for problem in lint(loaded, [], date(2027, 2, 22))} == {"warning"}


def said(tmp_path: Path, key: str, *forms: str, locale: str = "ar") -> list[Problem]:
    return lint(pack(tmp_path), [Translation(locale, key, forms, "x.po", 7)], TODAY)


@pytest.mark.parametrize(
    ("key", "form", "reason"),
    [
        ("small.fetch.title", "احضروا الوثيقة.", "'paper' is 'ورقة' here"),
        ("small.fetch.warning", "احتفظوا بنسخة 12/03.", "12/03"),
        ("small.fetch.warning", "احتفظوا ب٣ نسخ.", "digits are 0-9"),
        ("small.fetch.warning", "نسخة؟ أين؟", "more than one question"),
        ("small.fetch.warning", "انظروا mup.rs", "the links are not those"),
        ("small.fetch.warning", " ".join(["كلمة"] * 21), "a sentence of 21 words"),
        ("small.fetch.warning", "نسخة 🙂", "emoji"),
        ("small.fetch.warning", "نسخة \u200f", "invisible character"),
    ],
)
def test_fault_in_a_translation_is_told_with_its_place_in_the_po_file(
    tmp_path: Path, key: str, form: str, reason: str
) -> None:
    told = [problem for problem in said(tmp_path, key, form) if reason in problem.text]
    assert [(p.file, p.line, p.severity) for p in told] == [("x.po", 7, "error")]
    assert told[0].text.startswith(f"{key}: ")


def test_a_term_is_looked_for_in_every_plural_form_and_not_in_placeholders(tmp_path: Path) -> None:
    edits = (("'{count} step', plural: '{count} steps'", "'{count} paper', plural: '{count} papers'"),)
    loaded = pack(tmp_path, *edits, file="texts/bot.yaml")
    forms = ("{count} ورقة", "{count} أوراق", "{count} وثيقة")
    found = lint(loaded, [Translation("ar", "bot.delete.steps", forms, "x.po", 7)], TODAY)
    assert ["'paper' is" in problem.text for problem in found] == [True]
    named = pack(tmp_path, ("How can I help?", "Ask {paper}."), file="texts/bot.yaml")
    assert lint(named, [Translation("ar", "bot.home.title", ("{paper}.",), "x.po", 7)], TODAY) == []


def test_title_and_text_of_a_translated_step_are_one_message(tmp_path: Path) -> None:
    rows = [
        Translation("ar", "small.fetch.title", ("ورقة؟",), "x.po", 7),
        Translation("ar", "small.fetch.text", ("أين؟",), "x.po", 9),
    ]
    found = lint(pack(tmp_path), rows, TODAY)
    assert [(p.line, p.text) for p in found] == [(7, "small.fetch: more than one question in a message")]


def test_serbian_latin_is_judged_by_the_terms_of_its_cyrillic(tmp_path: Path) -> None:
    edits = (("ar: {term: ورقة, stem: ورق}", "sr_Cyrl: {term: папир, stem: папир}"),)
    loaded = pack(tmp_path, *edits, file="glossary.yaml")
    wrong = Translation("sr_Latn", "small.fetch.title", ("Uzmite dokument.",), "x.po", 7)
    right = Translation("sr_Latn", "small.fetch.title", ("Uzmite papir.",), "x.po", 7)
    assert ["'papir'" in problem.text for problem in lint(loaded, [wrong], TODAY)] == [True]
    assert lint(loaded, [right], TODAY) == []


def test_only_finished_translations_of_todays_english_are_read(tmp_path: Path) -> None:
    path = tmp_path / "locale/ar/LC_MESSAGES/small.po"
    path.parent.mkdir(parents=True)
    entry = 'msgctxt "small.{key}"\nmsgid "{english}"\nmsgstr "{said}"\n\n'
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(
        header
        + entry.format(key="fetch.warning", english="Keep a copy.", said="نسخة")
        + entry.format(key="fetch.text", english="Bring your old card.", said="بطاقة")
        + entry.format(key="fetch.title", english="Fetch the paper.", said="")
        + "#, fuzzy\n"
        + entry.format(key="helper.title", english="A person helps you.", said="شخص"),
        "utf-8",
    )
    (path.parent / "bot.po").write_text("no po file", "utf-8")
    rows = read_translations(tmp_path / "locale", english(pack(tmp_path)))
    assert [(row.key, row.forms) for row in rows] == [("small.fetch.warning", ("نسخة",))]
    assert line_of(path, 'msgctxt "small.fetch.warning"') <= rows[0].line <= line_of(path, "Keep a copy.")
