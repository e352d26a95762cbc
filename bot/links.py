"""Deep links: `<guide>`, `<guide>.<step>`, `event.<id>`, each with `.<language>` if wanted (ruling 19).

Telegram writes `-` for `.`. Never anything about a person. What names nothing is no link, and the person begins as
everybody does. An invitation of staff is `invite-<token>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.channels.telegram.parse import SCHEME as TELEGRAM
from bot.world import World
from i18n.locales import LOCALES, negotiate

LONGEST = 64  # signs of a Telegram start payload
EVENT = "event"  # before the id of an event
_EVENT = re.compile(rf"{EVENT}-([0-9]{{1,9}})(?:-(.+))?")
INVITATION = "invite-"  # before the token with which a member of staff links their own chat


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link leads. step: "" = the guide's intro; language: "" = the person's own.

    guide: or EVENT; then step is the event's id.
    """

    guide: str
    step: str = ""
    language: str = ""


def read(payload: str, world: World) -> Link | None:
    """The link in a payload, or None. Ids have hyphens themselves, so the known names decide where one ends."""
    text = payload.strip().replace(".", "-")[:LONGEST]
    if event := _EVENT.fullmatch(text):
        return _spoken(EVENT, event[1], event[2] or "", world)
    guide = _longest_name(text, world.guides)
    if guide is None:
        return None
    rest = text[len(guide) + 1 :]
    steps = [step for of, step in world.steps if of == guide]
    step = _longest_name(rest, steps) or ""
    tag = rest[len(step) + 1 :] if step else rest
    return _spoken(guide, step, tag, world)


def invitation(payload: str) -> str | None:
    """The token in the payload of a link for staff, or None."""
    before, _, token = payload.strip().partition(INVITATION)
    return token if token and not before else None


def to_staff_chat(telegram_name: str, token: str) -> str:
    """The address that links a chat. telegram_name: the bot's; "" where it is not known, then nothing leads there."""
    return f"https://t.me/{telegram_name}?start={INVITATION}{token}" if telegram_name else ""


def to_step(world: World, channel: str, language: str, guide: str, step: str) -> str:
    """The address by which a step is opened: in the bot for who is on Telegram, else the guide's page; "" for none.

    A link into the bot leaves the language open: who follows it may speak another one.
    """
    if channel == TELEGRAM and world.telegram_name:
        return f"https://t.me/{world.telegram_name}?start={guide}-{step}"
    if world.address.startswith("https://"):
        return f"{world.address}/g/{LOCALES[language].tag}/{guide}#{step}"
    return ""


def to_chat(world: World, payload: str = "", language: str = "") -> str:
    """The address that leads who reads it on paper to us: in the bot where it is known, else to the chat page.

    payload: a guide, or what `of_event` says. language: of the paper.
    """
    start = "-".join(filter(None, (payload, language.replace("_", "-")))) if payload else ""
    root = f"https://t.me/{world.telegram_name}" if world.telegram_name else f"{world.address}/chat"
    return f"{root}?start={start}" if start else root


def of_event(id: int) -> str:
    """What a link to an event carries."""
    return f"{EVENT}-{id}"


def _spoken(guide: str, step: str, tag: str, world: World) -> Link | None:
    """The link in the language of the tag; None where that is no language."""
    language = negotiate(tag.replace("_", "-"), world.pickable) if tag else None
    return Link(guide, step, language or "") if not tag or language else None


def _longest_name(text: str, names: Iterable[str]) -> str | None:
    found = [name for name in names if text == name or text.startswith(f"{name}-")]
    return max(found, key=len, default=None)
