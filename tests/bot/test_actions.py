"""Buttons: what we made for an address is read back, and nothing else is."""

from __future__ import annotations

from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import MAX_BYTES, Act, Action, read, sign
from flows.limits import CHOICE_ID, FLOW_ID, STEP_ID

KEY = b"k" * 32
ids = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)
actions = st.builds(Action, st.sampled_from(Act), st.lists(ids, max_size=2).map(tuple), st.integers(0, 10**9))
addresses = st.integers(0, 2**63 - 1)


@given(actions, addresses)
def test_what_was_signed_is_read_back(action: Action, address: int) -> None:
    assert read(sign(action, KEY, address), KEY, address) == action


@given(actions, addresses, addresses)
def test_a_button_of_another_address_is_not_ours(action: Action, address: int, other: int) -> None:
    if address != other:
        assert read(sign(action, KEY, address), KEY, other) is None


@given(actions, addresses)
def test_a_button_under_another_key_is_not_ours(action: Action, address: int) -> None:
    assert read(sign(action, KEY, address), b"o" * 32, address) is None


@given(actions, st.data())
def test_a_button_of_which_one_sign_was_changed_is_not_ours(action: Action, data: st.DataObject) -> None:
    made = sign(action, KEY, 1)
    at = data.draw(st.integers(0, len(made) - 1))
    sign_there = data.draw(st.sampled_from(printable).filter(lambda other: other != made[at]))
    assert read(made[:at] + sign_there + made[at + 1 :], KEY, 1) is None


@given(st.text())
def test_whatever_else_comes_is_not_ours_and_raises_nothing(data: str) -> None:
    assert read(data, KEY, 1) is None


@pytest.mark.parametrize("data", ["", "~", "h.1", "h.1~", "~~~", "\ud800~\udfff", "\x00" * 64, "h.1~" + "ä" * 11])
def test_known_oddities_are_not_ours(data: str) -> None:
    assert read(data, KEY, 1) is None


def test_the_longest_names_fit_into_64_bytes() -> None:
    million = "9" * 6
    for action in (
        Action(Act.MORE, ("f" * FLOW_ID, "s" * STEP_ID), int(million)),
        Action(Act.ANSWER, (million, million, "c" * CHOICE_ID), int(million)),
        Action(Act.FEEDBACK, ("f" * FLOW_ID, "middling"), int(million)),
    ):
        assert len(sign(action, KEY, 2**63 - 1).encode()) <= MAX_BYTES


def test_what_does_not_fit_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="too long"):
        sign(Action(Act.GUIDE, ("g" * 60,)), KEY, 1)


def test_a_button_of_a_version_that_knew_more_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot import actions as module

    made = sign(Action(Act.HOME), KEY, 1)
    monkeypatch.setattr(module, "_KNOWN", frozenset({"b"}))
    assert read(made, KEY, 1) is None
