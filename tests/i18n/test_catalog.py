from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from i18n.catalog import Catalog, Checked, Source, Text
from i18n.po import compile_all
from i18n.text import FSI, PDI

SHIPPED = ("en", "sr_Latn", "sr_Cyrl", "fa_AF", "ar")
SOURCES = {
    "bot.home.title": Source("How can I help?"),
    "bot.fee": Source("It costs {fee}."),
    "bot.steps": Source("{n} step left", "{n} steps left"),
    "bot.until": Source("By {day}"),
    "licence.ask": Source("Where is it from?"),
}

Translate = Callable[..., Catalog]


@pytest.fixture
def translate(tmp_path: Path) -> Translate:
    """Write PO files by hand ({code: entries}), compile them with ours, load them."""

    def load(
        files: Mapping[str, str],
        sources: Mapping[str, Source] = SOURCES,
        pickable: tuple[str, ...] = SHIPPED,
        header: str = "",
    ) -> Catalog:
        for place, entries in files.items():
            code, _, domain = place.partition("/")
            path = tmp_path / code / "LC_MESSAGES" / f"{domain or 'bot'}.po"
            path.parent.mkdir(parents=True, exist_ok=True)
            forms = {"ar": 6, "sr_Cyrl": 3, "sr_Latn": 3}.get(code, 2)
            path.write_text(
                'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
                f'"Plural-Forms: nplurals={forms}; plural=0;\\n"\n{header}\n{entries}',
                encoding="utf-8",
            )
        compile_all(tmp_path)
        return Catalog.load(tmp_path, sources, pickable)

    return load


def entry(key: str, said: str, english: str = "") -> str:
    return f'msgctxt "{key}"\nmsgid "{english or SOURCES[key].text}"\nmsgstr "{said}"\n\n'


def counted(key: str, *forms: str, plural: str = "") -> str:
    lines = "".join(f'msgstr[{index}] "{form}"\n' for index, form in enumerate(forms))
    return f'msgctxt "{key}"\nmsgid "{SOURCES[key].text}"\nmsgid_plural "{plural or SOURCES[key].plural}"\n{lines}\n'


def test_a_translated_text_is_said_in_the_language_asked_for(translate: Translate) -> None:
    catalog = translate({"ar": entry("bot.home.title", "كيف أساعدك؟")})
    assert catalog.text("ar", "bot.home.title") == Text("كيف أساعدك؟", "ar")


def test_english_is_its_own_translation(translate: Translate) -> None:
    catalog = translate({})
    assert catalog.text("en", "bot.fee", fee="25 €") == Text(f"It costs {FSI}25 €{PDI}.", "en")
    assert catalog.missing("en") == []


def test_each_domain_is_read_from_its_own_file(translate: Translate) -> None:
    catalog = translate({"ar/licence": entry("licence.ask", "من أين؟"), "ar": entry("bot.home.title", "كيف؟")})
    assert catalog.text("ar", "licence.ask").string == "من أين؟"
    assert catalog.text("ar", "bot.home.title").string == "كيف؟"


def test_a_missing_text_is_english_and_says_so(translate: Translate) -> None:
    catalog = translate({"ar": entry("bot.home.title", "كيف أساعدك؟")})
    assert catalog.text("ar", "licence.ask") == Text("Where is it from?", "en")
    assert catalog.missing("ar") == ["bot.fee", "bot.steps", "bot.until", "licence.ask"]


def test_the_nearest_language_stands_in_before_english(translate: Translate) -> None:
    catalog = translate({"fa_AF": entry("bot.home.title", "چه کمک کنم؟")}, pickable=("en", "ps"))
    assert catalog.text("ps", "bot.home.title") == Text("چه کمک کنم؟", "fa_AF")
    assert catalog.missing("ps") == list(SOURCES)


def test_dates_in_a_fallback_text_are_said_in_the_fallback_language(translate: Translate) -> None:
    assert "Monday 23 November 2026" in translate({}).text("ar", "bot.until", day=date(2026, 11, 23)).string


@pytest.mark.parametrize(
    "entries",
    [
        entry("bot.home.title", "كيف؟", english="How could I help?"),
        "#, fuzzy\n" + entry("bot.home.title", "كيف؟"),
        entry("bot.home.title", ""),
        entry("bot.other", "كيف؟", english="How can I help?"),
        'msgid "How can I help?"\nmsgstr "كيف؟"\n',
        entry("bot.fee", "التكلفة"),
        entry("bot.fee", "التكلفة {price}"),
        entry("bot.fee", "التكلفة {fee"),
        counted("bot.steps", "أ", "ب", "ج", "د", "ه", ""),
        counted("bot.steps", "أ", "ب", "ج", "د", "ه", "و", plural="{n} more steps"),
    ],
    ids=[
        "stale",
        "fuzzy",
        "empty",
        "other key",
        "no key",
        "no fee",
        "wrong fee",
        "brace",
        "unfinished",
        "stale plural",
    ],
)
def test_a_translation_that_does_not_hold_is_not_said(translate: Translate, entries: str) -> None:
    assert translate({"ar": entries}).missing("ar") == list(SOURCES)


def test_serbian_latin_is_derived_and_counts_as_latin(translate: Translate) -> None:
    catalog = translate({"sr_Cyrl": entry("bot.fee", "Њена цена је {fee}.")})
    assert catalog.text("sr_Latn", "bot.fee", fee="љ") == Text(f"Njena cena je {FSI}љ{PDI}.", "sr_Latn")
    assert "bot.fee" not in catalog.missing("sr_Latn")


def test_a_latin_text_of_its_own_wins_over_the_derived_one(translate: Translate) -> None:
    catalog = translate(
        {"sr_Cyrl": entry("bot.home.title", "Како?"), "sr_Latn": entry("bot.home.title", "Kako da pomognem?")}
    )
    assert catalog.text("sr_Latn", "bot.home.title") == Text("Kako da pomognem?", "sr_Latn")


def test_a_broken_latin_text_of_its_own_gives_way_to_the_derived_one(translate: Translate) -> None:
    catalog = translate({"sr_Cyrl": entry("bot.fee", "Цена: {fee}"), "sr_Latn": entry("bot.fee", "Cena")})
    assert catalog.text("sr_Latn", "bot.fee", fee=1) == Text(f"Cena: {FSI}1{PDI}", "sr_Latn")


def test_latin_is_derived_where_cyrillic_cannot_be_picked(translate: Translate) -> None:
    catalog = translate({"sr_Cyrl": entry("bot.home.title", "Како?")}, pickable=("sr_Latn",))
    assert catalog.text("sr_Latn", "bot.home.title") == Text("Kako?", "sr_Latn")


ARABIC_STEPS = counted("bot.steps", "لا خطوات", "خطوة", "خطوتان", "{n} خطوات", "{n} خطوة", "{n} خطوة أخرى")


@pytest.mark.parametrize(
    ("n", "form"),
    [(0, "لا خطوات"), (1, "خطوة"), (2, "خطوتان"), (7, "خطوات"), (11, "خطوة"), (100, "خطوة أخرى"), (103, "خطوات")],
)
def test_arabic_counts_in_six_forms_and_may_say_the_number_in_words(translate: Translate, n: int, form: str) -> None:
    said = translate({"ar": ARABIC_STEPS}).plural("ar", "bot.steps", n)
    assert said == Text(f"{FSI}{n}{PDI} {form}" if n > 2 else form, "ar")


def test_serbian_counts_in_three_forms_in_both_scripts(translate: Translate) -> None:
    catalog = translate({"sr_Cyrl": counted("bot.steps", "још {n} корак", "још {n} корака", "још {n} кораци")})
    said = [catalog.plural("sr_Latn", "bot.steps", n).string.replace(f"{FSI}{n}{PDI}", "#") for n in (1, 3, 5, 21)]
    assert said == ["još # korak", "još # koraka", "još # koraci", "još # korak"]


def test_a_counted_fallback_follows_the_rule_of_the_language_it_is_in(translate: Translate) -> None:
    assert translate({}).plural("ar", "bot.steps", 2) == Text(f"{FSI}2{PDI} steps left", "en")


def test_a_date_in_a_counted_fallback_is_said_in_the_language_it_is_in(translate: Translate) -> None:
    catalog = translate({}, sources={"bot.x": Source("{n} until {day}", "{n} until {day}")})
    assert "Monday 23 November" in catalog.plural("ar", "bot.x", 5, day=date(2026, 11, 23)).string


def test_forms_made_under_another_plural_rule_are_not_said(translate: Translate) -> None:
    two_forms = {"lv": counted("bot.steps", "{n} solis", "{n} soļi")}  # Latvian has three
    assert translate(two_forms, pickable=("en", "lv")).plural("lv", "bot.steps", 3).locale == "en"


def test_counted_and_plain_texts_are_not_mixed_up(translate: Translate) -> None:
    catalog = translate({})
    with pytest.raises(ValueError, match=r"bot\.steps is a counted text"):
        catalog.text("en", "bot.steps")
    with pytest.raises(ValueError, match=r"bot\.fee is not a counted text"):
        catalog.plural("en", "bot.fee", 2)


def test_unknown_keys_languages_and_values_are_refused(translate: Translate) -> None:
    catalog = translate({})
    with pytest.raises(KeyError, match=r"bot\.nothing"):
        catalog.text("en", "bot.nothing")
    with pytest.raises(KeyError, match="fr"):
        catalog.text("fr", "bot.fee")
    with pytest.raises(KeyError, match=r"bot\.fee: no value for fee"):
        catalog.text("ar", "bot.fee")
    with pytest.raises(ValueError, match=r"bot\.home\.title: no place for fee"):
        catalog.text("ar", "bot.home.title", fee=1)


def test_a_value_may_be_called_like_the_arguments(translate: Translate) -> None:
    catalog = translate({}, sources={"bot.x": Source("{locale} {key}")})
    assert catalog.text("en", "bot.x", locale="a", key="b").string == f"{FSI}a{PDI} {FSI}b{PDI}"


def test_the_placeholders_of_a_text_can_be_asked_for(translate: Translate) -> None:
    assert translate({}).names("bot.fee") == {"fee"}
    assert translate({}).names("bot.steps") == {"n"}


def test_english_with_a_stray_brace_is_refused_at_once(translate: Translate) -> None:
    with pytest.raises(ValueError, match=r"bot\.x"):
        translate({}, sources={"bot.x": Source("a { b")})


CHECKED = '"X-Checked-By: Пример\\n"\n"X-Checked-On: 2026-11-23\\n"\n'


def test_who_checked_a_translation_is_read_from_its_header(translate: Translate) -> None:
    catalog = translate({"ar": entry("bot.home.title", "كيف؟")}, header=CHECKED)
    assert catalog.checked("ar", "bot") == Checked("Пример", date(2026, 11, 23))
    assert catalog.checked("ar", "licence") is None
    assert catalog.checked("fa_AF", "bot") is None


@pytest.mark.parametrize("header", ["", '"X-Checked-By: \\n"\n', '"X-Checked-By: A\\n"\n"X-Checked-On: soon\\n"\n'])
def test_an_empty_or_dateless_check_is_nobody(translate: Translate, header: str) -> None:
    assert translate({"ar": entry("bot.home.title", "كيف؟")}, header=header).checked("ar", "bot") is None


def test_derived_latin_is_checked_with_its_cyrillic_unless_it_has_texts_of_its_own(translate: Translate) -> None:
    cyrillic = {"sr_Cyrl": entry("bot.home.title", "Како?")}
    assert translate(cyrillic, header=CHECKED).checked("sr_Latn", "bot") is not None
    assert translate({"sr_Latn": entry("bot.home.title", "Kako?")}).checked("sr_Latn", "bot") is None


def test_an_override_replaces_one_text_in_one_language_and_leaves_the_old_catalog_alone(translate: Translate) -> None:
    catalog = translate({"ar": entry("bot.home.title", "كيف؟")})
    changed = catalog.with_overrides({("ar", "bot.home.title"): "ماذا؟"})
    assert changed.text("ar", "bot.home.title") == Text("ماذا؟", "ar")
    assert changed.text("en", "bot.home.title").string == "How can I help?"
    assert catalog.text("ar", "bot.home.title") == Text("كيف؟", "ar")


def test_new_english_makes_its_translations_stale(translate: Translate) -> None:
    catalog = translate({"ar": entry("bot.home.title", "كيف؟"), "sr_Cyrl": entry("bot.home.title", "Како?")})
    changed = catalog.with_overrides({("en", "bot.home.title"): "What now?"})
    assert {changed.text(code, "bot.home.title") for code in SHIPPED} == {Text("What now?", "en")}


def test_a_translation_overridden_with_its_english_stays(translate: Translate) -> None:
    both = {("ar", "bot.home.title"): "ماذا؟", ("en", "bot.home.title"): "What now?"}
    assert translate({}).with_overrides(both).text("ar", "bot.home.title") == Text("ماذا؟", "ar")


def test_new_cyrillic_makes_new_latin(translate: Translate) -> None:
    catalog = translate({"sr_Cyrl": entry("bot.home.title", "Како?"), "sr_Latn": entry("bot.home.title", "Kako?")})
    changed = catalog.with_overrides({("sr_Cyrl", "bot.home.title"): "Шта?"})
    assert changed.text("sr_Latn", "bot.home.title") == Text("Šta?", "sr_Latn")


@pytest.mark.parametrize(
    ("override", "error"),
    [
        ({("ar", "bot.fee"): "free"}, ValueError),
        ({("en", "bot.fee"): "{price}"}, ValueError),
        ({("en", "bot.fee"): "{fee"}, ValueError),
        ({("en", "bot.steps"): "{n}"}, ValueError),
        ({("en", "bot.nothing"): "x"}, KeyError),
        ({("ti", "bot.home.title"): "x"}, KeyError),
    ],
)
def test_an_override_that_does_not_fit_is_refused(
    translate: Translate, override: dict[tuple[str, str], str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        translate({}).with_overrides(override)


def test_saying_a_text_reads_no_file(translate: Translate, tmp_path: Path) -> None:
    catalog = translate({"ar": entry("bot.fee", "التكلفة {fee}")})
    for file in sorted(tmp_path.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    assert catalog.text("ar", "bot.fee", fee=1).locale == "ar"


def test_a_damaged_file_is_not_passed_over(translate: Translate, tmp_path: Path) -> None:
    translate({"ar": entry("bot.home.title", "كيف؟")})
    (tmp_path / "ar" / "LC_MESSAGES" / "bot.mo").write_bytes(b"\0" * 40)
    with pytest.raises(OSError, match="magic"):
        Catalog.load(tmp_path, SOURCES, SHIPPED)
