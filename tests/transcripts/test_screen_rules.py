"""The rules that the random walk trusts do find what they are there for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.outgoing import Button, Outgoing, Paragraph, Style
from i18n.text import FSI
from tests.transcripts.screen_rules import ScreenRules
from tests.transcripts.stage import Stage, shipped_world


@pytest.fixture(scope="module")
def rules() -> ScreenRules:
    return ScreenRules(shipped_world())


@pytest.fixture
def step(rules: ScreenRules) -> Outgoing:
    """A sound message: a question of the guide in Arabic."""
    return Stage(rules.world, {"language": "ar", "guide": "driving-licence", "at": "holding"}).messages[-1]


def complaints(rules: ScreenRules, message: Outgoing) -> str:
    return "\n".join(rules.complaints(message, fixed_row=True))


def saying(message: Outgoing, text: str) -> Outgoing:
    return replace(message, paragraphs=(*message.paragraphs, Paragraph(Style.TEXT, text)))


def labelled(message: Outgoing, label: str) -> Outgoing:
    first = replace(message.rows[0][0], label=label)
    return replace(message, rows=((first,), *message.rows[1:]))


def test_a_sound_message_has_no_complaint(rules: ScreenRules, step: Outgoing) -> None:
    assert complaints(rules, step) == ""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a" * 4096, "UTF-16 units"),
        (f"{FSI}open", "isolates are not balanced"),
        ("{number}", "a brace is left"),
        ("I did not understand. Press a button, or Person.", "in another language than ar"),
        ("Jeste li sada u opasnosti? Pozovite.", "in another language than ar"),
    ],
)
def test_a_fault_in_a_text_is_found(rules: ScreenRules, step: Outgoing, text: str, complaint: str) -> None:
    assert complaint in complaints(rules, saying(step, text))


def test_another_language_is_allowed_where_the_message_says_so(rules: ScreenRules, step: Outgoing) -> None:
    label = rules.world.catalog.text("ar", "bot.notice.missing", language="English").string
    message = saying(step, "I did not understand. Press a button, or Person.")
    assert complaints(rules, saying(message, label)) == ""


def test_the_dialogue_itself_labels_a_text_that_is_not_translated_yet(rules: ScreenRules) -> None:
    catalog = rules.world.catalog.with_overrides({("en", "driving-licence.look.title"): "Look at your licence now."})
    world = replace(rules.world, catalog=catalog)
    shown = Stage(world, {"language": "ar", "guide": "driving-licence", "at": "look"}).messages[-1]
    assert any("Look at your licence now." in paragraph.text for paragraph in shown.paragraphs)
    assert complaints(ScreenRules(world), shown) == ""
    bare = replace(shown, paragraphs=shown.paragraphs[:-1])
    assert "driving-licence.look.title [en] stands there in another language" in complaints(ScreenRules(world), bare)


@pytest.mark.parametrize("label", ["", "a" * 25, "{button}"])
def test_a_fault_in_a_label_is_found(rules: ScreenRules, step: Outgoing, label: str) -> None:
    assert "the label" in complaints(rules, labelled(step, label))


def test_two_buttons_that_say_the_same_are_found(rules: ScreenRules, step: Outgoing) -> None:
    assert "two buttons say the same" in complaints(rules, labelled(step, step.rows[1][0].label))


def test_a_missing_fixed_row_is_found(rules: ScreenRules, step: Outgoing) -> None:
    assert "the last row" in complaints(rules, replace(step, rows=step.rows[:-1]))
    assert "the last row" in complaints(rules, replace(step, rows=()))


def test_a_button_that_we_did_not_sign_is_found(rules: ScreenRules, step: Outgoing) -> None:
    with pytest.raises(AssertionError, match="not signed"):
        complaints(rules, replace(step, rows=((Button("yes", "h.1~forged"),), *step.rows)))
