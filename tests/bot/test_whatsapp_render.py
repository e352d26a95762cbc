"""W8: one card is one message, no label is cut, and every screen of every guide fits in every language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache, partial

import pytest

from bot.actions import Act, Action
from bot.cards import WHOLE, Card, Key, Line, Local, Part, key, text
from bot.channels.outgoing import Button, Outgoing, Paragraph, Style, Template
from bot.channels.whatsapp import fits, render
from bot.loading import build_world, read_pack
from bot.paging import compose_for, paged, part_of, parts
from bot.sandbox.whatsapp_limits import breaches
from bot.settings import Settings
from bot.world import World

TODAY = date(2026, 11, 23)


@cache
def world() -> World:
    """The content as it is shipped."""
    return build_world(Settings(organisation="Test organisation"), read_pack("serbia"), {}, b"k" * 32)


def say(key: str) -> str:
    return {render.CHOOSE: "Choose", render.TYPE_NUMBER: "Type a number:"}[key]


def rendered(body: str, *labels: str, url: str = "") -> render.Json:
    rows = tuple((Button(label, f"h.{at}~x", url),) for at, label in enumerate(labels))
    return render.message(Outgoing((Paragraph(Style.TEXT, body),), rows), say)


def titles(part: render.Json) -> list[tuple[str, str]]:
    """(title, description) of everything that can be pressed."""
    action = part["interactive"]["action"]
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    items = rows or [button["reply"] for button in action["buttons"]]
    return [(item["title"], item.get("description", "")) for item in items]


@pytest.mark.parametrize(("count", "kind"), [(1, "button"), (3, "button"), (4, "list"), (10, "list")])
def test_up_to_three_are_buttons_and_up_to_ten_a_list(count: int, kind: str) -> None:
    part = rendered("body", *(f"label {at}" for at in range(count)))
    assert part["interactive"]["type"] == kind
    assert titles(part) == [(f"label {at}", "") for at in range(count)]


def test_no_label_is_cut() -> None:
    fits_a_button, fits_without_icon = "x" * 20, "✅ " + "y" * 20
    assert titles(rendered("b", fits_a_button, fits_without_icon)) == [("x" * 20, ""), ("y" * 20, "")]
    long, longer = "📄 " + "z" * 72, "w" * 73
    assert titles(rendered("b", "short", "n" * 24, long)) == [("short", ""), ("n" * 24, ""), ("📄", "z" * 72)]
    assert rendered("b", "short", longer)["text"]["body"].splitlines() == [
        "b", "Type a number:", "1. short", f"2. {longer}",
    ]  # fmt: skip


def test_labels_that_would_look_alike_are_a_list() -> None:
    assert rendered("b", "✅ " + "x" * 20, "❌ " + "x" * 20)["interactive"]["type"] == "list"


def test_an_address_is_a_button_only_when_it_stands_alone() -> None:
    link = rendered("b", "Open", url="https://page.example/")
    assert link["interactive"]["action"]["parameters"] == {"display_text": "Open", "url": "https://page.example/"}
    rows = ((Button("Open", "", "https://page.example/"),), (Button("Home", "h.1~x"),))
    beside = render.message(Outgoing((Paragraph(Style.TEXT, "b"),), rows), say)
    assert beside["interactive"]["body"]["text"] == "b\nOpen: https://page.example/"
    assert titles(beside) == [("Home", "")]


def test_a_text_that_is_too_long_for_buttons_is_followed_by_numbers_and_words() -> None:
    nav = (Button("⬅️ Back", "b.1~x"), Button("🏠 Home", "h.1~x"), Button("🙋 Person", "p.1~x"))
    out = Outgoing((Paragraph(Style.TEXT, "x" * 1025),), ((Button("Yes", "a.1~x"),), nav))
    assert render.message(out, say)["text"]["body"].splitlines()[1:] == [
        "Type a number:", "1. Yes", "⬅️ Back · 🏠 Home · 🙋 Person",
    ]  # fmt: skip


def test_words_stay_as_they_are_whatever_their_direction() -> None:
    words = "مرحبا \u2068ABC 12\u2069 *x*"
    out = Outgoing((Paragraph(Style.TITLE, words), Paragraph(Style.CARD, "Молим\nвас"), Paragraph(Style.TITLE, "سلام")))
    assert render.message(out, say)["text"]["body"] == f"{words}\n> Молим\n> вас\n*سلام*"


def test_a_number_is_written_to_as_one_and_a_made_id_as_a_recipient() -> None:
    assert "to" in render.recipient("381601")
    assert "recipient" in render.recipient("RS.AbC1")
    part = render.template(Template("waits", "sr"))
    assert part["template"] == {"name": "waits", "language": {"code": "sr"}}


def test_more_buttons_than_ten_are_on_pages_that_lead_to_each_other() -> None:
    keys = tuple((key(Act.GUIDE, f"k{n}", None, str(n)),) for n in range(14))
    card = Card((text("t"),), keys)
    seen: list[str] = []
    part = WHOLE
    for _ in range(3):
        page = paged(card, part, 10)
        *shown, (onward,) = page.rows
        assert len(page.rows) + 3 <= 10
        seen += [one.action.args[0] for (one,) in shown]
        part = part_of(onward.action.args)
    assert seen == [str(n) for n in range(14)]
    assert part == WHOLE
    assert paged(replace(card, rows=keys[:7]), WHOLE, 10).rows == keys[:7]


@pytest.mark.parametrize("buttons", [0, 2, 12])
def test_a_text_too_long_for_buttons_is_in_parts_and_every_part_has_buttons(buttons: int) -> None:
    lines = tuple(Line((Local(f"line {n} " + "x" * 200),)) for n in range(12))
    keys = tuple((Key(Action(Act.GUIDE, (str(n),)), Local(f"button {n}")),) for n in range(buttons))
    card, here = Card(lines, keys), world()
    said, pressed = list[str](), set[str]()
    for out in parts("whatsapp", here, "en", card):
        sent = render.message(out, partial(fits._say, here, "en"))
        assert list(breaches(render.recipient("381601") | sent)) == []
        assert sent["type"] == "interactive"
        said += [paragraph.text for paragraph in out.paragraphs if paragraph.text not in said]
        pressed |= {label for label, _ in titles(sent)}
    assert [line.split()[1] for line in said] == [str(n) for n in range(12)]
    assert {f"button {n}" for n in range(buttons)} <= pressed


def test_what_stands_above_a_screen_by_chance_shifts_no_later_part() -> None:
    lines = tuple(Line((Local(f"line {n} " + "x" * 200),)) for n in range(12))
    card, here = Card(lines), world()
    whole = list(parts("whatsapp", here, "en", card))
    led = list(parts("whatsapp", here, "en", card.led_by(Line((Local("y" * 150),)))))
    for seen in (whole, led):
        numbers = [
            paragraph.text.split()[1] for out in seen for paragraph in out.paragraphs if "line" in paragraph.text
        ]
        assert numbers == [str(n) for n in range(12)]
    assert compose_for("whatsapp", here, "en", card, 0, 0, Part(0, 99)) == whole[0], (
        "more than there are: from the first"
    )


def test_a_line_that_is_too_long_alone_is_followed_by_numbers_that_count_all_buttons() -> None:
    lines = (Line((Local("x" * 1100),)), Line((Local("y" * 900),)))
    keys = tuple((Key(Action(Act.GUIDE, (str(n),)), Local(f"button {n}")),) for n in range(12))
    (only,) = parts("whatsapp", world(), "en", Card(lines, keys[:6]))
    body = render.message(only, partial(fits._say, world(), "en"))["text"]["body"]
    assert "6. button 5" in body


def every_message() -> Iterator[tuple[str, render.Json]]:
    """All screens that can be composed without a person, in all languages, as WhatsApp gets them."""
    here = world()
    for locale in here.pickable:
        cards = [(name, card) for name, card in fits._general(here, locale)]
        cards += [card for guide in here.guides.values() for card in fits._of_guide(here, guide, locale, TODAY)]
        for name, card in cards:
            for out in parts("whatsapp", here, locale, card):
                part = render.message(out, partial(fits._say, here, locale))
                yield f"{name} in {locale}", render.recipient("381601") | part


def test_w8_every_screen_of_every_guide_in_every_language_is_taken_by_whatsapp() -> None:
    messages = list(every_message())
    assert len(messages) > 300
    assert [(name, list(breaches(sent))) for name, sent in messages if list(breaches(sent))] == []
    # What has to be typed as a number is a screen of small print, never a question or a step.
    typed = {name for name, sent in messages if sent["type"] == "text"}
    problems = list(fits.misfits(world(), TODAY))
    assert all(problem.severity == "warning" for problem in problems)
    assert len(typed) <= len(problems) + 7, "only what izi check names, and the receipt, are without buttons"
