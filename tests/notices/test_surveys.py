"""Questions to many: their shape, and what may be shown of the answers."""

from __future__ import annotations

from itertools import product

import pytest

from notices.surveys import (
    MOVES,
    Answer,
    Move,
    Question,
    Refused,
    Run,
    Spoken,
    State,
    Words,
    after,
    checked,
    is_answer,
    load,
    shown,
)

ENGLISH = Words("Our class", "Five minutes.", (Question("When?", ("Morning", "Evening")), Question("What else?")))


@pytest.mark.parametrize(("state", "move"), sorted(product(State, Move)))
def test_a_survey_moves_as_the_table_says_and_not_otherwise(state: State, move: Move) -> None:
    if (state, move) in MOVES:
        assert after(state, move) is MOVES[state, move]
    else:
        with pytest.raises(Refused):
            after(state, move)


def test_a_survey_comes_back_as_it_was_written() -> None:
    assert load(ENGLISH.title, ENGLISH.intro, ENGLISH.dump()) == ENGLISH


@pytest.mark.parametrize(
    "questions",
    [(), (Question("?"),) * 6, (Question("?", ("only one",)),), (Question("?", tuple("123456")),)],
)
def test_a_survey_has_one_to_five_questions_with_two_to_five_choices(questions: tuple[Question, ...]) -> None:
    with pytest.raises(Refused):
        checked(Words("Title", "", questions), [])


def test_every_language_asks_the_same() -> None:
    french = Words("Cours", "", (Question("Quand ?", ("Matin", "Soir")), Question("Et encore ?")))
    assert checked(french, [ENGLISH]) is french
    with pytest.raises(Refused):
        checked(Words("Cours", "", french.questions[:1]), [ENGLISH])


@pytest.mark.parametrize(
    ("answer", "question", "fits"),
    [
        (None, 0, True),
        (1, 0, True),
        (2, 0, False),
        (-1, 0, False),
        ("words", 0, False),
        ("words", 1, True),
        ("  ", 1, False),
        ("x" * 1001, 1, False),
        (0, 1, False),
        (Spoken(9), 1, True),
        (Spoken(9), 0, False),
    ],
)
def test_an_answer_fits_its_question_or_does_not(answer: Answer, question: int, fits: bool) -> None:
    assert is_answer(answer, ENGLISH.questions[question]) is fits


def test_a_run_goes_on_where_it_was() -> None:
    run = Run(7).answered(1).answered(None)
    assert (run.question, run.answers) == (2, (1, None))


@pytest.mark.parametrize(
    ("counts", "least", "seen"),
    [
        ([10, 7, 0], 5, [10, 7, 0]),
        ([10, 7, 3], 5, [10, None, None]),  # one alone would follow from the sum
        ([10, 2, 3], 5, [10, None, None]),
        ([3, 0], 5, [None, 0]),
        ([12, 9, 9], 10, [12, None, None]),
        ([], 5, []),
    ],
)
def test_small_counts_are_hidden_and_no_sum_tells_them(counts: list[int], least: int, seen: list[int | None]) -> None:
    assert shown(counts, least) == seen
