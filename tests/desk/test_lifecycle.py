"""The life of a request is a table; whatever happens, it stays in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.lifecycle import MOVES, Move, Refused, Turn, after


@pytest.mark.parametrize(
    ("turn", "move", "then"),
    [
        (Turn.OURS, Move.ANSWERED, Turn.THEIRS),
        (Turn.THEIRS, Move.WROTE, Turn.OURS),
        (Turn.OFFICE, Move.ANSWERED, Turn.OFFICE),
        (Turn.OFFICE, Move.DUE, Turn.OURS),
        (Turn.THEIRS, Move.UNREACHED, Turn.OURS),
        (Turn.OFFICE, Move.UNREACHED, Turn.OFFICE),
        (Turn.OFFICE, Move.WROTE, Turn.OURS),
        (Turn.DONE, Move.WROTE, Turn.OURS),
        (Turn.DONE, Move.UNDONE, Turn.OURS),
        (Turn.DONE, Move.UNREACHED, Turn.OURS),
    ],
)
def test_a_move_leads_to_whose_turn_it_is_then(turn: Turn, move: Move, then: Turn) -> None:
    assert after(turn, move) is then


@pytest.mark.parametrize("move", [Move.ANSWERED, Move.REFERRED, Move.MARKED, Move.CLOSED, Move.DUE])
def test_a_closed_request_is_only_opened_again(move: Move) -> None:
    with pytest.raises(Refused):
        after(Turn.DONE, move)


def test_from_every_turn_a_request_can_be_closed_and_the_person_is_heard() -> None:
    for turn in set(Turn) - {Turn.DONE}:
        assert after(turn, Move.CLOSED) is Turn.DONE
    for turn in Turn:
        assert after(turn, Move.WROTE) is Turn.OURS


@given(st.lists(st.sampled_from(Move)))
def test_no_history_leaves_the_table(history: list[Move]) -> None:
    turn = Turn.OURS
    for move in history:
        if (turn, move) in MOVES:
            turn = after(turn, move)
    assert turn in Turn
