"""Questions to many: their shape, their life, and what may be shown of the answers. Pure.

draft ──opened──▶ open ──closed──▶ closed        (an open survey is not changed any more, only translated)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

MOST_QUESTIONS, MOST_CHOICES = 5, 5  # with Skip, Stop and the fixed row, a list on WhatsApp holds ten
#: Counts below these are not shown at the desk, and do not leave it (rulings 33).
INSIDE, OUTSIDE = 5, 10
LONGEST_WORDS = 1000  # characters of a free answer


class State(StrEnum):
    """How far a survey is."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Move(StrEnum):
    """What may be done with it."""

    OPENED = "opened"
    CLOSED = "closed"


class Refused(Exception):
    """It cannot be done: from this state, or with texts of another shape."""


MOVES: Mapping[tuple[State, Move], State] = {
    (State.DRAFT, Move.OPENED): State.OPEN,
    (State.OPEN, Move.CLOSED): State.CLOSED,
}


def after(state: State, move: Move) -> State:
    """How far it is then. Raises Refused."""
    try:
        return MOVES[state, move]
    except KeyError:
        raise Refused(f"{move} while {state}") from None


@dataclass(frozen=True, slots=True)
class Question:
    """One question in one language. choices: () = in one's own words."""

    text: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A survey in one language."""

    title: str
    intro: str
    questions: tuple[Question, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many choices each question has; the same in every language."""
        return tuple(len(question.choices) for question in self.questions)

    def dump(self) -> str:
        """The questions as JSON."""
        return json.dumps([asdict(question) for question in self.questions], ensure_ascii=False)


def load(title: str, intro: str, questions: str) -> Words:
    """What dump wrote, with its title and intro."""
    found = [Question(one["text"], tuple(one["choices"])) for one in json.loads(questions)]
    return Words(title, intro, tuple(found))


def checked(words: Words, others: Sequence[Words]) -> Words:
    """The same, where it can be asked and has the shape of the other languages. Raises Refused."""
    if not words.title or not 0 < len(words.questions) <= MOST_QUESTIONS:
        raise Refused("shape")
    if any(len(question.choices) == 1 or len(question.choices) > MOST_CHOICES for question in words.questions):
        raise Refused("choices")
    if any(other.shape != words.shape for other in others):
        raise Refused("shape")
    return words


@dataclass(frozen=True, slots=True)
class Spoken:
    """An answer as a voice note. id: of its file; never in an anonymous survey, because a voice tells who speaks."""

    id: int


#: An answer: the place of a choice, own words, a voice note, or None for a question that was skipped.
Answer = int | str | Spoken | None


def spoken(answers: Sequence[Answer]) -> dict[int, int]:
    """The voice notes among them: question -> id."""
    return {question: answer.id for question, answer in enumerate(answers) if isinstance(answer, Spoken)}


@dataclass(frozen=True, slots=True)
class Run:
    """How far somebody is in a survey; kept in their own session alone until they are done."""

    survey: int
    answers: tuple[Answer, ...] = ()

    @property
    def question(self) -> int:
        """The place of the question that is asked now."""
        return len(self.answers)

    def answered(self, answer: Answer) -> Run:
        """One further."""
        return Run(self.survey, (*self.answers, answer))

    def back(self) -> Run:
        """At the question before, which is open again; of the first one the same."""
        return Run(self.survey, self.answers[:-1])


def is_answer(answer: Answer, question: Question) -> bool:
    """Whether it answers this question; to skip is always one."""
    match answer:
        case None:
            return True
        case str():
            return not question.choices and 0 < len(answer.strip()) <= LONGEST_WORDS
        case Spoken():
            return not question.choices
        case int():
            return 0 <= answer < len(question.choices)


def shown(counts: Sequence[int], least: int) -> list[int | None]:
    """Counts of one question, None where one is too small to be shown.

    Where one alone would be hidden, the next smallest is hidden too: else the sum would tell it.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < least}
    if len(hidden) == 1:
        others = [place for place, count in enumerate(counts) if count and place not in hidden]
        hidden |= {min(others, key=lambda place: counts[place])} if others else set()
    return [None if place in hidden else count for place, count in enumerate(counts)]
