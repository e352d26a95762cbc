"""Telegram's parameters: offsets in UTF-16 units, whatever scripts and emoji stand before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.outgoing import Button, Outgoing, Paragraph, Style
from bot.channels.telegram.render import ENTITY, message

paragraphs = st.lists(
    st.builds(
        Paragraph,
        st.sampled_from(Style),
        st.text(
            st.one_of(st.sampled_from("🚗🙋👩‍👧⬅️سلاممرحبا\u2068\u2069"), st.characters(exclude_categories=["Cs"])),
            min_size=1,
        ),
    ),
    min_size=1,
    max_size=6,
).map(tuple)


def cut(text: str, offset: int, length: int) -> str:
    """A stretch of a text as Telegram counts it."""
    return text.encode("utf-16-le")[offset * 2 : (offset + length) * 2].decode("utf-16-le")


@given(paragraphs)
def test_every_entity_covers_exactly_its_paragraph(paragraphs: tuple[Paragraph, ...]) -> None:
    params = message("1", Outgoing(paragraphs))
    styled = [paragraph for paragraph in paragraphs if paragraph.style in ENTITY]
    entities = params.get("entities", [])
    assert [cut(params["text"], entity["offset"], entity["length"]) for entity in entities] == [
        paragraph.text for paragraph in styled
    ]
    assert [entity["type"] for entity in entities] == [ENTITY[paragraph.style] for paragraph in styled]


def test_a_title_after_emoji_and_arabic_is_bold_from_its_first_sign() -> None:
    out = Outgoing((Paragraph(Style.TEXT, "🚗 مرحبا 🙋"), Paragraph(Style.TITLE, "🆘 الآن")))
    (entity,) = message("1", out)["entities"]
    assert entity == {"type": "bold", "offset": 12, "length": 7}


def test_text_is_sent_as_it_is_and_opens_no_preview() -> None:
    params = message("-5", Outgoing((Paragraph(Style.TEXT, "<b>&amp; plati.euprava.gov.rs"),)))
    assert params == {
        "chat_id": -5,
        "text": "<b>&amp; plati.euprava.gov.rs",
        "link_preview_options": {"is_disabled": True},
    }


def test_buttons_keep_their_rows() -> None:
    rows = ((Button("a", "1"),), (Button("b", "2"), Button("c", "3")))
    keyboard = message("1", Outgoing((Paragraph(Style.TEXT, "x"),), rows))["reply_markup"]["inline_keyboard"]
    assert keyboard == [
        [{"text": "a", "callback_data": "1"}],
        [{"text": "b", "callback_data": "2"}, {"text": "c", "callback_data": "3"}],
    ]
