"""The buttons of a notice that somebody chose: at most three. Stop and "ask a question" stand below by themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

MOST = 3


class Does(StrEnum):
    """What a button of a notice does."""

    LINK = "link"  # opens a page
    GUIDE = "guide"
    PERSON = "person"  # asks for somebody of the team
    RSVP = "rsvp"  # of the notice's event: I come, I do not
    SURVEY = "survey"


class NotAButton(Exception):
    """It cannot stand below a notice. The message is a short code: link, guide, event, survey, many."""


@dataclass(frozen=True, slots=True)
class NoticeButton:
    """to: the page's https address, or the id of the guide or survey.

    labels: locale -> words, of a link; {} = the usual ones.
    """

    does: Does
    to: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


def dump(buttons: Sequence[NoticeButton]) -> str:
    """As they are stored."""
    return json.dumps([asdict(button) for button in buttons], ensure_ascii=False, sort_keys=True)


def load(text: str) -> tuple[NoticeButton, ...]:
    """What dump wrote."""
    return tuple(NoticeButton(Does(one["does"]), one["to"], one["labels"]) for one in json.loads(text))


def checked(buttons: Sequence[NoticeButton], guides: Sequence[str], *, has_event: bool) -> tuple[NoticeButton, ...]:
    """The same, where all of them can stand there. guides: ids of those that work. Raises NotAButton."""
    if len(buttons) > MOST:
        raise NotAButton("many")
    for button in buttons:
        if button.does is Does.LINK and not _is_page(button.to):
            raise NotAButton("link")
        if button.does is Does.GUIDE and button.to not in guides:
            raise NotAButton("guide")
        if button.does is Does.RSVP and not has_event:
            raise NotAButton("event")
        if button.does is Does.SURVEY and not button.to.isdecimal():
            raise NotAButton("survey")
    return tuple(buttons)


def _is_page(address: str) -> bool:
    """Only https, and nothing that a chat would show as another address than it is."""
    try:
        parts = urlsplit(address)
    except ValueError:  # brackets that do not close
        return False
    plain = address.isascii() and address.isprintable() and " " not in address
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and plain
