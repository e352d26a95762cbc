"""The shape of a guide's file. `content/tables.py` has the shapes of all other files.

A guide is written once, in English, for people who may read little. Whether the ids in it name something is the matter
of `content/references.py`, and whether it can be walked to an end that of `flows/check.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from content.fields import (
    REVIEW_MONTHS,
    STATUSES,
    ChoiceId,
    Day,
    GuideId,
    Id,
    LocaleCode,
    Located,
    Name,
    RequestType,
    SourceDate,
    SourceId,
    StepId,
    Strength,
    Strict,
    Text,
    months_after,
)
from content.parts import Change, ClerkCard, Deadline, Intro, Paper, Rules


class Fact(Strict):
    """Something that holds in the world, with where it was read.

    `official` and `check` are shown, `check` with "check first". `unknown` and `weak` are never shown as facts: the
    person is told that `topic` is not known; the text of a weak one is there for staff who look for the answer.
    checked_on, review_by, owner: those of the guide where they are not given.
    """

    strength: Strength
    text: Text | None = None
    topic: Text | None = None
    icon: Name | None = None
    sources: tuple[SourceId, ...] = ()
    source_date: SourceDate | None = None
    checked_on: Day | None = None
    review_by: Day | None = None
    owner: str | None = None

    @property
    def shown(self) -> bool:
        """Whether the text may be shown to people."""
        return self.strength in ("official", "check")

    @model_validator(mode="after")
    def _fits_its_strength(self) -> Self:
        if self.shown and (self.text is None or self.topic is not None or not self.sources or not self.source_date):
            raise ValueError(f"a fact of strength {self.strength} has text, sources and source_date, and no topic")
        if not self.shown and self.topic is None:
            raise ValueError(f"a fact of strength {self.strength} has a topic: what is not known")
        if self.strength == "unknown" and self.text is not None:
            raise ValueError("a fact of strength unknown has no text")
        return self


class Choice(Strict):
    """A button. value: what is kept under the step's `answer`; none = only that the question was passed is kept."""

    id: ChoiceId
    label: Text
    to: StepId
    value: Name | None = None


class Case(Strict):
    """Where a branch leads. when: answer name -> values of which one was given; all names must fit.

    A case without `when` always holds and stands last.
    """

    to: StepId
    when: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1)]] | None = None


class ShownStep(Strict):
    """What every step that shows something may have beside its title.

    text, more, warning: below the title, behind the More button, and set off from the rest.
    facts, more_facts: ids of facts for the card and for More. places: ids of contacts and places.
    asks_date: id of a deadline; the person may give the day from which it counts, and sees the last day.
    """

    id: StepId
    text: Text | None = None
    more: Text | None = None
    warning: Text | None = None
    facts: tuple[Id, ...] = ()
    more_facts: tuple[Id, ...] = ()
    clerk_card: Id | None = None
    places: tuple[Id, ...] = ()
    asks_date: Id | None = None


class AskStep(ShownStep):
    """A question. sensitive: its answer is for the claimer of a request only and is dropped at the guide's end."""

    ask: Text
    answer: Name | None = None
    sensitive: bool = False
    choices: Annotated[tuple[Choice, ...], Field(min_length=1)]

    @property
    def title(self) -> str:
        """The question itself."""
        return self.ask

    @model_validator(mode="after")
    def _keeps_known_values(self) -> Self:
        values = {choice.value for choice in self.choices if choice.value is not None}
        if values and self.answer is None:
            raise ValueError("choices with a value need an `answer` name on the step")
        if self.answer is not None and not values:
            raise ValueError("a step with an `answer` name needs a choice with a value")
        if self.answer == "status" and not values <= STATUSES:
            raise ValueError(f"status may be only {', '.join(sorted(STATUSES))}; without a value it is not said")
        return self


class DoStep(ShownStep):
    """One thing to do; it is counted, and its choice `done` marks it as done."""

    do: Text
    choices: tuple[Choice, ...]

    @property
    def title(self) -> str:
        """The instruction, verb first."""
        return self.do

    @model_validator(mode="after")
    def _can_be_done(self) -> Self:
        if all(choice.id != "done" for choice in self.choices):
            raise ValueError("a step to do needs a choice with the id done")
        return self


class SayStep(ShownStep):
    """Something to know; it goes on by a choice."""

    say: Text
    choices: Annotated[tuple[Choice, ...], Field(min_length=1)]

    @property
    def title(self) -> str:
        """The statement."""
        return self.say


class EndStep(ShownStep):
    """The guide ends here. feedback: ask whether it was useful."""

    end: Text
    feedback: bool = False

    @property
    def title(self) -> str:
        """The last words."""
        return self.end


class PersonStep(ShownStep):
    """Opens a request of type `person` when it is entered; without choices the guide ends here."""

    person: RequestType
    say: Text
    choices: tuple[Choice, ...] = ()

    @property
    def title(self) -> str:
        """The statement."""
        return self.say


class BranchStep(Strict):
    """Silent: goes to the first case that holds."""

    id: StepId
    branch: Annotated[tuple[Case, ...], Field(min_length=1)]


class CallStep(Strict):
    """Silent: walks another guide, then goes on at `next`."""

    id: StepId
    call: GuideId
    next: StepId


def _tag(raw: object) -> str | None:
    """Tell a step's kind by its keys. `person` stands first because such a step has `say` too."""
    keys = raw if isinstance(raw, dict) else getattr(type(raw), "model_fields", ())
    return next((f"<{kind}>" for kind in ("person", "ask", "do", "say", "end", "branch", "call") if kind in keys), None)


Shown = AskStep | DoStep | SayStep | EndStep | PersonStep
Step = Annotated[
    Annotated[AskStep, Tag("<ask>")]
    | Annotated[DoStep, Tag("<do>")]
    | Annotated[SayStep, Tag("<say>")]
    | Annotated[EndStep, Tag("<end>")]
    | Annotated[PersonStep, Tag("<person>")]
    | Annotated[BranchStep, Tag("<branch>")]
    | Annotated[CallStep, Tag("<call>")],
    Discriminator(
        _tag,
        custom_error_type="step_kind",
        custom_error_message="a step has one of: ask, do, say, end, person, branch, call",
    ),
]


def _next_review(known: Mapping[str, Any]) -> date:
    """Give the usual day. Without a day of the check the guide is refused anyway."""
    return months_after(known["checked_on"], REVIEW_MONTHS) if "checked_on" in known else date.max


class Guide(Located):
    """One guide. The first step is where it starts.

    owner: who in the organisation answers for its facts; empty = not confirmed by the organisation yet.
    moved: id of a removed or renamed step -> the step that stands for it now.
    changes: oldest first; a new one goes last, so that the others keep their message keys.
    """

    guide: GuideId
    country: Id
    icon: Name
    order: int
    title: Text
    owner: str
    checked_on: Day
    review_by: Day = Field(default_factory=_next_review)
    keywords: dict[LocaleCode, tuple[Text, ...]]
    rules: Rules | None = None
    intro: Intro
    facts: dict[Id, Fact] = Field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    clerk_cards: dict[Id, ClerkCard] = Field(default_factory=dict)
    deadlines: tuple[Deadline, ...] = ()
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    moved: dict[StepId, StepId]
    changes: tuple[Change, ...] = ()

    @property
    def id(self) -> str:
        """The guide's id, which is its file's name too."""
        return self.guide

    @property
    def live(self) -> tuple[str, ...]:
        """The fact that stands first because rules are in force again, if they are."""
        return (self.rules.fact,) if self.rules and self.rules.active else ()

    def deadline(self, step: Shown) -> Deadline | None:
        """Give the deadline whose day a step asks for."""
        return next((deadline for deadline in self.deadlines if deadline.id == step.asks_date), None)

    def shown(self) -> dict[str, Shown]:
        """Give the steps that show something, by id, in the order in which they are written."""
        return {step.id: step for step in self.steps if not isinstance(step, BranchStep | CallStep)}
