"""A notice as an operator writes it in a file, for `izi notice send`. An example stands in docs/run-it.md."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from content.fields import Day, LocaleCode, Located, Strict
from notices.audience import Audience
from notices.buttons import Does, NoticeButton
from notices.drafts import Choice
from notices.lifecycle import Category


class FileText(Strict):
    """The notice in one language."""

    title: Annotated[str, Field(max_length=200)] = ""
    body: Annotated[str, Field(min_length=1)]


class FileAudience(Strict):
    """Whom it is for; see notices.audience.Audience. What is left out asks nothing."""

    locales: tuple[LocaleCode, ...] = ()
    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    event: int | None = None
    seen_days: Annotated[int, Field(ge=1)] | None = None
    rest_hours: Annotated[int, Field(ge=0)] = 0


class FileButton(Strict):
    """to: a page's https address or a guide's id. labels: of a page, by language."""

    does: Annotated[Does, BeforeValidator(Does)]
    to: str = ""
    labels: dict[LocaleCode, str] = Field(default_factory=dict)


class NoticeFile(Located):
    """The whole of it. lacking: what is done for people of a language without a text.

    starts: wall time as "2026-11-29T10:00", "" = at once; every: day, week or month, "" = once.
    """

    category: Annotated[Category, BeforeValidator(Category)]
    valid_until: Day
    texts: dict[LocaleCode, FileText]
    audience: FileAudience
    lacking: dict[LocaleCode, Annotated[Choice, BeforeValidator(Choice)]] = Field(default_factory=dict)
    buttons: tuple[FileButton, ...] = ()
    starts: str = ""
    every: Literal["", "day", "week", "month"] = ""

    @property
    def meant(self) -> Audience:
        """Whom it is for."""
        return Audience(**self.audience.model_dump())

    @property
    def below(self) -> list[NoticeButton]:
        """Its own buttons."""
        return [NoticeButton(one.does, one.to, one.labels) for one in self.buttons]
