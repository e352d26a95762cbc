"""Rules that come back: a coordinator's words stand first, what they replace is hidden, the guide leads the list."""

from __future__ import annotations

from bot.loading import build_world, read_pack
from bot.settings import Settings
from bot.testing import FakeClock, Talk

WORDS = "From 1 December 2026 you must wear a mask in hospitals."
IN_ARABIC = "من 1 ديسمبر 2026 يجب وضع كمامة في المستشفيات."
SWITCH = {"rules_active.covid": "yes"}
TEXT = {"fact.covid.live-rules.text": WORDS, "fact.covid.live-rules.text@ar": IN_ARABIC}
OVER = "no general COVID-19 rules"


def talk(records: dict[str, str], language: str = "en") -> Talk:
    """Somebody who stands at the intro of the guide on COVID-19."""
    world = build_world(Settings(organisation="Test organisation"), read_pack("serbia"), records, b"k" * 32)
    somebody = Talk(world, FakeClock())
    somebody.opens("covid", language)
    return somebody


def lines(somebody: Talk) -> list[str]:
    assert somebody.shown is not None
    return [line for paragraph in somebody.shown.paragraphs for line in paragraph.text.splitlines()]


def icons_at_home(somebody: Talk) -> str:
    somebody.presses("🏠")
    assert somebody.shown is not None
    return "".join(row[0].label[0] for row in somebody.shown.rows)


def test_today_there_are_no_rules_and_the_history_is_told() -> None:
    somebody = talk({})
    assert any(OVER in line for line in lines(somebody))
    somebody.presses("Start")
    assert any(OVER in line for line in lines(somebody))
    somebody.presses("What happened before")
    assert any("State of emergency" in line for line in lines(somebody))
    assert icons_at_home(somebody).index("🚗") < icons_at_home(somebody).index("🦠")


def test_rules_that_are_in_force_stand_first_and_hide_the_old_ones() -> None:
    somebody = talk(SWITCH | TEXT)
    assert lines(somebody)[1] == f"⚠️ {WORDS}"
    assert not any(OVER in line for line in lines(somebody))
    somebody.presses("Start")
    assert lines(somebody)[2] == f"⚠️ {WORDS}"
    assert not any(OVER in line for line in lines(somebody))
    somebody.presses("Fever")
    assert not any(WORDS in line for line in lines(somebody))
    assert icons_at_home(somebody).index("🦠") < icons_at_home(somebody).index("🚗")


def test_rules_in_force_are_said_in_every_language_that_the_record_has() -> None:
    assert lines(talk(SWITCH | TEXT, "ar"))[1] == f"⚠️ {IN_ARABIC}"


def test_a_switch_without_a_text_says_that_the_rules_are_not_known() -> None:
    assert "which COVID-19 rules hold now" in lines(talk(SWITCH))[1]


def test_a_text_that_waits_for_its_switch_is_not_shown() -> None:
    assert not any(WORDS in line for line in lines(talk(TEXT)))
