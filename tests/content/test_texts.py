"""Keys, notes and lengths of texts, and what translators get of them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract

from content.extract import extract_yaml, template
from content.load import load_country
from content.problems import ContentError
from content.texts import english, entries, texts_of, texts_of_domain
from i18n import po
from i18n.catalog import Catalog
from tests.content.build import GUIDE, OTHERS, country, line_of, pack


def test_every_text_of_a_guide_has_its_key_in_reading_order(tmp_path: Path) -> None:
    changed = ("changes: []", "changes:\n  - {date: 2026-12-01, text: A new step., steps: [fetch]}")
    keys = [entry.key.removeprefix("small.") for entry in texts_of(pack(tmp_path, changed).guides["small"])]
    assert keys == [
        "guide.title", "intro.gives", "intro.for_whom", "fact-fee.text", "fact-duration.topic", "paper-card.text",
        "card-clerk.gloss", "status.title", "status.refugee", "status.unsaid", "fetch.title", "fetch.text",
        "fetch.warning", "fetch.done", "helper.title", "finished.title", "change-1.text",
    ]  # fmt: skip


def test_an_entry_knows_its_line_its_length_and_what_a_translator_must_know(tmp_path: Path) -> None:
    loaded = pack(tmp_path)
    by_key = {entry.key: entry for texts in entries(loaded).values() for entry in texts}
    path = tmp_path / "content/guides/serbia/small.yaml"
    label = by_key["small.status.unsaid"]
    assert (label.text, label.max, label.line) == ("I prefer not to say", 20, line_of(path, "id: unsaid"))
    assert label.note == "button under: Which papers do you have?"
    assert (by_key["small.guide.title"].max, by_key["small.fetch.title"].max) == (21, None)
    assert by_key["small.fact-duration.topic"].note == "is put into: Not known: {topic}. A person can ask for you."
    assert (by_key["bot.home.menu"].note, by_key["bot.home.menu"].max) == ("a button", 20)
    assert by_key["bot.delete.steps"].plural == "{count} steps"


def test_a_button_may_be_longer_where_there_are_more_than_three(tmp_path: Path) -> None:
    more = "".join(f"      - {{id: c{n}, label: More, to: helper}}\n" for n in range(2))
    loaded = pack(tmp_path, ("  - id: fetch", f"{more}  - id: fetch"))
    labels = [entry for entry in texts_of(loaded.guides["small"]) if entry.key.startswith("small.status.c")]
    assert {label.max for label in labels} == {24}


def test_every_file_in_texts_is_a_domain_of_its_name(tmp_path: Path) -> None:
    root = country(tmp_path)
    (root / "texts/desk.yaml").write_text("list:\n  title: Requests\n", "utf-8")
    loaded = load_country(root, "serbia")
    assert list(entries(loaded)) == ["bot", "desk", "small"]
    assert texts_of_domain("desk", loaded.texts["desk"])[0].key == "desk.list.title"


def test_the_template_has_contexts_notes_places_and_no_path_of_this_machine(tmp_path: Path) -> None:
    made = template(pack(tmp_path))
    message = made["small"].get("I prefer not to say", context="small.status.unsaid")
    assert message is not None
    assert message.auto_comments == ["button under: Which papers do you have?", "max 20"]
    assert message.locations[0][0] == "content/guides/serbia/small.yaml"
    counted = made["bot"].get("{count} step", context="bot.delete.steps")
    assert counted is not None
    assert counted.id == ("{count} step", "{count} steps")


def test_babel_extracts_the_same_texts_as_the_template(tmp_path: Path) -> None:
    root = country(tmp_path)
    made = template(pack(tmp_path))
    keywords: dict[str, Any] = {"pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
    for domain, name in (("small", "guides/serbia/small.yaml"), ("bot", "texts/bot.yaml")):
        with (root / name).open("rb") as file:
            found = list(extract("content.extract:extract_yaml", file, keywords=keywords))
        assert {(context, id_) for _, id_, _, context in found} == {(m.context, m.id) for m in made[domain] if m.id}


def test_extracting_a_file_without_texts_is_refused() -> None:
    with pytest.raises(ContentError):
        list(extract_yaml(BytesIO(OTHERS["hours.yaml"].encode()), {}, (), {}))


def test_a_text_is_extracted_with_its_key_as_context() -> None:
    first = next(iter(extract_yaml(BytesIO(GUIDE.encode()), {}, (), {})))
    assert first[1:3] == ("pgettext", ("small.guide.title", "A small guide"))


def test_a_translation_finds_its_way_from_the_template_to_the_catalogue(tmp_path: Path) -> None:
    loaded = pack(tmp_path)
    locale = tmp_path / "locale"
    po.update(locale, template(loaded), ["ar"])
    path = locale / "ar/LC_MESSAGES/small.po"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace('msgid "Keep a copy."\nmsgstr ""', 'msgid "Keep a copy."\nmsgstr "احتفظوا بنسخة."'), "utf-8"
    )
    assert po.problems(locale) == []
    po.compile_all(locale)
    catalog = Catalog.load(locale, english(loaded), ["en", "ar"])
    assert catalog.text("ar", "small.fetch.warning").string == "احتفظوا بنسخة."
    assert catalog.text("ar", "small.fetch.title").locale == "en"
