"""Words that work everywhere."""

from __future__ import annotations

import pytest

from content.commands import Commands, doubled
from content.tables import CommandWords

WORDS = CommandWords.model_validate(
    {"home": ("home", "/menu"), "person": ("/help", "čovek"), "urgent": ("help",), "stop": ("ne želim", "توقّف")}
)


@pytest.mark.parametrize(
    ("message", "command"),
    [
        ("home", "home"),
        ("  HOME! ", "home"),
        ("човек", "person"),
        ("covek", "person"),
        ("Не желим", "stop"),
        ("توقف", "stop"),
        ("/menu", "home"),
        ("/MENU@izi_bot", "home"),
        ("/menu now", "home"),
        ("menu", None),
        ("go home", None),
        ("", None),
        ("/", None),
        ("/@izi_bot", None),
        ("/ ?", None),
        ("@", None),
    ],
)
def test_a_whole_message_is_a_command_or_is_not(message: str, command: str | None) -> None:
    assert Commands(WORDS).find(message) == command


def test_the_cry_help_is_not_the_command_help() -> None:
    commands = Commands(WORDS)
    assert (commands.find("/help"), commands.find("help")) == ("person", "urgent")


def test_a_word_that_two_commands_claim_is_found_out() -> None:
    words = CommandWords.model_validate({"home": ("Home",), "back": ("back", "hóme")})
    assert doubled(words) == {"hóme": ("home", "back")}
    assert Commands(words).find("home") == "home"
    assert doubled(WORDS) == {}
