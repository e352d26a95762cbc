"""What may be done with a broadcast, and when."""

from __future__ import annotations

import pytest

from notices.lifecycle import ENDED, MOVES, Move, Refused, State, after


def test_a_broadcast_walks_from_draft_to_done() -> None:
    state = State.DRAFT
    for move in (Move.SUBMITTED, Move.APPROVED, Move.STARTED, Move.PAUSED, Move.RESUMED, Move.FINISHED):
        state = after(state, move)
    assert state is State.DONE


def test_nothing_is_started_that_waits_for_a_second_person() -> None:
    with pytest.raises(Refused):
        after(State.WAITING, Move.STARTED)


def test_what_has_ended_never_begins_again() -> None:
    assert not [move for (state, move) in MOVES if state in ENDED]


def test_every_state_but_the_draft_can_be_reached_and_every_open_one_can_be_left() -> None:
    assert set(MOVES.values()) == set(State)
    assert {state for state, _ in MOVES} == set(State) - ENDED
