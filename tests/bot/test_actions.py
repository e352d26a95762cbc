"""Buttons are signed, bound to their address, and at most 64 bytes long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import MAX_BYTES, Act, Action, read, sign
from bot.loading import build_world, read_pack
from bot.settings import Settings

KEY = b"k" * 32


def test_a_button_comes_back_as_it_was_made() -> None:
    action = Action(Act.ANSWER, ("12", "345", "temporary"), 99)
    assert read(sign(action, KEY, 7), KEY, 7) == action


@given(st.text(max_size=80))
def test_what_we_did_not_make_is_nothing(data: str) -> None:
    assert read(data, KEY, 7) is None


def test_a_button_of_another_address_or_key_is_nothing() -> None:
    data = sign(Action(Act.DELETE_NOW, (), 3), KEY, 7)
    assert read(data, KEY, 8) is None
    assert read(data, b"x" * 32, 7) is None


@given(st.integers(0, 60), st.characters(codec="ascii"))
def test_a_changed_button_is_nothing(position: int, letter: str) -> None:
    data = sign(Action(Act.ANSWER, ("1", "2", "yes"), 3), KEY, 7)
    position %= len(data)
    changed = data[:position] + letter + data[position + 1 :]
    assert read(changed, KEY, 7) is None or changed == data


def test_what_would_not_fit_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="too long"):
        sign(Action(Act.MORE, ("g" * 40, "s" * 40)), KEY, 7)


def test_the_longest_ids_of_all_guides_fit_with_room_to_count() -> None:
    world = build_world(Settings(), read_pack("serbia"), {}, KEY)
    for guide, step in world.steps:
        assert len(sign(Action(Act.CARD, (guide, step), 10**9), KEY, 2**63 - 1).encode()) <= MAX_BYTES
