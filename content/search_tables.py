"""The shapes of the files for the search: words that mean a guide or a step, subjects without a guide, small talk."""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, RootModel

from content.fields import GuideId, LocaleCode, Located, Name, StepId, Strict, Text

_COMMAS = re.compile("[,\u060c]")


def _listed(value: object) -> object:
    """Words with commas between them, Latin or Arabic: a list of YAML's own takes ten times as long to read."""
    return tuple(part.strip() for part in _COMMAS.split(value)) if isinstance(value, str) else value


Listed = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Words: TypeAlias = "dict[LocaleCode, Listed]"
Talk = Literal["hello", "thanks", "fine", "insult"]


class SearchCommon(Located):
    """Words of every language, whatever the country.

    small_words: those that say nothing about a subject. aspects: what is asked about a guide (its cost, its papers).
    """

    small_words: Words
    aspects: dict[Name, Words]


class GuideWords(Strict):
    """words: mean the guide. steps: mean a step of it. aspects: aspect -> the step that tells about it."""

    words: Words
    steps: dict[StepId, Words] = Field(default_factory=dict)
    aspects: dict[Name, StepId] = Field(default_factory=dict)


class SearchWords(Located, RootModel[dict[GuideId, GuideWords]]):
    """What people write for the guides of a country."""

    model_config = ConfigDict(extra=None)


class Topics(Located):
    """no_guide: subjects that people ask about and no guide is for. talk: short messages that want a human line."""

    no_guide: dict[Name, Words]
    talk: dict[Talk, Listed]
